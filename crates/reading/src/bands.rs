//! Rows of a table that are one heading over the whole width.

use super::columns::Column;
use super::event::Event;
use super::layout::GridCell;
use super::number::{Level, number, numeral, only_number};
use super::organs::Units;
use super::prose::{duty_in_heading, take_units};
use super::text::{Mark, Run, from, is_empty, part, trim, weight};

/// Longest heading of a band, in characters.
const BAND_MAX: usize = 60;

/// The heading of a row that is nothing else: one cell over the whole width, a text typed into the column of numbers,
/// or a numeral of a heading (一) beside its text.
pub(crate) fn band(row: &[GridCell], columns: &[Column], merged: usize) -> Option<Run> {
    let filled: Vec<&GridCell> = row.iter().filter(|c| !is_empty(&c.run)).collect();
    let column = |cell: &GridCell| columns.get(cell.column).copied();
    match filled.as_slice() {
        [one] => {
            let free = columns.len() - merged.min(columns.len());
            let whole = one.column_span > 1 && one.column_span + 1 >= free;
            let typed = merged == 0
                && column(one) == Some(Column::Number)
                && only_number(trim(&one.run)).is_none()
                && weight(&one.run) > 3;
            (whole || typed).then(|| one.run.clone())
        }
        [first, second] if column(first) == Some(Column::Number) => {
            let titled =
                matches!(column(second), Some(Column::Heading | Column::Text)) && merged == 0;
            numbered_title(&first.run, &second.run).filter(|_| titled)
        }
        _ => None,
    }
}

/// 一 | 深化公开: a numeral alone in its cell, and the title in the next one; both as one heading.
pub(crate) fn numbered_title(first: &[Mark], second: &[Mark]) -> Option<Run> {
    let sign = numbered(first)?;
    let mut run = trim(first).to_vec();
    run.extend(sign);
    run.extend_from_slice(trim(second));
    Some(run)
}

/// 一 or （一） alone in a cell: what stands between it and its heading, where it is the numeral of one.
fn numbered(cell: &[Mark]) -> Option<Option<Mark>> {
    let run = trim(cell);
    let last = run.last()?;
    let bare = numeral(run).is_some_and(|(_, len)| len == run.len());
    if bare {
        return Some(Some(Mark::new('、', last.at)));
    }
    let whole = number(run).filter(|n| n.len == run.len())?;
    matches!(whole.level, Level::Section | Level::Group).then_some(None)
}

/// The heading, and the units and the deadline that stand in it.
pub(crate) fn events(run: Run, out: &mut Vec<Event>) {
    let run = trim(&run).to_vec();
    let tail = take_units(&run);
    let said = from(&run, number(&run).map_or(0, |n| n.len));
    let said = duty_in_heading(said).map(|text| Units { role: None, text });
    let (title, units) = match tail.units.is_empty() {
        true => (run.clone(), said.into_iter().collect()),
        false => (part(&run, 0, tail.text.len()).to_vec(), tail.units),
    };
    let level = number(&title).map(|n| n.level);
    if weight(&title) > BAND_MAX || !matches!(level, Some(Level::Section | Level::Group) | None) {
        out.push(Event::Aside {
            run,
            code: "band-unused",
            message: "表格中这一整行不是任务，没有列入".to_owned(),
        });
        return;
    }
    out.push(match level {
        Some(Level::Group) => Event::Group(title),
        _ => Event::Section(title),
    });
    if !units.is_empty() {
        out.push(Event::HeadingUnits(units));
        out.extend(tail.deadlines.into_iter().map(Event::HeadingDeadline));
        out.push(Event::Aside {
            run,
            code: "label",
            message: String::new(),
        });
    }
}

/// Which level the bands have. 一、 is a section and （一） a group wherever they stand; a band without number is a
/// section where groups stand below it, or where the other headings of the table are 一、; else it is a group.
pub(crate) fn settle(events: &mut [Event], bands: &[usize]) {
    let level = |run: &Run| number(run).map(|n| n.level);
    let is_band = |i: usize| bands.contains(&i);
    let group_below = events
        .iter()
        .enumerate()
        .any(|(i, e)| matches!(e, Event::Group(r) if !is_empty(r) && !is_band(i)));
    let numbered = |e: &Event| matches!(e, Event::Group(r) if level(r) == Some(Level::Group));
    let numbered_group = events.iter().any(numbered);
    let numbered_below = events
        .iter()
        .enumerate()
        .any(|(i, e)| numbered(e) && !is_band(i));
    let sections = events
        .iter()
        .enumerate()
        .any(|(i, e)| matches!(e, Event::Section(r) if !is_band(i) || level(r).is_some()));
    for (nth, i) in bands.iter().enumerate() {
        // straight above another band
        let above = bands.get(nth + 1) == Some(&(i + 1));
        let Some(event) = events.get_mut(*i) else {
            continue;
        };
        match event {
            Event::Section(run)
                if level(run).is_none()
                    && !(group_below || numbered_group || sections || above) =>
            {
                *event = Event::Group(std::mem::take(run));
            }
            // （一） over a column of headings without number, and no 一、 anywhere
            Event::Group(run) if group_below && !numbered_below && !sections => {
                *event = Event::Section(std::mem::take(run));
            }
            _ => {}
        }
    }
}
