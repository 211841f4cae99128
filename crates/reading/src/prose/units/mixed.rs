//! Brackets that hold more than names: names and times clause by clause, or names of which one is not known.

use super::super::super::cells::is_deadline;
use super::super::super::dates::{Ground, Known, said};
use super::super::super::labels::Label;
use super::super::super::text::{Mark, from, part, plain, starts_any, trim, weight};
use super::{Parts, is_named};

/// 区财政局、八十三团, behind a sentence: a list of short names of which most are known. The others are shown.
pub(super) fn mostly_named(inner: &[Mark], share: f32, sentence: bool) -> Option<Parts<'_>> {
    const NAME_LONGEST: usize = 12;
    let text = plain(inner);
    let signs = text.contains([',', '。', ';', ':', '“', '《']);
    let names: Vec<&str> = text.split('、').collect();
    let short = |name: &&str| (2..=NAME_LONGEST).contains(&name.chars().count());
    let words = [
        "包括", "例如", "其中", "及其", "以及", "含", "如", "的", "等", "见",
    ];
    let listed = names.len() > 1
        && names
            .iter()
            .all(|name| short(name) && !words.iter().any(|w| name.contains(w)));
    (sentence && listed && !signs && share >= MOSTLY_SHARE).then(|| vec![(None, inner)])
}

/// Share of known names in such a list.
const MOSTLY_SHARE: f32 = 0.5;

/// What one clause of a bracket tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clause {
    Names,
    /// 按职责分工负责, behind the names that it is said of.
    Manner,
    Time,
}

/// 县财政局；6月底前, 6月底前，县财政局, 县财政局，2024年底前…，2025年6月底前…: names and times, clause by clause. None of
/// both is another name of what stands before the bracket.
pub(super) fn timed(inner: &[Mark]) -> Option<Parts<'_>> {
    let mut parts: Vec<(Clause, std::ops::Range<usize>)> = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for i in 0..=inner.len() {
        let sign = inner.get(i).map(|m| m.fold);
        match sign {
            Some('(' | '[') => depth += 1,
            Some(')' | ']') => depth -= 1,
            _ => {}
        }
        let ended = depth <= 0
            && match sign {
                None | Some(',' | ';' | '。') => true,
                // 县文旅局、6月底前
                Some('、') => {
                    is_named(trim(part(inner, start, i))) && dated_behind(from(inner, i + 1))
                }
                _ => false,
            };
        if !ended {
            continue;
        }
        let said = trim(part(inner, start, i));
        if !said.is_empty() {
            let kind = clause(said, parts.last().map(|(kind, _)| *kind))?;
            match parts.last_mut() {
                Some((last, range)) if same_part(*last, kind) => range.end = i,
                _ => parts.push((kind, start..i)),
            }
        }
        start = i + 1;
    }
    let has = |want| parts.iter().any(|(kind, _)| *kind == want);
    let manner = parts.iter().any(|(kind, range)| {
        *kind == Clause::Names
            && part(inner, range.start, range.end)
                .iter()
                .any(|m| m.fold == ',')
    });
    (has(Clause::Names) && (has(Clause::Time) || manner)).then(|| {
        let label = |kind| (kind == Clause::Time).then_some(Label::Deadline);
        let slice = |range: &std::ops::Range<usize>| trim(part(inner, range.start, range.end));
        parts
            .iter()
            .map(|(kind, range)| (label(*kind), slice(range)))
            .collect()
    })
}

/// A time with figures up to the next sign.
fn dated_behind(rest: &[Mark]) -> bool {
    let sign = |m: &Mark| matches!(m.fold, ',' | ';' | '。' | '、');
    let end = rest.iter().position(sign).unwrap_or(rest.len());
    let run = trim(part(rest, 0, end));
    run.first().is_some_and(|m| m.fold.is_ascii_digit()) && is_time(run)
}

/// Names go on with names and with the manner said of them, times with times.
fn same_part(last: Clause, next: Clause) -> bool {
    last == next || last == Clause::Names && next == Clause::Manner
}

fn clause(run: &[Mark], before: Option<Clause>) -> Option<Clause> {
    const MANNERS: &[&str] = &[
        "按职责",
        "按照职责",
        "按各自",
        "按照各自",
        "按分工",
        "按职能",
        "分工负责",
        "各负其责",
        "分别负责",
    ];
    if starts_any(run, MANNERS).is_some() && before == Some(Clause::Names) {
        return Some(Clause::Manner);
    }
    if is_named(run) {
        return Some(Clause::Names);
    }
    is_time(run).then_some(Clause::Time)
}

/// Longest clause of a time, in characters.
const TIME_MAX: usize = 24;

/// 6月底前, 次月10日前, 收到反馈意见后15日内, 全年不少于2次, 根据工作进度推进: a time, be it readable or not.
fn is_time(run: &[Mark]) -> bool {
    const LASTING: &[&str] = &[
        "全年",
        "每年",
        "每月",
        "每季",
        "每半年",
        "长期",
        "持续",
        "常态",
        "并长期",
        "并持续",
        "适时",
        "及时",
        "根据工作进度",
        "按工作进度",
        "根据进度",
        "按时间节点",
        "按要求",
        "立即",
        "次月",
        "次年",
        "当月",
    ];
    const ENDS: &[&str] = &[
        "日内",
        "日前",
        "天内",
        "月内",
        "月前",
        "年内",
        "底前",
        "周内",
        "小时内",
    ];
    let text = plain(run);
    let ends = |words: &[&str]| words.iter().any(|w| text.ends_with(w));
    let figures = text.contains(|c: char| c.is_ascii_digit());
    let dated = || {
        let known = Known {
            year: Some(2022),
            ..Known::default()
        };
        !said(run, known, Ground::Text).is_empty()
    };
    weight(run) <= TIME_MAX
        && (is_deadline(run, weight(run))
            || starts_any(run, LASTING).is_some()
            || figures && ends(ENDS)
            || dated())
}
