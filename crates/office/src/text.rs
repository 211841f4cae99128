//! Plain text and Markdown: one paragraph a line, blank lines too, so that line numbers are those of the file. Form feeds,
//! which programs put where the pages of a PDF end, count pages.

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::Collector;
use crate::encoding::{Decoded, decode};
use crate::limits::Limits;
use crate::refusal::not_supported;

/// Control characters (other than tab, line feed, form feed) in a thousand that make a file no text.
const CONTROLS_PER_MILLE_MAX: usize = 20;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let decoded = decode(bytes, None);
    if !looks_like_text(&decoded.text) {
        return Err(not_supported(
            "这种文件",
            "请改用 Word、WPS、PDF、Excel、网页或文本文件；其他格式请先另存为 .docx 再试。",
        ));
    }
    let mut out = Collector::new(limits);
    note_encoding(&decoded, &mut out);
    out.see(&decoded.text)?;
    let mut page = decoded.text.contains(FORM_FEED).then_some(1u32);
    for (index, line) in lines(&decoded.text).enumerate() {
        // those before the words of a line end the page above it
        let begin = line.trim_start();
        let (before, behind) = line.split_at(line.len() - begin.len());
        page = page.map(|page| page.saturating_add(feeds(before)));
        let place = Place {
            line: u32::try_from(index + 1).ok(),
            page,
            ..Place::default()
        };
        page = page.map(|page| page.saturating_add(feeds(behind)));
        out.paragraph(line.to_owned(), None, place)?;
    }
    Ok(out.finish(Format::Text))
}

const FORM_FEED: char = '\u{C}';

fn feeds(text: &str) -> u32 {
    u32::try_from(text.matches(FORM_FEED).count()).unwrap_or(u32::MAX)
}

/// Tells the person what was guessed about the encoding and how much could not be read.
pub(crate) fn note_encoding(decoded: &Decoded, out: &mut Collector<'_>) {
    if let Some(name) = decoded.guessed {
        let message = format!("文件没有说明文字编码，已按 {name} 读取，请核对有无乱码。");
        out.note("encoding-guessed", message, Place::default());
    }
    if decoded.malformed > 0 {
        let message = format!(
            "有 {} 处字节不能识别，已用“\u{FFFD}”代替，请对照原文补正。",
            decoded.malformed
        );
        out.note("characters-replaced", message, Place::default());
    }
}

fn looks_like_text(text: &str) -> bool {
    let (mut controls, mut all) = (0usize, 0usize);
    for c in text.chars().take(100_000) {
        all += 1;
        controls += usize::from(
            c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}') || c == '\u{FFFD}',
        );
    }
    controls * 1000 <= all * CONTROLS_PER_MILLE_MAX
}

/// Lines ended by LF, CRLF or CR; a last line end opens no further line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some((line, after)) = text.split_once(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let ended_by_cr = text.as_bytes().get(line.len()) == Some(&b'\r');
        let after = if ended_by_cr {
            after.strip_prefix('\n').unwrap_or(after)
        } else {
            after
        };
        rest = Some(after).filter(|after| !after.is_empty());
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Block;

    fn texts(bytes: &[u8]) -> Vec<(u32, String)> {
        let document = read(bytes, &Limits::default()).unwrap();
        document
            .blocks
            .into_iter()
            .map(|block| match block {
                Block::Paragraph(p) => (p.place.line.unwrap(), p.text),
                Block::Table(_) => panic!("text has no tables"),
            })
            .collect()
    }

    #[test]
    fn every_line_is_a_paragraph_with_its_number() {
        let got = texts("标题\r\n\r\n\t工作任务\t责任单位\n末行\r再一行\n".as_bytes());
        let want = [
            (1, "标题"),
            (2, ""),
            (3, "\t工作任务\t责任单位"),
            (4, "末行"),
            (5, "再一行"),
        ];
        assert_eq!(got, want.map(|(n, s)| (n, s.to_owned())));
    }

    #[test]
    fn form_feeds_count_pages() {
        let pages = |text: &str| -> Vec<Option<u32>> {
            let document = read(text.as_bytes(), &Limits::default()).unwrap();
            let page = |block: &Block| match block {
                Block::Paragraph(p) => p.place.page,
                Block::Table(_) => None,
            };
            document.blocks.iter().map(page).collect()
        };
        let of = |pages: &[u32]| -> Vec<Option<u32>> { pages.iter().copied().map(Some).collect() };
        assert_eq!(pages("甲\n1\n\u{C}乙\n2\n\u{C}"), of(&[1, 1, 2, 2, 3]));
        assert_eq!(pages("甲\u{C}\n \u{C}\u{C}乙\n丙"), of(&[1, 4, 4]));
        assert_eq!(pages("甲\n乙"), [None, None]);
    }

    #[test]
    fn characters_are_counted_without_white_space() {
        let document = read(
            "一、 工作\u{3000}任务\n\u{200B}".as_bytes(),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(document.source_chars, 6);
    }

    #[test]
    fn binary_noise_is_refused() {
        let noise: Vec<u8> = (0..=255u8).cycle().take(4096).collect();
        assert_eq!(
            read(&noise, &Limits::default()).unwrap_err().code,
            "not-supported"
        );
    }

    #[test]
    fn limits_hold_at_the_edge_and_one_past_it() {
        let limits = Limits {
            paragraphs: 3,
            chars: 3,
            ..Limits::default()
        };
        assert!(read(b"a\nb\nc", &limits).is_ok());
        assert_eq!(read(b"a\nb\n\nc", &limits).unwrap_err().code, "too-large");
        assert_eq!(read(b"abcd", &limits).unwrap_err().code, "too-large");
    }
}
