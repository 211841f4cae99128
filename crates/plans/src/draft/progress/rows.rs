//! The rows of a ledger: the official form with its two-row head, or any table whose head names the columns.

use std::collections::BTreeMap;

use gongkai_office::{Block, Document, Place, Table};

use super::LedgerRow;

/// Rows at the top of a table among which its head is looked for.
const HEAD_ROWS: usize = 10;
/// A head is no sentence.
const HEAD_CHARS_MAX: usize = 24;
/// Rows of one ledger.
pub const ROWS_MAX: usize = 20_000;

/// What a column of a ledger holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Units,
    Text,
    Done,
    Pending,
    Due,
}

/// What a head says of its column; words that name several are told apart by what comes first.
fn role(head: &str) -> Option<Role> {
    let head: String = head.chars().filter(|c| !c.is_whitespace()).collect();
    let has = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if head.is_empty() || head.chars().count() > HEAD_CHARS_MAX {
        return None;
    }
    if has(&["回头看", "未完成", "整改", "填报", "联系", "备注", "责任人"]) {
        None
    } else if has(&["待完成", "下一步", "工作计划", "后续"]) {
        Some(Role::Pending)
    } else if has(&["时限", "完成时间", "期限"]) {
        Some(Role::Due)
    } else if has(&["已落实", "落实情况", "进展", "完成情况", "工作情况"]) {
        Some(Role::Done)
    } else if has(&["单位", "部门"]) {
        Some(Role::Units)
    } else if has(&["事项", "任务", "措施", "要点"]) && !has(&["进度"]) {
        Some(Role::Text)
    } else {
        None
    }
}

/// A table with every span filled in: text and place of each slot.
pub(crate) type Grid<'t> = Vec<BTreeMap<u32, (&'t str, Place)>>;

pub(crate) fn grid(table: &Table) -> Grid<'_> {
    let mut grid: Grid<'_> = vec![BTreeMap::new(); table.rows.len()];
    for (nth, row) in table.rows.iter().enumerate() {
        for cell in &row.cells {
            let down = usize::try_from(cell.row_span).unwrap_or(1);
            for line in grid.iter_mut().skip(nth).take(down) {
                for column in cell.column..cell.column.saturating_add(cell.column_span) {
                    line.entry(column).or_insert((cell.text.trim(), cell.place));
                }
            }
        }
    }
    grid
}

/// Reads every ledger in a document; tables of other kinds give nothing.
#[must_use]
pub fn read(document: &Document) -> Vec<LedgerRow> {
    let mut rows = Vec::new();
    let mut columns: Option<BTreeMap<Role, u32>> = None;
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        let grid = grid(table);
        let from = match head(&grid) {
            Some((at, found)) => {
                columns = Some(found);
                at + 1
            }
            // A table without a head goes on with the columns of the one before it.
            None => 0,
        };
        let Some(columns) = &columns else { continue };
        read_rows(&grid, from, columns, &mut rows);
        // One more than a ledger may have: who reads refuses it, and nothing is cut in silence.
        rows.truncate(ROWS_MAX + 1);
    }
    rows
}

/// The row that names most columns, the lower one of two alike: below a two-row head stand the finer names.
fn head(grid: &Grid<'_>) -> Option<(usize, BTreeMap<Role, u32>)> {
    let mut best: Option<(usize, BTreeMap<Role, u32>)> = None;
    for (nth, line) in grid.iter().enumerate().take(HEAD_ROWS) {
        let mut found: BTreeMap<Role, u32> = BTreeMap::new();
        for (column, (text, _)) in line {
            if let Some(role) = role(text) {
                found.entry(role).or_insert(*column);
            }
        }
        let whole = [Role::Units, Role::Text, Role::Done]
            .iter()
            .all(|role| found.contains_key(role));
        if whole
            && best
                .as_ref()
                .is_none_or(|(_, known)| found.len() >= known.len())
        {
            best = Some((nth, found));
        }
    }
    best
}

fn read_rows(
    grid: &Grid<'_>,
    from: usize,
    columns: &BTreeMap<Role, u32>,
    rows: &mut Vec<LedgerRow>,
) {
    let (mut units, mut last) = (String::new(), String::new());
    for line in grid.iter().skip(from) {
        let slot = |role: Role| columns.get(&role).and_then(|column| line.get(column));
        let text = |role: Role| slot(role).map_or_else(String::new, |(text, _)| (*text).to_owned());
        let repeated = slot(Role::Units).is_some_and(|(text, _)| role(text) == Some(Role::Units))
            && slot(Role::Text).is_some_and(|(text, _)| role(text) == Some(Role::Text));
        let signature = line.values().any(|(text, _)| text.starts_with("填报"));
        if repeated || signature {
            continue;
        }
        let named = text(Role::Units);
        if !named.is_empty() {
            units = named;
        }
        let mut row = LedgerRow {
            units: units.clone(),
            text: text(Role::Text),
            above: false,
            done: text(Role::Done),
            pending: text(Role::Pending),
            due: text(Role::Due),
            place: place(line, columns),
        };
        if !row.text.is_empty() {
            last.clone_from(&row.text);
        } else if row.done.is_empty() && row.pending.is_empty() {
            continue;
        } else {
            row.above = !last.is_empty();
            row.text.clone_from(&last);
        }
        rows.push(row);
    }
}

/// Where a row stands: its matter, or what else of it there is.
fn place(line: &BTreeMap<u32, (&str, Place)>, columns: &BTreeMap<Role, u32>) -> Place {
    let slot = |role: Role| columns.get(&role).and_then(|column| line.get(column));
    [Role::Text, Role::Done, Role::Pending]
        .into_iter()
        .find_map(slot)
        .map_or_else(Place::default, |(_, place)| *place)
}
