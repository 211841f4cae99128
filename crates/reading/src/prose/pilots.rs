//! 试点单位：第一批：甲局，6月底前完成；…: those who try out the measure above, in a paragraph of their own below its units;
//! and units behind a label that is not known (联动单位：甲局).

use super::super::event::{Doubt, Event, Item};
use super::super::text::{Mark, from, is_han, part, plain, starts_any, trim};
use super::units::is_named;
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
    let Some(item) = above(out).filter(|_| colon && !state.open) else {
        return false;
    };
    item.doubts.push(Doubt::Pilots);
    aside(run, "pilots", "试点单位、试点范围不是任务，没有列入", out);
    true
}

/// The measure above a line, below the same heading.
fn above(out: &mut [Event]) -> Option<&mut Item> {
    let mut near = out.iter_mut().rev();
    near.find_map(|event| match event {
        Event::Section(_) | Event::Group(_) | Event::Middle(_) => Some(None),
        Event::Item(item) => Some(Some(item)),
        _ => None,
    })
    .flatten()
}

/// Longest label that is not known, in characters.
const LABEL_MAX: usize = 8;

/// 联动单位：甲局、乙局: sets the line aside and doubts the measure above it; whether it was such.
pub(super) fn take_other_units(run: &[Mark], out: &mut Vec<Event>) -> bool {
    const ENDS: &[&str] = &["单位", "部门", "科室", "处室", "机构"];
    let run = trim(run);
    let near = part(run, 0, LABEL_MAX + 1);
    let Some(colon) = near.iter().position(|m| m.fold == ':') else {
        return false;
    };
    let label = plain(part(run, 0, colon));
    let units = label.chars().all(is_han) && ENDS.iter().any(|end| label.ends_with(end));
    if !units || !is_named(trim(from(run, colon + 1))) {
        return false;
    }
    let Some(item) = above(out) else {
        return false;
    };
    item.doubts.push(Doubt::OtherUnits);
    aside(run, "organs-other-label", OTHER, out);
    true
}

/// What is said of such a line.
const OTHER: &str = "这一行写有单位，看不出承担什么责任，没有列入";
