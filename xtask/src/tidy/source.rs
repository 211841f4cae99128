//! Rust source, cut just finely enough for the rules: code, string literals, comments, test regions, functions.

use std::ops::RangeInclusive;

/// A string literal or a comment, and the line on which it begins (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) text: String,
}

/// A function and its lines, from `fn` to the closing brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) lines: RangeInclusive<usize>,
}

impl Function {
    pub(super) fn length(&self) -> usize {
        self.lines.end() - self.lines.start() + 1
    }
}

#[derive(Debug, Default)]
pub(super) struct Source {
    /// The text with strings and comments blanked out; lines stay where they are.
    pub(super) code: String,
    pub(super) strings: Vec<Piece>,
    pub(super) comments: Vec<Piece>,
    all_test: bool,
    test_regions: Vec<RangeInclusive<usize>>,
}

impl Source {
    pub(super) fn read(path: &str, text: &str) -> Self {
        let mut source = Scanner::new(text).scan();
        source.all_test = is_test_path(path);
        source.test_regions = source.find_test_regions();
        source
    }

    /// Whether the line is test code: a test file, or inside `#[cfg(test)] mod …`.
    pub(super) fn is_test(&self, line: usize) -> bool {
        self.all_test
            || self
                .test_regions
                .iter()
                .any(|region| region.contains(&line))
    }

    /// Lines of the file outside inline test modules; what a reader has to hold in mind.
    pub(super) fn length(&self) -> usize {
        let tests: usize = self
            .test_regions
            .iter()
            .map(|region| region.end() - region.start() + 1)
            .sum();
        self.code.lines().count() - tests
    }

    /// Identifiers and keywords of the code, with their lines.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.lines().enumerate();
        lines.flat_map(|(number, line)| words(line).map(move |word| (number + 1, word)))
    }

    /// Every function with a body.
    pub(super) fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            let before = self
                .code
                .get(..at)
                .and_then(|code| code.chars().next_back());
            if before.is_some_and(is_word_char) {
                continue;
            }
            let rest = self.code.get(at + 3..).unwrap_or_default();
            let Some(name) = words(rest.lines().next().unwrap_or_default()).next() else {
                continue;
            };
            let Some(body) = body(rest) else { continue };
            let first = line_at(&self.code, at);
            let last = line_at(&self.code, at + 3 + body);
            found.push(Function {
                name: name.to_owned(),
                lines: first..=last,
            });
        }
        found
    }

    fn find_test_regions(&self) -> Vec<RangeInclusive<usize>> {
        let mut regions = Vec::new();
        for (at, mark) in self.code.match_indices("#[cfg(test)]") {
            let rest = self.code.get(at + mark.len()..).unwrap_or_default();
            if let Some(end) = body(rest) {
                regions.push(line_at(&self.code, at)..=line_at(&self.code, at + mark.len() + end));
            }
        }
        regions
    }
}

/// Words of a line: runs of letters, digits and `_`.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c| !is_word_char(c))
        .filter(|word| !word.is_empty())
}

pub(super) fn is_test_path(path: &str) -> bool {
    ["/tests.rs", "/testing.rs"]
        .iter()
        .any(|name| path.ends_with(name))
        || path.starts_with("crates/journeys/")
        || ["/tests/", "/examples/", "/benches/", "/fuzz/"]
            .iter()
            .any(|folder| path.contains(folder))
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_at(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Where the first `{…}` ends, unless a `;` outside brackets comes first (no body).
fn body(code: &str) -> Option<usize> {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return None,
            '{' => braces += 1,
            '}' if braces == 1 => return Some(at),
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Walks the text once, a character at a time.
struct Scanner<'t> {
    rest: &'t str,
    line: usize,
    source: Source,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text,
            line: 1,
            source: Source::default(),
        }
    }

    fn scan(mut self) -> Source {
        while let Some(first) = self.rest.chars().next() {
            let inside_word = self
                .source
                .code
                .chars()
                .next_back()
                .is_some_and(is_word_char);
            if self.rest.starts_with("//") {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.comment(end);
            } else if self.rest.starts_with("/*") {
                self.comment(block_comment(self.rest));
            } else if let Some((open, close)) = string_ends(self.rest, inside_word) {
                self.string(open, close);
            } else if first == '\'' {
                self.blank(char_literal(self.rest));
            } else {
                self.take(first.len_utf8());
            }
        }
        self.source
    }

    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.source.code.push_str(taken);
        self.rest = rest;
    }

    /// Keeps the line breaks only.
    fn blank(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        let breaks = taken.matches('\n').count();
        self.line += breaks;
        self.source.code.push(' ');
        self.source.code.push_str(&"\n".repeat(breaks));
        self.rest = rest;
        taken
    }

    fn comment(&mut self, bytes: usize) {
        let line = self.line;
        let text = self.blank(bytes).to_owned();
        self.source.comments.push(Piece { line, text });
    }

    fn string(&mut self, open: usize, close: usize) {
        let line = self.line;
        let whole = self.blank(close);
        let text = whole.get(open..).unwrap_or_default();
        let text = text.trim_end_matches('#');
        let text = text.strip_suffix('"').unwrap_or(text).to_owned();
        self.source.strings.push(Piece { line, text });
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// For a text that begins with a string literal: where its content begins and where the literal ends.
fn string_ends(text: &str, inside_word: bool) -> Option<(usize, usize)> {
    let prefix = text
        .find(|c: char| !matches!(c, 'b' | 'c' | 'r'))
        .filter(|at| *at <= 2)?;
    if prefix > 0 && inside_word {
        return None;
    }
    let (letters, rest) = text.split_at(prefix);
    let marks = rest.len() - rest.trim_start_matches('#').len();
    let raw = letters.ends_with('r');
    if !rest.get(marks..)?.starts_with('"') || (marks > 0 && !raw) {
        return None;
    }
    let open = prefix + marks + 1;
    let content = text.get(open..)?;
    let length = if raw {
        let end = format!("\"{}", "#".repeat(marks));
        content
            .find(&end)
            .map_or(content.len(), |at| at + end.len())
    } else {
        plain_string(content)
    };
    Some((open, open + length))
}

/// Bytes up to and with the closing quote.
fn plain_string(content: &str) -> usize {
    let mut escaped = false;
    for (at, c) in content.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    content.len()
}

/// Bytes of a character literal; 1 for a lifetime's tick.
fn char_literal(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    let first = chars.next().map(|(_, c)| c);
    let second = chars.next();
    if first == Some('\\') {
        // What is escaped may itself be a tick; `\u{…}` runs on.
        return chars.find(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1);
    }
    match second {
        Some((at, '\'')) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
