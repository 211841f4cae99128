//! A number as people write it, kept exactly: whole hundredths, never a floating point.

/// A number with at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

/// The text is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("请填写数字，如 120 或 99.5，最多两位小数，不超过一万亿。")]
pub struct AmountError;

/// 一万亿
const WHOLE_MAX: i64 = 1_000_000_000_000;

impl Amount {
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The whole part.
    #[must_use]
    pub const fn whole(self) -> i64 {
        self.0 / 100
    }
}

impl std::str::FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let text: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, ',' | '，'))
            .collect();
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let readable = !whole.is_empty() && digits(whole) && digits(part) && part.len() <= 2;
        if !readable || text.ends_with('.') {
            return Err(AmountError);
        }
        let whole: i64 = whole.parse().map_err(|_| AmountError)?;
        if whole > WHOLE_MAX {
            return Err(AmountError);
        }
        let part: i64 = format!("{part:0<2}").parse().map_err(|_| AmountError)?;
        Ok(Self(whole * 100 + part))
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.0 / 100, (self.0 % 100).abs());
        match part {
            0 => write!(f, "{whole}"),
            tenths if tenths % 10 == 0 => write!(f, "{whole}.{}", tenths / 10),
            hundredths => write!(f, "{whole}.{hundredths:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, AmountError};
    use proptest::prelude::*;

    #[test]
    fn numbers_are_kept_exactly() {
        for (text, hundredths, shown) in [
            ("120", 12_000, "120"),
            ("1,200", 120_000, "1200"),
            (" 99.5 ", 9_950, "99.5"),
            ("0.05", 5, "0.05"),
            ("1000000000000", 100_000_000_000_000, "1000000000000"),
        ] {
            let amount: Amount = text.parse().unwrap();
            assert_eq!(
                (amount.hundredths(), amount.to_string().as_str()),
                (hundredths, shown)
            );
        }
        for bad in [
            "",
            "-1",
            "1.",
            ".5",
            "1.234",
            "1e3",
            "一百",
            "1.2.3",
            "1000000000001",
        ] {
            assert_eq!(bad.parse::<Amount>(), Err(AmountError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_as_the_same(hundredths in 0_i64..100_000_000_000_000) {
            let amount = Amount::from_hundredths(hundredths);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        }
    }
}
