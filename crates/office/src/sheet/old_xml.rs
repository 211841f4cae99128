//! The XML of Excel 2003 (XML 表格): one file with all sheets, as systems write it for their exports and name it .xls.

use std::collections::HashMap;

use super::{Budget, COLUMNS_MAX, Merge, ROWS_MAX, SHEETS_MAX, Sheet, date, format};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::count::readable_chars;
use crate::encoding::{declared, decode};
use crate::refusal::{damaged, too_large};
use crate::text::note_encoding;
use crate::xml::{Open, Token, Xml};

#[cfg(test)]
pub(crate) mod tests;

/// Cell styles whose number formats are kept.
const STYLES_MAX: usize = 65_536;
/// Styles that one style may rest on, one upon the other.
const PARENTS_MAX: usize = 8;

pub(super) fn sheets(bytes: &[u8], out: &mut Collector<'_>) -> Result<Vec<Sheet>, Unreadable> {
    let limits = out.limits();
    let decoded = decode(bytes, declared(bytes).as_deref());
    note_encoding(&decoded, out);
    let mut xml = Xml::new(&decoded.text, limits);
    let mut reader = Reader::new(Budget::new(limits));
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
    if reader.note_chars > 0 {
        out.see_chars(reader.note_chars)?;
        let message = format!("批注中的 {} 个字未读取。", reader.note_chars);
        out.drop_chars(
            "comment-dropped",
            message,
            Place::default(),
            reader.note_chars,
        );
    }
    Ok(reader.sheets)
}

#[derive(Default)]
struct Style {
    /// Format code of its numbers.
    format: Option<String>,
    parent: Option<String>,
}

struct Reader<'l> {
    budget: Budget<'l>,
    sheets: Vec<Sheet>,
    styles: HashMap<String, Style>,
    /// The style that is being told.
    style: String,
    from_1904: bool,
    row: u32,
    row_style: Option<String>,
    next_row: u32,
    next_cell: u32,
    next_column: u32,
    /// First and last row of each hidden stretch of the sheet, in order.
    hidden_rows: Vec<(u32, u32)>,
    note_chars: u64,
}

impl<'l> Reader<'l> {
    fn new(budget: Budget<'l>) -> Self {
        Self {
            budget,
            sheets: Vec::new(),
            styles: HashMap::new(),
            style: String::new(),
            from_1904: false,
            row: 0,
            row_style: None,
            next_row: 0,
            next_cell: 0,
            next_column: 0,
            hidden_rows: Vec::new(),
            note_chars: 0,
        }
    }

    fn enter(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        match open.local() {
            "Date1904" => self.from_1904 = true,
            "Style" => self.begin_style(open),
            "NumberFormat" => {
                if let Some(style) = self.styles.get_mut(&self.style) {
                    style.format = open.attribute("Format").map(|name| code_of(&name));
                }
            }
            "Worksheet" => self.begin_sheet(open)?,
            "Visible" => {
                let shown = xml.text()?;
                if let Some(sheet) = self.sheets.last_mut() {
                    sheet.hidden |= matches!(shown.trim(), "SheetHidden" | "SheetVeryHidden");
                }
            }
            "Column" => self.column(open),
            "Row" => self.begin_row(open)?,
            "Cell" => self.cell(open, xml)?,
            // They have rows, columns and cells of their own, which are none of the sheet.
            "PageBreaks"
            | "AutoFilter"
            | "Names"
            | "PivotTable"
            | "ConditionalFormatting"
            | "DataValidation" => {
                xml.skip()?;
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_style(&mut self, open: &Open<'_>) {
        self.style = open.attribute("ID").unwrap_or_default();
        if self.styles.len() < STYLES_MAX {
            let style = Style {
                format: None,
                parent: open.attribute("Parent"),
            };
            self.styles.insert(self.style.clone(), style);
        }
    }

    /// The format code of a style, or of the nearest that it rests on.
    fn format(&self, style: Option<&str>) -> &str {
        let mut name = style.unwrap_or("Default");
        for _ in 0..PARENTS_MAX {
            let Some(style) = self.styles.get(name) else {
                break;
            };
            if let Some(code) = &style.format {
                return code;
            }
            match &style.parent {
                Some(parent) => name = parent,
                None => break,
            }
        }
        "General"
    }

    fn begin_sheet(&mut self, open: &Open<'_>) -> Result<(), Unreadable> {
        self.end_sheet();
        if self.sheets.len() >= SHEETS_MAX {
            return Err(too_large(&format!("工作表超过 {SHEETS_MAX} 张")));
        }
        (self.row, self.next_row, self.next_cell, self.next_column) = (0, 0, 0, 0);
        self.row_style = None;
        self.sheets.push(Sheet {
            name: open.attribute("Name").unwrap_or_default(),
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
        let first = index(open).unwrap_or(self.next_column);
        let last = first.saturating_add(count(open, "Span").min(COLUMNS_MAX));
        self.next_column = last.saturating_add(1);
        if let Some(sheet) = self.sheets.last_mut()
            && is_hidden(open)
            && sheet.hidden_columns.len() < COLUMNS_MAX as usize
        {
            sheet.hidden_columns.push((first, last));
        }
    }

    /// Rows come in their order; one that claims to stand above the last follows it.
    fn begin_row(&mut self, open: &Open<'_>) -> Result<(), Unreadable> {
        let row = index(open).unwrap_or(self.next_row).max(self.next_row);
        if row >= ROWS_MAX {
            return Err(damaged("行号超出了表格的范围"));
        }
        let last = row.saturating_add(count(open, "Span").min(ROWS_MAX));
        (self.row, self.next_row, self.next_cell) = (row, last.saturating_add(1), 0);
        self.row_style = open.attribute("StyleID");
        if is_hidden(open) {
            self.hidden_rows.push((row, last));
        }
        Ok(())
    }

    fn cell(&mut self, open: &Open<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        let column = index(open).unwrap_or(self.next_cell).max(self.next_cell);
        if column >= COLUMNS_MAX {
            return Err(damaged("列号超出了表格的范围"));
        }
        let right = column.saturating_add(count(open, "MergeAcross").min(COLUMNS_MAX));
        let bottom = self
            .row
            .saturating_add(count(open, "MergeDown").min(ROWS_MAX));
        self.next_cell = right.saturating_add(1);
        let content = Content::read(xml)?;
        self.note_chars = self.note_chars.saturating_add(content.note_chars);
        let own = open.attribute("StyleID");
        let code = self.format(own.as_deref().or(self.row_style.as_deref()));
        let uncalculated = content.value.is_none() && open.attribute("Formula").is_some();
        let text = content.shown(code, self.from_1904);
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        if right > column || bottom > self.row {
            sheet.merge(Merge {
                top: self.row,
                left: column,
                bottom,
                right,
            })?;
        }
        if uncalculated {
            sheet.note_uncalculated(self.row, column);
        }
        self.budget.put(sheet, self.row, column, text)
    }
}

/// What stands in a cell: the kind of its value and the value, and how many characters a note has beside it.
struct Content {
    value: Option<(String, String)>,
    note_chars: u64,
}

impl Content {
    fn read(xml: &mut Xml<'_>) -> Result<Self, Unreadable> {
        let (mut open, mut value, mut note_chars) = (1usize, None, 0);
        while open > 0 {
            match xml.next()? {
                Token::Open(element) => match element.local() {
                    "Data" => {
                        let kind = element.attribute("Type").unwrap_or_default();
                        value = Some((kind, xml.text()?));
                    }
                    "Comment" => note_chars += readable_chars(&xml.text()?),
                    "PhoneticText" => {
                        xml.skip()?;
                    }
                    _ => open += 1,
                },
                Token::Close => open -= 1,
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        Ok(Self { value, note_chars })
    }

    fn shown(self, code: &str, from_1904: bool) -> String {
        let Some((kind, text)) = self.value else {
            return String::new();
        };
        match kind.as_str() {
            "Number" => match text.trim().parse::<f64>() {
                Ok(number) => format::show(number, code, from_1904),
                Err(_) => text,
            },
            // Written out, whatever day the book counts from.
            "DateTime" => match date::serial(text.trim()) {
                Some(serial) => format::show(serial, dated(code, serial), false),
                None => text,
            },
            "Boolean" => if text.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            _ => text,
        }
    }
}

/// The code under which a moment is shown: its own, if it has any.
fn dated(code: &str, serial: f64) -> &str {
    match code {
        "" | "General" | "@" if serial.fract() == 0.0 => "yyyy/m/d",
        "" | "General" | "@" => "yyyy/m/d h:mm",
        code => code,
    }
}

/// Formats that this kind of file calls by name, as a Chinese-language program shows them.
fn code_of(name: &str) -> String {
    let code = match name {
        "General Number" => "General",
        "General Date" => "yyyy/m/d h:mm",
        "Long Date" => "yyyy\"年\"m\"月\"d\"日\"",
        "Medium Date" => "d-mmm-yy",
        "Short Date" => "yyyy/m/d",
        "Long Time" => "h:mm:ss",
        "Medium Time" => "h:mm AM/PM",
        "Short Time" => "h:mm",
        "Fixed" => "0.00",
        "Standard" | "Currency" | "Euro Currency" => "#,##0.00",
        "Percent" => "0.00%",
        "Scientific" => "0.00E+00",
        code => code,
    };
    code.to_owned()
}

/// Where the element says that it stands, counted from 0.
fn index(open: &Open<'_>) -> Option<u32> {
    u32::try_from(open.number("Index")?).ok()?.checked_sub(1)
}

/// How many more rows or columns the element takes.
fn count(open: &Open<'_>, name: &str) -> u32 {
    let told = open.number(name).and_then(|n| u32::try_from(n).ok());
    told.unwrap_or(0)
}

fn is_hidden(open: &Open<'_>) -> bool {
    matches!(open.attribute("Hidden").as_deref(), Some("1" | "true"))
}
