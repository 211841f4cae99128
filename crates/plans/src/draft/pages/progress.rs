//! 台账进展: each row of an existing ledger with what it was matched to, before anything is written.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::draft_id;
use crate::acts::ImportPlan;
use crate::draft::progress::matching::Standing;
use crate::draft::progress::{self, LedgerRow, Preview, WhenNothingPends, preview};
use crate::draft::source::place_name;
use crate::draft::{Draft, DraftState};
use crate::plan::Plan;

#[derive(Template)]
#[template(path = "import/progress.html")]
struct ProgressPage {
    shell: Shell,
    draft: Draft,
    plan: Plan,
    matched: Vec<Row>,
    doubtful: Vec<Row>,
    unmatched: Vec<Row>,
}

impl ProgressPage {
    /// Chosen by the person; on a fresh page, what was matched without doubt.
    fn chosen(&self, row: &Row) -> bool {
        let again = &self.shell.again;
        if again.is_empty() {
            row.sure
        } else {
            again.has("row", &row.nth.to_string())
        }
    }

    fn is_done(&self) -> bool {
        self.shell.again.text("outcome") != "in_progress"
    }
}

struct Row {
    /// From 0, as the form sends it.
    nth: usize,
    sure: bool,
    row: LedgerRow,
    place: String,
    task: String,
    organs: Vec<String>,
    notes: Vec<String>,
}

/// `GET /workspace/import/{id}/progress`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let preview = app
        .db
        .read(async |tx: &mut Tx| preview(tx, &permit, id).await)
        .await?;
    if preview.draft.state != DraftState::Open {
        return Ok(Redirect::to(&format!("/workspace/import/{id}")).into_response());
    }
    let rows = |wanted: Standing| -> Vec<Row> {
        preview
            .matches
            .iter()
            .enumerate()
            .filter(|(_, found)| found.standing == wanted)
            .filter_map(|(nth, _)| row(&preview, nth))
            .collect()
    };
    page(&ProgressPage {
        matched: rows(Standing::Matched),
        doubtful: rows(Standing::Doubtful),
        unmatched: rows(Standing::Unmatched),
        shell,
        draft: preview.draft.clone(),
        plan: preview.plan.clone(),
    })
}

fn row(preview: &Preview, nth: usize) -> Option<Row> {
    let (row, found) = (preview.rows.get(nth)?, preview.matches.get(nth)?);
    Some(Row {
        nth,
        sure: found.standing == Standing::Matched,
        row: row.clone(),
        place: place_name(row.place),
        task: found
            .task
            .and_then(|task| preview.known.get(task))
            .map_or_else(String::new, |known| known.task.text.clone()),
        organs: found
            .assignments
            .iter()
            .filter_map(|assignment| preview.directory.entry(assignment.organ))
            .map(|entry| entry.name.clone())
            .collect(),
        notes: found.notes.clone(),
    })
}

#[derive(Deserialize)]
pub(super) struct ApplyForm {
    version: i64,
    #[serde(default)]
    row: Vec<usize>,
    #[serde(default)]
    outcome: String,
}

/// `POST /workspace/import/{id}/progress`
pub(super) async fn apply(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<ApplyForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let chosen: BTreeSet<usize> = form.row.into_iter().collect();
    let rule = if form.outcome == "done" {
        WhenNothingPends::Done
    } else {
        WhenNothingPends::InProgress
    };
    app.db
        .write(async |tx: &mut Tx| {
            progress::apply(tx, &permit, id, form.version, &chosen, rule).await
        })
        .await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}"),
        "选中的进展已导入台账，作者记为“导入”。",
    ))
}
