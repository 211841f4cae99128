//! What the law says of every year, held against a notice that was read or typed.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::{Problem, ProblemKind};
use crate::calendar::notice::{Holiday, YearNotice};

/// The seven public holidays of 全国年节及纪念日放假办法 art. 2.
pub(super) const STATUTORY: [&str; 7] = [
    "元旦",
    "春节",
    "清明节",
    "劳动节",
    "端午节",
    "中秋节",
    "国庆节",
];

/// Since this year there are two more days off (revision of 2024-11-10).
const MORE_DAYS_SINCE: i16 = 2025;
/// Public days off in a year before and since [`MORE_DAYS_SINCE`]; art. 2 of the two texts.
const DAYS_OFF: (i64, i64) = (11, 13);

/// Doubts about a year's data, however it was entered.
///
/// Law: 全国年节及纪念日放假办法 art. 2 (names and fixed days), art. 6 (a holiday on a weekend is made
/// up), so that free weekdays less make-up workdays equal the days the law grants. A special year
/// (2015, 2020) breaks that balance rightly: hence a doubt, not an error.
#[must_use]
pub fn check(notice: &YearNotice) -> Vec<Problem> {
    let mut problems = Vec::new();
    missing_holidays(notice, &mut problems);
    statutory_days(notice, &mut problems);
    let off = days_off(notice, &mut problems);
    make_up_days(notice, &off, &mut problems);
    balance(notice, &off, &mut problems);
    problems
}

fn problem(kind: ProblemKind, message: String, holiday: Option<&Holiday>) -> Problem {
    let quote = holiday.map_or_else(String::new, |holiday| {
        format!(
            "{}：{}至{}",
            holiday.name(),
            holiday.first(),
            holiday.last()
        )
    });
    Problem {
        kind,
        message,
        quote,
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn missing_holidays(notice: &YearNotice, problems: &mut Vec<Problem>) {
    let named: BTreeSet<&str> = notice
        .holidays()
        .iter()
        .flat_map(|holiday| holiday.name().split('、'))
        .collect();
    for name in STATUTORY.iter().filter(|name| !named.contains(**name)) {
        let message = format!("没有找到{name}的安排；请核对通知原文，必要时手工补录。");
        problems.push(problem(ProblemKind::MissingHoliday, message, None));
    }
}

/// The days the law fixes by the solar calendar: 1 January, 1 (and since 2025, 2) May, 1–3 October.
fn statutory_days(notice: &YearNotice, problems: &mut Vec<Problem>) {
    let second_of_may = (notice.year() >= MORE_DAYS_SINCE).then_some((5, 2));
    let fixed = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)];
    for (month, day) in fixed.into_iter().chain(second_of_may) {
        let Ok(date) = Date::new(notice.year(), month, day) else {
            continue;
        };
        let covered = notice
            .holidays()
            .iter()
            .any(|h| h.first() <= date && date <= h.last());
        let worked = notice
            .holidays()
            .iter()
            .any(|h| h.make_up().contains(&date));
        if worked || (!covered && !is_weekend(date)) {
            let message = format!("{month}月{day}日是法定节日，但没有列为放假；请核对通知原文。");
            problems.push(problem(ProblemKind::StatutoryDayWorked, message, None));
        }
    }
}

fn days_off(notice: &YearNotice, problems: &mut Vec<Problem>) -> BTreeSet<Date> {
    let mut off = BTreeSet::new();
    for holiday in notice.holidays() {
        let mut doubled = None;
        for day in holiday.days() {
            if !off.insert(day) {
                doubled = doubled.or(Some(day));
            }
        }
        if let Some(day) = doubled {
            let message = format!("{day}同时列在两个放假时段；请核对通知原文。");
            problems.push(problem(ProblemKind::BlocksOverlap, message, Some(holiday)));
        }
    }
    off
}

fn make_up_days(notice: &YearNotice, off: &BTreeSet<Date>, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for holiday in notice.holidays() {
        for day in holiday.make_up() {
            if !is_weekend(*day) {
                let message = format!("{day}不是周末，却列为调休上班；请核对通知原文。");
                problems.push(problem(
                    ProblemKind::MakeUpOnWeekday,
                    message,
                    Some(holiday),
                ));
            }
            if off.contains(day) || !seen.insert(*day) {
                let message =
                    format!("{day}列为调休上班，又在放假时段内或重复列出；请核对通知原文。");
                problems.push(problem(ProblemKind::MakeUpConflict, message, Some(holiday)));
            }
        }
    }
}

fn balance(notice: &YearNotice, off: &BTreeSet<Date>, problems: &mut Vec<Problem>) {
    let count = |days: usize| i64::try_from(days).unwrap_or(i64::MAX);
    let free = count(off.iter().filter(|day| !is_weekend(**day)).count());
    let made_up: BTreeSet<Date> = notice
        .holidays()
        .iter()
        .flat_map(|holiday| holiday.make_up().iter().copied())
        .filter(|day| is_weekend(*day))
        .collect();
    let made_up = count(made_up.len());
    let granted = if notice.year() < MORE_DAYS_SINCE {
        DAYS_OFF.0
    } else {
        DAYS_OFF.1
    };
    if free - made_up != granted {
        let message = format!(
            "工作日放假{free}天，调休上班{made_up}天，相抵{}天，与法定的{granted}天不符；\
             可能漏读或误读，也可能当年另有安排，请核对通知原文。",
            free - made_up
        );
        problems.push(problem(ProblemKind::DaysOffBalance, message, None));
    }
}
