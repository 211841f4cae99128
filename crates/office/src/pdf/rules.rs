//! Ruling lines to grids: which boxes the lines of a page enclose, merged cells included.

use std::collections::BTreeMap;

use super::ink::Rule;

/// Lines nearer than this, in points, are one (double borders, borders drawn cell by cell).
const SNAP: f64 = 4.0;
/// Gaps in a line up to this are no gaps.
const GAP_MAX: f64 = 4.0;
/// How near a line's end must come to another line to meet it.
const TOUCH: f64 = 3.5;
/// Shorter lines bound no cell.
const LENGTH_MIN: f64 = 6.0;
/// A side is open, and closed by us, where the lines across reach this far beyond the last line along.
const OPEN_SIDE_MIN: f64 = 8.0;
/// Part of a box's side that has to be drawn for a wall.
const WALL_MIN: f64 = 0.6;
/// A region that lacks this part of its border, or more, is no cell.
const OPEN_BORDER_MAX: f64 = 0.49;
/// Pairs of lines looked at on one page; a page with more is a drawing.
const PAIRS_MAX: usize = 4_000_000;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Box_ {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Box_ {
    pub(super) fn holds(&self, x: f64, y: f64) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    fn within(&self, other: &Self) -> bool {
        other.left - SNAP <= self.left
            && self.right <= other.right + SNAP
            && other.top - SNAP <= self.top
            && self.bottom <= other.bottom + SNAP
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct GridCell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Its lines enclose no rectangle: it was cut into rows.
    pub(super) doubtful: bool,
    /// It reaches the upper or lower end of the table, and no line closes it there: a page break cut it.
    pub(super) open_top: bool,
    pub(super) open_bottom: bool,
}

impl GridCell {
    fn new(row: usize, column: usize, rows: usize, columns: usize) -> Self {
        Self {
            row,
            column,
            rows,
            columns,
            doubtful: false,
            open_top: false,
            open_bottom: false,
        }
    }
}

/// Columns run between `xs`, rows between `ys`.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) xs: Vec<f64>,
    pub(super) ys: Vec<f64>,
    pub(super) cells: Vec<GridCell>,
    /// By row × columns + column: the cell, `None` outside the table.
    slots: Vec<Option<usize>>,
}

impl Grid {
    /// A grid that no lines show; one cell fills each row of `spanned`. All its cells are doubtful.
    pub(super) fn of(xs: Vec<f64>, ys: Vec<f64>, spanned: &[usize]) -> Self {
        let (columns, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
        let (mut cells, mut slots) = (Vec::new(), Vec::with_capacity(columns * rows));
        for row in 0..rows {
            let step = if spanned.contains(&row) { columns } else { 1 };
            for column in 0..columns {
                if column % step == 0 {
                    cells.push(GridCell {
                        doubtful: true,
                        ..GridCell::new(row, column, 1, step)
                    });
                }
                slots.push(cells.len().checked_sub(1));
            }
        }
        Self {
            xs,
            ys,
            cells,
            slots,
        }
    }

    pub(super) fn bounds(&self) -> Box_ {
        let end = |list: &[f64]| {
            (
                list.first().copied().unwrap_or(0.0),
                list.last().copied().unwrap_or(0.0),
            )
        };
        let ((left, right), (top, bottom)) = (end(&self.xs), end(&self.ys));
        Box_ {
            left,
            right,
            top,
            bottom,
        }
    }

    /// The cell at a point.
    pub(super) fn at(&self, x: f64, y: f64) -> Option<usize> {
        if !self.bounds().holds(x, y) {
            return None;
        }
        let slot = |edges: &[f64], n: f64| {
            edges
                .partition_point(|edge| *edge <= n)
                .clamp(1, edges.len() - 1)
                - 1
        };
        let (column, row) = (slot(&self.xs, x), slot(&self.ys, y));
        self.slots
            .get(row * (self.xs.len() - 1) + column)
            .copied()
            .flatten()
    }

    pub(super) fn box_of(&self, cell: &GridCell) -> Box_ {
        let edge = |list: &[f64], n: usize| list.get(n).copied().unwrap_or(0.0);
        Box_ {
            left: edge(&self.xs, cell.column),
            right: edge(&self.xs, cell.column + cell.columns),
            top: edge(&self.ys, cell.row),
            bottom: edge(&self.ys, cell.row + cell.rows),
        }
    }
}

/// The tables of a page, and whether there were too many lines to look for them.
pub(super) fn grids(
    horizontal: Vec<Rule>,
    vertical: Vec<Rule>,
    slots_max: u64,
) -> (Vec<Grid>, bool) {
    let (horizontal, vertical) = (join(horizontal), join(vertical));
    let Some(groups) = groups(&horizontal, &vertical) else {
        return (Vec::new(), true);
    };
    let mut too_many = false;
    let mut grids: Vec<Grid> = Vec::new();
    for (across, along) in groups {
        match grid(&across, &along, slots_max) {
            Ok(grid) => grids.extend(grid),
            Err(TooMany) => too_many = true,
        }
    }
    (without_nested(grids), too_many)
}

struct TooMany;

/// Pieces of one line become one line.
fn join(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut joined: Vec<Rule> = Vec::new();
    let mut rest = rules.as_slice();
    while let Some(first) = rest.first() {
        let count = rest.partition_point(|rule| rule.at - first.at <= SNAP / 2.0);
        let (cluster, after) = rest.split_at(count.max(1));
        rest = after;
        let mut cluster = cluster.to_vec();
        cluster.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut pieces: Vec<(Rule, f64)> = Vec::new(); // with the length drawn so far, for the mean
        for rule in cluster {
            match pieces.last_mut() {
                Some((last, drawn)) if rule.from <= last.to + GAP_MAX => {
                    let length = rule.length().max(0.1);
                    last.at = (last.at * *drawn + rule.at * length) / (*drawn + length);
                    last.to = last.to.max(rule.to);
                    *drawn += length;
                }
                _ => pieces.push((rule, rule.length().max(0.1))),
            }
        }
        joined.extend(
            pieces
                .into_iter()
                .map(|(rule, _)| rule)
                .filter(|rule| rule.length() >= LENGTH_MIN),
        );
    }
    joined
}

/// Lines that meet, directly or through others: horizontals and verticals of each group.
fn groups(horizontal: &[Rule], vertical: &[Rule]) -> Option<Vec<(Vec<Rule>, Vec<Rule>)>> {
    let mut sets = Sets::new(horizontal.len() + vertical.len());
    let mut by_y: Vec<usize> = (0..horizontal.len()).collect();
    let y_of = |index: usize| horizontal.get(index).map_or(0.0, |rule| rule.at);
    by_y.sort_by(|&a, &b| y_of(a).total_cmp(&y_of(b)));
    let mut pairs = 0;
    for (index, rule) in vertical.iter().enumerate() {
        let start = by_y.partition_point(|&h| y_of(h) < rule.from - TOUCH);
        for &h in by_y.get(start..).unwrap_or_default() {
            let Some(across) = horizontal
                .get(h)
                .filter(|across| across.at <= rule.to + TOUCH)
            else {
                break;
            };
            pairs += 1;
            if pairs > PAIRS_MAX {
                return None;
            }
            if (across.from - TOUCH..=across.to + TOUCH).contains(&rule.at) {
                sets.join(h, horizontal.len() + index);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = Default::default();
    for (index, rule) in horizontal.iter().enumerate() {
        groups.entry(sets.root(index)).or_default().0.push(*rule);
    }
    for (index, rule) in vertical.iter().enumerate() {
        groups
            .entry(sets.root(horizontal.len() + index))
            .or_default()
            .1
            .push(*rule);
    }
    Some(
        groups
            .into_values()
            .filter(|(across, along)| across.len() > 1 || along.len() > 1)
            .collect(),
    )
}

/// Places of lines, those nearer than [`SNAP`] as one; an open side is closed at the reach of the lines across.
fn edges(lines: &[Rule], across: &[Rule]) -> (Vec<f64>, bool, bool) {
    let mut places: Vec<f64> = lines.iter().map(|rule| rule.at).collect();
    places.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> = Vec::new();
    for place in places {
        match edges.last_mut() {
            Some(last) if place - *last <= SNAP => {}
            _ => edges.push(place),
        }
    }
    let reach = across
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), rule| {
            (low.min(rule.from), high.max(rule.to))
        });
    let first_open = edges
        .first()
        .is_none_or(|first| first - reach.0 > OPEN_SIDE_MIN);
    let last_open = edges
        .last()
        .is_none_or(|last| reach.1 - last > OPEN_SIDE_MIN);
    if first_open {
        edges.insert(0, reach.0);
    }
    if last_open {
        edges.push(reach.1);
    }
    (edges, first_open, last_open)
}

/// Which stretches between `breaks` a wall stands in, for each place of `edges`; by stretch × edges + edge.
fn walls(lines: &[Rule], edges: &[f64], breaks: &[f64], open: (bool, bool)) -> Vec<bool> {
    let stretches = breaks.len() - 1;
    let mut drawn = vec![0.0; stretches * edges.len()];
    for rule in lines {
        let after = edges.partition_point(|edge| *edge <= rule.at);
        let near = [after.checked_sub(1), Some(after)]
            .into_iter()
            .flatten()
            .filter(|&n| n < edges.len());
        let distance = |n: usize| edges.get(n).map_or(f64::MAX, |edge| (edge - rule.at).abs());
        let Some(edge) = near.min_by(|&a, &b| distance(a).total_cmp(&distance(b))) else {
            continue;
        };
        let first = breaks
            .partition_point(|end| *end <= rule.from)
            .saturating_sub(1);
        for stretch in first..stretches {
            let (Some(start), Some(end)) = (breaks.get(stretch), breaks.get(stretch + 1)) else {
                break;
            };
            if *start >= rule.to {
                break;
            }
            if let Some(length) = drawn.get_mut(stretch * edges.len() + edge) {
                *length += (rule.to.min(*end) - rule.from.max(*start)).max(0.0);
            }
        }
    }
    let wall = |(index, length): (usize, &f64)| {
        let (stretch, edge) = (index / edges.len(), index % edges.len());
        let full = breaks
            .get(stretch + 1)
            .zip(breaks.get(stretch))
            .map_or(0.0, |(end, start)| end - start);
        *length >= full * WALL_MIN || (edge == 0 && open.0) || (edge + 1 == edges.len() && open.1)
    };
    drawn.iter().enumerate().map(wall).collect()
}

/// The grid of one group of lines; none if it encloses fewer than two cells.
fn grid(across: &[Rule], along: &[Rule], slots_max: u64) -> Result<Option<Grid>, TooMany> {
    let ((xs, left_open, right_open), (ys, top_open, bottom_open)) =
        (edges(along, across), edges(across, along));
    if xs.len() < 2 || ys.len() < 2 {
        return Ok(None);
    }
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    if rows as u64 * columns as u64 > slots_max {
        return Err(TooMany);
    }
    let upright = walls(along, &xs, &ys, (left_open, right_open));
    let level = walls(across, &ys, &xs, (top_open, bottom_open));
    let upright =
        |row: usize, edge: usize| upright.get(row * xs.len() + edge).copied().unwrap_or(true);
    let level =
        |column: usize, edge: usize| level.get(column * ys.len() + edge).copied().unwrap_or(true);
    let mut sets = Sets::new(rows * columns);
    for row in 0..rows {
        for column in 0..columns {
            let slot = row * columns + column;
            if column > 0 && !upright(row, column) {
                sets.join(slot, slot - 1);
            }
            if row > 0 && !level(column, row) {
                sets.join(slot, slot - columns);
            }
        }
    }
    let size = |edges: &[f64], n: usize| {
        edges
            .get(n + 1)
            .zip(edges.get(n))
            .map_or(0.0, |(end, start)| end - start)
    };
    let open_length = |slot: usize| {
        let (row, column) = (slot / columns, slot % columns);
        let (width, height) = (size(&xs, column), size(&ys, row));
        let side = |open: bool, length: f64| if open { length } else { 0.0 };
        side(column == 0 && !upright(row, 0), height)
            + side(column + 1 == columns && !upright(row, columns), height)
            + side(row == 0 && !level(column, 0), width)
            + side(row + 1 == rows && !level(column, rows), width)
    };
    let (mut cells, slots) = cells(&mut sets, (&xs, &ys), open_length);
    for cell in &mut cells {
        let open = |edge: usize| {
            (cell.column..cell.column + cell.columns).all(|column| !level(column, edge))
        };
        (cell.open_top, cell.open_bottom) = (
            cell.row == 0 && open(0),
            cell.row + cell.rows == rows && open(rows),
        );
    }
    Ok((cells.len() > 1).then_some(Grid {
        xs,
        ys,
        cells,
        slots,
    }))
}

/// Cells of joined slots. A region that is no rectangle is cut into its rows. One that is open along half of its
/// border lies beside the table; a cell at a page break lacks one side at most.
fn cells(
    sets: &mut Sets,
    (xs, ys): (&[f64], &[f64]),
    open_length: impl Fn(usize) -> f64,
) -> (Vec<GridCell>, Vec<Option<usize>>) {
    let (rows, columns) = (ys.len() - 1, xs.len() - 1);
    let mut regions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for slot in 0..rows * columns {
        regions.entry(sets.root(slot)).or_default().push(slot);
    }
    let mut cells: Vec<GridCell> = Vec::new();
    for members in regions.into_values() {
        let at = |slot: usize| (slot / columns, slot % columns);
        let span = |pick: fn((usize, usize)) -> usize| {
            members
                .iter()
                .map(|&slot| pick(at(slot)))
                .fold((usize::MAX, 0), |(low, high), n| (low.min(n), high.max(n)))
        };
        let ((top, bottom), (left, right)) = (span(|p| p.0), span(|p| p.1));
        let length = |edges: &[f64], from: usize, to: usize| {
            edges
                .get(to + 1)
                .zip(edges.get(from))
                .map_or(0.0, |(end, start)| end - start)
        };
        let border = 2.0 * (length(xs, left, right) + length(ys, top, bottom));
        if members.iter().map(|&slot| open_length(slot)).sum::<f64>() >= OPEN_BORDER_MAX * border {
            continue;
        }
        if members.len() == (bottom - top + 1) * (right - left + 1) {
            let (rows, columns) = (bottom - top + 1, right - left + 1);
            cells.push(GridCell::new(top, left, rows, columns));
            continue;
        }
        for slot in members {
            let (row, column) = at(slot);
            match cells.last_mut() {
                Some(last)
                    if last.doubtful && last.row == row && last.column + last.columns == column =>
                {
                    last.columns += 1;
                }
                _ => cells.push(GridCell {
                    doubtful: true,
                    ..GridCell::new(row, column, 1, 1)
                }),
            }
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    let mut slots = vec![None; rows * columns];
    for (index, cell) in cells.iter().enumerate() {
        for row in cell.row..cell.row + cell.rows {
            for column in cell.column..cell.column + cell.columns {
                if let Some(slot) = slots.get_mut(row * columns + column) {
                    *slot = Some(index);
                }
            }
        }
    }
    (cells, slots)
}

/// Of two grids one inside the other, the one with more cells stays.
fn without_nested(mut grids: Vec<Grid>) -> Vec<Grid> {
    grids.sort_by_key(|grid| std::cmp::Reverse(grid.cells.len()));
    let mut kept: Vec<Grid> = Vec::new();
    for grid in grids {
        let bounds = grid.bounds();
        let nested = kept
            .iter()
            .any(|other| bounds.within(&other.bounds()) || other.bounds().within(&bounds));
        if !nested {
            kept.push(grid);
        }
    }
    kept.sort_by(|a, b| a.bounds().top.total_cmp(&b.bounds().top));
    kept
}

/// Disjoint sets of numbers.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut index: usize) -> usize {
        loop {
            let parent = self.0.get(index).copied().unwrap_or(index);
            if parent == index {
                return index;
            }
            let above = self.0.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.0.get_mut(index) {
                *slot = above;
            }
            index = above;
        }
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        if let Some(slot) = self.0.get_mut(high) {
            *slot = low;
        }
    }
}

#[cfg(test)]
mod tests;
