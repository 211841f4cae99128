//! The ledger as XLSX: the same form, ready to print, nothing hidden.
//!
//! A sheet row is at most 409 points high, so a long report takes several sheet rows that are merged into one cell.

use gongkai_basis::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::text::{printable, wrapped_lines};
use super::{
    COLUMNS, FormError, LedgerForm, LedgerRow, PROGRESS, PROGRESS_COLUMNS, printed_rows, unit_spans,
};

/// Column widths in characters of the default font, in the proportions of the printed form.
const WIDTHS: [u16; 7] = [16, 30, 30, 20, 13, 12, 14];
const LAST_COLUMN: u16 = 6;
const TITLE_ROW: u32 = 0;
const UNIT_ROW: u32 = 1;
const HEAD_ROW: u32 = 2;
const BODY_ROW: u32 = 4;
/// Points of one printed line in a body cell, and of the space around the text.
const LINE_POINTS: usize = 15;
const PADDING_POINTS: usize = 8;
/// Points a sheet row may be high; the format's own limit is 409.
const ROW_POINTS_MAX: usize = 400;
/// Characters of a sheet's name.
const SHEET_NAME_MAX: usize = 31;
const A4: u8 = 9;
/// Name of the sheet that holds every unit's rows.
const WHOLE: &str = "汇总";

/// One ledger as an XLSX file with one sheet.
pub fn xlsx(form: &LedgerForm) -> Result<Vec<u8>, FormError> {
    save(&[("台账".to_owned(), form.clone())])
}

/// Several ledgers in one XLSX file: first all rows together as reported by `whole_unit`, then one sheet for each.
pub fn xlsx_all(whole_unit: &str, forms: &[LedgerForm]) -> Result<Vec<u8>, FormError> {
    let whole = LedgerForm::merged(whole_unit, forms).ok_or(FormError::Nothing)?;
    let mut sheets = vec![(WHOLE.to_owned(), whole)];
    for form in forms {
        let taken: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
        sheets.push((sheet_name(&form.unit, &taken), form.clone()));
    }
    save(&sheets)
}

fn save(sheets: &[(String, LedgerForm)]) -> Result<Vec<u8>, FormError> {
    let mut workbook = Workbook::new();
    let filled_on = sheets.first().and_then(|(_, form)| form.filled_on);
    workbook.set_properties(&properties(filled_on).map_err(failed)?);
    for (name, form) in sheets {
        form.check()?;
        let sheet = workbook.add_worksheet();
        sheet.set_name(name.as_str()).map_err(failed)?;
        write_form(sheet, form).map_err(failed)?;
    }
    workbook.save_to_buffer().map_err(failed)
}

pub(super) fn failed(error: XlsxError) -> FormError {
    FormError::Write(error.to_string())
}

/// The file's date is the form's, so that the same form gives the same bytes; without one it is a fixed day.
pub(super) fn properties(filled_on: Option<Date>) -> Result<DocProperties, XlsxError> {
    let (year, month, day) =
        filled_on.map_or((2000, 1, 1), |date| (date.year(), date.month(), date.day()));
    let year = u16::try_from(year).unwrap_or(2000);
    let created = ExcelDateTime::from_ymd(year, month.unsigned_abs(), day.unsigned_abs())?;
    Ok(DocProperties::new().set_creation_datetime(&created))
}

/// A unit's name as a sheet's name: without `[]:*?/\`, at most 31 characters, not yet taken.
fn sheet_name(unit: &str, taken: &[&str]) -> String {
    let plain: String = printable(unit)
        .chars()
        .filter(|c| !"[]:*?/\\'\n\t".contains(*c))
        .collect();
    let plain = if plain.trim().is_empty() {
        "未填单位"
    } else {
        plain.trim()
    };
    let free = |name: &String| {
        !taken
            .iter()
            .any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let shortened = |tail: &str| -> String {
        let room = SHEET_NAME_MAX - tail.chars().count();
        plain.chars().take(room).chain(tail.chars()).collect()
    };
    std::iter::once(shortened(""))
        .chain((2..).map(|number| shortened(&format!("（{number}）"))))
        .find(free)
        .unwrap_or_default()
}

struct Formats {
    title: Format,
    line: Format,
    line_right: Format,
    head: Format,
    prose: Format,
    short: Format,
}

impl Formats {
    fn new() -> Self {
        let text = |font: &str, points: f64| {
            Format::new()
                .set_font_name(font)
                .set_font_size(points)
                .set_text_wrap()
        };
        let ruled = |format: Format| {
            format
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
        };
        Self {
            title: text("方正小标宋简体", 20.0)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            line: text("仿宋_GB2312", 14.0).set_align(FormatAlign::VerticalCenter),
            line_right: text("仿宋_GB2312", 14.0)
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Right),
            head: ruled(text("黑体", 12.0)).set_align(FormatAlign::Center),
            // Number format @ keeps what a person types into the cell later as text, too.
            prose: ruled(text("仿宋_GB2312", 11.0)).set_num_format("@"),
            short: ruled(text("仿宋_GB2312", 11.0))
                .set_num_format("@")
                .set_align(FormatAlign::Center),
        }
    }
}

fn write_form(sheet: &mut Worksheet, form: &LedgerForm) -> Result<(), XlsxError> {
    let formats = Formats::new();
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let title = printable(&form.title);
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, LAST_COLUMN, &title, &formats.title)?;
    sheet.set_row_height(TITLE_ROW, 54)?;
    let unit = printable(&format!("填报单位（盖章）：{}", form.unit));
    sheet.merge_range(UNIT_ROW, 0, UNIT_ROW, 3, &unit, &formats.line)?;
    let filled_on = format!("填报日期：{}", form.filled_on_text());
    sheet.merge_range(
        UNIT_ROW,
        4,
        UNIT_ROW,
        LAST_COLUMN,
        &filled_on,
        &formats.line_right,
    )?;
    // Room for the seal, which lies over the unit's name.
    sheet.set_row_height(UNIT_ROW, 60)?;
    write_head(sheet, &formats)?;
    let foot = write_body(sheet, form, &formats)?;
    let by = printable(&format!("填报人：{}", form.filled_by));
    sheet.merge_range(foot, 0, foot, 2, &by, &formats.line)?;
    let contact = printable(&format!("联系方式：{}", form.contact));
    sheet.merge_range(foot, 3, foot, LAST_COLUMN, &contact, &formats.line)?;
    sheet.set_row_height(foot, 36)?;
    page_setup(sheet, foot)
}

fn write_head(sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
    let (upper, lower) = (HEAD_ROW, HEAD_ROW + 1);
    for (column, (index, name)) in (0u16..).zip(COLUMNS.into_iter().enumerate()) {
        if PROGRESS_COLUMNS.contains(&index) {
            sheet.write_string_with_format(lower, column, name, &formats.head)?;
        } else {
            sheet.merge_range(upper, column, lower, column, name, &formats.head)?;
        }
    }
    let (first, last) = (
        *PROGRESS_COLUMNS.start() as u16,
        *PROGRESS_COLUMNS.end() as u16,
    );
    sheet.merge_range(upper, first, upper, last, PROGRESS, &formats.head)?;
    sheet.set_row_height(upper, 24)?;
    sheet.set_row_height(lower, 24)?;
    Ok(())
}

/// Writes the rows and gives the sheet row after them.
fn write_body(
    sheet: &mut Worksheet,
    form: &LedgerForm,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let rows = printed_rows(form);
    let spans = unit_spans(&rows);
    let heights = row_heights(&rows, &spans);
    // How many sheet rows each ledger row takes.
    let parts: Vec<u32> = heights
        .iter()
        .map(|points| points.div_ceil(ROW_POINTS_MAX) as u32)
        .collect();
    let mut at = BODY_ROW;
    for (index, row) in rows.iter().enumerate() {
        let (Some(&part), Some(&height), Some(&span)) =
            (parts.get(index), heights.get(index), spans.get(index))
        else {
            continue;
        };
        for (column, text) in (0u16..).zip(row.texts()) {
            let format = if matches!(column, 0 | 4) {
                &formats.short
            } else {
                &formats.prose
            };
            let reach = match (column, span) {
                (0, 0) => continue,
                (0, _) => parts.iter().skip(index).take(span).sum(),
                _ => part,
            };
            write_cell(sheet, at, column, reach, &printable(text), format)?;
        }
        for row in at..at + part {
            sheet.set_row_height(row, height as f64 / f64::from(part))?;
        }
        at += part;
    }
    Ok(at)
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    reach: u32,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if reach > 1 {
        sheet.merge_range(row, column, row + reach - 1, column, text, format)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// Height of each row in points, from the longest of its cells; a merged unit cell stretches the last row it covers.
/// Spreadsheet programs do not fit rows to merged cells by themselves.
fn row_heights(rows: &[LedgerRow], spans: &[usize]) -> Vec<usize> {
    let points = |text: &str, width: u16| {
        // A tenth of the column is taken by its padding and by lines that break early at punctuation.
        wrapped_lines(&printable(text), usize::from(width) * 9 / 10) * LINE_POINTS + PADDING_POINTS
    };
    let mut heights: Vec<usize> = rows
        .iter()
        .map(|row| {
            let cells = row.texts().into_iter().zip(WIDTHS).skip(1);
            cells
                .map(|(text, width)| points(text, width))
                .max()
                .unwrap_or(0)
        })
        .collect();
    for (index, &span) in spans.iter().enumerate() {
        let (Some(row), Some(group)) = (rows.get(index), heights.get_mut(index..index + span))
        else {
            continue;
        };
        let missing = points(&row.unit, WIDTHS[0]).saturating_sub(group.iter().sum());
        if let Some(last) = group.last_mut() {
            *last += missing;
        }
    }
    heights
}

fn page_setup(sheet: &mut Worksheet, last_row: u32) -> Result<(), XlsxError> {
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_margins(0.79, 0.79, 0.94, 0.79, 0.3, 0.47)
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_footer("&C第 &P 页 共 &N 页");
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW + 1)?;
    sheet.set_print_area(0, 0, last_row, LAST_COLUMN)?;
    sheet.set_freeze_panes(BODY_ROW, 1)?;
    Ok(())
}
