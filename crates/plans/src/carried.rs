//! 回头看事项: an organ's unfinished part of last year, carried over into this year's ledger until it is put right.

pub mod directory;
pub mod handle;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;
pub(crate) mod undone;

use std::fmt;
use std::str::FromStr;

use gongkai_basis::id::{AssignmentId, IdError, OrganId, PlanId, TaskId};
use gongkai_basis::{Date, coded};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::by::By;
use crate::ledger::due::COUNTS_TO;
use crate::pairing::rows::overdue_days;

/// The longest 整改落实情况 and the longest note, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
pub const NOTE_CHARS_MAX: usize = 500;
/// What one carrying over may make.
pub const CARRIED_MAX: i64 = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarriedId(Uuid);

impl CarriedId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for CarriedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CarriedId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    /// Where a carried matter stands.
    pub enum CarriedState {
        /// Nobody has reported on it.
        Open = "open", "待整改";
        /// The unit reports that it is at it.
        Working = "working", "整改中";
        /// The unit reports that it is done; the office has not looked.
        Claimed = "claimed", "已报完成";
        /// The office agrees.
        Closed = "closed", "已销号";
        /// The office no longer asks for it.
        Waived = "waived", "不再要求";
    }
}

impl CarriedState {
    /// Stands beside the name, so that colour is never alone.
    #[must_use]
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Open => "■",
            Self::Working => "▲",
            Self::Claimed => "◇",
            Self::Closed => "✓",
            Self::Waived => "—",
        }
    }

    /// Where the step leads; `None` where it cannot be taken.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Open | Self::Working, Step::Report) | (Self::Claimed, Step::Return) => {
                Some(Self::Working)
            }
            (Self::Open | Self::Working, Step::Finish) => Some(Self::Claimed),
            (Self::Claimed, Step::Confirm) => Some(Self::Closed),
            (Self::Open | Self::Working | Self::Claimed, Step::Waive) => Some(Self::Waived),
            (Self::Closed | Self::Waived, Step::Reopen) => Some(Self::Open),
            (Self::Open | Self::Working, Step::Confirm | Step::Return | Step::Reopen)
            | (Self::Claimed, Step::Report | Step::Finish | Step::Reopen)
            | (
                Self::Closed | Self::Waived,
                Step::Report | Step::Finish | Step::Confirm | Step::Return | Step::Waive,
            ) => None,
        }
    }

    /// Something is still to be done about it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Working | Self::Claimed)
    }
}

coded! {
    /// What is done about it.
    pub enum Step {
        /// The unit: where it stands.
        Report = "report", "填报整改进展";
        /// The unit: it is done.
        Finish = "finish", "报告整改完成";
        /// The office: so it is.
        Confirm = "confirm", "核实销号";
        /// The office: not yet, with a note.
        Return = "return", "退回继续整改";
        /// The office: it is no longer asked for, with a note.
        Waive = "waive", "不再要求整改";
        /// The office: it is asked for again, with a note.
        Reopen = "reopen", "重新要求整改";
    }
}

impl Step {
    /// The office takes it; the unit takes the others.
    #[must_use]
    pub const fn is_of_office(self) -> bool {
        match self {
            Self::Report | Self::Finish => false,
            Self::Confirm | Self::Return | Self::Waive | Self::Reopen => true,
        }
    }

    /// It needs a reason.
    #[must_use]
    pub const fn needs_note(self) -> bool {
        match self {
            Self::Return | Self::Waive | Self::Reopen => true,
            Self::Report | Self::Finish | Self::Confirm => false,
        }
    }
}

/// One matter of one organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub id: CarriedId,
    /// This year's plan.
    pub plan: PlanId,
    /// The part with which it began; it stays the same through all years and mergers.
    pub old_assignment: AssignmentId,
    /// The part of last year's ledger that owes it now: the first one, or the heir's where the organ was merged.
    pub part: AssignmentId,
    pub old_task: TaskId,
    /// This year's task in which it goes on.
    pub task: Option<TaskId>,
    pub organ: OrganId,
    pub organ_name: String,
    pub text: String,
    pub due_text: String,
    pub due_on: Option<Date>,
    pub state: CarriedState,
    /// 未完成事项整改落实情况
    pub done_text: String,
    pub planned_on: Option<Date>,
    /// The office's last word.
    pub note: Option<String>,
    pub reported_by: Option<By>,
    pub reported_on: Option<Date>,
    pub position: i64,
    /// It was carried over once more, and is put right there.
    pub goes_on_later: bool,
    /// What it was, with its note, before a later year closed, waived or reopened it.
    pub settled: Option<(CarriedState, Option<String>)>,
    pub version: i64,
}

impl Carried {
    /// Days since last year's date; nothing once it is closed or waived.
    #[must_use]
    pub fn overdue_days(&self, today: Date) -> Option<i32> {
        if self.state.is_open() {
            overdue_days(self.due_on, today)
        } else {
            None
        }
    }

    /// The column 回头看“事项” of the official form.
    #[must_use]
    pub fn review_text(&self, today: Date) -> String {
        let due = if self.due_text.is_empty() {
            String::new()
        } else if self.due_text.starts_with(COUNTS_TO) {
            format!("（{}", self.due_text)
        } else {
            format!("（原定{}", self.due_text)
        };
        let late = match self.overdue_days(today) {
            Some(days) if due.is_empty() => format!("（已逾期{days}天）"),
            Some(days) => format!("，已逾期{days}天）"),
            None if due.is_empty() => String::new(),
            None => "）".to_owned(),
        };
        format!("{}{due}{late}", self.text)
    }

    /// The column 未完成事项整改落实情况 of the official form.
    #[must_use]
    pub fn rectification_text(&self) -> String {
        let mut text = format!("【{}】{}", self.state.name(), self.done_text);
        if let Some(date) = self.planned_on.filter(|_| self.state.is_open()) {
            text.push_str(&format!("（计划{}前完成）", crate::when::date(date)));
        }
        if let (CarriedState::Waived, Some(note)) = (self.state, &self.note) {
            text.push_str(note);
        }
        text
    }
}
