//! Putting a plan's state on the portal, or taking it off.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::PlanId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use crate::acts::PublishProgress;
use crate::plan::Plan;
use crate::progress::publish::{self, PublishError, Words};
use crate::progress::{Published, Snapshot, store};
use crate::when;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    words: String,
}

#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    shell: Shell,
    plan: Plan,
    snapshot: Snapshot,
    published: Option<Published>,
    /// Tasks were changed after that; the public page says so.
    changed: Option<i64>,
}

impl ProgressPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::NotFound => Self::not_found(),
            PublishError::NothingPublished => {
                Self::refused(vec!["这个方案的进展没有在门户公布，不用撤下。".to_owned()])
            }
            PublishError::Store(error) => error.into(),
        }
    }
}

/// `GET /workspace/plans/{id}/progress`: what would be public.
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<PublishProgress>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (plan, snapshot, (published, changed)) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((plan, snapshot)) =
                publish::preview(tx, &permit, id, (Words::Include, today)).await?
            else {
                return Ok(None);
            };
            let published = store::current(tx, id)
                .await?
                .map(|(published, _)| published);
            let changed = match &published {
                Some(published) => store::changed_since(tx, id, published.at).await?,
                None => None,
            };
            Ok::<_, StoreError>(Some((plan, snapshot, (published, changed))))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&ProgressPage {
        shell,
        plan,
        snapshot,
        published,
        changed,
    })
}

/// `POST /workspace/plans/{id}/progress`
pub(super) async fn publish(
    State(app): State<App>,
    permit: Permit<PublishProgress>,
    Path(id): Path<PlanId>,
    Form(choice): Form<Choice>,
) -> Result<Response, Problem> {
    let words = if choice.words == "include" {
        Words::Include
    } else {
        Words::DatesOnly
    };
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| publish::publish(tx, &permit, id, (words, today)).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/plans/{id}/progress"),
        "已在门户公布。",
    ))
}

/// `POST /workspace/plans/{id}/progress/withdraw`
pub(super) async fn withdraw(
    State(app): State<App>,
    permit: Permit<PublishProgress>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| publish::withdraw(tx, &permit, id).await)
        .await?;
    Ok(redirect_with(
        &format!("/workspace/plans/{id}/progress"),
        "已从门户撤下。",
    ))
}
