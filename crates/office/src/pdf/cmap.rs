//! Character maps: which bytes form one code, and which CID or text a code stands for.

use std::collections::HashMap;

use super::lexer::{Lexer, Token};

/// Single entries and ranges of one map.
const ENTRIES_MAX: usize = 200_000;

#[derive(Default)]
pub(super) struct CMap {
    /// Byte count, first and last code of each codespace range.
    spaces: Vec<(usize, u32, u32)>,
    text: HashMap<u32, String>,
    /// First and last code, text of the first.
    text_ranges: Vec<(u32, u32, String)>,
    /// First and last code, CID of the first.
    cid_ranges: Vec<(u32, u32, u32)>,
    pub(super) vertical: bool,
}

impl CMap {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let (mut map, mut lexer) = (Self::default(), Lexer::new(bytes));
        let mut pending: Vec<Token<'_>> = Vec::new();
        let mut entries = 0usize;
        while let Some(token) = lexer.next() {
            match token {
                Token::Word(word) => {
                    match word {
                        b"endcodespacerange" => map.take_spaces(&pending),
                        b"endbfchar" => map.take_chars(&pending),
                        b"endbfrange" => map.take_ranges(&pending),
                        b"endcidchar" => map.take_cids(&pending, 2),
                        b"endcidrange" => map.take_cids(&pending, 3),
                        b"def" => {
                            if let [.., Token::Name(name), Token::Number(mode)] = pending.as_slice()
                                && name == b"WMode"
                            {
                                map.vertical = *mode == 1.0;
                            }
                        }
                        _ => {}
                    }
                    pending.clear();
                }
                token => {
                    entries += 1;
                    if entries > ENTRIES_MAX {
                        break;
                    }
                    pending.push(token);
                }
            }
        }
        map.text_ranges.sort_by_key(|range| range.0);
        map.cid_ranges.sort_by_key(|range| range.0);
        map
    }

    fn take_spaces(&mut self, tokens: &[Token<'_>]) {
        for pair in tokens.chunks_exact(2) {
            if let [Token::String(low), Token::String(high)] = pair
                && (1..=4).contains(&low.len())
                && low.len() == high.len()
            {
                self.spaces.push((low.len(), code(low), code(high)));
            }
        }
    }

    fn take_chars(&mut self, tokens: &[Token<'_>]) {
        for pair in tokens.chunks_exact(2) {
            if let [Token::String(from), Token::String(to)] = pair {
                self.text.insert(code(from), utf16(to));
            }
        }
    }

    fn take_ranges(&mut self, tokens: &[Token<'_>]) {
        let mut rest = tokens;
        while let [Token::String(low), Token::String(high), after @ ..] = rest {
            let (low, high) = (code(low), code(high));
            rest = match after {
                [Token::String(first), after @ ..] => {
                    if low <= high {
                        self.text_ranges.push((low, high, utf16(first)));
                    }
                    after
                }
                [Token::ArrayOpen, after @ ..] => {
                    let end = after
                        .iter()
                        .position(|token| *token == Token::ArrayClose)
                        .unwrap_or(after.len());
                    let (list, after) = after.split_at(end);
                    for (code, token) in (low..=high).zip(list) {
                        if let Token::String(text) = token {
                            self.text.insert(code, utf16(text));
                        }
                    }
                    after.get(1..).unwrap_or_default()
                }
                _ => return,
            };
        }
    }

    fn take_cids(&mut self, tokens: &[Token<'_>], width: usize) {
        for group in tokens.chunks_exact(width) {
            let range = match group {
                [Token::String(one), Token::Number(cid)] => (code(one), code(one), *cid),
                [Token::String(low), Token::String(high), Token::Number(cid)] => {
                    (code(low), code(high), *cid)
                }
                _ => continue,
            };
            if range.0 <= range.1 && (0.0..=65_535.0).contains(&range.2) {
                self.cid_ranges.push((range.0, range.1, range.2 as u32));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.text_ranges.is_empty()
    }

    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.text.get(&code) {
            return Some(text.clone());
        }
        let (low, _, first) = last_range(&self.text_ranges, code, |range| (range.0, range.1))?;
        let mut text = first.clone();
        if code > *low {
            // Only the last character counts on.
            let last = text.pop()?;
            text.push(char::from_u32(u32::from(last).checked_add(code - low)?)?);
        }
        Some(text)
    }

    pub(super) fn cid(&self, code: u32) -> Option<u32> {
        let (low, _, first) = last_range(&self.cid_ranges, code, |range| (range.0, range.1))?;
        first.checked_add(code - low)
    }

    /// How many bytes the next code takes; 0 only at the end.
    pub(super) fn code_length(&self, bytes: &[u8]) -> usize {
        let fitting = (1..=4.min(bytes.len())).find(|&length| {
            let value = code(bytes.get(..length).unwrap_or_default());
            self.spaces
                .iter()
                .any(|&(n, low, high)| n == length && within(value, low, high, length))
        });
        let shortest = self.spaces.iter().map(|space| space.0).min().unwrap_or(2);
        fitting.unwrap_or(shortest).min(bytes.len())
    }

    pub(super) fn has_spaces(&self) -> bool {
        !self.spaces.is_empty()
    }
}

/// Codespace ranges hold for each byte on its own.
fn within(value: u32, low: u32, high: u32, length: usize) -> bool {
    (0..length).all(|n| {
        let byte = |code: u32| (code >> (8 * n)) & 0xFF;
        (byte(low)..=byte(high)).contains(&byte(value))
    })
}

fn last_range<T>(ranges: &[T], code: u32, bounds: impl Fn(&T) -> (u32, u32)) -> Option<&T> {
    let index = ranges.partition_point(|range| bounds(range).0 <= code);
    let range = ranges.get(index.checked_sub(1)?)?;
    (code <= bounds(range).1).then_some(range)
}

fn code(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |sum, &byte| sum << 8 | u32::from(byte))
}

fn utf16(bytes: &[u8]) -> String {
    match bytes {
        [one] => char::from(*one).to_string(),
        bytes => {
            let units = bytes.chunks_exact(2).map(|pair| {
                u16::from_be_bytes([
                    pair.first().copied().unwrap_or(0),
                    pair.get(1).copied().unwrap_or(0),
                ])
            });
            char::decode_utf16(units)
                .map(|c| c.unwrap_or('\u{FFFD}'))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CMap;

    #[test]
    fn codes_map_to_text_by_char_range_and_list() {
        let map = CMap::parse(
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
              2 beginbfchar <0001> <5E02> <0002> <D842DFB7> endbfchar\n\
              2 beginbfrange <0010> <0012> <4E00> <0020> <0021> [<4E8C> <00660069>] endbfrange",
        );
        let text = |code| map.text(code).unwrap_or_default();
        assert_eq!(
            [text(1), text(2), text(0x11), text(0x21)],
            ["市", "𠮷", "丁", "fi"]
        );
        assert_eq!(map.text(0x13), None);
        assert_eq!(
            (
                map.code_length(b"\x00\x01\x02"),
                map.code_length(b"\x00"),
                map.code_length(b"")
            ),
            (2, 1, 0)
        );
    }

    #[test]
    fn mixed_widths_follow_their_ranges() {
        let map = CMap::parse(
            b"begincodespacerange <00> <80> <8140> <FEFE> endcodespacerange \
              begincidrange <20> <7E> 1 <B0A1> <B0FE> 500 endcidrange /WMode 1 def",
        );
        assert_eq!(
            (map.code_length(b"A\xB0\xA1"), map.code_length(b"\xB0\xA1")),
            (1, 2)
        );
        assert_eq!(
            (map.cid(0x21), map.cid(0xB0A2), map.cid(0xC0A1)),
            (Some(2), Some(501), None)
        );
        assert!(map.vertical);
    }

    #[test]
    fn hostile_maps_end() {
        let map = CMap::parse(
            b"beginbfrange <00000000> <FFFFFFFF> <FFFF> <02> <01> <41> <05> endbfrange",
        );
        assert_eq!(map.text(0xFFFF_FFFF), None);
        assert!(
            CMap::parse(b"beginbfrange <00> <FFFFFFFF> [<41>] endbfrange")
                .text(0)
                .is_some()
        );
    }
}
