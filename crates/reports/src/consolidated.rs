//! A government's report from those of its units: sums, and where they differ from what the government states. Pure.

use std::collections::BTreeMap;

use crate::amount::Amount;
use crate::annual::Annual;
use crate::form::Cell;

/// Cell by cell, what the units' reports make together. Cells that are no number count nothing.
#[must_use]
pub fn sums(units: &[Annual]) -> BTreeMap<Cell, Amount> {
    let mut sums = BTreeMap::new();
    for unit in units {
        for cell in Cell::all() {
            if let Some(amount) = unit.draft.value(cell).amount() {
                let sum: &mut Amount = sums.entry(cell).or_default();
                *sum = sum.plus(amount);
            }
        }
    }
    sums
}

/// A cell in which a government's own figure is not the sum of its units'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub cell: Cell,
    pub stated: Amount,
    pub sum: Amount,
    /// The units that count anything there: name and value.
    pub units: Vec<(String, Amount)>,
}

/// All differences, in the order of the form.
#[must_use]
pub fn reconcile(own: &Annual, units: &[Annual]) -> Vec<Difference> {
    let sums = sums(units);
    Cell::all()
        .filter_map(|cell| {
            let stated = own.draft.value(cell).amount()?;
            let sum = sums.get(&cell).copied().unwrap_or_default();
            (stated != sum).then(|| Difference {
                cell,
                stated,
                sum,
                units: counting(units, cell),
            })
        })
        .collect()
}

fn counting(units: &[Annual], cell: Cell) -> Vec<(String, Amount)> {
    units
        .iter()
        .filter_map(|unit| {
            let amount = unit.draft.value(cell).amount()?;
            (amount != Amount::ZERO).then(|| (unit.unit.name.clone(), amount))
        })
        .collect()
}
