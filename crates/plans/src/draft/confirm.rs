//! A draft becomes a plan: plan, dates, tasks and assignments in one transaction, with one event.

use gongkai_basis::id::{AssignmentId, DraftId, FileId, OrganId, PlanId, TaskId};
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::inbox::Topic;
use gongkai_platform::job;
use gongkai_platform::organ::{self, Directory};
use serde_json::json;

use super::content::{Content, DraftTask};
use super::effects::{Effects, Planned, effects, why_not_confirm};
use super::{Draft, DraftError, DraftState, Purpose, store, upper};
use crate::acts::ImportPlan;
use crate::assignment::{Assignment, AssignmentState};
use crate::notify::{Notice, To, notify_all, short};
use crate::plan::{self, Plan, PlanState};
use crate::task::{self, Task, TaskState};

/// A draft with everything that a step needs.
#[derive(Debug)]
pub struct Loaded {
    pub draft: Draft,
    pub content: Content,
    pub directory: Directory,
    pub government: OrganId,
}

/// Loads an open draft with the directory of its office's government.
///
/// # Errors
/// Not found outside the permit's scope, or when the draft was not read yet.
pub async fn load<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    id: DraftId,
) -> Result<Loaded, DraftError> {
    let draft = store::load(tx, permit.scope(), id)
        .await?
        .filter(|draft| draft.purpose != Purpose::Progress)
        .ok_or(DraftError::NotFound)?;
    let content = store::content(tx, id).await?.ok_or(DraftError::NotFound)?;
    let government = organ::government_of(tx, draft.organ)
        .await?
        .ok_or(DraftError::NotFound)?;
    let directory = organ::directory(tx, government).await?;
    Ok(Loaded {
        draft,
        content,
        directory,
        government,
    })
}

/// Plans of an office that a new one is compared with.
const TWINS_LOOKED_AT: i64 = 200;

/// The plans of the same office that this document may be once more, in force or from above as it is itself: the same bytes,
/// or of the same year the same number or title.
///
/// # Errors
/// When the store fails.
pub async fn twins(tx: &mut Tx, loaded: &Loaded) -> Result<Vec<Plan>, StoreError> {
    let state = match loaded.draft.purpose {
        Purpose::Upper => PlanState::Upper,
        Purpose::Plan | Purpose::Reimport | Purpose::Progress => PlanState::Active,
    };
    let office = loaded.draft.organ;
    let mut plans = plan::store::of_office(tx, (office, state), TWINS_LOOKED_AT).await?;
    let sources = plans.iter().filter_map(|plan| plan.source_file);
    let wanted: Vec<FileId> = sources.chain([loaded.draft.file]).collect();
    let hashes = files::hashes(tx, &wanted).await?;
    let bytes = hashes.get(&loaded.draft.file);
    let meta = &loaded.content.meta;
    let number = meta.document_number.as_deref().map(str::trim);
    plans.retain(|plan| {
        let source = plan.source_file.and_then(|file| hashes.get(&file));
        let same_number = number.is_some_and(|number| {
            !number.is_empty() && plan.document_number.as_deref().map(str::trim) == Some(number)
        });
        let same_head = same_number || plan.title.trim() == meta.title.trim();
        (source.is_some() && source == bytes) || (Some(plan.year) == meta.year && same_head)
    });
    Ok(plans)
}

/// What a person says of a document whose twin is in the ledger already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// Nothing: every unit would get its tasks twice.
    Refused,
    /// It is another plan.
    Another,
}

/// Confirms a draft, as the person saw it in this version: a plan gets its ledger, one from above is kept for comparing.
///
/// # Errors
/// All reasons of a refusal at once; stale when somebody edited it in the meantime.
pub async fn confirm(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    (id, version): (DraftId, i64),
    twin: Twin,
) -> Result<Plan, DraftError> {
    let loaded = load(tx, permit, id).await?;
    let confirms = matches!(loaded.draft.purpose, Purpose::Plan | Purpose::Upper);
    if loaded.draft.state != DraftState::Open || !confirms {
        return Err(DraftError::Refused(vec![
            "这份草稿已经确认或作废，不能再次确认。".to_owned(),
        ]));
    }
    if loaded.draft.version != version {
        return Err(StoreError::Stale.into());
    }
    if loaded.draft.purpose == Purpose::Upper {
        return upper::keep(tx, permit, loaded, twin).await;
    }
    begin(tx, permit, loaded, twin).await
}

/// The plan with its tasks and parts, and word to each unit, of an open draft as it was loaded.
///
/// # Errors
/// All reasons of a refusal at once.
pub(super) async fn begin(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    mut loaded: Loaded,
    twin: Twin,
) -> Result<Plan, DraftError> {
    let id = loaded.draft.id;
    let mut reasons = why_not_confirm(&loaded.content, &loaded.directory);
    let twins = twins(tx, &loaded).await?;
    if let (Twin::Refused, Some(known)) = (twin, twins.first()) {
        reasons.push(format!(
            "《{}》已在台账里，再确认一次各单位的任务会重复。内容有更正的，请在该方案里上传更正稿；确是另一个方案的，请勾选“这是另一个方案”后再确认。",
            known.title
        ));
    }
    if !reasons.is_empty() {
        return Err(DraftError::Refused(reasons));
    }
    let effects = effects(&loaded.content, &loaded.directory);
    let plan = new_plan(tx, &loaded);
    plan::store::insert(tx, &plan, &loaded.content.meta.deadlines).await?;
    insert_tasks(tx, &plan, &loaded.content.tasks, &effects).await?;
    store::set_state(tx, &mut loaded.draft, DraftState::Confirmed, Some(plan.id)).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "plan.imported",
            ("plan", plan.id.to_string()),
            format!(
                "导入方案《{}》：{} 条任务，{} 项分工",
                plan.title,
                effects.tasks.len(),
                effects.assignments()
            ),
        )
        .organ(plan.organ)
        .data(json!({
            "draft": id,
            "file": loaded.draft.file,
            "beside": twins.iter().map(|twin| twin.id).collect::<Vec<_>>(),
            "tasks": effects.tasks.len(),
            "assignments": effects.assignments(),
            "from_collectives": effects.from_collectives,
            "kept_out": effects.kept_out.iter().map(|(name, reason, tasks)| json!({ "name": name, "reason": reason, "tasks": tasks })).collect::<Vec<_>>(),
        })),
    );
    tell_units(tx, &plan, &effects).await?;
    Ok(plan)
}

/// Tells each unit how many tasks came to it with the plan.
async fn tell_units(tx: &mut Tx, plan: &Plan, effects: &Effects) -> Result<(), StoreError> {
    let notice = |(organ, counts): &(OrganId, [usize; 3])| {
        let duties = counts.iter().zip(["牵头", "责任", "配合"]);
        let duties = duties.filter(|(n, _)| **n > 0);
        let each: Vec<String> = duties.map(|(n, duty)| format!("{duty}{n}项")).collect();
        let all: usize = counts.iter().sum();
        Notice {
            to: To::Unit,
            organ: *organ,
            topic: Topic::Change,
            key: format!("plan:{}:{organ}", plan.id),
            title: format!(
                "{}年任务已下达：本单位{all}项（{}）",
                plan.year,
                each.join("、")
            ),
            body: short(&plan.title),
            path: "/workspace/tasks".to_owned(),
            about: None,
        }
    };
    notify_all(tx, effects.by_organ.iter().map(notice).collect()).await?;
    Ok(())
}

/// A plan as its draft has it, in force.
pub(super) fn new_plan(tx: &Tx, loaded: &Loaded) -> Plan {
    let meta = &loaded.content.meta;
    Plan {
        id: PlanId::new(crate::fresh(tx.now())),
        organ: loaded.draft.organ,
        government: loaded.government,
        title: meta.title.trim().to_owned(),
        notice_title: meta.notice_title.clone(),
        document_number: meta.document_number.clone(),
        issuer: meta.issuer.clone(),
        issued_on: meta.issued_on,
        published_on: meta.published_on,
        year: meta.year.unwrap_or_default(),
        state: PlanState::Active,
        source_file: Some(loaded.draft.file),
        draft: Some(loaded.draft.id),
        version: 1,
    }
}

pub(super) async fn insert_tasks(
    tx: &mut Tx,
    plan: &Plan,
    drafts: &[DraftTask],
    effects: &Effects,
) -> Result<(), StoreError> {
    let mut tasks: Vec<Task> = Vec::with_capacity(drafts.len());
    let mut assignments: Vec<Assignment> = Vec::with_capacity(effects.assignments());
    for ((position, draft), planned) in (1_i64..).zip(drafts).zip(&effects.tasks) {
        let task = new_task(tx, plan.id, position, draft);
        let planned = planned.iter();
        assignments.extend(planned.map(|planned| new_assignment(tx, &task, planned)));
        tasks.push(task);
    }
    in_order(&mut assignments);
    task::store::insert_with_parts(tx, plan, &tasks, &assignments).await
}

/// Ids of one instant have no order of their own; the units of a task are listed by their ids, in the order of the plan.
fn in_order(assignments: &mut [Assignment]) {
    let mut ids: Vec<AssignmentId> = assignments.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    for (assignment, id) in assignments.iter_mut().zip(ids) {
        assignment.id = id;
    }
}

/// A task as the draft has it.
pub(super) fn new_task(tx: &Tx, plan: PlanId, position: i64, draft: &DraftTask) -> Task {
    Task {
        id: TaskId::new(crate::fresh(tx.now())),
        plan,
        position,
        number: draft.number,
        section: draft.section.clone(),
        group: draft.group.clone(),
        text: draft.text.trim().to_owned(),
        organ_text: draft.organ_text.clone(),
        deadlines: draft.deadlines.clone(),
        quantities: draft.quantities.clone(),
        place: draft.place,
        state: TaskState::Open,
        version: 1,
    }
}

pub(super) fn new_assignment(tx: &Tx, task: &Task, planned: &Planned) -> Assignment {
    Assignment {
        id: AssignmentId::new(crate::fresh(tx.now())),
        plan: task.plan,
        task: task.id,
        organ: planned.organ,
        duty: planned.duty,
        named_as: planned.named_as.clone(),
        state: AssignmentState::Open,
        due_on: task.due_on(),
        next_due_on: None,
        report: None,
        version: 1,
    }
}

/// Throws a draft away; the file stays, as everything that was received does. Of one that is being read the reading ends, too;
/// gives whether it did.
///
/// # Errors
/// A confirmed draft, and one that waits for the head, is refused; stale when somebody edited it in the meantime.
pub async fn discard(
    tx: &mut Tx,
    permit: &Permit<ImportPlan>,
    id: DraftId,
    version: i64,
) -> Result<bool, DraftError> {
    let mut draft = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(DraftError::NotFound)?;
    let refusal = match draft.state {
        DraftState::Reading | DraftState::Open | DraftState::Failed => None,
        DraftState::Proposed => {
            Some("更正稿正在等审批，不能作废。请先撤回报批，或由负责人退回，再作废。")
        }
        DraftState::Confirmed | DraftState::Discarded => {
            Some("已确认的导入不能作废草稿；如需撤回，请撤销整个导入。")
        }
    };
    if let Some(refusal) = refusal {
        return Err(DraftError::Refused(vec![refusal.to_owned()]));
    }
    if draft.version != version {
        return Err(StoreError::Stale.into());
    }
    let is_cancelled = match draft.job {
        Some(reader) if draft.state == DraftState::Reading => job::cancel(tx, reader).await?,
        _ => false,
    };
    let sentence = if is_cancelled {
        format!("取消读取“{}”，草稿一并作废", draft.file_name)
    } else {
        format!("作废导入草稿“{}”", draft.file_name)
    };
    let plan = draft.plan;
    store::set_state(tx, &mut draft, DraftState::Discarded, plan).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "draft.discarded",
            ("draft", id.to_string()),
            sentence,
        )
        .organ(draft.organ),
    );
    Ok(is_cancelled)
}
