//! The SQL of assignments.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::{AssignmentId, OrganId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use gongkai_platform::organ;

use super::{Assignment, AssignmentState, Duty};
use crate::plan::store::corrupt;
use crate::task;
use crate::task::store::Asked;

/// Of assignments `a`, those that decide their task's light: where only cooperating organs are left, theirs, as
/// [`Standing::of`](super::light::Standing::of) has it.
pub(crate) const DECIDES: &str = "(a.role <> 'cooperate' OR NOT EXISTS (SELECT 1 FROM assignment d WHERE d.task_id = a.task_id \
    AND d.state = 'open' AND d.role IN ('lead', 'responsible')))";

/// Stores one assignment; its task must be there. For many at once: [`insert_all`].
///
/// # Errors
/// When the store fails; an organ has a task only once.
pub async fn insert(tx: &mut Tx, assignment: &Assignment) -> Result<(), StoreError> {
    insert_all(tx, std::slice::from_ref(assignment)).await
}

/// Stores many assignments in few statements; their tasks must be there.
///
/// # Errors
/// When the store fails; an organ has a task only once.
pub async fn insert_all(tx: &mut Tx, assignments: &[Assignment]) -> Result<(), StoreError> {
    let tasks: BTreeSet<TaskId> = assignments
        .iter()
        .map(|assignment| assignment.task)
        .collect();
    let tasks: Vec<TaskId> = tasks.into_iter().collect();
    let asks = task::store::asked(tx, &tasks).await?;
    insert_rows(tx, assignments, &asks).await?;
    task::store::settle_all(tx, &tasks).await
}

/// The rows alone, of tasks that ask for this; the tasks' own facts are the caller's.
///
/// # Errors
/// When the store fails; an organ has a task only once.
pub(crate) async fn insert_rows(
    tx: &mut Tx,
    assignments: &[Assignment],
    asks: &BTreeMap<TaskId, Asked>,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let rows = assignments.iter().map(|assignment| {
        let asked = asks.get(&assignment.task);
        let next_due_on =
            asked.and_then(|asked| asked.next_due(assignment.duty, assignment.due_on, &[]));
        [
            assignment.id.into(),
            assignment.plan.into(),
            assignment.task.into(),
            assignment.organ.into(),
            assignment.duty.code().into(),
            (&assignment.named_as).into(),
            assignment.state.code().into(),
            assignment.due_on.into(),
            assignment.version.into(),
            now.into(),
            asked.map(|asked| asked.position).into(),
            next_due_on.into(),
        ]
    });
    tx.insert(
        "INSERT INTO assignment (id, plan_id, task_id, organ_id, role, named_as, state, due_on, version, created_at, position, next_due_on)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

/// Writes a changed assignment if nobody changed it since `assignment.version` was read, and counts the version up.
/// The caller settles the task. What was reported stays.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub(crate) async fn update(tx: &mut Tx, assignment: &mut Assignment) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE assignment SET role = $1, named_as = $2, state = $3, due_on = $4, version = version + 1 WHERE id = $5 AND version = $6")
            .bind(assignment.duty.code())
            .bind(&assignment.named_as)
            .bind(assignment.state.code())
            .bind(assignment.due_on)
            .bind(assignment.id)
            .bind(assignment.version),
    )
    .await?;
    assignment.version += 1;
    Ok(())
}

/// Brings up to date what an assignment keeps of its report and evidence together: it is finished when the report in force
/// says done and no evidence decayed; it is reopened when evidence did. The caller settles the task.
///
/// # Errors
/// When the store fails.
pub(crate) async fn stand(tx: &mut Tx, id: AssignmentId) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE assignment SET \
             finished = CASE WHEN decayed_count = 0 AND EXISTS (SELECT 1 FROM report r WHERE r.id = assignment.report_id AND r.outcome = 'done') THEN 1 ELSE 0 END, \
             reopened = CASE WHEN decayed_count > 0 AND EXISTS (SELECT 1 FROM report r WHERE r.id = assignment.report_id AND r.outcome = 'done') THEN 1 ELSE 0 END \
             WHERE id = $1")
            .bind(id),
    )
    .await?;
    Ok(())
}

/// Did a check take away what the report in force says is done?
///
/// # Errors
/// When the store fails.
pub(crate) async fn is_reopened(tx: &mut Tx, id: AssignmentId) -> Result<bool, StoreError> {
    tx.one(sql("SELECT reopened FROM assignment WHERE id = $1").bind(id))
        .await?
        .get("reopened")
}

/// One assignment, whoever asks. For use cases that were let in by the plan or the task.
///
/// # Errors
/// When the store fails.
pub(crate) async fn find(tx: &mut Tx, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
    tx.optional(sql("SELECT * FROM assignment WHERE id = $1").bind(id))
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The assignment of a task to an organ, in whatever state.
///
/// # Errors
/// When the store fails.
pub(crate) async fn of_organ(
    tx: &mut Tx,
    task: TaskId,
    organ: OrganId,
) -> Result<Option<Assignment>, StoreError> {
    tx.optional(
        sql("SELECT * FROM assignment WHERE task_id = $1 AND organ_id = $2")
            .bind(task)
            .bind(organ),
    )
    .await?
    .map(|row| from_row(&row))
    .transpose()
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

/// Appends that the organ of assignments `a` lies inside a scope. Nearly everybody's is one organ: then an index that begins
/// with it gives its rows in their order.
pub(crate) fn push_of(statement: &mut Sql, scope: &Scope) {
    match scope {
        Scope::Organs { single, branches } if single.len() == 1 && branches.is_empty() => {
            statement.push("a.organ_id = ");
            single.iter().for_each(|organ| {
                statement.push_value(*organ);
            });
        }
        Scope::Everything | Scope::Organs { .. } => {
            scope.push_organ(statement, "a.organ_id");
        }
    }
}

/// Appends what tells the organs `o` for which a scope speaks: its own, and those that went into one of them, at whatever
/// remove.
pub(crate) fn push_spoken_for(statement: &mut Sql, scope: &Scope) {
    statement.push("(");
    scope.push_condition(statement, "o.id", "o.path");
    statement.push(" OR o.id IN (");
    organ::store::push_merged_into(statement, scope);
    statement.push("))");
}

/// Has an organ of the scope, or one that went into it, a part in the task, in whatever state?
///
/// # Errors
/// When the store fails.
pub(crate) async fn is_in(tx: &mut Tx, scope: &Scope, task: TaskId) -> Result<bool, StoreError> {
    let mut query = sql(
        "SELECT a.id FROM assignment a JOIN organ o ON o.id = a.organ_id WHERE a.task_id = $1 AND ",
    )
    .bind(task);
    push_spoken_for(&mut query, scope);
    query.push(" LIMIT 1");
    Ok(tx.optional(query).await?.is_some())
}

/// All assignments of a task, leads first.
///
/// # Errors
/// When the store fails.
pub async fn of_task(tx: &mut Tx, task: TaskId) -> Result<Vec<Assignment>, StoreError> {
    tx.all(
        sql("SELECT * FROM assignment WHERE task_id = $1 ORDER BY CASE role WHEN 'lead' THEN 1 WHEN 'responsible' THEN 2 ELSE 3 END, id")
            .bind(task),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// The organs that have an open part in some tasks, with the task.
///
/// # Errors
/// When the store fails.
pub(crate) async fn open_of(
    tx: &mut Tx,
    tasks: &[TaskId],
) -> Result<Vec<(TaskId, OrganId)>, StoreError> {
    let mut statement =
        sql("SELECT task_id, organ_id FROM assignment WHERE state = 'open' AND task_id IN ");
    statement
        .push_list(tasks.iter().copied())
        .push(" ORDER BY task_id, organ_id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("task_id")?, row.get("organ_id")?)))
        .collect()
}

/// What an organ has to do in active plans and has not done.
///
/// # Errors
/// When the store fails.
pub(super) async fn unfinished(tx: &mut Tx, organ: OrganId) -> Result<Vec<Assignment>, StoreError> {
    tx.all(
        sql("SELECT a.* FROM assignment a JOIN plan p ON p.id = a.plan_id \
             WHERE a.organ_id = $1 AND a.state = 'open' AND a.finished = 0 AND p.state = 'active' ORDER BY a.plan_id, a.position, a.id")
            .bind(organ),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// A name that a task's unit cell prints, and how many organs came from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) year: i64,
    /// The task's place in the plan.
    pub(super) number: i64,
    pub(super) text: String,
    pub(super) named_as: String,
    pub(super) organs: i64,
}

/// The names that the open tasks of a government's active plans print and that stand for several organs.
///
/// # Errors
/// When the store fails.
pub(super) async fn named_in(tx: &mut Tx, government: OrganId) -> Result<Vec<Named>, StoreError> {
    tx.all(
        sql("SELECT p.year, COALESCE(t.number, t.position) AS shown, t.text, n.named_as, n.organs FROM \
             (SELECT task_id, named_as, COUNT(*) AS organs FROM assignment WHERE state = 'open' GROUP BY task_id, named_as) n \
             JOIN task t ON t.id = n.task_id JOIN plan p ON p.id = t.plan_id \
             WHERE p.government_id = $1 AND p.state = 'active' AND t.state = 'open' ORDER BY p.year DESC, p.id, t.position, n.named_as")
            .bind(government),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Named {
            year: row.get("year")?,
            number: row.get("shown")?,
            text: row.get("text")?,
            named_as: row.get("named_as")?,
            organs: row.get("organs")?,
        })
    })
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
        next_due_on: row.get("next_due_on")?,
        report: row.get("report_id")?,
        version: row.get("version")?,
    })
}
