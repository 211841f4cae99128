//! `GET /workspace/requests/applicants`: who applied more than once in the last twelve months.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page, start_of};
use jiff::ToSpan as _;
use serde::Deserialize;

use crate::acts::TakeRequests;
use crate::fee;
use crate::reach;
use crate::request::store::applicants::{self, Applicant, Since};

const PATH: &str = "/workspace/requests/applicants";
/// So long back applications are counted.
const MONTHS: i32 = 12;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Filter {
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "requests/applicants.html")]
struct ApplicantsPage {
    shell: Shell,
    applicants: Vec<Applicant>,
    paging: Paging,
}

impl ApplicantsPage {
    fn address(&self) -> String {
        format!("{PATH}?page=")
    }

    /// The list of the cases that name an applicant.
    fn cases(&self, one: &Applicant) -> String {
        let parts = [("view", "all"), ("text", one.name.as_str())];
        let whole = address("/workspace/requests", &parts);
        whole.trim_end_matches(['&', '?']).to_owned()
    }

    /// So many in a natural month cost nothing (收费办法 art. 4).
    fn is_many(&self, one: &Applicant) -> bool {
        u64::try_from(one.of_month).is_ok_and(|n| n > fee::FREE_REQUESTS)
    }
}

fn since(today: Date) -> Since {
    let year = today.checked_sub(MONTHS.months()).ok().and_then(start_of);
    Since {
        year: year.unwrap_or(0),
        month: start_of(today.first_of_month()).unwrap_or(0),
    }
}

/// `GET /workspace/requests/applicants`
pub(in crate::pages) async fn applicants(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<TakeRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let since = since(app.today());
    let (applicants, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let total = applicants::count(tx, &scope, since).await?;
            let paging = Paging::new(filter.page, total);
            let rows = (paging.offset(), paging.rows());
            let found = applicants::page(tx, &scope, since, rows).await?;
            Ok::<_, StoreError>((found, paging))
        })
        .await?;
    page(&ApplicantsPage {
        shell,
        applicants,
        paging,
    })
}
