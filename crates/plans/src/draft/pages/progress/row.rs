//! 选择任务: for a row of an existing ledger that its words do not tell, a person finds the task, page by page and by words,
//! with scripts or without.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::id::{DraftId, OrganId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::web::{
    self, App, Form, FormErrors, Paging, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use super::super::draft_id;
use super::Row;
use crate::acts::ImportPlan;
use crate::assignment::AssignmentState;
use crate::draft::compare::Known;
use crate::draft::progress::matching::candidates;
use crate::draft::progress::{self, Given, Preview, preview};
use crate::draft::{Draft, DraftError, DraftState};
use crate::plan::Plan;

/// Units of a task that its line names.
const UNITS_NAMED_MAX: usize = 8;

/// What was searched for and what was chosen; `back` is the page of rows from which the person came.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::draft::pages) struct Asked {
    text: String,
    page: String,
    back: String,
    version: String,
    task: String,
    organ: String,
    step: String,
}

/// A task that may be meant.
struct Candidate {
    id: String,
    /// `第3项`
    name: String,
    text: String,
    units: String,
    /// The units that the row names have a part in it.
    own: bool,
}

#[derive(Template)]
#[template(path = "import/progress_row.html")]
struct RowPage {
    shell: Shell,
    draft: Draft,
    plan: Plan,
    row: Row,
    asked: Asked,
    candidates: Vec<Candidate>,
    paging: Paging,
    /// The units that have a part in the plan, in the directory's order.
    organs: Vec<(OrganId, String)>,
    /// The task and the unit that are chosen; empty: none.
    chosen: String,
    organ: String,
    /// A person chose the task before.
    is_given: bool,
    errors: FormErrors,
}

impl RowPage {
    fn path(&self) -> String {
        format!(
            "/workspace/import/{}/progress/{}",
            self.draft.id, self.row.nth
        )
    }

    fn back(&self) -> String {
        back(self.draft.id, &self.asked)
    }

    fn address(&self) -> String {
        let parts = [
            ("back", self.asked.back.as_str()),
            ("text", self.asked.text.as_str()),
        ];
        web::address(&self.path(), &parts) + "page="
    }

    fn organ_choices(&self) -> Vec<(String, String)> {
        let named = format!("台账写的单位（{}）", self.row.row.units);
        let organs = self.organs.iter();
        let organs = organs.map(|(organ, name)| (organ.to_string(), name.clone()));
        std::iter::once((String::new(), named))
            .chain(organs)
            .collect()
    }
}

/// The page of rows from which the person came.
fn back(id: DraftId, asked: &Asked) -> String {
    let page: i64 = asked.back.parse().unwrap_or(1);
    format!("/workspace/import/{id}/progress?page={page}")
}

/// A row's number in an address; what is none is not found.
fn row_number(text: &str) -> Result<usize, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The open parts of a task, by their units' names in the directory's order, as far as anybody reads them.
fn units(task: &Known, preview: &Preview) -> String {
    let has_part = |organ: OrganId| {
        let mut parts = task.assignments.iter();
        parts.any(|part| part.state == AssignmentState::Open && part.organ == organ)
    };
    let entries = preview.directory.entries().iter();
    let names: Vec<&str> = entries
        .filter(|entry| has_part(entry.id))
        .map(|entry| entry.name.as_str())
        .collect();
    let more = if names.len() > UNITS_NAMED_MAX {
        format!("等{}个单位", names.len())
    } else {
        String::new()
    };
    let named: Vec<&str> = names.into_iter().take(UNITS_NAMED_MAX).collect();
    named.join("、") + &more
}

/// The units that have an open part in the plan, in the directory's order.
fn organs(preview: &Preview) -> Vec<(OrganId, String)> {
    let parts = preview.known.iter().flat_map(|task| &task.assignments);
    let open = parts.filter(|part| part.state == AssignmentState::Open);
    let open: BTreeSet<OrganId> = open.map(|part| part.organ).collect();
    let entries = preview.directory.entries().iter();
    entries
        .filter(|entry| open.contains(&entry.id))
        .map(|entry| (entry.id, entry.name.clone()))
        .collect()
}

fn build(shell: Shell, preview: &Preview, nth: usize, asked: Asked) -> Result<RowPage, Problem> {
    let row = super::row(preview, nth).ok_or_else(Problem::not_found)?;
    let given = preview.picked.given.get(&nth);
    let words = asked.text.trim();
    let all = candidates(&row.row, &preview.known, &preview.directory, words);
    let (here, paging) = Paging::of(asked.page.parse().ok(), all);
    let candidate = |(nth, own): (usize, bool)| {
        let task = preview.known.get(nth)?;
        Some(Candidate {
            id: task.task.id.to_string(),
            name: match task.task.number {
                Some(number) => format!("第{number}项"),
                None => "增设的任务".to_owned(),
            },
            text: task.task.text.clone(),
            units: units(task, preview),
            own,
        })
    };
    let before = given.map(|given| (given.task.to_string(), given.organs.first()));
    let (task, organ) = before.unwrap_or_default();
    Ok(RowPage {
        shell,
        draft: preview.draft.clone(),
        plan: preview.plan.clone(),
        candidates: here.into_iter().filter_map(candidate).collect(),
        paging,
        organs: organs(preview),
        chosen: task,
        organ: organ.map_or_else(String::new, OrganId::to_string),
        is_given: given.is_some(),
        row,
        asked,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/import/{id}/progress/{row}?text=…`
pub(in crate::draft::pages) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path((id, row)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (id, nth) = (draft_id(&id)?, row_number(&row)?);
    let preview = preview(&app, &permit, id).await?;
    if preview.draft.state != DraftState::Open {
        return Ok(Redirect::to(&format!("/workspace/import/{id}")).into_response());
    }
    page(&build(shell, &preview, nth, asked)?)
}

/// `POST /workspace/import/{id}/progress/{row}`: keeps the chosen task, or leaves it.
pub(in crate::draft::pages) async fn choose(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path((id, row)): Path<(String, String)>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (id, nth) = (draft_id(&id)?, row_number(&row)?);
    let version: i64 = asked.version.parse().unwrap_or_default();
    let to = back(id, &asked);
    if asked.step == "leave" {
        progress::leave(&app, &permit, (id, version), nth).await?;
        return Ok(redirect_with(
            &to,
            "已取消手工选定的任务，这一行重新按内容对应。",
        ));
    }
    let organ: Option<OrganId> = asked.organ.parse().ok();
    let organs: Vec<OrganId> = organ.into_iter().collect();
    let (field, reasons) = match asked.task.parse::<TaskId>() {
        Err(_) => ("task", vec!["请选择一项任务。".to_owned()]),
        Ok(task) => {
            let given = Given { task, organs };
            match progress::choose(&app, &permit, (id, version), (nth, given)).await {
                Ok(standing) => {
                    let sentence = format!(
                        "已选定任务，这一行列在“{}”里，已勾选，和其他行一并导入。",
                        standing.name()
                    );
                    return Ok(redirect_with(&to, &sentence));
                }
                Err(DraftError::Refused(reasons)) => ("organ", reasons),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let preview = preview(&app, &permit, id).await?;
    let (task, organ) = (asked.task.clone(), asked.organ.clone());
    let mut view = build(shell, &preview, nth, asked)?;
    (view.chosen, view.organ) = (task, organ);
    for reason in reasons {
        view.errors.add(field, reason);
    }
    refuse(&view)
}
