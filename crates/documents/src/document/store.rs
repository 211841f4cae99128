//! The SQL of documents and editions.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::validity::{Change, Turn};
use super::{Document, Edition, Head, State, Visibility};
use crate::id::{DocumentId, EditionId};
use crate::kind::Kind;

pub(crate) const SELECT: &str = "SELECT d.*, o.name AS owner_name, p.name AS organ_name FROM document d \
     JOIN organ o ON o.id = d.owner_id JOIN organ p ON p.id = d.organ_id WHERE ";
/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// What the staff list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub state: Option<State>,
    pub visibility: Option<Visibility>,
    pub kind: Option<Kind>,
    pub text: String,
}

/// What the public list is narrowed to; by default nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// The organs that the site shows.
    pub within: Scope,
    pub kind: Option<Kind>,
    pub organ: Option<OrganId>,
    pub year: Option<i64>,
    pub text: String,
}

impl Default for Library {
    fn default() -> Self {
        Self {
            within: Scope::Everything,
            kind: None,
            organ: None,
            year: None,
            text: String::new(),
        }
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let head = &edition.head;
    tx.run(
        sql("INSERT INTO document (id, owner_id, organ_id, kind, state, visibility, index_number, edition_id, explanation, title, number, theme, issued_on, \
             effective_on, expires_on, shown_until, interprets, year, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, 'never', '', $6, '', $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16)")
            .bind(document.id.to_string())
            .bind(document.owner)
            .bind(document.organ)
            .bind(document.kind.code())
            .bind(document.state.code())
            .bind(edition.id.to_string())
            .bind(&head.title)
            .bind(&head.number)
            .bind(&head.theme)
            .bind(head.issued_on)
            .bind(head.effective_on)
            .bind(head.expires_on)
            .bind(head.shown_until)
            .bind(head.interprets.clone())
            .bind(year_of(head, now))
            .bind(now),
    )
    .await?;
    insert_edition(tx, edition).await
}

/// The year of the list.
fn year_of(head: &Head, now: i64) -> i64 {
    let day = head.issued_on.or_else(|| {
        let instant = jiff::Timestamp::from_millisecond(now).ok()?;
        Some(gongkai_platform::web::civil_day(instant))
    });
    day.map_or(0, |day| i64::from(day.year()))
}

pub(super) async fn insert_edition(tx: &mut Tx, edition: &Edition) -> Result<(), StoreError> {
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
    Ok(())
}

/// Writes where a document stands; `shown` brings the columns of lists up to this head.
pub(crate) async fn update(
    tx: &mut Tx,
    document: &Document,
    shown: Option<&Head>,
) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE document SET state = $1, index_number = $2, edition_id = $3, published_id = $4, published_at = $5, publish_at = $6, \
             explanation = $7, visibility = $8, version = version + 1 WHERE id = $9 AND version = $10")
            .bind(document.state.code())
            .bind(&document.index_number)
            .bind(document.edition.to_string())
            .bind(document.published.map(|id| id.to_string()))
            .bind(document.published_at)
            .bind(document.publish_at)
            .bind(&document.explanation)
            .bind(document.visibility.code())
            .bind(document.id.to_string())
            .bind(document.version),
    )
    .await?;
    let Some(head) = shown else {
        return Ok(());
    };
    let now = document
        .published_at
        .unwrap_or_else(|| tx.now().as_millisecond());
    tx.run(
        sql("UPDATE document SET title = $1, number = $2, theme = $3, issued_on = $4, effective_on = $5, expires_on = $6, shown_until = $7, \
             interprets = $8, year = $9 WHERE id = $10")
            .bind(&head.title)
            .bind(&head.number)
            .bind(&head.theme)
            .bind(head.issued_on)
            .bind(head.effective_on)
            .bind(head.expires_on)
            .bind(head.shown_until)
            .bind(head.interprets.clone())
            .bind(year_of(head, now))
            .bind(document.id.to_string()),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails; what lies outside is `None`.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND d.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

fn push_narrow(statement: &mut Sql, scope: &Scope, narrow: &Narrow) {
    scope.push_condition(statement, "o.id", "o.path");
    if let Some(state) = narrow.state {
        statement.push(" AND d.state = ").push_value(state.code());
    }
    if let Some(visibility) = narrow.visibility {
        statement
            .push(" AND d.visibility = ")
            .push_value(visibility.code());
    }
    if let Some(kind) = narrow.kind {
        statement.push(" AND d.kind = ").push_value(kind.code());
    }
    push_words(statement, &narrow.text);
}

fn push_words(statement: &mut Sql, text: &str) {
    if !text.is_empty() {
        let like = format!("%{}%", text.replace(['%', '_', '\\'], ""));
        statement
            .push(" AND (d.title LIKE ")
            .push_value(like.clone())
            .push(" OR d.number LIKE ")
            .push_value(like)
            .push(")");
    }
}

/// One page of the staff list, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    push_narrow(&mut statement, scope, narrow);
    statement
        .push(" ORDER BY d.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many there are in each state.
///
/// # Errors
/// When the store fails.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
) -> Result<Vec<(State, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT d.state, COUNT(*) AS n FROM document d JOIN organ o ON o.id = d.owner_id WHERE ",
    );
    push_narrow(
        &mut statement,
        scope,
        &Narrow {
            state: None,
            ..narrow.clone()
        },
    );
    statement.push(" GROUP BY d.state");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.coded("state", State::from_code)?, row.get("n")?)))
        .collect()
}

/// What the public may read: published, and not a notice whose days are over.
fn push_public(statement: &mut Sql, library: &Library) {
    statement.push("d.visibility = 'public'");
    library.within.push_within(statement, "d.organ_id");
    if let Some(kind) = library.kind {
        statement.push(" AND d.kind = ").push_value(kind.code());
    }
    if let Some(organ) = library.organ {
        statement.push(" AND d.organ_id = ").push_value(organ);
    }
    if let Some(year) = library.year {
        statement.push(" AND d.year = ").push_value(year);
    }
    push_words(statement, &library.text);
}

/// One page of the public list, newest first.
///
/// # Errors
/// When the store fails.
pub async fn library(
    tx: &mut Tx,
    library: &Library,
    (offset, rows): (i64, i64),
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    push_public(&mut statement, library);
    statement
        .push(" ORDER BY d.published_at DESC, d.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn library_count(tx: &mut Tx, narrow: &Library) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM document d WHERE ");
    push_public(&mut statement, narrow);
    tx.one(statement).await?.get("n")
}

/// How many the public reads of each year and kind, the newest year first.
///
/// # Errors
/// When the store fails.
pub async fn by_year(tx: &mut Tx, within: &Scope) -> Result<Vec<(i64, Kind, i64)>, StoreError> {
    let mut statement = sql("SELECT d.year, d.kind, COUNT(*) AS n FROM document d WHERE ");
    push_public(
        &mut statement,
        &Library {
            within: within.clone(),
            ..Library::default()
        },
    );
    statement.push(" GROUP BY d.year, d.kind ORDER BY d.year DESC, d.kind");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let kind = row.coded("kind", Kind::from_code)?;
            Ok((row.get("year")?, kind, row.get("n")?))
        })
        .collect()
}

/// The years and the organs that the public list of a site can be narrowed to.
///
/// # Errors
/// When the store fails.
pub async fn choices(
    tx: &mut Tx,
    within: &Scope,
) -> Result<(Vec<i64>, Vec<(OrganId, String)>), StoreError> {
    let mut statement = sql("SELECT DISTINCT d.year FROM document d WHERE d.visibility = 'public'");
    within.push_within(&mut statement, "d.organ_id");
    statement.push(" ORDER BY d.year DESC LIMIT 60");
    let years = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| row.get("year"))
        .collect::<Result<_, _>>()?;
    let mut statement = sql(
        "SELECT p.id, p.name FROM organ p WHERE EXISTS (SELECT 1 FROM document d WHERE d.organ_id = p.id AND d.visibility = 'public')",
    );
    within.push_within(&mut statement, "p.id");
    statement.push(" ORDER BY LENGTH(p.path), p.position, p.path LIMIT 500");
    let organs = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?)))
        .collect::<Result<_, StoreError>>()?;
    Ok((years, organs))
}

/// A document that the public reads, or read until it was withdrawn.
///
/// # Errors
/// When the store fails.
pub async fn public(tx: &mut Tx, id: DocumentId) -> Result<Option<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.id = ")
        .push_value(id.to_string())
        .push(" AND d.visibility <> 'never'");
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// These documents, in whatever state.
///
/// # Errors
/// When the store fails.
pub async fn by_ids(tx: &mut Tx, ids: &[String]) -> Result<Vec<Document>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut statement = sql(SELECT);
        statement.push("d.id IN ").push_list(some.iter().cloned());
        for row in tx.all(statement).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// Published interpretations of a document.
///
/// # Errors
/// When the store fails.
pub async fn interpretations(tx: &mut Tx, of: DocumentId) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.interprets = ")
        .push_value(of.to_string())
        .push(" AND d.visibility = 'public' ORDER BY d.published_at LIMIT 50");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Published documents that an interpretation may be about, newest first.
///
/// # Errors
/// When the store fails.
pub async fn interpretable(
    tx: &mut Tx,
    organ: OrganId,
) -> Result<Vec<(String, String)>, StoreError> {
    tx.all(
        sql("SELECT id, title FROM document WHERE visibility = 'public' AND kind IN ('rule', 'normative', 'other', 'planning') AND organ_id = $1 \
             ORDER BY published_at DESC LIMIT 200")
            .bind(organ),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("id")?, row.get("title")?)))
    .collect()
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

/// The next 索引号 serial of an organ's year.
pub(super) async fn next_serial(tx: &mut Tx, organ: OrganId, year: i16) -> Result<i64, StoreError> {
    let year = i64::from(year);
    tx.run(
        sql(
            "INSERT INTO index_serial (organ_id, year, last) VALUES ($1, $2, 1) \
             ON CONFLICT (organ_id, year) DO UPDATE SET last = index_serial.last + 1",
        )
        .bind(organ)
        .bind(year),
    )
    .await?;
    tx.one(
        sql("SELECT last FROM index_serial WHERE organ_id = $1 AND year = $2")
            .bind(organ)
            .bind(year),
    )
    .await?
    .get("last")
}

pub(crate) async fn insert_turn(
    tx: &mut Tx,
    document: DocumentId,
    turn: &Turn,
) -> Result<(), StoreError> {
    let (id, now) = (tx.fresh(), tx.now().as_millisecond());
    tx.run(
        sql("INSERT INTO validity_event (id, document_id, change, happened_on, basis, until_on, recorded_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(id.to_string())
            .bind(document.to_string())
            .bind(turn.change.code())
            .bind(turn.on)
            .bind(&turn.basis)
            .bind(turn.until)
            .bind(&turn.by)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// The events of validity of these documents, in the order of their days.
///
/// # Errors
/// When the store fails.
pub async fn turns(
    tx: &mut Tx,
    documents: &[DocumentId],
) -> Result<Vec<(DocumentId, Turn)>, StoreError> {
    let mut found = Vec::new();
    for some in documents.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM validity_event WHERE document_id IN ");
        statement
            .push_list(some.iter().map(ToString::to_string))
            .push(" ORDER BY happened_on, id");
        for row in tx.all(statement).await? {
            let turn = Turn {
                change: row.coded("change", Change::from_code)?,
                on: row.get("happened_on")?,
                basis: row.get("basis")?,
                until: row.get("until_on")?,
                by: row.get("recorded_by")?,
            };
            found.push((document_id(&row, "document_id")?, turn));
        }
    }
    Ok(found)
}

/// Published documents with a last day, the earliest first: the clean-up worksheet.
///
/// # Errors
/// When the store fails.
pub async fn expiring(
    tx: &mut Tx,
    scope: &Scope,
    before: Date,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" AND d.visibility = 'public' AND d.expires_on <= ")
        .push_value(before)
        .push(" ORDER BY d.expires_on, d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Approved documents whose hour has come.
///
/// # Errors
/// When the store fails.
pub async fn ready(tx: &mut Tx, now: i64, rows: i64) -> Result<Vec<DocumentId>, StoreError> {
    tx.all(
        sql("SELECT id FROM document WHERE publish_at IS NOT NULL AND publish_at <= $1 AND state = 'approved' ORDER BY publish_at LIMIT $2")
            .bind(now)
            .bind(rows),
    )
    .await?
    .iter()
    .map(|row| document_id(row, "id"))
    .collect()
}

/// Ids of published documents after this one, in order.
///
/// # Errors
/// When the store fails.
pub async fn published_after(
    tx: &mut Tx,
    within: &Scope,
    after: &str,
    rows: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT d.id, d.published_at FROM document d WHERE d.visibility = 'public' AND d.id > ",
    );
    statement.push_value(after);
    within.push_within(&mut statement, "d.organ_id");
    statement.push(" ORDER BY d.id LIMIT ").push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.get("id")?,
                row.get::<Option<i64>>("published_at")?.unwrap_or(0),
            ))
        })
        .collect()
}

/// How many documents of a kind (of all where `None`) an organ and those below it published in a year, and some ids.
///
/// # Errors
/// When the store fails.
pub async fn figure(
    tx: &mut Tx,
    organ: OrganId,
    year: i16,
    kind: Option<Kind>,
) -> Result<(i64, Vec<String>), StoreError> {
    let push = |statement: &mut Sql| {
        statement
            .push(" FROM document d JOIN organ p ON p.id = d.organ_id JOIN organ top ON top.id = ")
            .push_value(organ)
            .push(" WHERE d.visibility = 'public' AND p.path LIKE top.path || '%' AND d.year = ")
            .push_value(i64::from(year));
        if let Some(kind) = kind {
            statement.push(" AND d.kind = ").push_value(kind.code());
        }
    };
    let mut statement = sql("SELECT COUNT(*) AS n");
    push(&mut statement);
    let n = tx.one(statement).await?.get("n")?;
    let mut statement = sql("SELECT d.id");
    push(&mut statement);
    statement.push(" ORDER BY d.published_at DESC LIMIT 50");
    let ids = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    Ok((n, ids))
}

pub(crate) fn parsed<T: std::str::FromStr>(
    row: &Row,
    column: &'static str,
    wanted: &'static str,
) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| StoreError::Corrupt {
        column: column.into(),
        found: text.clone(),
        wanted,
    })
}

pub(crate) fn document_id(row: &Row, column: &'static str) -> Result<DocumentId, StoreError> {
    parsed(row, column, "a document's id")
}

pub(crate) fn edition_id(row: &Row, column: &'static str) -> Result<EditionId, StoreError> {
    parsed(row, column, "an edition's id")
}

pub(crate) fn from_row(row: &Row) -> Result<Document, StoreError> {
    let published: Option<String> = row.get("published_id")?;
    Ok(Document {
        id: document_id(row, "id")?,
        owner: row.get("owner_id")?,
        owner_name: row.get("owner_name")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        kind: row.coded("kind", Kind::from_code)?,
        state: row.coded("state", State::from_code)?,
        visibility: row.coded("visibility", Visibility::from_code)?,
        index_number: row.get("index_number")?,
        edition: edition_id(row, "edition_id")?,
        published: published.and_then(|id| id.parse().ok()),
        published_at: row.get("published_at")?,
        publish_at: row.get("publish_at")?,
        explanation: row.get("explanation")?,
        title: row.get("title")?,
        number: row.get("number")?,
        theme: row.get("theme")?,
        issued_on: row.get("issued_on")?,
        effective_on: row.get("effective_on")?,
        expires_on: row.get("expires_on")?,
        shown_until: row.get("shown_until")?,
        interprets: row.get("interprets")?,
        version: row.get("version")?,
    })
}

pub(crate) fn edition_row(row: &Row) -> Result<Edition, StoreError> {
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
