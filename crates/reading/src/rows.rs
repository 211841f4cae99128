//! From the rows of a table to events.

use super::columns::{Column, head_word};
use super::event::{Doubt, Event, Given, Item};
use super::grid::Row;
use super::items::split_items;
use super::number::{Level, number};
use super::organs::{Units, as_above, without_frame};
use super::prose::take_units;
use super::text::{Run, is_empty, plain, trim};

mod glued;
mod heading;
mod joined;
mod lead;
mod number;
mod shares;
mod torn;
mod unused;

use heading::headings;
use lead::lead;
use number::{counted_number, item_of, list_of, row_number};
use shares::{shares, shares_of_deadlines};
use unused::{aside, is_none_sign, no_measure, says_nobody, set_aside};

pub(crate) use glued::part_numbers;
pub(crate) use heading::lift_headings;
pub(crate) use joined::{Joins, counts, with};
pub(crate) use lead::settle_leads;
pub(crate) use torn::{doubt_cut, join_torn};
pub(crate) use unused::NOTE;

#[derive(Debug, Clone, Default)]
pub(crate) struct Extra {
    /// Columns whose cell is merged down from the row above.
    pub(crate) merged: Vec<usize>,
    pub(crate) doubtful: bool,
    /// The units were moved right under a leading unit merged down.
    pub(crate) moved: bool,
    /// The measure's cell reaches over the column of headings.
    pub(crate) spanned: bool,
    /// The cell of the time is blank, and the time above it holds on.
    pub(crate) time_above: bool,
}

/// One logical row.
pub(crate) fn events(row: &Row, columns: &[Column], extra: &Extra, out: &mut Vec<Event>) {
    if is_repeated_head(row) {
        let filled = row.iter().flatten().filter(|r| !is_empty(r));
        out.extend(filled.map(|run| aside(run, "table-head", "")));
        return;
    }
    if let Some((code, message)) = no_measure(row, columns) {
        let filled = row.iter().flatten().filter(|r| !is_empty(r));
        out.extend(filled.map(|run| aside(run, code, message)));
        return;
    }
    let cell = |want: fn(&Column) -> bool| {
        columns
            .iter()
            .zip(row)
            .filter(move |(c, _)| want(c))
            .filter_map(|(_, r)| r.as_ref())
            .filter(|r| !is_empty(r))
    };
    let remarks = set_aside(row, columns, out);
    // what they say of other cells, and the brackets around them, are told by the units
    let said = cell(|c| matches!(c, Column::Units(_)))
        .filter(|run| as_above(&plain(run)) || without_frame(run).len() < run.len());
    out.extend(said.map(|run| aside(run, "label", "")));
    let before = out.len();
    headings(row, columns, extra, out);
    let units = units_of(row, columns);
    let nobody = units.is_empty() && says_nobody(row, columns);
    let deadlines: Vec<Run> = cell(|c| *c == Column::Deadline)
        .filter(|run| !is_none_sign(run))
        .cloned()
        .chain(remarks)
        .collect();
    let texts: Vec<&Run> = cell(|c| *c == Column::Text).collect();
    if let Some(text) = texts.first() {
        let given = match nobody {
            true => Given::Here(Vec::new()),
            false => given(&units, columns, extra),
        };
        items(text, row, columns, (units, given), deadlines, extra, out);
        return;
    }
    // a heading that has units of its own and no measure beside it is the measure
    if out.len() == before + 1
        && !units.is_empty()
        && matches!(out.last(), Some(Event::Group(run) | Event::Section(run)) if number(run).is_none_or(|n| n.level != Level::Section))
    {
        let Some(Event::Group(run) | Event::Section(run)) = out.pop() else {
            return;
        };
        let mut item = item_of(None, &run, Given::Here(units), deadlines);
        item.doubts.push(Doubt::TextFromHeading);
        out.push(Event::Item(item));
        return;
    }
    if !units.is_empty() {
        out.push(Event::Units(units));
    }
    out.extend(deadlines.into_iter().map(Event::Deadline));
}

/// The units beside a measure; 同上 beside others stays, for it stands for the units of its own column.
fn units_of(row: &Row, columns: &[Column]) -> Vec<Units> {
    let units: Vec<Units> = columns
        .iter()
        .zip(row)
        .filter_map(|(c, r)| match (c, r) {
            (Column::Units(role), Some(run)) if !is_empty(run) && !is_none_sign(run) => {
                Some(Units {
                    role: *role,
                    text: without_frame(run).to_vec(),
                })
            }
            _ => None,
        })
        .collect();
    match units.iter().all(|u| as_above(&plain(&u.text))) {
        true => Vec::new(),
        false => units,
    }
}

/// 一季度 | 发布年报, and a blank below it: the time that begins the rows of a table is merged down, as a heading is.
/// Tells whether the row got its time from above.
pub(crate) fn carry_time(row: &mut Row, columns: &[Column], last: &mut Option<Run>) -> bool {
    let at = columns.iter().position(|c| *c == Column::Deadline);
    let text = columns.iter().position(|c| *c == Column::Text);
    let (Some(at), Some(text)) = (at, text) else {
        return false;
    };
    let filled =
        |run: Option<&Option<Run>>| run.and_then(Option::as_ref).is_some_and(|r| !is_empty(r));
    if at > text || !filled(row.get(text)) {
        return false;
    }
    // 二、平台建设, alone in its row: a heading over the whole width, and the time begins anew
    let alone = row.iter().flatten().filter(|r| !is_empty(r)).count() == 1;
    let title = row.get(text).and_then(Option::as_ref);
    if alone
        && title
            .and_then(|r| number(trim(r)))
            .is_some_and(|n| n.level <= Level::Group)
    {
        *last = None;
        return false;
    }
    if filled(row.get(at)) {
        *last = row.get(at).cloned().flatten();
        return false;
    }
    if let Some(slot) = row.get_mut(at) {
        slot.clone_from(last);
    }
    last.is_some()
}

fn is_repeated_head(row: &Row) -> bool {
    let filled: Vec<&Run> = row.iter().flatten().filter(|r| !is_empty(r)).collect();
    filled.len() >= 2 && filled.iter().all(|r| head_word(r).is_some())
}

fn items(
    text: &Run,
    row: &Row,
    columns: &[Column],
    (units, given): (Vec<Units>, Given),
    deadlines: Vec<Run>,
    extra: &Extra,
    out: &mut Vec<Event>,
) {
    let own_number = row_number(row, columns);
    let parts = match own_number {
        Some((_, _, true)) => vec![(None, trim(text))],
        _ => split_items(text),
    };
    // 3 | 1.公开预算。2.公开决算。: a list inside the measure, which has the row's number
    let listed = matches!(own_number, Some((_, _, true))) && split_items(text).len() > 1;
    let ends = shares_of_deadlines(&deadlines, parts.len());
    let shares = shares(&units, parts.len(), ends.is_some());
    let several = parts.len() > 1;
    let lead = lead(row, columns, &units);
    let numbers = columns.iter().position(|c| *c == Column::Number);
    let torn = match numbers {
        Some(at) => own_number.is_none() && !extra.merged.contains(&at),
        None => units.is_empty() && deadlines.is_empty(),
    };
    for (i, (number, run)) in parts.into_iter().enumerate() {
        let given = shares
            .as_ref()
            .and_then(|s| s.get(i))
            .map_or_else(|| given.clone(), |u| Given::Here(u.clone()));
        let ends = ends
            .as_ref()
            .and_then(|e| e.get(i))
            .map_or_else(|| deadlines.clone(), |e| vec![e.clone()]);
        let mut item = match listed {
            true => list_of(run, given, ends),
            false => item_of(number, run, given, ends),
        };
        item.source.clone_from(text);
        item.lead = lead;
        own_units(&mut item);
        item.unnumbered = item.no.is_none() && item.number.is_empty() && torn;
        if let Some(run) = counted_number(row, columns).filter(|_| item.number.is_empty()) {
            item.number = run;
            item.unnumbered = false;
        }
        if let (None, Some((value, run, _)), false) = (item.no, &own_number, several) {
            item.no = Some(*value);
            item.number.clone_from(run);
        } else if let Some((_, run, _)) = &own_number {
            item.number.extend_from_slice(run);
        }
        if shares.is_some() {
            item.doubts.push(Doubt::WhichUnits);
        }
        if extra.moved {
            item.doubts.push(Doubt::UnitsMoved);
        }
        if extra.spanned {
            item.doubts.push(Doubt::TextFromHeading);
        }
        if extra.time_above {
            item.doubts.push(Doubt::TimeAbove);
        }
        if extra.doubtful {
            item.doubts.push(Doubt::CellUnclear);
        }
        out.push(Event::Item(item));
    }
}

/// 公开规划。责任单位：规划股: units in the cell of the measure, where no other cell names any.
fn own_units(item: &mut Item) {
    let blank = match item.units {
        Given::Here(_) | Given::Merged => return,
        Given::Above => true,
        Given::Later => false,
    };
    let tail = take_units(&item.text);
    if tail.units.is_empty() || is_empty(&tail.text) {
        return;
    }
    if blank {
        item.doubts.push(Doubt::UnitsInText);
    }
    if tail.open {
        item.doubts.push(Doubt::UnitsOpen);
    }
    item.text = tail.text;
    item.units = Given::Here(tail.units);
    item.deadlines.extend(tail.deadlines);
}

fn given(units: &[Units], columns: &[Column], extra: &Extra) -> Given {
    if !units.is_empty() {
        return Given::Here(units.to_vec());
    }
    let any = columns.iter().any(|c| matches!(c, Column::Units(_)));
    let merged = extra
        .merged
        .iter()
        .any(|i| matches!(columns.get(*i), Some(Column::Units(_))));
    match (merged, any) {
        (true, _) => Given::Merged,
        (false, true) => Given::Above,
        (false, false) => Given::Later,
    }
}
