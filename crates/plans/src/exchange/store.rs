//! The SQL of sheets that came back.

use gongkai_basis::id::{AccountId, FileId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::sheet::FilledRow;
use crate::plan::store::corrupt;

/// Sheets that a person's list shows.
const LIST_MAX: i64 = 20;

/// One uploaded sheet. Its file's id names it.
#[derive(Debug, Clone)]
pub(super) struct FilledSheet {
    pub(super) file: FileId,
    pub(super) name: String,
    pub(super) rows: Vec<FilledRow>,
    /// What came of it, in words; `None` while it waits.
    pub(super) applied: Option<String>,
}

/// A sheet as a list shows it.
pub(super) struct Listed {
    pub(super) file: FileId,
    pub(super) name: String,
    pub(super) applied: Option<String>,
    pub(super) created_at: i64,
}

pub(super) async fn insert(
    tx: &mut Tx,
    account: AccountId,
    file: FileId,
    rows: &[FilledRow],
) -> Result<(), StoreError> {
    let content =
        serde_json::to_string(rows).map_err(|error| corrupt("content", &error.to_string()))?;
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO filled_sheet (file_id, account_id, content, created_at) VALUES ($1, $2, $3, $4)")
            .bind(file)
            .bind(account)
            .bind(content)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// A person's own sheet.
pub(super) async fn load(
    tx: &mut Tx,
    account: AccountId,
    file: FileId,
) -> Result<Option<FilledSheet>, StoreError> {
    let Some(row) = tx
        .optional(
            sql("SELECT s.*, f.name FROM filled_sheet s JOIN file f ON f.id = s.file_id WHERE s.file_id = $1 AND s.account_id = $2")
                .bind(file)
                .bind(account),
        )
        .await?
    else {
        return Ok(None);
    };
    let content: String = row.get("content")?;
    Ok(Some(FilledSheet {
        file,
        name: row.get("name")?,
        rows: serde_json::from_str(&content)
            .map_err(|error| corrupt("content", &error.to_string()))?,
        applied: row.get("applied")?,
    }))
}

/// A person's own sheets, newest first.
pub(super) async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<Listed>, StoreError> {
    tx.all(
        sql("SELECT s.file_id, s.applied, s.created_at, f.name FROM filled_sheet s JOIN file f ON f.id = s.file_id \
             WHERE s.account_id = $1 ORDER BY s.created_at DESC, s.file_id LIMIT $2")
            .bind(account)
            .bind(LIST_MAX),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Listed {
            file: row.get("file_id")?,
            name: row.get("name")?,
            applied: row.get("applied")?,
            created_at: row.get("created_at")?,
        })
    })
    .collect()
}

/// # Errors
/// Stale when it was applied in the meantime.
pub(super) async fn set_applied(
    tx: &mut Tx,
    file: FileId,
    summary: &str,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE filled_sheet SET applied = $1 WHERE file_id = $2 AND applied IS NULL")
            .bind(summary)
            .bind(file),
    )
    .await
}
