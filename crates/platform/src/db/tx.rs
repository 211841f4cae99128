//! One transaction.

use std::pin::Pin;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::{Begun, Connection};
use super::sql::{Row, Sql, Value};
use super::{DbKind, StoreError};
use crate::audit::{self, Event};

/// Must the transaction have recorded an event to be committed?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audit {
    Required,
    Optional,
}

/// What a statement will give. Boxed, so that the code that talks to the databases is compiled once, not once in every
/// place that awaits it.
pub type Pending<'t, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 't>>;

/// An open transaction: everything that reads or writes the store goes through one.
pub struct Tx {
    pub(super) begun: Begun,
    now: Timestamp,
    events: Vec<Event>,
}

/// Runs the same expression on whichever database the transaction belongs to.
macro_rules! on_both {
    ($tx:expr, $sql:expr, |$query:ident, $connection:ident| $body:expr, $wrap:ident) => {
        match $tx.begun.connection()? {
            Connection::Sqlite($connection) => {
                let mut $query = sqlx::query(AssertSqlSafe($sql.text));
                for value in $sql.values {
                    $query = match value {
                        Value::Text(text) => $query.bind(text),
                        Value::Int(number) => $query.bind(number),
                        Value::Bytes(bytes) => $query.bind(bytes),
                    };
                }
                let $wrap = Row::Sqlite;
                $body
            }
            Connection::Postgres($connection) => {
                let mut $query = sqlx::query(AssertSqlSafe($sql.text));
                for value in $sql.values {
                    $query = match value {
                        Value::Text(text) => $query.bind(text),
                        Value::Int(number) => $query.bind(number),
                        Value::Bytes(bytes) => $query.bind(bytes),
                    };
                }
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
            Begun::SqliteRead(_) | Begun::SqliteWrite(_) => DbKind::Sqlite,
            Begun::Postgres(_) => DbKind::Postgres,
        }
    }

    /// # Errors
    /// When the database refuses the statement or a row cannot be read.
    pub fn all(&mut self, sql: Sql) -> Pending<'_, Vec<Row>> {
        Box::pin(async move {
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
        })
    }

    /// # Errors
    /// When the database refuses the statement.
    pub fn optional(&mut self, sql: Sql) -> Pending<'_, Option<Row>> {
        Box::pin(async move {
            on_both!(
                self,
                sql,
                |query, connection| Ok(query.fetch_optional(connection).await?.map(wrap)),
                wrap
            )
        })
    }

    /// # Errors
    /// When the database refuses the statement or there is no row.
    pub fn one(&mut self, sql: Sql) -> Pending<'_, Row> {
        Box::pin(async move {
            on_both!(
                self,
                sql,
                |query, connection| Ok(wrap(query.fetch_one(connection).await?)),
                wrap
            )
        })
    }

    /// Runs a statement and gives the number of rows that it touched.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub fn run(&mut self, sql: Sql) -> Pending<'_, u64> {
        Box::pin(async move {
            on_both!(
                self,
                sql,
                |query, connection| {
                    let _ = wrap;
                    Ok(query.execute(connection).await?.rows_affected())
                },
                wrap
            )
        })
    }

    /// Like [`Tx::run`], for an update that names the version it read: no row touched means that somebody else was first.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when no row matched.
    pub fn run_versioned(&mut self, sql: Sql) -> Pending<'_, ()> {
        Box::pin(async move {
            if self.run(sql).await? == 0 {
                Err(StoreError::Stale)
            } else {
                Ok(())
            }
        })
    }

    /// Notes an event of the audit chain; it is written when the transaction commits, or not at all.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(super) fn commit(mut self, audit: Audit) -> Pending<'static, ()> {
        Box::pin(async move {
            let events = std::mem::take(&mut self.events);
            if events.is_empty() {
                if audit == Audit::Required {
                    self.begun.rollback().await;
                    return Err(StoreError::NoEvent);
                }
            } else if let Err(error) = audit::append(&mut self, events).await {
                self.begun.rollback().await;
                return Err(error);
            }
            self.begun.commit().await
        })
    }

    pub(super) fn rollback(self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.begun.rollback())
    }
}
