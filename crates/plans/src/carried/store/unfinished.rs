//! The SQL of what of a plan is unfinished and waits to be carried over.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{SELECT, from_row};
use crate::assignment::store::DECIDES;
use crate::carried::Carried;
use crate::ledger::Due;
use crate::plan::Deadline;
use crate::task::store::parse;

/// An organ's part of last year that is not finished, or what is not put right of the years before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::carried) struct Unfinished {
    pub(in crate::carried) assignment: AssignmentId,
    /// The part that owes it now.
    pub(in crate::carried) part: AssignmentId,
    pub(in crate::carried) task: TaskId,
    /// The task of last year's plan in which it stood, where it did.
    pub(in crate::carried) last: Option<TaskId>,
    /// Who has to act now.
    pub(in crate::carried) organ: OrganId,
    pub(in crate::carried) text: String,
    pub(in crate::carried) due_text: String,
    pub(in crate::carried) due_on: Option<Date>,
    /// What became of it so far.
    pub(in crate::carried) before: Before,
    pub(in crate::carried) position: i64,
}

/// What became of an unfinished part so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::carried) enum Before {
    /// It was not reported as done.
    Missing,
    /// It was reported as done, and its evidence decayed.
    Decayed,
    /// It was carried over already, and stands so.
    Carried(Box<Carried>),
}

/// Matters `c` that were carried into a plan ($1), are open and were not carried into the other plan ($2) yet.
const MATTERS: &str = "c.plan_id = $1 AND c.state IN ('open', 'working', 'claimed') \
    AND NOT EXISTS (SELECT 1 FROM carried n WHERE n.plan_id = $2 AND n.old_assignment_id = c.old_assignment_id)";

/// Appends which parts `a` of a plan ($1) decide a task's light, are not done and were not carried into the other plan ($2)
/// yet, as their own or as what came with a merger.
fn push_parts(statement: &mut Sql) {
    statement
        .push("WHERE a.plan_id = $1 AND a.state = 'open' AND a.finished = 0 AND t.state = 'open' AND ")
        .push(DECIDES)
        .push(" AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.plan_id = $2 AND c.old_assignment_id = a.id) \
               AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.old_task_id = a.task_id AND c.part_id = a.id AND c.plan_id = $2)");
}

/// What of a plan is unfinished and was not carried into the other plan yet: its own parts, and what it had taken over from
/// the years before; at most `rows` of each. Organs that were merged are followed to the heir, and the heir's heir.
pub(in crate::carried) async fn unfinished(
    tx: &mut Tx,
    old: PlanId,
    new: PlanId,
    rows: i64,
) -> Result<Vec<Unfinished>, StoreError> {
    let mut statement = sql("SELECT a.id, a.task_id, COALESCE(h.id, s.id, o.id) AS organ_id, t.text, t.deadlines, a.due_on, a.next_due_on, a.reopened, a.position FROM assignment a \
         JOIN task t ON t.id = a.task_id JOIN organ o ON o.id = a.organ_id \
         LEFT JOIN organ s ON s.id = o.successor_id LEFT JOIN organ h ON h.id = s.successor_id ")
        .bind(old)
        .bind(new);
    push_parts(&mut statement);
    statement
        .push(" ORDER BY a.position, a.id LIMIT ")
        .push_value(rows);
    let mut found = tx
        .all(statement)
        .await?
        .iter()
        .map(part)
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut statement = sql(SELECT).bind(old).bind(new);
    statement
        .push(MATTERS)
        .push(" ORDER BY c.position, c.id LIMIT ")
        .push_value(rows);
    for row in tx.all(statement).await? {
        let matter = from_row(&row)?;
        found.push(Unfinished {
            assignment: matter.old_assignment,
            part: matter.part,
            task: matter.old_task,
            last: matter.task,
            organ: matter.organ,
            text: matter.text.clone(),
            due_text: matter.due_text.clone(),
            due_on: matter.due_on,
            position: matter.position,
            before: Before::Carried(Box::new(matter)),
        });
    }
    Ok(found)
}

fn part(row: &Row) -> Result<Unfinished, StoreError> {
    let task = row.get("task_id")?;
    let (stated, next): (Option<Date>, Option<Date>) =
        (row.get("due_on")?, row.get("next_due_on")?);
    let deadlines: Vec<Deadline> = parse(row, "deadlines")?;
    Ok(Unfinished {
        assignment: row.get("id")?,
        part: row.get("id")?,
        task,
        last: Some(task),
        organ: row.get("organ_id")?,
        text: row.get("text")?,
        due_text: Due::of(&deadlines, stated, next).text,
        due_on: stated.or(next),
        before: if row.get("reopened")? {
            Before::Decayed
        } else {
            Before::Missing
        },
        position: row.get("position")?,
    })
}

/// How much of the old plan waits to be carried over.
///
/// # Errors
/// When the store fails.
pub async fn count_unfinished(tx: &mut Tx, old: PlanId, new: PlanId) -> Result<i64, StoreError> {
    let mut parts = sql("SELECT COUNT(*) AS n FROM assignment a JOIN task t ON t.id = a.task_id ")
        .bind(old)
        .bind(new);
    push_parts(&mut parts);
    let parts: i64 = tx.one(parts).await?.get("n")?;
    let mut matters = sql("SELECT COUNT(*) AS n FROM carried c WHERE ")
        .bind(old)
        .bind(new);
    matters.push(MATTERS);
    Ok(parts + tx.one(matters).await?.get::<i64>("n")?)
}
