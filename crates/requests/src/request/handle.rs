//! One way in for everything that happens to a case: load, let the rules judge, keep, tell.

pub(crate) mod hand_in;
mod join;
mod stand;
mod tell;
mod wait;

pub use stand::{answerable, desk, standing};
pub(crate) use stand::{has_no_head, has_no_reviewer};
pub use wait::{Waits, approver, waits_for};

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::{HeldRole, Permit};
use gongkai_platform::attachment::{self, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use serde_json::Value;

use super::Kind;
use super::case::{Asked, Case, Entry};
use super::state::{Act, State};
use super::step::{Doer, Moment, Step};
use super::store;
use super::submit::{self, PAPERS, REPLY, SUBJECT, record};
use crate::acts::HandleRequests;
use crate::archive;
use crate::id::{ConsultationId, RequestId};
use crate::letter::tie;
use crate::letter::tie::handle::Follows;
use crate::oversight;
use join::{joined, settled};
use stand::{doer, scope_of};
use tell::tell;

/// An officer, head, reviewer or helping unit does something.
///
/// # Errors
/// Not found outside of reach; stale when somebody was first; refused with all the reasons.
pub async fn step(
    tx: &mut Tx,
    permit: &Permit<HandleRequests>,
    of: (RequestId, i64),
    what: (Step, Vec<New>),
    when: (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    step_by(tx, (permit.actor(), permit.roles()), of, what, when).await
}

/// As [`step`], and nothing that an earlier decision of this round had brought goes with the new one.
///
/// # Errors
/// As [`step`].
pub async fn decide_without(
    tx: &mut Tx,
    permit: &Permit<HandleRequests>,
    of: (RequestId, i64),
    what: (Step, Vec<New>),
    when: (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let scope = scope_of(tx, (permit.actor(), permit.roles())).await?;
    let case = store::load(tx, &scope, of.0).await?;
    instead(tx, &case.ok_or(NotDone::NotFound)?).await?;
    step(tx, permit, of, what, when).await
}

/// As [`step`], for who may do it by another permit: the table asks for the role all the same.
///
/// # Errors
/// As [`step`].
pub(crate) async fn step_by(
    tx: &mut Tx,
    who: (&Actor, &[HeldRole]),
    of: (RequestId, i64),
    what: (Step, Vec<New>),
    when: (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let fresh = ConsultationId::new(tx.fresh());
    step_as(tx, who, of, what, (when, fresh)).await
}

/// As [`step_by`]; a letter that the step sends is known by this id.
///
/// # Errors
/// As [`step`].
pub(crate) async fn step_as(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    (id, version): (RequestId, i64),
    (step, files): (Step, Vec<New>),
    ((today, calendar), fresh): ((Date, &WorkCalendar), ConsultationId),
) -> Result<Case, NotDone> {
    let scope = scope_of(tx, (actor, roles)).await?;
    let case = store::load(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if case.request.version != version {
        return Err(StoreError::Stale.into());
    }
    let doer = doer(tx, (actor, roles), &case).await?;
    if let Step::UnitAnswer { of, .. } = &step {
        own_letter(tx, (actor, roles), &case, *of).await?;
    }
    let step = settled(tx, &case, step, (actor, today, calendar)).await?;
    let step = with_files(step, &files);
    let step = seen(tx, id, step).await?;
    let into = match step.act() {
        Act::Decide => REPLY,
        // What is given was reviewed; with the dispatch only proof of it comes in (art. 17).
        _ => PAPERS,
    };
    if step.act() == Act::Decide && (!files.is_empty() || !goes_on(&case, &step)) {
        instead(tx, &case).await?;
    }
    let what = (step.clone(), into, files);
    let (from, organ) = (case.request.state, case.request.organ);
    let when = (today, calendar, fresh);
    let mut done = run(tx, case, what, (&doer, actor), when).await?;
    // Who does something with a case has opened it.
    store::set_opened(tx, id).await?;
    let follows = tie::handle::follow(tx, actor, &done, &step, (today, calendar)).await?;
    if step.act() == Act::Decide {
        match follows {
            Follows::Goes => tell(tx, &done, &step).await?,
            Follows::Unfinished => hold(tx, &mut done, from, today).await?,
        }
    }
    if step.act() == Act::Transfer {
        let (transfer, to) = ((id, done.entries.len()), done.request.organ);
        store::left::note(tx, transfer, (organ, to), today).await?;
    }
    if let Step::Merge { into, .. } = &step {
        joined(tx, actor, &done, (into, today)).await?;
    }
    Ok(done)
}

/// A unit that helps answers for itself, not for another.
async fn own_letter(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    case: &Case,
    of: ConsultationId,
) -> Result<(), NotDone> {
    let letter = case.letter(of).filter(|letter| letter.is_open());
    let Some(letter) = letter.filter(|_| !matches!(actor, Actor::System)) else {
        return Ok(());
    };
    if letter.asked != Asked::Unit || answerable(tx, roles, case).await?.contains(&of) {
        return Ok(());
    }
    let said = format!("这份协办是请{}答复的，不能由您答复。", letter.name);
    Err(NotDone::Refused(vec![("of", said)]))
}

/// A reply whose letter is unfinished stays with the officer: a reviewer could not go on with it. Who was asked for reasons
/// may still give them.
async fn hold(tx: &mut Tx, case: &mut Case, from: State, today: Date) -> Result<(), NotDone> {
    case.request.state = from;
    let entry = Entry {
        act: Some(Act::Note),
        on: today,
        at: tx.now().as_millisecond(),
        by: Doer::program().name,
        account: None,
        sentence: UNFINISHED.to_owned(),
        public: String::new(),
        data: Value::Null,
        clock: Vec::new(),
    };
    case.entries.push(entry.clone());
    store::save(tx, case, &entry).await?;
    case.request.version += 1;
    Ok(())
}

/// What stands in the history of a case whose reply is not ready for the review.
pub(crate) const UNFINISHED: &str =
    "答复文书还有必须改正的地方，没有送公开审查，仍由经办人办理；改好后在文书里“送审”";

/// Does what an earlier decision had brought belong to this one, too? Only where the same is answered once more: what was
/// attached to be given does not leave with a refusal, nor the whole where a part is given.
///
/// Law: art. 17: what is given was reviewed as what it is.
fn goes_on(case: &Case, step: &Step) -> bool {
    let (Step::Decide(decision), Some(before)) = (step, &case.request.decision) else {
        return true;
    };
    // What answers a 更正 or a 投诉 withholds nothing.
    let gives = decision.reply.releases() || case.request.kind != Kind::Information;
    gives && before.reply == decision.reply
}

/// What a new decision brings stands instead of what an earlier one had brought; what left in an earlier round stays given.
async fn instead(tx: &mut Tx, case: &Case) -> Result<(), StoreError> {
    let since = case.last(Act::Redo).map_or(0, |redo| redo.at);
    let subject = case.request.id.to_string();
    attachment::set_aside(tx, (REPLY, &subject), (PAPERS, since)).await
}

/// The names of what the decision of this round has brought.
///
/// # Errors
/// When the store fails.
pub async fn beside(tx: &mut Tx, case: &Case) -> Result<Vec<String>, StoreError> {
    let since = case.last(Act::Redo).map_or(0, |redo| redo.at);
    let subject = case.request.id.to_string();
    let files = attachment::of(tx, (REPLY, &subject)).await?;
    let own = files.into_iter().filter(|file| file.at >= since);
    Ok(own.map(|file| file.title).collect())
}

/// A review that passes names the files that stand beside the reply.
///
/// Law: art. 17: nothing is given without a review.
async fn seen(tx: &mut Tx, id: RequestId, step: Step) -> Result<Step, StoreError> {
    let Step::Pass {
        words, scrutiny, ..
    } = step
    else {
        return Ok(step);
    };
    let beside = attachment::of(tx, (REPLY, &id.to_string())).await?;
    let files = beside
        .into_iter()
        .filter_map(|file| file.sha256.or(file.url));
    Ok(Step::Pass {
        words,
        files: files.collect(),
        scrutiny,
    })
}

/// The step with what comes with it: the signed pages of an answer on the spot, the papers that a unit is given or gives.
fn with_files(mut step: Step, new: &[New]) -> Step {
    match &mut step {
        Step::Answer { told, .. } => told.scans = new.len(),
        Step::AskUnit { files, .. } | Step::UnitAnswer { files, .. } => {
            let marks = new.iter().map(|one| match one {
                New::File { sha256, .. } => sha256.clone(),
                New::Link(link) => link.as_str().to_owned(),
            });
            *files = marks.collect();
        }
        _ => {}
    }
    step
}

/// What the holder of a case's code does; who calls has proved the code.
///
/// # Errors
/// Refused with all the reasons.
pub async fn applicant(
    tx: &mut Tx,
    case: Case,
    (step, files): (Step, Vec<New>),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let doer = Doer::applicant(&case.request.applicant.name);
    let what = step.act().name();
    let fresh = ConsultationId::new(tx.fresh());
    let done = run(
        tx,
        case,
        (step, SUBJECT, files),
        (&doer, &Actor::System),
        (today, calendar, fresh),
    )
    .await?;
    submit::tell_desk(tx, &done, what).await?;
    Ok(done)
}

/// What a third party answers to its letter; who calls has proved the letter's code.
///
/// # Errors
/// Refused with all the reasons.
pub async fn third_party(
    tx: &mut Tx,
    case: Case,
    name: &str,
    (step, files): (Step, Vec<New>),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let doer = Doer {
        name: name.to_owned(),
        ..Doer::applicant("")
    };
    let fresh = ConsultationId::new(tx.fresh());
    let done = run(
        tx,
        case,
        (step, PAPERS, files),
        (&doer, &Actor::System),
        (today, calendar, fresh),
    )
    .await?;
    submit::tell_desk(tx, &done, "征求意见已答复").await?;
    Ok(done)
}

/// What the night does by itself.
///
/// # Errors
/// Refused with all the reasons.
pub async fn program(
    tx: &mut Tx,
    case: Case,
    step: Step,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<Case, NotDone> {
    let doer = Doer::program();
    let what = step.act().name();
    let fresh = ConsultationId::new(tx.fresh());
    let done = run(
        tx,
        case,
        (step, PAPERS, Vec::new()),
        (&doer, &Actor::System),
        (today, calendar, fresh),
    )
    .await?;
    submit::tell_desk(tx, &done, what).await?;
    Ok(done)
}

async fn run(
    tx: &mut Tx,
    mut case: Case,
    (step, into, files): (Step, &'static str, Vec<New>),
    (doer, actor): (&Doer, &Actor),
    (today, calendar, fresh): (Date, &WorkCalendar, ConsultationId),
) -> Result<Case, NotDone> {
    let moment = Moment {
        today,
        at: tx.now().as_millisecond(),
        fresh,
        calendar,
    };
    let entry = case.apply(&step, doer, &moment).map_err(NotDone::Refused)?;
    store::save(tx, &case, &entry).await?;
    let subject = case.request.id.to_string();
    attachment::attach(tx, actor, (into, &subject), case.request.organ, files).await?;
    let sentence = format!("{}：{}", case.request.number, step.act().name());
    record(tx, actor, &case, kind(step.act()), sentence);
    // Whether a reply goes on to the review, its letter says.
    if step.act() != Act::Decide {
        tell(tx, &case, &step).await?;
    }
    match step.act() {
        Act::Amend => store::set_registration(tx, &case.request).await?,
        Act::Archive => archive::make::queue(tx, &case).await?,
        Act::Withdraw => tie::handle::withdrawn(tx, actor, &case).await?,
        Act::CancelCharge => tie::uncharged(tx, actor, &case).await?,
        Act::Dispatch => oversight::finding::answered(tx, &case.request, today).await?,
        _ => {}
    }
    case.request.version += 1;
    Ok(case)
}

/// The event's kind.
const fn kind(act: Act) -> &'static str {
    match act {
        Act::Confirm => "request.confirmed",
        Act::AskSupplement => "request.supplement-asked",
        Act::Supplement => "request.supplemented",
        Act::NotSupplemented => "request.not-supplemented",
        Act::Accept => "request.accepted",
        Act::Reassign => "request.reassigned",
        Act::Consult => "request.consulted",
        Act::Reached => "request.letter-reached",
        Act::Opinion => "request.opinion",
        Act::OpinionExpired => "request.opinion-expired",
        Act::StopAsking => "request.asking-stopped",
        Act::AskUnit => "request.unit-asked",
        Act::UnitAnswer => "request.unit-answered",
        Act::ProposeExtension => "request.extension-proposed",
        Act::ApproveExtension => "request.extension-approved",
        Act::TellExtension => "request.extended",
        Act::RefuseExtension => "request.extension-refused",
        Act::AskReasons => "request.reasons-asked",
        Act::GiveReasons => "request.reasons-given",
        Act::Defer => "request.deferred",
        Act::Charge => "request.charged",
        Act::ChargeReached => "request.charge-reached",
        Act::Pay => "request.paid",
        Act::NotPaid => "request.not-paid",
        Act::CancelCharge => "request.charge-cancelled",
        Act::Search => "request.searched",
        Act::Answer => "request.answered",
        Act::Decide => "request.decided",
        Act::Pass => "request.passed",
        Act::Return => "request.returned",
        Act::Sign => "request.signed",
        Act::Dispatch => "request.dispatched",
        Act::Deliver => "request.delivered",
        Act::Archive => "request.archived",
        Act::Withdraw => "request.withdrawn",
        Act::Amend => "request.amended",
        Act::Transfer => "request.transferred",
        Act::Merge => "request.merged",
        Act::Split => "request.split",
        Act::Redo => "request.redone",
        Act::Note => "request.noted",
    }
}
