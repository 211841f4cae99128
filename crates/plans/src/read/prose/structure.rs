//! Which level of numbering carries the measures.

use super::super::number::Level;
use super::super::text::weight;
use super::Hint;
use super::line::{Kind, Line};
use super::units::{Brackets, ends_in_names};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// The level whose lines are items.
    pub(crate) item: Level,
    /// Items carry numbers.
    pub(crate) numbered: bool,
    /// Numbers and plain paragraphs both are items.
    pub(crate) mixed: bool,
    pub(crate) hint: Hint,
}

pub(crate) fn plan(lines: &[Line], hint: Hint) -> Plan {
    let count = |level: Level| {
        lines
            .iter()
            .filter(
                |l| matches!(l.kind, Kind::Numbered(n) if n.level == level && weight(&l.run) > 6),
            )
            .count()
    };
    let items = count(Level::Item);
    let least = if hint == Hint::Table { 1 } else { 2 };
    // Only the level 1. is a list of measures by itself; （1） and ① count where nothing else does.
    let (item, numbered) = if items >= least {
        (Level::Item, true)
    } else if count(Level::Sub) >= 3 && count(Level::Group) < 3 {
        (Level::Sub, true)
    } else if count(Level::Circled) >= 3 && count(Level::Group) < 3 && count(Level::Sub) == 0 {
        (Level::Circled, true)
    } else {
        (Level::Item, false)
    };
    let bodies = lines
        .iter()
        .filter(|l| matches!(l.kind, Kind::Body))
        .count();
    Plan {
        item,
        numbered,
        mixed: numbered && hint == Hint::Table && bodies > items,
        hint,
    }
}

/// What single names in brackets mean here: units, where nearly all measures end in them.
pub(crate) fn brackets(lines: &[Line], item: Level) -> Brackets {
    let items: Vec<&Line> = lines
        .iter()
        .filter(|l| matches!(l.kind, Kind::Numbered(n) if n.level == item))
        .collect();
    let named = items.iter().filter(|l| ends_in_names(&l.run)).count();
    if named >= 3 && named * 5 >= items.len() * 4 {
        Brackets::Always
    } else {
        Brackets::BehindSentences
    }
}

/// Whether numbered items stand below the heading at `i`, before the next heading of its level.
pub(crate) fn has_items_below(lines: &[Line], i: usize, level: Level, item: Level) -> bool {
    lines
        .iter()
        .skip(i + 1)
        .take_while(|l| !matches!(l.kind, Kind::Numbered(n) if n.level <= level))
        .any(|l| matches!(l.kind, Kind::Numbered(n) if n.level > level && n.level <= item))
}

/// Whether the next line begins something new, or there is none.
pub(crate) fn nothing_below(lines: &[Line], i: usize) -> bool {
    lines
        .get(i + 1)
        .is_none_or(|l| matches!(l.kind, Kind::Numbered(_) | Kind::Units(..)))
}
