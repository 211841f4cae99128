//! Where the words stand in what is shown: pieces of text, each a hit or not.

use crate::text::fold;

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 110;
/// Characters before the first hit of a snippet.
const BEFORE_CHARS: usize = 18;
/// Characters of a body that are looked through for a snippet.
const LOOK_CHARS_MAX: usize = 20_000;
/// Beginnings of a snippet that are compared.
const STARTS_MAX: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub hit: bool,
}

/// Text in pieces; neighbours of one kind are one piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked(pub Vec<Piece>);

impl Marked {
    /// Without the marks.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    fn push(&mut self, c: char, hit: bool) {
        match self.0.last_mut().filter(|last| last.hit == hit) {
            Some(last) => last.text.push(c),
            None => self.0.push(Piece {
                text: c.into(),
                hit,
            }),
        }
    }
}

/// The characters of a text, and which belong to a term.
fn hits(text: &str, terms: &[String]) -> Vec<(char, bool)> {
    let folded: String = text.chars().map(fold).collect();
    let mut covered = vec![false; folded.len()];
    for term in terms.iter().filter(|term| !term.is_empty()) {
        for (at, found) in folded.match_indices(term.as_str()) {
            for place in covered.iter_mut().skip(at).take(found.len()) {
                *place = true;
            }
        }
    }
    let starts = folded.char_indices().map(|(at, _)| at);
    text.chars()
        .zip(starts)
        .map(|(c, at)| (c, covered.get(at).copied().unwrap_or_default()))
        .collect()
}

/// The whole text with its hits; the terms are folded already.
pub(crate) fn whole(text: &str, terms: &[String]) -> Marked {
    let mut marked = Marked::default();
    for (c, hit) in hits(text, terms) {
        marked.push(c, hit);
    }
    marked
}

/// The part of a text with the most hits, in one line.
pub(crate) fn snippet(text: &str, terms: &[String]) -> Marked {
    let line: String = text
        .chars()
        .take(LOOK_CHARS_MAX)
        .map(|c| {
            if c.is_whitespace() || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let line = line
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let chars = hits(&line, terms);
    let begins = chars.iter().enumerate().filter(|(_, (_, hit))| *hit);
    let from = begins
        .map(|(at, _)| at.saturating_sub(BEFORE_CHARS))
        .take(STARTS_MAX)
        .map(|from| {
            let window = chars.iter().skip(from).take(SNIPPET_CHARS);
            (window.filter(|(_, hit)| *hit).count(), from)
        })
        .max_by_key(|(n, from)| (*n, std::cmp::Reverse(*from)))
        .map_or(0, |(_, from)| from);
    let mut marked = Marked::default();
    if from > 0 {
        marked.push('…', false);
    }
    for (c, hit) in chars.iter().skip(from).take(SNIPPET_CHARS) {
        marked.push(*c, *hit);
    }
    if from + SNIPPET_CHARS < chars.len() || text.chars().nth(LOOK_CHARS_MAX).is_some() {
        marked.push('…', false);
    }
    marked
}
