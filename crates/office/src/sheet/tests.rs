use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Note, Workbook};

use super::{read_xls, read_xlsx};
use crate::block::{Block, Document, Table};
use crate::limits::Limits;

fn xlsx(write: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(&mut book);
    book.save_to_buffer().unwrap()
}

pub(crate) fn texts(document: &Document) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(p) => p.text.clone(),
        Block::Table(t) => sketch(t),
    };
    document.blocks.iter().map(block).collect()
}

fn sketch(table: &Table) -> String {
    let cell =
        |c: &crate::Cell| format!("{}@{}+{}×{}", c.text, c.column, c.column_span, c.row_span);
    let row = |row: &crate::Row| row.cells.iter().map(cell).collect::<Vec<_>>().join("|");
    table.rows.iter().map(row).collect::<Vec<_>>().join(" / ")
}

pub(crate) fn codes(document: &Document) -> Vec<(&str, u64)> {
    document
        .problems
        .iter()
        .map(|p| (p.code.as_str(), p.dropped_chars))
        .collect()
}

fn read(bytes: &[u8]) -> Document {
    read_xlsx(bytes, &Limits::default()).unwrap()
}

#[test]
fn a_plan_sheet_keeps_spans_numbers_and_dates() {
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet();
        let plain = CellFormat::new();
        sheet.merge_range(0, 0, 0, 3, "分工表", &plain).unwrap();
        for (column, text) in ["序号", "任务", "单位", "时限"].into_iter().enumerate() {
            sheet.write(1, column as u16, text).unwrap();
        }
        sheet.write(2, 0, 1).unwrap();
        sheet.write(2, 1, "公开\n规划").unwrap();
        sheet.merge_range(2, 2, 3, 2, "市局", &plain).unwrap();
        let date = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        sheet
            .write_with_format(2, 3, ExcelDateTime::from_ymd(2022, 12, 31).unwrap(), &date)
            .unwrap();
        sheet.write(3, 0, 2).unwrap();
        sheet.write(3, 1, "公开预算").unwrap();
        sheet
            .write_with_format(3, 3, 0.5, &CellFormat::new().set_num_format("0%"))
            .unwrap();
    });
    let got = read(&bytes);
    let want = "分工表@0+4×1 / 序号@0+1×1|任务@1+1×1|单位@2+1×1|时限@3+1×1 \
                / 1@0+1×1|公开\n规划@1+1×1|市局@2+1×2|2022年12月31日@3+1×1 / 2@0+1×1|公开预算@1+1×1|50%@3+1×1";
    assert_eq!(texts(&got), [want]);
    assert_eq!(codes(&got), []);
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    let place = table.rows[3].cells[1].place;
    assert_eq!(
        (place.table, place.row, place.column),
        (Some(1), Some(4), Some(2))
    );
}

#[test]
fn blank_cells_between_filled_ones_are_cells() {
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet();
        for (row, column, text) in [(0, 1, "甲"), (0, 3, "乙"), (5, 3, "丙")] {
            sheet.write(row, column, text).unwrap();
        }
    });
    assert_eq!(
        texts(&read(&bytes)),
        ["甲@0+1×1|乙@1+1×1 / @0+1×1|丙@1+1×1"]
    );
}

#[test]
fn several_sheets_are_named_and_hidden_ones_told() {
    let bytes = xlsx(|book| {
        book.add_worksheet()
            .set_name("一季度")
            .unwrap()
            .write(0, 0, "甲")
            .unwrap();
        book.add_worksheet().set_name("空").unwrap();
        book.add_worksheet()
            .set_name("二季度")
            .unwrap()
            .write(0, 0, "乙")
            .unwrap();
        book.add_worksheet()
            .set_name("草稿")
            .unwrap()
            .set_hidden(true)
            .write(0, 0, "不看")
            .unwrap();
    });
    let got = read(&bytes);
    assert_eq!(texts(&got), ["一季度", "甲@0+1×1", "二季度", "乙@0+1×1"]);
    assert_eq!(codes(&got), [("hidden-sheet", 2)]);
    assert_eq!(got.source_chars, 3 + 1 + 3 + 1 + 2);
}

#[test]
fn what_lies_beside_the_cells_is_told() {
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "甲").unwrap();
        sheet.write(1, 0, "乙").unwrap();
        sheet.write(1, 1, "丙").unwrap();
        sheet.set_row_hidden(1).unwrap();
        sheet
            .insert_note(0, 0, &Note::new("请核实").add_author_prefix(false))
            .unwrap();
    });
    let mut got = read(&bytes);
    got.problems.sort_by(|a, b| a.code.cmp(&b.code));
    let want = [("comment-dropped", 3), ("hidden-rows", 0)];
    assert_eq!(codes(&got), want);
    // each cell of the hidden row is marked, and no other
    let Some(Block::Table(table)) = got.blocks.first() else {
        panic!("a sheet is a table");
    };
    let doubtful = table
        .rows
        .iter()
        .map(|row| row.cells.iter().all(|c| c.doubtful));
    assert_eq!(doubtful.collect::<Vec<_>>(), [false, true]);
}

#[test]
fn hidden_columns_are_left_out_but_for_what_a_merged_region_shows() {
    let hide = |sheet: &mut rust_xlsxwriter::Worksheet| {
        sheet.set_column_hidden(0).unwrap();
        sheet.write(1, 0, "内部编号").unwrap();
    };
    let bytes = xlsx(|book| {
        let sheet = book.add_worksheet();
        hide(sheet);
        sheet
            .merge_range(0, 0, 0, 2, "分工表", &CellFormat::new())
            .unwrap();
        sheet.write(1, 1, "工作任务").unwrap();
        sheet.write(1, 2, "责任单位").unwrap();
    });
    let got = read(&bytes);
    assert_eq!(codes(&got), [("hidden-columns", 4)]);
    let text = format!("{:?}", got.blocks);
    assert!(text.contains("分工表") && text.contains("工作任务") && !text.contains("内部"));
    // nothing else is there: what is hidden is read
    let bytes = xlsx(|book| hide(book.add_worksheet()));
    let got = read(&bytes);
    assert!(got.problems.is_empty() && format!("{:?}", got.blocks).contains("内部编号"));
}

/// An XLSX by hand: the sheet's rows and what follows them.
fn by_hand(sheet_data: &str, after: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let sheet = format!("<worksheet><sheetData>{sheet_data}</sheetData>{after}</worksheet>");
    for (name, text) in [
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"表\" id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<R><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></R>",
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn inline(reference: &str, text: &str) -> String {
    format!("<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn a_sheet_spanning_all_cells_costs_what_it_holds() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"1048576\">{}</row>",
        inline("A1", "甲"),
        inline("XFD1048576", "乙")
    );
    let bytes = by_hand(
        &rows,
        "<mergeCells><mergeCell ref=\"A1:XFC1048575\"/></mergeCells>",
    );
    assert!(bytes.len() < 1_700);
    let got = read(&bytes);
    assert_eq!(texts(&got), ["甲@0+1×1|@1+1×1 / @0+1×1|乙@1+1×1"]);
}

#[test]
fn many_scattered_cells_are_refused() {
    let cell = |n: usize| inline(&format!("{}{}", ["A", "B", "C"][n % 3], n + 1), "x");
    let rows: String = (0..40)
        .map(|n| format!("<row r=\"{}\">{}</row>", n + 1, cell(n)))
        .collect();
    let limits = |cells, grid_slots| Limits {
        cells,
        grid_slots,
        ..Limits::default()
    };
    assert!(read_xlsx(&by_hand(&rows, ""), &limits(120, 120)).is_ok());
    assert_eq!(
        read_xlsx(&by_hand(&rows, ""), &limits(119, 1_000))
            .unwrap_err()
            .code,
        "too-large"
    );
    assert_eq!(
        read_xlsx(&by_hand(&rows, ""), &limits(1_000, 119))
            .unwrap_err()
            .code,
        "too-large"
    );
}

#[test]
fn overlapping_merges_do_not_lose_text() {
    let rows = format!(
        "<row>{}{}{}</row>",
        inline("A1", "甲"),
        inline("B1", "乙"),
        inline("C1", "丙")
    );
    let got = read(&by_hand(
        &rows,
        "<mergeCell ref=\"A1:B1\"/><mergeCell ref=\"B1:C1\"/>",
    ));
    assert_eq!(texts(&got), ["甲@0+1×1|丙@1+1×1"]);
    assert_eq!(codes(&got), [("merged-cell-text", 1)]);
}

#[test]
fn a_formula_without_stored_result_is_told() {
    let row = format!(
        "<row>{}<c><f>1+1</f></c><c><f>2</f><v>2</v></c></row>",
        inline("A1", "甲")
    );
    let got = read(&by_hand(&row, ""));
    assert_eq!(
        (texts(&got), codes(&got)),
        (
            vec!["甲@0+1×1|2@1+1×1".to_owned()],
            vec![("formula-without-value", 0)]
        )
    );
    assert!(
        got.problems[0].message.contains("的 B1是公式"),
        "{:?}",
        got.problems
    );
    assert_eq!(got.problems[0].place.column, Some(2));
    assert!(got.unseen_results().is_some_and(|why| why.contains("B1")));
}

#[test]
fn the_first_cells_without_results_are_named_and_an_empty_text_is_a_result() {
    let formula = |at: u32| format!("<row r=\"{at}\"><c r=\"AB{at}\"><f>1+1</f><v></v></c></row>");
    let rows: String = (1..=12).map(formula).collect();
    let got = read(&by_hand(
        &format!("{rows}<row>{}</row>", inline("A13", "甲")),
        "",
    ));
    let why = got.unseen_results().unwrap();
    assert!(
        why.contains("AB1、AB2、") && why.contains("AB10 等 12 格") && !why.contains("AB11"),
        "{why}"
    );
    let empty = "<row><c t=\"str\"><f>IF(1,\"\",2)</f><v></v></c><c><f>2</f><v>2</v></c></row>";
    let got = read(&by_hand(empty, ""));
    assert_eq!((codes(&got), got.unseen_results()), (Vec::new(), None));
}

#[test]
fn cells_without_references_follow_each_other() {
    let row = "<row><c><v>1</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row><row><c r=\"??\"><v>x</v></c></row>";
    assert_eq!(
        texts(&read(&by_hand(row, ""))),
        ["1@0+1×1|TRUE@1+1×1|#N/A@2+1×1 / x@0+1×1|@1+1×1|@2+1×1"]
    );
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [
        &kind.to_le_bytes()[..],
        &(data.len() as u16).to_le_bytes(),
        data,
    ]
    .concat()
}

fn words(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    std::iter::once(1)
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect()
}

/// A BIFF8 workbook with one sheet made of these records.
fn xls(sheet: &[Vec<u8>]) -> Vec<u8> {
    let bof = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let strings = [
        vec![2, 0, 0, 0, 2, 0, 0, 0],
        vec![2, 0],
        wide("单位"),
        vec![2, 0],
        wide("市局"),
    ]
    .concat();
    let date = [words(&[170]), words(&[10]), wide("yyyy-mm-dd")].concat();
    let mut globals = bof(5);
    globals.extend(record(0x041E, &date));
    globals.extend(record(0x00E0, &words(&[0, 0, 0])));
    globals.extend(record(0x00E0, &words(&[0, 170, 0])));
    globals.extend(record(0x00FC, &strings));
    let name = [vec![1], wide("表")].concat();
    let offset = globals.len() + 4 + 6 + name.len() + 4;
    globals.extend(record(
        0x0085,
        &[&(offset as u32).to_le_bytes()[..], &[0, 0], &name].concat(),
    ));
    globals.extend(record(0x000A, &[]));
    let stream = [globals, bof(0x10), sheet.concat(), record(0x000A, &[])].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook")
        .unwrap()
        .write_all(&stream)
        .unwrap();
    file.into_inner().into_inner()
}

#[test]
fn old_workbooks_give_the_same_cells() {
    let packed = |n: u32| (n << 2 | 2).to_le_bytes().to_vec();
    let bytes = xls(&[
        record(0x00FD, &[words(&[0, 0, 0]), vec![0, 0, 0, 0]].concat()),
        record(
            0x00BD,
            &[
                words(&[1, 0]),
                words(&[0]),
                packed(7),
                words(&[1]),
                packed(44_728),
                words(&[1]),
            ]
            .concat(),
        ),
        record(
            0x0203,
            &[words(&[1, 2, 0]), 2.5f64.to_le_bytes().to_vec()].concat(),
        ),
        record(
            0x0006,
            &[words(&[2, 0, 0]), vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]].concat(),
        ),
        record(0x0207, &[words(&[2]), wide("算得")].concat()),
        record(0x0204, &[words(&[2, 1, 0, 1]), wide("字")].concat()),
        record(0x0205, &[words(&[2, 2, 0]), vec![0x2A, 1]].concat()),
        record(0x00E5, &words(&[1, 0, 0, 0, 2])),
    ]);
    assert_eq!(crate::sniff::sniff(&bytes), crate::Sniffed::Xls);
    let got = read_xls(&bytes, &Limits::default()).unwrap();
    let want = "单位@0+3×1 / 7@0+1×1|2022-06-16@1+1×1|2.5@2+1×1 / 算得@0+1×1|字@1+1×1|#N/A@2+1×1";
    assert_eq!(texts(&got), [want]);
}

#[test]
fn protected_old_workbooks_say_so() {
    let mut stream = record(0x0809, &words(&[0x0600, 5]));
    stream.extend(record(0x002F, &[0; 6]));
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook")
        .unwrap()
        .write_all(&stream)
        .unwrap();
    let error = read_xls(&file.into_inner().into_inner(), &Limits::default()).unwrap_err();
    assert_eq!(error.code, "encrypted");
}

/// A workbook with something of everything, for the mutants.
pub(crate) fn sample() -> Vec<u8> {
    xlsx(|book| {
        let date = CellFormat::new().set_num_format("yyyy-mm-dd;@");
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 0, 2, "标题", &date).unwrap();
        sheet.merge_range(1, 0, 3, 0, "合并", &date).unwrap();
        sheet.write_with_format(1, 1, 44_728, &date).unwrap();
        sheet.write(2, 1, "文字").unwrap();
        sheet.write(3, 2, true).unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.insert_note(2, 1, &Note::new("批注")).unwrap();
        book.add_worksheet()
            .set_hidden(true)
            .write(0, 0, "隐")
            .unwrap();
    })
}

pub(crate) fn old_sample() -> Vec<u8> {
    let cell = |row: u16, column: u16| words(&[row, column, 1]);
    xls(&[
        record(0x00FD, &[cell(0, 0), vec![1, 0, 0, 0]].concat()),
        record(
            0x027E,
            &[cell(1, 1), 44_728u32.wrapping_shl(2).to_le_bytes().to_vec()].concat(),
        ),
        record(
            0x0203,
            &[cell(1, 2), 2.5f64.to_le_bytes().to_vec()].concat(),
        ),
        record(
            0x0006,
            &[cell(2, 0), vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0]].concat(),
        ),
        record(0x0207, &[words(&[2]), wide("算得")].concat()),
        record(0x0208, &words(&[2, 0, 3, 255, 0, 0, 0x20, 0])),
        record(0x007D, &words(&[1, 1, 0, 0, 1, 0])),
        record(0x00E5, &words(&[1, 0, 0, 0, 2])),
    ])
}
