//! The bureau's plan as a spreadsheet: numbers and time limits in columns of their own, task and unit cells merged down.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::source::Plan;

const WIDTHS: [u16; 5] = [6, 18, 52, 26, 26];
const LAST_COLUMN: u16 = 4;
const HEAD_ROW: u32 = 2;

pub(crate) fn plan(plan: &Plan) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 4, 20)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet();
    sheet.set_name("任务分解表")?;
    fill(sheet, plan)?;
    workbook.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, plan: &Plan) -> Result<(), XlsxError> {
    let cell = Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let head = cell.clone().set_bold().set_align(FormatAlign::Center);
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center);
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.merge_range(0, 0, 0, LAST_COLUMN, &plan.title, &title)?;
    let note = format!(
        "{}填报单位：{}　{}",
        plan.mark, plan.notice.issuer, plan.notice.date
    );
    sheet.merge_range(1, 0, 1, LAST_COLUMN, &note, &Format::new().set_text_wrap())?;
    for (column, name) in (0u16..).zip(&plan.columns) {
        sheet.write_string_with_format(HEAD_ROW, column, name, &head)?;
    }
    let mut above = "";
    for (row, ((section, _, item), span)) in
        (HEAD_ROW + 1..).zip(plan.items().zip(plan.unit_spans()))
    {
        sheet.write_number_with_format(row, 0, item.no, &cell)?;
        if section.name != above {
            down(sheet, row, 1, section.len(), &section.name, &cell)?;
            above = &section.name;
        }
        sheet.write_string_with_format(row, 2, &item.text, &cell)?;
        down(
            sheet,
            row,
            3,
            span,
            item.units.as_deref().unwrap_or_default(),
            &cell,
        )?;
        sheet.write_string_with_format(row, 4, &item.due, &cell)?;
    }
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
    Ok(())
}

/// A cell that reaches down over `span` rows; 0 is covered by the cell above.
fn down(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    span: usize,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match u32::try_from(span).unwrap_or(1) {
        0 => {}
        1 => {
            sheet.write_string_with_format(row, column, text, format)?;
        }
        span => {
            sheet.merge_range(row, column, row + span - 1, column, text, format)?;
        }
    }
    Ok(())
}
