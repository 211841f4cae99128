//! The SQL of cases that go on with somebody else.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::db::{Sql, StoreError, Tx, sql};
use gongkai_platform::organ::Moved;

use crate::request::case::Case;
use crate::request::store::{SELECT, whole};

/// States in which something is still owed.
const OPEN: &str = "r.state NOT IN ('closed', 'archived')";

pub(super) async fn count_of_person(tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
    let mut statement = counted();
    statement.push("r.handler_id = ").push_value(account);
    tx.one(statement).await?.get("n")
}

pub(super) async fn count_of_organ(tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
    let mut statement = counted();
    statement.push("r.organ_id = ").push_value(organ);
    tx.one(statement).await?.get("n")
}

pub(super) async fn of_person(tx: &mut Tx, account: AccountId) -> Result<Vec<Case>, StoreError> {
    let mut statement = ids();
    statement.push("r.handler_id = ").push_value(account);
    cases(tx, statement).await
}

pub(super) async fn of_organ(tx: &mut Tx, organ: OrganId) -> Result<Vec<Case>, StoreError> {
    let mut statement = ids();
    statement.push("r.organ_id = ").push_value(organ);
    cases(tx, statement).await
}

/// Questions to a unit that it has not answered go to its heir.
pub(super) async fn move_asked(tx: &mut Tx, moved: Moved<'_>) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE request_consultation SET organ_id = $1, name = $2 WHERE organ_id = $3 AND asked = 'unit' AND answered_on IS NULL")
            .bind(moved.to.id)
            .bind(&moved.to.name)
            .bind(moved.from),
    )
    .await?;
    Ok(())
}

fn counted() -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n FROM request r WHERE ");
    statement.push(OPEN).push(" AND ");
    statement
}

fn ids() -> Sql {
    let mut statement = sql("SELECT r.id FROM request r WHERE ");
    statement.push(OPEN).push(" AND ");
    statement
}

async fn cases(tx: &mut Tx, ids: Sql) -> Result<Vec<Case>, StoreError> {
    let mut cases = Vec::new();
    for row in tx.all(ids).await? {
        let mut statement = sql(SELECT);
        statement
            .push("r.id = ")
            .push_value(row.get::<String>("id")?);
        cases.extend(whole(tx, statement).await?);
    }
    Ok(cases)
}
