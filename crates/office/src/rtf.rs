//! RTF, also under the name .doc: text in Chinese code pages and in Unicode, paragraphs, and tables with merged cells.
//!
//! Everything else that the format knows is passed over; what of it a reader would see is counted as left out.

mod lexer;
mod table;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;

use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

use crate::block::{Document, Format, Place, Unreadable};
use crate::collect::Collector;
use crate::count::{has_readable, readable_chars};
use crate::flow::{Flow, emit};
use crate::limits::{Deadline, Limits};
use crate::refusal::{empty, too_large};
use lexer::{Lexer, Token};
use table::{Definition, Row};

/// Open groups at one time.
const DEPTH_MAX: usize = 1_000;
/// Fonts of one file.
const FONTS_MAX: usize = 10_000;
/// Tokens between two looks at the clock.
const CLOCK_TOKENS: u64 = 65_536;

/// Errors: `too-large` where a limit is met, `empty` where there is no text.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let deadline = Deadline::of(limits);
    let mut out = Collector::new(limits);
    let mut reader = Reader::new(&mut out);
    for (count, token) in (0u64..).zip(Lexer::new(bytes)) {
        if count.is_multiple_of(CLOCK_TOKENS) {
            deadline.check()?;
        }
        reader.take(token)?;
    }
    let flow = reader.finish()?;
    emit(flow, &mut out)?;
    if !out.has_text() {
        return Err(empty("这份 RTF 文件"));
    }
    Ok(out.finish(Format::Rtf))
}

/// Where the text of a group goes.
#[derive(Clone, Copy, PartialEq)]
enum Goal {
    Body,
    /// The list of fonts: only their character sets matter.
    Fonts,
    /// Page headers, footnotes and comments: seen, and left out.
    Beside,
    Nowhere,
}

/// What a group hands down and takes back.
#[derive(Clone, Copy)]
struct State {
    goal: Goal,
    hidden: bool,
    deleted: bool,
    in_table: bool,
    font: i32,
    /// Bytes that stand in for a character given in Unicode.
    stand_ins: usize,
}

struct Reader<'o, 'l> {
    out: &'o mut Collector<'l>,
    state: State,
    groups: Vec<State>,
    /// `\*`: the next word names a group that may be passed over.
    optional: bool,
    page: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    /// Bytes of characters that are not decoded yet.
    bytes: Vec<u8>,
    /// Stand-ins still to be passed over.
    passing: usize,
    /// The first half of a character beyond the basic plane.
    half: Option<u16>,
    text: String,
    hidden: u64,
    deleted: u64,
    beside: u64,
    pictures: u64,
    flow: Vec<Flow>,
    definition: Definition,
    definitions: Vec<Definition>,
    cell: Vec<Flow>,
    cells: Vec<Vec<Flow>>,
    rows: Vec<Row>,
    paragraphs: u32,
}

impl<'o, 'l> Reader<'o, 'l> {
    fn new(out: &'o mut Collector<'l>) -> Self {
        Self {
            out,
            state: State {
                goal: Goal::Body,
                hidden: false,
                deleted: false,
                in_table: false,
                font: -1,
                stand_ins: 1,
            },
            groups: Vec::new(),
            optional: false,
            page: WINDOWS_1252,
            fonts: HashMap::new(),
            bytes: Vec::new(),
            passing: 0,
            half: None,
            text: String::new(),
            hidden: 0,
            deleted: 0,
            beside: 0,
            pictures: 0,
            flow: Vec::new(),
            definition: Definition::default(),
            definitions: Vec::new(),
            cell: Vec::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            paragraphs: 0,
        }
    }

    fn take(&mut self, token: Token<'_>) -> Result<(), Unreadable> {
        if let Token::Byte(byte) = token {
            match self.passing.checked_sub(1) {
                Some(left) => self.passing = left,
                None if self.state.goal == Goal::Nowhere || self.state.goal == Goal::Fonts => {}
                None => self.bytes.push(byte),
            }
            return Ok(());
        }
        self.decode();
        self.passing = 0;
        match token {
            Token::Open => {
                if self.groups.len() >= DEPTH_MAX {
                    return Err(too_large(&format!("嵌套超过 {DEPTH_MAX} 层")));
                }
                self.groups.push(self.state);
            }
            Token::Close => {
                if let Some(state) = self.groups.pop() {
                    self.state = State {
                        // set by the paragraph, whatever group it stands in
                        in_table: self.state.in_table,
                        ..state
                    };
                }
                self.optional = false;
            }
            Token::Sign(sign) => self.sign(sign)?,
            Token::Word(name, number) => self.word(name, number)?,
            Token::Byte(_) => {}
        }
        Ok(())
    }

    /// Turns the bytes gathered so far into text.
    fn decode(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let encoding = self.fonts.get(&self.state.font).copied();
        let encoding = encoding.unwrap_or(self.page);
        let bytes = std::mem::take(&mut self.bytes);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.write(&text);
    }

    fn write(&mut self, text: &str) {
        let chars = || readable_chars(text);
        match self.state.goal {
            Goal::Nowhere | Goal::Fonts => {}
            Goal::Beside => self.beside += chars(),
            Goal::Body if self.state.deleted => self.deleted += chars(),
            Goal::Body if self.state.hidden => self.hidden += chars(),
            Goal::Body => self.text.push_str(text),
        }
    }

    fn sign(&mut self, sign: u8) -> Result<(), Unreadable> {
        match sign {
            b'*' => self.optional = true,
            b'~' => self.write("\u{A0}"),
            b'_' => self.write("-"),
            b'\r' | b'\n' => self.end_paragraph()?,
            b'{' | b'}' | b'\\' => self.write(char::from(sign).encode_utf8(&mut [0; 4])),
            _ => {}
        }
        Ok(())
    }

    fn word(&mut self, name: &str, number: Option<i32>) -> Result<(), Unreadable> {
        let optional = std::mem::take(&mut self.optional);
        if let Some(goal) = goal_of(name, optional) {
            self.pictures += u64::from(name == "pict" && self.state.goal == Goal::Body);
            // what stands in a group that is passed over stays there
            if self.state.goal != Goal::Nowhere {
                self.state.goal = goal;
            }
            return Ok(());
        }
        if self.state.goal == Goal::Fonts {
            self.font(name, number);
            return Ok(());
        }
        if self.character(name, number) || self.state.goal != Goal::Body {
            return Ok(());
        }
        self.layout(name, number)
    }

    fn font(&mut self, name: &str, number: Option<i32>) {
        match (name, number) {
            ("f", Some(number)) => self.state.font = number,
            ("fcharset", Some(set)) if self.fonts.len() < FONTS_MAX => {
                if let Some(encoding) = encoding_of_set(set) {
                    self.fonts.insert(self.state.font, encoding);
                }
            }
            _ => {}
        }
    }

    /// Words that write a character or say how the next ones are written.
    fn character(&mut self, name: &str, number: Option<i32>) -> bool {
        let on = number != Some(0);
        match name {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => {
                let count = usize::try_from(number.unwrap_or(1)).unwrap_or(1);
                self.state.stand_ins = count.min(64);
            }
            "ansicpg" => {
                if let Some(page) = number.and_then(encoding_of_page) {
                    self.page = page;
                }
            }
            "f" => self.state.font = number.unwrap_or(-1),
            "v" => self.state.hidden = on,
            "deleted" => self.state.deleted = on,
            "plain" => {
                (self.state.hidden, self.state.deleted) = (false, false);
            }
            "tab" => self.write("\t"),
            "line" => self.write("\n"),
            "emdash" => self.write("—"),
            "endash" => self.write("–"),
            "bullet" => self.write("•"),
            "lquote" => self.write("‘"),
            "rquote" => self.write("’"),
            "ldblquote" => self.write("“"),
            "rdblquote" => self.write("”"),
            "emspace" | "enspace" | "qmspace" => self.write(" "),
            _ => return false,
        }
        true
    }

    /// A character by its number; half of one where it needs two.
    fn unicode(&mut self, number: i32) {
        // numbers above 32767 are written as negative ones
        let unit = u16::try_from(number.rem_euclid(65_536)).unwrap_or(0);
        let units = match self.half.take() {
            Some(half) => vec![half, unit],
            None if (0xD800..0xDC00).contains(&unit) => {
                self.half = Some(unit);
                Vec::new()
            }
            None => vec![unit],
        };
        let text: String = char::decode_utf16(units).filter_map(Result::ok).collect();
        self.write(&text);
        self.passing = self.state.stand_ins;
    }

    /// Words that end paragraphs, cells and rows, and those that describe rows.
    fn layout(&mut self, name: &str, number: Option<i32>) -> Result<(), Unreadable> {
        match name {
            "par" | "sect" | "nestcell" => self.end_paragraph()?,
            "pard" => self.state.in_table = false,
            "intbl" => self.state.in_table = true,
            "cell" => self.end_cell()?,
            "row" => self.end_row()?,
            "trowd" => {
                self.definitions.clear();
                self.definition = Definition::default();
            }
            "clvmgf" => self.definition.begins_down = true,
            "clvmrg" => self.definition.goes_on_down = true,
            "clmrg" => self.definition.goes_on_right = true,
            "cellx" => {
                self.out.reserve_cells(1)?;
                let edge = number.unwrap_or(0);
                let definition = std::mem::take(&mut self.definition);
                self.definitions.push(Definition { edge, ..definition });
            }
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<(), Unreadable> {
        let text = std::mem::take(&mut self.text);
        self.paragraphs = self.paragraphs.saturating_add(1);
        if !has_readable(&text) {
            return Ok(());
        }
        self.out.see(&text)?;
        let paragraph = Flow::Paragraph {
            text: text.trim_end().to_owned(),
            heading: None,
            place: Place::at_line(self.paragraphs),
        };
        if self.state.in_table {
            self.cell.push(paragraph);
        } else {
            self.end_table();
            self.flow.push(paragraph);
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Unreadable> {
        // a cell is in a table, whether its paragraph says so or not
        self.state.in_table = true;
        self.end_paragraph()?;
        self.out.reserve_cells(1)?;
        self.cells.push(std::mem::take(&mut self.cell));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Unreadable> {
        if has_readable(&self.text) || !self.cell.is_empty() {
            self.end_cell()?;
        }
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            self.rows.push(Row {
                // no more than there are cells: many short rows may share one long description
                definitions: self.definitions.iter().take(cells.len()).copied().collect(),
                cells,
                place: Place::at_line(self.paragraphs),
            });
        }
        Ok(())
    }

    fn end_table(&mut self) {
        if !self.cells.is_empty() || !self.cell.is_empty() {
            let mut cells = std::mem::take(&mut self.cells);
            cells.push(std::mem::take(&mut self.cell));
            let (definitions, place) = (Vec::new(), Place::at_line(self.paragraphs));
            self.rows.push(Row {
                definitions,
                cells,
                place,
            });
        }
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            self.flow.push(Flow::Table(table::table(rows)));
        }
    }

    fn finish(mut self) -> Result<Vec<Flow>, Unreadable> {
        self.decode();
        self.end_paragraph()?;
        self.end_table();
        let mut left = |code: &str, chars: u64, message: String| {
            if chars > 0 {
                self.out.drop_chars(code, message, Place::default(), chars);
            }
        };
        let (hidden, deleted, beside) = (self.hidden, self.deleted, self.beside);
        left(
            "hidden-text",
            hidden,
            format!("文件中不显示的 {hidden} 个字已略去。"),
        );
        left(
            "deletion-dropped",
            deleted,
            format!("标记为已删除的 {deleted} 个字已略去。"),
        );
        left(
            "beside-dropped",
            beside,
            format!("页眉、页脚、脚注和批注中的 {beside} 个字不是正文，已略去。"),
        );
        if self.pictures > 0 {
            self.out.note(
                "image-dropped",
                "图片已略去，如图中有文字请对照原文补录。",
                Place::default(),
            );
        }
        self.out.see_chars(hidden + deleted + beside)?;
        Ok(self.flow)
    }
}

/// Where the text of a group goes that begins with this word; `None` where the word names no group.
fn goal_of(name: &str, optional: bool) -> Option<Goal> {
    Some(match name {
        "fonttbl" => Goal::Fonts,
        "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
        | "footerf" | "footnote" | "annotation" => Goal::Beside,
        "colortbl" | "stylesheet" | "info" | "pict" | "object" | "filetbl" | "sp" | "shprslt"
        | "nonshppict" | "template" | "fldinst" => Goal::Nowhere,
        // text boxes, and pictures that say so themselves
        "shpinst" | "shppict" | "shptxt" | "shp" => return None,
        _ if optional => Goal::Nowhere,
        _ => return None,
    })
}

fn encoding_of_page(page: i32) -> Option<&'static Encoding> {
    Some(match page {
        936 | 54936 => GB18030,
        950 => BIG5,
        932 => SHIFT_JIS,
        1252 => WINDOWS_1252,
        _ => return None,
    })
}

/// Fonts of Chinese and Japanese sets have their own pages; the rest goes by the page of the file.
fn encoding_of_set(set: i32) -> Option<&'static Encoding> {
    match set {
        134 => encoding_of_page(936),
        136 => encoding_of_page(950),
        128 => encoding_of_page(932),
        _ => None,
    }
}
