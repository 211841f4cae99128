//! The list of changes, and one change with its comparison, approval and undoing.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, Paging, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use crate::acts::{DecideChange, ProposeChange};
use crate::approval;
use crate::change::decide::{self, why_not_undo};
use crate::change::describe::{Described, describe};
use crate::change::effects::Effects;
use crate::change::{Change, ChangeError, ChangeId, ChangeState, store};
use crate::draft::store::proposal::{self, Waiting};
use crate::plan::{self, Plan};
use crate::when;

/// Corrections that wait and stand above the changes; an office has one or two of them a year.
const CORRECTIONS_SHOWN_MAX: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    page: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Why {
    why: String,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage {
    shell: Shell,
    state: Option<ChangeState>,
    /// Changes and corrections.
    waiting: i64,
    /// Corrections that wait, where the list holds what waits.
    corrections: Vec<Waiting>,
    changes: Vec<Change>,
    paging: Paging,
}

impl ChangesPage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn tabs(&self) -> Vec<(&'static str, &'static str, bool)> {
        let mut tabs = vec![("", "全部", self.state.is_none())];
        tabs.extend(
            ChangeState::ALL
                .iter()
                .map(|state| (state.code(), state.name(), self.state == Some(*state))),
        );
        tabs
    }

    fn address(&self) -> String {
        format!("?state={}&page=", self.state.map_or("", ChangeState::code))
    }
}

/// `GET /workspace/changes`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let state = ChangeState::from_code(&filter.state);
    let (waiting, corrections, paging, changes) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = permit.scope();
            let total = store::count(tx, scope, state).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let changes = store::list(tx, scope, state, (paging.offset(), paging.rows())).await?;
            let corrections = proposal::waiting(tx, scope, CORRECTIONS_SHOWN_MAX).await?;
            let waiting = store::count(tx, scope, Some(ChangeState::Proposed)).await?
                + i64::try_from(corrections.len()).unwrap_or(i64::MAX);
            let corrections = match state {
                None | Some(ChangeState::Proposed) => corrections,
                Some(ChangeState::Approved | ChangeState::Rejected | ChangeState::Undone) => {
                    Vec::new()
                }
            };
            Ok::<_, StoreError>((waiting, corrections, paging, changes))
        })
        .await?;
    page(&ChangesPage {
        shell,
        state,
        waiting,
        corrections,
        changes,
        paging,
    })
}

#[derive(Template)]
#[template(path = "change.html")]
struct ChangePage {
    shell: Shell,
    change: Change,
    plan: Plan,
    lines: Vec<Described>,
    may_decide: bool,
    /// Who can, by name.
    heads: Vec<String>,
    /// Why it cannot take effect, or be undone, now.
    hindrances: Vec<String>,
}

impl ChangePage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn is(&self, code: &str) -> bool {
        self.change.state.code() == code
    }
}

/// `GET /workspace/changes/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ProposeChange>,
    Path(id): Path<ChangeId>,
) -> Result<Response, Problem> {
    let (change, plan, lines, hindrances, heads) = app
        .db
        .read(async |tx: &mut Tx| {
            let change = store::load(tx, permit.scope(), id)
                .await?
                .ok_or(ChangeError::NotFound)?;
            let plan = plan::store::find(tx, change.plan)
                .await?
                .ok_or(ChangeError::NotFound)?;
            let hindrances = match change.state {
                ChangeState::Proposed => Effects::of(tx, &plan, &change.operations).await?.refusals,
                ChangeState::Approved => why_not_undo(tx, &change.previous).await?,
                ChangeState::Rejected | ChangeState::Undone => Vec::new(),
            };
            let lines = describe(tx, &change.operations, &change.previous).await?;
            let heads = approval::heads(tx, plan.organ).await?;
            Ok::<_, ChangeError>((change, plan, lines, hindrances, heads))
        })
        .await?;
    page(&ChangePage {
        may_decide: shell.may(&DecideChange::ROW),
        shell,
        change,
        plan,
        lines,
        heads,
        hindrances,
    })
}

fn back(change: &Change, sentence: &str) -> Response {
    redirect_with(&format!("/workspace/changes/{}", change.id), sentence)
}

/// `POST /workspace/changes/{id}/approve`
pub(super) async fn approve(
    State(app): State<App>,
    permit: Permit<DecideChange>,
    Path(id): Path<ChangeId>,
) -> Result<Response, Problem> {
    let change = app
        .db
        .write(async |tx: &mut Tx| decide::approve(tx, &permit, id).await)
        .await?;
    Ok(back(
        &change,
        &format!("已批准，{}已生效。", change.kind.name()),
    ))
}

/// `POST /workspace/changes/{id}/reject`
pub(super) async fn reject(
    State(app): State<App>,
    permit: Permit<DecideChange>,
    Path(id): Path<ChangeId>,
    Form(form): Form<Why>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    let change = app
        .db
        .write(async |tx: &mut Tx| decide::reject(tx, &permit, id, &why).await)
        .await?;
    Ok(back(&change, "已退回，台账没有改动。"))
}

/// `POST /workspace/changes/{id}/undo`
pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit<DecideChange>,
    Path(id): Path<ChangeId>,
    Form(form): Form<Why>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    let change = app
        .db
        .write(async |tx: &mut Tx| decide::undo(tx, &permit, id, &why).await)
        .await?;
    Ok(back(&change, "已撤销，台账恢复到变更之前。"))
}
