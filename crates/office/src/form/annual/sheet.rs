//! The report as XLSX: the whole on one sheet, whose tables share one grid.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Annual, SpanTable};
use crate::form::FormError;
use crate::form::ledger_xlsx::{failed, properties};
use crate::form::text::{printable, wrapped_lines};

/// Half-width columns of a sheet that a part of a table's width takes: the whole is about a page.
const SHEET_COLUMNS: u32 = 100;
/// Points of one printed line in a sheet.
const LINE_POINTS: usize = 15;
/// Points a sheet row may be high.
const ROW_POINTS_MAX: usize = 400;
/// Columns of the sheet's grid: all tables share it.
const GRID_COLUMNS: u16 = 30;

impl Annual {
    /// The whole report on one sheet; numbers are numbers.
    ///
    /// # Errors
    /// When the file cannot be put together.
    pub fn xlsx(&self) -> Result<Vec<u8>, FormError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(None).map_err(failed)?);
        let sheet = workbook.add_worksheet();
        self.write(sheet).map_err(failed)?;
        workbook.save_to_buffer().map_err(failed)
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let formats = Formats::new();
        sheet.set_name("年度报告")?;
        for column in 0..GRID_COLUMNS {
            sheet.set_column_width(column, f64::from(SHEET_COLUMNS) / f64::from(GRID_COLUMNS))?;
        }
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        let mut row = 0;
        prose(sheet, &mut row, &self.title, &formats.title)?;
        for part in &self.parts {
            prose(sheet, &mut row, &part.heading, &formats.heading)?;
            for text in &part.paragraphs {
                prose(sheet, &mut row, text, &formats.prose)?;
            }
            if let Some(table) = &part.table {
                table_rows(sheet, &mut row, table, &formats)?;
            }
        }
        for line in [&self.signed, &self.dated] {
            if !line.is_empty() {
                prose(sheet, &mut row, line, &formats.right)?;
            }
        }
        Ok(())
    }
}

struct Formats {
    title: Format,
    heading: Format,
    prose: Format,
    right: Format,
    label: Format,
    value: Format,
}

impl Formats {
    fn new() -> Self {
        let base = || {
            Format::new()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
        };
        let ruled = || {
            base()
                .set_align(FormatAlign::Center)
                .set_border(FormatBorder::Thin)
        };
        Self {
            title: base()
                .set_align(FormatAlign::Center)
                .set_bold()
                .set_font_size(16),
            heading: base().set_bold(),
            prose: base(),
            right: base().set_align(FormatAlign::Right),
            label: ruled().set_bold(),
            value: ruled(),
        }
    }
}

/// A paragraph over the whole width; a long one takes several rows that are merged.
fn prose(
    sheet: &mut Worksheet,
    row: &mut u32,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text = printable(text);
    let lines = wrapped_lines(&text, SHEET_COLUMNS as usize - 4).max(1);
    let points = lines * LINE_POINTS + 6;
    let rows = points.div_ceil(ROW_POINTS_MAX);
    let last = *row + u32::try_from(rows.saturating_sub(1)).unwrap_or(0);
    for at in *row..=last {
        sheet.set_row_height(at, u32::try_from(points / rows).unwrap_or(15))?;
    }
    sheet.merge_range(*row, 0, last, GRID_COLUMNS - 1, &text, format)?;
    *row = last + 1;
    Ok(())
}

/// Which columns of the sheet a column of the table takes: from, and how many.
fn grid_columns(table: &SpanTable) -> Vec<(u16, u16)> {
    let whole: u32 = table.widths.iter().sum::<u32>().max(1);
    let mut from = 0_u32;
    let mut sum = 0_u32;
    let left = u32::try_from(table.widths.len()).unwrap_or(0);
    let mut found = Vec::with_capacity(table.widths.len());
    for (at, width) in (1..).zip(&table.widths) {
        sum += width;
        let wanted = u32::from(GRID_COLUMNS) * sum / whole;
        // Every column gets one at least, and leaves one for each that follows.
        let to = wanted
            .max(from + 1)
            .min(u32::from(GRID_COLUMNS) - (left - at));
        found.push((
            u16::try_from(from).unwrap_or(0),
            u16::try_from(to.saturating_sub(from)).unwrap_or(1).max(1),
        ));
        from = to;
    }
    found
}

fn table_rows(
    sheet: &mut Worksheet,
    row: &mut u32,
    table: &SpanTable,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let columns = grid_columns(table);
    for (at, line) in table.laid().places.iter().enumerate() {
        let top = *row + u32::try_from(at).unwrap_or(0);
        let mut lines = 1;
        for (column, place) in line.iter().enumerate() {
            let Some((cell, true, true)) = place else {
                continue;
            };
            let spans: Vec<(u16, u16)> = columns
                .iter()
                .skip(column)
                .take(cell.columns)
                .copied()
                .collect();
            let (from, _) = spans.first().copied().unwrap_or((0, 1));
            let wide: u16 = spans.iter().map(|(_, wide)| wide).sum();
            let (bottom, right) = (
                top + u32::try_from(cell.rows - 1).unwrap_or(0),
                from + wide.saturating_sub(1),
            );
            let format = if cell.label {
                &formats.label
            } else {
                &formats.value
            };
            let text = printable(&cell.text);
            if cell.rows == 1 {
                let half = usize::from(wide) * SHEET_COLUMNS as usize / usize::from(GRID_COLUMNS);
                lines = lines.max(wrapped_lines(&text, half.saturating_sub(1)));
            }
            if bottom > top || right > from {
                sheet.merge_range(top, from, bottom, right, &text, format)?;
            }
            match text.parse::<f64>() {
                Ok(number) if !cell.label => {
                    sheet.write_number_with_format(top, from, number, format)?
                }
                _ => sheet.write_string_with_format(top, from, &text, format)?,
            };
        }
        let points = (lines * LINE_POINTS + 4).min(ROW_POINTS_MAX);
        sheet.set_row_height(top, u32::try_from(points).unwrap_or(15))?;
    }
    *row += u32::try_from(table.rows.len()).unwrap_or(0) + 1;
    Ok(())
}
