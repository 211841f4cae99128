//! Tables whose columns are the units: a tick, or 牵头 and 配合, stands where a unit's column meets a measure's row.
//! They become tables with columns of units.

use std::collections::BTreeSet;

use super::columns::head_word;
use super::layout::{Grid, GridCell, Node, gather};
use super::lines::row_cells;
use super::organ_name::{is_organ_run, without_brackets};
use super::organs::Role;
use super::problem::Account;
use super::rows::NOTE;
use super::text::{Mark, Run, is_empty, plain, trim};

mod tick;

use tick::{Tick, meaning, tick};

/// Fewest columns of units side by side.
const UNITS_MIN: usize = 2;
/// Fewest rows below the names.
const ROWS_MIN: usize = 2;
/// Rows at the top among which the names are looked for.
const HEAD_ROWS_MAX: usize = 6;
/// Lines of nothing but `|` and `-` among them.
const RULES_MAX: usize = 2;

/// The roles that units have in such tables, in the order of their columns.
const ROLES: [Option<Role>; 3] = [Some(Role::Lead), None, Some(Role::Cooperate)];

pub(crate) fn unfold(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let nodes = celled(nodes, account);
    let is_matrix = |node: &Node| matches!(node, Node::Grid(grid) if find_matrix(grid).is_some());
    if !nodes.iter().any(is_matrix) {
        return nodes;
    }
    let legend: Run = nodes.iter().flat_map(words).collect();
    let unfolded = nodes.into_iter().map(|node| match node {
        Node::Grid(grid) => Node::Grid(unfold_grid(grid, &legend, account)),
        line => line,
    });
    unfolded.collect()
}

/// Where a legend may stand: the lines, and the cells that are more than a tick.
fn words(node: &Node) -> Vec<Mark> {
    match node {
        Node::Line(run) => run.clone(),
        Node::Grid(grid) => {
            let cells = grid.rows.iter().flatten().filter(|c| c.run.len() > 2);
            cells.flat_map(|c| c.run.iter().copied()).collect()
        }
    }
}

/// Lines with cells parted by tabs or `|` become a grid where they hold such a table; all others stay as they are.
fn celled(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let is_celled = |run: &Run| run.iter().any(|m| matches!(m.fold, '\t' | '|'));
    gather(
        nodes,
        is_celled,
        |_| false,
        |lines, out| {
            close(lines, out, account);
        },
    )
}

fn close(lines: Vec<Run>, out: &mut Vec<Node>, account: &mut Account) {
    // Few tables are such a one, and the names at its top tell most others.
    let top = lines.iter().take(HEAD_ROWS_MAX + RULES_MAX);
    if named(&grid(top)).next().is_none() {
        out.extend(lines.into_iter().map(Node::Line));
        return;
    }
    let grid = grid(&lines);
    if find_matrix(&grid).is_some() {
        let parted = |m: &&Mark| m.fold == '|';
        let frame: Run = lines.iter().flatten().filter(parted).copied().collect();
        account.field(&frame);
        lines
            .iter()
            .filter(|l| is_rule(l))
            .for_each(|l| account.field(l));
        out.push(Node::Grid(grid));
    } else {
        out.extend(lines.into_iter().map(Node::Line));
    }
}

/// | --- | --- | below the head.
fn is_rule(line: &[Mark]) -> bool {
    line.iter().all(|m| matches!(m.fold, '|' | '-' | ':' | ' '))
}

fn grid<'l>(lines: impl IntoIterator<Item = &'l Run>) -> Grid {
    let rows: Vec<Vec<GridCell>> = lines
        .into_iter()
        .filter(|line| !is_rule(line))
        .map(|line| {
            let cells = row_cells(line).into_iter().enumerate();
            let cell = |(column, run): (usize, &[Mark])| GridCell {
                run: run.to_vec(),
                column,
                row_span: 1,
                column_span: 1,
                doubtful: false,
            };
            cells.map(cell).collect()
        })
        .collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    Grid { rows, width }
}

/// The row of the names and the columns that they stand in.
struct Matrix {
    head: usize,
    columns: std::ops::Range<usize>,
}

fn find_matrix(grid: &Grid) -> Option<Matrix> {
    named(grid).find(|matrix| is_ticked(grid, matrix.head, &matrix.columns))
}

/// Rows at the top with names of units side by side.
fn named(grid: &Grid) -> impl Iterator<Item = Matrix> {
    (0..grid.rows.len().min(HEAD_ROWS_MAX)).filter_map(|head| {
        let names: Vec<usize> = grid
            .rows
            .get(head)?
            .iter()
            .filter(|c| is_name(c))
            .map(|c| c.column)
            .collect();
        let (first, last) = (*names.first()?, *names.last()?);
        let columns = first..last + 1;
        (names.len() >= UNITS_MIN && names.len() == columns.len())
            .then_some(Matrix { head, columns })
    })
}

/// A cell that names one unit, and is no word for a column of units.
fn is_name(cell: &GridCell) -> bool {
    cell.column_span == 1
        && is_organ_run(&cell.run)
        && !without_brackets(&plain(&cell.run)).contains(['、', ',', ';'])
        && (head_word(&cell.run).is_none() || is_everybody(&plain(&cell.run)))
}

/// 县直各单位, 县行政执法部门: several units by one name, which as a head would tell whose they are. 县责任单位 is a head.
fn is_everybody(name: &str) -> bool {
    const ROLES: &[&str] = &[
        "责任", "牵头", "配合", "主管", "主办", "协办", "承办", "实施", "落实", "级",
    ];
    name.starts_with(['省', '市', '县', '区', '镇', '乡', '各'])
        && !ROLES.iter().any(|role| name.contains(role))
}

/// Below the names there are ticks and nothing else, most of the rows have one, and text stands beside them.
fn is_ticked(grid: &Grid, head: usize, columns: &std::ops::Range<usize>) -> bool {
    let rows = grid.rows.get(head + 1..).unwrap_or_default().iter();
    let rows: Vec<&Vec<GridCell>> = rows.filter(|row| !is_total(row, columns)).collect();
    let below = |row: &&&Vec<GridCell>| {
        row.iter()
            .any(|c| columns.contains(&c.column) && !is_empty(&c.run))
    };
    let ticked = rows.iter().filter(below).count();
    let cells = rows
        .iter()
        .copied()
        .flatten()
        .filter(|c| columns.contains(&c.column));
    ticked >= ROWS_MIN
        && ticked * 2 >= rows.len()
        && cells
            .filter(|c| !is_empty(&c.run))
            .all(|c| c.column_span > columns.len() || tick(&c.run).is_some())
}

/// 合计 | 12 | 3: how many measures each unit has.
fn is_total(row: &[GridCell], columns: &std::ops::Range<usize>) -> bool {
    const TOTALS: &[&str] = &["合计", "总计", "共计", "小计"];
    let filled = || row.iter().filter(|c| !is_empty(&c.run));
    let figure = |c: &GridCell| plain(&c.run).chars().all(|c| c.is_ascii_digit());
    let (counts, words): (Vec<&GridCell>, Vec<&GridCell>) =
        filled().partition(|c| columns.contains(&c.column));
    let told = |c: &GridCell| TOTALS.contains(&plain(&c.run).trim_end_matches(':'));
    !counts.is_empty()
        && counts.into_iter().all(figure)
        && matches!(words.as_slice(), [word] if told(word))
}

fn unfold_grid(grid: Grid, legend: &[Mark], account: &mut Account) -> Grid {
    let Some(matrix) = find_matrix(&grid) else {
        return grid;
    };
    let names: Vec<(usize, Run)> = grid
        .rows
        .get(matrix.head)
        .into_iter()
        .flatten()
        .filter(|c| matrix.columns.contains(&c.column))
        .map(|c| (c.column, trim(&c.run).to_vec()))
        .collect();
    let signs = signs(&grid, &matrix);
    let unknown = signs.len() > 1 && signs.iter().any(|s| meaning(*s, legend).is_none());
    let unfolding = Unfolding {
        at: names
            .iter()
            .flat_map(|(_, run)| run)
            .next()
            .map_or(0, |m| m.at),
        roles: roles(&grid, &matrix, legend),
        matrix,
        names,
        legend,
        unknown,
    };
    unfolding.tell(account);
    let width = unfolding.column(grid.width);
    let mut rows: Vec<Vec<GridCell>> = Vec::with_capacity(grid.rows.len());
    for (i, row) in grid.rows.into_iter().enumerate() {
        if i > unfolding.matrix.head && is_total(&row, &unfolding.matrix.columns) {
            let run: Run = row.iter().flat_map(|c| c.run.iter().copied()).collect();
            let (code, message) = NOTE;
            account.problem(code, message, &run);
            continue;
        }
        rows.push(unfolding.row(row, i, account));
    }
    unfolding.join_heads(&mut rows);
    Grid { rows, width }
}

/// The signs that stand below the names.
fn signs(grid: &Grid, matrix: &Matrix) -> BTreeSet<char> {
    let below = grid.rows.iter().skip(matrix.head + 1).flatten();
    below
        .filter(|c| matrix.columns.contains(&c.column))
        .filter_map(|c| match tick(&c.run) {
            Some(Tick::Sign(sign)) => Some(sign),
            _ => None,
        })
        .collect()
}

/// The roles that the ticks give.
fn roles(grid: &Grid, matrix: &Matrix, legend: &[Mark]) -> Vec<Option<Role>> {
    let below = grid.rows.iter().skip(matrix.head + 1).flatten();
    let given: BTreeSet<Option<Role>> = below
        .filter(|c| matrix.columns.contains(&c.column))
        .filter_map(|c| tick(&c.run))
        .map(|tick| role(&tick, legend))
        .collect();
    ROLES.into_iter().filter(|r| given.contains(r)).collect()
}

fn role(tick: &Tick, legend: &[Mark]) -> Option<Role> {
    match tick {
        Tick::Sign(sign) => meaning(*sign, legend).flatten(),
        Tick::Role(role) => *role,
    }
}

struct Unfolding<'a> {
    matrix: Matrix,
    /// With their columns.
    names: Vec<(usize, Run)>,
    roles: Vec<Option<Role>>,
    legend: &'a [Mark],
    /// Several signs, and not all of them explained.
    unknown: bool,
    /// Where signs stand that the source has not: at the first name.
    at: u32,
}

impl Unfolding<'_> {
    fn tell(&self, account: &mut Account) {
        let mut message =
            "表格以各单位为列，在各行作记号分派任务，已按列名列出每项任务的单位，请核对".to_owned();
        if self.unknown {
            message.push_str("；记号有几种，没有都写明含义，未写明的按责任单位处理");
        }
        for (_, name) in &self.names {
            account.field(name);
        }
        let first = self.names.first().map(|(_, run)| run.as_slice());
        let place = account.place(first.unwrap_or_default());
        account.problem_at("matrix-table", message, place);
    }

    /// The place of a column outside the matrix once the units have columns of their own.
    fn column(&self, column: usize) -> usize {
        let Matrix { columns, .. } = &self.matrix;
        match column {
            before if before <= columns.start => before,
            behind if behind >= columns.end => behind - columns.len() + self.roles.len(),
            _ => columns.start,
        }
    }

    fn row(&self, row: Vec<GridCell>, i: usize, account: &mut Account) -> Vec<GridCell> {
        let inside = |c: &GridCell| {
            let Matrix { columns, .. } = &self.matrix;
            c.column >= columns.start && c.column + c.column_span <= columns.end
        };
        let (ticks, mut cells): (Vec<GridCell>, Vec<GridCell>) = row.into_iter().partition(inside);
        for cell in &mut cells {
            let end = self.column(cell.column + cell.column_span);
            cell.column = self.column(cell.column);
            cell.column_span = end.saturating_sub(cell.column).max(1);
        }
        ticks.iter().for_each(|c| account.field(&c.run));
        let alone = cells.iter().filter(|c| !is_empty(&c.run)).count() <= 1;
        if i == self.matrix.head {
            cells.extend(self.heads());
        } else if i > self.matrix.head && !(alone && ticks.iter().all(|c| is_empty(&c.run))) {
            cells.extend(self.units(&ticks));
        }
        cells.sort_by_key(|c| c.column);
        cells
    }

    fn heads(&self) -> impl Iterator<Item = GridCell> {
        let head = |(i, role): (usize, &Option<Role>)| {
            let text = match role {
                Some(Role::Lead) => "牵头单位",
                Some(Role::Cooperate) => "配合单位",
                _ => "责任单位",
            };
            let run = text.chars().map(|c| Mark::new(c, self.at)).collect();
            self.cell(i, run, false)
        };
        self.roles.iter().enumerate().map(head)
    }

    fn units(&self, ticks: &[GridCell]) -> Vec<GridCell> {
        let ticked: Vec<(Option<Role>, &Run)> = ticks
            .iter()
            .filter_map(|c| {
                let (_, name) = self.names.iter().find(|(column, _)| *column == c.column)?;
                Some((role(&tick(&c.run)?, self.legend), name))
            })
            .collect();
        let doubtful = self.unknown || ticked.is_empty();
        let of = |role: &Option<Role>| {
            let mut run = Run::new();
            for (_, name) in ticked.iter().filter(|(r, _)| r == role) {
                if !run.is_empty() {
                    run.push(Mark::new('、', self.at));
                }
                run.extend_from_slice(name);
            }
            // no unit of this role, and none as above
            if run.is_empty() {
                run.push(Mark::new('—', self.at));
            }
            run
        };
        let roles = self.roles.iter().enumerate();
        roles
            .map(|(i, role)| self.cell(i, of(role), doubtful))
            .collect()
    }

    fn cell(&self, nth: usize, run: Run, doubtful: bool) -> GridCell {
        GridCell {
            run,
            column: self.matrix.columns.start + nth,
            row_span: 1,
            column_span: 1,
            doubtful,
        }
    }

    /// Names below a head that was merged over them: the two rows become one.
    fn join_heads(&self, rows: &mut Vec<Vec<GridCell>>) {
        let head = self.matrix.head;
        let merged = head
            .checked_sub(1)
            .and_then(|above| rows.get(above))
            .is_some_and(|row| row.iter().any(|c| c.row_span > 1));
        if !merged {
            return;
        }
        let names = rows.remove(head);
        let Some(above) = rows.get_mut(head - 1) else {
            return;
        };
        for cell in above.iter_mut() {
            cell.row_span = cell.row_span.saturating_sub(1).max(1);
        }
        above.extend(names);
        above.sort_by_key(|c| c.column);
    }
}
