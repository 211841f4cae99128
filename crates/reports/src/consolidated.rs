//! A government's report from its own figures and those of its units: sums, and where they differ from what it states. Pure.

use std::collections::BTreeMap;

use crate::amount::{Amount, Value};
use crate::annual::Annual;
use crate::form::Cell;

/// Cell by cell, what the units' reports make together. Cells that are no number count nothing; where no unit has written
/// anything there is no sum, not even a nought.
#[must_use]
pub fn sums(units: &[Annual]) -> BTreeMap<Cell, Amount> {
    let mut sums = BTreeMap::new();
    for unit in units {
        for cell in Cell::all() {
            let value = unit.draft.value(cell);
            if let Some(amount) = value.amount().filter(|_| value != Value::Blank) {
                let sum: &mut Amount = sums.entry(cell).or_default();
                *sum = sum.plus(amount);
            }
        }
    }
    sums
}

/// One cell of the reconciliation: 本级 + 各单位 = 本报告.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub cell: Cell,
    /// The government's own part.
    pub own: Amount,
    pub sum: Amount,
    /// What its report says.
    pub stated: Amount,
    /// The units that count anything there: name and value.
    pub units: Vec<(String, Amount)>,
}

impl Line {
    #[must_use]
    pub const fn whole(&self) -> Amount {
        self.own.plus(self.sum)
    }

    #[must_use]
    pub fn differs(&self) -> bool {
        self.whole() != self.stated
    }
}

/// Every cell in which something is counted, in the order of the form; `counted` is what the system counts for the government
/// alone. Totals are added up from the cells that they total.
#[must_use]
pub fn reconcile(own: &Annual, units: &[Annual], counted: &BTreeMap<Cell, Amount>) -> Vec<Line> {
    let sums = sums(units);
    let part = |cell: Cell| own.draft.own_part(cell, counted);
    Cell::all()
        .filter_map(|cell| {
            let line = Line {
                cell,
                own: cell.parts().into_iter().map(part).sum(),
                sum: sums.get(&cell).copied().unwrap_or_default(),
                stated: own.draft.value(cell).amount()?,
                units: counting(units, cell),
            };
            let any = [line.own, line.sum, line.stated];
            any.iter().any(|one| *one != Amount::ZERO).then_some(line)
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
