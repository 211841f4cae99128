//! Which earlier cases ask for the same: by pairs of characters that two subjects share.

use std::collections::BTreeSet;

use crate::request::Request;

/// From this share of common pairs on, two subjects are alike. In hundredths.
pub const ALIKE_HUNDREDTHS: usize = 45;

/// A text's pairs of neighbouring characters, to be compared with those of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs(BTreeSet<(char, char)>);

impl Pairs {
    #[must_use]
    pub fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let pairs = chars.windows(2).filter_map(|pair| match pair {
            [one, two] => Some((*one, *two)),
            _ => None,
        });
        Self(pairs.collect())
    }

    fn common(&self, other: &Self) -> usize {
        self.0.intersection(&other.0).count()
    }

    /// How alike two texts are: common pairs in hundredths of all (Dice's coefficient).
    #[must_use]
    pub fn alike(&self, other: &Self) -> usize {
        let all = self.0.len() + other.0.len();
        (200 * self.common(other)).checked_div(all).unwrap_or(0)
    }
}

/// How alike two subjects are: common pairs of characters in hundredths of all.
#[must_use]
pub fn alike(one: &str, other: &str) -> usize {
    Pairs::of(one).alike(&Pairs::of(other))
}

/// How much of the shorter text stands in the other: common pairs of characters in hundredths of its own.
#[must_use]
pub fn within(one: &str, other: &str) -> usize {
    let (one, other) = (Pairs::of(one), Pairs::of(other));
    let shorter = one.0.len().min(other.0.len());
    (100 * one.common(&other)).checked_div(shorter).unwrap_or(0)
}

/// Do two subjects ask for the same?
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    alike(one, other) >= ALIKE_HUNDREDTHS
}

/// Pieces of four characters from a subject, spread over it, to look for.
#[must_use]
pub fn words(subject: &str, most: usize) -> Vec<String> {
    const PIECE: usize = 4;
    let chars: Vec<char> = subject.chars().filter(|c| c.is_alphanumeric()).collect();
    let step = (chars.len() / most.max(1)).max(PIECE);
    chars
        .chunks(step)
        .map(|chunk| chunk.iter().take(PIECE).collect::<String>())
        .filter(|piece: &String| piece.chars().count() >= 2)
        .take(most)
        .collect()
}

/// The most alike first, without those that are not.
#[must_use]
pub fn nearest(subject: &str, found: Vec<Request>, most: usize) -> Vec<Request> {
    let mut scored: Vec<(usize, Request)> = found
        .into_iter()
        .map(|one| (alike(subject, &one.wish.subject), one))
        .filter(|(score, _)| *score >= ALIKE_HUNDREDTHS)
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().take(most).map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::{alike, is_same, within, words};

    #[test]
    fn the_same_wish_in_other_words_is_found_and_another_is_not() {
        assert!(is_same(
            "2025年老旧小区改造项目清单",
            "安澜市2025年老旧小区改造项目清单及资金"
        ));
        assert!(!is_same("2025年老旧小区改造项目清单", "城区学位分配方案"));
        assert_eq!(alike("同一段话", "同一段话"), 100);
        assert_eq!(alike("", ""), 0);
        assert_eq!(within("老旧小区", "关于老旧小区改造的通知"), 100);
        assert_eq!(within("老旧小区", ""), 0);
        assert_eq!(
            words("2025年老旧小区改造项目清单", 3),
            ["2025", "老旧小区", "造项目清"]
        );
    }
}
