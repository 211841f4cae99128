//! One module for each command.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use axum::Router;
use gongkai_platform::db::{Clock, Db, DbKind};
use gongkai_platform::files::Files;
use gongkai_platform::outside::Nowhere;
use gongkai_platform::web::{App, Printer};

use crate::compose::{self, Setup};
use crate::config::Config;
use crate::find::{self, Finder};
use crate::private;
use crate::sandbox::ChildProcess;
use crate::scan::Clamd;

pub(crate) mod account;
pub(crate) mod calendar;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod documents;
pub(crate) mod export;
pub(crate) mod fee;
pub(crate) mod init;
pub(crate) mod plan;
pub(crate) mod receipt;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod store;
pub(crate) mod upgrade;
pub(crate) mod verify;

/// The one place that reads the machine's clock.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the binary hands the real clock to everything else"
)]
pub(crate) fn clock() -> Clock {
    Arc::new(jiff::Timestamp::now)
}

/// Opens the configured store as it is, without bringing its schema up to date.
pub(crate) async fn open(config: &Config) -> Result<Db> {
    private::folder(&config.data).with_context(|| {
        format!(
            "不能建立数据目录“{}”。请检查上级目录的写入权限",
            config.data.display()
        )
    })?;
    let db = Db::open(&config.address()?, clock())
        .await
        .context("打不开数据库。数据没有被改动。请检查数据库地址（配置文件中的 database 一行，初始化时是 --database）、数据库是否在运行、目录权限和剩余空间")?;
    let stored = db.schema_version().await?;
    ensure!(
        stored <= gongkai_schema::VERSION,
        "数据比程序新（数据版本 {stored}，本程序 {}），没有打开，也没有改动。请改用升级后的程序。",
        gongkai_schema::VERSION
    );
    Ok(db)
}

/// Opens a store for a command that must not change its schema.
pub(crate) async fn open_current(config: &Config) -> Result<Db> {
    let db = open(config).await?;
    let pending = db.pending_migrations().await?;
    if pending > 0 {
        bail!(
            "{}。没有改动数据。{}。",
            not_current(&db, pending).await?,
            how_to_upgrade(&db).await?
        );
    }
    Ok(db)
}

/// What stands against working on a store whose schema lacks so many steps.
pub(crate) async fn not_current(db: &Db, steps: usize) -> Result<String> {
    Ok(if db.is_empty().await? {
        "数据库里还没有数据".to_owned()
    } else {
        format!("数据待升级（{steps} 步）")
    })
}

/// What to do about it.
pub(crate) async fn how_to_upgrade(db: &Db) -> Result<&'static str> {
    Ok(match db.kind() {
        _ if db.is_empty().await? => {
            "首次使用请先移走配置文件，再运行 gongkai init；要恢复备份请运行 gongkai restore"
        }
        DbKind::Sqlite => "启动 gongkai serve 时会先备份再升级",
        DbKind::Postgres => "请先用 pg_dump 备份数据库，再用 gongkai serve --backed-up 启动一次",
    })
}

/// The whole program over the configured store, without a server; its index is brought up to date first.
pub(crate) async fn assembled(config: &Config) -> Result<(App, Router, Finder)> {
    let finder = Finder::open(&config.search())
        .context("检索索引的目录不能使用。数据没有被改动。请检查 data 目录的写入权限和剩余空间")?;
    let setup = Setup {
        db: open_current(config).await?,
        files: files(config)?,
        site: config.site(),
        sandbox: Arc::new(ChildProcess),
        printer: printer(&config.fonts),
        carriers: Vec::new(),
        outside: Arc::new(Nowhere),
        finder: finder.clone(),
    };
    let (app, router) = compose::compose(setup).await?;
    find::catch_up(&app, &finder).await?;
    Ok((app, router, finder))
}

/// The stored files, behind the scanner where the configuration names one.
pub(crate) fn files(config: &Config) -> Result<Files> {
    let files = Files::new(config.files());
    if config.virus_scan.is_empty() {
        return Ok(files);
    }
    let scanner = Clamd::new(&config.virus_scan).map_err(anyhow::Error::msg)?;
    Ok(files.scanned_by(Arc::new(scanner)))
}

/// The PDF maker, where the binary has one.
pub(crate) fn printer(fonts: &Path) -> Option<Arc<dyn Printer>> {
    #[cfg(feature = "pdf")]
    return Some(Arc::new(crate::printer::Typst::new(fonts)));
    #[cfg(not(feature = "pdf"))]
    {
        let _ = fonts;
        None
    }
}

/// Log lines go to standard error, with colours where that is a terminal and its person wants them.
pub(crate) fn log(level: &str) {
    // The index warns of merges that began too late, which harm nothing and alarm whoever reads along.
    let quiet = format!("{level},sqlx=warn,hyper=warn,tantivy=error");
    let filter = tracing_subscriber::EnvFilter::try_new(quiet).unwrap_or_default();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
    // A second call, as in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal() && !plain)
        .with_writer(std::io::stderr)
        .try_init();
}
