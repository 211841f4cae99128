//! One transaction.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::Begun;
use super::sql::{Row, Sql, Value};
use super::{DbKind, StoreError};
use crate::audit::{self, Event};

/// Must the transaction have recorded an event to be committed?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audit {
    Required,
    Optional,
}

/// An open transaction: everything that reads or writes the store goes through one.
pub struct Tx {
    pub(super) begun: Begun,
    now: Timestamp,
    events: Vec<Event>,
}

/// Runs the same expression on whichever database the transaction belongs to.
macro_rules! on_both {
    ($tx:expr, $sql:expr, |$query:ident, $connection:ident| $body:expr, $wrap:ident) => {
        match &mut $tx.begun {
            Begun::Sqlite(transaction) => {
                let mut $query = sqlx::query(AssertSqlSafe($sql.text));
                for value in $sql.values {
                    $query = match value {
                        Value::Text(text) => $query.bind(text),
                        Value::Int(number) => $query.bind(number),
                        Value::Bytes(bytes) => $query.bind(bytes),
                    };
                }
                let $connection = &mut **transaction;
                let $wrap = Row::Sqlite;
                $body
            }
            Begun::Postgres(transaction) => {
                let mut $query = sqlx::query(AssertSqlSafe($sql.text));
                for value in $sql.values {
                    $query = match value {
                        Value::Text(text) => $query.bind(text),
                        Value::Int(number) => $query.bind(number),
                        Value::Bytes(bytes) => $query.bind(bytes),
                    };
                }
                let $connection = &mut **transaction;
                let $wrap = Row::Postgres;
                $body
            }
        }
    };
}

impl Tx {
    pub(super) fn new(begun: Begun, now: Timestamp) -> Self {
        Self {
            begun,
            now,
            events: Vec::new(),
        }
    }

    /// The instant at which this transaction began; every time stamp that it stores is this one.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A fresh, time-ordered id, dated by this transaction.
    #[must_use]
    pub fn fresh(&self) -> uuid::Uuid {
        crate::organ::store::fresh_id(self.now).uuid()
    }

    #[must_use]
    pub fn kind(&self) -> DbKind {
        match self.begun {
            Begun::Sqlite(_) => DbKind::Sqlite,
            Begun::Postgres(_) => DbKind::Postgres,
        }
    }

    /// # Errors
    /// When the database refuses the statement or a row cannot be read.
    pub async fn all(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        on_both!(
            self,
            sql,
            |query, connection| Ok(query
                .fetch_all(connection)
                .await?
                .into_iter()
                .map(wrap)
                .collect()),
            wrap
        )
    }

    /// # Errors
    /// When the database refuses the statement.
    pub async fn optional(&mut self, sql: Sql) -> Result<Option<Row>, StoreError> {
        on_both!(
            self,
            sql,
            |query, connection| Ok(query.fetch_optional(connection).await?.map(wrap)),
            wrap
        )
    }

    /// # Errors
    /// When the database refuses the statement or there is no row.
    pub async fn one(&mut self, sql: Sql) -> Result<Row, StoreError> {
        on_both!(
            self,
            sql,
            |query, connection| Ok(wrap(query.fetch_one(connection).await?)),
            wrap
        )
    }

    /// Runs a statement and gives the number of rows that it touched.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub async fn run(&mut self, sql: Sql) -> Result<u64, StoreError> {
        on_both!(
            self,
            sql,
            |query, connection| {
                let _ = wrap;
                Ok(query.execute(connection).await?.rows_affected())
            },
            wrap
        )
    }

    /// Like [`Tx::run`], for an update that names the version it read: no row touched means that somebody else was first.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when no row matched.
    pub async fn run_versioned(&mut self, sql: Sql) -> Result<(), StoreError> {
        if self.run(sql).await? == 0 {
            Err(StoreError::Stale)
        } else {
            Ok(())
        }
    }

    /// Notes an event of the audit chain; it is written when the transaction commits, or not at all.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(super) async fn commit(mut self, audit: Audit) -> Result<(), StoreError> {
        let events = std::mem::take(&mut self.events);
        if events.is_empty() {
            if audit == Audit::Required {
                self.rollback().await;
                return Err(StoreError::NoEvent);
            }
        } else {
            audit::append(&mut self, events).await?;
        }
        match self.begun {
            Begun::Sqlite(transaction) => transaction.commit().await?,
            Begun::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything. A failing rollback closes the connection, which undoes it as well.
    pub(super) async fn rollback(self) {
        let outcome = match self.begun {
            Begun::Sqlite(transaction) => transaction.rollback().await,
            Begun::Postgres(transaction) => transaction.rollback().await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "rollback failed; the connection is dropped");
        }
    }
}
