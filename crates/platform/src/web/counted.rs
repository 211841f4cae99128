//! 怎么算的 as a small calendar: month by month, each day that counts with its number, each that does not as one that rests, and
//! what the year's notice moved (班, 休).

use std::collections::BTreeMap;

use askama::Template;
use gongkai_basis::Date;
use gongkai_basis::calendar::{Day, WorkCalendar};

/// Months that are drawn; the list that a page has beside the drawing goes on.
const MONTHS_MAX: usize = 24;

/// What the numbers are, where nothing else is said.
const NTH: &str = "第几个工作日";

/// The drawing alone. It is hidden from programs that read pages aloud: the page gives them the same days as a list.
#[derive(Debug, Clone, Template)]
#[template(path = "piece/counted_days.html")]
pub struct CountedDays {
    months: Vec<Month>,
    /// What the numbers are.
    nth: &'static str,
}

#[derive(Debug, Clone)]
struct Month {
    /// 2026年9月
    name: String,
    /// From Monday to Sunday; days of the neighbours are `None`.
    weeks: Vec<[Option<Square>; 7]>,
}

#[derive(Debug, Clone)]
struct Square {
    day: i8,
    class: &'static str,
    /// 起, 止, 班, 休
    marks: String,
    /// The number of a day that counts.
    n: Option<usize>,
    /// Why it counts or does not; empty outside the count.
    why: String,
}

impl CountedDays {
    /// `days` follow day zero, each with its number or with the reason why it is left out. `due` is the day on which the
    /// count ends, where that is known.
    #[must_use]
    pub fn of(
        calendar: &WorkCalendar,
        zero: Date,
        days: &[(Date, Result<usize, String>)],
        due: Option<Date>,
    ) -> Self {
        let told: BTreeMap<Date, &Result<usize, String>> =
            days.iter().map(|(day, how)| (*day, how)).collect();
        let mut months = Vec::new();
        let Some((last, _)) = told.last_key_value() else {
            return Self { months, nth: NTH };
        };
        let mut first = zero.first_of_month();
        while first <= *last && months.len() < MONTHS_MAX {
            months.push(month(first, |day| {
                let how = told.get(&day).copied();
                square(calendar, day, how, (day == zero, due == Some(day)))
            }));
            let Ok(next) = first.last_of_month().tomorrow() else {
                break;
            };
            first = next;
        }
        Self { months, nth: NTH }
    }

    /// The numbers are those of calendar days.
    #[must_use]
    pub fn of_calendar_days(self) -> Self {
        Self {
            nth: "第几日",
            ..self
        }
    }
}

fn month(first: Date, square: impl Fn(Date) -> Square) -> Month {
    let last = first.last_of_month();
    let mut weeks: Vec<[Option<Square>; 7]> = Vec::new();
    for day in first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= last)
    {
        let column = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        if column == 0 || weeks.is_empty() {
            weeks.push([const { None }; 7]);
        }
        if let Some(place) = weeks.last_mut().and_then(|week| week.get_mut(column)) {
            *place = Some(square(day));
        }
    }
    Month {
        name: format!("{}年{}月", first.year(), first.month()),
        weeks,
    }
}

fn square(
    calendar: &WorkCalendar,
    day: Date,
    how: Option<&Result<usize, String>>,
    (begins, ends): (bool, bool),
) -> Square {
    let known = calendar.day(day).ok();
    let moved = match known {
        Some(Day::MakeUp(_)) => Some("班"),
        Some(Day::Holiday(_)) => Some("休"),
        Some(Day::Workday | Day::Weekend) | None => None,
    };
    let (class, n, why) = match how {
        Some(Ok(n)) => {
            let class = if ends { "counts last" } else { "counts" };
            (class, Some(*n), known.map_or_else(String::new, Day::reason))
        }
        Some(Err(why)) => (if ends { "rest last" } else { "rest" }, None, why.clone()),
        None => (if begins { "zero" } else { "" }, None, String::new()),
    };
    let marks = [begins.then_some("起"), ends.then_some("止"), moved];
    Square {
        day: day.day(),
        class,
        marks: marks.into_iter().flatten().collect(),
        n,
        why,
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;

    use super::CountedDays;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The days after one, as far as another, counted by the calendar.
    fn drawn(zero: &str, due: &str) -> String {
        let calendar = WorkCalendar::builtin();
        let (zero, due) = (day(zero), day(due));
        let mut n = 0;
        let days: Vec<(Date, Result<usize, String>)> = zero
            .series(jiff::Span::new().days(1))
            .skip(1)
            .take_while(|day| *day <= due)
            .map(|day| {
                let kind = calendar.day(day).unwrap();
                let how = if kind.is_working() {
                    n += 1;
                    Ok(n)
                } else {
                    Err(kind.reason())
                };
                (day, how)
            })
            .collect();
        CountedDays::of(&calendar, zero, &days, Some(due)).to_string()
    }

    #[test]
    fn days_that_count_have_their_number_and_moved_ones_their_mark() {
        let html = drawn("2026-09-29", "2026-10-10");
        assert!(
            html.contains("<caption>2026年9月</caption>")
                && html.contains("<caption>2026年10月</caption>"),
            "{html}"
        );
        for square in [
            "<td class=\"zero\"><span class=\"figure\">29</span><small>起</small></td>",
            "<span class=\"figure\">30</span><b>1</b></td>",
            "<span class=\"figure\">1</span><small>休</small></td>",
            // Saturday, worked for the National Day.
            "<span class=\"figure\">10</span><small>止班</small><b>4</b></td>",
        ] {
            assert!(html.contains(square), "{square} not in {html}");
        }
        assert_eq!(html.matches("class=\"rest\"").count(), 7, "{html}");
        assert!(html.contains("class=\"counts last\""), "{html}");
        // Days outside the count are there, and say nothing of it.
        assert!(
            html.contains("<td><span class=\"figure\">28</span></td>"),
            "{html}"
        );
    }

    #[test]
    fn nothing_is_drawn_where_nothing_is_counted() {
        assert!(!drawn("2026-09-29", "2026-09-29").contains("<table"));
    }
}
