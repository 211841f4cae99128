use std::io::{Cursor, Write as _};

use super::{Place, clean, scan, text_of};
use crate::limits::Limits;

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        ("word/document.xml", document.as_str()),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
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
