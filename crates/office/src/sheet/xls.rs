//! XLS (BIFF8, and BIFF5 of Excel 95): an own streaming reader, so that a sheet costs what it holds.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use encoding_rs::{Encoding, GB18030};

use super::biff::{Fields, Record, StringTable, code_page, packed_number, records, wide_string};
use super::{Budget, MERGES_MAX, Merge, SHEETS_MAX, Sheet, format};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::limits::{Deadline, Limits};
use crate::refusal::{damaged, encrypted, too_large};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;

pub(super) fn sheets(bytes: &[u8], out: &mut Collector<'_>) -> Result<Vec<Sheet>, Unreadable> {
    let limits = out.limits();
    let stream = workbook_stream(bytes, limits)?;
    let book = Book::parse(&stream)?;
    let deadline = Deadline::of(limits);
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    for entry in &book.sheets {
        deadline.check()?;
        if !entry.worksheet {
            out.note(
                "chart-sheet",
                format!("工作表“{}”不是普通表格，未读取。", entry.name),
                Place::default(),
            );
            continue;
        }
        let mut sheet = Sheet {
            name: entry.name.clone(),
            hidden: entry.hidden,
            ..Sheet::default()
        };
        let mut reader = SheetReader {
            book: &book,
            sheet: &mut sheet,
            budget: &mut budget,
            formula_at: None,
            notes: 0,
            drawings: 0,
        };
        reader.read(&stream, entry.offset, deadline)?;
        if reader.notes > 0 {
            let message = format!("工作表“{}”的 {} 处批注未读取。", entry.name, reader.notes);
            out.note("comment-dropped", message, Place::default());
        }
        if reader.drawings > 0 {
            let message = format!(
                "工作表“{}”的 {} 处图片或图形已略去，如其中有文字请对照原文补录。",
                entry.name, reader.drawings
            );
            out.note("drawing-dropped", message, Place::default());
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn workbook_stream(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let broken = |_| damaged("复合文档的目录不完整");
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let stream = file
        .open_stream(name.ok_or_else(|| damaged("缺少工作簿"))?)
        .map_err(broken)?;
    let mut content = Vec::new();
    stream
        .take(limits.input_bytes)
        .read_to_end(&mut content)
        .map_err(broken)?;
    Ok(content)
}

struct Entry {
    name: String,
    offset: usize,
    hidden: bool,
    worksheet: bool,
}

/// What the workbook's global part says.
struct Book {
    /// BIFF8 writes its strings in Unicode.
    unicode: bool,
    encoding: &'static Encoding,
    from_1904: bool,
    strings: Vec<String>,
    own_formats: HashMap<u16, String>,
    /// Format number by cell style.
    styles: Vec<u16>,
    sheets: Vec<Entry>,
}

impl Book {
    fn parse(stream: &[u8]) -> Result<Self, Unreadable> {
        let mut book = Self {
            unicode: true,
            encoding: GB18030,
            from_1904: false,
            strings: Vec::new(),
            own_formats: HashMap::new(),
            styles: Vec::new(),
            sheets: Vec::new(),
        };
        let mut table: Option<Vec<&[u8]>> = None;
        for record in records(stream, 0) {
            match record.kind {
                EOF => break,
                0x002F => return Err(encrypted("这份电子表格")),
                0x00FC => table = Some(vec![record.data]),
                0x003C => {
                    if let Some(segments) = &mut table {
                        segments.push(record.data);
                    }
                    continue;
                }
                _ => {
                    book.take(&record);
                }
            }
            // A continuation belongs to the record right before it.
            if record.kind != 0x00FC
                && let Some(segments) = table.take()
            {
                book.strings = StringTable::new(segments).collect();
            }
        }
        if let Some(segments) = table {
            book.strings = StringTable::new(segments).collect();
        }
        if book.sheets.len() > SHEETS_MAX {
            return Err(too_large(&format!("工作表超过 {SHEETS_MAX} 张")));
        }
        Ok(book)
    }

    fn take(&mut self, record: &Record<'_>) -> Option<()> {
        let mut fields = Fields::new(record.data);
        match record.kind {
            BOF => self.unicode = fields.u16()? >= 0x0600,
            0x0042 => self.encoding = code_page(fields.u16()?),
            0x0022 => self.from_1904 = fields.u16()? == 1,
            0x041E => {
                let id = fields.u16()?;
                let length = if self.unicode {
                    usize::from(fields.u16()?)
                } else {
                    usize::from(fields.u8()?)
                };
                let code = self.string(&mut fields, length)?;
                self.own_formats.insert(id, code);
            }
            0x00E0 => {
                fields.u16()?;
                self.styles.push(fields.u16()?);
            }
            0x0085 => {
                let (offset, state, kind) = (fields.u32()?, fields.u8()?, fields.u8()?);
                let length = usize::from(fields.u8()?);
                let name = self.string(&mut fields, length)?;
                let offset = usize::try_from(offset).ok()?;
                self.sheets.push(Entry {
                    name,
                    offset,
                    hidden: state & 3 != 0,
                    worksheet: kind == 0,
                });
            }
            _ => {}
        }
        Some(())
    }

    fn string(&self, fields: &mut Fields<'_>, length: usize) -> Option<String> {
        if self.unicode {
            return wide_string(fields, length);
        }
        let bytes = fields.take(length.min(fields.left()))?;
        Some(
            self.encoding
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        )
    }

    fn show(&self, number: f64, style: u16) -> String {
        let id = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        let code = self
            .own_formats
            .get(&id)
            .map_or_else(|| format::built_in(u32::from(id)), String::as_str);
        format::show(number, code, self.from_1904)
    }
}

struct SheetReader<'a, 'b, 'l> {
    book: &'a Book,
    sheet: &'a mut Sheet,
    budget: &'b mut Budget<'l>,
    /// The cell of the last formula with a text result: the text follows in a record of its own.
    formula_at: Option<(u32, u32)>,
    notes: u64,
    drawings: u64,
}

impl SheetReader<'_, '_, '_> {
    fn read(&mut self, stream: &[u8], offset: usize, deadline: Deadline) -> Result<(), Unreadable> {
        let mut depth = 0usize;
        for (index, record) in records(stream, offset).enumerate() {
            if index % 65_536 == 0 {
                deadline.check()?;
            }
            match record.kind {
                BOF => depth += 1,
                EOF => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                // Charts inside the sheet have parts of their own.
                _ if depth == 1 => {
                    if let Some(cells) = self.cells(&record) {
                        for (row, column, text) in cells {
                            self.budget.put(self.sheet, row, column, text)?;
                        }
                    }
                    if self.sheet.merges.len() > MERGES_MAX {
                        return Err(too_large(&format!("合并单元格超过 {MERGES_MAX} 处")));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The cells of one record; side records change the sheet instead.
    fn cells(&mut self, record: &Record<'_>) -> Option<Vec<(u32, u32, String)>> {
        let mut fields = Fields::new(record.data);
        let head = |fields: &mut Fields<'_>| -> Option<(u32, u32, u16)> {
            Some((
                u32::from(fields.u16()?),
                u32::from(fields.u16()?),
                fields.u16()?,
            ))
        };
        let one = |row, column, text| Some(vec![(row, column, text)]);
        match record.kind {
            0x00FD => {
                let (row, column, _) = head(&mut fields)?;
                let text = self
                    .book
                    .strings
                    .get(usize::try_from(fields.u32()?).ok()?)?
                    .clone();
                one(row, column, text)
            }
            0x0204 | 0x00D6 => {
                let (row, column, _) = head(&mut fields)?;
                let length = usize::from(fields.u16()?);
                one(row, column, self.book.string(&mut fields, length)?)
            }
            0x027E => {
                let (row, column, style) = head(&mut fields)?;
                one(
                    row,
                    column,
                    self.book.show(packed_number(fields.u32()?), style),
                )
            }
            0x0203 => {
                let (row, column, style) = head(&mut fields)?;
                one(row, column, self.book.show(fields.f64()?, style))
            }
            0x00BD => {
                let (row, first) = (u32::from(fields.u16()?), u32::from(fields.u16()?));
                let mut cells = Vec::new();
                while fields.left() >= 8 {
                    let (style, raw) = (fields.u16()?, fields.u32()?);
                    let column = first + u32::try_from(cells.len()).ok()?;
                    cells.push((row, column, self.book.show(packed_number(raw), style)));
                }
                Some(cells)
            }
            0x0205 => {
                let (row, column, _) = head(&mut fields)?;
                let (value, error) = (fields.u8()?, fields.u8()? != 0);
                one(
                    row,
                    column,
                    if error {
                        error_text(value)
                    } else {
                        truth(value)
                    }
                    .to_owned(),
                )
            }
            0x0006 => self.formula(&mut fields),
            0x0207 => {
                let (row, column) = self.formula_at.take()?;
                let length = usize::from(fields.u16()?);
                one(row, column, self.book.string(&mut fields, length)?)
            }
            _ => self.side_record(record.kind, &mut fields).and(None),
        }
    }

    fn formula(&mut self, fields: &mut Fields<'_>) -> Option<Vec<(u32, u32, String)>> {
        let (row, column, style) = (
            u32::from(fields.u16()?),
            u32::from(fields.u16()?),
            fields.u16()?,
        );
        let result = fields.take(8)?;
        let text = match result {
            [0, .., 0xFF, 0xFF] => {
                self.formula_at = Some((row, column));
                return None;
            }
            [1, _, value, .., 0xFF, 0xFF] => truth(*value).to_owned(),
            [2, _, value, .., 0xFF, 0xFF] => error_text(*value).to_owned(),
            [_, .., 0xFF, 0xFF] => return None,
            number => self
                .book
                .show(f64::from_le_bytes(number.try_into().ok()?), style),
        };
        Some(vec![(row, column, text)])
    }

    fn side_record(&mut self, kind: u16, fields: &mut Fields<'_>) -> Option<()> {
        match kind {
            0x0208 => {
                let row = u32::from(fields.u16()?);
                fields.take(10)?;
                if fields.u16()? & 0x20 != 0 {
                    self.sheet.hidden_rows.insert(row);
                }
            }
            0x007D => {
                let (first, last) = (u32::from(fields.u16()?), u32::from(fields.u16()?));
                fields.u32()?;
                if fields.u16()? & 1 != 0 && self.sheet.hidden_columns.len() < 256 {
                    self.sheet.hidden_columns.push((first, last));
                }
            }
            0x00E5 => {
                fields.u16()?;
                while let (Some(top), Some(bottom), Some(left), Some(right)) =
                    (fields.u16(), fields.u16(), fields.u16(), fields.u16())
                {
                    if top <= bottom && left <= right {
                        self.sheet.merges.push(Merge {
                            top: top.into(),
                            left: left.into(),
                            bottom: bottom.into(),
                            right: right.into(),
                        });
                    }
                }
            }
            0x001C => self.notes += 1,
            0x005D => {
                fields.u32()?;
                // Notes and the arrows of filters are objects too.
                self.drawings += u64::from(!matches!(fields.u16()?, 0x19 | 0x14));
            }
            _ => {}
        }
        Some(())
    }
}

fn truth(value: u8) -> &'static str {
    if value != 0 { "TRUE" } else { "FALSE" }
}

fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
