//! 公开情况: what a period's obligation was met with, and where each period stands. What is due is computed.

pub mod handle;
pub mod store;
pub mod verify;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;

use crate::entry::Entry;
use crate::id::{EntryId, FillingId};
use crate::period::Period;

/// What proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A published record of this system, with its seal on the day it was linked.
    Record { of: Ref, seal: String },
    /// A page elsewhere.
    Address(String),
    /// 本期无: nothing arose in the period; the statement of the person who says so.
    Nothing(String),
}

impl Means {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Record { .. } => "record",
            Self::Address(_) => "address",
            Self::Nothing(_) => "nothing",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    pub id: FillingId,
    pub entry: EntryId,
    pub organ: OrganId,
    pub period: String,
    pub title: String,
    pub means: Means,
    pub confirmed_by: String,
    pub confirmed_on: Date,
    pub version: i64,
}

/// Where one period of one entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Filled,
    Nothing,
    Overdue,
    Open,
}

impl Standing {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filled => "已公开",
            Self::Nothing => "本期无",
            Self::Overdue => "超期",
            Self::Open => "未到期",
        }
    }

    /// The design system's badge for it.
    #[must_use]
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Filled => "badge badge-good",
            Self::Overdue => "badge badge-bad",
            Self::Nothing | Self::Open => "badge",
        }
    }

    #[must_use]
    pub fn of(filling: Option<&Filling>, period: &Period, today: Date) -> Self {
        match filling.map(|filling| &filling.means) {
            Some(Means::Nothing(_)) => Self::Nothing,
            Some(Means::Record { .. } | Means::Address(_)) => Self::Filled,
            None if period.due_on.is_some_and(|due| due < today) => Self::Overdue,
            None => Self::Open,
        }
    }
}

/// A period of an entry with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub period: Period,
    pub filling: Option<Filling>,
    /// Why what it was filled with is public no longer, where somebody asked.
    pub gone: Option<String>,
    pub standing: Standing,
}

/// The year of one entry in one organ. `fillings` may hold those of other entries too.
#[must_use]
pub fn year_of(
    entry: &Entry,
    year: i16,
    fillings: &[Filling],
    calendar: &WorkCalendar,
    today: Date,
) -> Vec<Cell> {
    let periods = entry.rhythm.periods(year, entry.formed_on, calendar);
    let cell = |period: Period| {
        let is = |filling: &&Filling| filling.entry == entry.id && filling.period == period.code;
        let filling = fillings.iter().find(is).cloned();
        let standing = Standing::of(filling.as_ref(), &period, today);
        Cell {
            period,
            filling,
            gone: None,
            standing,
        }
    };
    periods.into_iter().map(cell).collect()
}
