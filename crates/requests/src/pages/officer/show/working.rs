//! 怎么算的: the days of one case's clock, each with its reason, also to print.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, day, page};

use crate::acts::ViewRequests;
use crate::id::RequestId;
use crate::reach;
use crate::request::case::Case;
use crate::request::clock::sheet::Sheet;

#[derive(Template)]
#[template(path = "requests/clock.html")]
struct ClockPage {
    shell: Shell,
    case: Case,
    sheet: Sheet,
    today: Date,
}

impl ClockPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

/// `GET /workspace/requests/{id}/clock`: 怎么算的, also to print.
pub(in crate::pages) async fn clock(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let case = app
        .db
        .read(async |tx: &mut Tx| {
            let read = reach::read(tx, permit.roles(), id).await?;
            Ok::<_, StoreError>(read.map(|(_, case)| case))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let today = app.today();
    page(&ClockPage {
        shell,
        sheet: case.sheet(today, &app.calendar()),
        case,
        today,
    })
}
