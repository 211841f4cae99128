//! Rows of tables: which table of the form they belong to, and what their cells say.
//!
//! Tables may be split over pages, have their heads repeated or missing, or all stand on one sheet.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::{Grid, Spot};
use super::label::{
    applicant_of, disclosed_of, is_trial_head, is_trial_other, made_of, outcome_of, row_of,
};
use crate::amount::{Value, half_width};
use crate::form::{APPLICANTS, Cell, OTH_OTHER, OUTCOMES, REMEDIES};

/// The longest label of a row, in characters; the form's own have 38 at most.
const LABEL_CHARS_MAX: usize = 60;

/// What tables gave so far, and where the reader stands.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) cells: BTreeMap<Cell, Value>,
    /// Rows of table 三 of which not all numbers were read, and how many were.
    pub(super) short: BTreeMap<usize, usize>,
    /// Heads of the trial form were seen.
    pub(super) trial: bool,
    /// The last row of table 三 that was read.
    row: Option<usize>,
    /// Columns of table 三, and how wide the table was that had this head.
    applicants: Option<(BTreeMap<usize, usize>, usize)>,
    /// Columns of the first rows of table 二.
    made: BTreeMap<usize, usize>,
    /// Columns of table 四, left to right.
    outcomes: Vec<usize>,
    /// Its heads were read and its values not yet: they may stand on the next page, or in a table of their own, as a
    /// reader of DOC gives rows of other widths.
    values_wait: bool,
}

/// Reads one table after those before it.
pub(super) fn table(grid: &Grid, found: &mut Found) {
    let columns = grid.first().map_or(0, Vec::len);
    found.made.clear();
    let mut heads: BTreeMap<usize, usize> = BTreeMap::new();
    if found
        .applicants
        .as_ref()
        .is_some_and(|(_, width)| *width != columns)
    {
        found.applicants = None;
    }
    for row in grid {
        if row.iter().any(|spot| is_trial_head(&spot.text)) {
            found.trial = true;
        }
        if applicant_heads(row, &mut heads) {
            // Copied out of a page, rows lose the places of merged cells: heads that share a column say nothing of it.
            let apart: BTreeSet<usize> = heads.values().copied().collect();
            if apart.len() == APPLICANTS.len() {
                found.applicants = Some((heads.clone(), columns));
            }
            continue;
        }
        let outcomes = outcome_columns(row);
        if outcomes.len() >= OUTCOMES.len() {
            // A head copied without its merged cells has five of its words on one line and ten on the next: they tell no columns.
            let whole = outcomes.len() >= REMEDIES.len() * OUTCOMES.len() - 2;
            found.outcomes = if whole { outcomes } else { Vec::new() };
            found.values_wait = true;
            continue;
        }
        let made = made_columns(row);
        if made.len() >= 2 {
            found.made = made;
            continue;
        }
        if disclosed_row(row, found) || result_row(row, found) {
            continue;
        }
        if found.values_wait && outcome_values(row, found) {
            found.values_wait = false;
        }
    }
    glued_outcomes(grid, found);
}

/// Table 四 where a reader of PDF put heads and values into the same cells: 结果维持376.
fn glued_outcomes(grid: &Grid, found: &mut Found) {
    let mut values: BTreeMap<usize, Value> = BTreeMap::new();
    for row in grid {
        for (column, spot) in row
            .iter()
            .enumerate()
            .filter(|(_, spot)| spot.begins && spot.own)
        {
            let text = half_width(&spot.text);
            let digits = text.find(|c: char| c.is_ascii_digit() || c == '-');
            let Some((head, value)) = digits.and_then(|at| text.split_at_checked(at)) else {
                continue;
            };
            if outcome_of(head).is_some() {
                values.insert(column, Value::read(value));
            }
        }
    }
    if values.len() == REMEDIES.len() * OUTCOMES.len() {
        for (n, value) in values.into_values().enumerate() {
            let cell = Cell::Four(n / OUTCOMES.len(), n % OUTCOMES.len());
            keep(found, cell, value);
        }
    }
}

/// Takes the heads of table 三 from a row of heads; heads stand over two or three rows.
fn applicant_heads(row: &[Spot], heads: &mut BTreeMap<usize, usize>) -> bool {
    let named: Vec<(usize, usize)> = row
        .iter()
        .enumerate()
        .filter(|(_, spot)| spot.begins)
        .filter_map(|(column, spot)| applicant_of(&spot.text).map(|it| (it, column)))
        .collect();
    let sure = named.iter().filter(|(it, _)| *it <= 4).count();
    if sure == 0 || row_label(row, row.len()).1.is_some() {
        return false;
    }
    for (it, column) in named {
        heads.insert(it, column);
    }
    true
}

/// The columns in which table 四 has its heads, left to right.
fn outcome_columns(row: &[Spot]) -> Vec<usize> {
    row.iter()
        .enumerate()
        .filter(|(_, spot)| spot.begins && outcome_of(&spot.text).is_some())
        .map(|(column, _)| column)
        .collect()
}

fn made_columns(row: &[Spot]) -> BTreeMap<usize, usize> {
    row.iter()
        .enumerate()
        .filter(|(_, spot)| spot.begins)
        .filter_map(|(column, spot)| made_of(&spot.text).map(|it| (it, column)))
        .collect()
}

/// A row of table 二.
fn disclosed_row(row: &[Spot], found: &mut Found) -> bool {
    let label = row
        .iter()
        .enumerate()
        .filter(|(_, spot)| spot.begins && !spot.text.trim().is_empty())
        .take(2)
        .find_map(|(column, spot)| disclosed_of(&spot.text).map(|of| (column, of)));
    let Some((at, (first, values))) = label else {
        return false;
    };
    let behind: Vec<&Spot> = row.iter().skip(at + 1).filter(|spot| spot.begins).collect();
    // A head line that happens to name the row: words, no numbers.
    if behind
        .iter()
        .any(|spot| spot.text.contains("数") || spot.text.contains("收费"))
    {
        return false;
    }
    for n in 0..values {
        let by_head = (values == 3 && found.made.len() == 3)
            .then(|| found.made.get(&n))
            .flatten()
            .filter(|column| **column > at)
            .and_then(|column| row.get(*column));
        let spot = if values == 1 {
            let filled = behind.iter().find(|spot| !spot.text.trim().is_empty());
            filled.or(behind.first()).copied()
        } else {
            by_head.or(behind.get(n).copied())
        };
        if let Some(spot) = spot {
            keep(found, Cell::Two(first + n), Value::read(&spot.text));
        }
    }
    true
}

/// The label of a row before a column, and the row of table 三 that it names.
fn row_label(row: &[Spot], before: usize) -> (String, Option<usize>) {
    let mut texts: Vec<&str> = Vec::new();
    for spot in row.iter().take(before) {
        let text = spot.text.trim();
        let number = matches!(Value::read(text), Value::Number(_) | Value::Blank);
        if !number && texts.last() != Some(&text) {
            texts.push(text);
        }
    }
    let leaf = texts.last().copied().unwrap_or("");
    let named = row_of(leaf, None).or_else(|| row_of(&texts.concat(), None));
    (texts.concat(), named)
}

/// A row of table 三.
fn result_row(row: &[Spot], found: &mut Found) -> bool {
    let columns = columns_of(row.len(), found);
    let first = columns.first().copied().unwrap_or(0);
    let mut texts: Vec<&str> = Vec::new();
    for spot in row.iter().take(first) {
        let text = spot.text.trim();
        let words = matches!(Value::read(text), Value::Odd(_));
        if words && texts.last() != Some(&text) {
            texts.push(text);
        }
    }
    let Some(leaf) = texts.last().copied() else {
        return false;
    };
    // A sentence that lies over the whole width of a sheet names a row, too.
    if leaf.chars().count() > LABEL_CHARS_MAX || !row.get(first).is_some_and(|spot| spot.begins) {
        return false;
    }
    let whole = texts.concat();
    let named = row_of(leaf, found.row).or_else(|| row_of(&whole, found.row));
    let Some(at) = named else {
        return false;
    };
    if at == OTH_OTHER && is_trial_other(leaf) {
        found.trial = true;
    }
    let values = behind(row, leaf, found.applicants.is_none()).unwrap_or_else(|| {
        let under = columns.iter().filter_map(|column| row.get(*column));
        under.map(|spot| Value::read(&spot.text)).collect()
    });
    if values.len() < APPLICANTS.len() || !values.iter().any(|value| !is_words(value)) {
        return false;
    }
    found.row = Some(at);
    for (column, value) in values.into_iter().enumerate() {
        keep(found, Cell::Three(at, column), value);
    }
    true
}

/// The seven cells behind the label, wherever their columns stand: spans of published tables do not always add up. Where no
/// heads tell the columns, blanks behind the values fill merged cells up.
fn behind(row: &[Spot], leaf: &str, headless: bool) -> Option<Vec<Value>> {
    let at = row.iter().rposition(|spot| spot.text.trim() == leaf)?;
    let mut cells: Vec<&Spot> = row
        .iter()
        .skip(at + 1)
        .filter(|spot| spot.begins && spot.own)
        .collect();
    while headless
        && cells.len() > APPLICANTS.len()
        && cells.last().is_some_and(|spot| spot.text.trim().is_empty())
    {
        cells.pop();
    }
    (cells.len() == APPLICANTS.len())
        .then(|| cells.iter().map(|spot| Value::read(&spot.text)).collect())
}

fn is_words(value: &Value) -> bool {
    matches!(value, Value::Odd(text) if !text.chars().any(|c| c.is_ascii_digit()))
}

/// Where the seven values of a row stand: under their heads, or else at the right edge.
fn columns_of(width: usize, found: &Found) -> Vec<usize> {
    match &found.applicants {
        Some((heads, wide)) if *wide == width => heads.values().copied().collect(),
        _ => (width.saturating_sub(APPLICANTS.len())..width).collect(),
    }
}

/// The row of values of table 四.
fn outcome_values(row: &[Spot], found: &mut Found) -> bool {
    let all = REMEDIES.len() * OUTCOMES.len();
    let under: Vec<Value> = found
        .outcomes
        .iter()
        .filter_map(|column| row.get(*column))
        .map(|spot| Value::read(&spot.text))
        .collect();
    let beginning: Vec<Value> = row
        .iter()
        .filter(|spot| spot.begins)
        .map(|spot| Value::read(&spot.text))
        .collect();
    let values = if under.len() == all { under } else { beginning };
    if values.len() != all || !values.iter().any(|value| !is_words(value)) {
        return false;
    }
    for (n, value) in values.into_iter().enumerate() {
        keep(
            found,
            Cell::Four(n / OUTCOMES.len(), n % OUTCOMES.len()),
            value,
        );
    }
    true
}

/// The first table of a kind counts; a filled cell wins over a blank one.
fn keep(found: &mut Found, cell: Cell, value: Value) {
    match found.cells.get(&cell) {
        None | Some(Value::Blank) => {
            found.cells.insert(cell, value);
        }
        Some(_) => {}
    }
}

impl Found {
    pub(super) fn last_row(&self) -> Option<usize> {
        self.row
    }

    pub(super) fn set_row(&mut self, row: usize) {
        self.row = Some(row);
    }

    pub(super) fn keep(&mut self, cell: Cell, value: Value) {
        keep(self, cell, value);
    }
}
