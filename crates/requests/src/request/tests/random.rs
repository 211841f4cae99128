//! Random lives of a case: whatever is tried in whatever order, the table, the history and the clock agree.

use gongkai_basis::Role;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Due;
use gongkai_basis::id::{AccountId, OrganId};
use jiff::ToSpan as _;
use proptest::prelude::*;
use uuid::Uuid;

use super::sample;
use crate::id::ConsultationId;
use crate::request::case::{Asked, Case, Opinion, StopReason};
use crate::request::reply::{Decision, Reply};
use crate::request::scrutiny::Scrutiny;
use crate::request::state::{Act, State, Who};
use crate::request::step::{Doer, Moment, Service, Step};

/// A step of each sort that the history allows to name, with letters of this case.
fn step(act: Act, case: &Case, today: gongkai_basis::Date) -> Step {
    let words = || "甲".to_owned();
    let letter = |inside: bool| {
        let mut open = case.consultations.iter().filter(|one| one.is_open());
        open.find(|one| (one.asked == Asked::Unit) == inside)
            .map_or(ConsultationId::new(Uuid::nil()), |one| one.id)
    };
    let until = today + 10.days();
    let decision = Decision {
        text: words(),
        ..Decision::of(Reply::Open)
    };
    let organ = OrganId::new(Uuid::from_u128(9));
    match act {
        Act::Confirm => Step::Confirm { on: today },
        Act::AskSupplement => Step::AskSupplement {
            items: words(),
            until,
        },
        Act::Supplement => Step::Supplement {
            text: words(),
            on: today,
        },
        Act::NotSupplemented => Step::NotSupplemented,
        Act::Accept => Step::Accept {
            handler: (AccountId::new(Uuid::from_u128(1)), words()),
        },
        Act::Reassign => Step::Reassign {
            handler: (AccountId::new(Uuid::from_u128(2)), "另一经办".to_owned()),
            why: words(),
        },
        Act::Consult => Step::Consult {
            asked: if case.entries.len().is_multiple_of(2) {
                Asked::ThirdParty
            } else {
                Asked::CoMaker
            },
            name: words(),
            organ: None,
            question: words(),
            got_on: None,
        },
        Act::Reached => Step::Reached {
            of: letter(false),
            on: today,
        },
        Act::Opinion => Step::Opinion {
            of: letter(false),
            opinion: Opinion::Agree,
            words: words(),
            on: today,
        },
        Act::OpinionExpired => Step::OpinionExpired { of: letter(false) },
        Act::StopAsking => Step::StopAsking {
            of: letter(false),
            reason: StopReason::ALL[case.entries.len() % 2],
            words: words(),
            had_on: None,
        },
        Act::AskUnit => Step::AskUnit {
            name: words(),
            organ,
            question: words(),
            until,
            files: Vec::new(),
        },
        Act::UnitAnswer => Step::UnitAnswer {
            of: letter(true),
            words: words(),
            files: Vec::new(),
        },
        Act::ProposeExtension => Step::ProposeExtension {
            days: 20,
            why: words(),
        },
        Act::ApproveExtension => Step::ApproveExtension,
        Act::TellExtension => Step::TellExtension { days: 20 },
        Act::RefuseExtension => Step::RefuseExtension { why: words() },
        Act::AskReasons => Step::AskReasons {
            facts: words(),
            until,
        },
        Act::GiveReasons => Step::GiveReasons { text: words() },
        Act::Defer => Step::Defer {
            until,
            why: words(),
        },
        Act::Charge => Step::Charge {
            bill: crate::fee::Bill::of("pages", "68").unwrap(),
            notice: words(),
            until,
            why: String::new(),
        },
        Act::ChargeReached => Step::ChargeReached { on: today },
        Act::Pay => Step::Pay {
            on: today,
            proof: words(),
        },
        Act::NotPaid => Step::NotPaid,
        Act::CancelCharge => Step::CancelCharge { why: words() },
        Act::Search => Step::Search {
            places: words(),
            method: words(),
            result: words(),
        },
        Act::Answer => Step::Answer {
            decision: Decision {
                place: words(),
                ..Decision {
                    reply: Reply::AlreadyPublic,
                    ..decision
                }
            },
            told: super::told(),
        },
        Act::Decide => Step::Decide(decision),
        Act::Pass => Step::Pass {
            words: words(),
            files: Vec::new(),
            scrutiny: Box::new(Scrutiny::sample()),
        },
        Act::Return => Step::Return { why: words() },
        Act::Sign => Step::Sign,
        Act::Dispatch => Step::Dispatch {
            service: Service::Web,
            on: today,
            proof: String::new(),
        },
        Act::Deliver => Step::Deliver {
            on: today,
            proof: words(),
        },
        Act::Archive => Step::Archive { number: words() },
        Act::Withdraw => Step::Withdraw { why: words() },
        Act::Amend => Step::Amend {
            applicant: Box::new(super::sample().applicant),
            received_on: Some(today),
            why: words(),
        },
        Act::Transfer => Step::Transfer {
            organ,
            name: words(),
            why: words(),
        },
        Act::Merge => Step::Merge {
            into: words(),
            why: words(),
        },
        Act::Split => Step::Split {
            number: words(),
            subject: words(),
        },
        Act::Redo => Step::Redo {
            why: words(),
            on: today,
            until: None,
        },
        Act::Note => Step::Note { words: words() },
    }
}

fn doer(number: u8) -> Doer {
    let who = match number % 4 {
        0 => Who::Applicant,
        1 => Who::Program,
        2 => Who::Staff(Role::OfficeHead),
        _ => Who::Staff(Role::RequestOfficer),
    };
    Doer {
        who: vec![who],
        name: "谁".to_owned(),
        account: Some(AccountId::new(Uuid::from_u128(u128::from(number)))),
    }
}

/// Tries one act after the other: its number in the table, who tries, and how many days later.
fn live(tries: Vec<(usize, u8, i64)>) -> Result<(), TestCaseError> {
    let calendar = WorkCalendar::builtin();
    let mut request = sample();
    let mut today: gongkai_basis::Date = "2024-03-04".parse().unwrap();
    request.received_on = Some(today);
    let mut case = Case::begin(request, ("经办".to_owned(), None), today);
    for (fresh, (act, who, days)) in (1_u128..).zip(tries) {
        today += days.days();
        let moment = Moment {
            today,
            at: 0,
            fresh: ConsultationId::new(Uuid::from_u128(fresh)),
            calendar: &calendar,
        };
        let step = step(Act::ALL[act], &case, today);
        let before = case.clone();
        let done = case.apply(&step, &doer(who), &moment);
        if done.is_err() {
            prop_assert_eq!(&case, &before, "refused, and nothing has changed");
            continue;
        }
        // Every history that was let in is one that a clock can have.
        let clock = case.clock(&calendar);
        prop_assert!(clock.is_some());
        let clock = clock.unwrap();
        prop_assert!(clock.extended() <= 20);
        prop_assert_eq!(case.request.due_on, case.due_on(&calendar));
        let supplements = case
            .entries
            .iter()
            .filter(|one| one.act == Some(Act::AskSupplement))
            .count();
        prop_assert!(supplements <= 1, "art. 30: once");
        // What is owed to nobody does not run; what stands still has no day.
        let running = case.request.state.is_running();
        prop_assert_eq!(clock.stopped().is_none(), running);
        let waits = matches!(
            case.request.state,
            State::AwaitingSupplement | State::AwaitingPayment | State::Consulting
        );
        if let (true, Ok(Due::On(due))) = (waits, clock.due(&calendar)) {
            // Only a limit that had run out, or a day that was decided, has a day while everybody waits.
            prop_assert!(due <= today || case.last(Act::Defer).is_some());
        }
        if case.request.state == State::Signed || case.request.replied_on.is_some() {
            let passed = case.last(Act::Pass).is_some() || case.last(Act::Answer).is_some();
            prop_assert!(passed, "art. 17");
        }
        // A day that was set instead of the limit stands still for nobody.
        if case.last(Act::Defer).is_none() {
            prop_assert_eq!(
                case.letters_out().next().is_some() && running,
                clock.open_pauses().next().is_some() && running
            );
        }
    }
    Ok(())
}

/// Done again after it was withdrawn, a case does not wait for the letters of its first life.
#[test]
fn a_second_life_waits_for_no_letter_of_the_first() {
    let acts = [
        Act::Accept,
        Act::Consult,
        Act::Withdraw,
        Act::Archive,
        Act::Redo,
    ];
    let who = [2, 2, 0, 2, 6];
    let place = |act: Act| Act::ALL.iter().position(|one| *one == act).unwrap();
    live(
        acts.into_iter()
            .map(place)
            .zip(who)
            .map(|(act, who)| (act, who, 0))
            .collect(),
    )
    .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_life_of_a_case_keeps_its_promises(tries in prop::collection::vec((0..Act::ALL.len(), 0..8_u8, 0..6_i64), 1..60)) {
        live(tries)?;
    }
}
