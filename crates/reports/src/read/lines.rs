//! Tables that are no tables in the file: lines with bars or tabs, or labels and numbers one after the other.

use gongkai_office::{Block, Cell as Field, Paragraph, Place, Row, Table};

use super::label::{disclosed_of, is_trial_other, outcome_of, plain, row_of};
use super::rows::Found;
use crate::amount::{Value, half_width};
use crate::form::{APPLICANTS, Cell, DISCLOSED, OTH_OTHER, OUTCOMES, REMEDIES, ROWS};

/// Paragraphs with cells in them become tables; everything else stays.
pub(super) fn with_tables(blocks: &[Block]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut held: Vec<Block> = Vec::new();
    for block in blocks {
        let cells = match block {
            Block::Paragraph(paragraph) => cells_of(paragraph),
            Block::Table(_) => None,
        };
        match cells {
            Some(cells) => {
                rows.push(cells);
                held.push(block.clone());
            }
            None => {
                flush(&mut rows, &mut held, &mut out);
                out.push(block.clone());
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
    let bar = ['|', '｜', '│', '┃'];
    let cells: Vec<String> = if text.matches(bar).count() >= 2 {
        text.trim_matches(bar)
            .split(bar)
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
    if !three {
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

fn results(runs: &[Run], found: &mut Found) {
    for run in runs {
        // Labels broken over lines come in pieces; the last pieces are the row's own.
        let Some(row) = (1..=run.words.len().min(6)).find_map(|n| {
            let tail = run.words.get(run.words.len() - n..)?;
            row_of(&tail.concat(), found.last_row())
        }) else {
            continue;
        };
        let last = run.words.last().map_or("", String::as_str);
        if row == OTH_OTHER && is_trial_other(last) {
            found.trial = true;
        }
        if run.numbers.len() < APPLICANTS.len() {
            if found.last_row().is_some() {
                let label = ROWS.get(row).map_or("", |row| row.label);
                found.doubts.push(format!(
                    "表三“{label}”一行只读到{}个数，应有7个，未作核对。",
                    run.numbers.len()
                ));
            }
            continue;
        }
        found.set_row(row);
        let from = run.numbers.len() - APPLICANTS.len();
        for (column, value) in run.numbers.iter().skip(from).enumerate() {
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
        if heads >= 3 && run.numbers.len() >= all {
            for (n, value) in run.numbers.iter().take(all).enumerate() {
                let cell = Cell::Four(n / OUTCOMES.len(), n % OUTCOMES.len());
                found.keep(cell, value.clone());
            }
            return;
        }
    }
}
