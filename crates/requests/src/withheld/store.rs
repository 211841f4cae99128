//! The SQL of looks at what was withheld.

use gongkai_basis::{Date, coded};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Look, Outcome};
use crate::id::RequestId;
use crate::request::Request;
use crate::request::reply::Reply;
use crate::request::store::{SELECT, from_row};

coded! {
    /// What a list of what was withheld holds.
    pub enum View {
        Due = "due", "到期复核";
        Coming = "coming", "还没有到期";
    }
}

/// Keeps a look, the day of the next one, and since when it may be open, over the version that was looked at.
pub(super) async fn keep(tx: &mut Tx, request: &Request, look: &Look) -> Result<(), StoreError> {
    let opened_on = (look.outcome == Outcome::Open).then_some(look.on);
    tx.run_versioned(
        sql("UPDATE request SET look_on = $1, opened_on = $2, version = version + 1 WHERE id = $3 AND version = $4")
            .bind(look.next_on)
            .bind(opened_on)
            .bind(request.id.to_string())
            .bind(request.version),
    )
    .await?;
    tx.run(
        sql("INSERT INTO request_look (request_id, position, looked_on, by_name, outcome, why, next_on) \
             SELECT $1, COALESCE(MAX(l.position), 0) + 1, $2, $3, $4, $5, $6 FROM request_look l WHERE l.request_id = $1")
            .bind(request.id.to_string())
            .bind(look.on)
            .bind(&look.by)
            .bind(look.outcome.code())
            .bind(&look.why)
            .bind(look.next_on),
    )
    .await?;
    Ok(())
}

fn look(row: &Row) -> Result<Look, StoreError> {
    Ok(Look {
        on: row.get("looked_on")?,
        by: row.get("by_name")?,
        outcome: row.coded("outcome", Outcome::from_code)?,
        why: row.get("why")?,
        next_on: row.get("next_on")?,
    })
}

/// The looks at a case, the first one first.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, id: RequestId) -> Result<Vec<Look>, StoreError> {
    tx.all(
        sql("SELECT * FROM request_look WHERE request_id = $1 ORDER BY position")
            .bind(id.to_string()),
    )
    .await?
    .iter()
    .map(look)
    .collect()
}

/// What was said at looks goes with the rest of what tells who asked.
pub(crate) async fn erase(tx: &mut Tx, id: RequestId, mark: &str) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE request_look SET why = $1 WHERE request_id = $2")
            .bind(mark)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

/// Replies that left and withheld something, by the day of their next look.
fn push_view(statement: &mut Sql, view: View, today: Date) {
    let withholds = Reply::ALL.iter().filter(|reply| reply.withholds());
    statement
        .push("r.replied_on IS NOT NULL AND r.reply IN ")
        .push_list(withholds.map(|reply| reply.code()))
        .push(match view {
            View::Due => " AND r.look_on <= ",
            View::Coming => " AND r.look_on > ",
        })
        .push_value(today);
}

/// One page, the earliest day first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    (view, today): (View, Date),
    (offset, rows): (i64, i64),
) -> Result<Vec<Request>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND ");
    push_view(&mut statement, view, today);
    statement
        .push(" ORDER BY r.look_on, r.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    scope: &Scope,
    (view, today): (View, Date),
) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM request r JOIN organ o ON o.id = r.organ_id WHERE ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND ");
    push_view(&mut statement, view, today);
    tx.one(statement).await?.get("n")
}

/// Some of those whose day has come, after this id.
pub(super) async fn falling_due(
    tx: &mut Tx,
    today: Date,
    after: Option<RequestId>,
    rows: i64,
) -> Result<Vec<Request>, StoreError> {
    let mut statement = sql(SELECT);
    push_view(&mut statement, View::Due, today);
    if let Some(after) = after {
        statement.push(" AND r.id > ").push_value(after.to_string());
    }
    statement.push(" ORDER BY r.id LIMIT ").push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}
