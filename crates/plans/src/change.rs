//! 任务变更: what happens to tasks after confirmation. Each change has a reason, is proposed by the office, decided by
//! its head, and can be undone while nothing later touched what it touched.

pub mod decide;
pub mod describe;
pub mod effects;
mod hindrance;
pub mod propose;
pub mod store;
pub(crate) mod tell;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use gongkai_basis::id::{AccountId, AssignmentId, IdError, OrganId, PlanId, TaskId};
use gongkai_basis::{Date, coded};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::assignment::Duty;
use crate::plan::{Deadline, DeadlineKind, Quantity};
use crate::when;

/// The longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 500;
/// What one change may touch; more wants a new import.
pub const OPERATIONS_MAX: usize = 1_000;

/// The deadlines of a task that is given this day: what is asked regularly stays.
fn with_due(deadlines: &[Deadline], due_on: Date) -> Vec<Deadline> {
    let kept = deadlines.iter().filter(|old| old.kind != DeadlineKind::By);
    let day = Deadline {
        text: format!("{}前", when::date(due_on)),
        date: Some(due_on),
        kind: DeadlineKind::By,
    };
    kept.cloned().chain([day]).collect()
}

/// 变更
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(Uuid);

impl ChangeId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ChangeId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    /// Where a change stands.
    pub enum ChangeState {
        Proposed = "proposed", "待审批";
        Approved = "approved", "已生效";
        Rejected = "rejected", "已退回";
        Undone = "undone", "已撤销";
    }
}

coded! {
    /// What kind of change it is, for lists.
    pub enum ChangeKind {
        Add = "add", "新增任务";
        Amend = "amend", "修改任务";
        Due = "due", "调整期限";
        AddOrgan = "add_organ", "增加单位";
        RemoveOrgan = "remove_organ", "减少单位";
        Duty = "duty", "调整分工";
        Transfer = "transfer", "转交任务";
        Cancel = "cancel", "取消任务";
    }
}

/// A task's words and dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub section: Option<String>,
    pub group: Option<String>,
    pub text: String,
    pub deadlines: Vec<Deadline>,
    /// What is counted; `None`: as the text says, read anew where it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantities: Option<Vec<Quantity>>,
}

impl Wording {
    /// What the new text counts, where `old` is the text that was there with what it counted.
    pub(crate) fn counts(&self, (old, counted): (&str, &[Quantity])) -> Vec<Quantity> {
        match &self.quantities {
            Some(quantities) => quantities.clone(),
            None if old == self.text => counted.to_vec(),
            None => crate::draft::convert::quantities_in(&self.text),
        }
    }
}

/// A new part of an organ in a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPart {
    pub assignment: AssignmentId,
    pub organ: OrganId,
    pub duty: Duty,
}

/// One step of a change. `seen` is the task's version that the proposer had before the eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Operation {
    AddTask {
        task: TaskId,
        wording: Wording,
        parts: Vec<NewPart>,
    },
    AmendTask {
        task: TaskId,
        seen: i64,
        wording: Wording,
    },
    /// A new date for the task; units without a date of their own follow.
    TaskDue {
        task: TaskId,
        seen: i64,
        due_on: Date,
    },
    /// A date of the unit's own.
    PartDue {
        assignment: AssignmentId,
        due_on: Date,
    },
    AddPart {
        task: TaskId,
        part: NewPart,
    },
    RemovePart {
        assignment: AssignmentId,
    },
    SetDuty {
        assignment: AssignmentId,
        duty: Duty,
    },
    /// What was reported stays with the old organ, readable.
    Transfer {
        assignment: AssignmentId,
        to: NewPart,
    },
    CancelTask {
        task: TaskId,
        seen: i64,
    },
}

impl Operation {
    /// The same step, whatever ids were drawn for what it makes.
    fn undrawn(&self) -> Self {
        let part = |part: &NewPart| NewPart {
            assignment: AssignmentId::new(Uuid::nil()),
            ..part.clone()
        };
        match self {
            Self::AddTask { wording, parts, .. } => Self::AddTask {
                task: TaskId::new(Uuid::nil()),
                wording: wording.clone(),
                parts: parts.iter().map(part).collect(),
            },
            Self::AddPart { task, part: new } => Self::AddPart {
                task: *task,
                part: part(new),
            },
            Self::Transfer { assignment, to } => Self::Transfer {
                assignment: *assignment,
                to: part(to),
            },
            Self::AmendTask { .. }
            | Self::TaskDue { .. }
            | Self::PartDue { .. }
            | Self::RemovePart { .. }
            | Self::SetDuty { .. }
            | Self::CancelTask { .. } => self.clone(),
        }
    }
}

/// A change with its decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: ChangeId,
    pub plan: PlanId,
    pub kind: ChangeKind,
    pub operations: Vec<Operation>,
    /// What was there before; of an approved change, with the versions that it left.
    pub previous: effects::Previous,
    pub reason: String,
    pub state: ChangeState,
    pub proposed_by: Option<AccountId>,
    pub proposer_name: String,
    /// Milliseconds since 1970, here and below.
    pub proposed_at: i64,
    pub decider_name: Option<String>,
    pub decided_at: Option<i64>,
    pub decision_note: Option<String>,
    pub undoer_name: Option<String>,
    pub undone_at: Option<i64>,
    pub undone_why: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no such change, task or plan in reach")]
    NotFound,
    /// All the reasons, in sentences.
    #[error("the change is refused")]
    Refused(Vec<String>),
    /// The same change was proposed before and is not decided yet.
    #[error("the same change waits for a decision")]
    Waiting(ChangeId),
    #[error("the change could not be stored")]
    Store(#[from] gongkai_platform::db::StoreError),
}

impl ChangeError {
    pub(crate) fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(vec![sentence.into()])
    }
}
