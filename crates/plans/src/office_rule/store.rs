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

/// The numbers that an office gives to papers of one kind, each year from 1.
pub(crate) struct Series {
    /// Gives `n`, the last one of an office and a year.
    pub(crate) last: &'static str,
    /// Keeps year, `n` and the number as printed with a paper.
    pub(crate) set: &'static str,
}

impl Series {
    /// Gives a paper the next number.
    pub(crate) async fn next(
        &self,
        tx: &mut Tx,
        (office, year): (OrganId, i16),
        pattern: &str,
        paper: String,
    ) -> Result<String, StoreError> {
        let last: Option<i64> = tx
            .one(sql(self.last).bind(office).bind(i64::from(year)))
            .await?
            .get("n")?;
        let n = last.unwrap_or(0) + 1;
        let number = super::number(pattern, year, n);
        tx.run(
            sql(self.set)
                .bind(i64::from(year))
                .bind(n)
                .bind(&number)
                .bind(paper),
        )
        .await?;
        Ok(number)
    }
}
