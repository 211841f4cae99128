//! The SQL of what is due: the units that a scope or a government holds.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};
use gongkai_platform::organ::reach::{Reach, store as reach};
use gongkai_platform::organ::{self, Organ, Status};

async fn found(tx: &mut Tx, statement: Sql) -> Result<Vec<Organ>, StoreError> {
    let mut ids: Vec<OrganId> = Vec::new();
    for row in tx.all(statement).await? {
        ids.push(row.get("id")?);
    }
    organ::store::load_all(tx, &ids).await
}

/// One part of the units inside a reach, in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn units(
    tx: &mut Tx,
    within: &Reach,
    (offset, rows): (i64, i64),
) -> Result<Vec<Organ>, StoreError> {
    let mut statement = sql("SELECT o.id FROM organ o WHERE o.status = ");
    statement
        .push_value(Status::Active)
        .push(" AND o.level NOT IN ('section', 'village') AND ");
    reach::push(&mut statement, within);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    found(tx, statement).await
}

/// Units inside a reach that are this organ or stand below it.
///
/// # Errors
/// When the store fails.
pub async fn units_below(
    tx: &mut Tx,
    within: &Reach,
    organ: OrganId,
    rows: i64,
) -> Result<Vec<Organ>, StoreError> {
    let mut statement = sql("SELECT o.id FROM organ o WHERE o.status = ");
    statement
        .push_value(Status::Active)
        .push(" AND o.level NOT IN ('section', 'village') AND o.path LIKE ")
        .push_value(format!("%/{organ}/%"))
        .push(" AND ");
    reach::push(&mut statement, within);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows);
    found(tx, statement).await
}

/// How many units a reach holds.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, within: &Reach) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE o.status = ");
    statement
        .push_value(Status::Active)
        .push(" AND o.level NOT IN ('section', 'village') AND ");
    reach::push(&mut statement, within);
    tx.one(statement).await?.get("n")
}

/// The reach of a scope without an office of its own.
#[must_use]
pub fn of_scope(scope: &Scope) -> Reach {
    Reach {
        bases: Vec::new(),
        scope: scope.clone(),
    }
}

/// Does a reach hold this organ, or an organ below it? What holds above is read below.
///
/// # Errors
/// When the store fails.
pub async fn reaches(tx: &mut Tx, within: &Reach, organ: OrganId) -> Result<bool, StoreError> {
    let mut statement = sql("SELECT 1 AS one FROM organ o WHERE o.path LIKE ");
    statement.push_value(format!("%/{organ}/%")).push(" AND ");
    reach::push(&mut statement, within);
    statement.push(" LIMIT 1");
    Ok(tx.optional(statement).await?.is_some())
}

/// The office of a government: whom findings about its units go to; itself where it has none.
///
/// # Errors
/// When the store fails.
pub async fn office_of(tx: &mut Tx, base: OrganId) -> Result<OrganId, StoreError> {
    let row = tx
        .optional(
            sql("SELECT id FROM organ WHERE parent_id = $1 AND kind = $2 AND status = $3 ORDER BY position, id LIMIT 1")
                .bind(base)
                .bind(organ::Kind::Office)
                .bind(Status::Active),
        )
        .await?;
    row.map_or(Ok(base), |row| row.get("id"))
}

/// The organs that were merged into this one, and those that had been merged into them, as they were while in use.
///
/// # Errors
/// When the store fails.
pub async fn merged_into(tx: &mut Tx, organ: OrganId) -> Result<Vec<Organ>, StoreError> {
    let (mut merged, mut heirs) = (Vec::new(), vec![organ]);
    while !heirs.is_empty() {
        let mut statement = sql("SELECT o.id FROM organ o WHERE o.status = ");
        statement
            .push_value(Status::Merged)
            .push(" AND o.successor_id IN ")
            .push_list(heirs.iter().copied());
        let mut next = found(tx, statement).await?;
        next.retain(|one| !merged.iter().any(|known: &Organ| known.id == one.id));
        heirs = next.iter().map(|one| one.id).collect();
        merged.append(&mut next);
    }
    for one in &mut merged {
        one.status = Status::Active;
    }
    Ok(merged)
}

/// Everything in use that governs: 政府、管委会、乡镇、街道.
///
/// # Errors
/// When the store fails.
pub async fn governments(tx: &mut Tx) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql("SELECT o.id FROM organ o WHERE o.status = ");
    statement
        .push_value(Status::Active)
        .push(" AND o.kind IN ('government', 'zone', 'town', 'street') ORDER BY LENGTH(o.path), o.position, o.path");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}
