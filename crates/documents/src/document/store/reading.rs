//! The SQL of what was read in files.

use gongkai_platform::db::{StoreError, Tx, sql};

use crate::document::reading::Reading;

/// Counts up when files are read better than before: what an earlier reader kept is read anew.
const READER: i64 = 3;

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

/// The hashes of contents that were read before an instant (milliseconds since 1970); a page of them in their order.
pub(crate) async fn read_before(
    tx: &mut Tx,
    before: i64,
    after: &str,
    rows: i64,
) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("SELECT sha256 FROM file_reading WHERE sha256 > $1 AND read_at < $2 ORDER BY sha256 LIMIT $3")
            .bind(after)
            .bind(before)
            .bind(rows),
    )
    .await?
    .iter()
    .map(|row| row.get("sha256"))
    .collect()
}

pub(crate) async fn forget_readings(tx: &mut Tx, hashes: &[&str]) -> Result<(), StoreError> {
    let mut statement = sql("DELETE FROM file_reading WHERE sha256 IN ");
    statement.push_list(hashes.iter().copied());
    tx.run(statement).await?;
    Ok(())
}
