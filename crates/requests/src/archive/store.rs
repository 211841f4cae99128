//! The SQL of archive packages.

use gongkai_basis::id::FileId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::Package;
use crate::id::RequestId;

/// The package of a case, if there is one.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: RequestId) -> Result<Option<Package>, StoreError> {
    let row = tx
        .optional(sql("SELECT * FROM request_package WHERE request_id = $1").bind(id.to_string()))
        .await?;
    row.map(|row| {
        Ok(Package {
            file: row.get("file_id")?,
            list_sha256: row.get("list_sha256")?,
            files: row.get("files")?,
            made_at: row.get("made_at")?,
            made_by: row.get("made_by")?,
        })
    })
    .transpose()
}

/// A newer package takes the place of the one before; gives the file that it replaced.
pub(crate) async fn keep(
    tx: &mut Tx,
    id: RequestId,
    package: &Package,
) -> Result<Option<FileId>, StoreError> {
    let before = load(tx, id).await?.map(|package| package.file);
    tx.run(
        sql("INSERT INTO request_package (request_id, file_id, list_sha256, files, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (request_id) DO UPDATE SET file_id = $2, list_sha256 = $3, files = $4, made_at = $5, made_by = $6")
            .bind(id.to_string())
            .bind(package.file)
            .bind(&package.list_sha256)
            .bind(package.files)
            .bind(package.made_at)
            .bind(&package.made_by),
    )
    .await?;
    Ok(before)
}

/// Forgets the package of a case; its file is the caller's to remove.
pub(crate) async fn remove(tx: &mut Tx, id: RequestId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM request_package WHERE request_id = $1").bind(id.to_string()))
        .await?;
    Ok(())
}
