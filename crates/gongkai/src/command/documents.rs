//! `gongkai documents import`: what an older site had published, from a folder and a list.

mod folder;
mod take;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;
use gongkai_basis::id::OrganId;
use gongkai_documents::document::validity::Turn;
use gongkai_documents::house_field::HouseField;
use gongkai_documents::kind::Kind;
use gongkai_documents::old::{self, Line, Old};
use gongkai_platform::db::Tx;
use gongkai_platform::organ;
use gongkai_platform::web::App;
use serde_json::json;

use self::folder::{attachments, text_of};
use self::take::Run;
use super::assembled;
use crate::cli::{Answer, Outcome};
use crate::config::Config;
use crate::sandbox;

/// Lines that are read before they are written.
const AT_ONCE: usize = 50;
/// A word on the screen after so many documents.
const TELL_EVERY: usize = 200;
/// Where a document that is taken in leaves a row each.
const OF_DOCUMENTS: &[&str] = &[
    "document",
    "edition",
    "edition_seal",
    "document_origin",
    "event",
];

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 旧站文件所在的目录（HTML、MHT、DOCX、DOC、WPS、RTF、ODT、PDF、OFD、TXT）
    #[arg(value_name = "目录")]
    folder: PathBuf,
    /// 清单（CSV）：至少有 文件、名称、种类、发布机构、发布日期 五列；“有效性”不是有效的，还要有 有效性变动日期；各类文件的专有要素（规划期、预算年度、版本日期等）和本级政府加上的要素用要素名称作列名，其他列不带入，结果里写明是哪些
    #[arg(long, value_name = "清单")]
    table: PathBuf,
    /// 确认导入；不写则只检查，不改动数据
    #[arg(long)]
    confirm: bool,
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

/// What stands in the way of a line, or what to look at afterwards.
struct Remark {
    line: u64,
    source: String,
    sentence: String,
}

#[derive(Default)]
struct Summary {
    published: usize,
    drafts: usize,
    known: usize,
    refused: usize,
    remarks: Vec<Remark>,
    /// Columns of the list that nobody asks for.
    columns: Vec<String>,
}

impl Summary {
    fn remark(&mut self, line: &Line, sentence: impl Into<String>) {
        self.remarks.push(Remark {
            line: line.number,
            source: line.source.clone(),
            sentence: sentence.into(),
        });
    }

    fn refuse(&mut self, line: &Line, sentence: impl Into<String>) {
        self.refused += 1;
        self.remark(line, sentence);
    }
}

pub(crate) async fn import(config: &Path, arguments: Arguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let bytes = std::fs::read(&arguments.table)
        .map_err(|error| anyhow!("{}", sandbox::missing(&arguments.table, &error)))?;
    let mut lines = old::read(&bytes).map_err(|error| anyhow!("{error}"))?;
    let (app, _, finder) = assembled(&config).await?;
    let organs = organs(&app).await?;
    let mut summary = Summary {
        columns: with_fields(&app, &organs, &mut lines).await?,
        ..Summary::default()
    };
    let mut run = Run::default();
    for (n, some) in lines.chunks(AT_ONCE).enumerate() {
        let ready: Vec<(&Line, Old)> = some
            .iter()
            .filter_map(|line| Some((line, made(&app, &arguments, &organs, line, &mut summary)?)))
            .collect();
        if arguments.confirm {
            run.take(&app, ready, &mut summary).await?;
        } else {
            run.look(&app, &ready, &mut summary).await?;
        }
        if n > 0 && (n * AT_ONCE).is_multiple_of(TELL_EVERY) {
            eprintln!("已处理 {} / {} 行", n * AT_ONCE, lines.len());
        }
    }
    if arguments.confirm {
        let taken = summary.published + summary.drafts;
        app.db
            .refresh_statistics(taken * OF_DOCUMENTS.len(), OF_DOCUMENTS)
            .await;
        crate::find::catch_up(&app, &finder).await?;
    }
    app.db.close().await;
    match arguments.format {
        Answer::Json => println!("{}", to_json(&summary, arguments.confirm)),
        Answer::Table => report(&summary, arguments.confirm),
    }
    Ok(if summary.remarks.is_empty() {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}

/// Every organ by each of its names; a name that two of them carry leads to none.
async fn organs(app: &App) -> Result<HashMap<String, Option<OrganId>>> {
    let all = app
        .db
        .read(async |tx: &mut Tx| organ::store::all(tx).await)
        .await?;
    let mut by_name: HashMap<String, Option<OrganId>> = HashMap::new();
    for organ in all.iter().filter(|organ| organ.is_active()) {
        let aliases = organ.aliases.iter().map(|alias| alias.text.clone());
        let names = std::iter::once(organ.name.clone()).chain(organ.short_name.clone());
        for name in names.chain(aliases) {
            by_name
                .entry(name)
                .and_modify(|known| {
                    if *known != Some(organ.id) {
                        *known = None;
                    }
                })
                .or_insert(Some(organ.id));
        }
    }
    Ok(by_name)
}

/// Fills in each line the fields that its government added; gives the columns that nobody asks for.
async fn with_fields(
    app: &App,
    organs: &HashMap<String, Option<OrganId>>,
    lines: &mut [Line],
) -> Result<Vec<String>> {
    let mut kept: HashMap<OrganId, Vec<HouseField>> = HashMap::new();
    for line in lines.iter_mut() {
        let Some(organ) = organs.get(&line.organ).copied().flatten() else {
            continue;
        };
        let fields = match kept.entry(organ) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let read = async |tx: &mut Tx| old::fields(tx, organ).await;
                new.insert(app.db.read(read).await?)
            }
        };
        line.take_fields(fields);
    }
    let all: Vec<HouseField> = kept.into_values().flatten().collect();
    Ok(old::left_alone(lines, &all))
}

/// A line with its files read; `None` where it cannot be taken in, with the reason in the summary.
fn made(
    app: &App,
    arguments: &Arguments,
    organs: &HashMap<String, Option<OrganId>>,
    line: &Line,
    summary: &mut Summary,
) -> Option<Old> {
    if !line.mistakes.is_empty() {
        summary.refuse(line, line.mistakes.join("；"));
        return None;
    }
    let (kind, published_on) = (line.kind?, line.published_on?);
    let Some(organ) = organs.get(&line.organ).copied().flatten() else {
        summary.refuse(
            line,
            format!("发布机构“{}”不在机关名录里，或与其他机关重名", line.organ),
        );
        return None;
    };
    let text = match text_of(app, arguments, line) {
        Ok(text) => text,
        Err(sentence) => {
            summary.refuse(line, sentence);
            return None;
        }
    };
    for sentence in text.remarks() {
        summary.remark(line, sentence);
    }
    let beside = match attachments(app, arguments, line) {
        Ok(beside) => beside,
        Err(sentence) => {
            summary.refuse(line, sentence);
            return None;
        }
    };
    for sentence in beside.remarks {
        summary.remark(line, sentence);
    }
    let repaired = line.repaired.as_ref();
    if let Some(repaired) = repaired {
        summary.remark(line, repaired.sentence());
    }
    let is_guessed = repaired.is_some_and(|repaired| repaired.is_guessed);
    let doubtful = text.is_held() || beside.doubtful || is_guessed;
    Some(Old {
        source: line.source.clone(),
        address: line.address.clone(),
        kind,
        organ,
        head: line.head.clone(),
        html: text.html,
        published_on,
        index_number: line.index_number.clone(),
        turn: turn_of(line, kind, summary),
        files: beside.files,
        pictures: text.pictures,
        doubtful,
    })
}

/// `{"confirmed", "published", "drafts", "known", "refused", "remarks": [{"line", "source", "message"}], "columns_left": [name]}`:
/// what was done, or where it was not confirmed, what would be.
fn to_json(summary: &Summary, confirmed: bool) -> serde_json::Value {
    let remarks = summary.remarks.iter().map(|remark| {
        json!({ "line": remark.line, "source": remark.source, "message": remark.sentence })
    });
    json!({
        "confirmed": confirmed,
        "published": summary.published,
        "drafts": summary.drafts,
        "known": summary.known,
        "refused": summary.refused,
        "remarks": remarks.collect::<Vec<_>>(),
        "columns_left": summary.columns,
    })
}

/// What the list says of its validity, where the kind has any.
fn turn_of(line: &Line, kind: Kind, summary: &mut Summary) -> Option<Turn> {
    let (change, on) = line.change?;
    if !kind.has_validity() {
        summary.remark(
            line,
            format!(
                "{}没有有效性，清单里的“有效性”没有带入；不该再公开的，迁入后请写明理由撤下",
                kind.name()
            ),
        );
        return None;
    }
    Some(Turn {
        change,
        on,
        basis: "旧站清单标注".to_owned(),
        until: None,
        successor: None,
        by: old::AUTHOR.to_owned(),
    })
}

fn report(summary: &Summary, confirm: bool) {
    for remark in &summary.remarks {
        eprintln!(
            "第 {} 行 {}：{}",
            remark.line, remark.source, remark.sentence
        );
    }
    if !summary.columns.is_empty() {
        eprintln!(
            "清单里这些列没有带入：{}。要带入的，请把列名改成要素的名称；本级政府加上的要素先在“审核流程”里加好。",
            summary.columns.join("、")
        );
    }
    if confirm {
        println!(
            "迁入完成：公开 {} 件，草稿 {} 件，以前已迁入 {} 件，没有迁入 {} 行。",
            summary.published, summary.drafts, summary.known, summary.refused
        );
    } else {
        println!(
            "检查完成，没有改动数据：可公开 {} 件，只能作草稿 {} 件，以前已迁入 {} 件，不能迁入 {} 行。确认后加 --confirm 再运行一次。",
            summary.published, summary.drafts, summary.known, summary.refused
        );
    }
}
