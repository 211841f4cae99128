//! The SQL of what documents cite.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::words::{push_documents, push_words, sought};
use super::{IDS_AT_ONCE, LISTED, SELECT, document_id, edition_id, from_row};
use crate::document::Document;
use crate::id::{DocumentId, EditionId};

/// Documents of one title that are looked at.
const SAME_TITLE_MAX: i64 = 100;

/// The published document with this 文号, or without one this title, and the hash of its text.
///
/// # Errors
/// When the store fails.
pub async fn published_as(
    tx: &mut Tx,
    number: &str,
    title: &str,
) -> Result<Option<(DocumentId, String)>, StoreError> {
    let (column, value) = if number.is_empty() {
        ("d.title", title)
    } else {
        ("d.number", number)
    };
    let mut statement =
        sql("SELECT d.id, e.hash FROM document d JOIN edition e ON e.id = d.published_id WHERE ");
    statement
        .push(LISTED)
        .push(" AND ")
        .push(column)
        .push(" = ")
        .push_value(value.to_owned())
        .push(" ORDER BY d.published_at DESC LIMIT 1");
    tx.optional(statement)
        .await?
        .map(|row| Ok((document_id(&row, "id")?, row.get("hash")?)))
        .transpose()
}

/// The published document that an organ means by this 文号, or without one by this title, and the hash of its text. Titles
/// such as 政府信息公开指南 are everybody's: its own counts first, else that of the one organ that has the title.
///
/// # Errors
/// When the store fails.
pub async fn meant_by(
    tx: &mut Tx,
    organ: OrganId,
    (number, title): (&str, &str),
) -> Result<Option<(DocumentId, String)>, StoreError> {
    if !number.is_empty() {
        return published_as(tx, number, title).await;
    }
    let mut statement = sql(
        "SELECT d.id, d.organ_id, e.hash FROM document d JOIN edition e ON e.id = d.published_id WHERE ",
    );
    statement
        .push(LISTED)
        .push(" AND d.title = ")
        .push_value(title)
        .push(" ORDER BY CASE WHEN d.organ_id = ")
        .push_value(organ)
        .push(" THEN 0 ELSE 1 END, d.published_at DESC, d.id LIMIT ")
        .push_value(SAME_TITLE_MAX);
    let mut found: Vec<(OrganId, DocumentId, String)> = Vec::new();
    for row in tx.all(statement).await? {
        let id = document_id(&row, "id")?;
        found.push((row.get("organ_id")?, id, row.get("hash")?));
    }
    let first = found.first().cloned();
    let is_meant = |(of, _, _): &(OrganId, DocumentId, String)| {
        *of == organ || found.iter().all(|(other, _, _)| other == of)
    };
    Ok(first
        .filter(is_meant)
        .map(|(_, document, hash)| (document, hash)))
}

/// The document of an organ that has this 文号 and is public or on its way there, beside this one.
///
/// # Errors
/// When the store fails.
pub async fn numbered(
    tx: &mut Tx,
    (organ, number): (OrganId, &str),
    beside: Option<DocumentId>,
) -> Result<Option<Document>, StoreError> {
    if number.is_empty() {
        return Ok(None);
    }
    let mut statement = sql(SELECT);
    statement
        .push("d.organ_id = ")
        .push_value(organ)
        .push(" AND d.number = ")
        .push_value(number.to_owned())
        .push(" AND d.id <> ")
        .push_value(beside.map_or_else(String::new, |id| id.to_string()))
        .push(" AND (d.visibility = 'public' OR d.visibility = 'never' AND d.state IN ('reviewing', 'approved')) ORDER BY d.visibility DESC, d.id LIMIT 1");
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The title of the document that has this 索引号; one that was discarded has none any more.
///
/// # Errors
/// When the store fails.
pub async fn indexed(tx: &mut Tx, index_number: &str) -> Result<Option<String>, StoreError> {
    if index_number.is_empty() {
        return Ok(None);
    }
    tx.optional(
        sql("SELECT title FROM document WHERE index_number = $1 AND state <> 'discarded' ORDER BY id LIMIT 1")
            .bind(index_number),
    )
    .await?
    .map(|row| row.get("title"))
    .transpose()
}

/// Published documents whose title or number holds these words.
///
/// # Errors
/// When the store fails.
pub async fn named_like(tx: &mut Tx, words: &str, rows: i64) -> Result<Vec<Document>, StoreError> {
    let sought = sought(tx, words).await?;
    let mut statement = sql(SELECT);
    statement.push("d.id IN (SELECT d.id FROM ");
    push_documents(&mut statement, sought.as_ref());
    statement.push(" WHERE ").push(LISTED);
    push_words(&mut statement, sought.as_ref());
    statement
        .push(" ORDER BY d.published_at DESC, d.id LIMIT ")
        .push_value(rows)
        .push(") ORDER BY d.published_at DESC, d.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The hashes of the published texts of these documents.
///
/// # Errors
/// When the store fails.
pub async fn hashes(
    tx: &mut Tx,
    documents: &[Document],
) -> Result<BTreeMap<EditionId, String>, StoreError> {
    let editions: Vec<String> = documents
        .iter()
        .filter_map(|document| document.published)
        .map(|id| id.to_string())
        .collect();
    let mut found = BTreeMap::new();
    for some in editions.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT id, hash FROM edition WHERE id IN ");
        statement.push_list(some.iter().cloned());
        for row in tx.all(statement).await? {
            found.insert(edition_id(&row, "id")?, row.get("hash")?);
        }
    }
    Ok(found)
}

/// Published documents whose text names this one: as cited, or as interpreted.
///
/// # Errors
/// When the store fails.
pub async fn citing(tx: &mut Tx, id: DocumentId, rows: i64) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(LISTED)
        .push(" AND d.published_id IN (SELECT c.edition_id FROM edition_cites c WHERE c.document_id = ")
        .push_value(id.to_string())
        .push(") ORDER BY d.id DESC LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The editions of a document that have one of these hashes, each with its own, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn editions_with(
    tx: &mut Tx,
    document: DocumentId,
    hashes: &[String],
) -> Result<Vec<(EditionId, String)>, StoreError> {
    let mut found = Vec::new();
    for some in hashes.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT id, hash FROM edition WHERE document_id = ");
        statement
            .push_value(document.to_string())
            .push(" AND hash IN ");
        statement.push_list(some.iter().cloned());
        statement.push(" ORDER BY number");
        for row in tx.all(statement).await? {
            found.push((edition_id(&row, "id")?, row.get("hash")?));
        }
    }
    Ok(found)
}

/// Public documents that have one of these titles or numbers, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn known_as(
    tx: &mut Tx,
    (titles, numbers): (&[&str], &[&str]),
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push(LISTED).push(" AND (d.title IN ");
    statement
        .push_list(titles.iter().copied())
        .push(" OR d.number IN ");
    statement
        .push_list(numbers.iter().copied())
        .push(") ORDER BY d.published_at DESC, d.id DESC LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Titles and numbers of documents whose 公开属性 is not 主动公开, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn not_public(tx: &mut Tx, rows: i64) -> Result<Vec<(String, String)>, StoreError> {
    tx.all(
        sql(
            "SELECT d.title, d.number FROM document d JOIN edition e ON e.id = d.edition_id \
             WHERE d.visibility = 'never' AND (e.head LIKE $1 OR e.head LIKE $2) ORDER BY d.id DESC LIMIT $3",
        )
        .bind("%\"openness\":\"on_request\"%")
        .bind("%\"openness\":\"closed\"%")
        .bind(rows),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("title")?, row.get("number")?)))
    .collect()
}
