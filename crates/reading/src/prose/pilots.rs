//! 试点单位：第一批：甲局，6月底前完成；…: those who try out the measure above, in a paragraph of their own below its units.

use super::super::event::{Doubt, Event};
use super::super::text::{Mark, from, starts_any, trim};
use super::{State, aside};

/// What such a paragraph begins with.
const LABELS: &[&str] = &[
    "试点单位",
    "试点部门",
    "试点地区",
    "试点范围",
    "试点区域",
    "试行单位",
    "试行范围",
    "示范单位",
];

/// Sets the paragraph aside and doubts the measure above it; whether it was such.
pub(super) fn take(run: &[Mark], state: &State, out: &mut Vec<Event>) -> bool {
    let Some(len) = starts_any(trim(run), LABELS) else {
        return false;
    };
    let colon = from(trim(run), len).first().is_some_and(|m| m.fold == ':');
    let above = out.iter_mut().rev().find_map(|event| match event {
        Event::Section(_) | Event::Group(_) | Event::Middle(_) => Some(None),
        Event::Item(item) => Some(Some(item)),
        _ => None,
    });
    let Some(Some(item)) = above.filter(|_| colon && !state.open) else {
        return false;
    };
    item.doubts.push(Doubt::Pilots);
    aside(run, "pilots", "试点单位、试点范围不是任务，没有列入", out);
    true
}
