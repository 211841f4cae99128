//! The SQL of what a matter settles in the ledgers before: which parts it releases, and which rows it decided along.

use std::collections::BTreeSet;

use gongkai_basis::id::{AssignmentId, PlanId, TaskId};
use gongkai_platform::db::{StoreError, Tx, sql};

use super::{LATEST, SELECT, from_row};
use crate::carried::{Carried, CarriedState};
use crate::plan::store::corrupt;

/// Tasks looked at in one statement.
const TASKS_AT_ONCE: usize = 200;

/// The parts of these tasks that are not owed any more: all that was carried over from them, by themselves or by an organ
/// that went into theirs, was closed or waived. A plan whose import was undone releases nothing.
///
/// # Errors
/// When the store fails.
pub(crate) async fn released(
    tx: &mut Tx,
    tasks: &[TaskId],
) -> Result<BTreeSet<AssignmentId>, StoreError> {
    let (mut ended, mut open) = (BTreeSet::new(), BTreeSet::new());
    for some in tasks.chunks(TASKS_AT_ONCE) {
        let mut statement = sql(
            "SELECT c.part_id, c.state FROM carried c JOIN plan p ON p.id = c.plan_id WHERE p.state = 'active' AND c.old_task_id IN ",
        );
        statement.push_list(some.iter().copied()).push(LATEST);
        for row in tx.all(statement).await? {
            let code: String = row.get("state")?;
            let state = CarriedState::from_code(&code).ok_or_else(|| corrupt("state", &code))?;
            let into = if state.is_open() {
                &mut open
            } else {
                &mut ended
            };
            into.insert(row.get("part_id")?);
        }
    }
    Ok(ended.difference(&open).copied().collect())
}

/// What a part of a task owed is owed by another one now: a merger gave it to the heir. The caller settles the task.
///
/// # Errors
/// When the store fails.
pub(crate) async fn follow(
    tx: &mut Tx,
    task: TaskId,
    (from, to): (AssignmentId, AssignmentId),
) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE carried SET part_id = $1 WHERE old_task_id = $2 AND part_id = $3")
            .bind(to)
            .bind(task)
            .bind(from),
    )
    .await?;
    Ok(())
}

/// The rows of the years before, in plans in force, with which a matter went on.
///
/// # Errors
/// When the store fails.
pub(in crate::carried) async fn earlier(
    tx: &mut Tx,
    of: &Carried,
) -> Result<Vec<Carried>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.old_task_id = ")
        .push_value(of.old_task)
        .push(" AND c.old_assignment_id = ")
        .push_value(of.old_assignment)
        .push(" AND EXISTS (SELECT 1 FROM plan y WHERE y.id = c.plan_id AND y.state = 'active' AND y.year < (SELECT z.year FROM plan z WHERE z.id = ")
        .push_value(of.plan)
        .push(")) ORDER BY c.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// The rows of the years before that a plan's matters decided along, in plans in force.
///
/// # Errors
/// When the store fails.
pub(in crate::carried) async fn settled_by(
    tx: &mut Tx,
    plan: PlanId,
) -> Result<Vec<Carried>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.settled_state IS NOT NULL AND EXISTS (SELECT 1 FROM carried n JOIN plan z ON z.id = n.plan_id JOIN plan y ON y.id = c.plan_id \
               WHERE n.old_task_id = c.old_task_id AND n.old_assignment_id = c.old_assignment_id AND y.state = 'active' AND y.year < z.year AND n.plan_id = ")
        .push_value(plan)
        .push(") ORDER BY c.plan_id, c.position, c.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}
