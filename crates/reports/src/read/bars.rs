//! Tables copied out of a page one cell a line: 规章 |, 0 |, 0 |, each bar ending a cell.

use gongkai_office::{Block, Paragraph};

use super::heading_of;
use crate::amount::Value;

pub(super) const BARS: [char; 4] = ['|', '｜', '│', '┃'];

/// Bars from which on such lines are a table.
const BARS_MIN: usize = 12;

/// Lines of one cell, whose words broke over lines.
const LINES_MAX: usize = 4;

/// The longest line of a cell, in characters; the form's longest label has 38.
const CELL_CHARS_MAX: usize = 60;

/// Places of a line at which bars stand: behind the cell, and those that fill merged cells up. Blank cells of a row that is a
/// line have one each.
const PLACES_MAX: usize = 2;

/// Each run of such lines becomes one paragraph of words and numbers, a blank cell a stroke; everything else stays.
pub(super) fn told(blocks: &[Block]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut held: Vec<Paragraph> = Vec::new();
    let mut bare = 0;
    for block in blocks {
        let Some(paragraph) = part_of(block, held.is_empty()) else {
            flush(&mut held, &mut out);
            out.push(block.clone());
            continue;
        };
        if paragraph.text.contains(BARS) {
            bare = 0;
        } else if !paragraph.text.trim().is_empty() {
            bare += 1;
        }
        held.push(paragraph.clone());
        if bare > LINES_MAX {
            flush(&mut held, &mut out);
            bare = 0;
        }
    }
    flush(&mut held, &mut out);
    out
}

/// A line with bars and one filled cell at most; once there was one, lines between that may belong to a cell.
fn part_of(block: &Block, first: bool) -> Option<&Paragraph> {
    let Block::Paragraph(paragraph) = block else {
        return None;
    };
    let text = paragraph.text.as_str();
    let filled = text
        .split(BARS)
        .filter(|cell| !cell.trim().is_empty())
        .count();
    let fits = if text.contains(BARS) {
        let places = text
            .split(|c| !BARS.contains(&c))
            .filter(|bars| !bars.is_empty())
            .count();
        filled <= 1 && places <= PLACES_MAX
    } else {
        !first && heading_of(text.trim()).is_none()
    };
    (fits && text.chars().count() <= CELL_CHARS_MAX).then_some(paragraph)
}

fn flush(held: &mut Vec<Paragraph>, out: &mut Vec<Block>) {
    let last = held.iter().rposition(|line| line.text.contains(BARS));
    let behind = held.split_off(last.map_or(0, |at| at + 1));
    let text: Vec<&str> = held.iter().map(|line| line.text.as_str()).collect();
    let text = text.join("\n");
    match held.first() {
        Some(first) if text.matches(BARS).count() >= BARS_MIN => {
            out.push(Block::Paragraph(Paragraph {
                text: words_and_numbers(&text),
                ..first.clone()
            }));
            held.clear();
        }
        _ => out.extend(held.drain(..).map(Block::Paragraph)),
    }
    out.extend(behind.into_iter().map(Block::Paragraph));
}

/// One label or number after the other, labels at the beginning of a line.
///
/// Bars that follow each other on one line fill merged cells up: they are no cells.
fn words_and_numbers(text: &str) -> String {
    let mut told = String::new();
    for piece in text.split(BARS) {
        let cell: String = piece.split_whitespace().collect();
        match Value::read(&cell) {
            Value::Blank if cell.is_empty() && !piece.contains('\n') => continue,
            Value::Blank => told.push('—'),
            Value::Number(amount) => told.push_str(&amount.to_string()),
            Value::Odd(_) => {
                told.push('\n');
                told.push_str(&cell);
            }
        }
        told.push(' ');
    }
    told
}
