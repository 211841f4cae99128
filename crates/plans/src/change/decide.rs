//! The head of the office approves or rejects a proposed change, or undoes one that took effect.

use std::collections::BTreeSet;

use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::effects::{Effects, Previous, Written, short};
use super::{Change, ChangeError, ChangeId, ChangeState, REASON_CHARS_MAX, store, tell};
use crate::acts::DecideChange;
use crate::assignment::{self, AssignmentState};
use crate::plan::{self, Plan};
use crate::round::follow::follow;
use crate::task::{self, TaskState};

async fn load(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    id: ChangeId,
) -> Result<(Change, Plan), ChangeError> {
    let change = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(ChangeError::NotFound)?;
    let plan = plan::store::load(tx, permit.scope(), change.plan)
        .await?
        .ok_or(ChangeError::NotFound)?;
    Ok((change, plan))
}

fn record(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    (change, plan): (&Change, &Plan),
    kind: &'static str,
    sentence: String,
) {
    tx.record(
        Event::new(
            permit.actor(),
            kind,
            ("change", change.id.to_string()),
            sentence,
        )
        .organ(plan.organ)
        .data(json!({ "plan": plan.id, "kind": change.kind.code() })),
    );
}

/// Puts a proposed change into effect.
///
/// # Errors
/// Not found; refused when it is decided already or what it changes has changed since.
pub async fn approve(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    id: ChangeId,
) -> Result<Change, ChangeError> {
    let (change, plan) = load(tx, permit, id).await?;
    if change.state != ChangeState::Proposed {
        return Err(ChangeError::refused(format!(
            "这项变更{}，不能再审批。",
            change.state.name()
        )));
    }
    let mut effects = Effects::of(tx, &plan, &change.operations).await?;
    if !effects.refusals.is_empty() {
        return Err(ChangeError::Refused(effects.refusals));
    }
    effects.write(tx).await?;
    let previous = effects.previous(Written::Yes);
    store::decide(
        tx,
        id,
        ChangeState::Approved,
        &previous,
        permit.actor(),
        None,
    )
    .await?;
    let sentence = format!("批准{}（{}提出）", change.kind.name(), change.proposer_name);
    record(tx, permit, (&change, &plan), "change.approved", sentence);
    follow(tx, permit.actor(), plan.id).await?;
    tell::standing(tx, &plan, &change, ChangeState::Approved, "").await?;
    tell::units(tx, &change, &effects).await?;
    Ok(change)
}

/// Sends a proposed change back, with the reason.
///
/// # Errors
/// Not found; refused when it is decided already or no reason is given.
pub async fn reject(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    id: ChangeId,
    why: &str,
) -> Result<Change, ChangeError> {
    let (change, plan) = load(tx, permit, id).await?;
    check_reason(why, "退回原因")?;
    if change.state != ChangeState::Proposed {
        return Err(ChangeError::refused(format!(
            "这项变更{}，不能再退回。",
            change.state.name()
        )));
    }
    store::decide(
        tx,
        id,
        ChangeState::Rejected,
        &change.previous,
        permit.actor(),
        Some(why.to_owned()),
    )
    .await?;
    let sentence = format!(
        "退回{}（{}提出），原因：{why}",
        change.kind.name(),
        change.proposer_name
    );
    record(tx, permit, (&change, &plan), "change.rejected", sentence);
    tell::standing(tx, &plan, &change, ChangeState::Rejected, why).await?;
    Ok(change)
}

/// Takes an approved change back, as long as nothing later touched what it touched.
///
/// # Errors
/// Not found; refused with each row that was touched since.
pub async fn undo(
    tx: &mut Tx,
    permit: &Permit<DecideChange>,
    id: ChangeId,
    why: &str,
) -> Result<Change, ChangeError> {
    let (change, plan) = load(tx, permit, id).await?;
    check_reason(why, "撤销原因")?;
    if change.state != ChangeState::Approved {
        return Err(ChangeError::refused(format!(
            "这项变更{}，不能撤销。",
            change.state.name()
        )));
    }
    let refusals = why_not_undo(tx, &change.previous).await?;
    if !refusals.is_empty() {
        return Err(ChangeError::Refused(refusals));
    }
    put_back(tx, &change.previous).await?;
    store::undo(tx, id, permit.actor(), why).await?;
    let sentence = format!("撤销{}，原因：{why}", change.kind.name());
    record(tx, permit, (&change, &plan), "change.undone", sentence);
    follow(tx, permit.actor(), plan.id).await?;
    tell::standing(tx, &plan, &change, ChangeState::Undone, why).await?;
    tell::units_undone(tx, &change, why).await?;
    Ok(change)
}

fn check_reason(why: &str, name: &str) -> Result<(), ChangeError> {
    why_not_reason(why, name).map_or(Ok(()), |fault| Err(ChangeError::refused(fault)))
}

/// Does this permit decide about a plan? It reaches only the head's own office.
///
/// # Errors
/// When the store fails.
pub async fn decides(
    tx: &mut Tx,
    decide: Option<&Permit<DecideChange>>,
    plan: PlanId,
) -> Result<bool, StoreError> {
    match decide {
        Some(decide) => {
            let found = plan::store::load(tx, decide.scope(), plan).await?;
            Ok(found.is_some())
        }
        None => Ok(false),
    }
}

/// What is wrong with a reason that `name` calls; `None` when it will do.
pub(crate) fn why_not_reason(why: &str, name: &str) -> Option<String> {
    if why.is_empty() {
        return Some(format!("请填写{name}。"));
    }
    let long = why.chars().count() > REASON_CHARS_MAX;
    long.then(|| format!("{name}最多{REASON_CHARS_MAX}字。"))
}

/// Why an approved change can no longer be taken back; empty when it can.
///
/// # Errors
/// When the store cannot be read.
pub async fn why_not_undo(tx: &mut Tx, previous: &Previous) -> Result<Vec<String>, StoreError> {
    let mut refusals = Vec::new();
    for before in &previous.tasks {
        let touched = task::store::load(tx, before.id)
            .await?
            .is_none_or(|task| task.version != before.left);
        if touched {
            refusals.push(format!(
                "任务“{}”在这次变更之后又被改动。",
                short(&before.wording.text)
            ));
        }
    }
    for before in &previous.parts {
        let touched = assignment::store::find(tx, before.id)
            .await?
            .is_none_or(|part| part.version != before.left);
        if touched {
            refusals.push(format!(
                "“{}”在这次变更之后又有改动或填报。",
                before.named_as
            ));
        }
    }
    Ok(refusals)
}

async fn put_back(tx: &mut Tx, previous: &Previous) -> Result<(), StoreError> {
    let mut touched: BTreeSet<TaskId> = BTreeSet::new();
    for before in &previous.tasks {
        let mut task = task::store::load(tx, before.id)
            .await?
            .ok_or(StoreError::Stale)?;
        before.wording.put_into(&mut task);
        // What the change made does not vanish: it is cancelled, and its number is never used again.
        task.state = if before.new {
            TaskState::Cancelled
        } else {
            TaskState::Open
        };
        task::store::update(tx, &mut task).await?;
        touched.insert(task.id);
    }
    for before in &previous.parts {
        let mut part = assignment::store::find(tx, before.id)
            .await?
            .ok_or(StoreError::Stale)?;
        part.duty = before.duty;
        part.named_as.clone_from(&before.named_as);
        part.due_on = before.due_on;
        part.state =
            AssignmentState::from_code(&before.state).unwrap_or(AssignmentState::Cancelled);
        assignment::store::update(tx, &mut part).await?;
        touched.insert(part.task);
    }
    task::store::settle_all(tx, &touched.into_iter().collect::<Vec<_>>()).await
}
