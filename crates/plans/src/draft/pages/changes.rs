//! 比对与更正: what a corrected document changes, and which of it is taken over.

use gongkai_platform::diff::Piece;
use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::organ::Directory;
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::answer::{At, Step, steps};
use super::draft_id;
use crate::acts::ImportPlan;
use crate::draft::compare::{Change, Difference, HeadChange};
use crate::draft::effects::why_not_confirm;
use crate::draft::reimport::{self, Correction, HEAD, compared};
use crate::draft::{Draft, DraftState};
use crate::plan::Plan;

#[derive(Template)]
#[template(path = "import/changes.html")]
struct ChangesPage {
    shell: Shell,
    steps: Vec<Step>,
    draft: Draft,
    plan: Plan,
    reasons: Vec<String>,
    head: Vec<HeadChange>,
    new: Vec<Row>,
    changed: Vec<Row>,
    gone: Vec<Row>,
    same: usize,
}

struct Row {
    code: String,
    text: String,
    pieces: Vec<Piece>,
    /// What changed besides the wording, one sentence each.
    facts: Vec<String>,
    /// Reports that stay readable when this is taken over.
    reports: usize,
    /// The ledger had the same task and it was cancelled.
    cancelled: bool,
    is_gone: bool,
}

impl ChangesPage {
    /// Chosen by the person; on a fresh page, what is proposed: all but what needs a thought.
    fn chosen(&self, row: &Row) -> bool {
        let again = &self.shell.again;
        if again.is_empty() {
            let would_lose_reports = row.is_gone && row.reports > 0;
            !row.cancelled && !would_lose_reports
        } else {
            again.has("change", &row.code)
        }
    }

    fn chose_head(&self) -> bool {
        self.shell.again.is_empty() || self.shell.again.has("change", HEAD)
    }
}

/// `GET /workspace/import/{id}/changes`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let correction = app
        .db
        .read(async |tx: &mut Tx| compared(tx, &permit, id).await)
        .await?;
    if correction.loaded.draft.state != DraftState::Open {
        return Err(Problem::not_found());
    }
    let (mut new, mut changed, mut gone, mut same) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for change in &correction.changes {
        match change {
            Change::New { draft } => new.push(new_row(&correction, change, *draft)),
            Change::Changed {
                known, difference, ..
            } => changed.push(changed_row(&correction, change, *known, difference)),
            Change::Gone { known } => gone.push(gone_row(&correction, change, *known)),
            Change::Same { .. } => same += 1,
        }
    }
    page(&ChangesPage {
        shell,
        steps: steps(id, correction.loaded.draft.purpose, At::Last),
        reasons: why_not_confirm(&correction.loaded.content, &correction.loaded.directory),
        draft: correction.loaded.draft,
        plan: correction.plan,
        head: correction.head,
        new,
        changed,
        gone,
        same,
    })
}

fn organ_name(directory: &Directory, id: OrganId) -> String {
    directory
        .entry(id)
        .map_or_else(|| "名录外机关".to_owned(), |entry| entry.name.clone())
}

fn new_row(correction: &Correction, change: &Change, draft: usize) -> Row {
    let directory = &correction.loaded.directory;
    let planned = correction.planned.get(draft).map_or(&[][..], Vec::as_slice);
    let units: Vec<String> = planned
        .iter()
        .map(|plan| {
            format!(
                "{}（{}）",
                organ_name(directory, plan.organ),
                plan.duty.name()
            )
        })
        .collect();
    Row {
        code: change.code(&correction.loaded.content, &correction.known),
        text: correction
            .loaded
            .content
            .tasks
            .get(draft)
            .map_or_else(String::new, |task| task.text.clone()),
        pieces: Vec::new(),
        facts: vec![format!("单位：{}", units.join("、"))],
        reports: 0,
        cancelled: correction
            .loaded
            .content
            .tasks
            .get(draft)
            .is_some_and(|task| correction.cancelled.contains(task.text.trim())),
        is_gone: false,
    }
}

fn changed_row(
    correction: &Correction,
    change: &Change,
    known: usize,
    difference: &Difference,
) -> Row {
    let directory = &correction.loaded.directory;
    let mut facts = Vec::new();
    if let Some((before, after)) = &difference.heading {
        facts.push(format!("所属部分：{before} → {after}"));
    }
    for (name, fact) in [
        ("编号", &difference.number),
        ("时限", &difference.dates),
        ("数量", &difference.quantities),
    ] {
        if let Some((before, after)) = fact {
            facts.push(format!("{name}：{before} → {after}"));
        }
    }
    for plan in &difference.added {
        facts.push(format!(
            "增加单位：{}（{}）",
            organ_name(directory, plan.organ),
            plan.duty.name()
        ));
    }
    for (organ, duty) in &difference.removed {
        facts.push(format!(
            "去掉单位：{}（{}）",
            organ_name(directory, *organ),
            duty.name()
        ));
    }
    for (organ, before, after) in &difference.duties {
        facts.push(format!(
            "{}：{} → {}",
            organ_name(directory, *organ),
            before.name(),
            after.name()
        ));
    }
    Row {
        pieces: difference.text.clone().unwrap_or_default(),
        facts,
        is_gone: false,
        ..gone_row(correction, change, known)
    }
}

fn gone_row(correction: &Correction, change: &Change, known: usize) -> Row {
    let known = correction.known.get(known);
    Row {
        code: change.code(&correction.loaded.content, &correction.known),
        text: known.map_or_else(String::new, |known| known.task.text.clone()),
        pieces: Vec::new(),
        facts: Vec::new(),
        reports: known.map_or(0, |known| {
            known
                .assignments
                .iter()
                .filter(|assignment| assignment.report.is_some())
                .count()
        }),
        cancelled: false,
        is_gone: true,
    }
}

#[derive(Deserialize)]
pub(super) struct ApplyForm {
    version: i64,
    #[serde(default)]
    change: Vec<String>,
}

/// `POST /workspace/import/{id}/changes`
pub(super) async fn apply(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<ApplyForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let chosen: BTreeSet<String> = form.change.into_iter().collect();
    app.db
        .write(async |tx: &mut Tx| reimport::apply(tx, &permit, id, form.version, &chosen).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}"),
        "选中的改动已进入台账，已有填报都保留。",
    ))
}
