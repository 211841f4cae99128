//! Dice that break things, the same way for the same seed.

/// Numbers at which counters, spans and offsets go wrong.
const NUMBERS: [u64; 12] = [
    0,
    1,
    2,
    255,
    256,
    16_384,
    65_535,
    1_048_576,
    0x7FFF_FFFF,
    0xFFFF_FFFF,
    0x1_0000_0000,
    u64::MAX,
];

pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1))
    }

    /// SplitMix64: every seed gives its own long sequence.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub(super) fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    pub(super) fn number(&mut self) -> u64 {
        *self.pick(&NUMBERS)
    }

    /// A stretch of up to `longest` bytes or characters within `length`.
    fn stretch(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..length.min(start + self.below(longest) + 1)
    }

    /// One to eight changes that know nothing of the format.
    pub(super) fn bytes(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(8) {
            let length = bytes.len();
            match self.below(8) {
                0 => bytes.truncate(self.below(length + 1)),
                1 => drop(bytes.drain(self.stretch(length, 64))),
                2 => {
                    let piece = bytes[self.stretch(length, 256)].to_vec();
                    let at = self.below(length + 1);
                    bytes.splice(at..at, piece);
                }
                3 => {
                    let value = self.number().to_le_bytes();
                    let at = self.below(length + 1);
                    let width = *self.pick(&[2, 4, 8]);
                    for (byte, new) in bytes.iter_mut().skip(at).zip(&value[..width]) {
                        *byte = *new;
                    }
                }
                _ if length > 0 => {
                    let at = self.below(length);
                    bytes[at] ^= 1 << self.below(8);
                }
                _ => {}
            }
        }
    }

    /// One to three changes to tags, attributes and text of XML or HTML.
    pub(super) fn markup(&mut self, text: &mut String) {
        for _ in 0..=self.below(3) {
            let mut pieces = split_tags(text);
            if pieces.is_empty() {
                return;
            }
            let at = self.below(pieces.len());
            match self.below(9) {
                0 => drop(pieces.remove(at)),
                1 => {
                    let other = self.below(pieces.len());
                    pieces.swap(at, other);
                }
                2 => {
                    let block = pieces[self.stretch(pieces.len(), 12)].to_vec();
                    let count = *self.pick(&[1, 2, 40, 400]);
                    let copies: Vec<String> = std::iter::repeat_n(block, count).flatten().collect();
                    pieces.splice(at..at, copies);
                }
                3 => {
                    let opener = pieces[at].clone();
                    let count = *self.pick(&[10, 300, 2_000]);
                    pieces.splice(at..at, std::iter::repeat_n(opener, count));
                }
                4 | 5 => pieces[at] = self.renumber(&pieces[at].clone()),
                6 => pieces[at] = pieces[at].replace('"', ""),
                7 => pieces.insert(
                    at,
                    "&undefined;&#x110000;&#0;<!DOCTYPE a [<!ENTITY b 'c'>]>".to_owned(),
                ),
                _ => {
                    let name = self
                        .pick(&[
                            "w:del", "w:tbl", "w:tc", "w:p", "table", "td", "tr", "c", "si",
                        ])
                        .to_string();
                    pieces[at] = if self.one_in(2) {
                        format!("<{name}>")
                    } else {
                        format!("</{name}>")
                    };
                }
            }
            *text = pieces.concat();
        }
    }

    /// Every number of a tag becomes one that breaks counters.
    fn renumber(&mut self, piece: &str) -> String {
        let (mut out, mut digits) = (String::new(), false);
        for c in piece.chars() {
            if c.is_ascii_digit() {
                if !std::mem::replace(&mut digits, true) {
                    out.push_str(&format!(
                        "{}{}",
                        if self.one_in(4) { "-" } else { "" },
                        self.number()
                    ));
                }
            } else {
                digits = false;
                out.push(c);
            }
        }
        out
    }

    /// Swaps, repeats or removes tokens of a PDF, or replaces numbers.
    pub(super) fn pdf(&mut self, bytes: &mut Vec<u8>) {
        let is_space = |byte: &u8| byte.is_ascii_whitespace();
        let ends: Vec<usize> = (0..bytes.len()).filter(|&n| is_space(&bytes[n])).collect();
        if ends.len() < 4 {
            return;
        }
        let token = |dice: &mut Self| {
            let index = dice.below(ends.len() - 1);
            ends[index] + 1..ends[index + 1]
        };
        let (one, other) = (token(self), token(self));
        match self.below(6) {
            0 => {
                let piece = bytes[other].to_vec();
                bytes.splice(one, piece);
            }
            1 => drop(bytes.drain(one)),
            2 => {
                let (start, end) = (one.start.min(other.start), one.end.max(other.end));
                let piece = bytes[start..end.min(start + 400)].to_vec();
                bytes.splice(start..start, piece.repeat(*self.pick(&[1, 5, 50])));
            }
            3 => {
                let operator = *self.pick(&[
                    "q", "Q", "BT", "ET", "TJ", "Tj", "cm", "re", "Do", "S", "f", "BI", "ID",
                ]);
                bytes.splice(one, operator.bytes());
            }
            4 => {
                let word = *self.pick(&[
                    "obj",
                    "endobj",
                    "stream",
                    "endstream",
                    "R",
                    "<<",
                    ">>",
                    "[",
                    "]",
                    "(",
                ]);
                bytes.splice(one, word.bytes());
            }
            _ => {
                let number = match self.below(3) {
                    0 => format!("-{}", self.number()),
                    1 => "1e999".to_owned(),
                    _ => self.number().to_string(),
                };
                bytes.splice(one, number.bytes());
            }
        }
    }
}

/// Tags and what stands between them.
fn split_tags(text: &str) -> Vec<String> {
    text.split_inclusive('>')
        .flat_map(|piece| match piece.find('<') {
            Some(at) if at > 0 => vec![piece[..at].to_owned(), piece[at..].to_owned()],
            _ => vec![piece.to_owned()],
        })
        .collect()
}
