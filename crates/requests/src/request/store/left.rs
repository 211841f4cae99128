//! The SQL of cases that went to another organ (转办): their old desk finds them, and learns where they are.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::list::push_text;
use super::{entry_from, from_row};
use crate::id::RequestId;
use crate::request::Request;
use crate::request::case::Entry;

/// A case as the organ that gave it away sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// As it stands now, at the organ that has it now.
    pub request: Request,
    pub from: String,
    pub to: String,
    pub on: Date,
    /// The line of the history that is the transfer.
    position: i64,
}

/// Notes that a case left an organ, with the transfer's place in the history.
pub(crate) async fn note(
    tx: &mut Tx,
    (id, position): (RequestId, usize),
    (from, to): (OrganId, OrganId),
    on: Date,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_left (request_id, position, organ_id, to_id, left_on) VALUES ($1, $2, $3, $4, $5)")
            .bind(id.to_string())
            .bind(i64::try_from(position).unwrap_or(i64::MAX))
            .bind(from)
            .bind(to)
            .bind(on),
    )
    .await?;
    Ok(())
}

/// Cases that left the scope, each by its last leaving, and are in it no more.
fn push_left(statement: &mut Sql, scope: &Scope, text: &str) {
    statement.push(
        " FROM request_left l JOIN organ f ON f.id = l.organ_id JOIN organ t ON t.id = l.to_id \
         JOIN request r ON r.id = l.request_id JOIN organ o ON o.id = r.organ_id WHERE ",
    );
    scope.push_condition(statement, "f.id", "f.path");
    statement.push(" AND NOT (");
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(
        ") AND NOT EXISTS (SELECT 1 FROM request_left n JOIN organ m ON m.id = n.organ_id \
         WHERE n.request_id = l.request_id AND n.position > l.position AND ",
    );
    scope.push_condition(statement, "m.id", "m.path");
    statement.push(")");
    if !text.is_empty() {
        push_text(statement, text);
    }
}

const COLUMNS: &str = "SELECT r.*, o.name AS organ_name, f.name AS from_name, t.name AS to_name, l.left_on, l.position";

fn left(row: &Row) -> Result<Left, StoreError> {
    Ok(Left {
        request: from_row(row)?,
        from: row.get("from_name")?,
        to: row.get("to_name")?,
        on: row.get("left_on")?,
        position: row.get("position")?,
    })
}

/// How many there are.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, text: &str) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n");
    push_left(&mut statement, scope, text);
    tx.one(statement).await?.get("n")
}

/// One page, the last to leave first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    text: &str,
    (offset, rows): (i64, i64),
) -> Result<Vec<Left>, StoreError> {
    let mut statement = sql(COLUMNS);
    push_left(&mut statement, scope, text);
    statement
        .push(" ORDER BY l.left_on DESC, r.number DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(left).collect()
}

/// One of them, with its history up to the transfer: what came after is not the old desk's.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: RequestId,
) -> Result<Option<(Left, Vec<Entry>)>, StoreError> {
    let mut statement = sql(COLUMNS);
    push_left(&mut statement, scope, "");
    statement.push(" AND r.id = ").push_value(id.to_string());
    let Some(row) = tx.optional(statement).await? else {
        return Ok(None);
    };
    let left = left(&row)?;
    let entries = tx
        .all(
            sql("SELECT * FROM request_entry WHERE request_id = $1 AND position <= $2 ORDER BY position")
                .bind(id.to_string())
                .bind(left.position),
        )
        .await?;
    let entries = entries.iter().map(entry_from).collect::<Result<_, _>>()?;
    Ok(Some((left, entries)))
}
