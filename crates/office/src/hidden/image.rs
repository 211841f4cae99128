//! Photographs and other pictures: JPEG and PNG by their segments.

use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::Png;

use super::exif::{self, Exif};
use super::{Hidden, Place};
use crate::block::Unreadable;
use crate::refusal::{damaged, not_supported};
use crate::sniff::find;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
/// A picture is complete with its last scan; some bytes of filling behind it are usual.
const TAIL_BYTES_MAX: usize = 64;

fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xD8\xFF")
}

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n")
}

fn jpeg(bytes: &[u8]) -> Option<Jpeg> {
    Jpeg::from_bytes(bytes.to_vec().into()).ok()
}

fn png(bytes: &[u8]) -> Option<Png> {
    Png::from_bytes(bytes.to_vec().into()).ok()
}

pub(super) fn scan(bytes: &[u8]) -> Vec<Hidden> {
    let mut found = Vec::new();
    if is_jpeg(bytes) {
        if let Some(jpeg) = jpeg(bytes) {
            for segment in jpeg.segments() {
                segment_tells(segment, &mut found);
            }
        }
        if tail(bytes) > TAIL_BYTES_MAX {
            found.push(Hidden::new(Place::Embedded, "图片数据之后", "附加的数据"));
        }
    } else if is_png(bytes) {
        for chunk in png(bytes).iter().flat_map(Png::chunks) {
            chunk_tells(chunk.kind(), chunk.contents(), &mut found);
        }
        if png_end(bytes).is_some_and(|end| bytes.len() - end > TAIL_BYTES_MAX) {
            found.push(Hidden::new(Place::Embedded, "图片数据之后", "附加的数据"));
        }
    } else if (bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*"))
        || bytes.starts_with(b"RIFF")
    {
        let block = match find(bytes, b"EXIF") {
            Some(at) if bytes.starts_with(b"RIFF") => bytes.get(at + 8..).unwrap_or_default(),
            _ => bytes,
        };
        tell(&exif::read(block), &mut found);
    }
    found
}

fn segment_tells(segment: &JpegSegment, found: &mut Vec<Hidden>) {
    let content = segment.contents();
    match segment.marker() {
        markers::APP1 => {
            if let Some(block) = content.strip_prefix(EXIF) {
                tell(&exif::read(block), found);
            } else if let Some(packet) = content.strip_prefix(XMP) {
                xmp(&String::from_utf8_lossy(packet), found);
            }
        }
        markers::APP13 if find(content, b"8BIM\x04\x04").is_some() => {
            found.push(Hidden::new(
                Place::PhotoData,
                "IPTC 信息",
                printable(content),
            ));
        }
        markers::COM => {
            let words = printable(content);
            let sure = !words.is_empty() && !is_of_a_program(&words);
            if sure {
                found.push(Hidden::new(Place::PhotoData, "图片注释", words));
            }
        }
        markers::APP2 if content.starts_with(b"MPF\0") => {
            found.push(Hidden::new(Place::Thumbnail, "多图信息", "").doubtful());
        }
        _ => {}
    }
}

fn chunk_tells(kind: [u8; 4], content: &[u8], found: &mut Vec<Hidden>) {
    match &kind {
        b"eXIf" => tell(&exif::read(content), found),
        b"tEXt" | b"iTXt" | b"zTXt" => {
            let keyword = content.split(|byte| *byte == 0).next().unwrap_or_default();
            let keyword = String::from_utf8_lossy(keyword).into_owned();
            let rest = String::from_utf8_lossy(content.get(keyword.len()..).unwrap_or_default())
                .chars()
                .filter(|c| !c.is_control())
                .collect::<String>();
            match keyword.as_str() {
                "XML:com.adobe.xmp" => xmp(&rest, found),
                "Software" | "Creation Time" | "date:create" | "date:modify" | "date:timestamp" => {
                }
                _ => found.push(Hidden::new(
                    Place::PhotoData,
                    format!("图片文字（{keyword}）"),
                    rest,
                )),
            }
        }
        _ => {}
    }
}

fn tell(exif: &Exif, found: &mut Vec<Hidden>) {
    if let Some(position) = &exif.position {
        found.push(Hidden::new(Place::Position, "EXIF", position.as_str()));
    }
    let people: Vec<&str> = exif
        .people
        .iter()
        .map(String::as_str)
        .filter(|word| !is_of_a_program(word))
        .collect();
    if !people.is_empty() {
        found.push(Hidden::new(Place::PhotoData, "EXIF", people.join("；")));
    }
    if !exif.data.is_empty() {
        found.push(Hidden::new(Place::PhotoData, "EXIF", exif.data.join("；")).doubtful());
    }
    if exif.thumbnail {
        found.push(Hidden::new(Place::Thumbnail, "EXIF", ""));
    }
}

fn is_of_a_program(words: &str) -> bool {
    const PROGRAMS: [&str; 10] = [
        "created with",
        "lavc",
        "libjpeg",
        "jpeg-turbo",
        "gd-jpeg",
        "intel(r)",
        "lead technologies",
        "photoshop",
        "optimized",
        "file source",
    ];
    let lower = words.to_lowercase();
    PROGRAMS.iter().any(|program| lower.contains(program))
        || lower == "oplus"
        || lower.chars().all(|c| !c.is_alphanumeric())
}

/// A packet of XMP tells of people and places, or only of programs.
fn xmp(packet: &str, found: &mut Vec<Hidden>) {
    const PLACES: [&str; 3] = ["exif:GPS", "GPSLatitude", "photoshop:City"];
    const PEOPLE: [&str; 6] = [
        "dc:creator",
        "dc:description",
        "photoshop:AuthorsPosition",
        "Iptc4xmpCore:",
        "xmpRights:Owner",
        "dc:title",
    ];
    if PLACES.iter().any(|word| packet.contains(word)) {
        found.push(Hidden::new(Place::Position, "XMP", plain(packet)));
    }
    if PEOPLE.iter().any(|word| packet.contains(word)) {
        found.push(Hidden::new(Place::PhotoData, "XMP", plain(packet)));
    } else if packet.contains("tiff:Make")
        || packet.contains("xmpMM:History")
        || packet.contains("exif:DateTimeOriginal")
    {
        found.push(Hidden::new(Place::PhotoData, "XMP", "").doubtful());
    }
}

/// The text between tags.
fn plain(xml: &str) -> String {
    let (mut text, mut inside) = (String::new(), false);
    for c in xml.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| !c.is_control() && *c != '\u{FFFD}')
        .collect()
}

/// Bytes behind the end of a JPEG picture.
fn tail(bytes: &[u8]) -> usize {
    let Some(start) = scan_start(bytes) else {
        return 0;
    };
    // Data of a scan never holds an end mark.
    bytes
        .get(start..)
        .and_then(|rest| find(rest, b"\xFF\xD9"))
        .map_or(0, |found| bytes.len() - (start + found + 2))
}

/// Where the picture's last scan begins: end marks before it belong to thumbnails.
fn scan_start(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if bytes.get(at) != Some(&0xFF) {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([
            *bytes.get(at + 2)?,
            *bytes.get(at + 3)?,
        ]));
        if marker == 0xDA {
            return Some(at + 2 + length);
        }
        at += 2 + length.max(2);
    }
}

fn png_end(bytes: &[u8]) -> Option<usize> {
    find(bytes, b"IEND").map(|at| (at + 8).min(bytes.len()))
}

/// The picture without what it tells; which way is up stays.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    if is_jpeg(bytes) {
        return clean_jpeg(bytes);
    }
    if is_png(bytes) {
        let mut png = png(bytes).ok_or_else(|| damaged("图片数据不完整"))?;
        png.chunks_mut().retain(|chunk| {
            matches!(
                &chunk.kind(),
                b"IHDR"
                    | b"PLTE"
                    | b"IDAT"
                    | b"IEND"
                    | b"tRNS"
                    | b"cHRM"
                    | b"gAMA"
                    | b"iCCP"
                    | b"sBIT"
                    | b"sRGB"
                    | b"bKGD"
                    | b"hIST"
                    | b"pHYs"
                    | b"sPLT"
                    | b"acTL"
                    | b"fcTL"
                    | b"fdAT"
                    | b"cICP"
            )
        });
        return Ok(png.encoder().bytes().to_vec());
    }
    Err(not_supported(
        "这种图片的干净副本",
        "请用画图软件另存为 JPEG 或 PNG 后再清理。",
    ))
}

fn clean_jpeg(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let end = bytes.len() - tail(bytes).min(bytes.len());
    let picture = bytes.get(..end).unwrap_or(bytes);
    let mut jpeg = jpeg(picture).ok_or_else(|| damaged("图片数据不完整"))?;
    let orientation = jpeg
        .segments()
        .iter()
        .filter(|segment| segment.marker() == markers::APP1)
        .find_map(|segment| {
            segment
                .contents()
                .strip_prefix(EXIF)
                .map(|block| exif::read(block).orientation)
        })
        .unwrap_or(1);
    jpeg.segments_mut()
        .retain(|segment| match segment.marker() {
            markers::APP0 => segment.contents().starts_with(b"JFIF"),
            markers::APP2 => segment.contents().starts_with(ICC),
            markers::APP14 => true,
            markers::APP1 | markers::COM => false,
            marker => !(markers::APP3..=markers::APP15).contains(&marker),
        });
    if (2..=8).contains(&orientation) {
        let mut content = EXIF.to_vec();
        content.extend(exif::upright(orientation));
        let place = usize::from(
            jpeg.segments()
                .first()
                .is_some_and(|first| first.marker() == markers::APP0),
        );
        jpeg.segments_mut().insert(
            place,
            JpegSegment::new_with_contents(markers::APP1, content.into()),
        );
    }
    Ok(jpeg.encoder().bytes().to_vec())
}
