use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;

use super::{CaseFacts, Checked, Fault, Position, Weight, check, may_leave};
use crate::fee::PlaceInMonth;
use crate::letter::compose::{Facts, Head};
use crate::letter::profile::Profile;
use crate::letter::remedy::Served;
use crate::letter::template::LetterKind;
use crate::request::case::Opinion;

/// A day on which all samples are in order.
const TODAY: &str = "2026-09-22";

struct Bench {
    facts: Facts,
    profile: Profile,
    served: Served,
    today: &'static str,
    case: Option<CaseFacts>,
    lessons: Vec<String>,
}

impl Bench {
    fn of(kind: LetterKind) -> Self {
        Self {
            facts: Facts::sample(kind),
            profile: Profile::sample(),
            served: Served::OnPaper,
            today: TODAY,
            case: None,
            lessons: Vec::new(),
        }
    }

    fn with(mut self, code: &str, text: &str) -> Self {
        self.facts = self.facts.with(code, text);
        self
    }

    fn check(&self, kind: LetterKind) -> Vec<Fault> {
        let today: Date = self.today.parse().unwrap();
        let head = Head {
            organ: "安澜市财政局",
            profile: &self.profile,
            number: "",
            dated: None,
            served: self.served,
            door: None,
        };
        check(&Checked {
            kind,
            facts: &self.facts,
            head: &head,
            today,
            calendar: &WorkCalendar::builtin(),
            case: self.case.as_ref(),
            lessons: &self.lessons,
        })
    }
}

/// The fault at this place that says these words stops the letter.
fn stopped(faults: &[Fault], place: &str, words: &str) {
    let found = faults.iter().any(|fault| {
        fault.weight == Weight::Stop && fault.place == place && fault.sentence.contains(words)
    });
    assert!(
        found && !may_leave(faults),
        "{place} {words} not in {faults:#?}"
    );
}

#[test]
fn the_samples_may_leave() {
    for kind in LetterKind::ALL {
        // Samples that tell of later days are checked on a later day.
        let today = match kind {
            LetterKind::Partly
            | LetterKind::StillUnclear
            | LetterKind::Correction
            | LetterKind::Closed
            | LetterKind::Excessive
            | LetterKind::Register
            | LetterKind::Review
            | LetterKind::Consulting => "2026-10-22",
            _ => TODAY,
        };
        let bench = Bench {
            today,
            ..Bench::of(*kind)
        };
        let faults = bench.check(*kind);
        assert!(may_leave(&faults), "{kind:?}: {faults:#?}");
    }
}

/// Law: art. 30 wants a reasonable limit for 补正 and has no number: a short one is looked at, and may leave.
#[test]
fn a_short_limit_for_a_supplement_is_looked_at() {
    let kind = LetterKind::Supplement;
    for (by, looked_at) in [("2026-09-23", true), ("2026-10-22", false)] {
        let faults = Bench::of(kind).with("supplement_by", by).check(kind);
        let found = faults.iter().any(|fault| {
            fault.place == "supplement_by" && fault.sentence.contains("合理的补正期限")
        });
        assert_eq!(found, looked_at, "{by}: {faults:#?}");
        assert!(may_leave(&faults), "{by}: {faults:#?}");
    }
}

#[test]
fn an_empty_letter_is_stopped_at_every_blank_it_needs() {
    use crate::letter::template::Need;
    for kind in LetterKind::ALL {
        let bench = Bench {
            facts: Facts::default(),
            ..Bench::of(*kind)
        };
        let faults = bench.check(*kind);
        for blank in kind.template().all_blanks() {
            let stops = faults
                .iter()
                .any(|fault| fault.place == blank.code && fault.weight == Weight::Stop);
            if blank.need == Need::Must {
                assert!(stops, "{kind:?} {}", blank.code);
            }
        }
    }
}

#[test]
fn a_refusal_needs_a_reason_a_third_party_and_a_word_on_separation() {
    let refuse = LetterKind::Refuse;
    let faults = Bench::of(refuse).with("reason", "涉密").check(refuse);
    stopped(&faults, "reason", "过于简单");
    let faults = Bench::of(refuse)
        .with("grounds", "n1")
        .with("reason", "属于国家秘密")
        .check(refuse);
    stopped(&faults, "reason", "只重复了事由");
    let faults = Bench::of(refuse).with("grounds", "n4").check(refuse);
    stopped(&faults, "opinion", "征求第三方意见");
    let faults = Bench::of(refuse).with("separation", "").check(refuse);
    stopped(&faults, "separation", "请填写");
    let faults = Bench::of(refuse).with("grounds", "n8").check(refuse);
    stopped(&faults, "grounds", "行政查询事项告知书");
    let faults = Bench::of(refuse).with("grounds", "n9").check(refuse);
    stopped(&faults, "grounds", "没有“n9”");
    // The test of 2007 on the applicant's needs is gone.
    let faults = Bench::of(refuse)
        .with(
            "reason",
            "您的申请与自身生产、生活、科研等特殊需要无关，故不予公开。",
        )
        .check(refuse);
    stopped(&faults, "text", "2019年修订");
}

#[test]
fn citations_must_exist_and_be_in_force() {
    let kind = LetterKind::NotReady;
    let faults = Bench::of(kind)
        .with("reason", "依据《政府信息公开条例》第六十八条，不予提供。")
        .check(kind);
    stopped(&faults, "text", "没有第68条");
    let old = "依据《最高人民法院关于审理政府信息公开行政案件若干问题的规定》第二条，不予提供。";
    let faults = Bench::of(kind).with("reason", old).check(kind);
    stopped(&faults, "text", "法释〔2025〕8号");
}

#[test]
fn names_and_dates_agree_with_the_case() {
    let kind = LetterKind::Disclose;
    let mut bench = Bench::of(kind);
    bench.case = Some(CaseFacts {
        applicant: "刘某某".into(),
        case_no: "AL2026-0042".into(),
        received_on: Some("2026-09-17".parse().unwrap()),
        due_on: Some("2026-09-21".parse().unwrap()),
        ..CaseFacts::default()
    });
    let faults = bench.check(kind);
    stopped(&faults, "applicant", "登记为“刘某某”");
    stopped(&faults, "received_on", "2026-09-17");
    assert!(
        faults
            .iter()
            .any(|fault| fault.sentence.contains("2026年9月21日已过"))
    );
    assert!(!faults.iter().any(|fault| fault.place == "case_no"));
}

/// Law: art. 32: who may be harmed is asked first.
#[test]
fn the_rights_of_others_are_no_ground_before_they_were_heard() {
    for kind in [LetterKind::Refuse, LetterKind::Partly] {
        for (grounds, heard, stops) in [
            ("N4", false, true),
            ("N6,N4", false, true),
            ("N4", true, false),
            ("N6", false, false),
        ] {
            let mut bench = Bench::of(kind)
                .with("grounds", grounds)
                .with("opinion", "没有征求第三方意见");
            bench.case = Some(CaseFacts {
                third_party_heard: heard,
                ..CaseFacts::default()
            });
            let faults = bench.check(kind);
            let found = faults.iter().any(|fault| {
                fault.weight == Weight::Stop && fault.sentence.contains("案卷里没有第三方的意见")
            });
            assert_eq!(found, stops, "{kind:?} {grounds} {heard}");
        }
    }
}

/// Law: art. 32: what third parties said, or that they said nothing, stands in the letter that withholds for their sake.
#[test]
fn a_letter_that_withholds_for_others_says_what_they_said() {
    use Opinion::{Agree, Object, Partly, Silence};
    let objects = "安澜市市政工程有限公司于2026年10月14日答复不同意公开";
    let silent = "安澜市市政工程有限公司至2026年10月21日期满未答复";
    for (said, opinion, place, words) in [
        (vec![Object], objects, "", ""),
        (vec![Object], silent, "opinion", "登记第三方不同意公开"),
        (vec![Silence], silent, "", ""),
        (vec![Partly], "某公司答复部分同意公开", "", ""),
        (
            vec![Partly],
            "某公司答复同意公开",
            "opinion",
            "登记第三方部分同意公开",
        ),
        (vec![Silence], objects, "opinion", "逾期未答复"),
        (vec![Object, Silence], objects, "opinion", "逾期未答复"),
        (vec![Object, Agree], objects, "opinion", "有第三方同意公开"),
        (vec![Agree], "权利人书面同意公开", "grounds", "都同意公开"),
    ] {
        let kind = LetterKind::Refuse;
        let mut bench = Bench::of(kind)
            .with("grounds", "N4")
            .with("opinion", opinion);
        let named = said.iter().map(|said| ("某公司".to_owned(), *said));
        bench.case = Some(CaseFacts {
            third_party_heard: true,
            third_parties: named.collect(),
            ..CaseFacts::default()
        });
        let faults = bench.check(kind);
        if place.is_empty() {
            assert!(may_leave(&faults), "{said:?} {opinion}: {faults:#?}");
        } else {
            stopped(&faults, place, words);
        }
    }
}

/// Law: art. 32: who is overruled is told why, against what it had said.
#[test]
fn a_third_party_that_is_overruled_reads_its_objection_and_the_reason() {
    let kind = LetterKind::DecidedOpen;
    let of = |to: &str, opinion: &str, reason: &str| {
        let mut bench = Bench::of(kind)
            .with("to", to)
            .with("opinion", opinion)
            .with("reason", reason);
        bench.case = Some(CaseFacts {
            third_parties: vec![("某公司".to_owned(), Opinion::Object)],
            ..CaseFacts::default()
        });
        bench.check(kind)
    };
    let reason = "工程使用财政资金，结算结果关系公共资金的使用，重于投标报价的保密。";
    assert!(may_leave(&of("某公司", "不同意公开", reason)));
    stopped(&of("某公司", "", reason), "opinion", "此前的意见");
    let empty = "不公开可能对公共利益造成重大影响。";
    stopped(&of("某公司", "不同意公开", empty), "reason", "只重复");
    let other = of("另一公司", "不同意公开", reason);
    assert!(
        other
            .iter()
            .any(|fault| fault.place == "to" && fault.weight == Weight::Look),
        "{other:?}"
    );
}

#[test]
fn what_is_given_over_the_net_is_there_before_the_review() {
    for (kind, supply, place) in [
        (LetterKind::Disclose, "given", Some("supply")),
        (LetterKind::Disclose, "later", None),
        (LetterKind::Partly, "", Some("open_part")),
        (LetterKind::Partly, "here", None),
        (LetterKind::Refuse, "", None),
    ] {
        let mut bench = Bench::of(kind).with("supply", supply);
        bench.case = Some(CaseFacts {
            lacks_files: true,
            third_party_heard: true,
            ..CaseFacts::default()
        });
        // What is promised as a file is there; what goes on paper may be enclosed.
        for (form, weight) in [("电子文档", Weight::Stop), ("纸质", Weight::Look)] {
            bench.facts = bench.facts.clone().with("form", form);
            let faults = bench.check(kind);
            let found = faults
                .iter()
                .find(|fault| fault.sentence.contains("还没有答复材料"));
            let found = found.map(|fault| (fault.place.as_str(), fault.weight));
            let wanted = place.map(|place| (place, weight));
            assert_eq!(found, wanted, "{kind:?} {form}");
        }
    }
}

/// Law: 个人信息保护法 art. 6.
#[test]
fn a_letter_that_tells_a_unit_who_asks_does_not_leave() {
    let kind = LetterKind::Assist;
    let of = |names: Option<&'static str>| {
        let mut bench = Bench::of(kind);
        bench.case = Some(CaseFacts {
            names_applicant: names,
            ..CaseFacts::default()
        });
        bench.check(kind)
    };
    assert!(may_leave(&of(None)));
    stopped(&of(Some("联系电话")), "content", "申请人的联系电话");
}

/// Where no notice of the year is there, no day can be told: the paper says how many days, and that the day follows.
#[test]
fn an_extension_into_an_unknown_year_names_no_day() {
    let kind = LetterKind::Extension;
    let of = |new: &str| {
        let bench = Bench::of(kind)
            .with("received_on", "2098-11-24")
            .with("due_on", "2098-12-22")
            .with("new_due_on", new);
        Bench {
            today: "2098-12-01",
            ..bench
        }
    };
    let guessed = of("2099-01-20").check(kind);
    stopped(&guessed, "new_due_on", "请空着，不要估计");
    let open = of("");
    let faults = open.check(kind);
    assert!(may_leave(&faults), "{faults:?}");
    let look = faults.iter().find(|fault| fault.place == "new_due_on");
    assert!(look.is_some_and(|fault| fault.sentence.contains("2098年")));
    let head = Head {
        organ: "安澜市财政局",
        profile: &open.profile,
        number: "",
        dated: None,
        served: open.served,
        door: None,
    };
    let text = crate::letter::compose::letter(kind, &open.facts, &head).plain();
    assert!(
        text.contains("答复期限延长20个工作日，延长后的到期日在国务院办公厅公布"),
        "{text}"
    );
    // Where it can be told, it is.
    let empty = Bench::of(kind).with("new_due_on", "").check(kind);
    stopped(&empty, "new_due_on", "是2026年11月19日");
}

/// Nor is the old day guessed where that one lies in the unknown year; the notice leaves all the same.
#[test]
fn an_extension_of_a_limit_that_ends_in_an_unknown_year_names_neither_day() {
    let kind = LetterKind::Extension;
    let of = |due: &str, new: &str, untold: bool| {
        let mut bench = Bench::of(kind)
            .with("received_on", "2026-09-18")
            .with("due_on", due)
            .with("new_due_on", new);
        bench.case = Some(CaseFacts {
            untold: untold.then(|| "系统中没有2027年的放假安排。".to_owned()),
            ..CaseFacts::default()
        });
        bench
    };
    let open = of("", "", true);
    let faults = open.check(kind);
    assert!(may_leave(&faults), "{faults:?}");
    let look = faults.iter().find(|fault| fault.place == "due_on").unwrap();
    assert!(
        look.sentence.contains("2027年") && look.sentence.contains("不要等到公布以后"),
        "{look:?}"
    );
    let head = Head {
        organ: "安澜市财政局",
        profile: &open.profile,
        number: "",
        dated: None,
        served: open.served,
        door: None,
    };
    for (capacity, words) in [
        ("office_head", "经政府信息公开工作机构负责人周启明同意"),
        ("unit_head", "经本机关负责人周启明同意"),
        ("", "经政府信息公开工作机构负责人周启明同意"),
    ] {
        let facts = open.facts.clone().with("approver_as", capacity);
        let text = crate::letter::compose::letter(kind, &facts, &head).plain();
        assert!(text.contains(words), "{text}");
        assert_eq!(text.matches("答复期限延长20个工作日").count(), 1, "{text}");
        assert!(
            text.contains("规定的答复期限内作出答复") && text.contains("期限照常计算"),
            "{text}"
        );
        assert!(!text.contains("＿"), "{text}");
    }
    stopped(
        &of("2027-01-12", "", true).check(kind),
        "due_on",
        "请空着，不要估计",
    );
    stopped(
        &of("", "2027-01-26", true).check(kind),
        "new_due_on",
        "请空着，不要估计",
    );
    // Where it can be told, it is.
    stopped(
        &of("", "", false).check(kind),
        "due_on",
        "请填写“原答复到期日”",
    );
}

#[test]
fn the_position_in_the_month_is_the_one_of_the_case() {
    let kind = LetterKind::Fee;
    let eleventh = Position::Counted(PlaceInMonth {
        first: "2026-09-01".parse().unwrap(),
        numbers: (1..=11).map(|n| format!("2026-{n:06}")).collect(),
    });
    let words = "在案卷“发出收费通知”里写明“改变件次的原因”";
    for (position, count, said) in [
        (eleventh.clone(), "11", None),
        (eleventh, "31", Some(words)),
        // Charged as another one, with its reason in the case.
        (Position::Charged(31), "31", None),
        (Position::Charged(31), "11", Some("请改为第31件")),
        (Position::Unknown, "31", None),
    ] {
        let mut bench = Bench::of(kind)
            .with("scheme", "requests")
            .with("count", count);
        bench.case = Some(CaseFacts {
            position,
            ..CaseFacts::default()
        });
        let faults = bench.check(kind);
        match said {
            Some(words) => stopped(&faults, "count", words),
            None => assert!(
                !faults.iter().any(|fault| fault.place == "count"),
                "{count}"
            ),
        }
        // By page, the same number counts pages.
        let faults = bench.with("scheme", "pages").check(kind);
        assert!(!faults.iter().any(|fault| fault.sentence.contains("当月第")));
    }
}

#[test]
fn limits_follow_the_calendar() {
    let kind = LetterKind::Extension;
    // National Day off, 10 October worked: the sample is right, a day later is not.
    let faults = Bench::of(kind).with("new_due_on", "2026-11-20").check(kind);
    stopped(&faults, "new_due_on", "是2026年11月19日");
    let faults = Bench::of(kind).with("days", "21").check(kind);
    stopped(&faults, "days", "1到20");
    let late = Bench {
        today: "2026-10-23",
        ..Bench::of(kind)
    };
    stopped(&late.check(kind), "due_on", "不能补办延期");
    let early = Bench::of(LetterKind::ThirdParty).with("reply_by", "2026-10-19");
    stopped(
        &early.check(LetterKind::ThirdParty),
        "reply_by",
        "15个工作日",
    );
    let before = Bench::of(LetterKind::Disclose).with("received_on", "2026-09-23");
    stopped(
        &before.check(LetterKind::Disclose),
        "received_on",
        "晚于成文日期",
    );
}

#[test]
fn a_fee_is_what_the_scheme_says() {
    let kind = LetterKind::Fee;
    stopped(
        &Bench::of(kind).with("yuan", "400").check(kind),
        "yuan",
        "应为380元",
    );
    stopped(
        &Bench::of(kind).with("count", "30").check(kind),
        "count",
        "不收费",
    );
}

/// What only the organ's data lack is mended there: no redrafting helps a letter that says what it should.
#[test]
fn a_letter_does_not_go_back_for_what_the_settings_lack() {
    let kind = LetterKind::NotHeld;
    assert_eq!(super::stopped(&Bench::of(kind).check(kind)), None);
    let mut bench = Bench::of(kind);
    bench.profile.review_online.clear();
    bench.served = Served::Online;
    let said = super::stopped(&bench.check(kind)).unwrap();
    for words in ["文书不用退回", "“文书设置”补齐", "网上申请行政复议的地址"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("退回重拟"), "{said}");
    let both = bench.with("search_result", "××没有").check(kind);
    let said = super::stopped(&both).unwrap();
    for words in ["请“退回重拟”", "占位文字", "网上申请行政复议的地址"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn remedies_placeholders_and_lessons_are_seen() {
    let kind = LetterKind::NotHeld;
    let mut bench = Bench::of(kind).with("search_result", "××没有");
    bench.profile.review_body.clear();
    bench.profile.review_online.clear();
    bench.served = Served::Online;
    bench.lessons = vec!["写明检索范围".into()];
    let faults = bench.check(kind);
    stopped(&faults, "search_result", "占位文字");
    stopped(&faults, "remedy", "行政复议机关");
    stopped(&faults, "remedy", "网上申请行政复议");
    assert!(
        faults
            .iter()
            .any(|fault| fault.sentence.contains("曾被纠正：写明检索范围"))
    );
    // Procedural papers need no remedies.
    let bench = Bench {
        profile: Profile::default(),
        ..Bench::of(LetterKind::Supplement)
    };
    assert!(may_leave(&bench.check(LetterKind::Supplement)));
}
