//! The SQL of settings.

use super::Setting;
use crate::db::{Row, StoreError, Tx, containing, sql};

fn from_row(row: &Row) -> Result<Setting, StoreError> {
    Ok(Setting {
        value: row.get("value")?,
        version: row.get("version")?,
    })
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, name: &str) -> Result<Option<Setting>, StoreError> {
    let statement = sql("SELECT value, version FROM setting WHERE name = $1").bind(name);
    let found = tx.optional(statement).await?;
    found.as_ref().map(from_row).transpose()
}

/// All whose names begin so, with the rest of the name.
///
/// # Errors
/// When the store fails.
pub async fn beginning(
    tx: &mut Tx,
    prefix: &'static str,
) -> Result<Vec<(String, Setting)>, StoreError> {
    let like = containing(prefix);
    let statement =
        sql("SELECT name, value, version FROM setting WHERE name LIKE $1 ESCAPE '!' ORDER BY name")
            .bind(like.trim_start_matches('%'));
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let name: String = row.get("name")?;
        if let Some(rest) = name.strip_prefix(prefix) {
            found.push((rest.to_owned(), from_row(&row)?));
        }
    }
    Ok(found)
}

/// Sets a text that was at this version when it was read; 0 where there was none. The caller records the event.
///
/// # Errors
/// Stale when somebody else has set it meanwhile.
pub async fn save(tx: &mut Tx, name: &str, value: &str, version: i64) -> Result<(), StoreError> {
    let statement = if version == 0 {
        sql("INSERT INTO setting (value, name, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING")
            .bind(value)
            .bind(name)
    } else {
        sql("UPDATE setting SET value = $1, version = version + 1 WHERE name = $2 AND version = $3")
            .bind(value)
            .bind(name)
            .bind(version)
    };
    tx.run_versioned(statement).await
}
