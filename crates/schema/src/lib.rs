//! The migrations, in a leaf crate so that a new one rebuilds little.
//!
//! `migrations/` holds one portable sequence. Where the two databases must differ, twins of the same number lie in
//! `migrations/sqlite/` and `migrations/postgres/`. Applied ones are never edited; forward only.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! portable {
    ($version:literal, $name:literal) => {
        Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/", $name, ".sql")),
        }
    };
}

/// Every migration there is, in order.
const STEPS: &[Step] = &[
    portable!(1, "0001_platform"),
    portable!(2, "0002_plans"),
];

/// The migrations of one database, ready to run.
#[must_use]
pub fn migrator(dialect: Dialect) -> Migrator {
    let steps = STEPS.iter().map(|step| {
        let sql = match dialect {
            Dialect::Sqlite => step.sqlite,
            Dialect::Postgres => step.postgres,
        };
        Migration::new(
            step.version,
            Cow::Borrowed(step.name),
            MigrationType::Simple,
            sqlx::SqlStr::from_static(sql),
            false,
        )
    });
    Migrator {
        migrations: steps.collect::<Vec<_>>().into(),
        ..Migrator::DEFAULT
    }
}
