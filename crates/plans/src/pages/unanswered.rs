//! 没有人办理的单位.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use crate::acts::ManageRounds;
use crate::unanswered::{self, Unit};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    page: String,
}

#[derive(Template)]
#[template(path = "unanswered.html")]
struct UnansweredPage {
    shell: Shell,
    units: Vec<Unit>,
    paging: Paging,
}

/// `GET /workspace/units/unanswered`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageRounds>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let from_year = unanswered::from_year(app.today());
    let (units, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let ids = unanswered::ids(tx, permit.scope(), from_year).await?;
            let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            let paging = Paging::new(filter.page.parse().ok(), total);
            let (start, rows) = (paging.offset(), paging.rows());
            let shown: Vec<_> = ids
                .into_iter()
                .skip(usize::try_from(start).unwrap_or(usize::MAX))
                .take(usize::try_from(rows).unwrap_or(usize::MAX))
                .collect();
            let units = unanswered::store::page(tx, permit.scope(), from_year, &shown).await?;
            Ok::<_, StoreError>((units, paging))
        })
        .await?;
    page(&UnansweredPage {
        shell,
        units,
        paging,
    })
}
