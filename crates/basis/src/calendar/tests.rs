use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

fn days(n: u16) -> WorkingDays {
    WorkingDays::new(n).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn pause(sent: &str, end: &str) -> Pause {
    Pause::new(day(sent), day(end)).unwrap()
}

fn check(start: &str, n: u16, due: &str) {
    let calendar = WorkCalendar::builtin();
    assert_eq!(
        calendar.after(day(start), days(n)),
        Ok(day(due)),
        "{start} + {n}"
    );
    let working = calendar.working(day(start), days(n), &[]).unwrap();
    assert_eq!(working.due, day(due));
    assert_eq!(working.counted.len(), usize::from(n));
    assert_eq!(calendar.between(day(start), day(due)), Ok(u32::from(n)));
}

#[test]
fn counts_the_vectors_of_the_law_page() {
    check("2022-09-20", 20, "2022-10-21");
    check("2022-09-30", 20, "2022-11-02");
    check("2022-01-24", 7, "2022-02-07");
    check("2022-01-24", 20, "2022-02-24");
    check("2023-09-28", 20, "2023-11-01");
    check("2024-02-09", 1, "2024-02-18");
    check("2024-02-08", 20, "2024-03-13");
    check("2025-01-20", 20, "2025-02-21");
    check("2025-09-26", 7, "2025-10-13");
    check("2025-09-26", 15, "2025-10-23");
    check("2025-09-26", 20, "2025-10-30");
    check("2026-02-14", 1, "2026-02-24");
    check("2026-02-10", 20, "2026-03-16");
    check("2026-04-30", 7, "2026-05-13");
    check("2026-09-18", 20, "2026-10-22");
    check("2020-01-22", 20, "2020-02-27");
    // Section 1.7: an extension is more days of the same limit; a consultation letter's 15 days.
    check("2025-09-26", 40, "2025-11-27");
    check("2022-09-27", 15, "2022-10-21");
}

#[test]
fn leaves_pauses_out_as_in_the_vectors() {
    let check = |start: &str, n: u16, pauses: &[Pause], due: &str| {
        let calendar = WorkCalendar::builtin();
        assert_eq!(
            calendar.after_pauses(day(start), days(n), pauses),
            Ok(day(due))
        );
    };
    let first = pause("2022-09-26", "2022-10-14");
    check("2022-09-20", 20, &[first], "2022-11-07");
    check(
        "2022-09-20",
        20,
        &[first, pause("2022-10-12", "2022-10-18")],
        "2022-11-09",
    );
    check(
        "2022-09-20",
        20,
        &[pause("2022-10-12", "2022-10-18"), first],
        "2022-11-09",
    );
    let second = pause("2025-09-29", "2025-10-23");
    check("2025-09-26", 20, &[second], "2025-11-18");
    check("2025-09-26", 40, &[second], "2025-12-16");
    // A pause that ended before the start, or that begins after the due date, changes nothing.
    check(
        "2022-09-20",
        20,
        &[pause("2022-08-01", "2022-09-20")],
        "2022-10-21",
    );
    check(
        "2022-09-20",
        20,
        &[pause("2022-10-21", "2022-12-01")],
        "2022-10-21",
    );
    // One day earlier it covers the last day.
    check(
        "2022-09-20",
        20,
        &[pause("2022-10-20", "2022-10-21")],
        "2022-10-24",
    );
    check(
        "2022-09-20",
        20,
        &[pause("2022-09-26", "2022-09-26")],
        "2022-10-21",
    );
}

#[test]
fn has_the_stated_number_of_working_days_in_each_year() {
    let calendar = WorkCalendar::builtin();
    let count = |year: i16| {
        calendar
            .between(date(year - 1, 12, 31), date(year, 12, 31))
            .unwrap()
    };
    let counts: Vec<u32> = (2020..=2026).map(count).collect();
    assert_eq!(counts, [249, 250, 249, 249, 251, 248, 248]);
}

#[test]
fn knows_the_days_that_data_sets_often_get_wrong() {
    let calendar = WorkCalendar::builtin();
    // 除夕 of 2024 was encouraged leave, not a day off.
    assert_eq!(calendar.day(date(2024, 2, 9)), Ok(Day::Workday));
    // An ordinary Monday after the lengthened Spring Festival.
    assert_eq!(calendar.day(date(2020, 2, 3)), Ok(Day::Workday));
    assert_eq!(calendar.day(date(2020, 2, 2)), Ok(Day::Holiday("春节")));
    // The New Year block of 2023 begins in 2022.
    assert_eq!(calendar.day(date(2022, 12, 31)), Ok(Day::Holiday("元旦")));
    assert_eq!(calendar.day(date(2018, 12, 29)), Ok(Day::MakeUp("元旦")));
    assert_eq!(calendar.day(date(2018, 12, 31)), Ok(Day::Holiday("元旦")));
    assert_eq!(calendar.day(date(2026, 3, 8)).unwrap(), Day::Weekend);
}

#[test]
fn shows_each_day_and_why() {
    let calendar = WorkCalendar::builtin();
    let pauses = [pause("2022-09-28", "2022-10-08")];
    let working = calendar
        .working(day("2022-09-28"), days(1), &pauses)
        .unwrap();
    let why: Vec<String> = working
        .skipped
        .iter()
        .map(|day| format!("{} {}", day.date, day.why))
        .collect();
    insta::assert_snapshot!(why.join("\n"), @r"
    2022-09-29 暂停计时
    2022-09-30 暂停计时
    2022-10-01 国庆节放假
    2022-10-02 国庆节放假
    2022-10-03 国庆节放假
    2022-10-04 国庆节放假
    2022-10-05 国庆节放假
    2022-10-06 国庆节放假
    2022-10-07 国庆节放假
    2022-10-08 暂停计时
    ");
    assert_eq!(working.counted, [day("2022-10-09")]);
    assert_eq!(working.notes, []);
}

#[test]
fn stops_at_a_year_without_a_notice() {
    let calendar = WorkCalendar::builtin();
    let missing = |year| Err(CalendarError::YearNotPublished(year));
    assert_eq!(
        calendar.after(day("2026-12-25"), days(4)),
        Ok(day("2026-12-31"))
    );
    assert_eq!(calendar.after(day("2026-12-25"), days(5)), missing(2027));
    assert_eq!(calendar.after(day("2026-12-31"), days(1)), missing(2027));
    assert_eq!(calendar.after(day("2012-12-30"), days(1)), missing(2012));
    assert_eq!(
        calendar.after(day("2012-12-31"), days(1)),
        Ok(day("2013-01-04"))
    );
    assert_eq!(
        calendar.is_working_day(day("2027-01-02")),
        Err(CalendarError::YearNotPublished(2027))
    );
    assert_eq!(calendar.after(Date::MAX, days(1)), missing(9999));
    assert_eq!(calendar.after(Date::MIN, days(1)), missing(-9999));
    assert_eq!(calendar.after(day("2013-01-01"), days(9999)), missing(2027));
    let long = pause("2026-10-01", "9999-12-31");
    assert_eq!(
        calendar.after_pauses(day("2026-09-18"), days(20), &[long]),
        missing(2027)
    );
    assert_eq!(calendar.before(day("2013-01-04"), days(1)), missing(2012));
    assert_eq!(
        calendar.between(day("2026-12-01"), day("2027-01-01")),
        Err(CalendarError::YearNotPublished(2027))
    );
    insta::assert_snapshot!(CalendarError::YearNotPublished(2027).sentence(), @"系统中没有2027年的放假安排，不能推算到该年的工作日；没有改动任何数据；请导入国务院办公厅关于2027年部分节假日安排的通知后再试。");
}

#[test]
fn zero_days_end_on_the_day_of_receipt() {
    let calendar = WorkCalendar::builtin();
    let working = calendar
        .working(day("2022-10-01"), WorkingDays::ZERO, &[])
        .unwrap();
    assert_eq!(
        (working.due, working.counted, working.skipped),
        (day("2022-10-01"), vec![], vec![])
    );
}

#[test]
fn says_what_an_answer_rests_on() {
    let calendar = WorkCalendar::builtin();
    let notes = |start: &str, n| calendar.working(day(start), days(n), &[]).unwrap().notes;
    assert_eq!(notes("2019-12-20", 20), [Note::UnverifiedYear(2019)]);
    assert_eq!(notes("2019-12-31", 1), []);
    assert_eq!(notes("2026-12-25", 1), []);
    assert_eq!(notes("2026-12-25", 2), [Note::NextNoticeMayReach(2027)]);
    assert_eq!(notes("2025-12-25", 4), []);
}

#[test]
fn a_new_notice_makes_a_new_calendar() {
    let old = WorkCalendar::builtin();
    let new_year = Holiday::new("元旦", day("2027-01-01"), day("2027-01-03"), vec![]);
    let notice = YearNotice::new(2027, vec![], vec![new_year]).unwrap();
    let new = old.with(notice.clone());
    assert_eq!(new.after(day("2026-12-31"), days(1)), Ok(day("2027-01-04")));
    assert!(old.after(day("2026-12-31"), days(1)).is_err());
    assert_ne!(new.stamp(), old.stamp());
    assert_ne!(new.stamp(), new.with(notice.clone().verified()).stamp());
    assert_eq!(new.stamp(), new.with(notice).stamp());
    assert!(new.stamp().as_str().starts_with("2013-2027:"));
    let gap = WorkCalendar::of(old.notices().filter(|n| n.year() != 2024).cloned());
    assert_eq!(
        gap.after(day("2023-12-29"), days(1)),
        Err(CalendarError::YearNotPublished(2024))
    );
    assert_eq!(gap.after(day("2024-12-31"), days(1)), Ok(day("2025-01-02")));
}

/// The rule said as plainly as it can be: walk day by day.
fn walk(
    calendar: &WorkCalendar,
    start: Date,
    n: u16,
    pauses: &[Pause],
) -> Result<Date, CalendarError> {
    let mut at = start;
    let mut left = n;
    while left > 0 {
        at = at.tomorrow().unwrap();
        if calendar.is_working_day(at)? && !pauses.iter().any(|p| p.sent() < at && at <= p.end()) {
            left -= 1;
        }
    }
    Ok(at)
}

prop_compose! {
    fn any_day()(offset in 0i64..5000) -> Date {
        date(2013, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap()
    }
}

prop_compose! {
    fn any_pause()(sent in any_day(), length in 0i64..60) -> Pause {
        Pause::new(sent, sent.checked_add(jiff::Span::new().days(length)).unwrap()).unwrap()
    }
}

proptest! {
    #[test]
    fn agrees_with_a_walk(
        start in any_day(),
        n in 0u16..200,
        pauses in prop::collection::vec(any_pause(), 0..40),
    ) {
        let calendar = WorkCalendar::builtin();
        let expected = walk(&calendar, start, n, &pauses);
        prop_assert_eq!(calendar.after_pauses(start, days(n), &pauses), expected);
        let working = calendar.working(start, days(n), &pauses);
        prop_assert_eq!(working.map(|w| w.due), expected);
    }

    #[test]
    fn lands_on_a_working_day_and_adds_up(start in any_day(), a in 1u16..60, b in 0u16..60) {
        let calendar = WorkCalendar::builtin();
        let Ok(end) = calendar.after(start, days(a + b)) else { return Ok(()) };
        prop_assert!(calendar.is_working_day(end).unwrap());
        let first = calendar.after(start, days(a)).unwrap();
        prop_assert!(first <= end);
        prop_assert_eq!(calendar.after(first, days(b)), Ok(end));
        prop_assert_eq!(calendar.before(end, days(b)), Ok(first));
        prop_assert_eq!(calendar.between(start, end), Ok(u32::from(a + b)));
        prop_assert_eq!(calendar.on_or_after(end), Ok(end));
    }

    #[test]
    fn pauses_never_help(start in any_day(), n in 0u16..60, pauses in prop::collection::vec(any_pause(), 0..6)) {
        let calendar = WorkCalendar::builtin();
        let Ok(paused) = calendar.after_pauses(start, days(n), &pauses) else { return Ok(()) };
        prop_assert!(calendar.after(start, days(n)).unwrap() <= paused);
        let merged = Pause::merged(&pauses);
        prop_assert!(merged.windows(2).all(|pair| pair[0].end() < pair[1].sent()));
        prop_assert_eq!(calendar.after_pauses(start, days(n), &merged), Ok(paused));
    }

    #[test]
    fn next_working_day_is_the_nearest(start in any_day()) {
        let calendar = WorkCalendar::builtin();
        let Ok(next) = calendar.on_or_after(start) else { return Ok(()) };
        prop_assert_eq!(calendar.is_working_day(start).unwrap(), next == start);
        prop_assert_eq!(calendar.between(start, next).unwrap(), u32::from(next != start));
    }
}

/// What a calendar program is told: each block once, each worked weekend day once.
#[test]
fn blocks_and_make_up_days_are_those_of_the_notices() {
    let calendar = WorkCalendar::builtin();
    let blocks = calendar.blocks();
    let national = Block {
        name: "国庆节",
        first: day("2026-10-01"),
        last: day("2026-10-07"),
    };
    assert!(blocks.contains(&national), "{blocks:?}");
    let made_up: Vec<(Date, &str)> = calendar.make_up_days().collect();
    assert!(made_up.contains(&(day("2026-10-10"), "国庆节")));
    // Together they say of every day what the calendar says of it.
    let off: Vec<Date> = blocks
        .iter()
        .flat_map(|block| Holiday::new(block.name, block.first, block.last, Vec::new()).days())
        .collect();
    assert!(off.is_sorted_by(|one, next| one < next));
    for year in calendar.notices().map(YearNotice::year) {
        for date in days_of(year) {
            match calendar.day(date).unwrap() {
                Day::Holiday(_) => assert!(off.contains(&date), "{date}"),
                Day::MakeUp(name) => assert!(made_up.contains(&(date, name)), "{date}"),
                Day::Workday | Day::Weekend => {
                    assert!(!off.contains(&date), "{date}");
                }
            }
        }
    }
}

#[test]
fn a_day_that_is_worked_after_all_parts_a_block() {
    let holiday = |first, last, make_up| Holiday::new("春节", day(first), day(last), make_up);
    let worked = vec![day("2026-02-18")];
    let holidays = vec![holiday("2026-02-16", "2026-02-20", worked)];
    let calendar = WorkCalendar::of([YearNotice::new(2026, Vec::new(), holidays).unwrap()]);
    let days: Vec<(Date, Date)> = calendar
        .blocks()
        .iter()
        .map(|block| (block.first, block.last))
        .collect();
    assert_eq!(
        days,
        [
            (day("2026-02-16"), day("2026-02-17")),
            (day("2026-02-19"), day("2026-02-20")),
        ]
    );
}
