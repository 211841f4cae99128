//! What a plan is after reading: a draft for a person to confirm.

use gongkai_office::Place;
use jiff::civil::Date;

use super::columns::Column;
use super::dates::Deadline;
use super::organs::OrganRef;
use super::problem::{Coverage, Problem};
use super::quantities::Quantity;

/// A draft of a plan, read from a document, with everything that a person should look at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub is_plan: bool,
    /// The plan's own title, blanks gone.
    pub title: Option<String>,
    /// The title of the covering notice.
    pub notice_title: Option<String>,
    /// 发文字号 as printed.
    pub document_number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<Date>,
    pub published_on: Option<Date>,
    pub year: Option<i16>,
    /// Reporting dates of the covering notice.
    pub document_deadlines: Vec<Deadline>,
    pub tasks: Vec<Task>,
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    /// Columns of the plan's table, left to right; empty for running text.
    pub columns: Vec<Column>,
}

/// One measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The printed number; `None` where none is printed.
    pub no: Option<u32>,
    /// Running number from 1.
    pub order: u32,
    pub section: Option<String>,
    pub group: Option<String>,
    /// The measure without its number and units; characters as printed, noise gone.
    pub text: String,
    /// The unit text as printed.
    pub organ_text: String,
    pub organs: Vec<OrganRef>,
    pub deadlines: Vec<Deadline>,
    pub quantities: Vec<Quantity>,
    pub confidence: Confidence,
    /// Where the text stands in the source.
    pub place: Place,
    /// Where the units stand.
    pub organ_place: Option<Place>,
    pub origin: OrganOrigin,
    /// Codes of the problems that concern this task.
    pub doubts: Vec<&'static str>,
}

/// Where the organs of a task come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganOrigin {
    /// Printed with the task.
    Own,
    /// The unit cell is blank or merged: those of the row above.
    Inherited,
    /// One unit paragraph for several tasks.
    Shared,
    /// Printed at the heading.
    Heading,
    /// Taken from the sentence (由…负责).
    Sentence,
    /// None were found.
    Missing,
}

impl OrganOrigin {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Inherited => "inherited",
            Self::Shared => "shared",
            Self::Heading => "heading",
            Self::Sentence => "sentence",
            Self::Missing => "missing",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    Sure,
    /// A person should compare the task with the source.
    Check,
}

impl Confidence {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Check => "check",
        }
    }
}
