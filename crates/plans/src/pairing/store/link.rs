//! The SQL of which task answers which, and of measures that were taken over.

use std::collections::BTreeMap;

use gongkai_basis::id::TaskId;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use crate::matching::{Certainty, Cover, Turn};
use crate::pairing::{LinkState, PairId, TaskLink};
use crate::plan::store::corrupt;
use crate::task::store::{json, parse};

pub(crate) async fn insert_links(
    tx: &mut Tx,
    pair: PairId,
    links: &[TaskLink],
) -> Result<(), StoreError> {
    let rows = links.iter().map(|link| {
        [
            pair.to_string().into(),
            link.old.into(),
            link.new.into(),
            link.turn.code().into(),
            link.cover.code().into(),
            json(&link.reasons).into(),
            link.certainty.code().into(),
            link.likeness.into(),
            link.state.code().into(),
            link.settled_by.clone().into(),
        ]
    });
    tx.insert(
        "INSERT INTO task_link (pair_id, old_task_id, new_task_id, turn, cover, reasons, certainty, likeness, state, settled_by)",
        rows,
        "",
    )
    .await?;
    Ok(())
}

pub(crate) async fn update_link(
    tx: &mut Tx,
    pair: PairId,
    link: &TaskLink,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("UPDATE task_link SET turn = $1, cover = $2, reasons = $3, state = $4, settled_by = $5, settled_at = $6 WHERE pair_id = $7 AND old_task_id = $8 AND new_task_id = $9")
            .bind(link.turn.code())
            .bind(link.cover.code())
            .bind(json(&link.reasons))
            .bind(link.state.code())
            .bind(link.settled_by.clone())
            .bind(link.settled_by.as_ref().map(|_| now))
            .bind(pair.to_string())
            .bind(link.old)
            .bind(link.new),
    )
    .await?;
    Ok(())
}

pub(super) fn link_from_row(row: &Row) -> Result<TaskLink, StoreError> {
    let code = |name: &str| row.get::<String>(name);
    let (turn, cover) = (code("turn")?, code("cover")?);
    let (certainty, state) = (code("certainty")?, code("state")?);
    Ok(TaskLink {
        old: row.get("old_task_id")?,
        new: row.get("new_task_id")?,
        turn: Turn::from_code(&turn).ok_or_else(|| corrupt("turn", &turn))?,
        cover: Cover::from_code(&cover).ok_or_else(|| corrupt("cover", &cover))?,
        reasons: parse(row, "reasons")?,
        certainty: Certainty::from_code(&certainty)
            .ok_or_else(|| corrupt("certainty", &certainty))?,
        likeness: row.get("likeness")?,
        state: LinkState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        settled_by: row.get("settled_by")?,
    })
}

/// All links of a pair, refused ones included.
///
/// # Errors
/// When the store fails.
pub async fn links(tx: &mut Tx, pair: PairId) -> Result<Vec<TaskLink>, StoreError> {
    tx.all(
        sql("SELECT * FROM task_link WHERE pair_id = $1 ORDER BY old_task_id, new_task_id")
            .bind(pair.to_string()),
    )
    .await?
    .iter()
    .map(link_from_row)
    .collect()
}

/// Where the old tasks of a pair go on: the first answer that counts of each.
///
/// # Errors
/// When the store fails.
pub async fn goes_on(tx: &mut Tx, pair: PairId) -> Result<BTreeMap<TaskId, TaskId>, StoreError> {
    let mut found = BTreeMap::new();
    for link in links(tx, pair).await? {
        if link.state.counts() {
            found.entry(link.old).or_insert(link.new);
        }
    }
    Ok(found)
}

/// A missing measure on its way into the lower plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    pub old: TaskId,
    /// The task that comes of it.
    pub task: TaskId,
    /// Of the change.
    pub change: String,
    pub waiting: bool,
    /// The task is in the plan now.
    pub there: bool,
}

/// The adoptions of a pair that were not turned down or undone.
///
/// # Errors
/// When the store fails.
pub async fn adoptions(tx: &mut Tx, pair: PairId) -> Result<Vec<Adoption>, StoreError> {
    tx.all(
        sql("SELECT d.old_task_id, d.task_id, d.change_id, c.state, t.state AS task_state FROM task_adoption d \
             JOIN task_change c ON c.id = d.change_id LEFT JOIN task t ON t.id = d.task_id \
             WHERE d.pair_id = $1 AND c.state IN ('proposed', 'approved')")
            .bind(pair.to_string()),
    )
    .await?
    .iter()
    .map(|row| {
        let (state, task): (String, Option<String>) = (row.get("state")?, row.get("task_state")?);
        Ok(Adoption {
            old: row.get("old_task_id")?,
            task: row.get("task_id")?,
            change: row.get("change_id")?,
            waiting: state == "proposed",
            there: task.as_deref() == Some("open"),
        })
    })
    .collect()
}

pub(crate) async fn adopt(
    tx: &mut Tx,
    pair: PairId,
    (old, task): (TaskId, TaskId),
    change: &str,
) -> Result<(), StoreError> {
    // One that was turned down makes room for the next.
    tx.run(
        sql("DELETE FROM task_adoption WHERE pair_id = $1 AND old_task_id = $2")
            .bind(pair.to_string())
            .bind(old),
    )
    .await?;
    tx.run(
        sql("INSERT INTO task_adoption (pair_id, old_task_id, change_id, task_id) VALUES ($1, $2, $3, $4)")
            .bind(pair.to_string())
            .bind(old)
            .bind(change)
            .bind(task),
    )
    .await?;
    Ok(())
}

/// The link of a measure that was taken over by a key.
#[must_use]
pub fn adopted(old: TaskId, new: TaskId) -> TaskLink {
    TaskLink {
        old,
        new,
        turn: Turn::Same,
        cover: Cover::TakenOver,
        reasons: vec!["由缺项生成，照录上级原文".to_owned()],
        certainty: Certainty::Sure,
        likeness: 100,
        state: LinkState::Accepted,
        settled_by: None,
    }
}
