//! The SQL of findings.

pub mod alike;
pub(super) mod heir;

use gongkai_basis::Date;
use gongkai_basis::id::{FindingId, OrganId};
use gongkai_basis::reference::{DateRange, Ref};

use super::{Finding, FindingKind, FindingState, Severity, Source};
use crate::access::Scope;
use crate::db::{Row, Sql, StoreError, Tx, containing, sql};
use crate::seam::{DUE_MAX, DueItem};

const SELECT: &str =
    "SELECT f.*, o.name AS organ_name FROM finding f JOIN organ o ON o.id = f.organ_id";

/// Organs, or findings, in one list of a statement.
const ORGANS_AT_ONCE: usize = 200;
const IDS_AT_ONCE: usize = 200;

/// Whose findings a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Side<'s> {
    /// All that offices of this scope watch over.
    Office(&'s Scope),
    /// Those of units of this scope that were confirmed.
    Unit(&'s Scope),
}

/// By whom something was watched over.
#[derive(Debug, Clone, Copy)]
pub enum Watched<'s> {
    /// Offices of this scope, as it is now.
    Now(&'s Scope),
    /// These offices first, whatever they went into since.
    First(&'s [OrganId]),
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub state: Option<FindingState>,
    pub kind: Option<FindingKind>,
    pub source: Option<Source>,
    pub organ: Option<OrganId>,
    /// The day for mending is past; the day is today.
    pub late_on: Option<Date>,
    /// The title contains it.
    pub text: String,
    /// The title is this one.
    pub title: Option<String>,
}

pub(super) async fn insert(tx: &mut Tx, finding: &Finding) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let (about_kind, about_id) = finding.about.clone().unzip();
    tx.run(
        sql("INSERT INTO finding (id, organ_id, office_id, key, kind, severity, source, title, detail, url, about_kind, about_id, state, \
             found_by, found_on, last_found_on, times, fix_due_on, confirmed_on, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1, $20)")
            .bind(finding.id)
            .bind(finding.organ)
            .bind(finding.office)
            .bind(&finding.key)
            .bind(finding.kind.code())
            .bind(finding.severity.code())
            .bind(finding.source.code())
            .bind(&finding.title)
            .bind(&finding.detail)
            .bind(finding.url.clone())
            .bind(about_kind)
            .bind(about_id)
            .bind(finding.state.code())
            .bind(&finding.found_by)
            .bind(finding.found_on)
            .bind(finding.last_found_on)
            .bind(finding.times)
            .bind(finding.fix_due_on)
            .bind(finding.confirmed_on)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Stores what may change, if nobody changed it since.
pub(super) async fn update(tx: &mut Tx, finding: &mut Finding) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE finding SET detail = $1, state = $2, last_found_on = $3, times = $4, fix_due_on = $5, confirmed_on = $6, claim = $7, \
             claimed_by = $8, claimed_on = $9, verdict = $10, closed_on = $11, reason = $12, until_on = $13, version = version + 1 \
             WHERE id = $14 AND version = $15")
            .bind(&finding.detail)
            .bind(finding.state.code())
            .bind(finding.last_found_on)
            .bind(finding.times)
            .bind(finding.fix_due_on)
            .bind(finding.confirmed_on)
            .bind(finding.claim.clone())
            .bind(finding.claimed_by.clone())
            .bind(finding.claimed_on)
            .bind(finding.verdict.clone())
            .bind(finding.closed_on)
            .bind(finding.reason.clone())
            .bind(finding.until_on)
            .bind(finding.id)
            .bind(finding.version),
    )
    .await?;
    finding.version += 1;
    Ok(())
}

pub(super) async fn by_key(
    tx: &mut Tx,
    organ: OrganId,
    key: &str,
) -> Result<Option<Finding>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(" WHERE f.organ_id = ")
        .push_value(organ)
        .push(" AND f.key = ")
        .push_value(key);
    one(tx, statement).await
}

/// A finding that an office of the scope watches over.
///
/// # Errors
/// When the store fails.
pub async fn of_office(
    tx: &mut Tx,
    scope: &Scope,
    id: FindingId,
) -> Result<Option<Finding>, StoreError> {
    load(tx, Side::Office(scope), id).await
}

/// A confirmed finding of a unit of the scope, or of one that went into it: what was closed before stays with that one, and
/// its heir answers for it.
///
/// # Errors
/// When the store fails.
pub async fn of_unit(
    tx: &mut Tx,
    scope: &Scope,
    id: FindingId,
) -> Result<Option<Finding>, StoreError> {
    match load(tx, Side::Unit(scope), id).await? {
        Some(finding) => Ok(Some(finding)),
        None => heir::of_gone_unit(tx, scope, id).await,
    }
}

/// Those among these findings that offices of the scope watch over.
///
/// # Errors
/// When the store fails.
pub async fn of_ids(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[FindingId],
) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement.push(" WHERE ");
        push_side(&mut statement, Side::Office(scope));
        statement
            .push(" AND f.id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

async fn load(tx: &mut Tx, side: Side<'_>, id: FindingId) -> Result<Option<Finding>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push(" WHERE ");
    push_side(&mut statement, side);
    statement.push(" AND f.id = ").push_value(id);
    one(tx, statement).await
}

/// One page of findings: what is open first, then by the day for mending.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Finding>, StoreError> {
    let mut statement = sql(SELECT);
    push_narrow(&mut statement, side, narrow);
    statement
        .push(" ORDER BY CASE WHEN f.state IN ('closed', 'untrue', 'deferred') THEN 1 ELSE 0 END, COALESCE(f.fix_due_on, '9999-12-31'), f.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, side: Side<'_>, narrow: &Narrow) -> Result<i64, StoreError> {
    tx.one(counting(side, narrow)).await?.get("n")
}

/// The statement of [`count`], for [`Tx::counts`].
#[must_use]
pub fn counting(side: Side<'_>, narrow: &Narrow) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n FROM finding f");
    push_narrow(&mut statement, side, narrow);
    statement
}

/// How many there are in each state.
///
/// # Errors
/// When the store fails.
pub async fn states(tx: &mut Tx, side: Side<'_>) -> Result<Vec<(FindingState, i64)>, StoreError> {
    let mut statement = sql("SELECT f.state, COUNT(*) AS n FROM finding f");
    push_narrow(&mut statement, side, &Narrow::default());
    statement.push(" GROUP BY f.state");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        found.push((row.coded("state", FindingState::from_code)?, row.get("n")?));
    }
    found.sort();
    Ok(found)
}

/// The organs that have findings, for a field to choose from.
///
/// # Errors
/// When the store fails.
pub async fn organs(tx: &mut Tx, scope: &Scope) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement =
        sql("SELECT o.id, o.name FROM organ o WHERE o.id IN (SELECT f.organ_id FROM finding f");
    push_narrow(&mut statement, Side::Office(scope), &Narrow::default());
    statement.push(") ORDER BY o.position, o.id");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        found.push((row.get("id")?, row.get("name")?));
    }
    Ok(found)
}

/// The findings of an organ, for other capabilities. What was found by machines and not verified yet is among them.
///
/// # Errors
/// When the store fails.
pub async fn of(
    tx: &mut Tx,
    organ: OrganId,
    narrow: &Narrow,
    rows: i64,
) -> Result<Vec<Finding>, StoreError> {
    let own = Narrow {
        organ: Some(organ),
        ..narrow.clone()
    };
    list(tx, Side::Office(&Scope::Everything), &own, (0, rows)).await
}

/// The findings about one thing, such as a task, that an office of the scope watches over.
///
/// # Errors
/// When the store fails.
pub async fn about(
    tx: &mut Tx,
    side: Side<'_>,
    (kind, id): (&str, &str),
) -> Result<Vec<Finding>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push(" WHERE ");
    push_side(&mut statement, side);
    statement
        .push(" AND f.about_kind = ")
        .push_value(kind)
        .push(" AND f.about_id = ")
        .push_value(id)
        .push(" ORDER BY f.id DESC LIMIT 50");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The findings of these organs that offices confirmed and that were found within a range of days, its ends included.
///
/// # Errors
/// When the store fails.
pub async fn confirmed_between(
    tx: &mut Tx,
    watched: Watched<'_>,
    organs: &[OrganId],
    (from, to): (Date, Date),
) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement.push(" WHERE ");
        match watched {
            Watched::Now(scope) => push_side(&mut statement, Side::Office(scope)),
            Watched::First(desks) => {
                statement
                    .push("COALESCE(f.desk_id, f.office_id) IN ")
                    .push_list(desks.iter().copied());
            }
        }
        statement
            .push(" AND f.confirmed_on IS NOT NULL AND f.found_on >= ")
            .push_value(from)
            .push(" AND f.found_on <= ")
            .push_value(to)
            .push(" AND f.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY f.found_on, f.id");
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// What units of a scope must mend within a range of days, earliest first.
pub(super) async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql("SELECT f.id, f.organ_id, f.title, f.fix_due_on FROM finding f WHERE ");
    push_side(&mut statement, Side::Unit(scope));
    statement
        .push(" AND f.state IN ('confirmed', 'mending') AND f.fix_due_on >= ")
        .push_value(range.from)
        .push(" AND f.fix_due_on <= ")
        .push_value(range.to)
        .push(" ORDER BY f.fix_due_on, f.id LIMIT ")
        .push_value(DUE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let id: FindingId = row.get("id")?;
            Ok(DueItem {
                of: Ref {
                    kind: "finding".to_owned(),
                    id: id.to_string(),
                },
                organ: row.get("organ_id")?,
                title: row.get("title")?,
                due_on: row.get("fix_due_on")?,
                path: format!("/workspace/findings/{id}"),
            })
        })
        .collect()
}

fn push_side(statement: &mut Sql, side: Side<'_>) {
    let (column, scope) = match side {
        Side::Office(scope) => ("f.office_id IN (SELECT s.id FROM organ s WHERE ", scope),
        Side::Unit(scope) => (
            "f.confirmed_on IS NOT NULL AND f.organ_id IN (SELECT s.id FROM organ s WHERE ",
            scope,
        ),
    };
    statement.push(column);
    scope.push_condition(statement, "s.id", "s.path");
    statement.push(")");
}

fn push_narrow(statement: &mut Sql, side: Side<'_>, narrow: &Narrow) {
    statement.push(" WHERE ");
    push_side(statement, side);
    if let Some(state) = narrow.state {
        statement.push(" AND f.state = ").push_value(state.code());
    }
    if let Some(kind) = narrow.kind {
        statement.push(" AND f.kind = ").push_value(kind.code());
    }
    if let Some(source) = narrow.source {
        statement.push(" AND f.source = ").push_value(source.code());
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND f.organ_id = ").push_value(organ);
    }
    if let Some(today) = narrow.late_on {
        statement.push(" AND (");
        push_late(statement, today);
        statement.push(")");
    }
    if let Some(title) = &narrow.title {
        statement.push(" AND f.title = ").push_value(title);
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND f.title LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!'");
    }
}

/// As [`Finding::is_late`] says.
fn push_late(statement: &mut Sql, today: Date) {
    statement
        .push("(f.state IN ('confirmed', 'mending') AND f.fix_due_on < ")
        .push_value(today)
        .push(") OR (f.state = 'to_recheck' AND f.fix_due_on < f.claimed_on) OR (f.state = 'deferred' AND f.until_on < ")
        .push_value(today)
        .push(")");
}

async fn one(tx: &mut Tx, statement: Sql) -> Result<Option<Finding>, StoreError> {
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

fn from_row(row: &Row) -> Result<Finding, StoreError> {
    let (kind, id): (Option<String>, Option<String>) =
        (row.get("about_kind")?, row.get("about_id")?);
    Ok(Finding {
        id: row.get("id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        office: row.get("office_id")?,
        key: row.get("key")?,
        kind: row.coded("kind", FindingKind::from_code)?,
        severity: row.coded("severity", Severity::from_code)?,
        source: row.coded("source", Source::from_code)?,
        title: row.get("title")?,
        detail: row.get("detail")?,
        url: row.get("url")?,
        about: kind.zip(id),
        state: row.coded("state", FindingState::from_code)?,
        found_by: row.get("found_by")?,
        found_on: row.get("found_on")?,
        last_found_on: row.get("last_found_on")?,
        times: row.get("times")?,
        fix_due_on: row.get("fix_due_on")?,
        confirmed_on: row.get("confirmed_on")?,
        claim: row.get("claim")?,
        claimed_by: row.get("claimed_by")?,
        claimed_on: row.get("claimed_on")?,
        verdict: row.get("verdict")?,
        closed_on: row.get("closed_on")?,
        reason: row.get("reason")?,
        until_on: row.get("until_on")?,
        version: row.get("version")?,
    })
}
