//! Hostile files end in a clear message, soon, and never in a crash.

use std::io::Write as _;

use zip::write::SimpleFileOptions;

use crate::{gongkai, text};

fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let output = gongkai(&["plan", "read", file.to_str().unwrap(), "--format", "json"]);
    let code = output.status.code().expect("ended by itself");
    assert!(code == 1 || code == 2, "{code}: {}", text(&output.stderr));
    text(&output.stderr)
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_sheet_that_claims_to_span_everything_is_harmless() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "一").unwrap();
    sheet.write(1_048_575, 16_383, "二").unwrap();
    refused("wide.xlsx", &book.save_to_buffer().unwrap());
}

#[test]
fn a_bomb_of_zeros_is_refused_with_advice() {
    let zeros = vec![b' '; 400 * 1024 * 1024];
    let bytes = zipped(&[
        (
            "[Content_Types].xml",
            b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        ("word/document.xml", &zeros),
    ]);
    drop(zeros);
    assert!(!refused("bomb.docx", &bytes).is_empty());
}

#[test]
fn deep_nesting_and_entities_end_in_a_message() {
    let deep = format!("<html><body>{}深</body></html>", "<div>".repeat(200_000));
    refused("deep.html", deep.as_bytes());
    let entities = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"{}\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
         <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>&x;&a;</w:t></w:r></w:p></w:body></w:document>",
        "哈".repeat(1000)
    );
    let bytes = zipped(&[
        (
            "[Content_Types].xml",
            b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        ("word/document.xml", entities.as_bytes()),
    ]);
    let message = refused("entities.docx", &bytes);
    assert!(!message.contains("root:"));
}
