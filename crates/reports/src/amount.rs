//! What stands in a cell: a number in exact millionths, nothing, or something that is no number.

use std::fmt;

/// Millionths in one.
const ONE: i64 = 1_000_000;
/// Digits after the point that a cell may have.
const DECIMALS_MAX: usize = 6;
/// Digits before the point; more is no count of anything.
const DIGITS_MAX: usize = 12;

/// A number of a cell, exact to six decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    pub const ZERO: Self = Self(0);

    /// A whole number; beyond twelve digits it stays at the greatest.
    #[must_use]
    pub const fn whole(n: i64) -> Self {
        Self(n.saturating_mul(ONE))
    }

    /// The number of whole ones, where there is nothing after the point.
    #[must_use]
    pub const fn as_whole(self) -> Option<i64> {
        if self.0 % ONE == 0 {
            Some(self.0 / ONE)
        } else {
            None
        }
    }

    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        each.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / ONE.unsigned_abs();
        let rest = self.0.unsigned_abs() % ONE.unsigned_abs();
        if rest == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let decimals = format!("{rest:06}");
            write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
        }
    }
}

/// What was read in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The cell stands there with nothing in it, or a stroke: nought.
    Blank,
    Number(Amount),
    /// The text that is no number.
    Odd(String),
}

impl Value {
    #[must_use]
    pub const fn whole(n: i64) -> Self {
        Self::Number(Amount::whole(n))
    }

    /// What it counts in sums: nothing for what is no number.
    #[must_use]
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Self::Blank => Some(Amount::ZERO),
            Self::Number(amount) => Some(*amount),
            Self::Odd(_) => None,
        }
    }

    /// Reads a cell: full-width digits, separators of thousands, a unit behind the number, strokes for nought.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = half_width(text);
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if plain.is_empty() || is_stroke(&plain) {
            return Self::Blank;
        }
        match number(&plain) {
            Some(amount) => Self::Number(amount),
            None => Self::Odd(text.trim().to_owned()),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => Ok(()),
            Self::Number(amount) => amount.fmt(f),
            Self::Odd(text) => f.write_str(text),
        }
    }
}

fn is_stroke(text: &str) -> bool {
    matches!(text, "无" | "空" | "零" | "／" | "\\" | "N/A" | "n/a")
        || text
            .chars()
            .all(|c| matches!(c, '-' | '—' | '–' | '－' | '/' | '―' | '─' | '_'))
}

/// Full-width digits and signs as half-width ones; invisible characters go.
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !matches!(
                c,
                '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' | '\u{ad}'
            )
        })
        .map(|c| match c {
            '０'..='９' => {
                char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
            }
            '．' => '.',
            '，' | '٬' => ',',
            '－' | '−' | '﹣' => '-',
            '＋' => '+',
            '\u{a0}' | '\u{3000}' | '\u{2002}' | '\u{2003}' | '\u{2009}' => ' ',
            other => other,
        })
        .collect()
}

const UNITS: [&str; 12] = [
    "万元", "件", "宗", "条", "项", "个", "份", "次", "起", "例", "人", "元",
];

/// A number in half-width characters, maybe with a unit behind.
#[must_use]
pub fn number(text: &str) -> Option<Amount> {
    let bare = UNITS
        .iter()
        .find_map(|unit| text.strip_suffix(unit))
        .unwrap_or(text)
        .trim();
    let (sign, digits) = match bare.strip_prefix(['-', '+']) {
        Some(rest) if bare.starts_with('-') => (-1, rest),
        Some(rest) => (1, rest),
        None => (1, bare),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = without_separators(whole)?;
    let decimals = decimals.trim_end_matches('0');
    let fits = !whole.is_empty()
        && whole.len() <= DIGITS_MAX
        && decimals.len() <= DECIMALS_MAX
        && decimals.chars().all(|c| c.is_ascii_digit());
    if !fits {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{decimals:0<6}").parse().ok()?;
    let millionths = whole.checked_mul(ONE)?.checked_add(fraction)?;
    Some(Amount(sign * millionths))
}

/// `1,234,567` without commas; a comma anywhere else makes it no number.
fn without_separators(text: &str) -> Option<String> {
    if !text.contains(',') {
        return text
            .chars()
            .all(|c| c.is_ascii_digit())
            .then(|| text.to_owned());
    }
    let mut groups = text.split(',');
    let first = groups.next()?;
    let digits = |group: &str| group.chars().all(|c| c.is_ascii_digit());
    let well = (1..=3).contains(&first.len())
        && digits(first)
        && groups
            .clone()
            .all(|group| group.len() == 3 && digits(group));
    well.then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::{Amount, Value};

    #[test]
    fn cells_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("12", 12),
            (" 13,612 ", 13_612),
            ("１３，６１２", 13_612),
            ("11，398，889", 11_398_889),
            ("0", 0),
            ("7.0", 7),
            ("12件", 12),
            ("-3", -3),
            ("1 2", 12),
        ] {
            assert_eq!(Value::read(text), Value::whole(wanted), "{text}");
        }
        for text in ["", " ", "-", "—", "/", "无", "\u{3000}", "——"] {
            assert_eq!(Value::read(text), Value::Blank, "{text}");
        }
        for text in [
            "1,23",
            "约12",
            "12%",
            "0.0000001",
            "十二",
            "1234567890123",
            "1.2.3",
        ] {
            assert!(matches!(Value::read(text), Value::Odd(_)), "{text}");
        }
        assert_eq!(Value::read("316441.05万元").to_string(), "316441.05");
        assert_eq!(Value::read("0.000001").to_string(), "0.000001");
        let Value::Number(half) = Value::read("-0.5") else {
            panic!("no number");
        };
        assert_eq!((half.to_string(), half.as_whole()), ("-0.5".into(), None));
        assert_eq!(Amount::whole(3).minus(half).to_string(), "3.5");
    }
}
