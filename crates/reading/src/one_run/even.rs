//! Rows of as many words as there are columns, each with its number first: blanks stand between cells alone.

use super::super::cells::is_deadline;
use super::super::columns::Column;
use super::super::layout::{Grid, GridCell};
use super::super::number::only_number;
use super::super::prose::is_named;
use super::super::text::{Mark, Run, from, part, trim, weight};
use super::{Found, ROWS_MIN, words};

/// The rows, where all of them are so, and what is left behind the last one.
pub(super) fn grid(body: &[Mark], found: &Found) -> Option<(Grid, Run)> {
    let width = found.columns.len();
    if found.columns.first() != Some(&Column::Number) {
        return None;
    }
    let words = words(body);
    let of = |&(start, end): &(usize, usize)| part(body, start, end);
    let rows = words.chunks(width).zip(1..);
    let rows = rows.take_while(|(row, n)| {
        row.len() == width && row.first().and_then(|word| only_number(of(word))) == Some(*n)
    });
    let rows: Vec<&[(usize, usize)]> = rows.map(|(row, _)| row).collect();
    let fits = |row: &&[(usize, usize)]| {
        let mut cells = row.iter().map(of).zip(&found.columns);
        cells.all(|(cell, column)| match column {
            Column::Units(_) => is_named(cell),
            Column::Deadline => is_deadline(cell, weight(cell)),
            _ => true,
        })
    };
    let end = rows.last()?.last()?.1;
    let rest = trim(from(body, end));
    let goes_on = rest.first().is_some_and(|m| m.fold.is_ascii_digit());
    if rows.len() < ROWS_MIN || goes_on || !rows.iter().all(fits) {
        return None;
    }
    let cell = |(column, run): (usize, Run)| GridCell {
        run,
        column,
        row_span: 1,
        column_span: 1,
        doubtful: false,
    };
    let head = found.heads.iter().cloned().enumerate().map(cell).collect();
    let rows = rows.into_iter().map(|row| {
        let runs = row.iter().map(|word| of(word).to_vec());
        runs.enumerate().map(cell).collect()
    });
    let rows = std::iter::once(head).chain(rows).collect();
    Some((Grid { rows, width }, rest.to_vec()))
}
