//! What leaves: reviewed, signed by another, or told at the counter.

use super::{Run, day, staff};
use crate::request::case::{Asked, Opinion};
use crate::request::reply::{Decision, Reply};
use crate::request::scrutiny::Scrutiny;
use crate::request::spot::Told;
use crate::request::state::{Act, State};
use crate::request::step::{Service, Step};
use crate::request::tests::told;

#[test]
fn nothing_leaves_without_review_and_nobody_reviews_their_own_draft() {
    let mut run = Run::from("2026-03-02");
    let decide = |reply| {
        Step::Decide(Decision {
            text: "提供清单一份".to_owned(),
            ..Decision::of(reply)
        })
    };
    assert_eq!(
        run.refused("2026-03-03", decide(Reply::NotThere)),
        ["reply"],
        "no search log"
    );
    assert_eq!(
        run.refused("2026-03-03", decide(Reply::Excessive)),
        ["reply"]
    );
    assert_eq!(
        run.refused("2026-03-03", decide(Reply::StillUnclear)),
        ["reply"]
    );
    assert_eq!(
        run.refused("2026-03-03", decide(Reply::Refused)),
        ["grounds"]
    );
    assert_eq!(
        run.refused("2026-03-03", decide(Reply::Corrected)),
        ["reply"]
    );
    assert_eq!(
        run.refused(
            "2026-03-03",
            Step::Answer {
                decision: Decision {
                    text: "给".to_owned(),
                    ..Decision::of(Reply::Open)
                },
                told: told(),
            }
        ),
        ["reply", "act"],
        "needs a review, and the day of receipt is over"
    );
    run.done("2026-03-03", decide(Reply::Open));
    let pass = || Step::Pass {
        words: "可以公开".to_owned(),
        files: Vec::new(),
        scrutiny: Box::new(Scrutiny::sample()),
    };
    assert_eq!(run.refused("2026-03-03", pass()), ["act"]);
    let send = || Step::Dispatch {
        service: Service::Post,
        on: day("2026-03-05"),
        proof: "EX000".to_owned(),
    };
    assert_eq!(run.refused("2026-03-05", send()), ["act"]);
    run.step("2026-03-04", pass(), &staff(2)).unwrap();
    run.step("2026-03-04", Step::Sign, &staff(2)).unwrap();
    let before = Step::Dispatch {
        service: Service::Post,
        on: day("2026-03-03"),
        proof: "EX000".to_owned(),
    };
    assert_eq!(run.refused("2026-03-09", before), ["on"], "not yet signed");
    run.done("2026-03-09", send());
    let early = Step::Deliver {
        on: day("2026-03-04"),
        proof: "签收".to_owned(),
    };
    assert_eq!(run.refused("2026-03-10", early), ["on"], "not yet sent");
    assert_eq!(
        run.case.request.replied_on,
        Some(day("2026-03-05")),
        "交邮之日"
    );
    assert!(
        !run.case
            .shown(day("2026-05-01"), &run.calendar)
            .words
            .contains("超过")
    );
    run.done(
        "2026-03-10",
        Step::Deliver {
            on: day("2026-03-10"),
            proof: "签收".to_owned(),
        },
    );
    run.done(
        "2026-03-11",
        Step::Archive {
            number: "2026-01".to_owned(),
        },
    );
    // Done again after a review, with a clock of its own, from the day on which the decision arrived.
    let redo = |on: &str, until: Option<&str>| Step::Redo {
        why: "复议决定".to_owned(),
        on: day(on),
        until: until.map(day),
    };
    for (on, until, field) in [
        ("2026-06-04", None, "on"),
        ("2026-03-04", None, "on"),
        ("2026-06-01", Some("2026-06-01"), "until"),
    ] {
        assert_eq!(run.refused("2026-06-03", redo(on, until)), [field], "{on}");
    }
    let mut ordered = run.case.clone();
    run.done("2026-06-03", redo("2026-06-01", None));
    assert_eq!(run.due(), Some(day("2026-06-30")));
    assert_eq!(run.case.request.decision, None);
    // A day that the decision sets goes before the limit of the law.
    std::mem::swap(&mut run.case, &mut ordered);
    run.done("2026-06-03", redo("2026-06-01", Some("2026-06-16")));
    assert_eq!(run.due(), Some(day("2026-06-16")));
    let sheet = run.case.sheet(day("2026-06-03"), &run.calendar);
    let set = sheet.events.last().unwrap();
    assert!(set.law.contains("复议决定"), "{}", set.law);
}

/// What ended without an answer can be challenged and done again; what went into another case cannot.
#[test]
fn a_case_that_was_closed_without_an_answer_is_done_again() {
    let redo = || Step::Redo {
        why: "判决撤销".to_owned(),
        on: day("2026-06-01"),
        until: None,
    };
    let mut run = Run::from("2026-03-02");
    let begun = run.case.clone();
    let why = || "来信撤回".to_owned();
    run.done("2026-03-10", Step::Withdraw { why: why() });
    assert_eq!(run.case.request.state, State::Closed);
    run.done("2026-06-01", redo());
    assert_eq!(run.case.request.state, State::Handling);
    assert_eq!(run.case.request.closed_on, None);
    assert_eq!(run.due(), Some(day("2026-06-30")));
    run.case = begun;
    let merge = Step::Merge {
        into: "2026-000009".to_owned(),
        why: "内容相同".to_owned(),
    };
    run.done("2026-03-10", merge);
    assert_eq!(run.refused("2026-06-01", redo()), ["act"]);
    // Withdrawn before it was received, it never had a limit.
    let mut run = Run::from("2026-03-02");
    run.case.request.received_on = None;
    run.done("2026-03-10", Step::Withdraw { why: why() });
    assert_eq!(run.refused("2026-06-01", redo()), ["act"]);
}

#[test]
fn a_third_party_that_objects_is_overcome_by_the_public_interest_only() {
    let mut run = Run::from("2026-03-02");
    let third = run.asks("2026-03-03", Asked::ThirdParty);
    let object = |words: &str| Step::Opinion {
        of: third,
        opinion: Opinion::Object,
        words: words.to_owned(),
        on: day("2026-03-05"),
    };
    assert_eq!(run.refused("2026-03-05", object("")), ["words"]);
    run.done("2026-03-05", object("商业秘密"));
    let open = |interest: &str| {
        Step::Decide(Decision {
            text: "给".to_owned(),
            public_interest: interest.to_owned(),
            ..Decision::of(Reply::Open)
        })
    };
    assert_eq!(run.refused("2026-03-06", open("")), ["public_interest"]);
    run.done("2026-03-06", open("涉及饮用水安全"));
}

/// A reply that was decided before a rule was there meets it at each act that carries it on.
#[test]
fn a_decision_of_an_older_version_is_stopped_before_it_leaves() {
    let mut run = Run::from("2026-03-02");
    let third = run.asks("2026-03-03", Asked::ThirdParty);
    let object = Step::Opinion {
        of: third,
        opinion: Opinion::Object,
        words: "属于商业秘密".to_owned(),
        on: day("2026-03-05"),
    };
    run.done("2026-03-05", object);
    let open = Step::Decide(Decision {
        text: "给".to_owned(),
        public_interest: "涉及饮用水安全".to_owned(),
        ..Decision::of(Reply::Open)
    });
    run.done("2026-03-06", open);
    let pass = Step::Pass {
        words: "可以公开".to_owned(),
        files: Vec::new(),
        scrutiny: Box::new(Scrutiny::sample()),
    };
    let send = Step::Dispatch {
        service: Service::Post,
        on: day("2026-03-06"),
        proof: "EX000".to_owned(),
    };
    let back = Step::Return {
        why: "写明公共利益".to_owned(),
    };
    for step in [pass, Step::Sign, send] {
        let right = run.case.request.decision.clone();
        if let Some(decision) = &mut run.case.request.decision {
            decision.public_interest.clear();
        }
        let before = run.case.clone();
        let refused = run.step("2026-03-06", step.clone(), &staff(2));
        assert_eq!(refused.unwrap_err(), ["act"], "{step:?}");
        run.step("2026-03-06", back.clone(), &staff(2)).unwrap();
        run.case = before;
        run.case.request.decision = right;
        run.step("2026-03-06", step, &staff(2)).unwrap();
    }
    assert_eq!(run.case.request.state, State::Replied);
}

fn spot(reply: Reply, told: Told) -> Step {
    Step::Answer {
        decision: Decision {
            text: "已在网站公开".to_owned(),
            place: "市政府网站规划栏目".to_owned(),
            contact: if reply == Reply::NotOurs {
                "000-0000000".to_owned()
            } else {
                String::new()
            },
            ..Decision::of(reply)
        },
        told,
    }
}

#[test]
fn what_is_told_at_the_counter_ends_the_clock_and_counts_in_its_row() {
    let mut run = Run::from("2026-03-02");
    run.done("2026-03-02", spot(Reply::AlreadyPublic, told()));
    let request = &run.case.request;
    assert_eq!(request.state, State::Delivered, "signed for, it is served");
    assert_eq!(request.replied_on, Some(day("2026-03-02")));
    assert_eq!(request.closed_on, request.replied_on);
    let row = request.decision.as_ref().and_then(Decision::row);
    assert_eq!(row.map(|row| row.code()), Some("open"));
    let shown = run.case.shown(day("2026-06-01"), &run.calendar);
    assert!(shown.words.contains("在期限内"), "{}", shown.words);
    let entry = run.case.last(Act::Answer).unwrap();
    for word in ["10:30", "申请人甲", "签名页1份", "已在网站公开"] {
        assert!(entry.sentence.contains(word), "{}", entry.sentence);
    }
    run.done(
        "2026-03-03",
        Step::Archive {
            number: "1".to_owned(),
        },
    );
    assert_eq!(run.case.request.kept.archived_on, Some(day("2026-03-03")));
}

#[test]
fn a_written_decision_is_not_told_at_the_counter() {
    use crate::request::spot::{Paper, Remedies};
    for reply in Reply::ALL {
        let mut run = Run::from("2026-03-02");
        let tellable = crate::request::spot::TELLABLE.contains(reply);
        let done = run.step("2026-03-02", spot(*reply, told()), &staff(1));
        assert_eq!(done.is_ok(), tellable, "{reply:?}");
    }
    let refused = |told: Told| {
        let mut run = Run::from("2026-03-02");
        run.refused("2026-03-02", spot(Reply::NotOurs, told))
    };
    let of = |at: &str, scans| Told {
        at: at.to_owned(),
        scans,
        ..told()
    };
    for time in ["", "10", "24:00", "9:30", "10:60", "１０:30", "+1:30"] {
        assert_eq!(refused(of(time, 1)), ["told_at"], "{time}");
    }
    assert_eq!(refused(of("23:59", 0)), ["file"]);
    let wanted = Told {
        paper: Paper::Wanted,
        remedies: Remedies::NotTold,
        to: String::new(),
        by: String::new(),
        ..told()
    };
    assert_eq!(refused(wanted), ["told_to", "told_by", "paper", "remedies"]);
    // Not on the day of receipt, not while others are asked, not of somebody who is not there.
    let mut run = Run::from("2026-03-02");
    let step = spot(Reply::NotOurs, told());
    assert_eq!(run.refused("2026-03-03", step.clone()), ["act"]);
    run.case.request.channel = crate::request::Channel::Web;
    assert_eq!(run.refused("2026-03-02", step), ["act"]);
}

#[test]
fn acts_without_a_place_in_the_table_are_refused_by_name() {
    let mut run = Run::from("2026-03-02");
    for act in Act::ALL {
        let open = Act::open_to(State::Handling, &staff(1).who).contains(act);
        if !open && *act == Act::Dispatch {
            let step = Step::Dispatch {
                service: Service::Web,
                on: day("2026-03-02"),
                proof: String::new(),
            };
            assert_eq!(run.refused("2026-03-02", step), ["act"]);
        }
    }
}
