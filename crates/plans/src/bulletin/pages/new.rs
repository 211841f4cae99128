//! Choosing the facts of a bulletin.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use crate::acts::DraftBulletin;
use crate::bulletin::assemble;
use crate::bulletin::facts::{FACTS_MAX, Fact, by_unit, gather};
use crate::bulletin::{BulletinKind, FactKind};
use crate::step::{StepError, form_errors};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    fact: Vec<String>,
}

impl Asked {
    fn kind(&self) -> BulletinKind {
        BulletinKind::from_code(&self.kind).unwrap_or(BulletinKind::Criticism)
    }
}

#[derive(Template)]
#[template(path = "bulletin/new.html")]
struct NewPage {
    shell: Shell,
    kind: BulletinKind,
    units: Vec<(OrganId, String, Vec<Fact>)>,
    chosen: Vec<String>,
    errors: FormErrors,
}

impl NewPage {
    fn kinds(&self) -> Vec<BulletinKind> {
        BulletinKind::ALL.to_vec()
    }

    /// The kinds of facts of which only the first are offered.
    fn cut(&self) -> Vec<&'static str> {
        let facts = || self.units.iter().flat_map(|(_, _, facts)| facts);
        let many = |kind: &FactKind| {
            let of = |fact: &&Fact| fact.reference.kind == kind.code();
            i64::try_from(facts().filter(of).count()).is_ok_and(|n| n >= FACTS_MAX)
        };
        let kinds = FactKind::ALL.iter().filter(|kind| many(kind));
        kinds.map(|kind| kind.name()).collect()
    }

    fn is_chosen(&self, fact: &Fact) -> bool {
        self.chosen.contains(&fact.reference.field())
    }
}

async fn facts(
    app: &App,
    permit: &Permit<DraftBulletin>,
    kind: BulletinKind,
) -> Result<Vec<Fact>, Problem> {
    let today = app.today();
    Ok(app
        .db
        .read(async |tx: &mut Tx| gather(tx, permit.scope(), kind, today).await)
        .await?)
}

/// `GET /workspace/bulletins/new`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let kind = asked.kind();
    page(&NewPage {
        shell,
        kind,
        units: by_unit(facts(&app, &permit, kind).await?),
        chosen: asked.fact,
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/bulletins/new`
pub(super) async fn draft(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let kind = asked.kind();
    let all = facts(&app, &permit, kind).await?;
    let (chosen, rest): (Vec<Fact>, Vec<Fact>) = all
        .into_iter()
        .partition(|fact| asked.fact.contains(&fact.reference.field()));
    let today = app.today();
    let taken = chosen.clone();
    let done = app
        .db
        .write(async |tx: &mut Tx| assemble::draft(tx, &permit, kind, taken, today).await)
        .await;
    match done {
        Ok(bulletin) => Ok(redirect_with(
            &format!("/workspace/bulletins/{}", bulletin.id),
            "通报已起草，只有本办看得到。逐句核对后送审批。",
        )),
        Err(StepError::Refused(reasons)) => {
            let mut response = page(&NewPage {
                shell,
                kind,
                units: by_unit([chosen, rest].concat()),
                chosen: asked.fact,
                errors: form_errors(reasons),
            })?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
