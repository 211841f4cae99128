//! The steps of a case and its clock, by the vectors of the law.

mod extension;
mod opinion;
mod reply;
mod supplement;
mod taken_back;

use gongkai_basis::Date;
use gongkai_basis::Role;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::AccountId;
use uuid::Uuid;

use super::sample;
use crate::id::ConsultationId;
use crate::request::case::{Asked, Case, Opinion};
use crate::request::reply::{Decision, Ground, Reply};
use crate::request::state::{State, Who};
use crate::request::step::{Doer, Moment, Step};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn staff(number: u128) -> Doer {
    Doer {
        who: [
            Role::RequestOfficer,
            Role::OfficeHead,
            Role::SecrecyReviewer,
            Role::UnitHead,
        ]
        .map(Who::Staff)
        .to_vec(),
        name: "经办".to_owned(),
        account: Some(AccountId::new(Uuid::from_u128(number))),
    }
}

struct Run {
    case: Case,
    calendar: WorkCalendar,
    fresh: u128,
}

impl Run {
    /// Received on a day and given to somebody.
    fn from(received: &str) -> Self {
        let mut request = sample();
        request.received_on = Some(day(received));
        request.receipt.days.submitted_on = request.received_on;
        let mut run = Self {
            case: Case::begin(request, ("经办".to_owned(), None), day(received)),
            calendar: WorkCalendar::builtin(),
            fresh: 0,
        };
        run.done(
            received,
            Step::Accept {
                handler: (AccountId::new(Uuid::from_u128(1)), "经办".to_owned()),
            },
        );
        run
    }

    fn step(&mut self, on: &str, step: Step, doer: &Doer) -> Result<(), Vec<String>> {
        self.fresh += 1;
        let moment = Moment {
            today: day(on),
            at: 0,
            fresh: ConsultationId::new(Uuid::from_u128(self.fresh)),
            calendar: &self.calendar,
        };
        let fields = |reasons: Vec<(&str, String)>| {
            reasons
                .into_iter()
                .map(|(field, _)| field.to_owned())
                .collect()
        };
        self.case
            .apply(&step, doer, &moment)
            .map(drop)
            .map_err(fields)
    }

    fn done(&mut self, on: &str, step: Step) {
        self.step(on, step, &staff(1)).unwrap();
    }

    fn refused(&mut self, on: &str, step: Step) -> Vec<String> {
        let before = self.case.clone();
        let fields = self.step(on, step, &staff(1)).unwrap_err();
        assert_eq!(self.case, before, "nothing has changed");
        fields
    }

    fn asks(&mut self, on: &str, asked: Asked) -> ConsultationId {
        let step = Step::Consult {
            asked,
            name: "第三方".to_owned(),
            organ: None,
            question: "可否公开".to_owned(),
            got_on: Some(day(on)),
        };
        self.done(on, step);
        ConsultationId::new(Uuid::from_u128(self.fresh))
    }

    fn answered(&mut self, on: &str, of: ConsultationId) {
        let opinion = Opinion::Agree;
        self.done(
            on,
            Step::Opinion {
                of,
                opinion,
                words: String::new(),
                on: day(on),
            },
        );
    }

    fn extended(&mut self, on: &str, days: u16) {
        self.done(
            on,
            Step::ProposeExtension {
                days,
                why: "卷宗多".to_owned(),
            },
        );
        let due = self.due();
        self.done(on, Step::ApproveExtension);
        assert_eq!(self.due(), due, "approval alone moves nothing");
        self.done(on, Step::TellExtension { days });
    }

    fn due(&self) -> Option<Date> {
        self.case.due_on(&self.calendar)
    }
}

/// The vectors of the clock, through the acts that make them.
#[test]
fn the_vectors_of_the_law_hold() {
    let run = Run::from("2022-09-20");
    assert_eq!(run.due(), Some(day("2022-10-21")));

    let mut run = Run::from("2022-09-20");
    let one = run.asks("2022-09-26", Asked::ThirdParty);
    assert_eq!(run.due(), None, "stands still");
    assert_eq!(
        run.case.letter(one).unwrap().due_on,
        Some(day("2022-10-20"))
    );
    run.answered("2022-10-14", one);
    assert_eq!(run.due(), Some(day("2022-11-07")));

    let mut run = Run::from("2022-09-20");
    let one = run.asks("2022-09-26", Asked::ThirdParty);
    let other = run.asks("2022-10-12", Asked::CoMaker);
    run.answered("2022-10-14", one);
    assert_eq!(
        run.case.request.state,
        State::Consulting,
        "one is still out"
    );
    run.answered("2022-10-18", other);
    assert_eq!(run.case.request.state, State::Handling);
    assert_eq!(run.due(), Some(day("2022-11-09")));

    let mut run = Run::from("2025-09-26");
    let one = run.asks("2025-09-29", Asked::ThirdParty);
    run.answered("2025-10-23", one);
    assert_eq!(run.due(), Some(day("2025-11-18")));
    run.extended("2025-11-03", 20);
    assert_eq!(run.due(), Some(day("2025-12-16")));

    let mut run = Run::from("2025-09-26");
    run.extended("2025-10-20", 20);
    assert_eq!(run.due(), Some(day("2025-11-27")));

    let mut run = Run::from("2022-09-20");
    let one = run.asks("2022-09-27", Asked::ThirdParty);
    assert_eq!(
        run.case.letter(one).unwrap().due_on,
        Some(day("2022-10-21"))
    );
}

#[test]
fn supplement_is_asked_once_within_seven_working_days_and_restarts() {
    let ask = || Step::AskSupplement {
        items: "年份".to_owned(),
        until: day("2026-04-30"),
    };
    let mut run = Run::from("2026-03-02");
    assert_eq!(
        run.refused("2026-03-12", ask()),
        ["items"],
        "the eighth day"
    );
    run.done("2026-03-11", ask());
    assert_eq!(
        (run.case.request.state, run.due()),
        (State::AwaitingSupplement, None)
    );
    assert_eq!(run.refused("2026-04-30", Step::NotSupplemented), ["until"]);
    run.done(
        "2026-03-20",
        Step::Supplement {
            text: "2025年".to_owned(),
            on: day("2026-03-20"),
        },
    );
    assert_eq!(
        run.due(),
        Some(day("2026-04-20")),
        "20 working days from the new receipt"
    );
    assert_eq!(run.refused("2026-03-20", ask()), ["items"]);
    let mut run = Run::from("2026-03-02");
    run.done("2026-03-03", ask());
    run.done("2026-05-06", Step::NotSupplemented);
    let decision = run.case.request.decision.clone().unwrap();
    assert_eq!(decision.row().unwrap().code(), "oth_nocorrect");
    assert_eq!(run.case.request.state, State::Closed);
}

#[test]
fn payment_restarts_and_its_lack_ends_the_case() {
    let mut late = Run::from("2026-03-02");
    let charge_late = Step::Charge {
        bill: crate::fee::Bill::of("pages", "68").unwrap(),
        notice: "缴入专户".to_owned(),
        until: day("2026-06-10"),
        why: String::new(),
    };
    assert_eq!(
        late.refused("2026-03-31", charge_late),
        ["act"],
        "the limit was over on the 30th: no notice begins it anew"
    );
    let charge = || Step::Charge {
        bill: crate::fee::Bill::of("pages", "68").unwrap(),
        notice: "11件，100元".to_owned(),
        until: day("2026-04-10"),
        why: String::new(),
    };
    let mut run = Run::from("2026-03-02");
    run.done("2026-03-10", charge());
    assert_eq!(run.due(), None);
    run.done(
        "2026-03-20",
        Step::Pay {
            on: day("2026-03-19"),
            proof: "票据".to_owned(),
        },
    );
    assert_eq!(run.due(), Some(day("2026-04-17")));
    let mut run = Run::from("2026-03-02");
    run.done("2026-03-10", charge());
    // Its days count from the day on which the notice arrived, not from the one on which it left.
    assert_eq!(run.refused("2026-04-13", Step::NotPaid), ["until"]);
    let reached = |on: &str| Step::ChargeReached { on: day(on) };
    assert_eq!(run.refused("2026-04-13", reached("2026-03-09")), ["on"]);
    run.done("2026-04-13", reached("2026-03-16"));
    assert_eq!(run.case.pay_by(), Some(day("2026-04-14")));
    // Noted wrongly, it is noted anew; twice the same is once.
    assert_eq!(run.refused("2026-04-13", reached("2026-03-16")), ["on"]);
    run.done("2026-04-13", reached("2026-03-17"));
    assert_eq!(run.case.pay_by(), Some(day("2026-04-15")));
    assert_eq!(run.refused("2026-04-15", Step::NotPaid), ["until"]);
    run.done("2026-04-16", Step::NotPaid);
    assert_eq!(
        run.case
            .request
            .decision
            .clone()
            .unwrap()
            .row()
            .unwrap()
            .code(),
        "oth_nopay"
    );
}

#[test]
fn excessive_requests_are_asked_for_reasons_first() {
    let mut run = Run::from("2026-03-02");
    let later = || Step::Defer {
        until: day("2026-06-30"),
        why: "40件".to_owned(),
    };
    assert_eq!(run.refused("2026-03-03", later()), ["until"]);
    run.done(
        "2026-03-03",
        Step::AskReasons {
            facts: "本月40件".to_owned(),
            until: day("2026-03-20"),
        },
    );
    let refuse = || {
        Step::Decide(Decision {
            text: "理由不合理".to_owned(),
            ..Decision::of(Reply::Excessive)
        })
    };
    // Neither refused nor put off while the applicant may still give reasons.
    assert_eq!(run.refused("2026-03-20", refuse()), ["reply"]);
    assert_eq!(run.refused("2026-03-20", later()), ["act"]);
    let mut silent = run.case.clone();
    run.done(
        "2026-03-10",
        Step::GiveReasons {
            text: "研究".to_owned(),
        },
    );
    let before = run.case.clone();
    assert_eq!(
        run.refused("2026-03-31", later()),
        ["until"],
        "the limit was over on the 30th"
    );
    run.done("2026-03-11", later());
    assert_eq!(run.due(), Some(day("2026-06-30")));
    // Third parties are asked all the same (art. 32), and the day stays.
    let third = run.asks("2026-03-12", Asked::ThirdParty);
    assert_eq!(
        (run.case.request.state, run.due()),
        (State::Consulting, Some(day("2026-06-30")))
    );
    run.answered("2026-03-20", third);
    assert_eq!(
        (run.case.request.state, run.due()),
        (State::Handling, Some(day("2026-06-30")))
    );
    let sheet = run.case.sheet(day("2026-03-20"), &WorkCalendar::builtin());
    let text = sheet.text();
    for words in [
        "2026年3月12日起征求意见，已定的期限不变",
        "2026年3月20日征求意见结束",
    ] {
        assert!(text.contains(words) && !text.contains("起暂停"), "{text}");
    }
    // A fee is noticed within the day that was set, and its payment begins the limit anew (收费办法 art. 6, 7).
    let charge = || Step::Charge {
        bill: crate::fee::Bill::of("pages", "68").unwrap(),
        notice: "缴入专户".to_owned(),
        until: day("2026-07-30"),
        why: String::new(),
    };
    assert_eq!(run.refused("2026-07-01", charge()), ["act"]);
    run.done("2026-06-29", charge());
    assert_eq!(
        (run.case.request.state, run.due()),
        (State::AwaitingPayment, None)
    );
    let paid = day("2026-07-06");
    run.done(
        "2026-07-07",
        Step::Pay {
            on: paid,
            proof: "票据".to_owned(),
        },
    );
    assert_eq!(run.due(), Some(day("2026-08-03")), "20 working days anew");
    // From now on asking others stands outside the count again (art. 33 ¶3).
    let third = run.asks("2026-07-08", Asked::ThirdParty);
    assert_eq!(run.due(), None);
    run.answered("2026-07-10", third);
    assert_eq!(run.due(), Some(day("2026-08-05")));
    run.case = before;
    run.done("2026-03-11", later());
    run.done("2026-03-12", refuse());
    std::mem::swap(&mut run.case, &mut silent);
    run.done("2026-03-23", refuse());
    std::mem::swap(&mut run.case, &mut silent);
    let grounds = run.case.request.decision.clone().unwrap();
    assert_eq!(grounds.row().unwrap().code(), "np_mass");
    assert!(!grounds.grounds.contains(&Ground::Secret));
}

#[test]
fn before_receipt_nothing_runs_and_an_applicant_may_withdraw() {
    let mut request = sample();
    request.state = State::Submitted;
    request.channel = crate::request::Channel::Web;
    request.receipt.days.submitted_on = Some(day("2026-03-02"));
    let mut run = Run {
        case: Case::begin(request, ("申请人".to_owned(), None), day("2026-03-02")),
        calendar: WorkCalendar::builtin(),
        fresh: 0,
    };
    assert!(
        run.case
            .shown(day("2026-03-02"), &run.calendar)
            .words
            .contains("尚未起算")
    );
    // Who registers it for the applicant says how it came, and the applicant reads who did.
    let before = run.case.clone();
    let withdraw = |why: &str| Step::Withdraw {
        why: why.to_owned(),
    };
    assert_eq!(run.refused("2026-03-03", withdraw("　")), ["why"]);
    run.done("2026-03-03", withdraw("来信撤回"));
    assert!(
        run.case
            .entries
            .last()
            .is_some_and(|entry| entry.public.contains("登记您撤回了申请"))
    );
    run.case = before;
    let applicant = Doer::applicant("甲");
    let mut gone = run.case.clone();
    std::mem::swap(&mut gone, &mut run.case);
    run.step(
        "2026-03-03",
        Step::Withdraw { why: String::new() },
        &applicant,
    )
    .unwrap();
    assert_eq!(run.case.request.state, State::Closed);
    run.case = gone;
    assert_eq!(
        run.step(
            "2026-03-03",
            Step::Confirm {
                on: day("2026-03-03")
            },
            &applicant
        )
        .unwrap_err(),
        ["act"]
    );
    assert_eq!(
        run.refused(
            "2026-03-03",
            Step::Confirm {
                on: day("2026-03-01")
            }
        ),
        ["on"]
    );
    run.done(
        "2026-03-04",
        Step::Confirm {
            on: day("2026-03-04"),
        },
    );
    assert_eq!(run.case.request.received_on, Some(day("2026-03-04")));
    assert_eq!(run.due(), Some(day("2026-04-01")));
    let shown = run.case.shown(day("2026-03-04"), &run.calendar);
    let counted = shown.days.iter().filter(|(_, how)| how.is_ok()).count();
    assert_eq!((counted, shown.words.as_str()), (20, "还剩20个工作日"));
}

#[test]
fn the_working_stops_at_today_while_the_clock_stands_still() {
    let mut run = Run::from("2026-03-02");
    run.done(
        "2026-03-04",
        Step::Consult {
            asked: Asked::ThirdParty,
            name: "某公司".to_owned(),
            organ: None,
            question: "是否同意公开".to_owned(),
            got_on: None,
        },
    );
    let shown = run.case.shown(day("2026-03-06"), &run.calendar);
    let last = shown.days.iter().map(|(date, _)| *date).max();
    assert_eq!(last, Some(day("2026-03-06")));
    let counted = shown.days.iter().filter(|(_, how)| how.is_ok()).count();
    assert_eq!(counted, 2);
    assert!(
        shown.notes.iter().any(|note| note.contains("接着数")),
        "{:?}",
        shown.notes
    );
    assert!(shown.words.contains("还剩18个工作日"), "{}", shown.words);
}
