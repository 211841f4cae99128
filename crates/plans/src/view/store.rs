//! The SQL of saved views.

use gongkai_basis::id::{AccountId, ViewId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::SavedView;

/// # Errors
/// When the store fails.
pub async fn of_person(tx: &mut Tx, account: AccountId) -> Result<Vec<SavedView>, StoreError> {
    tx.all(
        sql("SELECT id, name, query FROM saved_view WHERE account_id = $1 ORDER BY name")
            .bind(account),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(SavedView {
            id: row.get("id")?,
            name: row.get("name")?,
            query: row.get("query")?,
        })
    })
    .collect()
}

pub(crate) async fn save(
    tx: &mut Tx,
    account: AccountId,
    view: &SavedView,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO saved_view (id, account_id, name, query, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account_id, name) DO UPDATE SET query = excluded.query")
            .bind(view.id)
            .bind(account)
            .bind(&view.name)
            .bind(&view.query)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, account: AccountId, id: ViewId) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("DELETE FROM saved_view WHERE id = $1 AND account_id = $2")
            .bind(id)
            .bind(account),
    )
    .await
}

/// Gives a person's views to somebody else, but for those whose names that person uses; gives how many.
///
/// # Errors
/// When the store fails.
pub async fn give(tx: &mut Tx, from: AccountId, to: AccountId) -> Result<i64, StoreError> {
    let given = tx
        .run(
            sql(
                "UPDATE saved_view SET account_id = $1 WHERE account_id = $2 \
                 AND name NOT IN (SELECT name FROM saved_view WHERE account_id = $3)",
            )
            .bind(to)
            .bind(from)
            .bind(to),
        )
        .await?;
    Ok(i64::try_from(given).unwrap_or(i64::MAX))
}
