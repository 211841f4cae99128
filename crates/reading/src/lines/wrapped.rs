//! A table of which each cell is a line, copied from narrow columns: the cells are broken over lines, as its head is.

use super::super::cells::looks;
use super::super::columns::Column;
use super::super::grid::Row;
use super::super::number::only_number;
use super::super::text::{Mark, Run, trim};
use super::cells::append;

/// Share of organs in a line of a cell of units.
const UNITS_SHARE: f32 = 0.8;
/// Fewest rows of such a table.
const ROWS_MIN: usize = 2;

/// Rows by their numbers, from 1 on: behind the measure the lines of nothing but units, behind those the time. `None` where
/// the columns are others, the numbers do not count, or a row has no such parts. What is found is a guess.
pub(super) fn rows(lines: &[&Run], columns: &[Column]) -> Option<Vec<Row>> {
    let dated = match columns {
        [Column::Number, Column::Text, Column::Units(_)] => false,
        [
            Column::Number,
            Column::Text,
            Column::Units(_),
            Column::Deadline,
        ] => true,
        _ => return None,
    };
    let mut rows: Vec<Vec<&[Mark]>> = Vec::new();
    for line in lines.iter().map(|l| trim(l)).filter(|l| !l.is_empty()) {
        let next = u32::try_from(rows.len() + 1).ok();
        if only_number(line).is_some() && only_number(line) == next {
            rows.push(vec![line]);
        } else {
            rows.last_mut()?.push(line);
        }
    }
    let whole: Option<Vec<Row>> = rows.iter().map(|row| parts(row, dated)).collect();
    whole.filter(|rows| rows.len() >= ROWS_MIN)
}

fn parts(row: &[&[Mark]], dated: bool) -> Option<Row> {
    let (number, cells) = row.split_first()?;
    let named = |cell: &&[Mark]| looks(cell).organs > UNITS_SHARE;
    let time = |from: &usize| {
        if cells.get(*from).is_some_and(named) {
            return false;
        }
        let run: Run = cells.get(*from..).unwrap_or_default().concat();
        looks(&run).deadline
    };
    let end = match dated {
        true => (2..cells.len()).find(time)?,
        false => cells.len(),
    };
    let units = cells
        .get(..end)?
        .iter()
        .rev()
        .take_while(|c| named(c))
        .count();
    let text = end
        .checked_sub(units)
        .filter(|text| units > 0 && *text > 0)?;
    let mut organs = Run::new();
    for cell in cells.get(text..end)? {
        match organs.is_empty() {
            true => organs.extend_from_slice(cell),
            false => append(&mut organs, cell),
        }
    }
    let joined = |cells: &[&[Mark]]| Some(cells.concat());
    let mut out = vec![
        Some(number.to_vec()),
        joined(cells.get(..text)?),
        Some(organs),
    ];
    if dated {
        out.push(joined(cells.get(end..)?));
    }
    Some(out)
}
