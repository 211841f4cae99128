//! 进展填报: what a unit says it has done. Each edit is a version of its own; none is ever overwritten.

pub mod store;
pub mod submit;

use gongkai_basis::id::{AccountId, AssignmentId, ReportId};
use gongkai_basis::{Date, coded};

/// The longest text of one field, in characters; what the official form's cell can hold is far more.
pub const TEXT_CHARS_MAX: usize = 5_000;

coded! {
    /// What a unit says about the whole of its part.
    pub enum Outcome {
        InProgress = "in_progress", "进行中";
        Done = "done", "已完成";
    }
}

/// What the author fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub outcome: Outcome,
    /// 已落实事项情况
    pub done_text: String,
    /// 待完成事项计划
    pub pending_text: String,
    /// 计划完成时间
    pub planned_on: Option<Date>,
    /// Why nothing proves what is said to be done; empty where something does.
    pub no_evidence_why: String,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub id: ReportId,
    pub assignment: AssignmentId,
    /// Counts the versions of one assignment from 1.
    pub sequence: i64,
    /// The version that its author had before the eyes.
    pub based_on: Option<ReportId>,
    pub content: Content,
    pub author: Option<AccountId>,
    pub author_name: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Why a report cannot be taken as it is: the form's field, and the sentence under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub field: &'static str,
    pub sentence: String,
}

impl Content {
    /// All the reasons at once; empty when the report can be saved. `evidence` counts what is attached and not withdrawn.
    #[must_use]
    pub fn refusals(&self, evidence: i64) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let mut refuse = |field, sentence: String| refusals.push(Refusal { field, sentence });
        for (field, name, text) in [
            ("done_text", "已落实情况", &self.done_text),
            ("pending_text", "待完成计划", &self.pending_text),
            ("no_evidence_why", "没有佐证的原因", &self.no_evidence_why),
        ] {
            let chars = text.chars().count();
            if chars > TEXT_CHARS_MAX {
                refuse(
                    field,
                    format!(
                        "“{name}”有{chars}个字，最多{TEXT_CHARS_MAX}字。请改短，细节放到佐证材料里。"
                    ),
                );
            }
        }
        match self.outcome {
            Outcome::InProgress => {
                if self.done_text.is_empty() && self.pending_text.is_empty() {
                    refuse(
                        "done_text",
                        "“已落实情况”和“待完成计划”至少填一项。".to_owned(),
                    );
                }
            }
            Outcome::Done => self.why_not_done(evidence, &mut refuse),
        }
        refusals
    }

    fn why_not_done(&self, evidence: i64, refuse: &mut impl FnMut(&'static str, String)) {
        if self.done_text.is_empty() {
            refuse(
                "done_text",
                "报“已完成”须写明已落实情况：做了什么、何时、结果如何。".to_owned(),
            );
        }
        if evidence == 0 && self.no_evidence_why.is_empty() {
            refuse(
                "no_evidence_why",
                "报“已完成”须至少有一份佐证（文件或网址）；确实没有的，请写明原因。".to_owned(),
            );
        }
        if !self.pending_text.is_empty() {
            refuse(
                "pending_text",
                "报“已完成”时不应还有待完成计划；请清空这一栏，或改报“进行中”。".to_owned(),
            );
        }
    }
}

#[cfg(test)]
mod tests;
