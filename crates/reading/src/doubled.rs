//! Two runs of the same columns side by side (序号 | 任务 | 单位 | 序号 | 任务 | 单位), to save paper: the right one goes below.

use super::columns::{HeadWord, head_word};
use super::layout::{Grid, GridCell};
use super::number::only_number;
use super::text::{Mark, is_empty, plain, trim};

/// Rows at the top among which the doubled head is looked for.
const HEAD_ROWS_MAX: usize = 6;
/// Fewest columns of one run.
const RUN_MIN: usize = 2;

/// The grid with its second run of columns below the first; any other grid as it is.
pub(crate) fn parted(grid: Grid) -> Grid {
    let half = grid.width / 2;
    let head = (0..grid.rows.len().min(HEAD_ROWS_MAX)).find(|i| {
        let row = grid.rows.get(*i);
        row.is_some_and(|row| is_doubled(row, half))
    });
    let (Some(head), true) = (head, grid.width == half * 2) else {
        return grid;
    };
    let body = grid.rows.get(head + 1..).unwrap_or_default();
    let crosses = |c: &GridCell| c.column < half && c.column + c.column_span > half;
    let bands = |row: &Vec<GridCell>| row.iter().any(crosses);
    if body.iter().any(|row| bands(row) && row.len() > 1) {
        return grid;
    }
    let left = |row: &Vec<GridCell>| side(row, 0..half);
    let right = |row: &Vec<GridCell>| side(row, half..half * 2);
    let filled = |row: &Vec<GridCell>| row.iter().any(|c| !is_empty(&c.run));
    let mut rows: Vec<Vec<GridCell>> = grid.rows.iter().take(head).cloned().collect();
    rows.extend(grid.rows.get(head).map(left));
    if counts_across(body, half) {
        rows.extend(body.iter().flat_map(|row| [left(row), right(row)]));
    } else {
        rows.extend(body.iter().map(left));
        rows.extend(body.iter().map(right));
    }
    let width = rows
        .iter()
        .flatten()
        .map(|c| c.column + c.column_span)
        .max()
        .unwrap_or(half);
    rows.retain(filled);
    Grid { rows, width }
}

/// The head holds the same words twice, and names a measure and units.
fn is_doubled(row: &[GridCell], half: usize) -> bool {
    let single = row.len() == half * 2 && row.iter().all(|c| c.column_span == 1 && c.row_span == 1);
    let words =
        |cells: &[GridCell]| -> Vec<String> { cells.iter().map(|c| plain(&c.run)).collect() };
    let (first, second) = row.split_at(half.min(row.len()));
    let has = |want: fn(HeadWord) -> bool| {
        let mut found = first.iter().filter_map(|c| head_word(&c.run));
        found.any(want)
    };
    single
        && half >= RUN_MIN
        && words(first) == words(second)
        && has(HeadWord::is_content)
        && has(|w| matches!(w, HeadWord::Units(_) | HeadWord::Deadline))
}

/// 1 | … | 2 | … / 3 | … | 4 | …: the numbers go on to the right before they go down.
fn counts_across(body: &[Vec<GridCell>], half: usize) -> bool {
    let number = |row: &Vec<GridCell>, column: usize| {
        let cell = row.iter().find(|c| c.column == column)?;
        let run: &[Mark] = trim(&cell.run);
        only_number(run)
    };
    let row = body.iter().find(|row| number(row, 0).is_some());
    row.is_some_and(|row| {
        let (left, right) = (number(row, 0), number(row, half));
        body.len() > 1 && left.zip(right).is_some_and(|(l, r)| r == l + 1)
    })
}

/// The cells of one run, moved to the left.
fn side(row: &[GridCell], columns: std::ops::Range<usize>) -> Vec<GridCell> {
    let own = row.iter().filter(|c| columns.contains(&c.column));
    own.map(|c| GridCell {
        column: c.column - columns.start,
        ..c.clone()
    })
    .collect()
}
