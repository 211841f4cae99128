//! A table of signs and dashes that was copied into one line: | 序号 | 任务 | |---|---| | 1 | 公开预算 | | 2 | 公开规划 |.

use super::super::layout::Node;
use super::super::text::{Mark, Run, from, is_empty, part, trim};

/// Fewest columns.
const COLUMNS_MIN: usize = 2;

/// Gives each row of such a table a line of its own.
pub(super) fn unfold(nodes: Vec<Node>) -> Vec<Node> {
    let unfold = |node: Node| match node {
        Node::Line(run) => match lines(&run) {
            Some(lines) => lines.into_iter().map(Node::Line).collect(),
            None => vec![Node::Line(run)],
        },
        Node::Grid(grid) => vec![Node::Grid(grid)],
    };
    nodes.into_iter().flat_map(unfold).collect()
}

/// What stands before the table, its rows, and what stands behind it.
fn lines(run: &[Mark]) -> Option<Vec<Run>> {
    let signs = run.iter().enumerate().filter(|(_, m)| m.fold == '|');
    let bars: Vec<usize> = signs.map(|(i, _)| i).collect();
    // the cell behind the n-th sign
    let cell = |n: usize| Some(trim(part(run, bars.get(n)? + 1, *bars.get(n + 1)?)));
    let dashed = |n: &usize| cell(*n).is_some_and(is_dashes);
    let blank = |n: usize| cell(n).is_some_and(is_empty);
    let first = (0..bars.len()).find(dashed)?;
    let width = (first..bars.len()).take_while(dashed).count();
    let top = first.checked_sub(width + 1)?;
    if width < COLUMNS_MIN || !blank(first - 1) {
        return None;
    }
    let row = |n: usize| Some(part(run, *bars.get(n)?, bars.get(n + width)? + 1).to_vec());
    let mut out = vec![
        part(run, 0, *bars.get(top)?).to_vec(),
        row(top)?,
        row(first)?,
    ];
    let mut next = first + width;
    while blank(next)
        && let Some(found) = row(next + 1)
    {
        out.push(found);
        next += width + 1;
    }
    out.push(from(run, bars.get(next)? + 1).to_vec());
    out.retain(|line| !is_empty(line));
    Some(out)
}

/// ---, :---:
fn is_dashes(cell: &[Mark]) -> bool {
    cell.iter().filter(|m| m.fold == '-').count() >= 2
        && cell.iter().all(|m| matches!(m.fold, '-' | ':'))
}
