//! Rows whose cells lie on other lines of the grid than those of the rows around them, as tables drawn by hand have them:
//! where most rows have as many cells, the cells stand one below the other in their order.

use super::layout::Grid;

/// A cell where it stands in a row, or where it reaches down to.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    /// Row and place in that row of the cell.
    of: (usize, usize),
}

/// Gives the cells of such rows the columns that they stand in; any other grid stays as it is.
pub(crate) fn straightened(mut grid: Grid) -> Grid {
    let rows = pieces(&grid);
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let full = |row: &&Vec<Piece>| row.len() == most;
    let told = rows.iter().filter(|row| row.len() > 1).count();
    // where each column begins somewhere in most rows, the grid is what it seems
    if most < COLUMNS_MIN || most >= grid.width || rows.iter().filter(full).count() * 2 < told {
        return grid;
    }
    let sides = |row: &Vec<Piece>| -> Vec<usize> { row.iter().map(|p| p.start).collect() };
    let mut all = rows.iter().filter(full).map(sides);
    let first = all.next();
    if all.all(|sides| Some(&sides) == first.as_ref()) {
        return grid;
    }
    let Some(places) = places(&rows, most) else {
        return grid;
    };
    for (row, places) in grid.rows.iter_mut().zip(places) {
        for (cell, place) in row.iter_mut().zip(places) {
            (cell.column, cell.column_span) = place;
        }
    }
    grid.width = most;
    grid
}

/// Fewest columns of such a table.
const COLUMNS_MIN: usize = 3;

/// What stands in each row, with the cells that reach down into it, from left to right.
fn pieces(grid: &Grid) -> Vec<Vec<Piece>> {
    let mut reaching: Vec<(usize, Piece)> = Vec::new();
    let mut out = Vec::with_capacity(grid.rows.len());
    for (i, row) in grid.rows.iter().enumerate() {
        reaching.retain(|(until, _)| *until > i);
        let mut here: Vec<Piece> = reaching.iter().map(|(_, piece)| *piece).collect();
        for (n, cell) in row.iter().enumerate() {
            let piece = Piece {
                start: cell.column,
                end: cell.column + cell.column_span,
                of: (i, n),
            };
            here.push(piece);
            if cell.row_span > 1 {
                reaching.push((i + cell.row_span, piece));
            }
        }
        here.sort_by_key(|p| p.start);
        out.push(here);
    }
    out
}

/// Column and width of each cell; `None` where one would stand in two places.
fn places(rows: &[Vec<Piece>], most: usize) -> Option<Vec<Vec<(usize, usize)>>> {
    let mut out: Vec<Vec<Option<(usize, usize)>>> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| vec![None; row.iter().filter(|p| p.of.0 == i).count()])
        .collect();
    let mut like = rows.iter().find(|row| row.len() == most)?;
    for row in rows {
        if row.len() == most {
            like = row;
        }
        let mut free = 0;
        for (n, piece) in row.iter().enumerate() {
            let slot = out.get_mut(piece.of.0)?.get_mut(piece.of.1)?;
            let place = match (row.len() == most, *slot) {
                (true, _) => (n, 1),
                (false, Some(known)) => known,
                (false, None) => {
                    let from = like.partition_point(|p| p.start <= piece.start).max(1) - 1;
                    let to = like.partition_point(|p| p.start < piece.end);
                    (from, to.saturating_sub(from).max(1))
                }
            };
            if place.0 < free || slot.is_some_and(|known| known != place) {
                return None;
            }
            free = place.0 + place.1;
            *slot = Some(place);
        }
    }
    out.into_iter()
        .map(|row| row.into_iter().collect())
        .collect()
}
