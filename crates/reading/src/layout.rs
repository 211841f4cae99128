//! The document as lines and grids, cleaned, each character with its place.

use gongkai_office::{Block, Document, Row, Table};

use super::noise::{Noise, Repair, clean};
use super::problem::Account;
use super::text::{Mark, Run, is_empty, split_by, trim};

#[derive(Debug)]
pub(crate) enum Node {
    Line(Run),
    Grid(Grid),
}

#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) rows: Vec<Vec<GridCell>>,
    pub(crate) width: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct GridCell {
    pub(crate) run: Run,
    pub(crate) column: usize,
    pub(crate) row_span: usize,
    pub(crate) column_span: usize,
    pub(crate) doubtful: bool,
}

/// Widest grid that is read as a table, in columns.
const GRID_WIDTH_MAX: usize = 64;

pub(crate) fn nodes(document: &Document, account: &mut Account) -> Vec<Node> {
    let mut out = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(p) => {
                let run = open(&p.text, p.place, account);
                if is_rule(&run) {
                    account.field(&run);
                    out.push(Node::Line(Run::new()));
                } else {
                    lines(&run, &mut out);
                }
            }
            Block::Table(table) => {
                let grid = grid(table, account);
                if grid.width < 2 || grid.width > GRID_WIDTH_MAX {
                    flatten(grid.rows, &mut out);
                } else {
                    out.push(Node::Grid(grid));
                }
            }
        }
    }
    join_quoted(out)
}

/// Most lines of one cell between quotes.
const QUOTED_LINES_MAX: usize = 30;

/// 2,"公开指南，\n并及时更新",市司法局: a cell between quotes goes on over line ends, as programs export it.
fn join_quoted(nodes: Vec<Node>) -> Vec<Node> {
    let quotes = |run: &Run| run.iter().filter(|m| m.ch == '"').count();
    let opens = |run: &Run| {
        let cell = |pair: &[Mark]| matches!(pair, [a, b] if a.ch == ',' && b.ch == '"');
        quotes(run) % 2 == 1 && run.windows(2).any(cell)
    };
    let mut out = Vec::with_capacity(nodes.len());
    let mut rest = nodes.into_iter().peekable();
    while let Some(node) = rest.next() {
        let Node::Line(mut run) = node else {
            out.push(node);
            continue;
        };
        if !opens(&run) {
            out.push(Node::Line(run));
            continue;
        }
        let mut more: Vec<Run> = Vec::new();
        while more.len() < QUOTED_LINES_MAX
            && more.last().is_none_or(|line| quotes(line) % 2 == 0)
            && let Some(Node::Line(line)) = rest.next_if(|node| matches!(node, Node::Line(_)))
        {
            more.push(line);
        }
        let closed = more.last().is_some_and(|line| quotes(line) % 2 == 1);
        if closed {
            for line in more {
                run.extend(line.first().map(|m| Mark::new('\n', m.at)));
                run.extend(line);
            }
            out.push(Node::Line(run));
        } else {
            out.push(Node::Line(run));
            out.extend(more.into_iter().map(Node::Line));
        }
    }
    out
}

/// Fewest signs of a line that parts what stands above it from what stands below.
const RULE_MIN: usize = 6;

/// --------, ========: it says nothing, and parts paragraphs as a blank line does.
fn is_rule(run: &[Mark]) -> bool {
    let sign = |m: &&Mark| matches!(m.fold, '-' | '—' | '_' | '=' | '─' | '━' | '~' | '*');
    run.iter().filter(sign).count() >= RULE_MIN && run.iter().all(|m| m.is_blank() || sign(&m))
}

/// Cleans a piece and lists what was taken out.
fn open(text: &str, place: gongkai_office::Place, account: &mut Account) -> Run {
    let raw = account.open(text, place);
    let (run, repairs) = clean(&raw);
    list(&repairs, account);
    run
}

fn list(repairs: &[Repair], account: &mut Account) {
    for kind in [
        Noise::Image,
        Noise::Tag,
        Noise::Pinyin,
        Noise::Markdown,
        Noise::Stray,
    ] {
        let cuts: Vec<&Repair> = repairs.iter().filter(|r| r.kind == kind).collect();
        let Some(first) = cuts.first() else { continue };
        let sample = super::text::tidy(&first.cut);
        let message = format!(
            "去掉{}“{}”{}",
            kind.name(),
            shorten(&sample),
            if cuts.len() > 1 {
                format!("等 {} 处", cuts.len())
            } else {
                String::new()
            }
        );
        let all: Run = cuts.iter().flat_map(|r| r.cut.iter().copied()).collect();
        account.problem(kind.code(), message, &all);
    }
}

/// Longest sample in a message, in characters.
const SAMPLE_MAX: usize = 24;

pub(crate) fn shorten(text: &str) -> String {
    if text.chars().count() <= SAMPLE_MAX {
        return text.to_owned();
    }
    let head: String = text.chars().take(SAMPLE_MAX).collect();
    format!("{head}…")
}

/// A line break that a tag left parts lines, but not inside a row of cells.
fn lines(run: &[Mark], out: &mut Vec<Node>) {
    if run.iter().any(|m| matches!(m.fold, '\t' | '|')) {
        out.push(Node::Line(tabbed(run).unwrap_or_else(|| run.to_vec())));
        return;
    }
    for line in run.split(|m| m.fold == '\n') {
        out.push(Node::Line(line.to_vec()));
    }
}

/// 1, tab, 改造, tab, 县住建局, and behind a soft line end a tab and 农贸市场: what stands behind as many tabs goes on with the
/// cell above it.
fn tabbed(run: &[Mark]) -> Option<Run> {
    let mut lines = run.split(|m| m.fold == '\n');
    let mut cells: Vec<Run> = split_by(lines.next()?, |m| m.fold == '\t')
        .into_iter()
        .map(<[Mark]>::to_vec)
        .collect();
    let tab = *run.iter().find(|m| m.fold == '\t')?;
    let mut more = 0;
    for line in lines.filter(|line| !is_empty(line)) {
        let pieces = split_by(line, |m| m.fold == '\t');
        if pieces.len() < 2 || pieces.len() > cells.len() || !pieces.first()?.is_empty() {
            return None;
        }
        for (cell, piece) in cells.iter_mut().zip(pieces) {
            cell.extend_from_slice(trim(piece));
        }
        more += 1;
    }
    (more > 0).then(|| {
        let mut out = Run::new();
        for (i, cell) in cells.into_iter().enumerate() {
            out.extend((i > 0).then_some(tab));
            out.extend(cell);
        }
        out
    })
}

fn grid(table: &Table, account: &mut Account) -> Grid {
    let rows: Vec<Vec<GridCell>> = table.rows.iter().map(|row| cells(row, account)).collect();
    let width = rows
        .iter()
        .flatten()
        .map(|c| c.column.saturating_add(c.column_span))
        .max()
        .unwrap_or(0);
    Grid { rows, width }
}

fn cells(row: &Row, account: &mut Account) -> Vec<GridCell> {
    row.cells
        .iter()
        .map(|cell| GridCell {
            run: open(&cell.text, cell.place, account),
            column: cell.column as usize,
            row_span: (cell.row_span as usize).max(1),
            column_span: (cell.column_span as usize).max(1),
            doubtful: cell.doubtful,
        })
        .collect()
}

/// Puts lines that stand together and belong to one thing into it: `belongs` tells such lines, `begins` the first one of
/// the next thing, and `close` says what they are.
pub(crate) fn gather(
    nodes: Vec<Node>,
    belongs: impl Fn(&Run) -> bool,
    begins: impl Fn(&Run) -> bool,
    mut close: impl FnMut(Vec<Run>, &mut Vec<Node>),
) -> Vec<Node> {
    let mut out = Vec::with_capacity(nodes.len());
    let mut lines: Vec<Run> = Vec::new();
    for node in nodes {
        match node {
            Node::Line(run) if belongs(&run) => {
                if begins(&run) {
                    close(std::mem::take(&mut lines), &mut out);
                }
                lines.push(run);
            }
            other => {
                close(std::mem::take(&mut lines), &mut out);
                out.push(other);
            }
        }
    }
    close(lines, &mut out);
    out
}

/// A table for layout only: its rows as lines, cells parted by tabs.
pub(crate) fn flatten(rows: Vec<Vec<GridCell>>, out: &mut Vec<Node>) {
    for row in rows {
        let filled: Vec<Run> = row
            .into_iter()
            .map(|c| c.run)
            .filter(|r| !is_empty(r))
            .collect();
        if filled.len() == 1 {
            filled.iter().for_each(|run| lines(run, out));
            continue;
        }
        let mut line = Run::new();
        for run in filled {
            if let (false, Some(first)) = (line.is_empty(), run.first()) {
                line.push(Mark {
                    ch: '\t',
                    fold: '\t',
                    at: first.at,
                });
            }
            line.extend(run.iter().map(|m| {
                if m.fold == '\n' {
                    Mark {
                        ch: ' ',
                        fold: ' ',
                        at: m.at,
                    }
                } else {
                    *m
                }
            }));
        }
        out.push(Node::Line(line));
    }
}
