//! The table as rows of cells: what merges, what is repeated after a page break.

use super::sheet::{Column, Kind, Record, Sheet};

/// Records on one page of a table whose pages are broken by hand.
const RECORDS_A_PAGE: usize = 12;

/// How a table goes over its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// One table, merged all the way down; the program that shows it breaks the pages.
    Flowing,
    /// Broken every few rows: head row and section printed again, the group left blank where it goes on, unit cells
    /// blank instead of merged on every other page.
    Broken,
}

/// One place of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// A cell begins: its text, the rows and the columns it takes.
    Cell {
        text: String,
        down: usize,
        across: usize,
    },
    /// A cell that began above or on the left takes this place.
    Taken,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The first row of a page; a head row stands before it.
    pub opens_page: bool,
    /// One slot a column.
    pub slots: Vec<Slot>,
}

impl Sheet {
    pub fn rows(&self, pages: Pages) -> Vec<Row> {
        let page_len = match pages {
            Pages::Flowing => self.records.len().max(1),
            Pages::Broken => RECORDS_A_PAGE,
        };
        let mut rows = Vec::new();
        let mut above: Option<&Record> = None;
        for (number, page) in self.records.chunks(page_len).enumerate() {
            let blank_units = pages == Pages::Broken && number % 2 == 1;
            let before = rows.len();
            for stretch in self.stretches(page) {
                let section = stretch.first().map_or("", |record| &record.section);
                let new = above.is_none_or(|above| above.section != section);
                if self.wide_sections() && new && !section.is_empty() {
                    rows.push(wide(section, self.columns.len()));
                }
                rows.extend(merged(stretch, &self.columns, above, blank_units));
                above = stretch.last().or(above);
            }
            if let Some(row) = rows.get_mut(before) {
                row.opens_page = true;
            }
        }
        rows
    }

    /// Records over which cells may reach down: a row across the table ends them.
    fn stretches<'a>(&self, page: &'a [Record]) -> Vec<&'a [Record]> {
        if self.wide_sections() {
            page.chunk_by(|a, b| a.section == b.section).collect()
        } else {
            vec![page]
        }
    }
}

fn wide(text: &str, columns: usize) -> Row {
    let mut slots = vec![Slot::Taken; columns];
    if let Some(first) = slots.first_mut() {
        *first = cell(text, 1, columns);
    }
    Row {
        opens_page: false,
        slots,
    }
}

fn cell(text: &str, down: usize, across: usize) -> Slot {
    Slot::Cell {
        text: text.to_owned(),
        down,
        across,
    }
}

fn merged(
    records: &[Record],
    columns: &[Column],
    above: Option<&Record>,
    blank_units: bool,
) -> Vec<Row> {
    let slots: Vec<Vec<Slot>> = columns
        .iter()
        .map(|column| match column.kind {
            Kind::Section => reach(
                records,
                |a, b| a.section == b.section,
                |r| r.section.clone(),
            ),
            Kind::Group => reach(records, same_group, |record| {
                let first = records
                    .first()
                    .is_some_and(|first| same_group(first, record));
                let goes_on = first && above.is_some_and(|above| same_group(above, record));
                if goes_on {
                    String::new()
                } else {
                    record.group.clone()
                }
            }),
            Kind::Number => reach(records, |_, _| false, |r| r.number.clone()),
            Kind::Text => reach(records, |_, _| false, |r| r.text.clone()),
            Kind::Due => reach(records, |_, _| false, |r| r.due.clone()),
            Kind::Units => reach(
                records,
                |_, below| below.units.is_none() && !blank_units,
                |r| r.units.clone().unwrap_or_default(),
            ),
        })
        .collect();
    (0..records.len())
        .map(|index| Row {
            opens_page: false,
            slots: slots
                .iter()
                .map(|column| column.get(index).cloned().unwrap_or(Slot::Taken))
                .collect(),
        })
        .collect()
}

fn same_group(a: &Record, b: &Record) -> bool {
    (&a.section, &a.group) == (&b.section, &b.group)
}

/// One column: neighbours that `joins` says belong together are one cell with the text of the first.
fn reach(
    records: &[Record],
    joins: impl Fn(&Record, &Record) -> bool,
    text: impl Fn(&Record) -> String,
) -> Vec<Slot> {
    let runs = records.chunk_by(joins);
    runs.flat_map(|run| {
        let first = run.first().map(|record| cell(&text(record), run.len(), 1));
        first
            .into_iter()
            .chain(std::iter::repeat_n(Slot::Taken, run.len() - 1))
    })
    .collect()
}
