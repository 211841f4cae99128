//! Spreadsheets: XLSX, XLS, the XML of Excel 2003 and ODS give the same cells, and those become one table a sheet.
//!
//! All readers stream cells and keep only filled ones, so that a sheet costs what it holds and not what it spans.

mod biff;
mod date;
mod format;
mod ods;
mod old_xml;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod xls;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet};

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::Collector;
use crate::count::readable_chars;
use crate::limits::Limits;
use crate::refusal::{empty, too_large};
#[cfg(test)]
pub(crate) use ods::tests::sample as ods_sample;
#[cfg(test)]
pub(crate) use old_xml::tests::sample as old_xml_sample;

/// Sheets of one workbook.
const SHEETS_MAX: usize = 256;
/// Cells with a formula and no result that are named.
const CELLS_NAMED: usize = 10;
/// Rows and columns of one sheet; a spreadsheet has no more.
const ROWS_MAX: u32 = 1_048_576;
const COLUMNS_MAX: u32 = 16_384;
/// Merged regions of one sheet.
const MERGES_MAX: usize = 100_000;

/// One worksheet as a person sees it. Rows and columns count from 0.
#[derive(Default)]
struct Sheet {
    name: String,
    hidden: bool,
    cells: BTreeMap<(u32, u32), String>,
    merges: Vec<Merge>,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: Vec<(u32, u32)>,
    /// How many formulas there are whose result was never stored, and the cells of the first.
    uncalculated: usize,
    uncalculated_at: Vec<(u32, u32)>,
}

impl Sheet {
    fn merge(&mut self, region: Merge) -> Result<(), Unreadable> {
        if self.merges.len() >= MERGES_MAX {
            return Err(too_large(&format!("合并单元格超过 {MERGES_MAX} 处")));
        }
        self.merges.push(region);
        Ok(())
    }

    /// Counts a formula whose result was never stored; the cells of the first are named.
    fn note_uncalculated(&mut self, row: u32, column: u32) {
        self.uncalculated += 1;
        if self.uncalculated <= CELLS_NAMED {
            self.uncalculated_at.push((row, column));
        }
    }

    /// Which of the rows that hold something lie in hidden stretches (first and last row, in order): one may claim a
    /// million rows that hold nothing.
    fn hide_rows(&mut self, stretches: &[(u32, u32)]) {
        let is_hidden = |row: &u32| {
            let begun = stretches.partition_point(|(first, _)| first <= row);
            let last = begun.checked_sub(1).and_then(|n| stretches.get(n));
            last.is_some_and(|(_, last)| last >= row)
        };
        let rows: BTreeSet<u32> = self.cells.keys().map(|at| at.0).collect();
        self.hidden_rows = rows.into_iter().filter(is_hidden).collect();
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Merge {
    top: u32,
    left: u32,
    bottom: u32,
    right: u32,
}

/// Counts filled cells over all sheets while they are read.
struct Budget<'l> {
    limits: &'l Limits,
    cells: usize,
    chars: u64,
}

impl<'l> Budget<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            cells: 0,
            chars: 0,
        }
    }

    /// Keeps a cell if there is anything to read in it.
    fn put(
        &mut self,
        sheet: &mut Sheet,
        row: u32,
        column: u32,
        text: String,
    ) -> Result<(), Unreadable> {
        let chars = readable_chars(&text);
        if chars == 0 {
            return Ok(());
        }
        self.cells += 1;
        self.chars += chars;
        if self.cells > self.limits.cells {
            return Err(too_large(&format!(
                "表格单元格超过 {} 个",
                self.limits.cells
            )));
        }
        if self.chars > self.limits.chars {
            return Err(too_large(&format!("文字超过 {} 字", self.limits.chars)));
        }
        sheet.cells.insert((row, column), text);
        Ok(())
    }
}

pub(crate) fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut out = Collector::new(limits);
    let sheets = xlsx::sheets(bytes, &mut out)?;
    finish(sheets, out, Format::Xlsx)
}

/// The filled cells of a visible sheet as a person sees them. Rows and columns count from 0.
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) cells: BTreeMap<(u32, u32), String>,
}

/// The visible sheets of a workbook, without what stands in hidden rows and columns.
pub(crate) fn shown(bytes: &[u8], limits: &Limits) -> Result<Vec<Shown>, Unreadable> {
    let mut out = Collector::new(limits);
    let sheets = xlsx::sheets(bytes, &mut out)?;
    let of = |sheet: Sheet| {
        let Sheet {
            name,
            mut cells,
            hidden_rows,
            hidden_columns,
            ..
        } = sheet;
        let is_hidden = |column: u32| {
            let mut ranges = hidden_columns.iter();
            ranges.any(|(from, to)| (*from..=*to).contains(&column))
        };
        cells.retain(|(row, column), _| !hidden_rows.contains(row) && !is_hidden(*column));
        Shown { name, cells }
    };
    let visible = sheets.into_iter().filter(|sheet| !sheet.hidden);
    Ok(visible.map(of).collect())
}

pub(crate) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut out = Collector::new(limits);
    let sheets = xls::sheets(bytes, &mut out)?;
    finish(sheets, out, Format::Xls)
}

pub(crate) fn read_xml(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut out = Collector::new(limits);
    let sheets = old_xml::sheets(bytes, &mut out)?;
    finish(sheets, out, Format::Xls)
}

pub(crate) fn read_ods(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let mut out = Collector::new(limits);
    let sheets = ods::sheets(bytes, &mut out)?;
    finish(sheets, out, Format::Ods)
}

fn finish(
    sheets: Vec<Sheet>,
    mut out: Collector<'_>,
    format: Format,
) -> Result<Document, Unreadable> {
    let named = sheets
        .iter()
        .filter(|sheet| !sheet.hidden && !sheet.cells.is_empty())
        .count()
        > 1;
    for sheet in sheets {
        let chars = sheet.cells.values().map(|text| readable_chars(text)).sum();
        out.see_chars(chars)?;
        if sheet.hidden {
            let message = format!("隐藏的工作表“{}”（{chars} 个字）未读取。", sheet.name);
            out.drop_chars("hidden-sheet", message, Place::default(), chars);
            continue;
        }
        if sheet.cells.is_empty() {
            continue;
        }
        if named {
            out.see(&sheet.name)?;
            out.paragraph(sheet.name.clone(), None, Place::default())?;
        }
        table::emit(sheet, &mut out)?;
    }
    if !out.has_text() {
        return Err(empty("这份电子表格可见的工作表"));
    }
    Ok(out.finish(format))
}
