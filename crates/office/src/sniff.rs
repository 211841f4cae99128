//! What bytes are, by their content. The name of a file is never asked.

use std::io::{Cursor, Read};

use crate::encoding::decode;

/// What the bytes look like. Everything up to `Pdf`, `Rtf`, `Ofd`, OpenDocument, office XML and `WebArchive` can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    Text,
    Html,
    Docx,
    /// OLE container with a Word stream.
    Doc,
    /// The same, written by WPS.
    Wps,
    Xlsx,
    Xls,
    Pdf,
    /// Office document in an encrypting container.
    Encrypted,
    Rtf,
    Ofd,
    OpenDocumentText,
    OpenDocumentSheet,
    Presentation,
    /// Word's XML in one file, or another office XML that nothing here reads.
    OfficeXml,
    /// The XML of Excel 2003, mostly named .xls.
    ExcelXml,
    /// Web page in one file (MHTML).
    WebArchive,
    Image,
    Archive,
    /// OLE container without a stream that we know.
    OtherOle,
    Unknown,
    Empty,
}

/// Bytes at the start that decide about text formats.
const HEAD_BYTES: usize = 8 * 1024;

pub fn sniff(bytes: &[u8]) -> Sniffed {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Sniffed::Empty;
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return sniff_zip(bytes);
    }
    if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return sniff_ole(bytes);
    }
    if bytes
        .get(..1024.min(bytes.len()))
        .is_some_and(|head| find(head, b"%PDF-").is_some())
    {
        return Sniffed::Pdf;
    }
    if starts(b"{\\rtf") {
        return Sniffed::Rtf;
    }
    if is_image(bytes) {
        return Sniffed::Image;
    }
    if starts(b"7z\xBC\xAF\x27\x1C")
        || starts(b"Rar!\x1A\x07")
        || starts(b"\x1F\x8B\x08")
        || starts(b"BZh")
    {
        return Sniffed::Archive;
    }
    sniff_text(bytes)
}

fn is_image(bytes: &[u8]) -> bool {
    const MAGICS: [&[u8]; 7] = [
        b"\x89PNG\r\n",
        b"\xFF\xD8\xFF",
        b"GIF87a",
        b"GIF89a",
        b"II*\0",
        b"MM\0*",
        b"\0\0\0\x0CjP  ",
    ];
    MAGICS.iter().any(|magic| bytes.starts_with(magic))
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
        || (bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]))
}

fn sniff_zip(bytes: &[u8]) -> Sniffed {
    // Names stand uncompressed in the local headers, so that a damaged directory does not hide the kind.
    let holds = |name: &str| find(bytes, name.as_bytes()).is_some();
    match () {
        () if holds("word/document") => Sniffed::Docx,
        () if holds("xl/workbook") => Sniffed::Xlsx,
        () if holds("OFD.xml") => Sniffed::Ofd,
        () if holds("application/vnd.oasis.opendocument.text") => Sniffed::OpenDocumentText,
        () if holds("application/vnd.oasis.opendocument.spreadsheet") => Sniffed::OpenDocumentSheet,
        () if holds("ppt/presentation") => Sniffed::Presentation,
        () if holds("META-INF/manifest.xml") && holds("content.xml") => sniff_packed_again(bytes),
        () => Sniffed::Archive,
    }
}

/// An OpenDocument that some program packed anew: what it is no longer stands open at the start.
fn sniff_packed_again(bytes: &[u8]) -> Sniffed {
    const KIND_BYTES: u64 = 100;
    let kind = || {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut kind = String::new();
        let member = archive.by_name("mimetype").ok()?;
        member.take(KIND_BYTES).read_to_string(&mut kind).ok()?;
        Some(kind)
    };
    match kind() {
        Some(kind) if kind.contains("opendocument.text") => Sniffed::OpenDocumentText,
        Some(kind) if kind.contains("opendocument.spreadsheet") => Sniffed::OpenDocumentSheet,
        _ => Sniffed::Archive,
    }
}

fn sniff_ole(bytes: &[u8]) -> Sniffed {
    let names = root_names(bytes);
    let holds = |name: &str| match &names {
        Some(names) => names.iter().any(|known| known.eq_ignore_ascii_case(name)),
        // The directory cannot be followed: its names still stand in the bytes as UTF-16.
        None => find(
            bytes,
            &name
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>(),
        )
        .is_some(),
    };
    match () {
        () if holds("EncryptedPackage") => Sniffed::Encrypted,
        () if holds("WordDocument") && written_by_wps(bytes) => Sniffed::Wps,
        () if holds("WordDocument") => Sniffed::Doc,
        () if holds("Workbook") || holds("Book") => Sniffed::Xls,
        () if holds("PowerPoint Document") => Sniffed::Presentation,
        () => Sniffed::OtherOle,
    }
}

fn root_names(bytes: &[u8]) -> Option<Vec<String>> {
    const NAMES_MAX: usize = 200;
    let walk = || {
        let file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
        let names = file
            .read_root_storage()
            .take(NAMES_MAX)
            .map(|entry| entry.name().to_owned());
        Some(names.collect())
    };
    std::panic::catch_unwind(walk).ok().flatten()
}

/// WPS names itself in the CompObj stream or in the document properties.
fn written_by_wps(bytes: &[u8]) -> bool {
    [
        &b"WPS Office"[..],
        b"KWPS.Document",
        b"WPS \xCE\xC4\xD7\xD6",
    ]
    .iter()
    .any(|mark| find(bytes, mark).is_some())
}

fn sniff_text(bytes: &[u8]) -> Sniffed {
    let mut head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or_default();
    if head.len() == HEAD_BYTES {
        head = head.get(..HEAD_BYTES - HEAD_BYTES % 2).unwrap_or_default();
        head = without_torn_character(head);
    }
    let text = decode(head, None).text.to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if text.starts_with("mime-version:")
        || (text.starts_with("from:") && text.contains("multipart/related"))
    {
        return Sniffed::WebArchive;
    }
    const XML_OPENERS: [&str; 6] = [
        "<?xml",
        "<?mso",
        "<workbook",
        "<ss:workbook",
        "<w:worddocument",
        "<pkg:package",
    ];
    if XML_OPENERS.iter().any(|opener| text.starts_with(opener)) {
        return sniff_xml(text);
    }
    const OPENERS: [&str; 24] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<meta",
        "<title",
        "<style",
        "<script",
        "<table",
        "<div",
        "<p>",
        "<p ",
        "<span",
        "<h1",
        "<h2",
        "<h3",
        "<center",
        "<font",
        "<section",
        "<article",
        "<ul",
        "<ol",
        "<br",
        "<b>",
    ];
    let opened = OPENERS.iter().any(|tag| text.starts_with(tag));
    let inside = ["<!doctype html", "<html", "<body"]
        .iter()
        .any(|tag| text.contains(tag));
    let page = inside || !is_tagged_text(text);
    if (opened || text.starts_with("<!--") && text.contains("<p") || inside) && page {
        return Sniffed::Html;
    }
    if is_fragment(bytes, text) && page {
        return Sniffed::Html;
    }
    if text.chars().filter(|c| *c == '\0').count() > text.len() / 100 {
        Sniffed::Unknown
    } else {
        Sniffed::Text
    }
}

/// The head without the part of a character of UTF-8 that its end cut in two: with it, its encoding would be guessed.
fn without_torn_character(head: &[u8]) -> &[u8] {
    let whole = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() && !head.contains(&0) => error.valid_up_to(),
        _ => head.len(),
    };
    head.get(..whole).unwrap_or_default()
}

/// Fewest rows of cells that make a text of lines out of what begins with a tag.
const TABBED_LINES_MIN: usize = 3;

/// Paragraphs in `<p>`, and between them rows whose cells are parted by tabs: a web page would run these together.
fn is_tagged_text(text: &str) -> bool {
    let structured = ["<table", "<div", "<td", "<body", "<li"];
    let row = |line: &&str| line.contains('\t') && !line.trim().is_empty() && !line.contains('<');
    !structured.iter().any(|tag| text.contains(tag))
        && text.lines().filter(row).nth(TABBED_LINES_MIN - 1).is_some()
}

/// Fewest cells or paragraphs that are closed in a part of a page.
const CLOSED_MIN: usize = 3;
/// Lines without a tag for each paragraph that is closed, from which on the tags are traces in a text.
const PLAIN_LINES: usize = 4;

/// What was cut out of a page, whatever it begins with: `<link>`, `&nbsp;`, a word. Its cells or paragraphs are closed.
/// `head`: its first characters, in small letters.
fn is_fragment(bytes: &[u8], head: &str) -> bool {
    let cells = closed(bytes, &["td", "th"]).max(closed(head.as_bytes(), &["td", "th"]));
    let rows = closed(bytes, &["tr", "table"]).max(closed(head.as_bytes(), &["tr", "table"]));
    if cells >= CLOSED_MIN && rows > 0 {
        return true;
    }
    const PARAGRAPHS: &[&str] = &["p", "div", "li", "h1", "h2", "h3"];
    let paragraphs = closed(head.as_bytes(), PARAGRAPHS);
    let tabbed = |line: &&str| line.trim().contains('\t');
    let plain = |line: &&str| !line.trim().is_empty() && !line.contains('<');
    paragraphs >= CLOSED_MIN
        && head
            .lines()
            .filter(tabbed)
            .nth(TABBED_LINES_MIN - 1)
            .is_none()
        && head.lines().filter(plain).count() <= paragraphs * PLAIN_LINES
}

/// How often one of some elements is closed.
fn closed(bytes: &[u8], names: &[&str]) -> usize {
    let named = |rest: &[u8]| {
        names.iter().any(|name| {
            let own = rest.get(..name.len());
            own.is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
                && rest.get(name.len()) == Some(&b'>')
        })
    };
    let opened = bytes.iter().enumerate().filter(|(_, b)| **b == b'<');
    let rests = opened.filter_map(|(at, _)| bytes.get(at + 1..)?.strip_prefix(b"/"));
    rests.filter(|rest| named(rest)).count()
}

fn sniff_xml(text: &str) -> Sniffed {
    let holds = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    match () {
        () if holds(&["<workbook", "<ss:workbook"]) && holds(&["office:spreadsheet"]) => {
            Sniffed::ExcelXml
        }
        () if holds(&["<html", "<!doctype html"]) => Sniffed::Html,
        () if holds(&["w:worddocument", "pkg:package"]) => Sniffed::OfficeXml,
        () if holds(&["opendocument.text\""]) => Sniffed::OpenDocumentText,
        () if holds(&["opendocument.spreadsheet\""]) => Sniffed::OpenDocumentSheet,
        () if holds(&["office:spreadsheet", "ss:workbook"]) => Sniffed::ExcelXml,
        () if holds(&[
            "mso-application",
            "schemas-microsoft-com:office",
            "<uof:uof",
        ]) =>
        {
            Sniffed::OfficeXml
        }
        () => Sniffed::Text,
    }
}

/// First place of `needle`; linear in `hay` for the short needles used here.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = hay.get(from..)?.iter().position(|&b| b == first) {
        if hay.get(from + step..)?.starts_with(needle) {
            return Some(from + step);
        }
        from += step + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_mentions_tags_is_text() {
        assert_eq!(
            sniff("工作任务\t<p>8. 加大公开力度。</p>".as_bytes()),
            Sniffed::Text
        );
        assert_eq!(
            sniff("\u{FEFF}  <!DOCTYPE html><html>".as_bytes()),
            Sniffed::Html
        );
        assert_eq!(sniff("<p>通知</p>".as_bytes()), Sniffed::Html);
        let rows = "\t公开预算。\n\t市财政局\n\t年底前\n";
        let tagged = format!("<p>任务分解表</p>\n{rows}");
        assert_eq!(sniff(tagged.as_bytes()), Sniffed::Text);
        let page = format!("<p>通知</p>\n<table>\n{rows}</table>");
        assert_eq!(sniff(page.as_bytes()), Sniffed::Html);
        assert_eq!(
            sniff(b"<?xml version='1.0'?>\n<html xmlns='x'>"),
            Sniffed::Html
        );
    }

    #[test]
    fn a_head_ends_with_a_whole_character() {
        let text = "公开预算".as_bytes();
        assert_eq!(without_torn_character(&text[..10]), "公开预".as_bytes());
        assert_eq!(without_torn_character(text), text);
        // no UTF-8 at all, and two bytes a character
        for other in [&b"\xB9\xAB\xBF\xAA\xE5"[..], b"a\0\xE5"] {
            assert_eq!(without_torn_character(other), other);
        }
    }

    #[test]
    fn a_part_of_a_page_is_one_whatever_it_begins_with() {
        let table = "<table><tr><td>任务</td><td>单位</td></tr><tr><td>公开预算</td></tr></table>";
        for begin in [
            "<link href=\"a.css\">",
            "<a href=\"/\">首页</a>",
            "<IMG src=a.png>",
            "<input type=hidden>",
            "<form>",
            "<strong>安澜县</strong>",
            "<o:p></o:p>",
            "&nbsp;",
            "正文：<br>",
            "安澜县任务分工表\n",
        ] {
            assert_eq!(
                sniff(format!("{begin}{table}").as_bytes()),
                Sniffed::Html,
                "{begin}"
            );
            let paragraphs = format!("{begin}<p>一</p>\n<P>二</P>\n<p>三</p>");
            assert_eq!(sniff(paragraphs.as_bytes()), Sniffed::Html, "{begin}");
        }
        // behind the first pages, and in another encoding
        let late = format!("安澜县任务分工表\n{}{table}", "推进公开。\n".repeat(2000));
        assert_eq!(sniff(late.as_bytes()), Sniffed::Html);
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(
                format!("正文{table}")
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes),
            )
            .collect();
        assert_eq!(sniff(&wide), Sniffed::Html);
    }

    #[test]
    fn traces_of_tags_make_no_page() {
        let traces =
            "<p>公开预算。</p>\n公开决算。\n公开年报。\n公开名单。\n公开目录。\n".repeat(4);
        let text = format!("安澜县任务分工表\n{}{traces}", "推进公开。\n".repeat(8));
        assert_eq!(sniff(text.as_bytes()), Sniffed::Text);
        let rows = "公开预算\t<p>县财政局</p>\n".repeat(5);
        assert_eq!(
            sniff(format!("任务\t单位\n{rows}").as_bytes()),
            Sniffed::Text
        );
        assert_eq!(
            sniff("网页中 </td></td></td> 多余".as_bytes()),
            Sniffed::Text
        );
    }

    #[test]
    fn magic_numbers_decide_before_text() {
        assert_eq!(sniff(b"junk before %PDF-1.4"), Sniffed::Pdf);
        assert_eq!(sniff(b"{\\rtf1\\ansi"), Sniffed::Rtf);
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n"), Sniffed::Image);
        assert_eq!(sniff(b" \r\n"), Sniffed::Empty);
        assert_eq!(sniff(b"PK\x03\x04 nothing known"), Sniffed::Archive);
    }

    #[test]
    fn office_xml_is_told_by_its_own_words() {
        let of = |rest: &str| sniff(format!("<?xml version='1.0'?>\n{rest}").as_bytes());
        let sheet = "xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:html='x'";
        assert_eq!(
            of(&format!("<Workbook {sheet}><html:B/>")),
            Sniffed::ExcelXml
        );
        assert_eq!(
            sniff(format!("<ss:Workbook {sheet}>").as_bytes()),
            Sniffed::ExcelXml
        );
        assert_eq!(
            of("<?mso-application progid='Word.Document'?><w:wordDocument>"),
            Sniffed::OfficeXml
        );
        assert_eq!(of("<uof:UOF xmlns:uof='x'>"), Sniffed::OfficeXml);
        assert_eq!(of("<plan/>"), Sniffed::Text);
    }

    #[test]
    fn a_page_in_utf16_is_a_page() {
        let bytes: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("<html><body>市".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(sniff(&bytes), Sniffed::Html);
    }
}
