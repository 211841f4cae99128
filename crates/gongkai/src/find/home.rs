//! The portal's home: one search box, what is new, and where everything is.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::seam::PortalEntry;
use gongkai_platform::web::{App, Problem, Shell, page};
use gongkai_search::{Hit, Order, Query};

use super::page::day_name;
use super::{Finding, failed, within};

/// Records on the home page.
const NEWEST: usize = 12;

const YEARS: &str = "/documents/years";

#[derive(Template)]
#[template(path = "find/home.html")]
struct HomePage {
    shell: Shell,
    newest: Vec<Hit>,
    entries: Vec<PortalEntry>,
    /// Somebody publishes by years.
    has_years: bool,
}

impl HomePage {
    fn day(&self, day: &i64) -> String {
        day_name(*day)
    }
}

/// `GET /`
pub(super) async fn show(
    State(app): State<App>,
    finder: Finding,
    shell: Shell,
) -> Result<Response, Problem> {
    let query = Query {
        within: within(&app, &shell.face).await?,
        order: Order::Newest,
        limit: NEWEST,
        ..Query::default()
    };
    let answer = finder.query(query).await.map_err(|error| failed(&error))?;
    let has_years = app
        .seams
        .pages
        .iter()
        .any(|source| source.fixed().contains(&YEARS));
    page(&HomePage {
        shell,
        has_years,
        newest: answer.hits,
        entries: app.seams.portal.clone(),
    })
}
