//! The SQL of the organs that classes are made of.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::organ::{Kind, Level, Status};

/// Ids or names in one list of a statement.
const AT_ONCE: usize = 200;

/// What organs are, in no order.
///
/// # Errors
/// When the store fails.
pub async fn sorts(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<Vec<(OrganId, Level, Kind)>, StoreError> {
    let mut found = Vec::with_capacity(organs.len());
    for some in organs.chunks(AT_ONCE) {
        let mut statement = sql("SELECT id, level, kind FROM organ WHERE id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push((row.get("id")?, row.get("level")?, row.get("kind")?));
        }
    }
    Ok(found)
}

/// The organs in being that bear one of these names.
///
/// # Errors
/// When the store fails.
pub async fn organs_named(
    tx: &mut Tx,
    names: &[String],
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut found = Vec::new();
    for some in names.chunks(AT_ONCE) {
        let mut statement = sql("SELECT id, name FROM organ WHERE status = ");
        statement
            .push_value(Status::Active)
            .push(" AND name IN ")
            .push_list(some.iter().map(String::as_str));
        for row in tx.all(statement).await? {
            found.push((row.get("id")?, row.get("name")?));
        }
    }
    Ok(found)
}

/// The names of organs; what is not in the directory is missing.
///
/// # Errors
/// When the store fails.
pub async fn organ_names(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, String>, StoreError> {
    let mut names = BTreeMap::new();
    for some in organs.chunks(AT_ONCE) {
        let mut statement = sql("SELECT id, name FROM organ WHERE id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            names.insert(row.get("id")?, row.get("name")?);
        }
    }
    Ok(names)
}
