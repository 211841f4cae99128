//! The SQL of the staff register.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};
use gongkai_platform::organ::Status;

use super::{StaffEntry, StaffKind, Words};
use gongkai_platform::organ::reach::{Reach, store as reach};

const SELECT: &str =
    "SELECT s.*, o.name AS organ_name FROM staff_entry s JOIN organ o ON o.id = s.organ_id WHERE ";
/// Rows of one unit's whole history.
const HISTORY_MAX: i64 = 300;
/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

pub(super) async fn insert(tx: &mut Tx, entry: &StaffEntry) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO staff_entry (id, organ_id, kind, name, post, phone, from_on, recorded_by, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)")
            .bind(entry.id.to_string())
            .bind(entry.organ)
            .bind(entry.kind.code())
            .bind(&entry.words.name)
            .bind(&entry.words.post)
            .bind(&entry.words.phone)
            .bind(entry.from_on)
            .bind(&entry.recorded_by)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn end(tx: &mut Tx, entry: &StaffEntry) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE staff_entry SET until_on = $1, until_why = $2, version = version + 1 WHERE id = $3 AND version = $4")
            .bind(entry.until_on)
            .bind(entry.until_why.clone())
            .bind(entry.id.to_string())
            .bind(entry.version),
    )
    .await
}

/// What holds in these units now.
///
/// # Errors
/// When the store fails.
pub async fn current(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, Vec<StaffEntry>>, StoreError> {
    let mut found: BTreeMap<OrganId, Vec<StaffEntry>> = BTreeMap::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push("s.until_on IS NULL AND s.organ_id IN ")
            .push_list(some.iter().copied())
            .push(" ORDER BY s.organ_id, s.created_at, s.id");
        for row in tx.all(statement).await? {
            let entry = from_row(&row)?;
            found.entry(entry.organ).or_default().push(entry);
        }
    }
    Ok(found)
}

/// Units inside a scope whose register has something in it, by part of their name; those that changed last come first.
///
/// # Errors
/// When the store fails.
pub async fn kept(
    tx: &mut Tx,
    (scope, words): (&Scope, &str),
    rows: i64,
) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql(
        "SELECT o.id, MAX(s.from_on) AS since FROM staff_entry s JOIN organ o ON o.id = s.organ_id WHERE s.until_on IS NULL AND o.name LIKE ",
    );
    statement
        .push_value(containing(words))
        .push(" ESCAPE '!' AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" GROUP BY o.id ORDER BY since DESC, o.id LIMIT ")
        .push_value(rows);
    let rows = tx.all(statement).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Everything that ever held in a unit of the reach, newest first.
///
/// # Errors
/// When the store fails.
pub async fn history(
    tx: &mut Tx,
    within: &Reach,
    organ: OrganId,
) -> Result<Vec<StaffEntry>, StoreError> {
    let mut statement = sql(SELECT);
    reach::push(&mut statement, within);
    statement
        .push(" AND s.organ_id = ")
        .push_value(organ)
        .push(" ORDER BY CASE WHEN s.until_on IS NULL THEN 0 ELSE 1 END, s.from_on DESC, s.id DESC LIMIT ")
        .push_value(HISTORY_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Which units a list of the register shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Nothing of this kind holds there.
    pub without: Option<StaffKind>,
    /// Part of the unit's name.
    pub text: String,
}

fn push_narrow(statement: &mut Sql, within: &Reach, narrow: &Narrow) {
    statement
        .push("o.status = ")
        .push_value(Status::Active)
        .push(" AND ");
    reach::push(statement, within);
    if let Some(kind) = narrow.without {
        statement
            .push(" AND NOT EXISTS (SELECT 1 FROM staff_entry s WHERE s.organ_id = o.id AND s.until_on IS NULL AND s.kind = ")
            .push_value(kind.code())
            .push(")");
    }
    if !narrow.text.is_empty() {
        statement
            .push(" AND o.name LIKE ")
            .push_value(containing(&narrow.text))
            .push(" ESCAPE '!'");
    }
}

/// One page of units, in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    within: &Reach,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE ");
    push_narrow(&mut statement, within, narrow);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect()
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, within: &Reach, narrow: &Narrow) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    push_narrow(&mut statement, within, narrow);
    tx.one(statement).await?.get("n")
}

fn from_row(row: &Row) -> Result<StaffEntry, StoreError> {
    Ok(StaffEntry {
        id: row.parsed("id", "an id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        kind: row.coded("kind", StaffKind::from_code)?,
        words: Words {
            name: row.get("name")?,
            post: row.get("post")?,
            phone: row.get("phone")?,
        },
        from_on: row.get("from_on")?,
        until_on: row.get("until_on")?,
        until_why: row.get("until_why")?,
        recorded_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}
