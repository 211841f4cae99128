//! PDF with a text layer, in process and the same on every machine: words and ruling lines from the content
//! streams, tables from the boxes that the lines enclose. Every table is named in a problem, and each cell that is not sure is marked.

mod cmap;
mod columns;
mod cover;
mod font;
mod frame;
mod guard;
mod ink;
mod interpret;
mod letters;
mod lexer;
mod lines;
mod matrix;
pub(crate) mod ofd;
mod open;
mod paint;
mod radical;
mod rules;
mod story;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod text;

use lopdf::{Document as Pdf, LoadOptions};

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::Collector;
use crate::count::is_readable;
use crate::limits::Limits;
use crate::refusal::{damaged, empty, encrypted, scanned_pdf, too_large, unmapped_text};
use crate::sniff::find;

use ink::{Glyph, Ink, Layer};
use interpret::Interpreter;
use open::Carried;
use story::Page;
use table::Part;

pub(crate) use letters::{After, Room, Sheet, Stretch, sheets, text_sheets};

/// Bytes that one object stream may unpack to: its objects take many times as much memory.
const OBJECT_STREAM_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A page of which an image covers this part is a scanned page.
const SCAN_COVER_MIN: f64 = 0.5;
/// A scan may carry this many characters a page: a number, the mark of the scanning program.
const SCAN_CHARS_MAX: u64 = 24;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let document = load(bytes, limits)?;
    let ids: Vec<_> = document.page_iter().take(limits.pages + 1).collect();
    if ids.is_empty() {
        return Err(damaged("没有可读的页面"));
    }
    if ids.len() > limits.pages {
        return Err(too_large(&format!("PDF 超过 {} 页", limits.pages)));
    }
    let mut interpreter = Interpreter::new(&document, limits);
    let mut reading = Reading::new(limits);
    for id in ids {
        reading.add(interpreter.page(id)?)?;
    }
    reading.finish(Format::Pdf, NAME)
}

/// What people call such a file in its refusals.
const NAME: &str = "这份 PDF";

/// Pages of a fixed layout that become one document.
struct Reading<'l> {
    out: Collector<'l>,
    carried: Carried,
    pages: Vec<Page>,
    sums: Sums,
}

impl<'l> Reading<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            out: Collector::new(limits),
            carried: Carried::default(),
            pages: Vec::new(),
            sums: Sums::default(),
        }
    }

    fn add(&mut self, ink: Ink) -> Result<(), Unreadable> {
        let number = u32::try_from(self.pages.len() + 1).unwrap_or(u32::MAX);
        self.sums.add(&ink);
        note_page(&ink, number, &mut self.out)?;
        let page = lay_out(ink, number, &mut self.carried, &mut self.out)?;
        self.pages.push(page);
        Ok(())
    }

    /// `name`: what people call the file.
    fn finish(mut self, format: Format, name: &str) -> Result<Document, Unreadable> {
        let (sums, out) = (&self.sums, &mut self.out);
        sums.judge(self.pages.len(), name)?;
        story::tell(self.pages, out)?;
        if sums.unmapped > 0 {
            let message = format!(
                "有 {} 个字的字形没有对应的文字，已用“\u{FFFD}”代替，请对照原文补正。",
                sums.unmapped
            );
            out.note("glyph-unmapped", message, Place::default());
        }
        if sums.invisible * 2 > sums.readable {
            out.note(
                "ocr-layer",
                "文字来自扫描件的识别层，可能有错字，请逐字核对。",
                Place::default(),
            );
        }
        if !out.has_text() {
            return Err(empty(name));
        }
        Ok(self.out.finish(format))
    }
}

pub(crate) fn load(bytes: &[u8], limits: &Limits) -> Result<Pdf, Unreadable> {
    guard::check(bytes, limits)?;
    let options = LoadOptions {
        max_decompressed_size: Some(OBJECT_STREAM_BYTES_MAX),
        ..LoadOptions::default()
    };
    let Ok(document) = Pdf::load_mem_with_options(bytes, options) else {
        return Err(match find(bytes, b"/Encrypt") {
            Some(_) => encrypted(NAME),
            None => damaged("PDF 的对象目录无法读取"),
        });
    };
    // Loading has tried the empty password, with which most protected files open.
    if document.trailer.has(b"Encrypt") {
        return Err(encrypted(NAME));
    }
    if document.objects.len() > limits.pdf_objects {
        return Err(too_large(&format!(
            "PDF 对象超过 {} 个",
            limits.pdf_objects
        )));
    }
    Ok(document)
}

/// Of each page the text that lies under a box or an image, and the text in white on white; pages without any are left out.
pub(crate) fn unseen_text(
    document: &Pdf,
    limits: &Limits,
) -> Result<Vec<(u32, String, String)>, Unreadable> {
    let mut interpreter = Interpreter::new(document, limits);
    let mut found = Vec::new();
    for (number, id) in (1..).zip(document.page_iter().take(limits.pages)) {
        let ink = interpreter.page(id)?;
        if !(ink.covered.trim().is_empty() && ink.white.trim().is_empty()) {
            found.push((number, ink.covered, ink.white));
        }
    }
    Ok(found)
}

/// What all pages together show, to tell a scan or a file without character names from a text.
#[derive(Default)]
struct Sums {
    readable: u64,
    unmapped: u64,
    invisible: u64,
    scanned_pages: usize,
}

impl Sums {
    fn add(&mut self, ink: &Ink) {
        self.readable += readable(&ink.glyphs);
        self.unmapped += ink.unmapped;
        self.invisible += ink.invisible;
        self.scanned_pages += usize::from(is_scan(ink));
    }

    fn judge(&self, pages: usize, name: &str) -> Result<(), Unreadable> {
        if self.scanned_pages * 2 > pages && self.readable <= SCAN_CHARS_MAX * pages as u64 {
            return Err(scanned_pdf(name, pages));
        }
        if self.readable > 0 && self.unmapped * 2 > self.readable {
            return Err(unmapped_text(name));
        }
        Ok(())
    }
}

fn readable(glyphs: &[Glyph]) -> u64 {
    glyphs.iter().filter(|glyph| is_readable(glyph.c)).count() as u64
}

fn is_scan(ink: &Ink) -> bool {
    ink.images > 0 && ink.image_cover >= SCAN_COVER_MIN && readable(&ink.glyphs) <= SCAN_CHARS_MAX
}

/// Tells what of a page is not read: images, watermarks, text beside the page.
fn note_page(ink: &Ink, number: u32, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    let place = Place {
        page: Some(number),
        ..Place::default()
    };
    if is_scan(ink) {
        out.note(
            "scanned-page",
            format!("第 {number} 页是扫描图像，其中的文字未读取，请补录。"),
            place,
        );
    } else if ink.images > 0 {
        let message = format!(
            "第 {number} 页的 {} 幅图片已略去，如图中有文字请对照原文补录。",
            ink.images
        );
        out.note("image-dropped", message, place);
    }
    for (chars, code, what) in [
        (ink.slanted, "slanted-text", "斜排文字（如水印）"),
        (ink.outside, "text-outside-page", "页面以外的文字"),
    ] {
        if chars > 0 {
            out.see_chars(chars)?;
            out.drop_chars(
                code,
                format!("第 {number} 页{what} {chars} 个字已略去。"),
                place,
                chars,
            );
        }
    }
    Ok(())
}

/// Puts the glyphs into the grids. Gives those back that lie in none.
fn fill(
    grids: &[rules::Grid],
    glyphs: Vec<Glyph>,
    number: u32,
    out: &mut Collector<'_>,
) -> Result<(Vec<Part>, Vec<Glyph>), Unreadable> {
    let boxes: Vec<rules::Box_> = grids.iter().map(rules::Grid::bounds).collect();
    let mut inside: Vec<Vec<Glyph>> = vec![Vec::new(); grids.len()];
    let mut outside = Vec::new();
    for glyph in glyphs {
        let (x, y) = glyph.middle();
        match boxes
            .iter()
            .position(|bounds| bounds.holds(x, y))
            .and_then(|index| inside.get_mut(index))
        {
            Some(table) => table.push(glyph),
            None => outside.push(glyph),
        }
    }
    let mut parts = Vec::with_capacity(grids.len());
    for (grid, glyphs) in grids.iter().zip(inside) {
        let (part, rest) = Part::fill(grid, glyphs, number);
        outside.extend(rest);
        out.reserve_cells(part.cells())?;
        parts.push(part);
    }
    Ok((parts, outside))
}

/// The ink of a page as lines and tables.
fn lay_out(
    ink: Ink,
    number: u32,
    carried: &mut Carried,
    out: &mut Collector<'_>,
) -> Result<Page, Unreadable> {
    let place = Place {
        page: Some(number),
        ..Place::default()
    };
    let (furniture, body): (Vec<Glyph>, Vec<Glyph>) = ink
        .glyphs
        .into_iter()
        .partition(|glyph| glyph.layer == Layer::Pagination);
    for line in lines::lines(furniture, true) {
        let chars = crate::count::readable_chars(&line.text);
        out.see_chars(chars)?;
        let message = format!("页眉、页脚或页码“{}”不是正文，已略去。", line.text);
        out.drop_chars("header-dropped", message, place, chars);
    }
    let (grids, too_many) = rules::grids(ink.horizontal, ink.vertical, out.limits().grid_slots);
    if too_many {
        out.note(
            "rules-too-many",
            format!("第 {number} 页的线条过多，未按表格读取，请核对。"),
            place,
        );
    }
    let (mut parts, outside) = fill(&grids, body, number, out)?;
    let open = open::grids(&outside, ink.height, carried);
    if grids.is_empty()
        && open.is_empty()
        && let Some(page) = columns::unfolded(&outside)
    {
        out.note(
            "columns-unfolded",
            format!("第 {number} 页分两栏排印，已先左栏后右栏读取，请核对。"),
            place,
        );
        let mut told = Page::new(
            number,
            ink.height + page.more,
            lines::lines(page.glyphs, true),
            Vec::new(),
        );
        told.column = Some(page.measure);
        return Ok(told);
    }
    let (guessed, outside) = fill(&open, outside, number, out)?;
    parts.extend(guessed.into_iter().map(Part::without_lines));
    Ok(Page::new(
        number,
        ink.height,
        lines::lines(outside, true),
        parts,
    ))
}
