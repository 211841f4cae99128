use gongkai_platform::web::SheetLine;

use super::{CODE, Change, ROWS_MAX, Row, SHEET, code, read, said};
use crate::id::DocumentId;

fn id() -> DocumentId {
    DocumentId::new(uuid::Uuid::from_u128(7))
}

fn today() -> gongkai_basis::Date {
    "2026-10-12".parse().unwrap()
}

fn row() -> Row {
    Row {
        line: 3,
        code: code(id(), "甲办法"),
        title: "甲办法".to_owned(),
        opinion: "继续有效".to_owned(),
        until: "2029年1月31日".to_owned(),
        on: "2026/9/18".to_owned(),
        basis: "市政府第12次常务会议".to_owned(),
    }
}

fn line(number: usize, opinion: &str) -> SheetLine {
    let mut cells = vec![String::new(); SHEET.len()];
    cells[1] = "甲办法".to_owned();
    cells[10] = opinion.to_owned();
    cells[14] = code(id(), "甲办法");
    (number, cells)
}

#[test]
fn rows_with_an_opinion_are_read_by_their_heads_and_blank_ones_are_counted() {
    let heads: SheetLine = (2, SHEET.map(str::to_owned).to_vec());
    let title: SheetLine = (1, vec!["到期清理表".to_owned()]);
    let sheet = vec![title, heads.clone(), line(3, "废止"), line(4, "")];
    let (rows, blank) = read(&[sheet]).unwrap();
    assert_eq!((rows.len(), blank), (1, 1));
    assert_eq!((rows[0].line, rows[0].opinion.as_str()), (3, "废止"));
    let other = vec![(1, vec!["名称".to_owned()])];
    assert!(read(&[other]).unwrap_err().contains(CODE));
    let many = |n: usize| {
        let lines = (0..n).map(|at| line(at + 3, "废止"));
        std::iter::once(heads.clone()).chain(lines).collect()
    };
    assert!(read(&[many(ROWS_MAX)]).is_ok());
    assert!(read(&[many(ROWS_MAX + 1)]).is_err());
}

#[test]
fn a_row_says_what_is_recorded_or_all_that_is_wrong() {
    let opinion = said(&row(), today()).unwrap();
    assert_eq!(opinion.document, id());
    assert_eq!(opinion.change, Change::Kept);
    assert_eq!(opinion.on.to_string(), "2026-09-18");
    assert_eq!(opinion.until.unwrap().to_string(), "2029-01-31");
    // Its cells stand beside the name of another.
    let mixed = Row {
        title: "乙办法".to_owned(),
        ..row()
    };
    assert!(said(&mixed, today()).unwrap_err()[0].contains("对不上"));
    let wrong = Row {
        opinion: "再看看".to_owned(),
        on: "下个月".to_owned(),
        until: "以后".to_owned(),
        ..row()
    };
    assert_eq!(said(&wrong, today()).unwrap_err().len(), 3);
    // All that is left open is told at once, and a day to come is no day of a decision.
    let open = Row {
        on: String::new(),
        until: String::new(),
        basis: String::new(),
        ..row()
    };
    let said_of = |row: &Row| said(row, today()).unwrap_err().concat();
    let wrong = said_of(&open);
    for words in [
        "处理日期“”无法识别",
        "继续有效要写明新的有效期至。",
        "请填写“理由和依据”。",
    ] {
        assert!(wrong.contains(words), "{words} in {wrong}");
    }
    let ahead = Row {
        on: "2026-10-13".to_owned(),
        ..row()
    };
    assert_eq!(
        said_of(&ahead),
        "处理日期2026年10月13日还没有到，请填作出决定的那天。"
    );
    let repealed = Row {
        opinion: "废止".to_owned(),
        ..row()
    };
    assert_eq!(
        said(&repealed, today()).unwrap_err().len(),
        1,
        "no other last day"
    );
}
