use crate::block::{Block, Document};
use crate::limits::Limits;
use crate::sheet::tests::{codes, texts};
use crate::{Format, Sniffed, read, sniff};

const SHEET: &str = "urn:schemas-microsoft-com:office:spreadsheet";

/// A workbook with these styles and sheets.
fn book(styles: &str, sheets: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
         <Workbook xmlns=\"{SHEET}\" xmlns:ss=\"{SHEET}\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
         <Styles>{styles}</Styles>{sheets}</Workbook>"
    )
}

fn sheet(name: &str, table: &str) -> String {
    format!("<Worksheet ss:Name=\"{name}\"><Table>{table}</Table></Worksheet>")
}

fn text(words: &str) -> String {
    format!("<Cell><Data ss:Type=\"String\">{words}</Data></Cell>")
}

fn open(book: &str) -> Document {
    read(book.as_bytes(), &Limits::default()).unwrap()
}

/// A workbook with something of everything, for the mutants.
pub(crate) fn sample() -> String {
    let styles = "<Style ss:ID=\"Default\"><NumberFormat/></Style>\
        <Style ss:ID=\"s1\"><NumberFormat ss:Format=\"Long Date\"/></Style>\
        <Style ss:ID=\"s2\" ss:Parent=\"s1\"/><Style ss:ID=\"s3\"><NumberFormat ss:Format=\"0%\"/></Style>";
    let rows = [
        "<Column ss:Width=\"20\"/><Column ss:Index=\"6\" ss:Hidden=\"1\" ss:Span=\"1\"/>".to_owned(),
        format!(
            "<Row><Cell ss:MergeAcross=\"3\">{}</Cell></Row>",
            "<Data ss:Type=\"String\">分工表</Data>"
        ),
        format!(
            "<Row>{}{}{}{}</Row>",
            text("序号"),
            text("任务"),
            text("单位"),
            text("时限")
        ),
        "<Row ss:Index=\"4\"><Cell><Data ss:Type=\"Number\">1</Data></Cell>\
         <Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\"><B>公开</B>&#10;<Font html:Color=\"#FF0000\">规划</Font></ss:Data></Cell>\
         <Cell ss:MergeDown=\"1\"><Data ss:Type=\"String\">市局</Data><Comment ss:Author=\"甲\"><ss:Data>再核</ss:Data></Comment></Cell>\
         <Cell ss:StyleID=\"s2\"><Data ss:Type=\"DateTime\">2022-12-31T00:00:00.000</Data></Cell></Row>"
            .to_owned(),
        "<Row ss:Hidden=\"1\"><Cell ss:StyleID=\"s3\"><Data ss:Type=\"Number\">0.5</Data></Cell>\
         <Cell><Data ss:Type=\"String\">公开预算</Data></Cell>\
         <Cell ss:Index=\"4\"><Data ss:Type=\"DateTime\">2022-06-30T00:00:00.000</Data></Cell>\
         <Cell ss:Index=\"6\"><Data ss:Type=\"String\">隐</Data></Cell></Row>"
            .to_owned(),
    ];
    let hidden = "<Worksheet ss:Name=\"草稿\"><Table><Row><Cell><Data ss:Type=\"String\">不看</Data></Cell></Row></Table>\
        <WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>";
    book(styles, &format!("{}{hidden}", sheet("一", &rows.concat())))
}

#[test]
fn a_plan_keeps_spans_numbers_dates_and_what_is_hidden() {
    let bytes = sample();
    assert_eq!(sniff(bytes.as_bytes()), Sniffed::ExcelXml);
    let got = open(&bytes);
    assert_eq!(got.format, Format::Xls);
    let want = "分工表@0+4×1 / 序号@0+1×1|任务@1+1×1|单位@2+1×1|时限@3+1×1 \
                / 1@0+1×1|公开\n规划@1+1×1|市局@2+1×2|2022年12月31日@3+1×1 / 50%@0+1×1|公开预算@1+1×1|2022/6/30@3+1×1";
    assert_eq!(texts(&got), [want]);
    let mut found = codes(&got);
    found.sort_unstable();
    let told = [
        ("comment-dropped", 2),
        ("hidden-columns", 1),
        ("hidden-rows", 0),
        ("hidden-sheet", 2),
    ];
    assert_eq!(found, told);
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    let place = table.rows[2].cells[0].place;
    assert_eq!((place.row, place.column), (Some(4), Some(1)));
    assert!(table.rows[3].cells[1].doubtful && !table.rows[2].cells[1].doubtful);
}

#[test]
fn it_is_told_without_the_mark_and_in_other_encodings() {
    let bare = format!(
        "<Workbook xmlns=\"{SHEET}\">{}</Workbook>",
        sheet("一", &format!("<Row>{}</Row>", text("公开预算")))
    );
    // the prefix is unbound, as some exports leave it
    assert_eq!(texts(&open(&bare)), ["公开预算@0+1×1"]);
    let gbk = book(
        "",
        &sheet("一", &format!("<Row>{}</Row>", text("公开预算"))),
    )
    .replace("\"1.0\"?", "\"1.0\" encoding=\"GB2312\"?");
    let (bytes, _, _) = encoding_rs::GB18030.encode(&gbk);
    let got = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(texts(&got), ["公开预算@0+1×1"]);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(bare.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let got = read(&wide, &Limits::default()).unwrap();
    assert_eq!(texts(&got), ["公开预算@0+1×1"]);
}

#[test]
fn rows_and_columns_elsewhere_are_none_of_the_sheet() {
    let page_breaks = "<WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\"><PageBreaks>\
        <RowBreaks><RowBreak><Row>20</Row></RowBreak></RowBreaks></PageBreaks></WorksheetOptions>";
    let table = format!("<Table><Row>{}</Row></Table>", text("甲"));
    let got = open(&book(
        "",
        &format!("<Worksheet ss:Name=\"一\">{table}{page_breaks}{table}</Worksheet>"),
    ));
    assert_eq!(texts(&got), ["甲@0+1×1 / 甲@0+1×1"]);
}

#[test]
fn formulas_without_results_and_odd_values_are_told_as_they_are() {
    let row = "<Row><Cell ss:Formula=\"=1+1\"/><Cell><Data ss:Type=\"Boolean\">1</Data></Cell>\
        <Cell><Data ss:Type=\"Error\">#N/A</Data></Cell><Cell><Data ss:Type=\"DateTime\">2022-02-31T00:00:00.000</Data></Cell></Row>";
    let got = open(&book("", &sheet("一", row)));
    assert_eq!(
        texts(&got),
        ["TRUE@0+1×1|#N/A@1+1×1|2022-02-31T00:00:00.000@2+1×1"]
    );
    assert_eq!(codes(&got), [("formula-without-value", 0)]);
}

#[test]
fn claims_beyond_a_spreadsheet_are_refused_and_wide_ones_cost_nothing() {
    let limits = Limits {
        cells: 3,
        ..Limits::default()
    };
    let of = |row: &str| read(book("", &sheet("一", row)).as_bytes(), &limits);
    let last = "<Row ss:Index=\"1048576\" ss:Hidden=\"1\"><Cell ss:Index=\"16384\" ss:MergeDown=\"4000000000\" ss:MergeAcross=\"4000000000\"><Data>末</Data></Cell></Row>";
    assert_eq!(texts(&of(last).unwrap()), ["末@0+1×1"]);
    for (row, code) in [
        ("<Row ss:Index=\"1048577\"/>", "damaged"),
        ("<Row><Cell ss:Index=\"16385\"/></Row>", "damaged"),
        ("<Row ss:Span=\"4000000000\"/><Row/>", "damaged"),
        ("", "empty"),
    ] {
        assert_eq!(of(row).unwrap_err().code, code, "{row}");
    }
    let hidden = "<Row ss:Index=\"1\" ss:Hidden=\"1\" ss:Span=\"1000000\"/>".to_owned()
        + &"<Row ss:Index=\"1\" ss:Hidden=\"1\"/>".repeat(2000);
    assert_eq!(of(&hidden).unwrap_err().code, "empty");
    let many = format!("<Row>{}</Row>", text("甲").repeat(4));
    assert_eq!(of(&many).unwrap_err().code, "too-large");
    let cut = book("", &sheet("一", &format!("<Row>{}</Row>", text("甲"))));
    let cut = &cut.as_bytes()[..cut.len() - 30];
    assert_eq!(read(cut, &limits).unwrap_err().code, "damaged");
    let sheets = sheet("一", "").repeat(257);
    let error = read(book("", &sheets).as_bytes(), &limits).unwrap_err();
    assert_eq!(error.code, "too-large");
}
