//! Names that plans print, matched to organs and collectives. Pure: a [`Directory`] is built once from rows and asked
//! many times; it never guesses with certainty.

mod directory;
mod form;
mod place;
mod score;
#[cfg(test)]
mod tests;

use gongkai_basis::id::OrganId;
use serde::{Deserialize, Serialize};

use super::collective::CollectiveKey;
use super::{Kind, Level};

pub use directory::Directory;

/// An organ as matching sees it. The order of entries is the tree's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: OrganId,
    pub parent: Option<OrganId>,
    pub path: String,
    pub name: String,
    pub short: Option<String>,
    pub aliases: Vec<String>,
    pub former: Vec<String>,
    pub level: Level,
    pub kind: Kind,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Organ(OrganId),
    Collective(CollectiveKey),
}

/// How the name led there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKind {
    /// The full name, with or without the place before it.
    Exact,
    /// A short name or another name in the directory.
    Alias,
    /// A name that the organ had before.
    Former,
    /// Shortened as people shorten: 市政数局.
    Abbreviation,
    /// Probably a slip of the pen: 区市市场监管局.
    Slip,
    Collective,
}

impl MatchKind {
    /// What screens call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "全称",
            Self::Alias => "别名",
            Self::Former => "曾用名",
            Self::Abbreviation => "简称",
            Self::Slip => "疑似笔误",
            Self::Collective => "统称",
        }
    }
}

/// How sure the match is. Only what the directory itself says is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    Certain,
    Likely,
    /// A person has to choose.
    Doubtful,
}

impl Certainty {
    /// What screens call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "确定",
            Self::Likely => "很可能",
            Self::Doubtful => "需确认",
        }
    }
}

/// One thing that a name may stand for, and why, in words for the person who settles it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub target: Target,
    pub kind: MatchKind,
    pub certainty: Certainty,
    pub note: String,
}
