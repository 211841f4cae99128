//! Names of organs without a sign between them.

use super::super::super::number::{Level, number};
use super::super::super::organ_name::{LEVELS, is_glued, is_organ_run};
use super::super::super::text::{Mark, Run, from, part, plain, starts_any, trim};

/// Longest name, its bracket not counted, and longest bracket behind a name, in characters.
const NAME_MAX: usize = 26;
const BRACKET_MAX: usize = 30;

/// What parts names.
fn is_sign(m: &Mark) -> bool {
    m.is_blank() || matches!(m.fold, '、' | ',' | ';' | '/')
}

/// The names at the start of a text, and where they end; blanks and signs may stand between them.
pub(super) fn names(run: &[Mark], loose: bool) -> (Vec<Run>, usize) {
    let (mut out, mut end) = (Vec::new(), 0);
    loop {
        let signs = from(run, end).iter().take_while(|m| is_sign(m)).count();
        let at = end + signs;
        let Some(len) = next_name(from(run, at), loose) else {
            return (out, end);
        };
        out.push(part(run, at, at + len).to_vec());
        end = at + len;
    }
}

/// The names of a text that holds nothing else.
pub(super) fn only_names(run: &[Mark]) -> Option<Vec<Run>> {
    let run = trim(run);
    let (names, end) = names(run, false);
    (end == run.len() && end > 0).then_some(names)
}

/// Names with a sign between them.
pub(super) fn joined(names: &[Run]) -> Run {
    let mut out = Run::new();
    for name in names {
        let sign = out.last().map(|m| Mark::new('、', m.at));
        out.extend(sign);
        out.extend_from_slice(name);
    }
    out
}

/// Words with which a name begins besides those of levels.
const BEGINNINGS: &[&str] = &["相关", "有关"];

/// The length of the name at the start of a text. `loose`: any text may go on behind a bureau.
fn next_name(run: &[Mark], loose: bool) -> Option<usize> {
    let inside = |m: &Mark| {
        let stop = matches!(m.fold, '。' | ':' | '《' | '“' | '(' | ')' | '[' | '\n');
        !stop && !is_sign(m) && !m.fold.is_ascii_digit()
    };
    let near = run.iter().take(NAME_MAX);
    let reach = near.take_while(|m| inside(m)).count();
    let is_name = |end: &usize| {
        let name = part(run, 0, *end);
        is_organ_run(name) && !is_glued(&plain(name))
    };
    let seam = (2..reach)
        .filter(|end| begins_name(from(run, *end)) && ends_well(part(run, 0, *end)))
        .find(is_name);
    let end = seam.or_else(|| {
        let mut ends = (2..=reach).rev().filter(|end| stands(run, *end, loose));
        ends.find(is_name)
    })?;
    Some(end + bracket(from(run, end)))
}

/// Whether a name may end there.
fn stands(run: &[Mark], end: usize, loose: bool) -> bool {
    let rest = from(run, end);
    let Some(next) = rest.first() else {
        return true;
    };
    let last = part(run, 0, end).last().map(|m| m.fold);
    let place = last.is_some_and(|c| matches!(c, '区' | '县' | '市' | '省'));
    is_sign(next)
        || next.fold.is_ascii_digit() && !place
        || next.fold == '('
        || number(rest).is_some_and(|n| n.level == Level::Section)
        || starts_any(rest, &["关于", "注:"]).is_some()
        || loose && !place && ends_well(part(run, 0, end))
}

/// 局, 办公室, 人民政府: whole, whatever follows.
fn ends_well(name: &[Mark]) -> bool {
    const ENDS: &[&str] = &[
        "局",
        "政府",
        "办公室",
        "中心",
        "单位",
        "部门",
        "委员会",
        "管委会",
        "院",
        "部",
        "处",
        "站",
        "企业",
        "国企",
        "公司",
        "大队",
        "支队",
        "委",
        "办",
    ];
    let text = plain(name);
    text.chars().count() > 2 && ENDS.iter().any(|end| text.ends_with(end))
}

/// 市, 各, 相关: another name begins; so does one of a site (云岭水库管理处).
fn begins_name(rest: &[Mark]) -> bool {
    let Some(first) = rest.first() else {
        return false;
    };
    let level = LEVELS.contains(&first.fold) || starts_any(rest, BEGINNINGS).is_some();
    if level && starts_any(rest, &["市场"]).is_none() {
        let reach = rest.len().min(NAME_MAX);
        return (3..=reach).any(|end| is_organ_run(part(rest, 0, end)));
    }
    begins_site(rest)
}

/// Longest name of the board of a site, in characters.
const SITE_MAX: usize = 14;

/// 云岭水库管理处: the board of a site is no section of the bureau before it.
fn begins_site(rest: &[Mark]) -> bool {
    const SITES: &[&str] = &[
        "水库",
        "景区",
        "公园",
        "湿地",
        "保护区",
        "灌区",
        "港口",
        "码头",
        "广场",
        "陵园",
    ];
    const BOARDS: &[&str] = &["管理处", "管理局", "管理所", "管委会", "管理站"];
    let near = part(rest, 0, SITE_MAX);
    let site = (1..near.len()).find(|&i| starts_any(from(near, i), SITES).is_some());
    let board = |at: usize| (at..near.len()).any(|i| starts_any(from(near, i), BOARDS).is_some());
    site.is_some_and(board)
}

/// （街道办事处）: the bracket behind a name; that of a number is none.
fn bracket(rest: &[Mark]) -> usize {
    let opens = rest.first().is_some_and(|m| m.fold == '(') && number(rest).is_none();
    let near = part(rest, 0, BRACKET_MAX);
    let close = near.iter().position(|m| m.fold == ')').filter(|_| opens);
    close.map_or(0, |at| at + 1)
}

/// 各乡镇, 市直有关单位: all organs of a kind.
pub(super) fn is_collective(name: &[Mark]) -> bool {
    let text = plain(name);
    ["各", "有关", "相关"]
        .iter()
        .any(|word| text.contains(word))
}
