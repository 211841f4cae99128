//! The SQL of where cases have stored files.

use std::collections::BTreeMap;

use gongkai_basis::id::FileId;
use gongkai_platform::db::{StoreError, Tx, sql};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// The numbers of these cases.
pub(super) async fn numbers(
    tx: &mut Tx,
    ids: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT id, number FROM request WHERE id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("id")?, row.get("number")?);
        }
    }
    Ok(found)
}

/// Those of these files that are packages: file, case, its number.
pub(super) async fn packages(
    tx: &mut Tx,
    files: &[FileId],
) -> Result<Vec<(FileId, String, String)>, StoreError> {
    let mut found = Vec::new();
    for some in files.chunks(IDS_AT_ONCE) {
        let mut statement = sql(
            "SELECT p.file_id, r.id, r.number FROM request_package p JOIN request r ON r.id = p.request_id WHERE p.file_id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push((row.get("file_id")?, row.get("id")?, row.get("number")?));
        }
    }
    Ok(found)
}
