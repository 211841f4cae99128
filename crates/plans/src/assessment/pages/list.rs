//! The periods, and opening one.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use crate::acts::{ManageScores, ViewOwnScores, ViewScores};
use crate::assessment::store::{self, Side};
use crate::assessment::{Period, PeriodId, handle};
use crate::lookup::scope_of;
use crate::step::{StepError, form_errors};
use crate::{offices, when};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    title: String,
    year: String,
    from_on: String,
    to_on: String,
    /// Whose period it is, for people of several offices.
    office: String,
    page: String,
}

#[derive(Template)]
#[template(path = "assessment/list.html")]
struct ListPage {
    shell: Shell,
    office: bool,
    periods: Vec<Period>,
    /// The unit's own sheets; an office has its government's besides.
    own: Vec<(PeriodId, (OrganId, String))>,
    asked: Asked,
    errors: FormErrors,
    may_manage: bool,
    /// Those in whose name the person may open a period.
    offices: Vec<(OrganId, String)>,
    /// What is odd about the schemes by which they would open one.
    odd: Vec<Odd>,
    year: i16,
    paging: Paging,
}

/// A scheme whose points do not sum to a hundred.
struct Odd {
    office: OrganId,
    office_name: String,
    year: i64,
    version: i64,
    sentence: String,
}

/// The schemes of a year that deserve a second look before a period opens by them.
async fn odd(
    tx: &mut Tx,
    offices: &[(OrganId, String)],
    year: i64,
) -> Result<Vec<Odd>, StoreError> {
    let mut found = Vec::new();
    for (office, office_name) in offices {
        let Some((scheme, version)) = store::scheme(tx, *office, year).await? else {
            continue;
        };
        found.extend(scheme.sum_warning().map(|sentence| Odd {
            office: *office,
            office_name: office_name.clone(),
            year,
            version,
            sentence,
        }));
    }
    Ok(found)
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn office_choices(&self) -> Vec<(String, String)> {
        offices::options(&self.offices)
    }

    fn address(&self) -> &'static str {
        if self.office {
            "/workspace/scores?page="
        } else {
            "/workspace/scores/own?page="
        }
    }

    /// Where a period leads: an office to the whole, a unit to its own sheets, each with the unit's name where there are
    /// several.
    fn sheets(&self, period: &Period) -> Vec<(String, &str)> {
        let id = period.id;
        let own = self.own.iter().filter(|(of, _)| *of == id);
        let units: Vec<_> = own.map(|(_, unit)| unit).collect();
        match units.as_slice() {
            [] => vec![(format!("/workspace/scores/{id}"), "")],
            [(organ, _)] => vec![(format!("/workspace/scores/{id}/units/{organ}"), "")],
            several => several
                .iter()
                .map(|(organ, name)| (format!("/workspace/scores/{id}/units/{organ}"), &**name))
                .collect(),
        }
    }
}

/// `GET /workspace/scores`
pub(super) async fn office(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewScores>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, asked).await?)
}

async fn build(app: &App, shell: Shell, asked: Asked) -> Result<ListPage, Problem> {
    let may_manage = shell.may(&ManageScores::ROW);
    let office = scope_of::<ManageScores>(shell.person.as_ref());
    let above = scope_of::<ViewScores>(shell.person.as_ref());
    let side = if may_manage {
        Side::Office(&office)
    } else {
        Side::Above(&above)
    };
    let number = asked.page.parse().ok();
    let today = app.today();
    let managing = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ManageScores>());
    let offices = managing.as_ref().map(offices::organs).unwrap_or_default();
    let this = i64::from(today.year());
    let year = asked.year.trim().parse().unwrap_or(this);
    let (paging, periods, odd) = app
        .db
        .read(async |tx: &mut Tx| {
            let paging = Paging::new(number, store::count(tx, side).await?);
            let rows = (paging.offset(), paging.rows());
            let periods = store::list(tx, side, rows).await?;
            Ok::<_, StoreError>((paging, periods, odd(tx, &offices, year).await?))
        })
        .await?;
    Ok(ListPage {
        offices,
        odd,
        shell,
        office: true,
        periods,
        own: Vec::new(),
        paging,
        asked: Asked {
            year: if asked.year.is_empty() {
                today.year().to_string()
            } else {
                asked.year.clone()
            },
            ..asked
        },
        errors: FormErrors::default(),
        may_manage,
        year: today.year(),
    })
}

/// `GET /workspace/scores/own`
pub(super) async fn own(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnScores>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let side = Side::Unit(permit.scope());
    let number = asked.page.parse().ok();
    let (paging, periods, own) = app
        .db
        .read(async |tx: &mut Tx| {
            let paging = Paging::new(number, store::count(tx, side).await?);
            let rows = (paging.offset(), paging.rows());
            let periods = store::list(tx, side, rows).await?;
            let own = store::own_units(tx, permit.scope(), &periods).await?;
            Ok::<_, StoreError>((paging, periods, own))
        })
        .await?;
    page(&ListPage {
        own,
        offices: Vec::new(),
        odd: Vec::new(),
        shell,
        office: false,
        periods,
        asked: Asked::default(),
        errors: FormErrors::default(),
        may_manage: false,
        year: app.today().year(),
        paging,
    })
}

/// `POST /workspace/scores/new`
pub(super) async fn open(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let year = asked.year.trim().parse().unwrap_or(0);
    let title = asked.title.trim().to_owned();
    let range = (asked.from_on.parse().ok(), asked.to_on.parse().ok());
    let office = asked.office.trim();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::open(tx, &permit, office, (&title, year), range).await)
        .await;
    match done {
        Ok(period) => Ok(redirect_with(
            &format!("/workspace/scores/{}", period.id),
            "考核期已开启。结束前显示的都是试算。",
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = build(&app, shell, asked).await?;
            view.errors = form_errors(reasons);
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}
