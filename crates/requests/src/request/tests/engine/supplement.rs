//! What the applicant supplements: of a part, and of a case that was ended for the lack of it.

use super::{Run, day};
use crate::request::reply::{Decision, Reply};
use crate::request::state::{Act, State};
use crate::request::step::{Doer, Step};

fn supplement(on: &str) -> Step {
    Step::Supplement {
        text: "2025年".to_owned(),
        on: day(on),
    }
}

fn redo(until: Option<&str>) -> Step {
    Step::Redo {
        why: "补正已按期寄到".to_owned(),
        on: day("2026-06-01"),
        until: until.map(day),
    }
}

fn asked() -> Run {
    let mut run = Run::from("2026-03-02");
    let ask = Step::AskSupplement {
        items: "年份".to_owned(),
        until: day("2026-04-30"),
    };
    run.done("2026-03-03", ask);
    run
}

/// Law: art. 30: the limit counts from the supplement; nothing is left of the old one while it is waited for.
#[test]
fn no_rest_of_the_old_limit_is_told_while_the_supplement_is_waited_for() {
    let run = asked();
    let shown = run.case.shown(day("2026-03-09"), &run.calendar);
    assert_eq!(
        shown.words,
        "自2026年3月3日起暂停计时，等待补正，收到以后重新计算答复期限"
    );
    assert!(
        shown.notes.iter().any(|note| note.contains("从头数")),
        "{:?}",
        shown.notes
    );
}

/// Law: art. 30: asked once; what was wrongly held to be given up is supplemented all the same.
#[test]
fn a_case_that_silence_ended_takes_its_supplement_when_it_is_done_again() {
    let mut run = asked();
    run.done("2026-05-06", Step::NotSupplemented);
    assert_eq!(run.refused("2026-05-07", supplement("2026-05-07")), ["act"]);
    let ended = run.case.clone();
    run.done("2026-06-01", redo(None));
    let redone = run.case.clone();
    assert_eq!(run.due(), Some(day("2026-06-30")));
    let unclear = Step::Decide(Decision {
        text: "仍不明确".to_owned(),
        ..Decision::of(Reply::StillUnclear)
    });
    assert_eq!(run.refused("2026-06-08", unclear.clone()), ["reply"]);
    run.step(
        "2026-06-08",
        supplement("2026-06-08"),
        &Doer::applicant("甲"),
    )
    .unwrap();
    assert_eq!(run.case.request.state, State::Registered);
    assert_eq!(run.due(), Some(day("2026-07-07")), "from its arrival");
    assert_eq!(run.refused("2026-06-09", supplement("2026-06-09")), ["act"]);
    let handler = run.case.entries[1]
        .account
        .map(|id| (id, "经办".to_owned()));
    let handler = handler.unwrap();
    run.done("2026-06-09", Step::Accept { handler });
    assert_eq!(run.refused("2026-06-09", supplement("2026-06-09")), ["act"]);
    run.done("2026-06-09", unclear);
    // What had arrived before the decision that orders it leaves the new limit alone.
    run.case = redone;
    run.done("2026-06-08", supplement("2026-04-20"));
    assert_eq!(run.due(), Some(day("2026-06-30")));
    // A day that the decision sets stands.
    run.case = ended;
    run.done("2026-06-01", redo(Some("2026-06-16")));
    run.done("2026-06-08", supplement("2026-06-08"));
    assert_eq!(run.due(), Some(day("2026-06-16")));
    let said = run.case.last(Act::Supplement).unwrap();
    assert!(said.public.contains("期限不变"), "{}", said.public);
}

/// Nobody supplements a case that is in hand.
#[test]
fn a_supplement_that_nobody_asked_for_is_refused() {
    let mut run = Run::from("2026-03-02");
    assert_eq!(run.refused("2026-03-03", supplement("2026-03-03")), ["act"]);
}

/// What happened to the whole is told before the line with which its part begins.
#[test]
fn the_history_of_a_part_is_in_the_order_of_its_days() {
    let mut run = asked();
    run.done("2026-03-10", supplement("2026-03-10"));
    let (request, by) = (run.case.request.clone(), ("经办".to_owned(), None));
    let part = run.case.split(request, by, day("2026-03-11"));
    let days: Vec<_> = part.history().map(|entry| entry.on).collect();
    assert!(days.is_sorted(), "{days:?}");
    let acts: Vec<_> = part.history().map(|entry| entry.act).collect();
    assert_eq!(
        acts,
        [Some(Act::AskSupplement), Some(Act::Supplement), None]
    );
}
