//! 考核: criteria as data, each deduction with its records, appeals, a lock that keeps the facts so that the same
//! numbers follow from them at any later time. Numbers are whole hundredths of a point; there are no fractions.

pub mod appeal;
pub mod class;
pub mod gather;
pub mod handle;
pub mod judge;
pub(crate) mod pages;
pub mod points;
pub mod scheme;
pub mod score;
pub mod store;
pub(crate) mod taken_off;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::{IdError, OrganId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::by::By;

pub use points::Points;
pub use scheme::Scheme;
pub use score::{Input, UnitScore};

/// Working days for appeals after the scores were computed.
pub const APPEAL_DAYS: u16 = 5;
pub(crate) const TEXT_CHARS_MAX: usize = 2_000;

/// 考核期
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeriodId(Uuid);

impl PeriodId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for PeriodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PeriodId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    /// Where a scoring period stands.
    pub enum PeriodState {
        /// Scores are what-if: computed live, stored nowhere.
        Open = "open", "进行中";
        /// Computed; units may appeal.
        Computed = "computed", "申诉期";
        Submitted = "submitted", "待审批";
        /// Sent back by the principal: judged, decided and computed anew. Scores are what-if again.
        Returned = "returned", "退回重算";
        Locked = "locked", "已锁定";
        /// With a reason.
        Cancelled = "cancelled", "已作废";
    }
}

coded! {
    /// What happens to a scoring period.
    pub enum Step {
        Compute = "compute", "计算得分";
        Submit = "submit", "送审批";
        Approve = "approve", "批准锁定";
        Reject = "reject", "退回";
        Cancel = "cancel", "作废";
    }
}

impl PeriodState {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        let (from, to): (&[Self], Self) = match step {
            Step::Compute => (&[Self::Open, Self::Returned], Self::Computed),
            Step::Submit => (&[Self::Computed], Self::Submitted),
            Step::Approve => (&[Self::Submitted], Self::Locked),
            Step::Reject => (&[Self::Submitted], Self::Returned),
            Step::Cancel => (&[Self::Open, Self::Returned], Self::Cancelled),
        };
        from.contains(&self).then_some(to)
    }

    /// Scores are what-if: computed live from the records of the day.
    #[must_use]
    pub const fn is_tried(self) -> bool {
        match self {
            Self::Open | Self::Returned => true,
            Self::Computed | Self::Submitted | Self::Locked | Self::Cancelled => false,
        }
    }
}

/// 考核期, with the scheme as it was when it opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub id: PeriodId,
    pub office: OrganId,
    pub office_name: String,
    pub title: String,
    pub year: i64,
    pub from_on: Date,
    pub to_on: Date,
    pub scheme: Scheme,
    pub scheme_version: i64,
    pub state: PeriodState,
    pub computed_on: Option<Date>,
    pub appeal_until: Option<Date>,
    pub approved_by: Option<String>,
    pub locked_on: Option<Date>,
    pub reason: Option<String>,
    /// The offices whose plans and papers it is about, where it was there before they became one; empty: all that its office
    /// has.
    pub desks: Vec<OrganId>,
    pub version: i64,
}

coded! {
    /// Where an appeal stands.
    pub enum AppealState {
        Waiting = "waiting", "待裁定";
        Upheld = "upheld", "申诉成立";
        Rejected = "rejected", "申诉不成立";
    }
}

/// A unit's appeal against one line; where it is upheld, its change is the adjustment record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    pub id: String,
    pub organ: OrganId,
    pub organ_name: String,
    /// The code of the indicator, or of a record of a veto.
    pub indicator: String,
    pub text: String,
    pub by: By,
    pub on: Date,
    pub state: AppealState,
    pub decision: Option<String>,
    pub decided_by: Option<String>,
    /// Added to the line's points.
    pub change: Points,
    pub version: i64,
}

/// What is kept of a unit: the facts, the adjustments, and what followed from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub organ: OrganId,
    pub organ_name: String,
    pub inputs: Vec<Input>,
    pub adjustments: Vec<(String, Points)>,
    pub total: Points,
    pub grade: String,
    pub version: i64,
}

impl Kept {
    /// The same numbers from the kept facts, at any later time.
    #[must_use]
    pub fn recomputed(&self, scheme: &Scheme) -> UnitScore {
        score::unit(scheme, &self.inputs, &self.adjustments)
    }
}
