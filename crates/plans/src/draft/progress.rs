//! 年中启用: an existing ledger with progress is brought onto the plan that it is about.

mod apply;
mod choose;
pub mod matching;
mod picked;
mod preview;
pub mod rows;
#[cfg(test)]
mod tests;
mod undo;

use gongkai_basis::id::{AssignmentId, ReportId};
use serde::{Deserialize, Serialize};

pub use apply::{Applied, WhenNothingPends, apply, keep};
pub use choose::{choose, leave};
pub use picked::{Given, Pick, Picked};
pub use preview::{Preview, preview};
pub use undo::{undo, why_not_undo};

/// What a draft of this purpose holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub rows: Vec<LedgerRow>,
}

/// One row of an existing ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The unit cell as printed.
    pub units: String,
    /// 具体工作事项
    pub text: String,
    /// Its cell is blank, and the matter is that of the row above.
    #[serde(default)]
    pub above: bool,
    /// 已落实事项情况
    pub done: String,
    /// 待完成事项计划
    pub pending: String,
    /// 完成时限, as printed.
    pub due: String,
    pub place: gongkai_office::Place,
}

impl LedgerRow {
    /// Is there anything to import?
    #[must_use]
    pub fn has_progress(&self) -> bool {
        !self.done.is_empty() || !self.pending.is_empty()
    }
}

/// A version that came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub assignment: AssignmentId,
    pub report: ReportId,
    /// What was in force before.
    pub before: Option<ReportId>,
}

/// What a person reads when a file holds no ledger.
pub const NO_LEDGER: &str = "没有在文件中找到台账表格。上传的文件已保存，台账没有改动。表头需要有“单位”“事项”（或“任务”）和“已落实”（或“进展”）三列，请调整表头后重新上传。";

/// What a person reads when a ledger has more rows than one import takes.
#[must_use]
pub fn too_many() -> String {
    format!(
        "台账超过{}行，一次不能导入。上传的文件已保存，台账没有改动。请按单位拆成几份，分别上传。",
        rows::ROWS_MAX
    )
}
