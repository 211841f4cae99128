//! The office carries unfinished parts over; units report what they put right; the office closes.

use std::collections::BTreeMap;

use gongkai_basis::id::{OrganId, PlanId, TaskId};
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::directory::to_heir;
use super::store::{self, Before, Unfinished, Whose};
use super::{CARRIED_MAX, Carried, CarriedId, CarriedState, NOTE_CHARS_MAX, Step, TEXT_CHARS_MAX};
use crate::acts::{MatchPlans, ReportProgress};
use crate::by::By;
use crate::notify::{Notice, To, notify, notify_all, short};
use crate::pairing::{PairKind, store as pairs};
use crate::plan::{self, Plan, PlanState};
use crate::step::{StepError, refused, text_fault};
use crate::task;

/// Carries the unfinished parts of last year over; says how many. What was carried before is left as it is.
///
/// # Errors
/// Not found; refused before a plan of last year is chosen, or where nothing is left to carry.
pub async fn carry(
    tx: &mut Tx,
    permit: &Permit<MatchPlans>,
    id: PlanId,
) -> Result<usize, StepError> {
    let plan = plan::store::load(tx, permit.scope(), id)
        .await?
        .filter(|plan| plan.state == PlanState::Active)
        .ok_or(StepError::NotFound)?;
    let pair = pairs::of_plan(tx, id, PairKind::Year)
        .await?
        .ok_or_else(|| StepError::refuse("请先选定上年度方案，再结转未完成事项。"))?;
    let goes_on = pairs::goes_on(tx, pair.id).await?;
    let unfinished = store::unfinished(tx, pair.old, id, CARRIED_MAX).await?;
    if unfinished.is_empty() {
        return Err(StepError::refuse("上年度没有还未结转的未完成事项。"));
    }
    let matters: Vec<Carried> = unfinished
        .into_iter()
        .map(|part| matter(CarriedId::new(tx.fresh()), id, part, &goes_on))
        .collect();
    store::insert_all(tx, &matters).await?;
    let mut per_organ = BTreeMap::new();
    for matter in &matters {
        *per_organ.entry(matter.organ).or_insert(0_usize) += 1;
    }
    tx.record(
        Event::new(
            permit.actor(),
            "carried.made",
            ("plan", id.to_string()),
            format!(
                "把上年度{}项未完成事项结转到《{}》，涉及{}个单位",
                matters.len(),
                plan.title,
                per_organ.len()
            ),
        )
        .organ(plan.organ)
        .data(json!({ "matters": matters.len(), "organs": per_organ.len() })),
    );
    tell_units(tx, &plan, per_organ).await?;
    Ok(matters.len())
}

/// An unfinished part as it stands in this year's plan.
fn matter(
    id: CarriedId,
    plan: PlanId,
    part: Unfinished,
    goes_on: &BTreeMap<TaskId, TaskId>,
) -> Carried {
    let mut matter = Carried {
        id,
        plan,
        old_assignment: part.assignment,
        part: part.part,
        old_task: part.task,
        task: part.last.and_then(|last| goes_on.get(&last).copied()),
        organ: part.organ,
        organ_name: String::new(),
        due_text: part.due_text,
        text: part.text,
        due_on: part.due_on,
        state: CarriedState::Open,
        done_text: String::new(),
        planned_on: None,
        note: None,
        reported_by: None,
        reported_on: None,
        position: part.position,
        goes_on_later: false,
        settled: None,
        version: 1,
    };
    match part.before {
        Before::Missing => {}
        Before::Decayed => {
            matter.note = Some("去年已报完成，经核验佐证失效，请重新提供。".to_owned());
        }
        Before::Carried(last) => {
            matter.state = last.state;
            matter.done_text = last.done_text;
            matter.planned_on = last.planned_on;
            matter.note = last.note.or_else(|| Some(AGAIN.to_owned()));
            matter.reported_by = last.reported_by;
            matter.reported_on = last.reported_on;
        }
    }
    matter
}

/// Said of what was not put right within a year.
const AGAIN: &str = "上年度已结转过，至今没有整改完成，继续结转。";

/// What goes on in a later year is put right there.
fn stands_here(matter: &Carried) -> Result<(), StepError> {
    if matter.goes_on_later {
        return Err(StepError::refuse(
            "这一项已继续结转到下一年度，请在下一年度的回头看事项里办理。",
        ));
    }
    Ok(())
}

/// The rows of the years before stand as the last one does: closed, waived, or asked for again.
async fn settle_earlier(
    tx: &mut Tx,
    actor: &Actor,
    matter: &Carried,
    step: Step,
    kind: &'static str,
) -> Result<(), StoreError> {
    if !matches!(step, Step::Confirm | Step::Waive | Step::Reopen) {
        return Ok(());
    }
    for mut before in store::earlier(tx, matter).await? {
        if before.state.is_open() == matter.state.is_open() {
            continue;
        }
        if before.settled.is_none() {
            before.settled = Some((before.state, before.note.take()));
        }
        before.state = matter.state;
        before.note.clone_from(&matter.note);
        (before.organ, before.part) = (matter.organ, matter.part);
        store::update(tx, &before).await?;
        let sentence = format!(
            "随下一年度的同一事项{}（{}）",
            step.name(),
            matter.organ_name
        );
        tx.record(event(actor, &before, kind, sentence));
    }
    Ok(())
}

/// Tells each unit how many matters came to it.
async fn tell_units(
    tx: &mut Tx,
    plan: &Plan,
    per_organ: BTreeMap<OrganId, usize>,
) -> Result<(), StoreError> {
    let (id, day) = (plan.id, tx.now().as_millisecond());
    let notices = per_organ
        .into_iter()
        .map(|(organ, n)| Notice {
            to: To::Unit,
            organ,
            topic: Topic::Review,
            key: format!("carried:{id}:{organ}:{day}"),
            title: format!("上年度有{n}项未完成事项结转到今年，请填报整改落实情况"),
            body: short(&plan.title),
            path: "/workspace/reviews".to_owned(),
            about: None,
        })
        .collect();
    notify_all(tx, notices).await?;
    Ok(())
}

/// What a unit reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reported {
    pub done_text: String,
    pub planned_on: Option<Date>,
}

fn advance(matter: &mut Carried, step: Step) -> Result<(), StepError> {
    let state = matter.state;
    matter.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!(
            "这一项现在是“{}”，不能{}。",
            state.name(),
            step.name()
        ))
    })?;
    Ok(())
}

fn event(actor: &Actor, matter: &Carried, kind: &'static str, sentence: String) -> Event {
    Event::new(actor, kind, ("carried", matter.id.to_string()), sentence)
        .organ(matter.organ)
        .data(json!({ "state": matter.state.code(), "plan": matter.plan }))
}

/// A unit reports what it put right.
///
/// # Errors
/// Not found; refused; the store's when another version came first.
pub async fn report(
    tx: &mut Tx,
    permit: &Permit<ReportProgress>,
    (id, version): (CarriedId, i64),
    step: Step,
    reported: Reported,
    today: Date,
) -> Result<Carried, StepError> {
    let mut matter = store::load(tx, Whose::Unit(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if step.is_of_office() {
        return Err(StepError::refuse("这一步由政务公开办办理。"));
    }
    let mut faults: Vec<_> = text_fault(
        "done_text",
        "整改落实情况",
        &reported.done_text,
        TEXT_CHARS_MAX,
    )
    .into_iter()
    .collect();
    if step == Step::Report && reported.planned_on.is_none() {
        faults.push((
            "planned_on",
            "还没有完成的，请填写计划完成时间。".to_owned(),
        ));
    }
    refused(faults)?;
    stands_here(&matter)?;
    advance(&mut matter, step)?;
    matter.done_text = reported.done_text;
    matter.planned_on = reported.planned_on.filter(|_| step == Step::Report);
    matter.reported_by = Some(By::of(permit.actor()));
    matter.reported_on = Some(today);
    matter.version = version;
    store::update(tx, &matter).await?;
    let sentence = format!(
        "{}{}：{}",
        matter.organ_name,
        step.name(),
        short(&matter.done_text)
    );
    let kind = match step {
        Step::Finish => "carried.claimed",
        Step::Report | Step::Confirm | Step::Return | Step::Waive | Step::Reopen => {
            "carried.reported"
        }
    };
    tx.record(event(permit.actor(), &matter, kind, sentence.clone()));
    if step == Step::Finish
        && let Some(plan) = plan::store::find(tx, matter.plan).await?
    {
        let notice = Notice {
            to: To::Clerks,
            organ: plan.organ,
            topic: Topic::Review,
            key: format!("carried:{id}:{}", matter.version + 1),
            title: format!("{}报告一项回头看事项整改完成，请核实", matter.organ_name),
            body: short(&sentence),
            path: format!("/workspace/reviews/{id}"),
            about: None,
        };
        notify(tx, notice).await?;
    }
    Ok(matter)
}

/// The office confirms, returns, waives or reopens.
///
/// # Errors
/// Not found; refused; the store's when another version came first.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<MatchPlans>,
    (id, version): (CarriedId, i64),
    step: Step,
    note: &str,
) -> Result<Carried, StepError> {
    let plan = store::plan_of(tx, id).await?.ok_or(StepError::NotFound)?;
    plan::store::load(tx, permit.scope(), plan)
        .await?
        .ok_or(StepError::NotFound)?;
    let mut matter = store::load(tx, Whose::Plan(plan), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if !step.is_of_office() {
        return Err(StepError::refuse("这一步由承担单位办理。"));
    }
    let own = matter.reported_by.as_ref();
    if step == Step::Confirm && own.is_some_and(|by| by.is(permit.actor())) {
        return Err(StepError::refuse(
            "整改落实情况是您本人填报的，请由本办其他人核实销号。",
        ));
    }
    if step.needs_note() {
        refused(
            text_fault("note", "原因", note, NOTE_CHARS_MAX)
                .into_iter()
                .collect(),
        )?;
    }
    stands_here(&matter)?;
    advance(&mut matter, step)?;
    if step == Step::Reopen {
        to_heir(tx, &mut matter).await?;
    }
    matter.note = (!note.is_empty()).then(|| note.to_owned());
    matter.version = version;
    store::update(tx, &matter).await?;
    let why = if note.is_empty() {
        String::new()
    } else {
        format!("，原因：{note}")
    };
    let kind = match step {
        Step::Confirm => "carried.closed",
        Step::Return => "carried.returned",
        Step::Waive => "carried.waived",
        Step::Report | Step::Finish | Step::Reopen => "carried.reopened",
    };
    let sentence = format!("{}（{}）{why}", step.name(), matter.organ_name);
    tx.record(event(permit.actor(), &matter, kind, sentence.clone()));
    settle_earlier(tx, permit.actor(), &matter, step, kind).await?;
    // What is closed or waived is late nowhere, in last year's ledger neither.
    task::store::settle(tx, matter.old_task).await?;
    let notice = Notice {
        to: To::Unit,
        organ: matter.organ,
        topic: Topic::Review,
        key: format!("carried:{id}:{}", matter.version + 1),
        title: sentence,
        body: short(&matter.text),
        path: format!("/workspace/reviews/{id}"),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(matter)
}
