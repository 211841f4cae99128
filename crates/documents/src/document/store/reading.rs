//! The SQL of what was read in files.

use gongkai_platform::db::{StoreError, Tx, sql};

use crate::document::reading::Reading;

/// Counts up when files are read better than before: what an earlier reader kept is read anew.
const READER: i64 = 1;

/// What was read in a file with these bytes.
///
/// # Errors
/// When the store fails.
pub async fn reading(tx: &mut Tx, sha256: &str) -> Result<Option<Reading>, StoreError> {
    let row = tx
        .optional(
            sql("SELECT reading FROM file_reading WHERE sha256 = $1 AND reader = $2")
                .bind(sha256)
                .bind(READER),
        )
        .await?;
    // What a later program wrote otherwise is read anew.
    Ok(row
        .map(|row| row.get::<String>("reading"))
        .transpose()?
        .and_then(|kept| serde_json::from_str(&kept).ok()))
}

pub(crate) async fn set_reading(
    tx: &mut Tx,
    sha256: &str,
    reading: &Reading,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO file_reading (sha256, reading, reader, read_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (sha256) DO UPDATE SET reading = excluded.reading, reader = excluded.reader, read_at = excluded.read_at")
            .bind(sha256)
            .bind(serde_json::to_string(reading).unwrap_or_default())
            .bind(READER)
            .bind(now),
    )
    .await?;
    Ok(())
}
