//! What readers of flowing formats (HTML, DOCX, DOC, ODT) gather before it becomes blocks: paragraphs and tables,
//! tables in cells too. Tables that only arrange a page are opened up, tables of data become grids.

use crate::block::{Cell, Place, Row, STRUCK_ROW, Table, Unreadable};
use crate::collect::Collector;
use crate::count::{has_readable, readable_chars};
use crate::grid::{ColumnFinder, settle};

#[derive(Clone)]
pub(crate) enum Flow {
    Paragraph {
        text: String,
        heading: Option<u8>,
        place: Place,
    },
    Table(FlowTable),
    /// Where the source says that a picture stands.
    Picture {
        source: String,
        alt: String,
        place: Place,
    },
}

impl Flow {
    fn is_text(&self) -> bool {
        !matches!(self, Self::Picture { .. })
    }
}

#[derive(Clone, Default)]
pub(crate) struct FlowTable {
    pub(crate) place: Place,
    pub(crate) captions: Vec<Flow>,
    pub(crate) rows: Vec<FlowRow>,
    /// Rows most of whose cells are struck through.
    pub(crate) struck: Vec<usize>,
}

#[derive(Clone, Default)]
pub(crate) struct FlowRow {
    pub(crate) cells: Vec<FlowCell>,
    pub(crate) heading: bool,
    /// Running number of the row group (HTML's thead, tbody): cells never span out of it.
    pub(crate) group: u32,
}

#[derive(Clone, Default)]
pub(crate) struct FlowCell {
    pub(crate) content: Vec<Flow>,
    /// Zero-based, where the format says it; else the next free one.
    pub(crate) column: Option<u32>,
    pub(crate) column_span: u32,
    /// 0 means down to the end of the row group.
    pub(crate) row_span: u32,
    pub(crate) place: Place,
}

/// Readable characters of pieces, those in tables too.
pub(crate) fn chars_in(content: &[Flow]) -> u64 {
    let piece = |flow: &Flow| match flow {
        Flow::Paragraph { text, .. } => readable_chars(text),
        Flow::Picture { .. } => 0,
        Flow::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            cells.map(|cell| chars_in(&cell.content)).sum::<u64>() + chars_in(&table.captions)
        }
    };
    content.iter().map(piece).sum()
}

/// A table of at most this many rows may be an arrangement of the page even if it has columns.
const LAYOUT_ROWS_MAX: usize = 3;
/// Paragraphs in one cell from which on such a table is an arrangement of the page.
const LAYOUT_CELL_PARAGRAPHS: usize = 30;

pub(crate) fn emit(flow: Vec<Flow>, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    for piece in flow {
        match piece {
            Flow::Paragraph {
                text,
                heading,
                place,
            } => out.paragraph(text, heading, place)?,
            Flow::Table(table) if is_layout(&table) => {
                emit(table.captions, out)?;
                if table.rows.iter().any(|row| row.cells.len() > 1) {
                    out.note(
                        "layout-table",
                        "用于排版的表格已展开为正文，请核对先后顺序。",
                        table.place,
                    );
                }
                for cell in table.rows.into_iter().flat_map(|row| row.cells) {
                    emit(cell.content, out)?;
                }
            }
            Flow::Table(table) => emit_grid(table, out)?,
            Flow::Picture { source, alt, place } => out.picture(source, alt, place),
        }
    }
    Ok(())
}

/// Whether a table arranges the page instead of holding data: one column, or around another table
/// that is the real one, or a few rows with headings or a whole article in a cell.
fn is_layout(table: &FlowTable) -> bool {
    survey(table).layout
}

struct Survey {
    layout: bool,
    /// Rows of the largest data table in this one, or of this one if it is data.
    largest: usize,
}

fn survey(table: &FlowTable) -> Survey {
    let rows = filled_rows(table).count();
    let columns = table
        .rows
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or(0);
    let inner = cells(table)
        .flat_map(|cell| &cell.content)
        .map(|flow| match flow {
            Flow::Table(inner) => survey(inner).largest,
            Flow::Paragraph { .. } | Flow::Picture { .. } => 0,
        });
    let inner = inner.max().unwrap_or(0);
    let layout = columns <= 1
        || inner >= rows.max(2)
        || (rows <= LAYOUT_ROWS_MAX && cells(table).any(is_article));
    Survey {
        layout,
        largest: if layout { inner } else { rows },
    }
}

fn is_article(cell: &FlowCell) -> bool {
    let headed = cell.content.iter().any(|flow| {
        matches!(
            flow,
            Flow::Paragraph {
                heading: Some(1..=3),
                ..
            }
        )
    });
    let pieces = cell.content.iter().filter(|flow| flow.is_text()).count();
    (headed && pieces > 2) || pieces > LAYOUT_CELL_PARAGRAPHS
}

fn cells(table: &FlowTable) -> impl Iterator<Item = &FlowCell> {
    table.rows.iter().flat_map(|row| &row.cells)
}

fn filled_rows(table: &FlowTable) -> impl Iterator<Item = &FlowRow> {
    table.rows.iter().filter(|row| {
        let mut content = row.cells.iter().flat_map(|cell| &cell.content);
        content.any(Flow::is_text)
    })
}

fn emit_grid(table: FlowTable, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    emit(table.captions, out)?;
    let place = table.place;
    let group_ends = group_ends(&table.rows);
    let (mut finder, mut rows) = (
        ColumnFinder::default(),
        Vec::with_capacity(table.rows.len()),
    );
    // A grid holds words alone: its pictures follow it.
    let mut pictures = Vec::new();
    for ((index, row), end) in table.rows.into_iter().enumerate().zip(group_ends) {
        finder.start_row();
        let left = u32::try_from(end - index).unwrap_or(u32::MAX);
        let mut settled = Vec::with_capacity(row.cells.len());
        for cell in row.cells {
            let row_span = if cell.row_span == 0 {
                left
            } else {
                cell.row_span.min(left)
            };
            let (column, column_span) = match cell.column {
                Some(column) => (column, cell.column_span.max(1)),
                None => finder.place(cell.column_span, row_span, out.limits())?,
            };
            let place = cell.place;
            let (text, nested) = cell_text(cell.content, &mut pictures);
            if nested {
                out.note(
                    "nested-table",
                    "单元格中套有表格，已按文字读入该单元格，请核对。",
                    place,
                );
            }
            settled.push(Cell {
                text,
                column,
                row_span,
                column_span,
                place,
                doubtful: nested,
            });
        }
        rows.push(Row {
            cells: settled,
            heading: row.heading,
        });
    }
    let rows = settle(rows, out.limits())?;
    let struck = table.struck.into_iter();
    let struck = struck.filter_map(|index| Some(rows.get(index)?.cells.first()?.place));
    let struck: Vec<Place> = struck.collect();
    let table = out.table(Table { rows, place })?;
    for place in struck {
        let message = "表格中有一行划了删除线，可能已经取消，仍已读取，请核对。";
        let table = Some(table);
        out.note(STRUCK_ROW, message, Place { table, ..place });
    }
    emit(pictures, out)
}

/// For each row the index one past the last row of its group.
fn group_ends(rows: &[FlowRow]) -> Vec<usize> {
    let (mut ends, mut end) = (vec![0; rows.len()], rows.len());
    let mut below = None;
    for (index, row) in rows.iter().enumerate().rev() {
        if below.is_some_and(|group| group != row.group) {
            end = index + 1;
        }
        below = Some(row.group);
        if let Some(slot) = ends.get_mut(index) {
            *slot = end;
        }
    }
    ends
}

/// Paragraphs joined by line ends; a table inside becomes lines with tabs. The flag tells of such a table.
fn cell_text(content: Vec<Flow>, pictures: &mut Vec<Flow>) -> (String, bool) {
    let (mut lines, mut nested) = (Vec::new(), false);
    for flow in content {
        match flow {
            Flow::Paragraph { text, .. } => lines.push(text),
            picture @ Flow::Picture { .. } => pictures.push(picture),
            Flow::Table(table) => {
                let data = !is_layout(&table);
                nested |= data;
                lines.extend(
                    table
                        .captions
                        .into_iter()
                        .map(|caption| cell_text(vec![caption], pictures).0),
                );
                for row in table.rows {
                    let cells = row.cells.into_iter().map(|cell| {
                        let (text, deeper) = cell_text(cell.content, pictures);
                        nested |= deeper;
                        text
                    });
                    lines.push(
                        cells
                            .collect::<Vec<_>>()
                            .join(if data { "\t" } else { "\n" }),
                    );
                }
            }
        }
    }
    lines.retain(|line| has_readable(line));
    (lines.join("\n"), nested)
}
