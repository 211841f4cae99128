//! Real plans with labels, printed as DOCX, XLSX, HTML and PDF and read back. They lie beside the project, not in it.

use std::path::{Path, PathBuf};

use gongkai_journeys::render::{self, Column, GoldPlan, Kind, Pages, Sheet};
use gongkai_reading::score::{Scores, score_folder};

use crate::compare::read;
use crate::printer::Printer;
use crate::sure::sure_and_wrong;

/// Each labelled plan with the columns of its table.
const PLANS: [(&str, &[(Kind, &str)]); 5] = [
    (
        "000_fb6f57a20ac39caa",
        &[
            (Kind::Section, "工作要求"),
            (Kind::Group, "工作任务"),
            (Kind::Text, "具体工作措施"),
            (Kind::Units, "落实单位"),
        ],
    ),
    (
        "001_9db4e34f6f7a1354",
        &[
            (Kind::Group, "工作任务"),
            (Kind::Text, "具体要求"),
            (Kind::Units, "责任单位"),
        ],
    ),
    (
        "002_d0c2f3a27b33c2ec",
        &[
            (Kind::Group, "工作任务"),
            (Kind::Text, "具体要求"),
            (Kind::Units, "责任单位"),
        ],
    ),
    (
        "003_d7a12fbcf31fc583",
        &[
            (Kind::Section, "工作事项"),
            (Kind::Text, "具体任务"),
            (Kind::Units, "牵头及责任单位"),
        ],
    ),
    (
        "004_708db31ce4ea3cc1",
        &[
            (Kind::Section, "工作要求"),
            (Kind::Group, "一级要点"),
            (Kind::Text, "二级要点"),
            (Kind::Units, "责任单位"),
        ],
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plans")
}

/// The labelled plans that lie here, each laid out.
fn sheets() -> Vec<(&'static str, GoldPlan, Sheet)> {
    let folder = folder();
    let mut sheets = Vec::new();
    for (name, columns) in PLANS {
        let gold = std::fs::read(folder.join("gold").join(format!("{name}.json")));
        let source = std::fs::read_to_string(folder.join(format!("{name}.txt")));
        let (Ok(gold), Ok(source)) = (gold, source) else {
            eprintln!(
                "{name}: no labelled plan in {}: not checked",
                folder.display()
            );
            continue;
        };
        let gold: GoldPlan = serde_json::from_slice(&gold).unwrap();
        let columns: Vec<Column> = columns
            .iter()
            .map(|(kind, name)| Column {
                kind: *kind,
                name: (*name).to_owned(),
            })
            .collect();
        let sheet = Sheet::new(&gold, &source, &columns);
        sheets.push((name, gold, sheet));
    }
    sheets
}

/// Scores printed plans against their labels.
fn scored(printed: &[(&str, Vec<u8>)]) -> Scores {
    let folder = folder();
    let files = tempfile::tempdir().unwrap();
    for (name, bytes) in printed {
        // The scorer looks for this name; the reader goes by the bytes.
        std::fs::write(files.path().join(format!("{name}.txt")), bytes).unwrap();
    }
    let contract = |bytes: &[u8]| Ok(gongkai_reading::to_json(&read(bytes)));
    let scores = score_folder(&folder.join("gold"), files.path(), &contract).unwrap();
    eprintln!("{scores}");
    for row in &scores.rows {
        for difference in &row.differences {
            eprintln!("    {} {difference}", row.name);
        }
    }
    scores
}

/// Prints every plan both ways and holds what is read against the labels.
fn same(format: &str, print: impl Fn(&Sheet, Pages) -> Vec<u8>) {
    let sheets = sheets();
    if sheets.is_empty() {
        return;
    }
    for pages in [Pages::Flowing, Pages::Broken] {
        let printed: Vec<_> = sheets
            .iter()
            .map(|(name, _, sheet)| (*name, print(sheet, pages)))
            .collect();
        let scores = scored(&printed);
        assert_eq!(scores.rows.len(), sheets.len());
        assert_eq!(scores.task(), 1.0, "{format} {pages:?}");
        assert!(scores.organ() >= 0.99, "{format} {pages:?}");
        assert!(scores.deadline() >= 0.97, "{format} {pages:?}");
        assert!(scores.head() >= 0.98, "{format} {pages:?}");
        assert!(scores.metadata >= 0.95, "{format} {pages:?}");
    }
}

#[test]
fn word_documents_give_the_same_plan() {
    same("docx", |sheet, pages| render::docx(sheet, pages).unwrap());
}

#[test]
fn spreadsheets_give_the_same_plan() {
    same("xlsx", |sheet, pages| render::xlsx(sheet, pages).unwrap());
}

#[test]
fn web_pages_give_the_same_plan() {
    same("html", render::html);
}

#[test]
fn ruled_pdfs_give_the_tasks_and_say_where_they_doubt() {
    let sheets = sheets();
    let printer = Printer::new();
    for pages in [Pages::Flowing, Pages::Broken] {
        let mut printed = Vec::new();
        let mut wrong = Vec::new();
        for (name, gold, sheet) in &sheets {
            let Some(pdf) = printer.pdf(sheet, pages) else {
                return;
            };
            wrong.extend(
                sure_and_wrong(gold, &read(&pdf))
                    .into_iter()
                    .map(|what| format!("{name} {what}")),
            );
            printed.push((*name, pdf));
        }
        if printed.is_empty() {
            return;
        }
        let scores = scored(&printed);
        for row in &scores.rows {
            assert!(
                row.f1[0] >= 0.97,
                "{} {pages:?}: tasks {:.3}",
                row.name,
                row.f1[0]
            );
        }
        assert!(
            wrong.is_empty(),
            "{pages:?}, wrong and not marked: {wrong:#?}"
        );
    }
}

#[test]
fn every_labelled_task_is_printed_once() {
    for (name, gold, sheet) in sheets() {
        let items: usize = sheet
            .records
            .iter()
            .map(|record| record.text.lines().count())
            .sum();
        assert_eq!(items, gold.tasks.len(), "{name}");
        assert!(
            !sheet.title.is_empty(),
            "{name} has its title above the table"
        );
        let rows = sheet.rows(Pages::Broken);
        assert!(
            rows.iter().filter(|row| row.opens_page).count() > 1,
            "{name} goes over several pages"
        );
    }
}
