//! An official letter under an organ's head (GB/T 9704-2012, 信函格式): 告知书, 答复书, 函; and forms to be filled in,
//! such as 登记表 and 送达回证, as ruled pairs of label and value on the same paper.

use docx_rs::{
    AlignmentType, BorderType, DocGrid, DocGridType, Docx, FieldCharType, Footer, Header,
    HeightRule, InstrPAGE, InstrText, PageMargin, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, SpecialIndentType, Table, TableRow,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::FormError;
use super::letter::Line;
use super::text::printable;
use super::word::{self, Face, Points, exact_lines, table, twips};

/// 2号: the title.
const TITLE: f32 = 22.0;
/// 3号: everything else.
const BODY: f32 = 16.0;
/// 小4: cells of a form.
const CELL: f32 = 12.0;
/// 22 lines fill a text block 225 mm high: 28.95 points each, a little less than 28.99 so that the last one fits.
const PITCH: Points = Points(28.95);
/// 28 characters fill 156 mm: 15.79 points each, that is 0.21 less than the face is wide, in 4096ths of a point.
const CHARACTER_SPACE: isize = -860;
/// Two characters of the body's size, in twentieths of a point.
const INDENT_TWIPS: i32 = 632;
/// 成文日期 stands four characters from the right edge of the text block.
const SIGNATURE_TWIPS: i32 = 1_264;
/// A quarter of a character, by which half the width of a line is reckoned: letters of the Latin alphabet are half as wide.
const QUARTER_TWIPS: i32 = INDENT_TWIPS / 8;
/// Both double lines are 170 mm long on paper 210 mm wide, so they reach over the text block: 8 mm left, 6 mm right.
const RULE_LEFT_MM: u32 = 8;
const RULE_RIGHT_MM: u32 = 6;
/// 4号: page numbers.
const PAGE_NUMBER: f32 = 14.0;
const A4_TWIPS: (u32, u32) = (11_906, 16_838);
/// Margins in millimetres: top, right, bottom, left (天头 37, 订口 28, 版心 156 × 225).
const MARGIN_MM: [u32; 4] = [37, 26, 35, 28];
/// The organ's name begins 30 mm from the top of the page.
const HEADER_MM: u32 = 30;
/// The lower double line stands 20 mm above the edge of the page.
const FOOTER_MM: u32 = 20;
const RED: &str = "D7000F";
/// The organ's name in the head: larger for a short name, so that it fills the line.
const MARK_POINTS: [f32; 3] = [36.0, 30.0, 24.0];
/// Widths of a form's columns in millimetres: label, value.
const FORM_MM: [u32; 2] = [42, 114];
/// Least height of a form's row in twips.
const FORM_ROW_TWIPS: f32 = 480.0;
/// Empty lines that an empty value shows, so that it can be filled in by hand.
const BLANK_LINES: &str = "\n";

/// Names of the fonts for the four faces; they are named and not embedded, so an office uses what it has licensed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Faces {
    /// 小标宋: title and head.
    pub title: String,
    /// 黑体
    pub heading: String,
    /// 楷体
    pub subheading: String,
    /// 仿宋
    pub body: String,
}

impl Default for Faces {
    fn default() -> Self {
        Self {
            title: "方正小标宋简体".to_owned(),
            heading: "黑体".to_owned(),
            subheading: "楷体_GB2312".to_owned(),
            body: "仿宋_GB2312".to_owned(),
        }
    }
}

impl Faces {
    fn of(&self, face: Face) -> &str {
        match face {
            Face::Title => &self.title,
            Face::Heading => &self.heading,
            Face::Subheading => &self.subheading,
            Face::Body => &self.body,
        }
    }
}

/// A form on a page of its own behind a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annex {
    pub title: String,
    /// Label and value, ruled.
    pub fields: Vec<(String, String)>,
}

/// What leaves as DOCX or PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letterhead {
    /// 发文机关标志: the organ's name, in red.
    pub mark: String,
    /// 发文字号; empty before one is given.
    pub number: String,
    pub title: String,
    /// 主送, with its colon: 刘某：
    pub to: String,
    pub body: Vec<Line>,
    /// Label and value, ruled; empty for a plain letter.
    pub fields: Vec<(String, String)>,
    /// 附件说明, without numbers.
    pub annexes: Vec<String>,
    /// 落款; empty for a form that is signed within.
    pub signed: String,
    pub dated: String,
    /// 附注, with its brackets.
    pub note: String,
    /// The form that the letter brings with it, to be filled in.
    pub annex: Option<Annex>,
    pub faces: Faces,
}

impl Letterhead {
    /// # Errors
    /// When the file cannot be put together.
    pub fn docx(&self) -> Result<Vec<u8>, FormError> {
        let mut document = self.paper();
        document = document.add_paragraph(
            self.line(&self.number, Face::Body, BODY)
                .align(AlignmentType::Right),
        );
        document = document
            .add_paragraph(self.line("", Face::Body, BODY))
            .add_paragraph(
                self.text(&self.title, Face::Title, TITLE, Points(34.0))
                    .align(AlignmentType::Center),
            )
            .add_paragraph(self.line("", Face::Body, BODY));
        if !self.to.is_empty() {
            document = document.add_paragraph(self.line(&self.to, Face::Body, BODY));
        }
        for (index, line) in self.body.iter().enumerate() {
            let (text, face) = match line {
                Line::Heading(text) => (text, Face::Heading),
                Line::Text(text) => (text, Face::Body),
            };
            // No heading ends a page, and the signature stands on no page alone (GB/T 9704 7.3.5).
            let last = index + 1 == self.body.len() && self.fields.is_empty();
            let stays = last || face == Face::Heading;
            for part in printable(text).split('\n') {
                let paragraph = self.indented(part, face).keep_next(stays);
                document = document.add_paragraph(paragraph);
            }
        }
        if !self.fields.is_empty() {
            document = document.add_table(self.form(&self.fields));
        }
        for paragraph in self.annex_lines() {
            document = document.add_paragraph(paragraph);
        }
        for paragraph in self.signature() {
            document = document.add_paragraph(paragraph);
        }
        if !self.note.is_empty() {
            document = document.add_paragraph(self.indented(&self.note, Face::Body));
        }
        if let Some(annex) = &self.annex {
            document = self.with_annex(document, annex);
        }
        word::package(document)
    }

    /// GB/T 9704 7.3.4: 附件 begins a page, its mark above and its title below it in the middle.
    fn with_annex(&self, document: Docx, annex: &Annex) -> Docx {
        let mark = self.line("附件", Face::Heading, BODY);
        let title = self.text(&annex.title, Face::Title, TITLE, Points(34.0));
        document
            .add_paragraph(mark.page_break_before(true))
            .add_paragraph(self.line("", Face::Body, BODY))
            .add_paragraph(title.align(AlignmentType::Center))
            .add_paragraph(self.line("", Face::Body, BODY))
            .add_table(self.form(&annex.fields))
            // A table ends no document.
            .add_paragraph(self.text("", Face::Body, 2.0, Points(4.0)))
    }

    /// The page with its red head and foot on the first, and page numbers from the second on.
    fn paper(&self) -> Docx {
        let grid = DocGrid::with_empty()
            .grid_type(DocGridType::LinesAndChars)
            .line_pitch((PITCH.0 * 20.0).round() as usize)
            .char_space(CHARACTER_SPACE);
        let mark = self
            .text(&self.mark, Face::Title, self.mark_points(), Points(40.0))
            .align(AlignmentType::Center)
            .set_borders(rule(
                ParagraphBorderPosition::Bottom,
                BorderType::ThickThinSmallGap,
            ));
        let foot = self
            .text("", Face::Body, 2.0, Points(4.0))
            .set_borders(rule(
                ParagraphBorderPosition::Top,
                BorderType::ThinThickSmallGap,
            ));
        let [top, right, bottom, left] = MARGIN_MM.map(|mm| twips(mm) as i32);
        let margin = PageMargin::new()
            .top(top)
            .right(right)
            .bottom(bottom)
            .left(left)
            .header(twips(HEADER_MM) as i32)
            .footer(twips(FOOTER_MM) as i32);
        let mut document = Docx::new()
            .page_size(A4_TWIPS.0, A4_TWIPS.1)
            .page_margin(margin)
            // The grid measures characters by the default size.
            .default_size((BODY * 2.0).round() as usize)
            .default_fonts(self.fonts(Face::Body))
            .title_pg()
            .first_header(Header::new().add_paragraph(reaching(mark)))
            .header(Header::new().add_paragraph(self.line("", Face::Body, CELL)))
            .first_footer(Footer::new().add_paragraph(reaching(foot)))
            .footer(Footer::new().add_paragraph(self.page_number(AlignmentType::Right)))
            .even_footer(Footer::new().add_paragraph(self.page_number(AlignmentType::Left)));
        document.document = document.document.doc_grid(grid);
        document
    }

    /// — 2 —, outside: right on odd pages, left on even ones, one character from the edge.
    fn page_number(&self, side: AlignmentType) -> Paragraph {
        let text = |text: &str| self.run(text, Face::Body, PAGE_NUMBER);
        let field = self
            .run("", Face::Body, PAGE_NUMBER)
            .add_field_char(FieldCharType::Begin, false)
            .add_instr_text(InstrText::PAGE(InstrPAGE {}))
            .add_field_char(FieldCharType::Separate, false)
            .add_text("2")
            .add_field_char(FieldCharType::End, false);
        let one = Some((PAGE_NUMBER * 20.0) as i32);
        let (left, right) = match side {
            AlignmentType::Left => (one, None),
            _ => (None, one),
        };
        Paragraph::new()
            .align(side)
            .indent(left, None, right, None)
            .add_run(text("— "))
            .add_run(field)
            .add_run(text(" —"))
    }

    fn mark_points(&self) -> f32 {
        let [large, middle, small] = MARK_POINTS;
        match self.mark.chars().count() {
            0..=12 => large,
            13..=15 => middle,
            _ => small,
        }
    }

    fn fonts(&self, face: Face) -> RunFonts {
        let latin = "Times New Roman";
        RunFonts::new()
            .ascii(latin)
            .hi_ansi(latin)
            .cs(latin)
            .east_asia(self.faces.of(face))
            .hint("eastAsia")
    }

    fn run(&self, text: &str, face: Face, points: f32) -> Run {
        let run = Run::new()
            .fonts(self.fonts(face))
            .size((points * 2.0).round() as usize);
        let run = if face == Face::Title && points > TITLE {
            run.color(RED)
        } else {
            run
        };
        if text.is_empty() {
            run
        } else {
            run.add_text(printable(text))
        }
    }

    fn text(&self, text: &str, face: Face, points: f32, pitch: Points) -> Paragraph {
        Paragraph::new()
            .line_spacing(exact_lines(pitch))
            .add_run(self.run(text, face, points))
    }

    fn line(&self, text: &str, face: Face, points: f32) -> Paragraph {
        self.text(text, face, points, PITCH)
    }

    fn indented(&self, text: &str, face: Face) -> Paragraph {
        self.line(text, face, BODY)
            .align(AlignmentType::Both)
            .indent(
                None,
                Some(SpecialIndentType::FirstLine(INDENT_TWIPS)),
                None,
                None,
            )
    }

    /// 附件：1.××× — one blank line below the body, no punctuation at the end.
    fn annex_lines(&self) -> Vec<Paragraph> {
        if self.annexes.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![self.line("", Face::Body, BODY)];
        lines.extend(
            self.annexes_as_printed()
                .iter()
                .map(|text| self.indented(text, Face::Body)),
        );
        lines
    }

    fn annexes_as_printed(&self) -> Vec<String> {
        match self.annexes.as_slice() {
            [only] => vec![format!("附件：{only}")],
            several => (1..)
                .zip(several)
                .map(|(n, name)| {
                    let head = if n == 1 { "附件：" } else { "　　　" };
                    format!("{head}{n}.{name}")
                })
                .collect(),
        }
    }

    fn signature(&self) -> Vec<Paragraph> {
        if self.signed.is_empty() && self.dated.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![self.line("", Face::Body, BODY).keep_next(true)];
        // GB/T 9704 7.3.5.1: the date four characters from the edge, the name centred over it; a long name reaches the edge, and
        // the date stands in its middle.
        let middle = (SIGNATURE_TWIPS + half_width(&self.dated)).max(half_width(&self.signed));
        lines.extend(
            [(&self.signed, true), (&self.dated, false)].map(|(text, stays)| {
                self.line(text, Face::Body, BODY)
                    .keep_lines(true)
                    .keep_next(stays)
                    .align(AlignmentType::Right)
                    .indent(None, None, Some(middle - half_width(text)), None)
            }),
        );
        lines
    }

    /// A line of a cell; it keeps off the page's grid, which is made for 3号.
    fn cell_line(&self, text: &str, face: Face, pitch: Points) -> Paragraph {
        self.text(text, face, CELL, pitch).snap_to_grid(false)
    }

    fn form(&self, fields: &[(String, String)]) -> Table {
        let [label_mm, value_mm] = FORM_MM;
        let pitch = Points(CELL * 1.5);
        let cell = |text: &str, mm: u32, face: Face, align: AlignmentType| {
            printable(text).split('\n').fold(
                docx_rs::TableCell::new()
                    .width(twips(mm), docx_rs::WidthType::Dxa)
                    .vertical_align(docx_rs::VAlignType::Center),
                |cell, part| cell.add_paragraph(self.cell_line(part, face, pitch).align(align)),
            )
        };
        let rows = fields.iter().map(|(label, value)| {
            let value = if value.is_empty() { BLANK_LINES } else { value };
            TableRow::new(vec![
                cell(label, label_mm, Face::Heading, AlignmentType::Center),
                cell(value, value_mm, Face::Body, AlignmentType::Left),
            ])
            .row_height(FORM_ROW_TWIPS)
            .height_rule(HeightRule::AtLeast)
            .cant_split()
        });
        table(&FORM_MM, rows.collect())
    }

    /// What the PDF template `letterhead` takes.
    #[must_use]
    pub fn typeset_data(&self) -> Value {
        let ruled = |fields: &[(String, String)]| -> Vec<Value> {
            let rows = fields.iter().map(|(label, value)| {
                let value = if value.is_empty() { BLANK_LINES } else { value };
                json!([label, value])
            });
            rows.collect()
        };
        let annex = self.annex.as_ref();
        let annex =
            annex.map(|annex| json!({ "title": annex.title, "fields": ruled(&annex.fields) }));
        json!({
            "mark": self.mark,
            "mark_points": self.mark_points(),
            "number": self.number,
            "title": self.title,
            "to": self.to,
            "body": self.body,
            "fields": ruled(&self.fields),
            "annexes": if self.annexes.is_empty() { Vec::new() } else { self.annexes_as_printed() },
            "signed": self.signed,
            "dated": self.dated,
            "note": self.note,
            "annex": annex,
        })
    }

    /// The letter as plain text, line by line as it is read.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut lines = vec![self.mark.clone(), self.number.clone(), self.title.clone()];
        lines.push(self.to.clone());
        lines.extend(self.body.iter().map(|line| match line {
            Line::Heading(text) | Line::Text(text) => format!("　　{text}"),
        }));
        let ruled = |(label, value): &(String, String)| format!("{label}｜{value}");
        lines.extend(self.fields.iter().map(ruled));
        if !self.annexes.is_empty() {
            lines.extend(self.annexes_as_printed());
        }
        lines.extend([self.signed.clone(), self.dated.clone(), self.note.clone()]);
        if let Some(annex) = &self.annex {
            lines.push(annex.title.clone());
            lines.extend(annex.fields.iter().map(ruled));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }
}

/// Half of a line's width in twips, set in the body's size.
fn half_width(text: &str) -> i32 {
    let quarters = text.chars().map(|one| if one.is_ascii() { 1 } else { 2 });
    quarters.sum::<i32>() * QUARTER_TWIPS
}

fn rule(position: ParagraphBorderPosition, kind: BorderType) -> ParagraphBorders {
    ParagraphBorders::with_empty().set(
        ParagraphBorder::new(position)
            .val(kind)
            // Eighths of a point: 3 points for the thick line.
            .size(24)
            // Points between text and line: 4 mm.
            .space(11)
            .color(RED),
    )
}

/// A paragraph as wide as the red lines are long.
fn reaching(paragraph: Paragraph) -> Paragraph {
    let over = |mm: u32| -(twips(mm) as i32);
    paragraph.indent(
        Some(over(RULE_LEFT_MM)),
        None,
        Some(over(RULE_RIGHT_MM)),
        None,
    )
}

#[cfg(test)]
mod tests;
