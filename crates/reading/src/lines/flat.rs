//! A table of which each cell is a line, with nothing between them.

use super::super::cells::looks;
use super::super::columns::Column;
use super::super::event::{Doubt, Event};
use super::super::number::{Level, number, only_number};
use super::super::prose::{self, Hint};
use super::super::text::{Mark, Run, trim, weight};
use super::cells;

/// Share of organs that makes a line a cell of units.
const UNITS_SHARE: f32 = 0.8;
/// Fewest numbers alone on their lines that make a column.
const NUMBERS_MIN: usize = 2;

/// 工作任务 | 责任单位 above 1 / 公开预算… / 市财政局 / 2 / …: the head does not name the column of the numbers. It stands before
/// the headings where the numbers do.
pub(super) fn columns_with_numbers(lines: &[&Run], columns: &mut Vec<Column>) {
    let cells: Vec<&[Mark]> = lines.iter().map(|l| trim(l)).collect();
    let cells: Vec<&[Mark]> = cells.into_iter().filter(|c| !c.is_empty()).collect();
    let numbers: Vec<(usize, u32)> = cells
        .iter()
        .enumerate()
        .filter_map(|(i, cell)| Some((i, only_number(cell)?)))
        .collect();
    let counted = numbers.windows(2).all(|pair| match pair {
        [(_, a), (_, b)] => *b == a + 1,
        _ => false,
    });
    let Some(text) = columns.iter().position(|c| *c == Column::Text) else {
        return;
    };
    let units = cells.iter().filter(|c| looks(c).organs > UNITS_SHARE);
    if numbers.len() < NUMBERS_MIN || !counted || units.count() > numbers.len() * 2 {
        // the numbers of the pages
        return;
    }
    let headed = |(i, _): &&(usize, u32)| match (cells.get(i + 1), cells.get(i + 2)) {
        (Some(cell), Some(next)) => {
            let next = looks(next);
            cells::is_title(cell) && next.organs < 0.5 && !next.deadline && !next.only_number
        }
        _ => false,
    };
    let before = numbers.iter().filter(headed).count() * 2 > numbers.len();
    columns.insert(if before { 0 } else { text }, Column::Number);
}

/// Columns of headings that can be told from the measures where each cell is a plain line.
const HEADINGS_TOLD: usize = 2;

pub(super) fn flat_events(lines: Vec<Run>, columns: &[Column]) -> Vec<Event> {
    let headings = columns.iter().filter(|c| **c == Column::Heading).count();
    let headed = headings > 0;
    let (lines, joined) = match headings {
        1 => join_headings(lines),
        _ => (lines, false),
    };
    let across = is_read_across(&lines);
    let mut events = prose::events(&lines, Hint::Table { headed });
    if across {
        events.iter_mut().for_each(super::doubt_cell);
    }
    if joined {
        events.push(Event::Aside {
            run: Run::new(),
            code: "headings-joined",
            message: "标题栏里断成两行的标题已合为一个，请核对".to_owned(),
        });
    }
    if headings > HEADINGS_TOLD {
        for event in &mut events {
            if let Event::Item(item) = event {
                item.doubts.push(Doubt::Unmarked);
            }
        }
    }
    events
}

/// Fewest lines with half a bracket that show it, and their share: one in so many.
const HALVES_MIN: usize = 3;
const HALVES_SHARE: usize = 8;

/// 各镇人民政府（街道 / 态和处置工作进展 办事处）: a page read line by line across its columns; pieces of two cells stand in one line.
fn is_read_across(lines: &[Run]) -> bool {
    let half = |line: &&Run| {
        let open = line.iter().filter(|m| m.fold == '(').count();
        let close = line.iter().filter(|m| m.fold == ')').count();
        open != close
    };
    let halves = lines.iter().filter(half).count();
    halves >= HALVES_MIN && halves * HALVES_SHARE >= lines.len()
}

/// Longest rest of a heading that was broken in its narrow column, in characters.
const HEADING_REST_MAX: usize = 3;
/// Longest line of such a column, in characters.
const HEADING_LINE_MAX: usize = 8;

/// 加强政策 / 公开 / 1.完善文件库: in a table with one column of headings, a heading broken over two lines.
fn join_headings(lines: Vec<Run>) -> (Vec<Run>, bool) {
    let short = |run: &Run, most: usize| {
        (2..=most).contains(&weight(run))
            && number(run).is_none()
            && cells::is_title(run)
            && !run
                .iter()
                .any(|m| matches!(m.fold, '。' | ',' | ';' | '、'))
    };
    let mut out: Vec<Run> = Vec::with_capacity(lines.len());
    let mut joined = false;
    for (i, line) in lines.iter().enumerate() {
        let below = lines.get(i + 1).and_then(|l| number(l));
        let rest = short(line, HEADING_REST_MAX) && below.is_some_and(|n| n.level == Level::Item);
        match out.last_mut() {
            Some(last) if rest && short(last, HEADING_LINE_MAX) => {
                last.extend_from_slice(line);
                joined = true;
            }
            _ => out.push(line.clone()),
        }
    }
    (out, joined)
}
