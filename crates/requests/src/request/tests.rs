//! The case engine against the law's own vectors.

use gongkai_basis::id::OrganId;
use uuid::Uuid;

use super::receipt::Receipt;
use super::spot::{Paper, Remedies, Told};
use super::state::State;
use super::{Applicant, ApplicantKind, Channel, Form, Kind, Request, Way, Wish};
use crate::id::RequestId;

/// A case as it begins.
pub(crate) fn sample() -> Request {
    Request {
        id: RequestId::new(Uuid::from_u128(1)),
        organ: OrganId::new(Uuid::from_u128(2)),
        organ_name: "安澜市司法局".to_owned(),
        number: "2026-000001".to_owned(),
        other_number: String::new(),
        kind: Kind::Information,
        channel: Channel::Counter,
        state: State::Registered,
        applicant: Applicant {
            kind: ApplicantKind::Natural,
            name: "申请人甲".to_owned(),
            paper: "护照".to_owned(),
            paper_number: "E00000001".to_owned(),
            head: String::new(),
            contact: String::new(),
            workplace: String::new(),
            phone: "0000-0000000".to_owned(),
            fax: String::new(),
            email: String::new(),
            address: String::new(),
            postcode: String::new(),
        },
        wish: Wish {
            subject: "2025年老旧小区改造项目清单".to_owned(),
            description: String::new(),
            form: Form::Electronic,
            way: Way::Web,
            waiver: String::new(),
        },
        receipt: Receipt::default(),
        received_on: None,
        due_on: None,
        handler: None,
        decision: None,
        replied_on: None,
        closed_on: None,
        kept: super::Kept::default(),
        version: 1,
        submitted_at: 0,
        submitted_to: "安澜市司法局".to_owned(),
        own_term: super::OwnTerm::default(),
    }
}

/// A record of an answer on the spot.
fn told() -> Told {
    Told {
        to: "申请人甲".to_owned(),
        at: "10:30".to_owned(),
        by: "经办".to_owned(),
        paper: Paper::NotWanted,
        remedies: Remedies::Told,
        scans: 1,
    }
}

mod engine;
mod random;

#[test]
fn a_correction_or_complaint_names_what_it_is_about() {
    let mut request = sample();
    request.wish.subject = " ".to_owned();
    request.wish.description = "登记为2019年，应为2018年".to_owned();
    let fields = |kind: Kind| -> Vec<&str> {
        let reasons = request.wish.why_not(kind, &request.applicant);
        reasons.into_iter().map(|(field, _)| field).collect()
    };
    assert!(fields(Kind::Information).is_empty());
    assert_eq!(fields(Kind::Correction), ["subject"]);
    assert_eq!(fields(Kind::Complaint), ["subject"]);
}

#[test]
fn an_address_that_reaches_nobody_is_refused() {
    for (email, holds) in [
        ("zhang@example.cn", true),
        (" zhang.san@mail.example.cn ", true),
        ("zhang@", false),
        ("@example.cn", false),
        ("zhang@example", false),
        ("zhang@example.", false),
        ("zhang san@example.cn", false),
        ("a@b@example.cn", false),
    ] {
        let mut request = sample();
        request.applicant.email = email.to_owned();
        let faults = request.applicant.why_not();
        let refused = faults.iter().any(|(field, _)| *field == "email");
        assert_eq!(!refused, holds, "{email}");
    }
}

#[test]
fn a_postcode_that_no_letter_reaches_is_refused() {
    for (postcode, holds) in [
        ("", true),
        ("510000", true),
        (" 510000 ", true),
        ("abc", false),
        ("51abc", false),
        ("5100001", false),
        ("５１００００", false),
    ] {
        let mut request = sample();
        request.applicant.postcode = postcode.to_owned();
        let faults = request.applicant.why_not();
        let refused = faults.iter().any(|(field, _)| *field == "postcode");
        assert_eq!(!refused, holds, "{postcode}");
    }
}

/// Law: art. 31: 当面提交的，以提交之日为收到之日; art. 29: oral applications are taken down there and then. What comes by wire has the
/// day on which it was sent; a letter's may be unknown.
#[test]
fn what_is_handed_over_told_or_wired_has_its_day() {
    let of = |channel: Channel, submitted_on: Option<&str>| {
        let (request, mut receipt) = (sample(), Receipt::default());
        receipt.days.submitted_on = submitted_on.map(|day| day.parse().unwrap());
        receipt.days.signed_on = receipt.days.submitted_on;
        let form = super::submit::Form {
            token: crate::id::FormToken::new(Uuid::nil()),
            organ: request.organ,
            kind: request.kind,
            channel,
            applicant: request.applicant,
            wish: request.wish,
            receipt,
            other_number: String::new(),
            late_why: String::new(),
        };
        let faults = form.why_not("2026-03-02".parse().unwrap());
        faults.iter().any(|(field, _)| *field == "submitted_on")
    };
    for channel in Channel::ALL {
        let wanted = match channel {
            Channel::Counter | Channel::Oral | Channel::Fax | Channel::Email => true,
            Channel::Web | Channel::SignedPost | Channel::PlainPost => false,
        };
        assert_eq!(of(*channel, None), wanted, "{channel:?}");
        assert!(!of(*channel, Some("2026-03-02")), "{channel:?}");
    }
}

#[test]
fn a_number_that_its_paper_cannot_bear_is_refused() {
    for (paper, number, holds) in [
        ("居民身份证", "11010519491231002X", true),
        ("居民身份证", "11010519491231002x", true),
        // The check digit holds, the day does not exist.
        ("居民身份证", "44120319850229001X", false),
        ("居民身份证", "440203199003070017", false),
        // The old form, void since 2013.
        ("居民身份证", "110105491231002", false),
        (" 身份证 ", "11010519491231002X", true),
        ("身份证", "110105491231002", false),
        ("临时居民身份证", "110105194912310021", false),
        ("香港永久性居民身份证", "A123456(3)", true),
        ("澳门居民身份证", "1234567(8)", true),
        ("台湾地区身份证", "A123456789", true),
        ("外国人永久居留身份证", "USA310019800101", true),
        ("统一社会信用代码证书", "91350100M000100Y43", true),
        ("统一社会信用代码证书", "91350100M000100Y4Z", false),
        ("营业执照", "91350100M000100Y4Z", false),
        ("营业执照", "350100100000001", true),
        ("护照", "E00000001", true),
    ] {
        let mut request = sample();
        request.applicant.paper = paper.to_owned();
        request.applicant.paper_number = number.to_owned();
        let faults = request.applicant.why_not();
        let refused = faults.iter().any(|(field, _)| *field == "paper_number");
        assert_eq!(!refused, holds, "{paper} {number}");
    }
}

#[test]
fn what_is_wanted_and_how_it_comes_fit_each_other() {
    for (form, way, fault) in [
        (Form::Reading, Way::Email, Some("way")),
        (Form::Reading, Way::PickUp, None),
        (Form::Disc, Way::Web, Some("way")),
        (Form::Electronic, Way::Web, None),
        (Form::Paper, Way::Email, Some("way")),
        (Form::Paper, Way::Fax, Some("fax")),
    ] {
        let mut request = sample();
        request.applicant.email = "zhang@example.cn".to_owned();
        (request.wish.form, request.wish.way) = (form, way);
        let faults = request.wish.why_not(Kind::Information, &request.applicant);
        let found = faults.first().map(|(field, _)| *field);
        assert_eq!(found, fault, "{form:?} {way:?}");
    }
    let mut request = sample();
    request.applicant.fax = "0000-0000001".to_owned();
    (request.wish.form, request.wish.way) = (Form::Paper, Way::Fax);
    let faults = request.wish.why_not(Kind::Information, &request.applicant);
    assert_eq!(faults, []);
}
