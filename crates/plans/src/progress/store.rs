//! The SQL of published snapshots: all that the portal reads of plans.

use std::collections::BTreeMap;

use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, sql};
use uuid::Uuid;

use super::{Published, Snapshot};
use crate::task::store::{json, parse};

pub(super) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    plan: PlanId,
    snapshot: &Snapshot,
    publisher: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO plan_snapshot (id, plan_id, data, published_at, title, document_number, year, publisher_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(id.to_string())
            .bind(plan)
            .bind(json(snapshot))
            .bind(now)
            .bind(&snapshot.title)
            .bind(snapshot.document_number.clone())
            .bind(snapshot.year)
            .bind(publisher),
    )
    .await?;
    Ok(())
}

/// Takes everything of a plan off the portal; gives the number of snapshots that stood there.
pub(super) async fn withdraw(tx: &mut Tx, plan: PlanId) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE plan_snapshot SET withdrawn_at = $1 WHERE plan_id = $2 AND withdrawn_at IS NULL")
            .bind(now)
            .bind(plan),
    )
    .await
}

/// The snapshot of a plan that is on the portal.
///
/// # Errors
/// When the store fails.
pub async fn current(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<Option<(Published, Snapshot)>, StoreError> {
    tx.optional(
        sql("SELECT * FROM plan_snapshot WHERE plan_id = $1 AND withdrawn_at IS NULL ORDER BY published_at DESC, id DESC LIMIT 1")
            .bind(plan),
    )
    .await?
    .map(|row| Ok((published(&row)?, parse(&row, "data")?)))
    .transpose()
}

/// Who the plan prints for each of its tasks.
///
/// # Errors
/// When the store fails.
pub(super) async fn organ_texts(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<BTreeMap<TaskId, String>, StoreError> {
    tx.all(sql("SELECT id, organ_text FROM task WHERE plan_id = $1").bind(plan))
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("organ_text")?)))
        .collect()
}

/// When tasks of a plan were last changed, added or cancelled, or the plan was corrected, after a moment, if it was. A correction
/// from before its approval was kept was last touched when it took effect.
///
/// # Errors
/// When the store fails.
pub async fn changed_since(tx: &mut Tx, plan: PlanId, at: i64) -> Result<Option<i64>, StoreError> {
    tx.one(
        sql("SELECT MAX(changed_at) AS changed_at FROM ( \
             SELECT CASE WHEN undone_at IS NULL THEN decided_at ELSE undone_at END AS changed_at FROM task_change \
             WHERE plan_id = $1 AND state IN ('approved', 'undone') AND (decided_at > $2 OR undone_at > $2) \
             UNION ALL SELECT COALESCE(decided_at, updated_at) AS changed_at FROM import_draft \
             WHERE plan_id = $1 AND purpose = 'reimport' AND state = 'confirmed' AND COALESCE(decided_at, updated_at) > $2) turns")
            .bind(plan)
            .bind(at),
    )
    .await?
    .get("changed_at")
}

/// The plans of organs inside a scope on the portal, newest year first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, within: &Scope) -> Result<Vec<Published>, StoreError> {
    let mut found: Vec<Published> = Vec::new();
    let mut statement = sql(
        "SELECT s.plan_id, s.title, s.document_number, s.year, s.published_at, s.publisher_name FROM plan_snapshot s \
         JOIN plan p ON p.id = s.plan_id WHERE s.withdrawn_at IS NULL",
    );
    within.push_within(&mut statement, "p.organ_id");
    statement.push(" ORDER BY s.year DESC, s.published_at DESC, s.id DESC");
    let rows = tx.all(statement).await?;
    for row in &rows {
        let next = published(row)?;
        // The newest of each plan comes first.
        if !found.iter().any(|known| known.plan == next.plan) {
            found.push(next);
        }
    }
    Ok(found)
}

/// The organ whose plan it is.
///
/// # Errors
/// When the store fails.
pub async fn organ(tx: &mut Tx, plan: PlanId) -> Result<OrganId, StoreError> {
    tx.one(sql("SELECT organ_id FROM plan WHERE id = $1").bind(plan))
        .await?
        .get("organ_id")
}

/// A plan on the portal, with the organ whose plan it is.
pub(crate) struct OnPortal {
    pub(crate) published: Published,
    pub(crate) snapshot: Snapshot,
    pub(crate) organ: (String, String),
}

/// Those of the plans that are on the portal, each with its newest snapshot.
///
/// # Errors
/// When the store fails.
pub(crate) async fn of_plans(tx: &mut Tx, plans: &[String]) -> Result<Vec<OnPortal>, StoreError> {
    let mut query = sql(
        "SELECT s.*, o.id AS organ_id, o.name AS organ_name FROM plan_snapshot s JOIN plan p ON p.id = s.plan_id \
         JOIN organ o ON o.id = p.organ_id WHERE s.withdrawn_at IS NULL AND s.plan_id IN ",
    );
    query.push_list(plans.iter().map(String::as_str));
    query.push(" ORDER BY s.published_at DESC, s.id DESC");
    let mut found: Vec<OnPortal> = Vec::new();
    for row in &tx.all(query).await? {
        let next = published(row)?;
        // The newest of each plan comes first.
        if !found.iter().any(|known| known.published.plan == next.plan) {
            found.push(OnPortal {
                published: next,
                snapshot: parse(row, "data")?,
                organ: (row.get("organ_id")?, row.get("organ_name")?),
            });
        }
    }
    Ok(found)
}

/// Ids of plans of organs inside a scope on the portal after this one, in their order, with the time of the newest snapshot.
///
/// # Errors
/// When the store fails.
pub(crate) async fn after(
    tx: &mut Tx,
    within: &Scope,
    last: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT s.plan_id, MAX(s.published_at) AS at FROM plan_snapshot s JOIN plan p ON p.id = s.plan_id \
         WHERE s.withdrawn_at IS NULL AND s.plan_id > ",
    );
    statement.push_value(last);
    within.push_within(&mut statement, "p.organ_id");
    statement
        .push(" GROUP BY s.plan_id ORDER BY s.plan_id LIMIT ")
        .push_value(limit);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("plan_id")?, row.get("at")?)))
        .collect()
}

fn published(row: &Row) -> Result<Published, StoreError> {
    Ok(Published {
        plan: row.get("plan_id")?,
        title: row.get("title")?,
        document_number: row.get("document_number")?,
        year: row.get("year")?,
        at: row.get("published_at")?,
        publisher: row.get("publisher_name")?,
    })
}

/// The newest report of each task of a plan: when.
///
/// # Errors
/// When the store fails.
pub(super) async fn updates(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<std::collections::BTreeMap<gongkai_basis::id::TaskId, i64>, StoreError> {
    tx.all(
        sql("SELECT a.task_id, MAX(r.created_at) AS at FROM assignment a JOIN report r ON r.id = a.report_id \
             WHERE a.plan_id = $1 AND a.state = 'open' GROUP BY a.task_id")
            .bind(plan),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("task_id")?, row.get("at")?)))
    .collect()
}
