//! Files that hold more than one report, or none.

use super::{document, markdown, same_cells};
use crate::check::{Beside, check};
use crate::form::{Cell, SECTIONS};
use crate::read::{read, why_empty};
use crate::sample::{city, city_before, set};

#[test]
fn of_two_reports_the_first_is_checked_and_the_other_named() {
    let (report, mut other) = (city(), city_before());
    set(&mut other, Cell::Three(0, 0), 1);
    let text = format!("{}\n{}", markdown(&report), markdown(&other));
    let found = read(&document(text.as_bytes()));
    assert_eq!(found.year, Some(2025));
    same_cells(&found, &report);
    let findings = check(&found, Beside::default());
    let codes: Vec<&str> = findings.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["not-checked"]);
    assert!(findings[0].message.contains("不止一份年度报告"));
}

#[test]
fn a_table_of_contents_is_no_report() {
    let report = city();
    let text = format!("目录\n{}\n{}", SECTIONS.join("\n"), markdown(&report));
    let found = read(&document(text.as_bytes()));
    same_cells(&found, &report);
    assert_eq!(found.others, Vec::<String>::new());
}

#[test]
fn tables_of_the_year_before_are_left_alone() {
    let (report, before) = (city(), city_before());
    let table = |text: &str| {
        let begin = text.find(SECTIONS[2]).unwrap() + SECTIONS[2].len();
        let end = text.find(SECTIONS[3]).unwrap();
        text[begin..end].to_owned()
    };
    let (own, other) = (markdown(&report), markdown(&before));
    let both = format!(
        "\n（一）2024年申请办理情况\n{}\n（二）2025年申请办理情况\n{}",
        table(&other),
        table(&own)
    );
    let found = read(&document(own.replace(&table(&own), &both).as_bytes()));
    same_cells(&found, &report);
    assert_eq!(
        found.others,
        ["文件里还有2024年的表格，没有核对，只核对了本年的。"]
    );
    // A caption with a wrong year over the only tables hides nothing.
    let wrong = own.replace(
        &table(&own),
        &format!("\n2024年申请办理情况表\n{}", table(&own)),
    );
    let found = read(&document(wrong.as_bytes()));
    same_cells(&found, &report);
    assert_eq!(found.others, Vec::<String>::new());
}

#[test]
fn a_file_without_tables_says_what_to_do() {
    let parts = SECTIONS.join("\n做好公开。\n");
    let title = "安澜市2025年政府信息公开工作年度报告";
    let labels =
        "信息内容 本年制发件数\n自然人 法人\n一、本年新收政府信息公开申请数量\n（一）予以公开";
    let numbers = "5 ".repeat(20);
    for (text, wanted) in [
        (
            "安澜市2025年政务公开工作要点\n一、做好年度报告".to_owned(),
            "选错了文件",
        ),
        (format!("{title}\n{parts}"), "图片转文字"),
        (format!("{title}\n{parts}\n{labels}"), "没有发生的也要填“0”"),
        (
            format!("{title}\n{parts}\n{numbers}\n{labels}"),
            "行和列对不上",
        ),
    ] {
        let document = document(text.as_bytes());
        assert!(read(&document).cells.is_empty(), "{text}");
        let said = why_empty(&document);
        assert!(said.contains(wanted), "{said}");
    }
}
