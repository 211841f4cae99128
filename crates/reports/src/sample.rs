//! For tests: the published report of a Chinese city for 2025, whose identities all hold.

use crate::amount::{Amount, Value};
use crate::export;
use crate::form::{Cell, FEES, SECTIONS};
use crate::model::{Report, Section};

/// The vector, with prose that quotes it, as it leaves as JSON.
pub(crate) fn city() -> Report {
    let json = serde_json::from_str(include_str!("sample/city.json")).unwrap();
    export::of_json(&json).unwrap()
}

/// The year before: what it left over is what `city` took over.
pub(crate) fn city_before() -> Report {
    let mut report = city();
    report.year = Some(2024);
    report.title = Some(Report::title_of("安澜市", 2024));
    for column in 0..7 {
        let carried = report.cells.get(&Cell::Three(1, column)).cloned();
        report
            .cells
            .insert(Cell::Three(24, column), carried.unwrap_or(Value::Blank));
    }
    for first in [0, 3] {
        let at = |n: usize| report.amount(Cell::Two(first + n)).unwrap_or(Amount::ZERO);
        let before = at(2).minus(at(0)).plus(at(1));
        report
            .cells
            .insert(Cell::Two(first + 2), Value::Number(before));
    }
    report
}

pub(crate) fn set(report: &mut Report, cell: Cell, n: i64) {
    report.cells.insert(cell, Value::whole(n));
}

/// The year, cells by name, paragraphs by section.
pub(crate) type Gist = (
    Option<i16>,
    Vec<(String, String)>,
    Vec<(usize, Vec<String>)>,
);

/// Everything of a report that must survive a file: cells with blanks as noughts, and the prose.
pub(crate) fn gist(report: &Report) -> Gist {
    let cells = report.cells.iter().map(|(cell, value)| {
        let shown = value
            .amount()
            .map_or_else(|| value.to_string(), |it| it.to_string());
        (cell.to_string(), shown)
    });
    let sections = report.sections.iter().map(|it: &Section| {
        let text = it.paragraphs.iter().filter(|text| !text.trim().is_empty());
        (it.part, text.cloned().collect())
    });
    (report.year, cells.collect(), sections.collect())
}

#[test]
fn the_sample_fills_the_form() {
    let report = city();
    assert_eq!(report.cells.len(), Cell::all().count());
    assert_eq!(report.sections.len(), SECTIONS.len());
    assert_eq!(report.amount(Cell::Two(FEES)), Some(Amount::whole(316_441)));
}
