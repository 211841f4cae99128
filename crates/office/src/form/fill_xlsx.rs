//! A sheet to fill in and send back: keys are locked and carry a visible code, the fields to fill are open.

use gongkai_basis::Date;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Format, FormatAlign, FormatBorder, Note,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::ledger_xlsx::{failed, properties};
use super::text::{printable, wrapped_lines};
use super::{FIELD_CHARS_MAX, FormError};

/// Heads in their order; the first three are locked.
pub const FILL_HEADS: [&str; 8] = [
    "行码",
    "具体工作事项",
    "完成时限",
    "已落实情况",
    "待完成计划",
    "完成情况",
    "计划完成时间",
    "没有佐证的原因",
];
const NOTES: [&str; 8] = [
    "系统用行码认行。请勿修改；整行排序、移动没有关系。",
    "方案原文，不必填写。",
    "方案规定的时限，不必填写。",
    "写已经做了什么、何时、结果如何。",
    "写还差什么、怎么做。报“已完成”时请清空。",
    "从下拉框选：进行中，或已完成。",
    "填日期，例：2026-09-30。",
    "报“已完成”又没有佐证材料时，写明原因。",
];
const WIDTHS: [u16; 8] = [17, 34, 13, 34, 26, 10, 13, 16];
const LOCKED_COLUMNS: u16 = 3;
const OUTCOME_COLUMN: u16 = 5;
const DATE_COLUMN: u16 = 6;
const LAST_COLUMN: u16 = 7;
const HEAD_ROW: u32 = 2;
const BODY_ROW: u32 = 3;
/// Points of a printed line and of a row at most; the format's own limit is 409.
const LINE_POINTS: usize = 15;
const ROW_POINTS_MAX: usize = 400;
const A4: u8 = 9;

/// One sheet to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillForm {
    pub title: String,
    pub unit: String,
    /// The day whose state it shows.
    pub made_on: Date,
    /// What the drop-down of 完成情况 offers.
    pub outcomes: Vec<String>,
    pub rows: Vec<FillRow>,
}

/// One row: what is locked, then what is there to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillRow {
    pub code: String,
    pub item: String,
    pub due_text: String,
    pub done: String,
    pub pending: String,
    pub outcome: String,
    pub planned_on: Option<Date>,
    pub no_evidence_why: String,
}

impl FillRow {
    fn texts(&self) -> [&str; 8] {
        [
            &self.code,
            &self.item,
            &self.due_text,
            &self.done,
            &self.pending,
            &self.outcome,
            "",
            &self.no_evidence_why,
        ]
    }
}

/// The workbook: 填写说明, then the sheet. No macro, no hidden column, no password.
///
/// # Errors
/// Nothing to fill in, or a text past what a cell holds.
pub fn fill_xlsx(form: &FillForm) -> Result<Vec<u8>, FormError> {
    if form.rows.is_empty() {
        return Err(FormError::Nothing);
    }
    for (index, row) in form.rows.iter().enumerate() {
        for (text, column) in row.texts().into_iter().zip(FILL_HEADS) {
            let chars = text.chars().count();
            if chars > FIELD_CHARS_MAX {
                return Err(FormError::FieldTooLong {
                    row: index + 1,
                    column: column.to_owned(),
                    chars,
                });
            }
        }
    }
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(Some(form.made_on)).map_err(failed)?);
    write_guide(workbook.add_worksheet()).map_err(failed)?;
    let sheet = workbook.add_worksheet();
    write_form(sheet, form).map_err(failed)?;
    workbook.save_to_buffer().map_err(failed)
}

fn write_guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let text = Format::new()
        .set_font_name("仿宋_GB2312")
        .set_font_size(14)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    sheet.set_name("填写说明")?;
    sheet.set_column_width(0, 90)?;
    let lines = [
        "1. 在“填报”工作表里填写后五列，存盘后在“我的任务—表格填报”上传。可用WPS、Excel、LibreOffice，存为xlsx、xls、csv都可以。",
        "2. 行码不要改。整行可以排序、移动、删除，删除的行在系统里保持不变；需要时先“审阅→撤销工作表保护”（没有密码）。",
        "3. 清空原来有字的格，上传后会列为“清空”，由您决定是否采用。",
        "4. 上传后先看逐格对照，再决定采用哪些行；下载后系统里有人改过的格会列为冲突，两边的文字都在。",
        "5. 例：已落实情况填“8月20日在门户网站公开规章12件”，完成情况选“已完成”。",
    ];
    for (row, line) in (0u32..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, &text)?;
        // Two lines: spreadsheets do not make room for wrapped text by themselves.
        sheet.set_row_height(row, 40)?;
    }
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_form(sheet: &mut Worksheet, form: &FillForm) -> Result<(), XlsxError> {
    let font = |name: &str, points: f64| {
        Format::new()
            .set_font_name(name)
            .set_font_size(points)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
    };
    sheet.set_name("填报")?.set_active(true);
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let title = font("方正小标宋简体", 18.0).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, LAST_COLUMN, &printable(&form.title), &title)?;
    sheet.set_row_height(0, 40)?;
    let unit = format!(
        "填报单位（盖章）：{}　　系统内容截至：{}　　共{}行",
        form.unit,
        form.made_on,
        form.rows.len()
    );
    let line = font("仿宋_GB2312", 12.0);
    sheet.merge_range(1, 0, 1, LAST_COLUMN, &printable(&unit), &line)?;
    sheet.set_row_height(1, 30)?;
    let head = font("黑体", 12.0)
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin);
    for (column, (name, note)) in (0u16..).zip(FILL_HEADS.into_iter().zip(NOTES)) {
        sheet.write_string_with_format(HEAD_ROW, column, name, &head)?;
        sheet.insert_note(
            HEAD_ROW,
            column,
            &Note::new(note).add_author_prefix(false).set_width(220),
        )?;
    }
    let body = font("仿宋_GB2312", 11.0)
        .set_border(FormatBorder::Thin)
        .set_num_format("@");
    let open = body.clone().set_unlocked();
    let date = open.clone().set_num_format("yyyy-mm-dd");
    let mut at = BODY_ROW;
    for row in &form.rows {
        for (column, text) in (0u16..).zip(row.texts()) {
            let format = if column < LOCKED_COLUMNS {
                &body
            } else {
                &open
            };
            sheet.write_string_with_format(at, column, printable(text), format)?;
        }
        match row.planned_on.map(excel_date).transpose()? {
            Some(day) => sheet.write_datetime_with_format(at, DATE_COLUMN, day, &date)?,
            None => sheet.write_blank(at, DATE_COLUMN, &date)?,
        };
        sheet.set_row_height(at, row_points(row) as f64)?;
        at += 1;
    }
    validate(sheet, form, at - 1)?;
    let allowed = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        delete_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&allowed);
    page_setup(sheet, at - 1)
}

fn excel_date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(date.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, date.month().unsigned_abs(), date.day().unsigned_abs())
}

fn validate(sheet: &mut Worksheet, form: &FillForm, last: u32) -> Result<(), XlsxError> {
    let outcomes = DataValidation::new()
        .allow_list_strings(&form.outcomes)?
        .set_error_message("请从下拉框选择。")?;
    sheet.add_data_validation(BODY_ROW, OUTCOME_COLUMN, last, OUTCOME_COLUMN, &outcomes)?;
    let days = DataValidation::new()
        .allow_date(DataValidationRule::Between(
            ExcelDateTime::from_ymd(2000, 1, 1)?,
            ExcelDateTime::from_ymd(2099, 12, 31)?,
        ))
        .set_error_message("请填日期，例：2026-09-30。")?;
    sheet.add_data_validation(BODY_ROW, DATE_COLUMN, last, DATE_COLUMN, &days)?;
    Ok(())
}

fn row_points(row: &FillRow) -> usize {
    let lines = row.texts().into_iter().zip(WIDTHS).map(|(text, width)| {
        // A tenth of the column is taken by padding and early breaks.
        wrapped_lines(&printable(text), usize::from(width) * 9 / 10)
    });
    (lines.max().unwrap_or(1) * LINE_POINTS + 8).min(ROW_POINTS_MAX)
}

fn page_setup(sheet: &mut Worksheet, last: u32) -> Result<(), XlsxError> {
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_footer("&C第 &P 页 共 &N 页");
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
    sheet.set_print_area(0, 0, last, LAST_COLUMN)?;
    sheet.set_freeze_panes(BODY_ROW, 1)?;
    Ok(())
}
