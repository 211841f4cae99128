//! The SQL of editions, which are never changed, of the files that go with each, and of the seal over both.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_inspect::Finding;
use gongkai_platform::attachment::AttachmentId;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{document_id, parsed};
use crate::document::Edition;
use crate::document::sealed::SealedFile;
use crate::id::{DocumentId, EditionId};

/// Editions in one list of a statement.
const EDITIONS_AT_ONCE: usize = 200;

pub(crate) async fn insert_edition(tx: &mut Tx, edition: &Edition) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO edition (id, document_id, number, head, html, text, hash, author_id, author_name, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(edition.id.to_string())
            .bind(edition.document.to_string())
            .bind(edition.number)
            .bind(serde_json::to_string(&edition.head).unwrap_or_default())
            .bind(&edition.html)
            .bind(&edition.text)
            .bind(&edition.hash)
            .bind(&edition.author)
            .bind(&edition.author_name)
            .bind(edition.created_at),
    )
    .await?;
    for document in edition.head.named() {
        tx.run(
            sql("INSERT INTO edition_cites (edition_id, document_id) VALUES ($1, $2)")
                .bind(edition.id.to_string())
                .bind(document),
        )
        .await?;
    }
    super::map::carry_said(tx, edition).await
}

/// # Errors
/// When the store fails.
pub async fn edition(tx: &mut Tx, id: EditionId) -> Result<Option<Edition>, StoreError> {
    tx.optional(sql("SELECT * FROM edition WHERE id = $1").bind(id.to_string()))
        .await?
        .as_ref()
        .map(edition_row)
        .transpose()
}

/// These editions.
///
/// # Errors
/// When the store fails.
pub async fn editions_of(
    tx: &mut Tx,
    ids: &[EditionId],
) -> Result<BTreeMap<EditionId, Edition>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(EDITIONS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM edition WHERE id IN ");
        statement.push_list(some.iter().map(ToString::to_string));
        for row in tx.all(statement).await? {
            let edition = edition_row(&row)?;
            found.insert(edition.id, edition);
        }
    }
    Ok(found)
}

/// Number, hash, author and time of each edition, newest first.
///
/// # Errors
/// When the store fails.
pub async fn editions(
    tx: &mut Tx,
    document: DocumentId,
) -> Result<Vec<(EditionId, i64, String, String, i64)>, StoreError> {
    tx.all(
        sql("SELECT id, number, hash, author_name, created_at FROM edition WHERE document_id = $1 ORDER BY number DESC LIMIT 100")
            .bind(document.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        Ok((
            edition_id(row, "id")?,
            row.get("number")?,
            row.get("hash")?,
            row.get("author_name")?,
            row.get("created_at")?,
        ))
    })
    .collect()
}

/// The accounts that wrote an edition of a document behind the last one that went through a whole review and is the
/// published one; all its authors where none is. What an older site had published went through none here and counts as one.
///
/// # Errors
/// When the store fails.
pub async fn authors_since(
    tx: &mut Tx,
    document: DocumentId,
    published: Option<EditionId>,
) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("SELECT DISTINCT e.author_id FROM edition e WHERE e.document_id = $1 AND e.number > COALESCE(\
             (SELECT p.number FROM edition p WHERE p.id = $2 AND NOT EXISTS \
             (SELECT 1 FROM review_step s WHERE s.edition_id = p.id AND s.state <> 'passed')), 0) ORDER BY e.author_id")
            .bind(document.to_string())
            .bind(published.map(|id| id.to_string())),
    )
    .await?
    .iter()
    .map(|row| row.get("author_id"))
    .collect()
}

/// The attachments that go with an edition.
///
/// # Errors
/// When the store fails.
pub async fn files(tx: &mut Tx, id: EditionId) -> Result<Vec<AttachmentId>, StoreError> {
    tx.all(sql("SELECT attachment_id FROM edition_file WHERE edition_id = $1").bind(id.to_string()))
        .await?
        .iter()
        .map(|row| parsed(row, "attachment_id", "an attachment's id"))
        .collect()
}

/// Which of these editions has which attachments, all in few statements.
///
/// # Errors
/// When the store fails.
pub async fn files_of(
    tx: &mut Tx,
    editions: &[EditionId],
) -> Result<BTreeSet<(EditionId, AttachmentId)>, StoreError> {
    let mut found = BTreeSet::new();
    for some in editions.chunks(EDITIONS_AT_ONCE) {
        let mut statement =
            sql("SELECT edition_id, attachment_id FROM edition_file WHERE edition_id IN ");
        statement.push_list(some.iter().map(ToString::to_string));
        for row in tx.all(statement).await? {
            let file = parsed(&row, "attachment_id", "an attachment's id")?;
            found.insert((edition_id(&row, "edition_id")?, file));
        }
    }
    Ok(found)
}

/// The texts of these editions.
///
/// # Errors
/// When the store fails.
pub async fn texts(
    tx: &mut Tx,
    editions: &[EditionId],
) -> Result<BTreeMap<EditionId, String>, StoreError> {
    let mut found = BTreeMap::new();
    for some in editions.chunks(EDITIONS_AT_ONCE) {
        let mut statement = sql("SELECT id, html FROM edition WHERE id IN ");
        statement.push_list(some.iter().map(ToString::to_string));
        for row in tx.all(statement).await? {
            found.insert(edition_id(&row, "id")?, row.get("html")?);
        }
    }
    Ok(found)
}

/// Exactly these go with an edition from now on.
pub(crate) async fn set_files(
    tx: &mut Tx,
    id: EditionId,
    files: &[AttachmentId],
) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM edition_file WHERE edition_id = $1").bind(id.to_string()))
        .await?;
    for file in files {
        tx.run(
            sql("INSERT INTO edition_file (edition_id, attachment_id) VALUES ($1, $2)")
                .bind(id.to_string())
                .bind(file.to_string()),
        )
        .await?;
    }
    Ok(())
}

/// Seals the edition with exactly these files.
pub(crate) async fn set_sealed(
    tx: &mut Tx,
    id: EditionId,
    seal: &str,
    files: &[SealedFile],
) -> Result<(), StoreError> {
    unseal(tx, id).await?;
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO edition_seal (edition_id, seal, sealed_at) VALUES ($1, $2, $3)")
            .bind(id.to_string())
            .bind(seal)
            .bind(now),
    )
    .await?;
    for file in files {
        tx.run(
            sql("INSERT INTO sealed_file (edition_id, attachment_id, title, content) VALUES ($1, $2, $3, $4)")
                .bind(id.to_string())
                .bind(file.id.to_string())
                .bind(&file.title)
                .bind(&file.content),
        )
        .await?;
    }
    Ok(())
}

/// What the check found in a sealed file that reviewers answer for.
pub(crate) async fn set_found(
    tx: &mut Tx,
    (edition, file): (EditionId, AttachmentId),
    findings: &[Finding],
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE sealed_file SET found = $1 WHERE edition_id = $2 AND attachment_id = $3")
            .bind(serde_json::to_string(findings).unwrap_or_default())
            .bind(edition.to_string())
            .bind(file.to_string()),
    )
    .await?;
    Ok(())
}

/// A sealed file, its name, and what the check found in it to answer for.
pub type InFile = (AttachmentId, String, Vec<Finding>);

/// The sealed files of these editions in which the check found something to answer for.
///
/// # Errors
/// When the store fails.
pub async fn found(
    tx: &mut Tx,
    editions: &[EditionId],
) -> Result<BTreeMap<EditionId, Vec<InFile>>, StoreError> {
    let mut all: BTreeMap<EditionId, Vec<InFile>> = BTreeMap::new();
    for some in editions.chunks(EDITIONS_AT_ONCE) {
        let mut statement = sql(
            "SELECT edition_id, attachment_id, title, found FROM sealed_file WHERE found <> '' AND edition_id IN ",
        );
        statement
            .push_list(some.iter().map(ToString::to_string))
            .push(" ORDER BY title, attachment_id");
        for row in tx.all(statement).await? {
            let found: String = row.get("found")?;
            let findings = serde_json::from_str(&found).map_err(|_| StoreError::Corrupt {
                column: "found".into(),
                found,
                wanted: "findings",
            })?;
            let file = parsed(&row, "attachment_id", "an attachment's id")?;
            let edition = edition_id(&row, "edition_id")?;
            let own = all.entry(edition).or_default();
            own.push((file, row.get("title")?, findings));
        }
    }
    Ok(all)
}

/// Takes the seal away: the draft is called back.
pub(crate) async fn unseal(tx: &mut Tx, id: EditionId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM sealed_file WHERE edition_id = $1",
        "DELETE FROM edition_seal WHERE edition_id = $1",
    ] {
        tx.run(sql(statement).bind(id.to_string())).await?;
    }
    Ok(())
}

/// Which of these editions have this seal over text and attachments.
///
/// # Errors
/// When the store fails.
pub async fn with_seal(
    tx: &mut Tx,
    editions: &[EditionId],
    seal: &str,
) -> Result<Vec<EditionId>, StoreError> {
    let mut found = Vec::new();
    for some in editions.chunks(EDITIONS_AT_ONCE) {
        let mut statement = sql("SELECT edition_id FROM edition_seal WHERE seal = ");
        statement.push_value(seal).push(" AND edition_id IN ");
        statement.push_list(some.iter().map(ToString::to_string));
        for row in tx.all(statement).await? {
            found.push(edition_id(&row, "edition_id")?);
        }
    }
    Ok(found)
}

/// The seal of an edition, and the files that it covers; `None` for one that was never sealed. The seal is empty where it
/// is older than seals over files.
///
/// # Errors
/// When the store fails.
pub async fn sealed(
    tx: &mut Tx,
    id: EditionId,
) -> Result<Option<(String, Vec<SealedFile>)>, StoreError> {
    let id = id.to_string();
    let Some(row) = tx
        .optional(sql("SELECT seal FROM edition_seal WHERE edition_id = $1").bind(&id))
        .await?
    else {
        return Ok(None);
    };
    let files = tx
        .all(sql("SELECT * FROM sealed_file WHERE edition_id = $1").bind(&id))
        .await?
        .iter()
        .map(|row| {
            Ok(SealedFile {
                id: parsed(row, "attachment_id", "an attachment's id")?,
                title: row.get("title")?,
                content: row.get("content")?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Some((row.get("seal")?, files)))
}

pub(crate) fn edition_id(row: &Row, column: &'static str) -> Result<EditionId, StoreError> {
    parsed(row, column, "an edition's id")
}

fn edition_row(row: &Row) -> Result<Edition, StoreError> {
    let head: String = row.get("head")?;
    Ok(Edition {
        id: edition_id(row, "id")?,
        document: document_id(row, "document_id")?,
        number: row.get("number")?,
        head: serde_json::from_str(&head).map_err(|_| StoreError::Corrupt {
            column: "head".into(),
            found: head,
            wanted: "a document's head",
        })?,
        html: row.get("html")?,
        text: row.get("text")?,
        hash: row.get("hash")?,
        author: row.get("author_id")?,
        author_name: row.get("author_name")?,
        created_at: row.get("created_at")?,
    })
}
