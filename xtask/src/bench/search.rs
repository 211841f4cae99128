//! The index over a hundred thousand generated documents; the goals stand here, the example measures.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Bench, Line, TENFOLD_MAX};
use crate::step;

const P50_MILLISECONDS_MAX: f64 = 5.0;
const P99_MILLISECONDS_MAX: f64 = 25.0;
/// In hundredths of the records that were looked for.
const RECALL_PERCENT_MIN: f64 = 98.0;
/// In hundredths of the text.
const SIZE_PERCENT_MAX: f64 = 120.0;

pub(super) fn lines(bench: &Bench) -> Result<Vec<Line>> {
    let printed = step::output(&mut Command::new(bench.example("bench_search")))?;
    let mut lines = Vec::new();
    for line in printed.lines() {
        let found: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let number = |name: &str| found.get(name).and_then(Value::as_f64);
        if let Some(speed) = number("documents_a_second") {
            lines.push(Line::note(
                "search: indexing",
                format!("{speed:.0} documents/s"),
            ));
        }
        if let (Some(p50), Some(p99)) = (number("p50"), number("p99")) {
            lines.push(Line::at_most(
                "search: median query",
                p50,
                P50_MILLISECONDS_MAX,
                "ms",
            ));
            lines.push(Line::at_most(
                "search: query, 99 of 100",
                p99,
                P99_MILLISECONDS_MAX,
                "ms",
            ));
        }
        if let (Some(p50), Some(p99)) = (number("common_p50"), number("common_p99")) {
            lines.push(Line::at_most(
                "search: median query for what every record has",
                p50,
                P50_MILLISECONDS_MAX,
                "ms",
            ));
            lines.push(Line::at_most(
                "search: query for what every record has, 99 of 100",
                p99,
                P99_MILLISECONDS_MAX,
                "ms",
            ));
        }
        if let Some(ratio) = number("tenfold") {
            lines.push(Line::at_most(
                "search: median query over ten times the documents",
                ratio,
                TENFOLD_MAX,
                "×",
            ));
        }
        if let Some(recall) = number("at_10") {
            let missed = 100.0 - recall * 100.0;
            let most = 100.0 - RECALL_PERCENT_MIN;
            lines.push(Line::at_most(
                "search: known records not in the first ten",
                missed,
                most,
                "%",
            ));
        }
        if let Some(size) = number("of_text") {
            lines.push(Line::at_most(
                "search: index of its text",
                size * 100.0,
                SIZE_PERCENT_MAX,
                "%",
            ));
        }
    }
    Ok(lines)
}
