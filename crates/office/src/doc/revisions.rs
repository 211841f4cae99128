//! Whether a DOC holds tracked deletions: rwml reads their text like any other.

use std::io::{Cursor, Read};

/// Character property "deleted under change tracking", with the value on.
const DELETED: [u8; 3] = [0x00, 0x08, 0x01];
/// Bytes of a page of character properties.
const PAGE_BYTES: usize = 512;
/// Where the file information block keeps the table of those pages.
const PAGES_AT: usize = 0xFA;
/// Bytes of the table stream that are looked at.
const TABLE_STREAM_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// `stream` is the WordDocument stream of `file`.
pub(super) fn holds_deletions(stream: &[u8], file: &[u8]) -> bool {
    pages(stream, file).is_some_and(|pages| {
        pages.into_iter().any(|page| {
            let start = page.checked_mul(PAGE_BYTES);
            let page = start.and_then(|start| stream.get(start..start + PAGE_BYTES));
            page.is_some_and(|page| runs(page).any(holds_deleted))
        })
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// Numbers of the property pages, from the table stream that the header names.
fn pages(stream: &[u8], file: &[u8]) -> Option<Vec<usize>> {
    let name = if stream.get(0x0B)? & 0x02 != 0 {
        "/1Table"
    } else {
        "/0Table"
    };
    let mut container = cfb::CompoundFile::open(Cursor::new(file)).ok()?;
    let mut table = Vec::new();
    container
        .open_stream(name)
        .ok()?
        .take(TABLE_STREAM_BYTES_MAX)
        .read_to_end(&mut table)
        .ok()?;
    let (at, length) = (u32_at(stream, PAGES_AT)?, u32_at(stream, PAGES_AT + 4)?);
    let list = table.get(at..at.checked_add(length)?)?;
    let count = list.len().checked_sub(4)? / 8;
    let numbers =
        (0..count).filter_map(|n| Some(u32_at(list, (count + 1) * 4 + n * 4)? & 0x3F_FFFF));
    Some(numbers.collect())
}

/// Property lists of the runs of one page.
fn runs(page: &[u8]) -> impl Iterator<Item = &[u8]> {
    let count = page.last().copied().map_or(0, usize::from);
    (0..count).filter_map(move |n| {
        let offset = usize::from(*page.get((count + 1) * 4 + n)?) * 2;
        let length = usize::from(*page.get(offset).filter(|_| offset > 0)?);
        page.get(offset + 1..offset + 1 + length)
    })
}

/// Follows the list property by property: the same bytes inside an operand mean nothing.
fn holds_deleted(properties: &[u8]) -> bool {
    let mut rest = properties;
    while let [_, high, after @ ..] = rest {
        if rest.starts_with(&DELETED) {
            return true;
        }
        let length = match high >> 5 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => after.first().map_or(0, |&n| usize::from(n) + 1),
        };
        rest = after.get(length..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::holds_deleted;

    #[test]
    fn only_the_property_itself_counts() {
        assert!(holds_deleted(&[0x35, 0x08, 0x01, 0x00, 0x08, 0x01]));
        assert!(!holds_deleted(&[0x00, 0x08, 0x00]));
        assert!(!holds_deleted(&[0x03, 0x6A, 0x00, 0x08, 0x01, 0x00]));
        assert!(!holds_deleted(&[0x00]));
    }
}
