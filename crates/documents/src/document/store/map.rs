//! The SQL of what is said of an edition's pictures.

use std::collections::BTreeMap;

use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::IDS_AT_ONCE;
use crate::document::Edition;
use crate::document::map::{Said, Shows};
use crate::id::EditionId;

/// What is said of the pictures of an edition, in the order of their hashes.
///
/// # Errors
/// When the store fails.
pub async fn said_of_pictures(tx: &mut Tx, edition: EditionId) -> Result<Vec<Said>, StoreError> {
    tx.all(
        sql("SELECT * FROM edition_picture WHERE edition_id = $1 ORDER BY sha256")
            .bind(edition.to_string()),
    )
    .await?
    .iter()
    .map(said)
    .collect()
}

/// The same of many editions, by the id of each that has any.
///
/// # Errors
/// When the store fails.
pub async fn said_of_many(
    tx: &mut Tx,
    editions: &[EditionId],
) -> Result<BTreeMap<String, Vec<Said>>, StoreError> {
    let mut found: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for some in editions.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM edition_picture WHERE edition_id IN ");
        statement
            .push_list(some.iter().map(EditionId::to_string))
            .push(" ORDER BY edition_id, sha256");
        for row in tx.all(statement).await? {
            let edition: String = row.get("edition_id")?;
            found.entry(edition).or_default().push(said(&row)?);
        }
    }
    Ok(found)
}

fn said(row: &Row) -> Result<Said, StoreError> {
    Ok(Said {
        sha256: row.get("sha256")?,
        shows: row.coded("shown", Shows::from_code)?,
        permit: row.get("permit")?,
        source: row.get("source")?,
        by: row.get("by_name")?,
    })
}

/// Says it of a picture, whatever was said before.
pub(crate) async fn say_of_picture(
    tx: &mut Tx,
    edition: EditionId,
    said: &Said,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO edition_picture (edition_id, sha256, shown, permit, source, by_name) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (edition_id, sha256) DO UPDATE SET shown = excluded.shown, permit = excluded.permit, \
             source = excluded.source, by_name = excluded.by_name")
            .bind(edition.to_string())
            .bind(&said.sha256)
            .bind(said.shows.code())
            .bind(&said.permit)
            .bind(&said.source)
            .bind(&said.by),
    )
    .await?;
    Ok(())
}

/// What was said of the pictures of the edition before goes on to this one.
pub(super) async fn carry_said(tx: &mut Tx, edition: &Edition) -> Result<(), StoreError> {
    tx.run(
        sql(
            "INSERT INTO edition_picture (edition_id, sha256, shown, permit, source, by_name) \
             SELECT e.id, p.sha256, p.shown, p.permit, p.source, p.by_name FROM edition e \
             JOIN edition b ON b.document_id = e.document_id AND b.number = e.number - 1 \
             JOIN edition_picture p ON p.edition_id = b.id WHERE e.id = $1",
        )
        .bind(edition.id.to_string()),
    )
    .await?;
    Ok(())
}
