//! A table of which each cell is a line, none of them blank: each row has as many lines as the head, so that a head with words
//! that are not known can be told by the rows below it.

use super::super::cells::looks;
use super::super::columns::{Column, HeadWord, columns, head, head_framed};
use super::super::number::{number, only_number};
use super::super::text::{Mark, Run, is_han, plain, weight};
use super::cells::is_title;
use super::heads::head_token;

/// Rows from the first on that have a cell for each column, and in each of them what belongs there; the last one only where
/// nothing follows it, or the next number does.
pub(super) fn even_rows(cells: &[&[Mark]], columns: &[Column]) -> usize {
    let width = columns.len();
    if width == 0 {
        return 0;
    }
    let mut number = None;
    let fits = |row: &&[&[Mark]]| {
        let own = columns.iter().position(|c| *c == Column::Number);
        let value = own.and_then(|at| only_number(row.get(at)?));
        let counts = match (own, value, number) {
            (None, ..) => true,
            (_, Some(value), Some(before)) => value == before + 1,
            (_, Some(_), None) => true,
            (_, None, _) => false,
        };
        number = value;
        counts && columns.iter().zip(*row).all(|(c, cell)| may_hold(*c, cell))
    };
    let rows = cells.chunks_exact(width).take_while(fits).count();
    let counted = columns.contains(&Column::Number);
    let next = cells.get(rows * width);
    // what stands behind the last row may be its own last cell, and that one the next row's first
    let ended = next.is_none_or(|cell| counted && only_number(cell).is_some());
    if ended { rows } else { rows.saturating_sub(1) }
}

/// Share of organs that makes a cell one of units.
const UNITS_SHARE: f32 = 0.8;
/// Longest cell of a deadline in which no date is read, in characters.
const DEADLINE_MAX: usize = 14;

fn may_hold(column: Column, cell: &[Mark]) -> bool {
    let looks = looks(cell);
    match column {
        Column::Number => looks.only_number,
        Column::Text => !looks.only_number && !looks.deadline && looks.organs <= UNITS_SHARE,
        Column::Heading => !looks.only_number && !looks.deadline,
        Column::Units(_) => looks.organs > UNITS_SHARE,
        Column::Deadline => looks.deadline || looks.organs < 0.5 && looks.weight <= DEADLINE_MAX,
        Column::Other => true,
    }
}

/// A head with words that are not known.
pub(super) struct Unlisted {
    pub(super) words: Vec<Option<HeadWord>>,
    pub(super) runs: Vec<Run>,
    /// Lines that it takes.
    pub(super) lines: usize,
    /// Most of its rows have all their cells, but not all of them.
    pub(super) doubtful: bool,
}

/// Most words of a head that are not known.
const UNLISTED_MAX: usize = 2;
/// Most words that are looked at behind the last known one.
const REACH: usize = 4;
/// Longest such word, in characters.
const WORD_MAX: usize = 8;

/// Tries the head `runs`, which takes the first `used` lines, with the words behind it; the rows tell. `lines`: those that are
/// not blank, each with its node.
pub(super) fn unlisted(lines: &[(Run, usize)], runs: &[Run], used: usize) -> Option<Unlisted> {
    let body = |from: usize| -> Vec<&[Mark]> {
        let rest = lines.get(from..).unwrap_or_default();
        rest.iter().map(|(run, _)| run.as_slice()).collect()
    };
    let told = words(runs).map_or(0, |words| even_rows(&body(used), &columns(&words)));
    let (mut runs, mut at, mut unknown) = (runs.to_vec(), used, 0);
    let mut best: Option<(usize, Unlisted)> = None;
    for _ in 0..REACH {
        let rest = lines.get(at..).unwrap_or_default();
        if let Some((run, lines)) = head_token(rest) {
            runs.push(run);
            at += lines;
        } else {
            let word = rest.first().filter(|(run, _)| may_head(run));
            let Some((run, _)) = word.filter(|_| unknown < UNLISTED_MAX) else {
                break;
            };
            unknown += 1;
            runs.push(run.clone());
            at += 1;
        }
        let Some(words) = words(&runs).filter(|_| unknown > 0) else {
            continue;
        };
        let cells = body(at);
        let columns = columns(&words);
        let rows = even_rows(&cells, &columns);
        let whole = rows * runs.len() == cells.len();
        let last = columns.last() == Some(&Column::Other);
        if last && heads_rows(&cells, runs.len()) {
            continue;
        }
        let numbered = columns.contains(&Column::Number);
        let known = columns.len().checked_sub(2).and_then(|at| columns.get(at));
        let counted = numbered
            && (by_numbers(&cells, runs.len()) || last && ends_rows(&cells, known.copied()));
        let enough = rows > told && (rows > 1 || whole);
        if enough && best.as_ref().is_none_or(|(most, _)| rows > *most)
            || best.is_none() && told == 0 && counted
        {
            let found = Unlisted {
                words,
                runs: runs.clone(),
                lines: at,
                doubtful: !enough,
            };
            best = Some((rows, found));
        }
    }
    best.map(|(_, found)| found)
}

fn words(runs: &[Run]) -> Option<Vec<Option<HeadWord>>> {
    let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
    // that the rows below it fit leaves no doubt of one that its units show
    head(&cells).or_else(|| Some(head_framed(&cells).filter(|f| !f.doubtful)?.words))
}

/// A short word that may stand at the head of a column.
fn may_head(run: &[Mark]) -> bool {
    let han = plain(run)
        .chars()
        .all(|c| is_han(c) || matches!(c, '/' | '(' | ')'));
    (2..=WORD_MAX).contains(&weight(run)) && han && number(run).is_none() && !looks(run).deadline
}

/// Places of the numbers 1, 2, 3 …
fn numbers(cells: &[&[Mark]]) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for (i, cell) in cells.iter().enumerate() {
        let next = u32::try_from(places.len() + 1).unwrap_or(u32::MAX);
        if only_number(cell) == Some(next) {
            places.push(i);
        }
    }
    places
}

/// Shortest heading above a row, in characters.
const HEADING_MIN: usize = 4;

/// 主动公开 / 1 / … / 依申请公开 / 2 / …: what stands before each number heads its row, for behind the last row nothing stands.
fn heads_rows(cells: &[&[Mark]], width: usize) -> bool {
    let places = numbers(cells);
    let short = places.last().is_some_and(|last| cells.len() < last + width);
    let mut before = places.iter().skip(1).filter_map(|at| cells.get(at - 1));
    short && before.all(|cell| is_title(cell) && weight(cell) >= HEADING_MIN)
}

/// Behind each row, before the next number, stands what the last known column does not hold: rows with broken lines have a
/// last cell of their own, too.
fn ends_rows(cells: &[&[Mark]], known: Option<Column>) -> bool {
    let places = numbers(cells);
    let Some(known) = known.filter(|c| matches!(c, Column::Units(_) | Column::Deadline)) else {
        return false;
    };
    let other = |cell: &&[Mark]| {
        let looks = looks(cell);
        match known {
            Column::Deadline => !looks.deadline,
            _ => looks.organs < 0.5,
        }
    };
    let mut before = places.iter().skip(1).filter_map(|at| cells.get(at - 1));
    places.first() == Some(&0) && places.len() > 1 && before.all(other)
}

/// The first number stands straight below the head, and most numbers have a whole row before the next one.
fn by_numbers(cells: &[&[Mark]], width: usize) -> bool {
    let places = numbers(cells);
    let steps = places.windows(2).map(|pair| match pair {
        [a, b] => b - a,
        _ => 0,
    });
    let whole = steps.clone().filter(|step| *step == width).count();
    places.first() == Some(&0) && whole > 0 && whole * 2 >= steps.count()
}
