//! What can go wrong with the store.

use std::io::ErrorKind;
use std::sync::Arc;

use crate::files::NotKept;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
    /// The commit failed that several writers shared.
    #[error("the database refused the commit")]
    Commit(#[from] Arc<sqlx::Error>),
    #[error("the schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("column {column} holds {found:?}, which is not {wanted}")]
    Corrupt {
        column: String,
        found: String,
        wanted: &'static str,
    },
    #[error("a change of state recorded no audit event")]
    NoEvent,
    #[error("the row was changed by somebody else in the meantime")]
    Stale,
    #[error("{0}")]
    Unsupported(&'static str),
    #[error("a file could not be stored")]
    File(#[from] std::io::Error),
    #[error("a file was not kept")]
    NotKept(#[from] NotKept),
}

impl StoreError {
    /// The disk is full: nothing was changed, and saying so is more use than a number.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Database(error) => database_is_full(error),
            Self::Commit(error) => database_is_full(error),
            // A quota and a limit on the size of files are walls of the same kind.
            Self::File(error) => matches!(
                error.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
            ),
            _ => false,
        }
    }

    /// Another row has the same unique value.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

fn database_is_full(error: &sqlx::Error) -> bool {
    // SQLITE_FULL = 13, SQLITE_IOERR_WRITE = 778 and SQLITE_IOERR_SHMSIZE = 4874 on a full disk;
    // PostgreSQL disk_full = 53100.
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| matches!(&*code, "13" | "778" | "4874" | "53100"))
}
