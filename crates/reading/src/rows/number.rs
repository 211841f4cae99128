//! The number of a row or of its measure.

use crate::columns::Column;
use crate::event::{Given, Item};
use crate::grid::Row;
use crate::number::{Level, Number, only_number};
use crate::text::{Mark, Run, from, has, plain, trim};

pub(super) fn item_of(
    number: Option<Number>,
    text: &[Mark],
    units: Given,
    deadlines: Vec<Run>,
) -> Item {
    let mut item = Item::new(text.to_vec());
    let (found, body) = match number {
        Some(n) => (Some(n), text),
        None => match crate::number::number(text).filter(|n| begins_one(*n, text)) {
            Some(n) => (Some(n), from(text, n.len)),
            None => (None, text),
        },
    };
    if let Some(n) = found {
        // 一、 and （一） are no `no`
        item.no = (!n.nested && n.level > Level::Group).then_some(n.value);
        item.odd_number = n.odd;
        item.number = text.iter().take(text.len() - body.len()).copied().collect();
        item.text = body.to_vec();
    }
    item.units = units;
    item.deadlines = deadlines;
    item
}

/// A measure with a list inside, whose numbers are its own words.
pub(super) fn list_of(text: &[Mark], units: Given, deadlines: Vec<Run>) -> Item {
    Item {
        units,
        deadlines,
        ..Item::new(text.to_vec())
    }
}

/// The number is the measure's own, and not the first one of a list inside it: （一）…（二）…
fn begins_one(n: Number, text: &[Mark]) -> bool {
    match n.level {
        Level::Section | Level::Item => true,
        Level::Group => n.value != 1 || !has(text, "(二)"),
        Level::Sub | Level::Circled => false,
    }
}

/// 1.1 in the column of numbers: the number below that of a heading.
pub(super) fn counted_number(row: &Row, columns: &[Column]) -> Option<Run> {
    let at = columns.iter().position(|c| *c == Column::Number)?;
    let run = trim(row.get(at)?.as_ref()?);
    let text = plain(run);
    let figures: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    let figure = |f: &&str| (1..=2).contains(&f.len()) && f.chars().all(|c| c.is_ascii_digit());
    (figures.len() > 1 && figures.iter().all(figure)).then(|| run.to_vec())
}

/// The number of the row, its text, and whether its column stands straight before the measure.
pub(super) fn row_number(row: &Row, columns: &[Column]) -> Option<(u32, Run, bool)> {
    let text = columns.iter().position(|c| *c == Column::Text)?;
    columns
        .iter()
        .enumerate()
        .rev()
        .filter(|(i, c)| **c == Column::Number && *i < text)
        .find_map(|(i, _)| {
            let run = row.get(i)?.as_ref()?;
            Some((only_number(trim(run))?, run.clone(), i + 1 == text))
        })
}
