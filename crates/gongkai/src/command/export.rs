//! `gongkai export site DIR`: the portal as files.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::assembled;
use crate::cli::{Answer, Outcome};
use crate::config::Config;
use crate::export::{self, Texts};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 空目录，或以前导出过的目录
    #[arg(value_name = "目录")]
    folder: PathBuf,
    /// 只导出这个站点：写站点的名称或域名；不写则导出主站
    #[arg(long, value_name = "站点")]
    site: Option<String>,
    /// 文件正文的 Word 版也写进去，用时和空间都会增加；不写则链接到服务器
    #[arg(long)]
    word: bool,
    /// 文件正文的 PDF 版也写进去，每份用时是一个网页的许多倍，文件多时请夜间运行；不写则链接到服务器
    #[arg(long)]
    pdf: bool,
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

/// Writes the site, and prints what it wrote: `{"folder", "site", "files", "same", "removed", "withdrawn", "manifest",
/// "broken"}`, where `withdrawn` counts the pages of documents that were withdrawn, and `broken` lists the addresses of pages
/// that did not open.
pub(crate) async fn run(config: &Path, arguments: Arguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let (app, router, _) = assembled(&config).await?;
    let face = export::face(&app, arguments.site.as_deref()).await?;
    let texts = Texts {
        word: arguments.word,
        pdf: arguments.pdf,
    };
    let summary = export::site(&app, router, (&face, texts), &arguments.folder).await?;
    app.db.close().await;
    let folder = arguments.folder.display();
    match arguments.format {
        Answer::Json => println!(
            "{}",
            json!({
                "folder": folder.to_string(),
                "site": face.logo,
                "files": summary.files,
                "same": summary.same,
                "removed": summary.removed,
                "withdrawn": summary.withdrawn,
                "manifest": export::MANIFEST,
                "broken": summary.broken,
            })
        ),
        Answer::Table => {
            println!("导出完成：{folder}（{}）", face.logo);
            println!(
                "  {} 个文件，其中 {} 个与上次相同，删除已撤下的 {} 个",
                summary.files, summary.same, summary.removed
            );
            if summary.withdrawn > 0 {
                println!(
                    "  {} 份已撤下的文件各留一页说明，列在 {}（网页服务器可以据此回答 410，写法见 README）",
                    summary.withdrawn,
                    export::WITHDRAWN
                );
            }
            println!("  校验清单 {}", export::MANIFEST);
            for broken in &summary.broken {
                eprintln!("页面打不开，没有导出：{broken}");
            }
        }
    }
    Ok(if summary.broken.is_empty() {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}
