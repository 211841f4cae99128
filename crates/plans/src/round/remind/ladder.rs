//! On which working days units are reminded of a round, and of what; pure.

use gongkai_basis::Date;
use gongkai_basis::calendar::{CalendarError, WorkCalendar, WorkingDays};

use crate::notify::To;

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    SevenBefore,
    ThreeBefore,
    OneBefore,
    LastDay,
    OneAfter,
}

impl Stage {
    pub const ALL: [Self; 5] = [
        Self::SevenBefore,
        Self::ThreeBefore,
        Self::OneBefore,
        Self::LastDay,
        Self::OneAfter,
    ];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::SevenBefore => "t-7",
            Self::ThreeBefore => "t-3",
            Self::OneBefore => "t-1",
            Self::LastDay => "t0",
            Self::OneAfter => "t+1",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SevenBefore => "截止前7个工作日",
            Self::ThreeBefore => "截止前3个工作日",
            Self::OneBefore => "截止前1个工作日",
            Self::LastDay => "截止当天",
            Self::OneAfter => "截止后第1个工作日",
        }
    }

    /// Who of the unit is reminded.
    pub(super) const fn unit(self) -> To {
        match self {
            Self::SevenBefore | Self::ThreeBefore => To::Liaison,
            Self::OneBefore | Self::LastDay | Self::OneAfter => To::Unit,
        }
    }

    /// Is the office told how many are missing?
    pub(super) const fn tells_office(self) -> bool {
        match self {
            Self::SevenBefore | Self::ThreeBefore | Self::OneBefore => false,
            Self::LastDay | Self::OneAfter => true,
        }
    }

    /// The working day on which it is sent. Where the last day is a rest day, what belongs to it is sent on the next working
    /// day, together with what belongs there.
    ///
    /// # Errors
    /// When no notice tells the working days of a year that is needed.
    pub fn day(self, due_on: Date, calendar: &WorkCalendar) -> Result<Date, CalendarError> {
        let days = |n| WorkingDays::new(n).unwrap_or(WorkingDays::ZERO);
        match self {
            Self::SevenBefore => calendar.before(due_on, days(7)),
            Self::ThreeBefore => calendar.before(due_on, days(3)),
            Self::OneBefore => calendar.before(due_on, days(1)),
            Self::LastDay => calendar.on_or_after(due_on),
            Self::OneAfter => calendar.after(due_on, days(1)),
        }
    }
}

/// What is to be sent on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Today {
    /// A rest day, or before the first rung.
    Quiet,
    /// The newest rung reached; earlier ones that were missed are not caught up.
    Send(Stage),
    /// It cannot be told.
    Unknown(CalendarError),
}

/// The rung for a day.
#[must_use]
pub fn due(due_on: Date, today: Date, calendar: &WorkCalendar) -> Today {
    match calendar.is_working_day(today) {
        Ok(true) => {}
        Ok(false) => return Today::Quiet,
        Err(error) => return Today::Unknown(error),
    }
    let mut newest = Today::Quiet;
    for stage in Stage::ALL {
        match stage.day(due_on, calendar) {
            Ok(day) if day <= today => newest = Today::Send(stage),
            // A rung whose day has not come hides nothing.
            Ok(_) => return newest,
            // A rung before the last day that cannot be told leaves the ladder unknown; one after it only itself.
            Err(error) if today <= due_on && newest == Today::Quiet => {
                return Today::Unknown(error);
            }
            Err(error) if today > due_on => return Today::Unknown(error),
            Err(_) => return newest,
        }
    }
    newest
}

/// When each rung of a round is sent, for its page; with the sentence where it cannot be told.
#[must_use]
pub fn plan(due_on: Date, calendar: &WorkCalendar) -> Vec<(Stage, Result<Date, String>)> {
    let tell = |stage: Stage| {
        let day = stage.day(due_on, calendar);
        (stage, day.map_err(|error| error.sentence()))
    };
    Stage::ALL.into_iter().map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::{Stage, Today, due};
    use gongkai_basis::Date;
    use gongkai_basis::calendar::{CalendarError, WorkCalendar, WorkingDays};
    use jiff::ToSpan as _;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn days(due_on: &str) -> Vec<String> {
        let calendar = WorkCalendar::builtin();
        Stage::ALL
            .iter()
            .map(|stage| {
                stage
                    .day(day(due_on), &calendar)
                    .map_or_else(|error| error.to_string(), |day| day.to_string())
            })
            .collect()
    }

    #[test]
    fn rungs_are_counted_in_working_days_across_holidays() {
        // Mid-Autumn is 25 to 27 September, National Day 1 to 7 October; 20 September and 10 October are worked.
        assert_eq!(
            days("2026-09-30"),
            [
                "2026-09-20",
                "2026-09-24",
                "2026-09-29",
                "2026-09-30",
                "2026-10-08"
            ]
        );
        // The last day is a rest day: its own rung moves to the next working day.
        assert_eq!(
            days("2026-10-03"),
            [
                "2026-09-21",
                "2026-09-28",
                "2026-09-30",
                "2026-10-08",
                "2026-10-08"
            ]
        );
        // 27 December 2026 is a Sunday; the year after has no notice, but no rung needs it.
        assert_eq!(
            days("2026-12-27"),
            [
                "2026-12-17",
                "2026-12-23",
                "2026-12-25",
                "2026-12-28",
                "2026-12-28"
            ]
        );
        assert_eq!(
            days("2026-12-31")[4],
            "the holiday notice of 2027 is not loaded"
        );
    }

    #[test]
    fn a_year_without_a_notice_is_said_and_not_guessed() {
        let calendar = WorkCalendar::builtin();
        let unknown = Today::Unknown(CalendarError::YearNotPublished(2027));
        assert_eq!(
            due(day("2027-09-30"), day("2027-09-20"), &calendar),
            unknown
        );
        // The days before the last one are known, so they are reminded; what follows it is not.
        assert_eq!(
            due(day("2026-12-31"), day("2026-12-31"), &calendar),
            Today::Send(Stage::LastDay)
        );
        assert_eq!(
            due(day("2026-12-31"), day("2027-01-04"), &calendar),
            unknown
        );
    }

    #[test]
    fn what_was_missed_is_not_caught_up_rung_by_rung() {
        let calendar = WorkCalendar::builtin();
        let rung = |today: &str| due(day("2026-09-30"), day(today), &calendar);
        assert_eq!(rung("2026-09-18"), Today::Quiet);
        assert_eq!(rung("2026-09-19"), Today::Quiet, "a Saturday");
        assert_eq!(
            rung("2026-09-20"),
            Today::Send(Stage::SevenBefore),
            "a make-up Sunday"
        );
        assert_eq!(rung("2026-09-23"), Today::Send(Stage::SevenBefore));
        assert_eq!(rung("2026-09-25"), Today::Quiet, "a holiday");
        assert_eq!(rung("2026-09-28"), Today::Send(Stage::ThreeBefore));
        assert_eq!(rung("2026-09-30"), Today::Send(Stage::LastDay));
        assert_eq!(rung("2026-10-05"), Today::Quiet, "a holiday");
        assert_eq!(rung("2026-10-08"), Today::Send(Stage::OneAfter));
        assert_eq!(rung("2026-11-20"), Today::Send(Stage::OneAfter));
    }

    proptest! {
        /// On every day of the years with a notice: rungs lie on working days, in their order, on the right side of the
        /// last day and as many working days from it as they say; nothing is sent on a rest day; a rung once reached stays.
        #[test]
        fn rungs_keep_their_distance(offset in 0_i32..2_400, later in 0_i32..40) {
            let calendar = WorkCalendar::builtin();
            let due_on = day("2020-01-20").checked_add(offset.days()).unwrap();
            let found: Vec<Date> = Stage::ALL.iter().map(|stage| stage.day(due_on, &calendar)).collect::<Result<_, _>>().unwrap();
            prop_assert!(found.is_sorted());
            for (stage, on) in Stage::ALL.iter().zip(&found) {
                prop_assert!(calendar.is_working_day(*on).unwrap());
                // Working days from the rung to the last day, the last day itself not counted.
                let eve = due_on.yesterday().unwrap();
                let ahead = calendar.between(on.yesterday().unwrap(), eve).unwrap();
                match stage {
                    Stage::SevenBefore => prop_assert_eq!(ahead, 7),
                    Stage::ThreeBefore => prop_assert_eq!(ahead, 3),
                    Stage::OneBefore => prop_assert_eq!(ahead, 1),
                    Stage::LastDay => prop_assert!(*on >= due_on && calendar.between(eve, *on).unwrap() == 1),
                    Stage::OneAfter => prop_assert_eq!(calendar.between(due_on, *on).unwrap(), 1),
                }
            }
            let today = due_on.checked_add((later - 15).days()).unwrap();
            match due(due_on, today, &calendar) {
                Today::Send(stage) => {
                    prop_assert!(calendar.is_working_day(today).unwrap());
                    prop_assert!(stage.day(due_on, &calendar).unwrap() <= today);
                    let next = calendar.after(today, WorkingDays::new(1).unwrap()).unwrap();
                    match due(due_on, next, &calendar) {
                        Today::Send(then) => prop_assert!(then >= stage),
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
                Today::Quiet => prop_assert!(!calendar.is_working_day(today).unwrap() || today < found[0]),
                Today::Unknown(error) => prop_assert!(false, "{error}"),
            }
        }
    }
}
