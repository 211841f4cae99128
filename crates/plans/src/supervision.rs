//! 督办: the office chases. 催办 is a light reminder about chosen rows; a 督办单 has a number, a day for the reply, the
//! signature of receipt, and is done when the office has accepted what the unit replied.

pub mod answer;
pub mod directory;
pub mod draft;
pub mod handle;
pub(crate) mod pages;
pub mod print;
pub mod standing;
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

use crate::by::By;
use crate::step::Answer;

/// What one 催办 or one draft of 督办单 may be about.
pub const ITEMS_MAX: usize = 1_000;
pub(crate) const TITLE_CHARS_MAX: usize = 100;
pub(crate) const TEXT_CHARS_MAX: usize = 2_000;
/// Working days that a unit may be given.
pub(crate) const REPLY_DAYS_MAX: u32 = 60;
/// 督〔2026〕3号
pub const PATTERN: &str = "督〔{year}〕{n}号";

/// 督办单
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderId(Uuid);

impl OrderId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OrderId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    /// Where a 督办单 stands. Whether the reply is late is computed, never stored.
    pub enum OrderState {
        Draft = "draft", "草拟";
        Submitted = "submitted", "待审批";
        Issued = "issued", "待签收";
        Received = "received", "待回复";
        Replied = "replied", "待验收";
        /// The office did not accept the reply.
        Returned = "returned", "退回重报";
        Accepted = "accepted", "已办结";
        /// With a reason.
        Withdrawn = "withdrawn", "已撤销";
    }
}

coded! {
    /// What happens to a 督办单.
    pub enum Step {
        Submit = "submit", "送审批";
        Approve = "approve", "批准印发";
        Reject = "reject", "退回修改";
        Receive = "receive", "签收";
        Reply = "reply", "回复";
        Accept = "accept", "验收通过";
        Return = "return", "退回重报";
        Withdraw = "withdraw", "撤销督办";
    }
}

impl OrderState {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        use OrderState::{
            Accepted, Draft, Issued, Received, Replied, Returned, Submitted, Withdrawn,
        };
        let (from, to): (&[Self], Self) = match step {
            Step::Submit => (&[Draft], Submitted),
            Step::Approve => (&[Submitted], Issued),
            Step::Reject => (&[Submitted], Draft),
            Step::Receive => (&[Issued], Received),
            Step::Reply => (&[Received, Returned], Replied),
            Step::Accept => (&[Replied], Accepted),
            Step::Return => (&[Replied], Returned),
            Step::Withdraw => (
                &[Draft, Submitted, Issued, Received, Replied, Returned],
                Withdrawn,
            ),
        };
        from.contains(&self).then_some(to)
    }

    /// The unit still owes an answer.
    #[must_use]
    pub const fn waits_for_unit(self) -> bool {
        match self {
            Self::Issued | Self::Received | Self::Returned => true,
            Self::Draft | Self::Submitted | Self::Replied | Self::Accepted | Self::Withdrawn => {
                false
            }
        }
    }
}

coded! {
    /// What an item is about.
    pub enum ItemKind {
        Assignment = "assignment", "任务";
        Finding = "finding", "问题";
    }
}

/// One thing that a 督办单 is about, in the words it had then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub kind: ItemKind,
    pub reference: String,
    /// The task of an assignment, for its time line.
    pub task: Option<String>,
    pub text: String,
    pub due_text: String,
}

impl Item {
    #[must_use]
    pub fn path(&self) -> String {
        match (self.kind, &self.task) {
            (ItemKind::Assignment, Some(task)) => format!("/workspace/tasks/{task}"),
            (ItemKind::Assignment, None) => format!("/workspace/assignments/{}", self.reference),
            (ItemKind::Finding, _) => format!("/workspace/findings/{}", self.reference),
        }
    }
}

/// 督办单
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub office: OrganId,
    pub office_name: String,
    /// The unit that must answer.
    pub organ: OrganId,
    pub organ_name: String,
    /// 督〔2026〕3号, from approval on.
    pub number: Option<String>,
    pub title: String,
    pub requirement: String,
    /// Working days for the reply, counted from the day of issue, which is day zero.
    pub reply_days: u32,
    pub reply_due_on: Option<Date>,
    pub state: OrderState,
    pub drafted_by: String,
    pub drafted_on: Date,
    pub approved_by: Option<String>,
    pub issued_on: Option<Date>,
    pub received_by: Option<String>,
    pub received_on: Option<Date>,
    /// The day of the first reply: lateness is measured by it.
    pub replied_on: Option<Date>,
    /// The day by which the unit has to reply anew, while it was asked to.
    pub again_due_on: Option<Date>,
    /// The first of those days that was missed: it stays a fact, whatever comes later.
    pub missed_on: Option<Date>,
    /// Why it was sent back to the drafter, or withdrawn.
    pub reason: Option<String>,
    pub version: i64,
}

impl Order {
    /// No reply by its day, the first one or one that was asked for anew, or one that came after it.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.late_words(today).is_some()
    }

    /// In which way it is late, for people: what is still owed before what came late.
    #[must_use]
    pub fn late_words(&self, today: Date) -> Option<&'static str> {
        let again_due = match self.state {
            OrderState::Draft | OrderState::Submitted | OrderState::Withdrawn => return None,
            OrderState::Returned => self.again_due_on,
            OrderState::Issued
            | OrderState::Received
            | OrderState::Replied
            | OrderState::Accepted => None,
        };
        let answer = Answer {
            due: self.reply_due_on,
            answered: self.replied_on,
            again_due,
            missed: self.missed_on,
        };
        answer.late_words(today, ("逾期未回复", "逾期回复"))
    }

    /// It was sent back, and the day set for another reply went by without one.
    #[must_use]
    pub fn owes_again(&self, today: Date) -> bool {
        self.state == OrderState::Returned && self.again_due_on.is_some_and(|due| due < today)
    }

    /// The day by which the unit has to reply now.
    #[must_use]
    pub fn due_now(&self) -> Option<Date> {
        self.again_due_on.or(self.reply_due_on)
    }
}

/// What a unit replied, and what the office said to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub id: String,
    pub sequence: i64,
    pub text: String,
    pub by: By,
    pub on: Date,
    /// Accepted or returned, with a note.
    pub verdict: Option<(bool, String)>,
}
