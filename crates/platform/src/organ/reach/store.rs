//! The SQL of a reach: a condition on the directory of organs.

use crate::db::{Sql, StoreError, Tx, sql};
use crate::organ::Status;
use gongkai_basis::id::OrganId;

use super::Reach;

/// Units that a choice offers.
const UNITS_MAX: i64 = 3_000;

/// Appends `(…)`: true where the organ that stands under the alias `o` lies inside.
pub fn push(statement: &mut Sql, reach: &Reach) {
    statement.push("(");
    reach.scope.push_condition(statement, "o.id", "o.path");
    statement
        .push(" OR o.id IN ")
        .push_list(reach.bases.iter().copied())
        .push(" OR o.parent_id IN ")
        .push_list(reach.bases.iter().copied())
        .push(")");
}

/// The organs in use inside a reach, in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn units(tx: &mut Tx, reach: &Reach) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE o.status = ");
    statement.push_value(Status::Active).push(" AND ");
    push(&mut statement, reach);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(UNITS_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// The name of an organ inside a reach; `None` for one outside.
///
/// # Errors
/// When the store fails.
pub async fn unit(tx: &mut Tx, reach: &Reach, id: OrganId) -> Result<Option<String>, StoreError> {
    let mut statement = sql("SELECT o.name FROM organ o WHERE o.id = ");
    statement.push_value(id).push(" AND ");
    push(&mut statement, reach);
    tx.optional(statement)
        .await?
        .map(|row| row.get("name"))
        .transpose()
}
