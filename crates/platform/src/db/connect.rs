//! Where the store is, and the connections to it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use gongkai_schema::Dialect;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Postgres, Sqlite, Transaction};

use super::batch::{Turn, Writer};
use super::sqlite::Store;
use super::tx::Pending;
use super::{DbKind, StoreError};

/// Readers of an embedded store; a page reads once, briefly.
const SQLITE_READERS_MAX: u32 = 8;
const POSTGRES_CONNECTIONS_MAX: u32 = 16;
/// How long a writer waits for the one before it.
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(10);
pub(super) const ACQUIRE_WAIT: Duration = Duration::from_secs(15);

/// What each connection to PostgreSQL sets, for a page's statements take milliseconds: compiling one whose cost is
/// overestimated takes hundreds, starting processes for it more than the rows that they take over; and what a page reads is
/// mostly in memory, where a list is read from its index alone sooner than from the table.
const OF_PAGES: [&str; 3] = [
    "SET jit = off",
    "SET max_parallel_workers_per_gather = 0",
    "SET random_page_cost = 1.1",
];

/// Characters of a mistyped address that its refusal repeats: enough to know it by.
const SHOWN_CHARS_MAX: usize = 20;

/// Where the store is: `sqlite:<file>` or `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Sqlite(PathBuf),
    Postgres(String),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "数据库地址“{0}…”无法识别：应以 sqlite: 或 postgres:// 开头。数据没有被改动。请修改数据库地址（配置文件中的 database 一行，初始化时是 --database）。"
)]
pub struct AddressError(String);

impl AddressError {
    /// Names the letters that it begins with alone, such as those before `://` or `=`: behind them may be a password, and
    /// refusals end up in terminals and journals.
    fn of(address: &str) -> Self {
        let sign = |letter: char| !letter.is_alphanumeric();
        let kind = address.split(sign).next().unwrap_or_default();
        Self(kind.chars().take(SHOWN_CHARS_MAX).collect())
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if let Some(file) = text.strip_prefix("sqlite:") {
            Ok(Self::Sqlite(PathBuf::from(file)))
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else {
            Err(AddressError::of(text))
        }
    }
}

#[derive(Clone)]
pub(super) enum Pools {
    /// One writer, so that `BEGIN IMMEDIATE` queues here and never fails with "busy" halfway.
    Sqlite {
        file: PathBuf,
        readers: SqlitePool,
        writer: Writer,
    },
    Postgres(PgPool),
}

/// A transaction, or a turn in a shared one.
pub(super) enum Begun {
    SqliteRead(Transaction<'static, Sqlite>),
    SqliteWrite(Turn),
    Postgres(Transaction<'static, Postgres>),
}

pub(super) enum Connection<'t> {
    Sqlite(&'t mut SqliteConnection),
    Writer(&'t mut Store),
    Postgres(&'t mut PgConnection),
}

impl Begun {
    pub(super) fn connection(&mut self) -> Result<Connection<'_>, StoreError> {
        Ok(match self {
            Self::SqliteRead(transaction) => Connection::Sqlite(transaction),
            Self::SqliteWrite(turn) => Connection::Writer(turn.store()?),
            Self::Postgres(transaction) => Connection::Postgres(transaction),
        })
    }

    /// Returns when the disk has what was written.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::SqliteRead(transaction) => Ok(transaction.commit().await?),
            Self::SqliteWrite(turn) => turn.keep().await,
            Self::Postgres(transaction) => Ok(transaction.commit().await?),
        }
    }

    /// Undoes everything. A failing rollback closes the connection, which undoes it as well.
    pub(super) async fn rollback(self) {
        let outcome = match self {
            Self::SqliteRead(transaction) => transaction.rollback().await,
            Self::SqliteWrite(turn) => {
                turn.leave().await;
                return;
            }
            Self::Postgres(transaction) => transaction.rollback().await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "rollback failed; the connection is dropped");
        }
    }
}

impl Pools {
    pub(super) async fn open(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::Sqlite(file) => {
                let writer = Writer::open(file).await?;
                let readers = sqlite_pool()
                    .max_connections(SQLITE_READERS_MAX)
                    .connect_with(sqlite_options(file).pragma("query_only", "ON"))
                    .await?;
                Ok(Self::Sqlite {
                    file: file.clone(),
                    readers,
                    writer,
                })
            }
            Address::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = PgPoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS_MAX)
                    .acquire_timeout(ACQUIRE_WAIT)
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            for setting in OF_PAGES {
                                let set = sqlx::query(setting).execute(&mut *connection).await;
                                if let Err(error) = set {
                                    tracing::debug!(%error, setting, "this server has no such setting");
                                }
                            }
                            Ok(())
                        })
                    })
                    .connect_with(options)
                    .await?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    pub(super) fn kind(&self) -> DbKind {
        match self {
            Self::Sqlite { .. } => DbKind::Sqlite,
            Self::Postgres(_) => DbKind::Postgres,
        }
    }

    pub(super) fn begin_write(&self) -> Pending<'_, Begun> {
        Box::pin(async move {
            Ok(match self {
                Self::Sqlite { writer, .. } => Begun::SqliteWrite(writer.turn().await?),
                Self::Postgres(pool) => Begun::Postgres(pool.begin().await?),
            })
        })
    }

    pub(super) fn begin_read(&self) -> Pending<'_, Begun> {
        Box::pin(async move {
            Ok(match self {
                Self::Sqlite { readers, .. } => Begun::SqliteRead(readers.begin().await?),
                Self::Postgres(pool) => Begun::Postgres(
                    pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                        .await?,
                ),
            })
        })
    }

    pub(super) async fn migrate(&self, version: i64) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { file, .. } => {
                let mut connection = sqlite_options(file).connect().await?;
                gongkai_schema::migrator(Dialect::Sqlite, version)
                    .run(&mut connection)
                    .await?;
                connection.close().await?;
            }
            Self::Postgres(pool) => {
                gongkai_schema::migrator(Dialect::Postgres, version)
                    .run(pool)
                    .await?
            }
        }
        Ok(())
    }

    pub(super) async fn version(&self) -> Result<i64, StoreError> {
        const LAST: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
        let last = match self {
            Self::Sqlite { readers, .. } => {
                sqlx::query_scalar::<_, i64>(LAST).fetch_one(readers).await
            }
            Self::Postgres(pool) => sqlx::query_scalar::<_, i64>(LAST).fetch_one(pool).await,
        };
        match last {
            Ok(last) => Ok(last),
            // The table is not there yet: a new, empty store.
            Err(sqlx::Error::Database(_)) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            // Readers may not write, not even into another file.
            Self::Sqlite { file: from, .. } => {
                let mut connection = sqlite_options(from).connect().await?;
                sqlx::query("VACUUM INTO $1")
                    .bind(file.to_string_lossy().into_owned())
                    .execute(&mut connection)
                    .await?;
                Ok(connection.close().await?)
            }
            Self::Postgres(_) => Err(StoreError::Unsupported(
                "PostgreSQL is backed up by its own tools",
            )),
        }
    }

    /// Has PostgreSQL count tables, look at what stands in them, and note which pages everybody may see, so that lists are
    /// answered from indexes alone; indexes and the size of files are left as they are, and a table that it works on already is
    /// left to it. Nothing on SQLite.
    pub(super) async fn analyze(&self, tables: &[&'static str]) -> Result<(), StoreError> {
        if let Self::Postgres(pool) = self {
            let text = format!(
                "VACUUM (ANALYZE, SKIP_LOCKED, INDEX_CLEANUP OFF, TRUNCATE OFF) {}",
                tables.join(", ")
            );
            sqlx::raw_sql(AssertSqlSafe(text)).execute(pool).await?;
        }
        Ok(())
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite {
                readers, writer, ..
            } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_WAIT)
}

/// A pool that gives up connections whose last transaction ended without its knowledge: on a full disk SQLite rolls back
/// by itself, the rollback that follows fails, and every later one on that connection would fail, too.
fn sqlite_pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .acquire_timeout(ACQUIRE_WAIT)
        .before_acquire(|connection, _| {
            let sound = !connection.is_in_transaction();
            Box::pin(async move { Ok(sound) })
        })
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_refused_address_keeps_its_password_to_itself() {
        for (address, named) in [
            ("postgre://gongkai:geheim@db.example/gongkai", "“postgre…”"),
            ("gongkai:geheim@db.example/gongkai", "“gongkai…”"),
            ("password=geheim host=db.example", "“password…”"),
            ("host=db.example password=geheim", "“host…”"),
            ("mysql", "“mysql…”"),
        ] {
            let said = address.parse::<Address>().unwrap_err().to_string();
            assert!(said.contains(named) && !said.contains("geheim"), "{said}");
        }
    }
}
