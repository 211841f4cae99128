//! What a day is, and how many of them: the small words of the calendar.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number of working days (工作日), 0 to [`WorkingDays::MAX`]; never a bare number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct WorkingDays(u16);

/// The number is not between 0 and [`WorkingDays::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("working days must lie between 0 and {max}", max = WorkingDays::MAX)]
pub struct WorkingDaysOutOfRange;

impl WorkingDays {
    /// Largest number accepted. Unit: working days. Far above any limit in law (the longest is 40).
    pub const MAX: u16 = 9_999;

    /// Zero: the due day is the start day itself.
    pub const ZERO: Self = Self(0);

    /// A checked number of working days.
    ///
    /// # Errors
    /// [`WorkingDaysOutOfRange`] above [`WorkingDays::MAX`].
    pub const fn new(days: u16) -> Result<Self, WorkingDaysOutOfRange> {
        if days > Self::MAX {
            return Err(WorkingDaysOutOfRange);
        }
        Ok(Self(days))
    }

    /// The number, in working days.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The sum, or an error above [`WorkingDays::MAX`].
    ///
    /// # Errors
    /// [`WorkingDaysOutOfRange`].
    pub const fn plus(self, more: Self) -> Result<Self, WorkingDaysOutOfRange> {
        Self::new(self.0.saturating_add(more.0))
    }
}

impl TryFrom<u16> for WorkingDays {
    type Error = WorkingDaysOutOfRange;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        Self::new(days)
    }
}

impl From<WorkingDays> for u16 {
    fn from(days: WorkingDays) -> Self {
        days.0
    }
}

impl fmt::Display for WorkingDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a day is, and by which holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day<'a> {
    /// Monday to Friday, nothing announced.
    Workday,
    /// A weekend day worked for the named holiday (调休上班).
    MakeUp(&'a str),
    /// Saturday or Sunday.
    Weekend,
    /// Inside the announced block of the named holiday, weekends in the block included.
    Holiday(&'a str),
}

impl Day<'_> {
    /// Whether the office works.
    #[must_use]
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Workday | Self::MakeUp(_))
    }

    /// The reason in words for a reader: 工作日, 周末, 国庆节放假, 国庆节调休上班.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Workday => "工作日".to_owned(),
            Self::MakeUp(name) => format!("{name}调休上班"),
            Self::Weekend => "周末".to_owned(),
            Self::Holiday(name) => format!("{name}放假"),
        }
    }
}
