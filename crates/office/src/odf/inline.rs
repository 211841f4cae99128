//! The characters of one paragraph: white space collapses, blanks, tabs and line ends are elements.

use crate::xml::Open;

/// Blanks that one element may stand for.
const BLANKS_MAX: i64 = 1_000;

#[derive(Default)]
pub(crate) struct Line {
    pub(crate) text: String,
}

impl Line {
    pub(crate) fn push(&mut self, text: &str) {
        for c in text.chars() {
            if !matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.text.push(c);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\t', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// Whether the element is one that stands for characters; it is then still to be passed over.
    pub(crate) fn element(&mut self, open: &Open<'_>) -> bool {
        match open.local() {
            "s" => {
                let blanks = open.number("c").unwrap_or(1).clamp(0, BLANKS_MAX);
                self.text.extend((0..blanks).map(|_| ' '));
            }
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            _ => return false,
        }
        true
    }
}
