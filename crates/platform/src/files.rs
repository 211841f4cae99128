//! Stored bytes: a folder in which each file lies under its SHA-256, written once and synced before it is named.

pub mod pending;
pub mod withheld;

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_basis::id::{FileId, OrganId};
use sha2::{Digest as _, Sha256};

use crate::db::{Db, StoreError, Tx, sql};

/// Why bytes from outside are not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// What the scanner calls it.
    #[error("a virus was found: {0}")]
    Infected(String),
    #[error("the virus scanner does not answer, or could not look at the whole file")]
    NotScanned,
}

/// Looks at bytes before they are kept. Blocking.
pub trait Scanner: Send + Sync {
    /// # Errors
    /// When something was found, or nobody could look.
    fn scan(&self, bytes: &[u8]) -> Result<(), NotKept>;
}

/// The folder of stored bytes. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: PathBuf,
    scanner: Option<Arc<dyn Scanner>>,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// A file's row: what it is called and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: FileId,
    pub sha256: String,
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub organ: Option<OrganId>,
}

impl Files {
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            scanner: None,
        }
    }

    /// Everything that is put goes past this scanner first.
    #[must_use]
    pub fn scanned_by(self, scanner: Arc<dyn Scanner>) -> Self {
        Self {
            scanner: Some(scanner),
            ..self
        }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the bytes with this hash lie.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        let (folder, name) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.root.join(folder).join(name)
    }

    /// Stores bytes durably and gives their hash; the same bytes twice are one file. Blocking: call it off the runtime.
    ///
    /// # Errors
    /// When the disk or the scanner refuses.
    pub fn put(&self, bytes: &[u8]) -> Result<String, StoreError> {
        if let Some(scanner) = &self.scanner {
            scanner.scan(bytes)?;
        }
        let sha256 = hash_of(bytes);
        let path = self.path(&sha256);
        if young_again(&path)? {
            return Ok(sha256);
        }
        let folder = path.parent().unwrap_or(&self.root).to_path_buf();
        if !folder.is_dir() {
            std::fs::create_dir_all(&folder)?;
            // The folder's own name must outlast a power cut, too.
            std::fs::File::open(&self.root)?.sync_all()?;
        }
        let mut temporary = tempfile::NamedTempFile::new_in(&folder)?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist(&path).map_err(|error| error.error)?;
        // The name must be on the disk before a row may point to it.
        std::fs::File::open(&folder)?.sync_all()?;
        Ok(sha256)
    }

    /// The hashes of files last put before an instant (milliseconds since 1970). Blocking: call it off the runtime.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn older_than(&self, before: i64) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        let Ok(folders) = std::fs::read_dir(&self.root) else {
            return Ok(found);
        };
        for folder in folders {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(folder.path())? {
                let file = file?;
                let (start, rest) = (folder.file_name(), file.file_name());
                let hash = format!("{}{}", start.to_string_lossy(), rest.to_string_lossy());
                if self.path(&hash) == file.path()
                    && self.put_at(&hash)?.is_some_and(|put_at| put_at < before)
                {
                    found.push(hash);
                }
            }
        }
        Ok(found)
    }

    /// When the bytes with this hash were last put, in milliseconds since 1970 by the disk's clock; `None` when they are not
    /// there. Blocking: call it off the runtime.
    fn put_at(&self, sha256: &str) -> Result<Option<i64>, StoreError> {
        match std::fs::metadata(self.path(sha256)).and_then(|about| about.modified()) {
            Ok(modified) => {
                let since = modified.duration_since(std::time::UNIX_EPOCH);
                Ok(Some(since.map_or(0, |since| since.as_millis() as i64)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The hash of the bytes that lie under this one, which is the same unless they were damaged; `None` when nothing lies
    /// there. Blocking: call it off the runtime.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn look(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        match std::fs::read(self.path(sha256)) {
            Ok(bytes) => Ok(Some(hash_of(&bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// # Errors
    /// When the file is not there or cannot be read.
    pub fn get(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        Ok(std::fs::read(self.path(sha256))?)
    }
}

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Makes a file as young as one just written, so that the nightly tidying leaves it until its row is there; `false` when
/// there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "compared with what the disk's own clock wrote beside other files"
)]
fn young_again(path: &Path) -> Result<bool, StoreError> {
    match std::fs::File::open(path) {
        Ok(file) => {
            file.set_modified(std::time::SystemTime::now())?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes a file from the disk; `false` when it was gone already. Blocking.
fn unlink(path: &Path) -> Result<bool, StoreError> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Notes a stored file in the store.
///
/// # Errors
/// When the store refuses.
pub async fn insert(tx: &mut Tx, file: &Stored) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO file (id, sha256, name, media_type, bytes, organ_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(file.id)
            .bind(&file.sha256)
            .bind(&file.name)
            .bind(&file.media_type)
            .bind(file.bytes)
            .bind(file.organ)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Forgets a file that no row names any more; its bytes go with the next night's tidying, unless another row names them.
///
/// # Errors
/// When the store refuses, as it does while a row names it.
pub async fn remove(tx: &mut Tx, id: FileId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM withheld_file WHERE file_id = $1").bind(id))
        .await?;
    tx.run(sql("DELETE FROM file WHERE id = $1").bind(id))
        .await?;
    Ok(())
}

/// Calls a file otherwise; its bytes stay.
///
/// # Errors
/// When the store refuses.
pub async fn rename(tx: &mut Tx, id: FileId, name: &str) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE file SET name = $1 WHERE id = $2")
            .bind(name)
            .bind(id),
    )
    .await?;
    Ok(())
}

/// Bytes whose row goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unneeded {
    pub sha256: String,
    /// When the newest row that names them was written, in milliseconds since 1970; `None` for bytes that this program
    /// made, which nobody else can be about to name.
    pub named_at: Option<i64>,
}

impl Unneeded {
    /// Of bytes that this program made, such as a package.
    #[must_use]
    pub const fn made(sha256: String) -> Self {
        Self {
            sha256,
            named_at: None,
        }
    }
}

/// Before the last row of bytes goes: what [`forget`] must know of them.
///
/// # Errors
/// When the store cannot be read.
pub async fn unneeded(tx: &mut Tx, sha256: &str) -> Result<Unneeded, StoreError> {
    let row = tx
        .one(sql("SELECT MAX(created_at) AS at FROM file WHERE sha256 = $1").bind(sha256))
        .await?;
    Ok(Unneeded {
        sha256: sha256.to_owned(),
        named_at: Some(row.get::<Option<i64>>("at")?.unwrap_or(0)),
    })
}

/// Takes bytes from the disk at once when no row names them; gives how many files went. What somebody put again after its
/// row was written, within the last hour, stays for the nightly tidying: somebody may be about to name it.
///
/// # Errors
/// When the store or the disk fails; what was taken until then stays so.
pub async fn forget(db: &Db, files: &Files, unneeded: &[Unneeded]) -> Result<u64, StoreError> {
    let root = files.clone();
    let wanted = unneeded.to_vec();
    let old: Vec<Unneeded> = tokio::task::spawn_blocking(move || {
        let free = |one: &Unneeded| is_free(&root.path(&one.sha256), one.named_at);
        wanted.into_iter().filter(free).collect()
    })
    .await
    .map_err(std::io::Error::other)?;
    let mut taken = 0;
    for one in old {
        let named = db
            .read(async |tx: &mut Tx| is_named(tx, &one.sha256).await)
            .await?;
        if !named {
            let path = files.path(&one.sha256);
            // Once more: somebody may have put them again while the others were looked at.
            let gone = tokio::task::spawn_blocking(move || {
                if is_free(&path, one.named_at) {
                    unlink(&path)
                } else {
                    Ok(false)
                }
            });
            taken += u64::from(gone.await.map_err(std::io::Error::other)??);
        }
    }
    Ok(taken)
}

/// Does a row name these bytes, be it of a stored file or of one that waits in a form?
///
/// # Errors
/// When the store cannot be read.
pub async fn is_named(tx: &mut Tx, sha256: &str) -> Result<bool, StoreError> {
    let row = tx
        .optional(
            sql("SELECT sha256 FROM file WHERE sha256 = $1 UNION SELECT sha256 FROM pending_file WHERE sha256 = $2")
                .bind(sha256)
                .bind(sha256),
        )
        .await?;
    Ok(row.is_some())
}

/// So long somebody who put bytes may take to name them, and so far the clocks of a disk and a store may be apart.
const YOUNG_MILLISECONDS: i64 = 3_600_000;
const APART_MILLISECONDS: i64 = 60_000;

/// May bytes that were last put at an instant go, when their row was written at another? All in milliseconds since 1970.
/// Nobody is about to name them if nobody put them since that row, and the row is not just being written itself.
fn may_go(put_at: i64, named_at: Option<i64>, now: i64) -> bool {
    let Some(named_at) = named_at else {
        return true;
    };
    let since_row = put_at > named_at;
    let settled = now - named_at > 2 * APART_MILLISECONDS;
    now - put_at > YOUNG_MILLISECONDS || (!since_row && settled)
}

/// [`may_go`] by the disk's own clock.
#[expect(
    clippy::disallowed_methods,
    reason = "compared with what the disk's own clock wrote beside the file"
)]
fn is_free(path: &Path, named_at: Option<i64>) -> bool {
    let milliseconds = |at: std::time::SystemTime| {
        let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_millis()).ok()
    };
    let put_at = std::fs::metadata(path).and_then(|about| about.modified());
    let put_at = put_at.ok().and_then(milliseconds);
    let now = milliseconds(std::time::SystemTime::now());
    put_at
        .zip(now)
        .is_some_and(|(put_at, now)| may_go(put_at, named_at, now))
}

/// # Errors
/// When the store cannot be read.
pub async fn load(tx: &mut Tx, id: FileId) -> Result<Option<Stored>, StoreError> {
    let Some(row) = tx
        .optional(sql("SELECT * FROM file WHERE id = $1").bind(id))
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(Stored {
        id: row.get("id")?,
        sha256: row.get("sha256")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        bytes: row.get("bytes")?,
        organ: row.get("organ_id")?,
    }))
}

/// The hashes of these files; those that are not there are left out.
///
/// # Errors
/// When the store cannot be read.
pub async fn hashes(tx: &mut Tx, ids: &[FileId]) -> Result<BTreeMap<FileId, String>, StoreError> {
    const FILES_AT_ONCE: usize = 200;
    let mut found = BTreeMap::new();
    for some in ids.chunks(FILES_AT_ONCE) {
        let mut statement = sql("SELECT id, sha256 FROM file WHERE id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("id")?, row.get("sha256")?);
        }
    }
    Ok(found)
}

/// Every stored file's hash with one of its names, by hash: what `verify` goes through.
///
/// # Errors
/// When the store cannot be read.
pub async fn all(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    tx.all(sql(
        "SELECT sha256, MIN(name) AS name FROM file GROUP BY sha256 ORDER BY sha256",
    ))
    .await?
    .iter()
    .map(|row| Ok((row.get("sha256")?, row.get("name")?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::may_go;

    #[test]
    fn bytes_go_at_once_unless_somebody_may_be_about_to_name_them() {
        const MINUTE: i64 = 60_000;
        let now = 1_000 * MINUTE;
        let ago = |minutes: i64| now - minutes * MINUTE;
        for (put, named, goes) in [
            // Put and named long ago, or a while ago.
            (ago(600), Some(ago(600)), true),
            (ago(11), Some(ago(10)), true),
            // Its own row may just be written.
            (ago(1), Some(ago(1)), false),
            // Somebody put the same bytes since: the hour, as ever.
            (ago(5), Some(ago(600)), false),
            (ago(59), Some(ago(600)), false),
            (ago(61), Some(ago(600)), true),
            (ago(0), None, true),
        ] {
            assert_eq!(may_go(put, named, now), goes, "{put} {named:?}");
        }
    }
}
