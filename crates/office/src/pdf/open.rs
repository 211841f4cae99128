//! Tables without ruling lines: columns from the gaps that persist from line to line, rows from the column of numbers or
//! from where the fullest column's text begins anew. All of it is a guess, and each cell is marked as doubtful.

use super::ink::Glyph;
use super::rules::Grid;
use super::story::{at_edge, is_page_number};
use crate::count::is_readable;

mod body;

use body::Body;

/// Baselines nearer than this part of the font size are one line.
const SAME_LINE: f64 = 0.45;
/// A gap of this many em parts two pieces of a line.
const PIECE_EM: f64 = 0.5;
/// Narrowest gap, in em, that may run down between two columns.
const RIVER_EM: f64 = 0.35;
/// Fewest columns: two of text side by side are no table. With more than the most the page is a drawing.
const COLUMNS_MIN: usize = 3;
const COLUMNS_MAX: usize = 24;
/// Most lines of a table on one page.
const LINES_MAX: usize = 400;
/// Fewest lines, and fewest of them with text in most columns.
const LINES_MIN: usize = 4;
const FILLED_LINES_MIN: usize = 2;
/// Lines over the whole width, one below the other, that may stand inside a table: a heading.
const BANDS_MAX: usize = 2;
/// Lines below the first among which full ones show the columns.
const FULL_ROWS_WITHIN: usize = 24;
/// Lines further apart than this, in em, belong to no common table.
const APART_EM: f64 = 3.5;
/// Room beside the text, in points: lines of the next page may reach a little further.
const SIDE: f64 = 6.0;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    from: f64,
    to: f64,
}

impl Span {
    fn width(self) -> f64 {
        self.to - self.from
    }
}

/// A line of the page: its glyphs from left to right, and the pieces between wide gaps.
struct Row {
    y: f64,
    size: f64,
    glyphs: Vec<Glyph>,
    pieces: Vec<Span>,
}

impl Row {
    fn gaps(&self) -> Vec<Span> {
        let gap = |pair: &[Span]| match pair {
            [a, b] => Some(Span {
                from: a.to,
                to: b.from,
            }),
            _ => None,
        };
        self.pieces.windows(2).filter_map(gap).collect()
    }

    /// A page's number at its head or foot.
    fn is_page_number(&self, height: f64) -> bool {
        let text: String = self.glyphs.iter().map(|g| g.c).collect();
        at_edge(self.y, self.size, height) && is_page_number(&text)
    }

    fn filled(&self, columns: &[Span]) -> usize {
        columns
            .iter()
            .filter(|c| !self.text(**c).is_empty())
            .count()
    }

    fn text(&self, within: Span) -> String {
        let inside = |g: &&Glyph| (within.from..within.to).contains(&g.middle().0);
        self.glyphs.iter().filter(inside).map(|g| g.c).collect()
    }

    fn right(&self, within: Span) -> f64 {
        let inside = |g: &&Glyph| (within.from..within.to).contains(&g.middle().0);
        let ends = self.glyphs.iter().filter(inside).map(|g| g.right);
        ends.fold(within.from, f64::max)
    }
}

/// The gaps between the columns of a table that reached the foot of a page.
#[derive(Default)]
pub(super) struct Carried {
    rivers: Vec<Span>,
    edges: Vec<f64>,
}

/// The tables that a page's text forms without lines.
pub(super) fn grids(glyphs: &[Glyph], height: f64, carried: &mut Carried) -> Vec<Grid> {
    let mut rows = rows(glyphs);
    rows.retain(|row| !row.is_page_number(height));
    let (mut found, mut i) = (Vec::new(), 0);
    let mut rest = std::mem::take(carried);
    while i < rows.len() {
        match table(&rows, i, &std::mem::take(&mut rest)) {
            Some(table) => {
                i = table.end;
                if i == rows.len() {
                    *carried = Carried {
                        rivers: table.rivers,
                        edges: table.grid.xs.clone(),
                    };
                }
                found.push(table.grid);
            }
            None => i += 1,
        }
    }
    found
}

struct Table {
    grid: Grid,
    rivers: Vec<Span>,
    /// The line behind it.
    end: usize,
}

fn rows(glyphs: &[Glyph]) -> Vec<Row> {
    let mut glyphs: Vec<Glyph> = glyphs
        .iter()
        .filter(|g| is_readable(g.c))
        .copied()
        .collect();
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows = Vec::new();
    let mut rest = glyphs.as_slice();
    while let Some(first) = rest.first() {
        let near = |g: &Glyph| g.y - first.y <= SAME_LINE * first.size.min(g.size);
        let (line, after) = rest.split_at(rest.partition_point(near).max(1));
        rest = after;
        let mut glyphs = line.to_vec();
        glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
        let size = glyphs.iter().map(|g| g.size).fold(0.1, f64::max);
        rows.push(Row {
            y: first.y,
            size,
            pieces: pieces(&glyphs, size),
            glyphs,
        });
    }
    rows
}

fn pieces(glyphs: &[Glyph], size: f64) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    for glyph in glyphs {
        match pieces.last_mut() {
            Some(last) if glyph.left - last.to <= PIECE_EM * size => {
                last.to = last.to.max(glyph.right);
            }
            _ => pieces.push(Span {
                from: glyph.left,
                to: glyph.right,
            }),
        }
    }
    pieces
}

/// The table whose first line is `seed`: one of several pieces, or one that fits the gaps of the page before.
fn table(rows: &[Row], seed: usize, carried: &Carried) -> Option<Table> {
    let first = rows.get(seed)?;
    let goes_on = narrowed(&carried.rivers, first).filter(|rivers| !rivers.is_empty());
    let least = if goes_on.is_some() { 1 } else { LINES_MIN };
    let mut rivers = goes_on.unwrap_or_else(|| first.gaps());
    if !(COLUMNS_MIN..=COLUMNS_MAX).contains(&(rivers.len() + 1)) {
        return None;
    }
    // heads are short: the first full rows show where the columns are
    for row in rows.iter().skip(seed + 1).take(FULL_ROWS_WITHIN) {
        rivers = matched(&rivers, row).unwrap_or(rivers);
    }
    let (mut end, mut bands, mut pending): (usize, Vec<usize>, Vec<usize>) =
        (seed + 1, Vec::new(), Vec::new());
    for (i, row) in rows.iter().enumerate().skip(seed + 1).take(LINES_MAX) {
        let above = rows.get(i - 1)?;
        let far = row.y - above.y > APART_EM * row.size.max(above.size);
        if far || pending.len() > BANDS_MAX {
            break;
        }
        match narrowed(&rivers, row) {
            Some(next) => {
                rivers = next;
                bands.append(&mut pending);
                end = i + 1;
            }
            None => pending.push(i),
        }
    }
    let body = rows.get(seed..end)?;
    let edges = edges(body, &rivers, &carried.edges);
    let columns: Vec<Span> = edges
        .windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(Span {
                from: *from,
                to: *to,
            }),
            _ => None,
        })
        .collect();
    let most = |row: &&Row| row.filled(&columns) + 1 >= columns.len().max(COLUMNS_MIN);
    if body.len() < least || least > 1 && body.iter().filter(most).count() < FILLED_LINES_MIN {
        return None;
    }
    let bands = bands.iter().map(|i| i - seed).collect();
    let (ys, spanned) = Body::new(body, &columns, bands).borders();
    Some(Table {
        grid: Grid::of(edges, ys, &spanned),
        rivers,
        end,
    })
}

/// The gaps as a line with a piece for each column shows them.
fn matched(rivers: &[Span], row: &Row) -> Option<Vec<Span>> {
    let gaps = row.gaps();
    let both = |(river, gap): (&Span, &Span)| Span {
        from: river.from.max(gap.from),
        to: river.to.min(gap.to),
    };
    let matched: Vec<Span> = rivers.iter().zip(&gaps).map(both).collect();
    let open = matched.iter().all(|r| r.width() >= RIVER_EM * row.size);
    (gaps.len() == rivers.len() && open).then_some(matched)
}

/// The gaps as far as this line leaves them open; `None` where it closes one. A line with a piece for each column has
/// the gaps between its pieces.
fn narrowed(rivers: &[Span], row: &Row) -> Option<Vec<Span>> {
    if let Some(matched) = matched(rivers, row) {
        return Some(matched);
    }
    let open = |river: &Span| {
        let (mut widest, mut from) = (None::<Span>, river.from);
        let inside = row
            .pieces
            .iter()
            .filter(|p| p.to > river.from && p.from < river.to);
        let ends = inside.map(|p| (p.from, p.to)).chain([(river.to, river.to)]);
        for (start, next) in ends {
            let free = Span { from, to: start };
            if widest.is_none_or(|w| free.width() > w.width()) {
                widest = Some(free);
            }
            from = from.max(next);
        }
        widest.filter(|w| w.width() >= RIVER_EM * row.size)
    };
    rivers.iter().map(open).collect()
}

/// The sides of the columns: the middles of the gaps, and the ends of the text; those of the page before where they fit,
/// so that a column is the same on both pages.
fn edges(rows: &[Row], rivers: &[Span], before: &[f64]) -> Vec<f64> {
    let spans = rows.iter().flat_map(|row| &row.pieces);
    let (left, right) = spans.fold((f64::MAX, f64::MIN), |(left, right), span| {
        (left.min(span.from), right.max(span.to))
    });
    if let [first, inner @ .., last] = before
        && inner.len() == rivers.len()
        && *first <= left
        && right <= *last
        && inner
            .iter()
            .zip(rivers)
            .all(|(x, r)| (r.from..=r.to).contains(x))
    {
        return before.to_vec();
    }
    let middles = rivers.iter().map(|river| (river.from + river.to) / 2.0);
    std::iter::once(left - SIDE)
        .chain(middles)
        .chain([right + SIDE])
        .collect()
}

#[cfg(test)]
mod tests;
