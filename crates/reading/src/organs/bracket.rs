//! Brackets of a unit text: around the whole, with roles or rules inside, and those that are never closed.

use super::Organs;
use super::verb::{ends, strip_tail};
use crate::fold::fold;
use crate::organ_name::{is_organ, is_organ_run, role_word};
use crate::text::{Mark, Run, from, is_han, part, plain, trim_by};

/// （县财政局牵头）, 【县财政局】: brackets around the whole say nothing.
pub(crate) fn without_frame(text: &[Mark]) -> &[Mark] {
    let run = trim_by(text, |m| m.is_blank() || m.fold == '。');
    let [first, inner @ .., last] = run else {
        return text;
    };
    let mut depth = 0i32;
    let whole = inner.iter().all(|m| {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth >= 0
    });
    let paired = matches!((first.fold, last.fold), ('(', ')') | ('[', ']'));
    if whole && paired && depth == 0 {
        inner
    } else {
        text
    }
}

/// Longest name that is told by its members, in characters.
const ALLIANCE_MAX: usize = 8;

/// 一岭三谷（甲区政府、乙区政府）: a name that looks like no organ, with those who stand behind it.
pub(super) fn names_members(text: &[Mark]) -> bool {
    let run = trim_by(text, |m| m.is_blank() || m.fold == '。');
    let open = run.iter().position(|m| m.fold == '(');
    let (Some(open), Some(')')) = (open, run.last().map(|m| m.fold)) else {
        return false;
    };
    let inner = part(run, open + 1, run.len() - 1);
    let members = inner.split(|m| matches!(m.fold, '、' | ','));
    let (mut count, mut all) = (0, true);
    for member in members {
        count += 1;
        all &= is_organ_run(member);
    }
    let name = part(run, 0, open);
    (2..=ALLIANCE_MAX).contains(&name.len())
        && name.iter().all(|m| is_han(m.ch))
        && all
        && count > 1
}

/// In a list of units 〔〕 and 【】 say what （） says: inside other brackets the style of papers asks for them.
pub(super) fn rounded(text: &[Mark]) -> Run {
    let round = |m: &Mark| Mark {
        fold: match m.fold {
            '[' => '(',
            ']' => ')',
            c => c,
        },
        ..*m
    };
    text.iter().map(round).collect()
}

/// A name of which a bracket lacks its other half (育局） is what a broken line left), or says what it does or when, in
/// words that are not read: 县财政局（共同牵头）. So does one whose list of others was not parted: 县财政局等及其所属单位.
pub(super) fn is_odd(name: &str) -> bool {
    const DUTIES: &[&str] = &[
        "牵头", "配合", "主办", "协办", "参与", "协助", "负责", "落实", "协调",
    ];
    const REST: &[&str] = &["等及", "等和", "等与", "等以及", "等并"];
    let folded: String = name.chars().map(fold).collect();
    let inner = folded
        .split_once('(')
        .or_else(|| folded.split_once('['))
        .map(|(_, inner)| inner);
    let says = inner.is_some_and(|inner| {
        let dated = inner.contains(|c: char| c.is_ascii_digit()) && inner.contains(['月', '日']);
        let named = is_organ(inner.trim_end_matches([')', ']']));
        dated || !named && DUTIES.iter().any(|duty| inner.contains(duty))
    });
    // 高等和中等学校
    let rest = |word: &&str| {
        let before = folded.split_once(*word).map(|(before, _)| before);
        before.is_some_and(|before| !before.ends_with(['高', '中', '初', '优', '同', '平']))
    };
    says || !is_paired(name) || folded.contains('等') && REST.iter().any(rest)
}

fn is_paired(name: &str) -> bool {
    let mut depth = 0i32;
    for c in name.chars().map(fold) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// （牵头）甲局、乙局: a role in front of several names.
pub(super) fn role_before(text: &[Mark]) -> bool {
    let text = trim_by(text, Mark::is_blank);
    let Some(close) = text.iter().position(|m| m.fold == ')') else {
        return false;
    };
    let opens = text.first().is_some_and(|m| m.fold == '(');
    let clause = from(text, close + 1)
        .split(|m| matches!(m.fold, ',' | ';' | '。'))
        .next();
    opens
        && role_word(&plain(part(text, 1, close))).is_some()
        && clause.is_some_and(|names| names.iter().any(|m| m.fold == '、'))
}

/// 甲局（牵头，乙局、丙局配合）: the bracket opens with the role of the name before it, and its other clauses stand
/// beside that one.
pub(super) fn open_roles(text: Run) -> Run {
    let bracket = (1..text.len()).find_map(|open| {
        text.get(open).filter(|m| m.fold == '(')?;
        let inner = from(&text, open + 1);
        let close = inner.iter().position(|m| m.fold == ')')?;
        let inner = part(inner, 0, close);
        let comma = inner.iter().position(|m| matches!(m.fold, ',' | ';'))?;
        let word = part(inner, 0, comma);
        role_word(&plain(word))?;
        let ended = ["牵头", "负责", "配合", "主办", "协办"]
            .iter()
            .any(|w| ends(word, w));
        (ended
            && is_organ_run(part(
                inner,
                comma + 1,
                comma + 1 + first_name(from(inner, comma + 1)),
            )))
        .then_some((open, open + 1 + close))
    });
    let Some((open, close)) = bracket else {
        return text;
    };
    let mut out = part(&text, 0, open).to_vec();
    out.extend_from_slice(part(&text, open + 1, close));
    out.extend(text.get(close).map(|m| Mark::new('，', m.at)));
    out.extend_from_slice(from(&text, close + 1));
    out
}

/// Length of the first name of a list, with no duty behind it.
fn first_name(run: &[Mark]) -> usize {
    let sign = |m: &Mark| matches!(m.fold, '、' | ',' | ';');
    let end = run.iter().position(sign).unwrap_or(run.len());
    strip_tail(part(run, 0, end)).0.len()
}

/// A bracket that is never closed ends before the next 和 or 、 behind it: 各县（区）人民政府（管委会和市府直属各部门.
pub(super) fn close_bracket(text: &[Mark], organs: &mut Organs) -> Run {
    let mut open = Vec::new();
    for (i, m) in text.iter().enumerate() {
        match m.fold {
            '(' => open.push(i),
            ')' => {
                open.pop();
            }
            _ => {}
        }
    }
    let mut out = text.to_vec();
    let Some(&at) = open.first() else { return out };
    let end = (at + 2..text.len()).find(|&i| {
        text.get(i)
            .is_some_and(|m| matches!(m.fold, '和' | '、' | ',' | ';' | '。'))
    });
    let closing = match text.get(at).map(|m| m.ch) {
        Some('（') => '）',
        Some('〔') => '〕',
        Some('【') => '】',
        Some('[') => ']',
        _ => ')',
    };
    let place = end.unwrap_or(text.len());
    if let Some(near) = text.get(place.saturating_sub(1)) {
        let closing = Mark {
            fold: ')',
            ..Mark::new(closing, near.at)
        };
        out.insert(place, closing);
        organs.repairs.push("括号缺右半，已补上".to_owned());
    }
    out
}
