//! The cases behind a figure.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, day, page};
use serde::Deserialize;

use super::YEARS;
use crate::acts::OverseeRequests;
use crate::oversight::{Column, Days, store};
use crate::pages::light;
use crate::reach;
use crate::request::Request;
use crate::request::clock::Light;

const PATH: &str = "/workspace/requests/units/cases";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    what: String,
    year: String,
    organ: String,
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "oversight/cases.html")]
struct CasesPage {
    shell: Shell,
    column: Column,
    year: i16,
    /// The unit that the list is narrowed to.
    organ: Option<(OrganId, String)>,
    requests: Vec<(Request, Light, String)>,
    paging: Paging,
}

impl CasesPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        let (year, organ) = (self.year.to_string(), self.organ.as_ref());
        let organ = organ.map(|(id, _)| id.to_string()).unwrap_or_default();
        let parts = [
            ("what", self.column.code()),
            ("year", &year),
            ("organ", &organ),
        ];
        address(PATH, &parts) + "page="
    }
}

/// `GET /workspace/requests/units/cases?what=late&organ=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<OverseeRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let column = Column::from_code(&filter.what)
        .filter(|column| !matches!(column, Column::Held | Column::Lost))
        .ok_or_else(Problem::not_found)?;
    let this_year = today.year();
    let asked = filter.year.parse().unwrap_or(this_year);
    let year = asked.clamp(this_year - YEARS + 1, this_year);
    let days = Days::of(year, today, &calendar);
    let wanted: Option<OrganId> = filter.organ.parse().ok();
    let (organ, requests, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let mut organ = None;
            if let Some(id) = wanted {
                let known = organ::store::load(tx, id).await?;
                let known = known.filter(|it| scope.contains(it.id, &it.path));
                let Some(known) = known else {
                    return Ok::<_, StoreError>(None);
                };
                organ = Some((known.id, known.name));
            }
            let mut paging = Paging::wanted(filter.page);
            let cases = loop {
                let place = (paging.offset(), paging.rows());
                let of = (column, wanted);
                let (cases, total) =
                    store::behind(tx, &scope, of, (&days, &calendar), place).await?;
                if paging.holds(total) {
                    break cases;
                }
            };
            Ok(Some((organ, cases, paging)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let requests = requests
        .into_iter()
        .map(|request| {
            let (light, words) = light(&request, today, &calendar);
            (request, light, words)
        })
        .collect();
    page(&CasesPage {
        shell,
        column,
        year,
        organ,
        requests,
        paging,
    })
}
