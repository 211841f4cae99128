//! What a ledger page offers to choose from, and the counts above the list.

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::db::{Sql, StoreError, Tx, sql};

use super::{counted, push_task_light, up_to};
use crate::assignment::light::Light;
use crate::assignment::store::DECIDES;
use crate::ledger::{COUNT_MAX, Count};

/// Up to here the tasks of one light are counted one by one; a plan of a city has fewer than 300 in all.
const LIGHT_COUNT_MAX: i64 = 1_000;

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

/// The sections of a plan, in its order. Leaps through the index, as [`organs`] does.
///
/// # Errors
/// When the store fails.
pub async fn sections(tx: &mut Tx, plan: PlanId) -> Result<Vec<String>, StoreError> {
    tx.all(
        sql("WITH RECURSIVE part (section) AS ( \
             SELECT MIN(section) FROM task WHERE plan_id = $1 AND state = 'open' UNION ALL \
             SELECT (SELECT MIN(t.section) FROM task t WHERE t.plan_id = $2 AND t.state = 'open' AND t.section > part.section) \
             FROM part WHERE part.section IS NOT NULL) \
             SELECT part.section, (SELECT MIN(t.position) FROM task t WHERE t.plan_id = $3 AND t.state = 'open' AND t.section = part.section) AS first \
             FROM part WHERE part.section IS NOT NULL ORDER BY first")
            .bind(plan)
            .bind(plan)
            .bind(plan),
    )
    .await?
    .iter()
    .map(|row| row.get("section"))
    .collect()
}

/// How a plan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Open tasks.
    pub tasks: Count,
    /// Those under each light, worst first; lights without tasks are left out.
    pub lights: Vec<(Light, Count)>,
}

/// The lights, worst first.
const LIGHTS: [Light; 5] = [
    Light::Overdue,
    Light::Decayed,
    Light::Soon,
    Light::Normal,
    Light::Done,
];

/// How many open tasks of a plan stand under each light, worst first; lights without tasks are left out.
///
/// # Errors
/// When the store fails.
pub async fn lights(
    tx: &mut Tx,
    plan: PlanId,
    today: Date,
) -> Result<Vec<(Light, Count)>, StoreError> {
    let counts = LIGHTS.map(|light| under(plan, light, today));
    Ok(lit(&tx.counts(counts.into()).await?))
}

/// How these plans stand, in their order, by one statement for many. Each count is bounded, so that it costs the same
/// however many tasks there are.
///
/// # Errors
/// When the store fails.
pub async fn standing(
    tx: &mut Tx,
    plans: &[PlanId],
    today: Date,
) -> Result<Vec<Standing>, StoreError> {
    let counts = plans.iter().flat_map(|plan| {
        let lights = LIGHTS.map(|light| under(*plan, light, today));
        lights.into_iter().chain([up_to(open(*plan), COUNT_MAX)])
    });
    let counts = tx.counts(counts.collect()).await?;
    let standing = counts.chunks(LIGHTS.len() + 1).map(|of_plan| Standing {
        tasks: counted(of_plan.last().copied().unwrap_or_default(), COUNT_MAX),
        lights: lit(of_plan),
    });
    Ok(standing.collect())
}

/// Begins a bounded count of a plan's open tasks.
fn open(plan: PlanId) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n FROM (SELECT 1 FROM task t WHERE t.plan_id = ");
    statement.push_value(plan).push(" AND t.state = 'open'");
    statement
}

fn under(plan: PlanId, light: Light, today: Date) -> Sql {
    let mut statement = open(plan);
    push_task_light(&mut statement, light, today);
    up_to(statement, LIGHT_COUNT_MAX)
}

fn lit(counts: &[i64]) -> Vec<(Light, Count)> {
    let counts = counts.iter().map(|n| counted(*n, LIGHT_COUNT_MAX));
    let lights = LIGHTS.into_iter().zip(counts);
    lights.filter(|(_, count)| count.n > 0).collect()
}

/// The units with the most overdue parts of a plan, and how many each has; and how many such units there are in all.
///
/// # Errors
/// When the store fails.
pub async fn late_units(
    tx: &mut Tx,
    plan: PlanId,
    today: Date,
    rows: i64,
) -> Result<(Vec<(OrganId, String, i64)>, i64), StoreError> {
    // Both in one walk through the parts of the plan.
    let mut statement = sql(
        "SELECT late.organ_id, o.name, late.n, late.units FROM (SELECT a.organ_id, COUNT(*) AS n, COUNT(*) OVER () AS units FROM assignment a WHERE ",
    );
    push_late_parts(&mut statement, plan, today);
    statement
        .push(" GROUP BY a.organ_id) late JOIN organ o ON o.id = late.organ_id ORDER BY late.n DESC, LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows);
    let (mut units, mut all) = (Vec::new(), 0);
    for row in tx.all(statement).await? {
        units.push((row.get("organ_id")?, row.get("name")?, row.get("n")?));
        all = row.get("units")?;
    }
    Ok((units, all))
}

/// Appends which assignments `a` of a plan are past their day and decide their task's light.
fn push_late_parts(statement: &mut Sql, plan: PlanId, today: Date) {
    statement
        .push("a.plan_id = ")
        .push_value(plan)
        .push(" AND a.state = 'open' AND a.finished = 0 AND a.reopened = 0 AND COALESCE(a.next_due_on, '9999-12-31') < ")
        .push_value(today)
        .push(" AND ")
        .push(DECIDES);
}
