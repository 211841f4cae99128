//! A printed plan with words covered: what is covered is gone, everything else stays readable where it was.

use gongkai_journeys::render::Pages;
use gongkai_office::Limits;
use gongkai_office::hidden::{Change, cover, pieces, scan};

use crate::printer::Printer;
use crate::source;

#[test]
fn a_printed_plan_is_covered_and_all_its_other_words_stay() {
    let sheet = source::plan("town-2026.json").sheet();
    let Some(pdf) = Printer::new().pdf(&sheet, Pages::Broken) else {
        return;
    };
    let limits = Limits::default();
    let before = pieces(&pdf, &limits).unwrap();
    let (at, piece) = before
        .iter()
        .enumerate()
        .find(|(_, piece)| piece.text.chars().count() > 8)
        .unwrap();
    let covered: String = piece
        .text
        .chars()
        .enumerate()
        .map(|(n, c)| if n < 2 { c } else { '*' })
        .collect();
    let changes: [Change; 1] = [(at, covered.clone())];
    let copy = cover(&pdf, &changes, &limits).unwrap();
    let after = pieces(&copy, &limits).unwrap();
    // A drawn page has no lines of a table any more: its words are told line by line, and not cell by cell.
    let letters = |words: Vec<&str>| {
        let mut letters: Vec<char> = words.concat().chars().collect();
        letters.retain(|c| !c.is_whitespace());
        letters.sort_unstable();
        letters
    };
    let mut wanted: Vec<&str> = before.iter().map(|piece| piece.text.as_str()).collect();
    wanted[at] = &covered;
    let found = after.iter().map(|piece| piece.text.as_str()).collect();
    assert_eq!(letters(found), letters(wanted));
    assert!(scan(&copy, &limits).unwrap().is_empty());
}
