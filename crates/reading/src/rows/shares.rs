//! Which of the units and dates of a row belong to which of its items.

use crate::cells::looks;
use crate::organs::Units;
use crate::text::{Mark, Run, plain, split_by, trim, weight};

/// Several unit paragraphs beside several items: one each; where there are fewer, the last serves the rest.
/// Lines of one list of names are not paragraphs of their own.
/// Where the deadlines have a line each, the names have one each too.
pub(super) fn shares(units: &[Units], items: usize, dated: bool) -> Option<Vec<Vec<Units>>> {
    let [unit] = units else { return None };
    if items < 2 {
        return None;
    }
    let paragraphs = paragraphs(&unit.text);
    let complete = |p: &Run| {
        looks(p).organs > 0.8
            && (plain(p).contains(['、', ','])
                || ["牵头", "配合", "落实", "负责"]
                    .iter()
                    .any(|w| plain(p).contains(w)))
    };
    let each = dated && paragraphs.len() == items;
    let whole = each || paragraphs.iter().all(complete);
    if paragraphs.len() < 2 || paragraphs.len() > items || !whole {
        return None;
    }
    let last = paragraphs.len() - 1;
    Some(
        (0..items)
            .map(|i| {
                paragraphs
                    .get(i.min(last))
                    .map(|p| {
                        vec![Units {
                            role: unit.role,
                            text: p.clone(),
                        }]
                    })
                    .unwrap_or_default()
            })
            .collect(),
    )
}

/// The paragraphs of a cell; one that ends with 、 or begins with it is one with its neighbour.
fn paragraphs(text: &[Mark]) -> Vec<Run> {
    let joins = |m: Option<&Mark>| m.is_some_and(|m| matches!(m.fold, '、' | ','));
    let mut out: Vec<Run> = Vec::new();
    for line in split_by(text, |m| m.fold == '\n') {
        let line = trim(line);
        match out.last_mut() {
            _ if line.is_empty() => {}
            Some(before) if joins(before.last()) || joins(line.first()) => before.extend(line),
            _ => out.push(line.to_vec()),
        }
    }
    out
}

pub(super) fn shares_of_deadlines(deadlines: &[Run], items: usize) -> Option<Vec<Run>> {
    let [deadline] = deadlines else { return None };
    let lines: Vec<Run> = split_by(deadline, |m| m.fold == '\n')
        .into_iter()
        .map(trim)
        .filter(|l| weight(l) > 0)
        .map(<[Mark]>::to_vec)
        .collect();
    (items > 1 && lines.len() == items).then_some(lines)
}
