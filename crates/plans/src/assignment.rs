//! 分工: a task given to an organ in a role. Reports and evidence hang here.

pub mod directory;
pub mod light;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, ReportId, TaskId};

/// In what role an organ has a task.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// 牵头
    Lead,
    /// 责任
    Responsible,
    /// 配合: reports when asked.
    Cooperate,
}

impl Duty {
    pub const ALL: [Self; 3] = [Self::Lead, Self::Responsible, Self::Cooperate];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Responsible => "responsible",
            Self::Cooperate => "cooperate",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "牵头",
            Self::Responsible => "责任",
            Self::Cooperate => "配合",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.code() == code)
    }
}

/// Where an assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentState {
    Open,
    /// Its task was cancelled, or the organ was taken off it.
    Cancelled,
    /// Given to another organ; what was reported stays readable.
    Transferred,
}

impl AssignmentState {
    /// Named in statements, so that an index that begins with plan and state finds them.
    pub(crate) const NOT_OPEN: [Self; 2] = [Self::Cancelled, Self::Transferred];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::Transferred => "transferred",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Cancelled, Self::Transferred]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub id: AssignmentId,
    pub plan: PlanId,
    pub task: TaskId,
    pub organ: OrganId,
    pub duty: Duty,
    /// The name as printed; the collective's where the organ came from one.
    pub named_as: String,
    pub state: AssignmentState,
    /// The task's date, or the unit's own where the office set one.
    pub due_on: Option<Date>,
    /// The day that decides its light; kept by the task's settling, never written with the rest.
    pub next_due_on: Option<Date>,
    /// The report in force.
    pub report: Option<ReportId>,
    pub version: i64,
}
