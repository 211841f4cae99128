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

/// Many texts, to find those that others are like: their pairs are counted once, and a text is only compared with those that
/// share a pair with it.
#[derive(Debug)]
pub struct Bags {
    /// How many pairs each text has.
    totals: Vec<u32>,
    /// The texts that have a pair, by their places, and how often.
    having: BTreeMap<(char, char), Vec<(usize, u32)>>,
}

impl Bags {
    #[must_use]
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut bags = Self {
            totals: Vec::new(),
            having: BTreeMap::new(),
        };
        for (nth, text) in texts.into_iter().enumerate() {
            let pairs = pairs(&bare(text));
            bags.totals.push(pairs.values().sum());
            for (pair, count) in pairs {
                bags.having.entry(pair).or_default().push((nth, count));
            }
        }
        bags
    }

    /// The texts that have something in common with this one, by their places, ascending; each with its [`likeness`].
    #[must_use]
    pub fn like(&self, text: &str) -> Vec<(usize, f64)> {
        let own = pairs(&bare(text));
        let total: u32 = own.values().sum();
        let mut shared = vec![0_u32; self.totals.len()];
        for (pair, count) in &own {
            for (nth, found) in self.having.get(pair).into_iter().flatten() {
                if let Some(shared) = shared.get_mut(*nth) {
                    *shared += count.min(found);
                }
            }
        }
        let all = shared.into_iter().zip(&self.totals).enumerate();
        all.filter(|(_, (shared, _))| *shared > 0)
            .map(|(nth, (shared, other))| (nth, f64::from(2 * shared) / f64::from(total + other)))
            .collect()
    }
}

fn pairs(text: &str) -> BTreeMap<(char, char), u32> {
    let mut counts = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *counts.entry(pair).or_insert(0) += 1;
    }
    counts
}
