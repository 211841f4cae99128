//! The same plan as office programs write it in one file of XML gives the same tasks.

use gongkai_office::Limits;

use super::*;

const TITLE: &str = "安澜县2024年政务公开工作要点分工";
const ROWS: [[&str; 4]; 4] = [
    ["序号", "工作任务", "责任单位", "完成时限"],
    ["1", "公开年度预算、决算。", "县财政局、县教育局", "6月底前"],
    ["2", "公开重大建设项目。", "县发改局", "年底前"],
    ["3", "做好政策解读。", "县发改局", "持续推进"],
];
const WANT: [&str; 3] = [
    "1|-|-|公开年度预算、决算。|责县财政局 责县教育局|2024-06-30",
    "2|-|-|公开重大建设项目。|责县发改局|2024-12-31",
    "3|-|-|做好政策解读。|责县发改局|持续推进",
];

fn tasks(file: &str, format: Format) {
    let document = gongkai_office::read(file.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(document.format, format);
    let plan = read(&document);
    assert_eq!(brief(&plan), WANT, "{format:?}");
    assert_eq!(plan.title.as_deref(), Some(TITLE), "{format:?}");
    assert_eq!(plan.coverage.dropped, 0);
}

/// Rows as `row` writes them; the units of the last two are one cell over both, which `merged` begins and `covered` leaves.
fn rows(cell: fn(&str) -> String, merged: fn(&str) -> String, covered: &str) -> Vec<String> {
    let row = |(n, cells): (usize, &[&str; 4])| {
        let cells = cells
            .iter()
            .enumerate()
            .map(|(column, text)| match (n, column) {
                (2, 2) => merged(text),
                (3, 2) => covered.to_owned(),
                _ => cell(text),
            });
        cells.collect::<String>()
    };
    ROWS.iter().enumerate().map(row).collect()
}

#[test]
fn the_xml_of_excel_2003() {
    let cell = |text: &str| format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>");
    let merged = |text: &str| {
        format!("<Cell ss:MergeDown=\"1\"><Data ss:Type=\"String\">{text}</Data></Cell>")
    };
    let rows = rows(cell, merged, "");
    let rows = rows.iter().enumerate().map(|(n, cells)| match n {
        // what a merged cell covers is not written: the next one says where it stands
        3 => {
            let last = cells.rfind("<Cell>").unwrap();
            let (before, behind) = cells.split_at(last);
            let behind = behind.replacen("<Cell>", "<Cell ss:Index=\"4\">", 1);
            format!("<Row>{before}{behind}</Row>")
        }
        _ => format!("<Row>{cells}</Row>"),
    });
    let title = format!(
        "<Row><Cell ss:MergeAcross=\"3\"><Data ss:Type=\"String\">{TITLE}</Data></Cell></Row>"
    );
    let sheet = "urn:schemas-microsoft-com:office:spreadsheet";
    let file = format!(
        "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"{sheet}\" xmlns:ss=\"{sheet}\"><Worksheet ss:Name=\"表\"><Table>{title}{}</Table></Worksheet></Workbook>",
        rows.collect::<String>()
    );
    tasks(&file, Format::Xls);
}

/// OpenDocument in one file: a text or a workbook.
fn open_document(kind: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" office:mimetype=\"application/vnd.oasis.opendocument.{kind}\"><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    )
}

fn table(title: &str) -> String {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let merged = |text: &str| {
        format!(
            "<table:table-cell table:number-rows-spanned=\"2\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let rows = rows(cell, merged, "<table:covered-table-cell/>");
    let rows = rows
        .iter()
        .map(|cells| format!("<table:table-row>{cells}</table:table-row>"));
    format!(
        "<table:table>{title}{}</table:table>",
        rows.collect::<String>()
    )
}

#[test]
fn an_open_document_text_and_an_open_document_sheet() {
    let text = format!("<text:p>{TITLE}</text:p>{}", table(""));
    tasks(&open_document("text", &text), Format::Odt);
    let title = format!(
        "<table:table-row><table:table-cell table:number-columns-spanned=\"4\"><text:p>{TITLE}</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated=\"3\"/></table:table-row>"
    );
    tasks(&open_document("spreadsheet", &table(&title)), Format::Ods);
}

#[test]
fn an_open_document_list_counts_as_it_is_shown() {
    let styles = "<office:automatic-styles xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\"><text:list-style style:name=\"L\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\" style:num-suffix=\".\"/></text:list-style></office:automatic-styles>";
    let item = |text: &str| format!("<text:list-item><text:p>{text}</text:p></text:list-item>");
    let body = format!(
        "<text:p>{TITLE}</text:p><text:list text:style-name=\"L\">{}{}</text:list>",
        item("公开年度预算。（责任单位：县财政局）"),
        item("公开重大建设项目。（责任单位：县发改局）")
    );
    let file =
        open_document("text", &body).replace("<office:body>", &format!("{styles}<office:body>"));
    let document = gongkai_office::read(file.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(
        brief(&read(&document)),
        [
            "1|-|-|公开年度预算。|责县财政局|",
            "2|-|-|公开重大建设项目。|责县发改局|"
        ]
    );
}
