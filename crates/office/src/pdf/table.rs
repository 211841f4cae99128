//! Words into the boxes of a grid, and the parts of a table on following pages into one.

use std::collections::BTreeSet;

use super::ink::Glyph;
use super::lines::{Line, Measure, append, ends_sentence, is_full, lines, runs_on, starts_item};
use super::rules::{Box_, Grid};
use crate::block::{Cell, Place, Row, Table, Unreadable};
use crate::count::readable_chars;
use crate::grid::settle;
use crate::limits::Limits;

/// Widest space between a border and its text that is taken for padding, in points.
const PADDING_MAX: f64 = 12.0;
/// Part of a character that may lie over a border before its cell is doubted.
const OVERHANG_MAX: f64 = 0.35;
/// Borders of two pages nearer than this, in points, are the same column's.
const COLUMN_SNAP: f64 = 5.0;
/// How far the sides of two parts of one table may differ.
const SIDE_SNAP: f64 = 9.0;
/// Rows at the head of a part that may repeat those of the part before.
const HEAD_ROWS_MAX: usize = 4;

/// The part of a table that stands on one page.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) page: u32,
    pub(super) bounds: Box_,
    /// No lines show it: its rows and columns are a guess.
    pub(super) open: bool,
    rows: usize,
    cells: Vec<PartCell>,
}

#[derive(Debug, Clone)]
struct PartCell {
    left: f64,
    right: f64,
    row: usize,
    rows: usize,
    text: String,
    /// The last line reaches the border: the text may go on.
    full: bool,
    doubtful: bool,
    open_top: bool,
    open_bottom: bool,
    page: u32,
}

impl PartCell {
    fn same_column(&self, other: &Self) -> bool {
        (self.left - other.left).abs() <= COLUMN_SNAP
            && (self.right - other.right).abs() <= COLUMN_SNAP
    }

    /// Whether this text, at the foot of a page, goes on in `next` at the head of the following one.
    fn goes_on_in(&self, next: &Self) -> bool {
        let words_go_on = !self.text.is_empty()
            && self.full
            && !ends_sentence(&self.text)
            && !starts_item(&next.text);
        self.same_column(next) && (words_go_on || self.is_cut(next))
    }

    /// Whether the lines show that a page break cut this cell.
    fn is_cut(&self, next: &Self) -> bool {
        self.same_column(next) && (self.open_bottom || next.open_top)
    }
}

impl Part {
    /// Puts the glyphs (all of which lie within the grid) into its cells. Gives the glyphs back that lie in none.
    pub(super) fn fill(grid: &Grid, glyphs: Vec<Glyph>, page: u32) -> (Self, Vec<Glyph>) {
        let mut inside: Vec<Vec<Glyph>> = vec![Vec::new(); grid.cells.len()];
        let mut outside = Vec::new();
        for glyph in glyphs {
            let (x, y) = glyph.middle();
            match grid.at(x, y).and_then(|cell| inside.get_mut(cell)) {
                Some(cell) => cell.push(glyph),
                None => outside.push(glyph),
            }
        }
        let set: Vec<(Box_, bool, Vec<Line>)> = grid
            .cells
            .iter()
            .zip(inside)
            .map(|(cell, glyphs)| {
                let bounds = grid.box_of(cell);
                let over = glyphs.iter().any(|glyph| overhangs(glyph, bounds));
                (bounds, over || cell.doubtful, lines(glyphs, false))
            })
            .collect();
        let padding = set
            .iter()
            .flat_map(|(bounds, _, lines)| lines.iter().map(|line| line.left - bounds.left))
            .fold(PADDING_MAX, f64::min)
            .clamp(0.0, PADDING_MAX);
        let cells = grid
            .cells
            .iter()
            .zip(set)
            .map(|(cell, (bounds, doubtful, lines))| {
                let measure = Measure {
                    left: bounds.left + padding,
                    right: bounds.right - padding,
                };
                PartCell {
                    left: bounds.left,
                    right: bounds.right,
                    row: cell.row,
                    rows: cell.rows,
                    full: lines.last().is_some_and(|line| is_full(line, measure)),
                    text: paragraphs(&lines, measure),
                    doubtful,
                    open_top: cell.open_top,
                    open_bottom: cell.open_bottom,
                    page,
                }
            });
        let part = Self {
            page,
            bounds: grid.bounds(),
            open: false,
            rows: grid.ys.len() - 1,
            cells: cells.collect(),
        };
        (part, outside)
    }

    /// Marks that no lines show the table.
    pub(super) fn without_lines(self) -> Self {
        Self { open: true, ..self }
    }

    /// Whether `next`, right at the head of the following page, can be the rest of this table.
    pub(super) fn continues_in(&self, next: &Self) -> bool {
        next.page == self.page + 1
            && self.open == next.open
            && (self.bounds.left - next.bounds.left).abs() <= SIDE_SNAP
            && (self.bounds.right - next.bounds.right).abs() <= SIDE_SNAP
    }

    pub(super) fn cells(&self) -> usize {
        self.cells.len()
    }

    fn row_texts(&self, row: usize) -> Vec<&str> {
        self.cells
            .iter()
            .filter(|cell| cell.row == row)
            .map(|cell| cell.text.as_str())
            .collect()
    }
}

fn overhangs(glyph: &Glyph, bounds: Box_) -> bool {
    let width = (glyph.right - glyph.left).max(0.1);
    (bounds.left - glyph.left).max(glyph.right - bounds.right) > OVERHANG_MAX * width
}

fn paragraphs(lines: &[Line], measure: Measure) -> String {
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in lines {
        match before {
            Some(last) if runs_on(last, line, measure) => append(&mut text, &line.text),
            Some(_) => {
                text.push('\n');
                text.push_str(&line.text);
            }
            None => text.push_str(&line.text),
        }
        before = Some(line);
    }
    text
}

/// A whole table and the pages on which a row was taken for the rest of the row before.
pub(super) struct Joined {
    pub(super) table: Table,
    pub(super) broken_rows: Vec<u32>,
    /// Pages whose repeated head was left out because it stood inside a broken row, and its characters.
    pub(super) dropped_heads: Vec<(u32, u64)>,
}

/// The parts of one table, page after page, as one. Repeated head rows stay and are marked as headings;
/// a row that a page break cut in two becomes one again.
pub(super) fn join(parts: Vec<Part>, limits: &Limits) -> Result<Joined, Unreadable> {
    let page = parts.first().map(|part| part.page);
    let heads: Vec<usize> = match parts.split_first() {
        Some((first, rest)) => std::iter::once(0)
            .chain(rest.iter().map(|part| repeated_head(first, part)))
            .collect(),
        None => Vec::new(),
    };
    let mut joiner = Joiner::default();
    joiner
        .headings
        .extend(0..heads.iter().copied().max().unwrap_or(0));
    for (part, head) in parts.into_iter().zip(heads) {
        joiner.add(part, head);
    }
    let Joiner {
        cells,
        rows,
        headings,
        broken_rows,
        dropped_heads,
    } = joiner;
    let table = assemble(cells, rows, &headings, page, limits)?;
    Ok(Joined {
        table,
        broken_rows,
        dropped_heads,
    })
}

#[derive(Default)]
struct Joiner {
    cells: Vec<PartCell>,
    rows: usize,
    headings: BTreeSet<usize>,
    broken_rows: Vec<u32>,
    dropped_heads: Vec<(u32, u64)>,
}

impl Joiner {
    /// Puts a part below; its first `head` rows repeat those of the first part.
    fn add(&mut self, part: Part, head: usize) {
        let first: Vec<PartCell> = part
            .cells
            .iter()
            .filter(|cell| cell.row == head)
            .cloned()
            .collect();
        let cut = head < part.rows && is_rest_of_row(&self.cells, self.rows, &first);
        // Between the two halves of a row there is no place for a repeated head.
        let skipped = if cut { head } else { 0 };
        if cut {
            self.broken_rows.push(part.page);
            let chars = part
                .cells
                .iter()
                .filter(|cell| cell.row < head)
                .map(|cell| readable_chars(&cell.text))
                .sum();
            self.dropped_heads.push((part.page, chars));
        } else {
            self.headings.extend(self.rows..self.rows + head);
        }
        let start = self.rows - usize::from(cut);
        let mut added = Vec::with_capacity(part.cells.len());
        for mut cell in part.cells.into_iter().filter(|cell| cell.row >= skipped) {
            if cell.row == head && self.takes(&mut cell, cut) {
                continue;
            }
            cell.row = start + cell.row - skipped;
            added.push(cell);
        }
        self.cells.extend(added);
        self.rows = start + part.rows - skipped;
    }

    /// Gives the text of a cell at the head of a page to the one above that the page break cut from it.
    /// Returns whether nothing is left of the cell: its row is the rest of the row above.
    fn takes(&mut self, cell: &mut PartCell, cut: bool) -> bool {
        let rows = self.rows;
        let ends_here = |upper: &&mut PartCell| upper.row + upper.rows == rows;
        let Some(upper) = self
            .cells
            .iter_mut()
            .rev()
            .filter(ends_here)
            .find(|upper| upper.same_column(cell))
        else {
            return false;
        };
        if cut {
            // a cell merged over several rows whose words end above the break is what it was
            upper.doubtful |= upper.rows == 1 || !cell.text.is_empty();
            if !cell.text.is_empty() {
                append(&mut upper.text, &cell.text);
                upper.full = cell.full;
            }
            upper.rows += cell.rows - 1;
        } else if upper.is_cut(cell) && !cell.text.is_empty() {
            // A merged cell may be cut where its neighbours' rows end: its text belongs together.
            append(&mut upper.text, &std::mem::take(&mut cell.text));
            (upper.doubtful, cell.doubtful) = (true, true);
        }
        cut
    }
}

/// How many rows at the head of `part` say the same as those of the first part.
fn repeated_head(first: &Part, part: &Part) -> usize {
    let said = |row: &usize| {
        let texts = part.row_texts(*row);
        !texts.is_empty()
            && texts.iter().any(|text| !text.is_empty())
            && texts == first.row_texts(*row)
    };
    (0..HEAD_ROWS_MAX.min(part.rows).min(first.rows))
        .take_while(said)
        .count()
}

/// A box too narrow to be a column of its own belongs to its neighbour.
fn with_slivers(mut cells: Vec<Cell>, cell: Cell) -> Vec<Cell> {
    match cells.last_mut() {
        Some(last) if last.column == cell.column => {
            if !last.text.is_empty() && !cell.text.is_empty() {
                last.text.push('\n');
            }
            last.text.push_str(&cell.text);
            last.column_span = last.column_span.max(cell.column_span);
            last.doubtful = true;
        }
        _ => cells.push(cell),
    }
    cells
}

/// Whether the first row of a page is the rest of the row that the page before ended with: each of its filled
/// cells goes on from an unfinished one above, and every cell has one above it.
fn is_rest_of_row(above: &[PartCell], rows: usize, first: &[PartCell]) -> bool {
    let ending: Vec<&PartCell> = above
        .iter()
        .filter(|cell| cell.row + cell.rows == rows)
        .collect();
    let upper = |cell: &PartCell| ending.iter().find(|upper| upper.same_column(cell)).copied();
    first.iter().any(|cell| !cell.text.is_empty())
        && first.iter().all(|cell| match upper(cell) {
            Some(upper) => cell.text.is_empty() || upper.goes_on_in(cell),
            None => false,
        })
}

fn assemble(
    cells: Vec<PartCell>,
    rows: usize,
    headings: &BTreeSet<usize>,
    page: Option<u32>,
    limits: &Limits,
) -> Result<Table, Unreadable> {
    let mut edges: Vec<f64> = cells
        .iter()
        .flat_map(|cell| [cell.left, cell.right])
        .collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|next, kept| *next - *kept <= COLUMN_SNAP);
    let column = |x: f64| {
        edges
            .partition_point(|edge| *edge <= x + COLUMN_SNAP / 2.0)
            .saturating_sub(1)
    };
    let mut table: Vec<Row> = (0..rows)
        .map(|row| Row {
            cells: Vec::new(),
            heading: headings.contains(&row),
        })
        .collect();
    for cell in cells {
        let (left, right) = (column(cell.left), column(cell.right));
        let place = Place {
            page: Some(cell.page),
            ..Place::default()
        };
        if let Some(row) = table.get_mut(cell.row) {
            row.cells.push(Cell {
                text: cell.text,
                column: u32::try_from(left).unwrap_or(u32::MAX),
                row_span: u32::try_from(cell.rows).unwrap_or(1),
                column_span: u32::try_from(right.saturating_sub(left))
                    .unwrap_or(1)
                    .max(1),
                place,
                doubtful: cell.doubtful,
            });
        }
    }
    for row in &mut table {
        row.cells.sort_by_key(|cell| cell.column);
        row.cells = std::mem::take(&mut row.cells)
            .into_iter()
            .fold(Vec::new(), with_slivers);
    }
    let rows = settle(table, limits)?;
    Ok(Table {
        rows,
        place: Place {
            page,
            ..Place::default()
        },
    })
}
