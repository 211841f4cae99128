//! 机关: the directory of organs as a tree, their names, and the collectives that stand for many of them.
//!
//! [`Directory`] matches the names that plans print to organs, purely; [`store`] holds the SQL.

pub mod acts;
pub mod change;
pub mod collective;
mod fold;
mod hooks;
pub mod import;
mod kind;
pub mod matching;
mod pages;
pub mod profile;
pub mod reach;
pub mod store;

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;

use crate::db::{StoreError, Tx};

pub use change::OrganError;
pub use collective::{Builtin, Collective, CollectiveKey, Rule};
pub use fold::fold;
pub use hooks::{Hooks, MemberChange, Moved, OpenWork, Touches};
pub use kind::{AliasKind, Kind, Level, Status};
pub use matching::{Certainty, Directory, Entry, Match, MatchKind, Target};
pub use pages::{nav, routes};
pub use store::{Filter, all_below, government_of};

/// Another name that leads to an organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    pub text: String,
    pub kind: AliasKind,
}

/// An organ as it stands in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organ {
    pub id: OrganId,
    pub parent: Option<OrganId>,
    /// The ids from the root joined by '/', with a '/' at both ends.
    pub path: String,
    pub name: String,
    pub short_name: Option<String>,
    pub level: Level,
    pub kind: Kind,
    pub status: Status,
    /// Where its business went when it was merged.
    pub successor: Option<OrganId>,
    /// Order among the children of one parent.
    pub position: i64,
    /// Counts changes; an update names the version that it read.
    pub version: i64,
    pub aliases: Vec<Alias>,
}

impl Organ {
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// The other names of one kind.
    pub fn names(&self, kind: AliasKind) -> impl Iterator<Item = &str> {
        self.aliases
            .iter()
            .filter(move |alias| alias.kind == kind)
            .map(|alias| alias.text.as_str())
    }

    /// How deep it stands: 0 at the top.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.path.matches('/').count().saturating_sub(2)
    }

    /// Is this organ the other one, or somewhere below it?
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.path.starts_with(&other.path)
    }
}

/// The directory below a government, with its collectives, ready to match names. Two queries.
///
/// # Errors
/// When the store cannot be read.
pub async fn directory(tx: &mut Tx, root: OrganId) -> Result<Directory, StoreError> {
    let organs = store::all_below(tx, root).await?;
    let collectives = collective::store::all(tx, root).await?;
    Ok(Directory::of(&organs, &collectives))
}

/// Puts organs so that each stands after its parent and siblings keep their order.
fn tree_order(organs: Vec<Organ>) -> Vec<Organ> {
    let mut below: BTreeMap<Option<OrganId>, Vec<Organ>> = BTreeMap::new();
    let known: std::collections::BTreeSet<OrganId> = organs.iter().map(|organ| organ.id).collect();
    for organ in organs {
        let parent = organ.parent.filter(|parent| known.contains(parent));
        below.entry(parent).or_default().push(organ);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_key(|organ| std::cmp::Reverse((organ.position, organ.id)));
    }
    // Siblings lie last first, so that the first comes off the end of the stack first.
    let mut stack = below.remove(&None).unwrap_or_default();
    let mut ordered = Vec::new();
    while let Some(organ) = stack.pop() {
        stack.append(&mut below.remove(&Some(organ.id)).unwrap_or_default());
        ordered.push(organ);
    }
    ordered
}
