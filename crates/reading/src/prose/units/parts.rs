//! Several measures in one paragraph, each with its units in brackets behind it.

use super::super::super::cells::is_deadline;
use super::super::super::labels::{Label, label};
use super::super::super::organs::as_above;
use super::super::super::text::{Mark, Run, from, part, plain, trim, weight};
use super::{Brackets, bracket, firm, label_at, take_units};

/// …（责任单位：甲局）（6月底前完成）: a second bracket behind the first one.
fn is_bracket_of_units(rest: &[Mark]) -> bool {
    let opens = trim(rest)
        .first()
        .is_some_and(|m| matches!(m.fold, '(' | '['));
    opens && take_units(rest).text.is_empty()
}

/// …（责任单位：甲局）（9月底前）公开…: the length of a bracket with the date, which belongs to the units before it.
fn date_behind(rest: &[Mark]) -> usize {
    let close = rest.iter().position(|m| matches!(m.fold, ')' | ']'));
    let Some(close) = close.filter(|_| matches!(rest.first().map(|m| m.fold), Some('(' | '[')))
    else {
        return 0;
    };
    let inner = trim(part(rest, 1, close));
    let stop = rest
        .get(close + 1)
        .is_some_and(|m| matches!(m.fold, '。' | ';'));
    match is_deadline(inner, weight(inner)) {
        true => close + 1 + usize::from(stop),
        false => 0,
    }
}

/// The last label of units at the start of a bracket, or outside brackets at the end.
fn last_label(run: &[Mark]) -> Option<usize> {
    let begins = |i: &usize| {
        let open = run.get(*i).is_some_and(|m| matches!(m.fold, '(' | '['));
        open && matches!(label(from(run, i + 1)), Some((Label::Units(_), _)))
    };
    let inside = (0..run.len()).rev().find(begins);
    inside.max(label_at(run))
}

/// Cuts a paragraph behind each bracket of units. One part where it has at most one.
pub(crate) fn split_at_units(run: &[Mark], brackets: Brackets) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let (mut depth, mut open, mut start) = (0i32, 0, 0);
    let labelled = last_label(run);
    let holds = |open: usize, close: usize, start: usize| {
        let (inner, before) = (trim(part(run, open + 1, close)), part(run, start, open));
        let followed = brackets == Brackets::Followed || labelled.is_some_and(|at| at > close);
        match followed {
            true => firm(inner, before, Brackets::BehindSentences).is_some(),
            false => bracket(inner, before).is_some(),
        }
    };
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' | '[' => {
                if depth == 0 {
                    open = i;
                }
                depth += 1;
            }
            ')' | ']' if depth > 0 => {
                depth -= 1;
                if depth > 0 {
                    continue;
                }
                let stop = usize::from(
                    from(run, i + 1)
                        .first()
                        .is_some_and(|m| matches!(m.fold, '。' | ';')),
                );
                let behind_sentence = stop > 0
                    || part(run, start, open)
                        .last()
                        .is_some_and(|m| matches!(m.fold, '。' | ';'));
                if open > start && behind_sentence && holds(open, i, start) {
                    let end = i + 1 + stop + date_behind(from(run, i + 1 + stop));
                    out.push(part(run, start, end).to_vec());
                    start = end;
                }
            }
            _ => {}
        }
    }
    let rest = from(run, start);
    match out.last_mut() {
        Some(last) if weight(rest) < 6 || as_above(&plain(rest)) || is_bracket_of_units(rest) => {
            last.extend_from_slice(rest);
        }
        _ => out.push(rest.to_vec()),
    }
    out
}
