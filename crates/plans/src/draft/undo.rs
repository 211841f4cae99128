//! The whole import is taken back while nobody has worked on it.

use std::collections::BTreeSet;

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::{DraftError, DraftState, store};
use crate::acts::ImportPlan;
use crate::assignment::AssignmentState;
use crate::carried;
use crate::notify::{Notice, To, notify, notify_all, short};
use crate::plan::{self, Plan, PlanState};

/// All reasons why an import can no longer be taken back; empty when it can.
///
/// # Errors
/// When the store fails.
pub async fn why_not_undo(tx: &mut Tx, plan: PlanId) -> Result<Vec<String>, StoreError> {
    let state = plan::store::find(tx, plan).await?.map(|plan| plan.state);
    let instead = match state {
        Some(PlanState::Upper) => {
            "不能再撤销导入；要改用别的上级方案，请在本级方案的“承接上级”里改选。"
        }
        Some(PlanState::Active | PlanState::Undone) | None => {
            "不能再撤销整个导入；可以逐条变更或取消任务。"
        }
    };
    let mut reasons = Vec::new();
    for (count, what) in store::work_on(tx, plan).await? {
        if count > 0 {
            reasons.push(format!("已有 {count} {what}，{instead}"));
        }
    }
    Ok(reasons)
}

/// Takes the import back: plan, tasks and assignments leave the ledger, the draft is open again, and what the plan's 回头看
/// had closed or waived of the years before stands as it did. An upper plan is offered for comparing no more. The units that
/// were given tasks are told that they have none of them any more.
///
/// # Errors
/// Refused once somebody has worked on it, with all the reasons.
pub async fn undo(tx: &mut Tx, permit: &Permit<ImportPlan>, id: PlanId) -> Result<(), DraftError> {
    let plan = plan::store::load_any(tx, permit.scope(), id)
        .await?
        .ok_or(DraftError::NotFound)?;
    if plan.state == PlanState::Undone {
        return Err(DraftError::Refused(vec![
            "这次导入已经撤销过了。".to_owned(),
        ]));
    }
    let reasons = why_not_undo(tx, id).await?;
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    // What was begun on the plan, a correction or an older ledger, has nothing left to go to.
    let proposed = store::proposal::waiting_of_plan(tx, id).await?;
    let begun = store::discard_of_plan(tx, id, plan.draft).await?;
    let units = units(tx, id).await?;
    let (tasks, assignments) = store::take_back(tx, id, plan.version).await?;
    let given_back = carried::undone::give_back(tx, permit.actor(), &plan).await?;
    if let Some(draft) = plan.draft
        && let Some(mut draft) = store::load(tx, permit.scope(), draft).await?
    {
        store::set_state(tx, &mut draft, DraftState::Open, None).await?;
    }
    let mut sentence = format!("撤销导入《{}》", plan.title);
    if given_back > 0 {
        sentence.push_str(&format!(
            "，{given_back}项在该方案里销号或不再要求的未完成事项恢复原状"
        ));
    }
    if proposed > 0 {
        sentence.push_str("，正在报批的更正稿一并作废");
    }
    tx.record(
        Event::new(
            permit.actor(),
            "plan.import-undone",
            ("plan", id.to_string()),
            sentence,
        )
        .organ(plan.organ)
        .data(json!({ "tasks": tasks, "assignments": assignments, "drafts": begun, "matters_given_back": given_back })),
    );
    if proposed > 0 {
        notify(tx, nothing_to_decide(&plan)).await?;
    }
    tell_units(tx, &plan, units).await
}

/// Takes back what the head was asked.
fn nothing_to_decide(plan: &Plan) -> Notice {
    Notice {
        to: To::Head,
        organ: plan.organ,
        topic: Topic::Change,
        key: format!("plan:{}:undone:corrections", plan.id),
        title: "等您审批的更正稿已作废".to_owned(),
        body: short(&format!(
            "《{}》的导入已撤销，更正稿现在不用审批。",
            plan.title
        )),
        path: "/workspace/import".to_owned(),
        about: None,
    }
}

/// The units that have a part in a plan.
async fn units(tx: &mut Tx, plan: PlanId) -> Result<BTreeSet<OrganId>, StoreError> {
    let parts = store::assignments_of(tx, plan).await?.into_iter();
    let open = parts.filter(|part| part.state == AssignmentState::Open);
    Ok(open.map(|part| part.organ).collect())
}

/// Takes back what confirming had told each unit.
async fn tell_units(tx: &mut Tx, plan: &Plan, units: BTreeSet<OrganId>) -> Result<(), DraftError> {
    let notice = |organ: OrganId| Notice {
        to: To::Unit,
        organ,
        topic: Topic::Change,
        key: format!("plan:{}:{organ}:undone", plan.id),
        title: format!("{}年任务已撤回：原来下达的任务不再有效", plan.year),
        body: short(&format!("《{}》的导入已撤销，现在不用办理。", plan.title)),
        path: "/workspace/tasks".to_owned(),
        about: None,
    };
    notify_all(tx, units.into_iter().map(notice).collect()).await?;
    Ok(())
}
