//! Web pages, also those that Word and WPS export: tree → flow of paragraphs and tables → blocks.

mod links;
mod marker;
mod meaning;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

use crate::block::{Document, Format, Unreadable};
use crate::collect::Collector;
use crate::encoding::decode;
use crate::flow::emit;
use crate::limits::Limits;
use crate::picture;
use crate::refusal::empty;
use crate::text::note_encoding;

/// Bytes at the start of a page in which its encoding may be declared.
const DECLARATION_BYTES: usize = 4096;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    read_in(bytes, None, limits)
}

/// `charset`: what stands beside the page about its encoding; it comes before what the page says itself.
pub(crate) fn read_in(
    bytes: &[u8],
    charset: Option<&str>,
    limits: &Limits,
) -> Result<Document, Unreadable> {
    let own = declared_encoding(bytes);
    let decoded = decode(bytes, charset.or(own.as_deref()));
    if decoded.text.len() as u64 > limits.input_bytes.saturating_mul(2) {
        return Err(crate::refusal::too_large("网页文本过长"));
    }
    let mut out = Collector::new(limits);
    note_encoding(&decoded, &mut out);
    let tree = tree::parse(&decoded.text, limits)?;
    let flow = walk::walk(&tree, is_lined(&decoded.text), &mut out)?;
    emit(flow, &mut out)?;
    picture::settle(&mut out, |address| Ok(picture::of_address(address)))?;
    if !out.has_text() {
        return Err(empty("这个网页"));
    }
    Ok(out.finish(Format::Html))
}

/// A text of lines with a table in tags: it begins with words, and no page holds it.
fn is_lined(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let head: String = text
        .chars()
        .take(DECLARATION_BYTES)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    !head.starts_with(['<', '&']) && !head.contains("<body") && !head.contains("<html")
}

/// What stands after the first `charset=` or `encoding=` of the page.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head: String = bytes
        .iter()
        .take(DECLARATION_BYTES)
        .map(|&b| b.to_ascii_lowercase() as char)
        .collect();
    ["charset=", "encoding="].iter().find_map(|key| {
        let (_, after) = head.split_once(key)?;
        let label: String = after
            .trim_start_matches(['"', '\'', ' '])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        Some(label).filter(|label| !label.is_empty())
    })
}
