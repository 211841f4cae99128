//! The SQL of issues that go to the heir of the office that made them.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{SELECT, from_row};
use crate::gazette::Issue;

pub(in crate::gazette) async fn of_owner(
    tx: &mut Tx,
    owner: OrganId,
) -> Result<Vec<Issue>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("g.owner_id = ")
        .push_value(owner)
        .push(" ORDER BY g.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Who makes it, if nobody changed it since.
pub(in crate::gazette) async fn give(tx: &mut Tx, issue: &Issue) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE gazette_issue SET owner_id = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(issue.owner)
            .bind(issue.id.to_string())
            .bind(issue.version),
    )
    .await
}
