//! 对照: the tasks of two plans side by side — last year's with this year's (回头看), an upper plan's with a lower one's
//! (上下级贯通). Pure: no clock, no store, the order of either list does not matter.
//!
//! [`match_items`] says which tasks belong together and how certain that is; [`compare`] says what differs between two that
//! do, as words, dates, frequencies, quantities and organs; [`Turn`] and [`Cover`] name the result for the two uses.

pub mod compare;
pub mod kind;
mod pair;
#[cfg(test)]
mod tests;
mod when;
mod words;

use std::collections::BTreeMap;

use crate::assignment::Duty;
use crate::plan::{Deadline, Quantity};

pub use compare::{Comparison, Reason, Words, compare};
pub use kind::{Certainty, Cover, Turn};
pub use words::normal;

/// Tasks of one plan that are matched; the longest plan seen has 68.
pub const ITEMS_MAX: usize = 500;
/// Characters of a task that are looked at.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// A task as matching sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    pub text: String,
    pub deadlines: Vec<Deadline>,
    pub quantities: Vec<Quantity>,
    /// Names of organs, as the two plans can be compared by them: a renamed organ under its present name.
    pub organs: BTreeMap<String, Duty>,
}

/// The tasks of one plan. Dates are compared by how they lie to the plan's year.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub year: i64,
    pub items: &'a [Item],
}

/// Two tasks that belong together. Numbers are positions in the two lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    pub old: usize,
    pub new: usize,
    /// How alike, 0 to 1.
    pub likeness: f64,
    pub certainty: Certainty,
}

/// What belongs together, and what stands alone on either side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matching {
    /// By old, then new position. A task has several when it was split or merged.
    pub links: Vec<Link>,
    pub old_alone: Vec<usize>,
    pub new_alone: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a plan has more than {ITEMS_MAX} tasks")]
pub struct TooMany;

/// Finds what belongs together.
///
/// # Errors
/// When a side has more than [`ITEMS_MAX`] tasks.
pub fn match_items(old: Side<'_>, new: Side<'_>) -> Result<Matching, TooMany> {
    if old.items.len() > ITEMS_MAX || new.items.len() > ITEMS_MAX {
        return Err(TooMany);
    }
    let table = words::Table::of(old, new);
    let mut links = pair::links(&table);
    links.sort_by_key(|link| (link.old, link.new));
    let alone = |n: usize, side: fn(&Link) -> usize| {
        let mut free = vec![true; n];
        for link in &links {
            if let Some(free) = free.get_mut(side(link)) {
                *free = false;
            }
        }
        (0..n).filter(|nth| free.get(*nth) == Some(&true)).collect()
    };
    Ok(Matching {
        old_alone: alone(old.items.len(), |link| link.old),
        new_alone: alone(new.items.len(), |link| link.new),
        links,
    })
}
