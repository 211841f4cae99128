//! A page written anew: its picture, and over it its words without ink.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::Covered;
use super::picture::Picture;
use crate::block::Unreadable;
use crate::pdf::Sheet;
use crate::refusal::damaged;

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

/// The font that every reader of PDF has for Chinese; nothing is drawn with it.
pub(super) fn font(document: &mut Document) -> ObjectId {
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

pub(super) fn replace(
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
