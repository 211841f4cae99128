//! 《……落实及“回头看”工作台账》: the form of the annex, one for each unit.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_office::form::{LedgerForm, LedgerRow};

use crate::carried::Carried;
use crate::ledger::{AssignmentRow, due_text};
use crate::plan::Plan;
use crate::when;

/// One form for each unit, in the order of the rows, which stand together by unit. 填报人 is who reported last, with the
/// contact from their account. What was carried over from last year stands beside the task in which it goes on, else in a
/// row of its own; a unit that has nothing but such matters has a form, too.
#[must_use]
pub fn forms(
    plan: &Plan,
    rows: &[AssignmentRow],
    contacts: &BTreeMap<AccountId, String>,
    (carried, today): (&[Carried], Date),
) -> Vec<LedgerForm> {
    let mut waiting: BTreeMap<OrganId, Vec<&Carried>> = BTreeMap::new();
    for matter in carried {
        waiting.entry(matter.organ).or_default().push(matter);
    }
    let mut forms: Vec<LedgerForm> = rows
        .chunk_by(|a, b| a.organ == b.organ)
        .map(|unit| {
            let organ = unit.first().map(|row| row.organ);
            let carried = organ.and_then(|organ| waiting.remove(&organ));
            one(plan, unit, contacts, (&carried.unwrap_or_default(), today))
        })
        .collect();
    // In the order in which they were carried over.
    for matter in carried {
        if let Some(carried) = waiting.remove(&matter.organ) {
            forms.push(LedgerForm {
                rows: carried.iter().map(|matter| alone(matter, today)).collect(),
                ..empty(plan, &matter.organ_name)
            });
        }
    }
    forms
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

fn one(
    plan: &Plan,
    unit: &[AssignmentRow],
    contacts: &BTreeMap<AccountId, String>,
    (carried, today): (&[&Carried], Date),
) -> LedgerForm {
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
        rows: with_carried(unit, carried, today),
        ..empty(plan, name)
    }
}

/// The rows of a unit with what was carried over: beside its task, or after all others.
fn with_carried(unit: &[AssignmentRow], carried: &[&Carried], today: Date) -> Vec<LedgerRow> {
    let goes_on = |matter: &&&Carried| unit.iter().any(|row| Some(row.task) == matter.task);
    let mut rows: Vec<LedgerRow> = unit
        .iter()
        .map(|row| {
            let mut line = line(row);
            let here: Vec<&&Carried> = carried
                .iter()
                .filter(|matter| matter.task == Some(row.task))
                .collect();
            if !here.is_empty() {
                let join = |text: &dyn Fn(&Carried) -> String| {
                    let texts: Vec<String> = here.iter().map(|matter| text(matter)).collect();
                    Some(texts.join("\n"))
                };
                line.review = join(&|matter| matter.review_text(today));
                line.rectification = join(&Carried::rectification_text);
            }
            line
        })
        .collect();
    rows.extend(
        carried
            .iter()
            .filter(|matter| !goes_on(matter))
            .map(|matter| alone(matter, today)),
    );
    rows
}

/// A matter of last year that goes on in no task of this year.
fn alone(matter: &Carried, today: Date) -> LedgerRow {
    LedgerRow {
        unit: matter.organ_name.clone(),
        item: "（上年度未完成事项）".to_owned(),
        done: String::new(),
        pending: String::new(),
        due_text: String::new(),
        review: Some(matter.review_text(today)),
        rectification: Some(matter.rectification_text()),
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
