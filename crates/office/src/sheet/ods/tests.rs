use crate::block::{Block, Document};
use crate::limits::Limits;
use crate::odf::tests::{content, package};
use crate::sheet::tests::{codes, texts};
use crate::{Format, Sniffed, read, sniff};

fn ods(styles: &str, body: &str) -> Vec<u8> {
    package(
        "spreadsheet",
        &[("content.xml", &content(styles, "spreadsheet", body))],
    )
}

fn open(body: &str) -> Document {
    read(&ods("", body), &Limits::default()).unwrap()
}

fn td(attributes: &str, text: &str) -> String {
    format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
}

fn tr(attributes: &str, cells: &[String]) -> String {
    format!(
        "<table:table-row {attributes}>{}</table:table-row>",
        cells.concat()
    )
}

fn table(name: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\">{rows}</table:table>")
}

const REST: &str = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";

/// A workbook with something of everything, for the mutants.
pub(crate) fn sample() -> Vec<u8> {
    let styles = "<style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let covered = "<table:covered-table-cell table:number-columns-repeated=\"3\"/>".to_owned();
    let rows = [
        "<table:table-column/><table:table-column table:number-columns-repeated=\"3\"/><table:table-column table:visibility=\"collapse\"/>".to_owned(),
        tr("", &[td("table:number-columns-spanned=\"4\"", "分工表"), covered]),
        tr("", &[td("", "序号"), td("", "任务"), td("", "单位"), td("", "时限")]),
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>".to_owned(),
        tr(
            "",
            &[
                td("office:value-type=\"float\" office:value=\"1\"", "1"),
                "<table:table-cell><office:annotation><dc:date>2026</dc:date><text:p>再核</text:p></office:annotation><text:p>公开<text:span>规</text:span></text:p><text:p>划</text:p></table:table-cell>".to_owned(),
                td("table:number-rows-spanned=\"2\"", "市局"),
                td("office:value-type=\"date\" office:date-value=\"2022-12-31\"", "2022年12月31日"),
                td("", "隐"),
            ],
        ),
        tr(
            "table:visibility=\"filter\"",
            &[
                "<table:table-cell office:value-type=\"float\" office:value=\"2\"/>".to_owned(),
                td("", "公开预算"),
                "<table:covered-table-cell/>".to_owned(),
                "<table:table-cell><draw:frame><draw:image xlink:href=\"a\"/></draw:frame></table:table-cell>".to_owned(),
            ],
        ),
        REST.to_owned(),
    ];
    let draft = "<table:table table:name=\"草稿\" table:style-name=\"ta1\"><table:table-row><table:table-cell><text:p>不看</text:p></table:table-cell></table:table-row></table:table>";
    ods(styles, &format!("{}{draft}", table("一", &rows.concat())))
}

#[test]
fn a_plan_keeps_spans_what_is_shown_and_what_is_hidden() {
    let bytes = sample();
    assert_eq!(sniff(&bytes), Sniffed::OpenDocumentSheet);
    let got = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(got.format, Format::Ods);
    let want = "分工表@0+4×1 / 序号@0+1×1|任务@1+1×1|单位@2+1×1|时限@3+1×1 \
                / 1@0+1×1|公开规\n划@1+1×1|市局@2+1×2|2022年12月31日@3+1×1 / 2@0+1×1|公开预算@1+1×1|@3+1×1";
    assert_eq!(texts(&got), [want]);
    let mut found = codes(&got);
    found.sort_unstable();
    let told = [
        ("comment-dropped", 2),
        ("hidden-columns", 1),
        ("hidden-rows", 0),
        ("hidden-sheet", 2),
        ("image-dropped", 0),
    ];
    assert_eq!(found, told);
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    let place = table.rows[2].cells[1].place;
    assert_eq!((place.row, place.column), (Some(5), Some(2)));
    assert!(table.rows[3].cells[1].doubtful && !table.rows[2].cells[1].doubtful);
}

#[test]
fn repeated_cells_and_rows_stand_as_often_as_they_say() {
    let rows = tr(
        "table:number-rows-repeated=\"2\"",
        &[
            td("table:number-columns-repeated=\"2\"", "甲"),
            td("", "乙"),
        ],
    );
    assert_eq!(
        texts(&open(&table("一", &rows))),
        ["甲@0+1×1|甲@1+1×1|乙@2+1×1 / 甲@0+1×1|甲@1+1×1|乙@2+1×1"]
    );
}

#[test]
fn formulas_without_results_are_told() {
    let cells = [
        "<table:table-cell table:formula=\"of:=1+1\"/>".to_owned(),
        "<table:table-cell table:formula=\"of:=IF(1;&quot;&quot;;2)\" office:value-type=\"string\"/>".to_owned(),
        td("", "甲<text:s/>乙<text:line-break/>丙"),
    ];
    let got = open(&table("一", &tr("", &cells)));
    assert_eq!(texts(&got), ["甲 乙\n丙@0+1×1"]);
    assert_eq!(codes(&got), [("formula-without-value", 0)]);
    assert!(
        got.problems[0].message.contains("的 A1是公式"),
        "{:?}",
        got.problems
    );
}

#[test]
fn a_sheet_full_of_one_cell_is_refused_and_a_blank_one_costs_nothing() {
    let code = |rows: &str| {
        read(&ods("", &table("一", rows)), &Limits::default())
            .unwrap_err()
            .code
    };
    let all = tr(
        "table:number-rows-repeated=\"1048576\"",
        &[td("table:number-columns-repeated=\"16384\"", "甲")],
    );
    assert_eq!(code(&all), "too-large");
    let spaces = tr(
        "table:number-rows-repeated=\"1048576\"",
        &[td("table:number-columns-repeated=\"16384\"", "\u{200B}")],
    );
    assert_eq!(code(&spaces), "empty");
    assert_eq!(code(&REST.repeat(200)), "empty");
    let beyond = format!(
        "{REST}{}",
        tr("table:number-rows-repeated=\"9\"", &[td("", "甲")])
    );
    assert_eq!(texts(&open(&table("一", &beyond))).len(), 1);
    let far = format!("{REST}{REST}{}", tr("", &[td("", "甲")]));
    assert_eq!(code(&far), "damaged");
    let wide = tr(
        "",
        &[
            "<table:table-cell table:number-columns-repeated=\"4000000000\"/>".to_owned(),
            td("", "甲"),
        ],
    );
    assert_eq!(code(&wide), "damaged");
    let sheets = table("一", "").repeat(257);
    assert_eq!(
        read(&ods("", &sheets), &Limits::default())
            .unwrap_err()
            .code,
        "too-large"
    );
    assert_eq!(
        read(&ods("", ""), &Limits::default()).unwrap_err().code,
        "damaged"
    );
}
