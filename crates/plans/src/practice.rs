//! 优秀案例: what a unit did well, submitted by it, chosen by the office, approved by its head, offered to all units,
//! commended in a bulletin.

pub mod handle;
pub(crate) mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::{IdError, OrganId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) const TITLE_CHARS_MAX: usize = 100;
pub(crate) const TEXT_CHARS_MAX: usize = 3_000;
pub(crate) const NOTE_CHARS_MAX: usize = 500;

/// 案例
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PracticeId(Uuid);

impl PracticeId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for PracticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PracticeId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    /// Where a case stands.
    pub enum PracticeState {
        Submitted = "submitted", "待遴选";
        Chosen = "chosen", "待批准";
        /// In the pool that all units read.
        Approved = "approved", "已入库";
        /// Praised in a bulletin, and in the pool.
        Commended = "commended", "已通报表扬";
        Returned = "returned", "退回修改";
        Declined = "declined", "未入选";
        Withdrawn = "withdrawn", "已撤回";
    }
}

coded! {
    /// What happens to a case.
    pub enum Step {
        Choose = "choose", "选入";
        Return = "return", "退回修改";
        Decline = "decline", "不选入";
        Approve = "approve", "批准入库";
        Resubmit = "resubmit", "重新报送";
        Withdraw = "withdraw", "撤回";
        /// A bulletin of praise goes out.
        Commend = "commend", "通报表扬";
    }
}

impl PracticeState {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        use PracticeState::{
            Approved, Chosen, Commended, Declined, Returned, Submitted, Withdrawn,
        };
        let (from, to): (&[Self], Self) = match step {
            Step::Choose => (&[Submitted, Declined], Chosen),
            Step::Return => (&[Submitted, Chosen], Returned),
            Step::Decline => (&[Submitted, Chosen], Declined),
            Step::Approve => (&[Chosen], Approved),
            Step::Resubmit => (&[Returned], Submitted),
            Step::Withdraw => (&[Submitted, Chosen, Returned], Withdrawn),
            Step::Commend => (&[Approved], Commended),
        };
        from.contains(&self).then_some(to)
    }

    /// All units read it.
    #[must_use]
    pub const fn is_offered(self) -> bool {
        match self {
            Self::Approved | Self::Commended => true,
            Self::Submitted | Self::Chosen | Self::Returned | Self::Declined | Self::Withdrawn => {
                false
            }
        }
    }
}

/// 案例
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    pub id: PracticeId,
    pub organ: OrganId,
    pub organ_name: String,
    /// The office that chooses.
    pub office: OrganId,
    pub title: String,
    /// What was done.
    pub done_text: String,
    /// What came of it.
    pub effect_text: String,
    pub state: PracticeState,
    pub submitted_by: String,
    pub submitted_on: Date,
    /// Why it was returned or declined.
    pub note: Option<String>,
    /// How many units noted that they take it up.
    pub borrowed: i64,
    pub version: i64,
}

impl Practice {
    /// Its title in quotation marks, for sentences.
    #[must_use]
    pub fn called(&self) -> String {
        crate::quote::quoted(&self.title, TITLE_CHARS_MAX)
    }
}

/// 借鉴: another unit takes it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrowing {
    pub organ_name: String,
    pub note: String,
    pub by: String,
    pub on: Date,
}
