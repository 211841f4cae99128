//! The SQL of documents.

mod cited;
mod days;
mod discarded;
mod edition;
mod heir;
mod later;
mod library;
mod loss;
mod map;
mod older;
mod openness;
mod piece;
mod reading;
mod standing;
mod upper;
mod validity;
mod words;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Discarded, Document, Edition, Head, State, Visibility};
use crate::id::{DocumentId, EditionId};
use crate::kind::Kind;

pub use cited::{
    citing, editions_with, hashes, indexed, known_as, meant_by, named_like, not_public, numbered,
    published_as,
};
pub(crate) use days::{changed_by_days, looked_on, set_looked_on};
pub(crate) use discarded::{discarded_before, set_emptied, was_approved, was_sealed};
pub use edition::{
    InFile, authors_since, edition, editions, editions_of, files, files_of, found, sealed, texts,
    with_seal,
};
pub(crate) use edition::{edition_id, insert_edition, set_files, set_found, set_sealed, unseal};
pub(crate) use heir::{give, of_owner, to_go_out_as, unsettled};
pub use later::later;
pub(crate) use later::{forget_later, set_later};
pub use library::{
    Choices, Library, by_year, choices, figure, interpretable, interpretations, join_counts,
    library, library_count, of_kind, published_after, published_far_after, withdrawn_after,
};
pub use loss::lost;
pub(crate) use loss::set_losses;
pub(crate) use map::say_of_picture;
pub use map::{said_of_many, said_of_pictures};
pub use older::hidden_texts;
pub(crate) use older::{hide_text, show_text};
pub(crate) use openness::falling_due;
pub use openness::{Looking, falling_within, unopened, unopened_count};
pub use piece::{
    Kept, Public, Through, keep_look, oldest_of, pieces_found, pieces_kept, public_count,
    public_texts,
};
pub use reading::reading;
pub(crate) use reading::{forget_readings, read_before, set_reading};
pub(crate) use standing::settle_some;
pub use upper::{Citing, citing_upper, citing_words, upper, uppers, uppers_count, uppers_of};
pub(crate) use upper::{
    bind_upper, insert_upper, set_upper_looked, update_upper, upper_known, upper_within,
    uppers_of_owner, uppers_on_web,
};
#[cfg(test)]
pub(crate) use validity::{Way, expiring_by};
pub use validity::{expiring, expiring_count, recorded, replaced, turns};
pub(crate) use validity::{insert_turn, undo_turn};
pub use words::{FOUND_MAX, unworded};
pub(crate) use words::{
    Sought, keep_words, keep_words_of_some, push_documents, push_words, sought,
};

pub(crate) const SELECT: &str = "SELECT d.*, o.name AS owner_name, p.name AS organ_name FROM document d \
     JOIN organ o ON o.id = d.owner_id JOIN organ p ON p.id = d.organ_id WHERE ";
/// What stands in lists for everybody; 特定范围公示 does not.
pub(crate) const LISTED: &str = "d.visibility = 'public' AND d.limited = 0";
/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;
/// Documents of units or organs that are put in order when a list is read; of more, all are walked in the list's order.
const OWNED_MAX: i64 = 5_000;

/// What the staff list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    pub state: Option<State>,
    pub visibility: Option<Visibility>,
    pub kind: Option<Kind>,
    pub text: String,
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
             effective_on, expires_on, shown_until, limited, interprets, year, version, created_at, review_on, published_at) \
             VALUES ($1, $2, $3, $4, $5, 'never', '', $6, '', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18, $19)")
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
            .bind(i64::from(head.limited))
            .bind(head.interprets.clone())
            .bind(year_of(head, now))
            .bind(now)
            .bind(document.review_on)
            .bind(document.published_at),
    )
    .await?;
    keep_words(tx, &document.id.to_string(), (&head.title, &head.number)).await?;
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

/// Writes where a document stands; `shown` brings the columns of lists up to this head.
pub(crate) async fn update(
    tx: &mut Tx,
    document: &Document,
    shown: Option<&Head>,
) -> Result<(), StoreError> {
    let discarded = document.discarded.as_ref();
    tx.run_versioned(
        sql("UPDATE document SET state = $1, index_number = $2, edition_id = $3, published_id = $4, published_at = $5, publish_at = $6, \
             explanation = $7, explained_at = $8, visibility = $9, review_on = $10, discarded_at = $11, discarded_why = $12, version = version + 1 \
             WHERE id = $13 AND version = $14")
            .bind(document.state.code())
            .bind(&document.index_number)
            .bind(document.edition.to_string())
            .bind(document.published.map(|id| id.to_string()))
            .bind(document.published_at)
            .bind(document.publish_at)
            .bind(&document.explanation)
            .bind(document.explained_at)
            .bind(document.visibility.code())
            .bind(document.review_on)
            .bind(discarded.map(|one| one.at))
            .bind(discarded.map(|one| one.why.clone()))
            .bind(document.id.to_string())
            .bind(document.version),
    )
    .await?;
    if let Some(head) = shown {
        show(tx, document, head).await?;
    }
    if document.visibility == Visibility::Public {
        standing::keep_standing(tx, document.id).await?;
    }
    Ok(())
}

/// Brings the columns of lists up to this head.
async fn show(tx: &mut Tx, document: &Document, head: &Head) -> Result<(), StoreError> {
    let now = document
        .published_at
        .unwrap_or_else(|| tx.now().as_millisecond());
    tx.run(
        sql("UPDATE document SET title = $1, number = $2, theme = $3, issued_on = $4, effective_on = $5, expires_on = $6, shown_until = $7, \
             limited = $8, interprets = $9, year = $10 WHERE id = $11")
            .bind(&head.title)
            .bind(&head.number)
            .bind(&head.theme)
            .bind(head.issued_on)
            .bind(head.effective_on)
            .bind(head.expires_on)
            .bind(head.shown_until)
            .bind(i64::from(head.limited))
            .bind(head.interprets.clone())
            .bind(year_of(head, now))
            .bind(document.id.to_string()),
    )
    .await?;
    keep_words(tx, &document.id.to_string(), (&head.title, &head.number)).await
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

fn push_narrow(statement: &mut Sql, narrow: &Narrow, sought: Option<&Sought>) {
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
    push_words(statement, sought);
}

/// How many documents the units of a scope have.
async fn owned(tx: &mut Tx, scope: &Scope) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) AS n FROM document_desk_count c WHERE ");
    scope.push_organ(&mut statement, "c.owner_id");
    tx.one(statement).await?.get("n")
}

/// One page of the staff list, newest first; what was discarded only where it is asked for.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Document>, StoreError> {
    let sought = sought(tx, &narrow.text).await?;
    // What is joined to an empty text is in no index: all are walked in their order until the page is full.
    let owner = if owned(tx, scope).await? > OWNED_MAX {
        "d.owner_id || ''"
    } else {
        "d.owner_id"
    };
    // The rows before the page are passed by in the index alone.
    let mut statement = sql(SELECT);
    statement.push("d.id IN (SELECT d.id FROM ");
    push_documents(&mut statement, sought.as_ref());
    statement.push(" WHERE ");
    scope.push_organ(&mut statement, owner);
    push_narrow(&mut statement, narrow, sought.as_ref());
    if narrow.state.is_none() {
        statement.push(" AND d.state <> 'discarded'");
    }
    statement
        .push(" ORDER BY d.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset)
        .push(") ORDER BY d.id DESC");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// How many there are in each state; of those found by words at most [`FOUND_MAX`] in each.
///
/// # Errors
/// When the store fails.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
) -> Result<Vec<(State, i64)>, StoreError> {
    let sought = sought(tx, &narrow.text).await?;
    if sought.is_some() {
        return counts_of_words(tx, scope, narrow, sought.as_ref()).await;
    }
    let mut statement =
        sql("SELECT c.state, CAST(SUM(c.n) AS BIGINT) AS n FROM document_desk_count c WHERE ");
    scope.push_organ(&mut statement, "c.owner_id");
    if let Some(visibility) = narrow.visibility {
        statement
            .push(" AND c.visibility = ")
            .push_value(visibility.code());
    }
    if let Some(kind) = narrow.kind {
        statement.push(" AND c.kind = ").push_value(kind.code());
    }
    statement.push(" GROUP BY c.state HAVING SUM(c.n) > 0");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.coded("state", State::from_code)?, row.get("n")?)))
        .collect()
}

async fn counts_of_words(
    tx: &mut Tx,
    scope: &Scope,
    narrow: &Narrow,
    sought: Option<&Sought>,
) -> Result<Vec<(State, i64)>, StoreError> {
    let count = |state: &State| {
        let of_state = Narrow {
            state: Some(*state),
            ..narrow.clone()
        };
        let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT d.id FROM ");
        push_documents(&mut statement, sought);
        statement.push(" WHERE ");
        scope.push_organ(&mut statement, "d.owner_id");
        push_narrow(&mut statement, &of_state, sought);
        statement
            .push(" LIMIT ")
            .push_value(FOUND_MAX)
            .push(") found");
        statement
    };
    let counts = tx.counts(State::ALL.iter().map(count).collect()).await?;
    let counted = State::ALL.iter().copied().zip(counts);
    Ok(counted.filter(|(_, n)| *n > 0).collect())
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

/// A document whose text and files are given out on this day, with the edition that the public reads.
///
/// # Errors
/// When the store fails.
pub async fn readable(
    tx: &mut Tx,
    id: DocumentId,
    today: Date,
) -> Result<Option<(Document, EditionId)>, StoreError> {
    let found = public(tx, id).await?;
    let readable = found.filter(|document| document.is_readable(today));
    Ok(readable.and_then(|document| document.published.map(|edition| (document, edition))))
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

/// Documents of an organ, as publisher or as the unit that works on them, that were published between two instants (the
/// second no longer) and stand in lists; the newest first.
///
/// # Errors
/// When the store fails.
pub async fn published_between(
    tx: &mut Tx,
    organ: OrganId,
    (from, to): (i64, i64),
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(LISTED)
        .push(" AND (d.organ_id = ")
        .push_value(organ)
        .push(" OR d.owner_id = ")
        .push_value(organ)
        .push(") AND d.published_at >= ")
        .push_value(from)
        .push(" AND d.published_at < ")
        .push_value(to)
        .push(" ORDER BY d.published_at DESC, d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
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

/// The last 索引号 serials of these organs in a year; none for those that gave none.
///
/// # Errors
/// When the store fails.
pub(super) async fn last_serials(
    tx: &mut Tx,
    organs: &[OrganId],
    year: i16,
) -> Result<BTreeMap<OrganId, i64>, StoreError> {
    let mut found = BTreeMap::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT organ_id, last FROM index_serial WHERE year = ");
        statement
            .push_value(i64::from(year))
            .push(" AND organ_id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("organ_id")?, row.get("last")?);
        }
    }
    Ok(found)
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

fn discarded(row: &Row) -> Result<Option<Discarded>, StoreError> {
    let Some(at) = row.get("discarded_at")? else {
        return Ok(None);
    };
    Ok(Some(Discarded {
        at,
        why: row
            .get::<Option<String>>("discarded_why")?
            .unwrap_or_default(),
        is_final: row.get::<Option<i64>>("emptied_at")?.is_some(),
    }))
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
        explained_at: row.get("explained_at")?,
        title: row.get("title")?,
        number: row.get("number")?,
        theme: row.get("theme")?,
        issued_on: row.get("issued_on")?,
        effective_on: row.get("effective_on")?,
        expires_on: row.get("expires_on")?,
        shown_until: row.get("shown_until")?,
        limited: row.get::<i64>("limited")? != 0,
        interprets: row.get("interprets")?,
        review_on: row.get("review_on")?,
        discarded: discarded(row)?,
        version: row.get("version")?,
    })
}
