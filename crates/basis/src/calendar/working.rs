//! A due date with its working: each counted day, each skipped day and why.

use jiff::civil::Date;

use super::{CalendarError, Pause, WorkCalendar, WorkingDays};

/// A due date and how it was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// Last day of the limit, inclusive; Beijing time.
    pub due: Date,
    /// The working days that count, ascending; the last one is `due` (empty for zero days).
    pub counted: Vec<Date>,
    /// The days between start and due that do not count, ascending.
    pub skipped: Vec<Skipped>,
    /// What a reader should know about the data behind it.
    pub notes: Vec<Note>,
}

/// A day that does not count, and why, in Chinese: 周末, 国庆节放假, 暂停计时.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub date: Date,
    pub why: String,
}

impl Skipped {
    /// The reason shown for a day inside a pause.
    pub const PAUSED: &str = "暂停计时";
}

/// A reservation about the data behind a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// The year's notice has not been checked against its source.
    UnverifiedYear(i16),
    /// The date lies in the last days of December, which the notice of the following year, not
    /// loaded yet, may still move (as the notice for 2019 moved 29 and 31 December 2018).
    NextNoticeMayReach(i16),
}

impl Note {
    /// The sentence a user reads.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::UnverifiedYear(year) => {
                format!("{year}年放假安排未与原通知核对，日期仅供参考，请核对后使用。")
            }
            Self::NextNoticeMayReach(year) => format!(
                "{year}年放假通知尚未导入，其元旦安排可能改变上一年年末几天；导入后请重新核算。"
            ),
        }
    }
}

impl WorkCalendar {
    /// The n-th working day after `start` that lies in no pause; cheap, for large batches.
    ///
    /// Law: as [`Pause`]; overlapping pauses are not counted twice.
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] when the period enters a year without a notice.
    pub fn after_pauses(
        &self,
        start: Date,
        days: WorkingDays,
        pauses: &[Pause],
    ) -> Result<Date, CalendarError> {
        if days == WorkingDays::ZERO {
            return Ok(start);
        }
        let first = start
            .tomorrow()
            .map_err(|_| CalendarError::YearNotPublished(start.year()))?;
        let run = self.0.run(first.year())?;
        let upto = |date: Date| run.days.partition_point(|day| *day <= date);
        let mut last = upto(start).saturating_add(usize::from(days.get()).saturating_sub(1));
        for pause in Pause::merged(pauses) {
            let begin = upto(pause.sent().max(start));
            if begin > last {
                break;
            }
            last = last.saturating_add(upto(pause.end()).saturating_sub(begin));
        }
        let beyond = CalendarError::YearNotPublished(run.last_year.saturating_add(1));
        run.days.get(last).copied().ok_or(beyond)
    }

    /// The same day as [`WorkCalendar::after_pauses`], with every day between and its reason. A
    /// weekend or holiday inside a pause keeps its own reason: it would not have counted anyway.
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] when the period enters a year without a notice.
    pub fn working(
        &self,
        start: Date,
        days: WorkingDays,
        pauses: &[Pause],
    ) -> Result<Working, CalendarError> {
        let due = self.after_pauses(start, days, pauses)?;
        let pauses = Pause::merged(pauses);
        let mut counted = Vec::with_capacity(usize::from(days.get()));
        let mut skipped = Vec::new();
        // Bounded by the published years: `after_pauses` has already refused to leave them.
        let walk = std::iter::successors(start.tomorrow().ok(), |day| day.tomorrow().ok())
            .take_while(|day| *day <= due);
        for date in walk {
            let day = self.day(date)?;
            if !day.is_working() {
                skipped.push(Skipped {
                    date,
                    why: day.reason(),
                });
            } else if pauses.iter().any(|pause| pause.covers(date)) {
                skipped.push(Skipped {
                    date,
                    why: Skipped::PAUSED.to_owned(),
                });
            } else {
                counted.push(date);
            }
        }
        Ok(Working {
            due,
            counted,
            skipped,
            notes: self.notes(start, due),
        })
    }
}
