//! DOCX: the paragraphs of body, headers, footers and notes, and their words covered run by run. Text boxes of sheets are made of
//! the same paragraphs.

use super::cover::{Changes, Piece, is_personal_link, unlink, words};
use super::dom::Element;
use super::repack::Parts;
use super::word::{is_story, story_name};
use crate::block::Unreadable;
use crate::limits::Limits;

/// What a field says instead of a link that writes to somebody.
const NO_LINK: &str = " HYPERLINK \"about:blank\" ";

/// What is met on the way through a part.
enum Met<'e> {
    Table,
    Row,
    Cell,
    RowEnd,
    Paragraph(&'e mut Element),
}

/// Goes through tables and paragraphs in their order; what was deleted goes with cleaning. Whatever stands in a row is its line.
fn walk(element: &mut Element, in_row: bool, see: &mut dyn FnMut(Met<'_>)) {
    for child in element.elements_mut() {
        match child.local() {
            "del" | "moveFrom" => {}
            "tbl" => {
                see(Met::Table);
                walk(child, in_row, see);
            }
            "tr" if !in_row => {
                see(Met::Row);
                walk(child, true, see);
                see(Met::RowEnd);
            }
            "tc" => {
                see(Met::Cell);
                walk(child, in_row, see);
            }
            "p" => {
                see(Met::Paragraph(child));
                // Text boxes stand inside.
                walk(child, in_row, see);
            }
            _ => walk(child, in_row, see),
        }
    }
}

/// A place of a paragraph's text.
enum Slot<'e> {
    Words(&'e mut Element),
    /// A sign that is an element by itself.
    Sign(char),
}

fn slots(element: &mut Element, see: &mut dyn FnMut(Slot<'_>)) {
    for child in element.elements_mut() {
        match child.local() {
            "t" => see(Slot::Words(child)),
            "tab" | "ptab" => see(Slot::Sign('\t')),
            "br" | "cr" => see(Slot::Sign('\n')),
            "noBreakHyphen" => see(Slot::Sign('-')),
            "p" | "pPr" | "rPr" | "del" | "moveFrom" => {}
            _ => slots(child, see),
        }
    }
}

fn text_of(paragraph: &mut Element) -> String {
    let mut text = String::new();
    slots(paragraph, &mut |slot| match slot {
        Slot::Words(element) => text.push_str(&element.text()),
        Slot::Sign(sign) => text.push(sign),
    });
    text
}

/// As many characters as before, each where the one before it stood.
fn put(paragraph: &mut Element, new: &str) {
    let mut left = new.chars();
    slots(paragraph, &mut |slot| match slot {
        Slot::Words(element) => {
            let old = element.text();
            let own: String = left.by_ref().take(old.chars().count()).collect();
            if own != old {
                element.children = vec![words(&own)];
            }
        }
        Slot::Sign(_) => {
            left.next();
        }
    });
}

/// The pieces of a part as they are met.
struct Lines<'p> {
    story: &'p str,
    pieces: &'p mut Vec<Piece>,
    paragraphs: usize,
    tables: usize,
    rows: usize,
    in_row: bool,
    /// What will part the next piece from the one before.
    gap: String,
    /// A cell of the row, and a paragraph of the cell, was met before.
    has_cell: bool,
    has_paragraph: bool,
}

impl<'p> Lines<'p> {
    fn of(story: &'p str, pieces: &'p mut Vec<Piece>) -> Self {
        Self {
            story,
            pieces,
            paragraphs: 0,
            tables: 0,
            rows: 0,
            in_row: false,
            gap: String::new(),
            has_cell: false,
            has_paragraph: false,
        }
    }

    fn meet(&mut self, met: Met<'_>) {
        match met {
            Met::Table if !self.in_row => {
                self.tables += 1;
                self.rows = 0;
            }
            Met::Table => {}
            Met::Row => {
                self.rows += 1;
                (self.in_row, self.has_cell) = (true, false);
                self.gap.clear();
                // What stood before the table is a line of its own.
                self.end_line();
            }
            Met::Cell => {
                if self.has_cell {
                    self.gap.push('\t');
                }
                (self.has_cell, self.has_paragraph) = (true, false);
            }
            Met::RowEnd => {
                self.in_row = false;
                self.gap.clear();
                self.end_line();
            }
            Met::Paragraph(paragraph) => self.paragraph(text_of(paragraph)),
        }
    }

    fn end_line(&mut self) {
        if let Some(last) = self.pieces.last_mut() {
            last.ends_line = true;
        }
    }

    fn paragraph(&mut self, text: String) {
        if !self.in_row {
            self.paragraphs += 1;
        }
        if text.trim().is_empty() {
            return;
        }
        if self.in_row && self.has_paragraph {
            self.gap.push(' ');
        }
        self.has_paragraph = true;
        let place = if self.in_row {
            format!("{}第{}个表格第{}行", self.story, self.tables, self.rows)
        } else {
            format!("{}第{}段", self.story, self.paragraphs)
        };
        self.pieces.push(Piece {
            place,
            text,
            before: std::mem::take(&mut self.gap),
            ends_line: !self.in_row,
        });
    }
}

/// Adds the paragraphs of a part that say something.
pub(super) fn read(story: &str, root: &mut Element, pieces: &mut Vec<Piece>) {
    let mut lines = Lines::of(story, pieces);
    walk(root, false, &mut |met| lines.meet(met));
}

/// Puts the changes into a part; `count` is the number of its first piece, and then that of the next part's.
pub(super) fn write(root: &mut Element, count: &mut usize, changes: &Changes<'_>) {
    walk(root, false, &mut |met| {
        let Met::Paragraph(paragraph) = met else {
            return;
        };
        if text_of(paragraph).trim().is_empty() {
            return;
        }
        if let Some(new) = changes.get(&*count) {
            put(paragraph, new);
        }
        *count += 1;
    });
}

fn stories(parts: &Parts) -> Vec<String> {
    parts
        .names()
        .filter(|name| is_story(name))
        .map(str::to_owned)
        .collect()
}

pub(super) fn pieces(bytes: &[u8], limits: &Limits) -> Result<Vec<Piece>, Unreadable> {
    let parts = Parts::open(bytes, limits)?;
    let mut pieces = Vec::new();
    for name in stories(&parts) {
        if let Some(mut root) = parts.xml(&name, limits)? {
            read(story_name(&name), &mut root, &mut pieces);
        }
    }
    Ok(pieces)
}

pub(super) fn cover(
    bytes: &[u8],
    changes: &Changes<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, Unreadable> {
    let mut parts = Parts::open(bytes, limits)?;
    let mut count = 0;
    for name in stories(&parts) {
        if let Some(mut root) = parts.xml(&name, limits)? {
            write(&mut root, &mut count, changes);
            unlink_fields(&mut root);
            parts.put(&name, &root);
        }
    }
    unlink(&mut parts, limits)?;
    parts.pack()
}

/// Fields that write or ring to somebody lead nowhere any more.
fn unlink_fields(element: &mut Element) {
    for child in element.elements_mut() {
        if child.is("instrText") && is_personal_link(&child.text()) {
            child.children = vec![words(NO_LINK)];
        }
        let instruction = child
            .is("fldSimple")
            .then(|| key_of(child, "instr"))
            .flatten();
        if let Some((key, said)) = instruction
            && is_personal_link(&said)
        {
            child.with_attributes(|one| one != key, &[(key.as_str(), NO_LINK)]);
        }
        unlink_fields(child);
    }
}

/// The whole name of an attribute with its prefix, and what it says.
fn key_of(element: &Element, name: &str) -> Option<(String, String)> {
    let said = element.attribute(name)?;
    let mut attributes = element.tag.attributes();
    let mut keys = attributes.with_checks(false).flatten();
    let key = keys.find(|one| one.key.0.rsplit(':').next() == Some(name))?;
    Some((key.key.0.to_owned(), said))
}
