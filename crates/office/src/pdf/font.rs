//! Fonts as a reader of text needs them: bytes to codes, codes to characters and widths.

use std::collections::HashMap;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE};
use lopdf::{Dictionary, Document, Object};

use super::cmap::CMap;
use crate::limits::Limits;

/// Bytes of one character map, unpacked.
const MAP_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Entries of a width table.
const WIDTHS_MAX: usize = 100_000;
/// Width of a full-width character, in thousandths of the font size.
const FULL: f64 = 1000.0;

/// One code of a string as it is drawn.
pub(super) struct Drawn {
    /// `None` when the font does not tell which character its glyph is.
    pub(super) text: Option<String>,
    /// In thousandths of the font size.
    pub(super) width: f64,
    /// A single-byte blank, to which word spacing applies.
    pub(super) is_space: bool,
}

pub(super) struct Font {
    codes: Codes,
    to_text: CMap,
    /// Texts of single-byte codes where there is no map.
    single: Vec<Option<String>>,
    widths: HashMap<u32, f64>,
    default_width: f64,
    pub(super) vertical: bool,
}

enum Codes {
    Single,
    /// Two bytes, which are the CID.
    Identity,
    /// A map inside the file: codes to CIDs.
    Mapped(CMap),
    /// A well-known map whose codes are text in this encoding.
    Text(&'static Encoding),
}

impl Font {
    pub(super) fn load(dictionary: &Dictionary, document: &Document, limits: &Limits) -> Self {
        let map_bytes =
            MAP_BYTES_MAX.min(usize::try_from(limits.unpacked_bytes).unwrap_or(MAP_BYTES_MAX));
        let map_of = |object: &Object| match object {
            Object::Stream(stream) => stream
                .get_plain_content_with_limit(map_bytes)
                .ok()
                .map(|bytes| CMap::parse(&bytes)),
            _ => None,
        };
        let to_text = dictionary
            .get_deref(b"ToUnicode", document)
            .ok()
            .and_then(map_of)
            .unwrap_or_default();
        let kind = dictionary
            .get_deref(b"Subtype", document)
            .and_then(Object::as_name)
            .unwrap_or_default();
        if kind != b"Type0" {
            return Self::simple(dictionary, document, to_text, kind == b"Type3");
        }
        let encoding = dictionary.get_deref(b"Encoding", document).ok();
        let (codes, vertical) = match encoding {
            Some(Object::Name(name)) => (codes_by_name(name), name.ends_with(b"-V")),
            Some(stream) => match map_of(stream).filter(CMap::has_spaces) {
                Some(map) => {
                    let vertical = map.vertical;
                    (Codes::Mapped(map), vertical)
                }
                None => (Codes::Identity, false),
            },
            None => (Codes::Identity, false),
        };
        let descendant = dictionary
            .get_deref(b"DescendantFonts", document)
            .and_then(Object::as_array)
            .ok()
            .and_then(|list| list.first())
            .and_then(|first| document.dereference(first).ok())
            .and_then(|(_, object)| object.as_dict().ok());
        let default_width = descendant
            .and_then(|font| font.get_deref(b"DW", document).ok())
            .and_then(number)
            .unwrap_or(FULL);
        let widths = descendant
            .map(|font| cid_widths(font, document))
            .unwrap_or_default();
        Self {
            codes,
            to_text,
            single: Vec::new(),
            widths,
            default_width,
            vertical,
        }
    }

    fn simple(
        dictionary: &Dictionary,
        document: &Document,
        to_text: CMap,
        own_units: bool,
    ) -> Self {
        let first = dictionary
            .get_deref(b"FirstChar", document)
            .and_then(Object::as_i64)
            .unwrap_or(0);
        // The glyphs of a Type 3 font are measured in units of its own.
        let unit = match dictionary
            .get_deref(b"FontMatrix", document)
            .and_then(Object::as_array)
        {
            Ok(matrix) if own_units => {
                matrix.first().and_then(number).unwrap_or(0.001).abs() * FULL
            }
            _ => 1.0,
        };
        let mut widths = HashMap::new();
        if let Ok(list) = dictionary
            .get_deref(b"Widths", document)
            .and_then(Object::as_array)
        {
            for (index, width) in list.iter().take(256).enumerate() {
                let width = document
                    .dereference(width)
                    .ok()
                    .and_then(|(_, width)| number(width));
                let code = u32::try_from(first)
                    .ok()
                    .and_then(|first| first.checked_add(u32::try_from(index).ok()?));
                if let (Some(code), Some(width)) = (code, width) {
                    widths.insert(code, width * unit);
                }
            }
        }
        let missing = dictionary
            .get_deref(b"FontDescriptor", document)
            .and_then(Object::as_dict)
            .ok()
            .and_then(|descriptor| descriptor.get_deref(b"MissingWidth", document).ok())
            .and_then(number);
        let default_width = missing.filter(|width| *width > 0.0).unwrap_or(500.0);
        let single = if to_text.is_empty() {
            single_texts(dictionary, document)
        } else {
            Vec::new()
        };
        Self {
            codes: Codes::Single,
            to_text,
            single,
            widths,
            default_width,
            vertical: false,
        }
    }

    /// The next code of a string and the bytes it took (at least one, unless `bytes` is empty).
    pub(super) fn draw(&self, bytes: &[u8]) -> (Drawn, usize) {
        match &self.codes {
            Codes::Single => self.draw_single(bytes),
            Codes::Identity => self.draw_code(bytes, bytes.len().min(2), Some),
            Codes::Mapped(map) => {
                self.draw_code(bytes, map.code_length(bytes), |code| map.cid(code))
            }
            Codes::Text(encoding) => self.draw_text(bytes, encoding),
        }
    }

    fn draw_single(&self, bytes: &[u8]) -> (Drawn, usize) {
        let byte = bytes.first().copied().unwrap_or(0);
        let code = u32::from(byte);
        let text = self
            .to_text
            .text(code)
            .or_else(|| self.single.get(usize::from(byte)).cloned().flatten());
        let width = self
            .widths
            .get(&code)
            .copied()
            .unwrap_or(self.default_width);
        (
            Drawn {
                text,
                width,
                is_space: byte == 32,
            },
            1,
        )
    }

    fn draw_code(
        &self,
        bytes: &[u8],
        length: usize,
        cid: impl Fn(u32) -> Option<u32>,
    ) -> (Drawn, usize) {
        let length = length.max(1);
        let code = bytes
            .iter()
            .take(length)
            .fold(0, |sum, &byte| sum << 8 | u32::from(byte));
        let width = cid(code)
            .and_then(|cid| self.widths.get(&cid))
            .copied()
            .unwrap_or(self.default_width);
        let drawn = Drawn {
            text: self.to_text.text(code),
            width,
            is_space: length == 1 && code == 32,
        };
        (drawn, length)
    }

    /// The CIDs behind a well-known map are not at hand, and not needed: its codes are text, full-width but for the single
    /// bytes. Where its codes are Unicode, Latin letters have the CIDs from 1 on, in all the collections.
    fn draw_text(&self, bytes: &[u8], encoding: &'static Encoding) -> (Drawn, usize) {
        let length = text_code_length(bytes, encoding).max(1);
        let code = bytes.get(..length.min(bytes.len())).unwrap_or_default();
        let value = code.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte));
        let (decoded, _, broken) = encoding.decode(code);
        let text = self
            .to_text
            .text(value)
            .or_else(|| (!broken).then(|| decoded.into_owned()));
        let narrow = text.as_deref().is_some_and(|text| text.is_ascii());
        let width = if encoding == UTF_16BE {
            let known = latin_cid(value).and_then(|cid| self.widths.get(&cid));
            known.copied().unwrap_or(self.default_width)
        } else if narrow {
            FULL / 2.0
        } else {
            self.default_width
        };
        (
            Drawn {
                text,
                width,
                is_space: code == b" ",
            },
            length,
        )
    }
}

fn codes_by_name(name: &[u8]) -> Codes {
    let name = String::from_utf8_lossy(name);
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    if name.contains("UCS2") || name.contains("UTF16") {
        Codes::Text(UTF_16BE)
    } else if starts(&["GBK", "GB-", "GBpc"]) {
        Codes::Text(GB18030)
    } else if starts(&["B5", "ETen", "HKscs"]) {
        Codes::Text(BIG5)
    } else {
        Codes::Identity
    }
}

/// The CID of a Latin code of Unicode; signs of control are blanks. Pages are drawn by the same numbers.
fn latin_cid(code: u32) -> Option<u32> {
    match code {
        0x20..=0x7E => code.checked_sub(0x1F),
        0..=0x1F | 0x7F..=0x9F => Some(1),
        _ => None,
    }
}

fn text_code_length(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let first = bytes.first().copied().unwrap_or(0);
    if encoding == UTF_16BE {
        return if (0xD8..0xDC).contains(&first) { 4 } else { 2 };
    }
    let four = encoding == GB18030 && bytes.get(1).is_some_and(u8::is_ascii_digit);
    match first {
        0..=0x80 => 1,
        _ if four => 4,
        _ => 2,
    }
}

/// `W`: `first [w w w]` or `first last w`.
fn cid_widths(font: &Dictionary, document: &Document) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let Ok(list) = font.get_deref(b"W", document).and_then(Object::as_array) else {
        return widths;
    };
    let mut entries = list
        .iter()
        .filter_map(|entry| document.dereference(entry).ok().map(|(_, object)| object));
    while let (Some(first), Some(second)) = (entries.next().and_then(cid), entries.next()) {
        if widths.len() > WIDTHS_MAX {
            break;
        }
        if let Object::Array(list) = second {
            for (code, width) in (first..).zip(list).take(WIDTHS_MAX) {
                if let Some(width) = document
                    .dereference(width)
                    .ok()
                    .and_then(|(_, width)| number(width))
                {
                    widths.insert(code, width);
                }
            }
        } else if let (Some(last), Some(width)) = (cid(second), entries.next().and_then(number)) {
            widths.extend((first..=last).take(WIDTHS_MAX).map(|code| (code, width)));
        }
    }
    widths
}

fn cid(object: &Object) -> Option<u32> {
    u32::try_from(object.as_i64().ok()?)
        .ok()
        .filter(|cid| *cid <= 0xFFFF)
}

fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(number) => Some(*number as f64),
        Object::Real(number) => Some(f64::from(*number)),
        _ => None,
    }
}

/// What each byte means by the font's encoding: base table and differences.
fn single_texts(dictionary: &Dictionary, document: &Document) -> Vec<Option<String>> {
    // The library wants the type named, which some writers leave out.
    let mut font = dictionary.clone();
    font.set("Type", Object::Name(b"Font".to_vec()));
    let Ok(encoding) = font.get_font_encoding_with_limit(document, MAP_BYTES_MAX) else {
        return Vec::new();
    };
    (0..=255u8)
        .map(|byte| {
            let text = Document::decode_text(&encoding, &[byte]).ok()?;
            Some(text).filter(|text| !text.is_empty() && !text.contains('\u{FFFD}'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use lopdf::{Document, Stream, dictionary};

    use super::*;

    fn font(dictionary: Dictionary, document: &Document) -> Font {
        Font::load(&dictionary, document, &Limits::default())
    }

    /// Text and widths of a whole string.
    fn drawn(font: &Font, bytes: &[u8]) -> (String, Vec<f64>) {
        let (mut rest, mut text, mut widths) = (bytes, String::new(), Vec::new());
        while !rest.is_empty() {
            let (glyph, length) = font.draw(rest);
            text.push_str(&glyph.text.unwrap_or("?".to_owned()));
            widths.push(glyph.width);
            rest = rest.get(length..).unwrap_or_default();
        }
        (text, widths)
    }

    #[test]
    fn identity_fonts_read_their_map_and_widths() {
        let mut document = Document::new();
        let map = b"begincodespacerange <0000> <FFFF> endcodespacerange beginbfchar <0005> <5E02> endbfchar";
        let map = document.add_object(Stream::new(dictionary! {}, map.to_vec()));
        let cid = document.add_object(dictionary! {
            "DW" => 900,
            "W" => vec![5.into(), vec![Object::Integer(800)].into(), 7.into(), 9.into(), 400.into()],
        });
        let font = font(
            dictionary! {
                "Subtype" => "Type0", "Encoding" => "Identity-H", "ToUnicode" => map,
                "DescendantFonts" => vec![Object::Reference(cid)],
            },
            &document,
        );
        assert_eq!(
            drawn(&font, b"\0\x05\0\x08\0\x01"),
            ("市??".to_owned(), vec![800.0, 400.0, 900.0])
        );
    }

    #[test]
    fn well_known_chinese_maps_are_text() {
        let named = |name: &str| {
            font(
                dictionary! { "Subtype" => "Type0", "Encoding" => name },
                &Document::new(),
            )
        };
        let (gbk, _, _) = GB18030.encode("市1局");
        assert_eq!(
            drawn(&named("GBK-EUC-H"), &gbk),
            ("市1局".to_owned(), vec![1000.0, 500.0, 1000.0])
        );
        assert_eq!(drawn(&named("UniGB-UCS2-H"), b"\x5E\x02\0A").0, "市A");
        let mut document = Document::new();
        let cid = document.add_object(dictionary! {
            "W" => vec![34.into(), vec![Object::Integer(700)].into(), 35.into(), 95.into(), 500.into()],
        });
        let wide = font(
            dictionary! {
                "Subtype" => "Type0", "Encoding" => "UniGB-UCS2-H",
                "DescendantFonts" => vec![Object::Reference(cid)],
            },
            &document,
        );
        // A is CID 34; what no table names is one em wide, as it is drawn.
        assert_eq!(
            drawn(&wide, b"\0A\0B\0!\x5E\x02"),
            ("AB!市".to_owned(), vec![700.0, 500.0, 1000.0, 1000.0])
        );
        assert!(named("UniGB-UCS2-V").vertical);
    }

    #[test]
    fn simple_fonts_fall_back_on_their_encoding() {
        let font = font(
            dictionary! {
                "Subtype" => "TrueType", "Encoding" => "WinAnsiEncoding", "FirstChar" => 65,
                "Widths" => vec![Object::Integer(700)],
            },
            &Document::new(),
        );
        assert_eq!(drawn(&font, b"AB"), ("AB".to_owned(), vec![700.0, 500.0]));
    }

    #[test]
    fn every_byte_is_consumed() {
        for name in ["GBK-EUC-H", "UniGB-UTF16-H", "Identity-H", "B5pc-H"] {
            let font = font(
                dictionary! { "Subtype" => "Type0", "Encoding" => name },
                &Document::new(),
            );
            for bytes in [&b"\xD8"[..], b"\x81", b"\x81\x30", b"\xFF\xFF\xFF"] {
                assert!(!drawn(&font, bytes).1.is_empty());
            }
        }
    }
}
