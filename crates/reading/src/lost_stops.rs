//! Numbers whose stop was lost (1聚焦…, 2深化…), and those whose stop reads like a decimal point (30.9.30前…). Alone such
//! figures say nothing; they are numbers where they take their turn among the others.

use super::layout::Node;
use super::number::{Level, digits, number};
use super::problem::Account;
use super::text::{Mark, Run, from, is_han, part, starts_any, trim};

/// Fewest numbers without a stop that tell how a paper is numbered.
const GLUED_MIN: usize = 3;
/// Most figures of such a number.
const FIGURES_MAX: usize = 3;

/// Fewest figures that are no second number (121人才项目).
const WHOLE_MIN: usize = 3;

/// What stands behind the figures with which a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A number like any other.
    Printed,
    /// A Chinese character.
    None,
    /// A stop, and another figure.
    Figure,
    /// A colon in the place of the stop.
    Colon,
    /// Nothing but a blank.
    Blank,
}

/// A line that begins with figures.
struct Begins {
    node: usize,
    value: u32,
    sign: Sign,
    /// Where the stop goes.
    at: usize,
    /// A second number stands behind the stop (1.2 公开预算), or one may.
    nested: bool,
}

/// Gives such numbers their stop back, and tells of those that had none.
pub(crate) fn restore(mut nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let all: Vec<Begins> = nodes
        .iter()
        .enumerate()
        .filter_map(|(i, node)| match node {
            Node::Line(run) => begins(i, run),
            Node::Grid(_) => None,
        })
        .collect();
    let turns: Vec<&Begins> = (0..all.len())
        .filter(|&i| takes_its_turn(&all, i))
        .filter_map(|i| all.get(i))
        .collect();
    let glued = turns.iter().filter(|b| b.sign == Sign::None).count();
    // 8 公开预算: a blank alone parts cells, too, but not among numbers that have their stops
    let printed = all.iter().filter(|b| b.sign == Sign::Printed).count();
    let bare = turns
        .iter()
        .filter(|b| matches!(b.sign, Sign::Blank | Sign::Colon))
        .count();
    let printed = if bare > printed { 0 } else { printed };
    let mut told = Run::new();
    for begins in turns {
        let Some(Node::Line(run)) = nodes.get_mut(begins.node) else {
            continue;
        };
        let Some(last) = begins.at.checked_sub(1).and_then(|i| run.get(i)).copied() else {
            continue;
        };
        match begins.sign {
            Sign::None if glued >= GLUED_MIN => {
                told.extend_from_slice(trim(part(run, 0, begins.at)));
                run.insert(begins.at, Mark::new('.', last.at));
            }
            Sign::Figure => run.insert(begins.at, Mark::new(' ', last.at)),
            Sign::Blank if printed > 1 => {
                told.extend_from_slice(trim(part(run, 0, begins.at)));
                run.insert(begins.at, Mark::new('.', last.at));
            }
            Sign::Colon if printed > 1 => {
                told.extend_from_slice(trim(part(run, 0, begins.at)));
                if let Some(colon) = run.get_mut(begins.at) {
                    colon.fold = '.';
                }
            }
            _ => {}
        }
    }
    if !told.is_empty() {
        account.problem(
            "number-stop-lost",
            "编号后面缺少顿号或点，已按先后顺序读作编号，请核对",
            &told,
        );
    }
    nodes
}

/// Behind the number before it, and before the next one; a first one only before a second.
fn takes_its_turn(all: &[Begins], i: usize) -> bool {
    let Some(own) = all.get(i).filter(|b| b.sign != Sign::Printed) else {
        return false;
    };
    let before = i.checked_sub(1).and_then(|j| all.get(j)).map(|b| b.value);
    let next = all.get(i + 1).map(|b| b.value);
    let follows = before.is_some_and(|before| before + 1 == own.value);
    // 11.121人才项目 behind 9. and before 15.: the list has gaps, which are told
    let between = own.sign == Sign::Figure
        && !own.nested
        && before.is_some_and(|before| before < own.value)
        && next.is_some_and(|next| next > own.value);
    match own.value {
        1 => {
            let figure = own.sign == Sign::Figure && !own.nested;
            (figure || matches!(own.sign, Sign::None | Sign::Colon)) && next == Some(2)
        }
        value => between || follows && next.is_none_or(|next| next == value + 1 || next == 1),
    }
}

fn begins(node: usize, run: &[Mark]) -> Option<Begins> {
    let blanks = run.iter().take_while(|m| m.is_blank()).count();
    let body = from(run, blanks);
    if let Some(n) = number(body).filter(|n| n.level == Level::Item && !n.nested) {
        return Some(Begins {
            node,
            value: n.value,
            sign: Sign::Printed,
            at: 0,
            nested: false,
        });
    }
    let (value, len) = digits(body).filter(|(value, len)| *value > 0 && *len <= FIGURES_MAX)?;
    let behind = from(body, len);
    let celled = run.iter().any(|m| matches!(m.fold, '\t' | '|'));
    let stop = behind.first().is_some_and(|m| matches!(m.fold, '.' | '、'));
    let figure = || behind.get(1).is_some_and(|m| m.fold.is_ascii_digit());
    let (sign, at) = match behind.first() {
        Some(m) if is_han(m.ch) && !counts(behind) => (Sign::None, len),
        _ if stop && figure() && !is_decimal(behind) => (Sign::Figure, len + 1),
        Some(m) if m.fold == ':' && worded(from(behind, 1)) => (Sign::Colon, len),
        Some(m) if m.fold == ' ' && worded(behind) => (Sign::Blank, len),
        _ => return None,
    };
    (!celled).then_some(Begins {
        node,
        value,
        sign,
        at: blanks + at,
        nested: digits(from(behind, 1)).is_some_and(|(_, len)| len < WHOLE_MIN),
    })
}

/// A Chinese word that the figures do not count, blanks before it.
fn worded(behind: &[Mark]) -> bool {
    let behind = trim(behind);
    behind.first().is_some_and(|m| is_han(m.ch)) && !counts(behind)
}

/// 1.5亿元, 3.5%: what is behind the stop and its figures says that they are one figure.
fn is_decimal(behind: &[Mark]) -> bool {
    const MEASURES: &[&str] = &[
        "亿", "万", "%", "倍", "元", "公里", "平方", "公顷", "亩", "吨",
    ];
    let figures = digits(from(behind, 1)).map_or(0, |(_, len)| len);
    starts_any(from(behind, 1 + figures), MEASURES).is_some()
}

/// 3个, 12月, 5亿元: the figures count something.
fn counts(behind: &[Mark]) -> bool {
    const COUNTED: &[&str] = &[
        "个", "年", "月", "日", "号", "项", "条", "次", "万", "亿", "家", "名", "件", "人", "类",
        "小时", "天", "季度", "场", "批", "套", "种", "份", "米", "公里", "公顷", "元", "所", "座",
        "户", "岁", "位", "篇", "轮", "倍", "吨", "亩", "页", "至", "到",
    ];
    starts_any(behind, COUNTED).is_some()
}
