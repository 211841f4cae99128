//! What a person chose of a ledger's rows while turning its pages.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::{OrganId, TaskId};
use serde::{Deserialize, Serialize};

use super::WhenNothingPends;
use super::matching::{RowMatch, Standing};
use crate::draft::compare::Known;

/// The choices so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// By the number of a row, from 0: the rows on pages that were sent.
    pub rows: BTreeMap<usize, Pick>,
    pub rule: WhenNothingPends,
    /// What is matched without doubt on the other pages comes along.
    pub rest: bool,
    /// By the number of a row: the task that the person chose for it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<usize, Given>,
}

/// 手工选定的任务: what a row is about that its words do not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub task: TaskId,
    /// Whose progress it is; empty: that of the units which the row names.
    pub organs: Vec<OrganId>,
}

/// One row that a person had before the eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    pub taken: bool,
    /// [`RowMatch::seen`], as the page showed it.
    pub seen: String,
}

impl Default for Picked {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            rule: WhenNothingPends::Done,
            rest: true,
            given: BTreeMap::new(),
        }
    }
}

impl Picked {
    /// These choices, and those of a page that was sent later. Tasks are chosen on pages of their own.
    #[must_use]
    pub fn joined(mut self, later: Self) -> Self {
        self.rows.extend(later.rows);
        Self {
            rows: self.rows,
            given: self.given,
            ..later
        }
    }

    /// Is the row ticked when its page is shown? As the person left it, while it comes to what the person saw; else what is
    /// matched without doubt is proposed.
    #[must_use]
    pub fn proposes(&self, nth: usize, (found, known): (&RowMatch, &[Known])) -> bool {
        let pick = self.rows.get(&nth);
        match pick.filter(|pick| pick.seen == found.seen(known)) {
            Some(pick) => pick.taken,
            None => found.standing == Standing::Matched,
        }
    }

    /// The rows to be taken over, by their numbers.
    #[must_use]
    pub fn chosen(&self, matches: &[RowMatch]) -> BTreeSet<usize> {
        let chosen = |(nth, found): &(usize, &RowMatch)| match self.rows.get(nth) {
            Some(pick) => pick.taken,
            None => self.rest && found.standing == Standing::Matched,
        };
        let all = matches.iter().enumerate();
        all.filter(chosen).map(|(nth, _)| nth).collect()
    }

    /// Those of the chosen rows that come to something else than the person saw: somebody reported, or other units are meant.
    #[must_use]
    pub fn outdated(&self, matches: &[RowMatch], known: &[Known]) -> Vec<usize> {
        let taken = self.rows.iter().filter(|(_, pick)| pick.taken);
        let outdated = taken.filter(|(nth, pick)| {
            let found = matches.get(**nth);
            found.is_none_or(|found| found.seen(known) != pick.seen)
        });
        outdated.map(|(nth, _)| *nth).collect()
    }
}
