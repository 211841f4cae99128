//! What the project's own sample documents are made from.

use std::path::{Path, PathBuf};

use gongkai_journeys::render::{Align, Column, Kind, Line, Record, Sheet};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Plan {
    /// The document made from this source.
    pub(crate) file: String,
    mark: String,
    pub(crate) notice: Notice,
    pub(crate) title: String,
    columns: Vec<String>,
    sections: Vec<Section>,
    closing: Vec<String>,
}

/// What is empty is not printed.
#[derive(Debug, Deserialize)]
pub(crate) struct Notice {
    pub(crate) issuer: String,
    pub(crate) number: String,
    pub(crate) title: String,
    to: String,
    paragraphs: Vec<String>,
    date: String,
}

#[derive(Debug, Deserialize)]
struct Section {
    name: String,
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    name: String,
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    no: u32,
    text: String,
    /// `None`: the unit cell of a neighbour reaches over this item. Empty: a cell of its own with nothing in it.
    units: Option<String>,
    /// Printed where the plan has a column for it.
    #[serde(default)]
    due: String,
}

/// One measure as it should be read.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) no: u32,
    section: String,
    group: String,
    pub(crate) text: String,
    pub(crate) units: String,
    due: String,
    /// As in [`Record`].
    cell: Option<String>,
}

impl Measure {
    /// Names of the section and the group, those that are printed.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &str> {
        [&self.section, &self.group]
            .into_iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
    }
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

pub(crate) fn plan(name: &str) -> Plan {
    let path = folder().join("src").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

impl Plan {
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let mut measures = Vec::new();
        for section in &self.sections {
            for group in &section.groups {
                measures.extend(group.items.iter().map(|item| Measure {
                    no: item.no,
                    section: section.name.clone(),
                    group: group.name.clone(),
                    text: item.text.clone(),
                    units: String::new(),
                    due: item.due.clone(),
                    cell: item.units.clone(),
                }));
            }
        }
        if self.file.ends_with(".txt") {
            from_below(&mut measures);
        }
        let mut units = String::new();
        for measure in &mut measures {
            match &measure.cell {
                Some(own) if !own.is_empty() => units.clone_from(own),
                _ => {}
            }
            measure.units.clone_from(&units);
        }
        measures
    }

    /// The plan laid out as a table.
    pub(crate) fn sheet(&self) -> Sheet {
        let columns: Vec<Column> = self
            .columns
            .iter()
            .zip(kinds(self.columns.len()))
            .map(|(name, kind)| Column {
                kind: *kind,
                name: name.clone(),
            })
            .collect();
        let numbered = columns.iter().any(|column| column.kind == Kind::Number);
        let records = self.measures().into_iter().map(|measure| Record {
            number: measure.no.to_string(),
            section: measure.section,
            group: measure.group,
            text: if numbered {
                measure.text
            } else {
                format!("{}.{}", measure.no, measure.text)
            },
            units: measure.cell,
            due: measure.due,
        });
        let closing = self.closing.iter().map(|text| line(text, Align::Body));
        Sheet {
            notice: self.notice(),
            title: vec![self.title.clone()],
            columns,
            records: records.collect(),
            closing: closing.collect(),
            form: false,
        }
    }

    fn notice(&self) -> Vec<Line> {
        let notice = &self.notice;
        let mut lines = vec![
            line(&self.mark, Align::Center),
            line(&notice.number, Align::Center),
            line(&notice.title, Align::Center),
            line(&notice.to, Align::Body),
        ];
        lines.extend(notice.paragraphs.iter().map(|text| line(text, Align::Body)));
        lines.push(line(&notice.issuer, Align::Right));
        lines.push(line(&notice.date, Align::Right));
        lines.retain(|line| !line.text.is_empty());
        lines
    }
}

fn line(text: &str, align: Align) -> Line {
    Line {
        text: text.to_owned(),
        align,
    }
}

/// What the columns of the samples hold, by their count.
fn kinds(columns: usize) -> &'static [Kind] {
    match columns {
        3 => &[Kind::Section, Kind::Text, Kind::Units],
        4 => &[Kind::Section, Kind::Group, Kind::Text, Kind::Units],
        _ => &[
            Kind::Number,
            Kind::Section,
            Kind::Text,
            Kind::Units,
            Kind::Due,
        ],
    }
}

/// In flattened text a unit line counts for the items above it; in a table the cell begins beside the first of them.
fn from_below(measures: &mut [Measure]) {
    let mut below: Option<String> = None;
    let cells: Vec<Option<String>> = measures
        .iter()
        .map(|measure| measure.cell.clone())
        .collect();
    for (index, measure) in measures.iter_mut().enumerate().rev() {
        below = cells[index].clone().or(below);
        let first = index == 0 || cells[index - 1].is_some();
        measure.cell = below.clone().filter(|_| first);
    }
}
