//! 公开时限: how often something is due, read from the words of a catalogue, and the days that follow. Pure.

use gongkai_basis::Date;
use gongkai_basis::calendar::{WorkCalendar, WorkingDays};

/// 条例 art. 26: within 20 working days from the day the information is formed or changed.
pub const STATUTORY_DAYS: u16 = 20;

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

/// One due instance of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2026`, `2026-H1`, `2026-Q3`, `2026-09`, or the day it was formed.
    pub code: String,
    pub name: String,
    /// The days that it covers; the day on which the information was formed is both.
    pub first: Date,
    pub last: Date,
    /// `None` while the working days of the year that the limit runs into are not published.
    pub due_on: Option<Date>,
}

/// A stored period in words, with its year: `2026-Q3` is 2026年第3季度. What is no such code stands as it is.
#[must_use]
pub fn spoken(code: &str) -> String {
    if let Ok(day) = code.parse::<Date>() {
        return format!("{}年{}月{}日", day.year(), day.month(), day.day());
    }
    let Some((year, part)) = code.split_once('-') else {
        return format!("{code}年");
    };
    match (part, part.strip_prefix('Q'), part.parse::<u8>()) {
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

    /// The due instances of a year. A period's information is formed with its last day, so it is due 20 working days
    /// after it (art. 26); the day it was formed is day zero.
    #[must_use]
    pub fn periods(self, year: i16, formed_on: Date, calendar: &WorkCalendar) -> Vec<Period> {
        let once = |due_on: Option<Date>| {
            if formed_on.year() != year {
                return Vec::new();
            }
            vec![Period {
                code: formed_on.to_string(),
                name: format!("{}月{}日形成", formed_on.month(), formed_on.day()),
                first: formed_on,
                last: formed_on,
                due_on,
            }]
        };
        let months = match self {
            Self::Within(days) => return once(after(calendar, formed_on, days)),
            Self::WithinDays(days) => {
                let span = jiff::Span::new().days(i64::from(days));
                return once(formed_on.checked_add(span).ok());
            }
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::HalfYearly => 6,
            Self::Yearly => 12,
        };
        let mut periods = Vec::new();
        for n in 1..=(12 / months) {
            let (from, to) = ((n - 1) * months + 1, n * months);
            let (Ok(first), Ok(last)) = (Date::new(year, from, 1), Date::new(year, to, 1)) else {
                continue;
            };
            let end = last.last_of_month();
            // The periods before an entry was in force are not owed.
            if end < formed_on {
                continue;
            }
            let (code, name) = match self {
                Self::Monthly => (format!("{year}-{n:02}"), format!("{n}月")),
                Self::Quarterly => (format!("{year}-Q{n}"), format!("第{n}季度")),
                Self::HalfYearly if n == 1 => (format!("{year}-H1"), "上半年".to_owned()),
                Self::HalfYearly => (format!("{year}-H2"), "下半年".to_owned()),
                Self::Yearly | Self::Within(_) | Self::WithinDays(_) => {
                    (year.to_string(), "全年".to_owned())
                }
            };
            periods.push(Period {
                code,
                name,
                first,
                last: end,
                due_on: after(calendar, end, STATUTORY_DAYS),
            });
        }
        periods
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

fn after(calendar: &WorkCalendar, start: Date, days: u16) -> Option<Date> {
    calendar.after(start, WorkingDays::new(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_spoken_with_its_year() {
        for (code, words) in [
            ("2026", "2026年"),
            ("2026-H1", "2026年上半年"),
            ("2026-Q3", "2026年第3季度"),
            ("2026-09", "2026年9月"),
            ("2026-09-03", "2026年9月3日"),
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
        let periods = Rhythm::Within(20).periods(2026, day("2026-02-02"), &calendar);
        assert_eq!(periods.len(), 1);
        let counted = calendar
            .between(day("2026-02-02"), periods[0].due_on.unwrap())
            .unwrap();
        assert_eq!(counted, 20);
        assert!(
            periods[0].due_on.unwrap() > day("2026-03-02"),
            "the holidays do not count"
        );
        assert!(
            Rhythm::Within(20)
                .periods(2025, day("2026-02-02"), &calendar)
                .is_empty()
        );
    }

    #[test]
    fn calendar_days_count_weekends_and_holidays() {
        let calendar = WorkCalendar::builtin();
        let periods = Rhythm::WithinDays(20).periods(2026, day("2026-02-02"), &calendar);
        assert_eq!(periods[0].due_on, Some(day("2026-02-22")));
    }

    #[test]
    fn a_quarter_before_the_entry_existed_is_not_owed() {
        let calendar = WorkCalendar::builtin();
        let owed: Vec<String> = Rhythm::Quarterly
            .periods(2025, day("2025-04-01"), &calendar)
            .into_iter()
            .map(|period| period.code)
            .collect();
        assert_eq!(owed, ["2025-Q2", "2025-Q3", "2025-Q4"]);
    }
}
