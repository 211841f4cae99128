//! The project's own plans in every format and both ways over the pages: the same plan each time.

use gongkai_journeys::render::{self, Pages, Sheet};
use gongkai_reading::Confidence;

use crate::compare::{differences, read};
use crate::printer::Printer;
use crate::source;

const SOURCES: [&str; 7] = [
    "city-2026.json",
    "city-2025.json",
    "county-2026.json",
    "county-2025.json",
    "town-2026.json",
    "town-2025.json",
    "bureau-2026.json",
];

fn same(print: impl Fn(&Sheet, Pages) -> Vec<u8>) {
    let mut different = Vec::new();
    for name in SOURCES {
        let source = source::plan(name);
        for pages in [Pages::Flowing, Pages::Broken] {
            let plan = read(&print(&source.sheet(), pages));
            let found = differences(&source, &plan);
            different.extend(
                found
                    .into_iter()
                    .map(|found| format!("{name} {pages:?}: {found:?}")),
            );
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn own_plans_are_the_same_as_word_documents() {
    same(|sheet, pages| render::docx(sheet, pages).unwrap());
}

#[test]
fn own_plans_are_the_same_as_spreadsheets() {
    same(|sheet, pages| render::xlsx(sheet, pages).unwrap());
}

#[test]
fn own_plans_are_the_same_as_web_pages() {
    same(render::html);
}

#[test]
fn own_plans_as_ruled_pdfs_are_the_same_or_marked() {
    let printer = Printer::new();
    let mut different = Vec::new();
    for name in SOURCES {
        let source = source::plan(name);
        for pages in [Pages::Flowing, Pages::Broken] {
            let Some(pdf) = printer.pdf(&source.sheet(), pages) else {
                return;
            };
            let plan = read(&pdf);
            let checked: Vec<_> = plan
                .tasks
                .iter()
                .filter(|task| task.confidence == Confidence::Check)
                .map(|task| task.no)
                .collect();
            let found = differences(&source, &plan);
            let wrong = found
                .iter()
                .filter(|found| found.no.is_none() || !checked.contains(&found.no));
            different.extend(wrong.map(|found| format!("{name} {pages:?}: {found:?}")));
        }
    }
    assert!(different.is_empty(), "wrong and not marked: {different:#?}");
}
