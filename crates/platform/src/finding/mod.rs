//! 问题: whatever a check discovers. It has an owner, a date by which it is to be mended, and it closes by a re-check,
//! never by a claim: a unit says that it is mended, the office or the machine looks again.
//!
//! Checks call [`report`] and [`settle`]; the same key of the same organ is one finding, however often it is found.

pub mod acts;
pub mod alike;
pub mod directory;
mod due;
pub mod handle;
mod held;
mod lookup;
mod pages;
mod report;
pub mod store;
mod tell;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::{FindingId, OrganId};

use crate::organ::Hooks;

pub(crate) use due::FindingsDue;
pub use held::FindingFiles;
pub(crate) use lookup::Findings;
pub use pages::{nav, routes};
pub use report::{Found, report, settle, settle_as};
pub use store::{Narrow, of};

/// What changes of the directory do to findings.
#[must_use]
pub fn organ_hooks() -> Hooks {
    Hooks {
        open_work: vec![Arc::new(directory::OpenFindings)],
        touches: Vec::new(),
    }
}

/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest detail, note or reason, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;

coded! {
    /// What kind of thing is wrong.
    pub enum FindingKind {
        Evidence = "evidence", "佐证失效";
        Overdue = "overdue", "任务逾期";
        Late = "late", "报送迟延";
        Unanswered = "unanswered", "督办未回复";
        NotPublished = "not_published", "应公开未公开";
        NotUpdated = "not_updated", "更新不及时";
        DeadLink = "dead_link", "链接不可用";
        Wording = "wording", "表述错误";
        Privacy = "privacy", "泄露个人信息";
        MissingField = "missing_field", "要素缺失";
        Premature = "premature", "提前发布";
        LateReply = "late_reply", "依申请答复超期";
        LostReview = "lost_review", "复议诉讼纠错";
        AnnualReport = "annual_report", "年报未发布";
        Secrecy = "secrecy", "泄密";
        Other = "other", "其他问题";
    }
}

coded! {
    /// 轻重
    pub enum Severity {
        Minor = "minor", "一般";
        Major = "major", "较重";
        Grave = "grave", "严重";
    }
}

coded! {
    /// Where it comes from. What a machine found is verified by a person before it counts; what the office itself saw
    /// is confirmed already.
    pub enum Source {
        Check = "check", "系统检查";
        Person = "person", "人工发现";
        Bulletin = "bulletin", "上级通报";
    }
}

coded! {
    /// Where a finding stands. Whether its mending is late is computed, never stored.
    pub enum FindingState {
        ToVerify = "to_verify", "待核实";
        Confirmed = "confirmed", "已确认";
        Mending = "mending", "整改中";
        /// The unit says that it is mended.
        ToRecheck = "to_recheck", "待复核";
        Closed = "closed", "已销号";
        /// With a reason.
        Untrue = "untrue", "不属实";
        /// With a reason, until a day.
        Deferred = "deferred", "暂缓";
    }
}

coded! {
    /// What happens to a finding.
    pub enum Step {
        Confirm = "confirm", "确认";
        Dismiss = "dismiss", "认定不属实";
        Defer = "defer", "暂缓整改";
        Resume = "resume", "恢复整改";
        /// The unit takes it up.
        Start = "start", "开始整改";
        /// The unit says that it is mended.
        Claim = "claim", "报告已整改";
        /// A re-check finds nothing any more.
        Pass = "pass", "复核通过";
        /// A re-check finds it still.
        Fail = "fail", "复核未通过";
        /// A check comes upon it once more.
        FoundAgain = "found_again", "再次发现";
    }
}

impl Step {
    /// The office has to say on what it rests.
    #[must_use]
    pub const fn needs_note(self) -> bool {
        matches!(self, Self::Dismiss | Self::Pass | Self::Fail | Self::Defer)
    }

    /// 整改期限 on confirming, 暂缓至 on putting off.
    #[must_use]
    pub const fn needs_date(self) -> bool {
        matches!(self, Self::Confirm | Self::Defer)
    }
}

impl FindingState {
    /// Still to be mended, or to be looked at.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::ToVerify | Self::Confirmed | Self::Mending | Self::ToRecheck => true,
            Self::Closed | Self::Untrue | Self::Deferred => false,
        }
    }

    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        use FindingState::{Closed, Confirmed, Deferred, Mending, ToRecheck, ToVerify, Untrue};
        let (from, to): (&[Self], Self) = match step {
            Step::Confirm => (&[ToVerify, Untrue], Confirmed),
            Step::Dismiss => (&[ToVerify, Confirmed, Mending, ToRecheck, Deferred], Untrue),
            Step::Defer => (&[Confirmed, Mending], Deferred),
            Step::Resume => (&[Deferred], Mending),
            Step::Start => (&[Confirmed], Mending),
            Step::Claim => (&[Confirmed, Mending], ToRecheck),
            Step::Pass => (&[ToVerify, Confirmed, Mending, ToRecheck, Deferred], Closed),
            Step::Fail => (&[ToRecheck], Mending),
            // What was judged untrue or put off stays so; what was closed, or claimed to be mended, opens again.
            Step::FoundAgain => {
                return Some(match self {
                    Closed => Confirmed,
                    ToRecheck => Mending,
                    ToVerify | Confirmed | Mending | Untrue | Deferred => self,
                });
            }
        };
        from.contains(&self).then_some(to)
    }
}

/// 问题
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub id: FindingId,
    /// The organ that has to mend it.
    pub organ: OrganId,
    pub organ_name: String,
    /// The office that watches over it.
    pub office: OrganId,
    /// What makes it the same finding when it is found again, within the organ.
    pub key: String,
    pub kind: FindingKind,
    pub severity: Severity,
    pub source: Source,
    pub title: String,
    pub detail: String,
    /// Where to see it: a public address, or a path of this site.
    pub url: Option<String>,
    /// The noun and id of what it is about, such as `("task", id)`.
    pub about: Option<(String, String)>,
    pub state: FindingState,
    pub found_by: String,
    pub found_on: Date,
    /// When a check last came upon it, and how often one did.
    pub last_found_on: Date,
    pub times: i64,
    pub fix_due_on: Option<Date>,
    /// A person confirmed it; from then on its unit sees it.
    pub confirmed_on: Option<Date>,
    /// What the unit says it did.
    pub claim: Option<String>,
    pub claimed_by: Option<String>,
    pub claimed_on: Option<Date>,
    /// What the last re-check said.
    pub verdict: Option<String>,
    pub closed_on: Option<Date>,
    /// Why it is untrue or put off.
    pub reason: Option<String>,
    /// Until when it is put off.
    pub until_on: Option<Date>,
    pub version: i64,
}

impl Finding {
    /// The last day for mending is past, and it is neither closed nor claimed in time; or it was put off until a day
    /// that is past.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        match self.state {
            FindingState::Confirmed | FindingState::Mending => {
                self.fix_due_on.is_some_and(|due| due < today)
            }
            FindingState::ToRecheck => self
                .fix_due_on
                .zip(self.claimed_on)
                .is_some_and(|(due, on)| due < on),
            FindingState::Deferred => self.until_on.is_some_and(|until| until < today),
            FindingState::ToVerify | FindingState::Closed | FindingState::Untrue => false,
        }
    }
}
