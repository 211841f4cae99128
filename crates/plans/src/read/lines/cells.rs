//! From the lines of a captured table to its cells, with what is known of row ends.

use super::super::grid::{Boundary, Cell};
use super::super::number::{Level, number};
use super::super::text::{Mark, Run, from, is_empty, trim};
use super::{Capture, row_cells};

pub(super) fn cells(lines: &[&Run], capture: Capture, width: usize) -> Vec<Cell> {
    match capture {
        Capture::TabLines => tab_lines(lines, width),
        Capture::TabRows => tab_rows(lines),
        Capture::Pipes => pipes(lines, width),
        Capture::Flat => lines
            .iter()
            .filter(|l| !is_empty(l))
            .map(|l| Cell::new(trim(l).to_vec(), Boundary::May))
            .collect(),
    }
}

/// A line that begins with a tab begins a cell, any other goes on with it; a blank line may end the row.
fn tab_lines(lines: &[&Run], width: usize) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::new();
    let mut gap = true;
    for line in lines {
        if line.first().is_some_and(|m| m.fold == '\t') {
            let boundary = if gap { Boundary::May } else { Boundary::Never };
            out.push(Cell::new(from(line, 1).to_vec(), boundary));
            gap = false;
        } else if is_empty(line) {
            gap = true;
        } else if heading(line) {
            // a heading printed between two pages
            out.push(Cell::new(trim(line).to_vec(), Boundary::May));
            gap = true;
        } else if let Some(last) = out.last_mut() {
            append(&mut last.run, line);
        } else {
            out.push(Cell::new(line.to_vec(), Boundary::May));
        }
    }
    // no blank lines between the rows: a row may begin anywhere
    let begins = out.iter().filter(|c| c.boundary == Boundary::May).count();
    if begins * width.max(1) * 2 < out.len() {
        out.iter_mut().for_each(|c| c.boundary = Boundary::May);
    }
    out
}

fn append(run: &mut Run, line: &[Mark]) {
    if let Some(first) = line.first() {
        run.push(Mark {
            ch: '\n',
            fold: '\n',
            at: first.at,
        });
    }
    run.extend_from_slice(line);
}

fn tab_rows(lines: &[&Run]) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::new();
    for line in lines.iter().filter(|l| !is_empty(l)) {
        if !line.iter().any(|m| m.fold == '\t') {
            match out.last_mut() {
                Some(last) if continues(&last.run, line) => append(&mut last.run, line),
                _ => out.push(Cell::new(trim(line).to_vec(), Boundary::Must)),
            }
            continue;
        }
        push_row(row_cells(line), &mut out);
    }
    out
}

fn push_row(cells: Vec<&[Mark]>, out: &mut Vec<Cell>) {
    for (i, cell) in cells.into_iter().enumerate() {
        out.push(Cell::new(
            cell.to_vec(),
            if i == 0 {
                Boundary::Must
            } else {
                Boundary::Never
            },
        ));
    }
}

/// A line that goes on with the cell before: that one is not at its end, and no number begins the line.
fn continues(last: &[Mark], line: &[Mark]) -> bool {
    let ended = trim(last)
        .last()
        .is_none_or(|m| matches!(m.fold, '。' | ';'));
    let begins = number(line).is_some_and(|n| matches!(n.level, Level::Section | Level::Group));
    !begins && !ended
}

fn pipes(lines: &[&Run], width: usize) -> Vec<Cell> {
    let lines: Vec<&Run> = lines
        .iter()
        .copied()
        .filter(|l| !is_empty(l) && !is_rule(l))
        .collect();
    let rows = lines
        .iter()
        .filter(|l| row_cells(l).iter().filter(|c| !is_empty(c)).count() >= 2)
        .count();
    let single = lines
        .iter()
        .filter(|l| row_cells(l).iter().filter(|c| !is_empty(c)).count() == 1)
        .count();
    if rows >= 2 && rows * 2 >= single {
        pipe_rows(&lines)
    } else {
        pipe_stream(&lines, width)
    }
}

/// `|---|---|` of Markdown.
fn is_rule(line: &[Mark]) -> bool {
    line.iter()
        .all(|m| m.is_blank() || matches!(m.fold, '|' | '-' | ':'))
        && line.iter().any(|m| m.fold == '-')
}

/// A row on a line; a row whose line does not end in `|` while others do goes on in the next line.
fn pipe_rows(lines: &[&Run]) -> Vec<Cell> {
    let closed = lines
        .iter()
        .filter(|l| trim(l).last().is_some_and(|m| m.fold == '|'))
        .count()
        * 2
        > lines.len();
    let mut out = Vec::new();
    let mut pending = Run::new();
    for line in lines {
        if pending.is_empty() {
            pending = trim(line).to_vec();
        } else {
            append(&mut pending, trim(line));
        }
        let piped = pending.iter().any(|m| m.fold == '|');
        let done = !closed
            || pending.last().is_some_and(|m| m.fold == '|')
            || (!piped && heading(&pending));
        if done {
            push_row(row_cells(&pending), &mut out);
            pending.clear();
        }
    }
    if !pending.is_empty() {
        push_row(row_cells(&pending), &mut out);
    }
    out
}

fn heading(run: &[Mark]) -> bool {
    number(run).is_some_and(|n| matches!(n.level, Level::Section | Level::Group))
}

/// A cell on a line, pipes between. Two pipes with nothing between end a row where they do so all along.
fn pipe_stream(lines: &[&Run], width: usize) -> Vec<Cell> {
    let mut chunks: Vec<Vec<Run>> = vec![Vec::new()];
    let mut current = Run::new();
    let mut open = false;
    for line in lines {
        for m in line.iter() {
            if m.fold != '|' {
                current.push(*m);
                continue;
            }
            if is_empty(&current) {
                if open && chunks.last().is_some_and(|c| !c.is_empty()) {
                    chunks.push(Vec::new());
                }
            } else if let Some(chunk) = chunks.last_mut() {
                chunk.push(trim(&current).to_vec());
            }
            current.clear();
            open = true;
        }
        if let (false, Some(last)) = (current.is_empty(), line.last()) {
            current.push(Mark {
                ch: '\n',
                fold: '\n',
                at: last.at,
            });
        }
    }
    if !is_empty(&current)
        && let Some(chunk) = chunks.last_mut()
    {
        chunk.push(trim(&current).to_vec());
    }
    let mut out = Vec::new();
    for chunk in chunks {
        let fits = chunk.len() <= width + 1;
        for (i, run) in chunk.into_iter().enumerate() {
            let boundary = match (i, fits) {
                (0, _) => Boundary::Must,
                (_, true) => Boundary::Never,
                (_, false) => Boundary::May,
            };
            out.push(Cell::new(run, boundary));
        }
    }
    out
}
