//! XLSX: workbook, shared strings, number formats and the sheets' cells, streamed within limits.

use std::collections::HashMap;

use super::{Budget, COLUMNS_MAX, Merge, SHEETS_MAX, Sheet, format};
use crate::block::{Place, Unreadable};
use crate::collect::Collector;
use crate::limits::Limits;
use crate::package::{Package, resolve};
use crate::refusal::{damaged, not_supported, too_large};
use crate::xml::{Open, Token, Xml};

pub(super) fn sheets(bytes: &[u8], out: &mut Collector<'_>) -> Result<Vec<Sheet>, Unreadable> {
    let limits = out.limits();
    let mut package = Package::open(bytes, limits)?;
    let Some(workbook) = package.text("xl/workbook.xml")? else {
        if package.names().iter().any(|name| name == "xl/workbook.bin") {
            let advice = "请用 Excel 或 WPS 表格打开，选择“另存为 .xlsx”后再试。";
            return Err(not_supported("二进制工作簿（.xlsb）", advice));
        }
        return Err(damaged("缺少工作簿部件"));
    };
    let workbook = Workbook::parse(&workbook, limits)?;
    let targets = relationships(&mut package, limits)?;
    let strings = match package.text("xl/sharedStrings.xml")? {
        Some(text) => shared_strings(&text, limits)?,
        None => Vec::new(),
    };
    let formats = match package.text("xl/styles.xml")? {
        Some(text) => number_formats(&text, limits)?,
        None => Vec::new(),
    };
    let context = Context {
        strings,
        formats,
        from_1904: workbook.from_1904,
    };
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    for entry in workbook.sheets {
        let Some(target) = targets.get(&entry.id) else {
            continue;
        };
        if !target.contains("worksheets/") {
            out.note(
                "chart-sheet",
                format!("工作表“{}”是图表，未读取。", entry.name),
                Place::default(),
            );
            continue;
        }
        let Some(text) = package.text(target)? else {
            continue;
        };
        let mut sheet = Sheet {
            name: entry.name,
            hidden: entry.hidden,
            ..Sheet::default()
        };
        read_sheet(&text, &context, &mut sheet, &mut budget)?;
        sheets.push(sheet);
    }
    note_other_parts(&mut package, out)?;
    Ok(sheets)
}

struct Context {
    strings: Vec<String>,
    /// Format code by cell style.
    formats: Vec<String>,
    from_1904: bool,
}

#[derive(Default)]
struct Workbook {
    sheets: Vec<SheetEntry>,
    from_1904: bool,
}

struct SheetEntry {
    name: String,
    id: String,
    hidden: bool,
}

impl Workbook {
    fn parse(text: &str, limits: &Limits) -> Result<Self, Unreadable> {
        let (mut xml, mut workbook) = (Xml::new(text, limits), Self::default());
        loop {
            match xml.next()? {
                Token::Open(open) => match open.local() {
                    "sheet" => workbook.sheets.push(SheetEntry {
                        name: open.attribute("name").unwrap_or_default(),
                        id: open.attribute("id").unwrap_or_default(),
                        hidden: matches!(
                            open.attribute("state").as_deref(),
                            Some("hidden" | "veryHidden")
                        ),
                    }),
                    "workbookPr" => {
                        workbook.from_1904 =
                            matches!(open.attribute("date1904").as_deref(), Some("1" | "true"));
                    }
                    _ => {}
                },
                Token::End => break,
                _ => {}
            }
        }
        if workbook.sheets.len() > SHEETS_MAX {
            return Err(too_large(&format!("工作表超过 {SHEETS_MAX} 张")));
        }
        Ok(workbook)
    }
}

fn relationships(
    package: &mut Package<'_>,
    limits: &Limits,
) -> Result<HashMap<String, String>, Unreadable> {
    let mut found = HashMap::new();
    let Some(text) = package.text("xl/_rels/workbook.xml.rels")? else {
        return Ok(found);
    };
    let mut xml = Xml::new(&text, limits);
    loop {
        match xml.next()? {
            Token::Open(open) if open.local() == "Relationship" => {
                if let (Some(id), Some(target)) = (open.attribute("Id"), open.attribute("Target")) {
                    found.insert(id, resolve("xl", &target));
                }
            }
            Token::End => return Ok(found),
            _ => {}
        }
    }
}

/// The text of the element that was just opened: its `t` elements, without phonetic readings.
fn rich_text(xml: &mut Xml<'_>) -> Result<String, Unreadable> {
    let (mut open, mut text) = (vec![false], String::new());
    while !open.is_empty() {
        match xml.next()? {
            Token::Open(element) if element.local() == "rPh" => {
                xml.skip()?;
            }
            Token::Open(element) => open.push(element.local() == "t"),
            Token::Close => {
                open.pop();
            }
            Token::Text(piece) if open.last() == Some(&true) => text.push_str(&piece),
            Token::Text(_) | Token::ForeignEntity(_) => {}
            Token::End => break,
        }
    }
    Ok(unescape(&text))
}

/// Control characters are written as `_x000D_`.
fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let code = from.get(2..6).filter(|_| from.get(6..7) == Some("_"));
        match code
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32)
        {
            Some(c) => {
                plain.push(c);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn shared_strings(text: &str, limits: &Limits) -> Result<Vec<String>, Unreadable> {
    let (mut xml, mut strings, mut bytes) = (Xml::new(text, limits), Vec::new(), 0u64);
    loop {
        match xml.next()? {
            Token::Open(open) if open.local() == "si" => {
                let text = rich_text(&mut xml)?;
                bytes += text.len() as u64 + size_of::<String>() as u64;
                if bytes > limits.unpacked_bytes {
                    return Err(too_large("共享文字过多"));
                }
                strings.push(text);
            }
            Token::End => return Ok(strings),
            _ => {}
        }
    }
}

/// Format code of each cell style (`cellXfs`), in order.
fn number_formats(text: &str, limits: &Limits) -> Result<Vec<String>, Unreadable> {
    let (mut xml, mut own, mut formats) = (Xml::new(text, limits), HashMap::new(), Vec::new());
    let mut path: Vec<bool> = Vec::new(); // whether each open element is cellXfs
    loop {
        match xml.next()? {
            Token::Open(open) => {
                if open.local() == "numFmt"
                    && let (Some(id), Some(code)) =
                        (open.number("numFmtId"), open.attribute("formatCode"))
                {
                    own.insert(id, code);
                }
                if open.local() == "xf" && path.last() == Some(&true) {
                    let id = open.number("numFmtId").unwrap_or(0);
                    let built_in = || format::built_in(u32::try_from(id).unwrap_or(0)).to_owned();
                    formats.push(own.get(&id).cloned().unwrap_or_else(built_in));
                }
                path.push(open.local() == "cellXfs");
            }
            Token::Close => {
                path.pop();
            }
            Token::End => return Ok(formats),
            Token::Text(_) | Token::ForeignEntity(_) => {}
        }
    }
}

fn read_sheet(
    text: &str,
    context: &Context,
    sheet: &mut Sheet,
    budget: &mut Budget<'_>,
) -> Result<(), Unreadable> {
    let mut xml = Xml::new(text, budget.limits);
    let (mut row, mut next_row, mut next_column) = (0u32, 0u32, 0u32);
    loop {
        match xml.next()? {
            Token::Open(open) => match open.local() {
                "row" => {
                    row = open
                        .number("r")
                        .and_then(|r| u32::try_from(r - 1).ok())
                        .unwrap_or(next_row);
                    (next_row, next_column) = (row.saturating_add(1), 0);
                    if matches!(open.attribute("hidden").as_deref(), Some("1" | "true")) {
                        sheet.hidden_rows.insert(row);
                    }
                }
                "c" => {
                    let (at_row, column) = open
                        .attribute("r")
                        .and_then(|r| reference(&r))
                        .unwrap_or((row, next_column));
                    next_column = column.saturating_add(1);
                    let cell = CellSource::of(&open);
                    let (text, uncalculated) = cell.read(&mut xml, context)?;
                    if uncalculated {
                        sheet.note_uncalculated(at_row, column);
                    }
                    budget.put(sheet, at_row, column, text)?;
                }
                "col" => {
                    if matches!(open.attribute("hidden").as_deref(), Some("1" | "true"))
                        && let (Some(min), Some(max)) = (open.number("min"), open.number("max"))
                        && let (Ok(min), Ok(max)) = (u32::try_from(min - 1), u32::try_from(max - 1))
                        && sheet.hidden_columns.len() < COLUMNS_MAX as usize
                    {
                        sheet.hidden_columns.push((min, max));
                    }
                }
                "mergeCell" => {
                    let range = open.attribute("ref");
                    if let Some(merge) = range.and_then(|range| region(&range)) {
                        sheet.merge(merge)?;
                    }
                }
                _ => {}
            },
            Token::End => return Ok(()),
            Token::Close | Token::Text(_) | Token::ForeignEntity(_) => {}
        }
    }
}

/// What a cell element says before its content is read.
struct CellSource {
    kind: String,
    style: usize,
}

impl CellSource {
    fn of(open: &Open<'_>) -> Self {
        let style = open
            .number("s")
            .and_then(|s| usize::try_from(s).ok())
            .unwrap_or(0);
        Self {
            kind: open.attribute("t").unwrap_or_default(),
            style,
        }
    }

    /// The shown text, and whether a formula has no stored result.
    fn read(&self, xml: &mut Xml<'_>, context: &Context) -> Result<(String, bool), Unreadable> {
        let (mut value, mut inline) = (String::new(), None);
        let (mut formula, mut stored) = (false, false);
        let mut open: Vec<bool> = vec![false]; // whether each open element is `v`
        while !open.is_empty() {
            match xml.next()? {
                Token::Open(element) if element.local() == "is" => inline = Some(rich_text(xml)?),
                Token::Open(element) if element.local() == "f" => {
                    xml.skip()?;
                    formula = true;
                }
                Token::Open(element) => {
                    // A result that is an empty text is stored as one.
                    stored |= element.local() == "v" && self.kind == "str";
                    open.push(element.local() == "v");
                }
                Token::Close => {
                    open.pop();
                }
                Token::Text(text) if open.last() == Some(&true) => value.push_str(&text),
                Token::Text(_) | Token::ForeignEntity(_) => {}
                Token::End => break,
            }
        }
        let missing = formula && value.is_empty() && inline.is_none() && !stored;
        Ok((
            inline.unwrap_or_else(|| self.show(&value, context)),
            missing,
        ))
    }

    fn show(&self, value: &str, context: &Context) -> String {
        match self.kind.as_str() {
            "s" => {
                let index = value.trim().parse::<usize>().ok();
                index
                    .and_then(|index| context.strings.get(index))
                    .cloned()
                    .unwrap_or_default()
            }
            "b" => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "str" => unescape(value),
            "e" | "d" | "inlineStr" => value.to_owned(),
            _ => match value.trim().parse::<f64>() {
                Ok(number) => {
                    let code = context
                        .formats
                        .get(self.style)
                        .map_or("General", String::as_str);
                    format::show(number, code, context.from_1904)
                }
                Err(_) => value.to_owned(),
            },
        }
    }
}

/// `C7` as zero-based row and column.
fn reference(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    let mut column = 0u32;
    for c in letters.chars() {
        let value = c.to_digit(36).filter(|d| *d >= 10)? - 9;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    Some((
        digits.parse::<u32>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

fn region(text: &str) -> Option<Merge> {
    let (from, to) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (reference(from)?, reference(to)?);
    (top <= bottom && left <= right).then_some(Merge {
        top,
        left,
        bottom,
        right,
    })
}

/// Notes and drawings lie in parts of their own; they are not read, but told.
fn note_other_parts(package: &mut Package<'_>, out: &mut Collector<'_>) -> Result<(), Unreadable> {
    let mut images = 0usize;
    for name in package.names() {
        let lower = name.to_ascii_lowercase();
        images += usize::from(lower.starts_with("xl/media/"));
        let (code, what) = match () {
            () if lower.starts_with("xl/comments") && lower.ends_with(".xml") => {
                ("comment-dropped", "批注")
            }
            () if lower.starts_with("xl/drawings/drawing") && lower.ends_with(".xml") => {
                ("drawing-dropped", "图形和文本框")
            }
            () => continue,
        };
        let Some(text) = package.text(&name)? else {
            continue;
        };
        let mut xml = Xml::new(&text, out.limits());
        let chars = loop {
            match xml.next()? {
                Token::Open(_) => break xml.skip()?,
                Token::End => break 0,
                _ => {}
            }
        };
        if chars > 0 {
            out.see_chars(chars)?;
            out.drop_chars(
                code,
                format!("{what}中的 {chars} 个字未读取。"),
                Place::default(),
                chars,
            );
        }
    }
    if images > 0 {
        let message = format!("工作簿中的 {images} 幅图片已略去，如图中有文字请对照原文补录。");
        out.note("image-dropped", message, Place::default());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_count_from_zero() {
        assert_eq!(reference("A1"), Some((0, 0)));
        assert_eq!(reference("XFD1048576"), Some((1_048_575, 16_383)));
        assert_eq!(reference("A0"), None);
        assert_eq!(reference("ZZZZZZZZZZ1"), None);
        assert_eq!(region("B2:A1"), None);
        assert_eq!(unescape("甲_x000D_乙_x_xZZZZ_"), "甲\r乙_x_xZZZZ_");
    }
}
