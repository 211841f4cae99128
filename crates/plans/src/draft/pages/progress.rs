//! 台账进展: each row of an existing ledger with what it was matched to, page by page, before anything is written; and the
//! way back.

pub(super) mod row;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::id::DraftId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Paging, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::draft_id;
use crate::acts::ImportPlan;
use crate::draft::progress::matching::Standing;
use crate::draft::progress::{
    self, Applied, LedgerRow, Pick, Picked, Preview, WhenNothingPends, preview,
};
use crate::draft::source::place_name;
use crate::draft::{Draft, DraftState};
use crate::plan::Plan;

#[derive(Template)]
#[template(path = "import/progress.html")]
struct ProgressPage {
    shell: Shell,
    draft: Draft,
    plan: Plan,
    counts: Counts,
    paging: Paging,
    /// The rows of this page, by how sure they are.
    matched: Vec<Row>,
    doubtful: Vec<Row>,
    unmatched: Vec<Row>,
    /// What was chosen on pages before.
    picked: Picked,
}

/// How many rows there are in the whole ledger.
struct Counts {
    matched: usize,
    doubtful: usize,
    unmatched: usize,
    /// Matched without doubt, on pages that were not sent and are not this one.
    elsewhere: usize,
}

impl ProgressPage {
    /// Chosen by the person; on a fresh page, what was left so or is matched without doubt.
    fn chosen(&self, row: &Row) -> bool {
        let again = &self.shell.again;
        if again.is_empty() {
            row.ticked
        } else {
            again.has("row", &row.nth.to_string())
        }
    }

    fn is_done(&self) -> bool {
        let again = &self.shell.again;
        if again.is_empty() {
            self.picked.rule == WhenNothingPends::Done
        } else {
            again.text("outcome") != "in_progress"
        }
    }

    fn takes_rest(&self) -> bool {
        let again = &self.shell.again;
        if again.is_empty() {
            self.picked.rest
        } else {
            again.has("rest", "1")
        }
    }

    /// Is there anything to choose from, to look at on other pages, or to find a task for?
    fn has_form(&self) -> bool {
        self.has_any() || self.has_pages() || !self.unmatched.is_empty()
    }

    /// Is there anything that can be imported?
    fn has_any(&self) -> bool {
        self.counts.matched + self.counts.doubtful > 0
    }

    fn has_pages(&self) -> bool {
        self.paging.previous().is_some() || self.paging.next().is_some()
    }
}

struct Row {
    /// From 0, as the form sends it.
    nth: usize,
    ticked: bool,
    /// What the row would come to, as the form sends it back.
    seen: String,
    row: LedgerRow,
    place: String,
    task: String,
    organs: Vec<String>,
    /// A person chose the task.
    by_hand: bool,
    notes: Vec<String>,
}

impl Row {
    /// Chosen by a person, or in doubt: another task may be meant.
    fn may_be_another(&self) -> bool {
        self.by_hand || !self.notes.is_empty()
    }
}

#[derive(Deserialize)]
pub(super) struct PageQuery {
    page: Option<i64>,
}

/// `GET /workspace/import/{id}/progress?page=2`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let preview = preview(&app, &permit, id).await?;
    if preview.draft.state != DraftState::Open {
        return Ok(Redirect::to(&format!("/workspace/import/{id}")).into_response());
    }
    // What a person has to look at comes first.
    let order = [Standing::Doubtful, Standing::Matched, Standing::Unmatched];
    let all: Vec<usize> = order
        .into_iter()
        .flat_map(|of| rows(&preview, of))
        .collect();
    let (here, paging) = Paging::of(query.page, all);
    let shown = |of: Standing| -> Vec<Row> {
        let here = here.iter().copied();
        here.filter(|nth| standing(&preview, *nth) == Some(of))
            .filter_map(|nth| row(&preview, nth))
            .collect()
    };
    let matched = rows(&preview, Standing::Matched);
    let unsent = |nth: &&usize| !here.contains(*nth) && !preview.picked.rows.contains_key(*nth);
    page(&ProgressPage {
        counts: Counts {
            matched: matched.len(),
            doubtful: rows(&preview, Standing::Doubtful).len(),
            unmatched: rows(&preview, Standing::Unmatched).len(),
            elsewhere: matched.iter().filter(unsent).count(),
        },
        paging,
        matched: shown(Standing::Matched),
        doubtful: shown(Standing::Doubtful),
        unmatched: shown(Standing::Unmatched),
        shell,
        draft: preview.draft.clone(),
        plan: preview.plan.clone(),
        picked: preview.picked.clone(),
    })
}

fn standing(preview: &Preview, nth: usize) -> Option<Standing> {
    preview.matches.get(nth).map(|found| found.standing)
}

/// The numbers of the rows that stand so, in the ledger's order.
fn rows(preview: &Preview, of: Standing) -> Vec<usize> {
    let all = preview.matches.iter().enumerate();
    all.filter(|(_, found)| found.standing == of)
        .map(|(nth, _)| nth)
        .collect()
}

fn row(preview: &Preview, nth: usize) -> Option<Row> {
    let (row, found) = (preview.rows.get(nth)?, preview.matches.get(nth)?);
    Some(Row {
        nth,
        ticked: preview.picked.proposes(nth, (found, &preview.known)),
        seen: found.seen(&preview.known),
        row: row.clone(),
        place: place_name(row.place),
        task: found
            .task
            .and_then(|task| preview.known.get(task))
            .map_or_else(String::new, |known| known.task.text.clone()),
        organs: found
            .assignments(&preview.known)
            .filter_map(|assignment| preview.directory.entry(assignment.organ))
            .map(|entry| entry.name.clone())
            .collect(),
        by_hand: found.by_hand,
        notes: found.notes.clone(),
    })
}

/// What a page sends: `version`, `row=3` for what is ticked, `seen-3=…` for what was shown, `outcome`, `rest`, and which button
/// was pressed: `step` or `choose`, from `page`.
#[derive(Default)]
struct Sent {
    version: i64,
    picked: Picked,
    page: i64,
    then: Then,
}

/// What follows when a page was sent.
#[derive(Default)]
enum Then {
    #[default]
    Import,
    /// To another page.
    Turn(i64),
    /// To the choice of a task for a row.
    Choose(usize),
}

impl Then {
    /// Where it leads; `None` where the rows are imported.
    fn address(&self, id: DraftId, page: i64) -> Option<String> {
        let progress = format!("/workspace/import/{id}/progress");
        match self {
            Self::Import => None,
            Self::Turn(to) => Some(format!("{progress}?page={to}")),
            Self::Choose(row) => Some(format!("{progress}/{row}?back={page}")),
        }
    }
}

impl Sent {
    fn of(fields: &[(String, String)]) -> Self {
        let mut sent = Self::default();
        let mut rows: BTreeMap<usize, Pick> = BTreeMap::new();
        sent.picked.rest = false;
        for (name, value) in fields {
            match name.as_str() {
                "version" => sent.version = value.parse().unwrap_or_default(),
                "outcome" if value != "done" => sent.picked.rule = WhenNothingPends::InProgress,
                "rest" => sent.picked.rest = value == "1",
                "page" => sent.page = value.parse().unwrap_or_default(),
                "step" => sent.then = value.parse().map(Then::Turn).unwrap_or_default(),
                "choose" => sent.then = value.parse().map(Then::Choose).unwrap_or_default(),
                name => {
                    let nth = name.strip_prefix("seen-").and_then(|nth| nth.parse().ok());
                    if let Some(nth) = nth {
                        let seen = value.clone();
                        rows.insert(nth, Pick { taken: false, seen });
                    }
                }
            }
        }
        // A tick for a row that was not shown says nothing about what the person saw, and refuses the import.
        let ticked = fields.iter().filter(|(name, _)| name == "row");
        for nth in ticked.filter_map(|(_, value)| value.parse().ok()) {
            let pick = rows.entry(nth).or_insert_with(|| Pick {
                taken: true,
                seen: String::new(),
            });
            pick.taken = true;
        }
        sent.picked.rows = rows;
        sent
    }
}

/// `POST /workspace/import/{id}/progress`: keeps what was chosen and turns the page or goes to the choice of a task, or
/// imports.
pub(super) async fn apply(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let sent = Sent::of(&fields);
    let chosen = (sent.version, sent.picked);
    if let Some(next) = sent.then.address(id, sent.page) {
        app.db
            .upkeep(async |tx: &mut Tx| progress::keep(tx, &permit, id, chosen).await)
            .await?;
        return Ok(Redirect::to(&next).into_response());
    }
    let Applied { rows, parts } = progress::apply(&app, &permit, id, chosen).await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}"),
        &format!("已导入{rows}行，成为{parts}项分工的填报，作者记为“导入”；有关单位已收到消息。"),
    ))
}

/// `POST /workspace/import/{id}/undo-progress`
pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let parts = app
        .db
        .write(async |tx: &mut Tx| progress::undo(tx, &permit, id).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}"),
        &format!("已撤销：{parts}项分工恢复为导入以前，台账重新打开，可以改选后再导入。"),
    ))
}
