//! Who hears of a change: the head when one waits, those who proposed it when it is decided.

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;

use super::{Change, ChangeState};
use crate::notify::{Notice, To, notify, short};
use crate::plan::Plan;

/// Tells how a change stands after a step. The head's own changes, decided as they are made, are told to nobody.
///
/// # Errors
/// When the store fails.
pub(super) async fn standing(
    tx: &mut Tx,
    plan: &Plan,
    change: &Change,
    state: ChangeState,
    note: &str,
) -> Result<(), StoreError> {
    let kind = change.kind.name();
    let (to, title) = match state {
        ChangeState::Proposed => (To::Head, format!("{kind}等您审批")),
        ChangeState::Approved => (To::Clerks, format!("{kind}已批准")),
        ChangeState::Rejected => (To::Clerks, format!("{kind}被退回")),
        ChangeState::Undone => (To::Clerks, format!("{kind}已撤销")),
    };
    let body = if note.is_empty() {
        format!("{}提出，原因：{}", change.proposer_name, change.reason)
    } else {
        format!("原因：{note}")
    };
    let notice = Notice {
        to,
        organ: plan.organ,
        topic: Topic::Change,
        key: format!("change:{}:{}", change.id, state.code()),
        title,
        body: short(&body),
        path: format!("/workspace/changes/{}", change.id),
        about: None,
    };
    notify(tx, notice).await
}
