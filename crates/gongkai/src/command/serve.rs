//! `gongkai serve`: the real thing.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use super::{files, log, open, printer, upgrade};
use crate::carrier;
use crate::cli::Outcome;
use crate::compose::{self, Setup};
use crate::config::Config;
use crate::find::Finder;
use crate::outside;
use crate::sandbox::ChildProcess;
use crate::serve;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 监听地址，可写多次，优先于配置文件，如 [::]:8080
    #[arg(long, value_name = "地址:端口")]
    listen: Vec<SocketAddr>,
    /// 已用 PostgreSQL 自带的工具备份，可以升级数据
    #[arg(long)]
    backed_up: bool,
}

pub(crate) async fn run(config: &Path, arguments: Arguments) -> Result<Outcome> {
    let mut config = Config::load(config)?;
    if !arguments.listen.is_empty() {
        config.listen = arguments.listen;
    }
    log(&config.log);
    let db = open(&config).await?;
    ensure!(
        !db.is_empty().await?,
        "数据库里还没有数据，没有启动。首次使用请先移走配置文件，再运行 gongkai init；要恢复备份请运行 gongkai restore；\
         如果原来有数据，请检查配置文件中的 data、database 两行，以及数据盘是否已挂上。"
    );
    let copy = if db.pending_migrations().await? > 0 {
        upgrade::copy(&config, &db, arguments.backed_up).await?
    } else {
        None
    };
    db.migrate()
        .await
        .with_context(|| upgrade::failed(copy.as_deref()))?;
    let finder = Finder::open(&config.search())?;
    let setup = Setup {
        db,
        files: files(&config)?,
        site: config.site(),
        sandbox: Arc::new(ChildProcess),
        printer: printer(&config.fonts),
        carriers: carrier::carriers(&config)?,
        outside: outside::of(&config.evidence.hosts)?,
        finder: finder.clone(),
    };
    let (app, router) = compose::compose(setup).await?;
    let listeners = serve::bind(&config.listen).await?;
    for listener in &listeners {
        eprintln!("已启动：http://{}", listener.local_addr()?);
    }
    let workers = compose::workers(&app);
    serve::run(app, router, listeners, workers, finder).await?;
    Ok(Outcome::Done)
}
