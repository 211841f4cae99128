//! The SQL of tasks.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId, TaskId};
use gongkai_platform::db::{Row, StoreError, Tx, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Task, TaskState};
use crate::assignment::light::{Part, Standing};
use crate::assignment::{self, Assignment, Duty};
use crate::carried;
use crate::evidence::target::{self, Counted, Wanted};
use crate::plan::Plan;
use crate::plan::store::corrupt;

/// Tasks looked at in one statement.
const TASKS_AT_ONCE: usize = 200;

/// Stores a new task, before its assignments.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, task: &Task) -> Result<(), StoreError> {
    let plan = tx
        .one(sql("SELECT year, issued_on FROM plan WHERE id = $1").bind(task.plan))
        .await?;
    let asked = Asked::of(task, (plan.get("year")?, plan.get("issued_on")?));
    insert_rows(tx, &[(task, asked.standing(&[]))]).await
}

/// Stores the tasks of a new plan with their parts, on which nobody has reported: in few statements, and with the facts that
/// [`settle_all`] would find.
///
/// # Errors
/// When the store fails; an organ has a task only once.
pub(crate) async fn insert_with_parts(
    tx: &mut Tx,
    plan: &Plan,
    tasks: &[Task],
    assignments: &[Assignment],
) -> Result<(), StoreError> {
    let of_plan = (plan.year, plan.issued_on);
    let asks: BTreeMap<TaskId, Asked> = tasks
        .iter()
        .map(|task| (task.id, Asked::of(task, of_plan)))
        .collect();
    let mut parts: BTreeMap<TaskId, Vec<Part>> = BTreeMap::new();
    for assignment in assignments {
        if let Some(asked) = asks.get(&assignment.task) {
            let known = parts.entry(assignment.task).or_default();
            known.push(asked.new_part(assignment));
        }
    }
    let standing = |task: &Task| {
        let parts = parts.get(&task.id).map_or(&[] as &[Part], Vec::as_slice);
        Some(asks.get(&task.id)?.standing(parts))
    };
    let rows: Vec<(&Task, Standing)> = tasks
        .iter()
        .filter_map(|task| Some((task, standing(task)?)))
        .collect();
    insert_rows(tx, &rows).await?;
    assignment::store::insert_rows(tx, assignments, &asks).await
}

async fn insert_rows(tx: &mut Tx, tasks: &[(&Task, Standing)]) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let rows = tasks.iter().map(|(task, standing)| {
        [
            task.id.into(),
            task.plan.into(),
            task.position.into(),
            task.number.into(),
            task.section.clone().into(),
            task.group.clone().into(),
            (&task.text).into(),
            (&task.organ_text).into(),
            task.due_on().into(),
            json(&task.deadlines).into(),
            json(&task.quantities).into(),
            json(&task.place).into(),
            task.state.code().into(),
            task.version.into(),
            now.into(),
            standing.finished.into(),
            standing.next_due_on.into(),
            count(standing.organs).into(),
            standing.silent.into(),
            standing.reopened.into(),
        ]
    });
    tx.insert(
        "INSERT INTO task (id, plan_id, position, number, section, section_group, text, organ_text, due_on, deadlines, quantities, place, state, version, created_at, \
         finished, next_due_on, organs, silent, reopened)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

fn count(organs: usize) -> i64 {
    i64::try_from(organs).unwrap_or(i64::MAX)
}

/// Writes a changed task if nobody changed it since `task.version` was read, and counts the version up.
/// Number, place and the printed unit cell stay as the source has them.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn update(tx: &mut Tx, task: &mut Task) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE task SET section = $1, section_group = $2, text = $3, due_on = $4, deadlines = $5, state = $6, quantities = $7, version = version + 1 \
             WHERE id = $8 AND version = $9")
            .bind(task.section.clone())
            .bind(task.group.clone())
            .bind(&task.text)
            .bind(task.due_on())
            .bind(json(&task.deadlines))
            .bind(task.state.code())
            .bind(json(&task.quantities))
            .bind(task.id)
            .bind(task.version),
    )
    .await?;
    task.version += 1;
    settle(tx, task.id).await
}

/// Writes what a task takes from its source: number, unit cell and place, after a corrected document.
/// To be called after [`update`], which guards the version.
///
/// # Errors
/// When the store fails.
pub async fn update_source(tx: &mut Tx, task: &Task) -> Result<(), StoreError> {
    tx.run(
        sql("UPDATE task SET number = $1, organ_text = $2, place = $3 WHERE id = $4")
            .bind(task.number)
            .bind(&task.organ_text)
            .bind(json(&task.place))
            .bind(task.id),
    )
    .await?;
    Ok(())
}

/// Brings the facts from which a task's light is computed up to date with its assignments. To be called in the
/// transaction that changed an assignment's state, duty, date or report.
///
/// # Errors
/// When the store fails.
pub(crate) async fn settle(tx: &mut Tx, task: TaskId) -> Result<(), StoreError> {
    settle_all(tx, &[task]).await
}

/// [`settle`] for many tasks. The parts are gathered by task and looked at here: asked for a least date, PostgreSQL
/// walks the index of dates through the whole plan.
///
/// # Errors
/// When the store fails.
pub(crate) async fn settle_all(tx: &mut Tx, tasks: &[TaskId]) -> Result<(), StoreError> {
    for some in tasks.chunks(TASKS_AT_ONCE) {
        let asks = asked(tx, some).await?;
        let parts = parts(tx, some, &asks).await?;
        for (task, asked) in asks {
            let parts = parts.get(&task).map_or(&[] as &[Part], Vec::as_slice);
            let standing = asked.standing(parts);
            tx.run(
                sql("UPDATE task SET finished = $1, next_due_on = $2, organs = $3, silent = $4, reopened = $5 WHERE id = $6")
                    .bind(standing.finished)
                    .bind(standing.next_due_on)
                    .bind(count(standing.organs))
                    .bind(standing.silent)
                    .bind(standing.reopened)
                    .bind(task),
            )
            .await?;
        }
    }
    Ok(())
}

/// What a task gives to its parts and asks of them.
pub(crate) struct Asked {
    /// Its place in the plan.
    pub(crate) position: i64,
    due_on: Option<Date>,
    wanted: Wanted,
}

impl Asked {
    /// What a task of a plan of this year and day of issue asks for.
    fn of(task: &Task, of_plan: (i64, Option<Date>)) -> Self {
        Self {
            position: task.position,
            due_on: task.due_on(),
            wanted: Wanted::of(&task.text, &task.deadlines, &task.quantities, of_plan),
        }
    }

    /// The facts of a task with these parts.
    fn standing(&self, parts: &[Part]) -> Standing {
        Standing::of(self.wanted.next_due(self.due_on, &[]), parts)
    }

    /// A part on which nobody has reported.
    fn new_part(&self, of: &Assignment) -> Part {
        Part {
            duty: of.duty,
            finished: false,
            reopened: false,
            reported: false,
            next_due_on: self.next_due(of.duty, of.due_on, &[]),
        }
    }

    /// The day on which a part is next due; who only cooperates owes nothing for each period.
    pub(crate) fn next_due(
        &self,
        duty: Duty,
        stated: Option<Date>,
        proofs: &[Counted],
    ) -> Option<Date> {
        match duty {
            Duty::Lead | Duty::Responsible => self.wanted.next_due(stated, proofs),
            Duty::Cooperate => stated.or_else(|| Some(self.wanted.days()?.1)),
        }
    }
}

/// What these tasks ask of their parts.
///
/// # Errors
/// When the store fails.
pub(crate) async fn asked(
    tx: &mut Tx,
    tasks: &[TaskId],
) -> Result<BTreeMap<TaskId, Asked>, StoreError> {
    let mut all = BTreeMap::new();
    for some in tasks.chunks(TASKS_AT_ONCE) {
        let mut statement = sql(
            "SELECT t.id, t.position, t.due_on, t.text, t.deadlines, t.quantities, p.year, p.issued_on FROM task t JOIN plan p ON p.id = t.plan_id WHERE t.id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let asked = Asked {
                position: row.get("position")?,
                due_on: row.get("due_on")?,
                wanted: target::store::wanted(&row)?,
            };
            all.insert(row.get("id")?, asked);
        }
    }
    Ok(all)
}

/// The open parts of tasks, each with the day on which it is next due, which is written where it changed. Nothing is due of
/// what was carried into a later year and closed or waived there.
async fn parts(
    tx: &mut Tx,
    tasks: &[TaskId],
    asks: &BTreeMap<TaskId, Asked>,
) -> Result<BTreeMap<TaskId, Vec<Part>>, StoreError> {
    let mut statement = sql(
        "SELECT id, task_id, role, finished, reopened, report_id, due_on, next_due_on, evidence_count FROM assignment WHERE state = 'open' AND task_id IN ",
    );
    statement.push_list(tasks.iter().copied());
    let rows = tx.all(statement).await?;
    let mut proved: Vec<AssignmentId> = Vec::new();
    for row in &rows {
        let counts = asks
            .get(&row.get("task_id")?)
            .is_some_and(|asked| !asked.wanted.targets.is_empty());
        if counts && row.get::<i64>("evidence_count")? > 0 {
            proved.push(row.get("id")?);
        }
    }
    let counted = target::store::of_assignments(tx, &proved).await?;
    let released = carried::store::released(tx, tasks).await?;
    let mut parts: BTreeMap<TaskId, Vec<Part>> = BTreeMap::new();
    let mut moved: BTreeMap<Option<Date>, Vec<AssignmentId>> = BTreeMap::new();
    for row in rows {
        let (id, task): (AssignmentId, TaskId) = (row.get("id")?, row.get("task_id")?);
        let role: String = row.get("role")?;
        let duty = Duty::from_code(&role).ok_or_else(|| corrupt("role", &role))?;
        let proofs = counted.get(&id).map_or(&[] as &[Counted], Vec::as_slice);
        let stated = row.get("due_on")?;
        let next_due_on = asks
            .get(&task)
            .filter(|_| !released.contains(&id))
            .and_then(|asked| asked.next_due(duty, stated, proofs));
        if row.get::<Option<Date>>("next_due_on")? != next_due_on {
            moved.entry(next_due_on).or_default().push(id);
        }
        let report: Option<String> = row.get("report_id")?;
        parts.entry(task).or_default().push(Part {
            duty,
            finished: row.get("finished")?,
            reopened: row.get("reopened")?,
            reported: report.is_some(),
            next_due_on,
        });
    }
    for (next_due_on, ids) in moved {
        for ids in ids.chunks(TASKS_AT_ONCE) {
            let mut write = sql("UPDATE assignment SET next_due_on = ");
            write.push_value(next_due_on).push(" WHERE id IN ");
            write.push_list(ids.iter().copied());
            tx.run(write).await?;
        }
    }
    Ok(parts)
}

/// The open tasks of active plans after one, in order of their ids.
///
/// # Errors
/// When the store fails.
pub(crate) async fn open_after(
    tx: &mut Tx,
    after: &str,
    rows: i64,
) -> Result<Vec<TaskId>, StoreError> {
    tx.all(
        sql("SELECT t.id FROM task t JOIN plan p ON p.id = t.plan_id WHERE p.state = 'active' AND t.state = 'open' AND t.id > $1 ORDER BY t.id LIMIT $2")
            .bind(after)
            .bind(rows),
    )
    .await?
    .iter()
    .map(|row| row.get("id"))
    .collect()
}

/// The place after the last task of a section, or after the last of the plan. Tasks with the same place stand in the
/// order of their ids, which are ordered by time.
///
/// # Errors
/// When the store fails.
pub(crate) async fn place_after(
    tx: &mut Tx,
    plan: PlanId,
    section: Option<&str>,
) -> Result<i64, StoreError> {
    let row = tx
        .one(
            sql("SELECT MAX(CASE WHEN section = $1 THEN position END) AS inside, MAX(position) AS last FROM task WHERE plan_id = $2")
                .bind(section)
                .bind(plan),
        )
        .await?;
    let (inside, last): (Option<i64>, Option<i64>) = (row.get("inside")?, row.get("last")?);
    Ok(inside.unwrap_or(last.unwrap_or(0) + 1))
}

/// How many open parts the tasks of a plan have together.
///
/// # Errors
/// When the store fails.
pub(crate) async fn parts_in(tx: &mut Tx, plan: PlanId) -> Result<usize, StoreError> {
    let sum = sql(
        "SELECT CAST(COALESCE(SUM(organs), 0) AS BIGINT) AS n FROM task WHERE plan_id = $1 AND state = 'open'",
    )
    .bind(plan);
    let n: i64 = tx.one(sum).await?.get("n")?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// One task. Access is decided by the caller: by its plan for the office, by an assignment for a unit.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: TaskId) -> Result<Option<Task>, StoreError> {
    tx.optional(sql("SELECT * FROM task WHERE id = $1").bind(id))
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// All tasks of a plan in their order, cancelled ones included.
///
/// # Errors
/// When the store fails.
pub async fn of_plan(tx: &mut Tx, plan: PlanId) -> Result<Vec<Task>, StoreError> {
    tx.all(sql("SELECT * FROM task WHERE plan_id = $1 ORDER BY position, id").bind(plan))
        .await?
        .iter()
        .map(from_row)
        .collect()
}

pub(crate) fn from_row(row: &Row) -> Result<Task, StoreError> {
    let state: String = row.get("state")?;
    Ok(Task {
        id: row.get("id")?,
        plan: row.get("plan_id")?,
        position: row.get("position")?,
        number: row.get("number")?,
        section: row.get("section")?,
        group: row.get("section_group")?,
        text: row.get("text")?,
        organ_text: row.get("organ_text")?,
        deadlines: parse(row, "deadlines")?,
        quantities: parse(row, "quantities")?,
        place: parse(row, "place")?,
        state: TaskState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        version: row.get("version")?,
    })
}

/// JSON text of plain data; these types always serialise.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(crate) fn parse<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: column.to_owned(),
        found: text,
        wanted: "JSON of its kind",
    })
}
