//! Across two years: 上年结转 is last year's 结转下年度 (C4), and what was in force goes on.

use super::Finding;
use crate::form::{APPLICANTS, CARRY_IN, CARRY_OUT, Cell};
use crate::model::{Report, Schema};

pub(super) fn check(report: &Report, last: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let (Some(year), Some(before)) = (report.year, last.year)
        && before != year - 1
    {
        findings.push(
            Finding::new(
                "last-year",
                format!(
                    "对照的上年报告是{before}年的，不是{}年的，没有核对跨年数据。",
                    year - 1
                ),
            )
            .doubtful()
            .values(year - 1, before),
        );
        return findings;
    }
    for column in 0..APPLICANTS.len() {
        let cell = Cell::Three(CARRY_IN, column);
        let carried = last.amount(Cell::Three(CARRY_OUT, column));
        if let (Some(found), Some(expected)) = (report.amount(cell), carried)
            && found != expected
        {
            let name = APPLICANTS.get(column).map_or("", |it| it.1);
            findings.push(
                Finding::new(
                    "C4",
                    format!("表三“{name}”列：上年结转为{found}，上年报告的结转下年度为{expected}，应当相等。"),
                )
                .cells([cell])
                .place(format!("上年.{}", Cell::Three(CARRY_OUT, column)))
                .values(expected, found),
            );
        }
    }
    if report.schema == Schema::Form2021 && last.schema == Schema::Form2021 {
        findings.extend(in_force(report, last, 0, "规章"));
        findings.extend(in_force(report, last, 3, "行政规范性文件"));
    }
    findings
}

/// Soft: clean-ups and re-classification break it.
fn in_force(report: &Report, last: &Report, first: usize, name: &str) -> Option<Finding> {
    let [made, repealed, now] = [first, first + 1, first + 2].map(Cell::Two);
    let expected = last
        .amount(now)?
        .plus(report.amount(made)?)
        .minus(report.amount(repealed)?);
    let found = report.amount(now)?;
    (found != expected).then(|| {
        Finding::new(
            "in-force",
            format!("表二“{name}”：现行有效为{found}，上年现行有效加本年制发减本年废止为{expected}。如因清理或重新归类，请在报告中说明。"),
        )
        .doubtful()
        .cells([now, made, repealed])
        .place(format!("上年.{now}"))
        .values(expected, found)
    })
}
