//! The file that comes back: the sheet that left, its rows moved and written over, or the rows in a workbook of people's
//! own. Then through the real LibreOffice, where there is one.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use gongkai_basis::Date;
use gongkai_office::form::FILL_HEADS;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::Random;
use crate::exchange::Field;
use crate::exchange::sheet::FilledRow;

/// Where `fill_xlsx` puts the sheet to fill in, and the first row under its heads.
const PART: &str = "xl/worksheets/sheet2.xml";
const FIRST_ROW: usize = 4;
const LETTERS: [&str; FILL_HEADS.len()] = ["A", "B", "C", "D", "E", "F", "G", "H"];

fn field(head: &str) -> Option<Field> {
    Field::ALL.into_iter().find(|field| field.name() == head)
}

/// What stands in a row under a head.
fn text(row: &FilledRow, head: &str) -> String {
    match field(head) {
        Some(field) => row.fields[&field].clone(),
        None if head == "行码" => row.code.clone(),
        None if head == "具体工作事项" => row.item.clone().unwrap(),
        None => row.due.clone().unwrap(),
    }
}

/// A day as a spreadsheet counts it.
fn serial(date: Date) -> i32 {
    let zero = Date::new(1899, 12, 30).unwrap();
    zero.until((jiff::Unit::Day, date)).unwrap().get_days()
}

/// A day as a cell: text as people write it, the bare serial number, or a real date.
fn write_day(sheet: &mut Worksheet, at: (u32, u16), text: &str, random: &mut Random) {
    let Ok(date) = text.parse::<Date>() else {
        sheet.write_string(at.0, at.1, text).unwrap();
        return;
    };
    let (year, month, day) = (date.year(), date.month(), date.day());
    match random.next(4) {
        0 => sheet.write_string(at.0, at.1, format!("{year}年{month}月{day}日")),
        1 => sheet.write_string(at.0, at.1, format!("{year}/{month}/{day}")),
        2 => sheet.write_number(at.0, at.1, f64::from(serial(date))),
        _ => {
            let format = Format::new().set_num_format("yyyy/m/d");
            let when = ExcelDateTime::from_ymd(
                year.unsigned_abs(),
                month.unsigned_abs(),
                day.unsigned_abs(),
            )
            .unwrap();
            sheet.write_datetime_with_format(at.0, at.1, when, &format)
        }
    }
    .unwrap();
}

/// The rows in another workbook: columns in any order, lines between them, blanks at the ends of cells.
pub(super) fn bare(rows: &[FilledRow], random: &mut Random) -> Vec<u8> {
    let mut heads = FILL_HEADS;
    random.shuffle(&mut heads);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut line = u32::try_from(random.next(4)).unwrap();
    for (at, head) in (0u16..).zip(heads) {
        sheet.write_string(line, at, head).unwrap();
    }
    for row in rows {
        line += 1;
        if random.next(5) == 0 {
            line += 1;
        }
        for (at, head) in (0u16..).zip(heads) {
            let text = text(row, head);
            if field(head) == Some(Field::PlannedOn) {
                write_day(sheet, (line, at), &text, random);
                continue;
            }
            let blank = ["", " ", "\n"][random.next(3)];
            let text = if head == "行码" {
                format!(" {}", text.to_lowercase())
            } else {
                format!("{text}{blank}")
            };
            sheet.write_string(line, at, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The sheet that left with these rows in it: protection, drop-downs, notes, merged titles, styles stay as they were.
pub(super) fn as_it_left(left: &[u8], rows: &[FilledRow], random: &mut Random) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(left)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut written = false;
    for nth in 0..from.len() {
        let mut part = from.by_index(nth).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name == PART {
            let sheet = String::from_utf8(bytes).unwrap();
            for kept in ["<sheetProtection ", "<mergeCell ", "<dataValidation "] {
                assert!(sheet.contains(kept), "{kept} in {sheet}");
            }
            bytes = with_rows(&sheet, rows, random).into_bytes();
            written = true;
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(&bytes).unwrap();
    }
    assert!(written, "the sheet to fill in is no longer {PART}");
    to.finish().unwrap().into_inner()
}

/// The sheet's XML with other rows under the same heads, each cell in the style of its column.
fn with_rows(sheet: &str, rows: &[FilledRow], random: &mut Random) -> String {
    let start = sheet.find(&format!("<row r=\"{FIRST_ROW}\"")).unwrap();
    let end = sheet.find("</sheetData>").unwrap();
    let styles = LETTERS.map(|letter| {
        let cell = format!("<c r=\"{letter}{FIRST_ROW}\" s=\"");
        let (_, after) = sheet.split_once(&cell).unwrap();
        after.split_once('"').unwrap().0
    });
    let mut lines = String::new();
    let mut line = FIRST_ROW;
    for row in rows {
        if random.next(5) == 0 {
            line += 1;
        }
        write!(lines, "<row r=\"{line}\">").unwrap();
        for ((letter, style), head) in LETTERS.iter().zip(styles).zip(FILL_HEADS) {
            let at = format!("r=\"{letter}{line}\" s=\"{style}\"");
            lines.push_str(&cell(&at, head, &text(row, head), random));
        }
        lines.push_str("</row>");
        line += 1;
    }
    let dimension = format!("<dimension ref=\"A1:H{line}\"/>");
    let (before, after) = sheet[..start].split_once("<dimension ").unwrap();
    let (_, after) = after.split_once("/>").unwrap();
    format!("{before}{dimension}{after}{lines}{}", &sheet[end..])
}

fn cell(at: &str, head: &str, text: &str, random: &mut Random) -> String {
    if text.is_empty() {
        return format!("<c {at}/>");
    }
    let day = text.parse::<Date>().ok();
    let day = day.filter(|_| field(head) == Some(Field::PlannedOn));
    let written = match (day, random.next(3)) {
        (Some(day), 0) => return format!("<c {at}><v>{}</v></c>", serial(day)),
        (Some(day), 1) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        (Some(day), _) => format!("{}/{}/{}", day.year(), day.month(), day.day()),
        (None, _) => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
    };
    format!("<c {at} t=\"inlineStr\"><is><t xml:space=\"preserve\">{written}</t></is></c>")
}

/// Through the real program, where there is one; `xtask` says when there is none, and `faults --full` demands it.
pub(super) fn through_office(bytes: Vec<u8>, folder: &Path) -> Vec<u8> {
    let Some(office) = std::env::var_os("GONGKAI_SOFFICE") else {
        // Where everything is proved, what cannot be asked is a failure and not a silence.
        assert!(std::env::var_os("CI").is_none(), "no LibreOffice here");
        return bytes;
    };
    let (from, to) = (folder.join("in.xlsx"), folder.join("out"));
    std::fs::write(&from, bytes).unwrap();
    // One for all sheets: making it takes longer than the work.
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.with_file_name("profile").display()
    );
    let done = Command::new(office)
        .args([&profile, "--headless", "--convert-to", "xlsx", "--outdir"])
        .args([&to, &from])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    std::fs::read(to.join("in.xlsx")).unwrap()
}
