//! The index on disk: opened, changed in whole commits, thrown away when it does not fit.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError};

use crate::Doc;
use crate::fields::{self, Fields};
use crate::own::Synonyms;

/// Memory that changes may take before they go to disk, in bytes.
const WRITER_BYTES: usize = 32 * 1024 * 1024;
/// Holds the version of the fields.
const STAMP: &str = "gongkai-search-version";

/// Why the index could not be used. It can be deleted and rebuilt at any time.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the folder of the index cannot be used")]
    Folder(#[from] std::io::Error),
    #[error("another process writes this index")]
    Locked,
    #[error("the index failed")]
    Index(#[source] TantivyError),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Locked,
            other => Self::Index(other),
        }
    }
}

/// One folder's index. Readers see whole commits.
pub struct Index {
    folder: PathBuf,
    inner: tantivy::Index,
    reader: IndexReader,
    pub(crate) fields: Fields,
    writer: Mutex<Option<IndexWriter<TantivyDocument>>>,
    /// What the office says means the same; kept elsewhere, and told after each opening.
    own: RwLock<Arc<Synonyms>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index of a folder; one that is missing, broken or of another version begins empty.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        std::fs::create_dir_all(folder)?;
        let stamp = folder.join(STAMP);
        if std::fs::read_to_string(&stamp).is_ok_and(|version| version == fields::VERSION) {
            match Self::existing(folder) {
                Ok(index) => return Ok(index),
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the search index is broken and begins anew"
                ),
            }
        }
        empty(folder)?;
        let (schema, fields) = fields::schema();
        let index = Self::around(
            folder,
            tantivy::Index::create_in_dir(folder, schema)?,
            fields,
        )?;
        std::fs::write(stamp, fields::VERSION)?;
        Ok(index)
    }

    fn existing(folder: &Path) -> Result<Self, SearchError> {
        let (_, fields) = fields::schema();
        Self::around(folder, tantivy::Index::open_in_dir(folder)?, fields)
    }

    fn around(folder: &Path, inner: tantivy::Index, fields: Fields) -> Result<Self, SearchError> {
        let reader = inner
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            folder: folder.to_owned(),
            inner,
            reader,
            fields,
            writer: Mutex::new(None),
            own: RwLock::default(),
        })
    }

    /// What the last commit was told to remember; `None` for an index that never was filled.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn cursor(&self) -> Result<Option<String>, SearchError> {
        Ok(self.inner.load_metas()?.payload)
    }

    /// Replaces and removes records in one commit, and remembers the cursor with it.
    ///
    /// # Errors
    /// When another process writes this index, or the disk fails; nothing has changed then.
    pub fn apply(
        &self,
        upserts: &[Doc],
        removals: &[(String, String)],
        cursor: &str,
    ) -> Result<(), SearchError> {
        self.write(
            |writer| {
                for (kind, id) in removals {
                    writer.delete_term(self.fields.key_of(kind, id));
                }
                for doc in upserts {
                    writer.delete_term(self.fields.key_of(&doc.kind, &doc.id));
                    writer.add_document(self.fields.document(doc))?;
                }
                Ok(())
            },
            cursor,
        )
    }

    /// Begins a rebuild: the next commit holds only what is added from now on.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn clear(&self, cursor: &str) -> Result<(), SearchError> {
        self.end_merges()?;
        self.write(|writer| writer.delete_all_documents().map(|_| ()), cursor)
    }

    /// Segments that are being merged are finished first: nothing that is about to be removed is still worked on.
    fn end_merges(&self) -> Result<(), SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            Some(writer) => Ok(writer.wait_merging_threads()?),
            None => Ok(()),
        }
    }

    fn write(
        &self,
        change: impl FnOnce(&mut IndexWriter<TantivyDocument>) -> Result<(), TantivyError>,
        cursor: &str,
    ) -> Result<(), SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = match slot.take() {
            Some(writer) => writer,
            None => self.inner.writer_with_num_threads(1, WRITER_BYTES)?,
        };
        let done = change(&mut writer).and_then(|()| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(cursor);
            commit.commit()
        });
        if let Err(error) = done {
            // The writer is dropped with its half-made changes; the next call opens a new one.
            return Err(error.into());
        }
        *slot = Some(writer);
        drop(slot);
        self.reload()
    }

    /// Sees what another process committed.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn reload(&self) -> Result<(), SearchError> {
        Ok(self.reader.reload()?)
    }

    /// From the next query on, these words mean the same, beside those of the trade.
    pub fn set_synonyms(&self, own: Synonyms) {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(own);
    }

    pub(crate) fn synonyms(&self) -> Arc<Synonyms> {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        own.clone()
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

/// Removes what lies in the folder itself: an index has no folders below.
fn empty(folder: &Path) -> Result<(), std::io::Error> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}
