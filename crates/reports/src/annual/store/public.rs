//! What the public reads: the sealed edition, never the draft.

use super::{Annual, SELECT, decoded};
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, containing, sql};

use crate::id::AnnualId;
use crate::state::State;

/// Reports on the public list.
const LIST_MAX: i64 = 2_000;

fn edition(row: &Row) -> Result<Annual, StoreError> {
    let published: String = row.get("published")?;
    // It stays published while its correction is being written.
    Ok(Annual {
        state: State::Published,
        ..decoded(row, &published)?
    })
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, organ: OrganId, year: i16) -> Result<Option<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("a.published IS NOT NULL AND a.organ_id = ")
        .push_value(organ)
        .push(" AND a.year = ")
        .push_value(i64::from(year));
    tx.optional(statement)
        .await?
        .map(|row| edition(&row))
        .transpose()
}

/// A row of the public list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub organ: OrganId,
    pub organ_name: String,
    pub year: i64,
    pub at: i64,
}

/// # Errors
/// When the store fails.
pub async fn years(tx: &mut Tx, within: &Scope) -> Result<Vec<i64>, StoreError> {
    let mut statement =
        sql("SELECT DISTINCT a.year FROM annual_report a WHERE a.published_at IS NOT NULL");
    within.push_within(&mut statement, "a.organ_id");
    statement.push(" ORDER BY a.year DESC");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("year"))
        .collect()
}

/// The published reports of organs inside a scope, of a year, or of an organ; newest year first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    within: &Scope,
    year: Option<i64>,
    organ: Option<OrganId>,
) -> Result<Vec<Listed>, StoreError> {
    let mut statement = sql(
        "SELECT a.organ_id, a.year, a.published_at, o.name AS organ_name FROM annual_report a \
         JOIN organ o ON o.id = a.organ_id WHERE a.published_at IS NOT NULL",
    );
    within.push_within(&mut statement, "a.organ_id");
    if let Some(year) = year {
        statement.push(" AND a.year = ").push_value(year);
    }
    if let Some(organ) = organ {
        statement.push(" AND a.organ_id = ").push_value(organ);
    }
    statement
        .push(" ORDER BY a.year DESC, LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(LIST_MAX);
    tx.all(statement).await?.iter().map(listed).collect()
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        year: row.get("year")?,
        at: row.get("published_at")?,
    })
}

/// Editions in the order of their ids, after one.
///
/// # Errors
/// When the store fails.
pub async fn after(tx: &mut Tx, last: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("SELECT id FROM annual_report WHERE published_at IS NOT NULL AND id > $1 ORDER BY id LIMIT $2")
            .bind(last)
            .bind(limit),
    )
    .await?
    .iter()
    .map(|row| row.get("id"))
    .collect()
}

/// # Errors
/// When the store fails.
pub async fn by_ids(tx: &mut Tx, ids: &[AnnualId]) -> Result<Vec<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("a.published IS NOT NULL AND a.id IN ")
        .push_list(ids.iter().map(ToString::to_string));
    tx.all(statement).await?.iter().map(edition).collect()
}

/// Editions of organs inside a scope whose organ's name holds these words, newest first.
///
/// # Errors
/// When the store fails.
pub async fn find(
    tx: &mut Tx,
    scope: &Scope,
    words: &str,
    most: i64,
) -> Result<Vec<Annual>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("a.published IS NOT NULL AND ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    if !words.is_empty() {
        statement
            .push(" AND o.name LIKE ")
            .push_value(containing(words))
            .push(" ESCAPE '!'");
    }
    statement
        .push(" ORDER BY a.published_at DESC, a.id LIMIT ")
        .push_value(most);
    tx.all(statement).await?.iter().map(edition).collect()
}

/// Organ and year of editions of organs inside a scope after one, for the site map.
///
/// # Errors
/// When the store fails.
pub async fn pages(
    tx: &mut Tx,
    within: &Scope,
    (organ, year): (&str, i64),
    limit: i64,
) -> Result<Vec<(OrganId, i64, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT a.organ_id, a.year, a.published_at FROM annual_report a WHERE a.published_at IS NOT NULL AND (a.organ_id > ",
    );
    statement
        .push_value(organ)
        .push(" OR (a.organ_id = ")
        .push_value(organ)
        .push(" AND a.year > ")
        .push_value(year)
        .push("))");
    within.push_within(&mut statement, "a.organ_id");
    statement
        .push(" ORDER BY a.organ_id, a.year LIMIT ")
        .push_value(limit);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.get("organ_id")?,
                row.get("year")?,
                row.get("published_at")?,
            ))
        })
        .collect()
}
