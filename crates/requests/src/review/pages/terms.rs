//! Within how many days an organ answers reviews and suits.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::TERMS;
use crate::acts::{SetReviews, ViewReviews};
use crate::pages::{overtaken, refuse};
use crate::reach;
use crate::review::{AnswerDays, handle, store};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organ: String,
    version: i64,
    review_days: String,
    simple_days: String,
    suit_days: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "review/terms.html")]
struct TermsPage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    organ: OrganId,
    days: AnswerDays,
    /// May who looks at it set it for this organ?
    may_set: bool,
    /// Somebody else saved while this was typed.
    overtaken: bool,
    errors: FormErrors,
}

impl TermsPage {
    fn is_organ(&self, id: &OrganId) -> bool {
        self.organ == *id
    }
}

async fn shown(
    app: &App,
    (shell, permit): (Shell, &Permit<ViewReviews>),
    wanted: Option<OrganId>,
) -> Result<TermsPage, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let Some((organs, organ)) = reach::chosen(tx, &scope, wanted).await? else {
                return Ok::<_, StoreError>(None);
            };
            let days = store::answer_days(tx, organ).await?;
            let may_set = reach::handles::<SetReviews>(tx, &shell, organ).await?;
            Ok(Some((organs, organ, days, may_set)))
        })
        .await?;
    let (organs, organ, days, may_set) = found.ok_or_else(Problem::not_found)?;
    Ok(TermsPage {
        shell,
        organs,
        organ,
        days,
        may_set,
        overtaken: false,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/requests/reviews/terms?organ=…`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReviews>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&shown(&app, (shell, &permit), asked.organ.parse().ok()).await?)
}

/// `POST /workspace/requests/reviews/terms`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    viewing: Permit<ViewReviews>,
    permit: Permit<SetReviews>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let organ: OrganId = typed
        .organ
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let number = |text: &str| text.trim().parse().unwrap_or(0);
    let days = AnswerDays {
        review: number(&typed.review_days),
        simple: number(&typed.simple_days),
        suit: number(&typed.suit_days),
        basis: typed.basis.trim().to_owned(),
        version: typed.version,
    };
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::set_answer_days(tx, &permit, organ, &days).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("{TERMS}?organ={organ}"),
            "答复期限已设置，未答复的复议、诉讼按新的期限计算。",
        )),
        Err(NotDone::Refused(reasons)) => {
            let mut page = shown(&app, (shell, &viewing), Some(organ)).await?;
            page.days = days;
            page.errors = form_errors(reasons);
            refuse(&page)
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let mut page = shown(&app, (shell, &viewing), Some(organ)).await?;
            page.overtaken = true;
            // Who has read that and saves again means it.
            let version = page.days.version;
            page.days = AnswerDays { version, ..days };
            overtaken(&page)
        }
        Err(error) => Err(error.into()),
    }
}
