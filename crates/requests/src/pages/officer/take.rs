//! 登记收到的申请: over the counter, by word of mouth, by post, fax or e-mail.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{Filled, Kept};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page, redirect_with};
use uuid::Uuid;

use crate::acts::TakeRequests;
use crate::pages::refuse;
use crate::pages::typed::{Asks, Typed};
use crate::reach;
use crate::request::submit;
use crate::request::{ApplicantKind, Channel, Form as Carrier, Kind, Way};
use gongkai_platform::access::Scope;
use gongkai_platform::fault::{NotDone, form_errors};

#[derive(Template)]
#[template(path = "requests/take.html")]
struct TakePage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    typed: Typed,
    kept: Vec<Kept>,
    errors: FormErrors,
}

impl TakePage {
    /// Who it is and how the reply comes is chosen on the same page.
    fn asks(&self) -> Asks {
        Asks::of(&self.typed, false)
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    fn channels(&self) -> Vec<(&'static str, &'static str)> {
        Channel::ALL
            .iter()
            .filter(|channel| **channel != Channel::Web)
            .map(|channel| (channel.code(), channel.name()))
            .collect()
    }

    fn applicants(&self) -> Vec<(&'static str, &'static str)> {
        ApplicantKind::options()
    }

    fn carriers(&self) -> Vec<(&'static str, &'static str)> {
        Carrier::options()
    }

    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        Way::options()
    }
}

async fn organs(
    app: &App,
    permit: &Permit<TakeRequests>,
) -> Result<Vec<(OrganId, String)>, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Scope::Organs { single, .. } = reach::handled(tx, permit.roles()).await? else {
                return Ok(Vec::new());
            };
            organ::store::load_all(tx, &single).await
        })
        .await?;
    Ok::<_, StoreError>(
        found
            .into_iter()
            .map(|organ| (organ.id, organ.name))
            .collect(),
    )
    .map_err(Problem::from)
}

/// `GET /workspace/requests/new`. No day is filled in: each may start the clock, and papers are often registered later.
pub(in crate::pages) async fn blank(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
) -> Result<Response, Problem> {
    let mut typed = Typed::default();
    for (name, value) in [
        ("token", Uuid::new_v4().to_string()),
        ("kind", "information".to_owned()),
        ("channel", "counter".to_owned()),
        ("applicant_kind", "natural".to_owned()),
        ("paper", "居民身份证".to_owned()),
        ("form", "paper".to_owned()),
        ("way", "pick_up".to_owned()),
    ] {
        typed.set(name, value);
    }
    page(&TakePage {
        organs: organs(&app, &permit).await?,
        shell,
        typed,
        kept: Vec::new(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/requests/new`
pub(in crate::pages) async fn take(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let account = permit.actor().account();
    let files = filled.attachments(&app, account, &mut errors).await?;
    let typed = Typed::of_filled(&filled);
    if let (Some(form), true) = (typed.form(&mut errors), errors.is_empty()) {
        let (today, calendar) = (app.today(), app.calendar());
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let (case, _) =
                    submit::take(tx, &permit, form.clone(), files, (today, &calendar)).await?;
                Ok::<_, NotDone>(case)
            })
            .await;
        match done {
            Ok(case) => {
                let place = format!("/workspace/requests/{}", case.request.id);
                let said = format!("已登记，编号{}。", case.request.number);
                return Ok(redirect_with(&place, &said));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&TakePage {
        organs: organs(&app, &permit).await?,
        shell,
        typed,
        kept: filled.kept(),
        errors,
    })
}
