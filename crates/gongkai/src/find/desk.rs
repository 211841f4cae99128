//! `/workspace/search`: what people did not find, and what the office recommends.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use jiff::Span;
use serde::Deserialize;

use super::acts::ManageSearch;
use super::pick::{self, Pick};
use super::store;

const PATH: &str = "/workspace/search";
const DAYS: i64 = 90;
const MISSED_MAX: i64 = 100;
const PICKS_MAX: i64 = 500;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    words: String,
    title: String,
    address: String,
}

#[derive(Template)]
#[template(path = "find/desk.html")]
struct DeskPage {
    shell: Shell,
    missed: Vec<store::Missed>,
    picks: Vec<Pick>,
    typed: Typed,
    errors: FormErrors,
}

impl DeskPage {
    fn days(&self) -> i64 {
        DAYS
    }

    /// Somebody looked in vain on a site beside the main one.
    fn has_sites(&self) -> bool {
        self.missed.iter().any(|one| !one.site.is_empty())
    }

    fn adds(&self, words: &str) -> String {
        gongkai_platform::web::address(PATH, &[("words", words)])
    }
}

async fn built(
    app: &App,
    shell: Shell,
    (typed, errors): (Typed, FormErrors),
) -> Result<DeskPage, Problem> {
    let from = app.today().saturating_sub(Span::new().days(DAYS));
    let (missed, picks) = app
        .db
        .read(async |tx: &mut Tx| {
            Ok::<_, StoreError>((
                store::missed(tx, from, MISSED_MAX).await?,
                store::picks(tx, PICKS_MAX).await?,
            ))
        })
        .await?;
    Ok(DeskPage {
        shell,
        missed,
        picks,
        typed,
        errors,
    })
}

/// `GET /workspace/search?words=`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ManageSearch>,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    page(&built(&app, shell, (typed, FormErrors::default())).await?)
}

/// `POST /workspace/search/picks`
pub(super) async fn add(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSearch>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let said = (typed.words.trim(), typed.title.trim(), typed.address.trim());
    let done = app
        .db
        .write(async |tx: &mut Tx| pick::add(tx, &permit, said).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(PATH, "已推荐，公众检索时立即可见。")),
        Err(NotDone::Refused(reasons)) => {
            let errors = form_errors(reasons);
            let shown = page(&built(&app, shell, (typed, errors)).await?)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/search/picks/{id}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<ManageSearch>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let gone = app
        .db
        .write(async |tx: &mut Tx| pick::remove(tx, &permit, &id).await)
        .await?;
    Ok(redirect_with(
        PATH,
        &format!("不再推荐“{}”。要恢复，请重新填写。", gone.title),
    ))
}
