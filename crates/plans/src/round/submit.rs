//! The unit's head confirms, the unit submits or takes it back, the office accepts or returns.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::store::{self, Owed, Side};
use super::{Punctuality, Round, RoundId, RoundState, Step, Submission, TEXT_CHARS_MAX};
use crate::acts::{ConfirmSubmission, ManageRounds, SubmitRound};
use crate::by::By;
use crate::notify::{Notice, To, notify};
use crate::step::{StepError, refused, text_fault};
use crate::when;

/// What stands against a submission, and what only should be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Rows that are still the unit's.
    pub rows: usize,
    /// Rows that were never reported on.
    pub unreported: usize,
    /// Rows whose report is older than what the round is about.
    pub stale: usize,
    /// Rows reported on anew since the head confirmed.
    pub changed: usize,
}

/// Looks at what a unit owes.
#[must_use]
pub fn completeness(round: &Round, owed: &[Owed]) -> Completeness {
    let mut found = Completeness {
        rows: owed.len(),
        ..Completeness::default()
    };
    for row in owed {
        if row.report.is_none() {
            found.unreported += 1;
        } else if row
            .reported_at
            .and_then(when::civil_day)
            .is_some_and(|on| on < round.from_on)
        {
            found.stale += 1;
        }
        if row.report != row.confirmed {
            found.changed += 1;
        }
    }
    found
}

impl Owed {
    /// Reported on or proved anew since an instant.
    #[must_use]
    pub fn touched_since(&self, instant: i64) -> bool {
        self.reported_at.max(self.proved_at) >= Some(instant)
    }
}

/// The office returned it, and nothing was reported or proved since: the same again needs a word.
#[must_use]
pub fn is_untouched(of: &Submission, owed: &[Owed]) -> bool {
    match (&of.reason, of.decided_at) {
        (Some(_), Some(at)) => !owed.iter().any(|row| row.touched_since(at)),
        _ => false,
    }
}

/// All that the unit owed was cancelled or given to others.
const NOTHING_LEFT: &str = "本单位在这一轮的任务都已取消或转出，不用确认，也不用报送。";

impl Completeness {
    /// Why the head cannot confirm.
    #[must_use]
    pub fn why_not_confirm(&self) -> Vec<String> {
        if self.rows == 0 {
            return vec![NOTHING_LEFT.to_owned()];
        }
        if self.unreported == 0 {
            return Vec::new();
        }
        vec![format!(
            "还有{}项任务没有填报进展，填完才能确认。",
            self.unreported
        )]
    }

    /// Why the unit cannot submit what was confirmed.
    #[must_use]
    pub fn why_not_submit(&self) -> Vec<String> {
        if self.rows == 0 {
            return vec![NOTHING_LEFT.to_owned()];
        }
        let mut reasons = Vec::new();
        if self.unreported > 0 {
            reasons.push(format!(
                "负责人确认之后又列入{}项任务，还没有填报。请撤回确认，填完后由负责人重新确认。",
                self.unreported
            ));
        }
        if self.changed > 0 {
            reasons.push(format!(
                "负责人确认之后又有{}项任务改了填报，请撤回确认，由负责人重新确认。",
                self.changed
            ));
        }
        reasons
    }
}

pub(super) fn event(
    actor: &Actor,
    (round, of): (&Round, &Submission),
    kind: &'static str,
    sentence: String,
) -> Event {
    let subject = ("round_submission", of.subject());
    Event::new(actor, kind, subject, sentence)
        .organ(of.organ)
        .data(json!({ "round": round.id, "state": of.state.code(), "due_on": round.due_on, "counted_at": of.counted_at }))
}

pub(super) async fn load(
    tx: &mut Tx,
    side: Side<'_>,
    (id, organ): (RoundId, OrganId),
) -> Result<(Round, Submission), StepError> {
    let round = store::load(tx, side, id)
        .await?
        .ok_or(StepError::NotFound)?;
    let within = match side {
        // An office sees every unit of its round.
        Side::Office(_) => &gongkai_platform::access::Scope::Everything,
        Side::Unit(scope) => scope,
    };
    let of = store::unit(tx, id, within, organ)
        .await?
        .ok_or(StepError::NotFound)?;
    Ok((round, of))
}

fn advance(round: &Round, of: &mut Submission, step: Step) -> Result<(), StepError> {
    if round.state == RoundState::Cancelled {
        return Err(StepError::refuse("这一轮已经撤销，不用再报。"));
    }
    let state = of.state;
    of.state = state.after(step).ok_or_else(|| {
        StepError::refuse(format!(
            "这份报送现在是“{}”，不能{}。",
            state.name(),
            step.name()
        ))
    })?;
    Ok(())
}

fn all(reasons: Vec<String>) -> Result<(), StepError> {
    refused(reasons.into_iter().map(|reason| ("step", reason)).collect())
}

/// The head of the unit confirms what is reported: those versions and no later ones. `answer` says to the office what was
/// done about its reasons.
///
/// # Errors
/// Not found; refused while a row was never reported on, and where the office returned it and nothing changed since
/// without an answer.
pub async fn confirm(
    tx: &mut Tx,
    permit: &Permit<ConfirmSubmission>,
    key: (RoundId, OrganId),
    answer: &str,
) -> Result<Submission, StepError> {
    let (round, of) = load(tx, Side::Unit(permit.scope()), key).await?;
    let name = permit.actor().name().to_owned();
    let said = Said {
        name,
        how: String::new(),
        answer,
    };
    keep(tx, permit.actor(), (&round, of), said, Vec::new()).await
}

/// Who confirmed, and how.
pub(super) struct Said<'a> {
    /// As the record calls whoever confirmed.
    pub(super) name: String,
    /// `按纸质签批`, or nothing.
    pub(super) how: String,
    pub(super) answer: &'a str,
}

/// Keeps what was confirmed, with the reasons that stand against it all at once; `reasons` are those that the caller
/// found.
pub(super) async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    (round, mut of): (&Round, Submission),
    said: Said<'_>,
    mut reasons: Vec<(&'static str, String)>,
) -> Result<Submission, StepError> {
    advance(round, &mut of, Step::Confirm)?;
    let answer = said.answer;
    let owed = store::owed(tx, of.round, of.organ).await?;
    let missing = completeness(round, &owed).why_not_confirm();
    reasons.extend(missing.into_iter().map(|reason| ("step", reason)));
    if answer.is_empty() && is_untouched(&of, &owed) {
        reasons.push((
            "answer",
            "退回以后填报和佐证都没有改过。请先按退回意见修改；确实不用改的，写明原因再确认。"
                .to_owned(),
        ));
    } else if !answer.is_empty() {
        reasons.extend(text_fault(
            "answer",
            "对退回意见的说明",
            answer,
            TEXT_CHARS_MAX,
        ));
    }
    refused(reasons)?;
    store::keep_reports(tx, of.round, of.organ).await?;
    of.confirmed_by = Some(said.name);
    of.confirmed_at = Some(tx.now().as_millisecond());
    store::step(tx, &of).await?;
    let mut sentence = format!(
        "{}确认“{}”的填报内容，共{}项",
        said.how,
        round.name,
        owed.len()
    );
    if !answer.is_empty() {
        sentence.push_str(&format!("。对退回意见的说明：{answer}"));
    }
    tx.record(event(actor, (round, &of), "round.confirmed", sentence));
    let what = format!("负责人已确认“{}”，可以报送了", round.name);
    tell(tx, To::Liaison, of.organ, (round, &of), (what, "")).await?;
    Ok(of)
}

/// The unit submits what its head confirmed. From then on its lateness is a fact.
///
/// # Errors
/// Not found; refused when it was not confirmed, or changed since.
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<SubmitRound>,
    (id, organ): (RoundId, OrganId),
    today: Date,
) -> Result<(Submission, Punctuality), StepError> {
    let (round, mut of) = load(tx, Side::Unit(permit.scope()), (id, organ)).await?;
    advance(&round, &mut of, Step::Submit)?;
    let owed = store::owed(tx, id, organ).await?;
    all(completeness(&round, &owed).why_not_submit())?;
    let now = tx.now().as_millisecond();
    of.submitted_by = Some(By::of(permit.actor()));
    of.submitted_at = Some(now);
    of.counted_at = of.counted_at.or(Some(now));
    store::step(tx, &of).await?;
    let punctuality = of.punctuality(round.due_on, today);
    let late = match punctuality {
        Punctuality::Late(_) => format!("（{}）", punctuality.words()),
        Punctuality::Pending
        | Punctuality::InTime
        | Punctuality::NotAgain
        | Punctuality::Missing(_)
        | Punctuality::Nothing => String::new(),
    };
    let sentence = format!("报送“{}”，共{}项{late}", round.name, owed.len());
    tx.record(event(
        permit.actor(),
        (&round, &of),
        "round.submitted",
        sentence,
    ));
    let what = format!("{}报送了“{}”{late}", of.organ_name, round.name);
    tell(tx, To::Office, round.office, (&round, &of), (what, "")).await?;
    Ok((of, punctuality))
}

/// The unit takes back what was confirmed or submitted, before the office accepted it. What it takes back itself does
/// not count as submitted.
///
/// # Errors
/// Not found; refused.
pub async fn withdraw(
    tx: &mut Tx,
    permit: &Permit<SubmitRound>,
    (id, organ): (RoundId, OrganId),
) -> Result<Submission, StepError> {
    let (round, mut of) = load(tx, Side::Unit(permit.scope()), (id, organ)).await?;
    advance(&round, &mut of, Step::Withdraw)?;
    let was_submitted = of.submitted_at.is_some();
    // What the office returned once keeps its first day.
    if of.counted_at == of.submitted_at {
        of.counted_at = None;
    }
    of.begin_anew();
    store::step(tx, &of).await?;
    let sentence = match was_submitted {
        true => format!("撤回“{}”的报送", round.name),
        false => format!("撤回“{}”的确认，还没有报送", round.name),
    };
    tx.record(event(
        permit.actor(),
        (&round, &of),
        "round.withdrawn",
        sentence,
    ));
    if was_submitted {
        let what = format!("{}撤回了“{}”", of.organ_name, round.name);
        tell(tx, To::Office, round.office, (&round, &of), (what, "")).await?;
    }
    Ok(of)
}

/// The office accepts, or returns with a reason.
///
/// # Errors
/// Not found; refused, also for accepting what one has submitted oneself.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    (id, organ): (RoundId, OrganId),
    (step, note): (Step, &str),
) -> Result<Submission, StepError> {
    let (round, mut of) = load(tx, Side::Office(permit.scope()), (id, organ)).await?;
    let kind = match step {
        Step::Accept => "round.accepted",
        Step::Return => "round.returned",
        Step::Confirm | Step::Submit | Step::Withdraw => {
            return Err(StepError::refuse("这一步由报送单位办理。"));
        }
        Step::Ask => return Err(StepError::refuse("要单位补报的，请在轮次页列入任务。")),
    };
    if step == Step::Return {
        refused(
            text_fault("note", "退回原因", note, TEXT_CHARS_MAX)
                .into_iter()
                .collect(),
        )?;
    }
    let own = of.submitted_by.as_ref();
    if step == Step::Accept && own.is_some_and(|by| by.is(permit.actor())) {
        return Err(StepError::refuse(
            "这份报送是您本人报的，请由本办其他人接收。",
        ));
    }
    advance(&round, &mut of, step)?;
    of.decided_by = Some(permit.actor().name().to_owned());
    of.decided_at = Some(tx.now().as_millisecond());
    of.reason = (step == Step::Return).then(|| note.to_owned());
    if step == Step::Return {
        of.begin_anew();
    }
    store::step(tx, &of).await?;
    let colon = if note.is_empty() { "" } else { "：" };
    let sentence = format!("{}“{}”{colon}{note}", step.name(), round.name);
    tx.record(event(permit.actor(), (&round, &of), kind, sentence));
    let what = match step {
        Step::Return => format!("“{}”被退回，请改后重报", round.name),
        _ => format!("“{}”已接收", round.name),
    };
    tell(tx, To::Unit, organ, (&round, &of), (what, note)).await?;
    Ok(of)
}

/// Puts the scanned sealed copy beside the submission.
///
/// # Errors
/// Not found; refused without a file, and for what cannot be a scan.
pub async fn seal(
    tx: &mut Tx,
    permit: &Permit<SubmitRound>,
    (id, organ): (RoundId, OrganId),
    scans: Vec<New>,
) -> Result<Submission, StepError> {
    let (round, of) = load(tx, Side::Unit(permit.scope()), (id, organ)).await?;
    if scans.is_empty() {
        return Err(StepError::Refused(vec![(
            "file",
            "请选择盖章后的扫描件。".to_owned(),
        )]));
    }
    let faults = scans.iter().filter_map(New::no_scan);
    refused(faults.map(|fault| ("file", fault)).collect())?;
    let n = scans.len();
    let subject = of.subject();
    attachment::attach(
        tx,
        permit.actor(),
        ("round_submission", &subject),
        organ,
        scans,
    )
    .await?;
    let sentence = format!("上传“{}”盖章扫描件{n}件", round.name);
    tx.record(event(
        permit.actor(),
        (&round, &of),
        "round.sealed",
        sentence,
    ));
    Ok(of)
}

/// Tells the other side. Each version is told once.
async fn tell(
    tx: &mut Tx,
    to: To,
    recipient: OrganId,
    (round, of): (&Round, &Submission),
    (title, body): (String, &str),
) -> Result<(), StoreError> {
    let notice = Notice {
        to,
        organ: recipient,
        topic: Topic::Round,
        key: format!(
            "round:{}:{}:{}:{}",
            round.id,
            of.organ,
            of.state.code(),
            of.version
        ),
        title,
        body: body.to_owned(),
        path: format!("/workspace/rounds/{}/units/{}", round.id, of.organ),
        about: Some(round.due_on),
    };
    notify(tx, notice).await
}
