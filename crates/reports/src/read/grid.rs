//! A table with its spans laid out: what stands over each place.

use gongkai_office::Table;

/// Columns of a table that are looked at.
const COLUMNS_MAX: usize = 64;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) text: String,
    /// A cell begins here, rather than reaching over from the left.
    pub(super) begins: bool,
    /// A cell begins in this row, rather than reaching down from above.
    pub(super) own: bool,
}

pub(super) type Grid = Vec<Vec<Spot>>;

/// Every place gets the text of the cell that lies over it.
pub(super) fn expand(table: &Table) -> Grid {
    let columns = table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .map(|cell| (cell.column + cell.column_span.max(1)) as usize)
        .max()
        .unwrap_or(0)
        .min(COLUMNS_MAX);
    let mut grid: Grid = vec![vec![Spot::default(); columns]; table.rows.len()];
    for (top, row) in table.rows.iter().enumerate() {
        for cell in &row.cells {
            let left = cell.column as usize;
            for down in 0..cell.row_span.max(1) as usize {
                for right in 0..cell.column_span.max(1) as usize {
                    let spot = grid
                        .get_mut(top + down)
                        .and_then(|row| row.get_mut(left + right));
                    if let Some(spot) = spot {
                        *spot = Spot {
                            text: cell.text.clone(),
                            begins: right == 0,
                            own: down == 0,
                        };
                    }
                }
            }
        }
    }
    grid
}
