use std::collections::BTreeSet;

use gongkai_basis::Role;

use super::table::{DESK, TABLE};
use super::{Act, HANDLERS, Next, State, Who};

fn everybody() -> Vec<Who> {
    Role::ALL
        .iter()
        .map(|role| Who::Staff(*role))
        .chain([
            Who::ActingHead,
            Who::ActingReviewer,
            Who::Applicant,
            Who::Program,
        ])
        .collect()
}

#[test]
fn the_table_is_whole_and_without_doubles() {
    let acts: BTreeSet<Act> = TABLE.iter().map(|row| row.act).collect();
    assert_eq!(acts.len(), Act::ALL.len(), "every act stands in it");
    assert_eq!(TABLE.len(), acts.len(), "once");
    for row in TABLE {
        let states: BTreeSet<State> = row.from.iter().copied().collect();
        assert_eq!(states.len(), row.from.len(), "{:?}", row.act);
        assert!(!row.by.is_empty() && !row.from.is_empty());
    }
}

#[test]
fn who_handles_cases_is_the_same_everywhere() {
    let desk: Vec<Who> = HANDLERS.iter().copied().map(Who::Staff).collect();
    assert_eq!(DESK, desk);
}

#[test]
fn every_state_is_reached_and_left_except_the_last() {
    let mut reached: BTreeSet<State> = [State::Submitted].into();
    for _ in State::ALL {
        for (from, act, who) in everything() {
            match act.next(from, who).filter(|_| reached.contains(&from)) {
                Some(Next::To(to)) => drop(reached.insert(to)),
                Some(Next::ByLetters) => reached.extend([State::Handling, State::Consulting]),
                Some(Next::Same) | None => {}
            }
        }
    }
    assert_eq!(reached.len(), State::ALL.len(), "{reached:?}");
    for state in State::ALL {
        let leaves = everything().any(|(from, act, who)| {
            from == *state && matches!(act.next(from, who), Some(Next::To(to)) if to != from)
        });
        assert!(
            leaves || *state == State::Consulting,
            "{state:?} has no way out"
        );
    }
}

#[test]
fn what_comes_next_is_open_to_somebody() {
    for state in State::ALL {
        let open = |act: Act| {
            everybody()
                .iter()
                .any(|who| act.next(*state, *who).is_some())
        };
        assert!(state.usual_next().is_none_or(open), "{state:?}");
    }
}

fn everything() -> impl Iterator<Item = (State, Act, Who)> {
    State::ALL.iter().flat_map(|state| {
        Act::ALL
            .iter()
            .flat_map(move |act| everybody().into_iter().map(move |who| (*state, *act, who)))
    })
}

#[test]
fn who_may_do_what_is_as_the_law_has_it() {
    for (from, act, who) in everything() {
        let may = act.next(from, who).is_some();
        let staff = match who {
            Who::Staff(role) => Some(role),
            Who::ActingHead | Who::ActingReviewer | Who::Applicant | Who::Program => None,
        };
        if may && act == Act::ApproveExtension {
            let head = staff == Some(Role::OfficeHead) || who == Who::ActingHead;
            assert!(head, "art. 33: 工作机构负责人");
        }
        if may && who == Who::ActingReviewer {
            assert_eq!(act, Act::Pass, "art. 17: the review alone");
        }
        if may && who == Who::ActingHead {
            assert!(matches!(act, Act::ApproveExtension | Act::RefuseExtension));
        }
        if may && matches!(act, Act::Dispatch | Act::Deliver) {
            assert!(
                matches!(from, State::Signed | State::Replied),
                "signed first"
            );
        }
        if may && who == Who::Applicant {
            let own = [
                Act::Supplement,
                Act::Opinion,
                Act::GiveReasons,
                Act::Withdraw,
            ];
            assert!(own.contains(&act), "{act:?}");
        }
        if may && who == Who::Program {
            let own = [Act::NotSupplemented, Act::OpinionExpired, Act::NotPaid];
            assert!(own.contains(&act), "{act:?}");
        }
        if may && matches!(act, Act::StopAsking | Act::CancelCharge) {
            let wait = match act {
                Act::StopAsking => State::Consulting,
                _ => State::AwaitingPayment,
            };
            assert!(DESK.contains(&who) && from == wait, "{act:?} {who:?}");
        }
        if may && act == Act::Withdraw {
            assert!(from.is_running());
        }
        let reads_only = [
            Role::Supervisor,
            Role::Leader,
            Role::Author,
            Role::Proofreader,
            Role::FirstReviewer,
            Role::SecondReviewer,
            Role::ThirdReviewer,
            Role::LegalityReviewer,
            Role::SystemAdmin,
            Role::SecurityAdmin,
            Role::AuditAdmin,
        ];
        if staff.is_some_and(|role| reads_only.contains(&role)) {
            assert!(!may, "{staff:?} {act:?}");
        }
    }
    // The number of ways is part of the table: a change must be meant.
    let ways = everything().filter(|(from, act, who)| act.next(*from, *who).is_some());
    assert_eq!(ways.count(), WAYS);
}

const WAYS: usize = 389;
