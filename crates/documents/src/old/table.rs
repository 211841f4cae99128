//! The list of an older site's documents: a CSV with a head in Chinese, one document a line.

use encoding_rs::GB18030;
use gongkai_basis::Date;
use gongkai_basis::document_number::{self, DocumentNumber, OrderNumber, Repair};

use crate::document::validity::Change;
use crate::document::{Head, Openness};
use crate::house_field::HouseField;
use crate::kind::Kind;
use crate::kind::own::{self, Form, OwnValue};

/// Bytes of a list.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Documents of one list.
const LINES_MAX: usize = 200_000;

/// Why a list cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("清单超过 64 MB 或 20 万行。没有导入任何文件。请分几次导入。")]
    TooLarge,
    #[error("清单的文字编码无法识别。没有导入任何文件。请另存为 UTF-8 或 GB18030 编码的 CSV。")]
    Encoding,
    #[error("清单第一行没有这些列：{0}。没有导入任何文件。请补上列名后重试。")]
    Columns(String),
    #[error("清单第 {0} 行无法读取。没有导入任何文件。请用表格软件打开检查后另存为 CSV。")]
    Broken(u64),
}

/// One line of the list, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From 1, the head included.
    pub number: u64,
    /// Path of the body's file, inside the folder.
    pub source: String,
    pub address: String,
    pub kind: Option<Kind>,
    /// 发布机构, as printed.
    pub organ: String,
    pub head: Head,
    /// How the 文号 was brought into its strict form, where the list has another one.
    pub repaired: Option<Repaired>,
    pub index_number: String,
    pub published_on: Option<Date>,
    /// What had become of it, and when: both are in the list, or the line has a mistake.
    pub change: Option<(Change, Date)>,
    /// Paths inside the folder.
    pub attachments: Vec<String>,
    /// What it says in columns that neither all documents nor its kind has: name and cell, none empty.
    pub more: Vec<(String, String)>,
    /// Why this line cannot be taken in.
    pub mistakes: Vec<String>,
}

/// A 文号 that older sites wrote otherwise: 安府[2019]7号 is 安府〔2019〕7号.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    pub printed: String,
    pub number: String,
    /// A part was lost and is made up: a person holds it against the paper.
    pub is_guessed: bool,
}

impl Repaired {
    /// What the operator reads about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self {
            printed, number, ..
        } = self;
        if self.is_guessed {
            format!("文号“{printed}”不完整，暂记为“{number}”，请对照原文核对以后再发布")
        } else {
            format!("文号“{printed}”按规范写法记为“{number}”")
        }
    }

    fn of(printed: &str) -> Option<Self> {
        let is_strict =
            printed.parse::<DocumentNumber>().is_ok() || printed.parse::<OrderNumber>().is_ok();
        if is_strict {
            return None;
        }
        let (number, repairs) = document_number::read(printed).ok()?;
        let is_guess = |repair: &Repair| match repair {
            Repair::BracketsLost | Repair::EndingLost | Repair::CodeCut => true,
            Repair::Brackets
            | Repair::Ordinal
            | Repair::LeadingZeros
            | Repair::Width
            | Repair::Blanks => false,
        };
        Some(Self {
            printed: printed.to_owned(),
            number: number.to_string(),
            is_guessed: repairs.iter().any(is_guess),
        })
    }
}

impl Line {
    /// Takes in what the line says in fields that its government added to its kind, from the columns with their names.
    pub fn take_fields(&mut self, house: &[HouseField]) {
        let Some(kind) = self.kind else { return };
        for field in house.iter().filter(|field| field.kind == kind.code()) {
            let said = self.more.iter().find(|(name, _)| *name == field.name);
            let Some((_, text)) = said else { continue };
            let text = match (field.form(), day(text)) {
                (Form::Date, Some(day)) => day.to_string(),
                (_, _) => text.clone(),
            };
            match field.read(&text) {
                Ok(value) => self.head.own.push(value),
                Err(sentence) => {
                    let sentence = sentence.trim_end_matches('。').to_owned();
                    self.mistakes.push(sentence);
                }
            }
        }
    }
}

/// The names of columns in which lines say something that nobody asks for: no kind of documents, and none of the governments
/// that added these fields.
#[must_use]
pub fn left_alone(lines: &[Line], house: &[HouseField]) -> Vec<String> {
    let is_known = |name: &str| {
        own::all().iter().any(|field| field.name == name)
            || house.iter().any(|field| field.name == name)
    };
    let mut left: Vec<String> = Vec::new();
    for (name, _) in lines.iter().flat_map(|line| &line.more) {
        if !is_known(name) && !left.contains(name) {
            left.push(name.clone());
        }
    }
    left
}

const FILE: &str = "文件";
const TITLE: &str = "名称";
const KIND: &str = "种类";
const ORGAN: &str = "发布机构";
const PUBLISHED: &str = "发布日期";
/// The day of what had become of it. Never guessed: the public reads it as the day of the repeal.
const CHANGED: &str = "有效性变动日期";
const REQUIRED: [&str; 5] = [FILE, TITLE, KIND, ORGAN, PUBLISHED];
/// What else the list of any kind may say.
const COMMON: [&str; 12] = [
    CHANGED,
    NUMBER,
    THEME,
    ISSUED,
    EFFECTIVE,
    EXPIRES,
    SUMMARY,
    KEYWORDS,
    VALIDITY,
    ATTACHMENTS,
    ADDRESS,
    INDEX,
];
const NUMBER: &str = "文号";
const THEME: &str = "主题分类";
const ISSUED: &str = "成文日期";
const EFFECTIVE: &str = "施行日期";
const EXPIRES: &str = "有效期至";
const SUMMARY: &str = "内容概述";
const KEYWORDS: &str = "主题词";
const VALIDITY: &str = "有效性";
const ATTACHMENTS: &str = "附件";
const ADDRESS: &str = "原网址";
const INDEX: &str = "索引号";

/// Reads a list. Columns may stand in any order; what stands in others is kept beside the line.
///
/// # Errors
/// When it is too large, of an unknown encoding, without its columns, or no CSV.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, TableError> {
    if bytes.len() > BYTES_MAX {
        return Err(TableError::TooLarge);
    }
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| TableError::Broken(1))?.clone();
    let missing: Vec<&str> = REQUIRED
        .into_iter()
        .filter(|name| !head.iter().any(|column| column == *name))
        .collect();
    if !missing.is_empty() {
        return Err(TableError::Columns(missing.join("、")));
    }
    let mut lines = Vec::new();
    for (index, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|_| TableError::Broken(index))?;
        if lines.len() >= LINES_MAX {
            return Err(TableError::TooLarge);
        }
        let cell = |name: &str| {
            let column = head.iter().position(|column| column == name);
            let found = column.and_then(|column| record.get(column));
            found.unwrap_or_default().to_owned()
        };
        if record.iter().any(|cell| !cell.is_empty()) {
            let mut read = line(index, cell);
            read.more = more(&head, &record, read.kind);
            lines.push(read);
        }
    }
    Ok(lines)
}

fn more(
    head: &csv::StringRecord,
    record: &csv::StringRecord,
    kind: Option<Kind>,
) -> Vec<(String, String)> {
    let is_of_kind =
        |name: &str| kind.is_some_and(|kind| own::of(kind).any(|field| field.name == name));
    let mut more: Vec<(String, String)> = Vec::new();
    for (name, text) in head.iter().zip(record.iter()) {
        let is_known = REQUIRED.contains(&name) || COMMON.contains(&name) || is_of_kind(name);
        if !is_known && !name.is_empty() && !text.is_empty() {
            more.push((name.to_owned(), text.to_owned()));
        }
    }
    more
}

fn decode(bytes: &[u8]) -> Result<String, TableError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, malformed) = GB18030.decode_without_bom_handling(bytes);
    if malformed {
        return Err(TableError::Encoding);
    }
    Ok(text.into_owned())
}

fn line(number: u64, cell: impl Fn(&str) -> String) -> Line {
    let mut mistakes = Vec::new();
    for name in REQUIRED {
        if cell(name).is_empty() {
            mistakes.push(format!("“{name}”是空的"));
        }
    }
    let mut date = |name: &str| {
        let text = cell(name);
        let found = day(&text);
        if found.is_none() && !text.is_empty() {
            mistakes.push(format!("“{name}”的日期“{text}”无法识别，例：2021-03-05"));
        }
        found
    };
    let published_on = date(PUBLISHED);
    let changed_on = date(CHANGED);
    let printed = cell(NUMBER);
    let repaired = Repaired::of(&printed);
    let mut head = Head {
        title: cell(TITLE),
        number: repaired
            .as_ref()
            .map_or(printed, |repaired| repaired.number.clone()),
        theme: cell(THEME),
        issued_on: date(ISSUED),
        effective_on: date(EFFECTIVE),
        expires_on: date(EXPIRES),
        openness: Openness::Open.code().to_owned(),
        summary: cell(SUMMARY),
        keywords: cell(KEYWORDS),
        ..Head::default()
    };
    let kind = kind_of(&cell(KIND), &mut mistakes);
    if let Some(kind) = kind {
        head.own = own_of(kind, &cell, &mut mistakes);
    }
    let validity = cell(VALIDITY);
    let change = change_of(&validity, &mut mistakes);
    if change.is_some() && cell(CHANGED).is_empty() {
        mistakes.push(format!("有效性是“{validity}”，“{CHANGED}”却是空的"));
    }
    let attachments = cell(ATTACHMENTS);
    Line {
        number,
        source: cell(FILE),
        address: cell(ADDRESS),
        kind,
        organ: cell(ORGAN),
        head,
        repaired,
        index_number: cell(INDEX),
        published_on,
        change: change.zip(changed_on),
        attachments: attachments
            .split([';', '；', '|'])
            .map(str::trim)
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect(),
        more: Vec::new(),
        mistakes,
    }
}

/// 专有要素: each kind has its own columns; in lines of other kinds they are left alone.
fn own_of(kind: Kind, cell: impl Fn(&str) -> String, mistakes: &mut Vec<String>) -> Vec<OwnValue> {
    let (own, wrong) = own::read(kind, |field| {
        let text = cell(field.name);
        match (&field.form, day(&text)) {
            (Form::Date, Some(day)) => day.to_string(),
            (_, _) => text,
        }
    });
    let told = wrong.into_iter().map(|(_, sentence)| sentence);
    mistakes.extend(told.map(|sentence| sentence.trim_end_matches('。').to_owned()));
    own
}

fn kind_of(word: &str, mistakes: &mut Vec<String>) -> Option<Kind> {
    let known = Kind::options();
    let found = known
        .iter()
        .find(|(code, name)| word == *name || word == *code);
    if found.is_none() && !word.is_empty() {
        let names: Vec<&str> = known.iter().map(|(_, name)| *name).collect();
        mistakes.push(format!(
            "种类“{word}”不在清单里，可用：{}",
            names.join("、")
        ));
    }
    found.and_then(|(code, _)| Kind::from_code(code))
}

fn change_of(word: &str, mistakes: &mut Vec<String>) -> Option<Change> {
    match word {
        "" | "有效" | "现行有效" => None,
        "已修改" | "修改" => Some(Change::Amended),
        "废止" | "已废止" => Some(Change::Repealed),
        "失效" | "已失效" | "宣布失效" => Some(Change::Lapsed),
        other => {
            mistakes.push(format!(
                "有效性“{other}”无法识别，可用：有效、已修改、已废止、已失效"
            ));
            None
        }
    }
}

/// `2021-03-05`, `2021/3/5`, `2021.3.5`, `2021年3月5日`, `20210305`; a time of day behind it is left alone.
fn day(text: &str) -> Option<Date> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if text.len() == 8 && text.chars().all(|c| c.is_ascii_digit()) {
        return format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..)?)
            .parse()
            .ok();
    }
    let mut parts = text
        .trim_end_matches('日')
        .split(['-', '/', '.', '年', '月'])
        .map(|part| part.parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}
