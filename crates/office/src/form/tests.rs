#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

use std::fmt::Write as _;
use std::io::{Cursor, Read};

use calamine::{Reader, Xlsx};
use quick_xml::events::Event;

use super::*;

fn row(unit: &str, item: &str) -> LedgerRow {
    LedgerRow {
        unit: unit.to_owned(),
        item: item.to_owned(),
        done: "已完成前两项".to_owned(),
        pending: "第四季度完成其余".to_owned(),
        due_text: "2026年底前".to_owned(),
        review: None,
        rectification: None,
    }
}

fn form(unit: &str, rows: Vec<LedgerRow>) -> LedgerForm {
    LedgerForm {
        title: "安澜市2026年政务公开工作要点分工方案落实及“回头看”工作台账".to_owned(),
        unit: unit.to_owned(),
        filled_on: Some(jiff_date(2026, 9, 30)),
        filled_by: "林知远".to_owned(),
        contact: "0700-0000000".to_owned(),
        rows,
    }
}

fn jiff_date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn sample() -> LedgerForm {
    let mut looked_back = row("市财政局", "公开财政决算");
    looked_back.review = Some("去年第3项".to_owned());
    looked_back.rectification = Some("已补发".to_owned());
    form(
        "市政府办公室",
        vec![
            row("市司法局", "更新规章库"),
            row("市司法局", "规范行政复议"),
            row("市财政局", "公布补贴结果\n并指导县区"),
            looked_back,
            row("市司法局", "培训"),
        ],
    )
}

pub(super) fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The document as an outline: a line for each paragraph, and for each table row its cells with their merges.
fn outline(document: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut out, mut text, mut in_table, mut lines) = (String::new(), String::new(), 0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return out,
            Event::Start(tag) => match tag.name().as_ref() {
                "w:tbl" => in_table += 1,
                "w:tr" => out.push('|'),
                "w:tc" => lines = 0,
                "w:t" => {
                    let end = tag.to_end().into_owned();
                    let written = reader.read_text(end.name()).unwrap();
                    text.push_str(&quick_xml::escape::unescape(&written).unwrap());
                }
                _ => {}
            },
            Event::Empty(tag) => {
                let value = |name: &str| {
                    let found = tag.try_get_attribute(name).unwrap();
                    found
                        .map(|found| found.value.into_owned())
                        .unwrap_or_default()
                };
                match tag.name().as_ref() {
                    "w:gridSpan" => write!(out, " →{}", value("w:val")).unwrap(),
                    "w:vMerge" if value("w:val") == "restart" => out.push_str(" ↓"),
                    "w:vMerge" => out.push_str(" ↑"),
                    "w:tblHeader" => out.push_str("[head]"),
                    "w:cantSplit" => out.push_str("[whole]"),
                    "w:tab" if in_table == 0 && !text.is_empty() => text.push('\t'),
                    "w:pageBreakBefore" => text.push_str("[new page] "),
                    _ => {}
                }
            }
            Event::End(tag) => match tag.name().as_ref() {
                "w:tbl" => in_table -= 1,
                "w:tr" => out.push('\n'),
                "w:tc" => out.push_str(" |"),
                "w:p" => {
                    let between = match (in_table, lines) {
                        (0, _) => "",
                        (_, 0) => " ",
                        _ => " / ",
                    };
                    write!(out, "{between}{}", std::mem::take(&mut text)).unwrap();
                    if in_table == 0 {
                        out.push('\n');
                    }
                    lines += 1;
                }
                _ => {}
            },
            _ => {}
        }
    }
}

#[test]
fn docx_is_the_form_of_the_annex() {
    let file = docx(&sample()).unwrap();
    insta::assert_snapshot!(outline(&part(&file, "word/document.xml")));
}

#[test]
fn docx_page_is_a4_landscape_and_numbered() {
    let file = docx(&sample()).unwrap();
    let document = part(&file, "word/document.xml");
    assert!(document.contains(r#"<w:pgSz w:w="16838" w:h="11906" w:orient="landscape" />"#));
    let footer = part(&file, "word/footer1.xml");
    assert!(footer.contains("<w:instrText>PAGE</w:instrText>"));
    assert!(footer.contains("<w:instrText>NUMPAGES</w:instrText>"));
    assert!(document.contains("footerReference"));
}

#[test]
fn docx_names_the_official_faces() {
    let document = part(&docx(&sample()).unwrap(), "word/document.xml");
    for face in ["方正小标宋简体", "黑体", "仿宋_GB2312"] {
        assert!(
            document.contains(&format!(r#"w:eastAsia="{face}""#)),
            "{face}"
        );
    }
}

#[test]
fn docx_columns_fill_the_text_block() {
    assert_eq!(
        COLUMN_MM.iter().sum::<u32>(),
        word::Paper::Landscape.text_mm()
    );
    let document = part(&docx(&sample()).unwrap(), "word/document.xml");
    assert_eq!(document.matches("<w:gridCol ").count(), COLUMNS.len());
}

#[test]
fn several_forms_begin_on_new_pages() {
    let file = docx_all(&[sample(), form("市财政局", vec![]), sample()]).unwrap();
    let document = part(&file, "word/document.xml");
    assert_eq!(document.matches("<w:pageBreakBefore />").count(), 2);
    assert_eq!(document.matches("<w:tblHeader />").count(), 6);
    assert_eq!(docx_all(&[]), Err(FormError::Nothing));
}

#[test]
fn a_form_without_rows_can_be_filled_in_by_hand() {
    let mut blank = form("市司法局", vec![]);
    blank.filled_on = None;
    insta::assert_snapshot!(outline(&part(&docx(&blank).unwrap(), "word/document.xml")));
}

#[test]
fn text_of_others_stays_text_in_docx() {
    let hostile =
        "</w:t></w:r><w:trHeight w:val=\"510\" w:hRule=\"atLeast\" />&amp;\u{0}\u{8}\u{FFFE}堃𠮷";
    let file = docx(&form(hostile, vec![row(hostile, hostile)])).unwrap();
    let document = part(&file, "word/document.xml");
    assert_eq!(document.matches("<w:tblHeader />").count(), 2);
    let shown = "</w:t></w:r><w:trHeight w:val=\"510\" w:hRule=\"atLeast\" />&amp;堃𠮷";
    let outline = outline(&document);
    assert_eq!(outline.matches(shown).count(), 3, "{outline}");
}

pub(super) type Book = Xlsx<Cursor<Vec<u8>>>;

pub(super) fn book(file: &[u8]) -> Book {
    calamine::open_workbook_from_rs(Cursor::new(file.to_vec())).unwrap()
}

fn sheet_outline(book: &mut Book, name: &str) -> String {
    let mut out = String::new();
    let range = book.worksheet_range(name).unwrap();
    for row in range.rows() {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        writeln!(out, "{}", cells.join(" | ").replace('\n', " / ")).unwrap();
    }
    let mut merges = book.merge_cells_by_sheet_name(name).unwrap();
    merges.sort_by_key(|merge| merge.start);
    for merge in merges {
        writeln!(out, "merged {:?} to {:?}", merge.start, merge.end).unwrap();
    }
    out
}

#[test]
fn xlsx_is_the_form_of_the_annex() {
    let file = xlsx(&sample()).unwrap();
    insta::assert_snapshot!(sheet_outline(&mut book(&file), "台账"));
}

#[test]
fn xlsx_is_ready_to_print() {
    let file = xlsx(&sample()).unwrap();
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"orientation="landscape""#));
    assert!(sheet.contains(r#"paperSize="9""#));
    assert!(
        sheet.contains("fitToHeight=\"0\"") && sheet.contains("<pageSetUpPr fitToPage=\"1\"/>")
    );
    assert!(sheet.contains("&amp;C第 &amp;P 页 共 &amp;N 页"));
    assert!(!sheet.contains("hidden"));
    let workbook = part(&file, "xl/workbook.xml");
    assert!(
        workbook.contains("台账!$A$1:$G$10"),
        "print area: {workbook}"
    );
    assert!(workbook.contains("台账!$3:$4"), "repeated rows: {workbook}");
}

#[test]
fn xlsx_never_holds_a_formula_or_link() {
    let mut hostile = row("=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.invalid\")");
    hostile.done = "http://x.invalid".to_owned();
    hostile.pending = "+1-1".to_owned();
    let file = xlsx(&form("@SUM(A1)", vec![hostile])).unwrap();
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"));
    let text = sheet_outline(&mut book(&file), "台账");
    assert!(
        text.contains(
            "=cmd|' /C calc'!A0 | =HYPERLINK(\"http://x.invalid\") | http://x.invalid | +1-1"
        ),
        "{text}"
    );
}

#[test]
fn xlsx_has_the_whole_first_and_then_each_unit() {
    let long = "安澜市人民政府信息与政务公开工作领导小组办公室（市政府办公室）工作专班";
    let forms = [
        form(long, vec![row("甲", "一")]),
        form(long, vec![row("乙", "二")]),
        form("a/b:[c]*?\\", vec![row("丙", "三")]),
        form("", vec![row("丁", "四")]),
        form("汇总", vec![row("戊", "五")]),
    ];
    let file = xlsx_all("市政府办公室", &forms).unwrap();
    let mut book = book(&file);
    assert_eq!(
        book.sheet_names(),
        [
            "汇总",
            "安澜市人民政府信息与政务公开工作领导小组办公室（市政府办公室）",
            "安澜市人民政府信息与政务公开工作领导小组办公室（市政府办（2）",
            "abc",
            "未填单位",
            "汇总（2）",
        ]
    );
    let whole = sheet_outline(&mut book, "汇总");
    assert!(whole.contains("填报单位（盖章）：市政府办公室"));
    for item in ["一", "二", "三", "四", "五"] {
        assert!(whole.contains(&format!(" | {item} | ")), "{whole}");
    }
    assert_eq!(xlsx_all("市政府办公室", &[]), Err(FormError::Nothing));
}

#[test]
fn a_long_report_takes_several_sheet_rows_and_loses_nothing() {
    let mut long = row("市司法局", "更新规章库");
    long.done = "已完成。".repeat(500);
    let file = xlsx(&form(
        "市司法局",
        vec![long.clone(), row("市司法局", "培训")],
    ))
    .unwrap();
    let mut book = book(&file);
    let range = book.worksheet_range("台账").unwrap();
    assert_eq!(range.get_value((4, 2)).unwrap().to_string(), long.done);
    let merges = book.merge_cells_by_sheet_name("台账").unwrap();
    let reach = |column| {
        let found = merges.iter().find(|merge| merge.start == (4, column));
        found.map(|merge| merge.end.0 - merge.start.0 + 1).unwrap()
    };
    assert_eq!(
        (reach(2), reach(1)),
        (6, 6),
        "2000 characters, 13 a line, are 154 lines of 15 points"
    );
    assert_eq!(reach(0), 7, "the unit's cell covers the next measure too");
    assert_eq!(range.get_value((10, 1)).unwrap().to_string(), "培训");
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    let heights = sheet
        .split(" ht=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    for height in heights {
        assert!(height.parse::<f64>().unwrap() <= 409.0, "{height}");
    }
}

#[test]
fn a_field_at_the_limit_passes_and_one_past_it_does_not() {
    let mut at = row("市司法局", "更新规章库");
    at.done = "字".repeat(FIELD_CHARS_MAX);
    assert!(xlsx(&form("市司法局", vec![at.clone()])).is_ok());
    at.done.push('字');
    let refused = xlsx(&form("市司法局", vec![row("a", "b"), at.clone()]));
    let expected = FormError::FieldTooLong {
        row: 2,
        column: "已落实事项情况".to_owned(),
        chars: FIELD_CHARS_MAX + 1,
    };
    assert_eq!(refused, Err(expected.clone()));
    assert_eq!(
        docx(&form("市司法局", vec![row("a", "b"), at])),
        Err(expected)
    );
}

#[test]
fn the_same_form_gives_the_same_spreadsheet() {
    assert_eq!(xlsx(&sample()), xlsx(&sample()));
}

#[test]
fn merged_form_keeps_the_latest_date_and_names_no_unit_s_reporter() {
    let mut later = form("市财政局", vec![row("市财政局", "二")]);
    later.filled_on = Some(jiff_date(2026, 10, 8));
    let merged = LedgerForm::merged("市政府办公室", &[form("市司法局", vec![]), later]).unwrap();
    assert_eq!(merged.filled_on, Some(jiff_date(2026, 10, 8)));
    assert_eq!(merged.unit, "市政府办公室");
    assert_eq!(merged.rows.len(), 1);
    let reporter = (merged.filled_by.as_str(), merged.contact.as_str());
    assert_eq!(reporter, ("", ""));
    for file in [docx(&merged).unwrap(), xlsx(&merged).unwrap()] {
        let read = crate::read(&file, &crate::Limits::default()).unwrap();
        let text = serde_json::to_string(&read.blocks).unwrap();
        assert!(
            text.contains("填报人：") && !text.contains("林知远") && !text.contains("0700-0000000"),
            "{text}"
        );
    }
}

#[test]
fn units_share_a_cell_only_with_neighbours_that_have_a_name() {
    let units = |names: &[&str]| {
        let rows: Vec<LedgerRow> = names.iter().map(|name| row(name, "")).collect();
        unit_spans(&rows)
    };
    assert_eq!(units(&["甲", "甲", "乙", "甲"]), [2, 0, 1, 1]);
    assert_eq!(units(&["", "", "甲 ", "甲"]), [1, 1, 2, 0]);
    assert_eq!(units(&[]), [0usize; 0]);
}

#[test]
fn typeset_data_has_plain_fields() {
    let data = typeset_data(&[form("市司法局", vec![row("市司法局", "培训")])]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&data).unwrap());
}
