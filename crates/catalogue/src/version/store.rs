//! The SQL of versions.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_platform::db::{Row, StoreError, Tx, sql};
use serde::Deserialize;

use super::{Limit, Version, VersionKind};
use crate::id::EntryId;

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

pub(crate) async fn insert(tx: &mut Tx, version: &Version) -> Result<(), StoreError> {
    let fields = serde_json::to_string(&version.fields).unwrap_or_default();
    tx.run(
        sql("INSERT INTO catalogue_version (entry_id, version, kind, why, legal_basis, fields, changed_by, changed_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(version.entry.to_string())
            .bind(version.number)
            .bind(version.kind.code())
            .bind(&version.why)
            .bind(&version.legal_basis)
            .bind(fields)
            .bind(&version.changed_by)
            .bind(version.changed_on),
    )
    .await?;
    Ok(())
}

/// One page of an entry's versions, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    entry: EntryId,
    (offset, rows): (i64, i64),
) -> Result<Vec<Version>, StoreError> {
    tx.all(
        sql("SELECT * FROM catalogue_version WHERE entry_id = $1 ORDER BY version DESC LIMIT $2 OFFSET $3")
            .bind(entry.to_string())
            .bind(rows)
            .bind(offset),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// What the versions of these entries say of time, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn limits(
    tx: &mut Tx,
    entries: &[EntryId],
) -> Result<BTreeMap<EntryId, Vec<Limit>>, StoreError> {
    let mut found: BTreeMap<EntryId, Vec<Limit>> = BTreeMap::new();
    for some in entries.chunks(IDS_AT_ONCE) {
        let mut statement = sql(
            "SELECT v.entry_id, v.fields, v.changed_on FROM catalogue_version v WHERE v.kind <> ",
        );
        statement
            .push_value(VersionKind::Removed.code())
            .push(" AND v.entry_id IN ")
            .push_list(some.iter().map(EntryId::to_string))
            .push(" ORDER BY v.entry_id, v.version");
        for row in tx.all(statement).await? {
            let of = row.parsed("entry_id", "an id")?;
            found.entry(of).or_default().push(limit(&row)?);
        }
    }
    Ok(found)
}

/// The fields of a version that say something of time.
#[derive(Deserialize)]
struct Said {
    limit_text: String,
    formed_on: Date,
    in_force_on: Date,
}

fn limit(row: &Row) -> Result<Limit, StoreError> {
    let fields: String = row.get("fields")?;
    let said: Said = serde_json::from_str(&fields).map_err(|_| StoreError::Corrupt {
        column: "fields".to_owned(),
        found: fields,
        wanted: "fields of an entry",
    })?;
    Ok(Limit {
        text: said.limit_text,
        formed_on: said.formed_on,
        in_force_on: said.in_force_on,
        changed_on: row.get("changed_on")?,
    })
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, entry: EntryId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM catalogue_version WHERE entry_id = $1")
            .bind(entry.to_string()),
    )
    .await?
    .get("n")
}

fn from_row(row: &Row) -> Result<Version, StoreError> {
    let fields: String = row.get("fields")?;
    Ok(Version {
        entry: row.parsed("entry_id", "an id")?,
        number: row.get("version")?,
        kind: row.coded("kind", VersionKind::from_code)?,
        why: row.get("why")?,
        legal_basis: row.get("legal_basis")?,
        fields: serde_json::from_str(&fields).map_err(|_| StoreError::Corrupt {
            column: "fields".to_owned(),
            found: fields,
            wanted: "fields of an entry",
        })?,
        changed_by: row.get("changed_by")?,
        changed_on: row.get("changed_on")?,
    })
}
