//! What a clock shows: due date, its working, days left, overdue.

use jiff::Span;
use jiff::civil::Date;

use super::{CalendarDays, Clock, Limit};
use crate::calendar::{
    CalendarError, Pause, Skipped, WorkCalendar, Working, WorkingDays, settled_before,
};

/// When a clock runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The last day of the limit, inclusive.
    On(Date),
    /// Nobody can say yet: the count stands still since the end of this day.
    Suspended { since: Date },
}

/// Why a clock cannot tell its due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueDateError {
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// Beyond the year 9999, or more days than [`WorkingDays::MAX`].
    #[error("the due date lies outside the calendar")]
    OutOfRange,
}

impl DueDateError {
    /// The sentence a user reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Calendar(error) => error.sentence(),
            Self::OutOfRange => {
                "期限超出可以计算的范围；没有改动任何数据；请核对起算日和天数。".to_owned()
            }
        }
    }
}

/// The unit of [`DaysLeft`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    WorkingDays,
    CalendarDays,
}

/// How today stands to the due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysLeft {
    /// So many days remain after today; 0 on the due day.
    Left { days: u32, unit: Unit },
    /// The due day has passed by so many days; 0 working days on the weekend after it.
    Over { days: u32, unit: Unit },
}

impl DaysLeft {
    /// 还剩5个工作日, 今天到期, 已超期3日.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Left { days: 0, .. } => "今天到期".to_owned(),
            Self::Left { days, unit } => format!("还剩{days}{}", unit.word()),
            Self::Over { days: 0, .. } => "已超期".to_owned(),
            Self::Over { days, unit } => format!("已超期{days}{}", unit.word()),
        }
    }
}

impl CalendarDays {
    /// The last of so many days after this one, which is day zero.
    ///
    /// # Errors
    /// [`DueDateError::OutOfRange`] beyond the year 9999.
    pub fn after(self, day: Date) -> Result<Date, DueDateError> {
        later(day, i64::from(self.get()))
    }
}

impl Unit {
    const fn word(self) -> &'static str {
        match self {
            Self::WorkingDays => "个工作日",
            Self::CalendarDays => "日",
        }
    }
}

impl Clock {
    /// The due date, or that the count stands still.
    ///
    /// Law: 条例 art. 33: 20 working days from receipt, more by extension, time of asking others left
    /// out; `docs/law/working-days.md` has the formula. A stopped clock tells when it would have
    /// been due; letters still out then count as answered on the day it stopped.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub fn due(&self, calendar: &WorkCalendar) -> Result<Due, DueDateError> {
        if let Some(stopped) = self.stopped {
            return Ok(Due::On(self.due_if_resumed(stopped, calendar)?));
        }
        let due = self.nth(&self.pauses, calendar);
        let Some(since) = self.standing_since() else {
            return Ok(Due::On(due?));
        };
        match due {
            Ok(due) if since >= due => Ok(Due::On(due)),
            // The year that is missing lies after the day the count stopped: it is not needed yet.
            Err(DueDateError::Calendar(CalendarError::YearNotPublished(year)))
                if since.year() >= year =>
            {
                Err(CalendarError::YearNotPublished(year).into())
            }
            Ok(_) | Err(_) => Ok(Due::Suspended { since }),
        }
    }

    /// The due date if everything the clock waits for arrived on `today`. A day that was set does
    /// not run out while the applicant is waited for.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub fn due_if_resumed(
        &self,
        today: Date,
        calendar: &WorkCalendar,
    ) -> Result<Date, DueDateError> {
        let due = self.nth(&self.pauses_upto(today), calendar)?;
        Ok(match (self.moved, self.waiting) {
            (Some(to), Some(since)) if since < to => due.max(today),
            (Some(_), _) | (None, _) => due,
        })
    }

    /// The due date of [`Clock::due_if_resumed`] with each counted and each skipped day.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub fn working(&self, today: Date, calendar: &WorkCalendar) -> Result<Working, DueDateError> {
        let pauses = self.pauses_upto(self.stopped.unwrap_or(today));
        match self.limit() {
            Limit::WorkingDays(_) => {
                Ok(calendar.working(self.base, self.working_days()?, &pauses)?)
            }
            Limit::CalendarDays(_) => {
                let due = self.nth(&pauses, calendar)?;
                let (mut counted, mut skipped) = (Vec::new(), Vec::new());
                for date in days_after(self.base, due) {
                    if pauses.iter().any(|pause| pause.covers(date)) {
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
                    notes: Vec::new(),
                })
            }
            Limit::FixedDate(_) => Ok(Working {
                due: self.due_if_resumed(self.stopped.unwrap_or(today), calendar)?,
                counted: Vec::new(),
                skipped: Vec::new(),
                notes: Vec::new(),
            }),
        }
    }

    /// Whether the limit ran out: today, or the day it stopped, lies after the due day.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub fn overdue(&self, today: Date, calendar: &WorkCalendar) -> Result<bool, DueDateError> {
        match self.due(calendar)? {
            Due::On(due) => Ok(self.stopped.unwrap_or(today) > due),
            Due::Suspended { .. } => Ok(false),
        }
    }

    /// Days left on `today`; for a stopped clock on the day it stopped; while the count stands
    /// still, those left when it began to.
    ///
    /// # Errors
    /// [`DueDateError`]; also when `today` itself lies in a year without a notice.
    pub fn days_left(
        &self,
        today: Date,
        calendar: &WorkCalendar,
    ) -> Result<DaysLeft, DueDateError> {
        let today = self.stopped.unwrap_or(today);
        let (at, due) = match self.due(calendar)? {
            Due::On(due) => (today, Some(due)),
            Due::Suspended { since } => (today.min(since), None),
        };
        let (unit, whole) = match self.limit() {
            Limit::WorkingDays(_) => (Unit::WorkingDays, u32::from(self.working_days()?.get())),
            Limit::CalendarDays(days) => (
                Unit::CalendarDays,
                u32::from(days.get()) + u32::from(self.extended),
            ),
            Limit::FixedDate(to) => (Unit::CalendarDays, calendar_days(at, due.unwrap_or(to))),
        };
        if let Some(due) = due.filter(|due| today > *due) {
            return Ok(DaysLeft::Over {
                days: self.count(due, today, &[], calendar)?,
                unit,
            });
        }
        let spent = match self.limit() {
            Limit::FixedDate(_) => 0,
            Limit::WorkingDays(_) | Limit::CalendarDays(_) => {
                self.count(self.base, at, &self.pauses_upto(today), calendar)?
            }
        };
        Ok(DaysLeft::Left {
            days: whole.saturating_sub(spent),
            unit,
        })
    }

    /// The day from whose end on nothing is counted. A day that was set stands still for the
    /// applicant alone.
    fn standing_since(&self) -> Option<Date> {
        match self.limit() {
            Limit::FixedDate(_) => self.waiting,
            Limit::WorkingDays(_) | Limit::CalendarDays(_) => {
                self.open.values().copied().chain(self.waiting).min()
            }
        }
    }

    /// All pauses, those still open taken to end on `day`.
    fn pauses_upto(&self, day: Date) -> Vec<Pause> {
        let open = self.open.values().copied().chain(self.waiting);
        let ended = open.filter_map(|sent| Pause::new(sent, day.max(sent)).ok());
        Pause::merged(&self.pauses.iter().copied().chain(ended).collect::<Vec<_>>())
    }

    fn working_days(&self) -> Result<WorkingDays, DueDateError> {
        let Limit::WorkingDays(days) = self.limit() else {
            return Err(DueDateError::OutOfRange);
        };
        WorkingDays::new(days.get().saturating_add(self.extended))
            .map_err(|_| DueDateError::OutOfRange)
    }

    /// The last day of the limit, with exactly these pauses.
    fn nth(&self, pauses: &[Pause], calendar: &WorkCalendar) -> Result<Date, DueDateError> {
        match self.limit() {
            Limit::WorkingDays(_) => {
                Ok(calendar.after_pauses(self.base, self.working_days()?, pauses)?)
            }
            Limit::CalendarDays(days) => {
                let days = i64::from(days.get()) + i64::from(self.extended);
                let mut due = later(self.base, days)?;
                for pause in Pause::merged(pauses) {
                    let begin = pause.sent().max(self.base);
                    if begin < due {
                        due = later(due, i64::from(calendar_days(begin, pause.end())))?;
                    }
                }
                Ok(due)
            }
            Limit::FixedDate(due) => Ok(due),
        }
    }

    /// A day before which the limit cannot end, whatever the notices say that are missing: of their days each is taken as a
    /// working day that counts. The due day itself where all notices are there.
    ///
    /// # Errors
    /// [`DueDateError`].
    pub(super) fn due_at_earliest(&self, calendar: &WorkCalendar) -> Result<Date, DueDateError> {
        let year = match self.nth(&self.pauses, calendar) {
            Err(DueDateError::Calendar(CalendarError::YearNotPublished(year))) => year,
            known => return known,
        };
        let known = settled_before(year).unwrap_or(self.base).max(self.base);
        let spent = self.count(self.base, known, &Pause::merged(&self.pauses), calendar)?;
        let left = u32::from(self.working_days()?.get()).saturating_sub(spent);
        later(known, i64::from(left))
    }

    /// Days `a < d ≤ b` of the limit's kind outside the (merged) pauses; zero when `b ≤ a`.
    fn count(
        &self,
        a: Date,
        b: Date,
        pauses: &[Pause],
        calendar: &WorkCalendar,
    ) -> Result<u32, CalendarError> {
        let plain = |a: Date, b: Date| match self.limit() {
            Limit::WorkingDays(_) => calendar.between(a, b),
            Limit::CalendarDays(_) | Limit::FixedDate(_) => Ok(calendar_days(a, b)),
        };
        pauses.iter().try_fold(plain(a, b)?, |count, pause| {
            Ok(count.saturating_sub(plain(pause.sent().max(a), pause.end().min(b))?))
        })
    }
}

fn days_after(base: Date, due: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(base.tomorrow().ok(), |day| day.tomorrow().ok())
        .take_while(move |day| *day <= due)
}

/// Calendar days `a < d ≤ b`; zero when `b ≤ a`.
fn calendar_days(a: Date, b: Date) -> u32 {
    u32::try_from((b - a).get_days()).unwrap_or(0)
}

fn later(day: Date, days: i64) -> Result<Date, DueDateError> {
    let span = Span::new()
        .try_days(days)
        .map_err(|_| DueDateError::OutOfRange)?;
    day.checked_add(span).map_err(|_| DueDateError::OutOfRange)
}
