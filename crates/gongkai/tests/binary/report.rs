//! `gongkai report check` on the PDF that the house prints of a report.

use std::path::Path;

use gongkai::printer::Typst;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::organ::{Kind, Level};
use gongkai_platform::web::Printer as _;
use gongkai_reports::amount;
use gongkai_reports::annual::{Annual, Unit};
use gongkai_reports::draft::Draft;
use gongkai_reports::export;
use gongkai_reports::form::Cell;
use gongkai_reports::id::AnnualId;
use gongkai_reports::model::Report;
use gongkai_reports::state::State;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{gongkai, text};

/// The published vector, whose identities all hold.
fn vector() -> Report {
    let json = include_str!("../../../reports/src/sample/city.json");
    export::of_json(&serde_json::from_str(json).unwrap()).unwrap()
}

/// The report's PDF as its page offers it; `None` on a machine without a Chinese font, where it offers none.
fn printed(report: &Report) -> Option<Vec<u8>> {
    let typst = Typst::new(Path::new(""));
    if typst.families().is_empty() {
        eprintln!("no Chinese font on this machine: there is no PDF to check");
        return None;
    }
    let annual = Annual {
        id: AnnualId::new(Uuid::nil()),
        unit: Unit {
            id: OrganId::new(Uuid::nil()),
            name: "安澜市".to_owned(),
            path: String::new(),
            kind: Kind::Government,
            level: Level::City,
        },
        year: report.year.unwrap(),
        state: State::Draft,
        draft: Draft::imported(report, "年报.docx"),
        returned_why: String::new(),
        published_at: None,
        taken_in: false,
        original: None,
        written_by: String::new(),
        version: 1,
    };
    let sheet = export::sheet(&annual, None).typeset_data();
    let today = Date::new(2026, 1, 30).unwrap();
    Some(typst.pdf("annual", &sheet, today).unwrap())
}

/// How the command ends, and what it says.
fn checked(pdf: &[u8]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("年报.pdf");
    std::fs::write(&file, pdf).unwrap();
    let file = file.to_str().unwrap();
    let output = gongkai(&["report", "check", file, "--format", "json"]);
    let answer = serde_json::from_slice(&output.stdout);
    let answer = answer.unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    (output.status.code(), answer)
}

#[test]
fn a_printed_report_is_whole_and_each_fault_in_it_is_found() {
    let Some(pdf) = printed(&vector()) else {
        return;
    };
    let (code, answer) = checked(&pdf);
    assert_eq!(answer["findings"], json!([]));
    assert_eq!(code, Some(0));
    for (cell, right, wrong) in [
        (Cell::Three(4, 0), 13, 14),
        (Cell::Three(7, 0), 49, 48),
        (Cell::Three(17, 2), 0, 1),
        (Cell::Three(23, 0), 13_364, 13_365),
        (Cell::Three(24, 6), 819, 818),
        (Cell::Four(0, 4), 790, 791),
        (Cell::Four(2, 1), 1, 2),
    ] {
        let mut planted = vector();
        let now = planted.cells.insert(cell, amount::Value::whole(wrong));
        assert_eq!(now, Some(amount::Value::whole(right)), "{cell}");
        let (code, answer) = checked(&printed(&planted).unwrap());
        let place = json!(cell.to_string());
        let findings = answer["findings"].as_array().unwrap();
        let named = findings.iter().any(|finding| {
            let cells = finding["cells"].as_array().unwrap();
            cells.contains(&place)
        });
        assert!(named, "{cell}: {findings:?}");
        assert_eq!(code, Some(1), "{cell}");
        // The other sums of table 三 that cross there give the right number back.
        if let Cell::Three(..) = cell {
            let right = json!({ "cell": place, "value": right.to_string() });
            let suspect = findings.iter().any(|finding| finding["suspect"] == right);
            assert!(suspect, "{cell}: {findings:?}");
        }
    }
}
