//! 通报: praise and criticism, assembled from facts that stand in the system. Every sentence keeps what it rests on;
//! personal data are masked; nobody but the drafting office sees it before the principal approved; what is to be
//! mended closes by a re-check.

pub mod assemble;
pub mod directory;
pub mod facts;
pub mod handle;
pub mod mask;
pub(crate) mod pages;
pub mod print;
pub mod rules;
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

use crate::assessment::class::UNCLASSED;
use crate::by::By;
use crate::step::Answer;

pub(crate) const TITLE_CHARS_MAX: usize = 100;
pub(crate) const TEXT_CHARS_MAX: usize = 2_000;
/// Sentences that one bulletin may have.
pub const SENTENCES_MAX: usize = 1_000;
/// Working days that units may be given for their reply.
pub(crate) const REPLY_DAYS_MAX: u32 = 60;
/// 通报〔2026〕1号
pub const PATTERN: &str = "通报〔{year}〕{n}号";

/// 通报
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BulletinId(Uuid);

impl BulletinId {
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for BulletinId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BulletinId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

coded! {
    pub enum BulletinKind {
        Praise = "praise", "表扬";
        Criticism = "criticism", "批评";
        Situation = "situation", "情况";
    }
}

impl BulletinKind {
    /// Units must answer what is said of them.
    #[must_use]
    pub const fn wants_reply(self) -> bool {
        match self {
            Self::Praise => false,
            Self::Criticism | Self::Situation => true,
        }
    }
}

coded! {
    /// Where a bulletin stands.
    pub enum BulletinState {
        Draft = "draft", "草拟";
        Submitted = "submitted", "待审批";
        Issued = "issued", "已印发";
        /// With a reason.
        Withdrawn = "withdrawn", "已撤回";
    }
}

coded! {
    /// What happens to a bulletin.
    pub enum Step {
        Submit = "submit", "送审批";
        Approve = "approve", "批准印发";
        Reject = "reject", "退回修改";
        Withdraw = "withdraw", "撤回通报";
    }
}

impl BulletinState {
    /// Where a step leads from here; `None` when it cannot be taken.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        use BulletinState::{Draft, Issued, Submitted, Withdrawn};
        let (from, to): (&[Self], Self) = match step {
            Step::Submit => (&[Draft], Submitted),
            Step::Approve => (&[Submitted], Issued),
            Step::Reject => (&[Submitted], Draft),
            Step::Withdraw => (&[Draft, Submitted, Issued], Withdrawn),
        };
        from.contains(&self).then_some(to)
    }
}

coded! {
    /// Where a unit stands with what was said of it.
    pub enum PartState {
        /// Praise, or not issued yet.
        Silent = "silent", "无须回复";
        Waiting = "waiting", "待回复";
        Replied = "replied", "待复核";
        Failed = "failed", "复核未通过";
        Closed = "closed", "已销号";
    }
}

coded! {
    /// What happens to a unit's part.
    pub enum PartStep {
        Reply = "reply", "报告整改";
        Pass = "pass", "复核通过";
        Fail = "fail", "复核未通过";
    }
}

impl PartState {
    /// Where a step leads from here; `None` when it cannot be taken. Only a re-check closes.
    #[must_use]
    pub fn after(self, step: PartStep) -> Option<Self> {
        let (from, to): (&[Self], Self) = match step {
            PartStep::Reply => (&[Self::Waiting, Self::Failed], Self::Replied),
            PartStep::Pass => (&[Self::Replied], Self::Closed),
            PartStep::Fail => (&[Self::Replied], Self::Failed),
        };
        from.contains(&self).then_some(to)
    }
}

coded! {
    /// Who approves the bulletins of an office.
    pub enum Approver {
        Head = "head", "工作机构负责人";
        Leader = "leader", "领导";
    }
}

coded! {
    /// What a sentence rests on.
    pub enum FactKind {
        Finding = "finding", "问题";
        Task = "task", "逾期任务";
        Supervision = "supervision", "督办";
        Practice = "practice", "优秀案例";
        /// A unit that was late in a reporting round; its id is `{round}/units/{organ}`.
        Submission = "submission", "迟报";
    }
}

/// The thing that a sentence rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactRef {
    /// The code of a [`FactKind`].
    pub kind: String,
    pub id: String,
}

impl FactRef {
    #[must_use]
    pub fn new(kind: FactKind, id: impl fmt::Display) -> Self {
        Self {
            kind: kind.code().to_owned(),
            id: id.to_string(),
        }
    }

    /// As a form's field writes it.
    #[must_use]
    pub fn field(&self) -> String {
        format!("{}:{}", self.kind, self.id)
    }

    /// Its page.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        let folder = match FactKind::from_code(&self.kind)? {
            FactKind::Finding => "findings",
            FactKind::Task => "assignments",
            FactKind::Supervision => "supervision",
            FactKind::Practice => "practices",
            FactKind::Submission => "rounds",
        };
        Some(format!("/workspace/{folder}/{}", self.id))
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        FactKind::from_code(&self.kind).map_or("", FactKind::name)
    }
}

/// One sentence about a unit; without a fact it was added by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub text: String,
    pub fact: Option<FactRef>,
}

/// What a bulletin says of one unit, and what the unit answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub organ: OrganId,
    pub organ_name: String,
    /// 考核分类, as the scheme had it when the bulletin was drafted; empty without classes.
    pub class: String,
    pub sentences: Vec<Sentence>,
    pub state: PartState,
    pub reply_text: Option<String>,
    pub replied_by: Option<By>,
    /// The first reply: lateness is measured by it.
    pub replied_on: Option<Date>,
    /// The day by which the unit has to report anew, while a re-check failed.
    pub again_due_on: Option<Date>,
    /// The first of those days that was missed: it stays a fact, whatever comes later.
    pub missed_on: Option<Date>,
    pub verdict: Option<String>,
    pub closed_on: Option<Date>,
    pub version: i64,
}

impl Part {
    /// The day by which the unit has to report now, where `due` is the bulletin's.
    #[must_use]
    pub fn due_now(&self, due: Option<Date>) -> Option<Date> {
        self.again_due_on.or(due)
    }

    /// In which way it is late against the day of the bulletin, or the one after a re-check failed, for people: what is
    /// still owed before what came late.
    #[must_use]
    pub fn late_words(&self, due: Option<Date>, today: Date) -> Option<&'static str> {
        let again_due = match self.state {
            PartState::Silent => return None,
            PartState::Failed => self.again_due_on,
            PartState::Waiting | PartState::Replied | PartState::Closed => None,
        };
        let answer = Answer {
            due,
            answered: self.replied_on,
            again_due,
            missed: self.missed_on,
        };
        answer.late_words(today, ("逾期未报告", "逾期报告"))
    }
}

/// 通报
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    pub id: BulletinId,
    pub office: OrganId,
    pub office_name: String,
    pub kind: BulletinKind,
    pub title: String,
    pub number: Option<String>,
    pub opening: String,
    pub closing: String,
    /// Units in the order of how much is said of them; shown only where it was asked for, and after approval.
    pub ranking: bool,
    pub reply_days: u32,
    pub reply_due_on: Option<Date>,
    pub state: BulletinState,
    pub approver: Approver,
    pub drafted_by: String,
    pub drafted_on: Date,
    pub approved_by: Option<String>,
    pub issued_on: Option<Date>,
    pub reason: Option<String>,
    pub version: i64,
}

impl Part {
    /// How many of its sentences stand on a confirmed fact.
    fn facts(&self) -> usize {
        let sentences = self.sentences.iter();
        sentences.filter(|one| one.fact.is_some()).count()
    }
}

/// A unit's place in a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedPart {
    /// Within which it is ranked; empty without classes.
    pub class: String,
    pub rank: usize,
    pub organ_name: String,
    /// How many confirmed facts stand about it.
    pub count: usize,
}

/// Units by how many confirmed facts stand about each, most first, class by class; equal ones share a rank, and sentences
/// without a source count nothing. Units of no class come last.
#[must_use]
pub fn ranking(parts: &[Part]) -> Vec<RankedPart> {
    let mut classes: Vec<&str> = Vec::new();
    for part in parts {
        if !classes.contains(&part.class.as_str()) {
            classes.push(&part.class);
        }
    }
    classes.sort_by_key(|class| *class == UNCLASSED);
    let mut ranked = Vec::with_capacity(parts.len());
    for class in classes {
        let mut own: Vec<&Part> = parts.iter().filter(|part| part.class == class).collect();
        own.sort_by_key(|part| std::cmp::Reverse(part.facts()));
        for part in &own {
            let count = part.facts();
            ranked.push(RankedPart {
                class: class.to_owned(),
                rank: own.partition_point(|other| other.facts() > count) + 1,
                organ_name: part.organ_name.clone(),
                count,
            });
        }
    }
    ranked
}
