//! The office sends a draft for approval, its head issues it, the office accepts what the unit replies.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::store::{self, Side};
use super::{Order, OrderId, PATTERN, Step, TEXT_CHARS_MAX, standing};
use crate::acts::{ApproveSupervision, ManageSupervision};
use crate::notify::{Notice, To, notify};
use crate::step::{StepError, day_after};
use crate::{office_rule, offices, when};

/// The name of the rule that holds an office's pattern of numbers.
pub const PATTERN_RULE: &str = "supervision.pattern";

pub(super) fn event(actor: &Actor, order: &Order, kind: &'static str, sentence: String) -> Event {
    Event::new(actor, kind, ("supervision", order.id.to_string()), sentence)
        .organ(order.organ)
        .data(json!({ "number": order.number, "state": order.state.code() }))
}

/// The state after a step, or why it cannot be taken.
pub(super) fn advance(order: &mut Order, step: Step) -> Result<(), StepError> {
    let state = order.state;
    order.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!(
            "督办单现在是“{}”，不能{}。",
            state.name(),
            step.name()
        ))
    })?;
    Ok(())
}

async fn load(
    tx: &mut Tx,
    scope: &gongkai_platform::access::Scope,
    id: OrderId,
) -> Result<Order, StepError> {
    store::load(tx, Side::Office(scope), id)
        .await?
        .ok_or(StepError::NotFound)
}

fn need_note(step: Step, note: &str) -> Result<(), StepError> {
    let wanted = match step {
        Step::Reject | Step::Return | Step::Withdraw => true,
        Step::Submit | Step::Approve | Step::Receive | Step::Reply | Step::Accept => false,
    };
    if wanted && note.is_empty() {
        return Err(StepError::Refused(vec![(
            "note",
            format!("{}请写明原因。", step.name()),
        )]));
    }
    if note.chars().count() > TEXT_CHARS_MAX {
        return Err(StepError::Refused(vec![(
            "note",
            format!("最多{TEXT_CHARS_MAX}字。"),
        )]));
    }
    Ok(())
}

/// Tells the head, or those who drafted it, how a draft stands. Each version is told once.
async fn tell_office(tx: &mut Tx, order: &Order, (to, what): (To, &str)) -> Result<(), StoreError> {
    let notice = Notice {
        to,
        organ: order.office,
        topic: Topic::Supervision,
        key: format!(
            "supervision:{}:{}:{}",
            order.id,
            order.state.code(),
            order.version
        ),
        title: format!("督办单{what}：{}", order.title),
        body: order.reason.clone().unwrap_or_default(),
        path: format!("/workspace/supervision/{}", order.id),
        about: None,
    };
    notify(tx, notice).await
}

/// Tells the unit that it was sent a 督办单.
async fn tell_unit(tx: &mut Tx, order: &Order) -> Result<(), StoreError> {
    let notice = Notice {
        to: To::Unit,
        organ: order.organ,
        topic: Topic::Supervision,
        key: format!("supervision:{}:issued", order.id),
        title: format!(
            "收到督办单{}：{}",
            order.number.as_deref().unwrap_or_default(),
            order.title
        ),
        body: format!(
            "请签收，并在{}前回复。",
            order.reply_due_on.map_or_else(String::new, when::date)
        ),
        path: format!("/workspace/supervision/{}", order.id),
        about: order.reply_due_on,
    };
    notify(tx, notice).await
}

/// Keeps what the office says to the newest reply.
async fn judge(
    tx: &mut Tx,
    actor: &Actor,
    id: OrderId,
    (accepts, note): (bool, &str),
) -> Result<(), StepError> {
    let replies = store::replies(tx, id).await?;
    let Some(reply) = replies.first() else {
        return Ok(());
    };
    if accepts && reply.by.is(actor) {
        return Err(StepError::refuse(
            "这次回复是您本人报的，请由本办其他人验收。",
        ));
    }
    store::judge_reply(tx, &reply.id, (accepts, note)).await?;
    Ok(())
}

/// The office takes a step that needs no head: submit, accept, return, withdraw. What is sent back is due again after as many
/// working days as were given at first.
///
/// # Errors
/// Not found; refused, also for accepting one's own reply, or accepting without a word what the ledger says is not done, and for
/// sending back when no notice tells the working days of the year in which the reply would be due.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<ManageSupervision>,
    id: OrderId,
    (step, note): (Step, &str),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Order, StepError> {
    let mut order = load(tx, permit.scope(), id).await?;
    let kind = match step {
        Step::Submit => "supervision.submitted",
        Step::Accept => "supervision.accepted",
        Step::Return => "supervision.returned",
        Step::Withdraw => "supervision.withdrawn",
        Step::Approve | Step::Reject | Step::Receive | Step::Reply => {
            return Err(StepError::refuse("这一步不由经办人办理。"));
        }
    };
    need_note(step, note)?;
    advance(&mut order, step)?;
    match step {
        Step::Accept => {
            judge(tx, permit.actor(), id, (true, note)).await?;
            standing::explained(tx, &order, note, today).await?;
        }
        Step::Return => {
            judge(tx, permit.actor(), id, (false, note)).await?;
            let days = (today, order.reply_days);
            order.again_due_on = Some(day_after(calendar, days, "重报期限")?);
        }
        Step::Withdraw => {
            order.reason = Some(note.to_owned());
            order.again_due_on = None;
        }
        Step::Submit | Step::Approve | Step::Reject | Step::Receive | Step::Reply => {}
    }
    store::update(tx, &order).await?;
    let colon = if note.is_empty() { "" } else { "：" };
    let named = order.number.clone().unwrap_or_default();
    let again = order.again_due_on.map_or_else(String::new, |due| {
        format!("（请在{}前重报）", when::date(due))
    });
    tx.record(event(
        permit.actor(),
        &order,
        kind,
        format!("督办单{named}{}{colon}{note}{again}", step.name()),
    ));
    if step == Step::Submit {
        tell_office(tx, &order, (To::Head, "等您审批")).await?;
    }
    if order.issued_on.is_some() {
        let notice = Notice {
            to: To::Unit,
            organ: order.organ,
            topic: Topic::Supervision,
            key: format!("supervision:{id}:{}:{}", step.code(), order.version),
            title: format!("督办单{named}{}{again}", step.name()),
            body: note.to_owned(),
            path: format!("/workspace/supervision/{id}"),
            about: order.due_now(),
        };
        notify(tx, notice).await?;
    }
    Ok(order)
}

/// The head approves: the 督办单 gets its number and its day, and goes out; or sends it back to the drafter.
///
/// # Errors
/// Not found; refused, also when no notice tells the working days of the year in which the reply would be due.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<ApproveSupervision>,
    id: OrderId,
    (step, note): (Step, &str),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Order, StepError> {
    let mut order = load(tx, permit.scope(), id).await?;
    need_note(step, note)?;
    advance(&mut order, step)?;
    let sentence = match step {
        Step::Approve => {
            let due = day_after(calendar, (today, order.reply_days), "回复期限")?;
            let pattern = office_rule::store::get(tx, order.office, PATTERN_RULE).await?;
            let pattern = pattern.as_deref().unwrap_or(PATTERN);
            let number = store::set_number(tx, &order, today.year(), pattern).await?;
            order.number = Some(number.clone());
            order.reply_due_on = Some(due);
            order.issued_on = Some(today);
            order.approved_by = Some(permit.actor().name().to_owned());
            order.reason = None;
            format!("批准印发督办单{number}，{}前回复", when::date(due))
        }
        Step::Reject => {
            order.reason = Some(note.to_owned());
            format!("退回修改督办单：{note}")
        }
        Step::Submit
        | Step::Receive
        | Step::Reply
        | Step::Accept
        | Step::Return
        | Step::Withdraw => return Err(StepError::refuse("这一步不由审批人办理。")),
    };
    store::update(tx, &order).await?;
    let kind = match step {
        Step::Approve => "supervision.issued",
        _ => "supervision.rejected",
    };
    tx.record(event(permit.actor(), &order, kind, sentence));
    if step == Step::Reject {
        tell_office(tx, &order, (To::Clerks, "退回修改")).await?;
    }
    if step == Step::Approve {
        tell_unit(tx, &order).await?;
    }
    Ok(order)
}

/// Sets how an office's numbers look.
///
/// # Errors
/// Refused when the pattern lacks year or number, and without an office among several.
pub async fn set_pattern(
    tx: &mut Tx,
    permit: &Permit<ApproveSupervision>,
    (office, pattern): (&str, &str),
) -> Result<(), StepError> {
    let (office, name) = offices::chosen(offices::organs(permit), ("office", office))?;
    if let Some(fault) = office_rule::pattern_fault(pattern, PATTERN) {
        return Err(StepError::refuse(fault));
    }
    office_rule::store::set(tx, office, PATTERN_RULE, pattern).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "supervision.pattern",
            ("organ", office.to_string()),
            format!("{name}的督办单编号格式改为“{pattern}”"),
        )
        .organ(office),
    );
    Ok(())
}
