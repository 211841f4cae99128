//! The reader against plans labelled by hand, where they lie beside the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail loudly and say what they skip"
)]

use std::path::Path;

use gongkai_office::Limits;
use gongkai_reading::score::score_folder;
use gongkai_reading::{read, to_json};
use serde_json::Value;

fn read_bytes(bytes: &[u8]) -> Result<Value, String> {
    let document = gongkai_office::read(bytes, &Limits::default()).map_err(|e| e.to_string())?;
    Ok(to_json(&read(&document)))
}

#[test]
fn labelled_plans_read_as_labelled() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plans");
    let gold = source.join("gold");
    if !gold.is_dir() {
        println!("skipped: no labelled plans in {}", source.display());
        return;
    }
    let scores = score_folder(&gold, &source, &read_bytes).unwrap();
    println!("{scores}");
    for row in &scores.rows {
        row.differences
            .iter()
            .for_each(|d| println!("{}: {d}", row.name));
    }
    assert!(
        !scores.rows.is_empty() && scores.unreadable == 0,
        "{scores}"
    );
    assert!(scores.task() >= 1.0, "{scores}");
    assert!(scores.organ() >= 0.99, "{scores}");
    assert!(scores.deadline() >= 0.97, "{scores}");
    assert!(scores.head() >= 0.98, "{scores}");
    assert!(scores.metadata >= 0.95, "{scores}");
}

/// Every character of a labelled plan is in a field or named in a problem.
#[test]
fn nothing_of_a_labelled_plan_is_dropped() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plans");
    let Ok(folder) = std::fs::read_dir(&source) else {
        println!("skipped: no plans in {}", source.display());
        return;
    };
    for path in folder
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
    {
        let document =
            gongkai_office::read(&std::fs::read(&path).unwrap(), &Limits::default()).unwrap();
        let coverage = read(&document).coverage;
        assert_eq!(coverage.dropped, 0, "{}", path.display());
        assert_eq!(
            coverage.source_chars,
            coverage.in_fields + coverage.in_problems,
            "{}",
            path.display()
        );
    }
}
