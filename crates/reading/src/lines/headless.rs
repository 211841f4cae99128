//! A table in plain text whose head was lost: its rows stand between pipes or tabs, or each cell on a line behind the number
//! of its row; and the cells tell the columns.

use super::super::cells::{Looks, looks};
use super::super::columns::{Column, head};
use super::super::event::{Doubt, doubt_items};
use super::super::layout::Node;
use super::super::number::{Level, only_number};
use super::super::text::{Mark, Run, is_empty, plain, trim};
use super::end::{End, body_end};
use super::heads::head_at;
use super::{Capture, Region, cell_events, row_cells};

/// Fewest cells of the row that tells the columns.
const CELLS_MIN: usize = 3;
/// Most cells of a row.
const CELLS_MAX: usize = 10;
/// Fewest rows with a measure and units.
const ROWS_MIN: usize = 2;
/// Share of organs that makes a cell one of units.
const UNITS_SHARE: f32 = 0.8;
/// Shortest measure without a stop, in characters.
const MEASURE_MIN: usize = 6;

/// What stands at a row.
pub(super) enum Found {
    Region(Region),
    /// No such table; up to this node none begins.
    NoneUntil(usize),
}

/// `titled`: the title of a plan stands above. `first`: no table stands above.
pub(super) fn region(nodes: &[Node], start: usize, titled: bool, first: bool) -> Option<Found> {
    let Some(Node::Line(line)) = nodes.get(start) else {
        return None;
    };
    let Some(capture) = capture(line) else {
        let begins = titled && first && only_number(trim(line)) == Some(1);
        return begins.then(|| cells_on_lines(nodes, start));
    };
    row(line)?;
    let End { end, .. } = body_end(nodes, start, capture);
    let lines: Vec<&Run> = nodes
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| match node {
            Node::Line(run) => Some(run),
            Node::Grid(_) => None,
        })
        .collect();
    let headed = |line: &&Run| capture_is(line, capture) && head(&row_cells(line)).is_some();
    if let Some(at) = lines.iter().position(headed) {
        return Some(Found::NoneUntil(start + at));
    }
    let rows: Vec<Row> = lines.iter().filter_map(|line| row(line)).collect();
    let celled = lines.iter().filter(|line| filled(line).len() > 1).count();
    let most = rows.len() >= ROWS_MIN && rows.len() * 3 >= celled * 2;
    let said = rows.iter().filter(|r| r.sentence).count() * 3 >= rows.len() * 2;
    let placed = rows
        .iter()
        .any(|r| r.duty || r.columns.contains(&Column::Deadline));
    let counted = counted(&rows);
    let known = match titled {
        true => said || counted && placed,
        false => said && counted && rows.iter().any(|r| r.duty),
    };
    let widest = rows.iter().max_by_key(|row| row.columns.len());
    let Some(widest) = widest.filter(|_| most && known) else {
        return Some(Found::NoneUntil(end));
    };
    let mut columns = widest.columns.clone();
    let mut events = cell_events(&lines, capture, &mut columns);
    doubt_items(&mut events, Doubt::HeadsUnknown);
    Some(Found::Region(Region {
        start,
        end,
        columns,
        events,
        head: Vec::new(),
        catalogue: false,
        headless: true,
    }))
}

/// Lines below the first number among which the head of the table may stand.
const HEAD_LINES_MAX: usize = 40;

/// 1 / 公开目录。 / 市司法局 / 6月底前 / 2 / …
fn cells_on_lines(nodes: &[Node], start: usize) -> Found {
    let End { end, .. } = body_end(nodes, start, Capture::Flat);
    // the number of a page above the head
    let near = start + 1..end.min(start + HEAD_LINES_MAX);
    if near.into_iter().any(|i| head_at(nodes, i).is_some()) {
        return Found::NoneUntil(start + 1);
    }
    let lines: Vec<&Run> = nodes
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| match node {
            Node::Line(run) => Some(run),
            Node::Grid(_) => None,
        })
        .collect();
    let mut rows: Vec<Vec<Looks>> = Vec::new();
    for line in lines
        .iter()
        .map(|line| trim(line))
        .filter(|l| !l.is_empty())
    {
        let next = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
        if only_number(line) == Some(next) {
            rows.push(Vec::new());
        } else if let Some(row) = rows.last_mut() {
            row.push(looks(line));
        }
    }
    let count = |holds: fn(&[Looks]) -> bool| rows.iter().filter(|row| holds(row)).count();
    let whole =
        count(|row| row.iter().any(is_measure) && row.iter().any(|look| look.organs > UNITS_SHARE));
    let dated = count(|row| row.iter().any(|look| look.deadline));
    let headed = count(|row| match row {
        [title, measure, ..] => !title.sentence && title.organs < 0.5 && is_measure(measure),
        _ => false,
    });
    if rows.len() < ROWS_MIN || whole * 3 < rows.len() * 2 {
        return Found::NoneUntil(end);
    }
    let mut columns = vec![Column::Number];
    if headed * 2 > rows.len() {
        columns.push(Column::Heading);
    }
    columns.extend([Column::Text, Column::Units(None)]);
    if dated * 2 > rows.len() {
        columns.push(Column::Deadline);
    }
    let mut events = cell_events(&lines, Capture::Flat, &mut columns);
    doubt_items(&mut events, Doubt::HeadsUnknown);
    Found::Region(Region {
        start,
        end,
        columns,
        events,
        head: Vec::new(),
        catalogue: false,
        headless: true,
    })
}

/// What may be a measure: no name, no date, no number and no heading.
fn is_measure(look: &Looks) -> bool {
    let heading = matches!(look.level, Some(Level::Section | Level::Group));
    let plain = look.organs < 0.5 && !look.deadline && !look.only_number && !heading;
    plain && (look.sentence || look.level.is_some() || look.weight >= MEASURE_MIN)
}

fn capture(line: &[Mark]) -> Option<Capture> {
    let has = |sign: char| line.iter().any(|m| m.fold == sign);
    match (has('|'), has('\t')) {
        (true, _) => Some(Capture::Pipes),
        (false, true) => Some(Capture::TabRows),
        _ => None,
    }
}

fn capture_is(line: &[Mark], capture: Capture) -> bool {
    self::capture(line) == Some(capture)
}

fn filled(line: &[Mark]) -> Vec<&[Mark]> {
    let mut cells = row_cells(line);
    cells.retain(|cell| !is_empty(cell));
    cells
}

/// A row with a measure and units.
struct Row {
    columns: Vec<Column>,
    /// The number in its own cell.
    number: Option<u32>,
    /// Its units say what they do: 牵头, 负责.
    duty: bool,
    /// The measure reads like a sentence, or has its number before it.
    sentence: bool,
}

/// `None` where the cells hold no measure, or no units behind or before it.
fn row(line: &[Mark]) -> Option<Row> {
    let cells = filled(line);
    if !(CELLS_MIN..=CELLS_MAX).contains(&cells.len()) {
        return None;
    }
    let seen: Vec<Looks> = cells.iter().map(|cell| looks(cell)).collect();
    let longest = seen
        .iter()
        .filter(|l| is_measure(l))
        .map(|l| l.weight)
        .max()?;
    let text = seen
        .iter()
        .position(|l| is_measure(l) && l.weight == longest)?;
    let column = |(i, l): (usize, &Looks)| match l {
        _ if i == text => Column::Text,
        l if l.organs > UNITS_SHARE => Column::Units(None),
        l if l.only_number && i < text => Column::Number,
        l if l.deadline => Column::Deadline,
        _ if i < text => Column::Heading,
        _ => Column::Other,
    };
    let columns: Vec<Column> = seen.iter().enumerate().map(column).collect();
    if !columns.contains(&Column::Units(None)) {
        return None;
    }
    let number = cells
        .iter()
        .zip(&columns)
        .find(|(_, column)| **column == Column::Number)
        .and_then(|(cell, _)| only_number(cell));
    let units = cells.iter().zip(&columns);
    let mut units = units.filter(|(_, column)| **column == Column::Units(None));
    let duty = units.any(|(cell, _)| {
        let text = plain(cell);
        ["牵头", "负责", "落实", "配合"]
            .iter()
            .any(|duty| text.contains(duty))
    });
    let own = seen.get(text);
    Some(Row {
        columns,
        number,
        duty,
        sentence: own.is_some_and(|l| l.sentence || l.level.is_some()),
    })
}

/// The numbers of the rows count on.
fn counted(rows: &[Row]) -> bool {
    let numbers: Vec<u32> = rows.iter().filter_map(|row| row.number).collect();
    let on = numbers.windows(2).filter(|pair| match pair {
        [a, b] => *b == a + 1,
        _ => false,
    });
    numbers.len() == rows.len() && on.count() + 1 >= numbers.len()
}
