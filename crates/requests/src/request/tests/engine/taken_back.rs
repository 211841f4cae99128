//! What is waited for no more, and what it does to the clock.

use uuid::Uuid;

use super::{Run, day};
use crate::fee::Bill;
use crate::id::ConsultationId;
use crate::request::case::{Asked, StopReason};
use crate::request::clock::Light;
use crate::request::state::{Act, State};
use crate::request::step::Step;

/// Received on 20 September 2022 and, on the 26th, a letter that nobody knows to have arrived.
fn asked() -> (Run, ConsultationId) {
    let mut run = Run::from("2022-09-20");
    let of = sends(&mut run, "2022-09-26");
    (run, of)
}

fn sends(run: &mut Run, on: &str) -> ConsultationId {
    let ask = Step::Consult {
        asked: Asked::ThirdParty,
        name: "某公司".to_owned(),
        organ: None,
        question: "可否公开".to_owned(),
        got_on: None,
    };
    run.done(on, ask);
    ConsultationId::new(Uuid::from_u128(run.fresh))
}

fn stop(of: ConsultationId, reason: StopReason, had_on: Option<&str>) -> Step {
    Step::StopAsking {
        of,
        reason,
        words: "经过".to_owned(),
        had_on: had_on.map(day),
    }
}

/// Law: art. 33 ¶3: what asking takes is not counted; a letter by mistake takes nothing. The vectors of the law page.
#[test]
fn a_letter_that_is_given_up_keeps_its_pause_only_where_asking_had_its_ground() {
    for (reason, on, had_on, due) in [
        // As if it had never left.
        (StopReason::Mistaken, "2022-10-14", None, "2022-10-21"),
        (StopReason::Other, "2022-10-14", None, "2022-10-21"),
        // The vector's pause: from 26 September to 14 October.
        (StopReason::Undeliverable, "2022-10-14", None, "2022-11-07"),
        (
            StopReason::Elsewhere,
            "2022-10-20",
            Some("2022-10-14"),
            "2022-11-07",
        ),
    ] {
        let (mut run, of) = asked();
        assert_eq!(run.due(), None);
        run.done(on, stop(of, reason, had_on));
        assert_eq!(run.case.request.state, State::Handling, "{reason:?}");
        assert_eq!(run.due(), Some(day(due)), "{reason:?}");
        let stopped = run.case.stopped(of).unwrap();
        assert_eq!((stopped.on, stopped.reason), (day(on), reason));
        let letter = run.case.letter(of).unwrap();
        assert!(!letter.is_open() && letter.opinion.is_none());
        // Who was never reached was asked all the same; nobody else was.
        let is_unreached = reason == StopReason::Undeliverable;
        assert_eq!(run.case.third_party_heard(), is_unreached, "{reason:?}");
        assert!(!run.case.objected());
        let by = ("经办".to_owned(), None);
        let part = run.case.split(run.case.request.clone(), by, day(on));
        assert_eq!(part.third_party_heard(), is_unreached);
        assert_eq!(part.due_on(&run.calendar), run.due());
        assert_eq!(run.refused(on, stop(of, reason, had_on)), ["act"]);
    }
}

/// The days of an answer that is late lengthen no pause (art. 32), whatever ends it.
#[test]
fn a_letter_that_arrived_pauses_no_longer_than_its_days() {
    let mut run = Run::from("2022-09-20");
    let of = run.asks("2022-09-26", Asked::CoMaker);
    let due = run.case.letter(of).unwrap().due_on.unwrap();
    let stop = stop(of, StopReason::Elsewhere, Some("2022-11-14"));
    run.done("2022-11-14", stop);
    let after = run.due();
    let mut silent = Run::from("2022-09-20");
    let of = silent.asks("2022-09-26", Asked::CoMaker);
    silent.done("2022-11-14", Step::OpinionExpired { of });
    assert_eq!(after, silent.due());
    assert_eq!(silent.case.letter(of).unwrap().answered_on, Some(due));
}

#[test]
fn a_mistake_that_is_found_late_leaves_the_limit_where_it_was() {
    let (mut run, of) = asked();
    run.done("2022-11-01", stop(of, StopReason::Mistaken, None));
    assert_eq!(run.due(), Some(day("2022-10-21")));
    let shown = run.case.shown(day("2022-11-01"), &run.calendar);
    assert_eq!(shown.light, Light::Overdue);
    // The working says so, and the time line too.
    let sheet = run.case.sheet(day("2022-11-01"), &run.calendar);
    let last = sheet.events.last().unwrap();
    assert!(last.what.contains("这份函件的暂停不算"), "{}", last.what);
    assert!(last.law.contains("第三十三条第三款"), "{}", last.law);
    assert_eq!(last.act, "不再征求");
    let course = run.case.course();
    let (entry, still, turn) = course.last().unwrap();
    assert!(!still && turn.contains("停计不算"));
    assert!(entry.sentence.contains("误发") && entry.sentence.contains("经过"));
    assert!(
        entry.public.contains("期间照常计入答复期限"),
        "{}",
        entry.public
    );
}

#[test]
fn another_letter_that_is_out_is_waited_for_still() {
    let (mut run, wrong) = asked();
    let right = sends(&mut run, "2022-09-28");
    run.done("2022-10-10", stop(wrong, StopReason::Mistaken, None));
    assert_eq!(run.case.request.state, State::Consulting);
    assert_eq!(run.due(), None);
    assert_eq!(
        run.refused("2022-10-10", stop(wrong, StopReason::Mistaken, None)),
        ["of"]
    );
    run.answered("2022-10-14", right);
    let mut plain = Run::from("2022-09-20");
    let of = sends(&mut plain, "2022-09-28");
    plain.answered("2022-10-14", of);
    assert_eq!(run.due(), plain.due(), "the one by mistake moved nothing");
}

#[test]
fn why_a_letter_is_given_up_is_said_as_it_is() {
    let (mut run, of) = asked();
    let on = "2022-10-14";
    let mut silent = stop(of, StopReason::Mistaken, None);
    if let Step::StopAsking { words, .. } = &mut silent {
        words.clear();
    }
    assert_eq!(run.refused(on, silent), ["words"]);
    for (reason, had_on) in [
        (StopReason::Elsewhere, None),
        // Before it left, and on a day to come.
        (StopReason::Elsewhere, Some("2022-09-23")),
        (StopReason::Elsewhere, Some("2022-10-17")),
        (StopReason::Mistaken, Some("2022-10-12")),
    ] {
        assert_eq!(run.refused(on, stop(of, reason, had_on)), ["had_on"]);
    }
    // What arrived was delivered.
    let reached = Step::Reached {
        of,
        on: day("2022-09-28"),
    };
    run.done(on, reached);
    let lost = stop(of, StopReason::Undeliverable, None);
    assert_eq!(run.refused(on, lost), ["reason"]);
}

fn charge() -> Step {
    Step::Charge {
        bill: Bill::of("pages", "68").unwrap(),
        notice: "缴入专户".to_owned(),
        until: day("2026-06-10"),
        why: String::new(),
    }
}

fn cancel() -> Step {
    Step::CancelCharge {
        why: "页数数错".to_owned(),
    }
}

/// Law: 收费办法 art. 7: a payment begins the limit anew, and nothing else does.
#[test]
fn a_fee_that_was_not_owed_moves_nothing() {
    let mut run = Run::from("2026-03-02");
    assert_eq!(run.refused("2026-03-10", cancel()), ["act"]);
    run.done("2026-03-10", charge());
    assert!(run.case.charge().is_some());
    let unsaid = Step::CancelCharge { why: String::new() };
    assert_eq!(run.refused("2026-03-13", unsaid), ["why"]);
    run.done("2026-03-13", cancel());
    assert_eq!(run.case.request.state, State::Handling);
    assert_eq!(run.due(), Some(day("2026-03-30")), "as if none was asked");
    assert!(run.case.charge().is_none());
    let sheet = run.case.sheet(day("2026-03-13"), &run.calendar);
    let last = sheet.events.last().unwrap();
    assert!(last.what.contains("等待缴费不算"), "{}", last.what);
    let said = run.case.last(Act::CancelCharge).unwrap();
    assert!(said.public.contains("您不用缴费"), "{}", said.public);
    // A right one may follow, and is paid; then nothing is cancelled any more.
    run.done("2026-03-16", charge());
    let pay = Step::Pay {
        on: day("2026-03-19"),
        proof: "票据".to_owned(),
    };
    run.done("2026-03-20", pay);
    assert_eq!(run.due(), Some(day("2026-04-17")));
    let who = super::staff(1).who;
    let said = run.case.why_closed(Act::CancelCharge, &who).unwrap();
    assert!(said.contains("退费"), "{said}");
    assert_eq!(run.refused("2026-03-20", cancel()), ["act"]);
}

#[test]
fn a_fee_by_mistake_that_is_found_late_leaves_the_limit_where_it_was() {
    let mut run = Run::from("2026-03-02");
    run.done("2026-03-10", charge());
    run.done("2026-04-02", cancel());
    assert_eq!(run.due(), Some(day("2026-03-30")));
    let shown = run.case.shown(day("2026-04-02"), &run.calendar);
    assert_eq!(shown.light, Light::Overdue);
    assert_eq!(run.refused("2026-04-02", charge()), ["act"]);
}

/// A day that was set (art. 35) holds on, for no payment began the limit anew.
#[test]
fn a_day_that_was_set_outlives_what_is_taken_back() {
    let mut run = Run::from("2026-03-02");
    let ask = Step::AskReasons {
        facts: "本月40件".to_owned(),
        until: day("2026-03-20"),
    };
    run.done("2026-03-03", ask);
    let reasons = Step::GiveReasons {
        text: "研究".to_owned(),
    };
    run.done("2026-03-10", reasons);
    let defer = Step::Defer {
        until: day("2026-06-30"),
        why: "40件".to_owned(),
    };
    run.done("2026-03-11", defer);
    run.done("2026-03-12", charge());
    assert_eq!(run.due(), None);
    run.done("2026-03-13", cancel());
    assert_eq!(run.due(), Some(day("2026-06-30")));
    let of = sends(&mut run, "2026-03-16");
    run.done("2026-03-17", stop(of, StopReason::Mistaken, None));
    assert_eq!(run.due(), Some(day("2026-06-30")));
    let last = run.case.entries.last().unwrap();
    assert!(
        last.sentence.contains("已定的期限不变"),
        "{}",
        last.sentence
    );
}
