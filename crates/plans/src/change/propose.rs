//! The office proposes a change; its head's own proposal takes effect at once.

use std::collections::BTreeSet;

use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::decide::decides;
use super::effects::{Effects, Written};
use super::{
    Change, ChangeError, ChangeId, ChangeKind, ChangeState, OPERATIONS_MAX, Operation,
    REASON_CHARS_MAX, store, tell,
};
use crate::acts::{DecideChange, ProposeChange};
use crate::plan::{self, Plan};
use crate::round::follow::follow;
use crate::task::store::json as as_json;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub plan: PlanId,
    pub kind: ChangeKind,
    pub operations: Vec<Operation>,
    pub reason: String,
}

impl Proposal {
    fn refusals(&self) -> Vec<String> {
        let mut refusals = Vec::new();
        if self.reason.is_empty() {
            refusals.push("请填写变更原因，如“机构职能调整”“上级文件改期”。".to_owned());
        }
        if self.reason.chars().count() > REASON_CHARS_MAX {
            refusals.push(format!("变更原因最多{REASON_CHARS_MAX}字。"));
        }
        if self.operations.is_empty() {
            refusals.push("请至少选择一项。".to_owned());
        }
        if self.operations.len() > OPERATIONS_MAX {
            refusals.push(format!(
                "一次最多变更{OPERATIONS_MAX}项，现在选了{}项。请分几次办理。",
                self.operations.len()
            ));
        }
        refusals
    }

    /// Its steps, comparable with those of another proposal.
    fn steps(operations: &[Operation]) -> Vec<String> {
        let steps = operations.iter().map(Operation::undrawn);
        let mut steps: Vec<String> = steps.map(|step| as_json(&step)).collect();
        steps.sort_unstable();
        steps
    }

    /// Is it what a change already asks for? Of new tasks the reason must be the same, too: two of the same words may be
    /// wanted.
    fn is_same(&self, change: &Change) -> bool {
        self.operations.len() == change.operations.len()
            && (self.kind != ChangeKind::Add || self.reason == change.reason)
            && Self::steps(&self.operations) == Self::steps(&change.operations)
    }
}

/// The change that waits for a decision and does what is proposed: somebody pressed twice, or went back in the browser.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, proposal: &Proposal) -> Result<Option<ChangeId>, StoreError> {
    let waiting = store::waiting(tx, proposal.plan, proposal.kind).await?;
    let mut same = waiting.iter().filter(|change| proposal.is_same(change));
    Ok(same.next().map(|change| change.id))
}

/// Proposes a change. With `decide`, which the head has, it takes effect at once.
///
/// # Errors
/// Not found, refused with all reasons, waiting where the same is proposed already, or the store's.
pub async fn propose(
    tx: &mut Tx,
    permit: &Permit<ProposeChange>,
    decide: Option<&Permit<DecideChange>>,
    proposal: Proposal,
) -> Result<Change, ChangeError> {
    let plan = plan::store::load(tx, permit.scope(), proposal.plan)
        .await?
        .ok_or(ChangeError::NotFound)?;
    let mut refusals = proposal.refusals();
    if !refusals.is_empty() {
        return Err(ChangeError::Refused(refusals));
    }
    let mut effects = Effects::of(tx, &plan, &proposal.operations).await?;
    refusals.append(&mut effects.refusals);
    if !refusals.is_empty() {
        return Err(ChangeError::Refused(refusals));
    }
    if let Some(same) = waiting(tx, &proposal).await? {
        return Err(ChangeError::Waiting(same));
    }
    let decider = match decide {
        Some(permit) if decides(tx, decide, plan.id).await? => Some(permit.actor()),
        _ => None,
    };
    let now = tx.now();
    let mut change = Change {
        id: ChangeId::new(crate::fresh(now)),
        plan: plan.id,
        kind: proposal.kind,
        operations: proposal.operations,
        previous: effects.previous(Written::No),
        reason: proposal.reason,
        state: ChangeState::Proposed,
        proposed_by: permit.actor().account(),
        proposer_name: permit.actor().name().to_owned(),
        proposed_at: now.as_millisecond(),
        decider_name: None,
        decided_at: None,
        decision_note: None,
        undoer_name: None,
        undone_at: None,
        undone_why: None,
    };
    if let Some(actor) = decider {
        effects.write(tx).await?;
        change.previous = effects.previous(Written::Yes);
        change.state = ChangeState::Approved;
        change.decider_name = Some(actor.name().to_owned());
        change.decided_at = Some(now.as_millisecond());
    }
    let touched = effects.touched();
    store::insert(tx, &change, &touched, decider).await?;
    record(tx, permit, (&change, &plan), &touched);
    if change.state == ChangeState::Proposed {
        tell::standing(tx, &plan, &change, change.state, "").await?;
    } else {
        follow(tx, permit.actor(), plan.id).await?;
        tell::units(tx, &change, &effects).await?;
    }
    Ok(change)
}

fn record(
    tx: &mut Tx,
    permit: &Permit<ProposeChange>,
    (change, plan): (&Change, &Plan),
    touched: &BTreeSet<TaskId>,
) {
    let (kind, verb) = match change.state {
        ChangeState::Approved => ("change.approved", "决定"),
        ChangeState::Proposed | ChangeState::Rejected | ChangeState::Undone => {
            ("change.proposed", "提出")
        }
    };
    tx.record(
        Event::new(
            permit.actor(),
            kind,
            ("change", change.id.to_string()),
            format!(
                "{verb}{}（{}项任务），原因：{}",
                change.kind.name(),
                touched.len(),
                change.reason
            ),
        )
        .organ(plan.organ)
        .data(json!({ "plan": plan.id, "tasks": touched, "operations": change.operations })),
    );
}
