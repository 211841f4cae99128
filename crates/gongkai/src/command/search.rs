//! `gongkai search QUERY`: what the public finds.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use gongkai_search::{Answer, PAGE_MAX, Query};
use serde_json::json;

use super::assembled;
use crate::cli::{self, Outcome};
use crate::config::Config;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 词语、文号、索引号、拼音；引号内的文字连在一起查找
    #[arg(value_name = "检索词")]
    query: String,
    /// 最多列出多少条
    #[arg(long, default_value_t = 10, value_name = "条数")]
    limit: usize,
    #[arg(long, value_enum, default_value_t = cli::Answer::Table, value_name = "格式")]
    format: cli::Answer,
}

pub(crate) async fn run(config: &Path, arguments: Arguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let (app, _, finder) = assembled(&config).await?;
    let query = Query {
        text: arguments.query,
        limit: arguments.limit.clamp(1, PAGE_MAX),
        ..Query::default()
    };
    let answer = finder.query(query).await?;
    match arguments.format {
        cli::Answer::Json => println!("{}", to_json(&answer, &app.site.url)),
        cli::Answer::Table => print!("{}", table(&answer)),
    }
    app.db.close().await;
    Ok(if answer.hits.is_empty() {
        Outcome::LookAt
    } else {
        Outcome::Done
    })
}

fn to_json(answer: &Answer, url: &str) -> serde_json::Value {
    let hits = answer.hits.iter().map(|hit| {
        json!({
            "id": hit.id,
            "title": hit.title.plain(),
            "url": format!("{url}{}", hit.path),
            "score": hit.score,
            "clause": hit.clause.as_ref().map(|clause| clause.name.as_str()),
            "snippet": hit.snippet.plain(),
        })
    });
    json!({ "total": answer.total, "hits": hits.collect::<Vec<_>>() })
}

fn table(answer: &Answer) -> String {
    let mut out = format!("共 {} 条\n", answer.total);
    if let Some(suggestion) = &answer.suggestion {
        out.push_str(&format!("您要找的是不是：{suggestion}\n"));
    }
    for (n, hit) in answer.hits.iter().enumerate() {
        let void = if hit.void {
            format!("〔{}〕", hit.validity)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "{}. {}{void}　{}\n",
            n + 1,
            hit.title.plain(),
            hit.document_number
        ));
        out.push_str(&format!("   {}\n   {}\n", hit.path, hit.snippet.plain()));
    }
    out
}
