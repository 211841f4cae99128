//! Tables that are no tables in the file: lines with bars or tabs, or labels and numbers one after the other.

use gongkai_office::{Block, Cell as Field, Paragraph, Place, Row, Table};

use super::bars::{self, BARS};
use super::label::{
    block_of, disclosed_of, is_trial_head, is_trial_other, outcome_of, plain, row_of,
};
use super::rows::Found;
use crate::amount::{Value, half_width};
use crate::form::{
    APPLICANTS, CARRY_OUT, Cell, DISCLOSED, NEW, OTH_OTHER, OUTCOMES, REMEDIES, ROWS, SUM,
};

/// Paragraphs with cells in them become tables; everything else stays.
pub(super) fn with_tables(blocks: &[Block]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut held: Vec<Block> = Vec::new();
    for block in bars::told(blocks) {
        let cells = match &block {
            Block::Paragraph(paragraph) => cells_of(paragraph),
            Block::Table(_) => None,
        };
        match cells {
            Some(cells) => {
                rows.push(cells);
                held.push(block);
            }
            None => {
                flush(&mut rows, &mut held, &mut out);
                out.push(block);
            }
        }
    }
    flush(&mut rows, &mut held, &mut out);
    out
}

fn flush(rows: &mut Vec<Vec<String>>, held: &mut Vec<Block>, out: &mut Vec<Block>) {
    if rows.len() >= 2 {
        out.push(Block::Table(as_table(rows)));
    } else {
        out.append(held);
    }
    rows.clear();
    held.clear();
}

/// The cells of `| a | b |` or of a line with two tabs or more; a rule of strokes has no cells.
fn cells_of(paragraph: &Paragraph) -> Option<Vec<String>> {
    let text = paragraph.text.trim_matches([' ', '\r', '\n']);
    let cells: Vec<String> = if text.matches(BARS).count() >= 2 {
        without_filling(text)
            .split(BARS)
            .map(|cell| cell.trim().to_owned())
            .collect()
    } else if text.matches('\t').count() >= 2 {
        text.split('\t')
            .map(|cell| cell.trim().to_owned())
            .collect()
    } else {
        return None;
    };
    Some(cells)
}

/// Of `| 规章 | 0 | ||` what stands between the outer bars: several at the end fill merged cells up, behind the bar that ends
/// the last cell.
fn without_filling(text: &str) -> &str {
    let begun = text.trim_start_matches(BARS);
    let ended = begun.trim_end_matches(BARS);
    if begun.chars().count() - ended.chars().count() < 2 {
        return ended;
    }
    let ended = ended.trim_end();
    ended.strip_suffix(BARS).unwrap_or(ended)
}

fn as_table(rows: &[Vec<String>]) -> Table {
    let ruled = |cells: &Vec<String>| {
        cells.iter().all(|cell| {
            cell.chars()
                .all(|c| matches!(c, '-' | ':' | '=' | ' ' | '─' | '┼'))
        }) && cells.iter().any(|cell| cell.contains(['-', '─']))
    };
    let line = |cells: &Vec<String>| Row {
        cells: (0..)
            .zip(cells)
            .map(|(column, text)| Field {
                text: text.clone(),
                column,
                row_span: 1,
                column_span: 1,
                place: Place::default(),
                doubtful: false,
            })
            .collect(),
        heading: false,
    };
    Table {
        rows: rows
            .iter()
            .filter(|cells| !ruled(cells))
            .map(line)
            .collect(),
        place: Place::default(),
    }
}

/// Reads labels and the numbers behind them, for tables of which nothing was found.
pub(super) fn fill(texts: &[&str], found: &mut Found) {
    let has = |found: &Found, wanted: fn(&Cell) -> bool| found.cells.keys().any(wanted);
    // Copied out of a page, rows with one number are lines without the tabs that make a table.
    let two = (0..DISCLOSED.len()).all(|at| found.cells.contains_key(&Cell::Two(at)));
    let three = has(found, |cell| matches!(cell, Cell::Three(..)));
    let four = has(found, |cell| matches!(cell, Cell::Four(..)));
    if two && three && four {
        return;
    }
    let runs = runs(texts);
    found.trial |= runs
        .iter()
        .flat_map(|run| &run.words)
        .any(|word| is_trial_head(word));
    if !three && !by_order(&runs, found) {
        results(&runs, found);
    }
    if !two {
        disclosed(&runs, found);
    }
    if !four {
        remedies(&runs, found);
    }
}

/// Words, and the numbers that follow them.
struct Run {
    words: Vec<String>,
    numbers: Vec<Value>,
}

fn runs(texts: &[&str]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for token in texts.iter().flat_map(|text| text.split_whitespace()) {
        let bare = half_width(token);
        let stroke = bare.chars().all(|c| matches!(c, '-' | '—' | '/'));
        let value = Value::read(&bare);
        let number = stroke
            || (matches!(value, Value::Number(_))
                && bare
                    .chars()
                    .all(|c| c.is_ascii_digit() || ",.-".contains(c)));
        match (number, runs.last_mut()) {
            (true, Some(run)) => run.numbers.push(value),
            (true, None) => {}
            (false, Some(run)) if run.numbers.is_empty() => run.words.push(token.to_owned()),
            (false, _) => runs.push(Run {
                words: vec![token.to_owned()],
                numbers: Vec::new(),
            }),
        }
    }
    runs
}

/// The row of table 三 that the words before numbers name. Labels broken over lines come in pieces; the last pieces are the
/// row's own.
fn row_named(run: &Run, before: Option<usize>) -> Option<usize> {
    (1..=run.words.len().min(LABEL_PIECES_MAX)).find_map(|n| {
        let tail = run.words.get(run.words.len() - n..)?;
        row_of(&tail.concat(), before)
    })
}

/// The values of a row: the last seven numbers, not counting blanks behind them that fill merged cells up.
fn seven(numbers: &[Value]) -> Option<&[Value]> {
    let mut left = numbers;
    while let [fewer @ .., Value::Blank] = left
        && left.len() > APPLICANTS.len()
    {
        left = fewer;
    }
    left.get(left.len().checked_sub(APPLICANTS.len())?..)
}

/// Pieces of a label that are joined at most.
const LABEL_PIECES_MAX: usize = 6;

/// Rows of table 三 that must be told by their words before the others are told by their order.
const NAMED_MIN: usize = 13;

/// All rows of table 三 in their order, of which most are told by their words: then those are told, too, whose labels narrow
/// columns broke around their numbers.
fn by_order(runs: &[Run], found: &mut Found) -> bool {
    let full = |run: &&Run| run.numbers.len() >= APPLICANTS.len();
    let is = |run: &&Run, row: usize| full(run) && row_named(run, None) == Some(row);
    let first = runs.iter().position(|run| is(&run, NEW));
    let last = runs.iter().rposition(|run| is(&run, CARRY_OUT));
    let (Some(first), Some(last)) = (first, last) else {
        return false;
    };
    let lines: Vec<&Run> = runs
        .get(first..=last)
        .unwrap_or_default()
        .iter()
        .filter(full)
        .collect();
    let rows: Vec<usize> = if lines.len() == ROWS.len() {
        (0..ROWS.len()).collect()
    } else if lines.len() == ROWS.len() - 2 && found.trial {
        (NEW..OTH_OTHER - 2)
            .chain([OTH_OTHER, SUM, CARRY_OUT])
            .collect()
    } else {
        return false;
    };
    let named = lines
        .iter()
        .zip(&rows)
        .filter(|(run, row)| row_named(run, None) == Some(**row))
        .count();
    if named < NAMED_MIN {
        return false;
    }
    for (run, row) in lines.iter().zip(&rows) {
        for (column, value) in seven(&run.numbers).unwrap_or_default().iter().enumerate() {
            found.keep(Cell::Three(*row, column), value.clone());
        }
    }
    true
}

/// A block whose rows lost their labels: as many numbers as its rows have.
fn whole_block(run: &Run, found: &mut Found) -> bool {
    let rows = run.words.last().and_then(|word| block_of(word));
    let Some(rows) = rows.filter(|rows| run.numbers.len() == rows.len() * APPLICANTS.len()) else {
        return false;
    };
    for (row, values) in rows.zip(run.numbers.chunks(APPLICANTS.len())) {
        found.set_row(row);
        for (column, value) in values.iter().enumerate() {
            found.keep(Cell::Three(row, column), value.clone());
        }
    }
    true
}

fn results(runs: &[Run], found: &mut Found) {
    for run in runs {
        if whole_block(run, found) {
            continue;
        }
        let Some(row) = row_named(run, found.last_row()) else {
            continue;
        };
        let last = run.words.last().map_or("", String::as_str);
        if row == OTH_OTHER && is_trial_other(last) {
            found.trial = true;
        }
        let Some(values) = seven(&run.numbers) else {
            let begun = found.last_row().is_some() || !found.short.is_empty();
            // One number behind the label may be a sentence's.
            if begun || (row == NEW && run.numbers.len() > 1) {
                found.short.entry(row).or_insert(run.numbers.len());
            }
            continue;
        };
        found.set_row(row);
        for (column, value) in values.iter().enumerate() {
            found.keep(Cell::Three(row, column), value.clone());
        }
    }
}

fn disclosed(runs: &[Run], found: &mut Found) {
    for run in runs {
        let Some(last) = run.words.last() else {
            continue;
        };
        let Some((first, values)) = disclosed_of(last) else {
            continue;
        };
        if run.numbers.len() >= values {
            for (n, value) in run.numbers.iter().take(values).enumerate() {
                found.keep(Cell::Two(first + n), value.clone());
            }
        }
    }
}

fn remedies(runs: &[Run], found: &mut Found) {
    let all = REMEDIES.len() * OUTCOMES.len();
    for run in runs {
        let heads = run
            .words
            .iter()
            .filter(|word| outcome_of(word).is_some() || plain(word).contains("结果维持"))
            .count();
        // Narrow columns break the heads into single characters; those above them stay whole.
        let headed = heads >= 3 || plain(&run.words.concat()).contains("复议后起诉");
        if headed && run.numbers.len() >= all {
            let mut numbers = run.numbers.as_slice();
            while let [Value::Blank, fewer @ ..] = numbers
                && numbers.len() > all
            {
                numbers = fewer;
            }
            for (n, value) in numbers.iter().take(all).enumerate() {
                let cell = Cell::Four(n / OUTCOMES.len(), n % OUTCOMES.len());
                found.keep(cell, value.clone());
            }
            return;
        }
    }
}
