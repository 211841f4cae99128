//! Which characters and pairs of them stand in a text, and the one form in which lists compare texts. An index of pairs finds
//! the few records that may have all of a search's own; the text of those alone is looked at.
//!
//! Pairs, because two characters are a word already, and no list of words knows the names of people. Pure.

use std::collections::BTreeSet;

use crate::han;

/// More pairs than this narrow a search no further.
pub const ASKED_MAX: usize = 24;

/// A text as lists compare it, on every database: of one width, in small letters. Character by character, so that what is
/// part of a text is part of the folded one.
#[must_use]
pub fn folded(text: &str) -> String {
    let narrow = text.chars().filter_map(han::fold_char);
    narrow.flat_map(char::to_lowercase).collect()
}

/// Letters and digits that follow each other, as the index has them.
fn runs(text: &str) -> Vec<Vec<char>> {
    folded(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
        .map(|run| run.chars().collect())
        .collect()
}

fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// The characters and pairs of these texts, parted by spaces.
#[must_use]
pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut words = BTreeSet::new();
    for run in texts.into_iter().flat_map(runs) {
        words.extend(run.iter().map(char::to_string));
        words.extend(pairs(&run));
    }
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// What a record has for certain when one of its texts contains this one; nothing when it tells nothing.
#[must_use]
pub fn asked(text: &str) -> Vec<String> {
    let mut words = BTreeSet::new();
    for run in runs(text) {
        match run.as_slice() {
            [one] => drop(words.insert(one.to_string())),
            run => words.extend(pairs(run)),
        }
    }
    words.into_iter().take(ASKED_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_asks_for_pairs_and_for_what_stands_alone() {
        assert_eq!(asked("地块清单"), ["地块", "块清", "清单"]);
        assert_eq!(asked("王"), ["王"]);
        assert_eq!(asked("Ａ1 号"), ["a1", "号"]);
        assert_eq!(asked("%（"), [""; 0]);
        assert_eq!(asked(&"一二三四五六七八九十百千".repeat(9)).len(), 12);
        let long: String = ('a'..='z').chain('0'..='9').collect();
        assert_eq!(asked(&long).len(), ASKED_MAX);
    }

    #[test]
    fn width_and_case_make_no_difference() {
        assert_eq!(folded("Ａ１（二期）Я\u{200B}Ⅱ"), "a1(二期)яⅱ");
        assert_eq!(of(["PPP项目", "２"]), "2 p pp p项 目 项 项目");
    }
}
