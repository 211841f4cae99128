//! The sheet that goes out, and the same rows as they stand when it comes back.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId, ReportId};
use gongkai_office::form::{FillForm, FillRow};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};

use super::ROWS_MAX;
use super::code::RowCode;
use super::compare::Known;
use crate::ledger::store::{Own, own_page, own_reports};
use crate::ledger::{AssignmentRow, due_text};
use crate::report::{Outcome, Report};

const TITLE: &str = "政务公开工作任务填报表";

/// The open tasks of a scope, what is not done first, each with its versions.
pub(super) async fn known(
    tx: &mut Tx,
    scope: &Scope,
    today: Date,
) -> Result<Vec<(AssignmentRow, Known)>, StoreError> {
    let most = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX);
    let rows = own_page(tx, scope, &Own::default(), today, (0, most)).await?;
    let mut reports: BTreeMap<AssignmentId, (Vec<Report>, Option<ReportId>)> = BTreeMap::new();
    for (report, in_force) in own_reports(tx, scope, today).await? {
        let of = reports.entry(report.assignment).or_default();
        if in_force {
            of.1 = Some(report.id);
        }
        of.0.push(report);
    }
    let organs: BTreeSet<_> = rows.iter().map(|row| row.organ).collect();
    let several = Several {
        organs: organs.len() > 1,
        plans: rows.iter().map(|row| (row.plan_year, row.plan)).collect(),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let (reports, in_force) = reports.remove(&row.id).unwrap_or_default();
            let known = Known {
                assignment: row.id,
                item: item(&row, &several),
                due_text: due_text(&row.deadlines, row.due_on),
                reports,
                in_force,
            };
            (row, known)
        })
        .collect())
}

/// What the rows of one sheet may come from.
struct Several {
    /// More than one organ.
    organs: bool,
    /// Each plan with its year.
    plans: BTreeSet<(i64, PlanId)>,
}

impl Several {
    /// The plan of a row where the sheet has rows of several: by its year, and by its title where that has several.
    fn plan(&self, row: &AssignmentRow) -> Option<String> {
        let of_year = self.plans.iter().filter(|(year, _)| *year == row.plan_year);
        match of_year.count() {
            _ if self.plans.len() < 2 => None,
            1 => Some(format!("{}年", row.plan_year)),
            _ => Some(row.plan_title.clone()),
        }
    }
}

/// Two rows of two organs may be one task, two plans have the same numbers and often the same words: then each names its own.
/// It is one bracket, which is left out where a sheet is compared.
fn item(row: &AssignmentRow, several: &Several) -> String {
    let number = row
        .number
        .map_or_else(String::new, |number| format!("{number}. "));
    let organ = several.organs.then(|| row.organ_name.clone());
    let whose: Vec<String> = several.plan(row).into_iter().chain(organ).collect();
    let whose = if whose.is_empty() {
        String::new()
    } else {
        format!("〔{}〕", whose.join("，"))
    };
    format!("{whose}{number}{}", row.text)
}

/// The sheet for these rows.
pub(super) fn form(known: &[(AssignmentRow, Known)], today: Date) -> FillForm {
    let units: BTreeSet<&str> = known
        .iter()
        .map(|(row, _)| row.organ_name.as_str())
        .collect();
    let rows = known.iter().map(|(row, known)| {
        let current = known.current();
        let text = |field: fn(&Report) -> &str| {
            current.map_or_else(String::new, |report| field(report).to_owned())
        };
        FillRow {
            code: RowCode::of(row.id, current.map_or(0, |report| report.sequence)).to_string(),
            item: known.item.clone(),
            due_text: known.due_text.clone(),
            done: text(|report| &report.content.done_text),
            pending: text(|report| &report.content.pending_text),
            outcome: text(|report| report.content.outcome.name()),
            planned_on: current.and_then(|report| report.content.planned_on),
            no_evidence_why: text(|report| &report.content.no_evidence_why),
        }
    });
    FillForm {
        title: TITLE.to_owned(),
        unit: units.into_iter().collect::<Vec<_>>().join("、"),
        made_on: today,
        outcomes: Outcome::ALL
            .iter()
            .map(|outcome| outcome.name().to_owned())
            .collect(),
        rows: rows.collect(),
    }
}
