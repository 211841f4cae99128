//! What is due, in the three groups by which a unit works: late, today, within seven working days.

use gongkai_basis::Date;
use gongkai_basis::calendar::{WorkCalendar, WorkingDays};
use gongkai_basis::coded;
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{DUE_MAX, DueItem, Seams};

/// Working days ahead that a person sees.
pub const AHEAD: WorkingDays = match WorkingDays::new(7) {
    Ok(days) => days,
    Err(_) => WorkingDays::ZERO,
};
/// Calendar days ahead where no notice tells the working days.
const AHEAD_CALENDAR_DAYS: i32 = 10;
/// Before every date that a plan can name.
const BEGINNING: Date = Date::constant(1, 1, 1);

coded! {
    /// How near the day is.
    pub enum Nearness {
        Overdue = "overdue", "已逾期";
        Today = "today", "今天到期";
        Ahead = "ahead", "7个工作日内到期";
    }
}

impl Nearness {
    #[must_use]
    pub fn of(due_on: Date, today: Date) -> Self {
        if due_on < today {
            Self::Overdue
        } else if due_on == today {
            Self::Today
        } else {
            Self::Ahead
        }
    }

    #[must_use]
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Overdue => "■",
            Self::Today => "▲",
            Self::Ahead => "○",
        }
    }

    /// The design system's word for its colour.
    #[must_use]
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "soon",
            Self::Ahead => "normal",
        }
    }
}

/// The last day that a person sees ahead: the seventh working day, or the tenth day where the year's notice is not out.
#[must_use]
pub fn horizon(calendar: &WorkCalendar, today: Date) -> Date {
    calendar.after(today, AHEAD).unwrap_or_else(|_| {
        let days = jiff::Span::new().days(AHEAD_CALENDAR_DAYS);
        today.checked_add(days).unwrap_or(Date::MAX)
    })
}

/// What is due for the organs of a scope up to the horizon, earliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueWork {
    pub items: Vec<DueItem>,
    /// A source gave as many as it gives at most: there may be more.
    pub more: bool,
}

impl DueWork {
    /// # Errors
    /// When the store fails.
    pub async fn gather(
        tx: &mut Tx,
        seams: &Seams,
        scope: &Scope,
        (calendar, today): (&WorkCalendar, Date),
    ) -> Result<Self, StoreError> {
        let range = DateRange {
            from: BEGINNING,
            to: horizon(calendar, today),
        };
        let items = seams.due(tx, scope, range).await?;
        let full = |kind: &str| items.iter().filter(|item| item.of.kind == kind).count();
        let most = usize::try_from(DUE_MAX).unwrap_or(usize::MAX);
        let more = seams.due_kinds().iter().any(|(kind, _)| full(kind) >= most);
        Ok(Self { items, more })
    }

    /// How many there are of each nearness.
    #[must_use]
    pub fn counts(&self, today: Date) -> Vec<(Nearness, usize)> {
        Nearness::ALL
            .iter()
            .map(|nearness| {
                let of = |item: &&DueItem| Nearness::of(item.due_on, today) == *nearness;
                (*nearness, self.items.iter().filter(of).count())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Nearness, horizon};
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn seven_working_days_leap_over_the_national_holiday() {
        let calendar = WorkCalendar::builtin();
        // 25 to 27 September and 1 to 7 October off, 10 October worked.
        assert_eq!(horizon(&calendar, day("2026-09-21")), day("2026-10-08"));
        assert_eq!(horizon(&calendar, day("2026-09-28")), day("2026-10-13"));
        // No notice of that year is out.
        assert_eq!(horizon(&calendar, day("2031-03-01")), day("2031-03-11"));
    }

    #[test]
    fn the_day_itself_is_neither_late_nor_ahead() {
        let today = day("2026-09-21");
        for (due, nearness) in [
            ("2026-09-20", Nearness::Overdue),
            ("2026-09-21", Nearness::Today),
            ("2026-09-22", Nearness::Ahead),
        ] {
            assert_eq!(Nearness::of(day(due), today), nearness);
        }
    }
}
