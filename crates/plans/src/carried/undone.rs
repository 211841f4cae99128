//! What an undone import gives back: what its plan had closed or waived of the years before is asked for again.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Actor;
use gongkai_basis::id::{OrganId, TaskId};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ::store as organs;
use serde_json::json;

use super::directory::to_heir;
use super::store::{self, Whose};
use super::{CARRIED_MAX, Carried};
use crate::notify::{Notice, To, notify_all, short};
use crate::plan::Plan;
use crate::task;

/// Puts back what the matters of a plan decided of earlier years, once the plan is out of force: the rows of those years stand
/// as before, and last year's parts are owed again. Gives how many matters had been closed or waived.
///
/// # Errors
/// When the store fails.
pub(crate) async fn give_back(
    tx: &mut Tx,
    actor: &Actor,
    plan: &Plan,
) -> Result<usize, StoreError> {
    let matters = store::list(tx, Whose::Plan(plan.id), None, (0, CARRIED_MAX)).await?;
    for before in store::settled_by(tx, plan.id).await? {
        restore(tx, actor, plan, before).await?;
    }
    let tasks: BTreeSet<TaskId> = matters.iter().map(|matter| matter.old_task).collect();
    let tasks: Vec<TaskId> = tasks.into_iter().collect();
    task::store::settle_all(tx, &tasks).await?;
    let ended: Vec<OrganId> = matters
        .iter()
        .filter(|matter| !matter.state.is_open())
        .map(|matter| matter.organ)
        .collect();
    tell_units(tx, plan, &ended).await?;
    Ok(ended.len())
}

async fn restore(
    tx: &mut Tx,
    actor: &Actor,
    plan: &Plan,
    mut before: Carried,
) -> Result<(), StoreError> {
    let Some((state, note)) = before.settled.take() else {
        return Ok(());
    };
    (before.state, before.note) = (state, note);
    if state.is_open() {
        to_heir(tx, &mut before).await?;
    }
    store::update(tx, &before).await?;
    let sentence = format!(
        "《{}》的导入已撤销，恢复为“{}”（{}）",
        plan.title,
        state.name(),
        before.organ_name
    );
    let subject = ("carried", before.id.to_string());
    tx.record(
        Event::new(actor, "carried.restored", subject, sentence)
            .organ(before.organ)
            .data(json!({ "state": state.code(), "plan": before.plan, "undone": plan.id })),
    );
    Ok(())
}

/// Each unit hears how much is asked of it again.
async fn tell_units(tx: &mut Tx, plan: &Plan, ended: &[OrganId]) -> Result<(), StoreError> {
    let mut per_organ: BTreeMap<OrganId, usize> = BTreeMap::new();
    for organ in ended {
        *per_organ
            .entry(organs::heir_of(tx, *organ).await?)
            .or_default() += 1;
    }
    let notices = per_organ.into_iter().map(|(organ, n)| Notice {
        to: To::Unit,
        organ,
        topic: Topic::Review,
        key: format!("carried:{}:{organ}:undone", plan.id),
        title: format!(
            "{}年方案的导入已撤销，{n}项原已销号或不再要求的未完成事项恢复原状",
            plan.year
        ),
        body: short(&plan.title),
        path: "/workspace/due".to_owned(),
        about: None,
    });
    notify_all(tx, notices.collect()).await?;
    Ok(())
}
