//! The SQL of 回头看事项.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{Carried, CarriedId, CarriedState};
use crate::ledger::EXPORT_ROWS_MAX;
use crate::plan::Deadline;
use crate::plan::store::corrupt;
use crate::task::store::parse;

const SELECT: &str =
    "SELECT c.*, o.name AS organ_name FROM carried c JOIN organ o ON o.id = c.organ_id WHERE ";

/// Whose matters.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'s> {
    /// All of a plan; the caller has let the plan in.
    Plan(PlanId),
    /// Of organs in a scope, of all plans in force.
    Unit(&'s Scope),
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Narrow {
    pub state: Option<CarriedState>,
    pub organ: Option<OrganId>,
}

fn push_whose(statement: &mut Sql, whose: Whose<'_>, narrow: Narrow) {
    match whose {
        Whose::Plan(plan) => {
            statement.push("c.plan_id = ").push_value(plan);
        }
        Whose::Unit(scope) => {
            scope.push_condition(statement, "o.id", "o.path");
            statement.push(
                " AND EXISTS (SELECT 1 FROM plan p WHERE p.id = c.plan_id AND p.state = 'active')",
            );
        }
    }
    if let Some(state) = narrow.state {
        statement.push(" AND c.state = ").push_value(state.code());
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND c.organ_id = ").push_value(organ);
    }
}

/// How many of each state.
///
/// # Errors
/// When the store fails.
pub async fn states(tx: &mut Tx, whose: Whose<'_>) -> Result<Vec<(CarriedState, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT c.state, COUNT(*) AS n FROM carried c JOIN organ o ON o.id = c.organ_id WHERE ",
    );
    push_whose(&mut statement, whose, Narrow::default());
    statement.push(" GROUP BY c.state");
    let mut found = Vec::new();
    for row in tx.all(statement).await? {
        let code: String = row.get("state")?;
        let state = CarriedState::from_code(&code).ok_or_else(|| corrupt("state", &code))?;
        found.push((state, row.get("n")?));
    }
    found.sort_by_key(|(state, _)| CarriedState::ALL.iter().position(|it| it == state));
    Ok(found)
}

/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, whose: Whose<'_>, narrow: Narrow) -> Result<i64, StoreError> {
    let mut statement =
        sql("SELECT COUNT(*) AS n FROM carried c JOIN organ o ON o.id = c.organ_id WHERE ");
    push_whose(&mut statement, whose, narrow);
    tx.one(statement).await?.get("n")
}

/// One page in the order of last year's plan.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    whose: Whose<'_>,
    narrow: Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Carried>, StoreError> {
    let mut statement = sql(SELECT);
    push_whose(&mut statement, whose, narrow);
    statement
        .push(" ORDER BY c.plan_id, c.position, c.id LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// What the official form of a plan shows: of one organ, or of all.
///
/// # Errors
/// When the store fails.
pub async fn of_form(
    tx: &mut Tx,
    plan: PlanId,
    organ: Option<OrganId>,
) -> Result<Vec<Carried>, StoreError> {
    let narrow = Narrow { state: None, organ };
    list(tx, Whose::Plan(plan), narrow, (0, EXPORT_ROWS_MAX)).await
}

/// One matter, whoever asks; the caller looks at the plan or the organ.
///
/// # Errors
/// When the store fails.
pub async fn load(
    tx: &mut Tx,
    whose: Whose<'_>,
    id: CarriedId,
) -> Result<Option<Carried>, StoreError> {
    let mut statement = sql(SELECT);
    push_whose(&mut statement, whose, Narrow::default());
    statement.push(" AND c.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The plan of a matter.
///
/// # Errors
/// When the store fails.
pub async fn plan_of(tx: &mut Tx, id: CarriedId) -> Result<Option<PlanId>, StoreError> {
    let row = tx
        .optional(sql("SELECT plan_id FROM carried WHERE id = $1").bind(id.to_string()))
        .await?;
    row.map(|row| row.get("plan_id")).transpose()
}

/// What hangs on a task: carried from it, or going on in it.
///
/// # Errors
/// When the store fails.
pub async fn of_task(tx: &mut Tx, task: TaskId, rows: i64) -> Result<Vec<Carried>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("(c.task_id = ")
        .push_value(task)
        .push(" OR c.old_task_id = ")
        .push_value(task)
        .push(") ORDER BY c.position, c.id LIMIT ")
        .push_value(rows);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// An organ's part of last year that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfinished {
    pub(super) assignment: AssignmentId,
    pub(super) task: TaskId,
    /// Who has to act now.
    pub(super) organ: OrganId,
    pub(super) text: String,
    pub(super) deadlines: Vec<Deadline>,
    pub(super) due_on: Option<Date>,
    /// Reported as done, and its evidence decayed.
    pub(super) reopened: bool,
    pub(super) position: i64,
}

/// The parts of a plan that decide a task's light, are not done and were not carried into the other plan yet; at most
/// `rows`. Organs that were merged are followed to the heir, and the heir's heir.
pub(super) async fn unfinished(
    tx: &mut Tx,
    old: PlanId,
    new: PlanId,
    rows: i64,
) -> Result<Vec<Unfinished>, StoreError> {
    let statement = sql("SELECT a.id, a.task_id, COALESCE(h.id, s.id, o.id) AS organ_id, t.text, t.deadlines, a.due_on, a.reopened, a.position FROM assignment a \
         JOIN task t ON t.id = a.task_id JOIN organ o ON o.id = a.organ_id \
         LEFT JOIN organ s ON s.id = o.successor_id LEFT JOIN organ h ON h.id = s.successor_id \
         WHERE a.plan_id = $1 AND a.state = 'open' AND a.finished = 0 AND a.role <> 'cooperate' AND t.state = 'open' \
         AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.plan_id = $2 AND c.old_assignment_id = a.id) ORDER BY a.position, a.id LIMIT $3")
        .bind(old)
        .bind(new)
        .bind(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Unfinished {
                assignment: row.get("id")?,
                task: row.get("task_id")?,
                organ: row.get("organ_id")?,
                text: row.get("text")?,
                deadlines: parse(row, "deadlines")?,
                due_on: row.get("due_on")?,
                reopened: row.get("reopened")?,
                position: row.get("position")?,
            })
        })
        .collect()
}

/// How many parts of the old plan wait to be carried over.
///
/// # Errors
/// When the store fails.
pub async fn count_unfinished(tx: &mut Tx, old: PlanId, new: PlanId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT COUNT(*) AS n FROM assignment a JOIN task t ON t.id = a.task_id \
             WHERE a.plan_id = $1 AND a.state = 'open' AND a.finished = 0 AND a.role <> 'cooperate' AND t.state = 'open' \
             AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.plan_id = $2 AND c.old_assignment_id = a.id)")
            .bind(old)
            .bind(new),
    )
    .await?
    .get("n")
}

pub(super) async fn insert_all(tx: &mut Tx, matters: &[Carried]) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let rows = matters.iter().map(|matter| {
        [
            matter.id.to_string().into(),
            matter.plan.into(),
            matter.old_assignment.into(),
            matter.old_task.into(),
            matter.task.into(),
            matter.organ.into(),
            (&matter.text).into(),
            (&matter.due_text).into(),
            matter.due_on.into(),
            matter.state.code().into(),
            (&matter.done_text).into(),
            matter.note.clone().into(),
            matter.position.into(),
            matter.version.into(),
            now.into(),
        ]
    });
    tx.insert(
        "INSERT INTO carried (id, plan_id, old_assignment_id, old_task_id, task_id, organ_id, text, due_text, due_on, state, done_text, note, position, version, created_at)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, matter: &Carried) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE carried SET state = $1, done_text = $2, planned_on = $3, note = $4, reported_by = $5, reported_on = $6, version = version + 1 WHERE id = $7 AND version = $8")
            .bind(matter.state.code())
            .bind(&matter.done_text)
            .bind(matter.planned_on)
            .bind(matter.note.clone())
            .bind(matter.reported_by.clone())
            .bind(matter.reported_on)
            .bind(matter.id.to_string())
            .bind(matter.version),
    )
    .await
}

/// What an organ still has to put right.
///
/// # Errors
/// When the store fails.
pub(super) async fn open_of_organ(tx: &mut Tx, organ: OrganId) -> Result<Vec<Carried>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("c.state IN ('open', 'working', 'claimed') AND c.organ_id = ")
        .push_value(organ)
        .push(" ORDER BY c.plan_id, c.position, c.id");
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// Gives a matter to another organ.
pub(super) async fn give(tx: &mut Tx, matter: &Carried, to: OrganId) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE carried SET organ_id = $1, version = version + 1 WHERE id = $2 AND version = $3")
            .bind(to)
            .bind(matter.id.to_string())
            .bind(matter.version),
    )
    .await
}

fn from_row(row: &Row) -> Result<Carried, StoreError> {
    let (id, state): (String, String) = (row.get("id")?, row.get("state")?);
    Ok(Carried {
        id: id.parse().map_err(|_| corrupt("id", &id))?,
        plan: row.get("plan_id")?,
        old_assignment: row.get("old_assignment_id")?,
        old_task: row.get("old_task_id")?,
        task: row.get("task_id")?,
        organ: row.get("organ_id")?,
        organ_name: row.get("organ_name")?,
        text: row.get("text")?,
        due_text: row.get("due_text")?,
        due_on: row.get("due_on")?,
        state: CarriedState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        done_text: row.get("done_text")?,
        planned_on: row.get("planned_on")?,
        note: row.get("note")?,
        reported_by: row.get("reported_by")?,
        reported_on: row.get("reported_on")?,
        position: row.get("position")?,
        version: row.get("version")?,
    })
}
