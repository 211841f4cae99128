//! The words of cases: which characters and pairs of them stand in what a search looks through. A search asks the index for
//! the cases that have all of its own, and looks at the text of those alone.
//!
//! Pairs, because two characters are a word already, and no list of words knows the names of people. Pure.

use std::collections::BTreeSet;

use gongkai_basis::han;

use crate::request::Request;

pub mod fill;
pub mod store;

/// More pairs than this narrow a search no further.
const ASKED_MAX: usize = 24;

/// A text as searches compare it, on every database: of one width, in small letters. Character by character, so that what
/// is part of a text is part of the folded one.
#[must_use]
pub fn folded(text: &str) -> String {
    let narrow = text.chars().filter_map(han::fold_char);
    narrow.flat_map(char::to_lowercase).collect()
}

/// What a case is found by, folded: a line for each text.
#[must_use]
pub fn found_by(request: &Request) -> String {
    texts(request).map(|text| folded(text)).join("\n")
}

fn texts(request: &Request) -> [&String; 4] {
    [
        &request.number,
        &request.other_number,
        &request.applicant.name,
        &request.wish.subject,
    ]
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

/// The words of a case, parted by spaces.
#[must_use]
pub fn of(request: &Request) -> String {
    let mut words = BTreeSet::new();
    for run in texts(request).into_iter().flat_map(|text| runs(text)) {
        words.extend(run.iter().map(char::to_string));
        words.extend(pairs(&run));
    }
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Words that a case has for certain when one of its texts contains this one; none when it tells nothing.
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

/// A case's number as one: 2026-000123 is 2026000000123.
#[must_use]
pub fn place(number: &str) -> Option<i64> {
    const SERIALS: i64 = 1_000_000_000;
    let (year, serial) = number.split_once('-')?;
    let (year, serial): (i64, i64) = (year.parse().ok()?, serial.parse().ok()?);
    (0..SERIALS)
        .contains(&serial)
        .then_some(year.checked_mul(SERIALS)?.checked_add(serial)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::tests::sample;
    use proptest::prelude::*;

    #[test]
    fn pairs_and_characters_of_all_that_is_looked_through() {
        let mut request = sample();
        request.number = "2026-000007".to_owned();
        request.other_number = String::new();
        request.applicant.name = "欧阳Ａ".to_owned();
        request.wish.subject = "“清单”，2025年".to_owned();
        assert_eq!(
            of(&request),
            "0 00 02 07 2 20 25 26 5 5年 6 7 a 单 年 欧 欧阳 清 清单 阳 阳a"
        );
    }

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
        assert_eq!(folded("Ａ１（二期）Я\u{200B}"), "a1(二期)я");
        let mut request = sample();
        request.number = "2026-000007".to_owned();
        request.applicant.name = "ABC公司".to_owned();
        request.wish.subject = "Ａ１地块　清单".to_owned();
        assert_eq!(found_by(&request), "2026-000007\n\nabc公司\na1地块 清单");
    }

    #[test]
    fn a_number_has_its_place() {
        assert_eq!(place("2026-000123"), Some(2_026_000_000_123));
        assert_eq!(place("2026-1000000"), Some(2_026_001_000_000));
        for odd in ["", "2026", "2026-", "2026-1000000000", "x-1", "2026--1"] {
            assert_eq!(place(odd), None, "{odd}");
        }
    }

    proptest! {
        /// Nothing that is there can be missed: each part of a text asks only for what the text has.
        #[test]
        fn a_part_asks_for_nothing_that_the_whole_lacks(
            text in "[甲乙丙丁aAbBＡａ12（·\u{301}\u{130} -]{0,24}", from in 0_usize..24, length in 0_usize..24,
        ) {
            let mut request = sample();
            request.wish.subject.clone_from(&text);
            let (there, whole) = (of(&request), found_by(&request));
            let there: BTreeSet<&str> = there.split(' ').collect();
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assert!(whole.contains(&folded(&part)), "{part} in {text}");
            for word in asked(&part) {
                prop_assert!(there.contains(word.as_str()), "{word} of {part} in {text}");
            }
        }
    }
}
