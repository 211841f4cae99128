//! Compares what the reader makes of real plans with labels set by hand: F1 of tasks, organs with roles, deadlines and
//! headings, and the share of right metadata. `cargo xtask score-plans` prints the table.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde_json::Value;

mod compare;

use compare::{Tally, compare};

/// One labelled document.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub name: String,
    /// F1 of tasks, organs, deadlines, headings.
    pub f1: [f64; 4],
    pub gold: usize,
    pub got: usize,
    /// Why nothing was read.
    pub unreadable: Option<String>,
    /// Differences in words, for a person.
    pub differences: Vec<String>,
}

/// All labelled documents of a folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    pub rows: Vec<Row>,
    /// Micro-averaged F1 of tasks, organs, deadlines, headings.
    pub f1: [f64; 4],
    /// Share of right metadata, 0 to 1.
    pub metadata: f64,
    pub unreadable: usize,
}

impl Scores {
    pub fn task(&self) -> f64 {
        self.f1[0]
    }

    pub fn organ(&self) -> f64 {
        self.f1[1]
    }

    pub fn deadline(&self) -> f64 {
        self.f1[2]
    }

    pub fn head(&self) -> f64 {
        self.f1[3]
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<28} {:>6} {:>6} {:>8} {:>6} {:>5} {:>5}",
            "document", "task", "organ", "deadline", "head", "gold", "got"
        )?;
        for row in &self.rows {
            let [task, organ, deadline, head] = row.f1;
            writeln!(
                f,
                "{:<28} {task:>6.3} {organ:>6.3} {deadline:>8.3} {head:>6.3} {:>5} {:>5}",
                row.name, row.gold, row.got
            )?;
            if let Some(reason) = &row.unreadable {
                writeln!(f, "  unreadable: {reason}")?;
            }
        }
        let [task, organ, deadline, head] = self.f1;
        write!(
            f,
            "{:<28} {task:>6.3} {organ:>6.3} {deadline:>8.3} {head:>6.3}  metadata {:.3}, unreadable {}",
            "all", self.metadata, self.unreadable
        )
    }
}

/// Scores `read` over a folder of labels (`NAME.json`) and one of sources (`NAME.txt`); `read` gives the contract's JSON.
/// Labels without a source are passed over. Errors: a folder or a label that can not be read.
pub fn score_folder(
    gold: &Path,
    source: &Path,
    read: &dyn Fn(&[u8]) -> Result<Value, String>,
) -> std::io::Result<Scores> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for entry in std::fs::read_dir(gold)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json")
            && let Some(stem) = path.file_stem()
        {
            names.insert(stem.to_string_lossy().into_owned());
        }
    }
    let mut scores = Scores::default();
    let mut total = Tally::default();
    for name in names {
        let Ok(bytes) = std::fs::read(source.join(format!("{name}.txt"))) else {
            continue;
        };
        let label: Value =
            serde_json::from_slice(&std::fs::read(gold.join(format!("{name}.json")))?)?;
        let (got, unreadable) = match read(&bytes) {
            Ok(got) => (got, None),
            Err(reason) => (serde_json::json!({ "tasks": [] }), Some(reason)),
        };
        let tally = compare(&label, &got);
        scores.unreadable += usize::from(unreadable.is_some());
        total.add(&tally);
        scores.rows.push(Row {
            name,
            f1: tally.f1(),
            gold: tally.gold,
            got: tally.got,
            unreadable,
            differences: tally.differences,
        });
    }
    scores.f1 = total.f1();
    scores.metadata = total.metadata();
    Ok(scores)
}
