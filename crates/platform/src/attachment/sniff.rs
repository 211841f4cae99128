//! What a file's bytes are, whatever its name says. The answer is only a label: files leave as downloads, never shown.

/// Programs have no business among proofs.
pub const REFUSED: &str = "这是可执行程序，不能上传。请上传文档、表格、图片或压缩包。";

/// The media type by content, or `None` for a program.
#[must_use]
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    if begins(b"MZ") || begins(b"\x7fELF") || begins(b"\xca\xfe\xba\xbe") || begins(b"#!") {
        return None;
    }
    Some(if begins(b"%PDF-") {
        "application/pdf"
    } else if begins(b"PK\x03\x04") {
        package(bytes)
    } else if begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        "application/x-ole-storage"
    } else if begins(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if begins(b"\xff\xd8\xff") {
        "image/jpeg"
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        "image/gif"
    } else if begins(b"Rar!\x1a\x07") {
        "application/vnd.rar"
    } else if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) {
        "text/plain"
    } else {
        "application/octet-stream"
    })
}

/// Office files are ZIP archives with a folder of their kind.
fn package(bytes: &[u8]) -> &'static str {
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    if holds(b"word/document.xml") {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else if holds(b"xl/workbook.xml") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else if holds(b"ppt/presentation.xml") {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    } else {
        "application/zip"
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn content_decides() {
        assert_eq!(media_type(b"%PDF-1.7 ..."), Some("application/pdf"));
        assert_eq!(
            media_type(b"PK\x03\x04....word/document.xml"),
            Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        );
        assert_eq!(media_type(b"PK\x03\x04...."), Some("application/zip"));
        assert_eq!(media_type("会议纪要".as_bytes()), Some("text/plain"));
        assert_eq!(media_type(b"<script>alert(1)</script>"), Some("text/plain"));
        assert_eq!(
            media_type(b"\x00\x01\xfe"),
            Some("application/octet-stream")
        );
        assert_eq!(media_type(b"MZ\x90\x00"), None);
        assert_eq!(media_type(b"#!/bin/sh"), None);
    }
}
