//! Points in whole hundredths.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Hundredths of a point: 12.5 points are 1250.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Points(pub i64);

/// The text is no number of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("请填数字，最多两位小数，如 12.5")]
pub struct PointsError;

/// The most points that anything is worth.
const MOST: i64 = 1_000_000;

impl Points {
    pub const ZERO: Self = Self(0);

    /// This share of the points, rounded half up to a hundredth; all of them where there is nothing to share.
    #[must_use]
    pub fn share(self, good: i64, all: i64) -> Self {
        if all <= 0 {
            return self;
        }
        let doubled = 2 * i128::from(self.0) * i128::from(good.clamp(0, all)) + i128::from(all);
        Self(i64::try_from(doubled / (2 * i128::from(all))).unwrap_or(self.0))
    }

    /// So many times; at most the largest number of points.
    #[must_use]
    pub fn times(self, n: usize) -> Self {
        Self(self.0.saturating_mul(i64::try_from(n).unwrap_or(i64::MAX)))
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{sign}{whole}"),
            (_, 0) => write!(f, "{sign}{whole}.{}", rest / 10),
            _ => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

impl FromStr for Points {
    type Err = PointsError;

    fn from_str(text: &str) -> Result<Self, PointsError> {
        let text = text.trim();
        let (sign, text) = match text.strip_prefix(['-', '－']) {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
            return Err(PointsError);
        }
        let hundredths = format!("{whole}{rest:0<2}");
        let number: i64 = hundredths.parse().map_err(|_| PointsError)?;
        if number > MOST {
            return Err(PointsError);
        }
        Ok(Self(sign * number))
    }
}

#[cfg(test)]
mod tests {
    use super::Points;
    use proptest::prelude::*;

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(Points(1500).share(1, 3), Points(500));
        assert_eq!(Points(1000).share(2, 3), Points(667));
        assert_eq!(Points(1).share(1, 2), Points(1));
        assert_eq!(Points(1500).share(0, 0), Points(1500));
    }

    #[test]
    fn points_read_as_they_are_written() {
        for (text, wanted) in [("12.5", 1250), ("0", 0), ("-3", -300), ("0.05", 5)] {
            let points: Points = text.parse().unwrap();
            assert_eq!((points.0, points.to_string().as_str()), (wanted, text));
        }
        for bad in ["", "1.234", "一", "1e3", ".5", "99999.99", "--1"] {
            assert!(bad.parse::<Points>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_agree(n in -1_000_000_i64..=1_000_000) {
            prop_assert_eq!(Points(n).to_string().parse::<Points>().unwrap(), Points(n));
        }

        #[test]
        fn a_share_is_never_more_than_the_whole(whole in 0_i64..100_000, good in 0_i64..1000, all in 1_i64..1000) {
            let share = Points(whole).share(good, all);
            prop_assert!(share.0 >= 0 && share.0 <= whole);
        }
    }
}
