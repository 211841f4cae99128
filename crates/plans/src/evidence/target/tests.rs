use gongkai_basis::Date;
use proptest::prelude::*;

use super::{Counted, Occurred, Wanted, What};
use crate::plan::{Deadline, DeadlineKind, Quantity};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn quantity(text: &str, value: i64, max: Option<i64>, unit: &str) -> Quantity {
    Quantity {
        text: text.to_owned(),
        value,
        max,
        unit: unit.to_owned(),
    }
}

fn deadline(text: &str, kind: DeadlineKind) -> Deadline {
    Deadline {
        text: text.to_owned(),
        date: None,
        kind,
    }
}

fn other(on: &str) -> Counted {
    Counted {
        on: day(on),
        what: What::Other,
        of: None,
        verified: true,
        occurred: None,
    }
}

fn event(on: &str, attendance: i64) -> Counted {
    Counted {
        on: day(on),
        what: What::Event { attendance },
        of: None,
        verified: true,
        occurred: None,
    }
}

fn figure(on: &str, value: &str, unit: &str) -> Counted {
    Counted {
        on: day(on),
        what: What::Figure {
            value: value.parse().unwrap(),
            unit: unit.to_owned(),
        },
        of: None,
        verified: true,
        occurred: None,
    }
}

fn wanted(text: &str, deadlines: &[Deadline], quantities: &[Quantity]) -> Wanted {
    Wanted::of(text, deadlines, quantities, (2026, Some(day("2026-05-20"))))
}

fn shown(wanted: &Wanted, counted: &[Counted]) -> Vec<String> {
    wanted
        .tally(counted)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_minimum_is_counted_within_the_year() {
    let wanted = wanted(
        "每年至少召开3次会议",
        &[deadline("每年至少召开3次", DeadlineKind::MinimumCount)],
        &[quantity("至少召开3次", 3, None, "次")],
    );
    assert_eq!(shown(&wanted, &[]), ["0/3次"]);
    let counted = [
        other("2025-12-31"),
        other("2026-01-01"),
        other("2026-12-31"),
        other("2027-01-01"),
    ];
    assert_eq!(shown(&wanted, &counted), ["2/3次"]);
    let tally = &wanted.tally(&counted)[0];
    assert!(!tally.is_met());
    assert_eq!(
        tally.missing(),
        "方案要求“至少召开3次”，有日期且有效的佐证证明了2次，还差1次"
    );
}

#[test]
fn proofs_of_one_day_are_one_meeting_unless_two_are_stated() {
    let wanted = wanted("", &[], &[quantity("不少于3次", 3, None, "次")]);
    let (file, meeting) = (other("2026-06-01"), event("2026-06-01", 20));
    assert_eq!(
        shown(&wanted, &[file.clone(), file.clone(), meeting.clone()]),
        ["1/3次"]
    );
    assert_eq!(shown(&wanted, &[file, meeting.clone(), meeting]), ["2/3次"]);
}

#[test]
fn things_are_counted_one_by_one_people_by_attendance_and_figures_by_their_value() {
    let pilots = wanted("", &[], &[quantity("1—2个", 1, Some(2), "个")]);
    assert_eq!(shown(&pilots, &[]), ["0/1—2个"]);
    let same_day = [other("2026-06-01"), other("2026-06-01")];
    assert_eq!(shown(&pilots, &same_day), ["2/1—2个"]);
    let trained = wanted("", &[], &[quantity("不少于100人次", 100, None, "人次")]);
    let both = [
        event("2026-06-01", 60),
        event("2026-07-01", 50),
        other("2026-08-01"),
    ];
    assert_eq!(shown(&trained, &both), ["110/100人次"]);
    let articles = wanted("", &[], &[quantity("不少于120篇", 120, None, "篇")]);
    let stated = [
        figure("2026-06-30", "70", "篇"),
        figure("2026-09-30", "121.5", "篇"),
        figure("2026-09-30", "900", "次"),
        other("2026-09-30"),
    ];
    assert_eq!(shown(&articles, &stated), ["121/120篇"]);
}

#[test]
fn periods_begin_anew_and_those_before_the_plan_are_not_asked_for() {
    let quarterly = wanted(
        "每季度至少召开1次会议。",
        &[deadline("每季度", DeadlineKind::Recurring)],
        &[quantity("至少召开1次", 1, None, "次")],
    );
    // Issued on 20 May: the second quarter is the first that counts.
    assert_eq!(shown(&quarterly, &[]), ["0/3个季度"]);
    let tally = quarterly.tally(&[
        other("2026-02-01"),
        other("2026-06-30"),
        other("2026-10-01"),
    ]);
    assert_eq!(tally[0].to_string(), "2/3个季度");
    assert_eq!(
        tally[0].missing(),
        "方案要求“至少召开1次”，还缺第三季度的佐证"
    );
    let monthly = wanted("", &[deadline("每月", DeadlineKind::Recurring)], &[]);
    assert_eq!(shown(&monthly, &[other("2026-05-01")]), ["1/8个月"]);
    let halves = wanted("", &[deadline("每半年", DeadlineKind::Recurring)], &[]);
    assert_eq!(shown(&halves, &[]), ["0/2个半年"]);
    let unknown = Wanted::of(
        "",
        &[deadline("按季度", DeadlineKind::Recurring)],
        &[],
        (2026, None),
    );
    assert_eq!(shown(&unknown, &[]), ["0/4个季度"]);
}

#[test]
fn a_count_far_from_the_period_stands_for_itself() {
    let apart = wanted(
        "每季度更新目录。全年开展2次培训。",
        &[deadline("每季度", DeadlineKind::Recurring)],
        &[quantity("2次", 2, None, "次")],
    );
    assert_eq!(shown(&apart, &[]), ["0/2次", "0/3个季度"]);
}

#[test]
fn a_minimum_that_the_reader_gave_no_quantity_is_read_from_its_words() {
    for (text, want) in [
        ("每年至少召开两次", "0/2次"),
        ("年内不少于十二篇", "0/12篇"),
        ("每年至少1场", "0/1场"),
        ("每年至少培训200人次", "0/200人次"),
    ] {
        let wanted = wanted("", &[deadline(text, DeadlineKind::MinimumCount)], &[]);
        assert_eq!(shown(&wanted, &[]), [want], "{text}");
    }
    // Its words were cut before the number, which stands as a quantity.
    let cut = wanted(
        "",
        &[deadline("每年", DeadlineKind::MinimumCount)],
        &[quantity("不少于3次", 3, None, "次")],
    );
    assert_eq!(shown(&cut, &[]), ["0/3次"]);
    // Every year and no number: once.
    let bare = wanted("", &[deadline("每年", DeadlineKind::Recurring)], &[]);
    assert_eq!(shown(&bare, &[]), ["0/1次"]);
}

#[test]
fn results_upper_bounds_and_what_goes_on_all_the_time_are_not_counted() {
    let none = wanted(
        "",
        &[
            deadline("2026-09-30前", DeadlineKind::By),
            deadline("全年", DeadlineKind::Recurring),
            deadline("每日", DeadlineKind::Recurring),
        ],
        &[
            quantity("不低于4%", 4, None, "%"),
            quantity("不超过3个", 3, None, "个"),
            quantity("20分钟", 20, None, "分钟"),
            quantity("0次", 0, None, "次"),
        ],
    );
    assert!(none.targets.is_empty(), "{none:?}");
}

proptest! {
    #[test]
    fn more_evidence_never_counts_less(
        days in proptest::collection::vec((1_i8..=12, 1_i8..=28, 0..3), 0..12),
        unit in prop_oneof![Just("次"), Just("个"), Just("人次")],
    ) {
        let wanted = wanted("", &[deadline("每月", DeadlineKind::Recurring)], &[quantity("x", 3, None, unit)]);
        let counted: Vec<Counted> = days
            .iter()
            .map(|(month, date, what)| Counted {
                on: Date::constant(2026, *month, *date),
                what: match what {
                    0 => What::Other,
                    1 => What::Event { attendance: 3 },
                    _ => What::Figure { value: "2".parse().unwrap(), unit: unit.to_owned() },
                },
                of: None,
                verified: true,
        occurred: None,
            })
            .collect();
        for n in 0..counted.len() {
            let (fewer, more) = (wanted.tally(&counted[..n]), wanted.tally(&counted[..=n]));
            for (fewer, more) in fewer.iter().zip(&more) {
                prop_assert!(fewer.have <= more.have && fewer.need == more.need);
            }
        }
    }
}

#[test]
fn what_a_plan_asks_for_in_each_period_is_due_at_its_end() {
    let monthly = wanted(
        "每月公开一次。",
        &[deadline("每月", DeadlineKind::Recurring)],
        &[],
    );
    // Issued on 20 May: May is the first month asked for.
    assert_eq!(monthly.next_due(None, &[]), Some(day("2026-05-31")));
    let proofs = [
        other("2026-05-25"),
        other("2026-06-02"),
        other("2026-08-02"),
    ];
    assert_eq!(monthly.next_due(None, &proofs), Some(day("2026-07-31")));
    // A stated day before the first gap stays.
    assert_eq!(
        monthly.next_due(Some(day("2026-06-30")), &proofs),
        Some(day("2026-06-30"))
    );
    let quarterly = wanted(
        "每季度报送。",
        &[deadline("每季度", DeadlineKind::Recurring)],
        &[],
    );
    let all = [
        other("2026-06-02"),
        other("2026-09-02"),
        other("2026-12-02"),
    ];
    assert_eq!(quarterly.next_due(None, &all), Some(day("2026-12-31")));
    let undated = wanted("加强政策解读。", &[], &[]);
    assert_eq!(undated.next_due(None, &[]), Some(day("2026-12-31")));
    let dated = Some(day("2027-01-31"));
    assert_eq!(undated.next_due(dated, &[]), dated);
    let report = wanted(
        "编制年度报告1份，2027年1月31日前公布。",
        &[],
        &[quantity("1份", 1, None, "份")],
    );
    let after = Some(day("2027-01-31"));
    assert_eq!(
        report.next_due(after, &[]),
        after,
        "a quantity of the year does not come before the stated day"
    );
}

#[test]
fn a_day_within_the_period_is_due_before_its_end() {
    for (text, first, then) in [
        ("每月25日前", "2026-01-25", "2026-02-25"),
        ("每月底", "2026-01-31", "2026-02-28"),
        ("每季度末", "2026-03-31", "2026-06-30"),
        ("每季度末月25日前", "2026-03-25", "2026-06-25"),
        ("每季度首月10日前", "2026-01-10", "2026-04-10"),
        ("每季度前10日内", "2026-01-10", "2026-04-10"),
        ("每季度次月10日前", "2026-03-31", "2026-06-30"),
        ("每半年", "2026-06-30", "2026-12-31"),
    ] {
        let asked = [deadline(text, DeadlineKind::Recurring)];
        let wanted = Wanted::of(text, &asked, &[], (2026, None));
        assert_eq!(wanted.next_due(None, &[]), Some(day(first)), "{text}");
        let proof = other("2026-01-05");
        let after = wanted.next_due(None, std::slice::from_ref(&proof));
        assert_eq!(after, Some(day(then)), "{text}");
    }
}

#[test]
fn one_page_proves_once_and_a_meeting_needs_more_than_an_unchecked_page() {
    let page = |on: &str, of: &str, verified| Counted {
        of: Some(of.to_owned()),
        verified,
        ..other(on)
    };
    let cases = wanted("公布典型案例3个。", &[], &[quantity("3个", 3, None, "个")]);
    let twice = [
        page("2026-06-01", "https://a/1", false),
        page("2026-07-01", "https://a/1", false),
        page("2026-07-01", "https://a/2", false),
    ];
    assert_eq!(shown(&cases, &twice), ["2/3个"]);
    let meetings = wanted("全年召开会议2次。", &[], &[quantity("2次", 2, None, "次")]);
    let some = [
        page("2026-06-01", "https://a/1", false),
        page("2026-07-01", "https://a/2", true),
        event("2026-08-01", 20),
    ];
    assert_eq!(shown(&meetings, &some), ["2/2次（另有1份未核验）"]);
    assert_eq!(shown(&meetings, &some[..1]), ["0/2次（另有1份未核验）"]);
}

/// 至少召开1次会议、至少听取1次汇报 are two duties, each with proofs of its own.
#[test]
fn meetings_briefings_and_training_are_counted_apart() {
    let text = "领导小组每年至少召开1次会议，主要负责人每年至少听取1次工作汇报。";
    let quantities = [
        quantity("至少召开1次", 1, None, "次"),
        quantity("至少听取1次", 1, None, "次"),
    ];
    let wanted = wanted(text, &[], &quantities);
    let have = |occurred: &[Occurred]| -> Vec<i64> {
        let counted: Vec<Counted> = occurred
            .iter()
            .map(|occurred| Counted {
                occurred: Some(*occurred),
                ..event("2026-09-01", 0)
            })
            .collect();
        let tallies = wanted.tally(&counted);
        tallies.iter().map(|tally| tally.have).collect()
    };
    assert_eq!(have(&[Occurred::RegisteredMeeting]), [1, 0]);
    assert_eq!(have(&[Occurred::Briefing]), [0, 1]);
    assert_eq!(have(&[Occurred::Training]), [0, 0]);
    assert_eq!(
        have(&[Occurred::Briefing, Occurred::RegisteredMeeting]),
        [1, 1]
    );
    assert_eq!(have(&[Occurred::Untold]), [1, 1]);
}
