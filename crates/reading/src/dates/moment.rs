//! One point in time: 2022年6月30日前, 6月底, 年底前, 上半年, 第三季度.

use jiff::civil::Date;

use super::super::glance::Glance;
use super::super::number::{FIGURES, digits, numeral};
use super::super::text::{Mark, from, part, plain, starts, starts_any};
use super::{Doubt, Known};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Year {
    Printed(i16),
    /// 今年, 年底, or nothing.
    Plan,
    /// 明年, 次年
    Next,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Day {
        month: u32,
        day: u32,
    },
    MonthEnd(u32),
    /// 8月前: the day before the month begins.
    BeforeMonth(u32),
    YearEnd,
    /// 2022年底11月前: two ends that cannot both be.
    Contradiction,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    year: Year,
    last: Last,
    pub(super) len: usize,
    /// 前, 之前, 以前, 年内: says by itself that it is an end.
    pub(super) before: bool,
    /// 底, 末: an end, if the words around say so.
    pub(super) ends: bool,
    /// Names a day.
    pub(super) day: bool,
    /// A month, a quarter or half a year: time in which a thing may be held.
    pub(super) period: bool,
}

impl Moment {
    /// No year is printed before it.
    pub(super) fn is_of_plan_year(&self) -> bool {
        matches!(self.year, Year::Plan)
    }

    /// The month in which it ends.
    pub(super) fn month(&self) -> u32 {
        match self.last {
            Last::Day { month, .. } | Last::MonthEnd(month) | Last::BeforeMonth(month) => month,
            Last::YearEnd | Last::Contradiction => 12,
        }
    }

    /// Ends before the plan's year begins.
    pub(super) fn is_past(&self, known: Known) -> bool {
        matches!((self.year, known.year), (Year::Printed(year), Some(plan)) if year < plan)
    }

    /// The end of a later month than `first`, of the plan's year.
    pub(super) fn is_month_after(&self, first: u32) -> bool {
        let later = matches!(self.last, Last::MonthEnd(month) if month > first && first > 0);
        later && self.is_of_plan_year()
    }

    pub(super) fn resolve(&self, known: Known) -> (Option<Date>, Option<Doubt>) {
        let year = match self.year {
            Year::Printed(year) => Some(year),
            Year::Plan => known.year,
            Year::Next => known.year.map(|y| y + 1),
        };
        // The year 2000 has every day that any year has.
        let impossible = matches!(self.last, Last::Day { month, day } if civil(year.unwrap_or(2000), month, day).is_none());
        if impossible {
            return (None, Some(Doubt::Impossible));
        }
        let Some(year) = year else {
            return (None, Some(Doubt::YearUnknown));
        };
        match self.last {
            Last::Day { month, day } => (civil(year, month, day), None),
            Last::MonthEnd(month) => (civil(year, month, 1).map(Date::last_of_month), None),
            Last::BeforeMonth(month) => (
                civil(year, month, 1).and_then(|d| d.yesterday().ok()),
                Some(Doubt::BeforeMonth),
            ),
            Last::YearEnd => (civil(year, 12, 31), None),
            Last::Contradiction => (None, Some(Doubt::Impossible)),
        }
    }
}

fn civil(year: i16, month: u32, day: u32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

const BEFORE: &[&str] = &["之前", "以前", "前", "为止", "止", "以内", "内"];

/// What a moment begins with: figures, a year's word, a half or a quarter of one.
pub(super) const HEADS: Glance = FIGURES.or(Glance::heads(&[
    "年",
    "今年",
    "本年",
    "当年",
    "明年",
    "次年",
    "下年",
    "上半年",
    "下半年",
    "第",
    "Q",
]));

/// The moment that begins here. `before` is the character to the left.
pub(super) fn moment(rest: &[Mark], before: Option<char>) -> Option<Moment> {
    rest.first().filter(|m| HEADS.may(m.fold))?;
    let (year, mut len, printed) = year(rest);
    let tail = from(rest, len);
    if let Some((last, used, ends, day)) = month(tail)
        .or_else(|| season(tail))
        .or_else(|| lettered(tail))
    {
        len += used;
        return Some(finish(
            rest,
            Moment {
                year,
                last,
                len,
                before: false,
                ends,
                day,
                period: !day,
            },
        ));
    }
    // 到2027年，… 到2027年覆盖率达到90%
    let stopped = tail.first().is_some_and(is_stop_of_clause);
    let until = before == Some('到') && matches!(year, Year::Printed(_));
    if until && (stopped || is_reached(tail)) {
        return Some(Moment {
            year,
            last: Last::YearEnd,
            len,
            before: false,
            ends: stopped,
            day: false,
            period: false,
        });
    }
    year_end(rest, (year, len, printed), before)
}

/// Longest clause behind a moment in which a reached state is looked for, in characters.
const CLAUSE_MAX: usize = 40;

/// The clause behind a moment says what is reached by then: 覆盖率达到90%.
pub(super) fn is_reached(behind: &[Mark]) -> bool {
    const REACHED: &[&str] = &[
        "达",
        "超过",
        "以上",
        "不低于",
        "不少于",
        "建成",
        "完成",
        "实现",
        "覆盖",
    ];
    let clause = behind.iter().take(CLAUSE_MAX);
    let end = clause.clone().position(is_stop_of_clause);
    let clause = plain(part(behind, 0, end.unwrap_or(clause.len())));
    !clause.starts_with('的') && REACHED.iter().any(|word| clause.contains(word))
}

pub(super) fn is_stop_of_clause(m: &Mark) -> bool {
    matches!(m.fold, ',' | '。' | ';')
}

/// Q3: a quarter. Its last month, its length, and that neither an end nor a day is said.
fn lettered(tail: &[Mark]) -> Option<(Last, usize, bool, bool)> {
    let letter = starts(tail, "Q")?;
    let (quarter, len) = digits(from(tail, letter))
        .filter(|(quarter, len)| *len == 1 && (1..=4).contains(quarter))?;
    let end = starts_any(from(tail, letter + len), &["末", "底"]).unwrap_or(0);
    Some((
        Last::MonthEnd(quarter * 3),
        letter + len + end,
        end > 0,
        false,
    ))
}

/// 年底, 2022年底, 2022年年底, 今年底, 年内: behind the words of the year, if any are there.
fn year_end(
    rest: &[Mark],
    (year, mut len, printed): (Year, usize, bool),
    before: Option<char>,
) -> Option<Moment> {
    let nian = if printed {
        starts(from(rest, len), "年").unwrap_or(0)
    } else {
        year_word(rest, len, before)?
    };
    let tail = from(rest, len + nian);
    if let Some(word) = starts_any(tail, &["底", "末", "终"]) {
        len += nian + word;
        let month = digits(from(rest, len))
            .and_then(|(_, n)| starts(from(rest, len + n), "月").map(|m| n + m));
        len += month.unwrap_or(0);
        let last = match month {
            Some(_) => Last::Contradiction,
            None => Last::YearEnd,
        };
        return Some(finish(
            rest,
            Moment {
                year,
                last,
                len,
                before: false,
                ends: true,
                day: false,
                period: false,
            },
        ));
    }
    if let Some(word) = starts_any(tail, &["度内", "内", "以内"]) {
        len += nian + word;
        return Some(Moment {
            year,
            last: Last::YearEnd,
            len,
            before: true,
            ends: true,
            day: false,
            period: false,
        });
    }
    None
}

/// 前 after the moment; 8月前 without a day ends before the month.
fn finish(rest: &[Mark], mut moment: Moment) -> Moment {
    if moment.day {
        moment.len += within_day(from(rest, moment.len));
    }
    if let Some(len) = starts_any(from(rest, moment.len), BEFORE) {
        let word = rest.get(moment.len).map(|m| m.fold);
        moment.len += len;
        moment.before = true;
        if let (Last::MonthEnd(month), false, Some('前' | '之' | '以')) =
            (moment.last, moment.ends, word)
        {
            let inside = rest.get(moment.len - 1).is_some_and(|m| m.fold == '内');
            if !inside {
                moment.last = Last::BeforeMonth(month);
            }
        }
    }
    moment
}

/// 12月31日24时前, 30日17:00前, 31日（含）前: an hour, or that the day counts, between the day and 前. Its length.
fn within_day(rest: &[Mark]) -> usize {
    let counted = starts_any(rest, &["(含)", "(含当日)", "(含当天)", "(含本日)"]);
    let hour = || {
        let (_, hour) = digits(rest).filter(|(hour, len)| *len <= 2 && *hour <= 24)?;
        let word = starts_any(from(rest, hour), &["时", "点", ":"])?;
        let minutes = digits(from(rest, hour + word)).filter(|(_, len)| *len == 2);
        let minutes = minutes.map_or(0, |(_, len)| len);
        let sign = starts(from(rest, hour + word + minutes), "分").unwrap_or(0);
        Some(hour + word + minutes + sign)
    };
    let len = counted.or_else(hour).unwrap_or(0);
    match starts_any(from(rest, len), BEFORE) {
        Some(_) => len,
        None => 0,
    }
}

/// The word 年 where no year is printed: only alone (年底), not in 三年内 or 明年.
fn year_word(rest: &[Mark], len: usize, before: Option<char>) -> Option<usize> {
    if len > 0 {
        return Some(starts(from(rest, len), "年").unwrap_or(0));
    }
    let counted = || {
        before.is_some_and(|c| {
            c.is_ascii_digit() || "一二三四五六七八九十两几多每近半全历往去".contains(c)
        })
    };
    starts(rest, "年").filter(|_| !counted())
}

/// Year words at the start: the year, their length, and whether a year is said at all.
fn year(rest: &[Mark]) -> (Year, usize, bool) {
    if let Some((value, len)) = digits(rest)
        && len == 4
        && (1990..=2099).contains(&value)
        && let Some(word) = starts_any(from(rest, len), &["年度", "年"])
    {
        return (
            Year::Printed(i16::try_from(value).unwrap_or_default()),
            len + word,
            true,
        );
    }
    for (word, year) in [
        ("今年", Year::Plan),
        ("本年", Year::Plan),
        ("当年", Year::Plan),
        ("明年", Year::Next),
        ("次年", Year::Next),
        ("下年", Year::Next),
    ] {
        if let Some(len) = starts(rest, word) {
            return (year, len, true);
        }
    }
    (Year::Plan, 0, false)
}

/// Month with or without a day: what it ends on, its length, whether 底 or the like was said, whether a day.
fn month(rest: &[Mark]) -> Option<(Last, usize, bool, bool)> {
    let (month, figures) = digits(rest)
        .filter(|(_, len)| *len <= 2)
        .or_else(|| numeral(rest))?;
    if !(1..=12).contains(&month) {
        return None;
    }
    let mut len = figures + starts(from(rest, figures), "月")?;
    if let Some((day, figures)) = digits(from(rest, len))
        .filter(|(_, len)| *len <= 2)
        .or_else(|| numeral(from(rest, len)))
        && let Some(word) = starts_any(from(rest, len + figures), &["日", "号"])
    {
        return Some((Last::Day { month, day }, len + figures + word, false, true));
    }
    // 6月30前: the 日 was left out
    if let Some((day, figures)) = digits(from(rest, len)).filter(|(day, _)| (1..=31).contains(day))
        && starts_any(from(rest, len + figures), &["前", "之前", "以前"]).is_some()
    {
        return Some((Last::Day { month, day }, len + figures, false, true));
    }
    len += starts(from(rest, len), "份").unwrap_or(0);
    let tail = from(rest, len);
    for (word, day) in [
        ("上旬", 10),
        ("中旬", 20),
        ("上中旬", 20),
        ("初", 10),
        ("中", 15),
    ] {
        // 3月初步完成 is no 月初
        let goes_on = match word {
            "中" => "中下旬",
            "初" => "初步",
            _ => "",
        };
        let whole = goes_on.is_empty() || starts(tail, goes_on).is_none();
        if let Some(used) = starts(tail, word).filter(|_| whole) {
            return Some((Last::Day { month, day }, len + used, true, false));
        }
    }
    let used = starts_any(tail, &["月底", "底", "末", "下旬", "中下旬"]);
    Some((
        Last::MonthEnd(month),
        len + used.unwrap_or(0),
        used.is_some(),
        false,
    ))
}

/// 上半年, 下半年, 第三季度, 三季度末
fn season(rest: &[Mark]) -> Option<(Last, usize, bool, bool)> {
    for (word, month) in [("上半年", 6), ("下半年", 12)] {
        if let Some(len) = starts(rest, word) {
            let used = starts_any(from(rest, len), &["底", "末"]).unwrap_or(0);
            return Some((Last::MonthEnd(month), len + used, true, false));
        }
    }
    let lead = starts(rest, "第").unwrap_or(0);
    let tail = from(rest, lead);
    let (quarter, figures) = digits(tail).or_else(|| numeral(tail))?;
    let word = starts_any(from(tail, figures), &["季度", "季"])?;
    if !(1..=4).contains(&quarter) {
        return None;
    }
    let len = lead + figures + word;
    let used = starts_any(from(rest, len), &["底", "末"]).unwrap_or(0);
    // 第三季度前 is as unclear as 8月前
    let last = if used == 0 && starts_any(from(rest, len), &["前", "之前", "以前"]).is_some() {
        Last::BeforeMonth(quarter * 3 - 2)
    } else {
        Last::MonthEnd(quarter * 3)
    };
    Some((last, len + used, true, false))
}
