//! One clause of a holiday notice: dates, then a verb: `10月1日(周四)至8日(周四)放假调休`.

use jiff::civil::{Date, Weekday};

use super::ProblemKind;
use crate::calendar::notice::BLOCK_DAYS_MAX;

/// Days `first..=last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: Date,
    pub(super) last: Date,
}

/// What the clause says of its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// 放假, 补休, 公休.
    Rest,
    /// 上班.
    Work,
}

/// A clause, as far as it was understood.
#[derive(Debug, Default)]
pub(super) struct Clause {
    pub(super) spans: Vec<Span>,
    pub(super) verb: Option<Verb>,
    /// 共8天, 放假1天.
    pub(super) days: Option<i64>,
    pub(super) faults: Vec<(ProblemKind, String)>,
}

impl Span {
    pub(super) fn length(self) -> i64 {
        i64::from((self.last - self.first).get_days()) + 1
    }

    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(self.first), |day| day.tomorrow().ok())
            .take_while(move |day| *day <= self.last)
    }

    /// Whether the other span, which begins no earlier, touches or overlaps this one.
    pub(super) fn adjoins(self, later: Self) -> bool {
        self.last.tomorrow().is_ok_and(|next| later.first <= next)
    }

    /// The span lengthened by the free Saturdays and Sundays at its ends.
    pub(super) fn with_weekends(self) -> Self {
        let free = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let mut span = self;
        while let Some(day) = span.first.yesterday().ok().filter(free) {
            span.first = day;
        }
        while let Some(day) = span.last.tomorrow().ok().filter(free) {
            span.last = day;
        }
        span
    }
}

/// The clauses of a sentence, split at commas outside brackets.
pub(super) fn clauses(sentence: &str, year: i16, new_year: bool) -> Vec<Clause> {
    let mut depth = 0_u32;
    sentence
        .split(|c| {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        })
        .map(|clause| {
            Reader {
                rest: clause,
                year,
                new_year,
                last: None,
            }
            .read()
        })
        .collect()
}

/// How the next date hangs on the one before it.
#[derive(Clone, Copy)]
enum Link {
    None,
    /// 至 after a date.
    Span,
    /// 至 after something that was dropped.
    Broken,
}

struct Reader<'a> {
    rest: &'a str,
    year: i16,
    /// Whether a December without a year is that of the year before.
    new_year: bool,
    /// The date read last: a bare `8日` takes its month and year from it.
    last: Option<Date>,
}

impl Reader<'_> {
    fn read(mut self) -> Clause {
        let mut clause = Clause {
            verb: verb(self.rest),
            days: days(self.rest),
            ..Clause::default()
        };
        let mut link = Link::None;
        while !self.rest.is_empty() {
            let Some(date) = self.date(&mut clause.faults) else {
                let mut chars = self.rest.chars();
                chars.next();
                self.rest = chars.as_str();
                link = Link::None;
                continue;
            };
            self.annotation(date, &mut clause.faults);
            self.last = date.or(self.last);
            let sound = match (date, link) {
                (Some(date), Link::None) => {
                    clause.spans.push(Span {
                        first: date,
                        last: date,
                    });
                    true
                }
                (Some(date), Link::Span) => stretch(&mut clause, date),
                // Half a span is no span: what the other end was, nobody can tell.
                (None, Link::Span) => clause.spans.pop().is_none(),
                (_, Link::Broken) | (None, Link::None) => false,
            };
            link = match self.eat_any(&["至", "到", "-", "—", "~"]) {
                true if sound => Link::Span,
                true => Link::Broken,
                false => Link::None,
            };
        }
        clause
    }

    /// `2026年10月1日`, `10月1日`, or `1日` after another date; `Some(None)` for a date that does not
    /// exist, `None` where no date begins.
    fn date(&mut self, faults: &mut Vec<(ProblemKind, String)>) -> Option<Option<Date>> {
        let start = self.rest;
        let Some((year, month, day)) = self.date_parts() else {
            // Digits that begin no date are passed whole, so that `113日` is not read as `3日`.
            self.rest = start.trim_start_matches(|c: char| c.is_ascii_digit());
            return None;
        };
        let date = i8::try_from(month)
            .ok()
            .zip(i8::try_from(day).ok())
            .and_then(|(month, day)| Date::new(year, month, day).ok());
        if date.is_none() {
            let read = start
                .get(..start.len().saturating_sub(self.rest.len()))
                .unwrap_or_default();
            faults.push((
                ProblemKind::BadDate,
                format!("“{read}”不是有效日期，没有采用；请核对通知原文。"),
            ));
        }
        Some(date)
    }

    fn date_parts(&mut self) -> Option<(i16, u16, u16)> {
        let (first, unit) = self.number()?;
        let (year, month) = match unit {
            '年' => {
                let (month, '月') = self.number()? else {
                    return None;
                };
                (i16::try_from(first).ok()?, month)
            }
            '月' => {
                let eve = self.new_year && first == 12;
                (
                    if eve {
                        self.year.saturating_sub(1)
                    } else {
                        self.year
                    },
                    first,
                )
            }
            '日' => {
                let last = self.last?;
                return Some((last.year(), u16::try_from(last.month()).ok()?, first));
            }
            _ => return None,
        };
        let (day, '日') = self.number()? else {
            return None;
        };
        Some((year, month, day))
    }

    /// Digits and the character after them.
    fn number(&mut self) -> Option<(u16, char)> {
        let after = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = self
            .rest
            .get(..self.rest.len().saturating_sub(after.len()))?;
        let value = digits.parse().ok()?;
        let mut chars = after.chars();
        let unit = chars.next()?;
        self.rest = chars.as_str();
        Some((value, unit))
    }

    /// `(农历除夕、周二)` right after a date: its weekday must be the date's.
    fn annotation(&mut self, date: Option<Date>, faults: &mut Vec<(ProblemKind, String)>) {
        let Some((inside, rest)) = self
            .rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
        else {
            return;
        };
        self.rest = rest;
        let printed = ["星期", "礼拜", "周"]
            .iter()
            .find_map(|word| inside.split_once(word))
            .and_then(|(_, after)| after.chars().next());
        let Some((printed, date)) = printed.zip(date) else {
            return;
        };
        let real = weekday_name(date.weekday());
        if printed != real && !(printed == '天' && real == '日') {
            faults.push((
                ProblemKind::WeekdayMismatch,
                format!("{date}是星期{real}，通知写作星期{printed}，已按日期采用；请核对。"),
            ));
        }
    }

    fn eat_any(&mut self, words: &[&str]) -> bool {
        match words.iter().find_map(|word| self.rest.strip_prefix(word)) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// Lengthens the last span up to this date; drops it when that runs backwards or is too long.
fn stretch(clause: &mut Clause, last: Date) -> bool {
    let Some(Span { first, .. }) = clause.spans.pop() else {
        return false;
    };
    let longest = i64::try_from(BLOCK_DAYS_MAX).unwrap_or(i64::MAX);
    let whole = Span { first, last };
    if (1..=longest).contains(&whole.length()) {
        clause.spans.push(whole);
        return true;
    }
    clause.faults.push((
        ProblemKind::BadDate,
        format!("时段{first}至{last}前后颠倒或过长，没有采用；请核对通知原文。"),
    ));
    false
}

fn verb(clause: &str) -> Option<Verb> {
    let says = |words: &[&str]| words.iter().any(|word| clause.contains(word));
    if says(&["上班"]) {
        Some(Verb::Work)
    } else if says(&["放假", "补休", "公休"]) {
        Some(Verb::Rest)
    } else {
        None
    }
}

/// 共8天, 放假1天.
fn days(clause: &str) -> Option<i64> {
    clause.match_indices('天').find_map(|(end, _)| {
        let before = clause.get(..end)?;
        let head = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let counts = head.ends_with('共') || head.ends_with("放假");
        if counts {
            before.strip_prefix(head)?.parse().ok()
        } else {
            None
        }
    })
}

const fn weekday_name(day: Weekday) -> char {
    match day {
        Weekday::Monday => '一',
        Weekday::Tuesday => '二',
        Weekday::Wednesday => '三',
        Weekday::Thursday => '四',
        Weekday::Friday => '五',
        Weekday::Saturday => '六',
        Weekday::Sunday => '日',
    }
}
