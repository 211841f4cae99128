//! A limit that nothing stops: a clock with its first event alone.

use jiff::civil::Date;

use super::{CalendarDays, Clock, DueDateError, Limit, Terms};
use crate::calendar::{WorkCalendar, Working, WorkingDays};

/// A limit from a day on, which is day zero. What pauses, extends or begins anew is a [`Clock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub from: Date,
    pub limit: Limit,
}

impl Run {
    /// A limit of law, without its extension.
    #[must_use]
    pub const fn of(from: Date, terms: Terms) -> Self {
        Self {
            from,
            limit: terms.limit,
        }
    }

    /// So many 工作日.
    ///
    /// # Errors
    /// [`DueDateError::OutOfRange`] above [`WorkingDays::MAX`].
    pub fn working_days(from: Date, days: u16) -> Result<Self, DueDateError> {
        let days = WorkingDays::new(days).map_err(|_| DueDateError::OutOfRange)?;
        Ok(Self {
            from,
            limit: Limit::WorkingDays(days),
        })
    }

    /// So many 日, weekends and holidays among them.
    ///
    /// # Errors
    /// [`DueDateError::OutOfRange`] above [`CalendarDays::MAX`].
    pub fn calendar_days(from: Date, days: u16) -> Result<Self, DueDateError> {
        let days = CalendarDays::new(days).map_err(|_| DueDateError::OutOfRange)?;
        Ok(Self {
            from,
            limit: Limit::CalendarDays(days),
        })
    }

    const fn clock(self) -> Clock {
        let terms = Terms {
            limit: self.limit,
            extension_max: 0,
        };
        Clock::start(self.from, terms)
    }

    /// The last day, inclusive.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub fn due(self, calendar: &WorkCalendar) -> Result<Date, DueDateError> {
        self.clock().due_if_resumed(self.from, calendar)
    }

    /// The last day where no notice moves it: of calendar days, or a set day; `None` for working days.
    #[must_use]
    pub fn unmoved(self) -> Option<Date> {
        match self.limit {
            Limit::WorkingDays(_) => None,
            Limit::CalendarDays(days) => days.after(self.from).ok(),
            Limit::FixedDate(day) => Some(day),
        }
    }

    /// The last day with each counted and each skipped day.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub fn working(self, calendar: &WorkCalendar) -> Result<Working, DueDateError> {
        self.clock().working(self.from, calendar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::limits;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_run_is_a_clock_that_nothing_happened_to() {
        let calendar = WorkCalendar::builtin();
        // The vectors of docs/law/working-days.md that have no pause.
        for (from, days, due) in [
            ("2020-01-22", 20, "2020-02-27"),
            ("2022-01-24", 7, "2022-02-07"),
            ("2022-09-20", 20, "2022-10-21"),
            ("2022-09-27", 15, "2022-10-21"),
            ("2024-02-09", 1, "2024-02-18"),
        ] {
            let run = Run::working_days(day(from), days).unwrap();
            assert_eq!(run.due(&calendar), Ok(day(due)), "{from} + {days}");
            assert_eq!(run.unmoved(), None);
            let working = run.working(&calendar).unwrap();
            assert_eq!(working.due, day(due));
            assert_eq!(working.counted.len(), usize::from(days));
            let clock = Clock::start(
                run.from,
                Terms {
                    limit: run.limit,
                    extension_max: 0,
                },
            );
            assert_eq!(clock.working(run.from, &calendar), Ok(working));
        }
        let opinion = Run::of(day("2022-09-27"), limits::THIRD_PARTY_OPINION);
        assert_eq!(opinion.due(&calendar), Ok(day("2022-10-21")));
    }

    #[test]
    fn calendar_days_need_no_notice() {
        let calendar = WorkCalendar::builtin();
        let run = Run::calendar_days(day("2022-06-16"), 30).unwrap();
        assert_eq!(run.unmoved(), Some(day("2022-07-16")));
        assert_eq!(run.due(&calendar), Ok(day("2022-07-16")));
        let working = run.working(&calendar).unwrap();
        assert_eq!((working.counted.len(), working.skipped.len()), (30, 0));
        assert!(Run::calendar_days(day("2022-06-16"), CalendarDays::MAX + 1).is_err());
        assert!(Run::working_days(day("2022-06-16"), u16::MAX).is_err());
    }
}
