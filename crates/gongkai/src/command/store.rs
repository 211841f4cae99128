//! `gongkai backup` and `restore`: what they say on the tin, with hashes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use gongkai_platform::db::{Db, StoreError};
use gongkai_platform::files::Files;

use super::{open, open_current, verify};
use crate::cli::Outcome;
use crate::config::Config;
use crate::{private, store_backup};

#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// 备份文件，如 gongkai-2026-11-22.tar
    #[arg(value_name = "备份文件")]
    archive: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// 备份文件
    #[arg(value_name = "备份文件")]
    archive: PathBuf,
}

pub(crate) async fn backup(config: &Path, arguments: &BackupArguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let db = open_current(&config).await?;
    let summary =
        store_backup::backup(&db, &Files::new(config.files()), &arguments.archive).await?;
    println!("备份完成：{}", arguments.archive.display());
    println!("  {} 行数据，{} 个文件", summary.rows, summary.files);
    println!("  校验值 {}", summary.digest);
    println!("请把备份文件复制到另一台机器或介质上，并定期用 gongkai restore 恢复到空目录试验。");
    Ok(Outcome::Done)
}

pub(crate) async fn restore(config: &Path, arguments: &RestoreArguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let db = open(&config).await?;
    let summary =
        store_backup::restore(&db, &Files::new(config.files()), &arguments.archive).await?;
    println!(
        "恢复完成：{} 行数据，{} 个文件，校验值 {}",
        summary.rows, summary.files, summary.digest
    );
    println!("登录状态和一次性链接不在备份中，请重新登录。");
    let checked = verify::check(&db, &Files::new(config.files())).await?;
    checked.tell();
    Ok(checked.outcome())
}

/// Before a migration: a copy beside the data, named after the moment. PostgreSQL is copied by its own tools, and the
/// operator says that it was done.
pub(crate) async fn backup_before_upgrade(config: &Config, db: &Db, backed_up: bool) -> Result<()> {
    let stamp = db.now().strftime("%Y%m%d-%H%M%S").to_string();
    let folder = config.data.join("backups");
    private::folder(&folder)?;
    let copy = folder.join(format!("before-upgrade-{stamp}.db"));
    match db.copy_into(&copy).await {
        Ok(()) => tracing::info!(file = %copy.display(), "copied the store before the upgrade"),
        Err(StoreError::Unsupported(_)) => ensure!(
            backed_up,
            "数据要升级，还没有升级，也没有启动。请先用 pg_dump 备份数据库，再用 gongkai serve --backed-up 启动一次。"
        ),
        Err(error) => {
            return Err(error)
                .context("升级前的备份没有做成，没有升级，数据没有改动。请检查剩余空间后重新启动");
        }
    }
    Ok(())
}
