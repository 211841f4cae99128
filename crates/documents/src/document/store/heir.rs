//! The SQL of documents that go to the heir of their unit.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{SELECT, from_row};
use crate::document::Document;

/// How many documents of a unit are being worked on.
pub(crate) async fn unsettled(tx: &mut Tx, owner: OrganId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM document WHERE owner_id = $1 AND state NOT IN ('settled', 'discarded')")
            .bind(owner),
    )
    .await?
    .get("n")
}

pub(crate) async fn of_owner(tx: &mut Tx, owner: OrganId) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.owner_id = ")
        .push_value(owner)
        .push(" ORDER BY d.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// What others work on in the name of this organ and has never gone out: a government's drafts lie at its office.
pub(crate) async fn to_go_out_as(tx: &mut Tx, organ: OrganId) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.organ_id = ")
        .push_value(organ)
        .push(" AND d.owner_id <> ")
        .push_value(organ)
        .push(" AND d.visibility = 'never' ORDER BY d.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Whose it is and in whose name it goes out, if nobody changed it since.
pub(crate) async fn give(tx: &mut Tx, document: &Document) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE document SET owner_id = $1, organ_id = $2, version = version + 1 WHERE id = $3 AND version = $4")
            .bind(document.owner)
            .bind(document.organ)
            .bind(document.id.to_string())
            .bind(document.version),
    )
    .await
}
