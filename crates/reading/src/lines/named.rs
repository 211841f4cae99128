//! A table of which each cell is a line, with two columns for a measure: its number and name under 工作任务, and what is asked of
//! it under 工作要求. A blank line is a blank cell.

use super::super::cells::looks;
use super::super::columns::Column;
use super::super::event::Event;
use super::super::grid::Row;
use super::super::number::{Level, number};
use super::super::rows::{self, Extra, counts, with};
use super::super::text::{Mark, Run, is_empty, trim};
use super::cells::append;

/// Fewest names that are counted on.
const NAMES_MIN: usize = 3;
/// Share of organs that makes a line a cell of units.
const UNITS_SHARE: f32 = 0.8;
/// Longest line below units that goes on with them though it does not look like organs (各区属国企), in characters.
const UNIT_MAX: usize = 12;

/// The lines of one measure.
#[derive(Default)]
struct Part {
    name: Run,
    /// Lines below the name; a blank one is a blank cell.
    below: Vec<Run>,
}

enum Piece {
    Heading(Run),
    Part(Part),
}

/// The rows of such a table. None where the names are not counted on, or several measures stand below one of them.
pub(super) fn events(lines: &[&Run], columns: &[Column]) -> Option<Vec<Event>> {
    let (text, first) = match columns {
        [
            Column::Heading,
            Column::Text,
            rest @ (Column::Units(_) | Column::Deadline),
            ..,
        ] => (1, rest),
        _ => return None,
    };
    let known = |c: &Column| matches!(c, Column::Units(_) | Column::Deadline);
    let dated = columns.iter().filter(|c| **c == Column::Deadline).count();
    let behind = columns.get(text + 1..)?;
    // a time between two columns of units, or before them, parts nothing that could be told
    let last = dated == 0 || dated == 1 && behind.last() == Some(&Column::Deadline);
    if !behind.iter().all(known) || !last || *first == Column::Deadline {
        return None;
    }
    let pieces = pieces(lines)?;
    let units = behind.len() - dated;
    let mut out = Vec::new();
    for piece in &pieces {
        let (row, doubtful) = match piece {
            Piece::Heading(run) => (lone(run, columns.len()), false),
            Piece::Part(part) => row(part, columns.len(), units)?,
        };
        let extra = Extra {
            doubtful,
            ..Extra::default()
        };
        rows::events(&row, columns, &extra, &mut out);
    }
    rows::settle_leads(&mut out);
    rows::doubt_cut(&mut out);
    Some(out)
}

fn lone(run: &Run, width: usize) -> Row {
    let mut row: Row = vec![None; width];
    if let Some(slot) = row.first_mut() {
        *slot = Some(run.clone());
    }
    row
}

/// Headings and measures in their order, where the names of all measures are counted on.
fn pieces(lines: &[&Run]) -> Option<Vec<Piece>> {
    let filled = lines.iter().filter(|l| !is_empty(l)).count();
    // blank lines all along part lines, or rows, and are no cells
    let spaced = (lines.len() - filled) * 3 > filled;
    let mut out: Vec<Piece> = Vec::new();
    let (mut value, mut names) = (0, 0);
    for line in lines {
        let line = trim(line);
        let level = number(line).map(|n| n.level);
        if let Some(Level::Section | Level::Group) = level {
            out.push(Piece::Heading(line.to_vec()));
        } else if let Some(found) = counts(line).filter(|found| *found > value) {
            (value, names) = (found, names + 1);
            out.push(Piece::Part(Part {
                name: line.to_vec(),
                below: Vec::new(),
            }));
        } else if is_empty(line) {
            if let (Some(Piece::Part(part)), false) = (out.last_mut(), spaced) {
                part.below.push(Run::new());
            }
        } else {
            let Some(Piece::Part(part)) = out.last_mut() else {
                return None;
            };
            part.below.push(line.to_vec());
        }
    }
    (names >= NAMES_MIN && told(&out)).then_some(out)
}

/// Most names have one line below that is no unit, and units behind it: what is asked.
fn told(pieces: &[Piece]) -> bool {
    let parts = pieces.iter().filter_map(|piece| match piece {
        Piece::Part(part) => Some(part),
        Piece::Heading(_) => None,
    });
    let (mut whole, mut all) = (0, 0);
    for part in parts {
        all += 1;
        let mut below = part.below.iter().filter(|run| !is_empty(run));
        let asked = below.next().is_some_and(|run| !is_unit(run));
        whole += usize::from(asked && below.next().is_some_and(|run| is_unit(run)));
    }
    whole * 2 > all
}

fn is_unit(run: &[Mark]) -> bool {
    looks(run).organs > UNITS_SHARE
}

/// The row of a measure, and whether which of its lines stands in which cell is a guess.
fn row(part: &Part, width: usize, units: usize) -> Option<(Row, bool)> {
    let mut doubtful = false;
    let starts = |run: &Run| is_unit(run) || looks(run).deadline;
    let at = part.below.iter().position(starts);
    let (asked, rest) = part.below.split_at(at.unwrap_or(part.below.len()));
    let mut asked: Vec<&Run> = asked.iter().collect();
    // blank lines between the measure and its units are cells of units, the first one without a measure is the measure's
    let blank = asked.iter().rev().take_while(|run| is_empty(run)).count();
    let own = asked.len() - blank;
    let before = if own == 0 {
        blank.saturating_sub(1)
    } else {
        blank
    };
    doubtful |= own > 1 || own == 0 && blank == 0;
    asked.truncate(own);
    let mut text = Run::new();
    for line in asked {
        append_line(&mut text, line);
    }
    let mut cells: Vec<Run> = vec![Run::new(); before];
    let (mut time, mut gap) = (Run::new(), true);
    let lines_of_units = rest.iter().filter(|run| is_unit(run)).count();
    for (i, line) in rest.iter().enumerate() {
        let looks = looks(line);
        let tail = rest.iter().skip(i).all(|run| is_empty(run));
        if is_empty(line) && tail && lines_of_units > 1 {
            // may part this row from the next
            doubtful |= cells.len() < units;
        } else if is_empty(line) {
            gap = true;
        } else if looks.deadline {
            append_line(&mut time, line);
        } else if is_unit(line) || looks.weight <= UNIT_MAX && !looks.sentence {
            doubtful |= !is_unit(line);
            match cells.last_mut().filter(|_| !gap) {
                Some(cell) => append_line(cell, line),
                None => cells.push(line.clone()),
            }
            gap = false;
        } else {
            // another measure below the units: the name is a heading over several
            return None;
        }
    }
    let trailing = rest.last().is_some_and(|run| is_empty(run));
    doubtful |= fit(&mut cells, units, trailing);
    let mut row: Row = vec![None; width];
    let put = |row: &mut Row, at: usize, run: Run| {
        if let Some(slot) = row.get_mut(at).filter(|_| !is_empty(&run)) {
            *slot = Some(run);
        }
    };
    put(&mut row, 1, with(part.name.clone(), Some(&text)));
    for (i, cell) in cells.into_iter().enumerate() {
        put(&mut row, 2 + i, cell);
    }
    put(&mut row, 2 + units, time);
    Some((row, doubtful))
}

fn append_line(run: &mut Run, line: &[Mark]) {
    if run.is_empty() {
        run.extend_from_slice(line);
    } else {
        append(run, line);
    }
}

/// Brings the cells of units to their number; whether that was a guess. `trailing`: a blank cell stands behind them.
fn fit(cells: &mut Vec<Run>, units: usize, trailing: bool) -> bool {
    let filled: Vec<Run> = cells.iter().filter(|run| !is_empty(run)).cloned().collect();
    let lines = |run: &Run| run.split(|m| m.fold == '\n').count();
    let count: usize = filled.iter().map(lines).sum();
    match (filled.as_slice(), cells.len() == units) {
        // the cells of several columns without a blank one between: the last line is the last cell
        ([one], _) if units > 1 && cells.len() == 1 && count >= units => {
            let all: Vec<&[Mark]> = one.split(|m| m.fold == '\n').collect();
            let firsts = count - (units - 1);
            let mut first = Run::new();
            for line in all.iter().take(firsts) {
                append_line(&mut first, line);
            }
            let rest = all.iter().skip(firsts).map(|line| line.to_vec());
            *cells = std::iter::once(first).chain(rest).collect();
            count > units
        }
        (_, true) => count > filled.len(),
        ([_], false) if trailing && cells.len() < units => false,
        ([], false) => false,
        _ => {
            // more cells than columns: blank ones first go, then the last column takes the rest
            while cells.len() > units {
                let blank = cells.iter().position(|run| is_empty(run));
                let spare = cells.remove(blank.unwrap_or(cells.len() - 1));
                if let Some(last) = cells.last_mut().filter(|_| !is_empty(&spare)) {
                    append_line(last, &spare);
                }
            }
            true
        }
    }
}
