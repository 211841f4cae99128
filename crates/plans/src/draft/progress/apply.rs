//! Matched rows become reports: compared before, then one transaction, one event. Nothing is written over that the person did
//! not see.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, DraftId, OrganId, ReportId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::web::App;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::preview::{Preview, must_be_open, of, preview};
use super::{LedgerRow, Made, Picked};
use crate::acts::ImportPlan;
use crate::assignment::{Assignment, AssignmentState};
use crate::draft::source::place_name;
use crate::draft::{Draft, DraftError, DraftState, store};
use crate::notify::{Notice, To, notify_all, short};
use crate::plan::Plan;
use crate::read::typed;
use crate::report::{self, Outcome, Report, TEXT_CHARS_MAX};
use crate::task;

/// Who a report of an existing ledger is by.
const AUTHOR: &str = "导入";
/// Why such a report says done without proof.
const NO_EVIDENCE_WHY: &str = "启用系统前的进展，由现有台账导入，佐证另行补充。";

/// How a row counts that has progress and nothing pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenNothingPends {
    Done,
    InProgress,
}

/// Keeps what was chosen on a page, before the next one is shown. Until the import a draft is nobody's state.
///
/// # Errors
/// Not found; refused when it is imported or discarded; stale when the draft changed in the meantime.
pub async fn keep(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
    (version, picked): (i64, Picked),
) -> Result<(), DraftError> {
    let (mut draft, _) = of(tx, permit, id).await?;
    must_be_open(&draft, version)?;
    let picked = store::progress::picked(tx, id).await?.joined(picked);
    store::progress::set_picked(tx, &mut draft, &picked).await?;
    Ok(())
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Rows that were taken over.
    pub rows: usize,
    /// Parts that have a new version.
    pub parts: usize,
}

/// The parts that get a version, as they were when the rows were compared, with their rows.
type Parts<'p> = BTreeMap<AssignmentId, (&'p Assignment, Vec<&'p LedgerRow>)>;

/// Makes reports of the chosen rows: those of this page and of the pages before, and of the other pages, where wanted, what
/// is matched without doubt. Each unit is told once.
///
/// # Errors
/// Refused when nothing that matched was chosen, and with the rows on whose parts somebody has reported since the person saw
/// them; stale when the draft changed in the meantime.
pub async fn apply(
    app: &App,
    permit: &Permit<ImportPlan>,
    id: DraftId,
    (version, picked): (i64, Picked),
) -> Result<Applied, DraftError> {
    let preview = preview(app, permit, id).await?;
    must_be_open(&preview.draft, version)?;
    let picked = preview.picked.clone().joined(picked);
    let outdated = picked.outdated(&preview.matches, &preview.known);
    if !outdated.is_empty() {
        return Err(DraftError::Refused(preview.because(
            &outdated,
            "您看过以后又有单位填报，或对应的单位有变动，没有导入任何进展。请翻到这一行，按现在的内容重新核对。",
        )));
    }
    let chosen = picked.chosen(&preview.matches);
    let parts = parts(&preview, &chosen);
    if parts.is_empty() {
        return Err(DraftError::Refused(vec![
            "没有选中能对应到分工的行，没有导入任何进展。请选中至少一行。".to_owned(),
        ]));
    }
    let reasons = too_long(parts.values());
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let applied = app
        .db
        .write(async |tx: &mut Tx| {
            let chosen = (&chosen, &parts, &picked);
            put(tx, permit, &preview, chosen).await
        })
        .await?;
    app.db
        .refresh_statistics(applied.parts, &["report", "assignment"])
        .await;
    Ok(applied)
}

fn parts<'p>(preview: &'p Preview, chosen: &BTreeSet<usize>) -> Parts<'p> {
    let mut parts: Parts<'p> = BTreeMap::new();
    let rows = preview.rows.iter().zip(&preview.matches).enumerate();
    for (_, (row, found)) in rows.filter(|(nth, _)| chosen.contains(nth)) {
        for assignment in found.assignments(&preview.known) {
            let part = parts.entry(assignment.id);
            part.or_insert_with(|| (assignment, Vec::new())).1.push(row);
        }
    }
    parts
}

/// Writes what was compared, where it still is as it was then.
async fn put(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    preview: &Preview,
    (chosen, parts, picked): (&BTreeSet<usize>, &Parts<'_>, &Picked),
) -> Result<Applied, DraftError> {
    let id = preview.draft.id;
    let (mut draft, plan) = of(tx, permit, id).await?;
    must_be_open(&draft, preview.draft.version)?;
    let now = store::assignments_of(tx, plan.id).await?;
    let now: BTreeMap<AssignmentId, Assignment> =
        now.into_iter().map(|part| (part.id, part)).collect();
    let moved = |part: &Assignment| {
        let now = now.get(&part.id);
        now.is_none_or(|now| now.version != part.version || now.state != AssignmentState::Open)
    };
    let touched = |nth: &usize| {
        let found = preview.matches.get(*nth);
        found.is_some_and(|found| found.assignments(&preview.known).any(moved))
    };
    let touched: Vec<usize> = chosen.iter().copied().filter(touched).collect();
    if !touched.is_empty() {
        return Err(DraftError::Refused(preview.because(
            &touched,
            "刚刚有单位填报，或这项任务有变动，没有导入任何进展。请按现在的内容重新核对。",
        )));
    }
    let made = write(tx, permit, &plan, (parts, picked.rule)).await?;
    // For the day on which it is undone.
    store::progress::set_picked(tx, &mut draft, picked).await?;
    store::set_state(tx, &mut draft, DraftState::Confirmed, Some(plan.id)).await?;
    store::progress::set_made(tx, id, &made).await?;
    record(tx, permit, (preview, &plan), (chosen, parts));
    let organs = parts.values().map(|(part, _)| part.organ);
    tell(tx, &draft, organs, |n| {
        let title = format!("本单位{n}项任务的进展已从现有台账导入");
        let body = format!("《{}》：请核对，有出入的直接填报新的一版。", plan.title);
        (title, body)
    })
    .await?;
    let rows = chosen.len();
    let parts = parts.len();
    Ok(Applied { rows, parts })
}

fn record(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    (preview, plan): (&Preview, &Plan),
    (chosen, parts): (&BTreeSet<usize>, &Parts<'_>),
) {
    let by_hand = |nth: &&usize| {
        let found = preview.matches.get(**nth);
        found.is_some_and(|found| found.by_hand)
    };
    tx.record(
        Event::new(
            permit.actor(),
            "plan.progress-imported",
            ("plan", plan.id.to_string()),
            format!(
                "导入《{}》的现有台账：{} 项分工的进展",
                plan.title,
                parts.len()
            ),
        )
        .organ(plan.organ)
        .data(json!({
            "draft": preview.draft.id,
            "file": preview.draft.file,
            "rows": chosen.len(),
            "by_hand": chosen.iter().filter(by_hand).count(),
            "assignments": parts.keys().collect::<Vec<_>>(),
        })),
    );
}

/// Tells each unit once what was done to how many of its parts: title and body by their number.
pub(super) async fn tell(
    tx: &mut Tx,
    draft: &Draft,
    organs: impl Iterator<Item = OrganId>,
    words: impl Fn(usize) -> (String, String),
) -> Result<(), StoreError> {
    let mut units: BTreeMap<OrganId, usize> = BTreeMap::new();
    for organ in organs {
        *units.entry(organ).or_default() += 1;
    }
    let notice = |(organ, parts): (OrganId, usize)| {
        let (title, body) = words(parts);
        Notice {
            to: To::Unit,
            organ,
            topic: Topic::Change,
            // An import may be undone and done again.
            key: format!("ledger:{}:{}:{organ}", draft.id, draft.version),
            title,
            body: short(&body),
            path: "/workspace/tasks".to_owned(),
            about: None,
        }
    };
    notify_all(tx, units.into_iter().map(notice).collect()).await?;
    Ok(())
}

/// What several rows say of one part, each text once, in their order.
fn joined(rows: &[&LedgerRow], part: fn(&LedgerRow) -> &str) -> String {
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let texts = rows.iter().map(|row| part(row));
    let texts: Vec<&str> = texts
        .filter(|&text| !text.is_empty() && said.insert(text))
        .collect();
    texts.join("\n")
}

/// Nothing is cut: what a report cannot hold is named.
fn too_long<'p>(
    parts: impl Iterator<Item = &'p (&'p Assignment, Vec<&'p LedgerRow>)>,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for (assignment, rows) in parts {
        let texts = [
            ("已落实", joined(rows, |row| &row.done)),
            ("待完成", joined(rows, |row| &row.pending)),
        ];
        for (name, text) in texts {
            let chars = text.chars().count();
            if chars > TEXT_CHARS_MAX {
                let place = rows
                    .first()
                    .map_or_else(String::new, |row| place_name(row.place));
                reasons.push(format!(
                    "{place}起“{}”的“{name}”合起来有{chars}字，最多{TEXT_CHARS_MAX}字，没有导入任何进展。请改短后重新上传，或不选这些行。",
                    assignment.named_as
                ));
            }
        }
    }
    reasons
}

/// The last day that the rows' 完成时限 names.
fn planned(rows: &[&LedgerRow], plan: &Plan) -> Option<Date> {
    let year = i16::try_from(plan.year).ok();
    let day = |row: &&LedgerRow| typed(&row.due, year, plan.issued_on)?.date;
    rows.iter().filter_map(day).max()
}

/// Puts a version on each part, and settles the tasks once, however many units each has.
async fn write(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    plan: &Plan,
    (parts, rule): (&Parts<'_>, WhenNothingPends),
) -> Result<Vec<Made>, StoreError> {
    let last = report::store::last_sequences(tx, plan.id).await?;
    let mut made = Vec::with_capacity(parts.len());
    for (assignment, rows) in parts.values() {
        let report = Report {
            id: ReportId::new(crate::fresh(tx.now())),
            assignment: assignment.id,
            sequence: last.get(&assignment.id).copied().unwrap_or_default() + 1,
            based_on: assignment.report,
            content: content(plan, (rows, rule)),
            author: permit.actor().account(),
            author_name: AUTHOR.to_owned(),
            created_at: tx.now().as_millisecond(),
        };
        report::store::insert_unsettled(tx, &report).await?;
        made.push(Made {
            assignment: assignment.id,
            report: report.id,
            before: report.based_on,
        });
    }
    let tasks: BTreeSet<TaskId> = parts.values().map(|(part, _)| part.task).collect();
    let tasks: Vec<TaskId> = tasks.into_iter().collect();
    task::store::settle_all(tx, &tasks).await?;
    Ok(made)
}

/// What the rows of a part come to.
fn content(plan: &Plan, (rows, rule): (&[&LedgerRow], WhenNothingPends)) -> report::Content {
    let (done_text, pending_text) = (
        joined(rows, |row| &row.done),
        joined(rows, |row| &row.pending),
    );
    let nothing_pends = matches!(pending_text.trim_end_matches('。'), "" | "无" | "已完成");
    let outcome = match rule {
        WhenNothingPends::Done if nothing_pends && !done_text.is_empty() => Outcome::Done,
        WhenNothingPends::Done | WhenNothingPends::InProgress => Outcome::InProgress,
    };
    report::Content {
        outcome,
        pending_text: match outcome {
            Outcome::Done => String::new(),
            Outcome::InProgress => pending_text,
        },
        done_text,
        planned_on: match outcome {
            Outcome::Done => None,
            Outcome::InProgress => planned(rows, plan),
        },
        no_evidence_why: match outcome {
            Outcome::Done => NO_EVIDENCE_WHY.to_owned(),
            Outcome::InProgress => String::new(),
        },
    }
}
