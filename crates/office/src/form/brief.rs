//! One page for a leader: a title, short paragraphs under headings, small lists, signature and date.

use docx_rs::AlignmentType;
use serde_json::{Value, json};

use super::FormError;
use super::letter::{Line, Listing};
use super::word::{self, Face, Paper, Points, paragraph};

const TITLE: Points = Points(22.0);
const SUBTITLE: Points = Points(14.0);
/// 4号: a page must hold everything.
const BODY: Points = Points(14.0);
const PITCH: Points = Points(20.0);
/// Two characters of the body's size, in twentieths of a point.
const INDENT_TWIPS: i32 = 560;
const SIGNATURE_TWIPS: i32 = 560;

/// A block of the page: a heading with its sentences, and a list below them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub lines: Vec<Line>,
    pub listing: Option<Listing>,
}

/// What leaves as DOCX or PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub title: String,
    pub subtitle: String,
    pub parts: Vec<Part>,
    /// 落款
    pub signed: String,
    pub dated: String,
}

impl Brief {
    /// # Errors
    /// When the file cannot be put together.
    pub fn docx(&self) -> Result<Vec<u8>, FormError> {
        let centred = |text: &str, face, size, pitch| {
            paragraph(text, face, size, pitch).align(AlignmentType::Center)
        };
        let mut document = word::document(Paper::Portrait)
            .add_paragraph(centred(&self.title, Face::Title, TITLE, Points(32.0)))
            .add_paragraph(centred(&self.subtitle, Face::Body, SUBTITLE, PITCH));
        for part in &self.parts {
            for line in &part.lines {
                let (text, face) = match line {
                    Line::Heading(text) => (text, Face::Heading),
                    Line::Text(text) => (text, Face::Body),
                };
                let first = docx_rs::SpecialIndentType::FirstLine(INDENT_TWIPS);
                document = document.add_paragraph(
                    paragraph(text, face, BODY, PITCH)
                        .align(AlignmentType::Both)
                        .indent(None, Some(first), None, None),
                );
            }
            if let Some(listing) = &part.listing {
                document = document.add_table(listing.table());
            }
        }
        for line in [&self.signed, &self.dated] {
            document = document.add_paragraph(
                paragraph(line, Face::Body, BODY, PITCH)
                    .align(AlignmentType::Right)
                    .indent(None, None, Some(SIGNATURE_TWIPS), None),
            );
        }
        word::package(document)
    }

    /// What the PDF template `brief` takes.
    #[must_use]
    pub fn typeset_data(&self) -> Value {
        let parts: Vec<Value> = self
            .parts
            .iter()
            .map(|part| {
                json!({ "lines": part.lines, "table": part.listing.as_ref().map(Listing::typeset_data) })
            })
            .collect();
        json!({
            "title": self.title,
            "subtitle": self.subtitle,
            "parts": parts,
            "signed": self.signed,
            "dated": self.dated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Brief, Part};
    use crate::form::letter::{Line, Listing};

    #[test]
    fn a_brief_reads_back_as_it_was_written() {
        let brief = Brief {
            title: "要点落实情况简报".into(),
            subtitle: "（截至2026年10月12日）".into(),
            parts: vec![Part {
                lines: vec![
                    Line::Heading("一、总体进展".into()),
                    Line::Text("共12项任务，已完成3项。<w:p/>".into()),
                ],
                listing: Some(Listing {
                    title: String::new(),
                    headers: vec![("章节".into(), 3), ("完成率".into(), 1)],
                    rows: vec![vec!["主动公开".into(), "25.0%".into()]],
                }),
            }],
            signed: "安澜市人民政府办公室".into(),
            dated: "2026年10月12日".into(),
        };
        let bytes = brief.docx().unwrap();
        assert_eq!(
            bytes,
            brief.docx().unwrap(),
            "the same brief, the same bytes"
        );
        let read = crate::read(&bytes, &crate::Limits::default()).unwrap();
        let text = format!("{read:?}");
        for words in [
            "要点落实情况简报",
            "一、总体进展",
            "<w:p/>",
            "25.0%",
            "2026年10月12日",
        ] {
            assert!(text.contains(words), "{words} not in {text}");
        }
    }
}
