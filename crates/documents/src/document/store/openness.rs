//! The SQL of what is not open, by the day on which that is looked at again.

use gongkai_basis::Date;
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::{SELECT, from_row};
use crate::document::{Document, Head};

/// Which of them are looked for: those whose day has come, those with a day in a range, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    DueBy(Date),
    Within(DateRange),
    All,
}

/// What the public does not read because its newest text is not open; a public one has its text checked when it goes out.
const UNOPENED: &str =
    " AND d.review_on IS NOT NULL AND d.visibility <> 'public' AND d.state <> 'discarded'";

fn push(statement: &mut Sql, scope: &Scope, looking: Looking) {
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(UNOPENED);
    let (from, to) = match looking {
        Looking::DueBy(day) => (None, Some(day)),
        Looking::Within(range) => (Some(range.from), Some(range.to)),
        Looking::All => (None, None),
    };
    if let Some(from) = from {
        statement.push(" AND d.review_on >= ").push_value(from);
    }
    if let Some(to) = to {
        statement.push(" AND d.review_on <= ").push_value(to);
    }
}

/// Some of them, the earliest day first.
///
/// # Errors
/// When the store fails.
pub async fn falling_within(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    push(&mut statement, scope, Looking::Within(range));
    statement
        .push(" ORDER BY d.review_on, d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// A page of them with the heads of their newest editions, the earliest day first.
///
/// # Errors
/// When the store fails.
pub async fn unopened(
    tx: &mut Tx,
    scope: &Scope,
    looking: Looking,
    (offset, rows): (i64, i64),
) -> Result<Vec<(Document, Head)>, StoreError> {
    let mut statement = sql(
        "SELECT d.*, o.name AS owner_name, p.name AS organ_name, e.head FROM document d JOIN organ o ON o.id = d.owner_id \
         JOIN organ p ON p.id = d.organ_id JOIN edition e ON e.id = d.edition_id WHERE ",
    );
    push(&mut statement, scope, looking);
    statement
        .push(" ORDER BY d.review_on, d.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let head: String = row.get("head")?;
        let head = serde_json::from_str(&head).map_err(|_| StoreError::Corrupt {
            column: "head".into(),
            found: head,
            wanted: "a document's head",
        })?;
        found.push((from_row(&row)?, head));
    }
    Ok(found)
}

/// How many there are.
///
/// # Errors
/// When the store fails.
pub async fn unopened_count(
    tx: &mut Tx,
    scope: &Scope,
    looking: Looking,
) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM document d JOIN organ o ON o.id = d.owner_id WHERE ");
    push(&mut statement, scope, looking);
    tx.one(statement).await?.get("n")
}

/// Those whose day is after `since`, up to `today`: a page of them by id.
pub(crate) async fn falling_due(
    tx: &mut Tx,
    (since, today): (Date, Date),
    after: &str,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.id > ")
        .push_value(after.to_owned())
        .push(UNOPENED)
        .push(" AND d.review_on > ")
        .push_value(since)
        .push(" AND d.review_on <= ")
        .push_value(today)
        .push(" ORDER BY d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}
