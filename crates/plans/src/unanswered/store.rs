//! The SQL of units that nobody answers for.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::Unit;
use crate::assignment::store::DECIDES;

/// Appends what tells the open parts of organ `o` of which something is due.
fn push_parts(statement: &mut Sql, offices: &Scope, from_year: i16) {
    statement.push(
        " FROM assignment a WHERE a.organ_id = o.id AND a.state = 'open' AND a.finished = 0 AND a.next_due_on IS NOT NULL AND ",
    );
    statement.push(DECIDES).push(
        " AND a.plan_id IN (SELECT q.id FROM plan q JOIN organ x ON x.id = q.organ_id WHERE q.state = 'active' AND q.year >= ",
    );
    statement.push_value(i64::from(from_year)).push(" AND ");
    offices.push_condition(statement, "x.id", "x.path");
    statement.push(")");
}

/// Units with open parts, in the directory's order.
///
/// # Errors
/// When the store fails.
pub(super) async fn units(
    tx: &mut Tx,
    offices: &Scope,
    from_year: i16,
) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql("SELECT o.id FROM organ o WHERE EXISTS (SELECT 1");
    push_parts(&mut statement, offices, from_year);
    statement.push(") ORDER BY o.position, o.path");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// These units with the number of their open parts, in the directory's order.
///
/// # Errors
/// When the store fails.
pub(crate) async fn page(
    tx: &mut Tx,
    offices: &Scope,
    from_year: i16,
    ids: &[OrganId],
) -> Result<Vec<Unit>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name, (SELECT COUNT(*)");
    push_parts(&mut statement, offices, from_year);
    statement
        .push(") AS parts FROM organ o WHERE o.id IN ")
        .push_list(ids.iter().copied())
        .push(" ORDER BY o.position, o.path");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Unit {
                id: row.get("id")?,
                name: row.get("name")?,
                parts: row.get("parts")?,
            })
        })
        .collect()
}
