//! The clock of a case: one replay of its history, with the working for people.

pub mod sheet;

use gongkai_basis::Date;
use gongkai_basis::calendar::{CalendarError, WorkCalendar, Working, WorkingDays};
use gongkai_basis::clock::{Clock, ClockEvent, Due, DueDateError, Limit, Terms};

use super::case::{Case, Entry};
use super::confirm;
use crate::letter::compose::printed;
use crate::request::state::{Act, State};

/// What a page shows of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub due_on: Option<Date>,
    /// 还剩5个工作日, 今天到期, 已超期…, 暂停计时, or why it cannot be told.
    pub words: String,
    pub light: Light,
    pub extended: u16,
    /// Day zero of the running count.
    pub base: Option<Date>,
    /// Every day from day zero to the due day: counted with its number, or skipped with the reason.
    pub days: Days,
    /// What is doubtful about the calendar.
    pub notes: Vec<String>,
}

/// Days in their order, each with its number or with the reason why it is left out.
pub type Days = Vec<(Date, Result<usize, String>)>;

/// Lights are computed, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    Normal,
    /// Five working days or fewer are left.
    Soon,
    Overdue,
    Done,
    /// The count stands still, or has not begun.
    Still,
    /// The count has not begun, for nobody confirms that the application was received.
    Unconfirmed,
    /// The count goes on into a year whose holiday notice is not there yet.
    Untold,
}

/// From so many working days left on a case is 将到期.
pub const SOON_WORKING_DAYS: u32 = 5;

/// The last day within so many working days from today. Where it lies in a year without notice, the last day of this year:
/// no due day after it is known, and those before it are near. In a year without notice itself nothing is guessed: today.
#[must_use]
pub fn near_until(today: Date, working_days: u32, calendar: &WorkCalendar) -> Date {
    let days = u16::try_from(working_days).ok();
    let days = days.and_then(|days| WorkingDays::new(days).ok());
    let told = days.and_then(|days| calendar.after(today, days).ok());
    told.unwrap_or_else(|| {
        let last = today.last_of_year();
        if calendar.day(last).is_ok() {
            last
        } else {
            today
        }
    })
}

impl Light {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal | Self::Still | Self::Untold => "normal",
            Self::Soon | Self::Unconfirmed => "soon",
            Self::Overdue => "overdue",
            Self::Done => "done",
        }
    }

    #[must_use]
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Normal => "●",
            Self::Soon | Self::Unconfirmed => "▲",
            Self::Overdue => "■",
            Self::Done => "✓",
            Self::Still | Self::Untold => "○",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "正常",
            Self::Soon => "将到期",
            Self::Overdue => "已逾期",
            Self::Done => "已办结",
            Self::Still => "未计时",
            Self::Unconfirmed => "待确认",
            Self::Untold => "到期日待定",
        }
    }
}

/// What the time line says where a pause turns out to have had no ground.
const STRUCK: &str = "停计不算，期限连续计算";

/// A line of the history, whether the clock stands still from there to the next one, and in words where that changes.
pub type Line<'c> = (&'c Entry, bool, &'static str);

impl Case {
    /// The history as its time line draws it.
    #[must_use]
    pub fn course(&self) -> Vec<Line<'_>> {
        let (mut out, mut waits) = (Vec::new(), false);
        let mut lines = Vec::new();
        for entry in self.history() {
            let before = waits || !out.is_empty();
            let mut turn = "";
            for event in &entry.clock {
                match event {
                    ClockEvent::Started { .. } | ClockEvent::Stopped { .. } => {
                        (out, waits, turn) = (Vec::new(), false, "");
                    }
                    ClockEvent::Paused { pause, .. } => out.push(*pause),
                    ClockEvent::Resumed { pause, .. } => {
                        out.retain(|open| open != pause);
                        turn = "期限接着计算";
                    }
                    ClockEvent::Struck { pause, .. } => {
                        out.retain(|open| open != pause);
                        turn = STRUCK;
                    }
                    ClockEvent::Waiting { .. } => waits = true,
                    ClockEvent::Unwaited { .. } => (waits, turn) = (false, STRUCK),
                    ClockEvent::Restarted { .. } => (waits, turn) = (false, "期限重新起算"),
                    ClockEvent::Extended { .. } | ClockEvent::Moved { .. } => {}
                }
            }
            let still = waits || !out.is_empty();
            let words = match (before, still) {
                (false, true) => "期限从此停计",
                (true, false) => turn,
                (false, false) | (true, true) => "",
            };
            lines.push((entry, still, words));
        }
        lines
    }

    /// The clock as the history left it; `None` before receipt, or for a history that no clock can have.
    #[must_use]
    pub fn clock(&self, calendar: &WorkCalendar) -> Option<Clock> {
        Clock::replay(self.clock_events(), calendar).ok()
    }

    /// The due day now, for lists; `None` while it stands still, is not begun or cannot be told.
    #[must_use]
    pub fn due_on(&self, calendar: &WorkCalendar) -> Option<Date> {
        match self.clock(calendar)?.due(calendar).ok()? {
            Due::On(due) => Some(due),
            Due::Suspended { .. } => None,
        }
    }

    /// Why nobody can tell the day that an extension moves: the notice of a year is missing. `None` where it can be told,
    /// and where the count stands still or has not begun. Where the extension has moved the clock already, the day of now is
    /// the new one: after an approval that did so the old one was known, and once the notice has left nobody asks for it.
    #[must_use]
    pub fn why_untold(&self, calendar: &WorkCalendar) -> Option<String> {
        let moves = |act| {
            let entry = self.since_redo(act);
            entry.is_some_and(|entry| !entry.clock.is_empty())
        };
        if moves(Act::ApproveExtension) || moves(Act::TellExtension) {
            return None;
        }
        match self.clock(calendar)?.due(calendar) {
            Err(DueDateError::Calendar(error)) => Some(error.sentence()),
            Err(DueDateError::OutOfRange) | Ok(Due::On(_) | Due::Suspended { .. }) => None,
        }
    }

    /// The clock with its working.
    ///
    /// Law: 条例 art. 33, 30, 35; the day of receipt is day zero (`docs/adr/0004`).
    #[must_use]
    pub fn shown(&self, today: Date, calendar: &WorkCalendar) -> Shown {
        let Some(clock) = self.clock(calendar) else {
            return self.not_begun(today, calendar);
        };
        let (mut notes, mut days) = (Vec::new(), Vec::new());
        let (due_on, mut words) = match clock.due(calendar) {
            Ok(Due::On(due)) => (Some(due), String::new()),
            Ok(Due::Suspended { since }) => (None, format!("自{}起暂停计时", printed(since))),
            Err(error) => (None, untold(&error)),
        };
        let left = clock.days_left(today, calendar);
        let awaited = self.awaited(today);
        let overdue = clock.overdue(today, calendar).unwrap_or(false);
        let light = match clock.due(calendar) {
            Err(_) if clock.stopped().is_none() && !overdue => Light::Untold,
            _ => light(&clock, due_on, overdue, &left),
        };
        if clock.stopped().is_some() {
            let on = clock.stopped().map(printed).unwrap_or_default();
            words = if overdue {
                format!("{on}停止计时，超过期限")
            } else {
                format!("{on}停止计时，在期限内")
            };
        } else if let (Some(_), Ok(left)) = (due_on, &left) {
            words = left.words();
        } else if let (None, Ok(left)) = (due_on, &left)
            && words.contains("暂停")
        {
            let further = awaited.clone().unwrap_or_else(|| left.words());
            words = format!("{words}，{further}");
        }
        match clock.working(today, calendar) {
            Ok(working) => {
                days = listed(&working);
                if due_on.is_none() && clock.stopped().is_none() {
                    notes.push(only_until(today, &mut days, awaited.is_some()));
                }
                notes.extend(working.notes.iter().map(|note| note.sentence()));
            }
            Err(error) if clock.stopped().is_none() => {
                days = self.known_days(&clock, today, calendar);
                if matches!(clock.due(calendar), Ok(Due::Suspended { .. })) {
                    notes.push(only_until(today, &mut days, awaited.is_some()));
                }
                notes.push(untold(&error));
            }
            // Of a case that is over no due day is awaited any more.
            Err(_) => {}
        }
        Shown {
            due_on,
            words,
            light,
            extended: clock.extended(),
            base: Some(clock.base()),
            days,
            notes,
        }
    }
}

impl Case {
    /// What begins the count anew when it comes: nobody can go by what was left of the old one (条例 art. 30; 收费办法 art. 6).
    fn awaited(&self, today: Date) -> Option<String> {
        let what = match self.request.state {
            State::AwaitingSupplement if self.restarts(today) => "补正",
            State::AwaitingPayment => "缴费",
            _ => return None,
        };
        let limit = self.request.kind.limit_name();
        Some(format!("等待{what}，收到以后重新计算{limit}"))
    }

    /// Before the day of receipt is known.
    fn not_begun(&self, today: Date, calendar: &WorkCalendar) -> Shown {
        let light = match confirm::light(&self.request, today, calendar) {
            Some((light, _)) => light,
            None if self.request.state.is_running() => Light::Still,
            None => Light::Done,
        };
        Shown {
            due_on: None,
            words: "尚未起算：收到申请之日确定以后开始计算。".to_owned(),
            light,
            extended: 0,
            base: None,
            days: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The days of a count that goes on into a year without notice, as many as fit before it.
    fn known_days(&self, clock: &Clock, today: Date, calendar: &WorkCalendar) -> Days {
        let Limit::WorkingDays(whole) = clock.terms().limit else {
            return Vec::new();
        };
        let whole = whole.get() + clock.extended();
        let known = (1..whole).rev().find_map(|days| {
            let terms = Terms {
                limit: Limit::WorkingDays(WorkingDays::new(days).ok()?),
                extension_max: 0,
            };
            let events = self.clock_events().filter_map(|event| match *event {
                ClockEvent::Started { on, .. } => Some(ClockEvent::Started { on, terms }),
                ClockEvent::Extended { .. } => None,
                other => Some(other),
            });
            let events: Vec<ClockEvent> = events.collect();
            let shorter = Clock::replay(&events, calendar).ok()?;
            shorter.working(today, calendar).ok()
        });
        known.as_ref().map_or_else(Vec::new, listed)
    }
}

fn listed(working: &Working) -> Days {
    let counted = (1..).zip(&working.counted).map(|(n, day)| (*day, Ok(n)));
    let skipped = working.skipped.iter();
    let skipped = skipped.map(|one| (one.date, Err(one.why.clone())));
    let mut days: Vec<_> = counted.chain(skipped).collect();
    days.sort_by_key(|(day, _)| *day);
    days
}

/// Of a clock that stands still, what comes after today is counted only when it runs on.
fn only_until(today: Date, days: &mut Days, begins_anew: bool) -> String {
    days.retain(|(day, _)| *day <= today);
    let today = printed(today);
    let further = if begins_anew {
        "收到以后从头数"
    } else {
        "恢复计时以后接着数"
    };
    format!("暂停计时期间只列到今天（{today}），{further}。")
}

/// Why no due day can be told, for officers and applicants alike.
fn untold(error: &DueDateError) -> String {
    match error {
        DueDateError::Calendar(CalendarError::YearNotPublished(year)) => {
            format!("国务院办公厅公布{year}年放假安排以后才能算出到期日，期限照常计算")
        }
        other => other.sentence(),
    }
}

fn light(
    clock: &Clock,
    due_on: Option<Date>,
    overdue: bool,
    left: &Result<gongkai_basis::clock::DaysLeft, DueDateError>,
) -> Light {
    use gongkai_basis::clock::DaysLeft;
    if clock.stopped().is_some() {
        return Light::Done;
    }
    if overdue {
        return Light::Overdue;
    }
    match (due_on, left) {
        (Some(_), Ok(DaysLeft::Left { days, .. })) if *days <= SOON_WORKING_DAYS => Light::Soon,
        (Some(_), _) => Light::Normal,
        (None, _) => Light::Still,
    }
}
