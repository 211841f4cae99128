//! 发布前检查: what a text must not carry out of the house: personal data, secrecy marks, citations of documents that
//! are not public, slips of wording, broken references. Pure: the same text and rules give the same findings.
//!
//! [`inspect`] finds, [`mask`] covers what may stay in part, [`answer`] holds what a reviewer says to what was found.
//!
//! Law: 政府信息公开条例 (2019) art. 14, 15, 17; 个人信息保护法 art. 28, 51; 保守国家秘密法 (2024) art. 14, 20, 22, 35.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail loudly"
    )
)]

mod address;
pub mod answer;
mod citation;
mod digits;
mod document;
mod finding;
mod mask;
mod number;
mod other;
mod person;
mod reprint;
mod rules;
mod secrecy;
mod slip;
#[cfg(test)]
mod tests;
mod text;
mod wording;

pub use document::{answers_map, names_map_permit, unlicensed_map};
pub use finding::{Confidence, Finding, Kind};
pub use gongkai_basis::credit_code::{is_credit_code, is_organisation_code};
pub use mask::{Masking, NameMask, mask};
pub use number::{is_bank_card, is_id_card};
pub use reprint::foreign_reprint;
pub use rules::{NonPublic, Rules, Slip};

use std::collections::HashMap;

use text::Text;

/// Characters that are looked at; what lies behind them is not, and the caller should split such a text.
pub const CHARS_MAX: usize = 4_000_000;

/// Findings are kept on shelves of so many characters; none is longer.
const SHELF_CHARS: usize = 256;

/// Everything in a text that somebody should look at before it is published, in order of place.
///
/// Offsets are characters of `text` as it came, `start` inclusive and `end` exclusive. Lines end in `\n`; cells of a
/// table row are best parted by tabs, so that the heading of a column explains what stands below it.
#[must_use]
pub fn inspect(text: &str, rules: &Rules) -> Vec<Finding> {
    let text = Text::new(text);
    let mut found = Vec::new();
    digits::find(&text, &mut found);
    other::find(&text, rules, &mut found);
    address::find(&text, &mut found);
    person::find(&text, &mut found);
    address::settle(&text, &mut found);
    other::settle(&text, &mut found);
    secrecy::find(&text, &mut found);
    citation::find(&text, rules, &mut found);
    wording::find(&text, rules, &mut found);
    slip::find(&text, &mut found);
    document::find(&text, rules, &mut found);
    finish(&text, rules, found)
}

/// Drops what the rules except and what lies inside a stronger finding; puts the rest into order.
fn finish(text: &Text, rules: &Rules, mut found: Vec<finding::Found>) -> Vec<Finding> {
    found.sort_by_key(|one| {
        (
            one.confidence,
            one.kind.rank(),
            one.start,
            usize::MAX - one.end,
        )
    });
    let mut kept: Vec<finding::Found> = Vec::new();
    // Only what begins near can overlap; a text of thousands of names stays quick.
    let mut near: HashMap<usize, Vec<usize>> = HashMap::new();
    for one in found {
        let shelf = one.start / SHELF_CHARS;
        let crowded = (shelf.saturating_sub(1)..=shelf + 1)
            .filter_map(|shelf| near.get(&shelf))
            .flatten()
            .filter_map(|index| kept.get(*index))
            .any(|other| {
                let same =
                    one.kind == other.kind || one.kind.is_personal() && other.kind.is_personal();
                same && one.start < other.end && other.start < one.end
            });
        if !crowded {
            near.entry(shelf).or_default().push(kept.len());
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| (one.start, one.end, one.kind.rank()));
    kept.into_iter()
        .map(|one| one.finding(text))
        .filter(|finding| !rules.excepts(finding))
        .collect()
}
