//! Document numbers in text that others wrote: other brackets, none, blanks, wide digits.

use super::{
    CODE_CHARS_MAX, CODE_CHARS_MIN, DocumentNumber, DocumentNumberError, IssuerCode, OrderNumber,
    digits, is_code_char,
};
use crate::han;

/// Blanks that may stand between two parts of a number.
const BLANKS_MAX: usize = 4;
/// Characters of the running text before a number that are looked at.
const RUN_CHARS_MAX: usize = 40;
/// A code longer than this, taken out of running text, is more likely to carry words before it.
const USUAL_CODE_CHARS: usize = 8;
/// 和 before at least so many characters joins two things; before fewer it may begin a code (和府办).
const CHARS_AFTER_AND: usize = 5;
/// Bytes of a field that [`read`] looks at.
const FIELD_BYTES_MAX: usize = 400;

/// What an issuing code ends with, mostly; asked for where the brackets are lost, since any
/// telephone or house number would do otherwise.
const CODE_ENDINGS: &str = "发函办字令通复规告任纪电府政文批请报监";
/// Words and particles that stand before a number in a sentence and in no issuing code.
const LEADING_WORDS: &[&str] = &[
    "根据", "按照", "依据", "依照", "参照", "遵照", "落实", "执行", "贯彻", "印发", "转发", "关于",
    "文件", "通知", "意见", "精神", "详见", "参见", "文号", "字号", "原文", "废止", "代替", "引用",
    "的", "了", "及", "与", "见", "按", "以",
];

const OPENING: &str = "〔[(【﹝〖{";
const CLOSING: &str = "〕])】﹞〗}";

/// What was changed to reach the strict form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// Other brackets than 〔〕 (or 令 with its number in brackets).
    Brackets,
    /// One or both brackets were missing.
    BracketsLost,
    /// 第 before the serial.
    Ordinal,
    /// Zeros before the serial.
    LeadingZeros,
    /// Full-width digits or brackets narrowed.
    Width,
    /// Blanks or line breaks inside.
    Blanks,
    /// The closing 号 was missing.
    EndingLost,
    /// Words before the number were cut off, or could not be told from it.
    CodeCut,
}

impl Repair {
    /// What a user reads about it.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Brackets => "年份括号不是六角括号，已改为〔〕。",
            Self::BracketsLost => "年份括号缺失，已补为〔〕；请核对年份和序号。",
            Self::Ordinal => "序号前的“第”已去掉。",
            Self::LeadingZeros => "序号前的虚位“0”已去掉。",
            Self::Width => "全角数字或括号已改为规范写法。",
            Self::Blanks => "发文字号中间的空格已去掉。",
            Self::EndingLost => "缺少“号”字，已补上；请核对。",
            Self::CodeCut => "机关代字的起点是推定的；请核对。",
        }
    }
}

/// A number of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    Document(DocumentNumber),
    Order(OrderNumber),
}

/// A number found in running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub number: Number,
    /// The characters as they stand in the text.
    pub original: String,
    /// First character, counted in characters of the text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Without repeats, in the order of [`Repair`].
    pub repairs: Vec<Repair>,
}

/// Reads a field that holds a document number and nothing else.
///
/// # Errors
/// [`DocumentNumberError`] when no repair leads to the strict form.
pub fn read(field: &str) -> Result<(DocumentNumber, Vec<Repair>), DocumentNumberError> {
    if field.len() > FIELD_BYTES_MAX {
        return Err(DocumentNumberError::Code);
    }
    let trimmed = field.trim_matches(|c: char| han::fold_char(c).is_none_or(|c| c == ' '));
    let mut characters: Vec<char> = trimmed.chars().collect();
    let ending_lost = characters.last() != Some(&'号');
    if ending_lost {
        characters.push('号');
    }
    let end = characters.len().saturating_sub(1);
    let parts = Backwards::new(&characters, end)
        .parts()
        .ok_or(DocumentNumberError::Serial)?;
    let Parts {
        year: Some(year),
        serial,
        mut repairs,
        code_end,
        ..
    } = parts
    else {
        return Err(DocumentNumberError::Year);
    };
    let before = characters.get(..code_end).unwrap_or_default();
    let code: String = before.iter().copied().filter_map(han::fold_char).collect();
    let squeezed = han::squeeze(&code);
    if squeezed.chars().count() != before.len() {
        repairs.push(Repair::Blanks);
    }
    if ending_lost {
        repairs.push(Repair::EndingLost);
    }
    let number = DocumentNumber::new(squeezed.parse()?, year, serial)?;
    Ok((number, settled(repairs)))
}

/// Every document and order number in running text, in order, none overlapping another.
#[must_use]
pub fn find(text: &str) -> Vec<Found> {
    let characters: Vec<char> = text.chars().collect();
    let mut found: Vec<Found> = Vec::new();
    for (index, c) in characters.iter().enumerate() {
        if *c != '号' {
            continue;
        }
        let floor = found.last().map_or(0, |last| last.end);
        if let Some(next) = found_at(&characters, floor, index) {
            found.push(next);
        }
    }
    found
}

/// The number that ends with the 号 at `index` and begins no earlier than `floor`.
fn found_at(characters: &[char], floor: usize, index: usize) -> Option<Found> {
    let Parts {
        year,
        serial,
        mut repairs,
        ordinal,
        code_end,
        opened,
    } = Backwards::new(characters.get(..index)?, index).parts()?;
    let run: Vec<char> = characters
        .get(floor..code_end)?
        .iter()
        .rev()
        .copied()
        .take_while(|c| is_code_char(*c))
        .take(RUN_CHARS_MAX)
        .collect();
    let run: String = run.into_iter().rev().collect();
    let code = after_leading_words(&run);
    let length = code.chars().count();
    if length != run.chars().count() || length > USUAL_CODE_CHARS {
        repairs.push(Repair::CodeCut);
    }
    let mut end = index + 1;
    let number = match year {
        Some(year) => {
            let lost = repairs.contains(&Repair::BracketsLost);
            if length > CODE_CHARS_MAX || (lost && !code.ends_with(|c| CODE_ENDINGS.contains(c))) {
                return None;
            }
            let code: IssuerCode = code.parse().ok()?;
            Number::Document(DocumentNumber::new(code, year, serial).ok()?)
        }
        None if ordinal => {
            if opened && characters.get(end).is_some_and(|c| is_one_of(*c, CLOSING)) {
                end += 1;
            }
            // 第 is how an order is written, not a fault in it.
            repairs.retain(|repair| *repair != Repair::Ordinal);
            Number::Order(OrderNumber::new(code, serial).ok()?)
        }
        None => return None,
    };
    let start = code_end.checked_sub(length)?;
    let original = characters.get(start..end)?.iter().collect();
    Some(Found {
        number,
        original,
        start,
        end,
        repairs: settled(repairs),
    })
}

fn settled(mut repairs: Vec<Repair>) -> Vec<Repair> {
    repairs.sort_unstable();
    repairs.dedup();
    repairs
}

/// What follows the last leading word, if a code can follow it.
fn after_leading_words(run: &str) -> &str {
    let long_enough = |rest: &&str| rest.chars().nth(CODE_CHARS_MIN - 1).is_some();
    let code = LEADING_WORDS
        .iter()
        .flat_map(|word| run.match_indices(word))
        .filter_map(|(start, word)| run.get(start + word.len()..))
        .filter(long_enough)
        .min_by_key(|rest| rest.len())
        .unwrap_or(run);
    match code.strip_prefix('和') {
        Some(rest) if rest.chars().nth(CHARS_AFTER_AND - 1).is_some() => rest,
        _ => code,
    }
}

fn is_one_of(c: char, set: &str) -> bool {
    han::fold_char(c).is_some_and(|c| set.contains(c))
}

/// What stands between the issuing code and 号.
struct Parts {
    year: Option<u16>,
    serial: u32,
    repairs: Vec<Repair>,
    ordinal: bool,
    /// Whether an opening bracket stands before the ordinal of an order.
    opened: bool,
    /// One past the last character of the code.
    code_end: usize,
}

/// Reads backwards from 号.
struct Backwards<'a> {
    characters: &'a [char],
    at: usize,
    repairs: Vec<Repair>,
}

impl<'a> Backwards<'a> {
    fn new(characters: &'a [char], at: usize) -> Self {
        Self {
            characters,
            at,
            repairs: Vec::new(),
        }
    }

    fn parts(mut self) -> Option<Parts> {
        self.blanks();
        let mut serial = self.digits()?;
        self.blanks();
        let ordinal = self.eat(|c| c == '第');
        if ordinal {
            self.repairs.push(Repair::Ordinal);
            self.blanks();
        }
        let closed = self.bracket(CLOSING, '〕');
        self.blanks();
        let before_year = self.at;
        let mut year = self.digits();
        if year.is_none() && !closed && !ordinal && serial.len() > 4 {
            let (head, tail) = serial.split_at_checked(4)?;
            (year, serial) = (Some(head.to_owned()), tail.to_owned());
        }
        let Some(year) = year else {
            return self.order(serial, ordinal, closed, before_year);
        };
        self.blanks();
        let opened = self.bracket(OPENING, '〔');
        if !(opened && closed) {
            self.repairs.push(Repair::BracketsLost);
        }
        self.blanks();
        let year =
            digits(&year).filter(|value| year.len() == 4 && (1900..=2099).contains(value))?;
        let serial = self.serial(&serial)?;
        Some(Parts {
            year: Some(u16::try_from(year).ok()?),
            serial,
            repairs: self.repairs,
            ordinal,
            opened,
            code_end: self.at,
        })
    }

    /// 令第711号, 令（第711号）: no year at all.
    fn order(mut self, serial: String, ordinal: bool, closed: bool, at: usize) -> Option<Parts> {
        if closed || !ordinal {
            return None;
        }
        self.at = at;
        let opened = self.eat(|c| is_one_of(c, OPENING));
        if opened {
            self.repairs.push(Repair::Brackets);
            self.blanks();
        }
        let serial = self.serial(&serial)?;
        let Self { repairs, at, .. } = self;
        Some(Parts {
            year: None,
            serial,
            repairs,
            ordinal,
            opened,
            code_end: at,
        })
    }

    fn serial(&mut self, text: &str) -> Option<u32> {
        if text.starts_with('0') {
            self.repairs.push(Repair::LeadingZeros);
        }
        digits(text)
    }

    fn bracket(&mut self, set: &str, proper: char) -> bool {
        let Some(c) = self.previous().filter(|c| is_one_of(*c, set)) else {
            return false;
        };
        self.at = self.at.saturating_sub(1);
        if c != proper {
            self.repairs.push(Repair::Brackets);
        }
        true
    }

    fn digits(&mut self) -> Option<String> {
        const DIGITS_MAX: usize = 10;
        let mut reversed = String::new();
        while let Some(c) = self.previous() {
            let Some(narrow) = han::fold_char(c).filter(char::is_ascii_digit) else {
                break;
            };
            if narrow != c {
                self.repairs.push(Repair::Width);
            }
            if reversed.len() >= DIGITS_MAX {
                return None;
            }
            reversed.push(narrow);
            self.at = self.at.saturating_sub(1);
        }
        if reversed.is_empty() {
            None
        } else {
            Some(reversed.chars().rev().collect())
        }
    }

    fn blanks(&mut self) {
        for _ in 0..BLANKS_MAX {
            if self.eat(|c| han::fold_char(c).is_none_or(|c| c == ' ')) {
                self.repairs.push(Repair::Blanks);
            }
        }
    }

    fn eat(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        let eaten = self.previous().is_some_and(wanted);
        if eaten {
            self.at = self.at.saturating_sub(1);
        }
        eaten
    }

    fn previous(&self) -> Option<char> {
        self.characters.get(self.at.checked_sub(1)?).copied()
    }
}
