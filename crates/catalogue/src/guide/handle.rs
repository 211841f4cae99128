//! A guide is written, looked through by the head, published, and confirmed each year.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::organ::reach::{self, Reach};
use serde_json::json;

use super::{Edition, Guide, LINE_CHARS_MAX, State, Step, Words, store};
use crate::acts::{ApproveGuide, WriteGuide};

/// What events and references are about; the id is the organ's.
pub const SUBJECT: &str = "guide";

fn record(tx: &mut Tx, actor: &Actor, guide: &Guide, (step, more): (Step, &str)) {
    let mut sentence = format!("{}的公开指南：{}", guide.organ_name, step.name());
    if !more.is_empty() {
        sentence = format!("{sentence}（{more}）");
    }
    let kind = match step {
        Step::Write => "guide.written",
        Step::Submit => "guide.submitted",
        Step::Return => "guide.returned",
        Step::Approve => "guide.published",
        Step::Confirm => "guide.confirmed",
    };
    tx.record(
        Event::new(actor, kind, (SUBJECT, guide.organ.to_string()), sentence)
            .organ(guide.organ)
            .data(json!({ "state": guide.state.code(), "edition": guide.edition })),
    );
}

/// The account that acts; `system` for the program itself.
#[must_use]
pub fn account_of(actor: &Actor) -> String {
    actor
        .account()
        .map_or_else(|| "system".to_owned(), |account| account.to_string())
}

/// A guide in reach as the person read it, taken one step further.
async fn stepped<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    (organ, version): (OrganId, i64),
    step: Step,
) -> Result<Guide, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let mut guide = store::load(tx, &within, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    if guide.version != version {
        return Err(StoreError::Stale.into());
    }
    guide.state = guide.state.after(step).ok_or_else(|| {
        let sentence = format!("公开指南现在{}，不能{}。", guide.state.name(), step.name());
        NotDone::Refused(vec![("state", sentence)])
    })?;
    Ok(guide)
}

/// Writes the guide of an organ; the first time it comes into being. Version 0 says that there was none.
///
/// A draft may still lack fields: they are asked for when it is submitted.
///
/// # Errors
/// Not found for an organ out of reach; stale; refused while it waits, or when a text is too long.
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteGuide>,
    (organ, version): (OrganId, i64),
    (words, why): (Words, &str),
) -> Result<Guide, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let organ_name = reach::store::unit(tx, &within, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let too_long = |reason: &(&'static str, String)| !reason.1.starts_with("请填写");
    let mut reasons: Vec<_> = words.why_not().into_iter().filter(too_long).collect();
    let fault = text_fault(("why", "修改说明"), why, LINE_CHARS_MAX, Wanted::No);
    reasons.extend(fault);
    refused(reasons)?;
    let there = store::load(tx, &within, organ).await?;
    let mut guide = match there {
        None if version == 0 => Guide {
            organ,
            organ_name,
            state: State::Draft,
            words: Words::default(),
            why: String::new(),
            returned_why: String::new(),
            writer: String::new(),
            written_by: String::new(),
            edition: None,
            confirmed_on: None,
            version: 0,
        },
        Some(_) if version > 0 => stepped(tx, permit, (organ, version), Step::Write).await?,
        _ => return Err(StoreError::Stale.into()),
    };
    guide.words = words;
    why.clone_into(&mut guide.why);
    guide.writer = account_of(permit.actor());
    permit.actor().name().clone_into(&mut guide.written_by);
    if guide.version == 0 {
        store::insert(tx, &guide).await?;
        guide.version = 1;
    } else {
        store::update(tx, &mut guide).await?;
    }
    record(tx, permit.actor(), &guide, (Step::Write, why));
    Ok(guide)
}

/// Sends it to the head.
///
/// # Errors
/// Not found; stale; refused with all that is missing (条例 art. 12).
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<WriteGuide>,
    of: (OrganId, i64),
) -> Result<Guide, NotDone> {
    let mut guide = stepped(tx, permit, of, Step::Submit).await?;
    refused(guide.words.why_not())?;
    guide.returned_why.clear();
    store::update(tx, &mut guide).await?;
    record(tx, permit.actor(), &guide, (Step::Submit, ""));
    Ok(guide)
}

/// Sends it back, with the reason.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn send_back(
    tx: &mut Tx,
    permit: &Permit<ApproveGuide>,
    of: (OrganId, i64),
    why: &str,
) -> Result<Guide, NotDone> {
    let mut guide = stepped(tx, permit, of, Step::Return).await?;
    let fault = text_fault(("why", "退回原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    why.clone_into(&mut guide.returned_why);
    store::update(tx, &mut guide).await?;
    record(tx, permit.actor(), &guide, (Step::Return, why));
    Ok(guide)
}

/// Publishes it: what was looked through is what the public reads from today on.
///
/// # Errors
/// Not found; stale; refused to the one who wrote it.
pub async fn approve(
    tx: &mut Tx,
    permit: &Permit<ApproveGuide>,
    of: (OrganId, i64),
    today: Date,
) -> Result<Guide, NotDone> {
    let mut guide = stepped(tx, permit, of, Step::Approve).await?;
    if guide.writer == account_of(permit.actor()) && *permit.actor() != Actor::System {
        return Err(NotDone::Refused(vec![(
            "state",
            "公开指南是您自己编写的，请由其他负责人审核。".to_owned(),
        )]));
    }
    let number = guide.edition.unwrap_or(0) + 1;
    guide.edition = Some(number);
    guide.confirmed_on = Some(today);
    store::update(tx, &mut guide).await?;
    let edition = Edition {
        organ: guide.organ,
        organ_name: guide.organ_name.clone(),
        number,
        words: guide.words.clone(),
        why: guide.why.clone(),
        written_by: guide.written_by.clone(),
        approved_by: permit.actor().name().to_owned(),
        published_on: today,
    };
    store::publish(tx, &edition).await?;
    let more = format!("第{number}版");
    record(tx, permit.actor(), &guide, (Step::Approve, &more));
    Ok(guide)
}

/// Says that the public edition still holds.
///
/// # Errors
/// Not found; stale; refused while a new text is written.
pub async fn confirm(
    tx: &mut Tx,
    permit: &Permit<WriteGuide>,
    of: (OrganId, i64),
    today: Date,
) -> Result<Guide, NotDone> {
    let mut guide = stepped(tx, permit, of, Step::Confirm).await?;
    guide.confirmed_on = Some(today);
    store::update(tx, &mut guide).await?;
    record(tx, permit.actor(), &guide, (Step::Confirm, ""));
    Ok(guide)
}
