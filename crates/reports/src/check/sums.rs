//! C1, C2, C3, C5 of table 三, D1 of table 四: what the labels of the form say about its numbers.

use super::Finding;
use crate::amount::{Amount, Value};
use crate::form::{
    APPLICANTS, CARRY_IN, CARRY_OUT, Cell, FEES, LEAVES, NEW, OUTCOMES, REMEDIES, ROWS, SUM, TOTAL,
};
use crate::model::Report;

/// C5 and its like: whole numbers, not negative; 万元 with up to six decimals.
pub(super) fn values(report: &Report) -> Vec<Finding> {
    let cells = report.cells.iter();
    cells
        .filter_map(|(cell, value)| odd(*cell, value))
        .collect()
}

/// What is wrong with a value by itself.
#[must_use]
pub fn odd(cell: Cell, value: &Value) -> Option<Finding> {
    let why = match value {
        Value::Odd(text) => format!("“{text}”不是数字"),
        Value::Number(amount) if amount.is_negative() => format!("{amount}小于0"),
        Value::Number(amount) if cell != Cell::Two(FEES) && amount.as_whole().is_none() => {
            format!("{amount}不是整数")
        }
        Value::Blank | Value::Number(_) => return None,
    };
    let wanted = if cell == Cell::Two(FEES) {
        "不小于0的数（万元，最多六位小数）"
    } else {
        "不小于0的整数"
    };
    let finding = Finding::new("C5", format!("{cell}：{why}，应填{wanted}。"));
    Some(finding.cells([cell]).values(wanted, value))
}

/// Two sums that must be equal.
struct Identity {
    code: &'static str,
    /// What people call it.
    name: String,
    /// The side that the form names as the total.
    total: Vec<Cell>,
    parts: Vec<Cell>,
}

fn all() -> Vec<Identity> {
    let mut all = Vec::new();
    for (column, (_, applicant)) in APPLICANTS.iter().enumerate() {
        all.push(Identity {
            code: "C1",
            name: format!("表三“{applicant}”列：（七）总计应等于（一）至（六）各项之和"),
            total: vec![Cell::Three(SUM, column)],
            parts: LEAVES.map(|row| Cell::Three(row, column)).collect(),
        });
        all.push(Identity {
            code: "C2",
            name: format!("表三“{applicant}”列：第三项加第四项之和应等于第一项加第二项之和"),
            total: vec![Cell::Three(SUM, column), Cell::Three(CARRY_OUT, column)],
            parts: vec![Cell::Three(NEW, column), Cell::Three(CARRY_IN, column)],
        });
    }
    for (at, row) in ROWS.iter().enumerate() {
        all.push(Identity {
            code: "C3",
            name: format!(
                "表三“{}”行：总计应等于各类申请人之和",
                named(row.label, row.block)
            ),
            total: vec![Cell::Three(at, TOTAL)],
            parts: (0..TOTAL).map(|column| Cell::Three(at, column)).collect(),
        });
    }
    let last = OUTCOMES.len() - 1;
    for (block, (_, remedy)) in REMEDIES.iter().enumerate() {
        all.push(Identity {
            code: "D1",
            name: format!("表四“{remedy}”：总计应等于前四项之和"),
            total: vec![Cell::Four(block, last)],
            parts: (0..last).map(|column| Cell::Four(block, column)).collect(),
        });
    }
    all
}

fn named(label: &str, block: &str) -> String {
    let label = label
        .split('（')
        .next()
        .filter(|it| !it.is_empty())
        .unwrap_or(label);
    if label.starts_with('（') || block.is_empty() {
        label.to_owned()
    } else {
        format!("{block}{label}")
    }
}

/// An identity whose cells all stand there: what the total is, and what the parts make.
struct Weighed {
    identity: Identity,
    found: Amount,
    expected: Amount,
}

impl Weighed {
    fn holds(&self) -> bool {
        self.found == self.expected
    }

    /// What the cell would have to be for this identity alone.
    fn wanted(&self, cell: Cell, now: Amount) -> Option<Amount> {
        let gap = self.expected.minus(self.found);
        if self.identity.total.contains(&cell) {
            Some(now.plus(gap))
        } else if self.identity.parts.contains(&cell) {
            Some(now.minus(gap))
        } else {
            None
        }
    }
}

/// Cells of a leaf that is not in the file at all (older reports merge rows) do not count; a total must be there.
fn weigh(report: &Report, identity: Identity) -> Option<Weighed> {
    let found = report.sum(identity.total.iter().copied())?;
    let mut expected = Amount::ZERO;
    let mut there = 0;
    for cell in &identity.parts {
        match report.cells.get(cell) {
            Some(value) => {
                expected = expected.plus(value.amount()?);
                there += 1;
            }
            None if identity.code == "C1" => {}
            None => return None,
        }
    }
    (there > 0).then_some(Weighed {
        identity,
        found,
        expected,
    })
}

pub(super) fn identities(report: &Report) -> Vec<Finding> {
    let weighed: Vec<Weighed> = all()
        .into_iter()
        .filter_map(|identity| weigh(report, identity))
        .collect();
    weighed
        .iter()
        .filter(|one| !one.holds())
        .map(|one| finding(report, one, &weighed))
        .collect()
}

fn finding(report: &Report, broken: &Weighed, all: &[Weighed]) -> Finding {
    let identity = &broken.identity;
    let (expected, found) = (broken.expected, broken.found);
    let gap = found.minus(expected);
    let gap = if gap.is_negative() {
        Amount::ZERO.minus(gap)
    } else {
        gap
    };
    let cells: Vec<Cell> = identity
        .total
        .iter()
        .chain(&identity.parts)
        .copied()
        .collect();
    let suspect = suspect(report, &cells, all);
    let mut message = format!(
        "{}：应为{expected}，表中为{found}，相差{gap}。",
        identity.name
    );
    if let Some((cell, value)) = &suspect {
        message.push_str(&format!("疑为“{cell}”有误，按其他数推算应为{value}。"));
    }
    let mut finding = Finding::new(identity.code, message)
        .cells(cells)
        .values(expected, found);
    finding.suspect = suspect;
    finding
}

/// The one cell of a broken identity whose other identities are all broken, too, and by the same value.
fn suspect(report: &Report, cells: &[Cell], all: &[Weighed]) -> Option<(Cell, String)> {
    let mut suspects = cells.iter().filter_map(|cell| {
        let now = report.amount(*cell)?;
        let wanted: Vec<Option<Amount>> = all
            .iter()
            .filter(|one| one.identity.total.contains(cell) || one.identity.parts.contains(cell))
            .map(|one| (!one.holds()).then(|| one.wanted(*cell, now)).flatten())
            .collect();
        let first = (*wanted.first()?)?;
        let agreed = wanted.len() >= 2 && wanted.iter().all(|value| *value == Some(first));
        (agreed && !first.is_negative()).then(|| (*cell, first.to_string()))
    });
    let one = suspects.next()?;
    suspects.next().is_none().then_some(one)
}
