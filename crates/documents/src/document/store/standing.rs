//! The SQL of how documents stand, kept for lists with the last day for which it holds ([`Standing`]).

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_platform::db::{DbKind, Sql, StoreError, Tx, sql};
use gongkai_platform::web::civil_day;

use super::validity::turns;
use super::{SELECT, by_ids, from_row};
use crate::document::Document;
use crate::document::validity::{Standing, Turn, Validity, standing};
use crate::id::DocumentId;

/// What holds for good holds until then.
const FOR_GOOD: &str = "9999-12-31";
/// More than there are. The limit keeps SQLite from looking at all documents instead of those few.
const UNSETTLED_MAX: i64 = 100_000_000;

/// Keeps how a document stands today, in the transaction that changes it.
pub(super) async fn keep_standing(tx: &mut Tx, id: DocumentId) -> Result<(), StoreError> {
    let today = civil_day(tx.now());
    let found = by_ids(tx, &[id.to_string()]).await?;
    keep(tx, &found, today).await
}

async fn keep(tx: &mut Tx, documents: &[Document], today: Date) -> Result<(), StoreError> {
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.id).collect();
    let mut told: BTreeMap<DocumentId, Vec<Turn>> = BTreeMap::new();
    for (id, turn) in turns(tx, &ids).await? {
        told.entry(id).or_default().push(turn);
    }
    for document in documents {
        let own = told.get(&document.id).map_or(&[][..], Vec::as_slice);
        let Standing {
            validity,
            over,
            lapses_on,
            until,
        } = standing(today, document, own);
        let until = until.map_or_else(|| FOR_GOOD.to_owned(), |until| until.to_string());
        tx.run(
            sql("UPDATE document SET standing = $1, is_over = $2, lapses_on = $3, stands_until = $4 WHERE id = $5")
                .bind(validity.map_or("", Validity::code))
                .bind(i64::from(over))
                .bind(lapses_on)
                .bind(until)
                .bind(document.id.to_string()),
        )
        .await?;
    }
    Ok(())
}

/// Keeps how some public documents stand whose last day is past, or that came in past the code; gives of how many. Those that
/// somebody is changing at this moment are kept by whoever does: here they would be overwritten with what was read before, and
/// each would wait for the other. SQLite has one writer.
///
/// # Errors
/// When the store fails.
pub(crate) async fn settle_some(tx: &mut Tx, today: Date, rows: i64) -> Result<i64, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.visibility = 'public' AND d.stands_until < ")
        .push_value(today)
        .push(" ORDER BY d.stands_until, d.id LIMIT ")
        .push_value(rows);
    if tx.kind() == DbKind::Postgres {
        statement.push(" FOR NO KEY UPDATE OF d SKIP LOCKED");
    }
    let rows = tx.all(statement).await?;
    let found: Vec<Document> = rows.iter().map(from_row).collect::<Result<_, _>>()?;
    keep(tx, &found, today).await?;
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

/// Is there a public document of which is not kept how it stands on this day? Mostly there is
/// none, and a list is an index read in its order.
pub(super) async fn is_any_unsettled(tx: &mut Tx, day: Date) -> Result<bool, StoreError> {
    let mut statement =
        sql("SELECT u.id FROM document u WHERE u.visibility = 'public' AND u.stands_until < ");
    statement.push_value(day).push(" LIMIT 1");
    Ok(tx.optional(statement).await?.is_some())
}

/// Appends, as `d`, the few public documents of which is not kept how they stand on this day. It must be no day before the one
/// for which the others were settled.
pub(super) fn push_unsettled(statement: &mut Sql, day: Date) {
    statement
        .push(
            "(SELECT u.id, u.owner_id, u.organ_id, u.kind, u.year, u.theme, u.visibility, u.limited, u.number, u.found_by, \
             u.published_at, u.effective_on, u.expires_on, u.shown_until, u.standing, u.is_over, u.lapses_on FROM document u \
             WHERE u.visibility = 'public' AND u.stands_until < ",
        )
        .push_value(day)
        .push(" LIMIT ")
        .push_value(UNSETTLED_MAX)
        .push(") d");
}
