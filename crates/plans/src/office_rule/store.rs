//! The SQL of an office's own rules.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

/// An office's own rule for one thing, such as the pattern of its numbers.
///
/// # Errors
/// When the store fails.
pub async fn get(
    tx: &mut Tx,
    office: OrganId,
    name: &'static str,
) -> Result<Option<String>, StoreError> {
    tx.optional(
        sql("SELECT value FROM office_rule WHERE office_id = $1 AND name = $2")
            .bind(office)
            .bind(name),
    )
    .await?
    .map(|row| row.get("value"))
    .transpose()
}

/// # Errors
/// When the store fails.
pub async fn set(
    tx: &mut Tx,
    office: OrganId,
    name: &'static str,
    value: &str,
) -> Result<(), StoreError> {
    tx.run(
        sql(
            "INSERT INTO office_rule (office_id, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (office_id, name) DO UPDATE SET value = excluded.value",
        )
        .bind(office)
        .bind(name)
        .bind(value),
    )
    .await?;
    Ok(())
}
