//! Clauses of units that nothing but a line end, a blank or a bracket parts, or nothing at all.

use super::super::fold::fold;
use super::super::organ_name::{LEVELS, clause_names, is_glued, is_organ, is_organ_run};
use super::super::text::{Mark, Run, from, is_empty, part, plain, split_by, starts_any, trim};
use super::Role;
use super::verb::{begins_with_verb, ends_in_role, strip_head_word, strip_tail};

/// Longest clause that is parted at a blank, in characters: each blank of it is asked.
const CLAUSE_MAX: usize = 1_000;

/// 区发改局牵头 / 各镇配合: at a blank or a line end behind a whole clause. A clause whose role stands before its names goes
/// on, and so does one whose next word is another verb (牵头 负责).
pub(super) fn ends_at_blank(clause: &[Mark], rest: &[Mark]) -> bool {
    let begins = rest.first().is_some_and(|m| m.is_blank());
    begins
        && clause.len() <= CLAUSE_MAX
        && said(clause)
        && !is_empty(rest)
        && !begins_with_verb(trim(rest))
}

/// 县财政局牵头县审计局配合: a name begins straight behind a whole clause. Both, as they are printed.
pub(super) fn ends_at_name(clause: &[Mark], rest: &[Mark]) -> Option<String> {
    const DUTIES: &[&str] = &["牵头", "负责", "配合", "主办", "协办"];
    let begins = rest.first().is_some_and(|m| LEVELS.contains(&m.fold));
    let last = clause
        .last()
        .is_some_and(|m| matches!(m.fold, '头' | '责' | '合' | '办'));
    if !begins || !last || !DUTIES.iter().any(|duty| super::verb::ends(clause, duty)) {
        return None;
    }
    let sign = |m: &Mark| m.is_blank() || matches!(m.fold, '、' | ',' | '。' | ';' | '(');
    let end = rest.iter().position(sign).unwrap_or(rest.len());
    let (name, ..) = strip_tail(part(rest, 0, end));
    (said(clause) && is_organ_run(name)).then(|| plain(clause) + &plain(name))
}

/// Names and what they do: 区发改局牵头, 县审计局具体落实.
fn said(clause: &[Mark]) -> bool {
    let (names, _, bare) = strip_tail(clause);
    !bare
        && strip_head_word(trim(clause)).1.is_none()
        && last_name(names).is_some_and(|name| is_organ(&name))
}

fn names(run: &[Mark]) -> Vec<String> {
    let list = clause_names(run, &mut Vec::new());
    list.into_iter().map(|(name, _)| name).collect()
}

fn last_name(run: &[Mark]) -> Option<String> {
    names(run).pop()
}

/// Longest bracket that is read as a clause, in characters.
const BRACKET_MAX: usize = 200;

/// 县财政局（各预算单位配合）: a bracket of names that says what they do is a clause of its own.
pub(super) fn brackets_apart(mut text: Run) -> Run {
    let mut i = 0;
    while let Some(open) = from(&text, i)
        .iter()
        .position(|m| m.fold == '(')
        .map(|n| i + n)
    {
        i = open + 1;
        let Some(close) = closing(&text, open) else {
            continue;
        };
        let inner = part(&text, open + 1, close);
        let (list, role, bare) = strip_tail(inner);
        let own = !bare && (role.is_some() || ends_in_role(inner));
        let list = names(list);
        // （牵头）, （配合单位） say it of the name before them
        if open == 0 || !own || list.is_empty() || !list.iter().all(|name| is_organ(name)) {
            continue;
        }
        for at in [open, close] {
            if let Some(slot) = text.get_mut(at) {
                *slot = Mark::new('；', slot.at);
            }
        }
        i = close + 1;
    }
    text
}

fn closing(text: &[Mark], open: usize) -> Option<usize> {
    let mut depth = 0i32;
    let near = part(text, open, open + BRACKET_MAX);
    let at = near.iter().position(|m| {
        match m.fold {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(open + at)
}

/// What a clause over several lines says of those before its last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// One clause.
    One,
    /// 区发改局 / 各镇配合: the lines before the last one, which begins here, are a clause of their own, most likely.
    From(usize),
    /// 区发改局 / 区教育局牵头: all names may do it, or those of the last line.
    Unclear,
}

/// Looks at a clause whose names stand on several lines, each line whole.
pub(super) fn lines(clause: &[Mark]) -> Lines {
    const REST: &[&str] = &[
        "人民政府",
        "政府",
        "办公室",
        "有关",
        "管委会",
        "相关",
        "其他",
    ];
    let Some(end) = clause.iter().rposition(|m| m.fold == '\n') else {
        return Lines::One;
    };
    let (above, last) = (trim(part(clause, 0, end)), trim(from(clause, end)));
    let (list, role, _) = strip_tail(last);
    let whole = split_by(above, |m| m.fold == '\n').into_iter().all(|line| {
        let line = trim(line);
        let open = line
            .last()
            .is_some_and(|m| matches!(m.fold, '、' | '和' | '及' | '与'));
        !open && last_name(line).is_some_and(|name| is_organ(&name))
    });
    let first = names(list).into_iter().next();
    let begins = first.is_some_and(|name| is_organ(&name)) && starts_any(last, REST).is_none();
    match role {
        _ if !(whole && begins) || is_empty(above) => Lines::One,
        Some(Role::Cooperate) => Lines::From(end),
        Some(Role::Lead) => Lines::Unclear,
        _ => Lines::One,
    }
}

/// 区发改局牵头区直各单位: a word of a duty inside a name; 各牵头单位 is a collective.
pub(super) fn holds_duty(name: &str) -> bool {
    const DUTIES: &[&str] = &["牵头", "配合", "负责", "落实"];
    const KINDS: &[&str] = &["单位", "部门", "科室", "股室", "处室", "办"];
    let begins = |c: char| matches!(fold(c), '牵' | '配' | '负' | '落');
    if !name.contains(begins) {
        return false;
    }
    let bare = super::super::organ_name::without_brackets(name);
    DUTIES.iter().any(|duty| {
        bare.match_indices(duty).any(|(at, _)| {
            let rest = bare.get(at + duty.len()..).unwrap_or_default();
            !KINDS.iter().any(|kind| rest.starts_with(kind))
        })
    })
}

/// 市司法局市教育局: the names that a lost sign, or the end of a line, put together, where each begins with the same level
/// and ends like a bureau. Any other name alone. A name that is parted is shown all the same.
pub(super) fn glued_names(name: String) -> Vec<String> {
    const ENDS: &[&str] = &["局", "办", "委", "会", "院", "部", "厅", "室", "中心"];
    let level = name.chars().next();
    let levelled = level.filter(|c| matches!(c, '省' | '市' | '区' | '县' | '州'));
    let Some(level) = levelled.filter(|_| is_glued(&name)) else {
        return vec![name];
    };
    let cut = |&(i, c): &(usize, char)| {
        let (left, right) = name.split_at(i);
        c == level && ENDS.iter().any(|end| left.ends_with(end)) && !right.starts_with("市场")
    };
    let cuts: Vec<usize> = name
        .char_indices()
        .skip(2)
        .filter(cut)
        .map(|(i, _)| i)
        .collect();
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([name.len()]);
    let names: Vec<String> = starts
        .zip(ends)
        .filter_map(|(a, b)| name.get(a..b).map(str::to_owned))
        .collect();
    match names.iter().all(|n| is_organ(n) && !is_glued(n)) {
        true => names,
        false => vec![name],
    }
}
