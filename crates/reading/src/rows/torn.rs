//! Rows that a page or the end of the file tore.

use crate::event::{Doubt, Event, Given, Item};
use crate::text::{Mark, trim};

/// The file ends inside the last row: its text stops in the middle, and its cell of units is not there.
pub(crate) fn doubt_cut(events: &mut [Event]) {
    if let Some(Event::Item(item)) = events.last_mut()
        && matches!(item.units, Given::Above)
        && !is_ended(&item.text)
    {
        item.doubts.push(Doubt::UnitsAbove);
    }
}

/// A row without number below a measure that has not ended, where others have numbers and end: the rest of that measure.
pub(crate) fn join_torn(events: &mut Vec<Event>) {
    let items = || {
        events.iter().filter_map(|e| match e {
            Event::Item(item) => Some(item),
            _ => None,
        })
    };
    let numbered = items().filter(|i| i.no.is_some()).count();
    let ended = items().filter(|i| is_ended(&i.text)).count();
    let bare = items().filter(|i| i.unnumbered).count();
    if bare == 0 || numbered < bare.max(2) || ended * 2 < numbered {
        return;
    }
    let mut out: Vec<Event> = Vec::with_capacity(events.len());
    for event in events.drain(..) {
        match (event, out.last_mut()) {
            (Event::Item(rest), Some(Event::Item(item)))
                if rest.unnumbered && item.no.is_some() && !is_ended(&item.text) =>
            {
                append_row(item, rest);
            }
            (event, _) => out.push(event),
        }
    }
    *events = out;
}

fn is_ended(text: &[Mark]) -> bool {
    let last = trim(text).last();
    last.is_none_or(|m| matches!(m.fold, '。' | ';' | '!' | ')'))
}

fn append_row(item: &mut Item, rest: Item) {
    item.text.extend(rest.text);
    item.source.extend(rest.source);
    if let (Given::Here(units), Given::Here(more)) = (&mut item.units, rest.units) {
        for unit in more {
            match units.iter_mut().find(|u| u.role == unit.role) {
                Some(own) if own.text == unit.text => {}
                Some(own) => own.text.extend(unit.text),
                None => units.push(unit),
            }
        }
    }
    match (item.deadlines.as_mut_slice(), rest.deadlines.as_slice()) {
        ([own], [more]) if own != more => own.extend_from_slice(more),
        ([], _) => item.deadlines = rest.deadlines,
        _ => {}
    }
    item.doubts.push(Doubt::Torn);
}
