//! The SQL of earlier texts that are not given out any more.

use std::collections::BTreeMap;

use gongkai_platform::db::{StoreError, Tx, sql};

use super::{IDS_AT_ONCE, edition_id};
use crate::document::older::Hidden;
use crate::id::EditionId;

/// Which of these texts are not given out, and why.
///
/// # Errors
/// When the store fails.
pub async fn hidden_texts(
    tx: &mut Tx,
    editions: &[EditionId],
) -> Result<BTreeMap<EditionId, Hidden>, StoreError> {
    let mut found = BTreeMap::new();
    for some in editions.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM hidden_text WHERE edition_id IN ");
        statement.push_list(some.iter().map(EditionId::to_string));
        for row in tx.all(statement).await? {
            let hidden = Hidden {
                why: row.get("why")?,
                at: row.get("hidden_at")?,
            };
            found.insert(edition_id(&row, "edition_id")?, hidden);
        }
    }
    Ok(found)
}

/// Takes a text from the public; one that was taken before keeps its reason.
pub(crate) async fn hide_text(
    tx: &mut Tx,
    edition: EditionId,
    why: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql(
            "INSERT INTO hidden_text (edition_id, why, hidden_at) VALUES ($1, $2, $3) \
             ON CONFLICT (edition_id) DO NOTHING",
        )
        .bind(edition.to_string())
        .bind(why)
        .bind(now),
    )
    .await?;
    Ok(())
}

/// Gives it out again.
pub(crate) async fn show_text(tx: &mut Tx, edition: EditionId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM hidden_text WHERE edition_id = $1").bind(edition.to_string()))
        .await?;
    Ok(())
}
