//! The SQL of 上级文件.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, containing, sql};

use super::{LISTED, SELECT as DOCUMENTS, from_row as document_row, parsed};
use crate::document::cited::Cited;
use crate::document::upper::{Look, Standing, Upper, Words};
use crate::document::validity::Validity;
use crate::document::{Document, Head};
use crate::id::UpperId;

const SELECT: &str = "SELECT u.*, o.name AS owner_name FROM upper_document u JOIN organ o ON o.id = u.owner_id WHERE ";
/// Editions that are bound when an entry is made: more than rest on one law in a province.
const BOUND_MAX: i64 = 2_000;

pub(crate) async fn insert_upper(tx: &mut Tx, upper: &Upper, by: &str) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let words = &upper.words;
    tx.run(
        sql("INSERT INTO upper_document (id, owner_id, title, number, issuer, address, text, taken_on, seal, basis, standing_by, \
             failed, flagged, settled, created_by, created_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '', '', '', $10, $11, 1)")
            .bind(upper.id.to_string())
            .bind(upper.owner)
            .bind(&words.title)
            .bind(&words.number)
            .bind(&words.issuer)
            .bind(&words.address)
            .bind(&words.text)
            .bind(upper.taken_on)
            .bind(&upper.seal)
            .bind(by)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Stores what may change, if nobody changed it since.
pub(crate) async fn update_upper(tx: &mut Tx, upper: &Upper) -> Result<(), StoreError> {
    let (words, look) = (&upper.words, &upper.look);
    let standing = upper.standing.as_ref();
    tx.run_versioned(
        sql("UPDATE upper_document SET title = $1, number = $2, issuer = $3, address = $4, text = $5, taken_on = $6, seal = $7, \
             standing = $8, standing_on = $9, basis = $10, standing_by = $11, looked_at = $12, failed = $13, flagged = $14, \
             settled = $15, owner_id = $16, version = version + 1 WHERE id = $17 AND version = $18")
            .bind(&words.title)
            .bind(&words.number)
            .bind(&words.issuer)
            .bind(&words.address)
            .bind(&words.text)
            .bind(upper.taken_on)
            .bind(&upper.seal)
            .bind(standing.map(|one| one.validity.code()))
            .bind(standing.map(|one| one.on))
            .bind(standing.map_or("", |one| one.basis.as_str()))
            .bind(standing.map_or("", |one| one.by.as_str()))
            .bind(look.at)
            .bind(&look.failed)
            .bind(&look.flagged)
            .bind(&look.settled)
            .bind(upper.owner)
            .bind(upper.id.to_string())
            .bind(upper.version),
    )
    .await
}

/// Its page was asked; why there was no answer, or nothing. What people wait for is not changed by it.
pub(crate) async fn set_upper_looked(
    tx: &mut Tx,
    id: UpperId,
    failed: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE upper_document SET looked_at = $1, failed = $2 WHERE id = $3")
            .bind(now)
            .bind(failed)
            .bind(id.to_string()),
    )
    .await?;
    Ok(())
}

/// These editions name it, too, from now on.
pub(crate) async fn bind_upper(
    tx: &mut Tx,
    id: UpperId,
    editions: &[String],
) -> Result<(), StoreError> {
    for edition in editions {
        tx.run(
            sql("INSERT INTO edition_cites (edition_id, document_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(edition)
                .bind(id.to_string()),
        )
        .await?;
    }
    Ok(())
}

async fn one(tx: &mut Tx, statement: Sql) -> Result<Option<Upper>, StoreError> {
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// One entry; anybody at work may read it.
///
/// # Errors
/// When the store fails.
pub async fn upper(tx: &mut Tx, id: UpperId) -> Result<Option<Upper>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("u.id = ").push_value(id.to_string());
    one(tx, statement).await
}

/// One entry that units of this scope keep.
pub(crate) async fn upper_within(
    tx: &mut Tx,
    scope: &Scope,
    id: UpperId,
) -> Result<Option<Upper>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND u.id = ").push_value(id.to_string());
    one(tx, statement).await
}

/// The entry of this 文号, or without one of this title.
pub(crate) async fn upper_known(tx: &mut Tx, words: &Words) -> Result<Option<Upper>, StoreError> {
    let mut statement = sql(SELECT);
    if words.number.is_empty() {
        statement
            .push("u.number = '' AND u.title = ")
            .push_value(&words.title);
    } else {
        statement.push("u.number = ").push_value(&words.number);
    }
    statement.push(" ORDER BY u.id LIMIT 1");
    one(tx, statement).await
}

fn push_like(statement: &mut Sql, text: &str) {
    if text.is_empty() {
        return;
    }
    let like = containing(text);
    statement
        .push(" AND (u.title LIKE ")
        .push_value(&like)
        .push(" ESCAPE '!' OR u.number LIKE ")
        .push_value(&like)
        .push(" ESCAPE '!')");
}

/// One page of all entries whose title or 文号 has this text: first those that wait for a person.
///
/// # Errors
/// When the store fails.
pub async fn uppers(
    tx: &mut Tx,
    text: &str,
    (offset, rows): (i64, i64),
) -> Result<Vec<Upper>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("1 = 1");
    push_like(&mut statement, text);
    statement
        .push(" ORDER BY CASE WHEN u.flagged = '' THEN 1 ELSE 0 END, u.title, u.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn uppers_count(tx: &mut Tx, text: &str) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM upper_document u WHERE 1 = 1");
    push_like(&mut statement, text);
    tx.one(statement).await?.get("n")
}

/// The entries that these lines name: as they were bound, by 文号, or by title.
///
/// # Errors
/// When the store fails.
pub async fn uppers_of(tx: &mut Tx, cites: &[Cited]) -> Result<Vec<Upper>, StoreError> {
    let outside: Vec<&Cited> = cites.iter().filter(|one| one.document.is_none()).collect();
    if outside.is_empty() {
        return Ok(Vec::new());
    }
    let with = outside.iter().filter(|one| !one.number.is_empty());
    let without = outside.iter().filter(|one| one.number.is_empty());
    let mut statement = sql(SELECT);
    statement
        .push("(u.id IN ")
        .push_list(outside.iter().filter_map(|one| one.upper.as_deref()))
        .push(" OR u.number IN ")
        .push_list(with.map(|one| one.number.as_str()))
        .push(" OR u.title IN ")
        .push_list(without.map(|one| one.title.as_str()))
        .push(") ORDER BY u.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// All entries that a unit keeps.
pub(crate) async fn uppers_of_owner(tx: &mut Tx, owner: OrganId) -> Result<Vec<Upper>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("u.owner_id = ")
        .push_value(owner)
        .push(" ORDER BY u.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Entries with an address behind this id, in the order of ids.
pub(crate) async fn uppers_on_web(
    tx: &mut Tx,
    after: &str,
    rows: i64,
) -> Result<Vec<Upper>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("u.address <> '' AND u.id > ")
        .push_value(after)
        .push(" ORDER BY u.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Which of the documents that rest on an entry are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Citing<'s> {
    All,
    /// Of these organs.
    Within(&'s Scope),
    /// What everybody reads.
    Public,
}

/// Documents whose newest or public edition names it.
///
/// # Errors
/// When the store fails.
pub async fn citing_upper(
    tx: &mut Tx,
    id: UpperId,
    whose: Citing<'_>,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(DOCUMENTS);
    match whose {
        Citing::All => {}
        Citing::Within(scope) => {
            scope.push_condition(&mut statement, "o.id", "o.path");
            statement.push(" AND ");
        }
        Citing::Public => {
            statement.push(LISTED).push(" AND ");
        }
    }
    statement
        .push("d.state <> 'discarded' AND d.id IN (SELECT e.document_id FROM edition_cites c JOIN edition e ON e.id = c.edition_id \
             WHERE c.document_id = ")
        .push_value(id.to_string())
        .push(") AND EXISTS (SELECT 1 FROM edition_cites c WHERE c.document_id = ")
        .push_value(id.to_string())
        .push(" AND (c.edition_id = d.edition_id OR c.edition_id = d.published_id)) ORDER BY d.id DESC LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(document_row).collect()
}

/// The newest and the public editions that have a line which names a document so, and no document of this library.
///
/// # Errors
/// When the store fails.
pub async fn citing_words(tx: &mut Tx, words: &Words) -> Result<Vec<String>, StoreError> {
    let (field, value) = if words.number.is_empty() {
        ("title", &words.title)
    } else {
        ("number", &words.number)
    };
    let quoted = serde_json::to_string(value).unwrap_or_default();
    let like = containing(&format!("\"{field}\":{quoted}"));
    let mut statement = sql(
        "SELECT e.id AS id, e.head AS head FROM document d JOIN edition e ON e.id = d.edition_id \
         WHERE d.state <> 'discarded' AND e.head LIKE ",
    );
    statement
        .push_value(&like)
        .push(" ESCAPE '!' UNION SELECT e.id AS id, e.head AS head FROM document d JOIN edition e ON e.id = d.published_id WHERE e.head LIKE ")
        .push_value(&like)
        .push(" ESCAPE '!' ORDER BY id LIMIT ")
        .push_value(BOUND_MAX);
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let head: Head = serde_json::from_str(&row.get::<String>("head")?).unwrap_or_default();
        let names = |one: &Cited| {
            one.document.is_none()
                && if words.number.is_empty() {
                    one.number.is_empty() && one.title == words.title
                } else {
                    one.number == words.number
                }
        };
        if head.cites.iter().any(names) {
            found.push(row.get("id")?);
        }
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<Upper, StoreError> {
    let standing = match row.get::<Option<String>>("standing")? {
        Some(_) => Some(Standing {
            validity: row.coded("standing", Validity::from_code)?,
            on: row.get("standing_on")?,
            basis: row.get("basis")?,
            by: row.get("standing_by")?,
        }),
        None => None,
    };
    Ok(Upper {
        id: parsed(row, "id", "an id of an upper document")?,
        owner: row.get("owner_id")?,
        owner_name: row.get("owner_name")?,
        words: Words {
            title: row.get("title")?,
            number: row.get("number")?,
            issuer: row.get("issuer")?,
            address: row.get("address")?,
            text: row.get("text")?,
        },
        taken_on: row.get("taken_on")?,
        seal: row.get("seal")?,
        standing,
        look: Look {
            at: row.get("looked_at")?,
            failed: row.get("failed")?,
            flagged: row.get("flagged")?,
            settled: row.get("settled")?,
        },
        version: row.get("version")?,
    })
}
