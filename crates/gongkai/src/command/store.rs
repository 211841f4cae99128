//! `gongkai backup` and `restore`: what they say on the tin, with hashes.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use gongkai_platform::files::Files;
use serde_json::{Map, Value, json};

use super::{open, open_current, verify};
use crate::cli::{Answer, Outcome};
use crate::config::Config;
use crate::store_backup::{self, Summary};

#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// 备份文件，如 gongkai-2026-11-22.tar
    #[arg(value_name = "备份文件")]
    archive: PathBuf,
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// 备份文件
    #[arg(value_name = "备份文件")]
    archive: PathBuf,
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

pub(crate) async fn backup(config: &Path, arguments: &BackupArguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let db = open_current(&config).await?;
    let summary =
        store_backup::backup(&db, &Files::new(config.files()), &arguments.archive).await?;
    match arguments.format {
        Answer::Json => println!("{}", Value::Object(facts(&arguments.archive, &summary))),
        Answer::Table => {
            println!("备份完成：{}", arguments.archive.display());
            println!("  {} 行数据，{} 个文件", summary.rows, summary.files);
            println!("  校验值 {}", summary.digest);
            println!(
                "请把备份文件复制到另一台机器或介质上，并定期用 gongkai restore 恢复到空目录试验。"
            );
        }
    }
    Ok(Outcome::Done)
}

pub(crate) async fn restore(config: &Path, arguments: &RestoreArguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let db = open(&config).await?;
    let summary =
        store_backup::restore(&db, &Files::new(config.files()), &arguments.archive).await?;
    let format = arguments.format;
    if format == Answer::Table {
        println!(
            "恢复完成：{} 行数据，{} 个文件，校验值 {}",
            summary.rows, summary.files, summary.digest
        );
        println!("登录状态和一次性链接不在备份中，请重新登录。");
    }
    let checked = verify::check(&db, &Files::new(config.files())).await?;
    match format {
        Answer::Json => {
            let mut answer = facts(&arguments.archive, &summary);
            answer.insert("verify".to_owned(), checked.to_json());
            println!("{}", Value::Object(answer));
        }
        Answer::Table => checked.tell(),
    }
    Ok(checked.outcome())
}

/// `{"archive", "rows", "files", "digest"}`
fn facts(archive: &Path, summary: &Summary) -> Map<String, Value> {
    let mut facts = Map::new();
    for (key, value) in [
        ("archive", json!(archive.display().to_string())),
        ("rows", json!(summary.rows)),
        ("files", json!(summary.files)),
        ("digest", json!(summary.digest)),
    ] {
        facts.insert(key.to_owned(), value);
    }
    facts
}
