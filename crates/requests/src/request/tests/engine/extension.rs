//! One extension, and the notice from which it counts.

use gongkai_basis::Role;
use gongkai_basis::clock::ClockEvent;

use super::{Run, day, staff};
use crate::request::case::Asked;
use crate::request::state::Who;
use crate::request::step::{Doer, Step};

#[test]
fn an_extension_is_one_approved_by_the_head_before_the_day() {
    let mut run = Run::from("2026-03-02");
    let ask = |days| Step::ProposeExtension {
        days,
        why: "卷宗多".to_owned(),
    };
    assert_eq!(run.refused("2026-03-10", ask(21)), ["days"]);
    assert_eq!(run.refused("2026-03-10", ask(0)), ["days"]);
    assert_eq!(run.refused("2026-03-10", Step::ApproveExtension), ["days"]);
    run.done("2026-03-10", ask(10));
    let officer = Doer {
        who: vec![Who::Staff(Role::RequestOfficer)],
        ..staff(1)
    };
    assert_eq!(
        run.step("2026-03-10", Step::ApproveExtension, &officer)
            .unwrap_err(),
        ["act"]
    );
    let due = run.due().unwrap();
    let after = due.tomorrow().unwrap().to_string();
    assert_eq!(
        run.refused(&after, Step::ApproveExtension),
        ["clock"],
        "expired"
    );
    let tell = |days| Step::TellExtension { days };
    assert_eq!(run.refused("2026-03-10", tell(10)), ["days"], "unapproved");
    run.done(&due.to_string(), Step::ApproveExtension);
    assert_eq!(run.refused("2026-03-30", ask(5)), ["days"], "once");
    assert_eq!(run.refused("2026-03-30", tell(9)), ["days"]);
    assert_eq!(
        run.refused(&after, tell(10)),
        ["clock"],
        "the notice leaves before the limit ends"
    );
    run.done(&due.to_string(), tell(10));
    assert_eq!(run.due(), Some(day("2026-04-14")));
    assert_eq!(run.refused("2026-04-01", tell(10)), ["days"]);
    assert_eq!(run.refused("2026-04-01", ask(5)), ["days"], "once");
}

/// What was approved before the notice counted moved its clock then, and goes on counting so.
#[test]
fn an_extension_recorded_with_its_approval_counts_as_it_was_recorded() {
    let mut run = Run::from("2026-03-02");
    let ask = Step::ProposeExtension {
        days: 10,
        why: "卷宗多".to_owned(),
    };
    run.done("2026-03-10", ask);
    run.done("2026-03-10", Step::ApproveExtension);
    assert_eq!(run.case.extension_untold(), Some(10));
    let approved = run.case.entries.last_mut().unwrap();
    approved.clock.push(ClockEvent::Extended {
        on: day("2026-03-10"),
        by: 10,
    });
    assert_eq!(run.due(), Some(day("2026-04-14")));
    assert_eq!(run.case.extension_untold(), None);
    let tell = Step::TellExtension { days: 10 };
    assert_eq!(run.refused("2026-03-11", tell), ["days"]);
}

/// Law: art. 33 adds working days to a limit of working days; a day that was set has none.
#[test]
fn a_day_that_was_set_is_not_extended() {
    let ask = || Step::ProposeExtension {
        days: 10,
        why: "卷宗多".to_owned(),
    };
    let mut run = Run::from("2026-03-02");
    let facts = Step::AskReasons {
        facts: "本月40件".to_owned(),
        until: day("2026-03-20"),
    };
    run.done("2026-03-03", facts);
    let text = "论文".to_owned();
    run.done("2026-03-04", Step::GiveReasons { text });
    run.done("2026-03-04", ask());
    let later = Step::Defer {
        until: day("2026-06-30"),
        why: "40件".to_owned(),
    };
    run.done("2026-03-05", later);
    assert_eq!(run.refused("2026-03-05", Step::ApproveExtension), ["days"]);
    let why = "已经延迟".to_owned();
    run.done("2026-03-05", Step::RefuseExtension { why });
    assert_eq!(run.refused("2026-03-05", ask()), ["days"]);
    // So it is with the day that a decision orders.
    let why = "来信撤回".to_owned();
    run.done("2026-03-10", Step::Withdraw { why });
    let redo = Step::Redo {
        why: "判决撤销".to_owned(),
        on: day("2026-06-01"),
        until: Some(day("2026-06-16")),
    };
    run.done("2026-06-01", redo);
    assert_eq!(run.case.set_day(), Some(day("2026-06-16")));
    assert_eq!(run.refused("2026-06-01", ask()), ["days"]);
}

/// While others are asked there is no day that the notice could tell.
#[test]
fn no_notice_leaves_while_the_limit_stands_still() {
    let mut run = Run::from("2026-03-02");
    let ask = Step::ProposeExtension {
        days: 10,
        why: "卷宗多".to_owned(),
    };
    run.done("2026-03-03", ask);
    run.done("2026-03-03", Step::ApproveExtension);
    let of = run.asks("2026-03-03", Asked::ThirdParty);
    let tell = || Step::TellExtension { days: 10 };
    assert_eq!(run.refused("2026-03-04", tell()), ["act"]);
    run.answered("2026-03-05", of);
    run.done("2026-03-05", tell());
    assert_eq!(run.case.extension_untold(), None);
}

/// What was asked for and never decided is over when the case is done again.
#[test]
fn a_proposal_of_an_earlier_round_waits_for_nobody() {
    let mut run = Run::from("2026-03-02");
    let ask = || Step::ProposeExtension {
        days: 10,
        why: "卷宗多".to_owned(),
    };
    run.done("2026-03-03", ask());
    let why = "来信撤回".to_owned();
    run.done("2026-03-04", Step::Withdraw { why });
    let redo = Step::Redo {
        why: "判决撤销".to_owned(),
        on: day("2026-06-01"),
        until: None,
    };
    run.done("2026-06-01", redo);
    assert_eq!(run.case.extension_asked(), None);
    assert_eq!(run.refused("2026-06-01", Step::ApproveExtension), ["days"]);
    run.done("2026-06-01", ask());
    run.done("2026-06-01", Step::ApproveExtension);
}
