//! A case and its letters go on together, in one transaction: what happens to one is done to the other.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{HeldRole, Scope};
use gongkai_platform::attachment;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::inbox;

use super::{
    Known, act, approval_fault, decided_anew, facts, is_reply, leave, public_interest,
    reply_letter, step, without_letter,
};
use crate::letter::compose::Facts;
use crate::letter::{Letter, LetterId, LetterKind, LetterState, door, handle, number, store};
use crate::request::case::Case;
use crate::request::handle as cases;
use crate::request::reply::Decision;
use crate::request::state::{Act, State};
use crate::request::step::{Service, Step};
use crate::request::store::list;
use crate::request::submit::REPLY;
use crate::withheld;

/// The day and its calendar.
pub type When<'c> = (Date, &'c WorkCalendar);

/// Every letter of a case, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, case: &Case) -> Result<Vec<Letter>, StoreError> {
    let id = case.request.id.to_string();
    store::of_case(tx, &Scope::Everything, &id).await
}

fn refuse<T>(sentence: impl Into<String>) -> Result<T, NotDone> {
    Err(NotDone::Refused(vec![("act", sentence.into())]))
}

/// Whether a case may go on after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    Goes,
    /// The reply's letter has faults that stop it.
    Unfinished,
}

/// After a step of the case: its reply letter is drafted, stands for the review, is signed, goes back, or leaves.
///
/// # Errors
/// Refused where the reply has no letter that could be reviewed, signed or sent.
pub async fn follow(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    done: &Step,
    when: When<'_>,
) -> Result<Follows, NotDone> {
    let Some(decision) = case.request.decision.clone() else {
        return Ok(Follows::Goes);
    };
    let kind = decision.reply.letter();
    if kind == LetterKind::Complaint && !matches!(done, Step::Decide(_)) {
        // Decided before there was a paper for it, it goes on without one.
        let letters = of(tx, case).await?;
        if reply_letter(&letters, &decision).is_none() {
            return Ok(Follows::Goes);
        }
    }
    match done {
        Step::Decide(_) => return drafted(tx, actor, case, (kind, &decision), when).await,
        Step::Pass { .. } => {
            under_review(tx, case, (&decision, None), when).await?;
        }
        Step::Sign => {
            let letter = under_review(tx, case, (&decision, None), when).await?;
            signed(tx, actor, letter, when.0).await?;
        }
        Step::Return { why } => {
            let letters = of(tx, case).await?;
            let Some(found) = reply_letter(&letters, &decision) else {
                return Ok(Follows::Goes);
            };
            let mut letter = found.clone();
            if letter.state == LetterState::Draft {
                return Ok(Follows::Goes);
            }
            letter.state = LetterState::Draft;
            letter.checked_by = None;
            letter.note.clone_from(why);
            number::void(tx, actor, &mut letter, "审签后退回重拟").await?;
            keep(tx, actor, &letter, ("letter.returned", "随答复退回")).await?;
        }
        Step::Dispatch { service, .. } => {
            let letter = under_review(tx, case, (&decision, Some(*service)), when).await?;
            ready(tx, case, &letter, *service).await?;
            let place = case.entries.len().checked_sub(1);
            handle::leave(tx, actor, letter, place, when).await?;
        }
        _ => {}
    }
    Ok(Follows::Goes)
}

/// A signed reply has its number, and is dated the day of its signature: it is printed, sealed and posted, or signed for, before
/// anybody can say how it left.
async fn signed(
    tx: &mut Tx,
    actor: &Actor,
    mut letter: Letter,
    today: Date,
) -> Result<(), StoreError> {
    // Of a signature in an earlier round.
    number::void(tx, actor, &mut letter, "重新审签").await?;
    letter.state = LetterState::Checked;
    letter.checked_by = Some(actor.name().to_owned());
    letter.issued_on = Some(today);
    store::update(tx, &letter).await?;
    let profile = store::profile(tx, letter.organ).await?;
    number::give(tx, &mut letter, &profile).await?;
    let sentence = format!("{}随审签通过，编号并记下成文日期", letter.named());
    record(tx, actor, &letter, ("letter.passed", sentence));
    Ok(())
}

/// A reply that was handed in or signed and does not leave, because its applicant has withdrawn: the letter is void, and so is
/// its number, if it has one.
///
/// # Errors
/// When the store fails.
pub(crate) async fn withdrawn(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<(), StoreError> {
    let letters = of(tx, case).await?;
    let is_under_way = |letter: &Letter| {
        let goes_on = matches!(letter.state, LetterState::Checking | LetterState::Checked);
        is_reply(letter.kind) && goes_on
    };
    for letter in letters.into_iter().filter(is_under_way) {
        give_up(tx, actor, letter, "申请人撤回，答复没有发出").await?;
    }
    Ok(())
}

/// Letters of what was decided before, which another decision has replaced: none of them will leave.
async fn replaced(
    tx: &mut Tx,
    actor: &Actor,
    letters: &[Letter],
    now: &Letter,
) -> Result<(), StoreError> {
    let is_left = |letter: &&Letter| {
        let goes_on = !matches!(letter.state, LetterState::Issued | LetterState::Void);
        is_reply(letter.kind) && goes_on && letter.id != now.id
    };
    for letter in letters.iter().filter(is_left) {
        let why = format!("改为拟写{}", now.kind.name());
        give_up(tx, actor, letter.clone(), &why).await?;
    }
    Ok(())
}

async fn give_up(
    tx: &mut Tx,
    actor: &Actor,
    mut letter: Letter,
    why: &str,
) -> Result<(), StoreError> {
    number::void(tx, actor, &mut letter, why).await?;
    letter.state = LetterState::Void;
    why.clone_into(&mut letter.note);
    store::update(tx, &letter).await?;
    let sentence = format!("作废{}：{why}", letter.kind.name());
    record(tx, actor, &letter, ("letter.discarded", sentence));
    Ok(())
}

/// The reply's letter as it stands for the review, saying what was decided, and without a fault that stops it: it may have
/// been handed in before a check was there, or before the case was mended. How it is sent decides what it says of remedies
/// (行政复议法 art. 22), so that is checked with it.
async fn under_review(
    tx: &mut Tx,
    case: &Case,
    (decision, service): (&Decision, Option<Service>),
    (today, calendar): When<'_>,
) -> Result<Letter, NotDone> {
    let letters = of(tx, case).await?;
    let mut letter = match reply_letter(&letters, decision) {
        None => {
            return refuse(
                "还没有答复文书：答复要由文书作出。请在案卷的“文书”里拟写并送审，再办理这一步。",
            );
        }
        Some(letter) if letter.state == LetterState::Draft => {
            return refuse("答复文书还是草稿。请经办人按检查结果填写完整并送审，再办理这一步。");
        }
        Some(letter) => letter.clone(),
    };
    let known = Known {
        case,
        letters: &letters,
        today,
        calendar,
    };
    if let Some(sentence) = leave::disagreement(&letter, decision, &known) {
        return refuse(sentence);
    }
    if let Some(service) = service {
        letter.served = match leave::served_by(&letter, service) {
            Ok(served) => served,
            Err(sentence) => return refuse(sentence),
        };
    }
    let (_, faults) = handle::faults_by(tx, &letter, Some(case), (today, calendar)).await?;
    match crate::letter::lint::stopped(&faults) {
        Some(sentence) => refuse(sentence),
        None => Ok(letter),
    }
}

/// A reply leaves when third parties were told (art. 32) and what it gives is there, as it was reviewed (art. 17).
async fn ready(tx: &mut Tx, case: &Case, letter: &Letter, service: Service) -> Result<(), NotDone> {
    let letters = of(tx, case).await?;
    if let Some(sentence) = leave::untold_words(&leave::untold(case, &letters)) {
        return refuse(sentence);
    }
    if leave::gives(letter) && leave::carries_files(service) {
        let subject = case.request.id.to_string();
        if attachment::of(tx, (REPLY, &subject)).await?.is_empty() {
            return refuse(leave::no_files(letter.kind));
        }
    }
    Ok(())
}

/// The letter that a decision needs: one that was written before, saying what is decided now, or a draft with what is known;
/// complete, it stands for the review at once. Those of other decisions are void with it.
async fn drafted(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (kind, decision): (LetterKind, &Decision),
    (today, calendar): When<'_>,
) -> Result<Follows, NotDone> {
    let letters = of(tx, case).await?;
    let known = Known {
        case,
        letters: &letters,
        today,
        calendar,
    };
    let letter = match reply_letter(&letters, decision) {
        Some(letter) => written_before(tx, actor, letter.clone(), (decision, &known)).await?,
        None => {
            let letter = Letter {
                id: LetterId::new(tx.fresh()),
                case_id: case.request.id.to_string(),
                organ: case.request.organ,
                organ_name: case.request.organ_name.clone(),
                kind,
                state: LetterState::Draft,
                facts: facts(kind, &known),
                served: leave::begins(kind, case),
                number: None,
                issued_on: None,
                drafted_by: actor.name().to_owned(),
                drafter: actor.account(),
                checked_by: None,
                note: String::new(),
                entry: None,
                version: 1,
                updated_at: tx.now().as_millisecond(),
            };
            store::insert(tx, &letter).await?;
            let sentence = format!("随拟定答复拟写{}", kind.name());
            record(tx, actor, &letter, ("letter.drafted", sentence));
            letter
        }
    };
    replaced(tx, actor, &letters, &letter).await?;
    if letter.state != LetterState::Draft {
        return Ok(Follows::Goes);
    }
    let (_, faults) = handle::faults_by(tx, &letter, Some(case), (today, calendar)).await?;
    if !crate::letter::lint::may_leave(&faults) {
        return Ok(Follows::Unfinished);
    }
    let mut letter = letter;
    letter.state = LetterState::Checking;
    keep(tx, actor, &letter, ("letter.submitted", "随拟定答复送审")).await?;
    Ok(Follows::Goes)
}

/// A letter that was written before says what is decided now, whether it was a draft, under review or signed.
async fn written_before(
    tx: &mut Tx,
    actor: &Actor,
    mut letter: Letter,
    (decision, known): (&Decision, &Known<'_>),
) -> Result<Letter, NotDone> {
    let Some(facts) = decided_anew(&letter.facts, letter.kind, decision, known) else {
        return Ok(letter);
    };
    letter.facts = facts;
    letter.state = LetterState::Draft;
    letter.checked_by = None;
    number::void(tx, actor, &mut letter, "重新拟定答复").await?;
    actor.name().clone_into(&mut letter.drafted_by);
    letter.drafter = actor.account();
    keep(tx, actor, &letter, ("letter.amended", "随拟定答复改写")).await?;
    letter.version += 1;
    Ok(letter)
}

async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    letter: &Letter,
    (kind, what): (&'static str, &str),
) -> Result<(), NotDone> {
    store::update(tx, letter).await?;
    record(
        tx,
        actor,
        letter,
        (kind, format!("{}{what}", letter.kind.name())),
    );
    Ok(())
}

fn record(tx: &mut Tx, actor: &Actor, letter: &Letter, (kind, sentence): (&'static str, String)) {
    let subject = ("letter", letter.id.to_string());
    tx.record(Event::new(actor, kind, subject, sentence).organ(letter.organ));
}

/// Before a letter of a case leaves: the act that it is, done with it; gives its place in the history.
///
/// # Errors
/// Refused with all the reasons of the case; a reply leaves with 发出答复 alone.
pub async fn performed(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    letter: &Letter,
    (today, calendar): When<'_>,
) -> Result<Option<usize>, NotDone> {
    let Some(case) = handle::case_of(tx, &letter.case_id, letter.organ).await? else {
        return Ok(None);
    };
    if act(letter.kind).is_none() {
        return Ok(None);
    }
    if is_reply(letter.kind) && case.request.closed_on.is_none() {
        return Err(NotDone::Refused(vec![(
            "step",
            "这是案件的答复文书，经公开审查、审签编号后，在案卷里随“发出答复”发出。".to_owned(),
        )]));
    }
    let letters = of(tx, &case).await?;
    if let Some(place) = without_letter(&case, &letters, letter) {
        as_approved(letter, &case, place)?;
        told(tx, (actor, roles), (letter, case), (today, calendar)).await?;
        return Ok(Some(place));
    }
    if is_reply(letter.kind) {
        return Ok(None);
    }
    let organs = list::helpers(tx).await?;
    let step = step(letter, &case, &organs).map_err(NotDone::Refused)?;
    let key = (case.request.id, case.request.version);
    let what = (step, Vec::new());
    // The code that the letter prints is that of what it sends.
    let when = ((today, calendar), door::own(letter));
    let done = cases::step_as(tx, (actor, roles), key, what, when).await?;
    let place = done.entries.len().checked_sub(1);
    if let Some(place) = place {
        as_approved(letter, &done, place)?;
    }
    told(tx, (actor, roles), (letter, done), (today, calendar)).await?;
    Ok(place)
}

/// With the notice of an approved extension its days begin to count.
///
/// Law: art. 33: 延长答复的期限…并告知申请人; the notice leaves before the first limit ends.
async fn told(
    tx: &mut Tx,
    who: (&Actor, &[HeldRole]),
    (letter, case): (&Letter, Case),
    when: When<'_>,
) -> Result<(), NotDone> {
    let untold = case
        .extension_untold()
        .filter(|_| letter.kind == LetterKind::Extension);
    let Some(days) = untold else {
        return Ok(());
    };
    if letter.facts.get("days") != days.to_string() {
        return refuse(format!(
            "批准的是延长{days}个工作日，文书写的不一致，没有发出。请修改草稿的“延长工作日数”。"
        ));
    }
    let key = (case.request.id, case.request.version);
    let what = (Step::TellExtension { days }, Vec::new());
    cases::step_by(tx, who, key, what, when).await?;
    Ok(())
}

/// What a paper of a case begins with, besides what its case says: where a fee is paid, who will approve an extension.
///
/// # Errors
/// When the store fails.
pub async fn with_organ(
    tx: &mut Tx,
    kind: LetterKind,
    case: &Case,
    facts: Facts,
) -> Result<Facts, StoreError> {
    if kind == LetterKind::Fee && facts.get("how_to_pay").is_empty() {
        let profile = store::profile(tx, case.request.organ).await?;
        return Ok(facts.with("how_to_pay", profile.how_to_pay()));
    }
    with_approver(tx, kind, case, facts).await
}

/// Where an extension was asked for and nobody has approved it: who will, and as what.
async fn with_approver(
    tx: &mut Tx,
    kind: LetterKind,
    case: &Case,
    facts: Facts,
) -> Result<Facts, StoreError> {
    if kind != LetterKind::Extension || case.extension_asked().is_none() {
        return Ok(facts);
    }
    let organ = case.request.organ;
    let (role, as_what) = if cases::has_no_head(tx, organ).await? {
        (&[Role::UnitHead], "unit_head")
    } else {
        (&[Role::OfficeHead], "office_head")
    };
    let facts = facts.with("approver_as", as_what);
    let names = inbox::who(tx, organ, role, role).await?;
    Ok(match names.as_slice() {
        [name] => facts.with("approver", name),
        _ => facts,
    })
}

fn as_approved(letter: &Letter, case: &Case, place: usize) -> Result<(), NotDone> {
    let entry = case.entries.get(place);
    match entry.and_then(|entry| approval_fault(letter, entry)) {
        Some(said) => Err(NotDone::Refused(vec![("step", said)])),
        None => Ok(()),
    }
}

/// A reply that is handed in for the review is the case's decision.
///
/// # Errors
/// Refused with all the reasons of the case, and where it says something else than what was decided.
pub async fn handed_in(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    letter: &Letter,
    (today, calendar): When<'_>,
) -> Result<(), NotDone> {
    let Some(case) = handle::case_of(tx, &letter.case_id, letter.organ).await? else {
        return Ok(());
    };
    let held = case.request.decision.as_ref();
    let Some(decision) = super::decision(letter.kind, &letter.facts, held) else {
        return Ok(());
    };
    match case.request.state {
        State::Handling | State::AwaitingReasons => {
            let key = (case.request.id, case.request.version);
            let letters = of(tx, &case).await?;
            let mut decision = decision;
            let is_new = held.is_none_or(|held| held.reply != decision.reply);
            if decision.reply.withholds() && is_new {
                // The letter has no place for the day; the case's page moves it.
                decision.look_on = withheld::in_a_year(today);
            }
            if decision.reply.releases() {
                decision.public_interest = public_interest(&case, &letters);
            }
            let what = (Step::Decide(decision), Vec::new());
            cases::step_by(tx, (actor, roles), key, what, (today, calendar)).await?;
            Ok(())
        }
        State::Reviewing => {
            let letters = of(tx, &case).await?;
            let known = Known {
                case: &case,
                letters: &letters,
                today,
                calendar,
            };
            let other = match held.filter(|held| held.reply == decision.reply) {
                None => Some("文书与已经拟定的答复类型不一致。请先退回重拟，再送审。".to_owned()),
                Some(held) => leave::disagreement(letter, held, &known),
            };
            other.map_or(Ok(()), refuse)
        }
        _ => Ok(()),
    }
}

/// Is the letter the reply of a case that is under review or signed? Then it goes with the case's acts.
///
/// # Errors
/// When the store fails.
pub async fn goes_with_case(tx: &mut Tx, letter: &Letter) -> Result<bool, NotDone> {
    if !is_reply(letter.kind) {
        return Ok(false);
    }
    let case = handle::case_of(tx, &letter.case_id, letter.organ).await?;
    Ok(case.is_some_and(|case| {
        matches!(
            case.request.state,
            State::Reviewing | State::Signing | State::Signed
        ) && case.request.decision.map(|one| one.reply.letter()) == Some(letter.kind)
    }))
}

/// What a case's page says of acts that were done and have no letter yet.
#[must_use]
pub fn missing(case: &Case, letters: &[Letter]) -> Vec<(Act, LetterKind)> {
    let begin = case
        .entries
        .iter()
        .rposition(|one| one.act == Some(Act::Redo));
    let mut found = Vec::new();
    for (place, entry) in case.entries.iter().enumerate().skip(begin.unwrap_or(0)) {
        let done = entry.act.filter(|done| *done != Act::Dispatch);
        let stands = !entry.is_carried() && !case.is_taken_back(place);
        let Some(done) = done.filter(|_| stands) else {
            continue;
        };
        let papers = match done {
            // It does not do the act, it tells of it.
            Act::NotSupplemented | Act::NotPaid => vec![LetterKind::Closed],
            _ => super::papers(done),
        };
        let begun = |one: &Letter| {
            papers.contains(&one.kind)
                && (one.entry == Some(place)
                    || (one.entry.is_none() && one.state != LetterState::Void))
        };
        if let Some(kind) = papers.first().filter(|_| !letters.iter().any(begun)) {
            found.push((done, *kind));
        }
    }
    found.dedup();
    found
}
