//! Puts cells into columns.
//!
//! The rows of a captured table come with cells missing under merged ones, or without row ends at all. The best way
//! to lay the cells into the columns is found by a score: how well a cell's looks fit a column, less what is skipped.

use super::cells::{Looks, looks};
use super::columns::Column;
use super::number::{Level, number};
use super::text::{Run, is_empty};

/// May a row begin at this cell?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Boundary {
    Must,
    May,
    Never,
}

#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) run: Run,
    pub(crate) boundary: Boundary,
}

impl Cell {
    pub(crate) fn new(run: Run, boundary: Boundary) -> Self {
        Self { run, boundary }
    }
}

/// One row of the table: a run for each column, `None` where the row has no cell.
pub(crate) type Row = Vec<Option<Run>>;

/// Lays `cells` into `columns`, keeping their order.
pub(crate) fn align(cells: Vec<Cell>, columns: &[Column]) -> Vec<Row> {
    let width = columns.len();
    if width == 0 {
        return Vec::new();
    }
    let cells = without_trailing_blanks(cells);
    let mut seen: Vec<Looks> = cells.iter().map(|c| looks(&c.run)).collect();
    mark_headings(&cells, &mut seen, columns);
    mark_measures(&cells, &mut seen, columns);
    // best[i][c]: score of the cells up to i with cell i in column c; from[i][c]: column of the cell before, and whether a row began
    let mut best: Vec<Vec<f32>> = Vec::with_capacity(cells.len());
    let mut from: Vec<Vec<(usize, bool)>> = Vec::with_capacity(cells.len());
    for (i, (cell, look)) in cells.iter().zip(&seen).enumerate() {
        let mut scores = vec![f32::MIN; width];
        let mut back = vec![(0, true); width];
        for (c, column) in columns.iter().enumerate() {
            let fit = fit(look, *column, c, columns);
            let lead = skipped(columns, 0, c);
            let Some(before) = i.checked_sub(1).and_then(|j| best.get(j)) else {
                set(&mut scores, c, fit - lead);
                continue;
            };
            let (mut top, mut way) = (f32::MIN, (0, true));
            for (p, score) in before.iter().enumerate() {
                if cell.boundary != Boundary::Must && p < c {
                    let same = score
                        - skipped(columns, p + 1, c)
                        - if cell.boundary == Boundary::May {
                            MAY_JOIN
                        } else {
                            0.0
                        };
                    if same > top {
                        (top, way) = (same, (p, false));
                    }
                }
                if cell.boundary != Boundary::Never {
                    let new = score - skipped(columns, p + 1, width) * 0.5 - lead - NEW_ROW;
                    if new > top {
                        (top, way) = (new, (p, true));
                    }
                }
            }
            // a row with more cells than columns: go on in a new row rather than lose the cell
            if top == f32::MIN {
                let (p, score) = before
                    .iter()
                    .enumerate()
                    .max_by(|a, b| a.1.total_cmp(b.1))
                    .map_or((0, 0.0), |(p, s)| (p, *s));
                (top, way) = (score - OVERFLOW, (p, true));
            }
            set(&mut scores, c, top + fit);
            if let Some(slot) = back.get_mut(c) {
                *slot = way;
            }
        }
        best.push(scores);
        from.push(back);
    }
    rows(cells, &best, &from, width)
}

/// Blank cells at the end of a row say nothing: what is not there is blank as well. They stand there where the cells
/// moved left under a merged one.
fn without_trailing_blanks(cells: Vec<Cell>) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in cells {
        if cell.boundary != Boundary::Never {
            while out
                .last()
                .is_some_and(|c| c.boundary == Boundary::Never && is_empty(&c.run))
            {
                out.pop();
            }
        }
        out.push(cell);
    }
    while out.last().is_some_and(|c| is_empty(&c.run)) {
        out.pop();
    }
    out
}

/// Longest heading that carries the number of a measure, in characters.
const HEADING_MAX: usize = 30;

/// In a table with a column of headings the headings may be numbered 1. like measures: short cells straight before
/// one that begins again at 1, or before long ones without number. What they are is told by all of them together.
fn mark_headings(cells: &[Cell], seen: &mut [Looks], columns: &[Column]) {
    let text = columns.iter().position(|c| *c == Column::Text);
    let headed = columns.contains(&Column::Heading);
    let (Some(text), true) = (text, headed) else {
        return;
    };
    let closed = !matches!(columns.get(text + 1), Some(Column::Other));
    let item = |l: &Looks| l.level == Some(Level::Item) && !l.only_number;
    let short = |l: &Looks| item(l) && l.weight <= HEADING_MAX && !l.sentence;
    let starts = |i: usize| {
        cells
            .get(i)
            .and_then(|c| number(&c.run))
            .is_some_and(|n| n.level == Level::Item && n.value == 1 && !n.nested)
    };
    let (mut again, mut plain) = (Vec::new(), Vec::new());
    for (i, pair) in seen.windows(2).enumerate() {
        let [look, next] = pair else { continue };
        if !short(look)
            || cells
                .get(i + 1)
                .is_none_or(|c| c.boundary == Boundary::Must)
        {
            continue;
        }
        if item(next) && starts(i + 1) {
            again.push(i);
        } else if closed && next.level.is_none() && next.organs < 0.5 && next.weight > look.weight {
            plain.push(i);
        }
    }
    let items = seen.iter().filter(|l| item(l)).count();
    let places = if again.len() >= 2 {
        again
    } else if plain.len() >= 2 && plain.len() * 3 >= items * 2 {
        plain
    } else {
        return;
    };
    for i in places {
        if let Some(look) = seen.get_mut(i) {
            look.level = Some(Level::Group);
        }
    }
}

/// In a table with one column of headings the measures may be numbered （一）: such cells stand straight behind a
/// heading in its row, and never before a measure.
fn mark_measures(cells: &[Cell], seen: &mut [Looks], columns: &[Column]) {
    let headings = columns.iter().filter(|c| **c == Column::Heading).count();
    let beside = columns
        .windows(2)
        .any(|pair| pair == [Column::Heading, Column::Text]);
    if headings != 1 || !beside {
        return;
    }
    let group = |l: &Looks| l.level == Some(Level::Group);
    let heads = |l: &Looks| match l.level {
        Some(level) => level == Level::Section,
        None => !l.empty && !l.sentence && !l.deadline && l.organs < 0.5,
    };
    let measure =
        |l: &Looks| !l.empty && !l.deadline && l.organs < 0.5 && (l.level.is_some() || l.sentence);
    let (mut behind, mut before) = (0, 0);
    for (i, pair) in seen.windows(2).enumerate() {
        let [look, next] = pair else { continue };
        let one_row = cells
            .get(i + 1)
            .is_some_and(|c| c.boundary == Boundary::Never);
        if one_row && group(next) && heads(look) {
            behind += 1;
        } else if one_row && group(look) && measure(next) {
            before += 1;
        }
    }
    if behind > 0 && before == 0 {
        for look in seen.iter_mut().filter(|l| group(l)) {
            look.level = Some(Level::Item);
        }
    }
}

/// What a new row costs, so that a row is not torn without reason.
const NEW_ROW: f32 = 0.2;
/// What it costs to go on over a blank line.
const MAY_JOIN: f32 = 0.1;
const OVERFLOW: f32 = 6.0;

fn set(scores: &mut [f32], c: usize, value: f32) {
    if let Some(slot) = scores.get_mut(c) {
        *slot = value;
    }
}

fn rows(
    cells: Vec<Cell>,
    best: &[Vec<f32>],
    from: &[Vec<(usize, bool)>],
    width: usize,
) -> Vec<Row> {
    let Some(last) = best.last() else {
        return Vec::new();
    };
    let mut column = last
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(c, _)| c);
    let mut places = Vec::with_capacity(cells.len());
    for back in from.iter().rev() {
        let (before, begins) = back.get(column).copied().unwrap_or((0, true));
        places.push((column, begins));
        column = before;
    }
    places.reverse();
    let mut rows: Vec<Row> = Vec::new();
    for (i, (cell, (column, begins))) in cells.into_iter().zip(places).enumerate() {
        if begins || i == 0 {
            rows.push(vec![None; width]);
        }
        if let Some(slot) = rows.last_mut().and_then(|r| r.get_mut(column)) {
            *slot = Some(cell.run);
        }
    }
    rows
}

/// What it costs to leave columns out of a row. Headings are mostly merged down; text and units are mostly there.
fn skipped(columns: &[Column], from: usize, to: usize) -> f32 {
    columns
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .map(|c| match c {
            Column::Heading => 0.15,
            Column::Number => 0.4,
            Column::Text => 2.0,
            Column::Units(_) => 1.0,
            Column::Deadline => 0.5,
            Column::Other => 0.05,
        })
        .sum()
}

/// How well a heading's number goes with the place of its column.
fn rank(level: Option<Level>, deepest: bool) -> f32 {
    match (level, deepest) {
        (Some(Level::Section), false) | (Some(Level::Group), true) => 0.3,
        // a row with one heading stands below a section that is merged down
        (None, true) => 0.05,
        _ => 0.0,
    }
}

/// How well a text without number goes into a column of headings: sentences go worse.
fn plain_heading(look: &Looks) -> f32 {
    if look.sentence && look.weight > 26 {
        0.4
    } else {
        0.9
    }
}

fn fit(look: &Looks, column: Column, place: usize, columns: &[Column]) -> f32 {
    if look.empty {
        return if column == Column::Other { 0.1 } else { 0.0 };
    }
    let section = look.level == Some(Level::Section);
    let group = look.level == Some(Level::Group);
    let item = matches!(look.level, Some(Level::Item | Level::Sub | Level::Circled));
    match column {
        Column::Number => {
            if look.only_number {
                4.0
            } else {
                -5.0
            }
        }
        Column::Heading => {
            let deepest = !columns
                .iter()
                .skip(place + 1)
                .any(|c| *c == Column::Heading);
            let rank = rank(look.level, deepest);
            let base = if look.only_number || look.deadline {
                -3.0
            } else if section || group {
                if look.weight > 80 { 0.0 } else { 3.0 }
            } else if item {
                if look.weight > 30 { -3.0 } else { -1.0 }
            } else if look.organs > 0.8 || (look.sentence && look.weight > 40) {
                -2.0
            } else if look.weight > 50 {
                -1.0
            } else {
                plain_heading(look)
            };
            base + rank
        }
        Column::Text => {
            if look.only_number || look.deadline {
                -4.0
            } else if look.organs > 0.8 {
                -3.0
            } else if item {
                3.0
            } else if section || group {
                if look.weight > 60 { 1.5 } else { -1.0 }
            } else if look.sentence || look.weight > 25 {
                2.0
            } else {
                0.4
            }
        }
        Column::Units(_) => {
            if look.only_number || look.deadline || look.level.is_some() {
                -4.0
            } else if look.organs > 0.8 {
                3.0
            } else if look.organs > 0.3 {
                1.0
            } else if look.sentence || look.weight > 30 {
                -2.5
            } else {
                0.3
            }
        }
        Column::Deadline => {
            if look.deadline {
                3.0
            } else if look.only_number || look.level.is_some() {
                -3.0
            } else if look.organs > 0.8 || look.weight > 30 {
                -2.5
            } else {
                0.2
            }
        }
        Column::Other => {
            if look.level.is_some() || look.organs > 0.8 {
                -1.5
            } else if look.sentence {
                -1.0
            } else {
                0.0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::{printed, run};
    use super::*;
    use Boundary::{May, Must, Never};

    const ANY: Column = Column::Units(None);

    fn check(columns: &[Column], cells: &[(&str, Boundary)], want: &[&str]) {
        let cells = cells
            .iter()
            .map(|(text, b)| Cell::new(run(text), *b))
            .collect();
        let got: Vec<String> = align(cells, columns)
            .iter()
            .map(|row| {
                row.iter()
                    .map(|c| c.as_ref().map_or("-".to_owned(), |r| printed(r)))
                    .collect::<Vec<_>>()
                    .join("|")
            })
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn rows_move_left_under_a_merged_cell() {
        check(
            &[Column::Heading, Column::Text, ANY],
            &[
                ("一、抓好财政公开。", Must),
                ("1.公开预算、决算和报表。", Never),
                ("财务科", Never),
                ("2.公开政府采购信息并及时更新。", Must),
                ("各科室", Never),
                ("", Never),
            ],
            &[
                "一、抓好财政公开。|1.公开预算、决算和报表。|财务科",
                "-|2.公开政府采购信息并及时更新。|各科室",
            ],
        );
    }

    #[test]
    fn rows_without_ends_are_found() {
        check(
            &[
                Column::Heading,
                Column::Number,
                Column::Text,
                ANY,
                Column::Deadline,
            ],
            &[
                ("推进集中公开", May),
                ("1", May),
                ("梳理文件并向社会公布目录。", May),
                ("办公室", May),
                ("年底前", May),
                ("丰富解读方式", May),
                ("2", May),
                ("配发图文解读，与原文相互链接。", May),
                ("各科室", May),
                ("持续推进", May),
                ("3", May),
                ("编制年度报告，数据准确。", May),
                ("办公室", May),
                ("持续推进", May),
            ],
            &[
                "推进集中公开|1|梳理文件并向社会公布目录。|办公室|年底前",
                "丰富解读方式|2|配发图文解读，与原文相互链接。|各科室|持续推进",
                "-|3|编制年度报告，数据准确。|办公室|持续推进",
            ],
        );
    }
}
