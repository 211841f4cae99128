//! 索引号规则: the rule of a government, with what it would give before it is kept.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::acts::EditOrgans;
use gongkai_platform::organ::profile;
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, address, page, redirect_with,
};
use serde::Deserialize;

use crate::acts::KeepIndexScheme;
use crate::document::index_number::handle::{self, Next, Outlook};
use crate::document::index_number::{KNOWN, Scheme, USUAL};

const PAGE: &str = "/workspace/documents/index-numbers";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organ: String,
    scheme: Option<String>,
    version: i64,
    page: String,
}

#[derive(Template)]
#[template(path = "documents/index_scheme.html")]
struct SchemePage {
    shell: Shell,
    governments: Vec<(OrganId, String)>,
    government: (OrganId, String),
    /// What holds now, and whose rule that is; `None` for the usual one.
    in_force: (String, Option<String>),
    written: String,
    /// What is looked at is not what holds.
    is_trial: bool,
    version: i64,
    outlook: Option<Outlook>,
    paging: Paging,
    may_edit_organs: bool,
    errors: FormErrors,
}

impl SchemePage {
    fn known(&self) -> [(&'static str, &'static str); 5] {
        KNOWN
    }

    fn examples(&self) -> Vec<&Next> {
        let rows = |n: i64| usize::try_from(n).unwrap_or(0);
        let all = self.outlook.iter().flat_map(|outlook| &outlook.next);
        all.skip(rows(self.paging.offset()))
            .take(rows(self.paging.rows()))
            .collect()
    }

    /// The address of a page of the list; what is tried goes with it.
    fn address(&self) -> String {
        let organ = self.government.0.to_string();
        let tried = if self.is_trial {
            self.written.as_str()
        } else {
            ""
        };
        address(PAGE, &[("organ", organ.as_str()), ("scheme", tried)]) + "page="
    }
}

async fn shown(
    (app, shell): (&App, Shell),
    permit: &Permit<KeepIndexScheme>,
    (typed, errors): (Typed, FormErrors),
) -> Result<Response, Problem> {
    let today = app.today();
    let made = app
        .db
        .read(async |tx: &mut Tx| {
            let governments = handle::governments(tx, permit).await?;
            let asked = governments
                .iter()
                .find(|(id, _)| id.to_string() == typed.organ)
                .or(governments.first());
            let Some(government) = asked.cloned() else {
                return Ok(None);
            };
            let profile = profile::store::load(tx, government.0).await?;
            let above = profile::store::index_scheme(tx, government.0).await?;
            let in_force = match above {
                Some((of, rule)) if of == government.0 => (rule, Some(government.1.clone())),
                Some((of, rule)) => {
                    let organ = gongkai_platform::organ::store::load(tx, of).await?;
                    (rule, organ.map(|organ| organ.name))
                }
                None => (USUAL.to_owned(), None),
            };
            let written = typed.scheme.clone().unwrap_or_else(|| in_force.0.clone());
            let written = written.trim().to_owned();
            let outlook = match Scheme::read(&written) {
                Ok(scheme) => Some(handle::outlook(tx, government.0, &scheme, today).await?),
                Err(_) => None,
            };
            let total = outlook.as_ref().map_or(0, |outlook| outlook.next.len());
            let total = i64::try_from(total).unwrap_or(i64::MAX);
            Ok::<_, StoreError>(Some(SchemePage {
                paging: Paging::new(typed.page.parse().ok(), total),
                is_trial: written != in_force.0,
                may_edit_organs: shell.may(&EditOrgans::ROW),
                shell: shell.clone(),
                governments,
                government,
                in_force,
                written,
                version: profile.version,
                outlook,
                errors: errors.clone(),
            }))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let wrong = !made.errors.is_empty();
    let mut answer = page(&made)?;
    if wrong {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// `GET /workspace/documents/index-numbers?organ=…&scheme=…`: with a rule, what it would give; nothing is kept.
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepIndexScheme>,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    let faults = typed.scheme.as_deref().map(str::trim).map(Scheme::read);
    let mut errors = FormErrors::default();
    if let Some(Err(faults)) = faults {
        for fault in faults {
            errors.add("scheme", fault);
        }
    }
    shown((&app, shell), &permit, (typed, errors)).await
}

/// `POST /workspace/documents/index-numbers`
pub(super) async fn keep(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepIndexScheme>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let government: OrganId = typed.organ.parse().map_err(|_| Problem::not_found())?;
    let written = typed.scheme.clone().unwrap_or_default().trim().to_owned();
    let of = (government, typed.version);
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::set(tx, &permit, of, &written).await)
        .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &format!("{PAGE}?organ={government}"),
            "索引号规则已保存，从下一份发布的文件起使用；已经编好的索引号不变。",
        )),
        Err(NotDone::Refused(reasons)) => {
            shown((&app, shell), &permit, (typed, form_errors(reasons))).await
        }
        Err(error) => Err(error.into()),
    }
}
