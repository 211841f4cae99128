//! What can go wrong with the store.

use std::io::ErrorKind;
use std::sync::Arc;

use rusqlite::ffi;

use crate::files::NotKept;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
    #[error("the database refused")]
    Writer(#[from] rusqlite::Error),
    /// The commit failed that several writers shared.
    #[error("the database refused the commit")]
    Commit(#[from] Arc<rusqlite::Error>),
    /// The transaction ended before its commit; nothing of it was kept.
    #[error("the transaction was lost")]
    Lost,
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
            Self::Writer(error) => writer_is_full(error),
            Self::Commit(error) => writer_is_full(error),
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
        match self {
            Self::Database(sqlx::Error::Database(error)) => error.is_unique_violation(),
            Self::Writer(error) => extended_code(error).is_some_and(|code| {
                matches!(
                    code,
                    ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                )
            }),
            _ => false,
        }
    }
}

fn database_is_full(error: &sqlx::Error) -> bool {
    // SQLITE_FULL = 13, SQLITE_IOERR_WRITE = 778 (a reader that sorts) and SQLITE_IOERR_SHMSIZE = 4874 on a full disk;
    // PostgreSQL disk_full = 53100.
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| matches!(&*code, "13" | "778" | "4874" | "53100"))
}

fn writer_is_full(error: &rusqlite::Error) -> bool {
    extended_code(error).is_some_and(|code| {
        matches!(
            code,
            ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE
        )
    })
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}
