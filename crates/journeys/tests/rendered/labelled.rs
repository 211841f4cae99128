//! Real plans with labels, printed as DOCX, XLSX, HTML and PDF and read back. They lie beside the project, not in it.

use std::path::{Path, PathBuf};

use gongkai_basis::Date;
use gongkai_journeys::render::{self, Column, GoldPlan, Kind, Pages, Sheet};
use gongkai_typeset::{FontFolders, Template, TypesetError, Typesetter};

use crate::compare::read;
use crate::score::{Score, score};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/plans");

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

fn folder() -> PathBuf {
    std::env::var_os("GONGKAI_LABELLED_PLANS")
        .map_or_else(|| Path::new(FOLDER).to_owned(), PathBuf::from)
}

fn shown(label: &str, score: &Score) {
    eprintln!(
        "{label}: task {:.3} organ {:.3} deadline {:.3} head {:.3} metadata {:.3}",
        score.tasks.f1(),
        score.organs.f1(),
        score.deadlines.f1(),
        score.heads.f1(),
        score.metadata.f1(),
    );
    for difference in &score.differences {
        eprintln!("    {difference}");
    }
}

/// Prints every plan both ways and holds what is read against the labels.
fn exact(format: &str, print: impl Fn(&Sheet, Pages) -> Vec<u8>) {
    let mut short = Vec::new();
    for (name, gold, sheet) in sheets() {
        for pages in [Pages::Flowing, Pages::Broken] {
            let score = score(&gold, &read(&print(&sheet, pages)));
            let label = format!("{format} {name} {pages:?}");
            shown(&label, &score);
            let reached = score.tasks.f1() == 1.0
                && score.organs.f1() >= 0.99
                && score.deadlines.f1() >= 0.97
                && score.heads.f1() >= 0.98;
            if !reached {
                short.push(label);
            }
        }
    }
    assert!(short.is_empty(), "below the threshold: {short:?}");
}

#[test]
fn word_documents_give_the_same_plan() {
    exact("docx", |sheet, pages| render::docx(sheet, pages).unwrap());
}

#[test]
fn spreadsheets_give_the_same_plan() {
    exact("xlsx", |sheet, pages| render::xlsx(sheet, pages).unwrap());
}

#[test]
fn web_pages_give_the_same_plan() {
    exact("html", render::html);
}

#[test]
fn ruled_pdfs_give_the_measures_and_say_where_they_doubt() {
    let typesetter = Typesetter::new(FontFolders::standard(None));
    let mut short = Vec::new();
    for (name, gold, sheet) in sheets() {
        for pages in [Pages::Flowing, Pages::Broken] {
            let data = render::print_data(&sheet, pages);
            let pdf = match typesetter.pdf(Template::Tasks, &data, Date::new(2026, 9, 30).unwrap())
            {
                Err(TypesetError::NoChineseFont { .. }) => {
                    eprintln!("no Chinese font on this machine: PDFs are not checked");
                    return;
                }
                printed => printed.unwrap(),
            };
            let score = score(&gold, &read(&pdf));
            let label = format!("pdf {name} {pages:?}");
            shown(&label, &score);
            for difference in &score.sure_and_wrong {
                eprintln!("    sure and wrong: {difference}");
            }
            if score.tasks.f1() < 0.97 || !score.sure_and_wrong.is_empty() {
                short.push(label);
            }
        }
    }
    assert!(
        short.is_empty(),
        "below the threshold, or wrong without a doubt: {short:?}"
    );
}

#[test]
fn every_labelled_measure_is_printed_once() {
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
        let pages = sheet.rows(Pages::Broken);
        assert!(
            pages.iter().filter(|row| row.opens_page).count() > 1,
            "{name} goes over several pages"
        );
    }
}
