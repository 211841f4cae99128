//! Neutral blocks: what every reader of foreign bytes gives, and all that `plans` sees of a file.
//!
//! A document is a flat list of paragraphs and tables in reading order. Nothing here knows what a plan is.

use serde::{Deserialize, Serialize};

use crate::picture::Picture;

/// What the bytes turned out to be, sniffed from content and never believed from the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Text,
    Html,
    Docx,
    Doc,
    Wps,
    Rtf,
    Xlsx,
    Xls,
    Odt,
    Ods,
    Pdf,
    Ofd,
}

/// Where a piece stands in its source. Every number counts from 1; what a format does not know is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Line of a text or HTML source; running paragraph number of a DOCX, DOC, RTF or ODT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Place {
    /// A place of which only the line is known.
    pub fn at_line(line: u32) -> Self {
        Self {
            line: Some(line),
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

/// One paragraph (of a text file: one line, tabs kept). List numbers that the format keeps apart
/// (DOCX numbering, HTML `<ol>`) are printed into the text as a reader would see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    pub text: String,
    /// 1 for a main heading or title, 2 for the next…; `None` for body text or where the format has no styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<u8>,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub rows: Vec<Row>,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The cells that begin in this row, left to right; what spans down from above is not repeated.
    pub cells: Vec<Cell>,
    /// The format marks this row as a repeated heading.
    #[serde(default)]
    pub heading: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Paragraphs of the cell joined by `\n`.
    pub text: String,
    /// Zero-based column of the grid in which the cell begins.
    pub column: u32,
    /// At least 1.
    pub row_span: u32,
    /// At least 1.
    pub column_span: u32,
    pub place: Place,
    /// The cell's text could not be told for sure (words over a ruling line, say).
    #[serde(default)]
    pub doubtful: bool,
}

/// Something the reader repaired, guessed or left out; shown to a person beside the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable kebab-case code, such as `image-dropped`, `encoding-guessed`, `table-inferred`.
    pub code: String,
    /// One plain Chinese sentence.
    pub message: String,
    pub place: Place,
    /// Characters of the source (white space not counted) that are in no block because of this.
    #[serde(default)]
    pub dropped_chars: u64,
}

/// The code of the problem that names a row most of whose cells are struck through; its place is that of a cell of the row.
pub const STRUCK_ROW: &str = "struck-row";

/// The code of the problem that names formulas whose results a spreadsheet does not hold.
pub(crate) const FORMULA_WITHOUT_VALUE: &str = "formula-without-value";

/// What a reader made of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub format: Format,
    pub blocks: Vec<Block>,
    pub problems: Vec<Problem>,
    /// Characters of the source that a person could read, white space not counted.
    pub source_chars: u64,
    /// In the order of the text; only where the limits ask for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// What pages show in their headers, that of the first page first and each line once, where the format tells headers
    /// apart. It is in no block, and a problem tells of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Paragraph>,
}

impl Document {
    /// The sentences that name cells whose formulas have no result in the file: for readers of lists, to whom an empty
    /// cell says something. `None` where all there is was read.
    #[must_use]
    pub fn unseen_results(&self) -> Option<String> {
        let unseen = self.problems.iter();
        let unseen = unseen.filter(|problem| problem.code == FORMULA_WITHOUT_VALUE);
        let sentences: Vec<&str> = unseen.map(|problem| problem.message.as_str()).collect();
        (!sentences.is_empty())
            .then(|| format!("{}这份文件没有采用，已有数据没有改动。", sentences.concat()))
    }
}

/// Why nothing could be read. Each sentence says what happened and what to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Unreadable {
    /// Stable kebab-case code, such as `scanned-pdf`, `too-large`, `encrypted`, `not-supported`, `damaged`.
    pub code: String,
    /// Plain Chinese: what happened · whether anything is harmed · what to do now.
    pub message: String,
}
