//! 公开时限: how often something is due, read from the words of a catalogue, and the days that follow. Pure.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Run, limits};

/// 条例 art. 26: within 20 working days from the day the information is formed or changed.
pub const STATUTORY_DAYS: u16 = limits::PUBLICATION_DAYS;

/// When an entry is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// So many working days after the day it was formed.
    Within(u16),
    /// So many calendar days after it, as 预算法 art. 14 counts them.
    WithinDays(u16),
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
}

/// What a period asks of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodKind {
    /// A month, a quarter …: a material, or the statement that nothing arose.
    Cut,
    /// A year of an entry whose materials are registered each by its own day: a statement where none was.
    Year,
    /// It is there through what was registered: a material by its day, or a period that is cut otherwise now. Nobody is asked
    /// for it.
    Kept,
}

/// One due instance of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2026`, `2026-H1`, `2026-Q3`, `2026-09`; `2026-Y` for the year of materials that have days of their own; for such a
    /// material the day it was formed, `2026-09-03`, and `2026-09-03-2` for the second of one day.
    pub code: String,
    pub name: String,
    pub kind: PeriodKind,
    /// What it was cut by.
    pub rhythm: Rhythm,
    /// The days that it covers; the day on which the information was formed is both.
    pub first: Date,
    pub last: Date,
    /// `None` while the working days of the year that the limit runs into are not published.
    pub due_on: Option<Date>,
}

/// The day on which a material was formed, and which one of that day it is, from 1; `None` for the codes of other periods.
#[must_use]
pub fn day_of(code: &str) -> Option<(Date, u32)> {
    let (day, rest) = code.split_at_checked("2026-09-03".len())?;
    let nth = match rest.strip_prefix('-') {
        Some(nth) => nth.parse().ok()?,
        None if rest.is_empty() => 1,
        None => return None,
    };
    Some((day.parse().ok()?, nth))
}

/// The year to which a period with this code belongs.
#[must_use]
pub fn year_of_code(code: &str) -> Option<i16> {
    code.get(..4)?.parse().ok()
}

/// The code of the year that asks for a statement where no material was registered.
#[must_use]
pub fn code_of_year(year: i16) -> String {
    format!("{year}-Y")
}

/// Which of these periods a material that became public on a day is for: the last one that was over then, else the one that the
/// day lies in. A quarter is told of after its end, a year while it runs.
#[must_use]
pub fn suited<'p>(open: &[&'p Period], on: Date) -> Option<&'p Period> {
    let over = open.iter().copied().filter(|period| period.last <= on);
    let within = |period: &&&Period| period.first <= on && on <= period.last;
    over.max_by_key(|period| period.last)
        .or_else(|| open.iter().find(within).copied())
}

fn of_day(day: Date, nth: u32) -> String {
    let (month, day) = (day.month(), day.day());
    if nth > 1 {
        format!("{month}月{day}日形成（第{nth}件）")
    } else {
        format!("{month}月{day}日形成")
    }
}

/// A stored period in words, with its year: `2026-Q3` is 2026年第3季度. What is no such code stands as it is.
#[must_use]
pub fn spoken(code: &str) -> String {
    if let Some((day, nth)) = day_of(code) {
        let date = format!("{}年{}月{}日", day.year(), day.month(), day.day());
        return if nth > 1 {
            format!("{date}第{nth}件")
        } else {
            date
        };
    }
    let Some((year, part)) = code.split_once('-') else {
        return format!("{code}年");
    };
    match (part, part.strip_prefix('Q'), part.parse::<u8>()) {
        ("Y", _, _) => format!("{year}年全年"),
        ("H1", _, _) => format!("{year}年上半年"),
        ("H2", _, _) => format!("{year}年下半年"),
        (_, Some(quarter), _) => format!("{year}年第{quarter}季度"),
        (_, None, Ok(month)) => format!("{year}年{month}月"),
        (_, None, Err(_)) => code.to_owned(),
    }
}

impl Rhythm {
    /// As stored: `wd:20`, `month`, `quarter`, `half`, `year`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Within(days) => format!("wd:{days}"),
            Self::WithinDays(days) => format!("d:{days}"),
            Self::Monthly => "month".to_owned(),
            Self::Quarterly => "quarter".to_owned(),
            Self::HalfYearly => "half".to_owned(),
            Self::Yearly => "year".to_owned(),
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "month" => Some(Self::Monthly),
            "quarter" => Some(Self::Quarterly),
            "half" => Some(Self::HalfYearly),
            "year" => Some(Self::Yearly),
            other => match other.split_once(':')? {
                ("wd", days) => days.parse().ok().map(Self::Within),
                ("d", days) => days.parse().ok().map(Self::WithinDays),
                _ => None,
            },
        }
    }

    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Within(days) => format!("{days}个工作日内"),
            Self::WithinDays(days) => format!("{days}日内"),
            Self::Monthly => "每月".to_owned(),
            Self::Quarterly => "每季度".to_owned(),
            Self::HalfYearly => "每半年".to_owned(),
            Self::Yearly => "每年".to_owned(),
        }
    }

    /// Reads the words of the column 公开时限. A stated number of working days is a special limit and wins; 及时 and 实时
    /// name no number, so the statutory limit of art. 26 holds. `None` where the words say nothing known.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if let Some((before, _)) = text.split_once("个工作日") {
            return number_before(before).map(Self::Within);
        }
        for unit in ["日内", "天内", "个自然日"] {
            if let Some((before, _)) = text.split_once(unit)
                && let Some(days) = number_before(before)
            {
                return Some(Self::WithinDays(days));
            }
        }
        let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if holds(&["半年"]) {
            Some(Self::HalfYearly)
        } else if holds(&["每月", "按月", "月度"]) {
            Some(Self::Monthly)
        } else if holds(&["季"]) {
            Some(Self::Quarterly)
        } else if holds(&["每年", "按年", "年度"]) {
            Some(Self::Yearly)
        } else if holds(&["及时", "实时", "即时"]) {
            Some(Self::Within(STATUTORY_DAYS))
        } else {
            None
        }
    }

    /// Are its materials registered each by the day it was formed, rather than once for each period?
    #[must_use]
    pub const fn is_by_day(self) -> bool {
        matches!(self, Self::Within(_) | Self::WithinDays(_))
    }

    /// Months of one of its periods; a year for those by day, which ask once a year.
    const fn months(self) -> i8 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::HalfYearly => 6,
            Self::Yearly | Self::Within(_) | Self::WithinDays(_) => 12,
        }
    }

    /// By when what was formed on a day is public. A period's information is formed with its last day, so it is due 20
    /// working days after it (art. 26); the day it was formed is day zero.
    #[must_use]
    pub fn due(self, formed_on: Date, calendar: &WorkCalendar) -> Option<Date> {
        self.run(formed_on)?.due(calendar).ok()
    }

    /// The days within which what was formed on a day is public.
    #[must_use]
    pub fn run(self, formed_on: Date) -> Option<Run> {
        let run = match self {
            Self::Within(days) => Run::working_days(formed_on, days),
            Self::WithinDays(days) => Run::calendar_days(formed_on, days),
            Self::Monthly | Self::Quarterly | Self::HalfYearly | Self::Yearly => {
                Run::working_days(formed_on, STATUTORY_DAYS)
            }
        };
        run.ok()
    }

    /// The first day of its period that a day lies in; the day itself where materials have days of their own.
    #[must_use]
    pub fn start_of(self, day: Date) -> Date {
        if self.is_by_day() {
            return day;
        }
        let first = (day.month() - 1) / self.months() * self.months() + 1;
        Date::new(day.year(), first, 1).unwrap_or(day)
    }

    /// The whole periods of a year, in turn.
    #[must_use]
    pub fn whole(self, year: i16, calendar: &WorkCalendar) -> Vec<Period> {
        let months = self.months();
        let mut periods = Vec::new();
        for n in 1..=(12 / months) {
            let (from, to) = ((n - 1) * months + 1, n * months);
            let (Ok(first), Ok(last)) = (Date::new(year, from, 1), Date::new(year, to, 1)) else {
                continue;
            };
            let (code, name) = match self {
                Self::Monthly => (format!("{year}-{n:02}"), format!("{n}月")),
                Self::Quarterly => (format!("{year}-Q{n}"), format!("第{n}季度")),
                Self::HalfYearly if n == 1 => (format!("{year}-H1"), "上半年".to_owned()),
                Self::HalfYearly => (format!("{year}-H2"), "下半年".to_owned()),
                Self::Yearly => (year.to_string(), "全年".to_owned()),
                Self::Within(_) | Self::WithinDays(_) => (code_of_year(year), "全年".to_owned()),
            };
            let last = last.last_of_month();
            periods.push(Period {
                code,
                name,
                kind: if self.is_by_day() {
                    PeriodKind::Year
                } else {
                    PeriodKind::Cut
                },
                rhythm: self,
                first,
                last,
                due_on: self.due(last, calendar),
            });
        }
        periods
    }
}

impl Period {
    /// A period that is there through what was registered for it: a material by the day it was formed, within the limit of
    /// that day, or one that is cut otherwise now. `None` for what is no code.
    #[must_use]
    pub fn kept(code: &str, limit: Option<Rhythm>, calendar: &WorkCalendar) -> Option<Self> {
        if let Some((day, nth)) = day_of(code) {
            let rhythm = limit.unwrap_or(Rhythm::Within(STATUTORY_DAYS));
            return Some(Self {
                code: code.to_owned(),
                name: of_day(day, nth),
                kind: PeriodKind::Kept,
                rhythm,
                first: day,
                last: day,
                due_on: rhythm.due(day, calendar),
            });
        }
        let year = code.get(..4)?.parse().ok()?;
        let known = [
            Rhythm::Monthly,
            Rhythm::Quarterly,
            Rhythm::HalfYearly,
            Rhythm::Yearly,
            Rhythm::Within(STATUTORY_DAYS),
        ];
        let mut all = known
            .into_iter()
            .flat_map(|rhythm| rhythm.whole(year, calendar));
        let whole = all.find(|period| period.code == code)?;
        Some(Self {
            kind: PeriodKind::Kept,
            ..whole
        })
    }
}

/// The number that a text ends with; none is no limit, nor is 0.
fn number_before(text: &str) -> Option<u16> {
    let digits: Vec<char> = text
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect();
    let number: String = digits.into_iter().rev().collect();
    number.parse().ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_material_is_for_the_last_period_that_was_over() {
        let calendar = WorkCalendar::builtin();
        let all = Rhythm::Quarterly.whole(2026, &calendar);
        let open: Vec<&super::Period> = all.iter().collect();
        let told = |on: &str| {
            let suited = super::suited(&open, day(on));
            suited.map(|period| period.code.as_str())
        };
        assert_eq!(told("2026-04-15"), Some("2026-Q1"));
        assert_eq!(told("2026-12-31"), Some("2026-Q4"));
        assert_eq!(told("2026-02-01"), Some("2026-Q1"), "it lies in it");
        assert_eq!(told("2025-12-31"), None);
    }

    #[test]
    fn a_period_is_spoken_with_its_year() {
        for (code, words) in [
            ("2026", "2026年"),
            ("2026-H1", "2026年上半年"),
            ("2026-Q3", "2026年第3季度"),
            ("2026-09", "2026年9月"),
            ("2026-Y", "2026年全年"),
            ("2026-09-03", "2026年9月3日"),
            ("2026-09-03-2", "2026年9月3日第2件"),
        ] {
            assert_eq!(super::spoken(code), words);
        }
    }

    #[test]
    fn the_words_of_catalogues_are_read() {
        let read = Rhythm::read;
        assert_eq!(
            read("信息形成（或者变更）之日起20个工作日内"),
            Some(Rhythm::Within(20))
        );
        assert_eq!(read("自作出决定之日起7个工作日"), Some(Rhythm::Within(7)));
        assert_eq!(read("实时公开"), Some(Rhythm::Within(20)));
        assert_eq!(read("自批复之日起20日内"), Some(Rhythm::WithinDays(20)));
        assert_eq!(read("形成后3个自然日内"), Some(Rhythm::WithinDays(3)));
        assert_eq!(read("近日内"), None);
        assert_eq!(read("及时公开"), Some(Rhythm::Within(20)));
        assert_eq!(read("每半年公开一次"), Some(Rhythm::HalfYearly));
        assert_eq!(read("按季度公开"), Some(Rhythm::Quarterly));
        assert_eq!(read("每月"), Some(Rhythm::Monthly));
        assert_eq!(read("年度公开"), Some(Rhythm::Yearly));
        assert_eq!(read("若干个工作日"), None);
        assert_eq!(read("另行规定"), None);
        for rhythm in [
            Rhythm::Within(7),
            Rhythm::WithinDays(20),
            Rhythm::Monthly,
            Rhythm::Quarterly,
            Rhythm::HalfYearly,
            Rhythm::Yearly,
        ] {
            assert_eq!(Rhythm::from_code(&rhythm.code()), Some(rhythm));
        }
    }

    #[test]
    fn twenty_working_days_leave_out_the_holidays_of_spring() {
        let calendar = WorkCalendar::builtin();
        let formed_on = day("2026-02-02");
        let due = Rhythm::Within(20).due(formed_on, &calendar).unwrap();
        assert_eq!(calendar.between(formed_on, due).unwrap(), 20);
        assert!(due > day("2026-03-02"), "the holidays do not count");
    }

    #[test]
    fn calendar_days_count_weekends_and_holidays() {
        let calendar = WorkCalendar::builtin();
        let due = Rhythm::WithinDays(20).due(day("2026-02-02"), &calendar);
        assert_eq!(due, Some(day("2026-02-22")));
    }

    #[test]
    fn a_day_lies_in_the_period_that_begins_before_it() {
        for (rhythm, first) in [
            (Rhythm::Monthly, "2026-11-01"),
            (Rhythm::Quarterly, "2026-10-01"),
            (Rhythm::HalfYearly, "2026-07-01"),
            (Rhythm::Yearly, "2026-01-01"),
            (Rhythm::Within(20), "2026-11-30"),
        ] {
            assert_eq!(rhythm.start_of(day("2026-11-30")), day(first));
        }
    }

    #[test]
    fn what_was_registered_is_a_period_whatever_it_is_cut_by_now() {
        let calendar = WorkCalendar::builtin();
        let kept = |code: &str| Period::kept(code, None, &calendar);
        for (code, name) in [
            ("2026-09", "9月"),
            ("2026-Q3", "第3季度"),
            ("2026-H2", "下半年"),
            ("2026", "全年"),
            ("2026-Y", "全年"),
            ("2026-09-03", "9月3日形成"),
            ("2026-09-03-2", "9月3日形成（第2件）"),
        ] {
            let period = kept(code).unwrap();
            assert_eq!((period.code.as_str(), period.name.as_str()), (code, name));
            assert_eq!(period.kind, PeriodKind::Kept);
        }
        for code in [
            "",
            "2026-Q5",
            "2026-13",
            "2026-09-32",
            "2026-09-03-x",
            "第三季度",
        ] {
            assert_eq!(kept(code), None, "{code}");
        }
    }
}
