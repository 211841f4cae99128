//! The SQL of 回头看事项.

mod narrowed;
mod settled;
mod unfinished;

use std::collections::BTreeMap;

use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};
use gongkai_platform::seam::{DUE_MAX, DueItem};

use super::{Carried, CarriedId, CarriedState};
use crate::by::By;
use crate::ledger::EXPORT_ROWS_MAX;
use crate::plan::store::corrupt;

pub(super) use narrowed::{choices, count_of, list_of, states_of};
pub(super) use settled::{earlier, settled_by};
pub(crate) use settled::{follow, released};
pub use unfinished::count_unfinished;
pub(super) use unfinished::{Before, Unfinished, unfinished};

const SELECT: &str = "SELECT c.*, o.name AS organ_name, \
    (SELECT COUNT(*) FROM carried n JOIN plan q ON q.id = n.plan_id WHERE n.old_task_id = c.old_task_id AND n.old_assignment_id = c.old_assignment_id \
    AND q.year > (SELECT y.year FROM plan y WHERE y.id = c.plan_id) AND q.state = 'active') AS later FROM carried c JOIN organ o ON o.id = c.organ_id WHERE ";
/// The matter `c` was not carried over once more: a later year's row goes on with it.
const LATEST: &str = " AND NOT EXISTS (SELECT 1 FROM carried n JOIN plan q ON q.id = n.plan_id WHERE n.old_task_id = c.old_task_id \
    AND n.old_assignment_id = c.old_assignment_id AND q.year > (SELECT y.year FROM plan y WHERE y.id = c.plan_id) AND q.state = 'active')";
/// By plan, each in the order of last year's; the units of a matter in that of the directory.
const ORDER: &str = " ORDER BY c.plan_id, c.position, LENGTH(o.path), o.position, o.path, c.id";

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
pub(super) struct Narrow {
    pub(super) state: Option<CarriedState>,
    pub(super) organ: Option<OrganId>,
    /// The matter: last year's task, of which each unit owes its part.
    pub(super) task: Option<TaskId>,
    /// Without what goes on in a later year's ledger.
    latest: bool,
}

impl Narrow {
    pub(super) fn new(
        state: Option<CarriedState>,
        organ: Option<OrganId>,
        task: Option<TaskId>,
    ) -> Self {
        Self {
            state,
            organ,
            task,
            latest: false,
        }
    }

    /// As this list has it.
    const fn within(self, whose: Whose<'_>) -> Self {
        Self {
            latest: whose.all().latest,
            ..self
        }
    }
}

impl Whose<'_> {
    /// A unit's list has a matter once; a plan's has all of its own.
    const fn all(self) -> Narrow {
        Narrow {
            state: None,
            organ: None,
            task: None,
            latest: matches!(self, Self::Unit(_)),
        }
    }
}

fn push_whose(statement: &mut Sql, whose: Whose<'_>, narrow: Narrow) {
    match whose {
        Whose::Plan(plan) => {
            statement.push("c.plan_id = ").push_value(plan);
        }
        Whose::Unit(scope) => {
            scope.push_organ(statement, "c.organ_id");
            statement.push(
                " AND EXISTS (SELECT 1 FROM plan p WHERE p.id = c.plan_id AND p.state = 'active')",
            );
        }
    }
    if narrow.latest {
        statement.push(LATEST);
    }
    if let Some(state) = narrow.state {
        statement.push(" AND c.state = ").push_value(state.code());
    }
    if let Some(organ) = narrow.organ {
        statement.push(" AND c.organ_id = ").push_value(organ);
    }
    if let Some(task) = narrow.task {
        statement.push(" AND c.old_task_id = ").push_value(task);
    }
}

/// How many of each state.
///
/// # Errors
/// When the store fails.
pub async fn states(tx: &mut Tx, whose: Whose<'_>) -> Result<Vec<(CarriedState, i64)>, StoreError> {
    states_of(tx, whose, Narrow::default()).await
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    whose: Whose<'_>,
    state: Option<CarriedState>,
) -> Result<i64, StoreError> {
    tx.one(counting(whose, state)).await?.get("n")
}

/// What [`count`] asks, for who counts several things together.
#[must_use]
pub fn counting(whose: Whose<'_>, state: Option<CarriedState>) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n FROM carried c WHERE ");
    let narrow = Narrow {
        state,
        ..whose.all()
    };
    push_whose(&mut statement, whose, narrow);
    statement
}

/// The plans of offices of a scope with what was reported as put right and waits for the office, and how much; the newest
/// first.
///
/// # Errors
/// When the store fails.
pub(crate) async fn claimed(
    tx: &mut Tx,
    offices: &Scope,
    plans: i64,
) -> Result<Vec<(PlanId, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT p.id, COUNT(*) AS n FROM plan p JOIN organ o ON o.id = p.organ_id JOIN carried c ON c.plan_id = p.id \
         WHERE p.state = 'active' AND c.state = 'claimed' AND ",
    );
    offices.push_condition(&mut statement, "o.id", "o.path");
    statement
        .push(LATEST)
        .push(" GROUP BY p.id, p.year ORDER BY p.year DESC, p.id LIMIT ")
        .push_value(plans);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("n")?)))
        .collect()
}

/// What units of a scope said that they would have put right within a range of days, and have not, earliest first.
pub(crate) async fn due(
    tx: &mut Tx,
    scope: &Scope,
    range: DateRange,
) -> Result<Vec<DueItem>, StoreError> {
    let mut statement = sql(
        "SELECT c.id, c.organ_id, c.text, c.planned_on FROM carried c JOIN organ o ON o.id = c.organ_id WHERE ",
    );
    let whose = Whose::Unit(scope);
    push_whose(&mut statement, whose, whose.all());
    statement
        .push(" AND c.state IN ('open', 'working') AND c.planned_on >= ")
        .push_value(range.from)
        .push(" AND c.planned_on <= ")
        .push_value(range.to)
        .push(" ORDER BY c.planned_on, c.position, c.id LIMIT ")
        .push_value(DUE_MAX);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| {
            let id: String = row.get("id")?;
            Ok(DueItem {
                organ: row.get("organ_id")?,
                title: row.get("text")?,
                due_on: row.get("planned_on")?,
                path: format!("/workspace/reviews/{id}"),
                of: Ref {
                    kind: "carried".to_owned(),
                    id,
                },
            })
        })
        .collect()
}

/// One page in the order of last year's plan.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    whose: Whose<'_>,
    state: Option<CarriedState>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Carried>, StoreError> {
    let narrow = Narrow {
        state,
        ..whose.all()
    };
    select(tx, whose, narrow, (offset, rows)).await
}

async fn select(
    tx: &mut Tx,
    whose: Whose<'_>,
    narrow: Narrow,
    (offset, rows): (i64, i64),
) -> Result<Vec<Carried>, StoreError> {
    // The page is chosen first: whether a matter goes on in a later year is asked for its rows alone.
    let mut statement = sql(SELECT);
    statement.push("c.id IN (SELECT c.id FROM carried c JOIN organ o ON o.id = c.organ_id WHERE ");
    push_whose(&mut statement, whose, narrow);
    statement
        .push(ORDER)
        .push(" LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset)
        .push(")")
        .push(ORDER);
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
    let narrow = Narrow {
        organ,
        ..Narrow::default()
    };
    select(tx, Whose::Plan(plan), narrow, (0, EXPORT_ROWS_MAX)).await
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

/// Joins what was carried into a plan with the tasks in which it goes on now; `goes_on` leads from tasks of last year's
/// plan to tasks of this one.
///
/// # Errors
/// When the store fails.
pub(crate) async fn relink(
    tx: &mut Tx,
    (old, new): (PlanId, PlanId),
    goes_on: &BTreeMap<TaskId, TaskId>,
) -> Result<(), StoreError> {
    let rows = tx
        .all(
            sql("SELECT c.id, c.task_id, CASE WHEN e.id IS NULL THEN c.old_task_id ELSE e.task_id END AS last_task_id FROM carried c \
                 LEFT JOIN carried e ON e.old_assignment_id = c.old_assignment_id AND e.plan_id = $1 WHERE c.plan_id = $2 ORDER BY c.id")
                .bind(old)
                .bind(new),
        )
        .await?;
    for row in rows {
        let (id, known): (String, Option<TaskId>) = (row.get("id")?, row.get("task_id")?);
        let last: Option<TaskId> = row.get("last_task_id")?;
        let now = last.and_then(|last| goes_on.get(&last).copied());
        if now != known {
            let write = sql("UPDATE carried SET task_id = $1 WHERE id = $2").bind(now);
            tx.run(write.bind(id)).await?;
        }
    }
    Ok(())
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
            matter.planned_on.into(),
            matter.note.clone().into(),
            matter.reported_by.as_ref().map(By::name).into(),
            matter.reported_by.as_ref().and_then(By::account).into(),
            matter.reported_on.into(),
            matter.position.into(),
            matter.version.into(),
            now.into(),
            matter.part.into(),
        ]
    });
    tx.insert(
        "INSERT INTO carried (id, plan_id, old_assignment_id, old_task_id, task_id, organ_id, text, due_text, due_on, state, done_text, planned_on, note, reported_by, reported_by_id, reported_on, position, version, created_at, part_id)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

/// Writes a changed matter if nobody changed it since `matter.version` was read.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub(super) async fn update(tx: &mut Tx, matter: &Carried) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("UPDATE carried SET state = $1, done_text = $2, planned_on = $3, note = $4, reported_by = $5, reported_by_id = $6, reported_on = $7, \
             organ_id = $8, part_id = $9, settled_state = $10, settled_note = $11, version = version + 1 WHERE id = $12 AND version = $13")
            .bind(matter.state.code())
            .bind(&matter.done_text)
            .bind(matter.planned_on)
            .bind(matter.note.clone())
            .bind(matter.reported_by.as_ref().map(By::name))
            .bind(matter.reported_by.as_ref().and_then(By::account))
            .bind(matter.reported_on)
            .bind(matter.organ)
            .bind(matter.part)
            .bind(matter.settled.as_ref().map(|(state, _)| state.code()))
            .bind(matter.settled.as_ref().and_then(|(_, note)| note.clone()))
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

fn from_row(row: &Row) -> Result<Carried, StoreError> {
    let (id, state): (String, String) = (row.get("id")?, row.get("state")?);
    let reported_by: Option<String> = row.get("reported_by")?;
    let account = row.get("reported_by_id")?;
    let settled: Option<String> = row.get("settled_state")?;
    let settled = match settled {
        Some(code) => {
            let state = CarriedState::from_code(&code).ok_or_else(|| corrupt("state", &code))?;
            Some((state, row.get("settled_note")?))
        }
        None => None,
    };
    Ok(Carried {
        id: id.parse().map_err(|_| corrupt("id", &id))?,
        plan: row.get("plan_id")?,
        old_assignment: row.get("old_assignment_id")?,
        part: row.get("part_id")?,
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
        reported_by: reported_by.map(|name| By::kept(name, account)),
        reported_on: row.get("reported_on")?,
        position: row.get("position")?,
        goes_on_later: row.get::<i64>("later")? > 0,
        settled,
        version: row.get("version")?,
    })
}
