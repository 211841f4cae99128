//! Records of a BIFF stream and the strings in them.

use encoding_rs::{Encoding, GB18030, UTF_16LE};

/// Bytes of a record, read forward; past the end everything is absent.
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(head)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(super) fn f64(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }
}

/// One record: its number and its bytes.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
}

/// Records from an offset on, until the bytes end.
pub(super) fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut fields = Fields::new(stream.get(from..).unwrap_or_default());
    std::iter::from_fn(move || {
        let (kind, length) = (fields.u16()?, fields.u16()?);
        let data = fields.take(usize::from(length).min(fields.left()))?;
        Some(Record { kind, data })
    })
}

/// How byte strings of old files are written.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        936 => return GB18030,
        950 => "big5",
        1200 => return UTF_16LE,
        1250..=1258 => {
            return Encoding::for_label(format!("windows-{number}").as_bytes()).unwrap_or(GB18030);
        }
        932 => "shift_jis",
        949 => "euc-kr",
        _ => return GB18030,
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(GB18030)
}

/// A string of BIFF8 whose length was already read: one flag byte, then characters of one or two bytes.
pub(super) fn wide_string(fields: &mut Fields<'_>, length: usize) -> Option<String> {
    let flags = fields.u8()?;
    if flags & 0x08 != 0 {
        fields.u16()?; // formatting runs, they follow the text
    }
    if flags & 0x04 != 0 {
        fields.u32()?; // phonetic text, follows the text
    }
    let wide = flags & 1 != 0;
    let bytes = fields.take((length * if wide { 2 } else { 1 }).min(fields.left()))?;
    Some(decode_chars(bytes, wide))
}

fn decode_chars(bytes: &[u8], wide: bool) -> String {
    match wide {
        true => UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
        false => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// The shared string table over its record and the continuations, in which strings may break off anywhere:
/// characters that go on in a continuation begin there with a flag byte of their own.
pub(super) struct StringTable<'a> {
    segments: Vec<&'a [u8]>,
    segment: usize,
    at: usize,
}

impl<'a> StringTable<'a> {
    pub(super) fn new(segments: Vec<&'a [u8]>) -> Self {
        Self {
            segments,
            segment: 0,
            at: 8,
        } // two counts come first
    }

    fn byte(&mut self) -> Option<u8> {
        loop {
            let segment = self.segments.get(self.segment)?;
            if let Some(&byte) = segment.get(self.at) {
                self.at += 1;
                return Some(byte);
            }
            (self.segment, self.at) = (self.segment + 1, 0);
        }
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        (0..bytes).try_fold(0usize, |sum, n| {
            Some(sum | usize::from(self.byte()?) << (8 * n))
        })
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        let mut left = count;
        while left > 0 {
            let room = self
                .segments
                .get(self.segment)?
                .len()
                .saturating_sub(self.at);
            let step = room.min(left);
            self.at += step;
            left -= step;
            if left > 0 {
                (self.segment, self.at) = (self.segment + 1, 0);
            }
        }
        Some(())
    }

    fn chars(&mut self, count: usize, wide: bool) -> Option<String> {
        let (mut text, mut left, mut wide) = (String::new(), count, wide);
        while left > 0 {
            let segment = self.segments.get(self.segment)?;
            let width = if wide { 2 } else { 1 };
            let here = (segment.len().saturating_sub(self.at) / width).min(left);
            let bytes = segment.get(self.at..self.at + here * width)?;
            text.push_str(&decode_chars(bytes, wide));
            self.at += here * width;
            left -= here;
            if left > 0 {
                (self.segment, self.at) = (self.segment + 1, 0);
                wide = self.byte()? & 1 != 0;
            }
        }
        Some(text)
    }
}

impl Iterator for StringTable<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let length = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 0x08 != 0 {
            self.number(2)?
        } else {
            0
        };
        let phonetic = if flags & 0x04 != 0 {
            self.number(4)?
        } else {
            0
        };
        let text = self.chars(length, flags & 1 != 0)?;
        self.skip(runs * 4)?;
        self.skip(phonetic)?;
        Some(text)
    }
}

/// A number packed into four bytes: an integer or the high half of a float, either one perhaps in hundredths.
pub(super) fn packed_number(raw: u32) -> f64 {
    let number = match raw & 2 != 0 {
        true => f64::from((raw as i32) >> 2),
        false => f64::from_bits(u64::from(raw & 0xFFFF_FFFC) << 32),
    };
    if raw & 1 != 0 { number / 100.0 } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_go_on_in_continuations_under_new_flags() {
        let first = [&[0u8; 8][..], &[4, 0, 0, b'a', b'b'][..]].concat();
        let second = [1, 0x02, 0x5E, b'd', 0, 1, 0, 0, b'z'];
        let strings: Vec<String> = StringTable::new(vec![&first, &second]).collect();
        assert_eq!(strings, ["ab市d", "z"]);
    }

    #[test]
    fn packed_numbers_are_integers_or_halves_of_floats() {
        assert_eq!(packed_number(7 << 2 | 2), 7.0);
        assert_eq!(packed_number((-20i32) as u32 | 2), -5.0);
        assert_eq!(packed_number(1234 << 2 | 3), 12.34);
        assert_eq!(packed_number((2.5f64.to_bits() >> 32) as u32), 2.5);
    }

    #[test]
    fn records_end_with_the_bytes() {
        assert_eq!(
            records(&[9, 8, 2, 0, 1, 2, 10, 0, 9, 0, 1], 0)
                .map(|r| r.data.len())
                .collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(records(&[1, 2, 3], 7).count(), 0);
    }
}
