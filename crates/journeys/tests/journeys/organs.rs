//! The directory of organs from a spreadsheet, by way of the reader of foreign files.

use gongkai_basis::Role;
use gongkai_journeys::World;
use gongkai_platform::testing::{self, Backend};

const NOON: &str = "2026-10-12T12:00:00+08:00";

fn book() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "填写说明").unwrap();
    let sheet = book.add_worksheet();
    let lines = [
        "名称,级别,上级",
        "",
        "安澜市审计局,市级,安澜市人民政府",
        "安澜市水利局,超级,安澜市人民政府",
    ];
    for (row, line) in (0..).zip(lines) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_spreadsheet_of_organs_is_previewed_line_by_line() {
    let world = World::on(&Backend::Sqlite, NOON).await;
    let city = testing::organ(&world.db, "安澜市人民政府", None).await;
    let office = testing::organ(&world.db, "安澜市人民政府办公室", Some(city)).await;
    let clerk = world.person("文书", &[(Role::OfficeClerk, office)]).await;
    let mut desk = world.http(clerk).await;
    let path = "/workspace/organs/import";
    let page = desk
        .upload(path, &[], ("file", "名录.xlsx", &book()))
        .await
        .page();
    assert!(page.contains("安澜市审计局"), "{page}");
    assert!(page.contains("级别“超级”无法识别"), "{page}");
    // The line of the file, not of what was left of it.
    assert!(page.contains("data-label=\"行\">4</td>"), "{page}");
    let broken = desk
        .upload(path, &[], ("file", "名录.xlsx", b"PK\x03\x04"))
        .await;
    assert_eq!(broken.status, 422);
    let broken = broken.text();
    assert!(broken.contains("没有"), "{broken}");
}
