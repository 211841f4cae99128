//! By when reports are due in the area of an office.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors, overtaken};
use gongkai_platform::organ::reach;
use gongkai_platform::organ::store as directory;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::{DUE, refuse};
use crate::acts::PrecheckReport;
use crate::due::{Day, Days, handle, store};

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
    departments: String,
    governments: String,
    towns: String,
    basis: String,
}

impl Typed {
    fn of(organ: OrganId, days: &Days) -> Self {
        Self {
            organ: organ.to_string(),
            version: days.version,
            departments: days.departments.to_string(),
            governments: days.governments.to_string(),
            towns: days.towns.to_string(),
            basis: days.basis.clone(),
        }
    }

    /// The days, or the fields that hold none.
    fn days(&self) -> Result<Days, NotDone> {
        let mut odd = Vec::new();
        let mut day = |field: &'static str, text: &str| match text.parse::<Day>() {
            Ok(day) => Some(day),
            Err(()) => {
                let said = "请写成月-日，并且每年都有这一天，例如02-20。";
                odd.push((field, said.to_owned()));
                None
            }
        };
        let (departments, governments, towns) = (
            day("departments", &self.departments),
            day("governments", &self.governments),
            day("towns", &self.towns),
        );
        match (departments, governments, towns) {
            (Some(departments), Some(governments), Some(towns)) => Ok(Days {
                departments,
                governments,
                towns,
                basis: self.basis.trim().to_owned(),
                version: self.version,
            }),
            _ => Err(NotDone::Refused(odd)),
        }
    }
}

#[derive(Template)]
#[template(path = "reports/due.html")]
struct DuePage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    typed: Typed,
    errors: FormErrors,
}

impl DuePage {
    fn is_organ(&self, id: &OrganId) -> bool {
        self.typed.organ == id.to_string()
    }
}

/// The areas of the offices that a person works in, and what was set for the one that is wanted.
async fn shown(
    app: &App,
    (shell, permit): (Shell, &Permit<PrecheckReport>),
    wanted: &str,
) -> Result<DuePage, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let mut organs = Vec::new();
            for base in reach::governed(tx, permit.roles()).await? {
                if let Some(organ) = directory::load(tx, base).await? {
                    organs.push((base, organ.name));
                }
            }
            let chosen = organs.iter().find(|(id, _)| id.to_string() == wanted);
            let chosen = chosen.or(organs.first().filter(|_| wanted.is_empty()));
            let Some(organ) = chosen.map(|(id, _)| *id) else {
                return Ok::<_, StoreError>(None);
            };
            let days = store::days(tx, organ).await?;
            Ok(Some((organs, Typed::of(organ, &days))))
        })
        .await?;
    let (organs, typed) = found.ok_or_else(Problem::not_found)?;
    Ok(DuePage {
        shell,
        organs,
        typed,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/reports/due?organ=…`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<PrecheckReport>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&shown(&app, (shell, &permit), &asked.organ).await?)
}

/// `POST /workspace/reports/due`
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<PrecheckReport>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let organ: OrganId = typed
        .organ
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let done = match typed.days() {
        Ok(days) => {
            app.db
                .write(async |tx: &mut Tx| handle::set(tx, &permit, organ, &days).await)
                .await
        }
        Err(error) => Err(error),
    };
    let (status, reasons) = match done {
        Ok(()) => {
            return Ok(redirect_with(
                &format!("{DUE}?organ={organ}"),
                "截止日期已保存，待办和提醒按新的日期计算。",
            ));
        }
        Err(NotDone::Refused(reasons)) => (StatusCode::UNPROCESSABLE_ENTITY, reasons),
        Err(NotDone::Store(StoreError::Stale)) => (StatusCode::CONFLICT, vec![overtaken()]),
        Err(error) => return Err(error.into()),
    };
    let mut page = shown(&app, (shell, &permit), &typed.organ).await?;
    // Who has read that somebody was faster and saves again means it.
    let version = match status {
        StatusCode::CONFLICT => page.typed.version,
        _ => typed.version,
    };
    page.typed = Typed { version, ..typed };
    page.errors = form_errors(reasons);
    let mut response = refuse(&page)?;
    *response.status_mut() = status;
    Ok(response)
}
