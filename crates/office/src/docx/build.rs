//! What is open while reading: stories, tables, cells, paragraphs; and how merged cells become spans.

use std::collections::BTreeMap;

use crate::block::Place;
use crate::flow::{Flow, FlowCell, FlowRow, FlowTable, chars_in};

use super::styles::Properties;

/// Columns that one cell may span; Word itself stops at 63.
const COLUMN_SPAN_MAX: i64 = 1_000;

pub(super) enum Frame {
    /// The body, or the text of a text box.
    Story(Vec<Flow>),
    Paragraph(ParagraphBuild),
    Table(TableBuild),
    Cell(CellBuild),
}

/// Whether text is struck through, and whether text is not.
#[derive(Clone, Copy, Default)]
pub(super) struct Strike {
    pub(super) struck: bool,
    pub(super) plain: bool,
}

impl Strike {
    pub(super) fn add(&mut self, other: Self) {
        self.struck |= other.struck;
        self.plain |= other.plain;
    }
}

#[derive(Default)]
pub(super) struct ParagraphBuild {
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) style: Option<String>,
    pub(super) own: Properties,
    /// The paragraph's end was deleted: it runs on into the next one.
    pub(super) mark_deleted: bool,
    pub(super) hidden_chars: u64,
    pub(super) strike: Strike,
    /// Text boxes anchored here; they follow the paragraph.
    pub(super) boxes: Vec<Flow>,
}

#[derive(Default)]
pub(super) struct TableBuild {
    pub(super) place: Place,
    pub(super) rows: Vec<RowBuild>,
}

#[derive(Default)]
pub(super) struct RowBuild {
    pub(super) cells: Vec<CellBuild>,
    pub(super) heading: bool,
    /// Grid columns left free before the first cell.
    pub(super) before: i64,
    /// Deleted under change tracking, or hidden.
    pub(super) dropped: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Default)]
pub(super) enum Merge {
    #[default]
    None,
    Restart,
    Continue,
}

impl Merge {
    pub(super) fn from_value(value: Option<&str>) -> Self {
        if value == Some("restart") {
            Self::Restart
        } else {
            Self::Continue
        }
    }
}

#[derive(Default)]
pub(super) struct CellBuild {
    pub(super) content: Vec<Flow>,
    pub(super) span: i64,
    pub(super) down: Merge,
    /// Merged to the left by an old way of writing.
    pub(super) across: Merge,
    pub(super) strike: Strike,
    pub(super) place: Place,
}

/// A table with its spans settled, and what its rows and merged cells kept out of sight.
pub(super) struct Built {
    pub(super) table: FlowTable,
    /// Code, place and readable characters of each piece left out.
    pub(super) dropped: Vec<(&'static str, Place, u64)>,
}

impl TableBuild {
    pub(super) fn finish(self) -> Built {
        let mut spans = Spans::default();
        for row in self.rows {
            spans.add(row);
        }
        let table = FlowTable {
            place: self.place,
            captions: Vec::new(),
            rows: spans.rows,
            struck: spans.struck,
        };
        Built {
            table,
            dropped: spans.dropped,
        }
    }
}

/// Rows of a table while its merged cells are being joined.
#[derive(Default)]
struct Spans {
    rows: Vec<FlowRow>,
    /// By column: row and number of the cell that a continued one belongs to.
    open: BTreeMap<u32, (usize, usize)>,
    dropped: Vec<(&'static str, Place, u64)>,
    struck: Vec<usize>,
}

impl Spans {
    fn add(&mut self, row: RowBuild) {
        if let Some(code) = row.dropped {
            let chars = row.cells.iter().map(|cell| chars_in(&cell.content)).sum();
            let place = row.cells.first().map(|cell| cell.place).unwrap_or_default();
            self.dropped.push((code, place, chars));
            return;
        }
        // a remark beside them tells why, and is not struck
        let own = row.cells.iter().filter(|cell| cell.down == Merge::None);
        let struck = own.clone().filter(|c| c.strike.struck && !c.strike.plain);
        let struck = struck.count();
        if struck > 0 && struck > own.filter(|c| c.strike.plain).count() {
            self.struck.push(self.rows.len());
        }
        let mut cells: Vec<FlowCell> = Vec::with_capacity(row.cells.len());
        let mut still_open = BTreeMap::new();
        let mut column = u32::try_from(row.before.clamp(0, COLUMN_SPAN_MAX)).unwrap_or(0);
        for cell in row.cells {
            let span = u32::try_from(cell.span.clamp(1, COLUMN_SPAN_MAX)).unwrap_or(1);
            let start = column;
            column = column.saturating_add(span);
            if cell.across == Merge::Continue
                && let Some(left) = cells.last_mut()
            {
                left.column_span = left.column_span.saturating_add(span);
                left.content.extend(cell.content);
                continue;
            }
            if cell.down == Merge::Continue
                && let Some(head) = self.continue_from_above(start, &cell)
            {
                still_open.insert(start, head);
                continue;
            }
            if cell.down != Merge::None {
                still_open.insert(start, (self.rows.len(), cells.len()));
            }
            cells.push(FlowCell {
                content: cell.content,
                column: Some(start),
                column_span: span,
                row_span: 1,
                place: cell.place,
            });
        }
        self.open = still_open;
        self.rows.push(FlowRow {
            cells,
            heading: row.heading,
            group: 0,
        });
    }

    /// Lets the merged cell above reach down to this row; what stands in the continued cell is not shown.
    fn continue_from_above(&mut self, column: u32, cell: &CellBuild) -> Option<(usize, usize)> {
        let (row, number) = *self.open.get(&column)?;
        let reach = self.rows.len() - row + 1;
        let head = self.rows.get_mut(row)?.cells.get_mut(number)?;
        head.row_span = u32::try_from(reach).unwrap_or(u32::MAX);
        let chars = chars_in(&cell.content);
        if chars > 0 {
            self.dropped.push(("merged-cell-text", cell.place, chars));
        }
        Some((row, number))
    }
}
