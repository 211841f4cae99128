//! XLSX: the cells of the visible sheets as a person sees them, and some of them covered. A covered cell holds its own words, and
//! no formula is left in the copy: one may say what is gone.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::cover::{Changes, Piece, unlink, words};
use super::dom::{Element, Node};
use super::repack::Parts;
use super::sheet::{Book, column_of};
use super::{cannot_clean, cover_word};
use crate::block::Unreadable;
use crate::limits::Limits;
use crate::refusal::too_large;
use crate::sheet::{Shown, shown};

/// Tabs that stand for empty cells.
const GAPS_MAX: usize = 4_000_000;
/// What people call a text box of a sheet.
const TEXT_BOX: &str = "工作表文本框";

fn drawings(parts: &Parts) -> Vec<String> {
    parts
        .names()
        .filter(|name| name.starts_with("xl/drawings/drawing") && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect()
}

pub(super) fn pieces(bytes: &[u8], limits: &Limits) -> Result<Vec<Piece>, Unreadable> {
    let (mut pieces, mut gaps) = (Vec::new(), 0_usize);
    for sheet in &shown(bytes, limits)? {
        gaps = gaps.saturating_add(cells(sheet, &mut pieces));
        if gaps > GAPS_MAX {
            return Err(too_large("空着的列过多"));
        }
    }
    let parts = Parts::open(bytes, limits)?;
    for name in drawings(&parts) {
        if let Some(mut root) = parts.xml(&name, limits)? {
            cover_word::read(TEXT_BOX, &mut root, &mut pieces);
        }
    }
    Ok(pieces)
}

/// Adds the cells of a sheet, row by row; gives how many tabs they are apart. Of a sheet that is too wide not all are added.
fn cells(sheet: &Shown, pieces: &mut Vec<Piece>) -> usize {
    let first = sheet.cells.keys().map(|(_, column)| *column).min();
    let first = first.unwrap_or(0);
    // The head of one sheet says nothing of the next.
    let mut between = if pieces.is_empty() { "" } else { "\n" };
    let (mut last, mut gaps) = (None, 0_usize);
    for ((row, column), text) in &sheet.cells {
        let from = match last {
            Some((before, column)) if before == *row => column,
            _ => {
                if let Some(piece) = pieces.last_mut() {
                    piece.ends_line = true;
                }
                first
            }
        };
        let gap = usize::try_from(column.saturating_sub(from)).unwrap_or(GAPS_MAX);
        gaps = gaps.saturating_add(gap);
        if gaps > GAPS_MAX {
            return gaps;
        }
        pieces.push(Piece {
            place: format!(
                "工作表“{}”{}{}",
                sheet.name,
                letters(*column),
                row.saturating_add(1)
            ),
            text: text.clone(),
            before: format!("{between}{}", "\t".repeat(gap)),
            ends_line: false,
        });
        between = "";
        last = Some((*row, *column));
    }
    if let Some(piece) = pieces.last_mut() {
        piece.ends_line = true;
    }
    gaps
}

/// The letters of a column from 0: A, Z, AA.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        let digit = (left - 1) % 26;
        letters.extend(char::from_digit(digit + 10, 36));
        left = (left - 1) / 26;
    }
    letters
        .into_iter()
        .rev()
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

pub(super) fn cover(
    bytes: &[u8],
    changes: &Changes<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, Unreadable> {
    let sheets = shown(bytes, limits)?;
    let mut parts = Parts::open(bytes, limits)?;
    let book = Book::of(&parts, limits)?;
    let mut count = 0_usize;
    for sheet in &sheets {
        let mut new: HashMap<(u32, u32), &str> = HashMap::new();
        for at in sheet.cells.keys() {
            if let Some(text) = changes.get(&count) {
                new.insert(*at, text);
            }
            count += 1;
        }
        let mut own = book.sheets.iter().filter(|one| !one.hidden);
        let part = own.find(|one| one.name == sheet.name);
        let part = part.map(|one| one.part.as_str()).unwrap_or_default();
        let Some(mut root) = parts.xml(part, limits)? else {
            return Err(not_found(&sheet.name));
        };
        if put(&mut root, new) > 0 {
            return Err(not_found(&sheet.name));
        }
        without_echoes(&mut root);
        parts.put(part, &root);
    }
    for name in drawings(&parts) {
        if let Some(mut root) = parts.xml(&name, limits)? {
            cover_word::write(&mut root, &mut count, changes);
            parts.put(&name, &root);
        }
    }
    let tables: Vec<String> = parts
        .names()
        .filter(|name| name.starts_with("xl/tables/") && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    for name in tables {
        if let Some(mut root) = parts.xml(&name, limits)? {
            root.retain(&mut |element| !element.is("filterColumn"));
            parts.put(&name, &root);
        }
    }
    unlink(&mut parts, limits)?;
    parts.pack()
}

fn not_found(sheet: &str) -> Unreadable {
    cannot_clean(&format!("工作表“{sheet}”里要遮盖的单元格找不到"))
}

/// What repeats the words of cells: formulas, chosen values of filters, what a link shows of its cell.
fn without_echoes(root: &mut Element) {
    root.retain(&mut |element| !element.is("f") && !element.is("filterColumn"));
    for list in root.elements_mut().filter(|part| part.is("hyperlinks")) {
        for link in list.elements_mut() {
            link.with_attributes(|key| !matches!(key, "display" | "tooltip"), &[]);
        }
    }
}

/// Puts the new words into their cells; gives how many found none.
fn put(root: &mut Element, mut new: HashMap<(u32, u32), &str>) -> usize {
    let mut next = 0_u32;
    for data in root.elements_mut().filter(|part| part.is("sheetData")) {
        for row in data.elements_mut().filter(|row| row.is("row")) {
            let number = row.attribute("r").and_then(|number| number.parse().ok());
            let number = number.and_then(|number: u32| number.checked_sub(1));
            let number = number.unwrap_or(next);
            next = number.saturating_add(1);
            let mut column = 0;
            for cell in row.elements_mut().filter(|cell| cell.is("c")) {
                column = column_of(cell, column);
                if let Some(text) = new.remove(&(number, column.saturating_sub(1))) {
                    set(cell, text);
                }
            }
        }
    }
    new.len()
}

/// The cell with these words of its own, in the same style.
fn set(cell: &mut Element, text: &str) {
    let name = cell.tag.name().0;
    let prefix = name.rsplit_once(':');
    let prefix = prefix.map_or_else(String::new, |(prefix, _)| format!("{prefix}:"));
    // XML has no other signs of control.
    let text: String = text
        .chars()
        .map(|c| {
            let is_other = c.is_control() && !matches!(c, '\t' | '\n');
            if is_other { ' ' } else { c }
        })
        .collect();
    let mut tag = BytesStart::new(format!("{prefix}t"));
    tag.push_attribute(("xml:space", "preserve"));
    let own = Element {
        tag,
        children: vec![words(&text)],
    };
    cell.children = vec![Node::Element(Element {
        tag: BytesStart::new(format!("{prefix}is")),
        children: vec![Node::Element(own)],
    })];
    cell.with_attributes(|key| matches!(key, "r" | "s"), &[("t", "inlineStr")]);
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }
}
