//! The arithmetic of scores against a naive computation, and the states of a period.

mod journey;

mod classes;
mod counted;
mod early;
mod heir;
mod odd;
mod returned;

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::finding::FindingKind;
use proptest::prelude::*;

use super::gather::{Facts, FindingFact};
use super::store::PartFact;
use super::{Period, PeriodId, PeriodState, Scheme, Step, score};
use crate::testing::day;
use crate::when;

#[test]
fn only_approval_locks() {
    for state in PeriodState::ALL {
        for step in Step::ALL {
            if state.after(*step) == Some(PeriodState::Locked) {
                assert_eq!((*state, *step), (PeriodState::Submitted, Step::Approve));
            }
        }
        assert_eq!(PeriodState::Locked.after(Step::Compute), None, "{state:?}");
    }
}

fn id(n: u128) -> OrganId {
    OrganId::new(uuid::Uuid::from_u128(n))
}

fn period() -> Period {
    Period {
        id: PeriodId::new(uuid::Uuid::nil()),
        office: id(99),
        office_name: String::new(),
        title: String::new(),
        year: 2026,
        from_on: day("2026-01-01"),
        to_on: day("2026-12-31"),
        scheme: Scheme::standard(2026),
        scheme_version: 1,
        state: PeriodState::Open,
        computed_on: None,
        appeal_until: None,
        approved_by: None,
        locked_on: None,
        reason: None,
        desks: Vec::new(),
        version: 1,
    }
}

/// 2026-01-01 in Beijing, in milliseconds.
const NEW_YEAR: i64 = 1_767_196_800_000;

fn part() -> impl Strategy<Value = PartFact> {
    (
        1_u128..4,
        proptest::option::of((1_i8..=12, 1_i8..=28)),
        any::<bool>(),
        0_i64..3,
        proptest::option::of(0_i64..360),
    )
        .prop_map(|(organ, due, finished, evidence, done)| PartFact {
            id: format!("{organ}{due:?}{evidence}"),
            organ: id(organ),
            from: String::new(),
            text: String::new(),
            due_on: due.map(|(month, date)| gongkai_basis::Date::constant(2026, month, date)),
            is_counted: false,
            finished,
            evidence,
            decayed: evidence.min(1),
            done_at: done.map(|days| NEW_YEAR + days * 86_400_000),
        })
}

proptest! {
    #[test]
    fn grouped_facts_give_what_a_naive_walk_gives(
        parts in proptest::collection::vec(part(), 0..40),
        findings in proptest::collection::vec((1_u128..4, 0_usize..FindingKind::ALL.len()), 0..20),
        (month, date) in (1_i8..=12, 1_i8..=28),
    ) {
        let period = period();
        let as_of = gongkai_basis::Date::constant(2026, month, date);
        let facts = Facts {
            findings: findings.iter().map(|(organ, kind)| FindingFact {
                id: String::new(), organ: id(*organ), kind: FindingKind::ALL[*kind].code(),
                title: String::new(), open: true, assignment: None,
            }).collect(),
            parts: parts.clone(),
            ..Facts::default()
        };
        let organs = [id(1), id(2), id(3)];
        let all = facts.inputs(&period, &organs, as_of);
        for (organ, inputs) in organs.iter().zip(&all) {
            let (mut good, mut due) = (0, 0);
            for part in parts.iter().filter(|part| part.organ == *organ) {
                let Some(day) = part.due_on else { continue };
                let counts = day < as_of || (day == as_of && part.finished);
                if !counts { continue }
                due += 1;
                let on = part.done_at.and_then(when::civil_day);
                if part.finished && on.is_some_and(|on| on <= day) { good += 1 }
            }
            let input = inputs.iter().find(|input| input.indicator == "a1").unwrap();
            prop_assert_eq!((input.good, input.all), (good, due));
            prop_assert_eq!(i64::try_from(input.records.len()).unwrap(), due - good);
            let mut off: BTreeMap<&str, i64> = BTreeMap::new();
            let mut vetoed = false;
            for (_, kind) in findings.iter().filter(|(of, _)| id(*of) == *organ) {
                let code = FindingKind::ALL[*kind].code();
                vetoed |= period.scheme.vetoes.iter().any(|veto| veto == code);
                for one in &period.scheme.indicators {
                    for rule in one.cases.iter().filter(|rule| rule.kind == code) {
                        *off.entry(one.code.as_str()).or_default() += rule.points.0;
                    }
                }
            }
            let sheet = score::unit(&period.scheme, inputs, &[]);
            for (code, sum) in off {
                let line = sheet.lines.iter().find(|line| line.indicator.code == code).unwrap();
                prop_assert_eq!(line.points.0, (line.indicator.weight.0 - sum).max(0));
            }
            prop_assert_eq!(sheet.vetoed, vetoed);
            let bonus: i64 = sheet.lines.iter().filter(|line| line.indicator.code == "g1").map(|line| line.points.0).sum();
            let sum: i64 = sheet.lines.iter().map(|line| line.points.0).sum();
            prop_assert_eq!(sheet.total.0, sum - bonus + bonus.min(500));
        }
    }
}
