//! The SQL of what is due and what waits.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::organ::Status;

use crate::annual::Unit;
use crate::id::AnnualId;
use crate::state::State;
use gongkai_platform::organ::reach::{Reach, store as reach};

/// A unit whose report on a year is not out yet, and the report where it was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    pub unit: Unit,
    pub year: i16,
    pub report: Option<AnnualId>,
}

/// The kinds of units that write one (条例 art. 49; townships by local notice).
pub(in crate::annual) const OWING: [&str; 8] = [
    "government",
    "office",
    "department",
    "direct_agency",
    "dispatched",
    "zone",
    "town",
    "street",
];

const COLUMNS: &str = "SELECT o.id AS unit_id, o.name AS organ_name, o.path AS organ_path, o.kind AS organ_kind, o.level AS organ_level, \
    a.id AS report_id, a.year AS year FROM organ o ";

/// Units of a scope that owe the report on this year, and reports on other years that were begun and are not out.
///
/// # Errors
/// When the store fails.
pub async fn owed(
    tx: &mut Tx,
    scope: &Scope,
    year: i16,
    most: i64,
) -> Result<Vec<Owed>, StoreError> {
    let mut statement = sql(COLUMNS);
    statement
        .push("LEFT JOIN annual_report a ON a.organ_id = o.id AND (a.year = ")
        .push_value(i64::from(year))
        .push(" OR a.published_at IS NULL) WHERE o.kind IN ")
        .push_list(OWING)
        .push(" AND o.status = ")
        .push_value(Status::Active)
        .push(" AND a.published_at IS NULL AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(most);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let report: Option<String> = row.get("report_id")?;
            let of: Option<i64> = row.get("year")?;
            Ok(Owed {
                unit: Unit {
                    id: row.get::<OrganId>("unit_id")?,
                    name: row.get("organ_name")?,
                    path: row.get("organ_path")?,
                    kind: row.get("organ_kind")?,
                    level: row.get("organ_level")?,
                },
                year: of.and_then(|year| i16::try_from(year).ok()).unwrap_or(year),
                report: report.and_then(|id| id.parse().ok()),
            })
        })
        .collect()
}

/// Which reports wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// In a state.
    In(State),
    /// Returned with a reason.
    Returned,
}

/// How many reports inside a reach wait so.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, within: &Reach, waits: Waits) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM annual_report a JOIN organ o ON o.id = a.organ_id WHERE ");
    reach::push(&mut statement, within);
    match waits {
        Waits::In(state) => {
            statement.push(" AND a.state = ").push_value(state.code());
        }
        Waits::Returned => {
            statement
                .push(" AND a.returned_why <> '' AND a.state = ")
                .push_value(State::Draft.code());
        }
    }
    tx.one(statement).await?.get("n")
}
