//! 表格填报: a unit takes its rows along as a sheet, fills them in elsewhere and sends them back.
//!
//! Nothing that came back is believed: rows are known by their code, cells are compared with what the system held when
//! the sheet was made and with what it holds now, and a person chooses.

mod apply;
mod code;
mod compare;
mod make;
mod pages;
mod sheet;
mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::id::{AccountId, AssignmentId, FileId, ReportId};
use gongkai_platform::db::Sql;
use serde::{Deserialize, Serialize};

pub(crate) use pages::routes;

/// Rows of one sheet.
const ROWS_MAX: usize = 1_000;
/// Bytes of one uploaded sheet.
const UPLOAD_BYTES_MAX: usize = 20 * 1024 * 1024;

/// What became of a sheet that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SheetState {
    Waiting,
    Applied,
    Undone,
    Discarded,
}

impl SheetState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Applied, Self::Undone, Self::Discarded];

    const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Applied => "applied",
            Self::Undone => "undone",
            Self::Discarded => "discarded",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "待核对",
            Self::Applied => "已采用",
            Self::Undone => "已撤销",
            Self::Discarded => "已作废",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A version that came of a row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    line: u32,
    assignment: AssignmentId,
    report: ReportId,
    /// What was in force before.
    before: Option<ReportId>,
    /// Why undoing left it as it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    why_kept: String,
}

impl Made {
    /// Undoing left it as it is.
    const fn is_kept(&self) -> bool {
        !self.why_kept.is_empty()
    }
}

/// One uploaded sheet. Its file's id names it.
#[derive(Debug, Clone)]
struct FilledSheet {
    file: FileId,
    name: String,
    rows: Vec<sheet::FilledRow>,
    state: SheetState,
    made: Vec<Made>,
}

/// A sheet as a list shows it.
struct Listed {
    file: FileId,
    name: String,
    state: SheetState,
    made: usize,
    /// Milliseconds since 1970.
    created_at: i64,
}

/// Counts the sheets of a person that wait to be looked through.
pub(crate) fn counting_waiting(account: AccountId) -> Sql {
    store::counting_waiting(account)
}

/// A field that a unit fills in, in the sheet's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Field {
    Done,
    Pending,
    Outcome,
    PlannedOn,
    NoEvidenceWhy,
}

impl Field {
    const ALL: [Self; 5] = [
        Self::Done,
        Self::Pending,
        Self::Outcome,
        Self::PlannedOn,
        Self::NoEvidenceWhy,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Pending => "pending",
            Self::Outcome => "outcome",
            Self::PlannedOn => "planned_on",
            Self::NoEvidenceWhy => "no_evidence_why",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Done => "已落实情况",
            Self::Pending => "待完成计划",
            Self::Outcome => "完成情况",
            Self::PlannedOn => "计划完成时间",
            Self::NoEvidenceWhy => "没有佐证的原因",
        }
    }
}
