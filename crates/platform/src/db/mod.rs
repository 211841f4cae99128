//! One code base on SQLite and PostgreSQL.
//!
//! `db.write(async |tx| …)` is one transaction, all or nothing; `db.read(async |tx| …)` sees one snapshot.
//! SQL is the portable subset (TEXT, BIGINT, `$1`), checked at run time by the same suite on both databases.

mod batch;
mod connect;
mod dump;
mod error;
mod rows;
mod sql;
mod sqlite;
mod statistics;
mod tx;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

pub use connect::{Address, AddressError};
pub use error::StoreError;
pub use sql::{FromColumn, Row, Sql, Value, containing, sql};
pub use tx::{Pending, Tx};

/// Tells the time. The binary hands in the real one, tests a movable one; nothing else reads a clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pools: connect::Pools,
    clock: Clock,
    changes: Arc<AtomicU64>,
    statements: Arc<AtomicU64>,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

/// Which database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbKind {
    Sqlite,
    Postgres,
}

impl Db {
    /// Opens the store; the schema is left as it is (see [`Db::migrate`]).
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(address: &Address, clock: Clock) -> Result<Self, StoreError> {
        Ok(Self {
            pools: connect::Pools::open(address).await?,
            clock,
            changes: Arc::default(),
            statements: Arc::default(),
        })
    }

    #[must_use]
    pub fn kind(&self) -> DbKind {
        self.pools.kind()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// How many changes of state this process has made through this store: what was read before the last one may be old.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// How many statements were sent through this store: tests see by it whether a list asks once for each of its rows.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    fn tx(&self, begun: connect::Begun) -> Tx {
        Tx::new(begun, self.now(), self.statements.clone())
    }

    /// Brings the schema to the newest version. Forward only; each version once.
    ///
    /// # Errors
    /// When a migration fails or an applied one was edited since.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.pools.migrate(gongkai_schema::VERSION).await
    }

    /// Brings an empty store's schema to an older version, for a backup of that version.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate_to(&self, version: i64) -> Result<(), StoreError> {
        self.pools.migrate(version).await
    }

    /// Does the store hold nothing yet: no schema, or no event?
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        if self.schema_version().await? == 0 {
            return Ok(true);
        }
        self.read(async |tx: &mut Tx| {
            let events: i64 = tx
                .one(sql("SELECT COUNT(*) AS n FROM event"))
                .await?
                .get("n")?;
            let organs: i64 = tx
                .one(sql("SELECT COUNT(*) AS n FROM organ"))
                .await?
                .get("n")?;
            Ok(events == 0 && organs == 0)
        })
        .await
    }

    /// The newest migration that was applied; 0 before the first. Greater than [`gongkai_schema::VERSION`] where a newer
    /// program has used the store.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        self.pools.version().await
    }

    /// How many migrations are still to be applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending_migrations(&self) -> Result<usize, StoreError> {
        let pending = gongkai_schema::VERSION - self.schema_version().await?;
        Ok(usize::try_from(pending).unwrap_or(0))
    }

    /// A change of state: one transaction that holds at least one audit event, or none of it happens.
    ///
    /// # Errors
    /// The work's own error, which undoes everything; [`StoreError::NoEvent`] when the work recorded nothing.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let outcome = self.transact(work, tx::Audit::Required).await;
        // After a failure too: a commit whose answer was lost may have happened.
        self.changes.fetch_add(1, Ordering::Release);
        outcome
    }

    /// Upkeep that changes no state a person would ask about: a session's last sight, a job's progress, caches.
    ///
    /// # Errors
    /// The work's own error, which undoes everything.
    pub async fn upkeep<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.transact(work, tx::Audit::Optional).await
    }

    /// Reads in one snapshot.
    ///
    /// # Errors
    /// The work's own error.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let mut tx = self.tx(self.pools.begin_read().await?);
        let outcome = work(&mut tx).await;
        tx.rollback().await;
        outcome
    }

    async fn transact<T, E, F>(&self, work: F, audit: tx::Audit) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let mut tx = self.tx(self.pools.begin_write().await?);
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit(audit).await?;
                Ok(value)
            }
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }

    /// Copies a SQLite store into a new file while the server runs (`VACUUM INTO`: a consistent snapshot).
    ///
    /// # Errors
    /// On PostgreSQL, whose own tools make its backups, and when the file cannot be written.
    pub async fn copy_into(&self, file: &std::path::Path) -> Result<(), StoreError> {
        self.pools.copy_into(file).await
    }

    /// Waits for running work and closes all connections.
    pub async fn close(&self) {
        self.pools.close().await;
    }
}
