//! 任务: one measure of a plan.

pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_office::Place;

use crate::plan::{Deadline, DeadlineKind, Quantity};

/// Where a task stands. Whether it is late, soon due or done is computed, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    Open,
    /// Taken off the ledger by an approved change.
    Cancelled,
}

impl TaskState {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "open" => Some(Self::Open),
            "cancelled" => Some(Self::Cancelled),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub id: TaskId,
    pub plan: PlanId,
    /// Running order in the plan, from 1.
    pub position: i64,
    /// The printed number, where there is one.
    pub number: Option<i64>,
    pub section: Option<String>,
    pub group: Option<String>,
    pub text: String,
    /// The unit cell as printed.
    pub organ_text: String,
    pub deadlines: Vec<Deadline>,
    pub quantities: Vec<Quantity>,
    pub place: Place,
    pub state: TaskState,
    pub version: i64,
}

impl Task {
    /// The last day by which the task must be done: the latest end date, else the day by which a count must be
    /// reached. `None` for measures without a date.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        let latest = |kind: DeadlineKind| {
            self.deadlines
                .iter()
                .filter(|deadline| deadline.kind == kind)
                .filter_map(|deadline| deadline.date)
                .max()
        };
        latest(DeadlineKind::By).or_else(|| latest(DeadlineKind::MinimumCount))
    }
}
