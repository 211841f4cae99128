//! `/workspace/search`: what people did not find, what the office recommends, and what it says means the same.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, page, redirect_with, refuse,
};
use jiff::Span;
use serde::Deserialize;

use super::acts::ManageSearch;
use super::pick::{self, Pick};
use super::same::{self, Same};
use super::{Finder, Finding, store};

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
    /// Words that mean the same.
    same: String,
}

#[derive(Template)]
#[template(path = "find/desk.html")]
struct DeskPage {
    shell: Shell,
    missed: Vec<store::Missed>,
    picks: Vec<Pick>,
    synonyms: Vec<Same>,
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

    fn adds_same(&self, words: &str) -> String {
        let words = words.split_whitespace().collect::<String>();
        let filled = gongkai_platform::web::address(PATH, &[("same", words.as_str())]);
        format!("{}#same", filled.trim_end_matches('&'))
    }
}

async fn built(
    app: &App,
    shell: Shell,
    (typed, errors): (Typed, FormErrors),
) -> Result<DeskPage, Problem> {
    let from = app.today().saturating_sub(Span::new().days(DAYS));
    let (missed, picks, synonyms) = app
        .db
        .read(async |tx: &mut Tx| {
            Ok::<_, StoreError>((
                store::missed(tx, from, MISSED_MAX).await?,
                store::picks(tx, PICKS_MAX).await?,
                store::synonyms(tx, same::GROUPS_MAX).await?,
            ))
        })
        .await?;
    Ok(DeskPage {
        shell,
        missed,
        picks,
        synonyms,
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
            refuse(&built(&app, shell, (typed, errors)).await?)
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

/// `POST /workspace/search/same`
pub(super) async fn add_same(
    State(app): State<App>,
    finder: Finding,
    shell: Shell,
    permit: Permit<ManageSearch>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let done = app
        .db
        .write(async |tx: &mut Tx| same::add(tx, &permit, typed.same.trim()).await)
        .await;
    match done {
        Ok(()) => {
            learn(&app, &finder).await;
            Ok(redirect_with(
                PATH,
                "已加入，检索和输入提示现在就按这一组词查找。",
            ))
        }
        Err(NotDone::Refused(reasons)) => {
            let errors = form_errors(reasons);
            refuse(&built(&app, shell, (typed, errors)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/search/same/{id}/remove`
pub(super) async fn remove_same(
    State(app): State<App>,
    finder: Finding,
    permit: Permit<ManageSearch>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let gone = app
        .db
        .write(async |tx: &mut Tx| same::remove(tx, &permit, &id).await)
        .await?;
    learn(&app, &finder).await;
    let said = format!("已删去“{}”，不再互相代替。", gone.shown());
    Ok(redirect_with(PATH, &said))
}

/// The change stands; where the index cannot be told now, it learns of it with the next look at the chain.
async fn learn(app: &App, finder: &Finder) {
    if let Err(error) = same::learn(app, finder).await {
        tracing::warn!(%error, "the search did not learn what means the same");
    }
}
