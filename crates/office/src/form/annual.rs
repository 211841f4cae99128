//! A report of parts with prose and ruled tables whose cells span rows and columns, as DOCX, XLSX and data for PDF.

mod sheet;

use docx_rs::{AlignmentType, TableCell, TableRow, VMergeType};
use serde::Serialize;
use serde_json::{Value, json};

use super::FormError;
use super::word::{self, Face, Paper, Points, paragraph};

const TITLE: Points = Points(22.0);
const BODY: Points = Points(16.0);
const PITCH: Points = Points(28.0);
/// 小5: fifteen columns stand on one page.
const CELL: Points = Points(9.0);
/// 5号: as long as there are few columns.
const CELL_OF_FEW: Points = Points(10.5);
/// Columns of which the words stand in 5号.
const FEW: usize = 8;
/// 5号: below a picture.
const CAPTION: Points = Points(10.5);
/// Two characters of the body's size, in twentieths of a point.
const INDENT_TWIPS: i32 = 640;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpanCell {
    pub text: String,
    /// At least 1.
    pub rows: usize,
    /// At least 1.
    pub columns: usize,
    /// A label rather than a value.
    pub label: bool,
}

/// A ruled table: each row holds the cells that begin in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpanTable {
    /// In parts of the whole.
    pub widths: Vec<u32>,
    /// Rows of heads, repeated on each page.
    pub heads: usize,
    pub rows: Vec<Vec<SpanCell>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub table: Option<SpanTable>,
    /// Behind the table.
    pub figure: Option<Figure>,
}

/// A picture between paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What the typesetter calls it.
    pub name: String,
    pub alt: String,
    /// Lines below it.
    pub caption: Vec<String>,
    /// Stands in its place where it cannot be drawn.
    pub instead: String,
    /// PNG or JPEG.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// What leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annual {
    pub title: String,
    pub parts: Vec<Part>,
    /// 落款; empty for none.
    pub signed: String,
    pub dated: String,
}

/// The cell that lies over a place, whether it begins in this row, and whether in this column.
type Lies<'a> = Option<(&'a SpanCell, bool, bool)>;

/// What lies over each place of a table: a cell of a row, and whether it begins there.
struct Laid<'a> {
    /// By row and column.
    places: Vec<Vec<Lies<'a>>>,
}

impl SpanTable {
    fn laid(&self) -> Laid<'_> {
        let wide = self.widths.len();
        let mut places: Vec<Vec<Lies<'_>>> = vec![vec![None; wide]; self.rows.len()];
        for (top, row) in self.rows.iter().enumerate() {
            let mut left = 0;
            for cell in row {
                let taken = |left: usize| {
                    let place = places.get(top).and_then(|line| line.get(left));
                    place.is_some_and(Option::is_some)
                };
                while taken(left) {
                    left += 1;
                }
                for down in 0..cell.rows {
                    for right in 0..cell.columns {
                        let place = places
                            .get_mut(top + down)
                            .and_then(|line| line.get_mut(left + right));
                        if let Some(place) = place {
                            *place = Some((cell, down == 0, right == 0));
                        }
                    }
                }
                left += cell.columns;
            }
        }
        Laid { places }
    }

    fn widths_mm(&self) -> Vec<u32> {
        let whole: u32 = self.widths.iter().sum();
        let text = Paper::Portrait.text_mm();
        self.widths
            .iter()
            .map(|part| text * part / whole.max(1))
            .collect()
    }

    fn docx(&self) -> docx_rs::Table {
        let widths = self.widths_mm();
        let size = if self.widths.len() > FEW {
            CELL
        } else {
            CELL_OF_FEW
        };
        let mut rows = Vec::with_capacity(self.rows.len());
        for (at, line) in self.laid().places.iter().enumerate() {
            let mut cells = Vec::new();
            for (column, place) in line.iter().enumerate() {
                let Some((cell, first, true)) = place else {
                    continue;
                };
                let mm = widths.iter().skip(column).take(cell.columns).sum();
                cells.push(docx_cell(cell, *first, (mm, size)));
            }
            rows.push(if at < self.heads {
                word::heading_row(cells)
            } else {
                TableRow::new(cells).cant_split()
            });
        }
        word::table(&widths, rows)
    }
}

fn docx_cell(cell: &SpanCell, first: bool, (mm, size): (u32, Points)) -> TableCell {
    let text = if first { cell.text.as_str() } else { "" };
    let face = if cell.label {
        Face::Heading
    } else {
        Face::Body
    };
    let made = word::cell(text, mm, face, size, AlignmentType::Center);
    let made = if cell.columns > 1 {
        made.grid_span(cell.columns)
    } else {
        made
    };
    match (cell.rows > 1, first) {
        (true, true) => made.vertical_merge(VMergeType::Restart),
        (true, false) => made.vertical_merge(VMergeType::Continue),
        (false, _) => made,
    }
}

impl Figure {
    /// The picture with its lines below; words where Word cannot show it. `pictures` counts those of the file.
    fn docx(&self, document: docx_rs::Docx, pictures: &mut usize) -> docx_rs::Docx {
        let Some(drawn) = word::picture(&self.bytes, *pictures + 1) else {
            let first = docx_rs::SpecialIndentType::FirstLine(INDENT_TWIPS);
            return document.add_paragraph(
                paragraph(&self.instead, Face::Body, BODY, PITCH).indent(
                    None,
                    Some(first),
                    None,
                    None,
                ),
            );
        };
        *pictures += 1;
        let drawn = drawn.keep_next(!self.caption.is_empty());
        self.caption
            .iter()
            .fold(document.add_paragraph(drawn), |document, line| {
                document.add_paragraph(
                    paragraph(line, Face::Body, CAPTION, Points(20.0)).align(AlignmentType::Center),
                )
            })
    }
}

impl Annual {
    /// What the typesetter draws, by name.
    #[must_use]
    pub fn pictures(&self) -> Vec<(String, Vec<u8>)> {
        let figures = self.parts.iter().filter_map(|part| part.figure.as_ref());
        figures
            .map(|figure| (figure.name.clone(), figure.bytes.clone()))
            .collect()
    }

    /// # Errors
    /// When the file cannot be put together.
    pub fn docx(&self) -> Result<Vec<u8>, FormError> {
        let mut document = word::document(Paper::Portrait)
            .add_paragraph(
                paragraph(&self.title, Face::Title, TITLE, Points(34.0))
                    .align(AlignmentType::Center),
            )
            .add_paragraph(paragraph("", Face::Body, BODY, PITCH));
        let first = || Some(docx_rs::SpecialIndentType::FirstLine(INDENT_TWIPS));
        let signature: Vec<&String> = [&self.signed, &self.dated]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect();
        let mut pictures = 0;
        for (at, part) in self.parts.iter().enumerate() {
            // GB/T 9704 7.3.5: no page holds the signature alone; the end of the text goes with it. No heading ends a page.
            let is_prose = part.table.is_none() && part.figure.is_none();
            let ends = at + 1 == self.parts.len() && is_prose && !signature.is_empty();
            if !part.heading.is_empty() {
                document = document.add_paragraph(
                    paragraph(&part.heading, Face::Heading, BODY, PITCH)
                        .indent(None, first(), None, None)
                        .keep_next(true),
                );
            }
            for (index, text) in part.paragraphs.iter().enumerate() {
                document = document.add_paragraph(
                    paragraph(text, Face::Body, BODY, PITCH)
                        .align(AlignmentType::Both)
                        .indent(None, first(), None, None)
                        .keep_next(ends && index + 1 == part.paragraphs.len()),
                );
            }
            if let Some(table) = &part.table {
                document = document.add_table(table.docx()).add_paragraph(paragraph(
                    "",
                    Face::Body,
                    CELL,
                    Points(12.0),
                ));
            }
            if let Some(figure) = &part.figure {
                document = figure.docx(document, &mut pictures);
            }
        }
        for (index, line) in signature.iter().enumerate() {
            document = document.add_paragraph(
                paragraph(line, Face::Body, BODY, PITCH)
                    .align(AlignmentType::Right)
                    .indent(None, None, Some(INDENT_TWIPS), None)
                    .keep_next(index + 1 < signature.len()),
            );
        }
        word::package(document)
    }

    /// What the PDF template `annual` takes.
    #[must_use]
    pub fn typeset_data(&self) -> Value {
        json!({
            "title": self.title,
            "parts": self.parts,
            "signed": self.signed,
            "dated": self.dated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Annual, Figure, Part, SpanCell, SpanTable};
    use crate::{Block, Limits};

    fn cell(text: &str, rows: usize, columns: usize, label: bool) -> SpanCell {
        SpanCell {
            text: text.into(),
            rows,
            columns,
            label,
        }
    }

    #[test]
    fn spans_are_read_back_from_both_files() {
        let table = SpanTable {
            widths: vec![2, 5, 1],
            heads: 1,
            rows: vec![
                vec![cell("申请人情况", 1, 3, true)],
                vec![
                    cell("结果", 2, 1, true),
                    cell("<w:p/>公开", 1, 1, true),
                    cell("12", 1, 1, false),
                ],
                vec![cell("不公开", 1, 1, true), cell("0", 1, 1, false)],
            ],
        };
        let annual = Annual {
            title: "安澜市2025年政府信息公开工作年度报告".into(),
            parts: vec![Part {
                heading: "一、总体情况".into(),
                paragraphs: vec!["全年收到申请12件。".into()],
                table: Some(table),
                figure: None,
            }],
            signed: "安澜市人民政府".into(),
            dated: "2026年1月20日".into(),
        };
        assert_eq!(annual.docx().unwrap(), annual.docx().unwrap());
        for bytes in [annual.docx().unwrap(), annual.xlsx().unwrap()] {
            let document = crate::read(&bytes, &Limits::default()).unwrap();
            let table = document.blocks.iter().rev().find_map(|block| match block {
                Block::Table(table) => Some(table),
                Block::Paragraph(_) => None,
            });
            let rows: Vec<Vec<&str>> = table
                .unwrap()
                .rows
                .iter()
                .map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect())
                .collect();
            let at = rows.iter().position(|row| row == &["申请人情况"]).unwrap();
            assert_eq!(rows[at + 1], ["结果", "<w:p/>公开", "12"]);
            assert_eq!(rows[at + 2], ["不公开", "0"]);
        }
    }

    /// One pixel.
    const PNG: &[u8] = &[
        0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0,
        0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 10, b'I', b'D', b'A',
        b'T', 0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I',
        b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
    ];

    fn figure(name: &str, bytes: &[u8]) -> Part {
        Part {
            heading: String::new(),
            paragraphs: Vec::new(),
            table: None,
            figure: Some(Figure {
                name: name.into(),
                alt: String::new(),
                caption: vec![format!("{name}的说明")],
                instead: format!("（图：{name}）"),
                bytes: bytes.to_vec(),
            }),
        }
    }

    fn part(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut part = archive.by_name(name).ok()?;
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        Some(content)
    }

    #[test]
    fn pictures_are_embedded_and_what_cannot_be_shown_is_words() {
        let jpeg = [
            &[
                0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0x0F, 0xA0, 0x0F, 0xA0, 1, 1, 0x11, 0,
            ][..],
            &[0xFF, 0xD9],
        ]
        .concat();
        let annual = Annual {
            title: "办事流程".into(),
            parts: vec![
                figure("甲", PNG),
                figure("乙", &jpeg),
                figure("丙", b"GIF89a"),
                figure("丁", &PNG[..40]),
            ],
            signed: String::new(),
            dated: String::new(),
        };
        let made = annual.docx().unwrap();
        assert_eq!(made, annual.docx().unwrap());
        assert_eq!(part(&made, "word/media/picture1.png").unwrap(), PNG);
        assert_eq!(part(&made, "word/media/picture2.jpeg").unwrap(), jpeg);
        assert!(part(&made, "word/media/picture2.png").is_none());
        let relations = part(&made, "word/_rels/document.xml.rels").unwrap();
        let relations = String::from_utf8(relations).unwrap();
        assert!(relations.contains("\"media/picture2.jpeg\""), "{relations}");
        let document = String::from_utf8(part(&made, "word/document.xml").unwrap()).unwrap();
        assert_eq!(document.matches("<w:drawing>").count(), 2);
        assert!(document.contains("<wp:docPr id=\"2\" name=\"Figure 2\" />"));
        // 4000 pixels are no wider than the lines.
        assert!(document.contains("<wp:extent cx=\"5616000\" cy=\"5616000\" />"));
        for words in ["甲的说明", "乙的说明", "（图：丙）", "（图：丁）"] {
            assert!(document.contains(words), "{words}");
        }
        assert!(!document.contains("（图：甲）") && !document.contains("丙的说明"));
        assert_eq!(annual.pictures().len(), 4);
        assert!(!annual.typeset_data().to_string().contains("bytes"));
    }
}
