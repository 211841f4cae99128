//! Deadlines in running text and in a deadline column.
//!
//! `by` is an end date; `recurring` a period without a count (每季度); `minimum-count` a count to reach within a year
//! (每年至少1次), dated 31 December of the plan's year. 8月前 ends on 31 July and is to be checked. A date without a
//! known year, or one that no calendar has (2月30日), keeps its text and has no date.

use jiff::civil::Date;

use super::glance::Glance;
use super::number::{digits, numeral};
use super::text::{Mark, Run, from, is_empty, part, plain, starts, starts_any, tidy};

mod anchor;
mod column;
mod count;
mod issue;
mod moment;

use anchor::Anchor;
use column::{ends_in_figures, in_figures, whole_cell, whole_years};
use issue::after_issue;
use moment::{Moment, is_reached, is_stop_of_clause, moment};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadlineKind {
    By,
    Recurring,
    MinimumCount,
}

impl DeadlineKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::By => "by",
            Self::Recurring => "recurring",
            Self::MinimumCount => "minimum-count",
        }
    }
}

/// A deadline as printed, with its date where one can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    pub text: String,
    pub date: Option<Date>,
    pub kind: DeadlineKind,
}

/// What a reader of dates knows of the document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    pub(crate) year: Option<i16>,
    pub(crate) issued: Option<Date>,
    /// The year was taken from the measures, for no title tells it.
    pub(crate) guessed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// 8月前: the last day before the month.
    BeforeMonth,
    YearUnknown,
    IssueDateUnknown,
    /// 印发后20个工作日内: of which paper?
    WhichIssue,
    /// 收到本通知后30日内: counted from the day of issue for the time being.
    Received,
    Impossible,
    /// Working days need a calendar.
    WorkingDays,
    /// 1030日前: the 月 was lost.
    LostMonth,
    /// The cell holds no date that could be read.
    Unread,
    /// No year of its own, behind a date of another year.
    OtherYear,
}

impl Doubt {
    /// The problem's code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::BeforeMonth => "deadline-before-month",
            Self::YearUnknown => "deadline-year-unknown",
            Self::IssueDateUnknown => "deadline-issue-date-unknown",
            Self::WhichIssue => "deadline-which-issue",
            Self::Received => "deadline-received",
            Self::Impossible => "deadline-impossible",
            Self::WorkingDays => "deadline-working-days",
            Self::LostMonth => "deadline-lost-month",
            Self::Unread => "deadline-unread",
            Self::OtherYear => "deadline-other-year",
        }
    }

    /// One plain sentence; `label` names the task (第 3 项), `text` is the printed date.
    pub(crate) fn message(self, label: &str, text: &str) -> String {
        match self {
            Self::BeforeMonth if text.contains('季') => {
                format!("{label}的“{text}”按前一个季度末处理，请核对")
            }
            Self::BeforeMonth => format!("{label}的“{text}”按前一个月末处理，请核对"),
            Self::YearUnknown => format!("{label}的“{text}”缺少年份，日期留空"),
            Self::IssueDateUnknown => {
                format!("{label}的“{text}”要从印发日期算起，文中没有印发日期")
            }
            Self::WhichIssue => {
                format!("{label}的“{text}”没有写明是哪份文件印发，请核对日期")
            }
            Self::Received => {
                format!("{label}的“{text}”要从收到之日算起，暂按印发日期推算，请核对日期")
            }
            Self::Impossible => format!("{label}的“{text}”不是真实日期，日期留空，请核对"),
            Self::WorkingDays => format!("{label}的“{text}”按工作日计算，请在确认时填写日期"),
            Self::LostMonth => format!("{label}的“{text}”像是漏了“月”字，日期留空，请核对"),
            Self::Unread => format!("{label}的时限“{text}”读不出日期，请核对"),
            Self::OtherYear => {
                format!("{label}的“{text}”没有写年份，前面的日期属于另一年，请核对年份")
            }
        }
    }
}

/// A date that a person typed as words, as in a deadline column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub date: Option<Date>,
    /// One plain sentence where a person should look.
    pub doubt: Option<String>,
}

/// Reads one typed date; `None` where the words name none, or more than one.
#[must_use]
pub fn typed(text: &str, year: Option<i16>, issued: Option<Date>) -> Option<Typed> {
    let run: Run = (0..)
        .zip(text.chars())
        .map(|(at, ch)| Mark::new(ch, at))
        .collect();
    let known = Known {
        year,
        issued,
        guessed: false,
    };
    let mut found = said(&run, known, Ground::Column).into_iter();
    let (Some(one), None) = (found.next(), found.next()) else {
        return None;
    };
    (one.deadline.kind == DeadlineKind::By).then(|| Typed {
        date: one.deadline.date,
        doubt: one.doubt.map(|doubt| doubt.message("这一条", text)),
    })
}

#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) deadline: Deadline,
    pub(crate) doubt: Option<Doubt>,
    pub(crate) run: Run,
}

/// Where a text stands decides what counts: a bare 6月30日 is a deadline in a deadline column only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    Text,
    Column,
}

/// All deadlines of a text, in printed order. A deadline cell without a date is kept whole.
pub(crate) fn deadlines(run: &[Mark], known: Known, ground: Ground) -> Vec<Found> {
    let mut out = said(run, known, ground);
    // 已完成（3月）: what was done is no end that is still to come
    if ground == Ground::Column && starts(run, "已完成").is_some() {
        out = vec![Found {
            doubt: Some(Doubt::Unread),
            ..whole_cell(run)
        }];
    }
    if out.is_empty() && ground == Ground::Column && !is_empty(run) {
        let read = whole_years(run).or_else(|| in_figures(run, known));
        out.push(read.unwrap_or_else(|| whole_cell(run)));
    }
    out
}

/// What dates and periods begin with, and the end of a sentence, which parts them.
const BEGINS: Glance = issue::HEADS
    .or(count::HEADS)
    .or(moment::HEADS)
    .or(Glance::heads(&["。"]));

/// Deadlines that are said with a date or a period.
pub(crate) fn said(run: &[Mark], known: Known, ground: Ground) -> Vec<Found> {
    let marks: Run = run.iter().copied().filter(|m| !m.is_blank()).collect();
    let mut kept: Vec<Found> = Vec::new();
    let mut anchor = Anchor::default();
    let mut i = 0;
    while let Some(mark) = marks.get(i) {
        // at most places nothing begins, nor does a sentence end
        if !BEGINS.may(mark.fold) {
            i += 1;
            continue;
        }
        let carried = anchor.carried(&marks, i, known);
        let hit = at(&marks, i, (known, carried.known), ground);
        let len = hit.as_ref().map_or(1, |(len, _)| *len).max(1);
        (i..i + len).for_each(|j| anchor.pass(&marks, j, known));
        i += len;
        let Some((_, Some(mut found))) = hit else {
            continue;
        };
        anchor.read(&carried, i);
        carried.doubt(&mut found);
        let repeated = |f: &Found| {
            (f.deadline.date, f.deadline.kind) == (found.deadline.date, found.deadline.kind)
        };
        if !kept.iter().any(repeated) || found.doubt.is_some_and(|d| d != Doubt::BeforeMonth) {
            found.deadline.text = as_printed(run, &found.run);
            kept.push(found);
        }
    }
    kept
}

/// The printed text between the first and the last mark, blanks as printed.
fn as_printed(run: &[Mark], hit: &[Mark]) -> String {
    let at = |m: Option<&Mark>| m.and_then(|m| run.iter().position(|r| r.at == m.at));
    match (at(hit.first()), at(hit.last())) {
        (Some(a), Some(b)) => tidy(part(run, a, b + 1)),
        _ => tidy(hit),
    }
}

/// Signs between the two ends of a range.
const RANGE: &[&str] = &["—", "-", "至", "到", "~"];

/// What begins at place `i`: its length, and a deadline unless the words mean none. `carried` has the year of a date that
/// has none of its own.
fn at(
    marks: &[Mark],
    i: usize,
    (known, carried): (Known, Known),
    ground: Ground,
) -> Option<(usize, Option<Found>)> {
    let rest = from(marks, i);
    if let Some(hit) = after_issue(marks, i, known, ground) {
        return Some(hit);
    }
    if let Some((len, found)) = count::period(marks, i, known, ground) {
        return Some((len, found));
    }
    let before = i.checked_sub(1).and_then(|j| marks.get(j)).map(|m| m.fold);
    if before.is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let figure = rest.first().is_some_and(|m| m.fold.is_ascii_digit());
    let begins = figure && before.is_none_or(|c| !matches!(c, '.' | '/' | '-'));
    if begins && let Some(hit) = without_month(rest).or_else(|| ends_in_figures(rest, known)) {
        return Some(hit);
    }
    if let Some(hit) = months(rest, carried).filter(|_| ground == Ground::Text) {
        return Some(hit);
    }
    // 1、6月底前完成…；2、…: there the numbers are those of a list
    let alone = || {
        let signs = marks.iter().filter(|m| m.fold == '、').count();
        signs == 1 || !figure || in_chain(marks, i)
    };
    if let Some(hit) = listed(rest, carried).filter(|_| ground == Ground::Column && alone()) {
        return Some(hit);
    }
    let found = moment(rest, before)?;
    let text = Words {
        marks,
        start: i,
        end: i + found.len,
    };
    if ground == Ground::Column
        && let Some(range_end) = range_end(from(rest, found.len))
    {
        // 6月—10月: only the end counts
        return Some((found.len + range_end, None));
    }
    if ground == Ground::Column
        && !found.before
        && starts_any(from(rest, found.len), &["起", "开始", "以后", "之后", "后"]).is_some()
    {
        // 3月起: no end is said
        return Some((found.len, None));
    }
    let accepted = match ground {
        Ground::Column => true,
        Ground::Text => text.is_deadline(&found, known),
    };
    if !accepted {
        return Some((found.len, None));
    }
    Some((found.len, Some(resolved(rest, &found, known, carried))))
}

/// A moment with its date. 次年 is the year behind the plan's.
fn resolved(rest: &[Mark], moment: &Moment, known: Known, carried: Known) -> Found {
    let year = match moment.is_of_plan_year() {
        true => carried,
        false => known,
    };
    let (date, doubt) = moment.resolve(year);
    Found {
        deadline: Deadline {
            text: String::new(),
            date,
            kind: DeadlineKind::By,
        },
        doubt,
        run: part(rest, 0, moment.len).to_vec(),
    }
}

/// 1030日前, 630日底: a month and a day ran together. What was meant is for a person to say.
fn without_month(rest: &[Mark]) -> Option<(usize, Option<Found>)> {
    let (figures, len) = digits(rest).filter(|(_, len)| matches!(len, 3 | 4))?;
    let sign = starts_any(from(rest, len), &["日前", "日底", "日之前", "日以前"])?;
    let (month, day) = (figures / 100, figures % 100);
    let run = part(rest, 0, len + sign).to_vec();
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| {
        let found = Found {
            deadline: Deadline {
                text: String::new(),
                date: None,
                kind: DeadlineKind::By,
            },
            doubt: Some(Doubt::LostMonth),
            run,
        };
        (len + sign, Some(found))
    })
}

/// 6至8月开展, 6月—8月组织…: work goes on until the range ends.
fn months(rest: &[Mark], known: Known) -> Option<(usize, Option<Found>)> {
    const WORK: &[&str] = &[
        "开展",
        "集中开展",
        "进行",
        "组织",
        "组织开展",
        "实施",
        "举办",
    ];
    let (first, figures) = digits(rest).filter(|(_, len)| *len <= 2)?;
    let month = starts(from(rest, figures), "月").unwrap_or(0);
    let begin = figures + month + starts(from(rest, figures + month), "份").unwrap_or(0);
    let dash = starts_any(from(rest, begin), RANGE)?;
    let last = from(rest, begin + dash);
    let end = moment(last, None).filter(|m| m.is_month_after(first))?;
    let len = begin + dash + end.len;
    starts_any(from(rest, len), WORK)?;
    let (date, doubt) = end.resolve(known);
    let found = Found {
        deadline: Deadline {
            text: String::new(),
            date,
            kind: DeadlineKind::By,
        },
        doubt,
        run: part(rest, 0, len).to_vec(),
    };
    Some((len, Some(found)))
}

/// 一、三季度, 6、12月: a number that shares the word behind the next one. Its length with the sign.
fn listed(rest: &[Mark], known: Known) -> Option<(usize, Option<Found>)> {
    let count = |run: &[Mark]| {
        digits(run)
            .filter(|(_, len)| *len <= 2)
            .or_else(|| numeral(run))
    };
    let (_, len) = count(rest)?;
    let sign = starts_any(from(rest, len), &["、", "和", "及"])?;
    let next = from(rest, len + sign);
    let (_, mut more) = count(next)?;
    // 3、6、9、12月: the word stands behind the last of them
    while let Some(sign) = starts(from(next, more), "、")
        && let Some((_, len)) = count(from(next, more + sign))
    {
        more += sign + len;
    }
    let unit = starts_any(from(next, more), &["季度", "月"])?;
    let unit = part(next, more, more + unit);
    let whole: Run = part(rest, 0, len).iter().chain(unit).copied().collect();
    let (date, doubt) = moment(&whole, None)?.resolve(known);
    let found = Found {
        deadline: Deadline {
            text: String::new(),
            date,
            kind: DeadlineKind::By,
        },
        doubt,
        run: part(rest, 0, len).to_vec(),
    };
    Some((len + sign, Some(found)))
}

/// 3、6、9、12月: numbers that rise, with nothing but 、 between them; at least three, so that none is that of a list.
fn in_chain(marks: &[Mark], at: usize) -> bool {
    const CHAIN_MIN: usize = 3;
    let mut start = at;
    while start > 0
        && from(marks, start - 1)
            .first()
            .is_some_and(|m| m.fold.is_ascii_digit() || m.fold == '、')
    {
        start -= 1;
    }
    let (mut last, mut count) = (0, 0);
    while let Some((value, len)) = digits(from(marks, start)).filter(|(value, _)| *value > last) {
        (last, count) = (value, count + 1);
        start += len;
        match marks.get(start).map(|m| m.fold) {
            Some('、') => start += 1,
            sign => return sign == Some('月') && count >= CHAIN_MIN && last <= 12,
        }
    }
    false
}

/// Length of the dash of a range whose end follows.
fn range_end(rest: &[Mark]) -> Option<usize> {
    let len = starts_any(rest, &["—", "-", "至", "到"])?;
    let dashes = rest
        .iter()
        .take_while(|m| matches!(m.fold, '—' | '-'))
        .count()
        .max(len);
    moment(from(rest, dashes), None).map(|_| dashes)
}

/// A moment among its neighbours.
struct Words<'a> {
    marks: &'a [Mark],
    start: usize,
    end: usize,
}

impl Words<'_> {
    fn is_deadline(&self, found: &Moment, known: Known) -> bool {
        let after = from(self.marks, self.end);
        if self.is_whole_year() && starts(after, ",").is_some() {
            return false;
        }
        // 对2024年底前印发的文件…: which papers are meant
        let scope = starts_any(
            after,
            &["印发的", "制定的", "出台的", "发布的", "公布的", "制发的"],
        );
        if scope.is_some() && (found.before || found.ends || found.day) {
            return false;
        }
        if found.before {
            return true;
        }
        let led = (1..=2).any(|n| {
            let lead = part(self.marks, self.start.saturating_sub(n), self.start);
            ["到", "至", "截至", "截止", "力争", "截止到"]
                .iter()
                .any(|w| plain(lead) == *w)
        });
        let placed = self.start > 0
            && part(self.marks, self.start - 1, self.start)
                .iter()
                .any(|m| matches!(m.fold, '于' | '在'));
        let finished = starts_any(
            after,
            &[
                "完成",
                "实现",
                "建成",
                "全面完成",
                "全部完成",
                "基本完成",
                "初步完成",
                "基本建成",
                "办结",
                "到位",
                "上线",
                "报送",
                "完毕",
            ],
        )
        .is_some();
        let limit = placed_by(self.marks, self.start, '以') && starts(after, "为限").is_some();
        // 到2026年6月，…, with its year printed
        let until = placed_by(self.marks, self.start, '到')
            && !found.is_of_plan_year()
            && (after.first().is_some_and(is_stop_of_clause)
                || is_reached(after) && !self.is_span())
            && !found.is_past(known);
        // 9至8月: half of a range that is none
        let ranged =
            self.start > 0 && starts_any(from(self.marks, self.start - 1), RANGE).is_some();
        let held = found.period && !ranged && !found.is_past(known) && is_held(after);
        self.is_listed(after, known)
            || limit
            || until
            || held
            || (found.ends && (led || placed || finished))
            || (found.day && finished)
            || (led && found.day)
    }

    /// 1月1日至12月31日，…: how long a rule holds, and no end of work.
    fn is_whole_year(&self) -> bool {
        const YEAR: &[&str] = &["1月1日至", "1月1日到", "1月1日—", "1月1日-"];
        let text = plain(part(self.marks, self.start.saturating_sub(6), self.start));
        let first = |begin: &&str| {
            let head = text.strip_suffix(*begin);
            head.is_some_and(|head| !head.ends_with(|c: char| c.is_ascii_digit()))
        };
        let last = plain(part(self.marks, self.start, self.end));
        last == "12月31日" && YEAR.iter().any(first)
    }

    /// 2020年到2027年: a span, and no end.
    fn is_span(&self) -> bool {
        let before = self.start.checked_sub(2).and_then(|i| self.marks.get(i));
        before.is_some_and(|m| matches!(m.fold, '年' | '月'))
    }

    /// 9月30日和12月27日前, 6月底、9月底、12月底前: the end is said once for all of them.
    fn is_listed(&self, after: &[Mark], known: Known) -> bool {
        let Some(len) = starts_any(after, &["和", "、", "及"]) else {
            return false;
        };
        let start = self.end + len;
        moment(from(self.marks, start), None).is_some_and(|next| {
            let words = Words {
                marks: self.marks,
                start,
                end: start + next.len,
            };
            words.is_deadline(&next, known)
        })
    }
}

fn placed_by(marks: &[Mark], start: usize, word: char) -> bool {
    let before = start.checked_sub(1).and_then(|i| marks.get(i));
    before.is_some_and(|m| m.fold == word)
}

/// 11月份组织…, 三季度各召开…: what is held in that time. 一季度开展的检查 tells which one is meant.
fn is_held(after: &[Mark]) -> bool {
    const MANNERS: &[&str] = &["分别", "各", "集中", "统一", "适时"];
    const HELD: &[&str] = &["组织开展", "组织", "开展", "召开", "举办", "举行", "完成"];
    let manner = starts_any(after, MANNERS).unwrap_or(0);
    let verb = starts_any(from(after, manner), HELD).map(|len| manner + len);
    verb.is_some_and(|len| starts(from(after, len), "的").is_none())
}

#[cfg(test)]
mod tests;
