//! Fresh stores. The schema is made once, and each test begins with a copy of it: making it takes longer than most tests.

use std::path::{Path, PathBuf};

use gongkai_schema::Dialect;
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use tokio::sync::OnceCell;
use url::Url;
use uuid::Uuid;

use super::{Backend, MovableClock};
use crate::db::{Address, Clock, Db};

const SQLITE_FILE: &str = "gongkai.db";
/// Whoever holds it makes the model; the number means nothing.
const MODEL_LOCK: i64 = 20_260_101;

/// Keeps a test's folder and database; both go when it is dropped.
#[derive(Debug)]
pub struct Guard {
    folder: tempfile::TempDir,
    address: Address,
    /// The server's address and the database's name.
    database: Option<(String, String)>,
}

impl Guard {
    /// A folder that lasts as long as the test.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    /// Where the store is, for another process.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some((url, name)) = self.database.take() else {
            return;
        };
        // A drop cannot wait, and the test's runtime may be ending: a thread with a runtime of its own can.
        let done = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(on_postgres(
                    &url,
                    &format!("DROP DATABASE {name} WITH (FORCE)"),
                ));
        })
        .join();
        if done.is_err() && !std::thread::panicking() {
            panic!("the test's database could not be dropped");
        }
    }
}

/// A fresh store with the whole schema. Keep the guard as long as the store.
pub async fn scratch(backend: &Backend, clock: Clock) -> (Db, Guard) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    match backend {
        Backend::Sqlite => {
            let file = folder.path().join(SQLITE_FILE);
            std::fs::write(file, sqlite_model().await).expect("the model is copied");
            on_sqlite(folder, clock).await
        }
        Backend::Postgres(url) => {
            on_database(folder, url, Some(postgres_model(url).await), clock).await
        }
    }
}

/// A fresh place for a store, without any schema.
pub async fn scratch_empty(backend: &Backend, clock: Clock) -> (Db, Guard) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    match backend {
        Backend::Sqlite => on_sqlite(folder, clock).await,
        Backend::Postgres(url) => on_database(folder, url, None, clock).await,
    }
}

/// Copies a SQLite store and all that lies beside it into an empty folder, for [`scratch_like`].
pub async fn keep(db: &Db, guard: &Guard, folder: &Path) {
    db.copy_into(&folder.join(SQLITE_FILE))
        .await
        .expect("the store is copied");
    for entry in std::fs::read_dir(guard.folder()).expect("the folder is read") {
        let entry = entry.expect("the folder is read");
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &folder.join(entry.file_name()));
        }
    }
}

/// A SQLite store with everything that [`keep`] put into a folder.
pub async fn scratch_like(model: &Path, clock: Clock) -> (Db, Guard) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy_folder(model, folder.path());
    on_sqlite(folder, clock).await
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder is made");
    for entry in std::fs::read_dir(from).expect("the folder is read") {
        let entry = entry.expect("the folder is read");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("the file is copied");
        }
    }
}

async fn on_sqlite(folder: tempfile::TempDir, clock: Clock) -> (Db, Guard) {
    let address = Address::Sqlite(folder.path().join(SQLITE_FILE));
    opened(folder, address, None, clock).await
}

/// In a new database of the server, made after the model where there is one.
async fn on_database(
    folder: tempfile::TempDir,
    url: &str,
    model: Option<&str>,
    clock: Clock,
) -> (Db, Guard) {
    let name = format!("gongkai_test_{}", Uuid::new_v4().simple());
    let like = model.unwrap_or_default();
    on_postgres(url, &format!("CREATE DATABASE {name}{like}")).await;
    let address = Address::Postgres(database_of(url, &name));
    opened(folder, address, Some((url.to_owned(), name)), clock).await
}

async fn opened(
    folder: tempfile::TempDir,
    address: Address,
    database: Option<(String, String)>,
    clock: Clock,
) -> (Db, Guard) {
    // Before the store is opened: what was made goes even where that fails.
    let guard = Guard {
        folder,
        address,
        database,
    };
    let db = Db::open(guard.address(), clock)
        .await
        .expect("the store opens");
    (db, guard)
}

/// A store's file with the whole schema; made once by each test program.
async fn sqlite_model() -> &'static [u8] {
    static MODEL: OnceCell<Vec<u8>> = OnceCell::const_new();
    MODEL
        .get_or_init(async || {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join(SQLITE_FILE);
            migrated(&Address::Sqlite(file.clone())).await;
            std::fs::read(file).expect("the model is read")
        })
        .await
}

/// From this version of PostgreSQL on a database can be copied as files; before it there was no other way.
const COPIES_FILES_FROM: i32 = 150_000;

/// How a database is made like the one with the whole schema. That one stays on the server, one for each state of the
/// schema, and serves every test program.
async fn postgres_model(url: &str) -> &'static str {
    static MODEL: OnceCell<String> = OnceCell::const_new();
    MODEL
        .get_or_init(async || {
            let name = format!("gongkai_model_{}", schema_digest());
            let mut connection = sqlx::PgConnection::connect(url)
                .await
                .expect("PostgreSQL answers");
            sqlx::query("SELECT pg_advisory_lock($1)")
                .bind(MODEL_LOCK)
                .execute(&mut connection)
                .await
                .expect("PostgreSQL obeys");
            let there = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1")
                .bind(&name)
                .fetch_optional(&mut connection)
                .await
                .expect("PostgreSQL obeys");
            if there.is_none() {
                // Under another name until it is whole.
                let draft = format!("{name}_draft");
                on_postgres(
                    url,
                    &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"),
                )
                .await;
                on_postgres(url, &format!("CREATE DATABASE {draft}")).await;
                migrated(&Address::Postgres(database_of(url, &draft))).await;
                on_postgres(url, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
            }
            let version: i32 =
                sqlx::query_scalar("SELECT current_setting('server_version_num')::int")
                    .fetch_one(&mut connection)
                    .await
                    .expect("PostgreSQL obeys");
            connection.close().await.expect("PostgreSQL lets go");
            // Through the log, the usual way, it takes twice as long.
            let strategy = if version >= COPIES_FILES_FROM {
                " STRATEGY FILE_COPY"
            } else {
                ""
            };
            format!(" TEMPLATE {name}{strategy}")
        })
        .await
}

async fn migrated(address: &Address) {
    let clock = MovableClock::at("2026-01-01T00:00:00+08:00").clock();
    let db = Db::open(address, clock).await.expect("the store opens");
    db.migrate().await.expect("the schema is made");
    db.close().await;
}

fn schema_digest() -> String {
    let migrations = gongkai_schema::migrator(Dialect::Postgres, gongkai_schema::VERSION);
    let digest = migrations.iter().fold(Sha256::new(), |digest, step| {
        digest.chain_update(&*step.checksum)
    });
    let bytes = digest.finalize();
    bytes
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The address of another database on the same server.
fn database_of(url: &str, name: &str) -> String {
    let mut address = Url::parse(url).expect("the address of a database");
    address.set_path(name);
    address.into()
}

async fn on_postgres(url: &str, statement: &str) {
    let mut connection = sqlx::PgConnection::connect(url)
        .await
        .expect("PostgreSQL answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .expect("PostgreSQL obeys");
    connection.close().await.expect("PostgreSQL lets go");
}
