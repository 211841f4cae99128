//! 报送轮次: by a day that the notice sets, or that the office sets with its reason, each unit hands in its rows. The
//! liaison reports, the head confirms, the unit submits, the office accepts or returns. Lateness is a fact of the record:
//! it follows from the instant of the first submission and the round's day, and no later step changes it.

pub mod follow;
pub mod open;
pub mod paper;
pub mod print;
pub mod propose;
pub mod remind;
pub mod store;
pub mod submit;
#[cfg(test)]
mod tests;

pub(crate) mod pages;

use std::fmt;
use std::str::FromStr;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::{IdError, OrganId, PlanId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::by::By;
use crate::when;

pub(crate) const NAME_CHARS_MAX: usize = 60;
pub(crate) const TEXT_CHARS_MAX: usize = 1_000;
/// Rounds that one plan may have.
pub(crate) const ROUNDS_MAX: i64 = 50;

/// 报送轮次
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoundId(Uuid);

impl RoundId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for RoundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RoundId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    /// On what a round rests.
    pub enum Source {
        Notice = "notice", "通知要求";
        Hand = "hand", "自行设定";
    }
}

coded! {
    /// Where a round stands. Units may submit late to a closed one.
    pub enum RoundState {
        Open = "open", "收报中";
        Closed = "closed", "已结束";
        Cancelled = "cancelled", "已撤销";
    }
}

coded! {
    /// What the office does with a round.
    pub enum RoundStep {
        Close = "close", "结束收报";
        Reopen = "reopen", "恢复收报";
        Cancel = "cancel", "撤销轮次";
    }
}

impl RoundState {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: RoundStep) -> Option<Self> {
        let (from, to): (&[Self], Self) = match step {
            RoundStep::Close => (&[Self::Open], Self::Closed),
            RoundStep::Reopen => (&[Self::Closed], Self::Open),
            RoundStep::Cancel => (&[Self::Open], Self::Cancelled),
        };
        from.contains(&self).then_some(to)
    }
}

/// 报送轮次
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    pub plan: PlanId,
    pub plan_title: String,
    pub office: OrganId,
    pub office_name: String,
    pub name: String,
    /// The last day, inclusive; Beijing time.
    pub due_on: Date,
    /// The last day with which it was opened, where that was moved since.
    pub first_due_on: Option<Date>,
    /// What the reports are about, both ends included.
    pub from_on: Date,
    pub to_on: Date,
    pub source: Source,
    /// The words of the notice, or the reason.
    pub source_text: String,
    /// `第12行`: where the words stand; empty by hand.
    pub source_place: String,
    /// Units that merely cooperate are asked, too.
    pub cooperating: bool,
    pub state: RoundState,
    pub opened_by: String,
    pub opened_on: Date,
    pub ended_on: Option<Date>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub version: i64,
}

coded! {
    /// Where the submission of one unit stands.
    pub enum SubmissionState {
        Draft = "draft", "待填报";
        /// The unit's head confirmed what is reported.
        Confirmed = "confirmed", "待报送";
        Submitted = "submitted", "待接收";
        Accepted = "accepted", "已接收";
        /// With a reason; the unit begins anew.
        Returned = "returned", "已退回";
    }
}

coded! {
    /// What happens to a submission.
    pub enum Step {
        Confirm = "confirm", "确认";
        Submit = "submit", "报送";
        Withdraw = "withdraw", "撤回";
        Accept = "accept", "接收";
        Return = "return", "退回";
        /// The office gives a unit that has handed in already more rows.
        Ask = "ask", "要求补报";
    }
}

impl SubmissionState {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        let (from, to): (&[Self], Self) = match step {
            Step::Confirm => (&[Self::Draft, Self::Returned], Self::Confirmed),
            Step::Submit => (&[Self::Confirmed], Self::Submitted),
            Step::Withdraw => (&[Self::Confirmed, Self::Submitted], Self::Draft),
            Step::Accept => (&[Self::Submitted], Self::Accepted),
            Step::Return => (&[Self::Submitted], Self::Returned),
            Step::Ask => (&[Self::Submitted, Self::Accepted], Self::Returned),
        };
        from.contains(&self).then_some(to)
    }

    /// The unit still owes something.
    #[must_use]
    pub const fn waits_for_unit(self) -> bool {
        match self {
            Self::Draft | Self::Confirmed | Self::Returned => true,
            Self::Submitted | Self::Accepted => false,
        }
    }
}

coded! {
    /// Where a submission stands as people read it: of the drafts, those with every row filled wait for the unit's head.
    pub enum Shown {
        Draft = "draft", "待填报";
        Filled = "filled", "待确认";
        Confirmed = "confirmed", "待报送";
        Submitted = "submitted", "待接收";
        Accepted = "accepted", "已接收";
        Returned = "returned", "已退回";
    }
}

impl Shown {
    /// The state that is stored.
    #[must_use]
    pub const fn state(self) -> SubmissionState {
        match self {
            Self::Draft | Self::Filled => SubmissionState::Draft,
            Self::Confirmed => SubmissionState::Confirmed,
            Self::Submitted => SubmissionState::Submitted,
            Self::Accepted => SubmissionState::Accepted,
            Self::Returned => SubmissionState::Returned,
        }
    }
}

/// What one unit hands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    pub round: RoundId,
    pub organ: OrganId,
    pub organ_name: String,
    pub state: SubmissionState,
    pub confirmed_by: Option<String>,
    /// Instants are milliseconds since 1970.
    pub confirmed_at: Option<i64>,
    pub submitted_by: Option<By>,
    pub submitted_at: Option<i64>,
    /// The first submission that the unit did not take back itself: lateness is measured by it.
    pub counted_at: Option<i64>,
    pub decided_by: Option<String>,
    pub decided_at: Option<i64>,
    /// Why the office returned it; kept until it accepts, so that both sides see what was asked for.
    pub reason: Option<String>,
    /// Rows that it owes, and those of them on which it has reported; rows that were cancelled or transferred do not count.
    pub rows: i64,
    pub reported: i64,
    pub version: i64,
}

/// Punctual or not, as far as it can be said on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuality {
    /// Its day is not over.
    Pending,
    InTime,
    /// First in time, then returned, and not submitted again although the last day is over.
    NotAgain,
    /// Submitted so many days after the last one.
    Late(i32),
    /// Not submitted, and the last day is past by so many days.
    Missing(i32),
    /// Nothing is owed.
    Nothing,
}

impl Punctuality {
    /// What follows from the instant of the counted submission and the round's last day. A submission at 23:59 Beijing time
    /// of the last day is in time.
    #[must_use]
    pub fn of(counted_at: Option<i64>, due_on: Date, today: Date) -> Self {
        let days = |on: Date| (on - due_on).get_days();
        match counted_at.and_then(when::civil_day) {
            Some(on) if on <= due_on => Self::InTime,
            Some(on) => Self::Late(days(on)),
            None if today <= due_on => Self::Pending,
            None => Self::Missing(days(today)),
        }
    }

    #[must_use]
    pub const fn is_late(self) -> bool {
        match self {
            Self::Late(_) | Self::Missing(_) => true,
            Self::Pending | Self::InTime | Self::NotAgain | Self::Nothing => false,
        }
    }

    /// `迟报 2 天`, for people; empty before the last day is over.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Pending | Self::Nothing => String::new(),
            Self::InTime => "按期报送".to_owned(),
            Self::NotAgain => "首次按期，退回后未重报".to_owned(),
            Self::Late(days) => format!("迟报 {days} 天"),
            Self::Missing(days) => format!("逾期 {days} 天未报"),
        }
    }
}

impl Submission {
    #[must_use]
    pub fn punctuality(&self, due_on: Date, today: Date) -> Punctuality {
        if self.rows == 0 && self.counted_at.is_none() {
            return Punctuality::Nothing;
        }
        match Punctuality::of(self.counted_at, due_on, today) {
            Punctuality::InTime if self.state == SubmissionState::Returned && today > due_on => {
                Punctuality::NotAgain
            }
            other => other,
        }
    }

    /// Where it stands, for people.
    #[must_use]
    pub const fn shown(&self) -> Shown {
        match self.state {
            SubmissionState::Draft if self.rows > 0 && self.reported == self.rows => Shown::Filled,
            SubmissionState::Draft => Shown::Draft,
            SubmissionState::Confirmed => Shown::Confirmed,
            SubmissionState::Submitted => Shown::Submitted,
            SubmissionState::Accepted => Shown::Accepted,
            SubmissionState::Returned => Shown::Returned,
        }
    }

    #[must_use]
    pub const fn state_words(&self) -> &'static str {
        self.shown().name()
    }

    /// What the head confirmed and the unit submitted no longer stands; the day that counts stays.
    fn begin_anew(&mut self) {
        self.confirmed_by = None;
        self.confirmed_at = None;
        self.submitted_by = None;
        self.submitted_at = None;
    }

    /// What stands beside it: its subject among attachments.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{}:{}", self.round, self.organ)
    }
}
