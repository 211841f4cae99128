//! A table that was copied into one line without any sign between its cells:
//! …分解表工作任务工作要求牵头单位责任单位一、加强公开1.公开预算。市财政局市审计局各县2.…. Numbers, stops, times and names tell
//! where cells end, and every row is to be checked.

use super::super::columns::{Column, columns, head};
use super::super::glance::Glance;
use super::super::layout::{Grid, GridCell};
use super::super::number::{Level, number};
use super::super::text::{Mark, Run, from, part, starts_any, trim, weight};

mod names;
mod timed;

use names::{joined, names, only_names};

/// Heads of columns, as they are printed most often. Side by side they leave no doubt.
const HEADS: &[&str] = &[
    "序号",
    "工作任务",
    "主要任务",
    "重点任务",
    "主要工作任务",
    "重点工作任务",
    "任务名称",
    "任务分解",
    "工作要求",
    "工作内容",
    "主要内容",
    "具体内容",
    "任务内容",
    "工作措施",
    "具体措施",
    "主要措施",
    "具体工作措施",
    "具体任务",
    "具体要求",
    "工作目标",
    "牵头单位",
    "牵头部门",
    "责任单位",
    "责任部门",
    "责任科室",
    "主要责任单位",
    "配合单位",
    "配合部门",
    "配合/责任单位",
    "责任/配合单位",
    "协办单位",
    "参与单位",
    "完成时限",
    "完成时间",
    "完成期限",
    "时间节点",
    "任务来源",
    "任务依据",
    "备注",
];

/// Shortest line that may hold such a table, in characters; fewest and most heads, and fewest rows.
const LINE_MIN: usize = 200;
const HEADS_MIN: usize = 3;
const HEADS_MAX: usize = 12;
const ROWS_MIN: usize = 3;

/// What such a line holds.
pub(super) struct Parted {
    /// The head of the paper.
    pub(super) above: Run,
    pub(super) title: Run,
    pub(super) grid: Grid,
    pub(super) rest: Run,
}

/// A row of cells, or a heading over all columns.
enum Row {
    Heading(Run),
    Cells(Vec<(usize, Run)>),
}

/// The columns of the table, and where it begins.
struct Found {
    start: usize,
    end: usize,
    heads: Vec<Run>,
    columns: Vec<Column>,
}

impl Found {
    fn place(&self, want: fn(&Column) -> bool) -> Option<usize> {
        self.columns.iter().position(want)
    }

    /// The columns of units.
    fn units(&self) -> Vec<usize> {
        let all = self.columns.iter().enumerate();
        all.filter(|(_, c)| matches!(c, Column::Units(_)))
            .map(|(i, _)| i)
            .collect()
    }
}

/// Parts a line into what stands above the table, its title, its rows, and what is left behind the last one.
pub(super) fn part_table(run: &[Mark]) -> Option<Parted> {
    let celled = || run.iter().any(|m| matches!(m.fold, '\t' | '|'));
    if run.len() < LINE_MIN || celled() {
        return None;
    }
    let found = find_head(run)?;
    let body = from(run, found.end);
    let timed = found.place(|c| *c == Column::Deadline);
    let (rows, end) = match timed {
        Some(time) => timed::rows(body, &found, time),
        None => numbered_rows(body, &found),
    };
    let cells = rows.iter().filter(|row| matches!(row, Row::Cells(_)));
    if cells.count() < ROWS_MIN {
        return None;
    }
    let above = part(run, 0, found.start);
    let title = title_at(above);
    Some(Parted {
        above: trim(part(above, 0, title)).to_vec(),
        title: trim(from(above, title)).to_vec(),
        grid: grid(rows, &found),
        rest: trim(from(body, end)).to_vec(),
    })
}

/// The heads, one straight behind the other.
fn find_head(run: &[Mark]) -> Option<Found> {
    const FIRST: Glance = Glance::heads(HEADS);
    let begins = |&i: &usize| run.get(i).is_some_and(|m| FIRST.may(m.fold));
    (0..run.len()).filter(begins).find_map(|start| {
        let mut heads: Vec<Run> = Vec::new();
        let mut end = start;
        while heads.len() <= HEADS_MAX
            && let Some(len) = starts_any(from(run, end), HEADS)
        {
            heads.push(part(run, end, end + len).to_vec());
            end += len;
            end += from(run, end).iter().take_while(|m| m.is_blank()).count();
        }
        if !(HEADS_MIN..=HEADS_MAX).contains(&heads.len()) {
            return None;
        }
        let cells: Vec<&[Mark]> = heads.iter().map(Vec::as_slice).collect();
        let columns = columns(&head(&cells)?);
        let found = Found {
            start,
            end,
            heads,
            columns,
        };
        (found.in_order() && weight(from(run, end)) > 0).then_some(found)
    })
}

impl Found {
    /// The measure stands before its units, and a time only between them.
    fn in_order(&self) -> bool {
        let text = self.place(|c| *c == Column::Text);
        let units = self.units();
        let time = self.place(|c| *c == Column::Deadline);
        let (Some(text), Some(first)) = (text, units.first()) else {
            return false;
        };
        let between = time.is_none_or(|time| (text..*first).contains(&time));
        text < *first && between && units.len() <= 2
    }
}

/// Longest title of the table with its mark, in characters.
const TITLE_MAX: usize = 60;

/// …2026年3月5日 附件2026年公开任务分解表: where the title straight before the heads begins.
fn title_at(above: &[Mark]) -> usize {
    let reach = above.len().saturating_sub(TITLE_MAX);
    let annex = |at: &usize| starts_any(from(above, *at), &["附件", "附表"]).is_some();
    (reach..above.len())
        .rev()
        .find(annex)
        .unwrap_or(above.len())
}

fn grid(rows: Vec<Row>, found: &Found) -> Grid {
    let width = found.columns.len();
    let cell = |column: usize, run: Run, column_span: usize| GridCell {
        run,
        column,
        row_span: 1,
        column_span,
        doubtful: true,
    };
    let heads = found.heads.iter().cloned().enumerate();
    let head = heads.map(|(column, run)| cell(column, run, 1)).collect();
    let rows = rows.into_iter().map(|row| match row {
        Row::Heading(run) => vec![cell(0, run, width)],
        Row::Cells(filled) => {
            let mut runs = vec![Run::new(); width];
            for (column, run) in filled {
                if let Some(slot) = runs.get_mut(column) {
                    *slot = run;
                }
            }
            let runs = runs.into_iter().enumerate();
            runs.map(|(column, run)| cell(column, run, 1)).collect()
        }
    });
    Grid {
        rows: std::iter::once(head).chain(rows).collect(),
        width,
    }
}

/// Rows that begin with their numbers and end with their units.
fn numbered_rows(body: &[Mark], found: &Found) -> (Vec<Row>, usize) {
    let (mut rows, mut at, mut last) = (Vec::new(), 0, 0);
    loop {
        let (headings, start) = headings(body, at);
        let Some(n) = number(from(body, start)).filter(|n| n.level == Level::Item) else {
            break;
        };
        if n.value != last + 1 && n.value != last + 2 {
            break;
        }
        let Some((units, end)) = row_end(body, start + n.len, n.value) else {
            break;
        };
        rows.extend(headings.into_iter().map(Row::Heading));
        let text = trim(part(body, start, units)).to_vec();
        let mut cells = vec![(found.place(|c| *c == Column::Text).unwrap_or(0), text)];
        cells.extend(unit_cells(part(body, units, end), &found.units()));
        rows.push(Row::Cells(cells));
        (at, last) = (end, n.value);
    }
    (rows, at)
}

/// Longest heading, in characters.
const HEADING_MAX: usize = 60;

/// 一、加强公开（一）公开规划1.…: the headings at a place, and where the first item behind them begins.
fn headings(body: &[Mark], at: usize) -> (Vec<Run>, usize) {
    let (mut out, mut start) = (Vec::new(), at);
    while let Some(n) = number(from(body, start)).filter(|n| n.level <= Level::Group) {
        let near = part(body, start + n.len, start + n.len + HEADING_MAX);
        let next = (1..near.len()).find(|&i| {
            let below = number(from(near, i));
            let figure = |m: &Mark| m.fold.is_ascii_digit();
            below.is_some_and(|b| matches!(b.level, Level::Group | Level::Item))
                && near.get(i).is_some_and(|m| !m.is_blank())
                && !near.get(i - 1).is_some_and(figure)
        });
        let stop = near.iter().position(|m| matches!(m.fold, '。' | ';'));
        let Some(next) = next.filter(|next| stop.is_none_or(|stop| *next < stop)) else {
            break;
        };
        let end = start + n.len + next;
        out.push(trim(part(body, start, end)).to_vec());
        start = end;
    }
    (out, start)
}

/// Where the units of a row begin, and where they end before the next row.
fn row_end(body: &[Mark], at: usize, value: u32) -> Option<(usize, usize)> {
    let nexts = (at..body.len()).filter(|&i| begins_row(body, i, value));
    for next in nexts {
        let heads = heads_before(body, at, next);
        for end in heads.into_iter().chain([next]) {
            if let Some(units) = units_before(body, at, end) {
                return Some((units, end));
            }
        }
    }
    last_units(body, at)
}

/// The next number, or the one behind it, where a number was left out.
fn begins_row(body: &[Mark], i: usize, value: u32) -> bool {
    let figure = |m: &Mark| m.fold.is_ascii_digit() || m.fold == '.';
    let before = i.checked_sub(1).and_then(|j| body.get(j));
    body.get(i).is_some_and(|m| m.fold.is_ascii_digit())
        && !before.is_some_and(figure)
        && number(from(body, i)).is_some_and(|n| {
            n.level == Level::Item && (n.value == value + 1 || n.value == value + 2)
        })
}

/// Places before the next row at which headings begin that go on up to it.
fn heads_before(body: &[Mark], at: usize, next: usize) -> Vec<usize> {
    let reach = next.saturating_sub(2 * HEADING_MAX).max(at);
    let sign = |i: &usize| body.get(*i).is_some_and(|m| !m.is_blank());
    let heads = |i: &usize| headings(body, *i).1 == next;
    (reach..next)
        .filter(sign)
        .filter(|i| number(from(body, *i)).is_some_and(|n| n.level <= Level::Group))
        .filter(heads)
        .collect()
}

/// Where the names begin that end at `end`: behind a stop, or with their level.
fn units_before(body: &[Mark], at: usize, end: usize) -> Option<usize> {
    let stop = part(body, at, end)
        .iter()
        .rposition(|m| matches!(m.fold, '。' | ';' | '”'))?;
    let first = at + stop + 1;
    let levelled = |i: &usize| {
        let level = body.get(*i).map(|m| m.fold);
        level.is_some_and(|c| matches!(c, '省' | '市' | '区' | '县' | '州'))
    };
    let named = |i: &usize| only_names(part(body, *i, end)).is_some();
    if named(&first) {
        return Some(first);
    }
    (first..end).filter(levelled).find(named)
}

/// The units of the last row, behind the first stop that names follow.
fn last_units(body: &[Mark], at: usize) -> Option<(usize, usize)> {
    let mut stops = (at..body.len()).filter(|&i| body.get(i).is_some_and(|m| m.fold == '。'));
    stops.find_map(|stop| {
        let (found, len) = names(from(body, stop + 1), true);
        (!found.is_empty()).then_some((stop + 1, stop + 1 + len))
    })
}

/// The names of a row in its columns of units. A blank in front of them stands for an empty first cell, and one behind them
/// for an empty last one; else the second cell begins with the first collective.
fn unit_cells(units: &[Mark], columns: &[usize]) -> Vec<(usize, Run)> {
    let (found, _) = names(units, true);
    let [first, second] = columns else {
        let column = columns.first().copied().unwrap_or_default();
        return vec![(column, joined(&found))];
    };
    let blank = |m: Option<&Mark>| m.is_some_and(|m| m.is_blank());
    let all = |name: &Run| names::is_collective(name);
    let cut = match (blank(units.first()), blank(units.last())) {
        (true, _) => 0,
        (_, true) => found.len(),
        _ => found.iter().position(all).unwrap_or(found.len().min(1)),
    };
    let (lead, other) = found.split_at(cut);
    vec![(*first, joined(lead)), (*second, joined(other))]
}
