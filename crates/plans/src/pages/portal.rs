//! What everybody may read, without scripts and without an account: published snapshots, nothing else.

pub(super) mod open;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongkai_basis::id::PlanId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::Place;
use gongkai_platform::web::{App, Problem, Shell, page, stamp};

use super::download;
use crate::progress::{Published, Snapshot, Stands, store};
use crate::when;

#[derive(Template)]
#[template(path = "portal/plans.html")]
struct PlansPage {
    shell: Shell,
    years: Vec<(i64, Vec<Published>)>,
}

#[derive(Template)]
#[template(path = "portal/plan.html")]
struct PlanPage {
    shell: Shell,
    published: Published,
    snapshot: Snapshot,
    counts: Vec<(Stands, usize)>,
    address: String,
    /// The plan itself was changed after this was published.
    changed: Option<i64>,
}

impl PlansPage {
    fn day(&self, at: &i64) -> String {
        when::civil_day(*at).map_or_else(String::new, when::date)
    }
}

impl PlanPage {
    fn stamp(&self) -> String {
        stamp(self.published.at)
    }

    fn at(&self) -> String {
        when::moment(self.published.at)
    }

    fn date(&self, date: &gongkai_basis::Date) -> String {
        when::date(*date)
    }

    fn day(&self, at: &i64) -> String {
        when::civil_day(*at).map_or_else(String::new, when::date)
    }

    /// Does a section begin with this task?
    fn begins(&self, index: &usize) -> bool {
        let section = |n: usize| {
            self.snapshot
                .tasks
                .get(n)
                .and_then(|task| task.section.as_deref())
        };
        let above = index.checked_sub(1).and_then(section);
        section(*index).is_some() && section(*index) != above
    }
}

/// `GET /plans`
pub(super) async fn list(State(app): State<App>, shell: Shell) -> Result<Response, Problem> {
    let plans = app
        .db
        .read(async |tx: &mut Tx| store::list(tx, &shell.face.scope).await)
        .await?;
    let mut years: Vec<(i64, Vec<Published>)> = Vec::new();
    for plan in plans {
        match years.last_mut().filter(|(year, _)| *year == plan.year) {
            Some((_, list)) => list.push(plan),
            None => years.push((plan.year, vec![plan])),
        }
    }
    page(&PlansPage { shell, years })
}

/// `GET /plans/{id}` and `GET /plans/{id}.json`
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let (id, json) = match name.strip_suffix(".json") {
        Some(id) => (id, true),
        None => (name.as_str(), false),
    };
    let id: PlanId = id.parse().map_err(|_| Problem::not_found())?;
    let (published, snapshot, (organ, changed)) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((published, snapshot)) = store::current(tx, id).await? else {
                return Ok(None);
            };
            let organ = store::organ(tx, id).await?;
            let changed = store::changed_since(tx, id, published.at).await?;
            Ok::<_, StoreError>(Some((published, snapshot, (organ, changed))))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let canonical = match shell
        .face
        .place(&app, organ, &format!("/plans/{name}"))
        .await?
    {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    if json {
        let body = serde_json::to_vec_pretty(&snapshot).map_err(|error| {
            tracing::error!(%error, "snapshot cannot be written");
            Problem::new(Problem::INTERNAL)
        })?;
        return Ok(([(header::CONTENT_TYPE, download::JSON)], body).into_response());
    }
    shell.canonical = Some(canonical.clone());
    page(&PlanPage {
        counts: snapshot.counts(),
        address: canonical,
        shell,
        published,
        snapshot,
        changed,
    })
}
