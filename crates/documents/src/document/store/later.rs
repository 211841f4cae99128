//! The SQL of what is said when a correction or an amendment goes out at its hour.

use gongkai_platform::db::{StoreError, Tx, sql};

use crate::document::schedule::Later;
use crate::id::EditionId;

/// Keeps what the edition will say.
pub(crate) async fn set_later(
    tx: &mut Tx,
    edition: EditionId,
    later: &Later,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO edition_later (edition_id, explanation, amends_from) VALUES ($1, $2, $3) \
             ON CONFLICT (edition_id) DO UPDATE SET explanation = excluded.explanation, amends_from = excluded.amends_from")
        .bind(edition.to_string())
        .bind(&later.explanation)
        .bind(later.amends_from),
    )
    .await?;
    Ok(())
}

/// What the edition will say; `None` where no hour was set, or nothing has to be said.
///
/// # Errors
/// When the store fails.
pub async fn later(tx: &mut Tx, edition: EditionId) -> Result<Option<Later>, StoreError> {
    let found = tx
        .optional(
            sql("SELECT explanation, amends_from FROM edition_later WHERE edition_id = $1")
                .bind(edition.to_string()),
        )
        .await?;
    found
        .map(|row| {
            Ok(Later {
                explanation: row.get("explanation")?,
                amends_from: row.get("amends_from")?,
            })
        })
        .transpose()
}

/// The hour was taken back.
pub(crate) async fn forget_later(tx: &mut Tx, edition: EditionId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM edition_later WHERE edition_id = $1").bind(edition.to_string()))
        .await?;
    Ok(())
}
