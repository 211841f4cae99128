//! 怎么算的 of a limit that nothing stopped, for any page: what it began with, each day drawn, and the same days as a list.

use askama::Template;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Limit, Run};

use super::{CountedDays, day};

/// A closed piece that opens into the working. A page shows it by `|safe`.
#[derive(Debug, Clone, Template)]
#[template(path = "piece/how_counted.html")]
pub struct HowCounted {
    summary: &'static str,
    head: String,
    drawn: CountedDays,
    told: Vec<String>,
    notes: Vec<String>,
}

impl HowCounted {
    /// `None` for a day that was set, which has no days to count, and while the notice of a year is missing.
    #[must_use]
    pub fn of(run: Run, calendar: &WorkCalendar) -> Option<Self> {
        let (n, unit) = match run.limit {
            Limit::WorkingDays(days) => (days.get(), "个工作日"),
            Limit::CalendarDays(days) => (days.get(), "日"),
            Limit::FixedDate(_) => return None,
        };
        let working = run.working(calendar).ok()?;
        let counted = (1..).zip(&working.counted).map(|(n, date)| (*date, Ok(n)));
        let skipped = working.skipped.iter();
        let skipped = skipped.map(|one| (one.date, Err(one.why.clone())));
        let mut days: Vec<(Date, Result<usize, String>)> = counted.chain(skipped).collect();
        days.sort_by_key(|(date, _)| *date);
        let told = days.iter().map(|(date, how)| match how {
            Ok(n) => format!("{}　第{n}{unit}", day(*date)),
            Err(why) => format!("{}　不计：{why}", day(*date)),
        });
        let told = told.collect();
        let drawn = CountedDays::of(calendar, run.from, &days, Some(working.due));
        Some(Self {
            summary: "怎么算的",
            head: format!(
                "{}不计算在内，从次日起数{n}{unit}，最后一日是{}（含当日）。",
                day(run.from),
                day(working.due)
            ),
            drawn: match run.limit {
                Limit::CalendarDays(_) => drawn.of_calendar_days(),
                Limit::WorkingDays(_) | Limit::FixedDate(_) => drawn,
            },
            told,
            notes: working.notes.iter().map(|note| note.sentence()).collect(),
        })
    }

    /// Under another name, where a page says 怎么算的 of something else already.
    #[must_use]
    pub fn called(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(run: Run) -> String {
        let calendar = WorkCalendar::builtin();
        HowCounted::of(run, &calendar).unwrap().to_string()
    }

    #[test]
    fn each_day_is_told_with_its_number_or_its_reason() {
        let from = "2022-09-27".parse().unwrap();
        let html = shown(Run::working_days(from, 15).unwrap());
        for words in [
            "2022年9月27日不计算在内，从次日起数15个工作日，最后一日是2022年10月21日（含当日）。",
            "<li>2022年9月28日　第1个工作日</li>",
            "<li>2022年10月21日　第15个工作日</li>",
            "右下的数字是第几个工作日",
        ] {
            assert!(html.contains(words), "{words} not in\n{html}");
        }
        assert!(html.contains("<li>2022年10月1日　不计："), "{html}");
    }

    #[test]
    fn calendar_days_are_told_as_such() {
        let from = "2022-06-16".parse().unwrap();
        let html = shown(Run::calendar_days(from, 30).unwrap());
        assert!(html.contains("<li>2022年7月16日　第30日</li>"), "{html}");
        assert!(html.contains("右下的数字是第几日"), "{html}");
        assert!(!html.contains("不计："), "{html}");
    }
}
