//! A PDF with words covered. A page with such words is drawn anew as a picture in which they are black: nothing lies under them.
//! A page with words that nobody sees, under boxes or white on white, is drawn anew as it is seen.
//! Its words, as they stand now, lie on it unseen, so that it can still be searched, copied and read aloud.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use hayro_svg::hayro_interpret::InterpreterSettings;
use hayro_svg::hayro_interpret::font::FontQuery;
use hayro_svg::hayro_syntax::Pdf as Drawing;
use hayro_svg::hayro_syntax::page::Page;
use hayro_svg::{RenderCache, SvgRenderSettings, convert};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::cover::{Changes, Piece};
use super::{cannot_clean, pdf};
use crate::block::Unreadable;
use crate::limits::{Deadline, Limits};
use crate::pdf::{After, Room, Sheet, Stretch, load, sheets, text_sheets};
use crate::refusal::{damaged, too_large};

/// Dots per point: 200 an inch, as for print.
const SCALE: f32 = 200.0 / 72.0;
/// Dots of one page; a larger one is drawn coarser.
const DOTS_MAX: f32 = 8_000_000.0;
/// Pages that are drawn for one copy.
const DRAWN_MAX: usize = 100;
/// Bytes of one page as a drawing.
const DRAWING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Two readers of a page that tell its size differently, by points.
const SIZE_SNAP: f64 = 1.5;
/// What a document tells of itself beside its pages: names of chapters, of form fields, words behind drawn letters.
const TOLD: [&[u8]; 7] = [
    b"AcroForm",
    b"Dests",
    b"MarkInfo",
    b"Outlines",
    b"PageLabels",
    b"StructTreeRoot",
    b"Threads",
];
/// What a page says of what stood on it.
const OF_PAGE: [&[u8]; 9] = [
    b"Annots",
    b"ArtBox",
    b"B",
    b"BleedBox",
    b"Group",
    b"StructParents",
    b"Tabs",
    b"Thumb",
    b"TrimBox",
];

pub(super) fn pieces(bytes: &[u8], limits: &Limits) -> Result<Vec<Piece>, Unreadable> {
    let document = load(bytes, limits)?;
    let mut pieces = Vec::new();
    for (number, sheet) in (1_usize..).zip(text_sheets(&document, limits)?) {
        let mut after = After::LineEnd;
        for stretch in sheet.stretches {
            pieces.push(Piece {
                place: format!("第{number}页{}", stretch.place),
                text: stretch.text(),
                before: match after {
                    After::More | After::LineEnd => String::new(),
                    After::Blank => " ".to_owned(),
                    After::Column => "\t".to_owned(),
                },
                ends_line: stretch.after == After::LineEnd,
            });
            after = stretch.after;
        }
        // A page ends whatever stands on it.
        if let Some(last) = pieces.last_mut() {
            last.ends_line = true;
        }
    }
    Ok(pieces)
}

pub(super) fn cover(
    bytes: &[u8],
    changes: &Changes<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, Unreadable> {
    // Nothing else that is hidden may be drawn, or lie under what is drawn.
    redraw(pdf::without_asides(bytes, limits)?, changes, limits)
}

/// Draws the pages anew that have changes, or words that nobody sees: those are gone then. Without such pages the file
/// comes back as it was.
pub(super) fn redraw(
    clean: Vec<u8>,
    changes: &Changes<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, Unreadable> {
    let deadline = Deadline::of(limits);
    let mut document = load(&clean, limits)?;
    let covered = covered(sheets(&document, limits)?, changes)?;
    if covered.is_empty() {
        return Ok(clean);
    }
    if covered.len() > DRAWN_MAX {
        return Err(too_large(&format!("要重画的有 {} 页", covered.len())));
    }
    let drawing = Drawing::new(clean).map_err(|_| damaged("PDF 的页面画不出来，没有生成副本"))?;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let font = font(&mut document);
    for (index, sheet) in covered {
        deadline.check()?;
        let page = drawing.pages().get(index).zip(pages.get(index));
        let (page, id) = page.ok_or_else(|| damaged("PDF 的页数前后不一"))?;
        if sheet.black.is_empty() && pdf::has_drawn_notes(&document, *id) {
            let why = format!("第{}页有图章、批注或表单域，重画会丢失", index + 1);
            return Err(cannot_clean(&why));
        }
        let picture = Picture::of(page, &sheet, index + 1)?;
        replace(&mut document, *id, &sheet, &picture, font)?;
    }
    forget(&mut document)?;
    document.prune_objects();
    document.renumber_objects();
    let mut copy = Vec::new();
    document
        .save_to(&mut copy)
        .map_err(|_| damaged("副本写不出来"))?;
    Ok(copy)
}

/// No words and no property of the copy may have one of these: numbers in the text, numbers and other traces in properties.
pub(super) fn prove_gone(
    copy: &[u8],
    (gone, traces): (&BTreeSet<String>, &BTreeSet<String>),
    limits: &Limits,
) -> Result<(), Unreadable> {
    let document = load(copy, limits)?;
    let left = |place: &str| cannot_clean(&format!("被遮盖的内容还在文件的其他地方（{place}）"));
    for (number, sheet) in (1_usize..).zip(sheets(&document, limits)?) {
        let mut text = String::new();
        for stretch in &sheet.stretches {
            text.push_str(&stretch.text());
            if stretch.after != After::More {
                text.push('\n');
            }
        }
        if gone.iter().any(|number| text.contains(number.as_str())) {
            return Err(left(&format!("第{number}页")));
        }
    }
    let mut told = Vec::new();
    for object in document.objects.values() {
        strings(object, &mut told);
    }
    let tells = |one: &String| told.iter().any(|text| text.contains(one.as_str()));
    if gone.iter().chain(traces).any(tells) {
        return Err(left("文件属性"));
    }
    Ok(())
}

/// The text strings of an object, without those of its streams' content.
fn strings(object: &Object, told: &mut Vec<String>) {
    match object {
        Object::String(..) => told.push(pdf::words(object)),
        Object::Array(list) => list.iter().for_each(|one| strings(one, told)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, one)| strings(one, told)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, one)| strings(one, told)),
        _ => {}
    }
}

/// A page with covered words: the rooms that turn black, and what its lines say afterwards.
struct Covered {
    sheet: Sheet,
    black: Vec<Room>,
    said: Vec<String>,
}

/// The pages with changes, by their index.
fn covered(
    sheets: Vec<Sheet>,
    changes: &Changes<'_>,
) -> Result<BTreeMap<usize, Covered>, Unreadable> {
    let mut count = 0;
    let mut all = BTreeMap::new();
    for (index, sheet) in sheets.into_iter().enumerate() {
        let (mut black, mut said) = (Vec::new(), Vec::with_capacity(sheet.stretches.len()));
        let mut is_all_seen = true;
        for stretch in &sheet.stretches {
            let old = stretch.text();
            let new = changes.get(&count).copied().unwrap_or(&old);
            blacken_letters(stretch, new, &mut black);
            let seen = stretch.letters.iter().zip(new.chars());
            let seen = seen.filter(|(letter, _)| letter.seen);
            said.push(seen.map(|(_, c)| c).collect());
            is_all_seen &= stretch.letters.iter().all(|letter| letter.seen);
            count += 1;
        }
        if black.is_empty() && is_all_seen {
            continue;
        }
        match sheet.unread {
            Some(why) if !black.is_empty() => {
                return Err(cannot_clean(&format!("第{}页{why}，盖不准", index + 1)));
            }
            // The picture is right whatever its words are; words that are not sure are left out.
            Some(_) => said.iter_mut().for_each(String::clear),
            None => {}
        }
        all.insert(index, Covered { sheet, black, said });
    }
    Ok(all)
}

/// The rooms of the letters that are others now, those of neighbours as one: gaps would tell how wide each was.
fn blacken_letters(stretch: &Stretch, new: &str, black: &mut Vec<Room>) {
    let mut open: Option<Room> = None;
    for (old, new) in stretch.letters.iter().zip(new.chars()) {
        if old.c == new {
            black.extend(open.take());
        } else if let Some(room) = old.room {
            open = Some(open.map_or(room, |open| open.with(room)));
        }
    }
    black.extend(open);
}

/// A page as a picture: rows from the top, one byte a dot where it has no colour, else three.
struct Picture {
    width: usize,
    height: usize,
    has_colour: bool,
    dots: Vec<u8>,
}

impl Picture {
    fn of(page: &Page<'_>, covered: &Covered, number: usize) -> Result<Self, Unreadable> {
        let cannot = |why: &str| cannot_clean(&format!("第{number}页画不出来：{why}"));
        let (width, height) = page.render_dimensions();
        let sheet = &covered.sheet;
        let differs = |a: f32, b: f64| (f64::from(a) - b).abs() > SIZE_SNAP;
        if differs(width, sheet.width) || differs(height, sheet.height) {
            return Err(cannot("页面的大小读不准"));
        }
        let [is_foreign, has_failed] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let (asked, failed, unknown) = (
            Arc::clone(&is_foreign),
            Arc::clone(&has_failed),
            Arc::clone(&has_failed),
        );
        let settings = InterpreterSettings {
            font_resolver: Arc::new(move |query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(_) => {
                    asked.store(true, Ordering::Relaxed);
                    None
                }
            }),
            cmap_resolver: Arc::new(move |_| {
                unknown.store(true, Ordering::Relaxed);
                None
            }),
            warning_sink: Arc::new(move |_| failed.store(true, Ordering::Relaxed)),
            // Stamps and filled fields are not among the words that were looked at.
            render_annotations: false,
        };
        let lines = convert(
            page,
            &RenderCache::new(),
            &settings,
            &SvgRenderSettings::default(),
        );
        if is_foreign.load(Ordering::Relaxed) {
            return Err(cannot("有的字体没有嵌入文件，请嵌入字体后重新导出"));
        }
        if has_failed.load(Ordering::Relaxed) {
            return Err(cannot("有的字体或图片无法识别"));
        }
        let (drawn, size) = drawn(&lines, (width, height)).ok_or_else(|| cannot("太复杂"))?;
        let mut dots: Vec<[u8; 3]> = drawn
            .data()
            .chunks_exact(4)
            .filter_map(|dot| dot.first_chunk().copied())
            .collect();
        for room in &covered.black {
            blacken(&mut dots, size, room, (sheet.width, sheet.height));
        }
        let has_colour = dots.iter().any(|[r, g, b]| r != g || g != b);
        Ok(Self {
            width: size.0,
            height: size.1,
            has_colour,
            dots: if has_colour {
                dots.into_flattened()
            } else {
                dots.into_iter().map(|[grey, ..]| grey).collect()
            },
        })
    }
}

/// A drawing on white paper, and how many dots it is wide and high.
fn drawn(lines: &str, (width, height): (f32, f32)) -> Option<(Pixmap, (usize, usize))> {
    if lines.len() > DRAWING_BYTES_MAX {
        return None;
    }
    let tree = Tree::from_str(lines, &Options::default()).ok()?;
    let scale = SCALE.min((DOTS_MAX / (width * height).max(1.0)).sqrt());
    let dots = |points: f32| (points * scale).ceil().max(1.0) as u32;
    let mut drawn = Pixmap::new(dots(width), dots(height))?;
    drawn.fill(Color::WHITE);
    let scaled = |dots: u32, points: f32| dots as f32 / points.max(1.0);
    let transform =
        Transform::from_scale(scaled(drawn.width(), width), scaled(drawn.height(), height));
    resvg::render(&tree, transform, &mut drawn.as_mut());
    let size = (drawn.width() as usize, drawn.height() as usize);
    Some((drawn, size))
}

fn blacken(
    dots: &mut [[u8; 3]],
    (width, height): (usize, usize),
    room: &Room,
    (of_width, of_height): (f64, f64),
) {
    // Whole dots: what a letter touches is black.
    let span = |from: f64, to: f64, of: f64, dots: usize| {
        let dot = dots as f64 / of.max(1.0);
        let from = (from * dot).floor().max(0.0) as usize;
        let to = (to * dot).ceil().max(0.0) as usize;
        from.min(dots)..to.min(dots)
    };
    let columns = span(room.left, room.right, of_width, width);
    for row in span(room.top, room.bottom, of_height, height) {
        let start = row * width;
        if let Some(row) = dots.get_mut(start + columns.start..start + columns.end) {
            row.fill([0; 3]);
        }
    }
}

/// The font that every reader of PDF has for Chinese; nothing is drawn with it.
fn font(document: &mut Document) -> ObjectId {
    const NAME: &str = "STSong-Light";
    const WITH_CODES: &str = "STSong-Light-UniGB-UTF16-H";
    let descriptor = document.add_object(dictionary! {
        "Type" => "FontDescriptor",
        "FontName" => NAME,
        "Flags" => 6,
        "FontBBox" => vec![0.into(), (-120).into(), 1_000.into(), 880.into()],
        "ItalicAngle" => 0,
        "Ascent" => 880,
        "Descent" => -120,
        "CapHeight" => 700,
        "StemV" => 80,
    });
    let system = dictionary! {
        "Registry" => Object::string_literal("Adobe"),
        "Ordering" => Object::string_literal("GB1"),
        "Supplement" => 2,
    };
    let glyphs = document.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "CIDFontType0",
        "BaseFont" => NAME,
        "CIDSystemInfo" => system,
        "FontDescriptor" => descriptor,
    });
    document.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "BaseFont" => WITH_CODES,
        "Encoding" => "UniGB-UTF16-H",
        "DescendantFonts" => vec![glyphs.into()],
    })
}

fn replace(
    document: &mut Document,
    page: ObjectId,
    covered: &Covered,
    picture: &Picture,
    font: ObjectId,
) -> Result<(), Unreadable> {
    let colours = if picture.has_colour {
        "DeviceRGB"
    } else {
        "DeviceGray"
    };
    let image = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::try_from(picture.width).unwrap_or_default(),
        "Height" => i64::try_from(picture.height).unwrap_or_default(),
        "ColorSpace" => colours,
        "BitsPerComponent" => 8,
    };
    let image = document.add_object(packed(image, &picture.dots)?);
    let content = packed(Dictionary::new(), content(covered).as_bytes())?;
    let content = document.add_object(content);
    let (width, height) = (covered.sheet.width as f32, covered.sheet.height as f32);
    let seen = vec![0.into(), 0.into(), width.into(), height.into()];
    let dict = document
        .get_dictionary_mut(page)
        .map_err(|_| damaged("PDF 的页面读不出来"))?;
    for key in OF_PAGE {
        dict.remove(key);
    }
    dict.set("Contents", content);
    dict.set(
        "Resources",
        dictionary! {
            "XObject" => dictionary! { "P" => image },
            "Font" => dictionary! { "F" => font },
        },
    );
    // Also where a node above says otherwise.
    dict.set("MediaBox", seen.clone());
    dict.set("CropBox", seen);
    dict.set("Rotate", 0);
    Ok(())
}

fn packed(mut dict: Dictionary, bytes: &[u8]) -> Result<Stream, Unreadable> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    let packed = packed.map_err(|_| damaged("副本写不出来"))?;
    dict.set("Filter", "FlateDecode");
    Ok(Stream::new(dict, packed))
}

/// The picture over the whole page, then the words without ink, each line as long as it was.
fn content(covered: &Covered) -> String {
    let Sheet {
        width,
        height,
        turn,
        stretches,
        ..
    } = &covered.sheet;
    let (dx, dy) = turn.step();
    let mut content = format!("q {width:.2} 0 0 {height:.2} 0 0 cm /P Do Q\nBT 3 Tr\n");
    for (stretch, text) in stretches.iter().zip(&covered.said) {
        if text.is_empty() {
            continue;
        }
        let (x, y) = (stretch.start.0, height - stretch.start.1);
        let letters = text.chars().count().max(1) as f64;
        let stretched = 100.0 * stretch.length / (letters * stretch.size.max(0.1));
        let codes: String = text
            .encode_utf16()
            .map(|unit| format!("{unit:04X}"))
            .collect();
        content.push_str(&format!(
            "/F {:.2} Tf {stretched:.2} Tz {dx} {dy} {} {dx} {x:.2} {y:.2} Tm <{codes}> Tj\n",
            stretch.size, -dy
        ));
    }
    content.push_str("ET\n");
    content
}

/// What the document tells beside its pages goes: it may repeat words that are covered.
fn forget(document: &mut Document) -> Result<(), Unreadable> {
    let catalog = document
        .catalog_mut()
        .map_err(|_| damaged("PDF 的目录无法读取"))?;
    for key in TOLD {
        catalog.remove(key);
    }
    for object in document.objects.values_mut() {
        if let Ok(dict) = object.as_dict_mut() {
            dict.remove(b"StructParents");
            dict.remove(b"StructParent");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use lopdf::{Document, Object, Stream, dictionary};

    use crate::Unreadable;
    use crate::hidden::cover::{Change, cover, pieces};
    use crate::hidden::{Place, clean, scan};
    use crate::limits::Limits;
    use crate::pdf::tests::Writer;

    const NUMBER: &str = "440203199003070016";
    const COVERED: &str = "440*************16";
    /// Points of a digit of Helvetica at the size that the pages use.
    const DIGIT: f64 = 0.556 * 20.0;
    const LEFT: f64 = 100.0;
    const BASE: f64 = 700.0;

    /// Pages of lines in a font that every reader has.
    fn file(pages: &[&[(f64, &str)]], more: &str) -> Vec<u8> {
        let mut document = Document::with_version("1.5");
        let tree = document.new_object_id();
        let widths: Vec<Object> = vec![556.into(); 96];
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "Helvetica",
            "FirstChar" => 32, "Widths" => widths, "Encoding" => "WinAnsiEncoding",
        });
        let kids: Vec<Object> = pages
            .iter()
            .map(|lines| {
                let shown: String = lines
                    .iter()
                    .map(|(y, text)| format!("BT /F 20 Tf 1 0 0 1 {LEFT} {y} Tm ({text}) Tj ET\n"))
                    .collect();
                let content = document.add_object(Stream::new(dictionary! {}, shown.into()));
                let page = dictionary! {
                    "Type" => "Page", "Parent" => tree, "Contents" => content,
                    "MediaBox" => vec![0.into(), 0.into(), 600.into(), 800.into()],
                    "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
                };
                document.add_object(page).into()
            })
            .collect();
        let count = i64::try_from(kids.len()).unwrap();
        let nodes = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        document.objects.insert(tree, nodes.into());
        let outlines = dictionary! { "Title" => Object::string_literal(more) };
        let outlines = document.add_object(outlines);
        let catalog = dictionary! { "Type" => "Catalog", "Pages" => tree, "Outlines" => outlines };
        let catalog = document.add_object(catalog);
        document.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn covered(file: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let all = pieces(file, &Limits::default()).unwrap();
        let changes: Vec<Change> = all
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.text.contains(NUMBER))
            .map(|(n, piece)| (n, piece.text.replace(NUMBER, COVERED)))
            .collect();
        assert!(!changes.is_empty(), "{all:?}");
        cover(file, &changes, &Limits::default())
    }

    fn texts(file: &[u8]) -> Vec<String> {
        let pieces = pieces(file, &Limits::default()).unwrap();
        pieces.into_iter().map(|piece| piece.text).collect()
    }

    /// The picture of a page: dots a row, dots.
    fn picture(copy: &[u8]) -> (usize, Vec<u8>) {
        let document = Document::load_mem(copy).unwrap();
        let mut pictures = document.objects.values().filter_map(|object| {
            let stream = object.as_stream().ok()?;
            let width = stream.dict.get(b"Width").ok()?.as_i64().ok()?;
            assert_eq!(
                stream.dict.get(b"ColorSpace").ok()?.as_name().ok()?,
                b"DeviceGray"
            );
            let dots = stream.get_plain_content().unwrap();
            Some((usize::try_from(width).unwrap(), dots))
        });
        let picture = pictures.next().unwrap();
        assert!(pictures.next().is_none());
        picture
    }

    #[test]
    fn a_number_is_black_on_its_page_and_the_other_page_stays_as_it_was() {
        let line = format!("ID {NUMBER} ok");
        let bytes = file(
            &[
                &[(BASE, line.as_str()), (600.0, "street 12")],
                &[(BASE, "nothing here")],
            ],
            NUMBER,
        );
        let copy = covered(&bytes).unwrap();
        let said = texts(&copy);
        assert_eq!(
            said,
            [
                format!("ID {COVERED} ok"),
                "street 12".to_owned(),
                "nothing here".to_owned()
            ]
        );
        let raw = String::from_utf8_lossy(&copy);
        assert!(!raw.contains(NUMBER), "the outline is gone, too");
        let (width, dots) = picture(&copy);
        let dot = width as f64 / 600.0;
        let at = |x: f64, y: f64| {
            let row = ((800.0 - y) * dot) as usize;
            dots[row * width + (x * dot) as usize]
        };
        // "ID 440" stands before what is covered, "16 ok" behind it.
        for digit in 6..19 {
            for part in [0.05, 0.5, 0.95] {
                let x = LEFT + (f64::from(digit) + part) * DIGIT;
                for y in [BASE - 4.0, BASE + 5.0, BASE + 16.0] {
                    assert_eq!(at(x, y), 0, "{digit} {part} {y}");
                }
            }
        }
        let row = |y: f64, from: f64, to: f64| {
            let steps = ((to - from) * dot) as usize;
            (0..steps).any(|n| at(from + n as f64 / dot, y) < 128)
        };
        assert!(row(BASE + 7.0, LEFT, LEFT + 3.0 * DIGIT), "ID is drawn");
        assert!(row(607.0, LEFT, LEFT + 9.0 * DIGIT), "street is drawn");
        let blank = at(LEFT + 21.5 * DIGIT, BASE + 5.0);
        assert_eq!(blank, 255, "the blank behind the number stays white");
        assert_eq!(at(50.0, BASE + 5.0), 255);
    }

    /// The same file with something more drawn on its first page.
    fn drawn_over(file: &[u8], drawn: &str) -> Vec<u8> {
        let mut document = Document::load_mem(file).unwrap();
        let first = document.page_iter().next().unwrap();
        document
            .add_page_contents(first, drawn.as_bytes().to_vec())
            .unwrap();
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn what_lies_under_a_box_is_gone_and_the_rest_can_still_be_read() {
        let bytes = file(
            &[
                &[(BASE, NUMBER), (600.0, "street 12")],
                &[(BASE, "nothing here")],
            ],
            "",
        );
        let boxed = drawn_over(&bytes, "0 g 90 690 300 30 re f\n");
        let limits = Limits::default();
        let found = scan(&boxed, &limits).unwrap();
        assert!(
            found
                .iter()
                .any(|one| one.what == Place::CoveredText && one.text.contains(NUMBER)),
            "{found:?}"
        );
        let copy = clean(&boxed, &limits).unwrap();
        assert!(scan(&copy, &limits).unwrap().is_empty());
        assert_eq!(texts(&copy), ["street 12", "nothing here"]);
        let (width, dots) = picture(&copy);
        let dot = width as f64 / 600.0;
        let at = |x: f64, y: f64| dots[((800.0 - y) * dot) as usize * width + (x * dot) as usize];
        for digit in 0..NUMBER.len() {
            let x = LEFT + (digit as f64 + 0.5) * DIGIT;
            assert_eq!(at(x, BASE + 5.0), 0, "the box is drawn");
        }
        let masked = covered(&boxed).unwrap();
        assert!(
            !texts(&masked)
                .iter()
                .any(|text| text.contains(NUMBER) || text.contains(COVERED))
        );
    }

    #[test]
    fn a_page_with_a_stamp_is_not_drawn_anew() {
        let bytes = file(&[&[(BASE, NUMBER)]], "");
        let boxed = drawn_over(&bytes, "0 g 90 690 300 30 re f\n");
        let mut document = Document::load_mem(&boxed).unwrap();
        let stamp = document.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Stamp",
            "Rect" => vec![10.into(), 10.into(), 90.into(), 90.into()],
        });
        let first = document.page_iter().next().unwrap();
        let page = document.get_dictionary_mut(first).unwrap();
        page.set("Annots", vec![Object::from(stamp)]);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        let refused = clean(&bytes, &Limits::default()).unwrap_err();
        assert!(refused.message.contains("图章"), "{}", refused.message);
    }

    #[test]
    fn a_number_over_two_lines_is_one() {
        let first = format!("a line up to the border {}", &NUMBER[..9]);
        let bytes = file(&[&[(BASE, first.as_str()), (675.0, &NUMBER[9..])]], "");
        let found = pieces(&bytes, &Limits::default()).unwrap();
        let ends: Vec<bool> = found.iter().map(|piece| piece.ends_line).collect();
        assert_eq!(ends, [false, true], "{found:?}");
        assert!(found[1].before.is_empty());
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let mut writer = Writer::default();
        let text = writer.text(LEFT, BASE, 20.0, &format!("号码 {NUMBER}"));
        writer.page(text);
        let refused = covered(&writer.finish()).unwrap_err();
        assert!(
            refused.message.contains("请嵌入字体"),
            "{}",
            refused.message
        );
    }
}
