//! The office opens a round, changes its day with a reason, ends it.

use gongkai_basis::id::PlanId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::store::{self, Side};
use super::{
    NAME_CHARS_MAX, ROUNDS_MAX, Round, RoundId, RoundState, RoundStep, Source, TEXT_CHARS_MAX,
};
use crate::acts::ManageRounds;
use crate::notify::{Notice, To, notify_all};
use crate::plan;
use crate::step::{StepError, refused, text_fault};
use crate::when;

/// What the office wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    pub due_on: Option<Date>,
    pub from_on: Option<Date>,
    pub to_on: Option<Date>,
    pub source: Source,
    pub text: String,
    pub place: String,
    pub cooperating: bool,
    /// The person says that doubts were looked at.
    pub looked_at: bool,
    /// Nothing in the proposal is doubtful.
    pub sure: bool,
}

impl Wanted {
    fn refusals(&self, today: Date) -> Vec<(&'static str, String)> {
        let what = match self.source {
            Source::Notice => "通知原文",
            Source::Hand => "设定原因",
        };
        let mut reasons: Vec<_> = [
            text_fault("name", "轮次名称", &self.name, NAME_CHARS_MAX),
            text_fault("text", what, &self.text, TEXT_CHARS_MAX),
        ]
        .into_iter()
        .flatten()
        .collect();
        match self.due_on {
            None => reasons.push(("due_on", "请填写截止日期，如 2026-09-30。".to_owned())),
            Some(due) if due < today => {
                reasons.push(("due_on", "截止日期已经过去，不能再开始收报。".to_owned()))
            }
            Some(_) => {}
        }
        match (self.from_on, self.to_on) {
            (Some(from), Some(to)) if from <= to => {}
            (Some(_), Some(_)) => {
                reasons.push(("from_on", "报送内容的起始日期不能晚于截止日期。".to_owned()));
            }
            _ => reasons.push(("from_on", "请填写报送内容从哪天到哪天。".to_owned())),
        }
        if !self.sure && !self.looked_at {
            reasons.push((
                "looked_at",
                "这一轮有需要核对的地方，请对照原文核对后勾选“已核对”。".to_owned(),
            ));
        }
        reasons
    }
}

pub(super) fn event(actor: &Actor, round: &Round, kind: &'static str, sentence: String) -> Event {
    Event::new(actor, kind, ("round", round.id.to_string()), sentence)
        .organ(round.office)
        .data(json!({ "plan": round.plan, "due_on": round.due_on, "state": round.state.code() }))
}

/// Opens a round of a plan: each unit gets the rows that it owes, and hears of it.
///
/// # Errors
/// Not found; refused with all reasons.
pub async fn open(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    plan: PlanId,
    wanted: Wanted,
    today: Date,
) -> Result<Round, StepError> {
    let plan = plan::store::load(tx, permit.scope(), plan)
        .await?
        .ok_or(StepError::NotFound)?;
    let mut reasons = wanted.refusals(today);
    let before = store::of_plan(tx, plan.id).await?;
    let living = || {
        before
            .iter()
            .filter(|one| one.state != RoundState::Cancelled)
    };
    if i64::try_from(before.len()).unwrap_or(i64::MAX) >= ROUNDS_MAX {
        reasons.push(("name", format!("一个方案最多{ROUNDS_MAX}轮。")));
    }
    if living().any(|one| Some(one.due_on) == wanted.due_on || one.name == wanted.name) {
        reasons.push(("due_on", "这个方案已有同名或同一天截止的一轮。".to_owned()));
    }
    refused(reasons)?;
    let (Some(due_on), Some(from_on), Some(to_on)) = (wanted.due_on, wanted.from_on, wanted.to_on)
    else {
        return Err(StepError::refuse("日期没有填全。"));
    };
    let round = Round {
        id: RoundId::new(tx.fresh()),
        plan: plan.id,
        plan_title: plan.title,
        office: plan.organ,
        office_name: String::new(),
        name: wanted.name,
        due_on,
        first_due_on: None,
        from_on,
        to_on,
        source: wanted.source,
        source_text: wanted.text,
        source_place: wanted.place,
        cooperating: wanted.cooperating,
        state: RoundState::Open,
        opened_by: permit.actor().name().to_owned(),
        opened_on: today,
        ended_on: None,
        reason: None,
        version: 1,
    };
    store::insert(tx, &round).await?;
    let rows = store::fill(tx, &round, None).await?;
    if rows == 0 {
        return Err(StepError::refuse(
            "这个方案没有需要填报的任务，没有开始收报。",
        ));
    }
    let sentence = format!(
        "开始收报“{}”，{}截止，{rows}项任务",
        round.name,
        when::date(due_on)
    );
    tx.record(event(permit.actor(), &round, "round.opened", sentence));
    tell_units(tx, &round, ("opened", "请报送")).await?;
    Ok(round)
}

/// Tells every unit that still owes something.
pub(super) async fn tell_units(
    tx: &mut Tx,
    round: &Round,
    (key, what): (&str, &str),
) -> Result<(), StoreError> {
    let waiting = store::waiting(tx, round.id).await?;
    let notices = waiting.into_iter().map(|(organ, _)| Notice {
        to: To::Unit,
        organ,
        topic: Topic::Round,
        key: format!("round:{}:{organ}:{key}", round.id),
        title: format!("{what}“{}”，{}截止", round.name, when::date(round.due_on)),
        body: round.plan_title.clone(),
        path: format!("/workspace/rounds/{}/units/{organ}", round.id),
        about: Some(round.due_on),
    });
    notify_all(tx, notices.collect()).await?;
    Ok(())
}

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    id: RoundId,
) -> Result<Round, StepError> {
    store::load(tx, Side::Office(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)
}

/// Moves the last day, with a reason: what was submitted is judged by the new day.
///
/// # Errors
/// Not found; refused.
pub async fn move_day(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    id: RoundId,
    (due_on, why): (Option<Date>, &str),
    today: Date,
) -> Result<Round, StepError> {
    let mut round = load(tx, permit, id).await?;
    let mut reasons: Vec<_> = text_fault("note", "改期原因", why, TEXT_CHARS_MAX)
        .into_iter()
        .collect();
    if round.state != RoundState::Open {
        reasons.push(("step", format!("这一轮{}，不能改期。", round.state.name())));
    }
    match due_on {
        None => reasons.push(("due_on", "请填写新的截止日期，如 2026-10-15。".to_owned())),
        Some(due) if due < today => {
            reasons.push(("due_on", "新的截止日期不能早于今天。".to_owned()));
        }
        Some(due) if due == round.due_on => {
            reasons.push(("due_on", "日期没有变化。".to_owned()));
        }
        Some(_) => {}
    }
    refused(reasons)?;
    let before = round.due_on;
    round.due_on = due_on.unwrap_or(before);
    round.first_due_on = round.first_due_on.or(Some(before));
    store::update(tx, &round).await?;
    // A day may come back: each move is told.
    let key = format!("moved:{}:{}", round.due_on, round.version);
    let sentence = format!(
        "“{}”的截止日期由{}改为{}，原因：{why}",
        round.name,
        when::date(before),
        when::date(round.due_on)
    );
    tx.record(event(permit.actor(), &round, "round.moved", sentence));
    tell_units(tx, &round, (&key, "报送截止日期已改：")).await?;
    Ok(round)
}

/// Ends a round, takes it up again, or cancels it while nobody has submitted.
///
/// # Errors
/// Not found; refused.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    id: RoundId,
    (step, note): (RoundStep, &str),
    today: Date,
) -> Result<Round, StepError> {
    let mut round = load(tx, permit, id).await?;
    let state = round.state;
    let Some(next) = state.after(step) else {
        return Err(StepError::refuse(format!(
            "这一轮现在是“{}”，不能{}。",
            state.name(),
            step.name()
        )));
    };
    if step == RoundStep::Cancel {
        refused(
            text_fault("note", "撤销原因", note, TEXT_CHARS_MAX)
                .into_iter()
                .collect(),
        )?;
        let counts = store::counts(tx, &round, today).await?;
        if counts.submitted + counts.accepted > 0 {
            return Err(StepError::refuse(
                "已经有单位报送，不能撤销这一轮；不再收报的，请结束收报。",
            ));
        }
        round.reason = Some(note.to_owned());
        tell_units(tx, &round, ("cancelled", "已撤销，不用再报")).await?;
    }
    round.state = next;
    round.ended_on = match next {
        RoundState::Open => None,
        RoundState::Closed | RoundState::Cancelled => Some(today),
    };
    store::update(tx, &round).await?;
    let kind = match step {
        RoundStep::Close => "round.closed",
        RoundStep::Reopen => "round.reopened",
        RoundStep::Cancel => "round.cancelled",
    };
    let colon = if note.is_empty() { "" } else { "：" };
    let sentence = format!("“{}”{}{colon}{note}", round.name, step.name());
    tx.record(event(permit.actor(), &round, kind, sentence));
    Ok(round)
}
