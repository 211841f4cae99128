//! The words of cases: which characters and pairs of them stand in what a search looks through. A search asks the index for
//! the cases that have all of its own, and looks at the text of those alone.
//!
//! Pairs, because two characters are a word already, and no list of words knows the names of people. Pure.

use gongkai_basis::pairs;
pub use gongkai_basis::pairs::{asked, folded};

use crate::request::Request;

pub mod fill;
pub mod store;

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

/// The words of a case, parted by spaces.
#[must_use]
pub fn of(request: &Request) -> String {
    pairs::of(texts(request).map(String::as_str))
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
    use std::collections::BTreeSet;

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
    fn width_and_case_make_no_difference() {
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
