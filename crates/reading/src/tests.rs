use gongkai_office::{Block, Cell, Document, Format, Paragraph, Row, Table};

use super::*;

mod captured;
mod clauses;
mod clerks;
mod copied_pages;
mod dated_headings;
mod dates_and_heads;
mod drawn;
mod folded;
mod formats;
mod framed_heads;
mod fresh;
mod habits;
mod headers;
mod kinds;
mod layered;
mod lone_lists;
mod mastheads;
mod matrix;
mod misread;
mod narrow;
mod offices;
mod one_line;
mod parts;
mod properties;
mod records;
mod roles;
mod shapes;
mod skewed;
mod spread;
mod tables;
mod texts;
mod torn;
mod towns;
mod unlisted_heads;
mod unmarked;
mod unseen;
mod verdicts;
mod way;
mod wild;

/// A text document: one paragraph a line.
fn document(text: &str) -> Document {
    let blocks = text
        .lines()
        .enumerate()
        .map(|(i, line)| {
            Block::Paragraph(Paragraph {
                text: line.to_owned(),
                heading: None,
                place: Place {
                    line: u32::try_from(i + 1).ok(),
                    ..Place::default()
                },
            })
        })
        .collect();
    of_blocks(blocks)
}

fn of_blocks(blocks: Vec<Block>) -> Document {
    let chars = |t: &str| {
        t.chars()
            .filter(|c| !c.is_whitespace() && !noise::invisible(*c))
            .count() as u64
    };
    let source_chars = blocks
        .iter()
        .map(|b| match b {
            Block::Paragraph(p) => chars(&p.text),
            Block::Table(t) => t
                .rows
                .iter()
                .flat_map(|r| &r.cells)
                .map(|c| chars(&c.text))
                .sum(),
        })
        .sum();
    Document {
        format: Format::Text,
        blocks,
        problems: Vec::new(),
        source_chars,
        pictures: Vec::new(),
        headers: Vec::new(),
    }
}

/// A table from rows of `text@column+columnspan*rowspan`-less cells: (column, row span, column span, text).
fn table(rows: &[&[(u32, u32, u32, &str)]]) -> Block {
    let rows = rows
        .iter()
        .enumerate()
        .map(|(r, cells)| Row {
            heading: false,
            cells: cells
                .iter()
                .map(|(column, row_span, column_span, text)| Cell {
                    text: (*text).to_owned(),
                    column: *column,
                    row_span: *row_span,
                    column_span: *column_span,
                    place: Place {
                        table: Some(1),
                        row: u32::try_from(r + 1).ok(),
                        column: Some(column + 1),
                        ..Place::default()
                    },
                    doubtful: false,
                })
                .collect(),
        })
        .collect();
    Block::Table(Table {
        rows,
        place: Place {
            table: Some(1),
            ..Place::default()
        },
    })
}

/// Each task in one line: `no|section|group|text|organs|deadlines`, a `?` where it is to be checked.
/// Organs carry 牵, 责 or 配.
fn brief(plan: &Plan) -> Vec<String> {
    plan.tasks
        .iter()
        .map(|t| {
            let organs: Vec<String> = t
                .organs
                .iter()
                .map(|o| {
                    let sign = match o.role {
                        Role::Lead => '牵',
                        Role::Cooperate => '配',
                        Role::Responsible => '责',
                    };
                    format!("{sign}{}", o.name)
                })
                .collect();
            let ends: Vec<String> = t
                .deadlines
                .iter()
                .map(|d| {
                    d.date
                        .map_or_else(|| d.text.clone(), |date| date.to_string())
                })
                .collect();
            let check = if t.confidence == Confidence::Check {
                "?"
            } else {
                ""
            };
            format!(
                "{}|{}|{}|{}|{}|{}{check}",
                t.no.map_or("-".to_owned(), |n| n.to_string()),
                t.section.as_deref().unwrap_or("-"),
                t.group.as_deref().unwrap_or("-"),
                t.text,
                organs.join(" "),
                ends.join(" ")
            )
        })
        .collect()
}

#[track_caller]
fn check(text: &str, want: &[&str]) -> Plan {
    let plan = read(&document(text));
    assert_eq!(brief(&plan), want, "{:#?}", plan.problems);
    assert!(plan.is_plan);
    assert_eq!(plan.coverage.dropped, 0);
    plan
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|p| p.code.as_str()).collect()
}
