//! A step that somebody claimed and does not take goes back to those who may: by whoever is head of the unit, or when the
//! claimer's work is handed over. Its holder gives it back by `handle::act`.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::AccountId;
use gongkai_platform::access::Permit;
use gongkai_platform::account::HandledWork;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use serde_json::json;

use super::{Stage, StepState, current, handle, store};
use crate::acts::ReleaseSteps;
use crate::document::handle::event;
use crate::document::{self, Document, SUMMARY_CHARS_MAX, State};
use crate::id::DocumentId;

/// Steps that a person claimed and did not take. The successor gets the roles, not the step: who wrote or reviewed the same
/// text may not take it, so it waits again for everybody who may, the successor among them.
pub struct ClaimedSteps;

#[async_trait]
impl HandledWork for ClaimedSteps {
    fn name(&self) -> &'static str {
        "领取未办、退回待办的审核步骤"
    }

    async fn count(&self, tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
        let claimed = store::claimed_by(tx, account).await?;
        Ok(i64::try_from(claimed.len()).unwrap_or(i64::MAX))
    }

    async fn transfer(
        &self,
        tx: &mut Tx,
        from: AccountId,
        _: AccountId,
    ) -> Result<i64, StoreError> {
        let mut freed = 0;
        for document in store::claimed_by(tx, from).await? {
            let stages = store::of(tx, document.edition).await?;
            let Some(stage) = claimed(&document, &stages) else {
                continue;
            };
            set_free(tx, &Actor::System, (&document, stage), "工作移交").await?;
            freed += 1;
        }
        Ok(freed)
    }
}

/// The step in turn, if somebody has it.
fn claimed<'s>(document: &Document, stages: &'s [Stage]) -> Option<&'s Stage> {
    current(stages)
        .filter(|stage| document.state == State::Reviewing && stage.state == StepState::Claimed)
}

/// Lets others claim the step that somebody claimed and does not take.
///
/// # Errors
/// Not found; stale; refused without a reason, or where nobody has the step in turn.
pub async fn release(
    tx: &mut Tx,
    permit: &Permit<ReleaseSteps>,
    (id, step_version): (DocumentId, i64),
    why: &str,
) -> Result<(), NotDone> {
    let document = document::store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    let stages = store::of(tx, document.edition).await?;
    let Some(stage) = claimed(&document, &stages) else {
        return refused(vec![(
            "state",
            "现在没有领取以后还没有办的步骤，不用退回。".to_owned(),
        )]);
    };
    if stage.version != step_version {
        return Err(StoreError::Stale.into());
    }
    let field = ("why_released", "退回待办的理由");
    let fault = text_fault(field, why, SUMMARY_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    set_free(tx, permit.actor(), (&document, stage), why).await?;
    Ok(())
}

/// Whoever had it is free of it, and those who may take it are told.
async fn set_free(
    tx: &mut Tx,
    actor: &Actor,
    (document, stage): (&Document, &Stage),
    why: &str,
) -> Result<(), StoreError> {
    let mut free = Stage {
        state: StepState::Waiting,
        by: None,
        ..stage.clone()
    };
    store::update(tx, &free).await?;
    free.version += 1;
    let (holder, name) = stage.by.clone().unwrap_or_default();
    store::leave_duty(tx, document.edition, &holder).await?;
    handle::tell(tx, document, &free).await?;
    let sentence = format!(
        "{}由{name}领取未办，退回待办：《{}》，{why}",
        stage.step.name(),
        document.title
    );
    tx.record(
        event(actor, document, "document.released", sentence)
            .data(json!({ "step": stage.step.code() })),
    );
    Ok(())
}
