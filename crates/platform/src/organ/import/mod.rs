//! Lists of organs from outside: a spreadsheet, a CSV file or a pasted table becomes rows, rows become a plan that a
//! person can look at, and the plan is carried out whole.

mod guess;
mod plan;
mod read;
#[cfg(test)]
mod tests;

use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use serde_json::json;

use super::change::OrganError;
use super::{Kind, Level, store};
use crate::audit::Event;
use crate::db::Tx;

pub use plan::{Plan, Planned, Verdict, plan};
pub use read::{FILE_BYTES_MAX, ROWS_MAX, ReadError, Table, needs_child, read};

/// One line of a list, read but not yet compared with the directory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportRow {
    /// From 1, as the person sees it in the file.
    pub line: usize,
    pub name: String,
    pub short: Option<String>,
    pub aliases: Vec<String>,
    pub former: Vec<String>,
    pub level: Option<Level>,
    pub kind: Option<Kind>,
    /// The parent's name; `None` for the top, or directly below the government.
    pub parent: Option<String>,
    /// Words that could not be read.
    pub mistakes: Vec<String>,
}

/// The level and the kind that the name of a directory's first organ shows.
#[must_use]
pub fn guessed(name: &str) -> (Level, Kind) {
    let kind = guess::kind(name, None);
    (guess::level(kind, name, None), kind)
}

/// What to do with rows that have problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faulty {
    /// Import nothing.
    Refuse,
    /// Import the others.
    Skip,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The government below which it happened; the list's first organ where there was none.
    pub root: OrganId,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub skipped: usize,
}

/// Carries a list out in the caller's transaction, with one event that holds the counts.
///
/// `root` is the government whose directory it is; `None` begins a new tree with the list's own top.
/// Other names are added and never taken away; empty cells change nothing.
///
/// # Errors
/// Refused with all reasons when rows have problems (and `faulty` says so) or nothing is new; a failing store.
pub async fn import(
    tx: &mut Tx,
    actor: &Actor,
    root: Option<OrganId>,
    rows: &[ImportRow],
    faulty: Faulty,
) -> Result<Imported, OrganError> {
    let existing = match root {
        Some(root) => store::all_below(tx, root).await?,
        None => store::all(tx).await?,
    };
    if let Some(root) = root
        && !existing.iter().any(|organ| organ.id == root)
    {
        return Err(OrganError::NotFound);
    }
    let now = tx.now();
    let plan = plan(&existing, root, rows, || store::fresh_id(now));
    let problems = plan.problems();
    if !problems.is_empty() && faulty == Faulty::Refuse {
        return Err(OrganError::Refused(problems));
    }
    let mut done = Imported {
        root: match root.or_else(|| plan.top()) {
            Some(root) => root,
            None => {
                return Err(OrganError::Refused(vec![
                    "表中没有可以导入的机关。".to_owned(),
                ]));
            }
        },
        new: 0,
        changed: 0,
        unchanged: 0,
        skipped: 0,
    };
    for planned in plan.in_order() {
        let count = match &planned.verdict {
            Verdict::New { .. } => &mut done.new,
            Verdict::Changed { .. } => &mut done.changed,
            Verdict::Unchanged => &mut done.unchanged,
            Verdict::Problem(_) => &mut done.skipped,
        };
        *count += 1;
        carry_out(tx, actor, &planned.verdict).await?;
    }
    if done.new + done.changed == 0 {
        return Err(OrganError::Refused(vec![
            "表中内容与名录相同，没有需要导入的改动。".to_owned(),
        ]));
    }
    let sentence = format!(
        "导入机关名录：新增 {} 个，修改 {} 个，未变 {} 个，跳过 {} 行",
        done.new, done.changed, done.unchanged, done.skipped
    );
    tx.record(
        Event::new(
            actor,
            "organ.imported",
            ("organ", done.root.to_string()),
            sentence,
        )
        .organ(done.root)
        .data(json!({
            "new": done.new,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "skipped": done.skipped,
        })),
    );
    Ok(done)
}

/// Does what the list wants of one organ, with an event for that organ's own history.
async fn carry_out(tx: &mut Tx, actor: &Actor, verdict: &Verdict) -> Result<(), OrganError> {
    let (kind, organ, sentence) = match verdict {
        Verdict::New { organ, .. } => {
            store::insert(tx, organ).await?;
            let sentence = format!("导入机关名录时建立机关“{}”", organ.name);
            ("organ.created", organ, sentence)
        }
        Verdict::Changed { organ, changes } => {
            store::update(tx, &mut organ.clone()).await?;
            let changes = changes.join("，");
            let sentence = format!("导入机关名录时修改“{}”：{changes}", organ.name);
            ("organ.revised", organ, sentence)
        }
        Verdict::Unchanged | Verdict::Problem(_) => return Ok(()),
    };
    let subject = ("organ", organ.id.to_string());
    tx.record(Event::new(actor, kind, subject, sentence).organ(organ.id));
    Ok(())
}
