//! 1耕地补贴, 2低保对象…: the numbers of measures that are glued to their texts.

use crate::event::{Event, Item};
use crate::number::number;
use crate::text::{Run, from, part};

/// Fewest measures whose numbers run on, so that their figures are numbers.
const RUNS_MIN: usize = 3;
/// Most figures of a number.
const FIGURES_MAX: usize = 3;
/// What makes a quantity or a date of the figure before it.
const COUNTED: &str = "年月日个项次件家份户天类种条万亿";

/// Where all measures begin with figures that run on, those are their numbers.
pub(crate) fn part_numbers(events: &mut [Event]) {
    let open = |item: &&mut Item| {
        item.no.is_none() && item.number.is_empty() && number(&item.text).is_none()
    };
    let mut items: Vec<&mut Item> = events
        .iter_mut()
        .filter_map(|event| match event {
            Event::Item(item) => Some(item),
            _ => None,
        })
        .filter(open)
        .collect();
    let found: Option<Vec<(u32, usize)>> = items.iter().map(|item| glued(&item.text)).collect();
    let Some(found) = found.filter(|found| runs_on(found)) else {
        return;
    };
    for (item, (value, len)) in items.iter_mut().zip(found) {
        let text = std::mem::take(&mut item.text);
        item.no = Some(value);
        item.number = part(&text, 0, len).to_vec();
        item.text = from(&text, len).to_vec();
        item.unnumbered = false;
    }
}

/// 1, 2, 3…, or anew from 1 below the next heading.
fn runs_on(found: &[(u32, usize)]) -> bool {
    let mut last = 0;
    found.len() >= RUNS_MIN
        && found.iter().all(|(value, _)| {
            let next = *value == last + 1 || *value == 1;
            last = *value;
            next
        })
}

/// The figure with which a text begins and its length, where a Chinese word follows that it does not count.
fn glued(text: &Run) -> Option<(u32, usize)> {
    let figures = text.iter().take_while(|m| m.fold.is_ascii_digit()).count();
    let behind = text.get(figures)?.fold;
    let word = matches!(behind, '\u{4E00}'..='\u{9FFF}' | '“' | '《') && !COUNTED.contains(behind);
    if !(1..=FIGURES_MAX).contains(&figures) || !word {
        return None;
    }
    let value: String = part(text, 0, figures).iter().map(|m| m.fold).collect();
    Some((value.parse().ok()?, figures))
}
