//! The office chooses what its plan is compared with, settles what matching doubts, and takes missing measures over.

use gongkai_basis::id::{AssignmentId, PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use serde_json::json;

use super::rows::{Tasks, classify, propose};
use super::store::{self, Forget};
use super::{LinkState, LinkStep, PairId, PairKind, PlanPair, TaskLink};
use crate::acts::{MatchPlans, ProposeChange};
use crate::assignment::Duty;
use crate::carried;
use crate::change::propose::{Proposal, propose as propose_change};
use crate::change::{Change, ChangeError, ChangeKind, NewPart, Operation, Wording};
use crate::matching::{Certainty, Cover, ITEMS_MAX, TooMany, Turn};
use crate::plan::{self, Plan, PlanState};
use crate::step::StepError;
use crate::task::{self, TaskState};

async fn own_plan(tx: &mut Tx, permit: &Permit<MatchPlans>, id: PlanId) -> Result<Plan, StepError> {
    plan::store::load(tx, permit.scope(), id)
        .await?
        .filter(|plan| plan.state == PlanState::Active)
        .ok_or(StepError::NotFound)
}

/// Chooses the plan to compare with and matches the tasks; with the plan that is chosen already, matches anew and keeps
/// what people settled.
///
/// # Errors
/// Not found; refused for a plan that is no candidate or too long.
pub async fn choose(
    tx: &mut Tx,
    permit: &Permit<MatchPlans>,
    (id, kind): (PlanId, PairKind),
    other: PlanId,
) -> Result<PlanPair, StepError> {
    let new = own_plan(tx, permit, id).await?;
    let old = store::candidates(tx, &new, kind)
        .await?
        .into_iter()
        .find(|plan| plan.id == other)
        .ok_or_else(|| StepError::refuse(format!("请从列出的{}中选择一个。", kind.other())))?;
    let now = tx.now().as_millisecond();
    let seen = store::seen(tx, old.id, new.id).await?;
    let known = store::of_plan(tx, id, kind).await?;
    let mut pair = known.clone().unwrap_or(PlanPair {
        id: PairId::new(tx.fresh()),
        kind,
        old: old.id,
        new: new.id,
        seen,
        matched_by: String::new(),
        matched_at: now,
        version: 1,
    });
    let forget = if pair.old == old.id {
        Forget::Proposed
    } else {
        Forget::Everything
    };
    pair.old = old.id;
    pair.seen = seen;
    pair.matched_at = now;
    permit.actor().name().clone_into(&mut pair.matched_by);
    match known {
        Some(_) => store::update_pair(tx, &pair).await?,
        None => store::insert_pair(tx, &pair).await?,
    }
    store::clear(tx, pair.id, forget).await?;
    let links = match_again(tx, &pair, (&old, &new)).await?;
    follow(tx, &pair).await?;
    let sentence = format!(
        "把《{}》与{}《{}》对照，找到{}处对应，待核对{}处",
        new.title,
        kind.other(),
        old.title,
        links.len(),
        links.iter().filter(|link| link.is_doubtful()).count()
    );
    tx.record(
        Event::new(
            permit.actor(),
            "plan.matched",
            ("plan", new.id.to_string()),
            sentence,
        )
        .organ(new.organ)
        .data(json!({ "kind": kind.code(), "other": old.id })),
    );
    Ok(pair)
}

/// What was carried over goes on in the task that answers the old one now.
async fn follow(tx: &mut Tx, pair: &PlanPair) -> Result<(), StepError> {
    if pair.kind == PairKind::Year {
        let goes_on = store::goes_on(tx, pair.id).await?;
        carried::store::relink(tx, (pair.old, pair.new), &goes_on).await?;
    }
    Ok(())
}

async fn match_again(
    tx: &mut Tx,
    pair: &PlanPair,
    (old, new): (&Plan, &Plan),
) -> Result<Vec<TaskLink>, StepError> {
    let (old_items, new_items) = (
        store::items(tx, old.id, None).await?,
        store::items(tx, new.id, None).await?,
    );
    let old = Tasks {
        year: old.year,
        items: &old_items,
    };
    let new = Tasks {
        year: new.year,
        items: &new_items,
    };
    let mut settled = store::links(tx, pair.id).await?;
    let links = propose(old, new, &settled).map_err(|TooMany| {
        let (last, this) = (old_items.len(), new_items.len());
        StepError::refuse(format!(
            "逐项对照的方案每个最多{ITEMS_MAX}项任务，这两个方案各有{last}项和{this}项，没有对照，已核对的结果都在。请把任务按部分拆成几个方案分别导入再对照，或导出两个方案的台账人工对照。"
        ))
    })?;
    store::insert_links(tx, pair.id, &links).await?;
    classify(old, new, &mut settled);
    for link in settled.iter().filter(|link| link.state.counts()) {
        store::update_link(tx, pair.id, link).await?;
    }
    Ok(links)
}

/// What the office says of an old task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// What matching found is right.
    Accept,
    /// Another task answers it.
    Choose(TaskId),
    /// None answers it.
    Nobody,
    /// Back to what matching says.
    Reopen,
}

/// Settles what answers an old task.
///
/// # Errors
/// Not found; refused where there is nothing to settle.
pub async fn settle(
    tx: &mut Tx,
    permit: &Permit<MatchPlans>,
    (id, kind): (PlanId, PairKind),
    task: TaskId,
    settle: Settle,
) -> Result<(), StepError> {
    let plan = own_plan(tx, permit, id).await?;
    let pair = store::of_plan(tx, id, kind)
        .await?
        .ok_or(StepError::NotFound)?;
    let old = task::store::load(tx, task)
        .await?
        .filter(|task| task.plan == pair.old)
        .ok_or(StepError::NotFound)?;
    let mut links = store::links(tx, pair.id).await?;
    links.retain(|link| link.old == task);
    let by = permit.actor().name().to_owned();
    let changed = match settle {
        Settle::Accept => step_all(&mut links, LinkStep::Accept, LinkState::Proposed, &by),
        Settle::Nobody => {
            step_all(&mut links, LinkStep::Refuse, LinkState::Proposed, &by)
                + step_all(&mut links, LinkStep::Refuse, LinkState::Accepted, &by)
        }
        Settle::Reopen => {
            step_all(&mut links, LinkStep::Reopen, LinkState::Refused, &by)
                + step_all(&mut links, LinkStep::Reopen, LinkState::Accepted, &by)
        }
        Settle::Choose(new) => choose_one(tx, &pair, &mut links, (task, new), &by).await?,
    };
    if changed == 0 {
        return Err(StepError::refuse(
            "这一项没有可以这样办理的对应关系，可能别人已经办理。请刷新后再看。",
        ));
    }
    save(tx, (&pair, &plan), &mut links, task).await?;
    follow(tx, &pair).await?;
    let what = match settle {
        Settle::Accept => "认可对照结果",
        Settle::Choose(_) => "改选对应任务",
        Settle::Nobody => "认定没有对应任务",
        Settle::Reopen => "撤回核对",
    };
    let sentence = format!(
        "{}：{what}，“{}”",
        kind.name(),
        crate::notify::short(&old.text)
    );
    tx.record(
        Event::new(
            permit.actor(),
            "link.settled",
            ("task", task.to_string()),
            sentence,
        )
        .organ(plan.organ)
        .data(json!({ "plan": id, "kind": kind.code() })),
    );
    Ok(())
}

/// Takes a step on every link of a state; says how many.
fn step_all(links: &mut [TaskLink], step: LinkStep, from: LinkState, by: &str) -> usize {
    let mut changed = 0;
    for link in links.iter_mut().filter(|link| link.state == from) {
        if let Some(state) = link.state.after(step) {
            link.state = state;
            link.settled_by = (state != LinkState::Proposed).then(|| by.to_owned());
            changed += 1;
        }
    }
    changed
}

async fn choose_one(
    tx: &mut Tx,
    pair: &PlanPair,
    links: &mut Vec<TaskLink>,
    (old, new): (TaskId, TaskId),
    by: &str,
) -> Result<usize, StepError> {
    let known = task::store::load(tx, new)
        .await?
        .filter(|task| task.plan == pair.new && task.state == TaskState::Open);
    if known.is_none() {
        return Err(StepError::refuse("请从本方案的任务中选择一项。"));
    }
    for link in links.iter_mut().filter(|link| link.new != new) {
        if let Some(state) = link.state.after(LinkStep::Refuse) {
            link.state = state;
            link.settled_by = Some(by.to_owned());
        }
    }
    match links.iter_mut().find(|link| link.new == new) {
        Some(link) => {
            link.state = LinkState::Accepted;
            link.settled_by = Some(by.to_owned());
        }
        None => {
            let link = TaskLink {
                old,
                new,
                turn: Turn::Reworded,
                cover: Cover::TakenOver,
                reasons: Vec::new(),
                certainty: Certainty::Check,
                likeness: 0,
                state: LinkState::Accepted,
                settled_by: Some(by.to_owned()),
            };
            store::insert_links(tx, pair.id, std::slice::from_ref(&link)).await?;
            links.push(link);
        }
    }
    Ok(1)
}

/// Classifies the old task anew and writes its links.
async fn save(
    tx: &mut Tx,
    (pair, plan): (&PlanPair, &Plan),
    links: &mut [TaskLink],
    task: TaskId,
) -> Result<(), StepError> {
    let old_plan = plan::store::find(tx, pair.old)
        .await?
        .ok_or(StepError::NotFound)?;
    let new_ids: Vec<TaskId> = links.iter().map(|link| link.new).collect();
    let old_items = store::items(tx, pair.old, Some(&[task])).await?;
    let new_items = store::items(tx, pair.new, Some(&new_ids)).await?;
    classify(
        Tasks {
            year: old_plan.year,
            items: &old_items,
        },
        Tasks {
            year: plan.year,
            items: &new_items,
        },
        links,
    );
    for link in links.iter() {
        store::update_link(tx, pair.id, link).await?;
    }
    Ok(())
}

/// Proposes a missing measure of the upper plan as a task of the lower one, in the upper plan's words and under the office
/// itself; it takes effect by the approval that every change needs.
///
/// # Errors
/// Not found; refused where the measure is answered or on its way already.
pub async fn adopt(
    tx: &mut Tx,
    permit: &Permit<ProposeChange>,
    id: PlanId,
    measure: TaskId,
) -> Result<Change, ChangeError> {
    let plan = plan::store::load(tx, permit.scope(), id)
        .await?
        .filter(|plan| plan.state == PlanState::Active)
        .ok_or(ChangeError::NotFound)?;
    let pair = store::of_plan(tx, id, PairKind::Level)
        .await?
        .ok_or(ChangeError::NotFound)?;
    let upper = task::store::load(tx, measure)
        .await?
        .filter(|task| task.plan == pair.old && task.state == TaskState::Open)
        .ok_or(ChangeError::NotFound)?;
    let answered = store::links(tx, pair.id)
        .await?
        .iter()
        .any(|link| link.old == measure && link.state.counts());
    if answered {
        return Err(ChangeError::refused("这一项已经有任务承接，不需要再生成。"));
    }
    let adoptions = store::adoptions(tx, pair.id).await?;
    if adoptions
        .iter()
        .any(|it| it.old == measure && (it.waiting || it.there))
    {
        return Err(ChangeError::refused(
            "这一项已经生成过任务，请在“任务变更”里查看。",
        ));
    }
    let new = TaskId::new(tx.fresh());
    let proposal = Proposal {
        plan: id,
        kind: ChangeKind::Add,
        operations: vec![Operation::AddTask {
            task: new,
            wording: Wording {
                section: upper.section.clone(),
                group: upper.group.clone(),
                text: upper.text.clone(),
                deadlines: upper.deadlines.clone(),
                quantities: Some(upper.quantities.clone()),
            },
            parts: vec![NewPart {
                assignment: AssignmentId::new(tx.fresh()),
                organ: plan.organ,
                duty: Duty::Lead,
            }],
        }],
        reason: format!(
            "承接上级方案{}：本方案缺这一项。牵头单位暂列本办，批准后请分到承办单位。",
            upper
                .number
                .map_or_else(String::new, |number| format!("第{number}项"))
        ),
    };
    let change = propose_change(tx, permit, None, proposal).await?;
    store::adopt(tx, pair.id, (measure, new), &change.id.to_string()).await?;
    Ok(change)
}

/// Does a document name this plan? Titles are looked for as printed and without what kind of plan it is.
#[must_use]
pub fn names_plan(source: &str, title: &str) -> bool {
    let core = ["分工方案", "任务分解表", "分工表"]
        .iter()
        .find_map(|kind| title.strip_suffix(kind))
        .unwrap_or(title);
    !core.is_empty() && source.contains(core)
}
