//! The SQL of findings whose organ goes into another.

use gongkai_basis::id::{FindingId, OrganId};

use super::{SELECT, from_row, one};
use crate::access::Scope;
use crate::db::{StoreError, Tx, sql};
use crate::finding::Finding;
use crate::organ;

/// What an organ has still to mend, or somebody has to look at.
pub(in crate::finding) async fn unended(
    tx: &mut Tx,
    organ: OrganId,
) -> Result<Vec<Finding>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(" WHERE f.organ_id = ")
        .push_value(organ)
        .push(" AND f.state NOT IN ('closed', 'untrue') ORDER BY f.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// A confirmed finding of a unit that went into one of the scope, at whatever remove.
pub(in crate::finding) async fn of_gone_unit(
    tx: &mut Tx,
    scope: &Scope,
    id: FindingId,
) -> Result<Option<Finding>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(" WHERE f.confirmed_on IS NOT NULL AND f.id = ")
        .push_value(id)
        .push(" AND f.organ_id IN (");
    organ::store::push_merged_into(&mut statement, scope);
    statement.push(")");
    one(tx, statement).await
}

/// Stores the organ that a finding has now.
pub(in crate::finding) async fn give(tx: &mut Tx, finding: &Finding) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE finding SET organ_id = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(finding.organ)
            .bind(finding.id)
            .bind(finding.version),
    )
    .await
}

/// Leaves a finding's key to another one of the same organ.
pub(in crate::finding) async fn give_up_key(
    tx: &mut Tx,
    finding: &Finding,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE finding SET key = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(format!("{}#{}", finding.key, finding.id))
            .bind(finding.id)
            .bind(finding.version),
    )
    .await
}

/// How many findings that are neither closed nor untrue are an organ's own, or watched over by it.
pub(in crate::finding) async fn count(tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM finding WHERE (organ_id = $1 OR office_id = $1) AND state NOT IN ('closed', 'untrue')")
            .bind(organ),
    )
    .await?
    .get("n")
}

/// Gives to an heir all that an office watched over, what is over too: nobody else could read it. Gives how many.
pub(in crate::finding) async fn give_watch(
    tx: &mut Tx,
    (from, to): (OrganId, OrganId),
) -> Result<u64, StoreError> {
    tx.run(
        sql("UPDATE finding SET desk_id = COALESCE(desk_id, office_id), office_id = $1, version = version + 1 WHERE office_id = $2")
            .bind(to)
            .bind(from),
    )
    .await
}
