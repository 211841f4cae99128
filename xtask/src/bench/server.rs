//! The demo as a server: how soon it answers, and what it holds when nobody asks.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::{Bench, Line};

const ANSWER_SECONDS_MAX: f64 = 2.0;
const IDLE_MEGABYTES_MAX: f64 = 80.0;
/// The demo's data arrive as a job; only then is it idle.
const SETTLE_SECONDS: u64 = 20;
const GIVE_UP_SECONDS: f64 = 30.0;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let asked = Command::new("kill")
            .args(["-INT", &self.0.id().to_string()])
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            // Best effort: it may have ended by itself.
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

pub(super) fn lines(bench: &Bench) -> Result<Vec<Line>> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let started = Instant::now();
    let mut demo = Command::new(&bench.gongkai);
    demo.args(["demo", "--port", &port.to_string()]);
    let child = demo
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut running = Running(child);
    while !answers(port) {
        let seconds = started.elapsed().as_secs_f64();
        if seconds > GIVE_UP_SECONDS || running.0.try_wait()?.is_some() {
            bail!("the demo did not answer");
        }
        sleep(Duration::from_millis(5));
    }
    let seconds = started.elapsed().as_secs_f64();
    sleep(Duration::from_secs(SETTLE_SECONDS));
    Ok(vec![
        Line::at_most("first answer of the demo", seconds, ANSWER_SECONDS_MAX, "s"),
        Line::at_most(
            "memory of the idle demo",
            resident_megabytes(running.0.id())?,
            IDLE_MEGABYTES_MAX,
            "MB",
        ),
    ])
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut connection = TcpStream::connect_timeout(&address, Duration::from_millis(500))?;
        connection.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            connection,
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut status = [0; 12];
        connection.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

fn resident_megabytes(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
