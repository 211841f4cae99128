//! The project's own sample documents, read, are the plans they were made from; what was planted in them is told.

use gongkai_reading::{Confidence, OrganOrigin, Plan, Task};

use crate::compare::{differences, read};
use crate::source;

/// Reads a sample; in every field it is its source.
fn compared(name: &str) -> Plan {
    let source = source::plan(name);
    let plan = read(&std::fs::read(source::folder().join(&source.file)).unwrap());
    let differences = differences(&source, &plan);
    assert!(
        plan.is_plan && differences.is_empty(),
        "{}: {differences:#?}",
        source.file
    );
    plan
}

fn task(plan: &Plan, no: u32) -> &Task {
    plan.tasks.iter().find(|task| task.no == Some(no)).unwrap()
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect()
}

/// The dates of a measure with their kinds, as printed in the JSON contract.
fn dates(task: &Task) -> Vec<(Option<String>, &'static str)> {
    let dates = task.deadlines.iter();
    dates
        .map(|deadline| {
            (
                deadline.date.map(|date| date.to_string()),
                deadline.kind.as_str(),
            )
        })
        .collect()
}

fn on(date: &str) -> Option<String> {
    Some(date.to_owned())
}

#[test]
fn word_city_plan_is_its_source_and_shows_what_was_planted() {
    let plan = compared("city-2026.json");
    assert_eq!(
        plan.issued_on.map(|date| date.to_string()),
        on("2026-03-16")
    );
    assert_eq!(plan.year, Some(2026));
    let reports: Vec<_> = plan
        .document_deadlines
        .iter()
        .map(|d| d.date.map(|date| date.to_string()))
        .collect();
    assert_eq!(reports, [on("2026-09-30"), on("2026-12-27")]);

    // The slip is kept as printed; whom it means is a question to the directory of organs.
    assert!(
        task(&plan, 15)
            .organs
            .iter()
            .any(|organ| organ.name == "市市市场监管局")
    );

    // 30 February: kept in the text, no date, a person looks.
    let impossible = task(&plan, 20);
    assert_eq!(impossible.confidence, Confidence::Check);
    assert!(
        impossible
            .deadlines
            .iter()
            .all(|deadline| deadline.date.is_none_or(|date| date.month() != 2))
    );
    assert!(
        impossible
            .deadlines
            .iter()
            .any(|deadline| deadline.text.contains("2月30日"))
    );

    // Number 38 is missing.
    assert!(codes(&plan).contains(&"number-gap"), "{:?}", codes(&plan));

    // A unit cell that is blank across the border of a group is never certain.
    let blank = task(&plan, 40);
    assert_eq!(
        (blank.origin, blank.confidence),
        (OrganOrigin::Inherited, Confidence::Check)
    );

    let by = |no: u32| dates(task(&plan, no));
    assert_eq!(by(2), [(on("2026-06-30"), "by")]);
    assert_eq!(by(6), [(on("2026-12-31"), "by")]);
    assert_eq!(by(11), [(on("2027-01-31"), "by")]);
    assert_eq!(by(45), [(on("2026-12-31"), "minimum-count")]);
    assert_eq!(by(53), [(on("2026-04-15"), "by")]);
}

#[test]
fn ruled_pdf_of_last_year_is_its_source() {
    let plan = compared("city-2025.json");
    assert_eq!(
        plan.issued_on.map(|date| date.to_string()),
        on("2025-04-08")
    );
    assert_eq!(plan.year, Some(2025));
}

#[test]
fn county_web_page_is_its_source() {
    let plan = compared("county-2026.json");
    assert_eq!(
        plan.issued_on.map(|date| date.to_string()),
        on("2026-04-10")
    );
    assert_eq!(dates(task(&plan, 1)), [(on("2026-06-20"), "by")]);

    // 8月前 ends with July, and a person looks.
    let august = task(&plan, 19);
    assert_eq!(dates(august), [(on("2026-07-31"), "by")]);
    assert_eq!(august.confidence, Confidence::Check);
    assert_eq!(task(&plan, 16).origin, OrganOrigin::Inherited);
}

#[test]
fn last_years_county_and_town_plans_are_their_sources() {
    let county = compared("county-2025.json");
    assert_eq!(dates(task(&county, 2)), [(on("2025-12-31"), "by")]);
    assert_eq!(dates(task(&county, 16)), [(on("2025-09-30"), "by")]);
    let town = compared("town-2025.json");
    assert_eq!(
        town.issued_on.map(|date| date.to_string()),
        on("2025-05-12")
    );
    assert_eq!(dates(task(&town, 5)), [(on("2025-12-31"), "by")]);
    assert_eq!(task(&town, 8).origin, OrganOrigin::Shared);
}

#[test]
fn flattened_town_text_is_its_source() {
    let plan = compared("town-2026.json");
    assert_eq!(
        plan.issued_on.map(|date| date.to_string()),
        on("2026-04-28")
    );
    // The unit line after item 13 counts for 11 and 12, too.
    assert_eq!(task(&plan, 11).origin, OrganOrigin::Shared);
    assert_eq!(dates(task(&plan, 10)), [(on("2026-05-31"), "by")]);
}

#[test]
fn bureau_spreadsheet_is_its_source() {
    let plan = compared("bureau-2026.json");
    assert_eq!(plan.year, Some(2026));
    assert_eq!(dates(task(&plan, 4)), [(on("2026-09-30"), "by")]);
    assert_eq!(task(&plan, 11).origin, OrganOrigin::Inherited);
    assert_eq!(dates(task(&plan, 5)), [(None, "recurring")]);
}
