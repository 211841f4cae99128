//! A corrected document beside the plan that it corrects, and what of it is taken over: chosen changes in one transaction,
//! reports kept. [`super::correct`] says who decides that.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Actor;
use gongkai_basis::id::{DraftId, OrganId, PlanId, TaskId};
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::compare::{Change, HeadChange, Known, compare, head};
use super::confirm::{Loaded, load, new_assignment, new_task};
use super::effects::{Planned, effects};
use super::{DraftError, Purpose, store};
use crate::assignment::{self, Assignment, AssignmentState};
use crate::change::tell::Units;
use crate::plan::{self, Plan, PlanState};
use crate::report;
use crate::round::follow::follow;
use crate::task::{self, Task, TaskState};

/// A correction beside the plan.
#[derive(Debug)]
pub struct Correction {
    pub loaded: Loaded,
    pub plan: Plan,
    pub known: Vec<Known>,
    /// The texts of tasks that were cancelled in the ledger.
    pub cancelled: BTreeSet<String>,
    pub planned: Vec<Vec<Planned>>,
    pub changes: Vec<Change>,
    /// What changes in the plan's head; chosen as a whole, by [`HEAD`].
    pub head: Vec<HeadChange>,
}

/// Names the changes of the plan's head on the page, as [`Change::code`] names those of a task.
pub const HEAD: &str = "head";

/// Loads a correction and compares it.
///
/// # Errors
/// Not found outside the permit's scope, or when the draft corrects nothing.
pub async fn compared<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: DraftId,
) -> Result<Correction, DraftError> {
    let loaded = load(tx, permit, id).await?;
    let plan = match (loaded.draft.purpose, loaded.draft.plan) {
        (Purpose::Reimport, Some(plan)) => plan::store::load(tx, permit.scope(), plan).await?,
        _ => None,
    }
    .filter(|plan| plan.state == PlanState::Active)
    .ok_or(DraftError::NotFound)?;
    let known = known(tx, plan.id).await?;
    let tasks = task::store::of_plan(tx, plan.id).await?.into_iter();
    let cancelled = tasks.filter(|task| task.state == TaskState::Cancelled);
    let cancelled = cancelled.map(|task| task.text).collect();
    let effects = effects(&loaded.content, &loaded.directory);
    let changes = compare(&loaded.content, &effects, &known);
    let deadlines = plan::store::deadlines(tx, plan.id).await?;
    let head = head(&loaded.content.meta, &plan, &deadlines);
    Ok(Correction {
        loaded,
        plan,
        known,
        cancelled,
        planned: effects.tasks,
        changes,
        head,
    })
}

/// The open tasks of a plan with all their assignments.
///
/// # Errors
/// When the store fails.
pub async fn known(tx: &mut Tx, plan: PlanId) -> Result<Vec<Known>, StoreError> {
    let mut assignments: BTreeMap<TaskId, Vec<Assignment>> = BTreeMap::new();
    for assignment in store::assignments_of(tx, plan).await? {
        assignments
            .entry(assignment.task)
            .or_default()
            .push(assignment);
    }
    let tasks = task::store::of_plan(tx, plan).await?;
    Ok(tasks
        .into_iter()
        .filter(|task| task.state == TaskState::Open)
        .map(|task| Known {
            assignments: assignments.remove(&task.id).unwrap_or_default(),
            task,
        })
        .collect())
}

/// What is taken over from a correction.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) changes: Vec<Change>,
    /// The plan's head.
    pub(super) head: bool,
}

impl Chosen {
    /// The changes that have these codes.
    pub(super) fn of(correction: &Correction, wanted: impl Fn(&str) -> bool) -> Self {
        let code = |change: &Change| change.code(&correction.loaded.content, &correction.known);
        let is_chosen =
            |change: &&Change| !matches!(change, Change::Same { .. }) && wanted(&code(change));
        Self {
            changes: correction
                .changes
                .iter()
                .filter(is_chosen)
                .cloned()
                .collect(),
            head: !correction.head.is_empty() && wanted(HEAD),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.head
    }
}

/// Brings what was chosen into the ledger, with its event, and tells the units.
pub(super) async fn take_effect(
    tx: &mut Tx,
    actor: &Actor,
    correction: &mut Correction,
    (chosen, reason): (&Chosen, &str),
) -> Result<(), StoreError> {
    let [new, changed, gone] = take_over(tx, correction, &chosen.changes).await?;
    if chosen.head {
        update_head(tx, correction).await?;
    }
    let (plan, draft) = (&correction.plan, &correction.loaded.draft);
    let code = |change: &Change| change.code(&correction.loaded.content, &correction.known);
    let head = |fact: &HeadChange| json!({ "field": fact.name, "before": fact.before, "after": fact.after });
    tx.record(
        Event::new(
            actor,
            "plan.corrected",
            ("plan", plan.id.to_string()),
            format!(
                "按更正稿更正《{}》：新增 {new}、修改 {changed}、删去 {gone}，原因：{reason}",
                plan.title
            ),
        )
        .organ(plan.organ)
        .data(json!({
            "draft": draft.id,
            "file": draft.file,
            "head": chosen.head.then(|| correction.head.iter().map(head).collect::<Vec<_>>()),
            "changes": chosen.changes.iter().map(code).collect::<Vec<_>>(),
        })),
    );
    follow(tx, actor, plan.id).await?;
    tell_units(tx, correction, &chosen.changes, reason).await
}

/// Tells each unit what the correction brought, took from it or amended.
async fn tell_units(
    tx: &mut Tx,
    correction: &Correction,
    changes: &[Change],
    reason: &str,
) -> Result<(), StoreError> {
    let open = |known: &[Known]| -> BTreeSet<(TaskId, OrganId)> {
        let parts = known.iter().flat_map(|known| &known.assignments);
        let open = parts.filter(|part| part.state == AssignmentState::Open);
        open.map(|part| (part.task, part.organ)).collect()
    };
    let amended = |task: TaskId| {
        changes.iter().any(|change| match change {
            Change::Changed { known, .. } => {
                let known = correction.known.get(*known);
                known.is_some_and(|known| known.task.id == task)
            }
            Change::New { .. } | Change::Gone { .. } | Change::Same { .. } => false,
        })
    };
    let before = open(&correction.known);
    let after = open(&known(tx, correction.plan.id).await?);
    let mut units = Units::default();
    for part in before.union(&after) {
        let (was, is) = (before.contains(part), after.contains(part));
        if was != is || amended(part.0) {
            units.note(*part, was, is);
        }
    }
    let key = format!("correction:{}", correction.loaded.draft.id);
    let body = format!("《{}》按更正稿更正，原因：{reason}", correction.plan.title);
    units.tell(tx, &key, &body).await
}

/// Brings the chosen changes into the ledger; counts new, changed and gone tasks.
async fn take_over(
    tx: &mut Tx,
    correction: &Correction,
    changes: &[Change],
) -> Result<[usize; 3], StoreError> {
    let mut counts = [0_usize; 3];
    for change in changes {
        let nth = match change {
            Change::New { draft } => {
                add(tx, correction, *draft).await?;
                0
            }
            Change::Changed { draft, known, .. } => {
                amend(tx, correction, *draft, *known).await?;
                1
            }
            Change::Gone { known } => {
                cancel(tx, correction, *known).await?;
                2
            }
            Change::Same { .. } => continue,
        };
        if let Some(count) = counts.get_mut(nth) {
            *count += 1;
        }
    }
    Ok(counts)
}

/// The plan's head becomes the draft's. With its year or day of issue, the days on which undated and repeated tasks are next
/// due move, too.
async fn update_head(tx: &mut Tx, correction: &mut Correction) -> Result<(), StoreError> {
    let meta = &correction.loaded.content.meta;
    let plan = &mut correction.plan;
    let before = (plan.year, plan.issued_on);
    meta.title.trim().clone_into(&mut plan.title);
    plan.notice_title.clone_from(&meta.notice_title);
    plan.document_number.clone_from(&meta.document_number);
    plan.issuer.clone_from(&meta.issuer);
    plan.issued_on = meta.issued_on;
    plan.published_on = meta.published_on;
    plan.year = meta.year.unwrap_or(plan.year);
    plan::store::update_head(tx, plan, &meta.deadlines).await?;
    if (plan.year, plan.issued_on) == before {
        return Ok(());
    }
    let open = known(tx, plan.id).await?;
    let open: Vec<TaskId> = open.iter().map(|known| known.task.id).collect();
    task::store::settle_all(tx, &open).await
}

async fn add(tx: &mut Tx, correction: &Correction, nth: usize) -> Result<(), StoreError> {
    let Some(draft) = correction.loaded.content.tasks.get(nth) else {
        return Ok(());
    };
    let position =
        task::store::place_after(tx, correction.plan.id, draft.section.as_deref()).await?;
    let task = new_task(tx, correction.plan.id, position, draft);
    task::store::insert(tx, &task).await?;
    let planned = correction.planned.get(nth).map_or(&[][..], Vec::as_slice);
    let assignments: Vec<Assignment> = planned
        .iter()
        .map(|planned| new_assignment(tx, &task, planned))
        .collect();
    assignment::store::insert_all(tx, &assignments).await
}

async fn amend(
    tx: &mut Tx,
    correction: &Correction,
    draft: usize,
    known: usize,
) -> Result<(), StoreError> {
    let (Some(draft_task), Some(known)) = (
        correction.loaded.content.tasks.get(draft),
        correction.known.get(known),
    ) else {
        return Ok(());
    };
    let mut task = known.task.clone();
    let old_due = task.due_on();
    draft_task.text.trim().clone_into(&mut task.text);
    task.section.clone_from(&draft_task.section);
    task.group.clone_from(&draft_task.group);
    task.deadlines.clone_from(&draft_task.deadlines);
    task.number = draft_task.number;
    task.organ_text.clone_from(&draft_task.organ_text);
    task.quantities.clone_from(&draft_task.quantities);
    task.place = draft_task.place;
    task::store::update(tx, &mut task).await?;
    task::store::update_source(tx, &task).await?;
    let planned = correction.planned.get(draft).map_or(&[][..], Vec::as_slice);
    let mut new = Vec::new();
    for plan in planned {
        let found = known
            .assignments
            .iter()
            .find(|assignment| assignment.organ == plan.organ);
        match found {
            None => new.push(new_assignment(tx, &task, plan)),
            Some(found) => {
                let mut assignment = found.clone();
                assignment.duty = plan.duty;
                assignment.named_as.clone_from(&plan.named_as);
                assignment.state = AssignmentState::Open;
                // A date that the office set for this unit alone stays.
                if assignment.due_on == old_due {
                    assignment.due_on = task.due_on();
                }
                if assignment != *found {
                    report::store::write_part(tx, found, &mut assignment).await?;
                }
            }
        }
    }
    assignment::store::insert_all(tx, &new).await?;
    for assignment in &known.assignments {
        if !planned.iter().any(|plan| plan.organ == assignment.organ) {
            close(tx, assignment).await?;
        }
    }
    task::store::settle(tx, task.id).await
}

async fn close(tx: &mut Tx, assignment: &Assignment) -> Result<(), StoreError> {
    if assignment.state != AssignmentState::Open {
        return Ok(());
    }
    let mut assignment = assignment.clone();
    assignment.state = AssignmentState::Cancelled;
    assignment::store::update(tx, &mut assignment).await
}

async fn cancel(tx: &mut Tx, correction: &Correction, known: usize) -> Result<(), StoreError> {
    let Some(known) = correction.known.get(known) else {
        return Ok(());
    };
    let mut task: Task = known.task.clone();
    task.state = TaskState::Cancelled;
    task::store::update(tx, &mut task).await?;
    for assignment in &known.assignments {
        close(tx, assignment).await?;
    }
    task::store::settle(tx, task.id).await
}
