//! How alike two texts are, by their pairs of neighbouring characters (Dice's coefficient).

use std::collections::BTreeMap;

/// A text without blanks, punctuation and the number before it: what stays when a document is only typeset anew.
#[must_use]
pub fn bare(text: &str) -> String {
    let body = text.trim_start_matches(|c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(c, '.' | '．' | '、' | '(' | ')' | '（' | '）')
    });
    body.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// 0 for nothing in common, 1 for the same words.
#[must_use]
pub fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (pairs(&bare(one)), pairs(&bare(other)));
    let total: u32 = one.values().sum::<u32>() + other.values().sum::<u32>();
    if total == 0 {
        return 0.0;
    }
    let common: u32 = one
        .iter()
        .filter_map(|(pair, count)| other.get(pair).map(|found| *count.min(found)))
        .sum();
    f64::from(2 * common) / f64::from(total)
}

fn pairs(text: &str) -> BTreeMap<(char, char), u32> {
    let mut counts = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *counts.entry(pair).or_insert(0) += 1;
    }
    counts
}
