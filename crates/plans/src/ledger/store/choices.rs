//! What a ledger page offers to choose from, and the counts above the list.

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::soon_until;
use crate::assignment::light::Light;

/// The organs that have a part in a plan, in the directory's order. Leaps through the index from organ to organ, so
/// that the cost grows with the organs and not with their tasks.
///
/// # Errors
/// When the store fails.
pub async fn organs(tx: &mut Tx, plan: PlanId) -> Result<Vec<(OrganId, String)>, StoreError> {
    tx.all(
        sql("WITH RECURSIVE unit (id) AS ( \
             SELECT MIN(organ_id) FROM assignment WHERE plan_id = $1 AND state = 'open' UNION ALL \
             SELECT (SELECT MIN(a.organ_id) FROM assignment a WHERE a.plan_id = $2 AND a.state = 'open' AND a.organ_id > unit.id) \
             FROM unit WHERE unit.id IS NOT NULL) \
             SELECT o.id, o.name FROM unit JOIN organ o ON o.id = unit.id ORDER BY LENGTH(o.path), o.position, o.path")
            .bind(plan)
            .bind(plan),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("id")?, row.get("name")?)))
    .collect()
}

/// The sections of a plan, in its order.
///
/// # Errors
/// When the store fails.
pub async fn sections(tx: &mut Tx, plan: PlanId) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("SELECT section, MIN(position) AS first FROM task WHERE plan_id = $1 AND state = 'open' AND section IS NOT NULL \
             GROUP BY section ORDER BY first")
            .bind(plan),
    )
    .await?
    .iter()
    .map(|row| row.get("section"))
    .collect()
}

/// How many open tasks of a plan stand under each light, worst first; lights without tasks are left out.
///
/// # Errors
/// When the store fails.
pub async fn lights(
    tx: &mut Tx,
    plan: PlanId,
    today: Date,
) -> Result<Vec<(Light, i64)>, StoreError> {
    let rows = tx
        .all(
            sql("SELECT CASE WHEN finished = 1 THEN 'done' WHEN next_due_on < $1 THEN 'overdue' WHEN next_due_on <= $2 THEN 'soon' \
                 ELSE 'normal' END AS light, COUNT(*) AS n FROM task WHERE plan_id = $3 AND state = 'open' GROUP BY 1")
                .bind(today)
                .bind(soon_until(today))
                .bind(plan),
        )
        .await?;
    let mut counts = Vec::new();
    for row in rows {
        let code: String = row.get("light")?;
        if let Some(light) = Light::from_code(&code) {
            counts.push((light, row.get("n")?));
        }
    }
    counts.sort_by(|a, b| b.cmp(a));
    Ok(counts)
}

/// The units with the most overdue parts of a plan, and how many each has.
///
/// # Errors
/// When the store fails.
pub async fn late_units(
    tx: &mut Tx,
    plan: PlanId,
    today: Date,
    rows: i64,
) -> Result<Vec<(OrganId, String, i64)>, StoreError> {
    tx.all(
        sql("SELECT late.organ_id, o.name, late.n FROM (SELECT organ_id, COUNT(*) AS n FROM assignment \
             WHERE plan_id = $1 AND state = 'open' AND finished = 0 AND COALESCE(due_on, '9999-12-31') < $2 AND role <> 'cooperate' \
             GROUP BY organ_id) late JOIN organ o ON o.id = late.organ_id ORDER BY late.n DESC, o.path LIMIT $3")
            .bind(plan)
            .bind(today)
            .bind(rows),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("organ_id")?, row.get("name")?, row.get("n")?)))
    .collect()
}
