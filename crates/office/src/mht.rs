//! Web pages in one file (MHT), as Word, WPS and browsers save them: the page among the parts is read as any other.
//!
//! Only what such a file needs is understood: parts of one `multipart/related`, their transfer encoding and charset.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::block::{Document, Place, Problem, Unreadable};
use crate::html;
use crate::limits::Limits;
use crate::refusal::{damaged, not_supported};

/// Parts among which the page is looked for: it stands first, or behind a list of files.
const PARTS_MAX: usize = 1_000;
/// Bytes of the fields before a part.
const FIELDS_BYTES_MAX: usize = 64 * 1024;

/// Errors: `damaged` where the parts cannot be told apart, `not-supported` where none is a page, and those of a page.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let whole = Part::of(bytes);
    let kind = whole.field("content-type").unwrap_or_default();
    if is_page(&kind) {
        return page(&whole, limits);
    }
    let Some(bound) = parameter(&kind, "boundary") else {
        return Err(damaged("网页归档文件没有写明各部分的分界"));
    };
    let parts = parts(whole.body, &bound);
    let mut found: Option<Part<'_>> = None;
    let mut others = 0_usize;
    for part in parts.iter().take(PARTS_MAX).map(|part| Part::of(part)) {
        let kind = part.field("content-type").unwrap_or_default();
        if found.is_none() && is_page(&kind) {
            found = Some(part);
        } else if says_something(&kind) {
            others += 1;
        }
    }
    let Some(part) = found else {
        return Err(not_supported(
            "没有网页正文的归档文件或邮件",
            "请在浏览器中另存为“网页，仅 HTML”，或用 Word 打开后另存为 .docx 再试。",
        ));
    };
    let mut document = page(&part, limits)?;
    if others > 0 {
        document.problems.push(Problem {
            code: "part-dropped".to_owned(),
            message: format!("归档文件里网页以外的 {others} 个部分（页眉、附件等）已略去。"),
            place: Place::default(),
            dropped_chars: 0,
        });
    }
    Ok(document)
}

/// Parts that only serve the page, as its looks and pictures, have no words of their own.
fn says_something(kind: &str) -> bool {
    const SERVES: [&str; 11] = [
        "text/css",
        "text/xml",
        "text/javascript",
        "image/",
        "font/",
        "application/xml",
        "application/javascript",
        "application/x-javascript",
        "application/x-mso",
        "application/vnd.ms-officetheme",
        "application/font",
    ];
    let kind = kind.trim_start().to_ascii_lowercase();
    !SERVES.iter().any(|one| kind.starts_with(one))
}

fn page(part: &Part<'_>, limits: &Limits) -> Result<Document, Unreadable> {
    let encoding = part.field("content-transfer-encoding").unwrap_or_default();
    let charset = parameter(&part.field("content-type").unwrap_or_default(), "charset");
    let body = match encoding.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => quoted(part.body),
        "base64" => packed(part.body)?,
        _ => part.body.to_vec(),
    };
    html::read_in(&body, charset.as_deref(), limits)
}

fn is_page(kind: &str) -> bool {
    kind.trim_start()
        .to_ascii_lowercase()
        .starts_with("text/html")
}

/// The fields at the start of a part, and what follows the blank line behind them.
struct Part<'a> {
    fields: Vec<(String, String)>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        for line in bytes.split_inclusive(|&b| b == b'\n') {
            let text = String::from_utf8_lossy(line);
            let text = text.trim_end();
            if at > FIELDS_BYTES_MAX {
                break;
            }
            // blank lines before the first field are none behind the last
            let ended = text.is_empty() && !fields.is_empty();
            at += line.len();
            if ended {
                break;
            }
            match (text.split_once(':'), fields.last_mut()) {
                (_, Some((_, value))) if text.starts_with([' ', '\t']) => value.push_str(text),
                (Some((name, value)), _) => {
                    let name = name.trim_start_matches('\u{FEFF}').to_ascii_lowercase();
                    fields.push((name, value.trim().to_owned()));
                }
                (None, _) => {}
            }
        }
        Self {
            fields,
            body: bytes.get(at..).unwrap_or_default(),
        }
    }

    fn field(&self, name: &str) -> Option<String> {
        let named = self.fields.iter().find(|(field, _)| field == name);
        named.map(|(_, value)| value.clone())
    }
}

/// The value of `name=` in a field, without its quotation marks.
fn parameter(field: &str, name: &str) -> Option<String> {
    field.split(';').skip(1).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
    })
}

/// What stands between the lines that bound the parts; what stands before the first and behind the last is none.
fn parts<'a>(body: &'a [u8], bound: &str) -> Vec<&'a [u8]> {
    let mut out = Vec::new();
    let (mut at, mut start) = (0, None);
    for line in body.split_inclusive(|&b| b == b'\n') {
        let mark = line.trim_ascii_end().strip_prefix(b"--");
        let rest = mark.and_then(|mark| mark.strip_prefix(bound.as_bytes()));
        if matches!(rest, Some(b"" | b"--")) {
            out.extend(start.and_then(|start| body.get(start..at)));
            start = Some(at + line.len());
            if rest == Some(b"--") || out.len() >= PARTS_MAX {
                return out;
            }
        }
        at += line.len();
    }
    // a file cut short: the last part ends with it
    out.extend(start.and_then(|start| body.get(start..)));
    out
}

/// Quoted-printable: `=E5` is a byte, and `=` at the end of a line joins it to the next one.
fn quoted(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|&b| b == b'\n') {
        let text = line.trim_ascii_end();
        let (text, goes_on) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut rest = text;
        while let Some((&byte, behind)) = rest.split_first() {
            let pair = behind.get(..2).filter(|_| byte == b'=');
            match pair.and_then(hex) {
                Some(byte) => {
                    out.push(byte);
                    rest = behind.get(2..).unwrap_or_default();
                }
                None => {
                    out.push(byte);
                    rest = behind;
                }
            }
        }
        if !goes_on && line.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out
}

/// The byte that two hexadecimal digits write.
pub(crate) fn hex(pair: &[u8]) -> Option<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16);
    let [high, low] = pair else { return None };
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn packed(body: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&STANDARD, lenient);
    let written: Vec<u8> = body
        .iter()
        .copied()
        .filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
        .collect();
    engine
        .decode(written)
        .map_err(|_| damaged("网页归档文件中的正文编码不完整"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::block::Block;

    /// A page with a table as Word writes it, in GB2312.
    pub(crate) fn sample() -> Vec<u8> {
        let html = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\"></head>\
            <body><p>安澜市工作方案</p><table><tr><td>任务<td>单位<tr><td>1.公开=目录<td>市局</table></body></html>";
        let (bytes, _, _) = encoding_rs::GBK.encode(html);
        let mut out = b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"----=_Next_1\"\r\n\r\n\
            preamble\r\n\r\n------=_Next_1\r\nContent-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n\
            Content-Type: text/html; charset=\"gb2312\"\r\n\r\n"
            .to_vec();
        for (i, byte) in bytes.iter().enumerate() {
            match byte {
                b'=' | 0x80.. => out.extend(format!("={byte:02X}").bytes()),
                _ => out.push(*byte),
            }
            if i % 20 == 19 {
                out.extend(b"=\r\n");
            }
        }
        out.extend(b"\r\n------=_Next_1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n------=_Next_1--\r\n");
        out
    }

    fn texts(document: &Document) -> Vec<String> {
        let of = |block: &Block| match block {
            Block::Paragraph(p) => p.text.clone(),
            Block::Table(t) => {
                let cells = t.rows.iter().flat_map(|row| &row.cells);
                cells.map(|c| c.text.as_str()).collect::<Vec<_>>().join("|")
            }
        };
        document.blocks.iter().map(of).collect()
    }

    #[test]
    fn the_page_of_an_archive_is_read() {
        let limits = Limits::default();
        let want = ["安澜市工作方案", "任务|单位|1.公开=目录|市局"];
        assert_eq!(texts(&crate::read(&sample(), &limits).unwrap()), want);
        let page = base64::engine::general_purpose::STANDARD
            .encode("<p>甲</p><table><tr><td>乙<td>丙<tr><td>丁<td>戊</table>");
        let (first, second) = page.split_at(12);
        let archive = format!(
            "From: <saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=b\n\n--b\nContent-Type: text/css\n\np{{}}\n--b\nContent-Type: TEXT/HTML; charset=utf-8\nContent-Transfer-Encoding: Base64\n\n{first}\n{second}\n"
        );
        let want = ["甲", "乙|丙|丁|戊"];
        assert_eq!(
            texts(&crate::read(archive.as_bytes(), &limits).unwrap()),
            want
        );
        let alone = "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>甲</p>";
        assert_eq!(
            texts(&crate::read(alone.as_bytes(), &limits).unwrap()),
            ["甲"]
        );
    }

    #[test]
    fn what_stands_beside_the_page_is_told() {
        let codes = |more: &str| -> Vec<String> {
            let archive = format!(
                "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>甲</p>\n--b\nContent-Type: {more}\n\n乙\n--b--\n"
            );
            let document = crate::read(archive.as_bytes(), &Limits::default()).unwrap();
            document.problems.into_iter().map(|one| one.code).collect()
        };
        for more in ["text/html", "text/plain; charset=utf-8", "application/pdf"] {
            assert!(codes(more).contains(&"part-dropped".to_owned()), "{more}");
        }
        for more in ["text/css", "image/png", "Text/XML; charset=utf-8"] {
            assert!(!codes(more).contains(&"part-dropped".to_owned()), "{more}");
        }
    }

    #[test]
    fn what_is_no_page_is_told() {
        let code = |text: &str| {
            crate::read(text.as_bytes(), &Limits::default())
                .unwrap_err()
                .code
        };
        let head = "MIME-Version: 1.0\nContent-Type: multipart/related";
        assert_eq!(code(&format!("{head}\n\n--b\n")), "damaged");
        let letter = format!("{head}; boundary=b\n\n--b\nContent-Type: text/plain\n\n甲\n--b--\n");
        assert_eq!(code(&letter), "not-supported");
        assert_eq!(code(&format!("{head}; boundary=b\n\n")), "not-supported");
    }
}
