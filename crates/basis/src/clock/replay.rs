//! What each event does to a clock, and when it is refused.

use jiff::civil::Date;

use super::{Clock, ClockEvent, Due, DueDateError, Limit, PauseKey};
use crate::calendar::{Pause, PauseError, WorkCalendar};

/// Why an event cannot happen to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    #[error("there is no starting event")]
    NotStarted,
    #[error("the clock has started already")]
    AlreadyStarted,
    #[error("the clock stopped on {0}")]
    Stopped(Date),
    #[error("{on} lies before the start on {start}")]
    BeforeStart { on: Date, start: Date },
    #[error("this pause is open already, or has been")]
    AlreadyPaused,
    #[error("this pause is not open")]
    NotPaused,
    #[error("the pause begun on {sent} cannot end on {on}")]
    ResumedBeforePause { sent: Date, on: Date },
    #[error("the clock waits for the applicant since {0}")]
    AlreadyWaiting(Date),
    #[error("the clock does not wait for the applicant")]
    NotWaiting,
    #[error("an extension has at least one day")]
    EmptyExtension,
    #[error("the extension is too long: {left} of {max} days are left")]
    ExtensionTooLong { left: u16, max: u16 },
    #[error("the limit ended on {due}, before {on}")]
    Expired { due: Date, on: Date },
    #[error("a fixed date has no days to pause or extend")]
    FixedDate,
    #[error(transparent)]
    Due(#[from] DueDateError),
}

impl ClockError {
    /// The sentence a user reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (what, now) = match self {
            Self::NotStarted => ("期限尚未开始计算".to_owned(), "请先登记收到日期"),
            Self::AlreadyStarted => ("期限已经开始计算".to_owned(), "不需要重复登记"),
            Self::Stopped(on) => (
                format!("期限已于{}停止计算", told(*on)),
                "如需更正请先核对办理记录",
            ),
            Self::BeforeStart { on, start } => (
                format!("日期{}早于起算日{}", told(*on), told(*start)),
                "请核对日期",
            ),
            Self::AlreadyPaused => ("这份函件已经登记过暂停".to_owned(), "不需要重复登记"),
            Self::NotPaused => (
                "这份函件没有正在暂停的期限".to_owned(),
                "请核对是哪一份函件",
            ),
            Self::ResumedBeforePause { sent, on } => (
                format!("结束日{}早于发出日{}", told(*on), told(*sent)),
                "请核对两个日期",
            ),
            Self::AlreadyWaiting(since) => (
                format!("自{}起已在等待申请人", told(*since)),
                "请先登记申请人的补正或缴费",
            ),
            Self::NotWaiting => ("期限没有在等待申请人".to_owned(), "请核对办理到了哪一步"),
            Self::EmptyExtension => ("延长天数不能为零".to_owned(), "请填写延长的天数"),
            Self::ExtensionTooLong { left: 0, max } => (
                format!("延长总数最多{max}日，已经用完"),
                "不能再延长，请尽快办结",
            ),
            Self::ExtensionTooLong { left, max } => (
                format!("延长总数最多{max}日，只剩{left}日"),
                "请减少延长的天数",
            ),
            Self::Expired { due, on } => (
                format!("期限已于{}届满，不能在{}延长", told(*due), told(*on)),
                "请尽快办结",
            ),
            Self::FixedDate => (
                "固定日期的期限不能暂停或延长".to_owned(),
                "如需改期请重新设定日期",
            ),
            Self::Due(error) => return error.sentence(),
        };
        format!("{what}；没有改动任何数据；{now}。")
    }
}

/// A day as people read it beside the other days of a page.
fn told(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The event that a history cannot contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {index} cannot happen: {error}")]
pub struct ReplayError {
    /// Position in the history, from zero.
    pub index: usize,
    pub error: ClockError,
}

impl Clock {
    /// The clock after its whole history, in the order of recording.
    ///
    /// # Errors
    /// [`ReplayError`] with the first event that could not happen; [`ClockError::NotStarted`] at
    /// index 0 for an empty history.
    pub fn replay<'a>(
        events: impl IntoIterator<Item = &'a ClockEvent>,
        calendar: &WorkCalendar,
    ) -> Result<Self, ReplayError> {
        let mut events = events.into_iter().enumerate();
        let Some((_, ClockEvent::Started { on, terms })) = events.next() else {
            return Err(ReplayError {
                index: 0,
                error: ClockError::NotStarted,
            });
        };
        events.try_fold(Self::start(*on, *terms), |clock, (index, event)| {
            clock
                .apply(event, calendar)
                .map_err(|error| ReplayError { index, error })
        })
    }

    /// The clock after one more event. Whether an act is possible is asked here before it is
    /// recorded, and again at every replay.
    ///
    /// # Errors
    /// [`ClockError`].
    pub fn apply(self, event: &ClockEvent, calendar: &WorkCalendar) -> Result<Self, ClockError> {
        if let Some(on) = self.stopped {
            return Err(ClockError::Stopped(on));
        }
        match *event {
            ClockEvent::Started { .. } => Err(ClockError::AlreadyStarted),
            ClockEvent::Paused { pause, sent } => self.pause(pause, sent),
            ClockEvent::Resumed { pause, on } => self.resume(pause, on),
            ClockEvent::Struck { pause, on } => self.strike(pause, on),
            ClockEvent::Waiting { since } => self.wait(since),
            ClockEvent::Unwaited { on } => self.unwait(on),
            ClockEvent::Restarted { on } => self.restart(on),
            ClockEvent::Extended { on, by } => self.extend(on, by, calendar),
            ClockEvent::Moved { on, to } => {
                let clock = self.not_before(on)?.not_before(to)?;
                Ok(Self {
                    moved: Some(to),
                    ..clock
                })
            }
            ClockEvent::Stopped { on } => Ok(Self {
                stopped: Some(on),
                ..self.not_before(on)?
            }),
        }
    }

    /// Law: 收费办法 art. 6: a fee notice may leave at any time within the limit, and a day that was
    /// set under 条例 art. 35 is the limit for the time being.
    fn wait(self, since: Date) -> Result<Self, ClockError> {
        let clock = self.started_in_days()?.not_before(since)?;
        match clock.waiting {
            Some(since) => Err(ClockError::AlreadyWaiting(since)),
            None => Ok(Self {
                waiting: Some(since),
                ..clock
            }),
        }
    }

    /// Law: 收费办法 art. 7: only a payment begins the limit anew; what was not owed moves nothing (`docs/law/working-days.md`).
    fn unwait(self, on: Date) -> Result<Self, ClockError> {
        let sent = self.waiting.ok_or(ClockError::NotWaiting)?;
        if on < sent {
            return Err(ClockError::ResumedBeforePause { sent, on });
        }
        Ok(Self {
            waiting: None,
            ..self
        })
    }

    /// Law: 条例 art. 30, 收费办法 art. 7: the limit is computed afresh, the whole of 条例 art. 33.
    /// Neither article knows the day that was set before (art. 35): the organ may set one anew.
    fn restart(self, on: Date) -> Result<Self, ClockError> {
        let clock = self.started_in_days()?.not_before(on)?;
        Ok(Self {
            base: on,
            moved: None,
            waiting: None,
            ..clock
        })
    }

    /// Law: 条例 art. 33 ¶3. A pause begun after the due day is recorded, and moves nothing; neither does one under a day
    /// that was set (art. 35). Where the limit of art. 33 begins anew meanwhile, the rest of the pause is left out of it.
    fn pause(self, pause: PauseKey, sent: Date) -> Result<Self, ClockError> {
        let mut clock = self.started_in_days()?.not_before(sent)?;
        if clock.open.contains_key(&pause) || clock.closed.contains(&pause) {
            return Err(ClockError::AlreadyPaused);
        }
        clock.open.insert(pause, sent);
        Ok(clock)
    }

    fn resume(mut self, pause: PauseKey, on: Date) -> Result<Self, ClockError> {
        let sent = self.open.remove(&pause).ok_or(ClockError::NotPaused)?;
        let span = Pause::new(sent, on).map_err(|PauseError::EndsBeforeSent { sent, end }| {
            ClockError::ResumedBeforePause { sent, on: end }
        })?;
        self.pauses.push(span);
        self.closed.insert(pause);
        Ok(self)
    }

    /// Law: 条例 art. 33 ¶3 leaves out the time that asking takes; a letter that should not have left takes none (our reading,
    /// `docs/law/working-days.md`).
    fn strike(mut self, pause: PauseKey, on: Date) -> Result<Self, ClockError> {
        let sent = self.open.remove(&pause).ok_or(ClockError::NotPaused)?;
        if on < sent {
            return Err(ClockError::ResumedBeforePause { sent, on });
        }
        self.closed.insert(pause);
        Ok(self)
    }

    /// Law: 条例 art. 33 ¶2: at most 20 working days in all, told to the applicant before the limit
    /// ends. While the count stands still, the limit has not ended. Where the notice of a year is
    /// missing, nobody can tell on which day it ends; up to the earliest day that it could be, the
    /// extension is in time under whatever notice comes, and a replay after the notice agrees.
    fn extend(self, on: Date, by: u16, calendar: &WorkCalendar) -> Result<Self, ClockError> {
        let clock = self.of_days()?.not_before(on)?;
        if by == 0 {
            return Err(ClockError::EmptyExtension);
        }
        let max = clock.terms.extension_max;
        let left = max.saturating_sub(clock.extended);
        if by > left {
            return Err(ClockError::ExtensionTooLong { left, max });
        }
        match clock.due(calendar) {
            Ok(Due::On(due)) if on > due => return Err(ClockError::Expired { due, on }),
            Ok(Due::On(_) | Due::Suspended { .. }) => {}
            Err(error) => {
                let in_time = clock
                    .due_at_earliest(calendar)
                    .is_ok_and(|least| on <= least);
                if !in_time {
                    return Err(error.into());
                }
            }
        }
        Ok(Self {
            extended: clock.extended.saturating_add(by),
            ..clock
        })
    }

    /// Only days that are being counted can be added to.
    fn of_days(self) -> Result<Self, ClockError> {
        match self.moved {
            Some(_) => Err(ClockError::FixedDate),
            None => self.started_in_days(),
        }
    }

    /// Only a limit of days can begin anew.
    fn started_in_days(self) -> Result<Self, ClockError> {
        match self.terms.limit {
            Limit::FixedDate(_) => Err(ClockError::FixedDate),
            Limit::WorkingDays(_) | Limit::CalendarDays(_) => Ok(self),
        }
    }

    fn not_before(self, on: Date) -> Result<Self, ClockError> {
        if on < self.base {
            return Err(ClockError::BeforeStart {
                on,
                start: self.base,
            });
        }
        Ok(self)
    }
}
