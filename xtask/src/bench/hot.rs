//! A page that many read at once, against nginx serving the same bytes as a file: on this machine, in the same run.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::server::{self, Demo};
use super::{Bench, Line};
use crate::step;
use crate::tool::{self, is_root};

/// Of nginx's answers a second.
const OF_NGINX_PERCENT_MIN: f64 = 50.0;
const P99_MILLISECONDS_MAX: f64 = 5.0;
/// What the page should weigh.
const PAGE_BYTES: usize = 20 * 1024;
/// Pages of documents that are looked at to find one of that weight.
const TRIED: usize = 20;
const ROUNDS: usize = 3;
const SECONDS: &str = "5s";
const CONNECTIONS: &str = "16";

/// What one run of wrk says.
struct Load {
    a_second: f64,
    p99_milliseconds: f64,
}

pub(super) fn lines(bench: &Bench, demo: &Demo) -> Result<Vec<Line>> {
    let programs = ["wrk", "nginx"].map(found);
    let [wrk, nginx] = match programs {
        [Ok(wrk), Ok(nginx)] => [wrk, nginx],
        [Err(error), _] | [_, Err(error)] => {
            return Ok(vec![Line::note(
                "hot page against nginx",
                format!("not measured: {error:#}"),
            )]);
        }
    };
    let (path, page) = page_of_weight(demo.port)?;
    let rival = Nginx::serve(&nginx, &bench.folder, &page)?;
    let mut runs = Vec::new();
    for _ in 0..ROUNDS {
        let theirs = load(&wrk, &format!("http://127.0.0.1:{}/page", rival.port))?;
        let ours = load(&wrk, &format!("http://127.0.0.1:{}{path}", demo.port))?;
        runs.push((ours, theirs));
    }
    runs.sort_by(|(a, b), (c, d)| {
        let ratios = (a.a_second / b.a_second, c.a_second / d.a_second);
        ratios.0.total_cmp(&ratios.1)
    });
    let (ours, theirs) = runs.get(ROUNDS / 2).context("no run")?;
    let name = format!("page of {} KB", page.len() / 1024);
    Ok(vec![
        Line::note(
            format!("{name}, answers a second; nginx's"),
            format!("{:.0}; {:.0}", ours.a_second, theirs.a_second),
        ),
        Line {
            what: format!("{name} against nginx"),
            found: format!("{:.0} %", ours.a_second / theirs.a_second * 100.0),
            goal: format!("≥ {OF_NGINX_PERCENT_MIN:.0} %"),
            met: Some(ours.a_second / theirs.a_second * 100.0 >= OF_NGINX_PERCENT_MIN),
        },
        Line::at_most(
            format!("{name} under load, 99 of 100"),
            ours.p99_milliseconds,
            P99_MILLISECONDS_MAX,
            "ms",
        ),
        Line::note(
            format!("{name} under load, 99 of 100, nginx's"),
            format!("{:.1} ms", theirs.p99_milliseconds),
        ),
    ])
}

fn found(name: &str) -> Result<std::path::PathBuf> {
    // Debian keeps servers where only root looks.
    let server = Path::new("/usr/sbin").join(name);
    if server.exists() {
        return Ok(server);
    }
    tool::find_or_install(&[name], &[name])
}

/// The public document whose page weighs nearest to what is wanted: its path and bytes.
fn page_of_weight(port: u16) -> Result<(String, Vec<u8>)> {
    let list = String::from_utf8(server::get(port, "/documents")?)?;
    let mut paths: Vec<&str> = list
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| path.starts_with("/documents/") && path.len() > 40)
        .collect();
    paths.dedup();
    let mut pages = Vec::new();
    for path in paths.into_iter().take(TRIED) {
        pages.push((path.to_owned(), server::get(port, path)?));
    }
    pages
        .into_iter()
        .min_by_key(|(_, page)| page.len().abs_diff(PAGE_BYTES))
        .context("the demo lists no documents")
}

fn load(wrk: &Path, address: &str) -> Result<Load> {
    let said = step::output(Command::new(wrk).args([
        "-t1",
        "-c",
        CONNECTIONS,
        "-d",
        SECONDS,
        "--latency",
        address,
    ]))?;
    read_load(&said).with_context(|| said.clone())
}

fn read_load(said: &str) -> Result<Load> {
    if said.contains("Non-2xx") || said.contains("Socket errors") {
        bail!("not every answer was a good one");
    }
    let word = |head: &str| {
        let line = said
            .lines()
            .find_map(|line| line.trim().strip_prefix(head))?;
        line.split_whitespace().next()
    };
    let p99 = word("99%").context("no 99%")?;
    let number = p99.trim_end_matches(char::is_alphabetic);
    let unit = match p99.get(number.len()..) {
        Some("us") => 1e-3,
        Some("ms") => 1.0,
        _ => 1e3,
    };
    Ok(Load {
        a_second: word("Requests/sec:").context("no Requests/sec")?.parse()?,
        p99_milliseconds: number.parse::<f64>()? * unit,
    })
}

struct Nginx {
    server: Child,
    port: u16,
}

impl Nginx {
    fn serve(nginx: &Path, folder: &Path, page: &[u8]) -> Result<Self> {
        let folder = folder.join("nginx");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("page"), page)?;
        let folder = folder.canonicalize()?;
        let port = server::free_port()?;
        let user = if is_root() { "user root;" } else { "" };
        let place = folder.display();
        let settings = format!(
            "{user} worker_processes auto; daemon off; pid {place}/pid; error_log {place}/errors;\n\
             events {{ worker_connections 256; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html;\n\
             client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;\n\
             uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;\n\
             server {{ listen 127.0.0.1:{port}; root {place}; }} }}\n"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, settings)?;
        let server = Command::new(nginx)
            .args(["-e", "stderr", "-c"])
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| nginx.display().to_string())?;
        let running = Self { server, port };
        server::wait_for(port, "/page")?;
        Ok(running)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        server::stop(&mut self.server);
    }
}

#[cfg(test)]
mod tests {
    use super::read_load;

    const SAID: &str = "  Latency Distribution\n     50%  380.00us\n     99%    1.25ms\n  9 requests in 5.00s\n\
        Requests/sec:  22781.45\nTransfer/sec:    450.11MB\n";

    #[test]
    fn the_words_of_the_load_are_read() {
        let load = read_load(SAID).unwrap();
        assert!((load.a_second - 22_781.45).abs() < 1e-6);
        assert!((load.p99_milliseconds - 1.25).abs() < 1e-6);
        let slow = read_load(&SAID.replace("1.25ms", "2.00s")).unwrap();
        assert!((slow.p99_milliseconds - 2_000.0).abs() < 1e-6);
        assert!(read_load(&format!("{SAID}  Non-2xx or 3xx responses: 3")).is_err());
        assert!(read_load("").is_err());
    }
}
