//! Whether a character can begin or end any of some words: at most places of a text that is all one needs to know.

use super::text::{Mark, starts_any};

/// Characters as bits. One of the words' own always passes; a few others do, too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glance(u128);

impl Glance {
    /// What the words begin with.
    pub(crate) const fn heads(words: &[&str]) -> Self {
        let (mut bits, mut rest) = (0, words);
        while let [word, more @ ..] = rest {
            bits |= match word.as_bytes() {
                [a, b, c, ..] if *a >= 0xE0 && *a < 0xF0 => bit(han(*a, *b, *c)),
                [a, ..] if a.is_ascii() => bit(*a as u32),
                _ => panic!("a word begins with a letter or a Chinese character"),
            };
            rest = more;
        }
        Self(bits)
    }

    /// What the words begin with that mean something each.
    pub(crate) const fn heads_of<T>(words: &[(&str, T)]) -> Self {
        let (mut glance, mut rest) = (Self(0), words);
        while let [(word, _), more @ ..] = rest {
            glance = glance.or(Self::heads(&[*word]));
            rest = more;
        }
        glance
    }

    /// What passes here or there.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What the words end with.
    pub(crate) const fn tails(words: &[&str]) -> Self {
        let (mut bits, mut rest) = (0, words);
        while let [word, more @ ..] = rest {
            bits |= match word.as_bytes() {
                [.., a, b, c] if *a >= 0xE0 && *a < 0xF0 => bit(han(*a, *b, *c)),
                [.., a] if a.is_ascii() => bit(*a as u32),
                _ => panic!("a word ends with a letter or a Chinese character"),
            };
            rest = more;
        }
        Self(bits)
    }

    pub(crate) const fn may(self, c: char) -> bool {
        self.0 & bit(c as u32) != 0
    }

    /// The longest of the words at the start of a run; these are their heads.
    pub(crate) fn starts(self, run: &[Mark], words: &[&str]) -> Option<usize> {
        run.first().filter(|mark| self.may(mark.fold))?;
        starts_any(run, words)
    }

    /// Whether a text begins with any of the words; these are their heads.
    pub(crate) fn begins(self, text: &str, words: &[&str]) -> bool {
        text.chars().next().is_some_and(|c| self.may(c))
            && words.iter().any(|word| text.starts_with(word))
    }

    /// Whether any of the words stands in a text; these are their heads.
    pub(crate) fn finds(self, text: &str, words: &[&str]) -> bool {
        text.char_indices().any(|(at, c)| {
            self.may(c) && {
                let rest = text.get(at..).unwrap_or_default();
                // the last byte of the first character tells most words apart at once
                let third = |word: &str| word.as_bytes().get(2).copied();
                let other = |word: &str| third(word).is_some_and(|b| third(rest) != Some(b));
                words
                    .iter()
                    .any(|word| !other(word) && rest.starts_with(word))
            }
        })
    }
}

const fn bit(c: u32) -> u128 {
    1 << (c & 127)
}

/// The character of three bytes of UTF-8.
const fn han(a: u8, b: u8, c: u8) -> u32 {
    ((a as u32 & 0x0F) << 12) | ((b as u32 & 0x3F) << 6) | (c as u32 & 0x3F)
}

#[cfg(test)]
mod tests {
    use super::Glance;

    const WORDS: &[&str] = &["每季度", "印发", "5G"];

    #[test]
    fn heads_and_tails_of_words_pass() {
        let (heads, tails) = (Glance::heads(WORDS), Glance::tails(WORDS));
        for word in WORDS {
            assert!(heads.may(word.chars().next().unwrap()), "{word}");
            assert!(tails.may(word.chars().next_back().unwrap()), "{word}");
        }
        assert!(!heads.may('度'));
        assert!(!tails.may('每'));
        assert!(tails.may('度'));
    }

    #[test]
    fn words_are_found_anywhere() {
        let heads = Glance::heads(WORDS);
        assert!(heads.finds("自印发之日起", WORDS));
        assert!(heads.finds("建设5G", WORDS));
        assert!(!heads.finds("每季一次，印制", WORDS));
    }
}
