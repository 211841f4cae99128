//! The sheet as a spreadsheet with merged ranges; the reply form is a second sheet.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::rows::{Pages, Slot};
use super::sheet::{Align, Kind, Line, Sheet};

/// With broken pages the head row is printed again after each break.
pub fn xlsx(sheet: &Sheet, pages: Pages) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let mut printer = Printer {
        sheet: workbook.add_worksheet(),
        columns: u16::try_from(sheet.columns.len()).unwrap_or(1),
        row: 0,
    };
    printer.sheet.set_name("分工方案")?;
    printer.document(sheet, pages)?;
    if sheet.form {
        form(workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

struct Printer<'a> {
    sheet: &'a mut Worksheet,
    columns: u16,
    /// The row to write next.
    row: u32,
}

impl Printer<'_> {
    fn document(&mut self, sheet: &Sheet, pages: Pages) -> Result<(), XlsxError> {
        for (column, kind) in (0u16..).zip(sheet.columns.iter().map(|column| column.kind)) {
            let width = match kind {
                Kind::Number => 6,
                Kind::Section | Kind::Group | Kind::Due => 18,
                Kind::Text => 56,
                Kind::Units => 28,
            };
            self.sheet.set_column_width(column, width)?;
        }
        for line in &sheet.notice {
            self.line(line)?;
        }
        let title = Format::new()
            .set_bold()
            .set_font_size(18)
            .set_text_wrap()
            .set_align(FormatAlign::Center);
        if !sheet.title.is_empty() {
            self.across(&sheet.title.join("\n"), &title)?;
        }
        self.table(sheet, pages)?;
        for line in sheet
            .closing
            .iter()
            .take_while(|line| !sheet.form || !line.text.starts_with("附件"))
        {
            self.line(line)?;
        }
        Ok(())
    }

    fn table(&mut self, sheet: &Sheet, pages: Pages) -> Result<(), XlsxError> {
        let body = Format::new()
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let head = body.clone().set_bold().set_align(FormatAlign::Center);
        let mut breaks = Vec::new();
        for (index, row) in sheet.rows(pages).iter().enumerate() {
            if row.opens_page {
                if index == 0 {
                    self.sheet.set_repeat_rows(self.row, self.row)?;
                } else {
                    breaks.push(self.row);
                }
                for (column, name) in (0u16..).zip(sheet.columns.iter().map(|column| &column.name))
                {
                    self.sheet
                        .write_string_with_format(self.row, column, name, &head)?;
                }
                self.row += 1;
            }
            for (column, slot) in (0u16..).zip(&row.slots) {
                self.slot(column, slot, &body)?;
            }
            self.row += 1;
        }
        self.sheet.set_page_breaks(&breaks)?;
        Ok(())
    }

    fn slot(&mut self, column: u16, slot: &Slot, format: &Format) -> Result<(), XlsxError> {
        let Slot::Cell { text, down, across } = slot else {
            return Ok(());
        };
        let last_row = self.row + u32::try_from(*down).unwrap_or(1) - 1;
        let last_column = column + u16::try_from(*across).unwrap_or(1) - 1;
        if (last_row, last_column) == (self.row, column) {
            self.sheet
                .write_string_with_format(self.row, column, text, format)?;
        } else {
            self.sheet
                .merge_range(self.row, column, last_row, last_column, text, format)?;
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), XlsxError> {
        let align = match line.align {
            Align::Body => FormatAlign::Left,
            Align::Center => FormatAlign::Center,
            Align::Right => FormatAlign::Right,
        };
        self.across(&line.text, &Format::new().set_text_wrap().set_align(align))
    }

    fn across(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet
            .merge_range(self.row, 0, self.row, self.columns - 1, text, format)?;
        self.row += 1;
        Ok(())
    }
}

/// The reply form of the annex, empty, with its head over two rows.
fn form(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Center);
    let plain = Format::new();
    sheet.set_name("附件")?;
    sheet.merge_range(
        0,
        0,
        0,
        6,
        "政务公开工作要点分工方案落实及“回头看”工作台账",
        &head,
    )?;
    sheet.merge_range(
        1,
        0,
        1,
        6,
        "填报单位（盖章）：　　　　填报日期：　年　月　日",
        &plain,
    )?;
    for (column, name) in [
        (0, "落实单位名称"),
        (1, "具体工作事项"),
        (4, "完成时限"),
        (5, "回头看“事项”"),
        (6, "未完成事项整改落实情况"),
    ] {
        sheet.merge_range(2, column, 3, column, name, &head)?;
    }
    sheet.merge_range(2, 2, 2, 3, "具体工作事项进度", &head)?;
    sheet.write_string_with_format(3, 2, "已落实事项情况", &head)?;
    sheet.write_string_with_format(3, 3, "待完成事项计划", &head)?;
    for row in 4..8 {
        for column in 0..7 {
            sheet.write_blank(row, column, &head)?;
        }
    }
    sheet.merge_range(8, 0, 8, 6, "填报人：　　　　　联系方式：", &plain)?;
    Ok(())
}
