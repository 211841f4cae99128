//! Any list as a file: exactly the columns and rows that a person sees on the screen.

#[cfg(test)]
mod tests;

use rust_xlsxwriter::{
    Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::ledger_xlsx::{failed, properties};
use super::text::{half_widths, printable};
use super::{FIELD_CHARS_MAX, FormError, ROWS_MAX};

/// Narrowest and widest column, in characters of the default font.
const WIDTH_MIN: usize = 6;
const WIDTH_MAX: usize = 50;
/// Rows looked at when a column's width is chosen.
const WIDTH_SAMPLE_ROWS: usize = 200;
const HEAD_ROW: u32 = 1;
const A4: u8 = 9;

/// A list as XLSX: the title, the heads with a filter, every cell as text (codes keep their zeros).
/// Rows shorter than the heads are filled with blanks.
pub fn table_xlsx(
    title: &str,
    headers: &[&str],
    rows: &[Vec<String>],
) -> Result<Vec<u8>, FormError> {
    check(headers, rows)?;
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(None).map_err(failed)?);
    let sheet = workbook.add_worksheet();
    write_list(sheet, title, headers, rows).map_err(failed)?;
    workbook.save_to_buffer().map_err(failed)
}

/// A list as CSV: UTF-8 with a byte order mark (so that Excel reads Chinese), CRLF lines.
///
/// A cell that a spreadsheet would take for a formula (it begins with `=` `+` `-` `@`, their full-width forms, a tab or
/// a line break) gets an apostrophe in front; plain numbers such as `-3.5` stay numbers.
pub fn table_csv(headers: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, FormError> {
    check(headers, rows)?;
    let write = |error: csv::Error| FormError::Write(error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    writer
        .write_record(headers.iter().map(|text| guarded(text)))
        .map_err(write)?;
    for row in rows {
        let blanks = std::iter::repeat_n("", headers.len().saturating_sub(row.len()));
        let cells = row.iter().map(String::as_str).chain(blanks);
        writer.write_record(cells.map(guarded)).map_err(write)?;
    }
    writer
        .into_inner()
        .map_err(|error| FormError::Write(error.to_string()))
}

fn guarded(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    let number = text.parse::<f64>().is_ok_and(f64::is_finite);
    if risky && !number {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn check(headers: &[&str], rows: &[Vec<String>]) -> Result<(), FormError> {
    if headers.is_empty() {
        return Err(FormError::Nothing);
    }
    if rows.len() > ROWS_MAX {
        return Err(FormError::TooManyRows { rows: rows.len() });
    }
    for (index, row) in rows.iter().enumerate() {
        for (column, text) in row.iter().enumerate() {
            // Counting bytes first spares most cells the walk over their characters.
            if text.len() > FIELD_CHARS_MAX && text.chars().count() > FIELD_CHARS_MAX {
                return Err(FormError::FieldTooLong {
                    row: index + 1,
                    column: headers.get(column).copied().unwrap_or_default().to_owned(),
                    chars: text.chars().count(),
                });
            }
        }
    }
    Ok(())
}

fn write_list(
    sheet: &mut Worksheet,
    title: &str,
    headers: &[&str],
    rows: &[Vec<String>],
) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let body = Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Top)
        .set_num_format("@")
        .set_text_wrap();
    let columns = rows
        .iter()
        .map(Vec::len)
        .chain([headers.len()])
        .max()
        .unwrap_or(1);
    let last_column = u16::try_from(columns - 1).map_err(|_| XlsxError::RowColumnLimitError)?;
    let last_row =
        HEAD_ROW + u32::try_from(rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;

    let title_format = Format::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, printable(title), &title_format)?;
    for (column, name) in (0u16..).zip(headers) {
        sheet.write_string_with_format(HEAD_ROW, column, printable(name), &head)?;
        sheet.set_column_width(column, column_width(usize::from(column), name, rows))?;
    }
    for (row, cells) in (HEAD_ROW + 1..).zip(rows) {
        let texts = cells
            .iter()
            .map(String::as_str)
            .chain(std::iter::repeat(""));
        for (column, text) in (0..=last_column).zip(texts) {
            sheet.write_string_with_format(row, column, printable(text), &body)?;
        }
    }
    sheet.autofilter(HEAD_ROW, 0, last_row, last_column)?;
    sheet.ignore_error_range(
        HEAD_ROW,
        0,
        last_row,
        last_column,
        IgnoreError::NumberStoredAsText,
    )?;
    sheet.set_freeze_panes(HEAD_ROW + 1, 0)?;
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
    sheet.set_print_area(0, 0, last_row, last_column)?;
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_footer("&C第 &P 页 共 &N 页");
    Ok(())
}

fn column_width(column: usize, name: &str, rows: &[Vec<String>]) -> u32 {
    let texts = rows
        .iter()
        .take(WIDTH_SAMPLE_ROWS)
        .filter_map(|row| row.get(column));
    let lines = texts.flat_map(|text| text.split('\n')).chain([name]);
    let widest = lines.map(half_widths).max().unwrap_or(0);
    (widest + 2).clamp(WIDTH_MIN, WIDTH_MAX) as u32
}
