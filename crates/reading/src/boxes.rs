//! Tables drawn with signs of lines, as libraries of law print them: ┌─┬─┐ above │ text │ and ├─┼─┤.

use std::collections::BTreeSet;

use super::layout::{Grid, GridCell, Node, gather};
use super::problem::Account;
use super::text::{Mark, Run, is_empty, trim};

/// Fewest lines of a drawn table.
const LINES_MIN: usize = 4;
/// Signs before the measures of one cell.
const BULLETS: &str = "△▲○●□■◇◆☆";

/// Drawn tables become grids; what is none stays lines.
pub(crate) fn draw(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let begins = |run: &Run| {
        let first = trim(run).first();
        first.is_some_and(|m| matches!(m.ch, '┌' | '┏' | '╔'))
    };
    gather(
        nodes,
        |run| is_drawn(run),
        begins,
        |lines, out| {
            close(lines, out, account);
        },
    )
}

fn close(lines: Vec<Run>, out: &mut Vec<Node>, account: &mut Account) {
    match grid(&lines) {
        Some(grid) => {
            let frame: Run = lines
                .iter()
                .flatten()
                .copied()
                .filter(|m| is_sign(*m))
                .collect();
            account.field(&frame);
            out.push(Node::Grid(grid));
        }
        None => out.extend(lines.into_iter().map(Node::Line)),
    }
}

fn is_line(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{257F}')
}

fn is_level(c: char) -> bool {
    matches!(c, '─' | '━' | '═' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍')
}

fn is_sign(m: Mark) -> bool {
    is_line(m.ch) || BULLETS.contains(m.ch)
}

fn is_drawn(run: &[Mark]) -> bool {
    let run = trim(run);
    let upright = |m: Option<&Mark>| m.is_some_and(|m| is_line(m.ch) && !is_level(m.ch));
    run.len() > 2 && upright(run.first()) && upright(run.last())
}

/// A cell with its lines, its column, and whether a bullet begins it.
struct Drawn {
    start: usize,
    end: usize,
    column: usize,
    run: Run,
    bullet: bool,
}

fn grid(lines: &[Run]) -> Option<Grid> {
    if lines.len() < LINES_MIN {
        return None;
    }
    let pieces: Vec<Vec<&[Mark]>> = lines.iter().map(|line| pieces(line)).collect();
    let width = pieces.iter().map(Vec::len).max()?;
    if width < 2 || pieces.iter().any(|p| p.len() != width) {
        return None;
    }
    let cells: Vec<Drawn> = (0..width)
        .flat_map(|column| column_cells(&pieces, column))
        .collect();
    let bulleted = cells.iter().find(|c| c.bullet).map(|c| c.column);
    let headings: Vec<usize> = cells
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a.column == b.column && !a.bullet && b.bullet => Some(a.start),
            _ => None,
        })
        .collect();
    let starts: BTreeSet<usize> = cells.iter().map(|c| c.start).collect();
    let starts: Vec<usize> = starts
        .into_iter()
        .filter(|s| !headings.contains(s))
        .collect();
    let mut rows: Vec<Vec<GridCell>> = vec![Vec::new(); starts.len()];
    for (i, cell) in cells.iter().enumerate() {
        let heads = Some(cell.column) == bulleted && headings.contains(&cell.start);
        // a heading reaches down to the next one
        let below = cells.get(i + 1..).unwrap_or_default().iter();
        let last = below
            .take_while(|c| heads && c.column == cell.column && c.bullet)
            .last();
        let end = last.map_or(cell.end, |c| c.end);
        let row = starts.partition_point(|s| *s < cell.start);
        let past = starts.partition_point(|s| *s <= end);
        let behind = bulleted.is_some_and(|b| cell.column > b || cell.column == b && cell.bullet);
        let over = bulleted == Some(cell.column) && !cell.bullet && !heads;
        if let Some(slot) = rows.get_mut(row) {
            slot.push(GridCell {
                run: cell.run.clone(),
                column: cell.column + usize::from(behind),
                row_span: past.saturating_sub(row).max(1),
                column_span: 1 + usize::from(over),
                doubtful: cell.bullet,
            });
        }
    }
    rows.iter_mut()
        .for_each(|row| row.sort_by_key(|c| c.column));
    let width = width + usize::from(bulleted.is_some());
    Some(Grid { rows, width })
}

/// What stands between the upright lines.
fn pieces(line: &[Mark]) -> Vec<&[Mark]> {
    let mut pieces: Vec<&[Mark]> = trim(line)
        .split(|m| is_line(m.ch) && !is_level(m.ch))
        .collect();
    pieces.pop();
    if !pieces.is_empty() {
        pieces.remove(0);
    }
    pieces
}

/// The cells of a column: a level line ends one, a bullet begins one.
fn column_cells(pieces: &[Vec<&[Mark]>], column: usize) -> Vec<Drawn> {
    let mut out: Vec<Drawn> = Vec::new();
    let mut open = false;
    for (n, line) in pieces.iter().enumerate() {
        let piece = trim(line.get(column).copied().unwrap_or_default());
        if piece.iter().any(|m| is_level(m.ch)) {
            open = false;
            continue;
        }
        let bullet = piece.first().is_some_and(|m| BULLETS.contains(m.ch));
        let text = if bullet {
            piece.get(1..).unwrap_or_default()
        } else {
            piece
        };
        match out.last_mut() {
            Some(last) if open && (!bullet || is_empty(&last.run)) => {
                last.end = n;
                last.bullet |= bullet;
                last.run.extend_from_slice(trim(text));
            }
            _ => out.push(Drawn {
                start: n,
                end: n,
                column,
                run: trim(text).to_vec(),
                bullet,
            }),
        }
        open = true;
    }
    out
}
