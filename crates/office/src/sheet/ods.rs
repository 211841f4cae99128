//! ODS: the cells say in paragraphs what people see, so that no number format has to be followed.

use super::{Budget, COLUMNS_MAX, Merge, ROWS_MAX, SHEETS_MAX, Sheet};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::count::{has_readable, readable_chars};
use crate::odf::{Line, Parts, Styles, count, repeated, words_within};
use crate::refusal::{damaged, too_large};
use crate::xml::{Open, Token, Xml};

#[cfg(test)]
pub(crate) mod tests;

pub(super) fn sheets(bytes: &[u8], out: &mut Collector<'_>) -> Result<Vec<Sheet>, Unreadable> {
    let limits = out.limits();
    let parts = Parts::open(bytes, limits)?;
    let mut reader = Reader {
        styles: parts.styles(limits)?,
        budget: Budget::new(limits),
        sheets: Vec::new(),
        next_row: 0,
        next_column: 0,
        hidden_rows: Vec::new(),
        aside: Aside::default(),
    };
    let mut xml = Xml::new(&parts.content, limits);
    loop {
        match xml.next()? {
            Token::Open(open) => reader.enter(&open, &mut xml)?,
            Token::End => break,
            Token::Close | Token::Text(_) | Token::ForeignEntity(_) => {}
        }
    }
    reader.end_sheet();
    if reader.sheets.is_empty() {
        return Err(damaged("缺少工作表"));
    }
    reader.aside.tell(out)?;
    Ok(reader.sheets)
}

/// What stands beside the cells: it is not read, but told.
#[derive(Default)]
struct Aside {
    note_chars: u64,
    drawing_chars: u64,
    images: usize,
}

impl Aside {
    /// Passes over a drawing or a frame.
    fn drawing(&mut self, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        self.drawing_chars = self
            .drawing_chars
            .saturating_add(readable_chars(&words_within(xml)?));
        Ok(())
    }

    fn note(&mut self, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        self.note_chars = self
            .note_chars
            .saturating_add(readable_chars(&words_within(xml)?));
        Ok(())
    }

    fn tell(&self, out: &mut Collector<'_>) -> Result<(), Unreadable> {
        let told = [
            ("comment-dropped", "批注", self.note_chars),
            ("drawing-dropped", "图形和文本框", self.drawing_chars),
        ];
        for (code, what, chars) in told.into_iter().filter(|told| told.2 > 0) {
            out.see_chars(chars)?;
            let message = format!("{what}中的 {chars} 个字未读取。");
            out.drop_chars(code, message, Place::default(), chars);
        }
        if self.images > 0 {
            let message = format!(
                "工作簿中的 {} 幅图片或图表已略去，如图中有文字请对照原文补录。",
                self.images
            );
            out.note("image-dropped", message, Place::default());
        }
        Ok(())
    }
}

struct Reader<'l> {
    styles: Styles,
    budget: Budget<'l>,
    sheets: Vec<Sheet>,
    next_row: u32,
    next_column: u32,
    /// First and last row of each hidden stretch of the sheet, in order.
    hidden_rows: Vec<(u32, u32)>,
    aside: Aside,
}

/// A cell of the row that is being read, as often as it repeats.
struct Filled {
    column: u32,
    copies: u32,
    text: String,
}

impl Reader<'_> {
    fn enter(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        match open.local() {
            "table" => self.begin_sheet(open),
            "table-column" => {
                self.column(open);
                Ok(())
            }
            "table-row" => self.row(open, xml),
            "shapes" => self.aside.drawing(xml),
            "automatic-styles"
            | "styles"
            | "master-styles"
            | "forms"
            | "tracked-changes"
            | "content-validations"
            | "named-expressions"
            | "database-ranges"
            | "data-pilot-tables"
            | "dde-links"
            | "scenario"
            | "table-source"
            | "title"
            | "desc" => xml.pass(),
            _ => Ok(()),
        }
    }

    fn begin_sheet(&mut self, open: &Open<'_>) -> Result<(), Unreadable> {
        self.end_sheet();
        if self.sheets.len() >= SHEETS_MAX {
            return Err(too_large(&format!("工作表超过 {SHEETS_MAX} 张")));
        }
        (self.next_row, self.next_column) = (0, 0);
        let style = open.attribute("style-name");
        self.sheets.push(Sheet {
            name: open.attribute("name").unwrap_or_default(),
            hidden: self.styles.is_hidden("table", style.as_deref()),
            ..Sheet::default()
        });
        Ok(())
    }

    fn end_sheet(&mut self) {
        let hidden = std::mem::take(&mut self.hidden_rows);
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.hide_rows(&hidden);
        }
    }

    fn column(&mut self, open: &Open<'_>) {
        let first = self.next_column;
        self.next_column = first.saturating_add(repeated(open, "columns"));
        if let Some(sheet) = self.sheets.last_mut()
            && is_hidden(open)
            && sheet.hidden_columns.len() < COLUMNS_MAX as usize
        {
            sheet
                .hidden_columns
                .push((first, self.next_column.saturating_sub(1)));
        }
    }

    fn row(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        let row = self.next_row;
        let behind = row.saturating_add(repeated(open, "rows")).min(ROWS_MAX);
        self.next_row = behind;
        let (mut column, mut filled) = (0u32, Vec::new());
        loop {
            match xml.next()? {
                Token::Open(cell) => match cell.local() {
                    "table-cell" | "covered-table-cell" => {
                        let copies = repeated(&cell, "columns");
                        let text = self.cell(&cell, xml, (row, column))?;
                        if has_readable(&text) {
                            filled.push(Filled {
                                column,
                                copies,
                                text,
                            });
                        }
                        column = column.saturating_add(copies);
                    }
                    _ => xml.pass()?,
                },
                Token::Close | Token::End => break,
                Token::Text(_) | Token::ForeignEntity(_) => {}
            }
        }
        if is_hidden(open) && !filled.is_empty() {
            self.hidden_rows.push((row, behind.saturating_sub(1)));
        }
        self.fill(row..behind, &filled)
    }

    /// Writes the cells of a row into all rows that are like it; what that costs ends at the limit of cells.
    fn fill(&mut self, rows: std::ops::Range<u32>, filled: &[Filled]) -> Result<(), Unreadable> {
        let Some(sheet) = self.sheets.last_mut().filter(|_| !filled.is_empty()) else {
            return Ok(());
        };
        if rows.is_empty() || filled.iter().any(|cell| cell.column >= COLUMNS_MAX) {
            return Err(damaged("单元格超出了表格的范围"));
        }
        for row in rows {
            for cell in filled {
                let behind = cell.column.saturating_add(cell.copies).min(COLUMNS_MAX);
                for column in cell.column..behind {
                    self.budget.put(sheet, row, column, cell.text.clone())?;
                }
            }
        }
        Ok(())
    }

    /// What a cell shows; how far it reaches is noted.
    fn cell(
        &mut self,
        open: &Open<'_>,
        xml: &mut Xml<'_>,
        (row, column): (u32, u32),
    ) -> Result<String, Unreadable> {
        let mut lines: Vec<String> = Vec::new();
        let mut inner = 1usize;
        while inner > 0 {
            match xml.next()? {
                Token::Open(element) => match element.local() {
                    "p" | "h" => lines.push(self.line(xml)?),
                    "annotation" => self.aside.note(xml)?,
                    "frame" => self.frame(xml)?,
                    "custom-shape" | "rect" | "ellipse" | "circle" | "g" | "caption" => {
                        self.aside.drawing(xml)?;
                    }
                    _ => inner += 1,
                },
                Token::Close => inner -= 1,
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        self.span(open, row, column)?;
        let text = lines.join("\n");
        if !text.is_empty() {
            return Ok(text);
        }
        // A program may leave out what is shown; then the value itself is all there is.
        let values = ["string-value", "date-value", "time-value", "value"];
        let value = values.iter().find_map(|name| open.attribute(name));
        let kind = open.attribute("value-type");
        if value.is_none()
            && kind.is_none()
            && open.attribute("formula").is_some()
            && let Some(sheet) = self.sheets.last_mut()
        {
            sheet.note_uncalculated(row, column);
        }
        Ok(value.unwrap_or_default())
    }

    /// A paragraph of a cell.
    fn line(&mut self, xml: &mut Xml<'_>) -> Result<String, Unreadable> {
        let (mut open, mut line) = (1usize, Line::default());
        while open > 0 {
            match xml.next()? {
                Token::Open(element) if line.element(&element) => xml.pass()?,
                Token::Open(element) => match element.local() {
                    "annotation" | "ruby-text" => self.aside.note(xml)?,
                    "frame" => self.frame(xml)?,
                    _ => open += 1,
                },
                Token::Close => open -= 1,
                Token::Text(text) => line.push(&text),
                Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        line.text.truncate(line.text.trim_end().len());
        Ok(line.text)
    }

    fn frame(&mut self, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        self.aside.images = self.aside.images.saturating_add(1);
        self.aside.drawing(xml)
    }

    fn span(&mut self, open: &Open<'_>, row: u32, column: u32) -> Result<(), Unreadable> {
        let span = |name: &str, most| count(open, name).unwrap_or(1).clamp(1, most);
        let down = span("number-rows-spanned", ROWS_MAX);
        let across = span("number-columns-spanned", COLUMNS_MAX);
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        if down == 1 && across == 1 {
            return Ok(());
        }
        sheet.merge(Merge {
            top: row,
            left: column,
            bottom: row.saturating_add(down - 1),
            right: column.saturating_add(across - 1),
        })
    }
}

/// Hidden by hand, or by a filter.
fn is_hidden(open: &Open<'_>) -> bool {
    matches!(
        open.attribute("visibility").as_deref(),
        Some("collapse" | "filter")
    )
}
