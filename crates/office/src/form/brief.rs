//! One page for a leader: a title, short paragraphs under headings, small lists, signature and date.
//!
//! Which fonts a machine has is not known here, but every line has an exact pitch: how high the page becomes follows from how
//! many lines there are, and the sizes of the text from how high it becomes.

use docx_rs::AlignmentType;
use serde_json::{Value, json};

use super::FormError;
use super::letter::{Line, Listing};
use super::word::{self, CELL_PITCH, Face, Paper, Points, paragraph};

const TITLE: Points = Points(22.0);
const TITLE_PITCH: Points = Points(32.0);
const SUBTITLE: Points = Points(14.0);
const SUBTITLE_PITCH: Points = Points(20.0);
const SIGNATURE_TWIPS: i32 = 560;

/// The sizes of the text, and of the text in lists.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sizes {
    body: Points,
    pitch: Points,
    cell: Points,
}

/// 4号 above lists in 5号 where there is room, else 小4.
const USUAL: [Sizes; 2] = [
    Sizes {
        body: Points(14.0),
        pitch: Points(20.0),
        cell: Points(10.5),
    },
    Sizes {
        body: Points(12.0),
        pitch: Points(17.0),
        cell: Points(10.5),
    },
];
/// 小4 above lists in 小5, for the fullest page.
const SMALLEST: Sizes = Sizes {
    body: Points(12.0),
    pitch: Points(16.0),
    cell: Points(9.0),
};

const POINTS_PER_MM: f32 = 72.0 / 25.4;
/// Height between the margins (GB/T 9704: 版心 156 × 225).
const PAGE_MM: f32 = 225.0;
/// How much of the page is filled at most, so that wider letters of another font still have room.
const FILLED_MAX: f32 = 0.95;
/// Room in a cell on each side of its text.
const CELL_MARGIN_MM: f32 = 1.0;
/// A rule between rows.
const RULE: f32 = 0.5;
/// Width of a letter or digit, in parts of a Chinese character: wider than in any usual font.
const LATIN_WIDTH: f32 = 0.6;

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
        let Sizes { body, pitch, cell } = self.sizes();
        // Two characters, in twentieths of a point.
        let indent = (body.0 * 40.0).round() as i32;
        let centred = |text: &str, face, size, pitch| {
            paragraph(text, face, size, pitch).align(AlignmentType::Center)
        };
        let mut document = word::document(Paper::Portrait)
            .add_paragraph(centred(&self.title, Face::Title, TITLE, TITLE_PITCH))
            .add_paragraph(centred(
                &self.subtitle,
                Face::Body,
                SUBTITLE,
                SUBTITLE_PITCH,
            ));
        for part in &self.parts {
            for line in &part.lines {
                let (text, face) = match line {
                    Line::Heading(text) => (text, Face::Heading),
                    Line::Text(text) => (text, Face::Body),
                };
                let first = docx_rs::SpecialIndentType::FirstLine(indent);
                document = document.add_paragraph(
                    paragraph(text, face, body, pitch)
                        .align(AlignmentType::Both)
                        .indent(None, Some(first), None, None),
                );
            }
            if let Some(listing) = &part.listing {
                document = document.add_table(listing.table(cell));
            }
        }
        for line in [&self.signed, &self.dated] {
            document = document.add_paragraph(
                paragraph(line, Face::Body, body, pitch)
                    .align(AlignmentType::Right)
                    .indent(None, None, Some(SIGNATURE_TWIPS), None),
            );
        }
        word::package(document)
    }

    /// The largest sizes in which everything stands on one page.
    fn sizes(&self) -> Sizes {
        let page = PAGE_MM * POINTS_PER_MM * FILLED_MAX;
        let fits = |sizes: &Sizes| self.height(*sizes) <= page;
        USUAL.into_iter().find(fits).unwrap_or(SMALLEST)
    }

    /// How high everything is in these sizes, in points.
    fn height(&self, sizes: Sizes) -> f32 {
        let width = Paper::Portrait.text_mm() as f32 * POINTS_PER_MM;
        let mut height = TITLE_PITCH.0 + SUBTITLE_PITCH.0 + 2.0 * sizes.pitch.0;
        for part in &self.parts {
            for line in &part.lines {
                let (Line::Heading(text) | Line::Text(text)) = line;
                let lines = lines(2.0 + characters(text), sizes.body, width);
                height += lines * sizes.pitch.0;
            }
            if let Some(listing) = &part.listing {
                height += listing_height(listing, sizes.cell);
            }
        }
        height
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

/// How wide a text is, in Chinese characters.
fn characters(text: &str) -> f32 {
    let width = |c: char| if c.is_ascii() { LATIN_WIDTH } else { 1.0 };
    text.chars().map(width).sum()
}

/// Lines of so many characters between margins that are so many points apart. Where a line breaks, up to a character's width
/// stays empty.
fn lines(characters: f32, size: Points, width: f32) -> f32 {
    let whole = characters * size.0;
    if whole <= width {
        1.0
    } else {
        (whole / (width - size.0).max(size.0)).ceil()
    }
}

/// How high a list is with text of this size, in points.
fn listing_height(listing: &Listing, size: Points) -> f32 {
    let widths = listing.widths_mm();
    let heads: Vec<&str> = listing
        .headers
        .iter()
        .map(|(text, _)| text.as_str())
        .collect();
    let head = row_height(&heads, &widths, size).max(word::HEADING_ROW_TWIPS / 20.0 + RULE);
    let rows = listing.rows.iter().map(|row| {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        row_height(&cells, &widths, size)
    });
    head + rows.sum::<f32>()
}

fn row_height(cells: &[&str], widths_mm: &[u32], size: Points) -> f32 {
    let high = cells.iter().zip(widths_mm).map(|(text, mm)| {
        let width = (*mm as f32 - 2.0 * CELL_MARGIN_MM) * POINTS_PER_MM;
        lines(characters(text), size, width)
    });
    let most = high.fold(1.0, f32::max);
    most * size.0 * CELL_PITCH + 2.0 * CELL_MARGIN_MM * POINTS_PER_MM + RULE
}

#[cfg(test)]
mod tests {
    use super::{Brief, PAGE_MM, POINTS_PER_MM, Part, SMALLEST, USUAL, lines};
    use crate::form::letter::{Line, Listing};
    use crate::form::word::Points;

    fn listing(headers: &[(&str, u32)], row: &[&str], rows: usize) -> Listing {
        let owned = |(name, width): &(&str, u32)| ((*name).to_owned(), *width);
        let row: Vec<String> = row.iter().map(|text| (*text).to_owned()).collect();
        Listing {
            title: String::new(),
            headers: headers.iter().map(owned).collect(),
            rows: vec![row; rows],
        }
    }

    /// With so many sections, late tasks and decisions, all of them long.
    fn page(sections: usize, late: usize, decisions: usize) -> Brief {
        let columns = [
            ("章节", 6),
            ("任务", 1),
            ("完成", 1),
            ("逾期", 1),
            ("完成率", 2),
        ];
        let section = [
            "一、加强重点领域政府信息公开，提升公开实效",
            "120",
            "110",
            "10",
            "91.7%",
        ];
        let late_columns = [
            ("序号", 2),
            ("任务", 12),
            ("未完成单位", 8),
            ("时限", 6),
            ("逾期", 3),
        ];
        let task = [
            "118",
            "健全涉政府信息公开行政复议案件的会商和纠错机制，及时…",
            "安澜市大数据发展促进和政务服务管理局、安澜市发展和改革委员会",
            "计到2026年12月31日",
            "1245天",
        ];
        let decision = "（1）任务变更审批：修改任务：省里的补充通知要求增加公开…";
        let mut decided = vec![Line::Heading("三、需要决定的事项".into())];
        decided.extend(vec![Line::Text(decision.into()); decisions]);
        Brief {
            title: "政务公开工作要点落实情况简报".into(),
            subtitle: "（截至2026年12月31日）".into(),
            parts: vec![
                Part {
                    lines: vec![
                        Line::Heading("一、总体进展".into()),
                        Line::Text("《安澜市2026年政务公开工作要点分工方案》（澜府办函〔2026〕12号）共155项任务：已完成128项，完成率82.6%；正常推进28项，将到期10项，佐证失效10项，已逾期19项。".into()),
                        Line::Text("各单位牵头和负责的分工1276项，已报完成1212项（其中12项佐证失效）；128个单位有逾期，110个单位从未填报。".into()),
                    ],
                    listing: Some(listing(&columns, &section, sections)),
                },
                Part {
                    lines: vec![Line::Heading("二、逾期任务（最久的4项，其余115项见台账）".into())],
                    listing: Some(listing(&late_columns, &task, late)),
                },
                Part {
                    lines: decided,
                    listing: None,
                },
            ],
            signed: "安澜市人民政府办公室".into(),
            dated: "2026年12月31日".into(),
        }
    }

    #[test]
    fn text_gets_smaller_before_a_page_is_full() {
        let usual = page(4, 2, 1);
        assert_eq!(usual.sizes(), USUAL[0]);
        let full = page(5, 3, 1);
        assert_eq!(full.sizes(), USUAL[1]);
        let fullest = page(6, 4, 5);
        assert_eq!(fullest.sizes(), SMALLEST);
        for brief in [usual, full, fullest] {
            let height = brief.height(brief.sizes());
            assert!(height <= PAGE_MM * POINTS_PER_MM, "{height}");
        }
    }

    #[test]
    fn a_line_is_full_at_its_width_and_not_before() {
        let size = Points(10.0);
        assert_eq!(lines(10.0, size, 100.0), 1.0);
        assert_eq!(lines(10.5, size, 100.0), 2.0);
        assert_eq!(lines(18.0, size, 100.0), 2.0);
        // Narrower than a character: one a line.
        assert_eq!(lines(3.0, size, 5.0), 3.0);
    }

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
