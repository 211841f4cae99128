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

/// A page in a Chinese font that is not in the file, as older programs print it: Latin letters are half an em wide.
fn unembedded(text: &str) -> Vec<u8> {
    let lines: &[(f64, &str)] = &[];
    let mut document = Document::load_mem(&file(&[lines], "")).unwrap();
    let system = dictionary! {
        "Registry" => Object::string_literal("Adobe"),
        "Ordering" => Object::string_literal("GB1"),
        "Supplement" => 2,
    };
    let glyphs = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "STSong-Light",
        "CIDSystemInfo" => system,
        "W" => vec![Object::Integer(1), Object::Integer(95), Object::Integer(500)],
    });
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "STSong-Light",
        "Encoding" => "UniGB-UCS2-H", "DescendantFonts" => vec![Object::from(glyphs)],
    });
    let codes: String = text
        .encode_utf16()
        .map(|unit| format!("{unit:04X}"))
        .collect();
    let shown = format!("BT /C 20 Tf 1 0 0 1 {LEFT} {BASE} Tm <{codes}> Tj ET\n");
    let content = document.add_object(Stream::new(dictionary! {}, shown.into()));
    let first = document.page_iter().next().unwrap();
    let page = document.get_dictionary_mut(first).unwrap();
    page.set("Contents", content);
    page.set(
        "Resources",
        dictionary! { "Font" => dictionary! { "C" => font } },
    );
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_chinese_font_that_is_not_in_the_file_is_drawn_with_one_of_this_machine() {
    // A picture with fewer characters counts as a scan.
    let end = "完，以上号码已经核对";
    let line = format!("号码{NUMBER}{end}");
    let bytes = unembedded(&line);
    assert_eq!(texts(&bytes), [line.as_str()]);
    let copy = covered(&bytes);
    if !super::font::is_there() {
        let refused = copy.unwrap_err();
        assert!(refused.message.contains("没有嵌入"), "{}", refused.message);
        return;
    }
    let copy = copy.unwrap();
    assert_eq!(texts(&copy), [format!("号码{COVERED}{end}")]);
    let (width, dots) = picture(&copy);
    let dot = width as f64 / 600.0;
    let at = |x: f64, y: f64| dots[((800.0 - y) * dot) as usize * width + (x * dot) as usize];
    let has_ink = |from: f64, to: f64| {
        let steps = ((to - from) * dot) as usize;
        (0..steps).any(|n| (0..16).any(|up| at(from + n as f64 / dot, BASE + f64::from(up)) < 128))
    };
    // Two characters of one em, then digits of half an em: the fourth to the sixteenth are black.
    let digit = |n: f64| LEFT + 40.0 + n * 10.0;
    for n in 3..16 {
        for part in [0.1, 0.5, 0.9] {
            let x = digit(f64::from(n) + part);
            for y in [BASE - 3.0, BASE + 5.0, BASE + 16.0] {
                assert_eq!(at(x, y), 0, "{n} {part} {y}");
            }
        }
    }
    for (from, to) in [
        (LEFT, LEFT + 20.0),
        (LEFT + 20.0, digit(0.0)),
        (digit(0.0), digit(2.5)),
        (digit(16.5), digit(18.0)),
        (digit(18.0), digit(20.0)),
    ] {
        assert!(has_ink(from, to), "{from} to {to}");
        assert!((0..3).any(|n| at(from + f64::from(n) * 2.0 + 1.0, BASE + 18.5) == 255));
    }
    // What the font lacks would be missing from the copy.
    let rare = unembedded(&format!("ก{NUMBER}"));
    let refused = covered(&rare).unwrap_err();
    assert!(refused.message.contains("没有嵌入"), "{}", refused.message);
}
