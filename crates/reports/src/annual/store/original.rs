//! The files that reports were taken in from.

use gongkai_basis::id::FileId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{Annual, SELECT, from_row};

/// Files in one list of a statement.
const FILES_AT_ONCE: usize = 200;

/// The reports that were taken in from one of these files.
///
/// # Errors
/// When the store fails.
pub async fn by_files(tx: &mut Tx, files: &[FileId]) -> Result<Vec<Annual>, StoreError> {
    let mut found = Vec::new();
    for some in files.chunks(FILES_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push("a.file_id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}
