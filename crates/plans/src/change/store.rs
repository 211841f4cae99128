//! The SQL of changes.

use std::collections::BTreeSet;

use gongkai_basis::Actor;
use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::effects::Previous;
use super::{Change, ChangeId, ChangeKind, ChangeState};
use crate::plan::store::corrupt;
use crate::task::store::{json, parse};

/// # Errors
/// When the store fails.
pub(super) async fn insert(
    tx: &mut Tx,
    change: &Change,
    touched: &BTreeSet<TaskId>,
    decider: Option<&Actor>,
) -> Result<(), StoreError> {
    // A task that is only proposed has no row to point to yet.
    let only = touched
        .first()
        .filter(|_| touched.len() == 1 && change.kind != ChangeKind::Add);
    tx.run(
        sql("INSERT INTO task_change (id, plan_id, task_id, kind, payload, previous, reason, state, proposed_by, proposer_name, proposed_at, decided_by, decider_name, decided_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
            .bind(change.id.to_string())
            .bind(change.plan)
            .bind(only.copied())
            .bind(change.kind.code())
            .bind(json(&change.operations))
            .bind(json(&change.previous))
            .bind(&change.reason)
            .bind(change.state.code())
            .bind(change.proposed_by)
            .bind(&change.proposer_name)
            .bind(change.proposed_at)
            .bind(decider.and_then(Actor::account))
            .bind(change.decider_name.clone())
            .bind(change.decided_at),
    )
    .await?;
    for task in touched {
        tx.run(
            sql("INSERT INTO task_change_part (change_id, task_id) VALUES ($1, $2)")
                .bind(change.id.to_string())
                .bind(*task),
        )
        .await?;
    }
    Ok(())
}

/// Notes the decision on a proposed change.
///
/// # Errors
/// [`StoreError::Stale`] when it is decided already.
pub(super) async fn decide(
    tx: &mut Tx,
    id: ChangeId,
    state: ChangeState,
    previous: &Previous,
    actor: &Actor,
    note: Option<String>,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE task_change SET state = $1, previous = $2, decided_by = $3, decider_name = $4, decided_at = $5, decision_note = $6 \
             WHERE id = $7 AND state = 'proposed'")
            .bind(state.code())
            .bind(json(previous))
            .bind(actor.account())
            .bind(actor.name())
            .bind(now)
            .bind(note)
            .bind(id.to_string()),
    )
    .await
}

/// # Errors
/// [`StoreError::Stale`] when the change is not in force.
pub(super) async fn undo(
    tx: &mut Tx,
    id: ChangeId,
    actor: &Actor,
    why: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE task_change SET state = 'undone', undoer_name = $1, undone_at = $2, undone_why = $3 WHERE id = $4 AND state = 'approved'")
            .bind(actor.name())
            .bind(now)
            .bind(why)
            .bind(id.to_string()),
    )
    .await
}

/// # Errors
/// When the store fails; a change of a plan outside the scope is `None`.
pub async fn load(tx: &mut Tx, scope: &Scope, id: ChangeId) -> Result<Option<Change>, StoreError> {
    let mut statement = sql("SELECT c.*");
    push_from(&mut statement, scope);
    statement.push(" AND c.id = ").push_value(id.to_string());
    tx.optional(statement)
        .await?
        .map(|row| from_row(&row))
        .transpose()
}

/// The changes in a state, or all; newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<ChangeState>,
    (offset, rows): (i64, i64),
) -> Result<Vec<Change>, StoreError> {
    let mut statement = sql("SELECT c.*");
    push_from(&mut statement, scope);
    if let Some(state) = state {
        statement.push(" AND c.state = ").push_value(state.code());
    }
    statement
        .push(" ORDER BY c.proposed_at DESC, c.id DESC LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    tx.all(statement).await?.iter().map(from_row).collect()
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<ChangeState>,
) -> Result<i64, StoreError> {
    tx.one(counting(scope, state)).await?.get("n")
}

/// The statement of [`count`], for [`Tx::counts`].
#[must_use]
pub fn counting(scope: &Scope, state: Option<ChangeState>) -> Sql {
    let mut statement = sql("SELECT COUNT(*) AS n");
    push_from(&mut statement, scope);
    if let Some(state) = state {
        statement.push(" AND c.state = ").push_value(state.code());
    }
    statement
}

fn push_from(statement: &mut Sql, scope: &Scope) {
    statement.push(" FROM task_change c JOIN plan p ON p.id = c.plan_id JOIN organ o ON o.id = p.organ_id WHERE ");
    scope.push_condition(statement, "o.id", "o.path");
}

/// The changes that touch a task, newest first.
///
/// # Errors
/// When the store fails.
pub async fn of_task(tx: &mut Tx, task: TaskId) -> Result<Vec<Change>, StoreError> {
    tx.all(
        sql("SELECT c.* FROM task_change_part x JOIN task_change c ON c.id = x.change_id WHERE x.task_id = $1 ORDER BY c.proposed_at DESC, c.id DESC")
            .bind(task),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// The changes of a kind that wait for a decision on a plan, newest first.
///
/// # Errors
/// When the store fails.
pub(super) async fn waiting(
    tx: &mut Tx,
    plan: PlanId,
    kind: ChangeKind,
) -> Result<Vec<Change>, StoreError> {
    tx.all(
        sql("SELECT c.* FROM task_change c WHERE c.plan_id = $1 AND c.state = 'proposed' AND c.kind = $2 ORDER BY c.proposed_at DESC, c.id DESC")
            .bind(plan)
            .bind(kind.code()),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// Names of organs, for sentences about a change.
///
/// # Errors
/// When the store fails.
pub(super) async fn organ_names(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = OrganId>,
) -> Result<std::collections::BTreeMap<OrganId, String>, StoreError> {
    let ids: Vec<OrganId> = ids.into_iter().collect();
    let mut names = std::collections::BTreeMap::new();
    for some in ids.chunks(200) {
        let mut statement = sql("SELECT id, name FROM organ WHERE id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            names.insert(row.get("id")?, row.get("name")?);
        }
    }
    Ok(names)
}

fn from_row(row: &Row) -> Result<Change, StoreError> {
    let (id, kind, state): (String, String, String) =
        (row.get("id")?, row.get("kind")?, row.get("state")?);
    Ok(Change {
        id: id.parse().map_err(|_| corrupt("id", &id))?,
        plan: row.get("plan_id")?,
        kind: ChangeKind::from_code(&kind).ok_or_else(|| corrupt("kind", &kind))?,
        operations: parse(row, "payload")?,
        previous: parse(row, "previous")?,
        reason: row.get("reason")?,
        state: ChangeState::from_code(&state).ok_or_else(|| corrupt("state", &state))?,
        proposed_by: row.get("proposed_by")?,
        proposer_name: row.get("proposer_name")?,
        proposed_at: row.get("proposed_at")?,
        decider_name: row.get("decider_name")?,
        decided_at: row.get("decided_at")?,
        decision_note: row.get("decision_note")?,
        undoer_name: row.get("undoer_name")?,
        undone_at: row.get("undone_at")?,
        undone_why: row.get("undone_why")?,
    })
}
