//! A server process of the real binary, over a store of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gongkai_platform::db::{Address, Clock, Db, Tx, sql};
use gongkai_platform::files::Files;
use gongkai_platform::testing::{self, Backend, Guard};

use crate::{gongkai, text};

/// How long a start may take before the test gives up; how long it took is printed where it matters.
const START_WAIT_MAX: Duration = Duration::from_secs(60);

pub(crate) struct Site {
    guard: Guard,
    database: Address,
    pub(crate) port: u16,
}

pub(crate) struct Server(Child);

impl Site {
    /// A configuration with SQLite in a temporary folder; there is no store yet.
    pub(crate) async fn new() -> Self {
        Self::on(&Backend::Sqlite).await
    }

    /// A configuration with an empty place on this database.
    pub(crate) async fn on(backend: &Backend) -> Self {
        let (db, guard) = testing::scratch_empty(backend, clock()).await;
        db.close().await;
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let (database, line) = match guard.address() {
            Address::Sqlite(_) => {
                let file = guard.folder().join("data/gongkai.db");
                (Address::Sqlite(file), String::new())
            }
            Address::Postgres(url) => (
                Address::Postgres(url.clone()),
                format!("database = \"{url}\"\n"),
            ),
        };
        let site = Self {
            guard,
            database,
            port,
        };
        let config = format!(
            "name = \"安澜市\"\nurl = \"http://127.0.0.1:{port}\"\nlisten = [\"127.0.0.1:{port}\"]\nlog = \"error\"\n{line}"
        );
        std::fs::write(site.config(), config).unwrap();
        site
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path("gongkai.toml")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.guard.folder().join(name)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The store, opened beside the server.
    pub(crate) async fn store(&self) -> Db {
        std::fs::create_dir_all(self.path("data")).unwrap();
        Db::open(&self.database, clock()).await.unwrap()
    }

    /// The stored files, seen beside the server.
    pub(crate) fn files(&self) -> Files {
        Files::new(self.path("data/files"))
    }

    pub(crate) async fn start(&self) -> Server {
        self.start_with(&[]).await
    }

    /// Starts the server with further arguments.
    async fn start_with(&self, more: &[&str]) -> Server {
        self.start_by(&mut Command::new(env!("CARGO_BIN_EXE_gongkai")), more)
            .await
    }

    /// Starts the server by a command that takes the binary's arguments, and waits until it answers.
    pub(crate) async fn start_by(&self, starter: &mut Command, more: &[&str]) -> Server {
        let child = starter
            .args([
                "--config".as_ref(),
                self.config().as_os_str(),
                "serve".as_ref(),
            ])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut server = Server(child);
        let started = Instant::now();
        while !self.answers().await {
            assert!(
                server.0.try_wait().unwrap().is_none(),
                "the server ended at once"
            );
            assert!(
                started.elapsed() < START_WAIT_MAX,
                "the server does not answer"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server
    }

    pub(crate) async fn answers(&self) -> bool {
        match crate::get(self.url("/healthz")).await {
            Ok(answer) => answer.status().is_success(),
            Err(_) => false,
        }
    }

    /// `gongkai verify` on this site.
    pub(crate) fn verify(&self) -> String {
        let output = gongkai(&["--config", self.config().to_str().unwrap(), "verify"]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }
}

impl Server {
    pub(crate) fn process(&self) -> u32 {
        self.0.id()
    }

    /// SIGKILL: no chance to say goodbye.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// SIGTERM: ends in order.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let pid = self.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.0.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone after `kill` and `stop`.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server beside runs on the machine's clock too"
)]
pub(crate) fn clock() -> Clock {
    Arc::new(jiff::Timestamp::now)
}

/// Runs `gongkai` for a site and wants it to succeed.
fn on_site(site: &Site, arguments: &[&str]) -> String {
    let config = site.config();
    let output = gongkai(&[&["--config", config.to_str().unwrap()], arguments].concat());
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode()
}

#[tokio::test]
async fn init_then_serve_then_backup_then_restore() {
    let site = Site::new().await;
    let config = site.config();
    let empty = gongkai(&["--config", config.to_str().unwrap(), "serve"]);
    assert_eq!(empty.status.code(), Some(2), "an empty store is not served");
    assert!(
        text(&empty.stderr).contains("gongkai init"),
        "{}",
        text(&empty.stderr)
    );
    std::fs::remove_file(site.config()).unwrap();
    let listen = format!("127.0.0.1:{}", site.port);
    let said = on_site(
        &site,
        &[
            "init",
            "--name",
            "安澜市",
            "--listen",
            &listen,
            "--url",
            &site.url(""),
        ],
    );
    let links = said
        .lines()
        .filter(|line| line.contains("/invite/"))
        .count();
    assert_eq!(links, 4, "{said}");
    let again = gongkai(&[
        "--config",
        site.config().to_str().unwrap(),
        "init",
        "--name",
        "安澜市",
    ]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "a second init changes nothing"
    );

    let server = site.start().await;
    let link = said
        .split_whitespace()
        .find(|word| word.contains("/invite/"))
        .unwrap();
    let page = crate::get(link).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("密码"));

    let archive = site.path("backup.tar");
    on_site(&site, &["backup", archive.to_str().unwrap()]);
    for path in [&archive, &site.config()] {
        assert_eq!(mode(path) & 0o077, 0, "{} is private", path.display());
    }
    site.verify();
    let back_in = on_site(&site, &["account", "link", "secadmin"]);
    let link = back_in
        .split_whitespace()
        .find(|word| word.contains("/invite/"))
        .unwrap();
    let page = crate::get(link).await.unwrap().text().await.unwrap();
    assert!(page.contains("密码"), "{page}");
    let unknown = gongkai(&[
        "--config",
        site.config().to_str().unwrap(),
        "account",
        "link",
        "nobody",
    ]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(
        server.stop(),
        Some(0),
        "a stop that was asked for is no failure"
    );

    let other = Site::new().await;
    std::fs::remove_file(other.config()).unwrap();
    let written = on_site(&other, &["init", "--empty"]);
    assert!(
        written.contains("restore") && !written.contains("/invite/"),
        "{written}"
    );
    let doctor = on_site(&other, &["doctor"]);
    assert!(
        doctor.contains("要恢复备份请运行 gongkai restore") && !doctor.contains("待升级"),
        "{doctor}"
    );
    let restored = on_site(&other, &["restore", archive.to_str().unwrap()]);
    assert!(restored.contains("审计链完整"), "{restored}");
    let refused = gongkai(&[
        "--config",
        other.config().to_str().unwrap(),
        "restore",
        archive.to_str().unwrap(),
    ]);
    assert_eq!(
        refused.status.code(),
        Some(2),
        "a store with data is not overwritten"
    );
}

#[tokio::test]
async fn an_init_that_fails_does_not_stand_in_the_way_of_the_next() {
    let site = Site::new().await;
    std::fs::remove_file(site.config()).unwrap();
    let config = site.config();
    let init = [
        "--config",
        config.to_str().unwrap(),
        "init",
        "--name",
        "云岭县",
    ];
    let wrong = ["--database", "postgre://gongkai:geheim@db.example/gongkai"];
    let failed = gongkai(&[&init[..], &wrong].concat());
    let said = text(&failed.stderr);
    assert_eq!(failed.status.code(), Some(2), "{said}");
    assert!(
        said.contains("没有留下配置文件") && !said.contains("geheim"),
        "{said}"
    );
    assert!(!config.exists());
    let said = on_site(&site, &["init", "--name", "云岭县"]);
    assert!(said.contains("“云岭县人民政府”开始，级别是县级"), "{said}");
    let nameless = gongkai(&[
        "--config",
        site.path("other.toml").to_str().unwrap(),
        "init",
    ]);
    let said = text(&nameless.stderr);
    assert!(said.contains("缺少参数：--name <名称>"), "{said}");
}

#[tokio::test]
async fn an_upgrade_keeps_a_copy_of_the_old_store() {
    let site = Site::new().await;
    let db = site.store().await;
    db.migrate_to(gongkai_schema::VERSION - 1).await.unwrap();
    testing::organ(&db, "安澜市人民政府办公室", None).await;
    db.close().await;
    let config = site.config();
    let doctor = gongkai(&["--config", config.to_str().unwrap(), "doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(text(&doctor.stdout).contains("数据待升级（1 步）"));
    let early = gongkai(&["--config", config.to_str().unwrap(), "verify"]);
    assert_eq!(early.status.code(), Some(2), "nothing else upgrades");

    assert_eq!(site.start().await.stop(), Some(0));
    site.verify();
    let copies: Vec<_> = std::fs::read_dir(site.path("data/backups"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [copy] = copies.as_slice() else {
        panic!("{copies:?}");
    };
    let doctor = on_site(&site, &["doctor"]);
    assert!(doctor.contains("升级前的副本 1 份"), "{doctor}");
    let old = Db::open(&Address::Sqlite(copy.clone()), clock())
        .await
        .unwrap();
    assert_eq!(old.pending_migrations().await.unwrap(), 1);
    assert!(!old.is_empty().await.unwrap(), "the copy holds the data");
}

#[tokio::test]
async fn data_of_a_newer_program_are_left_alone() {
    let site = Site::new().await;
    let db = site.store().await;
    db.migrate().await.unwrap();
    testing::organ(&db, "安澜市人民政府办公室", None).await;
    db.upkeep(async |tx: &mut Tx| {
        tx.run(sql("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                    SELECT version + 1, description, success, checksum, execution_time FROM _sqlx_migrations ORDER BY version DESC LIMIT 1"))
            .await
    })
    .await
    .unwrap();
    db.close().await;
    let config = site.config();
    let archive = site.path("backup.tar");
    for arguments in [&["serve"] as &[_], &["backup", archive.to_str().unwrap()]] {
        let output = gongkai(&[&["--config", config.to_str().unwrap()], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains("数据比程序新"), "{said}");
    }
    assert!(!archive.exists());
}

#[tokio::test]
async fn postgresql_is_upgraded_when_its_backup_was_made() {
    for backend in testing::backends() {
        let Backend::Postgres(_) = backend else {
            continue;
        };
        let site = Site::on(&backend).await;
        let db = site.store().await;
        db.migrate_to(gongkai_schema::VERSION - 1).await.unwrap();
        testing::organ(&db, "安澜市人民政府办公室", None).await;
        db.close().await;
        let doctor = gongkai(&["--config", site.config().to_str().unwrap(), "doctor"]);
        let said = text(&doctor.stdout);
        assert!(
            said.contains("数据待升级（1 步）") && said.contains("--backed-up"),
            "{said}"
        );
        let refused = gongkai(&["--config", site.config().to_str().unwrap(), "serve"]);
        assert_eq!(refused.status.code(), Some(2));
        let said = text(&refused.stderr);
        assert!(
            said.contains("pg_dump") && said.contains("--backed-up"),
            "{said}"
        );
        let server = site.start_with(&["--backed-up"]).await;
        assert_eq!(server.stop(), Some(0));
        site.verify();
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let site = Site::new().await;
    let db = site.store().await;
    db.migrate().await.unwrap();
    testing::organ(&db, "安澜市人民政府办公室", None).await;
    db.close().await;
    let _taken = TcpListener::bind(("127.0.0.1", site.port)).unwrap();
    let output = gongkai(&["--config", site.config().to_str().unwrap(), "serve"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains(&site.port.to_string()) && !said.contains("os error"),
        "{said}"
    );
}

#[tokio::test]
async fn a_log_that_goes_to_a_file_has_no_colours() {
    let site = Site::new().await;
    let db = site.store().await;
    db.migrate().await.unwrap();
    testing::organ(&db, "安澜市人民政府办公室", None).await;
    db.close().await;
    let config = std::fs::read_to_string(site.config()).unwrap();
    let config = config.replace("log = \"error\"", "log = \"info\"");
    std::fs::write(site.config(), config).unwrap();
    let log = site.path("server.log");
    let mut starter = Command::new("sh");
    starter
        .args(["-c", "exec \"$0\" \"$@\" 2>\"$SERVER_LOG\""])
        .arg(env!("CARGO_BIN_EXE_gongkai"))
        .env("SERVER_LOG", &log)
        .env_remove("NO_COLOR");
    let server = site.start_by(&mut starter, &[]).await;
    assert_eq!(server.stop(), Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("stopping") && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn a_missing_configuration_says_what_to_do() {
    let output = gongkai(&[
        "--config",
        Path::new("nowhere.toml").to_str().unwrap(),
        "verify",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("gongkai init"));
}
