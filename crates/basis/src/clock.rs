//! The one clock: a limit of days, replayed from what happened to it.
//!
//! Cases of 依申请公开 store [`ClockEvent`]s: due date, days left and overdue are computed from the
//! events, the calendar and today. Beside a case stands the due date as it was last computed, so that
//! lists can be ordered by it; each step and each night renews it. The rules and vectors:
//! `docs/law/working-days.md`.
//!
//! What has a day zero and a number of days, and nothing that stops it, is a [`Run`]: the same replay
//! with the first event alone, and the same working. So are counted: opinions of third parties and
//! co-makers, payment, the days of letters, publication after a suggestion or a release, 行政复议 and
//! 行政诉讼 in days, steps and late reviews of documents, replies to 督办单 and 通报, appeals, the
//! materials of a catalogue, and 印发30日内 of a plan as its page shows it.
//!
//! Counted otherwise, on purpose:
//! - months and a year (行政诉讼法 art. 46: 六个月; 行政复议法 art. 20(3): 一年; 1个月内 of a plan): the
//!   same day of a later month has no days to list;
//! - days that are left until a day somebody set (lights, lists): no limit, but a distance; reminders,
//!   which count back from such a day (`WorkCalendar::before`);
//! - the reader of plans (`reading`): it proposes a date for a person to confirm, and knows no calendar;
//! - how long a finding may take to be mended: a day that the check sets, not a limit of anybody's right.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::calendar::{Pause, WorkingDays};

mod due;
pub mod limits;
mod replay;
mod run;
#[cfg(test)]
mod tests;

pub use due::{DaysLeft, Due, DueDateError, Unit};
pub use replay::{ClockError, ReplayError};
pub use run::Run;

/// A number of calendar days (日), 0 to [`CalendarDays::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct CalendarDays(u16);

/// The number is above [`CalendarDays::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calendar days must lie between 0 and {max}", max = CalendarDays::MAX)]
pub struct CalendarDaysOutOfRange;

impl CalendarDays {
    /// Largest number accepted. Unit: calendar days.
    pub const MAX: u16 = 9_999;

    /// A checked number of calendar days.
    ///
    /// # Errors
    /// [`CalendarDaysOutOfRange`].
    pub const fn new(days: u16) -> Result<Self, CalendarDaysOutOfRange> {
        if days > Self::MAX {
            return Err(CalendarDaysOutOfRange);
        }
        Ok(Self(days))
    }

    /// The number, in calendar days.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for CalendarDays {
    type Error = CalendarDaysOutOfRange;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        Self::new(days)
    }
}

impl From<CalendarDays> for u16 {
    fn from(days: CalendarDays) -> Self {
        days.0
    }
}

/// How long there is. The day the clock starts is day zero (`docs/adr/0004`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// 工作日, as the 条例 counts.
    WorkingDays(WorkingDays),
    /// 日, as plans and procedural laws count; the last day is not moved off a weekend.
    CalendarDays(CalendarDays),
    /// A day set by a plan or a decision; it cannot be paused or extended, only [`ClockEvent::Moved`].
    FixedDate(Date),
}

/// A limit, and by how much it may be extended in all. Unit of the extension: that of the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub limit: Limit,
    pub extension_max: u16,
}

/// Names one pause among several that may overlap: the id of the letter that caused it.
pub type PauseKey = Uuid;

/// Something that happened to a clock. Dates are the days on which it took effect (Beijing time),
/// whenever it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ClockEvent {
    /// The first event, and only the first: the day of receipt.
    Started { on: Date, terms: Terms },
    /// A letter left that stops the count (条例 art. 33 ¶3); `sent` still counts.
    Paused { pause: PauseKey, sent: Date },
    /// The answer arrived, or its limit ran out; `on` does not count.
    Resumed { pause: PauseKey, on: Date },
    /// The letter gave no ground to stop the count (it left by mistake): its days count as if it had not left. `on`: when that
    /// was noted.
    Struck { pause: PauseKey, on: Date },
    /// Everything waits for the applicant (补正, 缴费) until [`ClockEvent::Restarted`].
    Waiting { since: Date },
    /// What was waited for was not owed (a fee asked for by mistake): the days count as if nothing had been waited for. `on`:
    /// when that was noted.
    Unwaited { on: Date },
    /// The full limit begins anew: `on` is day zero (条例 art. 30; 收费办法 art. 7). A day set by
    /// [`ClockEvent::Moved`] ends with it.
    Restarted { on: Date },
    /// More days, decided and notified on `on` (条例 art. 33 ¶2).
    Extended { on: Date, by: u16 },
    /// A due date set by decision instead of the limit: 条例 art. 35 (延迟答复), a changed task.
    Moved { on: Date, to: Date },
    /// The final reply left, the task was done, or the matter was closed.
    Stopped { on: Date },
}

/// A clock as its events left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    base: Date,
    terms: Terms,
    moved: Option<Date>,
    extended: u16,
    pauses: Vec<Pause>,
    open: BTreeMap<PauseKey, Date>,
    closed: BTreeSet<PauseKey>,
    waiting: Option<Date>,
    stopped: Option<Date>,
}

impl Clock {
    /// A clock that starts on `on`, day zero.
    #[must_use]
    pub const fn start(on: Date, terms: Terms) -> Self {
        Self {
            base: on,
            terms,
            moved: None,
            extended: 0,
            pauses: Vec::new(),
            open: BTreeMap::new(),
            closed: BTreeSet::new(),
            waiting: None,
            stopped: None,
        }
    }

    /// Day zero: the day of receipt, or of the last restart.
    #[must_use]
    pub const fn base(&self) -> Date {
        self.base
    }

    /// The limit that it started with, without extension.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        self.terms
    }

    /// The day that a decision set instead of the limit, while it holds.
    #[must_use]
    pub const fn moved(&self) -> Option<Date> {
        self.moved
    }

    /// The limit in force.
    const fn limit(&self) -> Limit {
        match self.moved {
            Some(to) => Limit::FixedDate(to),
            None => self.terms.limit,
        }
    }

    /// Days granted by extensions so far, in the unit of the limit.
    #[must_use]
    pub const fn extended(&self) -> u16 {
        self.extended
    }

    /// The day it stopped, if it did.
    #[must_use]
    pub const fn stopped(&self) -> Option<Date> {
        self.stopped
    }

    /// Letters that are out: key and day sent.
    pub fn open_pauses(&self) -> impl Iterator<Item = (PauseKey, Date)> {
        self.open.iter().map(|(pause, sent)| (*pause, *sent))
    }

    /// Since when it waits for the applicant, if it does.
    #[must_use]
    pub const fn waiting(&self) -> Option<Date> {
        self.waiting
    }
}
