//! The smallest DOCX that holds a table: three parts in a ZIP without compression.

use super::{TITLE, rows};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;

/// A document with the plan's title and one table.
pub(crate) fn docx(count: usize) -> Vec<u8> {
    let grid = "<w:gridCol w:w=\"2000\"/>".repeat(4);
    let mut body = format!(
        "{HEAD}<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p><w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>"
    );
    for row in rows(count) {
        body.push_str("<w:tr>");
        for cell in row {
            body.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/></w:tcPr><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>"));
        }
        body.push_str("</w:tr>");
    }
    body.push_str("</w:tbl><w:p/><w:sectPr/></w:body></w:document>");
    zip(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", &body),
    ])
}

/// Stored entries, then the central directory, then its end.
fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let offset = short(archive.len());
        let mut about = Vec::new();
        // Version 2.0, UTF-8 names, stored, 1 January 1980.
        for field in [20_u16, 1 << 11, 0, 0, 33] {
            about.extend(field.to_le_bytes());
        }
        for field in [crc32(text.as_bytes()), short(text.len()), short(text.len())] {
            about.extend(field.to_le_bytes());
        }
        about.extend(short(name.len()).to_le_bytes()); // the name's length, and no extra field
        archive.extend(b"PK\x03\x04");
        archive.extend(&about);
        archive.extend(name.as_bytes());
        archive.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0; 10]); // no comment, first disk, no attributes
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (
        short(archive.len()),
        u16::try_from(parts.len()).unwrap_or(u16::MAX),
    );
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(short(directory.len()).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    archive
}

/// Our documents are far below 4 GB.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| {
        if crc & 1 == 1 {
            (crc >> 1) ^ 0xEDB8_8320
        } else {
            crc >> 1
        }
    };
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), step)
    })
}

#[cfg(test)]
mod tests {
    use super::{crc32, docx};

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_document_has_its_rows() {
        let text = String::from_utf8_lossy(&docx(60)).into_owned();
        assert_eq!(text.matches("<w:tr>").count(), 61);
        assert!(text.contains("（第60项）"));
    }
}
