//! Pictures that stand inside a web page as `data:` addresses: what they tell of the place and the device.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Hidden, PIECES_MAX, image};
use crate::sniff::find;

const BEGIN: &[u8] = b"data:image/";
const BASE64: &[u8] = b";base64,";
/// Bytes between the two: the kind of picture and its parameters.
const KIND_BYTES_MAX: usize = 100;

pub(super) fn scan(bytes: &[u8]) -> Vec<Hidden> {
    let mut found = Vec::new();
    for (n, stretch) in (1..).zip(stretches(bytes)) {
        let Some(picture) = bytes.get(stretch).and_then(decoded) else {
            continue;
        };
        found.extend(image::scan(&picture).into_iter().map(|one| Hidden {
            place: format!("网页里的第 {n} 张图片（{}）", one.place),
            ..one
        }));
        if found.len() >= PIECES_MAX {
            break;
        }
    }
    found
}

/// The page with its pictures cleaned; one of another kind stays as it is, and the second scan decides.
pub(super) fn clean(bytes: &[u8]) -> Vec<u8> {
    let (mut copy, mut at) = (Vec::with_capacity(bytes.len()), 0);
    for stretch in stretches(bytes) {
        let picture = bytes.get(stretch.clone()).and_then(decoded);
        let Some(picture) = picture.filter(|picture| !image::scan(picture).is_empty()) else {
            continue;
        };
        if let Ok(clean) = image::clean(&picture) {
            copy.extend(bytes.get(at..stretch.start).unwrap_or_default());
            copy.extend(STANDARD.encode(clean).bytes());
            at = stretch.end;
        }
    }
    copy.extend(bytes.get(at..).unwrap_or_default());
    copy
}

/// Where the encoded bytes of pictures stand.
fn stretches(bytes: &[u8]) -> Vec<Range<usize>> {
    let lower = bytes.to_ascii_lowercase();
    let (mut stretches, mut at) = (Vec::new(), 0);
    while let Some(begin) = lower.get(at..).and_then(|rest| find(rest, BEGIN)) {
        let kind = at + begin + BEGIN.len();
        at = kind;
        let head = lower.get(kind..lower.len().min(kind + KIND_BYTES_MAX));
        let Some(before) = head.and_then(|head| find(head, BASE64)) else {
            continue;
        };
        let start = kind + before + BASE64.len();
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_code(*byte));
        at = start + length.unwrap_or(rest.len());
        stretches.push(start..at);
    }
    stretches
}

const fn is_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') || byte.is_ascii_whitespace()
}

fn decoded(code: &[u8]) -> Option<Vec<u8>> {
    let code: Vec<u8> = code
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    STANDARD.decode(code).ok()
}
