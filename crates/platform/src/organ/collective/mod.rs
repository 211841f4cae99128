//! 统称: names such as 各县（市、区）政府 that stand for many organs. Who belongs to one is a rule: built in, until the
//! office changes it.

mod builtin;
pub mod change;
mod grammar;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use gongkai_basis::id::OrganId;
use serde::{Deserialize, Serialize};

use super::matching::Directory;
use super::{Kind, Level};

pub use builtin::{Builtin, Extent, Family};
pub(super) use grammar::squeeze;
pub use grammar::{other_level, recognise};

/// Organs of one level and kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Group {
    pub level: Level,
    pub kind: Kind,
}

/// Who belongs to a collective. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rule {
    /// All organs in use of these levels and kinds, inside the directory.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Narrows the groups to what lies below this organ.
    #[serde(default)]
    pub under: Option<OrganId>,
    /// 其他: without those that the same task names.
    #[serde(default)]
    pub except_named: bool,
    /// Members whatever their level and kind.
    #[serde(default)]
    pub include: Vec<OrganId>,
    /// Never members.
    #[serde(default)]
    pub exclude: Vec<OrganId>,
    /// 有关: the office picks the members; only `include` counts, and the groups are what it picks from.
    #[serde(default)]
    pub manual: bool,
}

/// A collective that the office named or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collective {
    pub key: CollectiveKey,
    /// As plans print it; empty for a changed built-in one, whose wordings the grammar knows.
    pub name: String,
    pub rule: Rule,
    /// Counts changes; 0 before it is stored.
    pub version: i64,
}

/// Names a collective: a built-in one by its code (`@departments.others`), a named one by its row's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum CollectiveKey {
    Builtin(Builtin),
    Named(String),
}

impl fmt::Display for CollectiveKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(builtin) => write!(f, "@{builtin}"),
            Self::Named(id) => f.write_str(id),
        }
    }
}

/// The text names no collective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("不是有效的统称编号")]
pub struct CollectiveKeyError;

impl FromStr for CollectiveKey {
    type Err = CollectiveKeyError;

    fn from_str(text: &str) -> Result<Self, CollectiveKeyError> {
        match text.strip_prefix('@') {
            Some(code) => code.parse().map(Self::Builtin),
            None => uuid::Uuid::parse_str(text)
                .map(|id| Self::Named(id.to_string()))
                .map_err(|_| CollectiveKeyError),
        }
    }
}

impl From<CollectiveKey> for String {
    fn from(key: CollectiveKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for CollectiveKey {
    type Error = CollectiveKeyError;

    fn try_from(text: String) -> Result<Self, CollectiveKeyError> {
        text.parse()
    }
}

/// The members of a rule in a directory, in tree order: organs in use only, the government itself never.
///
/// `named` are the organs that the same task names; they count where the rule says 其他.
#[must_use]
pub fn expand(rule: &Rule, directory: &Directory, named: &[OrganId]) -> Vec<OrganId> {
    let picked: BTreeSet<OrganId> = rule.include.iter().copied().collect();
    let barred: BTreeSet<OrganId> = if rule.except_named {
        rule.exclude.iter().chain(named).copied().collect()
    } else {
        rule.exclude.iter().copied().collect()
    };
    let pool: BTreeSet<OrganId> = if rule.manual {
        BTreeSet::new()
    } else {
        candidates(rule, directory).into_iter().collect()
    };
    directory
        .entries()
        .iter()
        .map(|entry| entry.id)
        .filter(|id| (pool.contains(id) || picked.contains(id)) && !barred.contains(id))
        .collect()
}

/// The organs in the rule's groups: what a manual rule lets the office pick from.
#[must_use]
pub fn candidates(rule: &Rule, directory: &Directory) -> Vec<OrganId> {
    let under = rule
        .under
        .and_then(|id| directory.entry(id))
        .map(|entry| entry.path.as_str());
    directory
        .entries()
        .iter()
        .filter(|entry| Some(entry.id) != directory.home())
        .filter(|entry| {
            rule.groups
                .iter()
                .any(|group| group.level == entry.level && group.kind == entry.kind)
        })
        .filter(|entry| match (rule.under, under) {
            (None, _) => true,
            (Some(id), Some(path)) => entry.id != id && entry.path.starts_with(path),
            // The branch is gone, and with it its members.
            (Some(_), None) => false,
        })
        .map(|entry| entry.id)
        .collect()
}
