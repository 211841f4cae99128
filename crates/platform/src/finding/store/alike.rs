//! The SQL of findings that say the same.

use gongkai_basis::Date;
use gongkai_basis::id::FindingId;

use super::{Narrow, Side, push_late, push_narrow};
use crate::db::{StoreError, Tx, sql};
use crate::finding::alike::{Alike, NAMED_MAX};
use crate::finding::{FindingKind, FindingState, Severity, Source};

const SAME: &str = "f.title, f.kind, f.severity, f.source, f.state";

/// How many lines the findings make.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, side: Side<'_>, narrow: &Narrow) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM finding f");
    push_narrow(&mut statement, side, narrow);
    statement.push(" GROUP BY ").push(SAME).push(") AS f");
    tx.one(statement).await?.get("n")
}

/// One page of lines: what is open first, then by the day for mending. Two queries.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    side: Side<'_>,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
    today: Date,
) -> Result<Vec<Alike>, StoreError> {
    let mut statement = sql("SELECT ");
    statement
        .push(SAME)
        .push(
            ", MIN(f.id) AS id, COUNT(*) AS n, COUNT(DISTINCT f.organ_id) AS units, COUNT(f.fix_due_on) AS dated, \
             MIN(f.fix_due_on) AS first_due, MAX(f.fix_due_on) AS last_due, MIN(f.found_on) AS found_on, MAX(f.times) AS times, \
             SUM(CASE WHEN ",
        )
        .push("(");
    push_late(&mut statement, today);
    statement.push(") THEN 1 ELSE 0 END) AS late FROM finding f");
    push_narrow(&mut statement, side, narrow);
    statement
        .push(" GROUP BY ")
        .push(SAME)
        .push(
            " ORDER BY CASE WHEN f.state IN ('closed', 'untrue', 'deferred') THEN 1 ELSE 0 END, \
             COALESCE(MIN(f.fix_due_on), '9999-12-31'), MIN(f.id) DESC LIMIT ",
        )
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let mut lines = Vec::new();
    for row in tx.all(statement).await? {
        let (n, dated): (i64, i64) = (row.get("n")?, row.get("dated")?);
        let (first, last): (Option<Date>, Option<Date>) =
            (row.get("first_due")?, row.get("last_due")?);
        lines.push(Alike {
            id: row.get("id")?,
            title: row.get("title")?,
            kind: row.coded("kind", FindingKind::from_code)?,
            severity: row.coded("severity", Severity::from_code)?,
            source: row.coded("source", Source::from_code)?,
            state: row.coded("state", FindingState::from_code)?,
            n,
            units: row.get("units")?,
            late: row.get("late")?,
            due_on: first,
            due_of_all: first == last && (dated == n || dated == 0),
            found_on: row.get("found_on")?,
            times: row.get("times")?,
            named: Vec::new(),
        });
    }
    name(tx, side, narrow, &mut lines).await?;
    Ok(lines)
}

/// Names the first units of each line, in the order of the organs.
async fn name(
    tx: &mut Tx,
    side: Side<'_>,
    narrow: &Narrow,
    lines: &mut [Alike],
) -> Result<(), StoreError> {
    let mut statement =
        sql("SELECT * FROM (SELECT f.id, f.organ_id, o.name AS organ_name, o.position, ");
    statement
        .push(SAME)
        .push(", ROW_NUMBER() OVER (PARTITION BY ")
        .push(SAME)
        .push(
            " ORDER BY o.position, f.id) AS place FROM finding f JOIN organ o ON o.id = f.organ_id",
        );
    push_narrow(&mut statement, side, narrow);
    statement
        .push(" AND f.title IN ")
        .push_list(lines.iter().map(|line| line.title.clone()))
        .push(") AS f WHERE f.place <= ")
        .push_value(NAMED_MAX)
        .push(" ORDER BY f.place");
    for row in tx.all(statement).await? {
        let title: String = row.get("title")?;
        let same = (
            row.coded("kind", FindingKind::from_code)?,
            row.coded("severity", Severity::from_code)?,
            row.coded("source", Source::from_code)?,
            row.coded("state", FindingState::from_code)?,
        );
        let line = lines.iter_mut().find(|line| {
            line.title == title && (line.kind, line.severity, line.source, line.state) == same
        });
        if let Some(line) = line {
            line.named
                .push((row.get("id")?, row.get("organ_id")?, row.get("organ_name")?));
        }
    }
    Ok(())
}

/// The findings of a narrowed list that say the same as this one, itself among them; at most so many.
///
/// # Errors
/// When the store fails.
pub async fn same_as(
    tx: &mut Tx,
    side: Side<'_>,
    narrow: &Narrow,
    one: FindingId,
    rows: i64,
) -> Result<Vec<FindingId>, StoreError> {
    let mut statement = sql("SELECT f.id FROM finding f");
    push_narrow(&mut statement, side, narrow);
    statement
        .push(
            " AND EXISTS (SELECT 1 FROM finding one WHERE one.title = f.title AND one.kind = f.kind \
             AND one.severity = f.severity AND one.source = f.source AND one.state = f.state AND one.id = ",
        )
        .push_value(one)
        .push(") ORDER BY f.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}
