//! The SQL of drafts that were put aside.

use gongkai_platform::db::{StoreError, Tx, sql};

use super::{SELECT, from_row};
use crate::document::Document;
use crate::id::DocumentId;

/// Whether one of its editions has passed its whole review.
pub(crate) async fn was_approved(tx: &mut Tx, id: DocumentId) -> Result<bool, StoreError> {
    let row = tx
        .optional(
            sql("SELECT e.id FROM edition e JOIN review_step s ON s.edition_id = e.id WHERE e.document_id = $1 \
                 GROUP BY e.id HAVING COUNT(*) = COUNT(CASE WHEN s.state = 'passed' THEN 1 END) LIMIT 1")
                .bind(id.to_string()),
        )
        .await?;
    Ok(row.is_some())
}

/// Whether review ever saw its files: the record of that review is about them.
pub(crate) async fn was_sealed(tx: &mut Tx, id: DocumentId) -> Result<bool, StoreError> {
    let row = tx
        .optional(
            sql("SELECT s.edition_id FROM edition_seal s JOIN edition e ON e.id = s.edition_id WHERE e.document_id = $1 LIMIT 1")
                .bind(id.to_string()),
        )
        .await?;
    Ok(row.is_some())
}

/// Drafts that were put aside before this instant (milliseconds since 1970) and can still be taken back, the oldest first.
pub(crate) async fn discarded_before(
    tx: &mut Tx,
    before: i64,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.state = 'discarded' AND d.emptied_at IS NULL AND d.discarded_at < ")
        .push_value(before)
        .push(" ORDER BY d.discarded_at, d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// It stays put aside from now on, if nobody took it back meanwhile.
pub(crate) async fn set_emptied(tx: &mut Tx, document: &Document) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE document SET emptied_at = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(now)
            .bind(document.id.to_string())
            .bind(document.version),
    )
    .await
}
