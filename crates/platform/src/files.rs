//! Stored bytes: a folder in which each file lies under its SHA-256, written once and synced before it is named.

pub mod pending;
pub mod withheld;

use std::collections::BTreeMap;
use std::io::Write as _;
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
        if path.exists() {
            young_again(&path)?;
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
                let modified = file.metadata()?.modified()?;
                let since = modified.duration_since(std::time::UNIX_EPOCH);
                let since = since.map_or(0, |since| since.as_millis() as i64);
                let (start, rest) = (folder.file_name(), file.file_name());
                let hash = format!("{}{}", start.to_string_lossy(), rest.to_string_lossy());
                if since < before && self.path(&hash) == file.path() {
                    found.push(hash);
                }
            }
        }
        Ok(found)
    }

    /// The hash of the bytes that lie under this one, which is the same unless they were damaged; `None` when nothing lies
    /// there. Blocking: call it off the runtime.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn look(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        match std::fs::read(self.path(sha256)) {
            Ok(bytes) => Ok(Some(hash_of(&bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
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

/// Makes a file as young as one just written, so that the nightly tidying leaves it until its row is there.
#[expect(
    clippy::disallowed_methods,
    reason = "compared with what the disk's own clock wrote beside other files"
)]
fn young_again(path: &Path) -> Result<(), StoreError> {
    let file = std::fs::File::open(path)?;
    Ok(file.set_modified(std::time::SystemTime::now())?)
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

/// Takes bytes from the disk at once when no row names them; gives how many files went. What was put within the last
/// hour stays for the nightly tidying: somebody may be about to name it.
///
/// # Errors
/// When the store or the disk fails; what was taken until then stays so.
pub async fn forget(db: &Db, files: &Files, hashes: &[String]) -> Result<u64, StoreError> {
    let root = files.clone();
    let wanted = hashes.to_vec();
    let old: Vec<String> = tokio::task::spawn_blocking(move || {
        let old = |hash: &String| is_old(&root.path(hash));
        wanted.into_iter().filter(old).collect()
    })
    .await
    .map_err(std::io::Error::other)?;
    let mut taken = 0;
    for hash in old {
        let named = db
            .read(async |tx: &mut Tx| is_named(tx, &hash).await)
            .await?;
        if !named {
            tokio::fs::remove_file(files.path(&hash)).await?;
            taken += 1;
        }
    }
    Ok(taken)
}

async fn is_named(tx: &mut Tx, sha256: &str) -> Result<bool, StoreError> {
    let row = tx
        .optional(
            sql("SELECT sha256 FROM file WHERE sha256 = $1 UNION SELECT sha256 FROM pending_file WHERE sha256 = $2")
                .bind(sha256)
                .bind(sha256),
        )
        .await?;
    Ok(row.is_some())
}

/// Was it put more than an hour ago, by the disk's own clock?
#[expect(
    clippy::disallowed_methods,
    reason = "compared with what the disk's own clock wrote beside the file"
)]
fn is_old(path: &Path) -> bool {
    const YOUNG: std::time::Duration = std::time::Duration::from_secs(3_600);
    let modified = std::fs::metadata(path).and_then(|about| about.modified());
    modified.is_ok_and(|at| {
        std::time::SystemTime::now()
            .duration_since(at)
            .is_ok_and(|age| age > YOUNG)
    })
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
