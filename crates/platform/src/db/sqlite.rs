//! SQLite's writing connection. A statement runs in the caller's thread and is done when the call returns: a way to
//! another thread and back costs more than most statements do, and a change of state has a dozen of them.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::{FromSql, Value as Held, ValueRef};
use rusqlite::{Connection, Error, Rows};

use super::StoreError;
use super::sql::{Row, Sql, Value};

/// What the writer keeps of the store's pages, as SQLite counts it: 16 MB. A row of many indexes touches a page of each,
/// and in the usual 2 MB the pages of one large import throw each other out.
const CACHE: &str = "-16384";
/// Statements that stay prepared.
const PREPARED_MAX: usize = 256;

/// From so many values on what a transaction wrote is copied into the store's file after its commit was answered, which is half
/// of the wait for the disk with a plan of 40,000 parts. Smaller ones SQLite copies by itself, some together, at every thousandth
/// page.
const LARGE: usize = 50_000;

pub(super) struct Store {
    connection: Connection,
    /// Values in the statements since the last commit.
    bound: Cell<usize>,
}

impl Store {
    /// # Errors
    /// When the file cannot be opened.
    pub(super) fn open(file: &Path, busy_wait: Duration) -> Result<Self, Error> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(busy_wait)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A receipt is proof only when the bytes are on the disk.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", CACHE)?;
        // What a savepoint needs to go back is otherwise written to a file from 64 KB on.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
        Ok(Self {
            connection,
            bound: Cell::new(0),
        })
    }

    /// Statements without values and rows.
    pub(super) fn batch(&self, text: &str) -> Result<(), Error> {
        self.connection.execute_batch(text)
    }

    /// Is no transaction open? SQLite ends one by itself where the disk is full.
    pub(super) fn is_over(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Ends the open transaction without a trace.
    pub(super) fn roll_back(&self) -> Result<(), Error> {
        if self.is_over() {
            return Ok(());
        }
        self.batch("ROLLBACK")
    }

    /// Commits the open transaction, or ends it without a trace; gives whether [`Store::copy`] is to follow.
    pub(super) fn end(&self, end: &str) -> (Result<(), Error>, bool) {
        let is_large = self.bound.replace(0) >= LARGE;
        if is_large && let Err(error) = self.batch("PRAGMA wal_autocheckpoint = 0") {
            return (Err(error), false);
        }
        (self.batch(end), is_large)
    }

    /// Copies what a large commit left in the log into the store's file, and leaves the next ones to SQLite again.
    pub(super) fn copy(&self) -> Result<(), Error> {
        self.batch("PRAGMA wal_autocheckpoint = 1000; PRAGMA wal_checkpoint(PASSIVE)")
    }

    /// Gives how many rows a change touched.
    pub(super) fn run(&self, sql: &Sql) -> Result<u64, StoreError> {
        self.rows(sql, |found| {
            while found.rows.next()?.is_some() {}
            Ok(self.connection.changes())
        })
    }

    pub(super) fn first(&self, sql: &Sql) -> Result<Option<Row>, StoreError> {
        self.rows(sql, |found| found.next())
    }

    pub(super) fn all(&self, sql: &Sql) -> Result<Vec<Row>, StoreError> {
        self.rows(sql, |found| {
            let mut all = Vec::new();
            while let Some(row) = found.next()? {
                all.push(row);
            }
            Ok(all)
        })
    }

    /// Hands each row to `each`, until that refuses one.
    pub(super) fn each(
        &self,
        sql: &Sql,
        mut each: impl FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.rows(sql, |found| {
            while let Some(row) = found.next()? {
                each(row)?;
            }
            Ok(())
        })
    }

    /// Runs a statement, to its end where all its rows were read.
    fn rows<T>(
        &self,
        sql: &Sql,
        read: impl FnOnce(&mut Found<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Only the numbers of values bear a `$`; SQLite takes `?1` by its number and would look `$1` up by its name.
        let mut statement = self
            .connection
            .prepare_cached(&sql.text.replace('$', "?"))?;
        self.bound
            .set(self.bound.get().saturating_add(sql.values.len()));
        for (position, value) in (1..).zip(&sql.values) {
            match value {
                Value::Text(text) => statement.raw_bind_parameter(position, text)?,
                Value::Int(number) => statement.raw_bind_parameter(position, number)?,
                Value::Bytes(bytes) => statement.raw_bind_parameter(position, bytes)?,
            }
        }
        let names = statement.column_names();
        let names = names.into_iter().map(Box::from).collect();
        let mut found = Found {
            names,
            rows: statement.raw_query(),
        };
        read(&mut found)
    }
}

/// Rows still to be read.
struct Found<'s> {
    names: Arc<[Box<str>]>,
    rows: Rows<'s>,
}

impl Found<'_> {
    fn next(&mut self) -> Result<Option<Row>, StoreError> {
        let Some(row) = self.rows.next()? else {
            return Ok(None);
        };
        let values = (0..self.names.len())
            .map(|place| row.get(place))
            .collect::<Result<_, _>>()?;
        let names = Arc::clone(&self.names);
        Ok(Some(Row::Written(WrittenRow { names, values })))
    }
}

/// A row that the writer read.
#[derive(Debug)]
pub struct WrittenRow {
    names: Arc<[Box<str>]>,
    values: Vec<Held>,
}

impl WrittenRow {
    pub(super) fn get<T: FromSql>(&self, column: &str) -> Result<T, StoreError> {
        let value = self
            .columns()
            .find_map(|(name, value)| (name == column).then_some(value))
            .ok_or_else(|| Error::InvalidColumnName(column.to_owned()))?;
        T::column_result(ValueRef::from(value)).map_err(|_| StoreError::Corrupt {
            column: column.to_owned(),
            found: value.data_type().to_string(),
            wanted: std::any::type_name::<T>(),
        })
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, &Held)> {
        self.names.iter().map(|name| &**name).zip(&self.values)
    }
}
