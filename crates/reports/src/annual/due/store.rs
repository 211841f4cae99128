//! The SQL of what is due and what waits.

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use gongkai_platform::organ::Status;
use gongkai_platform::web::civil_day;

use crate::annual::Unit;
use crate::id::AnnualId;
use crate::state::State;
use gongkai_platform::organ::reach::{Reach, store as reach};

/// A unit whose report on a year is not out yet, and the report where it was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    pub unit: Unit,
    pub year: i16,
    pub report: Option<(AnnualId, State)>,
    /// Milliseconds since 1970: when the unit came into the directory.
    since: i64,
}

impl Owed {
    /// Is the report owed here, whose last day this is?
    #[must_use]
    pub fn binds(&self, due_on: Date) -> bool {
        let since = jiff::Timestamp::from_millisecond(self.since);
        self.report.is_some() || since.is_ok_and(|at| civil_day(at) <= due_on)
    }
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
    o.created_at AS since, a.id AS report_id, a.state AS state, a.year AS year FROM organ o ";

/// Units of a scope whose report on this year is not out.
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
        .push("LEFT JOIN annual_report a ON a.organ_id = o.id AND a.year = ")
        .push_value(i64::from(year));
    found(tx, statement, scope, (year, most)).await
}

/// Units inside a reach that have begun no report on this year.
///
/// # Errors
/// When the store fails.
pub async fn unwritten(tx: &mut Tx, within: &Reach, year: i16) -> Result<Vec<Owed>, StoreError> {
    let mut statement = sql(COLUMNS);
    statement
        .push("LEFT JOIN annual_report a ON a.organ_id = o.id AND a.year = ")
        .push_value(i64::from(year))
        .push(" WHERE o.kind IN ")
        .push_list(OWING)
        .push(" AND o.status = ")
        .push_value(Status::Active)
        .push(" AND a.id IS NULL AND ");
    reach::push(&mut statement, within);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| owed_of(row, year)).collect()
}

/// Reports on other years than these that units of a scope have begun, and that are not out.
///
/// # Errors
/// When the store fails.
pub async fn begun(
    tx: &mut Tx,
    scope: &Scope,
    years: &[i16],
    most: i64,
) -> Result<Vec<Owed>, StoreError> {
    let mut statement = sql(COLUMNS);
    statement
        .push("JOIN annual_report a ON a.organ_id = o.id AND a.year NOT IN ")
        .push_list(years.iter().map(|year| i64::from(*year)));
    found(tx, statement, scope, (0, most)).await
}

async fn found(
    tx: &mut Tx,
    mut statement: Sql,
    scope: &Scope,
    (year, most): (i16, i64),
) -> Result<Vec<Owed>, StoreError> {
    statement
        .push(" WHERE o.kind IN ")
        .push_list(OWING)
        .push(" AND o.status = ")
        .push_value(Status::Active)
        .push(" AND a.published_at IS NULL AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(most);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| owed_of(row, year)).collect()
}

fn owed_of(row: &Row, year: i16) -> Result<Owed, StoreError> {
    let report: Option<String> = row.get("report_id")?;
    let of: Option<i64> = row.get("year")?;
    let report = match report.and_then(|id| id.parse().ok()) {
        Some(id) => Some((id, row.coded("state", State::from_code)?)),
        None => None,
    };
    Ok(Owed {
        unit: Unit {
            id: row.get::<OrganId>("unit_id")?,
            name: row.get("organ_name")?,
            path: row.get("organ_path")?,
            kind: row.get("organ_kind")?,
            level: row.get("organ_level")?,
        },
        year: of.and_then(|year| i16::try_from(year).ok()).unwrap_or(year),
        report,
        since: row.get("since")?,
    })
}

/// Every government, and what is like one.
///
/// # Errors
/// When the store fails.
pub async fn governments(tx: &mut Tx) -> Result<BTreeSet<OrganId>, StoreError> {
    let rows = tx
        .all(sql(
            "SELECT o.id FROM organ o WHERE o.kind IN ('government', 'zone')",
        ))
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
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
