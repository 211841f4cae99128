//! One wrong, missing, doubled or swapped character, or a word of the same sound: what the person meant. Pure.

use std::collections::HashMap;

use crate::lexicon;
use crate::pinyin;
use crate::text::{dense, fold};

/// Characters of a chunk that is mended.
const CHARS: std::ops::RangeInclusive<usize> = 2..=16;
/// Characters of the same sound that a slip may have.
const SOUNDING_MAX: usize = 3;
/// Figures are meant as they stand.
const NUMERALS: &str = "〇零一二三四五六七八九十百千万";

/// May the chunk hold a slip? One that is found is only doubted when it falls apart into single characters.
pub(crate) fn suspect(chunk: &str, total: usize) -> bool {
    let length = chunk.chars().count();
    CHARS.contains(&length)
        && chunk.chars().all(dense)
        && (total == 0
            || lexicon::asked_words(chunk)
                .iter()
                .any(|word| word.chars().count() == 1))
}

/// What titles have that is one slip away and sounds the same or is a word; the commonest first.
pub(crate) fn mend(chunk: &str, titles: &[String]) -> Option<String> {
    let asked: Vec<char> = chunk.chars().collect();
    let mut found: HashMap<String, usize> = HashMap::new();
    for title in titles {
        let title: Vec<char> = title.chars().map(fold).collect();
        for length in asked.len().saturating_sub(1).max(2)..=asked.len() + 1 {
            for window in title.windows(length) {
                if window.iter().all(|c| dense(*c)) && near(&asked, window) {
                    *found.entry(window.iter().collect()).or_default() += 1;
                }
            }
        }
    }
    found
        .into_iter()
        .filter_map(|(mended, n)| Some((weight(chunk, &mended)?, n, mended)))
        .max_by(|(one, n, a), (two, m, b)| (one, n, b).cmp(&(two, m, a)))
        .map(|(_, _, mended)| mended)
}

/// A known word above unknown text, the same sound above another, the same length above another. `None` for what nobody can
/// have meant: of two characters another one makes another word (学校, 学工), and a piece of a title is no word.
fn weight(asked: &str, mended: &str) -> Option<(bool, bool, bool)> {
    let words = lexicon::asked_words(mended);
    let whole = words
        .iter()
        .all(|word| word.chars().count() > 1 && lexicon::known(word));
    let same_sound = pinyin::syllables(asked) == pinyin::syllables(mended);
    let length = asked.chars().count();
    let same_length = length == mended.chars().count();
    let meant = same_sound || (whole && length > 2);
    meant.then_some((whole, same_sound, same_length))
}

fn figure(c: char) -> bool {
    NUMERALS.contains(c)
}

fn near(asked: &[char], window: &[char]) -> bool {
    if asked.len() == window.len() {
        let wrong: Vec<(usize, char, char)> = asked
            .iter()
            .zip(window)
            .enumerate()
            .filter(|(_, (one, two))| one != two)
            .map(|(at, (one, two))| (at, *one, *two))
            .collect();
        if wrong
            .iter()
            .any(|(_, one, two)| figure(*one) || figure(*two))
        {
            return false;
        }
        return match wrong.as_slice() {
            [] => false,
            [_] => true,
            [(at, a, b), (next, c, d)] if at + 1 == *next && a == d && b == c => true,
            several => {
                several.len() <= SOUNDING_MAX
                    && several
                        .iter()
                        .all(|(_, one, two)| pinyin::syllable(*one) == pinyin::syllable(*two))
            }
        };
    }
    let (short, long) = if asked.len() < window.len() {
        (asked, window)
    } else {
        (window, asked)
    };
    // The ends stand, so that a cut-off title is no slip.
    short.first() == long.first() && short.last() == long.last() && one_more(short, long)
}

/// Is the long text the short one with one character more?
fn one_more(short: &[char], long: &[char]) -> bool {
    let same = short
        .iter()
        .zip(long)
        .take_while(|(one, two)| one == two)
        .count();
    let extra = long.get(same).copied();
    long.len() == short.len() + 1
        && short.get(same..) == long.get(same + 1..)
        && !extra.is_some_and(figure)
}
