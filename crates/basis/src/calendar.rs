//! 工作日 calendar: weekends, public holidays and make-up workdays (调休), by the yearly notice.
//!
//! Law: 全国年节及纪念日放假办法 and the State Council General Office's notice of each year. The notice
//! is data, never computed: a day of a year without a loaded notice is an error, never a guess.
//! One page on the rules, our reading and the vectors: `docs/law/working-days.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, Weekday};

mod day;
pub mod due;
pub mod import;
pub mod notice;
mod pause;
mod working;

pub use day::{Day, WorkingDays, WorkingDaysOutOfRange};
pub use notice::{Holiday, Notice, NoticeError, YearNotice};
pub use pause::{Pause, PauseError};
pub use working::{Note, Skipped, Working};

#[cfg(test)]
mod tests;

/// The last days of December that the next year's notice has been known to move.
///
/// The notice for 2019 (issued 2018-12-06) made 2018-12-29 a workday and 2018-12-31 a day off; no
/// notice since 2013 reached further back. See [`Note::NextNoticeMayReach`].
const NEXT_NOTICE_REACH_DAYS: i8 = 3;

const DECEMBER: i8 = 12;
const DECEMBER_DAYS: i8 = 31;

/// Why the calendar has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No notice of this year is loaded, and the answer would need it.
    #[error("the holiday notice of {0} is not loaded")]
    YearNotPublished(i16),
}

impl CalendarError {
    /// The sentence a user reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::YearNotPublished(year) => format!(
                "系统中没有{year}年的放假安排，不能推算到该年的工作日；没有改动任何数据；\
                 请导入国务院办公厅关于{year}年部分节假日安排的通知后再试。"
            ),
        }
    }
}

/// Identifies the exact data a calendar was built from: years and a hash of every notice.
///
/// Store it beside a computed date to know later whether the date rests on the same notices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CalendarStamp(String);

impl CalendarStamp {
    /// For example `2013-2026:5f1c0a93b2d47e68`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CalendarStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The working-day calendar. Immutable; cloning is cheap; [`WorkCalendar::with`] makes a new one.
#[derive(Clone, Debug)]
pub struct WorkCalendar(Arc<Data>);

#[derive(Debug)]
struct Data {
    notices: BTreeMap<i16, YearNotice>,
    off: BTreeMap<Date, String>,
    made_up: BTreeMap<Date, String>,
    runs: Vec<Run>,
    stamp: CalendarStamp,
}

/// Consecutive days off of one holiday, as all notices together have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'c> {
    /// For example 国庆节.
    pub name: &'c str,
    pub first: Date,
    /// Inclusive.
    pub last: Date,
}

/// Consecutive years with a notice, and every working day in them, ascending: what makes a due date
/// a matter of a few binary searches instead of a walk.
#[derive(Debug)]
struct Run {
    first_year: i16,
    last_year: i16,
    days: Vec<Date>,
}

static BUILTIN: LazyLock<WorkCalendar> = LazyLock::new(|| WorkCalendar::of(notice::builtin()));

impl WorkCalendar {
    /// The notices that come with the program: 2020–2026 verified, 2013–2019 not.
    #[must_use]
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// A calendar of exactly these notices; of two for one year the later in the list counts.
    #[must_use]
    pub fn of(notices: impl IntoIterator<Item = YearNotice>) -> Self {
        let notices: BTreeMap<i16, YearNotice> = notices
            .into_iter()
            .map(|notice| (notice.year(), notice))
            .collect();
        let mut off = BTreeMap::new();
        let mut made_up = BTreeMap::new();
        for holiday in notices.values().flat_map(YearNotice::holidays) {
            off.extend(holiday.days().map(|day| (day, holiday.name().to_owned())));
            made_up.extend(
                holiday
                    .make_up()
                    .iter()
                    .map(|day| (*day, holiday.name().to_owned())),
            );
        }
        let stamp = stamp(&notices);
        let mut data = Data {
            notices,
            off,
            made_up,
            runs: Vec::new(),
            stamp,
        };
        data.runs = runs(&data);
        Self(Arc::new(data))
    }

    /// A new calendar in which this notice replaces or adds its year.
    #[must_use]
    pub fn with(&self, notice: YearNotice) -> Self {
        Self::of(self.0.notices.values().cloned().chain([notice]))
    }

    /// Which data this calendar rests on.
    #[must_use]
    pub fn stamp(&self) -> &CalendarStamp {
        &self.0.stamp
    }

    /// The loaded notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &YearNotice> {
        self.0.notices.values()
    }

    /// The days off of all loaded years by blocks, ascending; a day that is worked all the same belongs to none.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block<'_>> = Vec::new();
        for (day, name) in &self.0.off {
            if self.0.made_up.contains_key(day) {
                continue;
            }
            match blocks.last_mut() {
                Some(block) if block.name == name && block.last.tomorrow().ok() == Some(*day) => {
                    block.last = *day;
                }
                _ => blocks.push(Block {
                    name,
                    first: *day,
                    last: *day,
                }),
            }
        }
        blocks
    }

    /// The weekend days worked (调休上班) of all loaded years, ascending, each with its holiday's name.
    pub fn make_up_days(&self) -> impl Iterator<Item = (Date, &str)> {
        let days = self.0.made_up.iter();
        days.map(|(day, name)| (*day, name.as_str()))
    }

    /// What this day is: make-up workday before day off before weekday (放假办法, yearly notice).
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] for a day of a year without a notice, weekends included.
    pub fn day(&self, date: Date) -> Result<Day<'_>, CalendarError> {
        if !self.0.notices.contains_key(&date.year()) {
            return Err(CalendarError::YearNotPublished(date.year()));
        }
        Ok(self.0.day(date))
    }

    /// Whether the office works on this day. Partial holidays (三八, 五四 …) change nothing.
    ///
    /// # Errors
    /// As [`WorkCalendar::day`].
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarError> {
        Ok(self.day(date)?.is_working())
    }

    /// The n-th working day after `start`, which is day zero (`docs/adr/0004`). Zero days: `start`
    /// itself, a working day or not. Unit: civil date, Beijing time, inclusive.
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] when the period enters a year without a notice.
    pub fn after(&self, start: Date, days: WorkingDays) -> Result<Date, CalendarError> {
        self.after_pauses(start, days, &[])
    }

    /// The n-th working day before `date`: for reminders "n working days ahead".
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] when the period enters a year without a notice.
    pub fn before(&self, date: Date, days: WorkingDays) -> Result<Date, CalendarError> {
        if days == WorkingDays::ZERO {
            return Ok(date);
        }
        let eve = date
            .yesterday()
            .map_err(|_| CalendarError::YearNotPublished(date.year()))?;
        let run = self.0.run(eve.year())?;
        let earlier = run.days.partition_point(|day| *day < date);
        earlier
            .checked_sub(usize::from(days.get()))
            .and_then(|index| run.days.get(index))
            .copied()
            .ok_or(CalendarError::YearNotPublished(
                run.first_year.saturating_sub(1),
            ))
    }

    /// `date` if it is a working day, else the next one.
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] when the search enters a year without a notice.
    pub fn on_or_after(&self, date: Date) -> Result<Date, CalendarError> {
        let run = self.0.run(date.year())?;
        let index = run.days.partition_point(|day| *day < date);
        run.days
            .get(index)
            .copied()
            .ok_or(CalendarError::YearNotPublished(
                run.last_year.saturating_add(1),
            ))
    }

    /// How many working days lie in `a < d ≤ b`; zero when `b` is not after `a`.
    ///
    /// # Errors
    /// [`CalendarError::YearNotPublished`] for the first year without a notice between them.
    pub fn between(&self, a: Date, b: Date) -> Result<u32, CalendarError> {
        if b <= a {
            return Ok(0);
        }
        let first = a
            .tomorrow()
            .map_err(|_| CalendarError::YearNotPublished(a.year()))?;
        let run = self.0.run(first.year())?;
        if b.year() > run.last_year {
            return Err(CalendarError::YearNotPublished(
                run.last_year.saturating_add(1),
            ));
        }
        let upto_a = run.days.partition_point(|day| *day <= a);
        let upto_b = run.days.partition_point(|day| *day <= b);
        Ok(u32::try_from(upto_b.saturating_sub(upto_a)).unwrap_or(u32::MAX))
    }

    /// What a reader should know about a date that rests on the days `start < d ≤ last`.
    #[must_use]
    pub fn notes(&self, start: Date, last: Date) -> Vec<Note> {
        let first = start.tomorrow().unwrap_or(start);
        if last < first {
            return Vec::new();
        }
        let mut notes: Vec<Note> = self
            .0
            .notices
            .range(first.year()..=last.year())
            .filter(|(_, notice)| !notice.is_verified())
            .map(|(year, _)| Note::UnverifiedYear(*year))
            .collect();
        let next = last.year().saturating_add(1);
        let in_reach =
            last.month() == DECEMBER && last.day() > DECEMBER_DAYS - NEXT_NOTICE_REACH_DAYS;
        if in_reach && !self.0.notices.contains_key(&next) {
            notes.push(Note::NextNoticeMayReach(next));
        }
        notes
    }
}

/// The last day before a year that the notice of that year does not move; `None` outside the calendar.
pub(crate) fn settled_before(year: i16) -> Option<Date> {
    let last = DECEMBER_DAYS - NEXT_NOTICE_REACH_DAYS;
    Date::new(year.checked_sub(1)?, DECEMBER, last).ok()
}

impl Data {
    /// The day, its year taken as published.
    fn day(&self, date: Date) -> Day<'_> {
        if let Some(name) = self.made_up.get(&date) {
            return Day::MakeUp(name);
        }
        if let Some(name) = self.off.get(&date) {
            return Day::Holiday(name);
        }
        match date.weekday() {
            Weekday::Saturday | Weekday::Sunday => Day::Weekend,
            _ => Day::Workday,
        }
    }

    fn run(&self, year: i16) -> Result<&Run, CalendarError> {
        self.runs
            .iter()
            .find(|run| run.first_year <= year && year <= run.last_year)
            .ok_or(CalendarError::YearNotPublished(year))
    }
}

fn runs(data: &Data) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for year in data.notices.keys().copied() {
        let days = days_of(year).filter(|day| data.day(*day).is_working());
        match runs.last_mut() {
            Some(run) if run.last_year.checked_add(1) == Some(year) => {
                run.last_year = year;
                run.days.extend(days);
            }
            _ => runs.push(Run {
                first_year: year,
                last_year: year,
                days: days.collect(),
            }),
        }
    }
    runs
}

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    let first = Date::new(year, 1, 1).ok();
    std::iter::successors(first, |day| day.tomorrow().ok())
        .take_while(move |day| day.year() == year)
}

fn stamp(notices: &BTreeMap<i16, YearNotice>) -> CalendarStamp {
    use sha2::{Digest, Sha256};

    /// Bytes of the hash that are printed: enough to tell calendars apart, short enough to read out.
    const PRINTED_BYTES: usize = 8;

    let mut hash = Sha256::new();
    for notice in notices.values() {
        hash.update(notice.to_json());
        hash.update(b"\n");
    }
    let hex: String = hash
        .finalize()
        .iter()
        .take(PRINTED_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let years = match (notices.keys().next(), notices.keys().next_back()) {
        (Some(first), Some(last)) => format!("{first}-{last}"),
        _ => "none".to_owned(),
    };
    CalendarStamp(format!("{years}:{hex}"))
}
