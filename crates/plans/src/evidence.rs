//! 佐证: what proves a report. A file, an address, an event, a figure or a record of this system, with what it proves, its
//! date, and a seal of what was relied on. It can be checked again, and a check may take away what it proved.

mod amount;
pub mod attach;
pub mod check;
pub mod propose;
pub mod run;
pub mod store;
pub mod target;
pub mod verdict;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::{AssignmentId, EvidenceId, FileId};
use gongkai_basis::reference::{Ref, Verdict};

use crate::when;

pub use amount::{Amount, AmountError};
pub use gongkai_platform::attachment::{FILE_BYTES_MAX, Link, LinkError, sniff};

/// What one assignment may have; a task that needs more wants a page on the site and one link to it.
pub const PER_ASSIGNMENT_MAX: i64 = 100;
const TITLE_CHARS_MAX: usize = 200;
const PROVES_CHARS_MAX: usize = 500;
/// The longest sentence that is looked for in a page, in characters.
const QUOTE_CHARS_MAX: usize = 500;
/// A shorter one stands on too many pages to prove anything.
const QUOTE_CHARS_MIN: usize = 4;
/// The longest unit of a figure, in characters.
const UNIT_CHARS_MAX: usize = 10;
/// More people than attend any event.
const ATTENDANCE_MAX: i64 = 10_000_000;

coded! {
    /// What kind of event it is.
    pub enum OccasionKind {
        Meeting = "meeting", "会议";
        Hearing = "hearing", "听证会";
        Training = "training", "培训";
        Symposium = "symposium", "座谈会";
        Attendance = "attendance", "公众列席";
        OpenDay = "open_day", "政府开放日";
        Press = "press", "新闻发布会";
        Interview = "interview", "在线访谈";
        Drill = "drill", "督查调研";
        Other = "other", "其他活动";
    }
}

/// An event, as the unit states it: nothing outside can confirm it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    pub kind: OccasionKind,
    /// How many people were there.
    pub attendance: Option<i64>,
}

coded! {
    /// Whose figure it is.
    pub enum FigureOf {
        Unit = "unit", "本单位";
        Government = "government", "本级政府";
    }
}

/// A figure, as the unit states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedFigure {
    pub value: Amount,
    pub unit: String,
    /// Where it comes from, in words.
    pub from: String,
    /// The live figure of this system that it is, where it is one.
    pub key: Option<String>,
    /// Whose live figure.
    pub of: FigureOf,
}

/// What the proof is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    File(FileId),
    Link(Link),
    Event(Occasion),
    Figure(StatedFigure),
    Record(Ref),
}

/// What the last check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Milliseconds since 1970.
    pub at: i64,
    pub verdict: Verdict,
    /// The seal of what was seen, where something was.
    pub seal: Option<String>,
}

/// The office says that it proves what it should in spite of a verdict: exactly this one, on exactly what was seen then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The verdict's code.
    pub verdict: String,
    pub seal: Option<String>,
    pub why: String,
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub assignment: AssignmentId,
    pub proof: Proof,
    pub title: String,
    /// What it proves.
    pub proves: String,
    /// A sentence that a page must go on saying; empty for none.
    pub quote: String,
    pub dated_on: Option<Date>,
    /// 内容指纹: the hash of what was relied on. A file has it from the beginning, a page from the first check on.
    pub seal: Option<String>,
    pub checked: Option<Checked>,
    /// A check found that it changed or is gone, no later one that it holds, and the office did not accept it.
    pub decayed: bool,
    pub accepted: Option<Accepted>,
    /// Milliseconds since 1970, and the reason.
    pub withdrawn: Option<(i64, String)>,
    pub created_at: i64,
}

impl Evidence {
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }

    #[must_use]
    pub fn withdrawn_why(&self) -> &str {
        self.withdrawn.as_ref().map_or("", |(_, why)| why)
    }

    /// The address, where it is one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match &self.proof {
            Proof::Link(link) => Some(link.as_str()),
            Proof::File(_) | Proof::Event(_) | Proof::Figure(_) | Proof::Record(_) => None,
        }
    }

    /// `2026年6月1日`: the day of what it shows.
    #[must_use]
    pub fn dated(&self) -> Option<String> {
        self.dated_on.map(when::date)
    }

    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self.proof, Proof::File(_))
    }

    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.proof {
            Proof::File(_) => "文件",
            Proof::Link(_) => "网址",
            Proof::Event(_) => "活动",
            Proof::Figure(_) => "数字",
            Proof::Record(_) => "系统记录",
        }
    }

    /// What the kind says beside the title: `会议，42人`, `120篇，来源：…`.
    #[must_use]
    pub fn particulars(&self) -> String {
        match &self.proof {
            Proof::File(_) | Proof::Link(_) | Proof::Record(_) => String::new(),
            Proof::Event(occasion) => {
                let people = occasion
                    .attendance
                    .map_or_else(String::new, |n| format!("，{n}人参加"));
                format!("{}{people}", occasion.kind.name())
            }
            Proof::Figure(figure) => {
                let whose = match (&figure.key, figure.of) {
                    (Some(_), of) => format!("（{}的数字）", of.name()),
                    (None, FigureOf::Unit | FigureOf::Government) => String::new(),
                };
                format!(
                    "{}{}{whose}，来源：{}",
                    figure.value, figure.unit, figure.from
                )
            }
        }
    }

    /// `有效`, `内容已变`…; empty before the first check.
    #[must_use]
    pub fn verdict_name(&self) -> &'static str {
        match &self.checked {
            Some(_) if self.is_accepted() => "人工认定有效",
            Some(checked) => checked.verdict.name(),
            None => "",
        }
    }

    /// The sentence of the last verdict.
    #[must_use]
    pub fn verdict_why(&self) -> &str {
        self.checked
            .as_ref()
            .map_or("", |checked| checked.verdict.sentence())
    }

    /// The last verdict would take the proof away, and the office accepted just that.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.checked
            .as_ref()
            .is_some_and(|checked| self.accepts(&checked.verdict, checked.seal.as_deref()))
    }

    /// Did the office accept this very verdict on this very content?
    #[must_use]
    pub fn accepts(&self, verdict: &Verdict, seal: Option<&str>) -> bool {
        verdict.reopens()
            && self.accepted.as_ref().is_some_and(|accepted| {
                accepted.verdict == verdict.code() && accepted.seal.as_deref() == seal
            })
    }

    /// Is it decayed after this verdict? What cannot be told changes nothing.
    #[must_use]
    pub fn decays(&self, verdict: &Verdict, seal: Option<&str>) -> bool {
        match verdict {
            Verdict::Holds => false,
            Verdict::CannotTell(_) => self.decayed,
            Verdict::Changed(_) | Verdict::Gone(_) => !self.accepts(verdict, seal),
        }
    }
}
