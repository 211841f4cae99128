//! 撤下的文件: bytes that lie in several places are found by their hash; a place that was taken down serves nobody.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Actor;
use gongkai_basis::id::{FileId, OrganId};
use gongkai_basis::reference::Ref;

use crate::db::{Row, StoreError, Tx, sql};
use crate::organ::reach::{Reach, store as reach};

/// Places that one answer lists.
pub const COPIES_MAX: i64 = 500;
/// Contents in one list of a statement.
const HASHES_AT_ONCE: usize = 200;

/// One place with these bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    pub file: FileId,
    pub sha256: String,
    pub name: String,
    pub organ: OrganId,
    pub organ_name: String,
    /// Milliseconds since 1970.
    pub stored_at: i64,
    /// The subject, where it is an attachment.
    pub attached: Option<Ref>,
    pub withheld: Option<Withheld>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The public may read it.
    pub reason: String,
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

const SELECT: &str = "SELECT f.id, f.sha256, f.name, f.organ_id, f.created_at, o.name AS organ_name, a.subject_kind, a.subject_id, \
     w.reason, w.withheld_by, w.withheld_at FROM file f JOIN organ o ON o.id = f.organ_id \
     LEFT JOIN attachment a ON a.file_id = f.id LEFT JOIN withheld_file w ON w.file_id = f.id WHERE ";

/// Every place within a reach that has bytes with this hash, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn copies(tx: &mut Tx, within: &Reach, sha256: &str) -> Result<Vec<Copy>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("f.sha256 = ")
        .push_value(sha256)
        .push(" AND ");
    reach::push(&mut statement, within);
    statement
        .push(" ORDER BY f.created_at, f.id LIMIT ")
        .push_value(COPIES_MAX);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many places have these bytes, wherever they are.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, sha256: &str) -> Result<i64, StoreError> {
    tx.one(sql("SELECT COUNT(*) AS n FROM file WHERE sha256 = $1").bind(sha256))
        .await?
        .get("n")
}

/// Which of these contents somebody is still given: they lie in a place that was not taken down, or wait for a form.
///
/// # Errors
/// When the store fails.
pub async fn served(tx: &mut Tx, hashes: &[String]) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for some in hashes.chunks(HASHES_AT_ONCE) {
        let mut statement = sql(
            "SELECT f.sha256 FROM file f LEFT JOIN withheld_file w ON w.file_id = f.id WHERE w.file_id IS NULL AND f.sha256 IN ",
        );
        statement
            .push_list(some.iter().map(String::as_str))
            .push(" UNION SELECT sha256 FROM pending_file WHERE sha256 IN ")
            .push_list(some.iter().map(String::as_str));
        for row in tx.all(statement).await? {
            found.insert(row.get("sha256")?);
        }
    }
    Ok(found)
}

/// Which of these contents were taken down in some place, each with what was said of it last.
///
/// # Errors
/// When the store fails.
pub async fn down(tx: &mut Tx, hashes: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
    let mut found = BTreeMap::new();
    for some in hashes.chunks(HASHES_AT_ONCE) {
        let mut statement = sql(
            "SELECT f.sha256, w.reason FROM file f JOIN withheld_file w ON w.file_id = f.id WHERE f.sha256 IN ",
        );
        statement
            .push_list(some.iter().map(String::as_str))
            .push(" ORDER BY w.withheld_at, f.id");
        for row in tx.all(statement).await? {
            found.insert(row.get("sha256")?, row.get("reason")?);
        }
    }
    Ok(found)
}

/// What was taken down within a reach, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn all(tx: &mut Tx, within: &Reach, rows: i64) -> Result<Vec<Copy>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("w.file_id IS NOT NULL AND ");
    reach::push(&mut statement, within);
    statement
        .push(" ORDER BY w.withheld_at DESC, f.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Why a file is not given out; `None` for one that is.
///
/// # Errors
/// When the store fails.
pub async fn reason(tx: &mut Tx, file: FileId) -> Result<Option<String>, StoreError> {
    tx.optional(sql("SELECT reason FROM withheld_file WHERE file_id = $1").bind(file))
        .await?
        .map(|row| row.get("reason"))
        .transpose()
}

/// From now on nobody is served this file; the caller records the event.
///
/// # Errors
/// When the store fails.
pub async fn withhold(
    tx: &mut Tx,
    actor: &Actor,
    file: FileId,
    reason: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO withheld_file (file_id, reason, withheld_by, withheld_at) VALUES ($1, $2, $3, $4)")
            .bind(file)
            .bind(reason)
            .bind(actor.name())
            .bind(now),
    )
    .await?;
    Ok(())
}

/// It is given out again; the caller records the event.
///
/// # Errors
/// When the store fails.
pub async fn restore(tx: &mut Tx, file: FileId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM withheld_file WHERE file_id = $1").bind(file))
        .await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Copy, StoreError> {
    let attached = match row.get::<Option<String>>("subject_kind")? {
        Some(kind) => Some(Ref {
            kind,
            id: row.get("subject_id")?,
        }),
        None => None,
    };
    let withheld = match row.get::<Option<String>>("reason")? {
        Some(reason) => Some(Withheld {
            reason,
            by: row.get("withheld_by")?,
            at: row.get("withheld_at")?,
        }),
        None => None,
    };
    Ok(Copy {
        file: row.get("id")?,
        sha256: row.get("sha256")?,
        name: row.get("name")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        stored_at: row.get("created_at")?,
        attached,
        withheld,
    })
}
