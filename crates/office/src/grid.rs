//! Cells with spans to a settled grid: shared by every reader that meets tables.

use std::collections::BTreeSet;

use crate::block::{Cell, Row, Unreadable};
use crate::limits::Limits;
use crate::refusal::too_large;

/// Columns that spans may claim before empty ones are taken out; a spreadsheet has no more.
const RAW_COLUMNS_MAX: usize = 16_384;
/// HTML reads every wider `colspan` as this.
const COLUMN_SPAN_MAX: u32 = 1_000;

/// Gives flowing cells (HTML, which names spans but no columns) their columns, row by row.
#[derive(Default)]
pub(crate) struct ColumnFinder {
    /// By column: how many rows, this one included, are still taken by a cell from above.
    taken: Vec<u32>,
    cursor: usize,
}

impl ColumnFinder {
    pub(crate) fn start_row(&mut self) {
        for rows in &mut self.taken {
            *rows = rows.saturating_sub(1);
        }
        self.cursor = 0;
    }

    /// Column and width of the next cell; the width ends where a cell from above stands in the way.
    pub(crate) fn place(
        &mut self,
        column_span: u32,
        row_span: u32,
        limits: &Limits,
    ) -> Result<(u32, u32), Unreadable> {
        while self.taken.get(self.cursor).is_some_and(|&rows| rows > 0) {
            self.cursor += 1;
        }
        let start = self.cursor;
        if start >= RAW_COLUMNS_MAX {
            return Err(too_many_columns(limits));
        }
        let mut width = 0;
        let room = (RAW_COLUMNS_MAX - start).min(column_span.clamp(1, COLUMN_SPAN_MAX) as usize);
        while width < room {
            match self.taken.get_mut(start + width) {
                Some(rows) if *rows > 0 => break,
                Some(rows) => *rows = row_span.max(1),
                None => self.taken.push(row_span.max(1)),
            }
            width += 1;
        }
        self.cursor = start + width;
        Ok((start as u32, width.max(1) as u32))
    }
}

/// Settles rows whose cells know column and spans: row spans end with the table, no cell lies over another,
/// columns in which no cell begins vanish (a span of a thousand over one column is one), places are filled in.
pub(crate) fn settle(mut rows: Vec<Row>, limits: &Limits) -> Result<Vec<Row>, Unreadable> {
    let starts: BTreeSet<u32> = rows
        .iter()
        .flat_map(|row| &row.cells)
        .map(|cell| cell.column)
        .collect();
    let starts: Vec<u32> = starts.into_iter().collect();
    if starts.len() > limits.columns as usize {
        return Err(too_many_columns(limits));
    }
    if rows.len() as u64 * starts.len() as u64 > limits.grid_slots {
        return Err(too_large(&format!(
            "一张表格的行数乘列数超过 {}",
            limits.grid_slots
        )));
    }
    part_overlaps(&mut rows, &starts);
    let rank = |column: u32| starts.partition_point(|&start| start < column) as u32;
    let count = rows.len();
    for (index, row) in rows.iter_mut().enumerate() {
        for cell in &mut row.cells {
            settle_cell(cell, index, count, rank);
        }
    }
    Ok(rows)
}

/// Where a cell would begin under another one, the other ends before it.
fn part_overlaps(rows: &mut [Row], starts: &[u32]) {
    // By column in which cells begin: row and number of the cell that covers it, and the row after its last.
    let mut covers: Vec<Option<(usize, usize, usize)>> = vec![None; starts.len()];
    for row in 0..rows.len() {
        let cells = rows.get(row).map_or(0, |row| row.cells.len());
        for number in 0..cells {
            let Some(cell) = rows.get(row).and_then(|row| row.cells.get(number)) else {
                continue;
            };
            let next = rows
                .get(row)
                .and_then(|row| row.cells.get(number + 1))
                .map_or(u32::MAX, |next| next.column);
            let end = cell
                .column
                .saturating_add(cell.column_span.max(1))
                .min(next.max(cell.column + 1));
            let (start, height) = (cell.column, cell.row_span.max(1) as usize);
            let first = starts.partition_point(|&column| column < start);
            let last = starts.partition_point(|&column| column < end);
            for cover in covers.get_mut(first..last).unwrap_or_default() {
                if let Some((above, index, until)) = *cover
                    && until > row
                    && above < row
                    && let Some(upper) =
                        rows.get_mut(above).and_then(|row| row.cells.get_mut(index))
                {
                    upper.row_span = upper.row_span.min((row - above) as u32);
                }
                *cover = Some((row, number, row.saturating_add(height)));
            }
            if let Some(cell) = rows.get_mut(row).and_then(|row| row.cells.get_mut(number)) {
                cell.column_span = end - start;
            }
        }
    }
}

fn settle_cell(cell: &mut Cell, row: usize, rows: usize, rank: impl Fn(u32) -> u32) {
    let end = cell.column.saturating_add(cell.column_span.max(1));
    cell.place.row = cell.place.row.or(u32::try_from(row + 1).ok());
    cell.place.column = cell.place.column.or(Some(cell.column + 1));
    cell.column_span = rank(end).saturating_sub(rank(cell.column)).max(1);
    cell.column = rank(cell.column);
    cell.row_span = cell
        .row_span
        .clamp(1, u32::try_from(rows - row).unwrap_or(u32::MAX));
}

fn too_many_columns(limits: &Limits) -> Unreadable {
    too_large(&format!("一张表格超过 {} 列", limits.columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Place;

    fn cell(column: u32, column_span: u32, row_span: u32) -> Cell {
        Cell {
            text: String::new(),
            column,
            row_span,
            column_span,
            place: Place::default(),
            doubtful: false,
        }
    }

    #[test]
    fn cells_flow_around_what_spans_down() {
        let (mut finder, limits) = (ColumnFinder::default(), Limits::default());
        finder.start_row();
        assert_eq!(finder.place(1, 3, &limits).unwrap(), (0, 1));
        assert_eq!(finder.place(2, 1, &limits).unwrap(), (1, 2));
        finder.start_row();
        assert_eq!(finder.place(1, 1, &limits).unwrap(), (1, 1));
        assert_eq!(finder.place(1, 2, &limits).unwrap(), (2, 1));
        finder.start_row();
        assert_eq!(
            finder.place(5, 1, &limits).unwrap(),
            (1, 1),
            "stops before the cell from above"
        );
        finder.start_row();
        assert_eq!(finder.place(1, 1, &limits).unwrap(), (0, 1));
    }

    #[test]
    fn columns_without_a_cell_of_their_own_vanish() {
        let rows = vec![
            Row {
                cells: vec![cell(0, 1000, 1)],
                heading: false,
            },
            Row {
                cells: vec![cell(0, 4, 9), cell(4, 1, 1)],
                heading: false,
            },
        ];
        let rows = settle(rows, &Limits::default()).unwrap();
        let spans: Vec<_> = rows
            .iter()
            .flat_map(|r| &r.cells)
            .map(|c| (c.column, c.column_span, c.row_span))
            .collect();
        assert_eq!(spans, [(0, 2, 1), (0, 1, 1), (1, 1, 1)]);
    }

    #[test]
    fn no_cell_lies_over_another() {
        let rows = vec![
            Row {
                cells: vec![cell(0, 3, 5), cell(1, 1, 1)],
                heading: false,
            },
            Row {
                cells: vec![cell(1, 1, 1)],
                heading: false,
            },
            Row {
                cells: vec![cell(0, 2, 1)],
                heading: false,
            },
        ];
        let rows = settle(rows, &Limits::default()).unwrap();
        let spans: Vec<_> = rows
            .iter()
            .flat_map(|r| &r.cells)
            .map(|c| (c.column, c.column_span, c.row_span))
            .collect();
        assert_eq!(spans, [(0, 1, 2), (1, 1, 1), (1, 1, 1), (0, 2, 1)]);
    }

    #[test]
    fn a_grid_too_large_to_draw_is_refused() {
        let limits = Limits {
            grid_slots: 4,
            columns: 2,
            ..Limits::default()
        };
        let row = || Row {
            cells: vec![cell(0, 1, 1), cell(1, 1, 1)],
            heading: false,
        };
        assert!(settle(vec![row(), row()], &limits).is_ok());
        assert_eq!(
            settle(vec![row(), row(), row()], &limits).unwrap_err().code,
            "too-large"
        );
        assert_eq!(
            ColumnFinder {
                taken: vec![],
                cursor: RAW_COLUMNS_MAX
            }
            .place(1, 1, &limits)
            .unwrap_err()
            .code,
            "too-large"
        );
    }
}
