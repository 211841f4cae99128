//! Rows whose cells stand between single blanks, as many as the head has columns. Where people or remarks have a column
//! among the others (1 公开补贴 李强 财政所 6月), the place in the row tells more than the looks do.

use super::super::cells::looks;
use super::super::columns::Column;
use super::super::grid::Row;
use super::super::number::only_number;
use super::super::text::{Mark, Run, is_empty, trim};
use super::cells::append;

/// The rows, and which of them were broken over lines.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) torn: Vec<bool>,
}

/// Fewest columns of such a table.
const WIDTH_MIN: usize = 4;

/// `None` unless most lines have a piece for each column.
pub(super) fn by_tokens(lines: &[&Run], columns: &[Column]) -> Option<Rows> {
    if columns.len() < WIDTH_MIN || !columns.contains(&Column::Other) {
        return None;
    }
    let lines: Vec<Vec<&[Mark]>> = lines
        .iter()
        .filter(|line| !is_empty(line))
        .map(|line| pieces(line))
        .collect();
    let whole = |line: &&Vec<&[Mark]>| line.len() == columns.len() && fits(line, columns);
    let known = lines.iter().filter(whole).count();
    if known < 2 || known * 5 < lines.len() * 3 {
        return None;
    }
    let mut out = Rows {
        rows: Vec::new(),
        torn: Vec::new(),
    };
    for line in &lines {
        if whole(&line) {
            out.push(line, columns.len(), false);
        } else if begins_row(line, columns) {
            out.push(line, columns.len(), true);
        } else {
            out.go_on(line, columns)?;
        }
    }
    Some(out)
}

fn pieces(line: &[Mark]) -> Vec<&[Mark]> {
    trim(line)
        .split(|m| m.is_blank())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// `2 公开补贴 李强 财政所`: the front of a row, with a number where the head has one.
fn begins_row(line: &[&[Mark]], columns: &[Column]) -> bool {
    columns.first() == Some(&Column::Number) && line.len() < columns.len() && fits(line, columns)
}

/// Whether each piece may stand in its column.
fn fits(line: &[&[Mark]], columns: &[Column]) -> bool {
    line.iter()
        .zip(columns)
        .all(|(piece, column)| match column {
            Column::Number => only_number(piece).is_some(),
            Column::Units(_) => looks(piece).organs > NAMED_SHARE,
            Column::Text | Column::Heading => only_number(piece).is_none(),
            Column::Deadline | Column::Other => true,
        })
}

/// Share of organs that a unit cell must have at least.
const NAMED_SHARE: f32 = 0.5;

impl Rows {
    fn push(&mut self, line: &[&[Mark]], width: usize, torn: bool) {
        let mut row: Row = line.iter().map(|piece| Some(piece.to_vec())).collect();
        row.resize(width, None);
        self.rows.push(row);
        self.torn.push(torn);
    }

    /// The rest of a row: names go to the units, a time or the last piece of all to a blank deadline, else to the measure.
    fn go_on(&mut self, line: &[&[Mark]], columns: &[Column]) -> Option<()> {
        let row = self.rows.last_mut()?;
        *self.torn.last_mut()? = true;
        for (i, piece) in line.iter().enumerate() {
            let looks = looks(piece);
            let place = |want: fn(&Column) -> bool| columns.iter().rposition(want);
            let time = place(|c| *c == Column::Deadline);
            let blank = time.filter(|at| matches!(row.get(*at), Some(None)));
            let last = i + 1 == line.len();
            let at = if looks.organs > NAMED_SHARE {
                place(|c| matches!(c, Column::Units(_)))
            } else if looks.deadline || last && blank.is_some() {
                time
            } else {
                place(|c| *c == Column::Text)
            };
            let slot = row.get_mut(at?)?;
            match slot {
                Some(run) => append(run, piece),
                None => *slot = Some(piece.to_vec()),
            }
        }
        Some(())
    }
}
