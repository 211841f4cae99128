//! The SQL of what people look for again.

use gongkai_basis::id::AccountId;
use gongkai_platform::db::{StoreError, Tx, sql};

use super::Saved;

pub(super) async fn of_person(tx: &mut Tx, account: AccountId) -> Result<Vec<Saved>, StoreError> {
    tx.all(
        sql("SELECT id, name, words FROM saved_search WHERE account_id = $1 ORDER BY created_at DESC, id")
            .bind(account),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Saved {
            id: row.get("id")?,
            name: row.get("name")?,
            words: row.get("words")?,
        })
    })
    .collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    account: AccountId,
    saved: &Saved,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO saved_search (id, account_id, name, words, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&saved.id)
            .bind(account)
            .bind(&saved.name)
            .bind(&saved.words)
            .bind(now),
    )
    .await?;
    Ok(())
}

pub(super) async fn rename(tx: &mut Tx, id: &str, name: &str) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE saved_search SET name = $1 WHERE id = $2")
            .bind(name)
            .bind(id),
    )
    .await
}

pub(super) async fn delete(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.run_versioned(sql("DELETE FROM saved_search WHERE id = $1").bind(id))
        .await
}
