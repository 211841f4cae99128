//! The unit signs for a 督办单 and replies to it.

use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::db::Tx;
use gongkai_platform::inbox::Topic;

use super::handle::{advance, event};
use super::store::{self, Side};
use super::{Order, OrderId, Reply, Step, TEXT_CHARS_MAX};
use crate::acts::AnswerSupervision;
use crate::by::By;
use crate::notify::{Notice, To, notify};
use crate::step::{StepError, late_mark, refused, text_fault};

async fn load(
    tx: &mut Tx,
    permit: &Permit<AnswerSupervision>,
    id: OrderId,
) -> Result<Order, StepError> {
    store::load(tx, Side::Unit(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)
}

/// 签收
///
/// # Errors
/// Not found; refused when it was signed for before.
pub async fn receive(
    tx: &mut Tx,
    permit: &Permit<AnswerSupervision>,
    id: OrderId,
    today: Date,
) -> Result<Order, StepError> {
    let mut order = load(tx, permit, id).await?;
    advance(&mut order, Step::Receive)?;
    order.received_by = Some(permit.actor().name().to_owned());
    order.received_on = Some(today);
    store::update(tx, &order).await?;
    let named = order.number.clone().unwrap_or_default();
    tx.record(event(
        permit.actor(),
        &order,
        "supervision.received",
        format!("{}签收督办单{named}", order.organ_name),
    ));
    Ok(order)
}

/// 回复, with what proves it. The day of the first reply stands, whatever the office says to it; so does a day that was missed
/// after it was sent back.
///
/// # Errors
/// Not found; refused.
pub async fn reply(
    tx: &mut Tx,
    permit: &Permit<AnswerSupervision>,
    id: OrderId,
    (text, proofs): (&str, Vec<New>),
    today: Date,
) -> Result<Order, StepError> {
    let mut order = load(tx, permit, id).await?;
    refused(
        text_fault("text", "办理情况", text, TEXT_CHARS_MAX)
            .into_iter()
            .collect(),
    )?;
    advance(&mut order, Step::Reply)?;
    let again = order.again_due_on.take();
    let due = match order.replied_on {
        None => order.reply_due_on,
        Some(_) => again,
    };
    let late = late_mark(due, today);
    order.replied_on = order.replied_on.or(Some(today));
    order.missed_on = order.missed_on.or(again.filter(|due| *due < today));
    let sequence = i64::try_from(store::replies(tx, id).await?.len()).unwrap_or(i64::MAX) + 1;
    let answer = Reply {
        id: tx.fresh().to_string(),
        sequence,
        text: text.to_owned(),
        by: By::of(permit.actor()),
        on: today,
        verdict: None,
    };
    store::insert_reply(tx, id, &answer).await?;
    let subject = ("supervision_reply", answer.id.as_str());
    let files = proofs.len();
    attachment::attach(tx, permit.actor(), subject, order.organ, proofs).await?;
    store::update(tx, &order).await?;
    let with = if files == 0 {
        String::new()
    } else {
        format!("，附{files}件")
    };
    let named = order.number.clone().unwrap_or_default();
    tx.record(event(
        permit.actor(),
        &order,
        "supervision.replied",
        format!("{}回复督办单{named}{late}{with}", order.organ_name),
    ));
    let notice = Notice {
        to: To::Office,
        organ: order.office,
        topic: Topic::Supervision,
        key: format!("supervision:{id}:reply:{sequence}"),
        title: format!("{}回复了督办单{named}{late}", order.organ_name),
        body: crate::notify::short(text),
        path: format!("/workspace/supervision/{id}"),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(order)
}
