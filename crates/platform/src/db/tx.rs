//! One transaction.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::{Begun, Connection};
use super::sql::{Row, Sql, sql};
use super::{DbKind, StoreError};
use crate::audit::{self, Event};

/// Counts that one statement takes together: SQLite takes 500 parts.
const COUNTS_AT_ONCE: usize = 200;

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
    statements: Arc<AtomicU64>,
}

/// A query with its values.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::db::Value::Text(text) => query.bind(text),
                $crate::db::Value::Int(number) => query.bind(number),
                $crate::db::Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

/// Runs the first expression on SQLite's writer, the second on any other connection.
macro_rules! on_each {
    ($tx:expr, $sql:expr, |$store:ident| $written:expr, |$query:ident, $connection:ident, $wrap:ident| $body:expr) => {{
        $tx.statements.fetch_add(1, Ordering::Relaxed);
        // SQLite's writer answers at once; whoever writes much lets others to the thread now and then.
        tokio::task::consume_budget().await;
        match $tx.begun.connection()? {
            Connection::Writer($store) => $written,
            Connection::Sqlite($connection) => {
                let $query = bound!(sqlx::query(AssertSqlSafe($sql.text)), $sql.values);
                let $wrap = Row::Sqlite;
                $body
            }
            Connection::Postgres($connection) => {
                let $query = bound!(sqlx::query(AssertSqlSafe($sql.text)), $sql.values);
                let $wrap = Row::Postgres;
                $body
            }
        }
    }};
}

impl Tx {
    pub(super) fn new(begun: Begun, now: Timestamp, statements: Arc<AtomicU64>) -> Self {
        Self {
            begun,
            now,
            events: Vec::new(),
            statements,
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
            on_each!(
                self,
                sql,
                |store| store.all(&sql),
                |query, connection, wrap| Ok(query
                    .fetch_all(connection)
                    .await?
                    .into_iter()
                    .map(wrap)
                    .collect())
            )
        })
    }

    /// # Errors
    /// When the database refuses the statement.
    pub fn optional(&mut self, sql: Sql) -> Pending<'_, Option<Row>> {
        Box::pin(async move {
            on_each!(
                self,
                sql,
                |store| store.first(&sql),
                |query, connection, wrap| Ok(query.fetch_optional(connection).await?.map(wrap))
            )
        })
    }

    /// # Errors
    /// When the database refuses the statement or there is no row.
    pub fn one(&mut self, sql: Sql) -> Pending<'_, Row> {
        Box::pin(async move {
            self.optional(sql)
                .await?
                .ok_or_else(|| sqlx::Error::RowNotFound.into())
        })
    }

    /// What counts give, in their order, asked together. Each is a statement with one row and one number.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub fn counts(&mut self, counts: Vec<Sql>) -> Pending<'_, Vec<i64>> {
        Box::pin(async move {
            let mut numbers = Vec::with_capacity(counts.len());
            let mut counts = counts.into_iter().peekable();
            while counts.peek().is_some() {
                let mut all = sql("");
                for (place, count) in (0_i64..).zip(counts.by_ref().take(COUNTS_AT_ONCE)) {
                    all.push(if place == 0 {
                        "SELECT CAST("
                    } else {
                        " UNION ALL SELECT CAST("
                    });
                    all.push_value(place).push(" AS BIGINT) AS place, (");
                    all.push_sql(count).push(") AS n");
                }
                all.push(" ORDER BY place");
                for row in self.all(all).await? {
                    numbers.push(row.get("n")?);
                }
            }
            Ok(numbers)
        })
    }

    /// Runs a statement and gives the number of rows that it touched.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub fn run(&mut self, sql: Sql) -> Pending<'_, u64> {
        Box::pin(async move {
            on_each!(
                self,
                sql,
                |store| store.run(&sql),
                |query, connection, wrap| {
                    let _ = wrap;
                    Ok(query.execute(connection).await?.rows_affected())
                }
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
