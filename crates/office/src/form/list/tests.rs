#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

use calamine::Reader;

use super::super::tests::{book, part};
use super::*;

#[test]
fn list_as_xlsx_holds_what_is_shown() {
    let rows = vec![
        vec!["007".to_owned(), "=1+1".to_owned()],
        vec![
            "x".to_owned(),
            "y".to_owned(),
            "beyond the heads".to_owned(),
        ],
        vec![],
    ];
    let file = table_xlsx("任务清单", &["编号", "事项"], &rows).unwrap();
    let mut book = book(&file);
    let range = book.worksheet_range("Sheet1").unwrap();
    let cells: Vec<Vec<String>> = range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(cells[0][0], "任务清单");
    assert_eq!(cells[1], ["编号", "事项", ""]);
    assert_eq!(cells[2], ["007", "=1+1", ""]);
    assert_eq!(cells[3], ["x", "y", "beyond the heads"]);
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && sheet.contains("<autoFilter"));
    assert_eq!(table_xlsx("空", &[], &[]), Err(FormError::Nothing));
}

#[test]
fn csv_opens_in_excel_and_runs_nothing() {
    let cells = |text: &str| vec!["1".to_owned(), text.to_owned()];
    let rows: Vec<Vec<String>> = [
        "=1+1",
        "＝1",
        "+86",
        "-5",
        "-3.5%",
        "@x",
        "\tx",
        "普通,“引”\"号\"\n二行",
        "-",
    ]
    .map(cells)
    .to_vec();
    let file = String::from_utf8(table_csv(&["号", "=头"], &rows).unwrap()).unwrap();
    assert_eq!(
        file,
        "\u{FEFF}号,'=头\r\n1,'=1+1\r\n1,'＝1\r\n1,+86\r\n1,-5\r\n1,'-3.5%\r\n1,'@x\r\n1,'\tx\r\n\
         1,\"普通,“引”\"\"号\"\"\n二行\"\r\n1,'-\r\n"
    );
}
