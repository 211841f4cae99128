use std::io::{Cursor, Write as _};

use super::{Place, clean, scan, text_of};
use crate::limits::Limits;

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    zipped(&[("word/document.xml", document.as_str())])
}

pub(crate) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let types = (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in std::iter::once(&types).chain(parts) {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn places(bytes: &[u8]) -> Vec<Place> {
    scan(bytes, &Limits::default())
        .unwrap()
        .into_iter()
        .map(|one| one.what)
        .collect()
}

fn read(bytes: &[u8]) -> String {
    text_of(&crate::read(bytes, &Limits::default()).unwrap())
}

#[test]
fn a_clean_copy_reads_as_the_visible_text() {
    let file = docx(
        "<w:p w:rsidR=\"00AA00BB\"><w:r><w:t xml:space=\"preserve\">甲 &amp; 乙</w:t></w:r><w:ins w:author=\"周\"><w:r><w:t>增补</w:t></w:r></w:ins><w:del w:author=\"周\"><w:r><w:delText>删去</w:delText></w:r></w:del></w:p><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>看得见</w:t></w:r></w:p>",
    );
    assert_eq!(
        places(&file),
        [
            Place::TrackedChange,
            Place::TrackedChange,
            Place::HiddenText
        ]
    );
    let copy = clean(&file, &Limits::default()).unwrap();
    assert_eq!(places(&copy), []);
    assert_eq!(read(&copy), "甲 & 乙增补\n看得见\n");
}

#[test]
fn white_letters_on_a_dark_ground_are_meant() {
    let run = "<w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>字</w:t></w:r>";
    assert_eq!(
        places(&docx(&format!("<w:p>{run}</w:p>"))),
        [Place::UnseenText]
    );
    let dark = format!("<w:p><w:pPr><w:shd w:val=\"clear\" w:fill=\"000000\"/></w:pPr>{run}</w:p>");
    assert_eq!(places(&docx(&dark)), []);
}

/// LibreOffice writes the measures of a comment's box beside its text.
#[test]
fn a_comment_tells_its_text_alone() {
    let file = zipped(&[
        ("xl/workbook.xml", "<workbook><sheets/></workbook>"),
        (
            "xl/comments1.xml",
            "<comments><commentList><comment ref=\"B2\"><text><r><t>暂不公开</t></r></text><anchor><col>0</col><colOff>79</colOff></anchor></comment></commentList></comments>",
        ),
    ]);
    let found = scan(&file, &Limits::default()).unwrap();
    let comment = found.iter().find(|one| one.what == Place::Comment).unwrap();
    assert_eq!(comment.text, "暂不公开");
}

/// A kind that cannot be searched is never reported as clean.
#[test]
fn what_cannot_be_searched_says_so() {
    let open_document = b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text";
    let rich = b"{\\rtf1\\ansi text}";
    for bytes in [&open_document[..], rich, b"7z\xBC\xAF\x27\x1C...."] {
        let found = scan(bytes, &Limits::default()).unwrap();
        assert_eq!(places(bytes), [Place::NotSearched]);
        assert!(found.iter().all(|one| !one.sure), "{found:?}");
        assert!(found[0].advice().contains(".docx"));
    }
    assert_eq!(places("只有文字\n".as_bytes()), []);
}

#[test]
fn damaged_files_stop_nothing() {
    let file = docx("<w:p><w:r><w:t>字</w:t></w:r></w:p>");
    for cut in 0..file.len() {
        for bytes in [&file[..cut], &file[cut..]] {
            let _ = scan(bytes, &Limits::default());
            let _ = clean(bytes, &Limits::default());
        }
        let mut flipped = file.clone();
        flipped[cut] ^= 0x55;
        let _ = scan(&flipped, &Limits::default());
    }
    for bytes in [
        &b"\xFF\xD8\xFF\xE1\0\x10Exif\0\0MM\0*\0\0\0\x08\xFF\xFF"[..],
        b"%PDF-1.4\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\x04eXIf",
        b"",
    ] {
        let _ = scan(bytes, &Limits::default());
        let _ = clean(bytes, &Limits::default());
    }
}

/// One grey pixel, with where it was taken: 30°N 104°E.
fn photograph() -> Vec<u8> {
    let gps = [(2_u16, 30_u32), (4, 104)];
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
    exif.extend(2_u16.to_be_bytes());
    let values = 26 + 2 + 2 * 12 + 4;
    for (n, (tag, _)) in (0_u32..).zip(&gps) {
        exif.extend(tag.to_be_bytes());
        exif.extend([0, 5, 0, 0, 0, 3]);
        exif.extend((values + n * 24).to_be_bytes());
    }
    exif.extend([0; 4]);
    for (_, degrees) in gps {
        for part in [degrees, 0, 0] {
            exif.extend(part.to_be_bytes());
            exif.extend(1_u32.to_be_bytes());
        }
    }
    let mut file = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xFF, marker]);
        file.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        file.extend(content);
    };
    segment(0xE1, &exif);
    segment(0xDB, &[&[0][..], &[16; 64]].concat());
    segment(0xC0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    for class in [0, 0x10] {
        segment(0xC4, &[&[class, 1][..], &[0; 16]].concat());
    }
    segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    file.extend([0x3F, 0xFF, 0xD9]);
    file
}

#[test]
fn a_page_does_not_carry_the_place_of_its_pictures() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    assert_eq!(places(&photograph()), [Place::Position]);
    let code = STANDARD.encode(photograph());
    let (first, last) = code.split_at(40);
    let page = format!(
        "<html><p>正文</p><img src=\"data:image/jpeg;base64,{code}\"><img src='DATA:image/jpeg;charset=x;base64,{first}\n{last}'><img src=\"data:image/svg+xml,%3Csvg\"><img src=\"data:image/png;base64,%%%\"></html>"
    );
    let found = scan(page.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(places(page.as_bytes()), [Place::Position, Place::Position]);
    assert!(found[0].text.contains("30"), "{}", found[0].text);
    assert!(found[1].place.contains("第 2 张"), "{}", found[1].place);
    let copy = clean(page.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(places(&copy), []);
    let copy = String::from_utf8(copy).unwrap();
    assert!(copy.contains("<p>正文</p>") && copy.ends_with("base64,%%%\"></html>"));
    assert_eq!(copy.matches("base64,/9j").count(), 2, "the pictures stay");
    let plain = "<html><p>没有图片</p></html>".as_bytes();
    assert_eq!(clean(plain, &Limits::default()).unwrap(), plain);
}
