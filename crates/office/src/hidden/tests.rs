use std::io::{Cursor, Write as _};

use super::{Place, clean, scan, text_of};
use crate::limits::Limits;

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    zipped(&[("word/document.xml", document.as_str())])
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
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
        assert!(found.iter().all(|one| one.sure), "{found:?}");
        assert!(found[0].advice().contains(".docx"));
    }
    assert_eq!(places("只有文字\n".as_bytes()), []);
}

#[test]
fn damaged_files_end_in_a_sentence() {
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
