//! Where the words stand in what is shown: pieces of text, each a hit or not.

use gongkai_basis::clause::{Clause, Clauses};

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

/// A part of a text, and the clause of the text that it is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) marked: Marked,
    /// Of its first hit; `None` before the first clause, and where there is no hit.
    pub(crate) clause: Option<Clause>,
}

/// The part of a text with the most hits, in one line.
pub(crate) fn snippet(text: &str, terms: &[String]) -> Snippet {
    let begin = begin(text, terms);
    let flat = flat(text, begin);
    let line: String = flat.iter().map(|(c, _)| *c).collect();
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
    if begin + from > 0 {
        marked.push('…', false);
    }
    for (c, hit) in chars.iter().skip(from).take(SNIPPET_CHARS) {
        marked.push(*c, *hit);
    }
    if from + SNIPPET_CHARS < chars.len() || text.chars().nth(begin + LOOK_CHARS_MAX).is_some() {
        marked.push('…', false);
    }
    let mut shown = chars.iter().zip(&flat).skip(from).take(SNIPPET_CHARS);
    let first = shown.find(|((_, hit), _)| *hit);
    Snippet {
        marked,
        clause: first.and_then(|(_, (_, line))| clause(text, *line)),
    }
}

/// From which character on a text is looked through: from its first, unless no term stands in what is looked through then.
fn begin(text: &str, terms: &[String]) -> usize {
    if text.chars().nth(LOOK_CHARS_MAX).is_none() {
        return 0;
    }
    let folded: String = text.chars().map(fold).collect();
    let terms = terms.iter().filter(|term| !term.is_empty());
    let first = terms.filter_map(|term| folded.find(term.as_str())).min();
    let first = first.and_then(|at| folded.get(..at));
    match first.map_or(0, |before| before.chars().count()) {
        first if first + SNIPPET_CHARS < LOOK_CHARS_MAX => 0,
        first => first.saturating_sub(BEFORE_CHARS),
    }
}

/// A text from this character on in one line, white space as single blanks: each character with the number of its line, from 0.
fn flat(text: &str, begin: usize) -> Vec<(char, usize)> {
    let (mut flat, mut line): (Vec<(char, usize)>, usize) = (Vec::new(), 0);
    for (at, c) in text.chars().take(begin + LOOK_CHARS_MAX).enumerate() {
        let is_blank = c.is_whitespace() || c.is_control();
        let after_blank = flat.last().is_none_or(|(last, _)| *last == ' ');
        if at >= begin && !is_blank {
            flat.push((c, line));
        } else if at >= begin && !after_blank {
            flat.push((' ', line));
        }
        line += usize::from(c == '\n');
    }
    if flat.last().is_some_and(|(last, _)| *last == ' ') {
        flat.pop();
    }
    flat
}

/// The last clause that begins up to this line.
fn clause(text: &str, line: usize) -> Option<Clause> {
    let mut clauses = Clauses::default();
    let mut last = None;
    for line in text.lines().take(line + 1) {
        last = clauses.begins(line).or(last);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::{LOOK_CHARS_MAX, snippet};

    fn terms(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_snippet_names_the_article_that_it_is_from() {
        let text =
            "安澜市办法\n第一章 总则\n第一条 为了公开。\n第二条 甲。\n  其中乙。\n第三条 乙丙。";
        for (words, name) in [
            (&["为了"] as &[&str], Some("第一条")),
            (&["其中"], Some("第二条")),
            (&["乙", "丙"], Some("第二条")),
            (&["总则"], Some("第一章 总则")),
            (&["安澜市"], None),
            (&["没有"], None),
        ] {
            let clause = snippet(text, &terms(words)).clause;
            let found = clause.as_ref().map(|clause| clause.name.as_str());
            assert_eq!(found, name, "{words:?}");
        }
        let plain = snippet(text, &terms(&["没有"])).marked.plain();
        assert_eq!(
            plain,
            "安澜市办法 第一章 总则 第一条 为了公开。 第二条 甲。 其中乙。 第三条 乙丙。"
        );
    }

    #[test]
    fn words_far_down_in_a_long_text_are_shown_and_named() {
        let mut text = String::new();
        let mut n = 0;
        while text.chars().count() < 2 * LOOK_CHARS_MAX {
            n += 1;
            text.push_str(&format!("第{n}条 各单位应当及时公开有关信息。\n"));
        }
        text.push_str("第99999条 违反规定的，依法问责。\n");
        let found = snippet(&text, &terms(&["问责"]));
        let clause = found.clause.unwrap();
        assert_eq!(
            (clause.anchor.as_str(), clause.name.as_str()),
            ("第99999条", "第99999条")
        );
        let plain = found.marked.plain();
        assert!(
            plain.starts_with('…') && plain.contains("依法问责"),
            "{plain}"
        );
        let near = snippet(&text, &terms(&["有关信息"])).clause.unwrap();
        assert_eq!(near.name, "第1条");
    }
}
