//! A private PostgreSQL for the tests: its own folder, a free loopback port, gone afterwards.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::scratch::remove_left_overs;
use crate::step::{output, run, step, succeeds};
use crate::tool;

const START_SECONDS_MAX: u64 = 60;
const LOG_LINES_SHOWN: usize = 20;
const FOLDER_PREFIX: &str = "gongkai-test-postgres-";
const LOGIN: &str = "gongkai";

pub(crate) const VARIABLE: &str = "GONGKAI_TEST_POSTGRES";

/// What a private cluster does at a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commits {
    /// It is thrown away, and skips what makes a real one survive a power cut.
    Fast,
    /// It waits for the disk, as a real one does: what is measured on it holds there.
    Durable,
}

impl Commits {
    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Fast => &[
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ],
            Self::Durable => &[],
        }
    }
}

/// The PostgreSQL that the surroundings name, else a private one.
pub(crate) enum Server {
    Given(String),
    Own(Cluster),
}

impl Server {
    pub(crate) fn find_or_start(commits: Commits) -> Result<Self> {
        match std::env::var(VARIABLE) {
            Ok(url) if !url.is_empty() => Ok(Self::Given(url)),
            _ => step("PostgreSQL", || {
                Cluster::start(&std::env::temp_dir(), commits)
            })
            .map(Self::Own),
        }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Given(url) => url.clone(),
            Self::Own(cluster) => cluster.url(),
        }
    }
}

/// A running cluster; dropping it stops the server and removes its folder.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    server: Child,
    port: u16,
}

impl Cluster {
    /// Finds or installs the server's programs, makes a cluster in a folder of its own and starts it.
    pub(crate) fn start(root: &Path, commits: Commits) -> Result<Self> {
        let programs = match programs() {
            Some(programs) => programs,
            None => {
                tool::install(&["postgresql"])?;
                programs().context(
                    "postgresql is installed, but there is no /usr/lib/postgresql/*/bin/initdb",
                )?
            }
        };
        remove_left_overs(root, FOLDER_PREFIX);
        let folder = root.join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if let Some(user) = server_user() {
            run(Command::new("chown").arg(user).arg(&folder))?;
        }
        let data = folder.join("data");
        output(
            as_server(&programs.join("initdb"))
                .arg("-D")
                .arg(&data)
                .args([
                    "-U",
                    LOGIN,
                    "--auth=trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ]),
        )?;
        let port = free_port()?;
        let log = File::create(folder.join("log"))?;
        let server = as_server(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .args(commits.settings())
            .args(["-c", "max_connections=300"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start postgres")?;
        let mut cluster = Self {
            programs,
            folder,
            server,
            port,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// What the tests connect to; they make their own databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{LOGIN}@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        let port = self.port.to_string();
        loop {
            let mut ask = Command::new(self.programs.join("pg_isready"));
            if succeeds(ask.args(["-q", "-h", "127.0.0.1", "-p", &port])) {
                return Ok(());
            }
            let ended = self.server.try_wait()?;
            if ended.is_some() || started.elapsed().as_secs() > START_SECONDS_MAX {
                bail!(
                    "PostgreSQL did not start:\n{}",
                    last_lines(&self.folder.join("log"))
                );
            }
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_server(&self.programs.join("pg_ctl"));
        stop.arg("-D").arg(self.folder.join("data"));
        if !succeeds(stop.args(["-m", "immediate", "-w", "stop"])) {
            // Best effort: the server may be gone already.
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The newest installed server's folder of programs; Debian keeps them off `PATH`.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let debian = versions
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs
                .join("initdb")
                .is_file()
                .then_some((version, programs))
        })
        .max_by_key(|(version, _)| *version)
        .map(|(_, programs)| programs);
    debian.or_else(|| Some(tool::find(&["initdb"])?.parent()?.to_path_buf()))
}

/// PostgreSQL refuses to run as root.
fn server_user() -> Option<&'static str> {
    if !tool::is_root() {
        return None;
    }
    let known = |user: &&str| succeeds(Command::new("id").args(["-u", user]));
    Some(["postgres"].into_iter().find(known).unwrap_or("nobody"))
}

/// A server's program under the right user, told to end when we do, even if we are killed.
fn as_server(program: &Path) -> Command {
    let Some(setpriv) = tool::find(&["setpriv"]) else {
        return Command::new(program);
    };
    let mut command = Command::new(setpriv);
    // The server's user may not be allowed into ours.
    command.current_dir("/");
    command.args(["--pdeathsig", "INT"]);
    if let Some(user) = server_user() {
        command.args(["--reuid", user, "--regid", group_of(user), "--init-groups"]);
    }
    command.arg(program);
    command
}

fn group_of(user: &'static str) -> &'static str {
    if user == "nobody" { "nogroup" } else { user }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(LOG_LINES_SHOWN);
    lines
        .into_iter()
        .skip(skipped)
        .collect::<Vec<_>>()
        .join("\n")
}
