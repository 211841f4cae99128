//! Terms by the calendar, what goes and what stays, what stands against it.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::{AccountId, OrganId};
use uuid::Uuid;

use super::erase::THIRD_PARTY;
use super::{
    Eraser, Erasure, ErasureState, Hold, Known, MARK, Part, Term, YEARS_MAX, erase, labels,
    third_parties,
};
use crate::id::{ConsultationId, ErasureId, HoldId};
use crate::letter::RemedyId;
use crate::request::case::{Asked, Case, Consultation, Opinion};
use crate::request::reply::{Decision, Reply};
use crate::request::state::State;
use crate::request::tests::sample;
use crate::request::{ApplicantKind, Kind};
use crate::review::{
    AnswerDays, Ending, Procedure, Remedy, RemedyKind, RemedyOutcome, RemedyWords, RightTold,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn archived() -> Case {
    let mut request = sample();
    request.received_on = Some(day("2026-03-02"));
    request.state = State::Archived;
    request.closed_on = Some(day("2026-03-20"));
    request.kept.archived_on = Some(day("2026-03-31"));
    request.applicant.phone = "13900000000".to_owned();
    request.applicant.address = "安澜市测试路1号".to_owned();
    request.applicant.postcode = "2025".to_owned();
    request.wish.description = "申请人甲（电话13900000000）申请2025年的清单".to_owned();
    let mut decision = Decision::of(Reply::Open);
    decision.text = "寄往安澜市测试路1号，申请人甲收".to_owned();
    request.decision = Some(decision);
    let mut case = Case::begin(
        request,
        ("申请人（申请人甲）".to_owned(), None),
        day("2026-03-02"),
    );
    case.entries[0].data = serde_json::json!({ "text": "我是申请人甲", "n": [1, "E00000001"] });
    case
}

fn known(case: Case) -> Known {
    Known {
        term: Term::usual(case.request.kind),
        case,
        holds: Vec::new(),
        remedies: Vec::new(),
        erasures: Vec::new(),
    }
}

#[test]
fn a_term_counts_whole_years_from_archiving() {
    let term = Term::usual(Kind::Information);
    let reached = |part, on: &str| term.reached_on(part, day(on)).unwrap().to_string();
    assert_eq!(reached(Part::All, "2026-03-31"), "2036-03-31");
    assert_eq!(reached(Part::Identity, "2026-03-31"), "2027-03-31");
    assert_eq!(reached(Part::Identity, "2028-02-29"), "2029-03-01");
    let fields = |data_years, identity_years, basis: &str| -> Vec<&'static str> {
        let term = Term {
            data_years,
            identity_years,
            basis: basis.to_owned(),
            ..term.clone()
        };
        term.why_not().into_iter().map(|(field, _)| field).collect()
    };
    assert!(fields(YEARS_MAX, 1, "保管期限表").is_empty());
    assert_eq!(fields(YEARS_MAX + 1, 1, "表"), ["data_years"]);
    assert_eq!(fields(1, 2, "表"), ["identity_years"]);
    assert_eq!(fields(0, 0, ""), ["data_years", "identity_years", "basis"]);
}

#[test]
fn everything_that_tells_who_asked_goes_and_what_counts_stays() {
    let before = archived();
    let mut after = before.clone();
    let (gone, texts) = erase(&mut after, Part::All, day("2036-04-01"));
    assert_eq!(
        gone,
        ["证件号码", "姓名", "联系电话", "通信地址", "邮政编码"]
    );
    assert_eq!(texts, 3, "description, answer, first line of the history");
    let left = format!("{after:?}");
    for word in ["申请人甲", "13900000000", "E00000001", "测试路"] {
        assert!(!left.contains(word), "{word}: {left}");
    }
    // A postcode is no word to look for: the year stays in what was asked.
    assert!(after.request.wish.description.contains("2025年的清单"));
    assert_eq!(after.request.kept.erased_on, Some(day("2036-04-01")));
    let (one, other) = (&before.request, &after.request);
    assert_eq!(one.applicant.kind, other.applicant.kind);
    assert_eq!(one.received_on, other.received_on);
    assert_eq!(one.closed_on, other.closed_on);
    let row = |case: &Case| case.request.decision.as_ref().unwrap().row();
    assert_eq!(row(&before), row(&after));
    let calendar = WorkCalendar::builtin();
    let today = day("2026-03-20");
    assert_eq!(
        before.shown(today, &calendar),
        after.shown(today, &calendar)
    );
    // Once gone, there is nothing more to take.
    assert_eq!(erase(&mut after, Part::All, day("2036-04-02")), (vec![], 0));
}

#[test]
fn the_identity_alone_leaves_the_name_and_an_organisation_is_nobody() {
    let mut case = archived();
    let (gone, texts) = erase(&mut case, Part::Identity, day("2027-04-01"));
    assert_eq!((gone.as_slice(), texts), (&["证件号码"][..], 1));
    assert_eq!(case.request.applicant.name, "申请人甲");
    assert_eq!(case.request.kept.erased_on, None);
    let mut firm = archived().request.applicant;
    firm.kind = ApplicantKind::Business;
    firm.contact = "联系人乙".to_owned();
    assert_eq!(
        labels(&firm, Part::All),
        ["联系人", "联系电话", "通信地址", "邮政编码"]
    );
    let mut case = archived();
    case.request.applicant = firm;
    let eraser = Eraser::of(&case, Part::All);
    assert_eq!(eraser.clean("申请人甲"), None);
    assert_eq!(eraser.clean("找联系人乙"), Some(format!("找{MARK}")));
}

fn asked(asked: Asked, name: &str, words: &str) -> Consultation {
    Consultation {
        id: ConsultationId::new(Uuid::from_u128(7)),
        asked,
        name: name.to_owned(),
        organ: None,
        question: format!("{name}的合同是否同意公开"),
        sent_on: day("2026-03-04"),
        got_on: None,
        due_on: None,
        answered_on: Some(day("2026-03-10")),
        opinion: Some(Opinion::Object),
        words: words.to_owned(),
    }
}

#[test]
fn third_parties_go_with_all_of_the_data_and_organisations_stay() {
    let mut case = archived();
    case.consultations = vec![
        asked(Asked::ThirdParty, "第三人乙", "不同意，电话13800138000"),
        asked(Asked::ThirdParty, "安澜市市政工程有限公司", "属于商业秘密"),
        asked(Asked::CoMaker, "安澜市财政局", "同意"),
        asked(Asked::ThirdParty, "丙", "不同意"),
    ];
    case.entries[0].sentence = "向第三方（第三人乙）发出征求意见书".to_owned();
    assert_eq!(third_parties(&case), ["第三人乙", "丙"]);
    let mut identity = case.clone();
    let (gone, _) = erase(&mut identity, Part::Identity, day("2027-04-01"));
    assert!(!gone.contains(&THIRD_PARTY));
    assert_eq!(identity.consultations, case.consultations);
    let (gone, _) = erase(&mut case, Part::All, day("2036-04-01"));
    assert!(gone.contains(&THIRD_PARTY), "{gone:?}");
    let left = format!("{case:?}");
    for word in ["第三人乙", "13800138000"] {
        assert!(!left.contains(word), "{word}: {left}");
    }
    let names: Vec<&str> = case
        .consultations
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(
        names,
        [MARK, "安澜市市政工程有限公司", "安澜市财政局", MARK]
    );
    assert_eq!(case.consultations[1].words, "属于商业秘密");
    // What the answer meant stays: the reply rests on it.
    assert!(case.objected());
    let eraser = Eraser::of(&known(archived()).case, Part::All);
    let mut facts = serde_json::json!({
        "third_party": "第三人乙", "signer": "第三人乙", "reason": "身份证号码11010519491231002X", "opinion": "refuse"
    });
    assert!(eraser.paper("third_party_answer", &mut facts));
    assert_eq!(facts["signer"], MARK);
    assert!(!facts.to_string().contains("11010519491231002X"));
    assert_eq!(facts["opinion"], "refuse");
    // A workplace and a postcode are looked for nowhere; in a filed application they are the applicant's own.
    let mut facts = serde_json::json!({
        "employer": "青禾水泥厂", "address": "滨河路3号、512000", "summary": "项目清单"
    });
    assert!(eraser.paper("application", &mut facts));
    assert_eq!(facts["employer"], MARK);
    assert_eq!(facts["address"], MARK);
    assert_eq!(facts["summary"], "项目清单");
}

#[test]
fn what_stands_against_it_is_said_all_at_once() {
    let reasons = |known: &Known, part, on: &str| known.why_not(part, day(on)).len();
    let plain = known(archived());
    assert_eq!(reasons(&plain, Part::Identity, "2027-03-30"), 1);
    assert_eq!(reasons(&plain, Part::Identity, "2027-03-31"), 0);
    assert_eq!(reasons(&plain, Part::All, "2036-03-30"), 1);
    assert_eq!(reasons(&plain, Part::All, "2036-03-31"), 0);
    for state in State::ALL.iter().filter(|state| **state != State::Archived) {
        let mut known = plain.clone();
        known.case.request.state = *state;
        assert_eq!(reasons(&known, Part::All, "2036-03-31"), 1, "{state:?}");
    }
    let mut held = plain.clone();
    held.holds.push(Hold {
        id: HoldId::new(Uuid::from_u128(1)),
        why: "将申请再审".to_owned(),
        by: "经办".to_owned(),
        on: day("2030-01-02"),
        released: None,
    });
    held.remedies.push(review(None));
    assert_eq!(reasons(&held, Part::All, "2036-03-30"), 3);
    held.holds[0].released = Some(("经办".to_owned(), day("2031-01-02"), "已过".to_owned()));
    assert_eq!(reasons(&held, Part::All, "2036-03-31"), 1);
    // Ended, the review can still be sued over for 15 days.
    held.remedies = vec![review(Some("2036-04-10"))];
    assert_eq!(reasons(&held, Part::All, "2036-04-25"), 1);
    assert_eq!(reasons(&held, Part::All, "2036-04-26"), 0);
    let mut gone = plain;
    erase(&mut gone.case, Part::All, day("2036-04-01"));
    for part in Part::ALL {
        assert_eq!(reasons(&gone, *part, "2040-01-01"), 1);
    }
}

fn review(ended: Option<&str>) -> Remedy {
    Remedy {
        id: RemedyId::new(Uuid::from_u128(3)),
        organ: OrganId::new(Uuid::from_u128(2)),
        organ_name: "安澜市司法局".to_owned(),
        case_id: String::new(),
        letter: None,
        after: None,
        words: RemedyWords {
            kind: RemedyKind::Review,
            case_number: String::new(),
            applicant: "申请人甲".to_owned(),
            body: "安澜市人民政府".to_owned(),
            matter: "撤销答复".to_owned(),
            served_on: None,
            told: RightTold::Yes,
            learned_on: None,
            filed_on: day("2026-05-06"),
            copy_on: None,
            procedure: Procedure::Ordinary,
            answered_on: None,
        },
        answer_days: AnswerDays::default(),
        ending: ended.map(|on| Ending {
            outcome: RemedyOutcome::Kept,
            decided_on: day(on),
            decision_on: Some(day(on)),
            reason: "维持".to_owned(),
            lesson: String::new(),
            lesson_kind: None,
        }),
        removed_why: None,
        recorded_by: "经办".to_owned(),
        version: 1,
    }
}

#[test]
fn only_one_proposal_is_open() {
    let mut known = known(archived());
    let erasure = |n: u128, state| Erasure {
        id: ErasureId::new(Uuid::from_u128(n)),
        case: known.case.request.id,
        part: Part::All,
        state,
        why: "期满".to_owned(),
        also: Vec::new(),
        proposed_by: "经办".to_owned(),
        proposer: AccountId::new(Uuid::from_u128(9)),
        proposed_on: day("2036-04-01"),
        decided: None,
        register: None,
        version: 1,
    };
    let (refused, open) = (
        erasure(1, ErasureState::Refused),
        erasure(2, ErasureState::Proposed),
    );
    known.erasures = vec![refused, open.clone()];
    assert_eq!(known.open(), Some(&open));
}
