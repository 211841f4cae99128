//! The SQL of annual reports.

pub mod original;
pub mod public;

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::organ::Status;

use super::{Annual, Unit};
use crate::draft::Draft;
use crate::id::AnnualId;
use crate::state::State;
use gongkai_platform::organ::reach::{Reach, store as reach};

const SELECT: &str = "SELECT a.*, o.name AS organ_name, o.path AS organ_path, o.kind AS organ_kind, o.level AS organ_level \
    FROM annual_report a JOIN organ o ON o.id = a.organ_id WHERE ";
/// Reports of units that a consolidation or a comparison takes.
pub const UNITS_MAX: i64 = 500;

/// Stale where another one of the organ's year is there.
pub(super) async fn insert(tx: &mut Tx, annual: &Annual) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("INSERT INTO annual_report (id, organ_id, year, state, form, returned_why, published, published_at, written_by, version, created_at, taken_in, file_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12) ON CONFLICT DO NOTHING")
            .bind(annual.id.to_string())
            .bind(annual.unit.id)
            .bind(i64::from(annual.year))
            .bind(annual.state.code())
            .bind(annual.draft.to_json())
            .bind(&annual.returned_why)
            .bind(annual.published_at.map(|_| annual.draft.to_json()))
            .bind(annual.published_at)
            .bind(&annual.written_by)
            .bind(now)
            .bind(i64::from(annual.taken_in))
            .bind(annual.original),
    )
    .await
}

pub(super) async fn update(tx: &mut Tx, annual: &Annual) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE annual_report SET state = $1, form = $2, returned_why = $3, written_by = $4, version = version + 1 \
             WHERE id = $5 AND version = $6")
            .bind(annual.state.code())
            .bind(annual.draft.to_json())
            .bind(&annual.returned_why)
            .bind(&annual.written_by)
            .bind(annual.id.to_string())
            .bind(annual.version),
    )
    .await
}

/// Everything of another file.
pub(super) async fn retake(tx: &mut Tx, annual: &Annual) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE annual_report SET state = $1, form = $2, returned_why = $3, written_by = $4, published = $5, published_at = $6, \
             taken_in = $7, file_id = $8, version = version + 1 WHERE id = $9 AND version = $10")
            .bind(annual.state.code())
            .bind(annual.draft.to_json())
            .bind(&annual.returned_why)
            .bind(&annual.written_by)
            .bind(annual.published_at.map(|_| annual.draft.to_json()))
            .bind(annual.published_at)
            .bind(i64::from(annual.taken_in))
            .bind(annual.original)
            .bind(annual.id.to_string())
            .bind(annual.version),
    )
    .await
}

/// Seals what the public reads from now on.
pub(super) async fn publish(tx: &mut Tx, annual: &Annual, at: i64) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE annual_report SET published = form, published_at = $1, taken_in = 0 WHERE id = $2")
            .bind(at)
            .bind(annual.id.to_string()),
    )
    .await?;
    Ok(())
}

/// The public reads nothing any more.
pub(super) async fn withdraw(tx: &mut Tx, annual: &Annual) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE annual_report SET published = NULL, published_at = NULL, taken_in = 0 WHERE id = $1")
            .bind(annual.id.to_string()),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(tx: &mut Tx, within: &Reach, id: AnnualId) -> Result<Option<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    reach::push(&mut statement, within);
    statement.push(" AND a.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The report inside a scope: one's own.
///
/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load_own(
    tx: &mut Tx,
    scope: &Scope,
    id: AnnualId,
) -> Result<Option<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND a.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// An organ's report on a year, whoever asks.
///
/// # Errors
/// When the store fails.
pub async fn of_year(tx: &mut Tx, organ: OrganId, year: i16) -> Result<Option<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("a.organ_id = ")
        .push_value(organ)
        .push(" AND a.year = ")
        .push_value(i64::from(year));
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// These organs' reports on a year.
///
/// # Errors
/// When the store fails.
pub async fn of_organs(
    tx: &mut Tx,
    organs: &[OrganId],
    year: i16,
) -> Result<Vec<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("a.year = ")
        .push_value(i64::from(year))
        .push(" AND a.organ_id IN ")
        .push_list(organs.iter().copied());
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// One line of the list: a unit, and its report on the year where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub unit: Unit,
    pub annual: Option<Annual>,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrow {
    pub year: i16,
    /// A state, or units without a report.
    pub state: Option<Wanted>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    State(State),
    Nothing,
}

fn push_units(statement: &mut Sql, within: &Reach, narrow: &Narrow) {
    statement
        .push(" FROM organ o LEFT JOIN annual_report a ON a.organ_id = o.id AND a.year = ")
        .push_value(i64::from(narrow.year))
        .push(" WHERE o.kind NOT IN ('section', 'village', 'community', 'party', 'coordinating', 'institution') AND (o.status = ")
        .push_value(Status::Active)
        .push(" OR a.id IS NOT NULL) AND ");
    reach::push(statement, within);
    match narrow.state {
        Some(Wanted::State(state)) => {
            statement.push(" AND a.state = ").push_value(state.code());
        }
        Some(Wanted::Nothing) => {
            statement.push(" AND a.id IS NULL");
        }
        None => {}
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND o.name LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!'");
    }
}

/// How many units of the list have no report, and how many have one in each state.
///
/// # Errors
/// When the store fails.
pub async fn counts(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
) -> Result<Vec<(Option<State>, i64)>, StoreError> {
    let any = Narrow {
        state: None,
        ..narrow.clone()
    };
    let mut statement = sql("SELECT COALESCE(a.state, '') AS state, COUNT(*) AS n");
    push_units(&mut statement, within, &any);
    statement.push(" GROUP BY COALESCE(a.state, '')");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let code: String = row.get("state")?;
            Ok((State::from_code(&code), row.get("n")?))
        })
        .collect()
}

/// One page of units in the order of the directory, each with its report.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let mut statement = sql(
        "SELECT a.*, o.id AS unit_id, o.name AS organ_name, o.path AS organ_path, o.kind AS organ_kind, o.level AS organ_level",
    );
    push_units(&mut statement, within, narrow);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let mut lines = Vec::new();
    for row in tx.all(statement).await? {
        let unit = Unit {
            id: row.get("unit_id")?,
            name: row.get("organ_name")?,
            path: row.get("organ_path")?,
            kind: row.get("organ_kind")?,
            level: row.get("organ_level")?,
        };
        let id: Option<String> = row.get("id")?;
        let annual = if id.is_some() {
            Some(from_row(&row)?)
        } else {
            None
        };
        lines.push(Line { unit, annual });
    }
    Ok(lines)
}

/// Reports on a year of the units that stand directly below an organ.
///
/// # Errors
/// When the store fails.
pub async fn of_units(tx: &mut Tx, above: OrganId, year: i16) -> Result<Vec<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("a.year = ")
        .push_value(i64::from(year))
        .push(" AND o.parent_id = ")
        .push_value(above)
        .push(" ORDER BY o.position, o.path LIMIT ")
        .push_value(UNITS_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The units directly below an organ that owe a report on a year, or have one.
///
/// # Errors
/// When the store fails.
pub async fn writing_below(
    tx: &mut Tx,
    above: OrganId,
    year: i16,
) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql("SELECT o.id FROM organ o WHERE o.parent_id = ");
    statement
        .push_value(above)
        .push(" AND (o.kind IN ")
        .push_list(super::due::store::OWING)
        .push(" OR EXISTS (SELECT 1 FROM annual_report a WHERE a.organ_id = o.id AND a.year = ")
        .push_value(i64::from(year))
        .push("))");
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// How many units directly below an organ owe a report on a year and have not begun it.
///
/// # Errors
/// When the store fails.
pub async fn without_report(tx: &mut Tx, above: OrganId, year: i16) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE o.kind IN ");
    statement
        .push_list(super::due::store::OWING)
        .push(" AND o.status = ")
        .push_value(Status::Active)
        .push(" AND o.parent_id = ")
        .push_value(above)
        .push(
            " AND NOT EXISTS (SELECT 1 FROM annual_report a WHERE a.organ_id = o.id AND a.year = ",
        )
        .push_value(i64::from(year))
        .push(")");
    tx.one(statement).await?.get("n")
}

/// Reports on a year of organs with the same parent, without the organ itself: those inside the reach, and published ones.
///
/// # Errors
/// When the store fails.
pub async fn siblings(
    tx: &mut Tx,
    within: &Reach,
    organ: OrganId,
    year: i16,
) -> Result<Vec<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("(a.state = ")
        .push_value(State::Published.code())
        .push(" OR ");
    reach::push(&mut statement, within);
    statement
        .push(") AND a.year = ")
        .push_value(i64::from(year))
        .push(" AND o.id <> ")
        .push_value(organ)
        .push(" AND o.parent_id = (SELECT own.parent_id FROM organ own WHERE own.id = ")
        .push_value(organ)
        .push(") ORDER BY o.position, o.path LIMIT ")
        .push_value(UNITS_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// A unit in the directory, and whether it lies in a scope.
///
/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn unit(tx: &mut Tx, scope: &Scope, organ: OrganId) -> Result<Option<Unit>, StoreError> {
    let mut statement = sql(
        "SELECT o.id AS unit_id, o.name AS organ_name, o.path AS organ_path, o.kind AS organ_kind, o.level AS organ_level FROM organ o WHERE o.id = ",
    );
    statement.push_value(organ).push(" AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    let Some(row) = tx.optional(statement).await? else {
        return Ok(None);
    };
    Ok(Some(Unit {
        id: row.get("unit_id")?,
        name: row.get("organ_name")?,
        path: row.get("organ_path")?,
        kind: row.get("organ_kind")?,
        level: row.get("organ_level")?,
    }))
}

fn from_row(row: &Row) -> Result<Annual, StoreError> {
    let form: String = row.get("form")?;
    decoded(row, &form)
}

fn decoded(row: &Row, form: &str) -> Result<Annual, StoreError> {
    let year: i64 = row.get("year")?;
    let taken_in: i64 = row.get("taken_in")?;
    let corrupt = |column: &str, found: &str, wanted| StoreError::Corrupt {
        column: column.to_owned(),
        found: found.to_owned(),
        wanted,
    };
    Ok(Annual {
        id: row.parsed("id", "an id")?,
        unit: Unit {
            id: row.get("organ_id")?,
            name: row.get("organ_name")?,
            path: row.get("organ_path")?,
            kind: row.get("organ_kind")?,
            level: row.get("organ_level")?,
        },
        year: i16::try_from(year).map_err(|_| corrupt("year", &year.to_string(), "a year"))?,
        state: row.coded("state", State::from_code)?,
        draft: Draft::from_json(form).ok_or_else(|| corrupt("form", form, "a report's form"))?,
        returned_why: row.get("returned_why")?,
        published_at: row.get("published_at")?,
        taken_in: taken_in != 0,
        original: row.get("file_id")?,
        written_by: row.get("written_by")?,
        version: row.get("version")?,
    })
}

/// The newest reports whose title has these words: id, unit, year and state.
///
/// # Errors
/// When the store fails.
pub async fn titled(
    tx: &mut Tx,
    within: &Reach,
    words: &str,
    rows: i64,
) -> Result<Vec<(AnnualId, String, i16, State)>, StoreError> {
    let mut statement = sql(
        "SELECT a.id, o.name, a.year, a.state FROM annual_report a JOIN organ o ON o.id = a.organ_id WHERE ",
    );
    reach::push(&mut statement, within);
    statement
        .push(" AND o.name || CAST(a.year AS TEXT) || '年政府信息公开工作年度报告' LIKE ")
        .push_value(containing(words))
        .push(" ESCAPE '!' ORDER BY a.year DESC, LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows);
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let year: i64 = row.get("year")?;
        found.push((
            row.parsed("id", "a report's id")?,
            row.get("name")?,
            i16::try_from(year).unwrap_or(0),
            row.coded("state", State::from_code)?,
        ));
    }
    Ok(found)
}
