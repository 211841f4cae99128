//! What a file's bytes are, whatever its name says. The answer is only a label: files leave as downloads, never shown.

/// Programs have no business among proofs.
pub const REFUSED: &str = "这是可执行程序，不能上传。请上传文档、表格、图片或压缩包。";

/// Why something else is not taken where a scan is asked for.
pub const NOT_A_SCAN: &str =
    "不是扫描件，没有保存。请上传图片、PDF 或 OFD 文件，其他已选的文件不用再选。";

/// Why a file is not taken whose name says picture.
pub const NOT_A_PICTURE: &str = "的名称是图片，内容却不是，收到的人打不开，没有保存。请选择打得开的图片，或改传 PDF、Word 文件。";
/// Endings of names that say picture.
const PICTURES: [&str; 8] = ["jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"];
/// What pictures of telephones say of themselves, four bytes after their beginning.
const OF_TELEPHONES: [&[u8]; 6] = [
    b"ftypheic",
    b"ftypheix",
    b"ftyphevc",
    b"ftypmif1",
    b"ftypmsf1",
    b"ftypavif",
];

/// Does the name say picture, and the content something else? One kind of picture under the name of another is none such:
/// programs go by the content.
#[must_use]
pub fn is_false_picture(name: &str, media_type: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let says_picture = ending.is_some_and(|ending| {
        PICTURES
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    says_picture && !media_type.starts_with("image/")
}

/// Bytes of this type can be a scan of paper: a picture, or a page as it is printed.
#[must_use]
pub fn is_scan(media_type: &str) -> bool {
    media_type.starts_with("image/") || ["application/pdf", "application/ofd"].contains(&media_type)
}

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
    } else if begins(b"II*\0") || begins(b"MM\0*") {
        "image/tiff"
    } else if bytes
        .get(4..12)
        .is_some_and(|said| OF_TELEPHONES.contains(&said))
    {
        "image/heic"
    } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        "image/webp"
    } else if begins(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
        "image/bmp"
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
    } else if holds(b"OFD.xml") {
        "application/ofd"
    } else {
        "application/zip"
    }
}

#[cfg(test)]
mod tests {
    use super::{is_false_picture, is_scan, media_type};

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

    #[test]
    fn a_picture_is_one_by_its_content() {
        let is_false =
            |name: &str, bytes: &[u8]| is_false_picture(name, media_type(bytes).unwrap());
        let refused: [(&str, &[u8]); 3] = [
            ("身份证.jpg", b"not a one"),
            ("身份证.JPEG", b"%PDF-1.7"),
            ("截图.png", b"\0\x01\xfe"),
        ];
        for (name, bytes) in refused {
            assert!(is_false(name, bytes), "{name}");
        }
        let taken: [(&str, &[u8]); 5] = [
            ("身份证.jpg", b"\xff\xd8\xff"),
            ("身份证.jpg", b"\x89PNG\r\n\x1a\n"),
            ("身份证.jpg", b"\0\0\0\x18ftypheic\0\0\0\0"),
            ("说明.jpg.txt", b"text"),
            ("jpg", b"text"),
        ];
        for (name, bytes) in taken {
            assert!(!is_false(name, bytes), "{name}");
        }
    }

    #[test]
    fn scans_are_pictures_and_printed_pages() {
        let scans: [(&[u8], &str); 8] = [
            (b"%PDF-1.7", "application/pdf"),
            (b"PK\x03\x04....OFD.xml", "application/ofd"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\xff\xd8\xff", "image/jpeg"),
            (b"GIF89a", "image/gif"),
            (b"II*\0", "image/tiff"),
            (b"RIFF....WEBP", "image/webp"),
            (b"BM....\0\0\0\0", "image/bmp"),
        ];
        for (bytes, media) in scans {
            assert_eq!(media_type(bytes), Some(media));
            assert!(is_scan(media), "{media}");
        }
        let others: [&[u8]; 3] = [b"BM is a sign", b"PK\x03\x04word/document.xml", b"\x00"];
        for bytes in others {
            assert!(!media_type(bytes).is_some_and(is_scan));
        }
    }
}
