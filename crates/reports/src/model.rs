//! One report as data: what a file says, or what stands in the editor.

use std::collections::BTreeMap;

use crate::amount::{Amount, Value};
use crate::form::{Cell, SECTIONS};

/// Which form the report uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schema {
    /// 国办公开办函〔2019〕60号, for 2019 and 2020: other columns in table 二, （六）其他处理 as one row.
    Trial2019,
    /// 国办公开办函〔2021〕30号, from 2021 on.
    #[default]
    Form2021,
}

impl Schema {
    /// The form of a year.
    #[must_use]
    pub const fn of_year(year: i16) -> Self {
        if year <= 2020 {
            Self::Trial2019
        } else {
            Self::Form2021
        }
    }
}

/// One of the six parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Counts from 0; a place in [`SECTIONS`].
    pub part: usize,
    /// As it stands in the file.
    pub heading: String,
    /// Paragraphs outside the tables.
    pub paragraphs: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub title: Option<String>,
    pub year: Option<i16>,
    pub organ: Option<String>,
    pub schema: Schema,
    /// Only cells that were found.
    pub cells: BTreeMap<Cell, Value>,
    /// In the order of the file.
    pub sections: Vec<Section>,
    /// Paragraphs before the first section.
    pub preface: Vec<String>,
    /// Rows of table 三 that are there with other than seven numbers, and with how many.
    pub short: BTreeMap<usize, usize>,
    /// What else the file holds and was not checked, in sentences: another report, tables of another year.
    pub others: Vec<String>,
}

impl Report {
    #[must_use]
    pub fn amount(&self, cell: Cell) -> Option<Amount> {
        self.cells.get(&cell)?.amount()
    }

    /// The sum of cells; `None` where one was not found or is no number.
    pub fn sum(&self, cells: impl IntoIterator<Item = Cell>) -> Option<Amount> {
        cells.into_iter().map(|cell| self.amount(cell)).sum()
    }

    /// Was anything of this table found?
    #[must_use]
    pub fn has_table(&self, table: u8) -> bool {
        self.cells.keys().any(|cell| match cell {
            Cell::Two(_) => table == 2,
            Cell::Three(..) => table == 3,
            Cell::Four(..) => table == 4,
        })
    }

    #[must_use]
    pub fn section(&self, part: usize) -> Option<&Section> {
        self.sections.iter().find(|section| section.part == part)
    }

    /// `{机关}{YYYY}年政府信息公开工作年度报告`
    #[must_use]
    pub fn title_of(organ: &str, year: i16) -> String {
        format!("{organ}{year}年政府信息公开工作年度报告")
    }

    /// An empty report with the six sections.
    #[must_use]
    pub fn blank(organ: &str, year: i16) -> Self {
        let sections = (0..).zip(SECTIONS).map(|(part, heading)| Section {
            part,
            heading: heading.to_owned(),
            paragraphs: Vec::new(),
        });
        Self {
            title: Some(Self::title_of(organ, year)),
            year: Some(year),
            organ: Some(organ.to_owned()),
            schema: Schema::of_year(year),
            sections: sections.collect(),
            ..Self::default()
        }
    }
}
