//! Pieces of an official DOCX: the faces that GB/T 9704 names, A4 pages, repeated heads, the package.
//!
//! Fonts are only named, never embedded: offices have 小标宋, 仿宋 and 黑体, and a machine without them falls back.

use std::io::{Cursor, Read, Write};

use docx_rs::{
    AlignmentType, Docx, FieldCharType, Footer, HeightRule, InstrNUMPAGES, InstrPAGE, InstrText,
    LineSpacing, LineSpacingType, PageMargin, PageOrientationType, Paragraph, Pic, Run, RunFonts,
    Table, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};

use super::FormError;
use super::text::printable;
use crate::picture;

/// Twentieths of a point in a millimetre.
const TWIPS_PER_MM: f64 = 1440.0 / 25.4;
/// Long side of A4 in twips.
const A4_LONG: u32 = 16_838;
/// Short side of A4 in twips.
const A4_SHORT: u32 = 11_906;
/// Margins of a landscape form in millimetres: top, right, bottom, left. The text block is 257 mm wide.
const LANDSCAPE_MARGIN_MM: [u32; 4] = [24, 20, 20, 20];
/// Margins of an official letter in millimetres (GB/T 9704: 版心 156 × 225).
const PORTRAIT_MARGIN_MM: [u32; 4] = [37, 26, 35, 28];
/// Footer's distance from the paper's edge in millimetres.
const FOOTER_MM: u32 = 12;
/// A pixel of a picture at 96 to the inch, in EMU.
const EMU_PER_PIXEL: u64 = 9_525;
const EMU_PER_MM: u64 = 36_000;
/// As wide as the lines, and with room for words on the page, in millimetres.
const PICTURE_MM: (u64, u64) = (156, 190);
/// Pixels of a side.
const SIDE_PIXELS_MAX: u32 = 20_000;
/// The relations' name of a picture, before its number.
const PICTURE_NAME: &str = "picture";
/// What the library writes of each picture; the numbers must differ.
const FIGURE: &str = r#"<wp:docPr id="1" name="Figure" />"#;
/// Least height of a head row in twips. No other row has a height: [`package`] knows head rows by it.
pub(super) const HEADING_ROW_TWIPS: f32 = 510.0;
/// Line pitch in a cell, in parts of the text's size.
pub(super) const CELL_PITCH: f32 = 1.35;

/// The faces of an official document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// 小标宋: titles.
    Title,
    /// 黑体: heads of tables, first-level headings.
    Heading,
    /// 楷体: second-level headings.
    Subheading,
    /// 仿宋: everything else.
    Body,
}

impl Face {
    fn fonts(self) -> RunFonts {
        let (east_asia, latin) = match self {
            Self::Title => ("方正小标宋简体", "Times New Roman"),
            Self::Heading => ("黑体", "Times New Roman"),
            Self::Subheading => ("楷体_GB2312", "Times New Roman"),
            Self::Body => ("仿宋_GB2312", "Times New Roman"),
        };
        RunFonts::new()
            .ascii(latin)
            .hi_ansi(latin)
            .cs(latin)
            .east_asia(east_asia)
            .hint("eastAsia")
    }
}

/// 字号 in points: 2号 22, 3号 16, 4号 14, 小4 12, 5号 10.5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Points(pub f32);

impl Points {
    fn halves(self) -> usize {
        (self.0 * 2.0).round() as usize
    }
}

/// Which way the A4 paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    Portrait,
    Landscape,
}

impl Paper {
    /// Width of the text block in millimetres.
    pub fn text_mm(self) -> u32 {
        match self {
            Self::Portrait => 156,
            Self::Landscape => 257,
        }
    }
}

pub(super) fn twips(millimetres: u32) -> usize {
    (f64::from(millimetres) * TWIPS_PER_MM).round() as usize
}

fn margin(paper: Paper) -> PageMargin {
    let [top, right, bottom, left] = match paper {
        Paper::Portrait => PORTRAIT_MARGIN_MM,
        Paper::Landscape => LANDSCAPE_MARGIN_MM,
    }
    .map(|mm| twips(mm) as i32);
    PageMargin::new()
        .top(top)
        .right(right)
        .bottom(bottom)
        .left(left)
        .header(twips(FOOTER_MM) as i32)
        .footer(twips(FOOTER_MM) as i32)
}

/// An empty document on A4 with `第 x 页 共 y 页` at the foot of each page.
pub fn document(paper: Paper) -> Docx {
    let docx = match paper {
        Paper::Portrait => Docx::new().page_size(A4_SHORT, A4_LONG),
        Paper::Landscape => Docx::new()
            .page_size(A4_LONG, A4_SHORT)
            .page_orient(PageOrientationType::Landscape),
    };
    docx.page_margin(margin(paper))
        .default_fonts(Face::Body.fonts())
        .default_size(Points(12.0).halves())
        .footer(Footer::new().add_paragraph(page_numbers()))
}

fn page_numbers() -> Paragraph {
    let text = |text: &str| run(text, Face::Body, Points(10.5));
    let field = |instruction: InstrText| {
        run("", Face::Body, Points(10.5))
            .add_field_char(FieldCharType::Begin, false)
            .add_instr_text(instruction)
            .add_field_char(FieldCharType::Separate, false)
            .add_text("1")
            .add_field_char(FieldCharType::End, false)
    };
    Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(text("第 "))
        .add_run(field(InstrText::PAGE(InstrPAGE {})))
        .add_run(text(" 页 共 "))
        .add_run(field(InstrText::NUMPAGES(InstrNUMPAGES {})))
        .add_run(text(" 页"))
}

/// A stretch of text in one face; what XML cannot hold is left out.
pub fn run(text: &str, face: Face, size: Points) -> Run {
    let run = Run::new().fonts(face.fonts()).size(size.halves());
    if text.is_empty() {
        run
    } else {
        run.add_text(printable(text))
    }
}

/// One paragraph in one face with the given line pitch in points.
pub fn paragraph(text: &str, face: Face, size: Points, pitch: Points) -> Paragraph {
    Paragraph::new()
        .line_spacing(exact_lines(pitch))
        .add_run(run(text, face, size))
}

/// Line pitch in points, kept even where a line holds larger characters.
pub fn exact_lines(pitch: Points) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line((pitch.0 * 20.0).round() as i32)
}

/// A picture in a line of its own: as large as it is, but never wider than the lines or higher than most of a page. `number`
/// is its place among the file's pictures, from 1. `None` for what Word cannot show, or is too large.
pub fn picture(bytes: &[u8], number: usize) -> Option<Paragraph> {
    let (wide, high) = picture::sides(bytes)?;
    if bytes.len() > picture::PICTURE_BYTES_MAX || wide.max(high) > SIDE_PIXELS_MAX {
        return None;
    }
    let (wide, high) = fitted(wide, high);
    let pic = Pic::new_with_dimensions(bytes.to_vec(), 1, 1)
        .id(format!("{PICTURE_NAME}{number}"))
        .size(wide, high);
    let line = Paragraph::new().align(AlignmentType::Center);
    Some(line.add_run(Run::new().add_image(pic)))
}

/// Sides in pixels as sides in EMU on paper.
fn fitted(wide: u32, high: u32) -> (u32, u32) {
    let (wide_max, high_max) = (PICTURE_MM.0 * EMU_PER_MM, PICTURE_MM.1 * EMU_PER_MM);
    let (mut wide, mut high) = (
        u64::from(wide) * EMU_PER_PIXEL,
        u64::from(high) * EMU_PER_PIXEL,
    );
    if wide > wide_max {
        (wide, high) = (wide_max, high * wide_max / wide);
    }
    if high > high_max {
        (wide, high) = (wide * high_max / high, high_max);
    }
    let side = |emu: u64| u32::try_from(emu.max(1)).unwrap_or(u32::MAX);
    (side(wide), side(high))
}

/// A ruled table with fixed column widths in millimetres.
pub fn table(column_mm: &[u32], rows: Vec<TableRow>) -> Table {
    let grid: Vec<usize> = column_mm.iter().map(|&mm| twips(mm)).collect();
    let side = twips(1);
    Table::new(rows)
        .width(grid.iter().sum(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(side, side, side, side))
        .set_grid(grid)
}

/// A row that is repeated at the top of every page.
pub fn heading_row(cells: Vec<TableCell>) -> TableRow {
    TableRow::new(cells)
        .row_height(HEADING_ROW_TWIPS)
        .height_rule(HeightRule::AtLeast)
        .cant_split()
}

/// A cell `mm` wide; each line of the text is a paragraph of its own.
pub fn cell(text: &str, mm: u32, face: Face, size: Points, align: AlignmentType) -> TableCell {
    let pitch = Points(size.0 * CELL_PITCH);
    printable(text).split('\n').fold(
        TableCell::new()
            .width(twips(mm), WidthType::Dxa)
            .vertical_align(VAlignType::Center),
        |cell, line| cell.add_paragraph(paragraph(line, face, size, pitch).align(align)),
    )
}

/// The finished file: head rows marked as repeated (the library has no call for that), parts compressed, no clock.
pub fn package(docx: Docx) -> Result<Vec<u8>, FormError> {
    let failed = |error: &dyn std::fmt::Display| FormError::Write(error.to_string());
    let mut parts = docx.build();
    parts.document = numbered_figures(&mark_headings(&parts.document)?)?;
    let photos: Vec<String> = parts
        .media
        .iter()
        .filter(|(_, bytes)| picture::ending(bytes) == Some("jpg"))
        .map(|(id, _)| format!("media/{id}.png"))
        .collect();
    parts.document_rels = with_endings(&parts.document_rels, &photos)?;
    let mut loose = Cursor::new(Vec::new());
    parts.pack(&mut loose).map_err(|error| failed(&error))?;

    let mut archive = zip::ZipArchive::new(loose).map_err(|error| failed(&error))?;
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| failed(&error))?;
        if part.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)
            .map_err(|error| failed(&error))?;
        let name = part.name().map_err(|error| failed(&error))?.into_owned();
        let is_photo = name
            .strip_prefix("word/")
            .is_some_and(|own| photos.iter().any(|one| one == own));
        let name = if is_photo { photo(&name) } else { name };
        packed
            .start_file(name, options)
            .map_err(|error| failed(&error))?;
        packed.write_all(&bytes).map_err(|error| failed(&error))?;
    }
    let bytes = packed.finish().map_err(|error| failed(&error))?;
    Ok(bytes.into_inner())
}

/// The library calls every picture a PNG.
fn photo(name: &str) -> String {
    name.replace(".png", ".jpeg")
}

/// The relations with the names that JPEG pictures have in the package.
fn with_endings(relations: &[u8], photos: &[String]) -> Result<Vec<u8>, FormError> {
    let mut text = written(relations)?.to_owned();
    for one in photos {
        text = text.replace(&format!("\"{one}\""), &format!("\"{}\"", photo(one)));
    }
    Ok(text.into_bytes())
}

/// Gives each picture a number of its own. Text cannot be mistaken for one: its `<` is escaped.
fn numbered_figures(document: &[u8]) -> Result<Vec<u8>, FormError> {
    let mut pieces = written(document)?.split(FIGURE);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (number, piece) in (1..).zip(pieces) {
        text.push_str(&format!(
            r#"<wp:docPr id="{number}" name="Figure {number}" />"#
        ));
        text.push_str(piece);
    }
    Ok(text.into_bytes())
}

fn written(part: &[u8]) -> Result<&str, FormError> {
    std::str::from_utf8(part).map_err(|error| FormError::Write(error.to_string()))
}

/// Adds `w:tblHeader` to the rows that have the head rows' height. Text cannot be mistaken for it: its `<` is escaped.
fn mark_headings(document: &[u8]) -> Result<Vec<u8>, FormError> {
    let height = format!(r#"<w:trHeight w:val="{HEADING_ROW_TWIPS}" w:hRule="atLeast" />"#);
    Ok(written(document)?
        .replace(&height, &format!("{height}<w:tblHeader />"))
        .into_bytes())
}
