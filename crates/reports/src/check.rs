//! The arithmetic of the form (勾稽关系), its shape, and figures of the prose beside the tables. Pure.

mod carried;
mod copied;
mod counted;
mod level;
pub mod prose;
mod shape;
mod sums;
#[cfg(test)]
mod tests;
mod unbound;
mod unfilled;
mod unseen;
mod year;

use crate::form::{Cell, SECTIONS};
use crate::model::Report;

pub use copied::copied;
pub use counted::counted;
pub use level::Rules;
pub use sums::odd;
pub use unbound::unbound;
pub use unfilled::{silent, unfilled};
pub use unseen::{marks, unseen};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Wrong: the report must not leave so.
    Wrong,
    /// Probably wrong; a person looks.
    Doubtful,
}

impl Weight {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "error",
            Self::Doubtful => "warning",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wrong => "错误",
            Self::Doubtful => "请核对",
        }
    }
}

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// C1–C5 and D1 as in the rules; others in words.
    pub code: &'static str,
    pub weight: Weight,
    /// One plain sentence with both values.
    pub message: String,
    /// Paths of the cells concerned, the one that should carry `expected` first.
    pub cells: Vec<Cell>,
    /// Places that are no cells: parts, sentences of the prose.
    pub places: Vec<String>,
    pub expected: String,
    pub found: String,
    /// The one cell that would explain every identity broken around it, and the value it would need.
    pub suspect: Option<(Cell, String)>,
    /// The words of the prose whose figure the tables contradict; empty for other findings.
    pub clause: String,
}

impl Finding {
    fn new(code: &'static str, message: String) -> Self {
        Self {
            code,
            weight: Weight::Wrong,
            message,
            cells: Vec::new(),
            places: Vec::new(),
            expected: String::new(),
            found: String::new(),
            suspect: None,
            clause: String::new(),
        }
    }

    fn doubtful(mut self) -> Self {
        self.weight = Weight::Doubtful;
        self
    }

    fn clause(mut self, clause: &str) -> Self {
        clause.clone_into(&mut self.clause);
        self
    }

    /// What a person looks at and answers for: these words beside this number of the tables. `None` for what is simply wrong.
    #[must_use]
    pub fn matter(&self) -> Option<String> {
        let words = &self.clause;
        (!words.is_empty()).then(|| format!("{words} ≠ {}", self.expected))
    }

    /// A person has looked: the words are right, and why they are.
    pub fn settle(&mut self, why: &str) {
        self.weight = Weight::Doubtful;
        self.message = format!("{}已核对：{why}", self.message);
    }

    fn cells(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.cells.extend(cells);
        self
    }

    fn place(mut self, place: impl Into<String>) -> Self {
        self.places.push(place.into());
        self
    }

    fn values(mut self, expected: impl ToString, found: impl ToString) -> Self {
        self.expected = expected.to_string();
        self.found = found.to_string();
        self
    }

    /// The cell to look at first: what would explain it, else what it names first.
    #[must_use]
    pub fn leads_to(&self) -> Option<Cell> {
        let suspect = self.suspect.as_ref().map(|(cell, _)| *cell);
        suspect.or_else(|| self.cells.first().copied())
    }

    /// The part whose prose it is about, as a place in [`SECTIONS`]; `None` where it names none.
    #[must_use]
    pub fn part(&self) -> Option<usize> {
        let of = |place: &String| SECTIONS.iter().position(|part| place.ends_with(*part));
        self.places.iter().find_map(of)
    }

    /// Cells and other places as paths.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let cells = self.cells.iter().map(ToString::to_string);
        cells.chain(self.places.iter().cloned()).collect()
    }
}

/// What is known beside the report itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Last year's report of the same organ.
    pub last: Option<&'a Report>,
    /// May the organ make 规章? `None`: told from the name in the title.
    pub rules: Option<Rules>,
}

/// All that is wrong, the gravest first, in the order of the form.
#[must_use]
pub fn check(report: &Report, beside: Beside<'_>) -> Vec<Finding> {
    let mut findings = sums::values(report);
    findings.extend(sums::identities(report));
    findings.extend(level::rules(report, beside.rules));
    if let Some(last) = beside.last {
        findings.extend(carried::check(report, last));
    }
    findings.extend(prose::check(report));
    findings.extend(shape::check(report));
    findings.extend(year::check(report));
    findings.sort_by_key(|finding| finding.weight);
    findings
}

/// What may be better, without being wrong.
#[must_use]
pub fn remarks(report: &Report) -> Vec<String> {
    shape::remarks(report)
}
