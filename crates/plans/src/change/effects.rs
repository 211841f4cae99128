//! What a change would do, worked out before anything is written: the same for the preview, the proposal and the approval.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, TaskId};
use gongkai_office::Place;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::store as organs;
use serde::{Deserialize, Serialize};

use super::hindrance::{Hindrances, Why};
use super::{NewPart, Operation, Wording};
use crate::assignment::{self, Assignment, AssignmentState, Duty};
use crate::plan::Plan;
use crate::task::{self, Task, TaskState};
use crate::{report, when};

/// The longest task, in characters.
pub const TASK_CHARS_MAX: usize = 5_000;

/// A row before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect<T> {
    /// `None`: it is new.
    pub before: Option<T>,
    pub after: T,
}

/// All that a change does, or why it cannot.
#[derive(Debug, Default)]
pub struct Effects {
    pub tasks: BTreeMap<TaskId, Effect<Task>>,
    pub parts: BTreeMap<AssignmentId, Effect<Assignment>>,
    /// Sentences, all at once and each once.
    pub refusals: Vec<String>,
    /// What of that stands in the way of single steps.
    hindrances: Hindrances,
}

/// What was there before, as JSON beside the change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    pub tasks: Vec<TaskBefore>,
    pub parts: Vec<PartBefore>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskBefore {
    pub id: TaskId,
    /// The change made it.
    pub new: bool,
    pub wording: Wording,
    /// The version that the change left; 0 while it is only proposed.
    pub left: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartBefore {
    pub id: AssignmentId,
    pub task: TaskId,
    pub organ: OrganId,
    pub new: bool,
    pub duty: Duty,
    pub named_as: String,
    /// The code of its state; what the change made was not there, which is `cancelled`.
    pub state: String,
    pub due_on: Option<Date>,
    pub left: i64,
}

impl Wording {
    #[must_use]
    pub fn of(task: &Task) -> Self {
        Self {
            section: task.section.clone(),
            group: task.group.clone(),
            text: task.text.clone(),
            deadlines: task.deadlines.clone(),
            quantities: Some(task.quantities.clone()),
        }
    }

    pub(super) fn put_into(&self, task: &mut Task) {
        task.quantities = self.counts((&task.text, &task.quantities));
        task.section.clone_from(&self.section);
        task.group.clone_from(&self.group);
        task.text.clone_from(&self.text);
        task.deadlines.clone_from(&self.deadlines);
    }
}

/// New dates that lie before the plan's year: slips of the pen, by which a task would be overdue for years at once.
fn slips(plan: &Plan, operations: &[Operation]) -> Option<String> {
    let mut new = operations.iter().filter_map(|operation| match operation {
        Operation::TaskDue { due_on, .. } | Operation::PartDue { due_on, .. } => Some(*due_on),
        Operation::AddTask { .. }
        | Operation::AmendTask { .. }
        | Operation::AddPart { .. }
        | Operation::RemovePart { .. }
        | Operation::SetDuty { .. }
        | Operation::Transfer { .. }
        | Operation::CancelTask { .. } => None,
    });
    let wrong = new.find(|day| i64::from(day.year()) < plan.year)?;
    Some(format!(
        "新的期限{}早于方案的年度（{}年），请核对年份。",
        when::date(wrong),
        plan.year
    ))
}

impl Effects {
    /// Works out what the operations do to a plan as it stands now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(
        tx: &mut Tx,
        plan: &Plan,
        operations: &[Operation],
    ) -> Result<Self, StoreError> {
        let mut effects = Self::default();
        for (nth, operation) in operations.iter().enumerate() {
            effects.hindrances.look_at(nth);
            effects.add(tx, plan, operation).await?;
        }
        effects.refusals = effects.hindrances.sentences();
        effects.refusals.extend(slips(plan, operations));
        if effects
            .tasks
            .values()
            .all(|effect| effect.before.as_ref() == Some(&effect.after))
            && effects
                .parts
                .values()
                .all(|effect| effect.before.as_ref() == Some(&effect.after))
            && effects.refusals.is_empty()
        {
            effects
                .refusals
                .push("没有任何改动：新内容和现在的一样。".to_owned());
        }
        Ok(effects)
    }

    /// The steps that are left when those are left out that cannot be taken; `None` where nothing would be left, or where
    /// more than single steps stands in the way.
    #[must_use]
    pub fn rest(&self, operations: &[Operation]) -> Option<Vec<Operation>> {
        let all = operations.iter().enumerate();
        let rest = all.filter(|(nth, _)| !self.hindrances.hinder(*nth));
        let rest: Vec<Operation> = rest.map(|(_, operation)| operation.clone()).collect();
        let helps = self.refusals == self.hindrances.sentences();
        (helps && !rest.is_empty() && rest.len() < operations.len()).then_some(rest)
    }

    /// Notes what stands in the way of the step that is looked at, with its task.
    async fn hinder(&mut self, tx: &mut Tx, why: Why, id: TaskId) -> Result<(), StoreError> {
        let known = self.tasks.get(&id).map(|effect| effect.after.clone());
        let found = match known {
            Some(task) => Some(task),
            None => task::store::load(tx, id).await?,
        };
        self.hindrances.add(why, found.as_ref());
        Ok(())
    }

    async fn add(
        &mut self,
        tx: &mut Tx,
        plan: &Plan,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        match operation {
            Operation::AddTask {
                task,
                wording,
                parts,
            } => self.add_task(tx, plan, *task, wording, parts).await,
            Operation::AmendTask {
                task,
                seen,
                wording,
            } => {
                self.change_task(tx, plan, (*task, *seen), |task| wording.put_into(task))
                    .await
            }
            Operation::TaskDue { task, seen, due_on } => {
                self.change_task(tx, plan, (*task, *seen), |task| {
                    task.deadlines = super::with_due(&task.deadlines, *due_on);
                })
                .await
            }
            Operation::CancelTask { task, seen } => {
                self.change_task(tx, plan, (*task, *seen), |task| {
                    task.state = TaskState::Cancelled
                })
                .await
            }
            Operation::PartDue { assignment, due_on } => {
                self.change_part(tx, plan, *assignment, |part| part.due_on = Some(*due_on))
                    .await?;
                Ok(())
            }
            Operation::SetDuty { assignment, duty } => {
                self.change_part(tx, plan, *assignment, |part| part.duty = *duty)
                    .await?;
                Ok(())
            }
            Operation::RemovePart { assignment } => {
                self.change_part(tx, plan, *assignment, |part| {
                    part.state = AssignmentState::Cancelled
                })
                .await?;
                Ok(())
            }
            Operation::AddPart { task, part } => {
                let due_on = match self.load_task(tx, plan, *task).await? {
                    Some(task) => task.due_on(),
                    None => return Ok(()),
                };
                self.add_part(tx, plan, *task, part, due_on).await
            }
            Operation::Transfer { assignment, to } => {
                let moved = self
                    .change_part(tx, plan, *assignment, |part| {
                        part.state = AssignmentState::Transferred
                    })
                    .await?;
                match moved {
                    Some(old) if old.organ == to.organ => {
                        self.hinder(tx, Why::Same, old.task).await?;
                        Ok(())
                    }
                    Some(old) => self.add_part(tx, plan, old.task, to, old.due_on).await,
                    None => Ok(()),
                }
            }
        }
    }

    async fn add_task(
        &mut self,
        tx: &mut Tx,
        plan: &Plan,
        id: TaskId,
        wording: &Wording,
        parts: &[NewPart],
    ) -> Result<(), StoreError> {
        self.check_wording(wording);
        if parts.is_empty() {
            self.hindrances.say("新任务至少要有一个单位。");
        }
        let position = task::store::place_after(tx, plan.id, wording.section.as_deref()).await?;
        let mut names = Vec::with_capacity(parts.len());
        for part in parts {
            if let Some(organ) = organs::load(tx, part.organ).await? {
                names.push(organ.name);
            }
        }
        let task = Task {
            id,
            plan: plan.id,
            position,
            number: None,
            section: wording.section.clone(),
            group: wording.group.clone(),
            text: wording.text.clone(),
            organ_text: names.join("、"),
            deadlines: wording.deadlines.clone(),
            quantities: wording.counts(("", &[])),
            place: Place::default(),
            state: TaskState::Open,
            version: 1,
        };
        let due_on = task.due_on();
        self.tasks.insert(
            id,
            Effect {
                before: None,
                after: task,
            },
        );
        for part in parts {
            self.add_part(tx, plan, id, part, due_on).await?;
        }
        Ok(())
    }

    fn check_wording(&mut self, wording: &Wording) {
        let chars = wording.text.chars().count();
        if chars == 0 {
            self.hindrances.say("请填写任务内容。");
        } else if chars > TASK_CHARS_MAX {
            self.hindrances
                .say(format!("任务内容有{chars}个字，最多{TASK_CHARS_MAX}字。"));
        }
    }

    /// The task as the change so far leaves it; refuses tasks of other plans and cancelled ones.
    async fn load_task(
        &mut self,
        tx: &mut Tx,
        plan: &Plan,
        id: TaskId,
    ) -> Result<Option<Task>, StoreError> {
        if let Some(effect) = self.tasks.get(&id) {
            return Ok(Some(effect.after.clone()));
        }
        let found = task::store::load(tx, id)
            .await?
            .filter(|task| task.plan == plan.id);
        match found {
            Some(task) if task.state == TaskState::Open => Ok(Some(task)),
            Some(task) => {
                self.hindrances
                    .say(format!("任务“{}”已经取消。", short(&task.text)));
                Ok(None)
            }
            None => {
                self.hindrances.say("有任务不在这个方案里。");
                Ok(None)
            }
        }
    }

    async fn change_task(
        &mut self,
        tx: &mut Tx,
        plan: &Plan,
        (id, seen): (TaskId, i64),
        change: impl FnOnce(&mut Task),
    ) -> Result<(), StoreError> {
        let Some(old) = self.load_task(tx, plan, id).await? else {
            return Ok(());
        };
        if old.version != seen {
            self.hindrances.say(format!(
                "任务“{}”在这次变更提出之后又被改动过，请按最新内容重新提出。",
                short(&old.text)
            ));
            return Ok(());
        }
        let mut new = old.clone();
        change(&mut new);
        self.check_wording(&Wording::of(&new));
        let (was_due, is_due, state) = (old.due_on(), new.due_on(), new.state);
        self.tasks
            .entry(id)
            .and_modify(|effect| effect.after = new.clone())
            .or_insert(Effect {
                before: Some(old),
                after: new,
            });
        if was_due == is_due && state == TaskState::Open {
            return Ok(());
        }
        for part in assignment::store::of_task(tx, id).await? {
            let follows = part.due_on == was_due || state == TaskState::Cancelled;
            if part.state != AssignmentState::Open || !follows {
                continue;
            }
            self.change_part(tx, plan, part.id, |part| {
                part.due_on = is_due;
                if state == TaskState::Cancelled {
                    part.state = AssignmentState::Cancelled;
                }
            })
            .await?;
        }
        Ok(())
    }

    /// Gives the part as it was before this operation.
    async fn change_part(
        &mut self,
        tx: &mut Tx,
        plan: &Plan,
        id: AssignmentId,
        change: impl FnOnce(&mut Assignment),
    ) -> Result<Option<Assignment>, StoreError> {
        let known = self.parts.get(&id).map(|effect| effect.after.clone());
        let found = match known {
            Some(part) => Some(part),
            None => assignment::store::find(tx, id)
                .await?
                .filter(|part| part.plan == plan.id),
        };
        let Some(old) = found else {
            self.hindrances.say("有分工不在这个方案里。");
            return Ok(None);
        };
        if old.state != AssignmentState::Open {
            self.hinder(tx, Why::Left(old.named_as), old.task).await?;
            return Ok(None);
        }
        let mut new = old.clone();
        change(&mut new);
        self.parts
            .entry(id)
            .and_modify(|effect| effect.after = new.clone())
            .or_insert(Effect {
                before: Some(old.clone()),
                after: new,
            });
        Ok(Some(old))
    }

    async fn add_part(
        &mut self,
        tx: &mut Tx,
        plan: &Plan,
        task: TaskId,
        part: &NewPart,
        due_on: Option<Date>,
    ) -> Result<(), StoreError> {
        let Some(organ) = organs::load(tx, part.organ)
            .await?
            .filter(|organ| organ.is_active())
        else {
            self.hindrances.say("所选单位不在机关名录中，或已停用。");
            return Ok(());
        };
        let mine = |found: &Assignment| found.task == task && found.organ == part.organ;
        let known = self
            .parts
            .values()
            .map(|effect| &effect.after)
            .find(|found| mine(found))
            .cloned();
        let old = match known {
            Some(old) => Some(old),
            None => assignment::store::of_organ(tx, task, part.organ).await?,
        };
        if old
            .as_ref()
            .is_some_and(|old| old.state == AssignmentState::Open)
        {
            return self.hinder(tx, Why::Has(organ.name), task).await;
        }
        let after = Assignment {
            id: old.as_ref().map_or(part.assignment, |old| old.id),
            plan: plan.id,
            task,
            organ: part.organ,
            duty: part.duty,
            named_as: organ.name,
            state: AssignmentState::Open,
            due_on,
            next_due_on: None,
            report: old.as_ref().and_then(|old| old.report),
            version: old.as_ref().map_or(1, |old| old.version),
        };
        self.parts
            .entry(after.id)
            .and_modify(|effect| effect.after = after.clone())
            .or_insert(Effect { before: old, after });
        Ok(())
    }

    /// Tasks that the change touches, itself or through a part.
    #[must_use]
    pub fn touched(&self) -> BTreeSet<TaskId> {
        let through_parts = self.parts.values().map(|effect| effect.after.task);
        self.tasks.keys().copied().chain(through_parts).collect()
    }

    /// What was there before. After [`Effects::write`] it holds the versions that the change left.
    #[must_use]
    pub fn previous(&self, written: Written) -> Previous {
        let left = |version: i64| if written == Written::Yes { version } else { 0 };
        let tasks = self.tasks.values().map(|effect| TaskBefore {
            id: effect.after.id,
            new: effect.before.is_none(),
            wording: Wording::of(effect.before.as_ref().unwrap_or(&effect.after)),
            left: left(effect.after.version),
        });
        let parts = self.parts.values().map(|effect| {
            let before = effect.before.as_ref().unwrap_or(&effect.after);
            PartBefore {
                id: before.id,
                task: before.task,
                organ: before.organ,
                new: effect.before.is_none(),
                duty: before.duty,
                named_as: before.named_as.clone(),
                state: effect
                    .before
                    .as_ref()
                    .map_or(AssignmentState::Cancelled, |part| part.state)
                    .code()
                    .to_owned(),
                due_on: before.due_on,
                left: left(effect.after.version),
            }
        });
        Previous {
            tasks: tasks.collect(),
            parts: parts.collect(),
        }
    }

    /// Writes it all.
    ///
    /// # Errors
    /// When the store fails, or somebody changed a row in between.
    pub(super) async fn write(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        for effect in self.tasks.values_mut() {
            match effect.before {
                None => task::store::insert(tx, &effect.after).await?,
                Some(_) => task::store::update(tx, &mut effect.after).await?,
            }
        }
        let mut new = Vec::new();
        for effect in self.parts.values_mut() {
            match &effect.before {
                None => new.push(effect.after.clone()),
                Some(before) => report::store::write_part(tx, before, &mut effect.after).await?,
            }
        }
        assignment::store::insert_all(tx, &new).await?;
        let touched: Vec<TaskId> = self.touched().into_iter().collect();
        task::store::settle_all(tx, &touched).await
    }
}

/// Has the change been written, or only thought through?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    Yes,
    No,
}

/// The beginning of a task's text, for sentences.
#[must_use]
pub fn short(text: &str) -> String {
    const CHARS: usize = 20;
    crate::quote::beginning(text, CHARS)
}
