//! The SQL of 交办: what an upper plan gives to those below, and who below has not answered it.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::organ::Kind;

use crate::plan::{Plan, PlanState};

/// Organs looked at in one statement.
const ORGANS_AT_ONCE: usize = 500;

/// Measures of an upper plan in which an organ of a lower plan's government, or below it, has a part.
///
/// # Errors
/// When the store fails.
pub async fn given(
    tx: &mut Tx,
    upper: PlanId,
    lower: &[PlanId],
) -> Result<BTreeSet<(PlanId, TaskId)>, StoreError> {
    let mut statement = sql(
        "SELECT p.id AS plan_id, o.id AS organ_id FROM plan p JOIN organ g ON g.id = p.government_id \
         JOIN organ o ON o.path LIKE g.path || '%' WHERE p.id IN ",
    );
    statement.push_list(lower.iter().copied());
    let mut below: BTreeMap<OrganId, Vec<PlanId>> = BTreeMap::new();
    for row in tx.all(statement).await? {
        let plans = below.entry(row.get("organ_id")?).or_default();
        plans.push(row.get("plan_id")?);
    }
    let organs: Vec<OrganId> = below.keys().copied().collect();
    let mut found = BTreeSet::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        let mut statement = sql(
            "SELECT DISTINCT organ_id, task_id FROM assignment WHERE state = 'open' AND plan_id = ",
        );
        statement
            .push_value(upper)
            .push(" AND organ_id IN ")
            .push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let (organ, task): (OrganId, TaskId) = (row.get("organ_id")?, row.get("task_id")?);
            let plans = below.get(&organ).map_or(&[][..], Vec::as_slice);
            found.extend(plans.iter().map(|plan| (*plan, task)));
        }
    }
    Ok(found)
}

/// A government right below an upper plan's that has no plan beside it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    pub name: String,
    /// It has a plan of the year, and has not chosen this upper one for it.
    pub has_plan: bool,
}

/// Who below has not answered an upper plan, in the order of the tree. Of a plan that an office keeps from above nobody else
/// is asked for an answer.
///
/// # Errors
/// When the store fails.
pub async fn silent(tx: &mut Tx, upper: &Plan) -> Result<Vec<Silent>, StoreError> {
    if upper.state == PlanState::Upper {
        return Ok(Vec::new());
    }
    let mut statement = sql(
        "SELECT o.path, o.name, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM plan p WHERE p.government_id = o.id AND p.state = 'active' AND p.year = $3) THEN 1 ELSE 0 END AS BIGINT) AS plans, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM plan_pair q JOIN plan p ON p.id = q.new_plan_id WHERE q.old_plan_id = $1 AND q.kind = 'level' \
          AND p.state = 'active' AND p.government_id = o.id) THEN 1 ELSE 0 END AS BIGINT) AS answers \
         FROM organ o JOIN organ up ON up.id = $2 WHERE o.status = 'active' AND o.id <> up.id AND o.path LIKE up.path || '%' AND o.kind IN ",
    )
    .bind(upper.id)
    .bind(upper.government)
    .bind(upper.year);
    let governing = Kind::ALL.iter().filter(|kind| kind.governs());
    statement
        .push_list(governing.map(|kind| kind.code()))
        .push(" ORDER BY LENGTH(o.path), o.position, o.id");
    let mut right_below: Vec<String> = Vec::new();
    let mut silent = Vec::new();
    for row in tx.all(statement).await? {
        let path: String = row.get("path")?;
        if right_below.iter().any(|above| path.starts_with(above)) {
            continue;
        }
        let (plans, answers): (i64, i64) = (row.get("plans")?, row.get("answers")?);
        if answers == 0 {
            silent.push(Silent {
                name: row.get("name")?,
                has_plan: plans == 1,
            });
        }
        right_below.push(path);
    }
    Ok(silent)
}
