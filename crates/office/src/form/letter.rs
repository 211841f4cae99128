//! An official letter: title, number, addressee, body, lists, signature and date. 督办单, 通报, notices to units.

use docx_rs::{AlignmentType, TableRow};
use serde::Serialize;
use serde_json::{Value, json};

use super::FormError;
use super::word::{self, Face, Paper, Points, cell, heading_row, paragraph};

const TITLE: Points = Points(22.0);
const BODY: Points = Points(16.0);
const CELL: Points = Points(12.0);
/// Line pitch of a letter's body (GB/T 9704: 22 lines on a page).
const PITCH: Points = Points(28.0);
/// Two characters of the body's size, in twentieths of a point.
const INDENT_TWIPS: i32 = 640;
/// 落款 stands four characters from the right edge.
const SIGNATURE_TWIPS: i32 = 1_280;

/// A line of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "style", content = "text", rename_all = "snake_case")]
pub enum Line {
    /// 一、…
    Heading(String),
    Text(String),
}

/// A ruled list within the letter; widths are parts of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    pub title: String,
    pub headers: Vec<(String, u32)>,
    pub rows: Vec<Vec<String>>,
}

/// What leaves as DOCX or PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    pub title: String,
    /// 文号; empty before one is given.
    pub number: String,
    /// 主送: 市教育局：
    pub to: String,
    pub body: Vec<Line>,
    pub listings: Vec<Listing>,
    /// 落款
    pub signed: String,
    pub dated: String,
}

impl Letter {
    /// # Errors
    /// When the file cannot be put together.
    pub fn docx(&self) -> Result<Vec<u8>, FormError> {
        let mut document = word::document(Paper::Portrait).add_paragraph(
            paragraph(&self.title, Face::Title, TITLE, Points(34.0)).align(AlignmentType::Center),
        );
        if !self.number.is_empty() {
            document = document.add_paragraph(
                paragraph(&self.number, Face::Body, BODY, PITCH).align(AlignmentType::Center),
            );
        }
        document = document.add_paragraph(paragraph("", Face::Body, BODY, PITCH));
        if !self.to.is_empty() {
            document = document.add_paragraph(paragraph(&self.to, Face::Body, BODY, PITCH));
        }
        for line in &self.body {
            let (text, face) = match line {
                Line::Heading(text) => (text, Face::Heading),
                Line::Text(text) => (text, Face::Body),
            };
            for part in text.split('\n') {
                document = document.add_paragraph(
                    paragraph(part, face, BODY, PITCH)
                        .align(AlignmentType::Both)
                        .indent(
                            None,
                            Some(docx_rs::SpecialIndentType::FirstLine(INDENT_TWIPS)),
                            None,
                            None,
                        ),
                );
            }
        }
        for listing in &self.listings {
            let heading = paragraph(&listing.title, Face::Heading, BODY, PITCH);
            document = document
                .add_paragraph(heading.align(AlignmentType::Center))
                .add_table(listing.table(CELL));
        }
        document = document.add_paragraph(paragraph("", Face::Body, BODY, PITCH));
        for line in [&self.signed, &self.dated] {
            document = document.add_paragraph(
                paragraph(line, Face::Body, BODY, PITCH)
                    .align(AlignmentType::Right)
                    .indent(None, None, Some(SIGNATURE_TWIPS), None),
            );
        }
        word::package(document)
    }

    /// What the PDF template `letter` takes.
    #[must_use]
    pub fn typeset_data(&self) -> Value {
        let listings: Vec<Value> = self.listings.iter().map(Listing::typeset_data).collect();
        json!({
            "title": self.title,
            "number": self.number,
            "to": self.to,
            "body": self.body,
            "tables": listings,
            "signed": self.signed,
            "dated": self.dated,
        })
    }
}

impl Listing {
    pub(super) fn widths_mm(&self) -> Vec<u32> {
        let whole: u32 = self.headers.iter().map(|(_, part)| part).sum();
        self.headers
            .iter()
            .map(|(_, part)| Paper::Portrait.text_mm() * part / whole.max(1))
            .collect()
    }

    /// With text of this size.
    pub(super) fn table(&self, size: Points) -> docx_rs::Table {
        let widths = self.widths_mm();
        let head = self
            .headers
            .iter()
            .zip(&widths)
            .map(|((name, _), mm)| cell(name, *mm, Face::Heading, size, AlignmentType::Center));
        let mut rows = vec![heading_row(head.collect())];
        rows.extend(self.rows.iter().map(|row| {
            let cells = row.iter().zip(&widths);
            let cells =
                cells.map(|(text, mm)| cell(text, *mm, Face::Body, size, AlignmentType::Left));
            TableRow::new(cells.collect()).cant_split()
        }));
        word::table(&widths, rows)
    }

    pub(super) fn typeset_data(&self) -> Value {
        let headers: Vec<Value> = self
            .headers
            .iter()
            .map(|(text, width)| json!({ "text": text, "width": width }))
            .collect();
        json!({ "title": self.title, "headers": headers, "rows": self.rows })
    }
}

#[cfg(test)]
mod tests {
    use super::{Letter, Line, Listing};

    #[test]
    fn a_letter_reads_back_as_it_was_written() {
        let letter = Letter {
            title: "督办通知单".into(),
            number: "督〔2026〕3号".into(),
            to: "市教育局：".into(),
            body: vec![
                Line::Heading("一、督办事项".into()),
                Line::Text("请于10月15日前书面回复。<w:p/>".into()),
            ],
            listings: vec![Listing {
                title: "督办事项清单".into(),
                headers: vec![("序号".into(), 1), ("事项".into(), 5)],
                rows: vec![vec!["1".into(), "公开招生计划".into()]],
            }],
            signed: "安澜市人民政府办公室".into(),
            dated: "2026年9月21日".into(),
        };
        let bytes = letter.docx().unwrap();
        assert_eq!(
            bytes,
            letter.docx().unwrap(),
            "the same letter, the same bytes"
        );
        let read = crate::read(&bytes, &crate::Limits::default()).unwrap();
        let text = format!("{:?}", read);
        for words in [
            "督办通知单",
            "督〔2026〕3号",
            "市教育局：",
            "<w:p/>",
            "公开招生计划",
            "2026年9月21日",
        ] {
            assert!(text.contains(words), "{words} not in {text}");
        }
    }
}
