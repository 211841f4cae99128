//! One way in for every format.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::block::{Document, Format, Unreadable};
use crate::limits::Limits;
use crate::refusal::{damaged, empty, encrypted, not_supported, picture, too_large};
use crate::sniff::{Sniffed, find, sniff};
use crate::{doc, docx, html, mht, odf, pdf, rtf, sheet, text};

/// Reads a file by what its bytes are.
///
/// Pure and in-process; never panics (a panic in a library becomes `damaged`) and stays within `limits`.
/// Errors: an [`Unreadable`] with a stable code and a Chinese sentence that says what to do.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    check_size(bytes, limits)?;
    let kind = catch_unwind(|| sniff(bytes)).unwrap_or(Sniffed::Unknown);
    read_as(kind, bytes, limits)
}

/// Reads bytes as one kind of file, whatever they look like; the rest as [`read`].
pub fn read_as(kind: Sniffed, bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    check_size(bytes, limits)?;
    catch_unwind(AssertUnwindSafe(|| dispatch(kind, bytes, limits)))
        .unwrap_or_else(|_| Err(damaged("解析时遇到无法处理的内容")))
}

fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    const MEGABYTE: u64 = 1024 * 1024;
    if bytes.len() as u64 > limits.input_bytes {
        return Err(too_large(&format!(
            "文件超过 {} MB",
            limits.input_bytes / MEGABYTE
        )));
    }
    Ok(())
}

/// Word's own XML, in one file.
fn is_word(bytes: &[u8]) -> bool {
    [&b"word/document.xml"[..], b"word/2003/wordml"]
        .iter()
        .any(|mark| find(bytes, mark).is_some())
}

fn dispatch(kind: Sniffed, bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    const AS_DOCX: &str = "请用 Word 或 WPS 打开，选择“另存为 .docx”后再试。";
    match kind {
        Sniffed::Text => text::read(bytes, limits),
        Sniffed::Html => html::read(bytes, limits),
        Sniffed::WebArchive => mht::read(bytes, limits),
        Sniffed::Docx => docx::read(bytes, limits),
        Sniffed::Xlsx => sheet::read_xlsx(bytes, limits),
        Sniffed::Xls => sheet::read_xls(bytes, limits),
        Sniffed::ExcelXml => sheet::read_xml(bytes, limits),
        Sniffed::Doc => doc::read(bytes, Format::Doc, limits),
        Sniffed::Wps => doc::read(bytes, Format::Wps, limits),
        Sniffed::Pdf => pdf::read(bytes, limits),
        Sniffed::Encrypted => Err(encrypted("文件")),
        Sniffed::Rtf => rtf::read(bytes, limits),
        Sniffed::Ofd => pdf::ofd::read(bytes, limits),
        Sniffed::OfficeXml if is_word(bytes) => docx::read_flat(bytes, limits),
        Sniffed::OpenDocumentText => odf::read(bytes, limits),
        Sniffed::OpenDocumentSheet => sheet::read_ods(bytes, limits),
        Sniffed::OfficeXml => Err(not_supported("这种文字处理文件", AS_DOCX)),
        Sniffed::Presentation => Err(not_supported(
            "演示文稿",
            "请把其中的文字复制到 Word 文件后再试。",
        )),
        Sniffed::Image => Err(picture()),
        Sniffed::Archive => Err(not_supported("压缩包", "请先解压，再逐个提供其中的文件。")),
        Sniffed::OtherOle | Sniffed::Unknown => Err(not_supported("这种文件", AS_DOCX)),
        Sniffed::Empty => Err(empty("文件")),
    }
}
