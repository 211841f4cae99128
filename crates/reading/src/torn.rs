//! Paragraphs that the end of a page or a blank line tore: the first half ends in no stop, and the other one goes on.

use super::cells::{is_deadline, organ_share};
use super::columns::head_word;
use super::labels::{Label, label};
use super::notice::is_date_line;
use super::number::{Level, number};
use super::organ_name::is_organ_run;
use super::stops::is_stop;
use super::text::{Mark, Run, from, is_han, part, plain, starts_any, trim, weight};

/// Whether two halves are one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tear {
    None,
    /// A heading without stop and its paragraph would look the same.
    Likely,
    Sure,
}

/// Longest rest of a sentence that is nothing by itself (准。), in characters.
const REST_MAX: usize = 4;
/// Longer than any heading, in characters.
const HEADING_MAX: usize = 30;
/// Longer than any heading with the number of a group, in characters.
const GROUP_MAX: usize = 45;
/// Longest first half, in characters.
const ABOVE_MAX: usize = 3_000;
/// Share of organs in a line of units.
const UNITS_SHARE: f32 = 0.6;

pub(crate) fn tear(above: &[Mark], below: &[Mark]) -> Tear {
    // a page holds less; lines put to one without end are not looked at again and again
    if above.len() > ABOVE_MAX {
        return Tear::None;
    }
    let (above, below) = (trim(above), trim(below));
    if tears_name(above, below) {
        return Tear::Sure;
    }
    if !is_open(above) || !goes_on(below) {
        return Tear::None;
    }
    let level = number(above).map(|n| n.level);
    let sentence = above.iter().any(|m| matches!(m.fold, '。' | ';'));
    let first = below.iter().position(is_sign).unwrap_or(below.len());
    let rest = first <= REST_MAX && below.get(first).is_some_and(|m| m.fold == '。');
    // 公开、解读 / 、回应, 于2023年 / 6月底前
    let sign = below
        .first()
        .is_some_and(|m| !is_han(m.ch) && !m.fold.is_ascii_alphanumeric());
    let figure = below.first().is_some_and(|m| m.fold.is_ascii_digit())
        && above
            .last()
            .is_some_and(|m| m.fold == '年' || m.fold.is_ascii_digit());
    let listed = above.get(1).is_some_and(|m| m.fold == '是')
        && above
            .first()
            .is_some_and(|m| "一二三四五六七八九十".contains(m.fold));
    let long = match level {
        Some(Level::Section | Level::Group) => weight(above) > GROUP_MAX,
        Some(_) => true,
        None => listed || weight(above) > HEADING_MAX,
    };
    match (sentence || rest || long || sign || figure, level) {
        (true, _) => Tear::Sure,
        (false, Some(Level::Section | Level::Group)) => Tear::None,
        (false, _) => Tear::Likely,
    }
}

fn is_sign(m: &Mark) -> bool {
    matches!(m.fold, ',' | '。' | ';' | ':')
}

/// A sentence has begun, and no sign ends it.
fn is_open(run: &[Mark]) -> bool {
    const TITLES: &[&str] = &[
        "通知", "方案", "要点", "计划", "意见", "清单", "分工", "措施",
    ];
    let body = from(run, number(run).map_or(0, |n| n.len));
    let open = run.last().is_some_and(|m| {
        is_han(m.ch) || m.fold.is_ascii_alphanumeric() || matches!(m.fold, ',' | '、' | '“' | '《')
    });
    let text = plain(body);
    let title = TITLES.iter().any(|t| text.ends_with(t)) && !text.contains('。');
    open && body.iter().any(|m| matches!(m.fold, ',' | '。' | ';'))
        && !title
        && !run.iter().any(|m| matches!(m.fold, '\t' | '|'))
        && label(run).is_none()
        && !is_stop(run)
        && !is_deadline(run, weight(run))
        && organ_share(run, weight(run)) < UNITS_SHARE
}

/// The rest of a sentence, and nothing that begins by itself.
fn goes_on(run: &[Mark]) -> bool {
    let first = run.first().is_some_and(|m| {
        is_han(m.ch)
            || m.fold.is_ascii_alphanumeric()
            || matches!(m.fold, '”' | '》' | '、' | ',' | '。' | ';' | ')')
    });
    let counted = run.get(1).is_some_and(|m| m.fold == '是')
        && run
            .first()
            .is_some_and(|m| "一二三四五六七八九十".contains(m.fold));
    let body = || {
        let bracket = run.iter().position(|m| matches!(m.fold, '(' | '['));
        part(run, 0, bracket.unwrap_or(run.len()))
    };
    first
        && !counted
        && run.iter().any(is_sign)
        && !run.iter().any(|m| matches!(m.fold, '\t' | '|'))
        && number(run).is_none()
        && label(run).is_none()
        && head_word(run).is_none()
        && !is_stop(run)
        && !is_date_line(run)
        && !is_deadline(run, weight(run))
        && organ_share(body(), weight(body())) < UNITS_SHARE
}

/// 责任单位：县财政局、县教 / 育局、县司法局: the name of an organ, torn.
fn tears_name(above: &[Mark], below: &[Mark]) -> bool {
    let sign = |m: &Mark| matches!(m.fold, '、' | ',' | ';' | ':' | '(' | ')');
    if !matches!(label(above), Some((Label::Units(_), _)))
        || number(below).is_some()
        || label(below).is_some()
    {
        return false;
    }
    let start = above.iter().rposition(sign).map_or(0, |at| at + 1);
    let head = from(above, start);
    let end = below
        .iter()
        .position(|m| sign(m) || m.fold == '。')
        .unwrap_or(below.len());
    let both: Run = head.iter().chain(part(below, 0, end)).copied().collect();
    !head.is_empty()
        && !is_organ_run(head)
        && is_organ_run(&both)
        && starts_any(below, &["由", "请"]).is_none()
}
