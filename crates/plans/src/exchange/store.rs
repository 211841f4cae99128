//! The SQL of sheets that came back.

use gongkai_basis::id::{AccountId, FileId};
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::sheet::FilledRow;
use super::{FilledSheet, Listed, Made, SheetState};
use crate::plan::store::corrupt;

/// Sheets that a person's list shows.
pub(super) const LIST_MAX: i64 = 20;

pub(super) async fn insert(
    tx: &mut Tx,
    account: AccountId,
    (file, name): (FileId, &str),
    rows: &[FilledRow],
) -> Result<(), StoreError> {
    let content =
        serde_json::to_string(rows).map_err(|error| corrupt("content", &error.to_string()))?;
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO filled_sheet (file_id, account_id, name, content, state, made, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(file)
            .bind(account)
            .bind(name)
            .bind(content)
            .bind(SheetState::Waiting.code())
            .bind("[]")
            .bind(now),
    )
    .await?;
    Ok(())
}

fn state(row: &Row) -> Result<SheetState, StoreError> {
    let code: String = row.get("state")?;
    SheetState::from_code(&code).ok_or_else(|| corrupt("state", &code))
}

fn json<T: serde::de::DeserializeOwned>(row: &Row, column: &'static str) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| corrupt(column, &error.to_string()))
}

/// A person's own sheet.
pub(super) async fn load(
    tx: &mut Tx,
    account: AccountId,
    file: FileId,
) -> Result<Option<FilledSheet>, StoreError> {
    tx.optional(
        sql("SELECT * FROM filled_sheet WHERE file_id = $1 AND account_id = $2")
            .bind(file)
            .bind(account),
    )
    .await?
    .map(|row| {
        Ok(FilledSheet {
            file,
            name: row.get("name")?,
            rows: json(&row, "content")?,
            state: state(&row)?,
            made: json(&row, "made")?,
        })
    })
    .transpose()
}

/// A person's own sheets, newest first.
pub(super) async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<Listed>, StoreError> {
    tx.all(
        sql("SELECT file_id, name, state, made, created_at FROM filled_sheet WHERE account_id = $1 ORDER BY created_at DESC, file_id DESC LIMIT $2")
            .bind(account)
            .bind(LIST_MAX),
    )
    .await?
    .iter()
    .map(|row| {
        let made: Vec<Made> = json(row, "made")?;
        Ok(Listed {
            file: row.get("file_id")?,
            name: row.get("name")?,
            state: state(row)?,
            made: made.len(),
            created_at: row.get("created_at")?,
        })
    })
    .collect()
}

/// Counts a person's sheets that wait.
pub(super) fn counting_waiting(account: AccountId) -> Sql {
    sql("SELECT COUNT(*) AS n FROM filled_sheet WHERE account_id = $1 AND state = $2")
        .bind(account)
        .bind(SheetState::Waiting.code())
}

/// # Errors
/// Stale when it left the state in the meantime.
pub(super) async fn set_state(
    tx: &mut Tx,
    sheet: &FilledSheet,
    to: SheetState,
    made: &[Made],
) -> Result<(), StoreError> {
    let made = serde_json::to_string(made).map_err(|error| corrupt("made", &error.to_string()))?;
    tx.run_versioned(
        sql("UPDATE filled_sheet SET state = $1, made = $2 WHERE file_id = $3 AND state = $4")
            .bind(to.code())
            .bind(made)
            .bind(sheet.file)
            .bind(sheet.state.code()),
    )
    .await
}
