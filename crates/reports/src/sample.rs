//! For tests: the published report of a Chinese city for 2025, whose identities all hold.

use crate::amount::{Amount, Value};
use crate::form::{Cell, FEES, SECTIONS};
use crate::model::{Report, Section};

/// Table 三, row by row.
const THREE: &str = "\
13612 252 0 45 128 32 14069
535 6 0 1 18 0 560
5345 129 0 41 19 14 5548
2120 39 0 1 6 2 2168
13 0 0 0 0 0 13
30 0 0 0 0 0 30
11 0 0 0 0 0 11
49 2 0 0 0 0 51
103 1 0 0 0 0 104
84 1 0 0 0 0 85
282 4 0 0 0 0 286
147 0 0 0 1 2 150
3075 50 0 0 89 8 3222
177 3 0 0 0 0 180
19 0 0 0 0 0 19
199 1 0 0 3 0 203
147 1 0 0 0 0 148
0 0 0 0 0 0 0
100 1 0 0 0 0 101
5 0 0 0 0 0 5
315 3 0 0 0 0 318
202 0 0 1 0 0 203
941 17 0 1 3 3 965
13364 252 0 44 121 29 13810
783 6 0 2 25 3 819";

const TWO: [i64; 10] = [
    3, 5, 74, 564, 984, 4185, 11_398_889, 6_937_489, 166_105, 316_441,
];
const FOUR: [i64; 15] = [
    376, 97, 196, 121, 790, 16, 1, 12, 27, 56, 74, 1, 30, 51, 156,
];

/// The vector, with prose that quotes it.
pub(crate) fn city() -> Report {
    let mut report = Report::blank("安澜市", 2025);
    for (row, line) in THREE.lines().enumerate() {
        for (column, text) in line.split(' ').enumerate() {
            let cell = Cell::Three(row, column);
            report.cells.insert(cell, Value::read(text));
        }
    }
    for (at, n) in TWO.into_iter().enumerate() {
        report.cells.insert(Cell::Two(at), Value::whole(n));
    }
    for (at, n) in FOUR.into_iter().enumerate() {
        report
            .cells
            .insert(Cell::Four(at / 5, at % 5), Value::whole(n));
    }
    let prose = [
        "主动公开政府信息3.2万条，制发行政规范性文件564件。全市新收政府信息公开申请14069件，上年结转560件，办结13810件，结转下年度819件。\
         加强政府信息管理和平台建设，开展培训、工作考核和社会评议，没有责任追究情形。",
        "",
        "",
        "",
        "存在的问题是解读不够深入。下一步加强培训。",
        "本年度收取信息处理费0元。2025年政务公开工作要点已全部落实。",
    ];
    for (section, text) in report.sections.iter_mut().zip(prose) {
        if !text.is_empty() {
            section.paragraphs.push(text.to_owned());
        }
    }
    report
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
