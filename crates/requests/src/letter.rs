//! 答复文书: the letters of a request as data, from the facts to the right one, checked before they leave.
//!
//! `template` holds the papers, `compose` fills one in, `decide` leads from facts to the right one, `lint` looks for
//! what is wrong before dispatch, `remedy` writes the paragraph on 复议 and 诉讼. All of these are pure; `handle` and
//! `store` keep drafts, and `pages` shows them.

pub mod compose;
pub mod decide;
pub mod door;
pub mod handle;
pub mod id;
pub mod law;
pub mod lint;
pub(crate) mod lookup;
mod number;
pub(crate) mod pages;
pub mod profile;
pub mod remedy;
pub(crate) mod seam;
pub mod store;
pub mod template;
pub mod tie;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, OrganId};

use compose::Facts;
pub use id::{LetterId, RemedyId};
pub use template::LetterKind;

use remedy::Served;

/// Letters of one case, and lessons about one kind of letter.
pub const AT_ONCE_MAX: i64 = 200;

coded! {
    /// 拟稿、送核、已核、已发、作废
    pub enum LetterState {
        Draft = "draft", "拟稿";
        /// Waits for a second pair of eyes.
        Checking = "checking", "待复核";
        Checked = "checked", "已复核";
        Issued = "issued", "已发出";
        Void = "void", "作废";
    }
}

coded! {
    /// What people do with a letter.
    pub enum LetterStep {
        Amend = "amend", "修改文书";
        /// Hand it to a colleague.
        Submit = "submit", "送复核";
        Pass = "pass", "复核通过";
        Return = "return", "退回修改";
        Issue = "issue", "编号发出";
        Discard = "discard", "作废文书";
    }
}

impl LetterState {
    /// The state after a step, or `None` where the step is not open.
    #[must_use]
    pub const fn after(self, step: LetterStep) -> Option<Self> {
        use LetterStep as S;
        match (self, step) {
            (Self::Draft, S::Amend) => Some(Self::Draft),
            (Self::Draft, S::Submit) => Some(Self::Checking),
            (Self::Checking, S::Pass) => Some(Self::Checked),
            (Self::Checking | Self::Checked, S::Return) => Some(Self::Draft),
            (Self::Checked, S::Issue) => Some(Self::Issued),
            (Self::Draft | Self::Checking | Self::Checked, S::Discard) => Some(Self::Void),
            (Self::Draft, S::Pass | S::Return | S::Issue)
            | (Self::Checking, S::Amend | S::Submit | S::Issue)
            | (Self::Checked, S::Amend | S::Submit | S::Pass)
            | (Self::Issued | Self::Void, _) => None,
        }
    }
}

/// A letter as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub id: LetterId,
    /// The case that it belongs to; empty for a letter without one.
    pub case_id: String,
    pub organ: OrganId,
    pub organ_name: String,
    pub kind: LetterKind,
    pub state: LetterState,
    pub facts: Facts,
    pub served: Served,
    /// 发文字号: of a reply given with its signature, of any other letter when it leaves.
    pub number: Option<String>,
    /// 成文日期, given together with the number; a form has the day on which it was closed.
    pub issued_on: Option<Date>,
    pub drafted_by: String,
    /// Nobody checks an own letter.
    pub drafter: Option<AccountId>,
    pub checked_by: Option<String>,
    /// What the colleague wrote when it went back.
    pub note: String,
    /// The place in the case's history of the act that left with it.
    pub entry: Option<usize>,
    pub version: i64,
    pub updated_at: i64,
}

impl Letter {
    /// `《政府信息公开答复书》（安财公开〔2026〕7号）`, or without number.
    #[must_use]
    pub fn named(&self) -> String {
        let number = self.number.as_ref();
        number.map_or_else(
            || self.kind.name().to_owned(),
            |number| format!("{}（{number}）", self.kind.name()),
        )
    }
}

#[cfg(test)]
pub(crate) mod tests;
