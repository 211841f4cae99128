//! Official forms out: the ledger of 落实及“回头看” in the layout that every office knows (the annex of the plans:
//! two-row head over seven columns, A4 landscape, seal at the reporting unit), and plain lists as XLSX or CSV.
//!
//! Writers are pure: struct in, file bytes out; the same input gives the same bytes. Text of others is always text:
//! it never becomes a formula, a link or markup.

pub mod annual;
pub mod brief;
mod fill_xlsx;
mod ledger_docx;
mod ledger_xlsx;
pub mod letter;
pub mod letterhead;
mod list;
mod text;
pub mod word;

#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use serde::Serialize;

pub use fill_xlsx::{FILL_HEADS, FillForm, FillRow, fill_xlsx};
pub use ledger_docx::{docx, docx_all};
pub use ledger_xlsx::{xlsx, xlsx_all};
pub use list::{table_csv, table_xlsx};

/// The longest text of one ledger field, in characters: what one spreadsheet cell can hold.
pub const FIELD_CHARS_MAX: usize = 32_767;

/// Rows of one form or list, without its heads: a little under the 1,048,576 rows of a sheet.
pub const ROWS_MAX: usize = 1_000_000;

/// Empty rows that a form without any row shows, so that it can be printed and filled in by hand.
const BLANK_ROWS: usize = 4;

/// One ledger as it leaves: what 填报单位 reports on 填报日期.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerForm {
    /// The whole title, such as 安澜市2026年政务公开工作要点分工方案落实及“回头看”工作台账.
    pub title: String,
    /// 填报单位.
    pub unit: String,
    /// 填报日期; `None` leaves room to write it by hand.
    pub filled_on: Option<Date>,
    /// 填报人.
    pub filled_by: String,
    /// 联系方式.
    pub contact: String,
    pub rows: Vec<LedgerRow>,
}

/// One measure of one unit. Line breaks inside a text begin a new paragraph of the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerRow {
    /// 落实单位名称; neighbouring rows of the same unit share one cell.
    pub unit: String,
    /// 具体工作事项.
    pub item: String,
    /// 已落实事项情况.
    pub done: String,
    /// 待完成事项计划.
    pub pending: String,
    /// 完成时限 in the plan's own words.
    pub due_text: String,
    /// 回头看“事项”; `None` until there is a look back.
    pub review: Option<String>,
    /// 未完成事项整改落实情况; `None` until there is a look back.
    pub rectification: Option<String>,
}

/// Why a form could not be written. The sentence is for people: what happened, whether data are safe, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error(
        "没有可导出的台账：所选单位没有任何事项。已有数据不受影响。请先选择单位或导入方案，再导出。"
    )]
    Nothing,
    #[error(
        "第{row}行“{column}”有{chars}个字，超过一格最多{FIELD_CHARS_MAX}字，没有生成文件。已有数据不受影响。请把这一格的内容改短，细节放到佐证材料里，再导出。"
    )]
    FieldTooLong {
        /// Counts from 1 within the form's rows.
        row: usize,
        column: String,
        chars: usize,
    },
    #[error(
        "一共{rows}行，超过一个文件最多{ROWS_MAX}行，没有生成文件。已有数据不受影响。请先用筛选缩小范围，分几次导出。"
    )]
    TooManyRows { rows: usize },
    #[error(
        "文件没有生成（{0}）。已有数据不受影响。请再试一次；如仍不行，请把这句话告诉系统管理员。"
    )]
    Write(String),
}

impl FormError {
    /// Stable kebab-case code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "form-nothing",
            Self::FieldTooLong { .. } => "form-field-too-long",
            Self::TooManyRows { .. } => "form-too-many-rows",
            Self::Write(_) => "form-write",
        }
    }
}

impl LedgerForm {
    /// All forms as one: the rows one after the other under `unit`, dated with the latest date among them.
    /// Who reported for one unit did not report for `unit`: 填报人 and 联系方式 leave room to write. `None` where there is
    /// no form.
    pub fn merged(unit: &str, forms: &[Self]) -> Option<Self> {
        let first = forms.first()?;
        Some(Self {
            unit: unit.to_owned(),
            filled_on: forms.iter().filter_map(|form| form.filled_on).max(),
            filled_by: String::new(),
            contact: String::new(),
            rows: forms.iter().flat_map(|form| form.rows.clone()).collect(),
            title: first.title.clone(),
        })
    }

    /// 填报日期 as printed: no leading zeros, or room to write.
    fn filled_on_text(&self) -> String {
        self.filled_on.map_or_else(
            || "      年    月    日".to_owned(),
            |date| format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        )
    }

    fn check(&self) -> Result<(), FormError> {
        if self.rows.len() > ROWS_MAX {
            return Err(FormError::TooManyRows {
                rows: self.rows.len(),
            });
        }
        for (index, row) in self.rows.iter().enumerate() {
            for (column, text) in COLUMNS.iter().zip(row.texts()) {
                let chars = text.chars().count();
                if chars > FIELD_CHARS_MAX {
                    return Err(FormError::FieldTooLong {
                        row: index + 1,
                        column: (*column).to_owned(),
                        chars,
                    });
                }
            }
        }
        Ok(())
    }
}

impl LedgerRow {
    const BLANK: Self = Self {
        unit: String::new(),
        item: String::new(),
        done: String::new(),
        pending: String::new(),
        due_text: String::new(),
        review: None,
        rectification: None,
    };

    /// The seven cells, left to right.
    fn texts(&self) -> [&str; 7] {
        [
            &self.unit,
            &self.item,
            &self.done,
            &self.pending,
            &self.due_text,
            self.review.as_deref().unwrap_or_default(),
            self.rectification.as_deref().unwrap_or_default(),
        ]
    }
}

/// The seven columns of the annex; the third and fourth stand under [`PROGRESS`].
const COLUMNS: [&str; 7] = [
    "落实单位名称",
    "具体工作事项",
    "已落实事项情况",
    "待完成事项计划",
    "完成时限",
    "回头看“事项”",
    "未完成事项整改落实情况",
];

/// The head that stands over the two columns of progress.
const PROGRESS: &str = "具体工作事项进度";
const PROGRESS_COLUMNS: std::ops::RangeInclusive<usize> = 2..=3;

/// Width of each column on paper, in millimetres; together they fill the text block of [`word`]'s landscape page.
const COLUMN_MM: [u32; 7] = [32, 56, 58, 38, 24, 22, 27];

/// What the PDF template `Ledger` takes: `{"forms": [...]}`, each form with the fields of [`LedgerForm`].
pub fn typeset_data(forms: &[LedgerForm]) -> serde_json::Value {
    serde_json::json!({ "forms": forms })
}

/// For each row, over how many rows its unit cell reaches down; 0 where the cell above reaches over it.
fn unit_spans(rows: &[LedgerRow]) -> Vec<usize> {
    let mut spans: Vec<usize> = Vec::with_capacity(rows.len());
    for group in rows.chunk_by(|a, b| !a.unit.trim().is_empty() && a.unit.trim() == b.unit.trim()) {
        spans.push(group.len());
        spans.extend(std::iter::repeat_n(0, group.len() - 1));
    }
    spans
}

/// The rows to print: the form's own, or blank ones to be filled in by hand.
fn printed_rows(form: &LedgerForm) -> Vec<LedgerRow> {
    if form.rows.is_empty() {
        vec![LedgerRow::BLANK; BLANK_ROWS]
    } else {
        form.rows.clone()
    }
}
