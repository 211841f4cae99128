//! 对照 as stored: a plan with last year's (回头看) or with the upper one's (上下级贯通), and which task answers which.

pub mod handle;
pub mod pages;
pub mod rollup;
pub mod rows;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::str::FromStr;

use gongkai_basis::id::{IdError, PlanId, TaskId};
use uuid::Uuid;

use crate::matching::{Certainty, Cover, Turn};

/// What a plan is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairKind {
    /// The same government's plan of the year before.
    Year,
    /// The plan of the government above.
    Level,
}

impl PairKind {
    pub const ALL: [Self; 2] = [Self::Year, Self::Level];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Level => "level",
        }
    }

    /// What its page is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "回头看",
            Self::Level => "承接上级方案",
        }
    }

    /// What the other plan is called.
    #[must_use]
    pub const fn other(self) -> &'static str {
        match self {
            Self::Year => "上年度方案",
            Self::Level => "上级方案",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairId(Uuid);

impl PairId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for PairId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PairId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

/// Two plans that are compared: `old` is last year's or the upper one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPair {
    pub id: PairId,
    pub kind: PairKind,
    pub old: PlanId,
    pub new: PlanId,
    /// What both plans' tasks counted up to when they were matched.
    pub seen: i64,
    pub matched_by: String,
    /// Milliseconds since 1970.
    pub matched_at: i64,
    pub version: i64,
}

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// Found by matching; counts until somebody says otherwise.
    Proposed,
    /// A person says so.
    Accepted,
    /// A person says not; kept, so that matching again does not bring it back.
    Refused,
}

/// What a person does to a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStep {
    Accept,
    Refuse,
    /// Back to what matching says.
    Reopen,
}

impl LinkState {
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Accepted, Self::Refused];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Where the step leads; `None` where it cannot be taken.
    #[must_use]
    pub const fn after(self, step: LinkStep) -> Option<Self> {
        match (self, step) {
            (Self::Proposed | Self::Refused, LinkStep::Accept) => Some(Self::Accepted),
            (Self::Proposed | Self::Accepted, LinkStep::Refuse) => Some(Self::Refused),
            (Self::Accepted | Self::Refused, LinkStep::Reopen) => Some(Self::Proposed),
            (Self::Accepted, LinkStep::Accept)
            | (Self::Refused, LinkStep::Refuse)
            | (Self::Proposed, LinkStep::Reopen) => None,
        }
    }

    /// The new task counts as an answer to the old one.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted)
    }
}

impl LinkStep {
    pub const ALL: [Self; 3] = [Self::Accept, Self::Refuse, Self::Reopen];
}

/// Which task answers which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLink {
    pub old: TaskId,
    pub new: TaskId,
    pub turn: Turn,
    pub cover: Cover,
    pub reasons: Vec<String>,
    pub certainty: Certainty,
    /// Hundredths.
    pub likeness: i64,
    pub state: LinkState,
    pub settled_by: Option<String>,
}

impl TaskLink {
    /// A person should look: matching is not certain and nobody has said.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.state == LinkState::Proposed && self.certainty == Certainty::Check
    }
}
