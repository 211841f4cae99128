//! Letters are drafted, checked by a colleague, numbered and issued; each step leaves its event.

use std::collections::BTreeSet;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::{Act, HeldRole, Permit, Scope};
use gongkai_platform::attachment;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox;
use serde_json::json;

use super::compose::{Facts, Head};
use super::lint::{self, CaseFacts, Checked, Fault, Position};
use super::profile::Profile;
use super::remedy::Served;
use super::store;
use super::tie;
use super::{Letter, LetterId, LetterKind, LetterState, LetterStep, number};
use crate::acts::{IssueLetters, SetLetters, WriteLetters};
use crate::id::RequestId;
use crate::reach;
use crate::request::{self, case::Case, naming, state::HANDLERS, submit::REPLY};
use crate::review;
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};

/// The longest note of a colleague, in characters.
pub const NOTE_CHARS_MAX: usize = 500;
/// Stands between the places at which a letter was held back.
pub(crate) const HELD_BETWEEN: &str = "、";

/// What is to be drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub organ: OrganId,
    /// Empty without one.
    pub case_id: String,
    pub kind: LetterKind,
    pub facts: Facts,
    pub served: Served,
}

fn record<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    letter: &Letter,
    kind: &'static str,
    sentence: String,
) {
    record_by(tx, permit.actor(), letter, kind, sentence);
}

fn record_by(tx: &mut Tx, actor: &Actor, letter: &Letter, kind: &'static str, sentence: String) {
    let data = json!({
        "case": letter.case_id,
        "kind": letter.kind.code(),
        "state": letter.state.code(),
        "number": letter.number,
    });
    tx.record(
        Event::new(actor, kind, ("letter", letter.id.to_string()), sentence)
            .organ(letter.organ)
            .data(data),
    );
}

/// Begins a letter.
///
/// # Errors
/// Not found for an organ out of reach, or a case that is not the organ's.
pub async fn draft(
    tx: &mut Tx,
    permit: &Permit<WriteLetters>,
    new: Draft,
) -> Result<Letter, NotDone> {
    let organ = reach::handled_organ(tx, permit.roles(), new.organ).await?;
    if !new.case_id.is_empty() && case_of(tx, &new.case_id, organ.id).await?.is_none() {
        return Err(NotDone::NotFound);
    }
    let letter = Letter {
        id: LetterId::new(tx.fresh()),
        case_id: new.case_id,
        organ: organ.id,
        organ_name: organ.name,
        kind: new.kind,
        state: LetterState::Draft,
        facts: new.facts,
        served: new.served,
        number: None,
        issued_on: None,
        drafted_by: permit.actor().name().to_owned(),
        drafter: permit.actor().account(),
        checked_by: None,
        note: String::new(),
        entry: None,
        version: 1,
        updated_at: tx.now().as_millisecond(),
    };
    store::insert(tx, &letter).await?;
    let sentence = format!("拟写{}", letter.kind.name());
    record(tx, permit, &letter, "letter.drafted", sentence);
    Ok(letter)
}

async fn existing(
    tx: &mut Tx,
    roles: &[HeldRole],
    (id, version): (LetterId, i64),
) -> Result<Letter, NotDone> {
    let scope = reach::handled(tx, roles).await?;
    let letter = store::load(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if letter.version == version {
        Ok(letter)
    } else {
        Err(StoreError::Stale.into())
    }
}

fn step(letter: &mut Letter, step: LetterStep) -> Result<(), NotDone> {
    match letter.state.after(step) {
        Some(state) => {
            letter.state = state;
            Ok(())
        }
        None => Err(NotDone::Refused(vec![(
            "step",
            format!(
                "文书现在是“{}”，不能{}。请刷新页面，看现在能办理什么。",
                letter.state.name(),
                step.name()
            ),
        )])),
    }
}

/// Changes what a draft says; whoever wrote last is its drafter.
///
/// # Errors
/// Not found; stale; refused for a letter that is no draft.
pub async fn amend(
    tx: &mut Tx,
    permit: &Permit<WriteLetters>,
    of: (LetterId, i64),
    (facts, served): (Facts, Served),
) -> Result<Letter, NotDone> {
    let mut letter = existing(tx, permit.roles(), of).await?;
    step(&mut letter, LetterStep::Amend)?;
    letter.facts = facts;
    letter.served = served;
    letter.drafted_by = permit.actor().name().to_owned();
    letter.drafter = permit.actor().account();
    store::update(tx, &letter).await?;
    let sentence = format!("修改{}", letter.kind.name());
    record(tx, permit, &letter, "letter.amended", sentence);
    Ok(letter)
}

/// The case of this id, if it is one of the organ's; one that the organ only helps with is none of its own.
///
/// # Errors
/// When the store fails.
pub async fn case_of(
    tx: &mut Tx,
    case_id: &str,
    organ: OrganId,
) -> Result<Option<Case>, StoreError> {
    let Ok(id) = case_id.parse::<RequestId>() else {
        return Ok(None);
    };
    let scope = Scope::Organs {
        single: vec![organ],
        branches: Vec::new(),
    };
    request::store::own(tx, &scope, id).await
}

async fn case_facts(
    tx: &mut Tx,
    letter: &Letter,
    case: &Case,
    calendar: &WorkCalendar,
) -> Result<CaseFacts, StoreError> {
    let (request, kind) = (&case.request, letter.kind);
    let position = match tie::charged_position(case) {
        _ if kind != LetterKind::Fee => Position::Unknown,
        Some(charged) => Position::Charged(charged),
        None => {
            let place = request::store::list::place_in_month(tx, request).await?;
            place.map_or(Position::Unknown, Position::Counted)
        }
    };
    let may_give = matches!(kind, LetterKind::Disclose | LetterKind::Partly);
    let lacks_files = may_give && tie::leave::wants_files(request.wish.way) && {
        let subject = request.id.to_string();
        attachment::of(tx, (REPLY, &subject)).await?.is_empty()
    };
    Ok(CaseFacts {
        third_party_heard: case.third_party_heard(),
        lacks_files,
        names_applicant: (kind == LetterKind::Assist)
            .then(|| naming::told(request, letter.facts.get("content")))
            .flatten(),
        is_suspended: case.letters_out().next().is_some() && case.set_day().is_none(),
        applicant: request.applicant.name.clone(),
        case_no: request.number.clone(),
        received_on: request.received_on,
        due_on: request.due_on,
        own_term: tie::own_term(request),
        untold: case.why_untold(calendar),
        third_parties: tie::said(case),
        position,
    })
}

/// What the linter says of a letter now.
///
/// # Errors
/// When the store fails.
pub async fn faults(
    tx: &mut Tx,
    letter: &Letter,
    day: (Date, &WorkCalendar),
) -> Result<(Profile, Vec<Fault>), StoreError> {
    let case = case_of(tx, &letter.case_id, letter.organ).await?;
    faults_by(tx, letter, case.as_ref(), day).await
}

/// As [`faults`], held against a case that is at hand.
///
/// # Errors
/// When the store fails.
pub(crate) async fn faults_by(
    tx: &mut Tx,
    letter: &Letter,
    case: Option<&Case>,
    (today, calendar): (Date, &WorkCalendar),
) -> Result<(Profile, Vec<Fault>), StoreError> {
    let case = match case {
        Some(case) => Some(case_facts(tx, letter, case, calendar).await?),
        None => None,
    };
    let profile = store::profile(tx, letter.organ).await?;
    let lessons = review::store::lessons(tx, letter.kind).await?;
    let head = Head {
        organ: &letter.organ_name,
        profile: &profile,
        number: letter.number.as_deref().unwrap_or_default(),
        dated: letter.issued_on,
        served: letter.served,
        door: None,
    };
    let faults = lint::check(&Checked {
        kind: letter.kind,
        facts: &letter.facts,
        head: &head,
        today,
        calendar,
        case: case.as_ref(),
        lessons: &lessons,
    });
    Ok((profile, faults))
}

/// Notes at which places the check holds a saved draft back; kept after they were mended, for those who look at what goes wrong
/// in several units.
///
/// # Errors
/// When the store fails.
pub async fn held_back(
    tx: &mut Tx,
    letter: LetterId,
    faults: &[Fault],
    today: Date,
) -> Result<(), StoreError> {
    let stops = faults
        .iter()
        .filter(|fault| fault.weight == lint::Weight::Stop);
    let places: BTreeSet<&str> = stops.map(|fault| fault.place_name.as_str()).collect();
    if places.is_empty() {
        return Ok(());
    }
    let places: Vec<&str> = places.into_iter().collect();
    store::set_held(tx, letter, (&places.join(HELD_BETWEEN), today)).await
}

/// Everything that stops a letter, as reasons.
fn stops(faults: &[Fault]) -> Vec<(&'static str, String)> {
    faults
        .iter()
        .filter(|fault| fault.weight == lint::Weight::Stop)
        .map(|fault| ("step", format!("{}：{}", fault.place_name, fault.sentence)))
        .collect()
}

/// Whom a letter under check waits for, in words; empty for any other.
///
/// # Errors
/// When the store fails.
pub async fn waits_for(tx: &mut Tx, letter: &Letter) -> Result<String, NotDone> {
    if letter.state != LetterState::Checking {
        return Ok(String::new());
    }
    if tie::handle::goes_with_case(tx, letter).await? {
        let case = case_of(tx, &letter.case_id, letter.organ).await?;
        return Ok(match case {
            Some(case) => request::handle::waits_for(tx, &case).await?.words,
            None => String::new(),
        });
    }
    // Colleagues of its drafter.
    let names = inbox::who(tx, letter.organ, HANDLERS, HANDLERS).await?;
    let others: Vec<String> = names
        .into_iter()
        .filter(|name| *name != letter.drafted_by)
        .collect();
    Ok(if others.is_empty() {
        "没有其他人能复核：请联系安全管理员在“账号”里再任命一名依申请经办".to_owned()
    } else {
        format!("等待复核，可以复核的是{}", others.join("、"))
    })
}

/// Hands a draft to a colleague; what the linter stops stays a draft.
///
/// # Errors
/// Not found; stale; refused with all that is wrong.
pub async fn submit(
    tx: &mut Tx,
    permit: &Permit<WriteLetters>,
    of: (LetterId, i64),
    day: (Date, &WorkCalendar),
) -> Result<Letter, NotDone> {
    let mut letter = existing(tx, permit.roles(), of).await?;
    step(&mut letter, LetterStep::Submit)?;
    let (_, found) = faults(tx, &letter, day).await?;
    refused(stops(&found))?;
    letter.note = String::new();
    store::update(tx, &letter).await?;
    let sentence = format!("{}送复核", letter.kind.name());
    record(tx, permit, &letter, "letter.submitted", sentence);
    letter.version += 1;
    tie::handle::handed_in(tx, (permit.actor(), permit.roles()), &letter, day).await?;
    Ok(letter)
}

/// A colleague passes a letter, or sends it back with a note. Nobody checks an own letter.
///
/// # Errors
/// Not found; stale; refused for the drafter, and for a return without a note.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<WriteLetters>,
    of: (LetterId, i64),
    (decision, note): (LetterStep, &str),
) -> Result<Letter, NotDone> {
    let mut letter = existing(tx, permit.roles(), of).await?;
    let mut reasons = Vec::new();
    if tie::handle::goes_with_case(tx, &letter).await? {
        let sentence = "答复文书随案件一起审查：请在案卷里办理公开审查、审签或退回重拟。";
        reasons.push(("step", sentence.to_owned()));
    }
    if decision == LetterStep::Pass
        && letter.drafter.is_some()
        && letter.drafter == permit.actor().account()
    {
        reasons.push(("step", "文书要由拟稿人以外的人复核。".to_owned()));
    }
    let wanted = if decision == LetterStep::Return {
        Wanted::Yes
    } else {
        Wanted::No
    };
    reasons.extend(text_fault(
        ("note", "退回意见"),
        note,
        NOTE_CHARS_MAX,
        wanted,
    ));
    step(&mut letter, decision)?;
    refused(reasons)?;
    let returned = letter.state == LetterState::Draft;
    if returned {
        number::void(tx, permit.actor(), &mut letter, "退回修改").await?;
    }
    letter.checked_by = (!returned).then(|| permit.actor().name().to_owned());
    letter.note = note.to_owned();
    store::update(tx, &letter).await?;
    let (kind, sentence) = if returned {
        (
            "letter.returned",
            format!("退回{}：{note}", letter.kind.name()),
        )
    } else {
        ("letter.passed", format!("{}复核通过", letter.kind.name()))
    };
    record(tx, permit, &letter, kind, sentence);
    Ok(letter)
}

/// Numbers a checked letter, dates it today, and closes it; a reply has both since it was signed. Forms have no number. A letter
/// of a case does the act that it is, or is tied to the one that waits for it, in the same transaction.
///
/// # Errors
/// Not found; stale; refused with all that the linter stops, and with what refuses the act.
pub async fn issue(
    tx: &mut Tx,
    permit: &Permit<IssueLetters>,
    of: (LetterId, i64),
    day: (Date, &WorkCalendar),
) -> Result<Letter, NotDone> {
    let letter = existing(tx, permit.roles(), of).await?;
    if letter.state.after(LetterStep::Issue).is_some() {
        let (_, found) = faults(tx, &letter, day).await?;
        refused(stops(&found))?;
    }
    let who = (permit.actor(), permit.roles());
    let place = match letter.state {
        LetterState::Checked => tie::handle::performed(tx, who, &letter, day).await?,
        _ => None,
    };
    leave(tx, permit.actor(), letter, place, day).await
}

/// A checked letter leaves: with the number and date of its signature, else a new one and today's, and with the act of its case
/// that left with it. One that leaves with an act was held against the case by whoever did the act; the act may have moved the
/// case's dates since.
///
/// # Errors
/// Refused for one that is not checked; for one without an act, with all that the linter stops.
pub(crate) async fn leave(
    tx: &mut Tx,
    actor: &Actor,
    mut letter: Letter,
    place: Option<usize>,
    day: (Date, &WorkCalendar),
) -> Result<Letter, NotDone> {
    step(&mut letter, LetterStep::Issue)?;
    // What was signed before replies were numbered with it is numbered here.
    if letter.number.is_none() {
        letter.issued_on = Some(day.0);
    }
    letter.entry = place;
    let profile = match place {
        Some(_) => store::profile(tx, letter.organ).await?,
        None => {
            let (profile, found) = faults(tx, &letter, day).await?;
            refused(stops(&found))?;
            profile
        }
    };
    store::update(tx, &letter).await?;
    number::give(tx, &mut letter, &profile).await?;
    let sentence = format!("发出{}", letter.named());
    record_by(tx, actor, &letter, "letter.issued", sentence);
    Ok(letter)
}

/// Gives a letter up that was not issued.
///
/// # Errors
/// Not found; stale; refused for one that was issued, and without a reason.
pub async fn discard(
    tx: &mut Tx,
    permit: &Permit<WriteLetters>,
    of: (LetterId, i64),
    why: &str,
) -> Result<Letter, NotDone> {
    let mut letter = existing(tx, permit.roles(), of).await?;
    step(&mut letter, LetterStep::Discard)?;
    if tie::handle::goes_with_case(tx, &letter).await? {
        let sentence = "这份答复正在审查或待发出，不能作废。请先在案卷里退回重拟。";
        refused(vec![("step", sentence.to_owned())])?;
    }
    let fault = text_fault(("note", "作废原因"), why, NOTE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    letter.note = why.to_owned();
    number::void(tx, permit.actor(), &mut letter, "文书作废").await?;
    store::update(tx, &letter).await?;
    let sentence = format!("作废{}：{why}", letter.kind.name());
    record(tx, permit, &letter, "letter.discarded", sentence);
    Ok(letter)
}

/// Keeps what an organ's letters carry.
///
/// # Errors
/// Not found; stale; refused with all that is wrong.
pub async fn set_profile(
    tx: &mut Tx,
    permit: &Permit<SetLetters>,
    organ: OrganId,
    profile: &Profile,
) -> Result<(), NotDone> {
    let organ = reach::handled_organ(tx, permit.roles(), organ).await?;
    refused(profile.faults())?;
    let there = store::profile(tx, organ.id).await?;
    if there.version != profile.version {
        return Err(StoreError::Stale.into());
    }
    store::save_profile(tx, organ.id, profile).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "letter.profile",
            ("organ", organ.id.to_string()),
            format!("修改{}的文书设置", organ.name),
        )
        .organ(organ.id),
    );
    Ok(())
}
