//! `/workspace/requests/limits`: within how many working days an organ handles 更正 and 投诉.

use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Route, Shell, page, redirect_with,
};
use serde::Deserialize;

use super::{OwnLimit, Proof, set, store};
use crate::acts::{SetLimits, ViewRequests};
use crate::pages::{overtaken, refuse};
use crate::reach;

const PATH: &str = "/workspace/requests/limits";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::act::<ViewRequests, _, _>(Method::GET, PATH, ask),
        Route::act::<SetLimits, _, _>(Method::POST, PATH, save),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    organ: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Typed {
    organ: String,
    version: i64,
    correction_days: String,
    complaint_days: String,
    basis: String,
    proof: String,
}

#[derive(Template)]
#[template(path = "requests/limits.html")]
struct LimitsPage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    organ: OrganId,
    /// What holds; its version is that of the organ's own setting.
    limit: OwnLimit,
    /// The organ above whose setting it is.
    from: Option<String>,
    /// May who looks at it set it for this organ?
    may_set: bool,
    /// Somebody else saved while this was typed.
    overtaken: bool,
    errors: FormErrors,
}

impl LimitsPage {
    fn proofs(&self) -> Vec<(&'static str, &'static str)> {
        Proof::options()
    }

    fn is_organ(&self, id: &OrganId) -> bool {
        self.organ == *id
    }
}

async fn shown(
    app: &App,
    (shell, permit): (Shell, &Permit<ViewRequests>),
    wanted: Option<OrganId>,
) -> Result<LimitsPage, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let Some((organs, organ)) = reach::chosen(tx, &scope, wanted).await? else {
                return Ok::<_, StoreError>(None);
            };
            let holds = store::in_force(tx, organ).await?;
            let may_set = reach::handles::<SetLimits>(tx, &shell, organ).await?;
            Ok(Some((organs, organ, holds, may_set)))
        })
        .await?;
    let (organs, organ, holds, may_set) = found.ok_or_else(Problem::not_found)?;
    let above = holds.set_by.filter(|(id, _)| *id != organ);
    let from = above.map(|(_, name)| name);
    Ok(LimitsPage {
        shell,
        organs,
        organ,
        limit: OwnLimit {
            version: if from.is_some() {
                0
            } else {
                holds.limit.version
            },
            ..holds.limit
        },
        from,
        may_set,
        overtaken: false,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/requests/limits?organ=…`
async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&shown(&app, (shell, &permit), asked.organ.parse().ok()).await?)
}

/// `POST /workspace/requests/limits`
async fn save(
    State(app): State<App>,
    shell: Shell,
    viewing: Permit<ViewRequests>,
    permit: Permit<SetLimits>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let organ: OrganId = typed
        .organ
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let number = |text: &str| text.trim().parse().unwrap_or(0);
    let limit = OwnLimit {
        correction: number(&typed.correction_days),
        complaint: number(&typed.complaint_days),
        basis: typed.basis.trim().to_owned(),
        proof: Proof::from_code(&typed.proof).unwrap_or(Proof::Later),
        version: typed.version,
    };
    let done = app
        .db
        .write(async |tx: &mut Tx| set(tx, &permit, organ, &limit).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("{PATH}?organ={organ}"),
            "本机关办理期限已设置，用于以后收到的更正申请和投诉举报；已经收到的期限不变。身份证明的要求从现在起用于网上申请。",
        )),
        Err(NotDone::Refused(reasons)) => {
            let mut page = shown(&app, (shell, &viewing), Some(organ)).await?;
            page.limit = limit;
            page.errors = form_errors(reasons);
            refuse(&page)
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let mut page = shown(&app, (shell, &viewing), Some(organ)).await?;
            page.overtaken = true;
            // Who has read that and saves again means it.
            let version = page.limit.version;
            page.limit = OwnLimit { version, ..limit };
            overtaken(&page)
        }
        Err(error) => Err(error.into()),
    }
}
