//! A unit submits a case; the office chooses, its head approves; other units take it up.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::store::{self, Side};
use super::{
    NOTE_CHARS_MAX, Practice, PracticeId, PracticeState, Step, TEXT_CHARS_MAX, TITLE_CHARS_MAX,
};
use crate::acts::{ApprovePractice, ChoosePractice, SubmitPractice};
use crate::notify::{Notice, To, notify, notify_all};
use crate::offices;
use crate::step::{StepError, refused, text_fault};

/// What a unit writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub done_text: String,
    pub effect_text: String,
}

impl Words {
    fn check(&self) -> Result<(), StepError> {
        let faults = [
            text_fault("title", "案例名称", &self.title, TITLE_CHARS_MAX),
            text_fault("done_text", "做法", &self.done_text, TEXT_CHARS_MAX),
            text_fault("effect_text", "成效", &self.effect_text, TEXT_CHARS_MAX),
        ];
        refused(faults.into_iter().flatten().collect())
    }
}

fn event(actor: &Actor, practice: &Practice, kind: &'static str, sentence: String) -> Event {
    let subject = ("practice", practice.id.to_string());
    Event::new(actor, kind, subject, sentence)
        .organ(practice.organ)
        .data(json!({ "state": practice.state.code() }))
}

fn advance(practice: &mut Practice, step: Step) -> Result<(), StepError> {
    let state = practice.state;
    practice.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!(
            "案例现在是“{}”，不能{}。",
            state.name(),
            step.name()
        ))
    })?;
    Ok(())
}

/// A unit submits a case; people of several units say for which.
///
/// # Errors
/// Refused with faulty words, without a unit among several, or where no office has a plan with this unit.
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<SubmitPractice>,
    unit: &str,
    (words, files): (Words, Vec<New>),
    today: Date,
) -> Result<Practice, StepError> {
    words.check()?;
    let (organ, organ_name) = offices::chosen(offices::organs(permit), ("unit", unit))?;
    let office = store::office_of(tx, organ).await?.ok_or_else(|| {
        StepError::refuse("还没有哪个政务公开办的方案把任务交给本单位，暂时不能报送案例。")
    })?;
    let practice = Practice {
        id: PracticeId::new(tx.fresh()),
        organ,
        organ_name,
        office,
        title: words.title,
        done_text: words.done_text,
        effect_text: words.effect_text,
        state: PracticeState::Submitted,
        submitted_by: permit.actor().name().to_owned(),
        submitted_on: today,
        note: None,
        borrowed: 0,
        version: 1,
    };
    store::insert(tx, &practice).await?;
    let subject = practice.id.to_string();
    attachment::attach(
        tx,
        permit.actor(),
        ("practice", &subject),
        practice.organ,
        files,
    )
    .await?;
    let sentence = format!("{}报送优秀案例{}", practice.organ_name, practice.called());
    tx.record(event(
        permit.actor(),
        &practice,
        "practice.submitted",
        sentence.clone(),
    ));
    let notice = Notice {
        to: To::Office,
        organ: practice.office,
        topic: Topic::Practice,
        key: format!("practice:{}:submitted", practice.id),
        title: sentence,
        body: crate::notify::short(&practice.done_text),
        path: format!("/workspace/practices/{}", practice.id),
        about: None,
    };
    notify(tx, notice).await?;
    Ok(practice)
}

/// The unit writes a returned case anew, or takes it back; the office, which looks at it or waited for it, hears of that.
///
/// # Errors
/// Not found; refused.
pub async fn resubmit(
    tx: &mut Tx,
    permit: &Permit<SubmitPractice>,
    id: PracticeId,
    (step, words, files): (Step, Words, Vec<New>),
    today: Date,
) -> Result<Practice, StepError> {
    let mut practice = store::load(tx, Side::Unit(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    // What lies with the unit waits for nobody in the office.
    let waited = match practice.state {
        PracticeState::Submitted | PracticeState::Chosen => true,
        PracticeState::Approved
        | PracticeState::Commended
        | PracticeState::Returned
        | PracticeState::Declined
        | PracticeState::Withdrawn => false,
    };
    let kind = match step {
        Step::Resubmit => {
            words.check()?;
            practice.title = words.title;
            practice.done_text = words.done_text;
            practice.effect_text = words.effect_text;
            practice.submitted_by = permit.actor().name().to_owned();
            practice.submitted_on = today;
            practice.note = None;
            "practice.resubmitted"
        }
        Step::Withdraw => "practice.withdrawn",
        Step::Choose | Step::Return | Step::Decline | Step::Approve | Step::Commend => {
            return Err(StepError::refuse("这一步不由报送单位办理。"));
        }
    };
    advance(&mut practice, step)?;
    store::update(tx, &practice).await?;
    let subject = id.to_string();
    attachment::attach(
        tx,
        permit.actor(),
        ("practice", &subject),
        practice.organ,
        files,
    )
    .await?;
    let sentence = format!("{}案例{}", step.name(), practice.called());
    let title = format!("{}{sentence}", practice.organ_name);
    tx.record(event(permit.actor(), &practice, kind, sentence));
    if step == Step::Resubmit || waited {
        let notice = Notice {
            to: To::Office,
            organ: practice.office,
            topic: Topic::Practice,
            key: format!("practice:{id}:{}:{}", step.code(), practice.version),
            title,
            body: crate::notify::short(&practice.done_text),
            path: format!("/workspace/practices/{id}"),
            about: None,
        };
        notify(tx, notice).await?;
    }
    Ok(practice)
}

/// The office chooses, returns or declines.
///
/// # Errors
/// Not found; refused.
pub async fn choose(
    tx: &mut Tx,
    permit: &Permit<ChoosePractice>,
    id: PracticeId,
    (step, note): (Step, &str),
) -> Result<Practice, StepError> {
    let kind = match step {
        Step::Choose => "practice.chosen",
        Step::Return => "practice.returned",
        Step::Decline => "practice.declined",
        Step::Approve | Step::Resubmit | Step::Withdraw | Step::Commend => {
            return Err(StepError::refuse("这一步不由经办人办理。"));
        }
    };
    let practice = store::load(tx, Side::Office(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if step != Step::Choose && note.is_empty() {
        return Err(StepError::Refused(vec![(
            "note",
            "请写明原因。".to_owned(),
        )]));
    }
    decide(tx, permit.actor(), practice, (step, note, kind)).await
}

/// The head puts a chosen case into the pool.
///
/// # Errors
/// Not found; refused.
pub async fn approve(
    tx: &mut Tx,
    permit: &Permit<ApprovePractice>,
    id: PracticeId,
) -> Result<Practice, StepError> {
    let practice = store::load(tx, Side::Office(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    decide(
        tx,
        permit.actor(),
        practice,
        (Step::Approve, "", "practice.approved"),
    )
    .await
}

async fn decide(
    tx: &mut Tx,
    actor: &Actor,
    mut practice: Practice,
    (step, note, kind): (Step, &str, &'static str),
) -> Result<Practice, StepError> {
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(StepError::Refused(vec![(
            "note",
            format!("最多{NOTE_CHARS_MAX}字。"),
        )]));
    }
    advance(&mut practice, step)?;
    practice.note = (!note.is_empty()).then(|| note.to_owned());
    store::update(tx, &practice).await?;
    let colon = if note.is_empty() { "" } else { "：" };
    let sentence = format!("案例{}{}{colon}{note}", practice.called(), step.name());
    tx.record(event(actor, &practice, kind, sentence.clone()));
    let notice = Notice {
        to: To::Unit,
        organ: practice.organ,
        topic: Topic::Practice,
        key: format!(
            "practice:{}:{}:{}",
            practice.id,
            step.code(),
            practice.version
        ),
        title: sentence,
        body: note.to_owned(),
        path: format!("/workspace/practices/{}", practice.id),
        about: None,
    };
    let mut notices = vec![notice];
    if step == Step::Choose {
        // What was chosen waits for the head.
        let waiting = notices.iter().cloned().map(|told| Notice {
            to: To::Head,
            organ: practice.office,
            key: format!("practice:{}:waiting:{}", practice.id, practice.version),
            title: format!("案例{}等您批准入库", practice.called()),
            ..told
        });
        notices.extend(waiting.collect::<Vec<_>>());
    }
    notify_all(tx, notices).await?;
    Ok(practice)
}

/// A bulletin of praise went out with this case.
///
/// # Errors
/// When the store fails.
pub async fn commend(
    tx: &mut Tx,
    actor: &Actor,
    office: &gongkai_platform::access::Scope,
    id: PracticeId,
) -> Result<(), StepError> {
    let Some(mut practice) = store::load(tx, Side::Office(office), id).await? else {
        return Ok(());
    };
    if practice.state.after(Step::Commend).is_none() {
        return Ok(());
    }
    advance(&mut practice, Step::Commend)?;
    store::update(tx, &practice).await?;
    let sentence = format!("案例{}通报表扬", practice.called());
    tx.record(event(actor, &practice, "practice.commended", sentence));
    Ok(())
}

/// The person's units that may take a case up: all but the one whose case it is.
#[must_use]
pub(super) fn borrowers(
    permit: &Permit<SubmitPractice>,
    practice: &Practice,
) -> Vec<(OrganId, String)> {
    let mut units = offices::organs(permit);
    units.retain(|(organ, _)| *organ != practice.organ);
    units
}

/// Another unit notes that it takes an offered case up.
///
/// # Errors
/// Not found; refused without a note, or for one's own case.
pub async fn borrow(
    tx: &mut Tx,
    permit: &Permit<SubmitPractice>,
    id: PracticeId,
    (unit, note): (&str, &str),
    today: Date,
) -> Result<Practice, StepError> {
    let practice = store::load(tx, Side::Pool, id)
        .await?
        .ok_or(StepError::NotFound)?;
    let others = borrowers(permit, &practice);
    if others.is_empty() {
        return Err(StepError::refuse("这是本单位自己的案例。"));
    }
    let (organ, organ_name) = offices::chosen(others, ("unit", unit))?;
    refused(
        text_fault("note", "借鉴情况", note, NOTE_CHARS_MAX)
            .into_iter()
            .collect(),
    )?;
    let by = permit.actor().name().to_owned();
    store::borrow(tx, id, organ, (note, &by, today)).await?;
    let sentence = format!("{organ_name}借鉴案例{}：{note}", practice.called());
    tx.record(event(
        permit.actor(),
        &practice,
        "practice.borrowed",
        sentence,
    ));
    Ok(practice)
}
