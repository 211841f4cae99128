//! The demo as a server: how soon it answers, what it holds when nobody asks, and a page that many ask for.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::{Bench, Line, hot};
use crate::step;

const ANSWER_SECONDS_MAX: f64 = 2.0;
const IDLE_MEGABYTES_MAX: f64 = 80.0;
/// The demo's data arrive as jobs; it is idle when it has used next to no processor time for so long.
const IDLE_SECONDS: u64 = 6;
/// Hundredths of a second of processor time that count as none.
const IDLE_TICKS_MAX: u64 = 6;
const FILLED_SECONDS_MAX: u64 = 600;
const GIVE_UP_SECONDS: f64 = 30.0;
const PAGE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A running server; ends with the value.
pub(super) struct Demo {
    server: Child,
    pub(super) port: u16,
}

impl Drop for Demo {
    fn drop(&mut self) {
        stop(&mut self.server);
    }
}

/// Asks a server to end, and waits for it.
pub(super) fn stop(server: &mut Child) {
    let asked = Command::new("kill")
        .args(["-INT", &server.id().to_string()])
        .status();
    if !asked.is_ok_and(|status| status.success()) {
        // Best effort: it may have ended by itself.
        let _ = server.kill();
    }
    let _ = server.wait();
}

pub(super) fn lines(bench: &Bench) -> Result<Vec<Line>> {
    let port = free_port()?;
    let started = Instant::now();
    let mut command = Command::new(&bench.gongkai);
    command.args(["demo", "--port", &port.to_string()]);
    let server = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let demo = Demo { server, port };
    wait_for(port, "/healthz").context("the demo did not answer")?;
    let answered = started.elapsed().as_secs_f64();
    demo.settle()?;
    let filled = started.elapsed().as_secs_f64();
    let held = demo.resident_megabytes()?;
    let mut lines = vec![
        Line::at_most(
            "first answer of the demo",
            answered,
            ANSWER_SECONDS_MAX,
            "s",
        ),
        Line::note("demo filled and idle after", format!("{filled:.0} s")),
        Line::at_most(
            "memory of a server that nobody has asked yet",
            fresh(bench)?,
            IDLE_MEGABYTES_MAX,
            "MB",
        ),
        Line::note(
            "memory of the demo, filled and idle",
            format!("{held:.0} MB"),
        ),
    ];
    lines.extend(hot::lines(bench, &demo)?);
    Ok(lines)
}

/// What a server holds after its start, over an empty store.
fn fresh(bench: &Bench) -> Result<f64> {
    let folder = bench.folder.join("fresh");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let port = free_port()?;
    let listen = format!("127.0.0.1:{port}");
    let gongkai = bench.gongkai.canonicalize()?;
    let mut init = Command::new(&gongkai);
    init.args(["init", "--name", "安澜市", "--listen", &listen]);
    step::output(init.current_dir(&folder))?;
    let server = Command::new(&gongkai)
        .arg("serve")
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let served = Demo { server, port };
    wait_for(port, "/healthz").context("the server did not answer")?;
    served.settle()?;
    served.resident_megabytes()
}

impl Demo {
    /// Waits until nothing is going on any more.
    fn settle(&self) -> Result<()> {
        let started = Instant::now();
        let mut ticks = self.ticks()?;
        while started.elapsed().as_secs() < FILLED_SECONDS_MAX {
            sleep(Duration::from_secs(IDLE_SECONDS));
            let now = self.ticks()?;
            if now - ticks <= IDLE_TICKS_MAX {
                return Ok(());
            }
            ticks = now;
        }
        bail!("the demo is still busy after {FILLED_SECONDS_MAX} s")
    }

    /// Processor time used so far, in hundredths of a second.
    fn ticks(&self) -> Result<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id()))?;
        // The name in brackets may hold blanks; the 12th and 13th words after it are the times.
        let (_, rest) = stat.rsplit_once(')').context("no name")?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let time = |place: usize| -> Result<u64> {
            Ok(words.get(place).context("no processor time")?.parse()?)
        };
        Ok(time(11)? + time(12)?)
    }

    fn resident_megabytes(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1024.0)
    }
}

pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Waits until a page is there.
pub(super) fn wait_for(port: u16, path: &str) -> Result<()> {
    let started = Instant::now();
    loop {
        match get(port, path) {
            Ok(_) => return Ok(()),
            Err(error) if started.elapsed().as_secs_f64() > GIVE_UP_SECONDS => return Err(error),
            Err(_) => sleep(Duration::from_millis(5)),
        }
    }
}

/// The body of a page that answers with 200.
pub(super) fn get(port: u16, path: &str) -> Result<Vec<u8>> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut connection = TcpStream::connect_timeout(&address, Duration::from_millis(500))?;
    connection.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        connection,
        "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    connection.take(PAGE_BYTES_MAX).read_to_end(&mut answer)?;
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .context("no head")?;
    let body = answer.split_off(end + 4);
    let head = String::from_utf8_lossy(&answer);
    let status = head.lines().next().unwrap_or_default();
    if !status.contains(" 200") {
        bail!("{path}: {status}");
    }
    Ok(body)
}
