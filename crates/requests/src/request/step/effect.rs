//! What a step leaves: the clock's events and the facts.

use gongkai_basis::Date;
use gongkai_basis::clock::{ClockEvent, Run, Terms, limits};
use serde_json::{Value, json};

use super::super::Request;
use super::super::case::{Asked, Case, Consultation, Opinion};
use super::super::reply::{Decision, Reply};
use super::{FILES, LETTER, Moment, REASON, Step, UNTIL, WORDS, registration};
use crate::id::ConsultationId;

/// The day on which it takes effect.
pub(super) fn day(step: &Step, moment: &Moment<'_>) -> Date {
    match step {
        Step::Confirm { on }
        | Step::Supplement { on, .. }
        | Step::Pay { on, .. }
        | Step::ChargeReached { on }
        | Step::Reached { on, .. }
        | Step::Opinion { on, .. }
        | Step::Dispatch { on, .. }
        | Step::Deliver { on, .. }
        | Step::Redo { on, .. } => *on,
        _ => moment.today,
    }
}

/// Law: art. 30 (补正 restarts), 32–34 (asking others pauses), 33 (extension), 35 (延迟答复); 收费办法 (payment restarts).
pub(super) fn clock_events(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<ClockEvent> {
    let today = moment.today;
    let stops = |on| case.request.received_on.map(|_| ClockEvent::Stopped { on });
    let event = match step {
        Step::Confirm { on } => Some(ClockEvent::Started {
            on: confirmed(case, *on),
            terms: case.request.terms(),
        }),
        Step::AskSupplement { .. } | Step::Charge { .. } => {
            Some(ClockEvent::Waiting { since: today })
        }
        Step::Supplement { on, .. } if !case.restarts(*on) => None,
        Step::Supplement { on, .. } | Step::Pay { on, .. } => {
            Some(ClockEvent::Restarted { on: *on })
        }
        // Under a day that was set (art. 35) it moves nothing; of a limit that begins anew meanwhile, the rest is left out.
        Step::Consult { .. } => Some(ClockEvent::Paused {
            pause: moment.fresh.uuid(),
            sent: today,
        }),
        Step::Opinion { of, on, .. } => resumed(case, *of, within(case, *of, *on), moment),
        Step::OpinionExpired { of } => {
            let due = case.letter(*of).and_then(|letter| letter.due_on);
            resumed(case, *of, due.unwrap_or(today), moment)
        }
        Step::StopAsking { .. } => stopped(case, step, moment),
        Step::CancelCharge { .. } => Some(ClockEvent::Unwaited { on: today }),
        Step::TellExtension { days } => Some(ClockEvent::Extended {
            on: today,
            by: *days,
        }),
        Step::Defer { until, .. } => Some(ClockEvent::Moved {
            on: today,
            to: *until,
        }),
        Step::NotSupplemented
        | Step::NotPaid
        | Step::Withdraw { .. }
        | Step::Merge { .. }
        | Step::Answer { .. } => stops(today),
        Step::Dispatch { on, .. } => stops(*on),
        Step::Redo { on, until, .. } => {
            return begun_anew(case.request.terms(), *on, *until);
        }
        Step::Amend { .. } => return registration::clock(case, step),
        Step::Accept { .. }
        | Step::Reassign { .. }
        | Step::Reached { .. }
        | Step::AskUnit { .. }
        | Step::UnitAnswer { .. }
        | Step::ProposeExtension { .. }
        | Step::ApproveExtension
        | Step::RefuseExtension { .. }
        | Step::AskReasons { .. }
        | Step::GiveReasons { .. }
        | Step::ChargeReached { .. }
        | Step::Search { .. }
        | Step::Decide(_)
        | Step::Pass { .. }
        | Step::Return { .. }
        | Step::Sign
        | Step::Deliver { .. }
        | Step::Archive { .. }
        | Step::Transfer { .. }
        | Step::Split { .. }
        | Step::Note { .. } => None,
    };
    event.into_iter().collect()
}

/// A case that is done again has a limit of its own, from the day on which the decision arrived; a day that the decision
/// sets goes before it.
fn begun_anew(terms: Terms, on: Date, until: Option<Date>) -> Vec<ClockEvent> {
    let started = ClockEvent::Started { on, terms };
    let ordered = until.map(|to| ClockEvent::Moved { on, to });
    std::iter::once(started).chain(ordered).collect()
}

/// Does the clock stand still for a letter?
fn pauses(case: &Case, of: ConsultationId, moment: &Moment<'_>) -> bool {
    let clock = case.clock(moment.calendar);
    clock.is_some_and(|clock| clock.open_pauses().any(|(one, _)| one == of.uuid()))
}

/// The pause of a letter ends, where it made one.
fn resumed(case: &Case, of: ConsultationId, on: Date, moment: &Moment<'_>) -> Option<ClockEvent> {
    let pause = of.uuid();
    pauses(case, of, moment).then_some(ClockEvent::Resumed { pause, on })
}

/// A letter is waited for no more: its pause ends where asking had its ground, else it was none.
///
/// Law: art. 33 ¶3: 征求意见所需时间 is left out; which time that is of a letter that is given up, the law does not say
/// (`docs/law/working-days.md`).
fn stopped(case: &Case, step: &Step, moment: &Moment<'_>) -> Option<ClockEvent> {
    let Step::StopAsking {
        of, reason, had_on, ..
    } = step
    else {
        return None;
    };
    let (of, today) = (*of, moment.today);
    if reason.has_ground() {
        return resumed(case, of, within(case, of, had_on.unwrap_or(today)), moment);
    }
    let pause = of.uuid();
    pauses(case, of, moment).then_some(ClockEvent::Struck { pause, on: today })
}

/// The day of an answer; one that came after the 15 working days does not lengthen the pause (art. 32, 34).
pub(super) fn within(case: &Case, of: ConsultationId, on: Date) -> Date {
    let due = case.letter(of).filter(|letter| letter.got_on.is_some());
    due.and_then(|letter| letter.due_on)
        .map_or(on, |due| on.min(due))
}

/// The last day for an answer to a letter that reached its reader on a day.
fn answer_by(got_on: Date, moment: &Moment<'_>) -> Option<Date> {
    // 第三方 and 共同制作机关 have the same days.
    let run = Run::of(got_on, limits::THIRD_PARTY_OPINION);
    run.due(moment.calendar).ok()
}

/// The last day for payment of who received the notice on a day.
///
/// Law: 收费办法 art. 6, as a province restates it: 20 working days from the day after receipt.
///
/// # Errors
/// The sentence for people, where the notice of a year is missing.
pub(super) fn pay_by(got_on: Date, moment: &Moment<'_>) -> Result<Date, String> {
    let run = Run::of(got_on, limits::FEE_PAYMENT);
    run.due(moment.calendar).map_err(|error| error.sentence())
}

/// The receipt date when both sides confirm on this day.
fn confirmed(case: &Case, on: Date) -> Date {
    let mut receipt = case.request.receipt.clone();
    receipt.days.confirmed_on = Some(on);
    receipt.received_on(case.request.channel).unwrap_or(on)
}

/// What is known of the case afterwards.
pub(super) fn facts(case: &mut Case, step: &Step, moment: &Moment<'_>) {
    let today = moment.today;
    match step {
        Step::Confirm { on } => {
            case.request.received_on = Some(confirmed(case, *on));
            case.request.receipt.days.confirmed_on = Some(*on);
        }
        Step::Accept { handler } | Step::Reassign { handler, .. } => {
            case.request.handler = Some(handler.clone());
        }
        Step::Consult { .. } | Step::AskUnit { .. } => {
            case.consultations.extend(asked(step, moment));
        }
        Step::Reached { of, on } => {
            if let Some(letter) = case.consultations.iter_mut().find(|one| one.id == *of) {
                letter.got_on = Some(*on);
                letter.due_on = answer_by(*on, moment);
            }
        }
        Step::Opinion { of, .. }
        | Step::OpinionExpired { of }
        | Step::StopAsking { of, .. }
        | Step::UnitAnswer { of, .. } => {
            if let Some(letter) = case.consultations.iter_mut().find(|one| one.id == *of) {
                answered(letter, step, today);
            }
        }
        Step::Decide(decision) => {
            case.request.kept.look_on = decision.look_on;
            case.request.decision = Some(decision.clone());
        }
        Step::Answer { decision, .. } => {
            case.request.decision = Some(decision.clone());
            replied(case, today);
        }
        Step::Dispatch { on, .. } => replied(case, *on),
        Step::NotSupplemented => close(case, Reply::NotSupplemented, today),
        Step::NotPaid => close(case, Reply::NotPaid, today),
        Step::Withdraw { .. } | Step::Merge { .. } => close(case, Reply::OtherEnd, today),
        Step::Amend { .. } => registration::mend(case, step),
        Step::Transfer { organ, name, .. } => {
            case.request.organ = *organ;
            case.request.organ_name.clone_from(name);
            case.request.handler = None;
        }
        Step::Redo { .. } => undone(&mut case.request, today),
        Step::Archive { .. } => case.request.kept.archived_on = Some(today),
        Step::AskSupplement { .. }
        | Step::Supplement { .. }
        | Step::ProposeExtension { .. }
        | Step::ApproveExtension
        | Step::TellExtension { .. }
        | Step::RefuseExtension { .. }
        | Step::AskReasons { .. }
        | Step::GiveReasons { .. }
        | Step::Defer { .. }
        | Step::Charge { .. }
        | Step::ChargeReached { .. }
        | Step::Pay { .. }
        | Step::CancelCharge { .. }
        | Step::Search { .. }
        | Step::Pass { .. }
        | Step::Return { .. }
        | Step::Sign
        | Step::Deliver { .. }
        | Step::Split { .. }
        | Step::Note { .. } => {}
    }
}

/// The letter that asks somebody; `None` for a step that asks nobody.
fn asked(step: &Step, moment: &Moment<'_>) -> Option<Consultation> {
    let today = moment.today;
    let (asked, name, organ, question, got_on, due_on) = match step {
        Step::Consult {
            asked,
            name,
            organ,
            question,
            got_on,
        } => {
            // While nobody knows when it arrived: the earliest day.
            let due_on = answer_by(got_on.unwrap_or(today), moment);
            (*asked, name, *organ, question, *got_on, due_on)
        }
        Step::AskUnit {
            name,
            organ,
            question,
            until,
            ..
        } => (
            Asked::Unit,
            name,
            Some(*organ),
            question,
            None,
            Some(*until),
        ),
        _ => return None,
    };
    Some(Consultation {
        id: moment.fresh,
        asked,
        name: name.clone(),
        organ,
        question: question.clone(),
        sent_on: today,
        got_on,
        due_on,
        answered_on: None,
        opinion: None,
        words: String::new(),
    })
}

/// What a letter says after its answer, after its limit ran out, or when it is waited for no more.
fn answered(letter: &mut Consultation, step: &Step, today: Date) {
    if matches!(step, Step::StopAsking { .. }) {
        // Nobody answered it; why it is waited for no more stands in the history.
        letter.answered_on = Some(today);
        return;
    }
    let (opinion, words) = match step {
        Step::Opinion { opinion, words, .. } => (*opinion, words.as_str()),
        Step::UnitAnswer { words, .. } => (Opinion::Advice, words.as_str()),
        _ => (Opinion::Silence, ""),
    };
    letter.opinion = Some(opinion);
    words.clone_into(&mut letter.words);
    letter.answered_on = match step {
        Step::Opinion { on, .. } => Some(*on),
        _ if opinion == Opinion::Silence => letter.due_on.or(Some(today)),
        _ => Some(today),
    };
}

fn replied(case: &mut Case, on: Date) {
    end(case, on);
    case.request.replied_on = Some(on);
}

fn end(case: &mut Case, on: Date) {
    // A case that is done waits for nobody's opinion; done again, it asks anew.
    for letter in case.consultations.iter_mut().filter(|one| one.is_open()) {
        letter.answered_on = Some(on);
    }
    case.request.closed_on = Some(on);
}

/// Done again, it is neither answered nor closed.
fn undone(request: &mut Request, today: Date) {
    counted_before(request, today);
    request.decision = None;
    request.replied_on = None;
    request.closed_on = None;
    request.kept.archived_on = None;
    request.kept.look_on = None;
    request.kept.opened_on = None;
}

/// What an earlier year's report counted stays counted there, however often it is done again.
fn counted_before(request: &mut Request, today: Date) {
    let Some(closed) = request
        .closed_on
        .filter(|closed| closed.year() < today.year())
    else {
        return;
    };
    let row = request.decision.as_ref().and_then(Decision::row);
    let counted = request.kept.counted;
    request.kept.counted = counted.or_else(|| row.map(|row| (closed, row)));
}

fn close(case: &mut Case, reply: Reply, on: Date) {
    case.request.decision = Some(Decision::of(reply));
    end(case, on);
}

/// What a review keeps: its sum in words, the files that stood beside the reply, its fields and answers.
fn passed(step: &Step) -> Value {
    match step {
        Step::Pass {
            words,
            files,
            scrutiny,
        } => scrutiny.data(words, files),
        _ => Value::Null,
    }
}

fn told_at_once(step: &Step) -> Value {
    match step {
        Step::Answer { decision, told } => json!({
            "decision": serde_json::to_value(decision).unwrap_or(Value::Null),
            "to": told.to,
            "at": told.at,
            "by": told.by,
            "scans": told.scans,
        }),
        _ => Value::Null,
    }
}

fn asked_no_more(step: &Step) -> Value {
    match step {
        Step::StopAsking {
            of,
            reason,
            words,
            had_on,
        } => json!({
            LETTER: of.to_string(),
            REASON: reason.code(),
            WORDS: words,
            UNTIL: had_on,
        }),
        _ => Value::Null,
    }
}

/// What later steps and people need of it.
pub(super) fn data(step: &Step) -> Value {
    match step {
        Step::AskSupplement { items, until } => json!({ "items": items, "until": until }),
        Step::Supplement { text, .. } | Step::GiveReasons { text } => json!({ "text": text }),
        Step::ProposeExtension { days, why } => json!({ "days": days, "why": why }),
        Step::AskReasons { facts, until } => json!({ "facts": facts, "until": until }),
        Step::Defer { until, why } => json!({ "until": until, "why": why }),
        Step::Charge {
            bill,
            notice,
            until,
            why,
        } => json!({
            "scheme": bill.scheme.code(),
            "count": bill.count,
            "yuan": bill.yuan(),
            "notice": notice,
            "until": until,
            "why": why,
        }),
        Step::Pay { proof, .. } | Step::Deliver { proof, .. } => json!({ "proof": proof }),
        Step::ChargeReached { .. } => json!({}),
        Step::Search {
            places,
            method,
            result,
        } => {
            json!({ "places": places, "method": method, "result": result })
        }
        Step::Decide(decision) => serde_json::to_value(decision).unwrap_or(Value::Null),
        Step::Answer { .. } => told_at_once(step),
        Step::Dispatch { service, proof, .. } => {
            json!({ "service": service.code(), "proof": proof })
        }
        Step::Archive { number } => json!({ "number": number }),
        Step::Merge { into, why } => json!({ "into": into, "why": why }),
        Step::Pass { .. } => passed(step),
        Step::Note { words } => json!({ "words": words }),
        Step::TellExtension { days } => json!({ "days": days }),
        Step::Redo { why, until, .. } => json!({ "why": why, "until": until }),
        Step::Return { why }
        | Step::Withdraw { why }
        | Step::RefuseExtension { why }
        | Step::CancelCharge { why } => {
            json!({ "why": why })
        }
        Step::Transfer { name, why, .. }
        | Step::Reassign {
            handler: (_, name),
            why,
        } => json!({ "to": name, "why": why }),
        Step::Split { number, .. } => json!({ "number": number }),
        Step::Reached { of, .. } | Step::Opinion { of, .. } | Step::OpinionExpired { of } => {
            json!({ LETTER: of.to_string() })
        }
        Step::StopAsking { .. } => asked_no_more(step),
        Step::UnitAnswer { of, files, .. } => json!({ LETTER: of.to_string(), FILES: files }),
        Step::AskUnit { files, .. } => json!({ FILES: files }),
        // Its data are what it changes.
        Step::Amend { .. }
        | Step::Confirm { .. }
        | Step::NotSupplemented
        | Step::Accept { .. }
        | Step::Consult { .. }
        | Step::ApproveExtension
        | Step::NotPaid
        | Step::Sign => Value::Null,
    }
}
