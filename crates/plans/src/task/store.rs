//! The SQL of tasks.

use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::db::{Row, StoreError, Tx, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Task, TaskState};
use crate::plan::store::corrupt;

/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, task: &Task) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO task (id, plan_id, position, number, section, section_group, text, organ_text, due_on, deadlines, quantities, place, state, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
            .bind(task.id)
            .bind(task.plan)
            .bind(task.position)
            .bind(task.number)
            .bind(task.section.clone())
            .bind(task.group.clone())
            .bind(&task.text)
            .bind(&task.organ_text)
            .bind(task.due_on())
            .bind(json(&task.deadlines))
            .bind(json(&task.quantities))
            .bind(json(&task.place))
            .bind(task.state.code())
            .bind(task.version)
            .bind(now),
    )
    .await?;
    Ok(())
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
    tx.all(sql("SELECT * FROM task WHERE plan_id = $1 ORDER BY position").bind(plan))
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
