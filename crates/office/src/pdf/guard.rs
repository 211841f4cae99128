//! A linear look over the bytes before the objects are parsed: a parsed object takes many times the memory of its text.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::block::Unreadable;
use crate::limits::Limits;
use crate::refusal::too_large;
use crate::sniff::find;

/// Numbers, names and the like outside streams and in object streams; each takes about a hundred bytes once parsed.
const TOKENS_MAX: usize = 1_200_000;
/// Bytes of all object streams together, unpacked.
const OBJECT_STREAMS_BYTES_MAX: u64 = 24 * 1024 * 1024;

pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    let budget = OBJECT_STREAMS_BYTES_MAX.min(limits.unpacked_bytes);
    let (mut tokens, mut unpacked, mut rest) = (0usize, 0u64, bytes);
    while let Some(at) = find(rest, b"stream") {
        let (before, from) = rest.split_at(at);
        tokens += count(before);
        let data = from.get(6..).unwrap_or_default();
        let data = data
            .strip_prefix(b"\r\n")
            .or_else(|| data.strip_prefix(b"\n"))
            .unwrap_or(data);
        if dictionary(before).is_some_and(|dictionary| find(dictionary, b"/ObjStm").is_some()) {
            let mut content = Vec::new();
            // A stream that breaks off is counted as far as it goes.
            let _ = ZlibDecoder::new(data)
                .take(budget - unpacked.min(budget) + 1)
                .read_to_end(&mut content);
            unpacked += content.len() as u64;
            tokens += count(&content);
        }
        if tokens > TOKENS_MAX || unpacked > budget {
            return Err(too_large("PDF 对象过多"));
        }
        rest = match find(data, b"endstream") {
            Some(end) => data.get(end + 9..).unwrap_or_default(),
            None => data,
        };
    }
    if tokens + count(rest) > TOKENS_MAX {
        return Err(too_large("PDF 对象过多"));
    }
    Ok(())
}

/// The end of the bytes before a stream, where its dictionary stands.
fn dictionary(before: &[u8]) -> Option<&[u8]> {
    const DICTIONARY_BYTES_MAX: usize = 2_000;
    before.get(before.len().saturating_sub(DICTIONARY_BYTES_MAX)..)
}

fn count(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| {
        matches!(
            byte,
            0 | 9 | 10 | 12 | 13 | 32 | b'/' | b'(' | b'<' | b'[' | b'{'
        )
    };
    let mut tokens = 0;
    let mut inside = false;
    for byte in bytes {
        let end = ends(byte);
        tokens +=
            usize::from(!end && !inside) + usize::from(matches!(byte, b'/' | b'[' | b'<' | b'('));
        inside = !end;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn object_stream(content: &[u8]) -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(content).unwrap();
        [
            b"%PDF-1.5\n1 0 obj<</Type/ObjStm>>stream\n",
            &zlib.finish().unwrap()[..],
            b"\nendstream endobj",
        ]
        .concat()
    }

    #[test]
    fn objects_are_counted_before_they_are_parsed() {
        let limits = Limits::default();
        assert!(check(&object_stream(b"1 2 3"), &limits).is_ok());
        assert_eq!(
            check(&object_stream(&b"1 ".repeat(TOKENS_MAX + 1)), &limits)
                .unwrap_err()
                .code,
            "too-large"
        );
        assert_eq!(
            check(&object_stream(&vec![b' '; 25 * 1024 * 1024]), &limits)
                .unwrap_err()
                .code,
            "too-large"
        );
        assert_eq!(
            check(&b"[1 ".repeat(TOKENS_MAX), &limits).unwrap_err().code,
            "too-large"
        );
    }
}
