//! The SQL of assignments.

use gongkai_basis::id::{AssignmentId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::{Assignment, AssignmentState, Duty};
use crate::plan::store::corrupt;

/// # Errors
/// When the store fails; an organ has a task only once.
pub async fn insert(tx: &mut Tx, assignment: &Assignment) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO assignment (id, plan_id, task_id, organ_id, role, named_as, state, due_on, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(assignment.id)
            .bind(assignment.plan)
            .bind(assignment.task)
            .bind(assignment.organ)
            .bind(assignment.duty.code())
            .bind(&assignment.named_as)
            .bind(assignment.state.code())
            .bind(assignment.due_on)
            .bind(assignment.version)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// # Errors
/// When the store fails; an assignment of an organ outside the scope is `None`.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: AssignmentId,
) -> Result<Option<Assignment>, StoreError> {
    let mut query =
        sql("SELECT a.* FROM assignment a JOIN organ o ON o.id = a.organ_id WHERE a.id = $1 AND ")
            .bind(id);
    scope.push_condition(&mut query, "o.id", "o.path");
    tx.optional(query)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// All assignments of a task.
///
/// # Errors
/// When the store fails.
pub async fn of_task(tx: &mut Tx, task: TaskId) -> Result<Vec<Assignment>, StoreError> {
    tx.all(sql("SELECT * FROM assignment WHERE task_id = $1 ORDER BY role, id").bind(task))
        .await?
        .iter()
        .map(from_row)
        .collect()
}

pub(crate) fn from_row(row: &Row) -> Result<Assignment, StoreError> {
    let (duty, state): (String, String) = (row.get("role")?, row.get("state")?);
    Ok(Assignment {
        id: row.get("id")?,
        plan: row.get("plan_id")?,
        task: row.get("task_id")?,
        organ: row.get("organ_id")?,
        duty: Duty::from_code(&duty).ok_or_else(|| corrupt("role", &duty))?,
        named_as: row.get("named_as")?,
        state: AssignmentState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        due_on: row.get("due_on")?,
        report: row.get("report_id")?,
        version: row.get("version")?,
    })
}
