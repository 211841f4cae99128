//! The SQL of publications.

use std::collections::BTreeMap;

use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{Choice, Publication};
use crate::id::RequestId;
use crate::request::Request;
use crate::request::store::{SELECT, from_row};

pub(super) async fn keep(
    tx: &mut Tx,
    id: RequestId,
    publication: &Publication,
) -> Result<(), StoreError> {
    tx.run(
        sql("INSERT INTO request_publication (request_id, choice, why, decided_by, decided_on, publish_by, published_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (request_id) DO UPDATE SET choice = $2, why = $3, decided_by = $4, decided_on = $5, publish_by = $6, published_at = $7")
            .bind(id.to_string())
            .bind(publication.choice.code())
            .bind(&publication.why)
            .bind(&publication.by)
            .bind(publication.on)
            .bind(publication.publish_by)
            .bind(&publication.published_at),
    )
    .await?;
    Ok(())
}

fn from(row: &Row) -> Result<Publication, StoreError> {
    Ok(Publication {
        choice: row.coded("choice", Choice::from_code)?,
        why: row.get("why")?,
        by: row.get("decided_by")?,
        on: row.get("decided_on")?,
        publish_by: row.get("publish_by")?,
        published_at: row.get("published_at")?,
    })
}

/// What was decided about a case.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: RequestId) -> Result<Option<Publication>, StoreError> {
    tx.optional(sql("SELECT * FROM request_publication WHERE request_id = $1").bind(id.to_string()))
        .await?
        .as_ref()
        .map(from)
        .transpose()
}

/// The newest releases inside a scope, and what was decided about them.
///
/// # Errors
/// When the store fails.
pub async fn releases(
    tx: &mut Tx,
    scope: &Scope,
    rows: i64,
) -> Result<(Vec<Request>, BTreeMap<String, Publication>), StoreError> {
    let mut statement = sql(SELECT);
    scope.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(" AND r.result_row IN ('open', 'partial') AND r.replied_on IS NOT NULL ORDER BY r.submitted_at DESC, r.id LIMIT ")
        .push_value(rows);
    let found = tx
        .all(statement)
        .await?
        .iter()
        .map(from_row)
        .collect::<Result<_, _>>()?;
    let mut statement = sql(
        "SELECT p.* FROM request_publication p JOIN request r ON r.id = p.request_id JOIN organ o ON o.id = r.organ_id WHERE ",
    );
    scope.push_condition(&mut statement, "o.id", "o.path");
    let mut decided = BTreeMap::new();
    for row in tx.all(statement).await? {
        decided.insert(row.get("request_id")?, from(&row)?);
    }
    Ok((found, decided))
}
