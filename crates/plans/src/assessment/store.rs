//! The SQL of schemes, periods, kept scores and appeals.

mod fact;
mod heir;
mod organ;
mod sheet;

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::scheme::Scheme;
use super::{Period, PeriodId, PeriodState};
use crate::assignment::store::{DECIDES, push_spoken_for};
use crate::plan::store::corrupt;
use crate::task::store::parse;

pub use fact::{
    Case, PartFact, late_orders, late_rectifications, part_facts, practices, rounds_of_others,
};
pub use heir::{Merged, merged_into};
pub use organ::{organ_names, organs_named, sorts};
pub use sheet::{
    adjustments, appeals, appeals_of, count_appeals, judgements, kept, totals, unjudged,
};
pub(super) use sheet::{
    decide_appeal, forget_kept, insert_appeal, judge, keep, load_appeal, update_kept,
};

const PERIOD: &str = "SELECT p.*, f.name AS office_name FROM score_period p JOIN organ f ON f.id = p.office_id WHERE ";

/// Periods of one year, of all offices together.
const PERIODS_MAX: i64 = 3_000;

/// Whose periods are meant.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    Office(&'s Scope),
    /// What waits for the principal, and what is locked.
    Above(&'s Scope),
    /// Periods of offices in whose plans a unit has a part, or in which one is scored, for which these speak.
    Unit(&'s Scope),
}

/// The newest version of an office's scheme for a year.
///
/// # Errors
/// When the store fails.
pub async fn scheme(
    tx: &mut Tx,
    office: OrganId,
    year: i64,
) -> Result<Option<(Scheme, i64)>, StoreError> {
    tx.optional(
        sql("SELECT data, version FROM score_scheme WHERE office_id = $1 AND year = $2 ORDER BY version DESC LIMIT 1")
            .bind(office)
            .bind(year),
    )
    .await?
    .map(|row| Ok((parse(&row, "data")?, row.get("version")?)))
    .transpose()
}

/// Version, who saved it and when, newest first.
///
/// # Errors
/// When the store fails.
pub async fn scheme_versions(
    tx: &mut Tx,
    office: OrganId,
    year: i64,
) -> Result<Vec<(i64, String, i64)>, StoreError> {
    tx.all(
        sql("SELECT version, saved_by, created_at FROM score_scheme WHERE office_id = $1 AND year = $2 ORDER BY version DESC LIMIT 100")
            .bind(office)
            .bind(year),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("version")?, row.get("saved_by")?, row.get("created_at")?)))
    .collect()
}

pub(super) async fn insert_scheme(
    tx: &mut Tx,
    (office, year, version): (OrganId, i64, i64),
    scheme: &Scheme,
    by: &str,
) -> Result<(), StoreError> {
    let (id, now) = (tx.fresh().to_string(), tx.now().as_millisecond());
    tx.run(
        sql("INSERT INTO score_scheme (id, office_id, year, version, data, saved_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id)
            .bind(office)
            .bind(year)
            .bind(version)
            .bind(json(scheme))
            .bind(by)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_period(tx: &mut Tx, period: &Period) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO score_period (id, office_id, title, year, from_on, to_on, scheme, scheme_version, state, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)")
            .bind(period.id.to_string())
            .bind(period.office)
            .bind(&period.title)
            .bind(period.year)
            .bind(period.from_on)
            .bind(period.to_on)
            .bind(json(&period.scheme))
            .bind(period.scheme_version)
            .bind(period.state.code())
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn update_period(tx: &mut Tx, period: &Period) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE score_period SET state = $1, computed_on = $2, appeal_until = $3, approved_by = $4, locked_on = $5, reason = $6, scheme = $7, \
             version = version + 1 WHERE id = $8 AND version = $9")
            .bind(period.state.code())
            .bind(period.computed_on)
            .bind(period.appeal_until)
            .bind(period.approved_by.clone())
            .bind(period.locked_on)
            .bind(period.reason.clone())
            .bind(json(&period.scheme))
            .bind(period.id.to_string())
            .bind(period.version),
    )
    .await
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, side: Side<'_>, id: PeriodId) -> Result<Option<Period>, StoreError> {
    let mut statement = sql(PERIOD);
    push_side(&mut statement, side);
    statement.push(" AND p.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| period_from_row(&row))
        .transpose()
}

/// The periods of a year, of all offices, that were not cancelled.
///
/// # Errors
/// When the store fails.
pub async fn of_year(tx: &mut Tx, year: i64) -> Result<Vec<Period>, StoreError> {
    let mut statement = sql(PERIOD);
    statement
        .push("p.state <> 'cancelled' AND p.year = ")
        .push_value(year)
        .push(" ORDER BY p.to_on DESC, p.id LIMIT ")
        .push_value(PERIODS_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(period_from_row)
        .collect()
}

/// One page, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Period>, StoreError> {
    let mut statement = sql(PERIOD);
    push_side(&mut statement, side);
    statement
        .push(" ORDER BY p.to_on DESC, p.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(period_from_row)
        .collect()
}

/// How many periods there are on one side.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, side: Side<'_>) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (");
    statement.push(PERIOD);
    push_side(&mut statement, side);
    statement.push(") periods");
    tx.one(statement).await?.get("n")
}

/// Does a scope hold this unit, or the one into which it went? The heir of a merged unit reads its sheet and appeals for
/// it.
///
/// # Errors
/// When the store fails.
pub async fn speaks_for(tx: &mut Tx, scope: &Scope, unit: OrganId) -> Result<bool, StoreError> {
    let mut statement = sql("SELECT o.id FROM organ o WHERE o.id = ");
    statement.push_value(unit).push(" AND ");
    push_spoken_for(&mut statement, scope);
    Ok(tx.optional(statement).await?.is_some())
}

/// The units for which a scope speaks that have a sheet in these periods, by period.
///
/// # Errors
/// When the store fails.
pub async fn own_units(
    tx: &mut Tx,
    scope: &Scope,
    periods: &[Period],
) -> Result<Vec<(PeriodId, (OrganId, String))>, StoreError> {
    let mut statement = sql(
        "SELECT p.id, o.id AS organ_id, o.name FROM score_period p JOIN organ o ON EXISTS (SELECT 1 FROM score_unit u WHERE u.period_id = p.id AND u.organ_id = o.id) \
         OR (o.status = 'active' AND EXISTS (SELECT 1 FROM plan q JOIN assignment a ON a.plan_id = q.id WHERE q.organ_id = p.office_id AND q.year = p.year AND q.state = 'active' \
         AND a.state = 'open'",
    );
    statement.push(OF_DESK).push(
        " AND (a.organ_id = o.id OR a.organ_id IN \
         (WITH RECURSIVE gone (id) AS (SELECT m.id FROM organ m WHERE m.status = 'merged' AND m.successor_id = o.id UNION SELECT m.id FROM organ m JOIN gone ON gone.id = m.successor_id WHERE m.status = 'merged') SELECT id FROM gone)) AND ",
    );
    statement.push(DECIDES).push(")) WHERE ");
    push_spoken_for(&mut statement, scope);
    statement
        .push(" AND p.id IN ")
        .push_list(periods.iter().map(|period| period.id.to_string()))
        .push(" ORDER BY CASE WHEN o.status = 'active' THEN 0 ELSE 1 END, o.position, o.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let unit = (row.get("organ_id")?, row.get("name")?);
            Ok((row.parsed("id", "an id")?, unit))
        })
        .collect()
}

/// How many periods wait for approval, by office.
///
/// # Errors
/// When the store fails.
pub async fn submitted(tx: &mut Tx, scope: &Scope) -> Result<Vec<(OrganId, i64)>, StoreError> {
    let mut statement = sql("SELECT p.office_id, COUNT(*) AS n FROM score_period p WHERE ");
    push_side(&mut statement, Side::Above(scope));
    statement
        .push(" AND p.state = ")
        .push_value(PeriodState::Submitted.code())
        .push(" GROUP BY p.office_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("office_id")?, row.get("n")?)))
        .collect()
}

/// Counts the appeals that wait for offices of a scope.
#[must_use]
pub fn counting_appeals(scope: &Scope) -> Sql {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM score_appeal a JOIN score_period p ON p.id = a.period_id JOIN organ o ON o.id = p.office_id \
         WHERE a.state = 'waiting' AND ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
}

/// The units that a period is about: those in being with a part that decides its task in the office's plans of the year, and
/// those into which such a unit went.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    period: &Period,
    within: Option<&Scope>,
    (offset, rows): (i64, i64),
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE ");
    push_units(&mut statement, period, within);
    statement
        .push(" ORDER BY o.position, o.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// # Errors
/// When the store fails.
pub async fn count_units(tx: &mut Tx, period: &Period) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    push_units(&mut statement, period, None);
    tx.one(statement).await?.get("n")
}

/// Appends what tells the units of a period that nobody judged on an indicator.
fn push_unjudged(statement: &mut Sql, period: &Period, code: &str) {
    push_units(statement, period, None);
    statement
        .push(" AND NOT EXISTS (SELECT 1 FROM score_judgement j WHERE j.period_id = ")
        .push_value(period.id.to_string())
        .push(" AND j.organ_id = o.id AND j.indicator = ")
        .push_value(code)
        .push(")");
}

/// Appends what tells that an organ has a part that decides its task in the office's plans of a period's year.
fn push_has_part(statement: &mut Sql, period: &Period, organ: &'static str) {
    statement
        .push("EXISTS (SELECT 1 FROM assignment a WHERE a.plan_id IN (SELECT q.id FROM plan q WHERE q.organ_id = ")
        .push_value(period.office)
        .push(" AND q.year = ")
        .push_value(period.year)
        .push(" AND q.state = 'active'");
    push_desk(statement, period, DESK_OF_PLAN);
    statement
        .push(") AND a.state = 'open' AND ")
        .push(DECIDES)
        .push(" AND a.organ_id = ")
        .push(organ)
        .push(")");
}

fn push_units(statement: &mut Sql, period: &Period, within: Option<&Scope>) {
    statement.push("o.status = 'active' AND (");
    push_has_part(statement, period, "o.id");
    statement.push(
        " OR o.id IN (WITH RECURSIVE heir (id) AS (SELECT g.successor_id FROM organ g WHERE g.status = 'merged' AND ",
    );
    push_has_part(statement, period, "g.id");
    statement.push(
        " UNION SELECT g.successor_id FROM organ g JOIN heir ON heir.id = g.id WHERE g.status = 'merged') SELECT id FROM heir))",
    );
    if let Some(scope) = within {
        statement.push(" AND ");
        scope.push_condition(statement, "o.id", "o.path");
    }
}

fn push_side(statement: &mut Sql, side: Side<'_>) {
    match side {
        Side::Office(scope) => {
            statement.push("p.office_id IN (SELECT x.id FROM organ x WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
        Side::Above(scope) => {
            statement.push("p.state IN ('submitted', 'locked') AND p.office_id IN (SELECT x.id FROM organ x WHERE ");
            scope.push_condition(statement, "x.id", "x.path");
            statement.push(")");
        }
        Side::Unit(scope) => {
            statement.push(
                "p.state <> 'cancelled' AND (EXISTS (SELECT 1 FROM plan q JOIN assignment a ON a.plan_id = q.id JOIN organ o ON o.id = a.organ_id \
                 WHERE q.organ_id = p.office_id AND q.year = p.year AND q.state = 'active' AND a.state = 'open'",
            );
            statement
                .push(OF_DESK)
                .push(" AND ")
                .push(DECIDES)
                .push(" AND ");
            push_spoken_for(statement, scope);
            statement.push(
                ") OR EXISTS (SELECT 1 FROM score_unit u JOIN organ o ON o.id = u.organ_id WHERE u.period_id = p.id AND ",
            );
            push_spoken_for(statement, scope);
            statement.push("))");
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The ids with a space between.
fn desks(row: &Row) -> Result<Vec<OrganId>, StoreError> {
    let ids: Option<String> = row.get("desks")?;
    let ids = ids.unwrap_or_default();
    let parsed = ids.split_whitespace().map(str::parse::<OrganId>);
    parsed
        .collect::<Result<Vec<OrganId>, _>>()
        .map_err(|_| corrupt("desks", &ids))
}

/// Appends which of its office's records a period counts, by the expression of the desk from which they came.
fn push_desk(statement: &mut Sql, period: &Period, desk: &'static str) {
    if !period.desks.is_empty() {
        statement
            .push(" AND ")
            .push(desk)
            .push(" IN ")
            .push_list(period.desks.iter().copied());
    }
}

/// The same of plans `q`, for a period `p` of the statement.
const OF_DESK: &str =
    " AND (p.desks IS NULL OR p.desks LIKE '%' || COALESCE(q.desk_id, q.organ_id) || '%')";
/// From whose desk a plan `q` came.
const DESK_OF_PLAN: &str = "COALESCE(q.desk_id, q.organ_id)";

fn period_from_row(row: &Row) -> Result<Period, StoreError> {
    let reason: Option<String> = row.get("reason")?;
    let state = match row.coded("state", PeriodState::from_code)? {
        // As versions before this one kept what the principal sent back.
        PeriodState::Computed if reason.is_some() => PeriodState::Returned,
        state => state,
    };
    Ok(Period {
        id: row.parsed("id", "an id")?,
        office: row.get("office_id")?,
        office_name: row.get("office_name")?,
        title: row.get("title")?,
        year: row.get("year")?,
        from_on: row.get("from_on")?,
        to_on: row.get("to_on")?,
        scheme: parse(row, "scheme")?,
        scheme_version: row.get("scheme_version")?,
        state,
        computed_on: row.get("computed_on")?,
        appeal_until: row.get("appeal_until")?,
        approved_by: row.get("approved_by")?,
        locked_on: row.get("locked_on")?,
        reason,
        desks: desks(row)?,
        version: row.get("version")?,
    })
}
