//! The form of 机构信息: what the public reads of one organ.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::acts::EditOrgans;
use super::super::profile::{self, Profile, Words, store};
use super::super::{Organ, OrganError};
use super::view::{editable_organ, organ_id};
use crate::access::Permit;
use crate::db::Tx;
use crate::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with, refuse};

/// What the form sends; also what it shows again after a mistake.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    duties: String,
    sections: String,
    address: String,
    hours: String,
    phone: String,
    leaders: String,
    credit_code: String,
    house_code: String,
    version: i64,
}

impl Typed {
    fn of(profile: Profile) -> Self {
        let words = profile.words;
        Self {
            duties: words.duties,
            sections: words.sections,
            address: words.address,
            hours: words.hours,
            phone: words.phone,
            leaders: words.leaders,
            credit_code: words.credit_code,
            house_code: words.house_code,
            version: profile.version,
        }
    }

    fn words(&self) -> Words {
        let text = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        Words {
            duties: text(&self.duties),
            sections: text(&self.sections),
            address: text(&self.address),
            hours: text(&self.hours),
            phone: text(&self.phone),
            leaders: text(&self.leaders),
            credit_code: text(&self.credit_code).to_uppercase(),
            house_code: text(&self.house_code),
        }
    }
}

#[derive(Template)]
#[template(path = "organ/profile.html")]
struct FormPage {
    shell: Shell,
    organ: Organ,
    typed: Typed,
    errors: FormErrors,
}

async fn load(
    app: &App,
    permit: &Permit<EditOrgans>,
    id: &str,
) -> Result<(Organ, Profile), Problem> {
    let id = organ_id(id)?;
    app.db
        .read(async |tx: &mut Tx| {
            let (organ, _) = editable_organ(tx, permit, id).await?;
            let profile = store::load(tx, id).await?;
            Ok::<_, OrganError>((organ, profile))
        })
        .await
        .map_err(Problem::from)
}

/// `GET /workspace/organs/{id}/profile`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (organ, profile) = load(&app, &permit, &id).await?;
    page(&FormPage {
        shell,
        organ,
        typed: Typed::of(profile),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/organs/{id}/profile`
pub(super) async fn change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let (organ, _) = load(&app, &permit, &id).await?;
    let (of, words) = ((organ.id, typed.version), typed.words());
    let done = app
        .db
        .write(async |tx: &mut Tx| profile::change(tx, &permit, of, words.clone()).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/organs/{}", organ.id),
            &format!("“{}”的机构信息已保存，公众页面随即更新。", organ.name),
        )),
        Err(OrganError::Form(errors)) => refuse(&FormPage {
            shell,
            organ,
            typed,
            errors,
        }),
        Err(error) => Err(error.into()),
    }
}
