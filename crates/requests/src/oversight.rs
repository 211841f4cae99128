//! 各单位办理情况: what those above see of the units below: lights, the ladder of warnings, what goes wrong in more than one
//! place. Pure; the counts are in `store`.

pub(crate) mod finding;
pub(crate) mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, coded};

use crate::request::clock::{SOON_WORKING_DAYS, near_until};

/// 补正 told on this working day of its seven or later has used up most of the days that the count then begins anew without.
pub const TOLD_LATE_WORKING_DAYS: u32 = 6;
/// So many units with the same fault make it a common one.
pub const COMMON_UNITS: usize = 2;

coded! {
    /// A column of figures, with which rows are ordered and behind which cases stand.
    pub enum Column {
        Running = "running", "在办";
        Over = "overdue", "已逾期";
        /// T0, T−2, T−5 of the ladder.
        Today = "today", "今天到期";
        Two = "two", "剩1—2个工作日";
        Five = "five", "剩3—5个工作日";
        Unopened = "unopened", "未打开";
        /// Both sides have not confirmed that it was received: no limit runs (art. 31).
        Unconfirmed = "unconfirmed", "待确认";
        Received = "received", "收到";
        Asked = "asked", "告知补正";
        /// Not answered by its day, or answered after it.
        Late = "late", "答复超期";
        ToldLate = "told-late", "补正告知过晚";
        Held = "held", "文书检查未过";
        Lost = "lost", "复议诉讼被纠正";
    }
}

impl Column {
    /// What goes wrong, rather than what is to be done.
    pub const PROBLEMS: [Self; 4] = [Self::Late, Self::ToldLate, Self::Held, Self::Lost];

    /// Is it about the year, and not about today?
    #[must_use]
    pub const fn is_of_year(self) -> bool {
        match self {
            Self::Running
            | Self::Over
            | Self::Today
            | Self::Two
            | Self::Five
            | Self::Unopened
            | Self::Unconfirmed => false,
            Self::Received
            | Self::Asked
            | Self::Late
            | Self::ToldLate
            | Self::Held
            | Self::Lost => true,
        }
    }

    const fn place(self) -> usize {
        self as usize
    }
}

/// A unit and its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub organ: OrganId,
    pub name: String,
    /// The government that it belongs to, or is.
    pub area: Option<(OrganId, String)>,
    /// Where its findings and scores lie: a government's at its general office.
    pub desk: OrganId,
    figures: [i64; Column::ALL.len()],
    /// Places of letters at which the check held them back, and how often.
    pub held: Vec<(String, i64)>,
}

impl Unit {
    #[must_use]
    pub fn new(organ: OrganId, name: String) -> Self {
        Self {
            organ,
            name,
            area: None,
            desk: organ,
            figures: [0; Column::ALL.len()],
            held: Vec::new(),
        }
    }

    #[must_use]
    pub fn figure(&self, column: Column) -> i64 {
        self.figures.get(column.place()).copied().unwrap_or(0)
    }

    pub fn add(&mut self, column: Column, n: i64) {
        if let Some(figure) = self.figures.get_mut(column.place()) {
            *figure += n;
        }
    }

    /// Nothing of it is to be told.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.figures.iter().all(|n| *n == 0)
    }
}

/// The days that columns ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub today: Date,
    /// The second and the fifth working day from now, see [`near_until`].
    pub two: Date,
    pub five: Date,
    /// The year's ends.
    pub first: Date,
    pub last: Date,
}

impl Days {
    #[must_use]
    pub fn of(year: i16, today: Date, calendar: &WorkCalendar) -> Self {
        let after = |days| near_until(today, days, calendar);
        Self {
            today,
            two: after(2),
            five: after(SOON_WORKING_DAYS),
            first: Date::new(year, 1, 1).unwrap_or(Date::MIN),
            last: Date::new(year, 12, 31).unwrap_or(Date::MAX),
        }
    }
}

/// Was an applicant told so late what to supplement that the seven days were nearly, or wholly, used up?
///
/// Law: 条例 art. 30: within 7 working days; the reply's limit then begins anew, so that telling it late lengthens it.
#[must_use]
pub fn told_late(received: Date, told: Date, calendar: &WorkCalendar) -> bool {
    calendar
        .between(received, told)
        .is_ok_and(|days| days >= TOLD_LATE_WORKING_DAYS)
}

/// Most first; what is equal stays in the order of the directory.
pub fn order(units: &mut [Unit], by: Column) {
    // Where the column says the same, what is more urgent.
    let urgent = [Column::Over, Column::Today, Column::Two, Column::Five];
    units.sort_by_key(|unit| {
        let mut key = vec![-unit.figure(by)];
        key.extend(urgent.iter().map(|column| -unit.figure(*column)));
        key
    });
}

/// What goes wrong, over all units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    pub column: Column,
    pub cases: i64,
    /// Those with the most first.
    pub units: Vec<(OrganId, String, i64)>,
    /// Of letters: the places where most were held back.
    pub places: Vec<(String, i64)>,
}

impl Common {
    /// Does it happen in more than one place?
    #[must_use]
    pub fn is_common(&self) -> bool {
        self.units.len() >= COMMON_UNITS
    }
}

/// Every kind of problem with the units that have it.
#[must_use]
pub fn common(units: &[Unit]) -> Vec<Common> {
    let one = |column: &Column| {
        let mut with: Vec<(OrganId, String, i64)> = units
            .iter()
            .filter(|unit| unit.figure(*column) > 0)
            .map(|unit| (unit.organ, unit.name.clone(), unit.figure(*column)))
            .collect();
        with.sort_by_key(|(_, _, n)| -*n);
        Common {
            column: *column,
            cases: with.iter().map(|(_, _, n)| n).sum(),
            units: with,
            places: if *column == Column::Held {
                places(units)
            } else {
                Vec::new()
            },
        }
    };
    Column::PROBLEMS.iter().map(one).collect()
}

fn places(units: &[Unit]) -> Vec<(String, i64)> {
    let mut all: Vec<(String, i64)> = Vec::new();
    for (place, n) in units.iter().flat_map(|unit| &unit.held) {
        match all.iter_mut().find(|(known, _)| known == place) {
            Some((_, sum)) => *sum += n,
            None => all.push((place.clone(), *n)),
        }
    }
    all.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    all
}
