//! The SQL of units that nobody answers for.

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::Unit;
use crate::assignment::store::DECIDES;

/// The plans in force of offices of a scope from a year on.
async fn plans(tx: &mut Tx, offices: &Scope, from_year: i16) -> Result<Vec<PlanId>, StoreError> {
    let mut statement = sql(
        "SELECT q.id FROM plan q JOIN organ x ON x.id = q.organ_id WHERE q.state = 'active' AND q.year >= ",
    );
    statement.push_value(i64::from(from_year)).push(" AND ");
    offices.push_condition(&mut statement, "x.id", "x.path");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// Appends what tells the open parts of organ `o` in these plans of which something is due.
fn push_parts(statement: &mut Sql, plans: &[PlanId]) {
    statement.push(
        " FROM assignment a WHERE a.organ_id = o.id AND a.state = 'open' AND a.finished = 0 AND a.next_due_on IS NOT NULL AND ",
    );
    statement
        .push(DECIDES)
        .push(" AND a.plan_id IN ")
        .push_list(plans.iter().copied());
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
    let plans = plans(tx, offices, from_year).await?;
    // One part of each is looked at: of an EXISTS PostgreSQL makes a join with all that they have.
    let mut statement = sql("SELECT o.id FROM organ o WHERE (SELECT 1");
    push_parts(&mut statement, &plans);
    statement.push(" LIMIT 1) = 1 ORDER BY o.position, o.path");
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
    let plans = plans(tx, offices, from_year).await?;
    let mut statement = sql("SELECT o.id, o.name, (SELECT COUNT(*)");
    push_parts(&mut statement, &plans);
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
