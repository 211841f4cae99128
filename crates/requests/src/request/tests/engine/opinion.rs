//! What others are asked before something is given: their days and their silence.

use serde_json::Value;
use uuid::Uuid;

use super::{Run, day};
use crate::id::ConsultationId;
use crate::request::case::{Asked, Case, Opinion};
use crate::request::reply::{Decision, Ground, Reply};
use crate::request::state::State;
use crate::request::step::Step;

#[test]
fn silence_means_the_opposite_for_third_parties_and_co_makers() {
    let mut run = Run::from("2026-03-02");
    let third = run.asks("2026-03-03", Asked::ThirdParty);
    let maker = run.asks("2026-03-03", Asked::CoMaker);
    let due = run.case.letter(third).unwrap().due_on.unwrap();
    assert_eq!(due, day("2026-03-24"));
    assert_eq!(
        run.refused("2026-03-24", Step::OpinionExpired { of: third }),
        ["of"]
    );
    run.done("2026-03-30", Step::OpinionExpired { of: third });
    run.done("2026-03-30", Step::OpinionExpired { of: maker });
    let meaning = |of| run.case.letter(of).unwrap().meaning();
    assert!(meaning(third).contains("不视为同意"));
    assert!(meaning(maker).contains("视为同意公开") && !meaning(maker).contains("不视为"));
    // The pause ends with the limit, not when somebody noticed.
    assert_eq!(run.case.letter(third).unwrap().answered_on, Some(due));
    let mut prompt = Run::from("2026-03-02");
    let third = prompt.asks("2026-03-03", Asked::ThirdParty);
    prompt.answered("2026-03-24", third);
    assert_eq!(run.due(), prompt.due());
}

/// The vector of the law page: received by the third party on 2022-09-27, the 15 working days end on 2022-10-21.
#[test]
fn the_days_of_an_opinion_count_from_the_day_the_letter_arrived() {
    let mut run = Run::from("2022-09-20");
    let ask = Step::Consult {
        asked: Asked::ThirdParty,
        name: "某公司".to_owned(),
        organ: None,
        question: "可否公开".to_owned(),
        got_on: None,
    };
    // It cannot have arrived before it left.
    for on in ["2022-09-23", "2022-09-27"] {
        let mut early = ask.clone();
        if let Step::Consult { got_on, .. } = &mut early {
            *got_on = Some(day(on));
        }
        assert_eq!(run.refused("2022-09-26", early), ["got_on"], "{on}");
    }
    run.done("2022-09-26", ask);
    let of = ConsultationId::new(Uuid::from_u128(run.fresh));
    assert!(!run.case.third_party_heard());
    let reached = |on: &str| Step::Reached { of, on: day(on) };
    // Nobody knows that it arrived: its silence means nothing, however long it lasts.
    let expired = || Step::OpinionExpired { of };
    assert_eq!(run.refused("2022-12-01", expired()), ["of"]);
    assert_eq!(run.refused("2022-09-27", reached("2022-09-25")), ["on"]);
    assert_eq!(run.refused("2022-09-27", reached("2022-09-28")), ["on"]);
    run.done("2022-09-28", reached("2022-09-27"));
    assert_eq!(run.refused("2022-09-28", reached("2022-09-27")), ["of"]);
    assert_eq!(run.case.request.state, State::Consulting, "it still waits");
    assert_eq!(run.case.letter(of).unwrap().due_on, Some(day("2022-10-21")));
    assert_eq!(run.refused("2022-10-21", expired()), ["of"]);
    let mut late = run.case.clone();
    run.done("2022-11-01", expired());
    assert!(run.case.third_party_heard(), "its days are over");
    assert_eq!(
        run.case.letter(of).unwrap().answered_on,
        Some(day("2022-10-21"))
    );
    // An answer after the limit lengthens nothing; one that was noted late counts from its arrival.
    let due = run.due();
    std::mem::swap(&mut run.case, &mut late);
    let opinion = |on: &str| Step::Opinion {
        of,
        opinion: Opinion::Agree,
        words: String::new(),
        on: day(on),
    };
    let before = run.case.clone();
    assert_eq!(run.refused("2022-10-10", opinion("2022-10-11")), ["on"]);
    run.done("2022-11-01", opinion("2022-11-01"));
    assert_eq!(run.due(), due);
    run.case = before;
    run.done("2022-10-17", opinion("2022-10-14"));
    assert_eq!(
        run.due(),
        Some(day("2022-11-07")),
        "the vector's pause ends on the 14th"
    );
}

/// Law: art. 32: silence is no consent, and no change of mind.
#[test]
fn of_what_a_third_party_has_said_the_newest_counts() {
    let mut run = Run::from("2026-03-02");
    let says = |run: &mut Run, opinion| {
        let of = run.asks("2026-03-03", Asked::ThirdParty);
        let step = Step::Opinion {
            of,
            opinion,
            words: "商业秘密".to_owned(),
            on: day("2026-03-03"),
        };
        run.done("2026-03-03", step);
        // The store gives those of one day in any order.
        run.case.consultations.reverse();
    };
    for (opinion, objects) in [
        (Opinion::Object, true),
        (Opinion::Agree, false),
        (Opinion::Object, true),
        (Opinion::Agree, false),
        (Opinion::Partly, true),
        (Opinion::Agree, false),
        (Opinion::Object, true),
    ] {
        says(&mut run, opinion);
        assert_eq!(run.case.objected(), objects, "{opinion:?}");
    }
    let of = run.asks("2026-03-04", Asked::ThirdParty);
    run.done("2026-03-30", Step::OpinionExpired { of });
    assert_eq!(run.case.objectors(), ["第三方"]);
}

/// Law: art. 32: who agrees to a part says to which, and what is given of the rest needs the public interest.
#[test]
fn a_third_party_that_agrees_to_a_part_objects_to_the_rest() {
    let mut run = Run::from("2026-03-02");
    let of = run.asks("2026-03-03", Asked::ThirdParty);
    let partly = |words: &str| Step::Opinion {
        of,
        opinion: Opinion::Partly,
        words: words.to_owned(),
        on: day("2026-03-05"),
    };
    assert_eq!(run.refused("2026-03-05", partly("")), ["words"]);
    run.done("2026-03-05", partly("总价同意公开；综合单价是商业秘密"));
    assert_eq!(run.case.objectors(), ["第三方"]);
    let given = |reply| {
        Step::Decide(Decision {
            text: "综合单价涉及第三方的商业秘密".to_owned(),
            grounds: vec![Ground::ThirdParty],
            open_part: "总价".to_owned(),
            closed_part: "综合单价".to_owned(),
            ..Decision::of(reply)
        })
    };
    let open = Step::Decide(Decision {
        text: "总价和综合单价".to_owned(),
        ..Decision::of(Reply::Open)
    });
    assert_eq!(run.refused("2026-03-06", open), ["public_interest"]);
    run.done("2026-03-06", given(Reply::Partly));
}

/// Law: art. 32, 34: what was asked of others about the whole, and answered, holds for its parts.
#[test]
fn a_part_takes_with_it_what_others_have_answered() {
    let part = |case: &Case| {
        let by = ("经办".to_owned(), None);
        case.split(case.request.clone(), by, day("2026-03-20"))
    };
    let mut run = Run::from("2026-03-02");
    let maker = run.asks("2026-03-03", Asked::CoMaker);
    run.answered("2026-03-04", maker);
    let made = part(&run.case);
    assert_eq!(made.consultations, run.case.consultations);
    assert!(
        !made.third_party_heard(),
        "who made it, too, is no third party"
    );
    let of = run.asks("2026-03-05", Asked::ThirdParty);
    let object = Step::Opinion {
        of,
        opinion: Opinion::Object,
        words: "商业秘密".to_owned(),
        on: day("2026-03-06"),
    };
    run.done("2026-03-06", object);
    let mut one = part(&run.case);
    assert!(one.third_party_heard());
    assert_eq!(one.objectors(), ["第三方"]);
    assert_eq!(one.due_on(&run.calendar), run.due());
    // It is told by what it was made with, whatever its line says; an older one by its line alone, and by its clock.
    let said = std::mem::take(&mut one.entries[0].sentence);
    assert!(one.is_part() && !run.case.is_part());
    one.entries[0].sentence = said;
    one.entries[0].data = Value::Null;
    one.consultations.clear();
    assert!(one.is_part() && one.third_party_heard());
    assert!(part(&one).third_party_heard(), "a part of a part");
}

/// Several letters that are out together are one gap in the time line.
#[test]
fn the_time_line_says_where_the_clock_stands_still() {
    let mut run = Run::from("2026-03-02");
    let third = run.asks("2026-03-03", Asked::ThirdParty);
    let maker = run.asks("2026-03-04", Asked::CoMaker);
    run.answered("2026-03-10", third);
    let open = run.case.course();
    assert!(open.last().is_some_and(|(_, still, _)| *still));
    run.answered("2026-03-12", maker);
    let told: Vec<_> = run
        .case
        .course()
        .into_iter()
        .filter(|(_, still, turn)| *still || !turn.is_empty())
        .map(|(entry, still, turn)| (entry.on, still, turn))
        .collect();
    assert_eq!(
        told,
        [
            (day("2026-03-03"), true, "期限从此停计"),
            (day("2026-03-04"), true, ""),
            (day("2026-03-10"), true, ""),
            (day("2026-03-12"), false, "期限接着计算"),
        ]
    );
}
