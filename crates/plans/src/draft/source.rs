//! The source as the page beside the tasks shows it: paragraphs and tables, each with an anchor by its place.

use std::collections::BTreeSet;

use gongkai_office::{Block, Document, Place};

/// Rows and paragraphs that one page shows; the rest is in the file.
const PIECES_MAX: usize = 3_000;

/// A piece of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Paragraph {
        anchor: String,
        text: String,
        heading: bool,
    },
    Table {
        anchor: String,
        rows: Vec<SourceRow>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceRow {
    pub(super) anchor: String,
    pub(super) cells: Vec<SourceCell>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceCell {
    /// Empty where another cell has the same place.
    pub(super) anchor: String,
    pub(super) text: String,
    pub(super) row_span: u32,
    pub(super) column_span: u32,
}

/// What the page shows of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) pieces: Vec<Piece>,
    /// Not everything is shown.
    pub(super) cut: bool,
}

/// The anchor of a place; empty where nothing is known of it.
#[must_use]
pub(super) fn anchor(place: Place) -> String {
    match (place.table, place.row, place.column, place.line, place.page) {
        (Some(table), Some(row), Some(column), ..) => format!("p-t{table}r{row}c{column}"),
        (Some(table), Some(row), ..) => format!("p-t{table}r{row}"),
        (_, _, _, Some(line), _) => format!("p-l{line}"),
        (Some(table), ..) => format!("p-t{table}"),
        (.., Some(page)) => format!("p-g{page}"),
        _ => String::new(),
    }
}

/// `第 3 页 表 1 第 5 行`, for people.
#[must_use]
pub(crate) fn place_name(place: Place) -> String {
    let part = |number: Option<u32>, before: &str, after: &str| {
        number.map_or_else(String::new, |number| format!("{before}{number}{after}"))
    };
    let name = match place.table {
        Some(_) => [
            part(place.page, "第", "页"),
            part(place.table, "表", ""),
            part(place.row, "第", "行"),
            part(place.column, "第", "列"),
        ],
        None => [
            part(place.page, "第", "页"),
            part(place.line, "第", "行"),
            String::new(),
            String::new(),
        ],
    };
    let name: Vec<String> = name.into_iter().filter(|part| !part.is_empty()).collect();
    name.join(" ")
}

/// Prepares a document for its page. Each anchor is given once.
#[must_use]
pub(super) fn source(document: &Document) -> Source {
    let mut given: BTreeSet<String> = BTreeSet::new();
    let mut once = |place: Place| {
        let anchor = anchor(place);
        if anchor.is_empty() || !given.insert(anchor.clone()) {
            String::new()
        } else {
            anchor
        }
    };
    let mut source = Source::default();
    let mut left = PIECES_MAX;
    for block in &document.blocks {
        if left == 0 {
            source.cut = true;
            break;
        }
        match block {
            Block::Paragraph(paragraph) => {
                left -= 1;
                if paragraph.text.trim().is_empty() {
                    continue;
                }
                source.pieces.push(Piece::Paragraph {
                    anchor: once(paragraph.place),
                    text: paragraph.text.clone(),
                    heading: paragraph.heading.is_some(),
                });
            }
            Block::Table(table) => {
                source.cut |= table.rows.len() > left;
                let rows: Vec<SourceRow> = table
                    .rows
                    .iter()
                    .take(left)
                    .map(|row| SourceRow {
                        anchor: row.cells.first().map_or_else(String::new, |cell| {
                            once(Place {
                                column: None,
                                ..cell.place
                            })
                        }),
                        cells: row
                            .cells
                            .iter()
                            .map(|cell| SourceCell {
                                anchor: once(cell.place),
                                text: cell.text.clone(),
                                row_span: cell.row_span,
                                column_span: cell.column_span,
                            })
                            .collect(),
                    })
                    .collect();
                left -= rows.len();
                source.pieces.push(Piece::Table {
                    anchor: once(table.place),
                    rows,
                });
            }
        }
    }
    source
}
