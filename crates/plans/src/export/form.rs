//! 《……落实及“回头看”工作台账》: the form of the annex, one for each unit.

use std::collections::BTreeMap;

use gongkai_basis::id::AccountId;
use gongkai_office::form::{LedgerForm, LedgerRow};

use crate::ledger::{AssignmentRow, due_text};
use crate::plan::Plan;
use crate::when;

/// One form for each unit, in the order of the rows, which stand together by unit. 填报人 is who reported last, with the
/// contact from their account.
#[must_use]
pub fn forms(
    plan: &Plan,
    rows: &[AssignmentRow],
    contacts: &BTreeMap<AccountId, String>,
) -> Vec<LedgerForm> {
    rows.chunk_by(|a, b| a.organ == b.organ)
        .map(|unit| one(plan, unit, contacts))
        .collect()
}

/// The whole title of the form.
#[must_use]
pub fn title(plan: &Plan) -> String {
    format!("{}落实及“回头看”工作台账", plan.title)
}

/// An empty form of a unit that has no part in the plan, to be filled in by hand.
#[must_use]
pub fn empty(plan: &Plan, unit: &str) -> LedgerForm {
    LedgerForm {
        title: title(plan),
        unit: unit.to_owned(),
        filled_on: None,
        filled_by: String::new(),
        contact: String::new(),
        rows: Vec::new(),
    }
}

fn one(plan: &Plan, unit: &[AssignmentRow], contacts: &BTreeMap<AccountId, String>) -> LedgerForm {
    let name = unit.first().map_or("", |row| row.organ_name.as_str());
    let newest = unit
        .iter()
        .filter_map(|row| row.latest.as_ref())
        .max_by_key(|latest| latest.at);
    LedgerForm {
        filled_on: newest.and_then(|latest| when::civil_day(latest.at)),
        filled_by: newest.map_or_else(String::new, |latest| latest.author_name.clone()),
        contact: newest
            .and_then(|latest| latest.author)
            .and_then(|author| contacts.get(&author).cloned())
            .unwrap_or_default(),
        rows: unit.iter().map(line).collect(),
        ..empty(plan, name)
    }
}

fn line(row: &AssignmentRow) -> LedgerRow {
    let latest = row.latest.as_ref();
    let pending = latest.map_or_else(String::new, |latest| match latest.planned_on {
        Some(date) if !latest.pending_text.is_empty() => format!(
            "{}（计划{}年{}月{}日前完成）",
            latest.pending_text,
            date.year(),
            date.month(),
            date.day()
        ),
        Some(_) | None => latest.pending_text.clone(),
    });
    LedgerRow {
        unit: row.organ_name.clone(),
        item: row.text.clone(),
        done: latest.map_or_else(String::new, |latest| latest.done_text.clone()),
        pending,
        due_text: due_text(&row.deadlines, row.due_on),
        review: None,
        rectification: None,
    }
}
