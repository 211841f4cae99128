//! The SQL of 有效性: its events, and what ends soon.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::standing::{is_any_unsettled, keep_standing, push_unsettled};
use super::{IDS_AT_ONCE, LISTED, OWNED_MAX, SELECT, by_ids, document_id, from_row, parsed};
use crate::document::Document;
use crate::document::validity::{Change, Recorded, Successor, Turn, Undone, Validity};
use crate::id::{DocumentId, TurnId};
use crate::kind::Kind;

pub(crate) async fn insert_turn(
    tx: &mut Tx,
    document: DocumentId,
    turn: &Turn,
) -> Result<(), StoreError> {
    let (id, now) = (tx.fresh(), tx.now().as_millisecond());
    let next = turn.successor.as_ref();
    tx.run(
        sql("INSERT INTO validity_event (id, document_id, change, happened_on, basis, until_on, recorded_by, created_at, successor, successor_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(id.to_string())
            .bind(document.to_string())
            .bind(turn.change.code())
            .bind(turn.on)
            .bind(&turn.basis)
            .bind(turn.until)
            .bind(&turn.by)
            .bind(now)
            .bind(next.map_or("", |next| &next.written))
            .bind(next.and_then(|next| next.document).map(|id| id.to_string())),
    )
    .await?;
    keep_standing(tx, document).await
}

pub(crate) async fn undo_turn(
    tx: &mut Tx,
    turn: TurnId,
    (by, why): (&str, &str),
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let done = tx
        .run(
            sql("UPDATE validity_event SET undone_at = $1, undone_by = $2, undone_why = $3 WHERE id = $4 AND undone_at IS NULL")
                .bind(now)
                .bind(by)
                .bind(why)
                .bind(turn.to_string()),
        )
        .await?;
    if done == 0 {
        return Err(StoreError::Stale);
    }
    Ok(())
}

fn turn(row: &Row) -> Result<Turn, StoreError> {
    let (written, document): (String, Option<String>) =
        (row.get("successor")?, row.get("successor_id")?);
    Ok(Turn {
        change: row.coded("change", Change::from_code)?,
        on: row.get("happened_on")?,
        basis: row.get("basis")?,
        until: row.get("until_on")?,
        successor: (!written.is_empty()).then(|| Successor {
            written,
            document: document.and_then(|id| id.parse().ok()),
        }),
        by: row.get("recorded_by")?,
    })
}

/// All that was ever recorded of a document's validity, what was undone too, in the order of the days.
///
/// # Errors
/// When the store fails.
pub async fn recorded(tx: &mut Tx, document: DocumentId) -> Result<Vec<Recorded>, StoreError> {
    tx.all(
        sql("SELECT * FROM validity_event WHERE document_id = $1 ORDER BY happened_on, id")
            .bind(document.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        let undone = match row.get::<Option<i64>>("undone_at")? {
            Some(at) => Some(Undone {
                at,
                by: row.get("undone_by")?,
                why: row.get("undone_why")?,
            }),
            None => None,
        };
        Ok(Recorded {
            id: parsed(row, "id", "an id of a validity event")?,
            turn: turn(row)?,
            undone,
        })
    })
    .collect()
}

/// The events of validity of these documents that count, in the order of their days.
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
            .push(" AND undone_at IS NULL ORDER BY happened_on, id");
        for row in tx.all(statement).await? {
            found.push((document_id(&row, "document_id")?, turn(&row)?));
        }
    }
    Ok(found)
}

/// Events of the document in hand that count.
const OF_IT: &str = " FROM validity_event v WHERE v.document_id = d.id AND v.undone_at IS NULL";

/// The first event by this day after which nothing comes: what [`crate::document::validity::on`] returns at.
fn push_end(statement: &mut Sql, day: Date) {
    statement
        .push("(SELECT v.change")
        .push(OF_IT)
        .push(" AND v.change IN ('repealed', 'lapsed') AND v.happened_on <= ")
        .push_value(day)
        .push(" ORDER BY v.happened_on, v.id LIMIT 1)");
}

fn push_exists(statement: &mut Sql, change: Change, day: Date) {
    statement
        .push("EXISTS (SELECT 1")
        .push(OF_IT)
        .push(" AND v.change = ")
        .push_value(change.code())
        .push(" AND v.happened_on <= ")
        .push_value(day)
        .push(")");
}

/// Begun and not ended by an event, with a last day before or not before this one.
fn push_running(statement: &mut Sql, compared: &'static str, day: Date) {
    push_end(statement, day);
    statement
        .push(" IS NULL AND (d.effective_on IS NULL OR d.effective_on <= ")
        .push_value(day)
        .push(") AND COALESCE(");
    push_until(statement, day);
    statement
        .push(", '9999-12-31')")
        .push(compared)
        .push_value(day);
}

/// Only kinds that validity means something for, and of them those that stand so on this day: [`crate::document::validity::on`]
/// in SQL, for those that are not settled for it; a test compares the two.
pub(super) fn push_standing(statement: &mut Sql, validity: Validity, day: Date) {
    push_kinds(statement);
    match validity {
        Validity::Repealed => {
            statement.push(" AND ");
            push_end(statement, day);
            statement.push(" = 'repealed'");
        }
        Validity::Lapsed => {
            statement.push(" AND (");
            push_end(statement, day);
            statement.push(" = 'lapsed' OR (");
            push_running(statement, " < ", day);
            statement.push("))");
        }
        Validity::NotYet => {
            statement
                .push(" AND d.effective_on > ")
                .push_value(day)
                .push(" AND ");
            push_end(statement, day);
            statement.push(" IS NULL");
        }
        Validity::Amended => {
            statement.push(" AND ");
            push_running(statement, " >= ", day);
            statement.push(" AND ");
            push_exists(statement, Change::Amended, day);
        }
        Validity::InForce => {
            statement.push(" AND ");
            push_running(statement, " >= ", day);
            statement.push(" AND NOT ");
            push_exists(statement, Change::Amended, day);
        }
    }
}

/// Published documents whose place this one took.
///
/// # Errors
/// When the store fails.
pub async fn replaced(tx: &mut Tx, id: DocumentId, rows: i64) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push(LISTED)
        .push(" AND d.id IN (SELECT v.document_id FROM validity_event v WHERE v.undone_at IS NULL AND v.successor_id = ")
        .push_value(id.to_string())
        .push(") ORDER BY d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The last day as it is on this one, of the document in hand: of the newest 继续有效, else as printed; `NULL` for none.
fn push_until(statement: &mut Sql, day: Date) {
    statement.push("CASE WHEN ");
    push_exists(statement, Change::Kept, day);
    statement
        .push(" THEN (SELECT v.until_on")
        .push(OF_IT)
        .push(" AND v.change = 'kept' AND v.happened_on <= ")
        .push_value(day)
        .push(" ORDER BY v.happened_on DESC, v.id DESC LIMIT 1) ELSE d.expires_on END");
}

/// Kinds of which 有效性 means something.
fn push_kinds(statement: &mut Sql) {
    let kinds = Kind::ALL.iter().filter(|kind| kind.has_validity());
    statement
        .push(" AND d.kind IN ")
        .push_list(kinds.map(|kind| kind.code()));
}

/// Of documents that are not settled for today, those whose last day is not after `before`, and which nothing ended or will
/// end: [`crate::document::validity::left`] in SQL.
fn push_expiring_anew(statement: &mut Sql, scope: &Scope, (today, before): (Date, Date)) {
    push_unsettled(statement, today);
    statement.push(" WHERE ");
    scope.push_organ(statement, "d.owner_id");
    push_kinds(statement);
    statement
        .push(" AND NOT EXISTS (SELECT 1")
        .push(OF_IT)
        .push(" AND v.change IN ('repealed', 'lapsed')) AND ");
    push_until(statement, today);
    statement.push(" <= ").push_value(before);
}

/// Appends the condition on documents whose kept last day is not after `before`. They are walked by that day: a column that is
/// joined to an empty text is in no index.
fn push_expiring_kept(statement: &mut Sql, scope: &Scope, before: Date) {
    statement.push("d.visibility = 'public' AND ");
    scope.push_organ(statement, "d.owner_id || ''");
    statement.push(" AND d.lapses_on <= ").push_value(before);
}

/// How a page of the clean-up worksheet is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The rows of each unit from its own part of an index, all put in order.
    ByUnit,
    /// All units' rows by their last day, until the page is full.
    ByDay,
}

/// A page of the clean-up worksheet: documents that lapse by `before`, or have, and on which nobody decided yet, the
/// earliest first.
///
/// # Errors
/// When the store fails.
pub async fn expiring(
    tx: &mut Tx,
    scope: &Scope,
    days: (Date, Date),
    of_page: (i64, i64),
) -> Result<Vec<Document>, StoreError> {
    // Among those of all units the few of a small one are found last.
    let way = if expiring_count(tx, scope, days).await? > OWNED_MAX {
        Way::ByDay
    } else {
        Way::ByUnit
    };
    expiring_by(tx, scope, days, (of_page, way)).await
}

/// As [`expiring`].
pub(crate) async fn expiring_by(
    tx: &mut Tx,
    scope: &Scope,
    (today, before): (Date, Date),
    ((offset, rows), way): ((i64, i64), Way),
) -> Result<Vec<Document>, StoreError> {
    let is_doubtful = is_any_unsettled(tx, today).await?;
    let mut statement = sql("");
    if is_doubtful {
        statement.push("SELECT kept.id, kept.until_on FROM (");
    }
    statement.push("SELECT d.id AS id, d.lapses_on AS until_on FROM ");
    match way {
        Way::ByUnit => {
            // SQLite takes the units first where a join is written so.
            statement.push("organ inside CROSS JOIN document d WHERE d.visibility = 'public' AND ");
            scope.push_condition(&mut statement, "inside.id", "inside.path");
            statement
                .push(" AND d.owner_id = inside.id AND d.lapses_on <= ")
                .push_value(before);
        }
        Way::ByDay => {
            statement.push("document d WHERE ");
            push_expiring_kept(&mut statement, scope, before);
        }
    }
    statement
        .push(" AND d.stands_until || '' >= ")
        .push_value(today);
    if is_doubtful {
        statement
            .push(" ORDER BY d.lapses_on, d.id LIMIT ")
            .push_value(offset.saturating_add(rows))
            .push(") kept UNION ALL SELECT d.id, ");
        push_until(&mut statement, today);
        statement.push(" AS until_on FROM ");
        push_expiring_anew(&mut statement, scope, (today, before));
    }
    statement
        .push(" ORDER BY until_on, id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let found = tx.all(statement).await?;
    let ids: Vec<String> = found
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    let documents = by_ids(tx, &ids).await?.into_iter();
    let mut documents: BTreeMap<String, Document> =
        documents.map(|one| (one.id.to_string(), one)).collect();
    Ok(ids.iter().filter_map(|id| documents.remove(id)).collect())
}

/// How many stand on the clean-up worksheet: what is kept of each month, the days of the last one, and in place of those that
/// are not settled what they are.
///
/// # Errors
/// When the store fails.
pub async fn expiring_count(
    tx: &mut Tx,
    scope: &Scope,
    (today, before): (Date, Date),
) -> Result<i64, StoreError> {
    let begun = before.first_of_month();
    let month: String = begun.to_string().chars().take(7).collect();
    let mut months = sql(
        "SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) FROM document_lapsing_count c WHERE c.month < ",
    );
    months.push_value(month).push(" AND ");
    scope.push_organ(&mut months, "c.owner_id");
    let mut days = sql("SELECT COUNT(*) FROM document d WHERE ");
    push_expiring_kept(&mut days, scope, before);
    days.push(" AND d.lapses_on >= ").push_value(begun);
    let mut counts = vec![months, days];
    if is_any_unsettled(tx, today).await? {
        let mut doubtful = sql("SELECT COUNT(*) FROM ");
        push_unsettled(&mut doubtful, today);
        doubtful.push(" WHERE ");
        push_expiring_kept(&mut doubtful, scope, before);
        let mut anew = sql("SELECT COUNT(*) FROM ");
        push_expiring_anew(&mut anew, scope, (today, before));
        counts.extend([doubtful, anew]);
    }
    match tx.counts(counts).await?.as_slice() {
        [months, days, doubtful, anew] => Ok(months + days - doubtful + anew),
        kept => Ok(kept.iter().sum()),
    }
}
