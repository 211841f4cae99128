//! Matched rows become reports: one transaction, one event.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, DraftId, PlanId, ReportId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Directory};
use serde_json::json;

use super::matching::{RowMatch, match_rows};
use super::{Content, LedgerRow};
use crate::acts::ImportPlan;
use crate::assignment::Assignment;
use crate::draft::compare::Known;
use crate::draft::source::place_name;
use crate::draft::{Draft, DraftError, DraftState, Purpose, reimport, store};
use crate::plan::{self, Plan, PlanState};
use crate::read::typed;
use crate::report::{self, Outcome, Report, TEXT_CHARS_MAX};

/// Who a report of an existing ledger is by.
const AUTHOR: &str = "导入";
/// Why such a report says done without proof.
const NO_EVIDENCE_WHY: &str = "启用系统前的进展，由现有台账导入，佐证另行补充。";

/// How a row counts that has progress and nothing pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenNothingPends {
    Done,
    InProgress,
}

/// An existing ledger beside the plan.
#[derive(Debug)]
pub struct Preview {
    pub draft: Draft,
    pub plan: Plan,
    pub rows: Vec<LedgerRow>,
    pub matches: Vec<RowMatch>,
    pub known: Vec<Known>,
    pub directory: Directory,
}

/// Loads an uploaded ledger and matches its rows.
///
/// # Errors
/// Not found outside the permit's scope, or when the plan is no longer in work.
pub async fn preview(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
) -> Result<Preview, DraftError> {
    let draft = store::load(tx, permit.scope(), id)
        .await?
        .filter(|draft| draft.purpose == Purpose::Progress)
        .ok_or(DraftError::NotFound)?;
    let plan = match draft.plan {
        Some(plan) => plan::store::load(tx, permit.scope(), plan).await?,
        None => None,
    }
    .filter(|plan| plan.state == PlanState::Active)
    .ok_or(DraftError::NotFound)?;
    let content: Content = store::content(tx, id).await?.ok_or(DraftError::NotFound)?;
    let directory = organ::directory(tx, plan.government).await?;
    let known = reimport::known(tx, plan.id).await?;
    let matches = match_rows(&content.rows, &known, &directory);
    Ok(Preview {
        draft,
        plan,
        rows: content.rows,
        matches,
        known,
        directory,
    })
}

/// Makes reports of the chosen rows (numbers from 0).
///
/// # Errors
/// Refused when nothing that matched was chosen; stale when the draft or a report changed in the meantime.
pub async fn apply(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
    version: i64,
    chosen: &BTreeSet<usize>,
    rule: WhenNothingPends,
) -> Result<PlanId, DraftError> {
    let mut preview = preview(tx, permit, id).await?;
    if preview.draft.state != DraftState::Open {
        return Err(DraftError::Refused(vec![
            "这份台账已经导入或作废。".to_owned(),
        ]));
    }
    if preview.draft.version != version {
        return Err(StoreError::Stale.into());
    }
    let mut parts: BTreeMap<AssignmentId, (Assignment, Vec<&LedgerRow>)> = BTreeMap::new();
    let rows = preview.rows.iter().zip(&preview.matches).enumerate();
    for (_, (row, found)) in rows.filter(|(nth, _)| chosen.contains(nth)) {
        for assignment in &found.assignments {
            let part = parts
                .entry(assignment.id)
                .or_insert_with(|| (assignment.clone(), Vec::new()));
            part.1.push(row);
        }
    }
    if parts.is_empty() {
        return Err(DraftError::Refused(vec![
            "没有选中能对应到分工的行，没有导入任何进展。请选中至少一行。".to_owned(),
        ]));
    }
    let reasons = too_long(parts.values());
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let plan = preview.plan;
    for (assignment, rows) in parts.values() {
        insert(tx, permit, (&plan, assignment), rows, rule).await?;
    }
    store::set_state(tx, &mut preview.draft, DraftState::Confirmed, Some(plan.id)).await?;
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
            "draft": id,
            "file": preview.draft.file,
            "rows": chosen.len(),
            "assignments": parts.keys().collect::<Vec<_>>(),
        })),
    );
    Ok(plan.id)
}

/// What several rows say of one part, each text once.
fn joined(rows: &[&LedgerRow], part: fn(&LedgerRow) -> &str) -> String {
    let mut texts: Vec<&str> = rows.iter().map(|row| part(row)).collect();
    texts.retain(|text| !text.is_empty());
    texts.dedup();
    texts.join("\n")
}

/// Nothing is cut: what a report cannot hold is named.
fn too_long<'p>(parts: impl Iterator<Item = &'p (Assignment, Vec<&'p LedgerRow>)>) -> Vec<String> {
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

async fn insert(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    (plan, assignment): (&Plan, &Assignment),
    rows: &[&LedgerRow],
    rule: WhenNothingPends,
) -> Result<(), StoreError> {
    let (done_text, pending_text) = (
        joined(rows, |row| &row.done),
        joined(rows, |row| &row.pending),
    );
    let nothing_pends = matches!(pending_text.trim_end_matches('。'), "" | "无" | "已完成");
    let outcome = match rule {
        WhenNothingPends::Done if nothing_pends && !done_text.is_empty() => Outcome::Done,
        WhenNothingPends::Done | WhenNothingPends::InProgress => Outcome::InProgress,
    };
    let sequence = report::store::versions(tx, assignment.id)
        .await?
        .first()
        .map_or(1, |last| last.sequence + 1);
    let report = Report {
        id: ReportId::new(crate::fresh(tx.now())),
        assignment: assignment.id,
        sequence,
        based_on: assignment.report,
        content: report::Content {
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
        },
        author: permit.actor().account(),
        author_name: AUTHOR.to_owned(),
        created_at: tx.now().as_millisecond(),
    };
    report::store::insert(tx, &report, assignment.task).await
}
