//! The SQL of what a day alone changes.

use gongkai_basis::Date;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{SELECT, from_row};
use crate::document::Document;

/// There is one row.
const ROW: &str = "document";

/// The day up to which it was told; `None` before the first look.
pub(crate) async fn looked_on(tx: &mut Tx) -> Result<Option<Date>, StoreError> {
    let found = tx
        .optional(sql("SELECT looked_on FROM document_days WHERE id = $1").bind(ROW))
        .await?;
    found.map(|row| row.get("looked_on")).transpose()
}

pub(crate) async fn set_looked_on(tx: &mut Tx, day: Date) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO document_days (id, looked_on) VALUES ($1, $2) \
             ON CONFLICT (id) DO UPDATE SET looked_on = excluded.looked_on")
        .bind(ROW)
        .bind(day),
    )
    .await?;
    Ok(())
}

/// Public documents for which a day after `since`, up to `today`, is the first one after 公示期 or 有效期, the first day of
/// force, or the day of an event of validity; a page of them by id.
pub(crate) async fn changed_by_days(
    tx: &mut Tx,
    (since, today): (Date, Date),
    after: &str,
    rows: i64,
) -> Result<Vec<Document>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("d.visibility = 'public' AND d.id > ")
        .push_value(after.to_owned())
        .push(" AND (");
    for (n, column) in ["d.shown_until", "d.expires_on"].into_iter().enumerate() {
        let or = if n == 0 { "" } else { " OR " };
        statement
            .push(or)
            .push("(")
            .push(column)
            .push(" >= ")
            .push_value(since)
            .push(" AND ")
            .push(column)
            .push(" < ")
            .push_value(today)
            .push(")");
    }
    statement
        .push(" OR (d.effective_on > ")
        .push_value(since)
        .push(" AND d.effective_on <= ")
        .push_value(today)
        .push(") OR d.id IN (SELECT v.document_id FROM validity_event v WHERE v.undone_at IS NULL AND ((v.happened_on > ")
        .push_value(since)
        .push(" AND v.happened_on <= ")
        .push_value(today)
        .push(") OR (v.until_on >= ")
        .push_value(since)
        .push(" AND v.until_on < ")
        .push_value(today)
        .push(")))) ORDER BY d.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}
