//! What came back: the rows under every head that has a 行码, wherever its columns went.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_office::{Block, Document, Table};
use serde::{Deserialize, Serialize};

use super::Field;
use crate::draft::progress::rows::grid;

/// One row as it was read. A column that is not there says nothing; an empty cell says "empty".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FilledRow {
    /// Row of its table, from 1.
    pub(super) line: u32,
    pub(super) code: String,
    pub(super) fields: BTreeMap<Field, String>,
    /// 具体工作事项 and 完成时限, which nobody fills in: they tell whether the code still stands beside its own row.
    #[serde(default)]
    pub(super) item: Option<String>,
    #[serde(default)]
    pub(super) due: Option<String>,
    /// All that stands in the row, so that nothing is lost where it is not understood.
    pub(super) whole: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Code,
    Item,
    Due,
    Field(Field),
}

fn column(head: &str) -> Option<Column> {
    let head: String = head
        .trim_start_matches('\u{FEFF}')
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    match head.as_str() {
        "行码" => Some(Column::Code),
        "具体工作事项" => Some(Column::Item),
        "完成时限" => Some(Column::Due),
        _ => Field::ALL
            .into_iter()
            .find(|field| field.name() == head)
            .map(Column::Field),
    }
}

type Line = BTreeMap<u32, String>;

/// Every row of a document that lies under a head; `None` where no head has a 行码.
pub(super) fn read(document: &Document) -> Option<Vec<FilledRow>> {
    let mut found: Option<Vec<FilledRow>> = None;
    let mut plain = String::new();
    for block in &document.blocks {
        match block {
            Block::Table(table) => under_head(&lines(table), &mut found),
            Block::Paragraph(paragraph) => {
                plain.push_str(&paragraph.text);
                plain.push('\n');
            }
        }
    }
    if found.is_none() {
        under_head(&separated(&plain), &mut found);
    }
    found
}

fn lines(table: &Table) -> Vec<(u32, Line)> {
    (1..)
        .zip(grid(table))
        .map(|(line, cells)| {
            // The sheet's own row number, where the format has one.
            let line = cells
                .values()
                .find_map(|(_, place)| place.row)
                .unwrap_or(line);
            let texts = cells
                .into_iter()
                .map(|(at, (text, _))| (at, text.to_owned()));
            (line, texts.collect())
        })
        .collect()
}

/// A CSV file arrives as plain lines.
fn separated(text: &str) -> Vec<(u32, Line)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    (1..)
        .zip(reader.records().map_while(Result::ok))
        .map(|(line, record)| {
            let cells = (0..).zip(record.iter().map(|cell| cell.trim().to_owned()));
            (line, cells.filter(|(_, cell)| !cell.is_empty()).collect())
        })
        .collect()
}

fn under_head(lines: &[(u32, Line)], found: &mut Option<Vec<FilledRow>>) {
    let mut columns: Option<BTreeMap<Column, u32>> = None;
    for (line, cells) in lines {
        let heads: BTreeMap<Column, u32> = cells
            .iter()
            .filter_map(|(at, text)| Some((column(text)?, *at)))
            .collect();
        if heads.contains_key(&Column::Code) {
            columns = Some(heads);
            found.get_or_insert_default();
            continue;
        }
        let (Some(columns), false) = (&columns, cells.is_empty()) else {
            continue;
        };
        let text = |wanted: Column| -> Option<String> {
            let at = columns.get(&wanted)?;
            Some(cells.get(at).cloned().unwrap_or_default())
        };
        found.get_or_insert_default().push(FilledRow {
            line: *line,
            code: text(Column::Code).unwrap_or_default(),
            fields: Field::ALL
                .into_iter()
                .filter_map(|field| Some((field, text(Column::Field(field))?)))
                .collect(),
            item: text(Column::Item),
            due: text(Column::Due),
            whole: cells.values().cloned().collect::<Vec<_>>().join(" | "),
        });
    }
}

/// A day as people and programs write it: 2026-09-30, 2026.9.30, 2026年9月30日, a spreadsheet's serial number.
/// A month alone is no day: it is asked about and not guessed.
pub(super) fn day(text: &str) -> Option<Date> {
    const SERIALS: std::ops::Range<i64> = 36_526..73_051;
    let text = text.trim().split(['T', ' ']).next().unwrap_or_default();
    let whole = text.strip_suffix(".0").unwrap_or(text);
    if let Ok(serial) = whole.parse::<i64>()
        && SERIALS.contains(&serial)
    {
        let zero = Date::new(1899, 12, 30).ok()?;
        return zero
            .checked_add(jiff::Span::new().try_days(serial).ok()?)
            .ok();
    }
    let digits: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let [year, month, day] = digits.as_slice() else {
        return None;
    };
    let year = year
        .parse()
        .ok()
        .filter(|year| (2000..2100).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}
