//! Bytes to text: BOM, then what the file declares, then strict UTF-8, then a guess among the Chinese encodings.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::count::is_cjk;

/// Text and how sure its encoding is.
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// Name of the encoding if it was guessed and another one would fit too.
    pub(crate) guessed: Option<&'static str>,
    /// Byte sequences that mean nothing in this encoding; each became U+FFFD.
    pub(crate) malformed: u64,
}

/// Decodes with the first of BOM, `declared` label, UTF-16 by its zero bytes, strict UTF-8, detector.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return decode_with(encoding, bytes.get(bom..).unwrap_or_default());
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return decode_with(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Some(chinese) = short_gbk(text, bytes) {
            return chinese;
        }
        return Decoded {
            text: text.to_owned(),
            guessed: None,
            malformed: 0,
        };
    }
    let named = declared
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .map(widen);
    if let Some(encoding) = named.filter(|&encoding| encoding != UTF_8) {
        let decoded = decode_with(encoding, bytes);
        if decoded.malformed == 0 {
            return decoded;
        }
    }
    guess(bytes)
}

/// What `<?xml … encoding="…"?>` at the start says.
pub(crate) fn declared(bytes: &[u8]) -> Option<String> {
    const HEAD_BYTES: usize = 200;
    let head = bytes.get(..HEAD_BYTES.min(bytes.len()))?;
    let head = String::from_utf8_lossy(head).into_owned();
    let (_, behind) = head.split_once("encoding=")?;
    let quote = behind.chars().next()?;
    let label = behind.get(1..)?.split(quote).next()?;
    Some(label.to_owned())
}

/// GBK and GB2312 pages hold GB18030 characters in practice; GB18030 reads all three.
fn widen(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// A few Chinese words in GBK can be valid UTF-8 by chance, as Greek, Cyrillic or Hebrew letters.
fn short_gbk(text: &str, bytes: &[u8]) -> Option<Decoded> {
    const SHORT_BYTES: usize = 64;
    let foreign = text.chars().all(|c| c < '\u{800}') && text.chars().any(|c| c >= '\u{100}');
    if !foreign || bytes.len() > SHORT_BYTES {
        return None;
    }
    let chinese = decode_with(GB18030, bytes);
    let all_chinese = chinese.text.chars().all(|c| c.is_ascii() || is_cjk(c));
    (chinese.malformed == 0 && all_chinese).then_some(Decoded {
        guessed: Some("GB18030"),
        ..chinese
    })
}

fn decode_with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    let malformed = if replaced {
        text.chars().filter(|&c| c == '\u{FFFD}').count() as u64
    } else {
        0
    };
    Decoded {
        text: text.into_owned(),
        guessed: None,
        malformed,
    }
}

/// UTF-16 without BOM shows itself by line ends and blanks: zero bytes always on the same side.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    const HEAD_BYTES: usize = 4096;
    if !bytes.len().is_multiple_of(2) || bytes.len() < 4 {
        return None;
    }
    let (mut even, mut odd) = (0usize, 0usize);
    for pair in bytes
        .iter()
        .take(HEAD_BYTES)
        .collect::<Vec<_>>()
        .chunks_exact(2)
    {
        even += usize::from(pair.first() == Some(&&0));
        odd += usize::from(pair.get(1) == Some(&&0));
    }
    match (even, odd) {
        (0, zeros) if zeros > 0 => Some(UTF_16LE),
        (zeros, 0) if zeros > 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// The detector calls GB18030 GBK and errs on very short texts, so GB18030 is taken wherever it fits without a fault.
fn guess(bytes: &[u8]) -> Decoded {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let detected = widen(detector.guess(None, Utf8Detection::Allow));
    let chinese = decode_with(GB18030, bytes);
    if detected == GB18030 {
        return chinese;
    }
    if detected == BIG5 {
        let traditional = decode_with(BIG5, bytes);
        // tables drawn with signs of lines mislead the detector
        let simplified = common(&chinese.text) > common(&traditional.text);
        if traditional.malformed <= chinese.malformed && !simplified {
            return Decoded {
                guessed: Some("Big5"),
                ..traditional
            };
        }
    }
    let utf8 = decode_with(UTF_8, bytes);
    // A UTF-8 file with a few broken bytes: GB18030 would turn all of it into other characters.
    if utf8.malformed * 20 < utf8.text.chars().filter(|c| !c.is_ascii()).count() as u64 {
        return Decoded {
            guessed: Some("UTF-8"),
            ..utf8
        };
    }
    Decoded {
        guessed: Some("GB18030"),
        ..chinese
    }
}

/// Characters of official papers that both scripts write alike or each in its way: words in the wrong encoding have few.
const COMMON: &str = "的一二三四五六年月日政府公工作位市局省部任各和及有不大人中前全化法信息国國县縣区區单單责責务務门門开開办辦";

fn common(text: &str) -> usize {
    text.chars().filter(|c| COMMON.contains(*c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, guessed: Option<&str>) {
        let decoded = decode(bytes, None);
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.guessed, guessed);
        assert_eq!(decoded.malformed, 0);
    }

    #[test]
    fn byte_order_marks_decide() {
        check(b"\xEF\xBB\xBF\xE5\xB8\x82", "市", None);
        check(b"\xFF\xFE\x02\x5E", "市", None);
        check(b"\xFE\xFF\x5E\x02", "市", None);
    }

    #[test]
    fn utf16_without_mark_is_seen_by_its_zeros() {
        let little: Vec<u8> = "市政府\n办公室"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(&little, "市政府\n办公室", None);
        let big: Vec<u8> = "市政府\n办公室"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        check(&big, "市政府\n办公室", None);
    }

    #[test]
    fn gb18030_is_read_even_where_the_detector_says_gbk() {
        let text = "政务公开工作要点分工方案，责任单位：市㐂局、𠮷县。";
        check(&GB18030.encode(text).0, text, None);
    }

    #[test]
    fn a_very_short_gbk_text_is_chinese_but_guessed() {
        let (bytes, _, _) = GB18030.encode("通知");
        check(&bytes, "通知", Some("GB18030"));
        check("é ü".as_bytes(), "é ü", None);
    }

    #[test]
    fn tables_drawn_with_lines_do_not_mislead() {
        let row = "│1   │公开预算。      │市财政局  │年底前│\r\n├──┼────────┼─────┼───┤\r\n";
        let text = format!(
            "安澜市2026年任务分工表\r\n┌──┬────────┬─────┬───┐\r\n{}",
            row.repeat(6)
        );
        assert_eq!(decode(&GB18030.encode(&text).0, None).text, text);
        let text = "安瀾市2026年政務公開工作要點分工方案，責任單位：市財政局。".repeat(4);
        assert_eq!(decode(&BIG5.encode(&text).0, None).text, text);
    }

    #[test]
    fn a_declared_encoding_counts_only_when_it_fits() {
        let (bytes, _, _) = BIG5.encode("責任單位");
        assert_eq!(decode(&bytes, Some("big5")).text, "責任單位");
        assert_eq!(decode("责任".as_bytes(), Some("gb2312")).text, "责任");
    }

    #[test]
    fn broken_bytes_are_counted() {
        let mut bytes = "责任单位：市政府办公室。".repeat(10).into_bytes();
        bytes.push(0xFF);
        let decoded = decode(&bytes, None);
        assert_eq!((decoded.malformed, decoded.guessed), (1, Some("UTF-8")));
    }
}
