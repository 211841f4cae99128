//! The terms of an organ, one line for each kind of case.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::TERMS;
use crate::acts::{ApproveErasure, ViewRetention};
use crate::pages::{overtaken, refuse};
use crate::reach;
use crate::request::Kind;
use crate::retention::{Term, YEARS_MAX, handle, store};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organ: String,
    kind: String,
    version: i64,
    data_years: String,
    identity_years: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "retention/terms.html")]
struct TermsPage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    organ: OrganId,
    terms: Vec<Term>,
    /// The kind whose line was refused.
    wrong: Option<Kind>,
    /// Somebody else saved while this was typed.
    overtaken: bool,
    errors: FormErrors,
}

impl TermsPage {
    fn is_organ(&self, id: &OrganId) -> bool {
        self.organ == *id
    }

    fn may_set(&self) -> bool {
        self.shell.may(&ApproveErasure::ROW)
    }

    fn is_wrong(&self, term: &Term) -> bool {
        self.wrong == Some(term.kind)
    }

    fn most(&self) -> u16 {
        YEARS_MAX
    }
}

async fn shown(
    app: &App,
    (shell, permit): (Shell, &Permit<ViewRetention>),
    wanted: Option<OrganId>,
) -> Result<TermsPage, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some((organs, organ)) = reach::chosen(tx, &scope, wanted).await? else {
                return Ok::<_, StoreError>(None);
            };
            let terms = store::terms(tx, organ).await?;
            Ok(Some((organs, organ, terms)))
        })
        .await?;
    let (organs, organ, terms) = found.ok_or_else(Problem::not_found)?;
    Ok(TermsPage {
        shell,
        organs,
        organ,
        terms,
        wrong: None,
        overtaken: false,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/requests/retention/terms?organ=…`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRetention>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&shown(&app, (shell, &permit), asked.organ.parse().ok()).await?)
}

/// `POST /workspace/requests/retention/terms`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    viewing: Permit<ViewRetention>,
    permit: Permit<ApproveErasure>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let bad = || Problem::new(Problem::BAD_REQUEST);
    let organ: OrganId = typed.organ.parse().map_err(|_| bad())?;
    let years = |text: &str| text.trim().parse().unwrap_or(0);
    let term = Term {
        kind: Kind::from_code(&typed.kind).ok_or_else(bad)?,
        data_years: years(&typed.data_years),
        identity_years: years(&typed.identity_years),
        basis: typed.basis.trim().to_owned(),
        version: typed.version,
    };
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::set_term(tx, &permit, organ, &term).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("{TERMS}?organ={organ}"),
            "保存期限已设置。",
        )),
        Err(NotDone::Refused(reasons)) => {
            let mut page = shown(&app, (shell, &viewing), Some(organ)).await?;
            page.wrong = Some(term.kind);
            for one in &mut page.terms {
                if one.kind == term.kind {
                    one.clone_from(&term);
                }
            }
            page.errors = form_errors(reasons);
            refuse(&page)
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let mut page = shown(&app, (shell, &viewing), Some(organ)).await?;
            page.overtaken = true;
            for one in &mut page.terms {
                if one.kind == term.kind {
                    // Who has read that and saves again means it.
                    let version = one.version;
                    *one = Term {
                        version,
                        ..term.clone()
                    };
                }
            }
            overtaken(&page)
        }
        Err(error) => Err(error.into()),
    }
}
