//! The SQL of 下级进展: what stands below a government.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx, sql};

use crate::assignment::store::DECIDES;

/// Units of a late task that a list names.
const UNITS_NAMED: usize = 3;

/// The lights of the plans of one year below a government, itself included, each plan by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLights {
    pub plan: PlanId,
    pub title: String,
    pub government: OrganId,
    /// Done, normal, soon, decayed, overdue.
    pub lights: [i64; 5],
}

/// The newest year up to this one of which there is a plan of a government or of one below it.
///
/// # Errors
/// When the store fails.
pub async fn newest_year_below(
    tx: &mut Tx,
    government: OrganId,
    this: i64,
) -> Result<Option<i64>, StoreError> {
    tx.one(
        sql("SELECT MAX(p.year) AS year FROM plan p JOIN organ g ON g.id = p.government_id JOIN organ top ON top.id = $1 \
             WHERE p.state = 'active' AND p.year <= $2 AND g.path LIKE top.path || '%'")
            .bind(government)
            .bind(this),
    )
    .await?
    .get("year")
}

/// # Errors
/// When the store fails.
pub async fn lights_below(
    tx: &mut Tx,
    government: OrganId,
    year: i64,
    (today, soon_until): (Date, Date),
) -> Result<Vec<PlanLights>, StoreError> {
    let statement = sql("SELECT p.id, p.title, p.government_id, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS done, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 0 AND t.next_due_on < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS overdue, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 0 AND t.reopened = 1 AND (t.next_due_on IS NULL OR t.next_due_on >= $1) THEN 1 ELSE 0 END), 0) AS BIGINT) AS decayed, \
         CAST(COALESCE(SUM(CASE WHEN t.finished = 0 AND t.reopened = 0 AND t.next_due_on >= $1 AND t.next_due_on <= $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS soon, \
         COUNT(t.id) AS tasks FROM plan p JOIN organ g ON g.id = p.government_id JOIN organ top ON top.id = $3 \
         LEFT JOIN task t ON t.plan_id = p.id AND t.state = 'open' \
         WHERE p.state = 'active' AND p.year = $4 AND g.path LIKE top.path || '%' GROUP BY p.id, p.title, p.government_id ORDER BY p.id")
        .bind(today)
        .bind(soon_until)
        .bind(government)
        .bind(year);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let (done, overdue, soon): (i64, i64, i64) =
                (row.get("done")?, row.get("overdue")?, row.get("soon")?);
            let (decayed, tasks): (i64, i64) = (row.get("decayed")?, row.get("tasks")?);
            let normal = tasks - done - overdue - soon - decayed;
            Ok(PlanLights {
                plan: row.get("id")?,
                title: row.get("title")?,
                government: row.get("government_id")?,
                lights: [done, normal, soon, decayed, overdue],
            })
        })
        .collect()
}

/// An overdue task of a plan below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub task: TaskId,
    pub plan: PlanId,
    pub government: String,
    pub number: Option<i64>,
    pub text: String,
    pub due_on: Date,
    /// Of the organs that decide its light and let it get late the first ones, and how many there are.
    pub units: Vec<String>,
    pub units_in_all: usize,
    /// Where the reader opens it: the task itself, or beside the measure of the reader's plan that it answers.
    pub path: Option<String>,
}

/// The overdue tasks of one year's plans below a government, itself left out, the oldest date first; and how many.
///
/// # Errors
/// When the store fails.
pub async fn late_below(
    tx: &mut Tx,
    government: OrganId,
    year: i64,
    today: Date,
    (offset, rows): (i64, i64),
) -> Result<(Vec<Late>, i64), StoreError> {
    const FROM: &str = " FROM plan p JOIN organ g ON g.id = p.government_id JOIN organ top ON top.id = $1 JOIN task t ON t.plan_id = p.id \
        WHERE p.state = 'active' AND p.year = $2 AND g.id <> top.id AND g.path LIKE top.path || '%' AND t.state = 'open' AND t.finished = 0 AND t.next_due_on < $3";
    let mut count = sql("SELECT COUNT(*) AS n");
    count.push(FROM);
    let total = tx
        .one(count.bind(government).bind(year).bind(today))
        .await?
        .get("n")?;
    let mut page =
        sql("SELECT t.id, t.plan_id, g.name AS government_name, t.number, t.text, t.next_due_on");
    page.push(FROM)
        .push(" ORDER BY t.next_due_on, g.position, g.id, t.position, t.id LIMIT $4 OFFSET $5");
    let found = tx
        .all(
            page.bind(government)
                .bind(year)
                .bind(today)
                .bind(rows)
                .bind(offset),
        )
        .await?;
    let late = found
        .iter()
        .map(|row| {
            Ok(Late {
                task: row.get("id")?,
                plan: row.get("plan_id")?,
                government: row.get("government_name")?,
                number: row.get("number")?,
                text: row.get("text")?,
                due_on: row.get("next_due_on")?,
                units: Vec::new(),
                units_in_all: 0,
                path: None,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok((late, total))
}

/// Names the units that let these tasks get late.
///
/// # Errors
/// When the store fails.
pub async fn name_units(tx: &mut Tx, late: &mut [Late], today: Date) -> Result<(), StoreError> {
    let mut statement = sql(
        "SELECT a.task_id, o.name FROM assignment a JOIN organ o ON o.id = a.organ_id WHERE a.state = 'open' AND a.finished = 0 \
         AND a.reopened = 0 AND ",
    );
    statement
        .push(DECIDES)
        .push(" AND a.next_due_on < ")
        .push_value(today)
        .push(" AND a.task_id IN ")
        .push_list(late.iter().map(|one| one.task))
        .push(" ORDER BY a.task_id, a.position, a.id");
    for row in tx.all(statement).await? {
        let task: TaskId = row.get("task_id")?;
        if let Some(one) = late.iter_mut().find(|one| one.task == task) {
            one.units_in_all += 1;
            if one.units.len() < UNITS_NAMED {
                one.units.push(row.get("name")?);
            }
        }
    }
    Ok(())
}

/// Finds where a reader opens these tasks: those of plans in the scope, and those that answer a measure of such a plan.
///
/// # Errors
/// When the store fails.
pub async fn find_ways(tx: &mut Tx, scope: &Scope, late: &mut [Late]) -> Result<(), StoreError> {
    let mut own = sql(
        "SELECT t.id FROM task t JOIN plan p ON p.id = t.plan_id JOIN organ o ON o.id = p.organ_id WHERE t.id IN ",
    );
    own.push_list(late.iter().map(|one| one.task)).push(" AND ");
    scope.push_condition(&mut own, "o.id", "o.path");
    let mut ways: BTreeMap<TaskId, String> = BTreeMap::new();
    for row in tx.all(own).await? {
        let task: TaskId = row.get("id")?;
        ways.insert(task, format!("/workspace/tasks/{task}"));
    }
    let mut beside = sql(
        "SELECT l.new_task_id, l.old_task_id, q.new_plan_id FROM task_link l JOIN plan_pair q ON q.id = l.pair_id AND q.kind = 'level' \
         JOIN task m ON m.id = l.old_task_id JOIN plan u ON u.id = q.old_plan_id JOIN organ o ON o.id = u.organ_id \
         WHERE l.state <> 'refused' AND m.state = 'open' AND u.state = 'active' AND l.new_task_id IN ",
    );
    beside
        .push_list(late.iter().map(|one| one.task))
        .push(" AND ");
    scope.push_condition(&mut beside, "o.id", "o.path");
    beside.push(" ORDER BY l.new_task_id, m.position, m.id");
    for row in tx.all(beside).await? {
        let (task, measure): (TaskId, TaskId) = (row.get("new_task_id")?, row.get("old_task_id")?);
        let plan: PlanId = row.get("new_plan_id")?;
        ways.entry(task)
            .or_insert_with(|| format!("/workspace/plans/{plan}/compare/level/{measure}"));
    }
    for one in late {
        one.path = ways.remove(&one.task);
    }
    Ok(())
}
