//! Reads a new year's holiday notice: a JSON file, or the text of the State Council's 通知.
//!
//! The reader returns a year and a list of problems; a person compares both with the notice, calls
//! [`YearNotice::verified`], and [`super::WorkCalendar::with`] makes the new calendar.

use jiff::civil::Date;

use self::clause::{Clause, Span, Verb, clauses};
use super::notice::{Holiday, Notice, NoticeError, YearNotice};
use crate::han;

mod check;
mod clause;
#[cfg(test)]
mod tests;

pub use check::check;

/// Bytes a notice may have. A real one has about three thousand.
pub const NOTICE_BYTES_MAX: usize = 256 * 1024;

/// Characters of the notice that a problem repeats.
const QUOTE_CHARS_MAX: usize = 80;

/// Where the list of holidays ends and general advice begins.
const ADVICE: &str = "节假日期间";

/// A sentence with this word grants no day off.
const ENCOURAGED: &str = "鼓励";

/// Something a person should look at before the year is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// The sentence a user reads.
    pub message: String,
    /// The words of the notice it is about; empty when it is about the whole.
    pub quote: String,
}

/// What is doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// A date that does not exist, or a span that runs backwards; it was left out.
    BadDate,
    /// The weekday printed beside a date is not its weekday.
    WeekdayMismatch,
    /// 共N天 does not agree with the dates.
    DayCountMismatch,
    /// Dates without 放假 or 上班; they were left out.
    Unread,
    /// Days the notice only encourages to take off (as 除夕 2024); they stay workdays.
    OnlyEncouraged,
    /// One of the seven statutory holidays is not in the notice.
    MissingHoliday,
    /// A day the law itself makes free is not off.
    StatutoryDayWorked,
    /// A make-up workday is no Saturday or Sunday.
    MakeUpOnWeekday,
    /// A make-up workday lies inside a block of days off, or is listed twice.
    MakeUpConflict,
    /// Two blocks share a day.
    BlocksOverlap,
    /// Free weekdays less make-up workdays are not the number of days the law grants.
    DaysOffBalance,
}

/// Reads a notice, JSON or text. The year is not marked verified unless the JSON says so.
///
/// # Errors
/// [`NoticeError`] when there is nothing that could be used.
pub fn read_notice(source: &str) -> Result<(YearNotice, Vec<Problem>), NoticeError> {
    if source.len() > NOTICE_BYTES_MAX {
        return Err(NoticeError::TooMuch);
    }
    let source = source.trim_start_matches('\u{feff}').trim_start();
    let (notice, mut problems) = if source.starts_with('{') {
        (YearNotice::from_json(source)?, Vec::new())
    } else {
        read_text(source)?
    };
    problems.extend(check(&notice));
    Ok((notice, problems))
}

fn read_text(source: &str) -> Result<(YearNotice, Vec<Problem>), NoticeError> {
    let text = han::squeeze(source);
    let year = year_of(&text).ok_or(NoticeError::NoYear)?;
    let mut problems = Vec::new();
    let mut holidays = Vec::new();
    for item in items(&text) {
        holidays.extend(read_item(year, &item, &mut problems));
    }
    let title =
        title_of(&text).unwrap_or_else(|| format!("国务院办公厅关于{year}年部分节假日安排的通知"));
    let notice = YearNotice::new(
        year,
        vec![Notice {
            title,
            address: None,
        }],
        holidays,
    )?;
    Ok((notice, problems))
}

/// The year the notice is for: `2027年部分节假日`, else the first year of the text.
fn year_of(text: &str) -> Option<i16> {
    let before = |end: &str| {
        let (head, _) = text.split_once(end)?;
        let digits: String = head.chars().rev().take(4).collect();
        digits.chars().rev().collect::<String>().parse().ok()
    };
    before("年部分节假日")
        .or_else(|| before("年"))
        .filter(|year| (1949..=2999).contains(year))
}

fn title_of(text: &str) -> Option<String> {
    const HEAD: &str = "国务院办公厅关于";
    const TAIL: &str = "的通知";
    const TITLE_CHARS_MAX: usize = 60;
    let (_, rest) = text.split_once(HEAD)?;
    let (middle, _) = rest.split_once(TAIL)?;
    (middle.chars().count() <= TITLE_CHARS_MAX).then(|| format!("{HEAD}{middle}{TAIL}"))
}

/// A holiday's name and the sentences about it.
struct Item<'a> {
    name: String,
    body: &'a str,
}

/// `七、国庆节:` begins an item; the next one, or the general advice, ends it.
fn items(text: &str) -> Vec<Item<'_>> {
    let text = text.split(ADVICE).next().unwrap_or(text);
    let mut heads: Vec<(String, usize, usize)> = Vec::new();
    for (colon, _) in text.match_indices(':') {
        let (before, _) = text.split_at(colon);
        let run_start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| han::is_cjk(*c) || "、“”‘’\"".contains(*c))
            .last()
            .map_or(colon, |(start, _)| start);
        let (_, run) = before.split_at(run_start);
        if let Some(name) = holiday_name(run) {
            heads.push((name, run_start, colon + 1));
        }
    }
    let ends: Vec<usize> = heads
        .iter()
        .skip(1)
        .map(|(_, start, _)| *start)
        .chain([text.len()])
        .collect();
    heads
        .into_iter()
        .zip(ends)
        .filter_map(|((name, _, start), end)| {
            Some(Item {
                name,
                body: text.get(start..end)?,
            })
        })
        .collect()
}

/// 国庆节、中秋节 of `七、国庆节、中秋节`; `None` when the words name no holiday.
fn holiday_name(run: &str) -> Option<String> {
    const NUMERALS: &str = "一二三四五六七八九十";
    const PART_CHARS_MAX: usize = 16;
    let numbered = run.trim_start_matches(|c| NUMERALS.contains(c));
    let run = numbered.strip_prefix('、').unwrap_or(run);
    let parts = run.split('、').map(|part| {
        let part: String = part.chars().filter(|c| han::is_cjk(*c)).collect();
        let known = check::STATUTORY
            .iter()
            .find(|name| part.contains(**name) || name.strip_suffix('节') == Some(part.as_str()));
        let named = part.ends_with('节') || part.ends_with("纪念日");
        match known {
            Some(name) => Some((*name).to_owned()),
            None => (named && part.chars().count() <= PART_CHARS_MAX).then_some(part),
        }
    });
    Some(parts.collect::<Option<Vec<String>>>()?.join("、"))
}

fn read_item(year: i16, item: &Item<'_>, problems: &mut Vec<Problem>) -> Vec<Holiday> {
    let mut off: Vec<Span> = Vec::new();
    let mut make_up: Vec<Date> = Vec::new();
    let new_year = item.name.contains("元旦");
    for sentence in item.body.split(['。', ';']) {
        let mut report = |kind, message: String| {
            problems.push(Problem {
                kind,
                message,
                quote: quote(&item.name, sentence),
            });
        };
        let mut sentence_off = Vec::new();
        let mut days_stated = None;
        let mut waiting: Vec<Span> = Vec::new();
        for clause in clauses(sentence, year, new_year) {
            let Clause {
                spans,
                verb,
                days,
                faults,
            } = clause;
            for (kind, message) in faults {
                report(kind, message);
            }
            waiting.extend(spans);
            days_stated = days_stated.or(days);
            match verb {
                Some(Verb::Rest) if !sentence.contains(ENCOURAGED) => {
                    sentence_off.append(&mut waiting)
                }
                Some(Verb::Work) => make_up.extend(waiting.drain(..).flat_map(Span::days)),
                Some(Verb::Rest) | None => {}
            }
        }
        if !waiting.is_empty() && sentence.contains(ENCOURAGED) {
            waiting.clear();
            report(
                ProblemKind::OnlyEncouraged,
                "通知只是鼓励这些日子休息，没有放假，仍按工作日计算；请核对。".to_owned(),
            );
        }
        if !waiting.is_empty() {
            report(
                ProblemKind::Unread,
                "这句话里的日期没有写明放假还是上班，没有采用；请核对后手工补录。".to_owned(),
            );
        }
        if let Some(stated) = days_stated.filter(|stated| !count_agrees(*stated, &sentence_off)) {
            let found: i64 = sentence_off.iter().map(|span| span.length()).sum();
            report(
                ProblemKind::DayCountMismatch,
                format!("通知写明{stated}天，按日期计算是{found}天，已按日期采用；请核对。"),
            );
        }
        off.append(&mut sentence_off);
    }
    blocks(&item.name, off, make_up)
}

/// Whether the stated number of days is that of the dates, or of the dates with the weekend they
/// touch (5月1日放假，与周末连休，共3天).
fn count_agrees(stated: i64, off: &[Span]) -> bool {
    let plain: i64 = off.iter().map(|span| span.length()).sum();
    let with_weekends: i64 = off.iter().map(|span| span.with_weekends().length()).sum();
    stated == plain || stated == with_weekends
}

/// Adjoining spans become one block; the make-up days go with the first.
fn blocks(name: &str, mut off: Vec<Span>, mut make_up: Vec<Date>) -> Vec<Holiday> {
    off.sort_by_key(|span| span.first);
    let mut blocks: Vec<Span> = Vec::new();
    for span in off {
        match blocks.last_mut() {
            Some(last) if last.adjoins(span) => last.last = last.last.max(span.last),
            _ => blocks.push(span),
        }
    }
    blocks
        .into_iter()
        .map(|span| Holiday::new(name, span.first, span.last, std::mem::take(&mut make_up)))
        .collect()
}

fn quote(name: &str, sentence: &str) -> String {
    format!("{name}：{sentence}")
        .chars()
        .take(QUOTE_CHARS_MAX)
        .collect()
}
