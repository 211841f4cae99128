//! A table of which each cell is a line, taken from a PDF without its layout: cells of narrow columns are broken over
//! lines, wherever the width ended, and the units may come behind all measures. Rows are told by what stands in them.

use super::super::cells::looks;
use super::super::columns::Column;
use super::super::grid::Row;
use super::super::number::only_number;
use super::super::organ_name::{LEVELS, is_organ};
use super::super::text::{Mark, Run, is_han, plain};
use super::cells::append;
use super::even::even_rows;

/// Fewest rows of such a table.
const ROWS_MIN: usize = 2;
/// Most lines of one row.
const LINES_MAX: usize = 60;
/// Most lines of units in one row, and of its time.
const UNIT_LINES_MAX: usize = 12;
const TIME_LINES_MAX: usize = 3;

/// What parts the units of a list.
const SIGNS: [char; 3] = ['、', ',', ';'];

/// Rows, and which of them are a guess.
pub(super) struct Narrow {
    pub(super) rows: Vec<Row>,
    pub(super) torn: Vec<bool>,
}

/// The columns of which such rows are told: measure and units, one list or two, before them perhaps the number, behind them
/// perhaps the time.
#[derive(Clone, Copy)]
struct Shape {
    numbered: bool,
    lists: usize,
    dated: bool,
}

impl Shape {
    fn of(columns: &[Column]) -> Option<Self> {
        let (numbered, rest) = match columns {
            [Column::Number, rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let [Column::Text, rest @ ..] = rest else {
            return None;
        };
        let lists = rest.iter().take_while(|c| matches!(c, Column::Units(_)));
        let lists = lists.count();
        let dated = match rest.get(lists..)? {
            [] => false,
            [Column::Deadline] => true,
            _ => return None,
        };
        // without numbers and times nothing shows where a row ends
        let told = (numbered || dated) && (1..=2).contains(&lists);
        told.then_some(Self {
            numbered,
            lists,
            dated,
        })
    }

    /// Cells of a row, its number left out.
    fn cells(self) -> usize {
        1 + self.lists + usize::from(self.dated)
    }
}

/// `None` where each row has its cells, where the columns are others, and where one row does not hold what its columns say.
pub(super) fn rows(lines: &[&[Mark]], columns: &[Column]) -> Option<Narrow> {
    let shape = Shape::of(columns)?;
    if even_rows(lines, columns) * columns.len() >= lines.len() {
        return None;
    }
    let found = match shape.numbered {
        true => numbered(lines, shape)?,
        false => unnumbered(lines, shape)?,
    };
    (found.rows.len() >= ROWS_MIN).then_some(found)
}

/// From each number to the next one, counted from 1.
fn numbered(lines: &[&[Mark]], shape: Shape) -> Option<Narrow> {
    let mut rows: Vec<(&[Mark], Vec<&[Mark]>)> = Vec::new();
    for line in lines {
        let next = u32::try_from(rows.len() + 1).ok();
        if only_number(line).is_some() && only_number(line) == next {
            rows.push((*line, Vec::new()));
        } else {
            let row = &mut rows.last_mut()?.1;
            row.push(*line);
            if row.len() > LINES_MAX {
                return None;
            }
        }
    }
    let cells: Option<Vec<(Row, bool)>> = rows.iter().map(|(_, row)| parts(row, shape)).collect();
    let (cells, torn): (Vec<Row>, Vec<bool>) = match cells {
        Some(cells) => cells.into_iter().unzip(),
        None => {
            let cells = behind_all(&rows, shape).or_else(|| left_behind(&rows, shape))?;
            let torn = vec![true; cells.len()];
            (cells, torn)
        }
    };
    let numbers = rows.iter().map(|(number, _)| Some(number.to_vec()));
    let rows = numbers.zip(cells).map(|(number, cells)| {
        let mut row = vec![number];
        row.extend(cells);
        row
    });
    Some(Narrow {
        rows: rows.collect(),
        torn,
    })
}

/// Up to each time behind units.
fn unnumbered(lines: &[&[Mark]], shape: Shape) -> Option<Narrow> {
    let (mut rest, mut rows, mut torn) = (lines, Vec::new(), Vec::new());
    while !rest.is_empty() {
        let mut ends = (shape.cells()..=rest.len().min(LINES_MAX)).filter(|end| {
            let last = end.checked_sub(1).and_then(|last| rest.get(last));
            last.is_some_and(|line| looks(line).deadline)
        });
        let row = |end: usize| Some((end, parts(rest.get(..end)?, shape)?.0));
        let (mut end, mut cells) = ends.find_map(row)?;
        // 2026年 / 6月底前
        while let Some((longer, more)) = row(end + 1)
            && rest.get(end).is_some_and(|line| looks(line).deadline)
        {
            (end, cells) = (longer, more);
        }
        rows.push(cells);
        // without a number the lines of a row may belong to the next one
        torn.push(end != shape.cells());
        rest = rest.get(end..)?;
    }
    Some(Narrow { rows, torn })
}

/// The cells of a row: behind the measure nothing but names of units, behind those nothing but the time. Of several ways
/// the one with the longest list counts, and is a guess; the flag says so.
fn parts(row: &[&[Mark]], shape: Shape) -> Option<(Row, bool)> {
    let ends: Vec<usize> = match shape.dated {
        false => vec![row.len()],
        true => {
            let first = row.len().saturating_sub(TIME_LINES_MAX).max(2);
            let time = |end: &usize| row.get(*end..).is_some_and(is_time);
            (first..row.len()).filter(time).collect()
        }
    };
    let mut found: Option<(Row, bool)> = None;
    for end in ends {
        let first = end.saturating_sub(UNIT_LINES_MAX).max(1);
        // a measure before the list begins with no name
        for start in (first..end).filter(|start| row.get(*start).is_some_and(|l| begins_names(l))) {
            let Some((lists, guessed)) = lists(row.get(start..end)?, shape.lists) else {
                continue;
            };
            if let Some((_, guessed)) = &mut found {
                *guessed |= !follows_names(row, start);
                continue;
            }
            let mut cells = vec![Some(row.get(..start)?.concat())];
            cells.extend(lists);
            if shape.dated {
                cells.push(Some(row.get(end..)?.concat()));
            }
            found = Some((cells, guessed));
        }
    }
    found
}

/// Whether the line before is part of the list that goes on here: it ends with a sign, or names whole units itself.
fn follows_names(row: &[&[Mark]], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| row.get(before));
    before.is_some_and(|line| begins_names(line))
}

fn is_time(lines: &[&[Mark]]) -> bool {
    let named = |line: &&[Mark]| names(std::slice::from_ref(line)).is_some();
    // the rest of a name stands before no time
    let begins = |line: &&[Mark]| {
        looks(line).deadline || line.first().is_some_and(|m| m.fold.is_ascii_digit())
    };
    lines.first().is_some_and(begins) && looks(&lines.concat()).deadline && !lines.iter().any(named)
}

/// One list of units, or two of which the first is as short as may be; with one name only, the other is blank. Where two
/// lists have more than a line each, which unit belongs to which is a guess.
fn lists(lines: &[&[Mark]], count: usize) -> Option<(Row, bool)> {
    let whole = names(lines)?;
    if count == 1 {
        return Some((vec![Some(whole)], false));
    }
    let parted = (1..lines.len()).find_map(|at| {
        let (first, second) = lines.split_at_checked(at)?;
        Some(vec![Some(names(first)?), Some(names(second)?)])
    });
    let sure = parted.is_some() && lines.len() == count;
    Some((parted.unwrap_or_else(|| vec![Some(whole), None]), !sure))
}

/// The units in lines that hold nothing else, as one cell: a name may be torn by the end of its line, or end with it.
fn names(lines: &[&[Mark]]) -> Option<Run> {
    let (mut names, mut run): (Vec<String>, Run) = (Vec::new(), Run::new());
    let mut open = false;
    for line in lines {
        let text = plain(line);
        let mut torn = false;
        for (n, piece) in text.split(SIGNS).enumerate() {
            match names.last_mut().filter(|_| open && n == 0) {
                Some(last) if !(is_organ(last) && is_organ(piece)) => {
                    last.push_str(piece);
                    torn = true;
                }
                _ if piece.is_empty() => {}
                _ => names.push(piece.to_owned()),
            }
        }
        match torn || run.is_empty() {
            true => run.extend_from_slice(line),
            false => append(&mut run, line),
        }
        open = !text.ends_with(SIGNS);
    }
    let named = |name: &String| is_organ(name) && name.chars().any(is_han);
    (!names.is_empty() && names.iter().all(named)).then_some(run)
}

/// Whether a line begins with a name of a unit, perhaps with one that is torn behind its level.
fn begins_names(line: &[Mark]) -> bool {
    let text = plain(line);
    let first = text.split(SIGNS).next().unwrap_or_default();
    is_organ(first) || first.starts_with(LEVELS)
}

/// Rows whose units, and times, follow the last measure, each in its turn: there must be as many as rows, and only one way
/// to tell them apart.
fn behind_all(rows: &[(&[Mark], Vec<&[Mark]>)], shape: Shape) -> Option<Vec<Row>> {
    let ((_, last), before) = rows.split_last()?;
    if shape.lists != 1 || !before.iter().all(|(_, row)| bare(row)) {
        return None;
    }
    let count = rows.len();
    let end = match shape.dated {
        true => last.len().checked_sub(count)?,
        false => last.len(),
    };
    let times = last.get(end..)?;
    if !times.iter().all(|line| looks(line).deadline) {
        return None;
    }
    let starts = (1..end).filter(|start| last.get(*start).is_some_and(|l| begins_names(l)));
    let ways = starts.filter_map(|start| {
        let groups = groups(last.get(start..end)?)?;
        (groups.len() == count && bare(last.get(..start)?)).then_some((start, groups))
    });
    let ways: Vec<(usize, Vec<Run>)> = ways.take(2).collect();
    let [(start, groups)] = ways.as_slice() else {
        return None;
    };
    let texts = before.iter().map(|(_, row)| row.concat());
    let texts = texts.chain(std::iter::once(last.get(..*start)?.concat()));
    let cells = texts.zip(groups).enumerate().map(|(n, (text, units))| {
        let mut row = vec![Some(text), Some(units.clone())];
        row.extend(times.get(n).map(|time| Some(time.to_vec())));
        row
    });
    Some(cells.collect())
}

/// Whether a row holds a measure and no line of nothing but units.
fn bare(row: &[&[Mark]]) -> bool {
    let named = |line: &&[Mark]| names(std::slice::from_ref(line)).is_some();
    !row.is_empty() && !row.iter().any(named)
}

/// The same where units and rows do not count alike: nobody knows whose they are, so that they stay where they stand, and
/// the rows above have none.
fn left_behind(rows: &[(&[Mark], Vec<&[Mark]>)], shape: Shape) -> Option<Vec<Row>> {
    let ((_, last), before) = rows.split_last()?;
    if shape.dated || before.is_empty() || !before.iter().all(|(_, row)| bare(row)) {
        return None;
    }
    let (last, _) = parts(last, shape)?;
    let alone = before.iter().map(|(_, row)| {
        let mut cells = vec![Some(row.concat())];
        cells.resize(shape.cells(), None);
        cells
    });
    Some(alone.chain(std::iter::once(last)).collect())
}

/// Lines of nothing but units, parted where a whole name ends a line and another one begins the next.
fn groups(lines: &[&[Mark]]) -> Option<Vec<Run>> {
    let (mut groups, mut open): (Vec<Run>, Vec<&[Mark]>) = (Vec::new(), Vec::new());
    for (n, line) in lines.iter().enumerate() {
        open.push(line);
        let ends = names(&open).is_some() && !plain(line).ends_with(SIGNS);
        let begins = lines.get(n + 1).is_none_or(|next| begins_names(next));
        if ends && begins {
            groups.extend(names(&std::mem::take(&mut open)));
        }
    }
    open.is_empty().then_some(groups)
}

/// Whether a line holds more than one cell.
pub(super) fn is_parted(line: &[Mark]) -> bool {
    line.iter().any(|m| m.is_blank() || m.fold == '|')
}
