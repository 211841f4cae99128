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
    let paragraphs: Vec<&[Mark]> = split_by(&unit.text, |m| m.fold == '\n')
        .into_iter()
        .map(trim)
        .filter(|p| !p.is_empty())
        .collect();
    let complete = |p: &&[Mark]| {
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
                            text: p.to_vec(),
                        }]
                    })
                    .unwrap_or_default()
            })
            .collect(),
    )
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
