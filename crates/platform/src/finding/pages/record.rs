//! The office records a finding that a person made, or that came from above.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::acts::HandleFinding;
use super::super::report::{Found, report};
use super::super::{FindingKind, Severity, Source, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::access::Permit;
use crate::attachment::Link;
use crate::db::{StoreError, Tx};
use crate::organ;
use crate::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
    kind: String,
    severity: String,
    source: String,
    title: String,
    detail: String,
    url: String,
    fix_due_on: String,
}

#[derive(Template)]
#[template(path = "finding/new.html")]
struct NewPage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    asked: Asked,
    errors: FormErrors,
}

impl NewPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        FindingKind::options()
    }

    fn severities(&self) -> Vec<(&'static str, &'static str)> {
        Severity::options()
    }

    fn sources(&self) -> Vec<(&'static str, &'static str)> {
        [Source::Person, Source::Bulletin]
            .iter()
            .map(|source| (source.code(), source.name()))
            .collect()
    }
}

/// The organs in use of the government that the office works for.
async fn organs(
    tx: &mut Tx,
    permit: &Permit<HandleFinding>,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut found = Vec::new();
    for held in permit.roles() {
        let Some(government) = organ::government_of(tx, held.organ).await? else {
            continue;
        };
        for organ in organ::all_below(tx, government).await? {
            if organ.is_active() && !found.iter().any(|(id, _)| *id == organ.id) {
                found.push((organ.id, organ.name));
            }
        }
    }
    Ok(found)
}

/// `GET /workspace/findings/new`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleFinding>,
) -> Result<Response, Problem> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| organs(tx, &permit).await)
        .await?;
    page(&NewPage {
        shell,
        organs,
        asked: Asked::default(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/findings/new`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleFinding>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| organs(tx, &permit).await)
        .await?;
    let office = permit.roles().first().map(|held| held.organ);
    let mut errors = FormErrors::default();
    let found = office.and_then(|office| read(&asked, &organs, office, app.today(), &mut errors));
    let Some(found) = found.filter(|_| errors.is_empty()) else {
        let mut response = page(&NewPage {
            shell,
            organs,
            asked,
            errors,
        })?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    let finding = app
        .db
        .write(async |tx: &mut Tx| {
            let key = format!("person:{}", tx.fresh());
            report(tx, permit.actor(), Found { key, ..found }).await
        })
        .await?;
    Ok(redirect_with(
        &format!("/workspace/findings/{}", finding.id),
        "问题已登记，责任单位可以看到了。",
    ))
}

fn read(
    asked: &Asked,
    organs: &[(OrganId, String)],
    office: OrganId,
    today: Date,
    errors: &mut FormErrors,
) -> Option<Found> {
    let name = asked.organ.trim();
    let organ = organs.iter().find(|(_, known)| known == name);
    if organ.is_none() {
        errors.add("organ", "请从列表中选择责任单位。");
    }
    let (title, detail) = (asked.title.trim(), asked.detail.trim());
    if title.is_empty() {
        errors.add("title", "请写明是什么问题。");
    } else if title.chars().count() > TITLE_CHARS_MAX {
        errors.add("title", format!("最多{TITLE_CHARS_MAX}字。"));
    }
    if detail.chars().count() > TEXT_CHARS_MAX {
        errors.add("detail", format!("最多{TEXT_CHARS_MAX}字。"));
    }
    let url = match asked.url.trim() {
        "" => None,
        text => match text.parse::<Link>() {
            Ok(link) => Some(link.as_str().to_owned()),
            Err(error) => {
                errors.add("url", error.to_string());
                None
            }
        },
    };
    let due = asked.fix_due_on.parse::<Date>().ok();
    match due {
        None => errors.add("fix_due_on", "请填写整改期限，如 2026-10-31。"),
        Some(due) if due < today => errors.add("fix_due_on", "整改期限不能早于今天。"),
        Some(_) => {}
    }
    Some(Found {
        organ: organ?.0,
        office,
        key: String::new(),
        kind: FindingKind::from_code(&asked.kind).unwrap_or(FindingKind::Other),
        severity: Severity::from_code(&asked.severity).unwrap_or(Severity::Minor),
        source: match asked.source.as_str() {
            "bulletin" => Source::Bulletin,
            _ => Source::Person,
        },
        title: title.to_owned(),
        detail: detail.to_owned(),
        url,
        about: None,
        found_on: today,
        fix_due_on: due,
    })
}
