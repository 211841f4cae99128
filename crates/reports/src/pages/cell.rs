//! One cell: its value, where it came from, the records behind it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Found;
use gongkai_platform::web::{App, Problem, Shell, day, page};

use super::LIST;
use crate::acts::ViewReports;
use crate::annual::{Annual, handle, store};
use crate::draft::{Entry, Source};
use crate::form::Cell;
use crate::id::AnnualId;
use gongkai_platform::organ::reach::Reach;

#[derive(Template)]
#[template(path = "reports/cell.html")]
struct CellPage {
    shell: Shell,
    annual: Annual,
    cell: Cell,
    value: String,
    entry: Option<Entry>,
    /// Each reference, and the record where somebody knows it.
    records: Vec<(String, Option<Found>)>,
    /// What the system counts at this moment.
    now: Option<i64>,
    /// Of a total: what is added up, each with its value.
    parts: Vec<(Cell, String)>,
}

impl CellPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// A figure names so many records at most: there are more.
    fn has_more(&self) -> bool {
        let told = i64::try_from(self.records.len()).unwrap_or(i64::MAX);
        told > 0 && self.now.is_some_and(|now| now > told)
    }

    /// It is what the own organ and its units have, added up.
    fn is_of_units(&self) -> bool {
        let source = self.entry.as_ref().map(|entry| entry.source);
        source == Some(Source::Units)
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.annual.id)
    }
}

/// `GET /workspace/reports/{id}/cells/3.new.natural`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReports>,
    Path((id, code)): Path<(AnnualId, String)>,
) -> Result<Response, Problem> {
    let cell = Cell::from_code(&code).ok_or_else(Problem::not_found)?;
    let (annual, records, now) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let Some(annual) = store::load(tx, &within, id).await? else {
                return Ok(None);
            };
            // Asked alone, a source names the records, too.
            let of = (annual.unit.id, annual.year);
            let now = handle::live_cell(tx, &app.seams, cell, of).await?;
            let mut records = Vec::new();
            for of in now.iter().flat_map(|now| &now.refs) {
                let found = app.seams.describe(tx, of).await?;
                records.push((format!("{} {}", of.kind, of.id), found));
            }
            Ok::<_, StoreError>(Some((annual, records, now.map(|now| now.value))))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let parts = if cell.is_total() {
        cell.parts()
    } else {
        Vec::new()
    };
    let part = |part: Cell| (part, annual.draft.value(part).to_string());
    page(&CellPage {
        shell,
        parts: parts.into_iter().map(part).collect(),
        cell,
        value: annual.draft.value(cell).to_string(),
        entry: annual.draft.cells.get(&cell).cloned(),
        annual,
        records,
        now,
    })
}
