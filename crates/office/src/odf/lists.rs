//! Which number a paragraph has in its list: OpenDocument tells the rules, and each program counts by itself.

use std::collections::HashMap;

use super::styles::{LEVELS, Level, Styles};
use crate::numeral::{Numeral, print};

type Counts = [Option<i64>; LEVELS];

/// Lists whose last numbers are kept, for those that go on from them.
const LISTS_MAX: usize = 20_000;

/// The list that is open, with those in it.
#[derive(Default)]
struct Open {
    id: Option<String>,
    /// Of the list itself and each list in it; one without a style has that of the one around it.
    styles: Vec<Option<String>>,
    counts: Counts,
    /// The item that is open has not shown its number yet; where it begins to count anew.
    due: bool,
    start: Option<i64>,
}

/// What is put aside while a cell or a text box is read, which are in no list.
pub(super) struct Around(Option<Open>);

#[derive(Default)]
pub(super) struct Lists {
    open: Option<Open>,
    by_id: HashMap<String, Counts>,
    by_style: HashMap<String, Counts>,
    outline: Counts,
}

impl Lists {
    /// `follows` names a list that this one goes on from; `on` says that it goes on from the last of its style.
    pub(super) fn begin(
        &mut self,
        id: Option<String>,
        style: Option<String>,
        follows: Option<&str>,
        on: bool,
    ) {
        if let Some(open) = &mut self.open {
            let around = open.styles.last().cloned().flatten();
            open.styles.push(style.or(around));
            open.due = false;
            return;
        }
        let named = follows.and_then(|id| self.by_id.get(id));
        let last = || self.by_style.get(style.as_deref().filter(|_| on)?);
        let counts = named.or_else(last).copied().unwrap_or_default();
        self.open = Some(Open {
            id,
            styles: vec![style],
            counts,
            ..Open::default()
        });
    }

    pub(super) fn end(&mut self) {
        let Some(open) = &mut self.open else { return };
        open.due = false;
        if open.styles.len() > 1 {
            open.styles.pop();
            return;
        }
        let Some(open) = self.open.take() else { return };
        if self.by_id.len() + self.by_style.len() < LISTS_MAX {
            self.by_id.extend(open.id.map(|id| (id, open.counts)));
            let style = open.styles.into_iter().next().flatten();
            self.by_style
                .extend(style.map(|style| (style, open.counts)));
        }
    }

    /// An item; the first paragraph in it shows its number.
    pub(super) fn item(&mut self, start: Option<i64>, numbered: bool) {
        if let Some(open) = &mut self.open {
            (open.due, open.start) = (numbered, start);
        }
    }

    pub(super) fn leave(&mut self) -> Around {
        Around(self.open.take())
    }

    pub(super) fn back(&mut self, around: Around) {
        self.open = around.0;
    }

    /// The number of the paragraph that begins, as it is printed. `outline`: its level, if it is a heading.
    pub(super) fn label(&mut self, outline: Option<i64>, styles: &Styles) -> Option<String> {
        if let Some(open) = &mut self.open {
            if !std::mem::take(&mut open.due) {
                return None;
            }
            let level = open.styles.len().checked_sub(1)?;
            let style = open.styles.last()?.as_deref()?;
            let rule = |level| styles.list_level(style, level);
            return number(&mut open.counts, level, open.start.take(), rule);
        }
        let level = usize::try_from(outline?).ok()?.checked_sub(1)?;
        number(&mut self.outline, level, None, |level| {
            styles.outline_level(level)
        })
    }
}

/// Counts one further on a level and prints its number with those above it that the rule wants.
fn number<'s>(
    counts: &mut Counts,
    level: usize,
    start: Option<i64>,
    rule: impl Fn(usize) -> Option<&'s Level>,
) -> Option<String> {
    let own = rule(level)?;
    let next = match counts.get(level).copied().flatten() {
        Some(last) => last.saturating_add(1),
        None => own.start,
    };
    *counts.get_mut(level)? = Some(start.unwrap_or(next));
    counts
        .iter_mut()
        .skip(level + 1)
        .for_each(|count| *count = None);
    own.numeral?;
    let first = (level + 1).saturating_sub(own.levels);
    let shown = (first..=level).filter_map(|level| {
        let rule = rule(level)?;
        let count = counts.get(level).copied().flatten().unwrap_or(rule.start);
        Some(print(count, one_of_several(rule.numeral?, own)))
    });
    let shown: Vec<String> = shown.collect();
    let mut text = format!("{}{}{}", own.before, shown.join("."), own.after);
    if text.ends_with(|c: char| c.is_ascii_graphic()) {
        text.push(' ');
    }
    Some(text)
}

/// A number of several levels is written in figures where its last one is.
fn one_of_several(numeral: Numeral, own: &Level) -> Numeral {
    match own.numeral {
        Some(Numeral::Decimal) if own.levels > 1 && numeral.is_chinese() => Numeral::Decimal,
        _ => numeral,
    }
}
