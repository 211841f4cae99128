//! Pinyin of titles: syllables and initials, and what a person may have meant by a row of letters.

use std::collections::HashSet;
use std::sync::LazyLock;

use pinyin::ToPinyin as _;

use crate::text::Gram;

/// Letters of a query that are read as pinyin at most.
pub(crate) const LETTERS_MAX: usize = 40;
/// Readings of one row of letters that are tried at most: xian is 先 and 西安.
const READINGS_MAX: usize = 8;
/// The longest syllable, in letters: zhuang.
const SYLLABLE_MAX: usize = 6;

/// Every syllable that a character of the first block has.
static SYLLABLES: LazyLock<HashSet<String>> =
    LazyLock::new(|| ('\u{4E00}'..='\u{9FFF}').filter_map(syllable).collect());

/// A character's commonest reading without its tone; ü is v.
pub(crate) fn syllable(c: char) -> Option<String> {
    Some(c.to_pinyin()?.plain().replace('ü', "v"))
}

/// The readings of a text: each character's syllable with its place; what has none leaves a gap.
pub(crate) fn syllables(text: &str) -> Vec<Gram> {
    let readings = text.chars().enumerate();
    readings
        .filter_map(|(at, c)| {
            Some(Gram {
                at,
                text: syllable(c)?,
            })
        })
        .collect()
}

/// Pairs of neighbouring initials: g and k of 公开 as gk.
pub(crate) fn initials(text: &str) -> Vec<Gram> {
    let all = syllables(text);
    let pairs = all.iter().zip(all.iter().skip(1));
    pairs
        .filter(|(one, two)| one.at + 1 == two.at)
        .filter_map(|(one, two)| {
            let letters = [one.text.chars().next()?, two.text.chars().next()?];
            Some(Gram {
                at: one.at,
                text: letters.iter().collect(),
            })
        })
        .collect()
}

/// Letters cut into syllables; `tail` is the beginning of one that is still being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) whole: Vec<String>,
    pub(crate) tail: Option<String>,
}

/// The letters of a query that may be pinyin: nothing but Latin letters, spaces and apostrophes.
pub(crate) fn letters(query: &str) -> Option<String> {
    let fitting = |c: char| c.is_ascii_alphabetic() || c == ' ' || c == '\'';
    if !query.chars().all(fitting) {
        return None;
    }
    let letters: String = query.chars().filter(char::is_ascii_alphabetic).collect();
    (2..=LETTERS_MAX)
        .contains(&letters.len())
        .then(|| letters.to_ascii_lowercase())
}

/// Every way to read the letters, the one with the longest syllables first.
pub(crate) fn readings(letters: &str) -> Vec<Reading> {
    let (mut found, mut steps) = (Vec::new(), 0);
    cut(letters, &mut Vec::new(), &mut found, &mut steps);
    found
}

/// Steps of the search at most: letters like nanananana have very many readings.
const STEPS_MAX: usize = 400;

fn cut(rest: &str, before: &mut Vec<String>, found: &mut Vec<Reading>, steps: &mut usize) {
    *steps += 1;
    if found.len() >= READINGS_MAX || *steps > STEPS_MAX {
        return;
    }
    if rest.is_empty() {
        found.push(Reading {
            whole: before.clone(),
            tail: None,
        });
        return;
    }
    for length in (1..=SYLLABLE_MAX.min(rest.len())).rev() {
        let Some((head, after)) = rest.split_at_checked(length) else {
            continue;
        };
        if SYLLABLES.contains(head) {
            before.push(head.to_owned());
            cut(after, before, found, steps);
            before.pop();
        }
    }
    let begun = SYLLABLES
        .iter()
        .any(|known| known.starts_with(rest) && known != rest);
    if begun && !before.is_empty() && found.len() < READINGS_MAX {
        found.push(Reading {
            whole: before.clone(),
            tail: Some(rest.to_owned()),
        });
    }
}
