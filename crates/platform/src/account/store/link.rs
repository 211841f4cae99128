//! The rows of one-time links, by the hash of their token.

use gongkai_basis::id::AccountId;

use crate::db::{StoreError, Tx, sql};

pub(in crate::account) async fn insert(
    tx: &mut Tx,
    token_hash: &str,
    account: AccountId,
    purpose: &str,
    expires_at: i64,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO login_link (token_hash, account_id, purpose, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(token_hash)
            .bind(account)
            .bind(purpose)
            .bind(expires_at)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Ends the unused links of an account, for one purpose or for all.
pub(in crate::account) async fn end(
    tx: &mut Tx,
    account: AccountId,
    purpose: Option<&'static str>,
) -> Result<(), StoreError> {
    let mut statement =
        sql("DELETE FROM login_link WHERE used_at IS NULL AND account_id = $1").bind(account);
    if let Some(purpose) = purpose {
        statement.push(" AND purpose = ").push_value(purpose);
    }
    tx.run(statement).await?;
    Ok(())
}

/// Whose link it is, while it is neither used nor past its time.
pub(in crate::account) async fn usable(
    tx: &mut Tx,
    token_hash: &str,
    purposes: impl IntoIterator<Item = &'static str>,
) -> Result<Option<AccountId>, StoreError> {
    let mut statement = sql(
        "SELECT account_id FROM login_link WHERE token_hash = $1 AND expires_at > $2 AND used_at IS NULL AND purpose IN ",
    )
    .bind(token_hash)
    .bind(tx.now().as_millisecond());
    statement.push_list(purposes);
    tx.optional(statement)
        .await?
        .map(|row| row.get("account_id"))
        .transpose()
}

/// Marks a link as used; of two at once only one succeeds.
pub(in crate::account) async fn use_up(tx: &mut Tx, token_hash: &str) -> Result<bool, StoreError> {
    let used = tx
        .run(
            sql("UPDATE login_link SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL")
                .bind(tx.now().as_millisecond())
                .bind(token_hash),
        )
        .await?;
    Ok(used == 1)
}
