//! “公开吗？” for one release, and the list of what several people asked for.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::refuse;
use crate::acts::{TakeRequests, ViewRequests};
use crate::id::RequestId;
use crate::publication::{self, Choice, Cluster, Publication, store};
use crate::reach;
use crate::request::{Request, store as requests};
use gongkai_platform::fault::{NotDone, form_errors};

/// Releases that are looked through for clusters: the newest.
const RELEASES_MAX: i64 = 2_000;

#[derive(Template)]
#[template(path = "requests/publication.html")]
struct PublicationPage {
    shell: Shell,
    request: Request,
    choice: String,
    why: String,
    published_at: String,
    errors: FormErrors,
}

impl PublicationPage {
    fn choices(&self) -> Vec<(&'static str, &'static str)> {
        Choice::options()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    choice: String,
    why: String,
    published_at: String,
}

async fn load(
    app: &App,
    permit: &Permit<TakeRequests>,
    id: RequestId,
) -> Result<(Request, Option<Publication>), Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            match requests::load(tx, &scope, id).await? {
                None => Ok::<_, StoreError>(None),
                Some(case) => Ok(Some((case.request, store::load(tx, id).await?))),
            }
        })
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/requests/{id}/publication`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let (request, decided) = load(&app, &permit, id).await?;
    page(&PublicationPage {
        shell,
        request,
        choice: decided
            .as_ref()
            .map_or("yes", |one| one.choice.code())
            .to_owned(),
        why: decided
            .as_ref()
            .map_or_else(String::new, |one| one.why.clone()),
        published_at: decided.map_or_else(String::new, |one| one.published_at),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/requests/{id}/publication`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Path(id): Path<RequestId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let (request, _) = load(&app, &permit, id).await?;
    let Some(choice) = Choice::from_code(&typed.choice) else {
        return Err(Problem::new(Problem::BAD_REQUEST));
    };
    let (today, calendar) = (app.today(), app.calendar());
    let what = (
        choice,
        typed.why.trim().to_owned(),
        typed.published_at.trim().to_owned(),
    );
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            publication::decide(tx, &permit, id, what, (today, &calendar)).await
        })
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/requests/{id}"),
            &format!("已登记：{}。", choice.name()),
        )),
        Err(NotDone::Refused(reasons)) => refuse(&PublicationPage {
            shell,
            request,
            choice: typed.choice,
            why: typed.why,
            published_at: typed.published_at,
            errors: form_errors(reasons),
        }),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "requests/suggestions.html")]
struct SuggestionsPage {
    shell: Shell,
    clusters: Vec<Cluster>,
    decided: BTreeMap<String, Publication>,
    may_decide: bool,
}

impl SuggestionsPage {
    /// What was decided about any case of a cluster.
    fn decision(&self, cluster: &Cluster) -> Option<&Publication> {
        let of = |request: &Request| self.decided.get(&request.id.to_string());
        cluster.requests.iter().find_map(of)
    }
}

/// `GET /workspace/requests/suggestions`
pub(super) async fn suggestions(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
) -> Result<Response, Problem> {
    let (releases, decided) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            store::releases(tx, &scope, RELEASES_MAX).await
        })
        .await?;
    page(&SuggestionsPage {
        may_decide: shell.may(&TakeRequests::ROW),
        shell,
        clusters: publication::clusters(releases),
        decided,
    })
}
