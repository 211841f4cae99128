//! The SQL of drafts that orders to publish began with.

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{Row, StoreError, Tx, sql};
use gongkai_platform::seam::Drafted;

use super::Draft;

fn from(row: &Row) -> Result<Draft, StoreError> {
    Ok(Draft {
        key: row.get("order_key")?,
        owner: row.get("owner_id")?,
        of: Ref {
            kind: row.get("draft_kind")?,
            id: row.get("draft_id")?,
        },
        path: row.get("path")?,
        is_open: row.get::<i64>("is_open")? == 1,
    })
}

/// The draft of an order, also one that is waited for no longer.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, key: &str) -> Result<Option<Draft>, StoreError> {
    tx.optional(sql("SELECT * FROM request_draft WHERE order_key = $1").bind(key))
        .await?
        .as_ref()
        .map(from)
        .transpose()
}

/// Waits for this draft of the order's owner.
///
/// # Errors
/// When the store fails.
pub async fn keep(
    tx: &mut Tx,
    (key, owner): (&str, OrganId),
    draft: &Drafted,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_draft (order_key, owner_id, draft_kind, draft_id, path, is_open) VALUES ($1, $2, $3, $4, $5, 1) \
             ON CONFLICT (order_key) DO UPDATE SET owner_id = $2, draft_kind = $3, draft_id = $4, path = $5, is_open = 1")
            .bind(key)
            .bind(owner)
            .bind(&draft.of.kind)
            .bind(&draft.of.id)
            .bind(&draft.path),
    )
    .await?;
    Ok(())
}

/// Waits for the order's draft no longer.
///
/// # Errors
/// When the store fails.
pub async fn close(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    tx.run(sql("UPDATE request_draft SET is_open = 0 WHERE order_key = $1").bind(key))
        .await?;
    Ok(())
}

/// An order that is given anew knows nothing of its draft before.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM request_draft WHERE order_key = $1").bind(key))
        .await?;
    Ok(())
}

/// Drafts that are waited for, after this key in the order of keys.
///
/// # Errors
/// When the store fails.
pub async fn open_after(tx: &mut Tx, last: &str, rows: i64) -> Result<Vec<Draft>, StoreError> {
    let rows = tx
        .all(
            sql("SELECT * FROM request_draft WHERE is_open = 1 AND order_key > $1 ORDER BY order_key LIMIT $2")
                .bind(last)
                .bind(rows),
        )
        .await?;
    rows.iter().map(from).collect()
}
