//! 个人信息保存期限: how long what tells who asked is kept after archiving, what is erased when the term is reached, and
//! what stays. Nothing is erased by itself: one person proposes, another approves.
//!
//! Law: 个人信息保护法 art. 19 (the shortest time that the purpose needs), art. 47 (deletion when the term is reached).
//! Neither names a number for these cases: the years are each organ's configuration.

pub(crate) mod erase;
pub mod handle;
pub mod night;
pub(crate) mod pages;
pub(crate) mod passage;
pub(crate) mod seam;
pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::AccountId;
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use crate::id::{ErasureId, HoldId, RequestId};
use crate::request::case::Case;
use crate::request::state::State;
use crate::request::{Kind, LINE_CHARS_MAX, TEXT_CHARS_MAX};
use crate::review::{Ours, Remedy};

pub(crate) use erase::{Eraser, MARK, erase, labels, third_parties};

/// Whole years after archiving during which an organ keeps applicants' data, unless it sets others. Not verified: no
/// rule names a number; the shortest term of official files is ten years.
pub const DATA_YEARS: u16 = 10;
/// The same for papers that prove identity: a reply can be sued over within a year at the longest that is usual.
pub const IDENTITY_YEARS: u16 = 1;
/// The longest term that can be set, in years.
pub const YEARS_MAX: u16 = 50;

coded! {
    /// What goes.
    pub enum Part {
        /// What the applicant handed in to prove who it is, and the number of the paper.
        Identity = "identity", "身份证明材料和证件号码";
        /// Everything that tells who asked.
        All = "all", "申请人全部个人信息";
    }
}

coded! {
    pub enum ErasureState {
        Proposed = "proposed", "待批准";
        Done = "done", "已清除";
        Refused = "refused", "不同意清除";
    }
}

/// The terms of one kind of case at one organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub kind: Kind,
    /// Whole years after archiving.
    pub data_years: u16,
    /// Whole years after archiving.
    pub identity_years: u16,
    /// What the organ rests them on.
    pub basis: String,
    /// 0: never set, the defaults.
    pub version: i64,
}

impl Term {
    #[must_use]
    pub fn usual(kind: Kind) -> Self {
        Self {
            kind,
            data_years: DATA_YEARS,
            identity_years: IDENTITY_YEARS,
            basis: String::new(),
            version: 0,
        }
    }

    /// The first day on which a part of a case archived on a day may go.
    #[must_use]
    pub fn reached_on(&self, part: Part, archived_on: Date) -> Option<Date> {
        let years = match part {
            Part::Identity => self.identity_years,
            Part::All => self.data_years,
        };
        let day = archived_on.checked_add(i64::from(years).years()).ok()?;
        // 29 February of a year without one.
        if day.day() == archived_on.day() {
            Some(day)
        } else {
            day.tomorrow().ok()
        }
    }

    /// Every reason why these terms cannot be.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut faults = Vec::new();
        for (field, name, years) in [
            ("data_years", "个人信息", self.data_years),
            ("identity_years", "身份证明材料", self.identity_years),
        ] {
            if years == 0 || years > YEARS_MAX {
                let said = format!("“{name}”的保存期限是1至{YEARS_MAX}年。");
                faults.push((field, said));
            }
        }
        if self.identity_years > self.data_years {
            let said = "身份证明材料的期限不能比其他个人信息长。".to_owned();
            faults.push(("identity_years", said));
        }
        let basis = ("basis", "依据");
        faults.extend(text_fault(basis, &self.basis, LINE_CHARS_MAX, Wanted::Yes));
        faults
    }
}

/// 保留: while it is open, nothing of the case goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub why: String,
    pub by: String,
    pub on: Date,
    /// Who released it, when and why.
    pub released: Option<(String, Date, String)>,
}

/// One proposal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub id: ErasureId,
    pub case: RequestId,
    pub part: Part,
    pub state: ErasureState,
    pub why: String,
    /// Further files that go too, by the ids of their attachments.
    pub also: Vec<String>,
    pub proposed_by: String,
    pub proposer: AccountId,
    pub proposed_on: Date,
    pub decided: Option<Decided>,
    /// What went.
    pub register: Option<Register>,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub by: String,
    pub account: AccountId,
    pub on: Date,
    pub why: String,
}

/// 清除登记: what went, without what it said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// 姓名, 证件号码…
    pub fields: Vec<String>,
    /// Texts in which such words were replaced: lines of the history, letters, reviews.
    pub texts: usize,
    pub files: Vec<GoneFile>,
    /// The hash of the list of the package that was made before, in hexadecimal; empty without one.
    pub package_before: String,
}

/// A file that went: what is left to know it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneFile {
    /// 申请人提交, 办理材料, 答复材料
    pub place: String,
    /// In hexadecimal; empty for an address.
    pub sha256: String,
    pub bytes: i64,
}

/// What decides whether something of a case may go.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub case: Case,
    pub term: Term,
    pub holds: Vec<Hold>,
    pub remedies: Vec<Remedy>,
    /// The newest first.
    pub erasures: Vec<Erasure>,
}

impl Known {
    #[must_use]
    pub fn hold(&self) -> Option<&Hold> {
        self.holds.iter().find(|hold| hold.released.is_none())
    }

    #[must_use]
    pub fn open(&self) -> Option<&Erasure> {
        let mut all = self.erasures.iter();
        all.find(|one| one.state == ErasureState::Proposed)
    }

    /// The day from which a part may go; `None` for a case that is not in the archive.
    #[must_use]
    pub fn reached_on(&self, part: Part) -> Option<Date> {
        let archived_on = self.case.request.kept.archived_on?;
        self.term.reached_on(part, archived_on)
    }

    /// Is the part gone already?
    #[must_use]
    pub const fn is_gone(&self, part: Part) -> bool {
        let kept = &self.case.request.kept;
        match part {
            Part::Identity => kept.identity_erased_on.is_some() || kept.erased_on.is_some(),
            Part::All => kept.erased_on.is_some(),
        }
    }

    /// Every reason why a part cannot go now, whoever asks.
    ///
    /// Law: 个人信息保护法 art. 47: what a term of law or a dispute still needs is kept. A review or suit that runs, or can
    /// still be brought against the decision of a review, needs the case whole.
    #[must_use]
    pub fn why_not(&self, part: Part, today: Date) -> Vec<Reason> {
        let mut faults = Vec::new();
        let mut say = |sentence: String| faults.push(("act", sentence));
        if self.is_gone(part) {
            say(format!("{}已经清除。", part.name()));
            return faults;
        }
        match self.reached_on(part) {
            None => say("案件还没有归档，归档以后才计算保存期限。".to_owned()),
            Some(_) if self.case.request.state != State::Archived => {
                say("案件不在归档状态，不能清除。".to_owned());
            }
            Some(day) if today < day => say(format!("{}保存到{day}，还没有期满。", part.name())),
            Some(_) => {}
        }
        if let Some(hold) = self.hold() {
            let (on, by, why) = (hold.on, &hold.by, &hold.why);
            say(format!("{on}起由{by}保留，不能清除：{why}"));
        }
        for remedy in &self.remedies {
            let name = remedy.words.kind.name();
            if remedy.ending.is_none() {
                say(format!("{name}尚未审结，不能清除。"));
            } else if let Some(due) = may_go_on(remedy, today) {
                say(format!("{name}审结后还可以起诉至{due}，不能清除。"));
            }
        }
        faults
    }
}

/// The last day on which somebody may still carry on what has ended; `None` when that is over.
fn may_go_on(remedy: &Remedy, today: Date) -> Option<Date> {
    let limits = remedy.limits(None);
    let open = limits
        .into_iter()
        .find(|limit| limit.ours == Ours::No && limit.done.is_none())?;
    (today <= open.due).then_some(open.due)
}

/// Every reason why a reason for an act about data does not do.
fn reason_faults(name: &str, why: &str) -> Vec<Reason> {
    let fault = text_fault(("why", name), why, TEXT_CHARS_MAX, Wanted::Yes);
    fault.into_iter().collect()
}
