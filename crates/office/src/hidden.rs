//! What a file hides from its reader, and a copy without it.
//!
//! `scan` explains what is there; `clean` gives a copy of which a second scan finds nothing, or says why none can be made.
//! Law: 保守国家秘密法 (2024) art. 35, 条例 (2019) art. 17: what is published is reviewed first, also where nobody sees it.

mod author;
mod cover;
mod cover_pdf;
mod cover_sheet;
mod cover_trace;
mod cover_word;
mod dom;
mod exif;
mod image;
mod office_parts;
mod page;
mod pdf;
mod repack;
mod sheet;
mod sheet_clean;
mod sheet_lists;
#[cfg(test)]
pub(crate) mod tests;
mod word;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::block::{Block, Document, Unreadable};
use crate::collect::quoted;
use crate::limits::Limits;
use crate::refusal::{damaged, encrypted, not_supported, too_large};
use crate::sniff::{Sniffed, sniff};

pub use self::cover::{Change, Piece, cover, pieces};

/// Characters of a hidden text that are handed on; the rest is counted by nobody.
pub(crate) const TEXT_CHARS_MAX: usize = 20_000;
/// Pieces that one file tells of.
pub(crate) const PIECES_MAX: usize = 2_000;

/// What kind of hiding place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    TrackedChange,
    Comment,
    HiddenText,
    /// Letters in the colour of the paper, or too small to see.
    UnseenText,
    HiddenSheet,
    HiddenRow,
    HiddenColumn,
    /// The options of a drop-down list that no visible cell shows.
    DropDown,
    PivotCache,
    OutsideLink,
    Metadata,
    Embedded,
    Macro,
    Attachment,
    Script,
    EarlierRevision,
    HiddenLayer,
    /// Text under a box or an image of a PDF.
    CoveredText,
    /// GPS position of a photograph.
    Position,
    /// Device, time, owner of a photograph.
    PhotoData,
    Thumbnail,
    /// A kind of file that cannot be searched: what it hides is not known.
    NotSearched,
    /// Not hidden at all: headers, footers and notes, whose text is checked with the body's.
    Aside,
}

impl Place {
    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::TrackedChange => "修订痕迹",
            Self::Comment => "批注",
            Self::HiddenText => "隐藏文字",
            Self::UnseenText => "看不见的文字（与底色相同或极小）",
            Self::HiddenSheet => "隐藏的工作表",
            Self::HiddenRow => "隐藏的行",
            Self::HiddenColumn => "隐藏的列",
            Self::DropDown => "下拉列表的选项",
            Self::PivotCache => "数据透视表缓存",
            Self::OutsideLink => "外部链接",
            Self::Metadata => "文件属性",
            Self::Embedded => "嵌入的对象",
            Self::Macro => "宏",
            Self::Attachment => "附带的文件",
            Self::Script => "脚本",
            Self::EarlierRevision => "修改前的旧内容",
            Self::HiddenLayer => "隐藏的图层",
            Self::CoveredText => "被遮盖的文字",
            Self::Position => "照片拍摄位置",
            Self::PhotoData => "照片拍摄信息",
            Self::Thumbnail => "照片缩略图",
            Self::NotSearched => "不能检查的文件格式",
            Self::Aside => "页眉页脚和注释",
        }
    }

    const fn why(self) -> &'static str {
        match self {
            Self::TrackedChange => "下载的人可以看到修改前的文字和修改人。请接受或拒绝全部修订。",
            Self::Comment => "下载的人可以看到批注内容和批注人。请删除批注。",
            Self::HiddenText | Self::UnseenText => "下载的人选中全文就能看到。请删除。",
            Self::HiddenSheet | Self::HiddenRow | Self::HiddenColumn => {
                "下载的人取消隐藏就能看到。请删除，不要隐藏。"
            }
            Self::DropDown => {
                "下载的人点开下拉框，或者查看“数据有效性”，就能看到全部选项。选项里有人名或内部信息的，请删除数据有效性。"
            }
            Self::PivotCache => "透视表带着全部原始数据。请把结果粘贴为数值后删除透视表。",
            Self::OutsideLink => "链接会暴露内部路径和数据来源。请断开链接，改为数值。",
            Self::Metadata => "文件属性会暴露编写人和内部信息。请清除。",
            Self::Embedded => "嵌入对象里有完整的原文件。请改为图片。",
            Self::Macro => "公开的文件不得带宏。请另存为不带宏的格式。",
            Self::Attachment => "附带的文件会一同公开。请删除附件。",
            Self::Script => "公开的文件不得带脚本。请删除。",
            Self::EarlierRevision => "文件末尾之前还保存着旧版本，可以恢复。请另存为新文件。",
            Self::HiddenLayer => "打开图层就能看到。请在原文件中删除该图层后重新导出。",
            Self::CoveredText => {
                "色块下面的文字仍可复制。请在原文件中删去文字后重新导出，或者生成干净文件：有这种文字的页面会换成看到的样子的图片。"
            }
            Self::Position => "照片记录了拍摄地点的经纬度。请清除拍摄信息。",
            Self::PhotoData => "照片记录了设备、时间或人员。请清除拍摄信息。",
            Self::Thumbnail => "缩略图可能是裁剪、遮盖之前的原图。请清除。",
            Self::NotSearched => {
                "这种格式里的修订、批注、隐藏内容和文件属性没有检查。请另存为 .docx、.xlsx 或 .pdf 后再检查。"
            }
            Self::Aside => "",
        }
    }
}

/// One hidden piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    pub what: Place,
    /// Where, for people: 工作表“明细”第 3 行.
    pub place: String,
    /// What it says, as far as it is text.
    pub text: String,
    /// `false` for what is usual and mostly harmless, but worth a look.
    pub sure: bool,
}

impl Hidden {
    pub(crate) fn new(what: Place, place: impl Into<String>, text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self {
            what,
            place: place.into(),
            text: text.trim().chars().take(TEXT_CHARS_MAX).collect(),
            sure: true,
        }
    }

    pub(crate) fn doubtful(self) -> Self {
        Self {
            sure: false,
            ..self
        }
    }

    /// The beginning of the text, in one line.
    #[must_use]
    pub fn excerpt(&self) -> String {
        let flat = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        quoted(&flat)
    }

    /// What it is, why it matters and what to do.
    #[must_use]
    pub fn advice(&self) -> String {
        format!("{}：{}", self.what.title(), self.what.why())
    }
}

/// Everything that a file hides; of web pages, what the pictures inside them tell. Text files hide nothing; a kind that
/// cannot be searched says so.
///
/// # Errors
/// [`Unreadable`] for files that are damaged, locked or too large, never a panic.
pub fn scan(bytes: &[u8], limits: &Limits) -> Result<Vec<Hidden>, Unreadable> {
    guarded(bytes, limits, |kind| match kind {
        Sniffed::Docx => word::scan(bytes, limits),
        Sniffed::Xlsx => sheet::scan(bytes, limits),
        Sniffed::Pdf => pdf::scan(bytes, limits),
        Sniffed::Image => Ok(image::scan(bytes)),
        Sniffed::Html => Ok(page::scan(bytes)),
        Sniffed::Encrypted => Err(encrypted("文件")),
        Sniffed::Text | Sniffed::Empty => Ok(Vec::new()),
        // What they hide is not known; that is worth a look, and stops nobody.
        Sniffed::Doc
        | Sniffed::Wps
        | Sniffed::Xls
        | Sniffed::Rtf
        | Sniffed::Ofd
        | Sniffed::OpenDocumentText
        | Sniffed::OpenDocumentSheet
        | Sniffed::Presentation
        | Sniffed::OfficeXml
        | Sniffed::ExcelXml
        | Sniffed::WebArchive
        | Sniffed::Archive
        | Sniffed::OtherOle
        | Sniffed::Unknown => Ok(vec![not_searched()]),
    })
    .map(|mut found| {
        found.truncate(PIECES_MAX);
        found
    })
}

fn not_searched() -> Hidden {
    Hidden::new(Place::NotSearched, "整个文件", "没有检查").doubtful()
}

/// A copy without anything that [`scan`] finds; what a reader sees stays as it is.
///
/// # Errors
/// [`Unreadable`] where no clean copy can be made safely; the sentence says what to do instead.
pub fn clean(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    const BY_HAND: &str = "请用原来的软件另存为 .docx、.xlsx 或 .pdf 后再清理。";
    let copy = guarded(bytes, limits, |kind| match kind {
        Sniffed::Docx => word::clean(bytes, limits),
        Sniffed::Xlsx => sheet_clean::clean(bytes, limits),
        Sniffed::Pdf => pdf::clean(bytes, limits),
        Sniffed::Image => image::clean(bytes),
        Sniffed::Html => Ok(page::clean(bytes)),
        Sniffed::Text => Ok(bytes.to_vec()),
        _ => Err(not_supported("这种文件的干净副本", BY_HAND)),
    })?;
    let left: Vec<Hidden> = scan(&copy, limits)?
        .into_iter()
        .filter(|one| one.what != Place::Aside)
        .collect();
    match left.first() {
        None => Ok(copy),
        Some(one) => Err(cannot_clean(&format!(
            "{}（{}）",
            one.what.title(),
            one.place
        ))),
    }
}

/// Something that only a person can take out.
pub(crate) fn cannot_clean(what: &str) -> Unreadable {
    Unreadable {
        code: "not-cleaned".to_owned(),
        message: format!(
            "不能安全地自动清理：{what}。没有生成干净文件，原文件没有改动。请在原始文件中删去这些内容后重新导出，再检查一次。"
        ),
    }
}

fn guarded<T>(
    bytes: &[u8],
    limits: &Limits,
    work: impl FnOnce(Sniffed) -> Result<T, Unreadable>,
) -> Result<T, Unreadable> {
    if bytes.len() as u64 > limits.input_bytes {
        return Err(too_large(&format!(
            "文件超过 {} MB",
            limits.input_bytes / 1024 / 1024
        )));
    }
    catch_unwind(AssertUnwindSafe(|| work(sniff(bytes))))
        .unwrap_or_else(|_| Err(damaged("解析时遇到无法处理的内容")))
}

/// The text of a document for the checks: a line for each paragraph and table row, cells parted by tabs.
#[must_use]
pub fn text_of(document: &Document) -> String {
    let mut text = String::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                text.push_str(&paragraph.text);
                text.push('\n');
            }
            Block::Table(table) => {
                for row in &table.rows {
                    let cells: Vec<String> = row
                        .cells
                        .iter()
                        .map(|cell| cell.text.replace(['\n', '\t'], " "))
                        .collect();
                    text.push_str(&cells.join("\t"));
                    text.push('\n');
                }
            }
        }
    }
    text
}
