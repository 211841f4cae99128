//! Who hears of a change: the head when one waits, those who proposed it when it is decided, units when it takes effect.

use std::collections::BTreeMap;

use gongkai_basis::id::{OrganId, TaskId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;

use super::effects::Effects;
use super::{Change, ChangeState};
use crate::assignment::{self, AssignmentState};
use crate::notify::{Notice, To, notify, notify_all, short};
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

/// What a change does to the parts of one unit.
#[derive(Debug, Default)]
struct Touched {
    came: usize,
    went: usize,
    changed: usize,
    /// The one task, while it is only one.
    tasks: Vec<TaskId>,
}

impl Touched {
    fn words(&self) -> String {
        [
            (self.came, "新增"),
            (self.went, "转出或取消"),
            (self.changed, "有修改"),
        ]
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{what}{n}项"))
        .collect::<Vec<_>>()
        .join("、")
    }

    /// One task that the unit still has opens itself; else its list.
    fn path(&self) -> String {
        match self.tasks.as_slice() {
            [task] if self.went == 0 => format!("/workspace/tasks/{task}"),
            _ => "/workspace/tasks".to_owned(),
        }
    }
}

/// What happens to the parts of units.
#[derive(Debug, Default)]
pub(crate) struct Units(BTreeMap<OrganId, Touched>);

impl Units {
    /// A unit's part in a task was open or not, and is open or not.
    pub(crate) fn note(&mut self, (task, organ): (TaskId, OrganId), was: bool, is: bool) {
        let unit = self.0.entry(organ).or_default();
        match (was, is) {
            (false, true) => unit.came += 1,
            (true, false) => unit.went += 1,
            (true, true) => unit.changed += 1,
            (false, false) => return,
        }
        unit.tasks.push(task);
    }

    fn knows(&self, (task, organ): (TaskId, OrganId)) -> bool {
        let unit = self.0.get(&organ);
        unit.is_some_and(|unit| unit.tasks.contains(&task))
    }

    /// Tells each unit; `key` names what was done.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn tell(self, tx: &mut Tx, key: &str, body: &str) -> Result<(), StoreError> {
        let touched = self
            .0
            .into_iter()
            .filter(|(_, unit)| !unit.tasks.is_empty());
        let notices = touched.map(|(organ, unit)| Notice {
            to: To::Unit,
            organ,
            topic: Topic::Change,
            key: format!("{key}:{organ}:approved"),
            title: format!("任务有变更：{}", unit.words()),
            body: short(body),
            path: unit.path(),
            about: None,
        });
        notify_all(tx, notices.collect()).await?;
        Ok(())
    }
}

/// Tells each unit what came to it, left it or was amended.
///
/// # Errors
/// When the store fails.
pub(super) async fn units(
    tx: &mut Tx,
    change: &Change,
    effects: &Effects,
) -> Result<(), StoreError> {
    let mut units = Units::default();
    for effect in effects.parts.values() {
        let is_open = |state: AssignmentState| state == AssignmentState::Open;
        let was = effect
            .before
            .as_ref()
            .is_some_and(|part| is_open(part.state));
        let part = (effect.after.task, effect.after.organ);
        units.note(part, was, is_open(effect.after.state));
    }
    let amended: Vec<TaskId> = effects
        .tasks
        .iter()
        .filter(|(_, effect)| effect.before.is_some())
        .map(|(task, _)| *task)
        .collect();
    for part in assignment::store::open_of(tx, &amended).await? {
        if !units.knows(part) {
            units.note(part, true, true);
        }
    }
    let body = format!("{}，原因：{}", change.kind.name(), change.reason);
    units
        .tell(tx, &format!("change:{}", change.id), &body)
        .await
}

/// Tells the same units that the change was taken back.
///
/// # Errors
/// When the store fails.
pub(super) async fn units_undone(
    tx: &mut Tx,
    change: &Change,
    why: &str,
) -> Result<(), StoreError> {
    let amended: Vec<TaskId> = change.previous.tasks.iter().map(|task| task.id).collect();
    let mut organs: Vec<OrganId> = change
        .previous
        .parts
        .iter()
        .map(|part| part.organ)
        .collect();
    let open = assignment::store::open_of(tx, &amended).await?;
    organs.extend(open.into_iter().map(|(_, organ)| organ));
    organs.sort_unstable();
    organs.dedup();
    let notices = organs.into_iter().map(|organ| Notice {
        to: To::Unit,
        organ,
        topic: Topic::Change,
        key: format!("change:{}:{organ}:undone", change.id),
        title: format!("{}已撤销，任务恢复原样", change.kind.name()),
        body: short(&format!("原因：{why}")),
        path: "/workspace/tasks".to_owned(),
        about: None,
    });
    notify_all(tx, notices.collect()).await?;
    Ok(())
}
