//! Slips of wording and wrong forms of names: lists as data, each with the wordings in which the form is right.

use std::sync::LazyLock;

use crate::finding::{Confidence, Found, Kind};
use crate::rules::{Rules, Slip};
use crate::text::Text;

static SLIPS: LazyLock<Vec<Slip>> = LazyLock::new(|| rows(include_str!("data/wording.tsv")));
static ORGANS: LazyLock<Vec<Slip>> = LazyLock::new(|| rows(include_str!("data/organs.tsv")));

fn rows(table: &str) -> Vec<Slip> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Slip {
                wrong: cells.next()?.to_owned(),
                right: cells.next()?.to_owned(),
                right_within: cells
                    .next()
                    .unwrap_or_default()
                    .split('|')
                    .filter(|wording| !wording.is_empty())
                    .map(str::to_owned)
                    .collect(),
            })
        })
        .collect()
}

pub(crate) fn find(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    for (kind, slips) in [
        (Kind::OrganName, &*ORGANS),
        (Kind::Wording, &*SLIPS),
        (Kind::Wording, &rules.slips),
    ] {
        for slip in slips {
            look(text, kind, slip, found);
        }
    }
}

fn look(text: &Text, kind: Kind, slip: &Slip, found: &mut Vec<Found>) {
    if slip.wrong.is_empty() {
        return;
    }
    for (at, _) in text.norm.match_indices(slip.wrong.as_str()) {
        let right = slip
            .right_within
            .iter()
            .any(|wording| is_within(&text.norm, at, &slip.wrong, wording))
            || text
                .norm
                .get(at..)
                .is_some_and(|rest| rest.starts_with(slip.right.as_str()));
        if !right {
            let (start, end) = (text.char_at(at), text.char_at(at + slip.wrong.len()));
            let advice = format!("“{}”疑为“{}”，请核对。", slip.wrong, slip.right);
            found.push(Found::new(kind, start, end, Confidence::High).saying(advice));
        }
    }
}

/// Whether the form at this byte is part of a longer wording, in which it is right.
fn is_within(norm: &str, at: usize, wrong: &str, wording: &str) -> bool {
    wording.match_indices(wrong).any(|(inside, _)| {
        at.checked_sub(inside)
            .and_then(|from| norm.get(from..))
            .is_some_and(|rest| rest.starts_with(wording))
    }) || !wording.contains(wrong)
        && norm
            .get(at..)
            .and_then(|rest| rest.strip_prefix(wrong))
            .is_some_and(|rest| rest.starts_with(wording))
        || !wording.contains(wrong) && wording.starts_with(wrong)
}
