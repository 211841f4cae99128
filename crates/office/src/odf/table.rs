//! Tables of a text: repeated cells and rows are told once with their number, covered ones stand where they are covered.

use super::walk::Reader;
use crate::block::Unreadable;
use crate::flow::{Flow, FlowCell, FlowRow, FlowTable, chars_in};
use crate::refusal::too_large;
use crate::xml::{Open, Token, Xml};

/// Columns at which a cell may begin; no table of a text has more.
const COLUMNS_MAX: u32 = 16_384;

impl Reader<'_, '_> {
    pub(super) fn table(
        &mut self,
        xml: &mut Xml<'_>,
        flow: &mut Vec<Flow>,
    ) -> Result<(), Unreadable> {
        let place = self.next_place();
        let around = self.lists.leave();
        let (mut rows, mut headings) = (Vec::new(), vec![false]);
        while let Some(heading) = headings.last().copied() {
            match xml.next()? {
                Token::Open(open) => match open.local() {
                    "table-row" => self.row(&open, xml, heading, &mut rows)?,
                    "table-header-rows" => headings.push(true),
                    "table-rows" | "table-row-group" => headings.push(heading),
                    "soft-page-break" => {
                        self.turn_page();
                        xml.skip()?;
                    }
                    _ => {
                        xml.skip()?;
                    }
                },
                Token::Close => {
                    headings.pop();
                }
                Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        self.lists.back(around);
        flow.push(Flow::Table(FlowTable {
            place,
            captions: Vec::new(),
            rows,
            struck: Vec::new(),
        }));
        Ok(())
    }

    fn row(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        heading: bool,
        rows: &mut Vec<FlowRow>,
    ) -> Result<(), Unreadable> {
        let (mut cells, mut column) = (Vec::new(), 0u32);
        loop {
            match xml.next()? {
                Token::Open(cell) => match cell.local() {
                    "table-cell" => column = self.cell(&cell, xml, column, &mut cells)?,
                    "covered-table-cell" => {
                        let mut content = Vec::new();
                        self.blocks(xml, &mut content)?;
                        self.tell_covered(&content);
                        column = column.saturating_add(repeated(&cell, "columns"));
                    }
                    _ => {
                        xml.skip()?;
                    }
                },
                Token::Close | Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        let row = FlowRow {
            cells,
            heading,
            group: 0,
        };
        let chars: u64 = row.cells.iter().map(|cell| chars_in(&cell.content)).sum();
        // blank rows that repeat each other say no more than one
        let copies = match chars {
            0 => 1,
            _ => repeated(open, "rows"),
        };
        for _ in 1..copies {
            self.count_cells(row.cells.len().max(1))?;
            self.out.see_chars(chars)?;
            rows.push(row.clone());
        }
        rows.push(row);
        Ok(())
    }

    /// Reads a cell, as often as it repeats; gives the column behind it.
    fn cell(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        column: u32,
        cells: &mut Vec<FlowCell>,
    ) -> Result<u32, Unreadable> {
        let copies = repeated(open, "columns");
        let behind = column.saturating_add(copies);
        if behind > COLUMNS_MAX {
            return Err(too_large(&format!("一张表格超过 {COLUMNS_MAX} 列")));
        }
        let place = self.next_place();
        self.count_cells(1)?;
        let mut content = Vec::new();
        self.blocks(xml, &mut content)?;
        let single = copies == 1;
        let span = |name: &str| match count(open, name) {
            Some(count) if single => count.clamp(1, COLUMNS_MAX),
            _ => 1,
        };
        let cell = FlowCell {
            content,
            column: Some(column),
            column_span: span("number-columns-spanned"),
            row_span: span("number-rows-spanned"),
            place,
        };
        let chars = chars_in(&cell.content);
        let further = (column..behind).skip(1);
        let mut copied = Vec::new();
        for column in further {
            self.count_cells(1)?;
            self.out.see_chars(chars)?;
            copied.push(FlowCell {
                column: Some(column),
                ..cell.clone()
            });
        }
        cells.push(cell);
        cells.append(&mut copied);
        Ok(behind)
    }

    fn tell_covered(&mut self, content: &[Flow]) {
        let chars = chars_in(content);
        if chars > 0 {
            let message = format!("被合并的单元格中留有不显示的 {chars} 个字，已略去。");
            let place = self.place();
            self.out
                .drop_chars("merged-cell-text", message, place, chars);
        }
    }

    fn count_cells(&mut self, more: usize) -> Result<(), Unreadable> {
        self.cells = self.cells.saturating_add(more);
        let most = self.out.limits().cells;
        if self.cells > most {
            return Err(too_large(&format!("表格单元格超过 {most} 个")));
        }
        Ok(())
    }
}

pub(crate) fn count(open: &Open<'_>, name: &str) -> Option<u32> {
    u32::try_from(open.number(name)?).ok()
}

/// How often a row, a column or a cell stands one after the other.
pub(crate) fn repeated(open: &Open<'_>, what: &str) -> u32 {
    let told = count(open, &format!("number-{what}-repeated"));
    told.unwrap_or(1).max(1)
}
