//! Bytes of a list to rows. Foreign input: every dimension has a limit, the type is sniffed and not believed.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::super::{Kind, Level, change};
use super::ImportRow;
use crate::web::SheetLine;

/// Bytes of an uploaded list.
pub const FILE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Rows of a list, its head included.
pub const ROWS_MAX: usize = 5_000;
/// Columns that are looked at; further ones are left out.
const COLUMNS_MAX: usize = 40;
/// Characters of one cell.
const CELL_CHARS_MAX: usize = 2_000;
/// Lines above the head that may hold a title or a date.
const HEAD_LINES_MAX: usize = 10;

/// Why a list could not be read, in words for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("文件超过 2 MB。名录没有被改动。请删去无关的工作表和图片，或分几次导入。")]
    TooLarge,
    #[error("表格超过 5000 行。名录没有被改动。请删去空行，或分几次导入。")]
    TooManyRows,
    #[error(
        "这是旧版表格或其他格式的文件，无法直接读取。名录没有被改动。请用表格软件打开，另存为 .xlsx 或 CSV 后再导入。"
    )]
    OldFormat,
    #[error(
        "表格文件已损坏或不是表格，无法读取。名录没有被改动。请用表格软件打开检查，另存为 .xlsx 后再导入。"
    )]
    Broken,
    #[error(
        "文字编码无法识别。名录没有被改动。请另存为 UTF-8 或 GB18030 编码的 CSV，或直接粘贴表格。"
    )]
    Encoding,
    #[error(
        "没有找到表头。名录没有被改动。请在第一行写上“名称、简称、别名、曾用名、级别、类型、上级”中的至少“名称”一项。"
    )]
    NoHead,
    #[error("表头之下没有内容。名录没有被改动。请核对粘贴或上传的内容。")]
    Empty,
}

/// A list with its head recognised. Not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Option<Column>>,
    lines: Vec<SheetLine>,
}

/// The rows of an uploaded file; see [`Table::from_bytes`].
///
/// # Errors
/// When the file is too large, broken, of another format, or has no head.
pub fn read(bytes: &[u8]) -> Result<Vec<ImportRow>, ReadError> {
    Ok(Table::from_bytes(bytes)?.rows())
}

fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    let (encoding, rest) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (UTF_8, rest),
        [0xff, 0xfe, rest @ ..] => (UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => (UTF_16BE, rest),
        _ if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        _ => (GB18030, bytes),
    };
    let (text, malformed) = encoding.decode_without_bom_handling(rest);
    if malformed || text.contains('\0') {
        Err(ReadError::Encoding)
    } else {
        Ok(text.into_owned())
    }
}

fn separated(text: &str) -> Result<Vec<SheetLine>, ReadError> {
    let text = text.trim_start_matches('\u{feff}');
    let sample: String = text.lines().take(HEAD_LINES_MAX).collect();
    let count = |mark: char| sample.matches(mark).count();
    let delimiter = if count('\t') > 0 {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| ReadError::Broken)?;
        if lines.len() >= ROWS_MAX {
            return Err(ReadError::TooManyRows);
        }
        let line = record
            .position()
            .and_then(|position| usize::try_from(position.line()).ok())
            .unwrap_or(lines.len() + 1);
        lines.push((line, record.iter().take(COLUMNS_MAX).map(cell).collect()));
    }
    Ok(lines)
}

fn cell(text: &str) -> String {
    text.trim().chars().take(CELL_CHARS_MAX).collect()
}

/// A file that only the reading child opens: a package such as .xlsx, or an old .xls.
#[must_use]
pub fn needs_child(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// The line in the file that was sent, on the way from preview to confirmation.
    Line,
    Name,
    Short,
    Aliases,
    Former,
    Level,
    Kind,
    Parent,
}

const COLUMNS: &[(Column, &str, &[&str])] = &[
    (Column::Line, "原行号", &[]),
    (
        Column::Name,
        "名称",
        &[
            "机关名称",
            "单位名称",
            "机构名称",
            "部门名称",
            "全称",
            "机关",
            "单位",
        ],
    ),
    (Column::Short, "简称", &["规范简称", "单位简称", "机关简称"]),
    (Column::Aliases, "别名", &["别称", "其他名称", "又称"]),
    (Column::Former, "曾用名", &["原名称", "原名", "历史名称"]),
    (Column::Level, "级别", &["层级", "行政级别", "机关级别"]),
    (
        Column::Kind,
        "类型",
        &[
            "类别",
            "性质",
            "机构类型",
            "单位类型",
            "机关类型",
            "单位性质",
        ],
    ),
    (
        Column::Parent,
        "上级",
        &[
            "上级机关",
            "上级单位",
            "上级机构",
            "隶属",
            "隶属单位",
            "主管单位",
            "所属单位",
        ],
    ),
];

fn column(word: &str) -> Option<Column> {
    let word: String = word
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '*')
        .collect();
    COLUMNS
        .iter()
        .find(|(_, title, others)| word == *title || others.contains(&word.as_str()))
        .map(|(column, ..)| *column)
}

/// The index of the head's line, and which column each of its cells is.
fn head(lines: &[SheetLine]) -> Option<(usize, Vec<Option<Column>>)> {
    lines
        .iter()
        .take(HEAD_LINES_MAX)
        .enumerate()
        .find_map(|(index, (_, cells))| {
            let mut columns: Vec<Option<Column>> = Vec::with_capacity(cells.len());
            for cell in cells {
                let found = column(cell).filter(|found| !columns.contains(&Some(*found)));
                columns.push(found);
            }
            columns
                .contains(&Some(Column::Name))
                .then_some((index, columns))
        })
}

impl Table {
    /// Reads a text file in UTF-8, UTF-16 or GB18030, parted by commas, tabs or semicolons.
    ///
    /// Blocking: call it off the runtime.
    ///
    /// # Errors
    /// When the file is too large, of another format, or has no head.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(ReadError::TooLarge);
        }
        if needs_child(bytes) || bytes.starts_with(b"%PDF") {
            return Err(ReadError::OldFormat);
        }
        Self::from_text(&decode(bytes)?)
    }

    /// Takes the first table with a head, of those that the reading child found in a spreadsheet.
    ///
    /// # Errors
    /// When there is none, or the table has too many rows or no content.
    pub fn from_sheets(sheets: Vec<Vec<SheetLine>>) -> Result<Self, ReadError> {
        let empty = sheets.is_empty();
        let Some(lines) = sheets.into_iter().find(|lines| head(lines).is_some()) else {
            return Err(if empty {
                ReadError::Empty
            } else {
                ReadError::NoHead
            });
        };
        if lines.len() > ROWS_MAX {
            return Err(ReadError::TooManyRows);
        }
        let shorten = |(line, cells): SheetLine| {
            let cells = cells.iter().take(COLUMNS_MAX).map(|text| cell(text));
            (line, cells.collect())
        };
        Self::of(lines.into_iter().map(shorten).collect())
    }

    /// Reads a pasted table, or the text of a CSV file.
    ///
    /// # Errors
    /// When it is too large or has no head.
    pub fn from_text(text: &str) -> Result<Self, ReadError> {
        // A pasted table was counted by its form already; text decoded from a file may have grown.
        if text.len() > 2 * FILE_BYTES_MAX {
            return Err(ReadError::TooLarge);
        }
        Self::of(separated(text)?)
    }

    fn of(lines: Vec<SheetLine>) -> Result<Self, ReadError> {
        let (at, columns) = head(&lines).ok_or(ReadError::NoHead)?;
        let lines: Vec<SheetLine> = lines
            .into_iter()
            .skip(at + 1)
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
            .collect();
        if lines.is_empty() {
            Err(ReadError::Empty)
        } else {
            Ok(Self { columns, lines })
        }
    }

    #[must_use]
    pub fn rows(&self) -> Vec<ImportRow> {
        self.lines
            .iter()
            .map(|(line, cells)| row(*line, &self.columns, cells))
            .collect()
    }

    /// The list as text parted by tabs, from which [`Table::from_text`] makes the same rows: what a preview carries to its
    /// confirmation.
    #[must_use]
    pub fn to_text(&self) -> String {
        let kept: Vec<(usize, &str)> = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(index, found)| {
                COLUMNS
                    .iter()
                    .find(|(column, ..)| *column != Column::Line && Some(*column) == *found)
                    .map(|(_, title, _)| (index, *title))
            })
            .collect();
        let mut text = String::from("原行号");
        for (_, title) in &kept {
            text.push('\t');
            text.push_str(title);
        }
        for row in self.rows().iter().zip(&self.lines) {
            let (row, (_, cells)) = row;
            text.push('\n');
            text.push_str(&row.line.to_string());
            for (index, _) in &kept {
                let cell = cells.get(*index).map_or("", String::as_str);
                text.push('\t');
                // A line end parts several names; a quote would open a quoted cell.
                text.push_str(&cell.replace(['\n', '\r'], "、").replace(['\t', '"'], " "));
            }
        }
        text
    }
}

fn row(line: usize, columns: &[Option<Column>], cells: &[String]) -> ImportRow {
    let mut row = ImportRow {
        line,
        ..ImportRow::default()
    };
    for (column, text) in columns.iter().zip(cells) {
        let Some(column) = column else { continue };
        if text.is_empty() {
            continue;
        }
        match column {
            Column::Line => row.line = text.parse().unwrap_or(line),
            Column::Name => row.name.clone_from(text),
            Column::Short => row.short = Some(text.clone()),
            Column::Aliases => row.aliases = several(text),
            Column::Former => row.former = several(text),
            Column::Level => match Level::from_word(text) {
                Some(level) => row.level = Some(level),
                None => row.mistakes.push(unknown(
                    "级别",
                    text,
                    Level::ALL.iter().map(|level| level.name()),
                )),
            },
            Column::Kind => match Kind::from_word(text) {
                Some(kind) => row.kind = Some(kind),
                // One word for two kinds: the name tells them apart.
                None if matches!(
                    text.as_str(),
                    "镇街" | "镇（街道）" | "乡镇（街道）" | "村社区" | "村（社区）"
                ) => {}
                None => row.mistakes.push(unknown(
                    "类型",
                    text,
                    Kind::ALL.iter().map(|kind| kind.name()),
                )),
            },
            Column::Parent => row.parent = Some(text.clone()),
        }
    }
    row.mistakes.extend(change::name_mistake(&row.name));
    let short = row.short.iter().map(|name| ("简称", name));
    let aliases = row.aliases.iter().map(|name| ("别名", name));
    let former = row.former.iter().map(|name| ("曾用名", name));
    let mistake = short
        .chain(aliases)
        .chain(former)
        .find_map(|(what, name)| change::length_mistake(what, name));
    row.mistakes.extend(mistake);
    if row.aliases.len() + row.former.len() > change::ALIASES_MAX {
        row.mistakes
            .push(format!("别名和曾用名合计超过 {} 个", change::ALIASES_MAX));
    }
    row
}

fn unknown(what: &str, word: &str, known: impl Iterator<Item = &'static str>) -> String {
    let word: String = word.chars().take(20).collect();
    format!(
        "{what}“{word}”无法识别，可填：{}",
        known.collect::<Vec<_>>().join("、")
    )
}

/// Several names in one cell.
fn several(text: &str) -> Vec<String> {
    text.split(['、', '，', ',', '；', ';', '/', '\n', '|'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
