//! The SQL of 协商确认.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Concerned, Decided, Matter, Stand};
use crate::document::Document;
use crate::document::store::{document_id, edition_id};
use crate::id::{ConcernedId, DocumentId};

/// A question as the list of its organ shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub concerned: Concerned,
    /// Of the text that was asked about.
    pub title: String,
    /// Who asks.
    pub owner_name: String,
}

/// Which questions of an organ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that wait for it.
    Waiting,
    All,
}

const SELECT: &str = "SELECT c.*, e.number AS edition_number FROM document_concerned c \
     JOIN edition e ON e.id = c.edition_id JOIN document d ON d.id = c.document_id JOIN organ o ON o.id = c.organ_id WHERE ";
const LISTED: &str = "SELECT c.*, e.number AS edition_number, d.title, w.name AS owner_name FROM document_concerned c \
     JOIN edition e ON e.id = c.edition_id JOIN document d ON d.id = c.document_id JOIN organ w ON w.id = d.owner_id \
     JOIN organ o ON o.id = c.organ_id WHERE ";
/// It waits: about the newest text of a document that is worked on.
const WAITING: &str = "c.state = 'asked' AND c.decided_at IS NULL AND c.edition_id = d.edition_id AND d.state <> 'discarded' AND ";

pub(super) async fn insert(
    tx: &mut Tx,
    document: &Document,
    (organ, organ_name, matter): (OrganId, &str, Matter),
    (about, due_on, by): (&str, Date, &str),
) -> Result<ConcernedId, StoreError> {
    let id = ConcernedId::new(tx.fresh());
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO document_concerned (id, document_id, edition_id, position, organ_id, organ_name, about, due_on, asked_by, \
             asked_at, matter, state, words, answered_by, version) \
             SELECT $1, $2, $3, COUNT(*) + 1, $4, $5, $6, $7, $8, $9, $10, 'asked', '', '', 1 FROM document_concerned WHERE document_id = $2")
            .bind(id.to_string())
            .bind(document.id.to_string())
            .bind(document.edition.to_string())
            .bind(organ)
            .bind(organ_name)
            .bind(about)
            .bind(due_on)
            .bind(by)
            .bind(now)
            .bind(matter.code()),
    )
    .await?;
    Ok(id)
}

/// Writes what was said or decided, if nobody did meanwhile.
pub(super) async fn update(tx: &mut Tx, one: &Concerned) -> Result<(), StoreError> {
    let decided = one.decided.as_ref();
    tx.run_versioned(
        sql("UPDATE document_concerned SET state = $1, words = $2, answered_by = $3, answered_at = $4, decided_why = $5, decided_by = $6, \
             decided_at = $7, version = version + 1 WHERE id = $8 AND version = $9")
            .bind(one.stand.code())
            .bind(&one.words)
            .bind(&one.answered_by)
            .bind(one.answered_at)
            .bind(decided.map(|said| said.why.clone()))
            .bind(decided.map(|said| said.by.clone()))
            .bind(decided.map(|said| said.at))
            .bind(one.id.to_string())
            .bind(one.version),
    )
    .await
}

/// Nobody answers for texts before this one any more; what was decided of one stays as it was.
pub(super) async fn lapse(tx: &mut Tx, document: &Document) -> Result<(), StoreError> {
    tx.run(
        sql(
            "UPDATE document_concerned SET state = 'lapsed', version = version + 1 \
             WHERE document_id = $1 AND edition_id <> $2 AND state = 'asked' AND decided_at IS NULL",
        )
        .bind(document.id.to_string())
        .bind(document.edition.to_string()),
    )
    .await?;
    Ok(())
}

/// All that were asked about a document, in the order in which they were.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, document: DocumentId) -> Result<Vec<Concerned>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.document_id = ")
        .push_value(document.to_string())
        .push(" ORDER BY c.position");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// One question to an organ inside the scope.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: ConcernedId,
) -> Result<Option<Concerned>, StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement.push(" AND c.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

fn narrow(statement: &mut Sql, scope: &Scope, which: Which) {
    if which == Which::Waiting {
        statement.push(WAITING);
    }
    scope.push_condition(statement, "o.id", "o.path");
}

/// How many questions organs inside the scope have.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, scope: &Scope, which: Which) -> Result<i64, StoreError> {
    let mut statement = sql(
        "SELECT COUNT(*) AS n FROM document_concerned c JOIN document d ON d.id = c.document_id \
         JOIN organ o ON o.id = c.organ_id WHERE ",
    );
    narrow(&mut statement, scope, which);
    tx.one(statement).await?.get("n")
}

/// The questions to organs inside the scope: those that wait by their day, all of them the newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    which: Which,
    (offset, rows): (i64, i64),
) -> Result<Vec<Listed>, StoreError> {
    let mut statement = sql(LISTED);
    narrow(&mut statement, scope, which);
    statement
        .push(match which {
            Which::Waiting => " ORDER BY c.due_on, c.id LIMIT ",
            Which::All => " ORDER BY c.asked_at DESC, c.id LIMIT ",
        })
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(listed).collect()
}

/// Those that wait and whose day lies in the range, the earliest first.
///
/// # Errors
/// When the store fails.
pub async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
    rows: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut statement = sql(LISTED);
    narrow(&mut statement, scope, Which::Waiting);
    statement
        .push(" AND c.due_on >= ")
        .push_value(range.from)
        .push(" AND c.due_on <= ")
        .push_value(range.to)
        .push(" ORDER BY c.due_on, c.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(listed).collect()
}

/// The questions that wait for one organ.
pub(super) async fn waiting_for(tx: &mut Tx, organ: OrganId) -> Result<Vec<Concerned>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(WAITING)
        .push("c.organ_id = ")
        .push_value(organ)
        .push(" ORDER BY c.due_on, c.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The heir of an organ answers for it from now on, and is asked about later texts.
pub(super) async fn give(tx: &mut Tx, from: OrganId, to: OrganId) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE document_concerned SET organ_id = $1, version = version + 1 WHERE organ_id = $2")
            .bind(to)
            .bind(from),
    )
    .await?;
    Ok(())
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        concerned: from_row(row)?,
        title: row.get("title")?,
        owner_name: row.get("owner_name")?,
    })
}

fn from_row(row: &Row) -> Result<Concerned, StoreError> {
    let (why, by): (Option<String>, Option<String>) =
        (row.get("decided_why")?, row.get("decided_by")?);
    let at: Option<i64> = row.get("decided_at")?;
    Ok(Concerned {
        id: row.parsed("id", "a question's id")?,
        document: document_id(row, "document_id")?,
        edition: edition_id(row, "edition_id")?,
        edition_number: row.get("edition_number")?,
        position: row.get("position")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        matter: row.coded("matter", Matter::from_code)?,
        about: row.get("about")?,
        due_on: row.get("due_on")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        stand: row.coded("state", Stand::from_code)?,
        words: row.get("words")?,
        answered_by: row.get("answered_by")?,
        answered_at: row.get("answered_at")?,
        decided: at.map(|at| Decided {
            why: why.unwrap_or_default(),
            by: by.unwrap_or_default(),
            at,
        }),
        version: row.get("version")?,
    })
}
