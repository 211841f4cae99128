//! The SQL of what the text of a file lost when it became an edition.

use gongkai_platform::db::{StoreError, Tx, sql};

use crate::document::Lost;
use crate::id::{DocumentId, EditionId};

/// Keeps the list with the edition; an empty one says that nothing was lost.
pub(crate) async fn set_losses(
    tx: &mut Tx,
    edition: EditionId,
    losses: &[String],
) -> Result<(), StoreError> {
    tx.run(
        sql(
            "INSERT INTO edition_loss (edition_id, losses) VALUES ($1, $2) \
             ON CONFLICT (edition_id) DO UPDATE SET losses = excluded.losses",
        )
        .bind(edition.to_string())
        .bind(serde_json::to_string(losses).unwrap_or_default()),
    )
    .await?;
    Ok(())
}

/// What was lost when the text of a document came from a file last; `None` where it never did, or lost nothing.
///
/// # Errors
/// When the store fails.
pub async fn lost(tx: &mut Tx, document: DocumentId) -> Result<Option<Lost>, StoreError> {
    let Some(row) = tx
        .optional(
            sql("SELECT e.number, l.losses FROM edition_loss l JOIN edition e ON e.id = l.edition_id \
                 WHERE e.document_id = $1 ORDER BY e.number DESC LIMIT 1")
                .bind(document.to_string()),
        )
        .await?
    else {
        return Ok(None);
    };
    let found: String = row.get("losses")?;
    let places: Vec<String> = serde_json::from_str(&found).map_err(|_| StoreError::Corrupt {
        column: "losses".into(),
        found,
        wanted: "sentences as JSON",
    })?;
    let number = row.get("number")?;
    Ok((!places.is_empty()).then_some(Lost { number, places }))
}
