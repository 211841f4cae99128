//! A line that ends between the name of an organ and what it does: 由县 / 财政局牵头, 县财政局 / 负责.

use super::super::super::cells::organ_share;
use super::super::super::labels::label_word;
use super::super::super::organ_name::{LEVELS, is_organ_run};
use super::super::super::text::{Mark, Run, from, part, plain, starts_any, trim, weight};

/// What organs do, as a clause ends or goes on.
const DUTIES: &[&str] = &[
    "牵头", "负责", "配合", "落实", "承担", "承办", "主办", "协办", "会同", "统筹", "组织", "实施",
    "指导", "推进",
];
/// Longest names of a clause that a line may end in, in characters.
const NAMES_MAX: usize = 60;
/// Longest beginning of a name (县, 各乡), in characters.
const BEGINNING_MAX: usize = 8;
/// Share of organs in a clause of nothing but names and their duty.
const NAMES_SHARE: f32 = 0.95;

fn is_sign(m: &Mark) -> bool {
    matches!(m.fold, ',' | '。' | ';' | ':' | '(' | ')' | '[' | ']')
}

/// Whether `last` breaks off so, and `next` goes on.
pub(super) fn is_torn(last: &[Mark], next: &[Mark]) -> bool {
    let (last, next) = (trim(last), trim(next));
    // lines may be put to one without end: no more than a clause is looked at
    let last = from(last, last.len().saturating_sub(NAMES_MAX + 1));
    let start = last.iter().rposition(is_sign).map(|at| at + 1);
    let Some(clause) = start.map(|at| from(last, at)).filter(|c| !c.is_empty()) else {
        return false;
    };
    // 县财政局 / 配合单位: the label of the next units
    if clause.len() > NAMES_MAX
        || next.is_empty()
        || label_word(next).is_some_and(|(_, len)| len > 2)
    {
        return false;
    }
    if opens(clause) {
        return true;
    }
    let name = last_name(clause);
    let begins = name.first().is_some_and(|m| LEVELS.contains(&m.fold));
    if is_organ_run(name) {
        return begins && starts_any(next, DUTIES).is_some();
    }
    // 县 / 教育局牵头: the beginning of a name
    let end = next.iter().take(NAMES_MAX).position(is_sign);
    let both: Run = clause
        .iter()
        .chain(part(next, 0, end.unwrap_or(0)))
        .copied()
        .collect();
    let text = plain(&both);
    begins
        && weight(name) <= BEGINNING_MAX
        && DUTIES.iter().any(|duty| text.ends_with(duty))
        && organ_share(&both, weight(&both)) > NAMES_SHARE
}

/// The last name of a list, or its beginning.
fn last_name(clause: &[Mark]) -> &[Mark] {
    const LINKS: &[&str] = &["、", "和", "及", "会同"];
    let start = (0..clause.len())
        .rev()
        .find_map(|i| starts_any(from(clause, i), LINKS).map(|len| i + len));
    from(clause, start.unwrap_or(0))
}

/// 由县, 明确由各, 请县: those who do it are not yet named to the end. 理由 and 自由 are words.
fn opens(clause: &[Mark]) -> bool {
    const WORDS_BEFORE: &[char] = &['理', '自', '缘', '事', '因', '经', '案', '来'];
    const WORDS_BEHIND: &[char] = &['于', '此', '来', '头'];
    // 由县财政局会同 goes on
    const ENDED: &[&str] = &[
        "牵头", "负责", "配合", "落实", "承担", "承办", "主办", "协办", "统筹", "实施", "指导",
    ];
    let asks = clause.first().is_some_and(|m| m.fold == '请') && clause.len() <= BEGINNING_MAX;
    let by = clause.iter().rposition(|m| m.fold == '由');
    let Some(at) = by.or(asks.then_some(0)) else {
        return false;
    };
    let before = at.checked_sub(1).and_then(|i| clause.get(i));
    let names = from(clause, at + 1);
    let word = before.is_some_and(|m| WORDS_BEFORE.contains(&m.fold))
        || names
            .first()
            .is_some_and(|m| WORDS_BEHIND.contains(&m.fold));
    let text = plain(names);
    !word && !ENDED.iter().any(|duty| text.contains(duty))
}
