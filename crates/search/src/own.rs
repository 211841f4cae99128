//! What means the same in one place: words that its office adds to those of the trade (市监局 = 市场监督管理局). They change what
//! is asked, never what the index holds, so they count at once.

use std::collections::HashMap;

use crate::text::fold;

/// Other ways to say one text.
const OTHERWISE_MAX: usize = 8;

/// A word, folded, and what means the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Own {
    word: String,
    same: Vec<String>,
}

/// Groups of words that mean the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// By their first character, the longest first.
    words: HashMap<char, Vec<Own>>,
}

impl Synonyms {
    /// Of groups of words; a word holds no blanks. One that stands in several groups means the same as all of them.
    #[must_use]
    pub fn of(groups: &[Vec<String>]) -> Self {
        let mut own = Self::default();
        for group in groups {
            let words: Vec<String> = group.iter().map(|word| folded(word)).collect();
            for word in &words {
                own.add(word, &words);
            }
        }
        for words in own.words.values_mut() {
            words.sort_by_key(|own| std::cmp::Reverse(own.word.len()));
        }
        own
    }

    fn add(&mut self, word: &str, group: &[String]) {
        let Some(first) = word.chars().next() else {
            return;
        };
        let others = group
            .iter()
            .filter(|other| *other != word && !other.is_empty());
        let words = self.words.entry(first).or_default();
        match words.iter_mut().find(|own| own.word == word) {
            Some(own) => own.same.extend(others.cloned()),
            None => words.push(Own {
                word: word.to_owned(),
                same: others.cloned().collect(),
            }),
        }
    }

    /// What means the same as a folded word.
    pub(crate) fn of_word(&self, word: &str) -> &[String] {
        let found = word
            .chars()
            .next()
            .and_then(|first| self.words.get(&first))
            .and_then(|words| words.iter().find(|own| own.word == word));
        found.map_or(&[], |own| &own.same)
    }

    /// Is one of these words in the folded text?
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.cut(text).iter().any(|(_, is_own)| *is_own)
    }

    /// A folded text in pieces, each with whether it is one of these words. Of words that begin at one place the longest counts;
    /// a Latin word or a number is only meant as a whole.
    pub(crate) fn cut<'t>(&self, text: &'t str) -> Vec<(&'t str, bool)> {
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        let mut before = None;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(c) = rest.chars().next() else {
                break;
            };
            let found = self.words.get(&c).and_then(|words| {
                words
                    .iter()
                    .find(|own| stands(before, rest, &own.word))
                    .map(|own| own.word.len())
            });
            if let Some(length) = found {
                pieces.push((text.get(from..at).unwrap_or_default(), false));
                pieces.push((rest.get(..length).unwrap_or_default(), true));
                at += length;
                from = at;
                before = text.get(..at).and_then(|said| said.chars().next_back());
            } else {
                at += c.len_utf8();
                before = Some(c);
            }
        }
        pieces.push((text.get(from..).unwrap_or_default(), false));
        pieces.retain(|(piece, _)| !piece.is_empty());
        pieces
    }

    /// A folded text with the first of these words said otherwise, in each way.
    pub(crate) fn otherwise(&self, text: &str) -> Vec<String> {
        let pieces = self.cut(text);
        let Some(at) = pieces.iter().position(|(_, is_own)| *is_own) else {
            return Vec::new();
        };
        let said = |pieces: &[(&str, bool)]| -> String {
            pieces.iter().map(|(piece, _)| *piece).collect()
        };
        let (head, rest) = pieces.split_at(at);
        let Some(((word, _), tail)) = rest.split_first() else {
            return Vec::new();
        };
        let same = self.of_word(word).iter().take(OTHERWISE_MAX);
        same.map(|same| format!("{}{same}{}", said(head), said(tail)))
            .collect()
    }
}

fn folded(word: &str) -> String {
    word.chars()
        .map(fold)
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// Does the text begin with the word, and not in the middle of a Latin word or a number?
fn stands(before: Option<char>, rest: &str, word: &str) -> bool {
    let Some(after) = rest.strip_prefix(word) else {
        return false;
    };
    let plain = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let head = plain(before) && plain(word.chars().next());
    let tail = plain(word.chars().next_back()) && plain(after.chars().next());
    !head && !tail
}

#[cfg(test)]
mod tests {
    use super::Synonyms;

    fn own() -> Synonyms {
        let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Synonyms::of(&[
            group(&["市监局", "市场监督管理局"]),
            group(&["湖区管委会", "管委会"]),
            group(&["ITS", "智慧 交通"]),
        ])
    }

    #[test]
    fn words_of_the_office_are_cut_whole_and_the_longest_first() {
        let own = own();
        assert_eq!(
            own.cut("东湖区管委会电话"),
            [("东", false), ("湖区管委会", true), ("电话", false)]
        );
        assert_eq!(own.cut("市监局"), [("市监局", true)]);
        assert_eq!(own.cut("visits"), [("visits", false)]);
        assert_eq!(own.cut("its规划"), [("its", true), ("规划", false)]);
        assert!(own.cut("").is_empty());
        assert!(own.are_in("市监局的电话") && !own.are_in("监局"));
    }

    #[test]
    fn each_word_of_a_group_means_the_others() {
        let own = own();
        assert_eq!(own.of_word("市场监督管理局"), ["市监局"]);
        assert_eq!(own.of_word("its"), ["智慧交通"]);
        assert!(own.of_word("市监").is_empty());
        assert_eq!(own.otherwise("市监局清单"), ["市场监督管理局清单"]);
        assert!(own.otherwise("清单").is_empty());
    }
}
