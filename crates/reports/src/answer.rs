//! What a check says, as JSON for programs and as text for people.

use serde_json::{Value as Json, json};

use crate::check::Finding;
use crate::model::Report;

/// `{"report":{"title","year","organ"},"findings":[{"code","level","message","cells","expected","found"}],"remarks":[…]}`
#[must_use]
pub fn json(report: &Report, findings: &[Finding], remarks: &[String]) -> Json {
    let rows: Vec<Json> = findings
        .iter()
        .map(|finding| {
            let mut row = json!({
                "code": finding.code,
                "level": finding.weight.code(),
                "message": finding.message,
                "cells": finding.paths(),
                "expected": finding.expected,
                "found": finding.found,
            });
            if let (Some((cell, value)), Some(map)) = (&finding.suspect, row.as_object_mut()) {
                let suspect = json!({ "cell": cell.to_string(), "value": value });
                map.insert("suspect".to_owned(), suspect);
            }
            row
        })
        .collect();
    json!({
        "report": { "title": report.title, "year": report.year, "organ": report.organ },
        "findings": rows,
        "remarks": remarks,
    })
}

/// Places of one finding that are shown to people; programs get all.
const PLACES_MAX: usize = 8;

/// For people: the head, each finding, then remarks.
#[must_use]
pub fn text(report: &Report, findings: &[Finding], remarks: &[String]) -> String {
    let mut lines = Vec::new();
    if let Some(title) = &report.title {
        lines.push(format!("报告：{title}"));
    }
    lines.push(format!("读到表格数据{}格。", report.cells.len()));
    if findings.is_empty() {
        lines.push("核对结果：勾稽关系成立，没有发现问题。".to_owned());
    } else {
        lines.push(format!("核对结果：{}处问题。", findings.len()));
    }
    for (n, finding) in (1..).zip(findings) {
        lines.push(format!(
            "{n}. [{}·{}] {}",
            finding.code,
            finding.weight.name(),
            finding.message
        ));
        let paths = finding.paths();
        if !paths.is_empty() {
            let shown = paths.get(..PLACES_MAX).unwrap_or(&paths).join("；");
            let rest = paths.len().saturating_sub(PLACES_MAX);
            let rest = if rest > 0 {
                format!("等{}处", paths.len())
            } else {
                String::new()
            };
            lines.push(format!("   位置：{shown}{rest}"));
        }
    }
    if !remarks.is_empty() {
        lines.push("提示：".to_owned());
        lines.extend(remarks.iter().map(|remark| format!("  · {remark}")));
    }
    lines.push(String::new());
    lines.join("\n")
}
