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
            sql("SELECT o.document_id FROM document_origin o JOIN document d ON d.id = o.document_id \
                 WHERE o.organ_id = $1 AND o.source = $2 AND d.state <> 'discarded'")
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
    // Of a draft that was discarded: the file may come again.
    tx.run(
        sql("DELETE FROM document_origin WHERE organ_id = $1 AND source = $2")
            .bind(document.organ)
            .bind(source),
    )
    .await?;
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
