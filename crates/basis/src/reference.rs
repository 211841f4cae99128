//! References: how one capability names a record, a figure or a proof of another without knowing it.

use serde::{Deserialize, Serialize};

use crate::Date;
use crate::id::OrganId;

/// A record of some capability: its kind, such as `meeting`, and its identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref {
    pub kind: String,
    pub id: String,
}

/// A live number: its name, such as `tasks.done`, the organ and everything below it, and the year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FigureKey {
    pub name: String,
    pub organ: OrganId,
    pub year: i16,
}

/// What a figure is now, and records behind it (not necessarily all of them).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub value: i64,
    pub refs: Vec<Ref>,
}

/// What somebody relied on: the record, and its seal on the day it was linked (`None`: only that it is there).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub of: Ref,
    pub seal: Option<String>,
}

/// What a check of a proof found. Only [`Verdict::Changed`] and [`Verdict::Gone`] reopen what it proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// Still there, but it says something else; the sentence says what.
    Changed(String),
    Gone(String),
    CannotTell(String),
}

impl Verdict {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Changed(_) => "changed",
            Self::Gone(_) => "gone",
            Self::CannotTell(_) => "cannot_tell",
        }
    }

    /// The verdict that was stored as a code and a sentence.
    #[must_use]
    pub fn from_parts(code: &str, sentence: String) -> Option<Self> {
        match code {
            "holds" => Some(Self::Holds),
            "changed" => Some(Self::Changed(sentence)),
            "gone" => Some(Self::Gone(sentence)),
            "cannot_tell" => Some(Self::CannotTell(sentence)),
            _ => None,
        }
    }

    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Holds => "有效",
            Self::Changed(_) => "内容已变",
            Self::Gone(_) => "已不存在",
            Self::CannotTell(_) => "无法核验",
        }
    }

    /// What was found, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> &str {
        match self {
            Self::Holds => "与登记时一致。",
            Self::Changed(why) | Self::Gone(why) | Self::CannotTell(why) => why,
        }
    }

    /// Does it take away what was proved?
    #[must_use]
    pub const fn reopens(&self) -> bool {
        match self {
            Self::Changed(_) | Self::Gone(_) => true,
            Self::Holds | Self::CannotTell(_) => false,
        }
    }
}

/// Days from the first to the last, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub from: Date,
    pub to: Date,
}

#[cfg(test)]
mod tests {
    use super::Verdict;

    #[test]
    fn only_changed_and_gone_reopen_and_every_verdict_survives_its_parts() {
        let why = || "原因。".to_owned();
        for (verdict, reopens) in [
            (Verdict::Holds, false),
            (Verdict::Changed(why()), true),
            (Verdict::Gone(why()), true),
            (Verdict::CannotTell(why()), false),
        ] {
            assert_eq!(verdict.reopens(), reopens);
            let parts = Verdict::from_parts(verdict.code(), verdict.sentence().to_owned());
            assert_eq!(parts, Some(verdict));
        }
        assert_eq!(Verdict::from_parts("else", why()), None);
    }
}
