//! The SQL of where documents came from.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

use crate::document::Document;

pub(super) async fn is_known(
    tx: &mut Tx,
    organ: OrganId,
    source: &str,
) -> Result<bool, StoreError> {
    let found = tx
        .optional(
            sql("SELECT document_id FROM document_origin WHERE organ_id = $1 AND source = $2")
                .bind(organ)
                .bind(source),
        )
        .await?;
    Ok(found.is_some())
}

pub(super) async fn insert(
    tx: &mut Tx,
    document: &Document,
    source: &str,
    address: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO document_origin (document_id, organ_id, source, address, taken_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(document.id.to_string())
            .bind(document.organ)
            .bind(source)
            .bind(address)
            .bind(now),
    )
    .await?;
    Ok(())
}
