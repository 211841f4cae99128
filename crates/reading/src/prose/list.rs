//! A text whose measures have no numbers: one a line, with its units in the line below, behind it, or before it.

use super::super::organs::{Units, referring};
use super::super::text::{Mark, from, is_han, part, plain, trim, weight};
use super::line::{Kind, Line};
use super::units::{self, Brackets, is_named};

/// Fewest measures that tell such a list.
const MEASURES_MIN: usize = 3;
/// Shortest measure, in characters.
const MEASURE_MIN: usize = 6;
/// Longest name before the colon of a measure, in characters.
const NAME_MAX: usize = 40;
/// Longest heading, in characters.
const HEADING_MAX: usize = 20;

/// Where a line has its units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Below,
    Behind,
    /// Up to this colon.
    Before(usize),
    Nowhere,
}

/// How the measures of such a list were known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// They have numbers, or signs of their own.
    Well,
    /// By the units below them alone.
    ByUnitsBelow,
    /// By the units above them alone.
    ByUnitsAbove,
    /// By lines that say who answers for the projects above.
    ByReference,
}

/// Marks the measures and headings of such a list.
pub(super) fn mark(lines: &mut [Line], brackets: Brackets) -> Known {
    if mark_referred(lines) {
        return Known::ByReference;
    }
    let other = |l: &Line| {
        matches!(
            l.kind,
            Kind::Numbered(_) | Kind::Measure(_) | Kind::Name(_) | Kind::Heading
        )
    };
    if lines.iter().any(other) {
        return Known::Well;
    }
    if units_lead(lines) {
        let first = lines.iter().position(is_units).unwrap_or(0);
        for line in lines
            .iter_mut()
            .skip(first)
            .filter(|l| matches!(l.kind, Kind::Body))
        {
            line.kind = Kind::Measure(line.run.clone());
        }
        return Known::ByUnitsAbove;
    }
    let places: Vec<Place> = (0..lines.len())
        .map(|i| place(lines, i, brackets))
        .collect();
    let count = |want: fn(&Place) -> bool| places.iter().filter(|p| want(p)).count();
    let below = count(|p| *p == Place::Below);
    let behind = count(|p| *p == Place::Behind);
    let duties = lines.iter().filter(|l| matches!(l.kind, Kind::Duty(..)));
    let before = count(|p| matches!(p, Place::Before(_))) + duties.count();
    let texts = lines.iter().filter(|l| is_text(l)).count();
    let most = below.max(behind).max(before);
    if most < MEASURES_MIN || most * 2 < texts {
        return Known::Well;
    }
    for i in 0..lines.len() {
        let next = places.get(i + 1).copied().unwrap_or(Place::Nowhere);
        let own = places.get(i).copied().unwrap_or(Place::Nowhere);
        let begun = places.iter().take(i).any(|p| *p != Place::Nowhere);
        let ends = places.iter().skip(i).all(|p| *p == Place::Nowhere);
        let Some(line) = lines.get_mut(i).filter(|l| matches!(l.kind, Kind::Body)) else {
            continue;
        };
        let headed = own == Place::Nowhere && may_head(&line.run);
        line.kind = match own {
            _ if headed && (next != Place::Nowhere || below == most && !ends) => Kind::Heading,
            Place::Before(colon) if before == most => {
                let units = Units {
                    role: None,
                    text: trim(part(&line.run, 0, colon)).to_vec(),
                };
                Kind::Duty(units, trim(from(&line.run, colon + 1)).to_vec())
            }
            Place::Below if below == most => Kind::Measure(line.run.clone()),
            Place::Nowhere if below == most && begun && !ends => Kind::Measure(line.run.clone()),
            _ => Kind::Body,
        };
    }
    match below == most {
        true => Known::ByUnitsBelow,
        false => Known::Well,
    }
}

/// Fewest lines of units that speak of the paragraphs above them.
const REFERRED_MIN: usize = 2;

/// 新建停车场3处。 / 改建菜市场2家。 / 上述项目由市商务局牵头负责。: each paragraph above such a line, up to the one before it or to a
/// heading, is a measure. Whether the text has such.
fn mark_referred(lines: &mut [Line]) -> bool {
    let refers = |l: &Line| is_units(l) && referring(&l.run) > 0;
    let body = |l: &Line| matches!(l.kind, Kind::Body) && weight(&l.run) >= MEASURE_MIN;
    let told: Vec<usize> = (1..lines.len())
        .filter(|&i| lines.get(i).is_some_and(refers) && lines.get(i - 1).is_some_and(body))
        .collect();
    if told.len() < REFERRED_MIN {
        return false;
    }
    for end in told {
        for at in (0..end).rev() {
            let Some(line) = lines.get_mut(at).filter(|l| body(l)) else {
                break;
            };
            line.kind = Kind::Measure(line.run.clone());
        }
    }
    true
}

fn is_units(line: &Line) -> bool {
    matches!(line.kind, Kind::Units(..))
}

/// 市财政局 / 公开预算。 / 公开决算。 / 市教育局 / 公开招生信息。: the list begins with units and ends with a measure.
fn units_lead(lines: &[Line]) -> bool {
    let Some(first) = lines.iter().position(is_units) else {
        return false;
    };
    let (above, list) = lines.split_at(first);
    let introduced = above
        .last()
        .is_none_or(|l| l.run.last().is_some_and(|m| matches!(m.fold, '。' | ':')));
    let blocks = list.iter().filter(|l| is_units(l)).count();
    let measures = list
        .iter()
        .filter(|l| matches!(l.kind, Kind::Body) && weight(&l.run) >= MEASURE_MIN)
        .count();
    let last = list.last().is_some_and(|l| matches!(l.kind, Kind::Body));
    introduced && last && blocks > 1 && measures >= MEASURES_MIN && blocks <= measures
}

fn place(lines: &[Line], i: usize, brackets: Brackets) -> Place {
    let Some(line) = lines.get(i).filter(|l| matches!(l.kind, Kind::Body)) else {
        return Place::Nowhere;
    };
    if weight(&line.run) < MEASURE_MIN {
        return Place::Nowhere;
    }
    let colon = line.run.iter().take(NAME_MAX).position(|m| m.fold == ':');
    let named = |at: &usize| {
        is_named(trim(part(&line.run, 0, *at))) && weight(from(&line.run, at + 1)) >= MEASURE_MIN
    };
    if let Some(colon) = colon.filter(named) {
        return Place::Before(colon);
    }
    if units::take(&line.run, brackets).found() {
        return Place::Behind;
    }
    match lines.get(i + 1) {
        Some(next) if matches!(next.kind, Kind::Units(..)) => Place::Below,
        _ => Place::Nowhere,
    }
}

/// A line that may be a measure, and no heading.
fn is_text(line: &Line) -> bool {
    matches!(line.kind, Kind::Body) && !may_head(&line.run)
}

/// 重点领域公开: short, and without any stop.
fn may_head(run: &[Mark]) -> bool {
    let text = plain(run);
    let length = text.chars().count();
    (4..=HEADING_MAX).contains(&length)
        && text.contains(is_han)
        && !text.contains(['。', ';', ',', ':', '、', ')', ']'])
}
