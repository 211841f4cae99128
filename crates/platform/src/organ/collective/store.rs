//! The SQL of collectives. A changed built-in one is stored under its key; a named one under its name.

use gongkai_basis::id::OrganId;

use super::{Collective, CollectiveKey, Rule};
use crate::db::{Row, StoreError, Tx, sql};

/// The collectives that the office of a government named or changed, by name.
///
/// # Errors
/// When the store cannot be read.
pub async fn all(tx: &mut Tx, root: OrganId) -> Result<Vec<Collective>, StoreError> {
    tx.all(
        sql("SELECT id, name, rule, version FROM organ_collective WHERE root_id = $1 ORDER BY name, id")
            .bind(root),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

fn from_row(row: &Row) -> Result<Collective, StoreError> {
    let name: String = row.get("name")?;
    let text: String = row.get("rule")?;
    let rule: Rule = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "rule".to_owned(),
        found: text,
        wanted: "a collective's rule",
    })?;
    let builtin = name
        .parse::<CollectiveKey>()
        .ok()
        .filter(|key| matches!(key, CollectiveKey::Builtin(_)));
    Ok(match builtin {
        Some(key) => Collective {
            key,
            name: String::new(),
            rule,
            version: row.get("version")?,
        },
        None => Collective {
            key: CollectiveKey::Named(row.get("id")?),
            name,
            rule,
            version: row.get("version")?,
        },
    })
}

/// Stores a new collective (version 0) or a changed one; the caller records the event.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first; a duplicate name is a database error.
pub async fn save(tx: &mut Tx, root: OrganId, collective: &Collective) -> Result<(), StoreError> {
    let rule = serde_json::json!(collective.rule).to_string();
    let (id, name) = match &collective.key {
        // The row's own id is never shown; it only has to be unique.
        CollectiveKey::Builtin(_) => (
            format!("{root}{}", collective.key),
            collective.key.to_string(),
        ),
        CollectiveKey::Named(id) => (id.clone(), collective.name.clone()),
    };
    if collective.version == 0 {
        tx.run(
            sql("INSERT INTO organ_collective (id, root_id, name, rule, version) VALUES ($1, $2, $3, $4, 1)")
                .bind(id)
                .bind(root)
                .bind(name)
                .bind(rule),
        )
        .await?;
        Ok(())
    } else {
        tx.run_versioned(
            sql(
                "UPDATE organ_collective SET name = $1, rule = $2, version = version + 1 \
                 WHERE id = $3 AND root_id = $4 AND version = $5",
            )
            .bind(name)
            .bind(rule)
            .bind(id)
            .bind(root)
            .bind(collective.version),
        )
        .await
    }
}

/// Removes a collective: a named one is gone, a built-in one has its own rule again.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn remove(tx: &mut Tx, root: OrganId, collective: &Collective) -> Result<(), StoreError> {
    let name = match &collective.key {
        CollectiveKey::Builtin(_) => collective.key.to_string(),
        CollectiveKey::Named(_) => collective.name.clone(),
    };
    tx.run_versioned(
        sql("DELETE FROM organ_collective WHERE root_id = $1 AND name = $2 AND version = $3")
            .bind(root)
            .bind(name)
            .bind(collective.version),
    )
    .await
}
