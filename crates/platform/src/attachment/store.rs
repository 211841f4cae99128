//! The SQL of attachments.

use std::collections::BTreeMap;

use gongkai_basis::Actor;
use gongkai_basis::id::FileId;

use super::{Attachment, AttachmentId, Link, PER_SUBJECT_MAX, Subject};
use crate::db::{Row, StoreError, Tx, sql};
use crate::files::{self, Stored};

/// Subjects looked at in one statement.
const SUBJECTS_AT_ONCE: usize = 200;

/// With what is known of the file.
const SELECT: &str = "SELECT a.*, f.sha256, w.reason AS withheld FROM attachment a LEFT JOIN file f ON f.id = a.file_id \
     LEFT JOIN withheld_file w ON w.file_id = a.file_id WHERE a.subject_kind = ";

pub(super) async fn insert(
    tx: &mut Tx,
    id: AttachmentId,
    (kind, subject): Subject<'_>,
    actor: &Actor,
    (file, link, title): (Option<FileId>, Option<&Link>, &str),
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO attachment (id, subject_kind, subject_id, file_id, url, title, added_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(id.to_string())
            .bind(kind)
            .bind(subject)
            .bind(file.map(|file| file.to_string()))
            .bind(link.map(Link::as_str))
            .bind(title)
            .bind(actor.name())
            .bind(now),
    )
    .await?;
    Ok(())
}

/// What stands beside one subject, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, (kind, subject): Subject<'_>) -> Result<Vec<Attachment>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push_value(kind)
        .push(" AND a.subject_id = ")
        .push_value(subject)
        .push(" ORDER BY a.created_at, a.id LIMIT ")
        .push_value(i64::try_from(PER_SUBJECT_MAX).unwrap_or(i64::MAX));
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// What stands beside each of many subjects of one kind.
///
/// # Errors
/// When the store fails.
pub async fn of_all(
    tx: &mut Tx,
    kind: &'static str,
    subjects: &[String],
) -> Result<BTreeMap<String, Vec<Attachment>>, StoreError> {
    let mut found: BTreeMap<String, Vec<Attachment>> = BTreeMap::new();
    for some in subjects.chunks(SUBJECTS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement
            .push_value(kind)
            .push(" AND a.subject_id IN ")
            .push_list(some.iter())
            .push(" ORDER BY a.created_at, a.id");
        for row in tx.all(statement).await? {
            let item = from_row(&row)?;
            found.entry(item.subject.clone()).or_default().push(item);
        }
    }
    Ok(found)
}

/// The file of an attachment of this very subject.
///
/// # Errors
/// When the store fails.
pub async fn file(
    tx: &mut Tx,
    (kind, subject): Subject<'_>,
    id: AttachmentId,
) -> Result<Option<Stored>, StoreError> {
    let row = tx
        .optional(
            sql("SELECT file_id FROM attachment WHERE id = $1 AND subject_kind = $2 AND subject_id = $3 AND file_id IS NOT NULL")
                .bind(id.to_string())
                .bind(kind)
                .bind(subject),
        )
        .await?;
    match row {
        Some(row) => files::load(tx, row.get("file_id")?).await,
        None => Ok(None),
    }
}

/// The attachment that each of these files is.
///
/// # Errors
/// When the store fails.
pub async fn by_files(
    tx: &mut Tx,
    ids: &[FileId],
) -> Result<BTreeMap<FileId, AttachmentId>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(SUBJECTS_AT_ONCE) {
        let mut statement = sql("SELECT id, file_id FROM attachment WHERE file_id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("file_id")?, row.parsed("id", "an attachment's id")?);
        }
    }
    Ok(found)
}

/// Takes an attachment away for good; gives the file whose row went with it. Its bytes go with [`files::forget`], or with
/// the night's tidying. The caller records the event.
///
/// # Errors
/// When the store fails.
pub async fn remove(
    tx: &mut Tx,
    (kind, subject): Subject<'_>,
    id: AttachmentId,
) -> Result<Option<Stored>, StoreError> {
    let stored = file(tx, (kind, subject), id).await?;
    tx.run(
        sql("DELETE FROM attachment WHERE id = $1 AND subject_kind = $2 AND subject_id = $3")
            .bind(id.to_string())
            .bind(kind)
            .bind(subject),
    )
    .await?;
    if let Some(stored) = &stored {
        files::remove(tx, stored.id).await?;
    }
    Ok(stored)
}

/// Gives an attachment, and its file, another name. The caller records the event.
///
/// # Errors
/// When the store fails.
pub async fn rename(
    tx: &mut Tx,
    (kind, subject): Subject<'_>,
    id: AttachmentId,
    title: &str,
) -> Result<(), StoreError> {
    let stored = file(tx, (kind, subject), id).await?;
    tx.run(
        sql("UPDATE attachment SET title = $1 WHERE id = $2 AND subject_kind = $3 AND subject_id = $4")
            .bind(title)
            .bind(id.to_string())
            .bind(kind)
            .bind(subject),
    )
    .await?;
    if let Some(stored) = stored {
        files::rename(tx, stored.id, title).await?;
    }
    Ok(())
}

/// Hangs all that hangs on one thing on another of its kind. The caller records the event.
///
/// # Errors
/// When the store fails.
pub async fn rehang(tx: &mut Tx, (kind, from): Subject<'_>, to: &str) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE attachment SET subject_id = $1 WHERE subject_kind = $2 AND subject_id = $3")
            .bind(to)
            .bind(kind)
            .bind(from),
    )
    .await?;
    Ok(())
}

/// What was added beside a subject at `since` (milliseconds since 1970) or later stands beside another one of the same id
/// from now on.
///
/// # Errors
/// When the store fails.
pub async fn set_aside(
    tx: &mut Tx,
    (kind, id): Subject<'_>,
    (to, since): (&'static str, i64),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE attachment SET subject_kind = $1 WHERE subject_kind = $2 AND subject_id = $3 AND created_at >= $4")
            .bind(to)
            .bind(kind)
            .bind(id)
            .bind(since),
    )
    .await?;
    Ok(())
}

fn from_row(row: &Row) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: row.parsed("id", "an attachment's id")?,
        subject: row.get("subject_id")?,
        url: row.get("url")?,
        title: row.get("title")?,
        by: row.get("added_by")?,
        at: row.get("created_at")?,
        sha256: row.get("sha256")?,
        withheld: row.get("withheld")?,
    })
}
