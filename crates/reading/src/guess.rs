//! A table whose head says nothing that is known, or that has none: its columns are told by what stands in them.

use super::cells::{Looks, looks};
use super::columns::{Column, HeadWord, head_word};
use super::layout::{Grid, GridCell};
use super::text::{Run, is_empty, trim, weight};

/// Columns of such a table, its head, and where its body begins.
pub(crate) struct Guess {
    pub(crate) columns: Vec<Column>,
    pub(crate) head: Vec<Run>,
    pub(crate) body: usize,
}

/// Fewest rows that tell what a column holds.
const ROWS_MIN: usize = 3;
/// Fewest rows where one column counts them.
const COUNTED_MIN: usize = 2;
/// Widest table that is guessed at, in columns.
const WIDTH_MAX: usize = 8;
/// Longest cell of a head, in characters.
const HEAD_MAX: usize = 12;

/// `None` unless one column holds units and another one sentences.
pub(crate) fn guess(grid: &Grid) -> Option<Guess> {
    if !(3..=WIDTH_MAX).contains(&grid.width) {
        return None;
    }
    let filled = |row: &[GridCell]| row.iter().filter(|c| !is_empty(&c.run)).count();
    let above = grid.rows.iter().take_while(|r| filled(r) <= 1).count();
    let first = grid.rows.get(above)?;
    let headed = is_head(first);
    let body = above + usize::from(headed);
    let rows = grid
        .rows
        .get(body..)
        .filter(|rows| rows.len() >= COUNTED_MIN)?;
    if headed && is_of_another_kind(first) {
        return None;
    }
    let seen: Vec<Vec<Looks>> = (0..grid.width)
        .map(|place| {
            let cells = rows.iter().flatten();
            let own = cells.filter(|c| c.column == place && c.column_span == 1);
            own.filter(|c| !is_empty(&c.run))
                .map(|c| looks(&c.run))
                .collect()
        })
        .collect();
    let most = |place: usize, is: fn(&Looks) -> bool| {
        let looks = seen.get(place).map(Vec::as_slice).unwrap_or_default();
        let hits = looks.iter().filter(|l| is(l)).count();
        hits >= 2 && hits * 3 >= looks.len() * 2
    };
    let long = |place: &usize| {
        let looks = seen.get(*place).map(Vec::as_slice).unwrap_or_default();
        looks.iter().map(|l| l.weight).sum::<usize>()
    };
    let text = (0..grid.width)
        .filter(|&place| most(place, |l| l.sentence))
        .max_by_key(long)?;
    let columns: Vec<Column> = (0..grid.width)
        .map(|place| match place {
            _ if place == text => Column::Text,
            _ if most(place, |l| l.only_number) => Column::Number,
            _ if most(place, |l| l.organs > UNITS_SHARE) => Column::Units(None),
            _ if most(place, |l| l.deadline) => Column::Deadline,
            _ if place < text => Column::Heading,
            _ => Column::Other,
        })
        .collect();
    let enough = rows.len() >= ROWS_MIN || columns.contains(&Column::Number);
    (enough && columns.contains(&Column::Units(None))).then(|| Guess {
        columns,
        head: match headed {
            true => first.iter().map(|c| c.run.clone()).collect(),
            false => Vec::new(),
        },
        body,
    })
}

/// Share of organs that makes a cell one of units.
const UNITS_SHARE: f32 = 0.8;

/// Short words, and nothing that a row of a measure has.
fn is_head(row: &[GridCell]) -> bool {
    let word = |run: &Run| {
        let looks = looks(run);
        let named = looks.organs > UNITS_SHARE && head_word(trim(run)).is_none();
        looks.weight <= HEAD_MAX
            && !(looks.only_number || looks.deadline || looks.sentence || named)
    };
    row.iter()
        .map(|c| &c.run)
        .filter(|run| weight(run) > 0)
        .all(word)
}

/// 姓名 | 联系电话 | 地址, 公开方式 | 公开时限: several heads of what is no part of a task.
fn is_of_another_kind(row: &[GridCell]) -> bool {
    let foreign = row.iter().filter(|c| {
        let word = head_word(&c.run);
        matches!(word, Some(HeadWord::Other | HeadWord::Catalogue))
    });
    foreign.count() >= 2
}
