//! 预览与确认: what confirming would do, why it cannot be done yet, and doing it; and taking the import back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Target};
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::answer::{At, Step, open, steps};
use super::{draft_id, plan_id};
use crate::acts::ImportPlan;
use crate::draft::confirm::{Loaded, Twin};
use crate::draft::content::Meta;
use crate::draft::effects::{Effects, effects, why_not_confirm};
use crate::draft::upper::{self, Above};
use crate::draft::{Draft, Purpose, came_in, confirm as confirming, undo as undoing};
use crate::notify;
use crate::plan::{Plan, PlanState};

/// What keeping an upper plan would do.
#[derive(Template)]
#[template(path = "import/confirm_upper.html")]
struct UpperPage {
    shell: Shell,
    steps: Vec<Step>,
    draft: Draft,
    meta: Meta,
    tasks: usize,
    above: Above,
    reasons: Vec<String>,
    /// Upper plans that this may be once more.
    twins: Vec<Plan>,
}

#[derive(Template)]
#[template(path = "import/confirm.html")]
struct ConfirmPage {
    shell: Shell,
    steps: Vec<Step>,
    draft: Draft,
    meta: Meta,
    effects: Effects,
    units: Vec<Unit>,
    without_unit: usize,
    reasons: Vec<String>,
    /// The document's issuer, where it belongs to another government than the office that imports.
    foreign: Option<String>,
    /// Units in which nobody has been appointed.
    unanswered: usize,
    /// Plans in the ledger that this may be once more.
    twins: Vec<Plan>,
}

struct Unit {
    name: String,
    /// Somebody there hears of the tasks and can report.
    answered: bool,
    counts: [usize; 3],
    total: usize,
}

/// `GET /workspace/import/{id}/confirm`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let loaded = open(&app, &permit, id).await?;
    if loaded.draft.purpose == Purpose::Reimport {
        return Ok(Redirect::to(&format!("/workspace/import/{id}/changes")).into_response());
    }
    if loaded.draft.purpose == Purpose::Upper {
        return show_upper(&app, shell, loaded).await;
    }
    let effects = effects(&loaded.content, &loaded.directory);
    let organs: Vec<OrganId> = effects.by_organ.iter().map(|(id, _)| *id).collect();
    let (unanswered, foreign, twins) = app
        .db
        .read(async |tx: &mut Tx| {
            let unanswered = notify::unanswered(tx, &organs).await?;
            let twins = confirming::twins(tx, &loaded).await?;
            Ok::<_, StoreError>((unanswered, foreign(tx, &loaded).await?, twins))
        })
        .await?;
    let units = effects
        .by_organ
        .iter()
        .filter_map(|(id, counts)| {
            let entry = loaded.directory.entry(*id)?;
            Some(Unit {
                name: entry.name.clone(),
                answered: !unanswered.contains(id),
                counts: *counts,
                total: counts.iter().sum(),
            })
        })
        .collect();
    page(&ConfirmPage {
        shell,
        steps: steps(id, loaded.draft.purpose, At::Last),
        reasons: why_not_confirm(&loaded.content, &loaded.directory),
        units,
        foreign,
        unanswered: unanswered.len(),
        twins,
        without_unit: effects
            .tasks
            .iter()
            .filter(|planned| planned.is_empty())
            .count(),
        effects,
        meta: loaded.content.meta,
        draft: loaded.draft,
    })
}

async fn show_upper(app: &App, shell: Shell, loaded: Loaded) -> Result<Response, Problem> {
    let issuer = loaded.content.meta.issuer.as_deref();
    let (above, twins) = app
        .db
        .read(async |tx: &mut Tx| {
            let from = (issuer, &loaded.directory);
            let above = upper::above(tx, loaded.government, from).await?;
            Ok::<_, StoreError>((above, confirming::twins(tx, &loaded).await?))
        })
        .await?;
    page(&UpperPage {
        shell,
        steps: steps(loaded.draft.id, loaded.draft.purpose, At::Last),
        reasons: upper::why_not_keep(&loaded.content, &above),
        tasks: loaded.content.tasks.len(),
        above,
        twins,
        meta: loaded.content.meta,
        draft: loaded.draft,
    })
}

/// A plan of a county under a city's own hand would give its tasks to the city's units.
async fn foreign(tx: &mut Tx, loaded: &Loaded) -> Result<Option<String>, StoreError> {
    let Some(name) = &loaded.content.meta.issuer else {
        return Ok(None);
    };
    let found = loaded.directory.find(name).into_iter().next();
    let Some(Target::Organ(issuer)) = found.map(|found| found.target) else {
        return Ok(None);
    };
    let government = organ::government_of(tx, issuer).await?;
    Ok((government != Some(loaded.government)).then(|| name.clone()))
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    version: i64,
    /// It is another plan than the one that looks like it.
    #[serde(default)]
    another: String,
}

/// `POST /workspace/import/{id}/confirm`
pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let twin = if form.another.is_empty() {
        Twin::Refused
    } else {
        Twin::Another
    };
    let plan = app
        .db
        .write(async |tx: &mut Tx| confirming::confirm(tx, &permit, (id, form.version), twin).await)
        .await?;
    came_in(&app.db, plan.id).await;
    let said = match plan.state {
        PlanState::Upper => "上级方案已保存，可以与本级方案对照了。",
        PlanState::Active | PlanState::Undone => "方案已确认，任务和分工已进入台账。",
    };
    Ok(redirect_with(&format!("/workspace/import/{id}"), said))
}

/// `POST /workspace/plans/{id}/undo-import`
pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = plan_id(&id)?;
    app.db
        .write(async |tx: &mut Tx| undoing::undo(tx, &permit, id).await)
        .await?;
    Ok(redirect_with(
        "/workspace/import",
        "整个导入已撤销，草稿重新打开，可以继续修改。",
    ))
}
