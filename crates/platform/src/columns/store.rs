//! The SQL of the columns that people keep.

use gongkai_basis::id::AccountId;

use crate::db::{StoreError, Tx, sql};

/// The keys that a person keeps for a list; none where nothing is kept.
pub(super) async fn kept(
    tx: &mut Tx,
    person: AccountId,
    list: &str,
) -> Result<Vec<String>, StoreError> {
    let row = tx
        .optional(
            sql("SELECT columns FROM list_columns WHERE account_id = $1 AND list = $2")
                .bind(person)
                .bind(list),
        )
        .await?;
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    let columns: String = row.get("columns")?;
    Ok(columns.split(',').map(str::to_owned).collect())
}

/// Keeps these keys, in place of those before; none forgets them.
pub(super) async fn keep(
    tx: &mut Tx,
    person: AccountId,
    list: &str,
    keys: &[String],
) -> Result<(), StoreError> {
    if keys.is_empty() {
        tx.run(
            sql("DELETE FROM list_columns WHERE account_id = $1 AND list = $2")
                .bind(person)
                .bind(list),
        )
        .await?;
        return Ok(());
    }
    tx.run(
        sql(
            "INSERT INTO list_columns (account_id, list, columns) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id, list) DO UPDATE SET columns = excluded.columns",
        )
        .bind(person)
        .bind(list)
        .bind(keys.join(",")),
    )
    .await?;
    Ok(())
}
