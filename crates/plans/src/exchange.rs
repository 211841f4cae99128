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

pub(crate) use pages::routes;

/// Rows of one sheet.
pub const ROWS_MAX: usize = 5_000;
/// Bytes of one uploaded sheet.
pub const UPLOAD_BYTES_MAX: usize = 20 * 1024 * 1024;

/// A field that a unit fills in, in the sheet's order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Done,
    Pending,
    Outcome,
    PlannedOn,
    NoEvidenceWhy,
}

impl Field {
    pub const ALL: [Self; 5] = [
        Self::Done,
        Self::Pending,
        Self::Outcome,
        Self::PlannedOn,
        Self::NoEvidenceWhy,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Pending => "pending",
            Self::Outcome => "outcome",
            Self::PlannedOn => "planned_on",
            Self::NoEvidenceWhy => "no_evidence_why",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "已落实情况",
            Self::Pending => "待完成计划",
            Self::Outcome => "完成情况",
            Self::PlannedOn => "计划完成时间",
            Self::NoEvidenceWhy => "没有佐证的原因",
        }
    }
}
