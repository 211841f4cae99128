//! 导入: from an uploaded document to a confirmed plan, by way of a draft that survives closing the browser.
//!
//! [`convert`] makes the draft's [`content`] of what the reader found; [`edit`], [`settle`], [`effects`] and [`compare`]
//! are the rules, purely; [`upload`], [`reading`], [`confirm`], [`upper`], [`undo`], [`reimport`], [`correct`] and [`progress`] are the use
//! cases.

pub mod compare;
pub mod confirm;
pub mod content;
pub mod convert;
pub mod correct;
pub mod edit;
pub mod effects;
mod pages;
pub mod progress;
pub mod reading;
pub mod reimport;
pub mod reread;
pub mod settle;
mod source;
pub mod store;
pub mod undo;
pub mod upload;
pub mod upper;
mod whole;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, DraftId, FileId, JobId, OrganId, PlanId};
use gongkai_platform::db::{Db, Tx};
use gongkai_platform::job::Worker;
use gongkai_platform::web::{App, Problem, Route};

use crate::task;

pub(crate) use source::place_name;
pub use whole::{ImportError, import_whole};

/// Tables to which a confirmed plan adds a row for each of its parts, or for each unit.
const LEDGER: &[&str] = &["task", "assignment", "inbox_message"];

/// To be called when a plan came in: a large one makes other tables of the ledger's, and the first look at it should not pay
/// for that.
async fn came_in(db: &Db, plan: PlanId) {
    let parts = db
        .read(async |tx: &mut Tx| task::store::parts_in(tx, plan).await)
        .await;
    // The plan stands, whatever became of the count.
    db.refresh_statistics(parts.unwrap_or(usize::MAX), LEDGER)
        .await;
}

coded! {
    /// Where a draft stands.
    pub enum DraftState {
        /// The file is stored and being read.
        Reading = "reading", "正在读取";
        /// A person works on it.
        Open = "open", "待核对";
        /// A correction that waits for the head of the office; nobody edits it meanwhile.
        Proposed = "proposed", "待审批";
        /// The file could not be read.
        Failed = "failed", "未能读取";
        Confirmed = "confirmed", "已确认";
        Discarded = "discarded", "已作废";
    }
}

coded! {
    /// What a draft becomes.
    pub enum Purpose {
        /// A new plan.
        Plan = "plan", "新方案";
        /// 上级来文: a plan of a government above, to compare the own one with.
        Upper = "upper", "上级来文";
        /// The correction of a plan that is already confirmed.
        Reimport = "reimport", "更正方案";
        /// Progress out of an existing ledger, for a plan that is already confirmed.
        Progress = "progress", "台账进展";
    }
}

/// A draft's row, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: DraftId,
    /// The office that imports.
    pub organ: OrganId,
    pub account: Option<AccountId>,
    pub state: DraftState,
    pub purpose: Purpose,
    pub file: FileId,
    pub file_name: String,
    pub job: Option<JobId>,
    /// Why the file could not be read, in words.
    pub failure: Option<String>,
    /// The plan that came of it, or that it corrects.
    pub plan: Option<PlanId>,
    pub title: String,
    pub tasks: i64,
    pub doubts: i64,
    /// Counts edits; each one names the version that it saw.
    pub version: i64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    pub updated_at: i64,
}

/// 更正稿报批: what a person wants taken over from a correction and why, and what the head of the office said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionProposal {
    /// The chosen changes by their codes; to each the hash of what it was when it was proposed.
    pub chosen: BTreeMap<String, String>,
    pub reason: String,
    pub proposer_name: String,
    /// Milliseconds since 1970, here and below.
    pub proposed_at: i64,
    pub decider_name: Option<String>,
    pub decided_at: Option<i64>,
    /// Why it was sent back.
    pub decision_note: Option<String>,
}

/// What can go wrong with a draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("there is no such draft or plan in reach")]
    NotFound,
    #[error("refused")]
    Refused(Vec<String>),
    #[error(transparent)]
    Edit(#[from] edit::EditError),
    #[error("the store failed")]
    Store(#[from] gongkai_platform::db::StoreError),
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::NotFound => Self::not_found(),
            DraftError::Refused(reasons) => Self::refused(reasons),
            DraftError::Edit(error) => Self::refused(vec![error.to_string()]),
            DraftError::Store(error) => error.into(),
        }
    }
}

/// Every page and form of the import.
#[must_use]
pub fn routes() -> Vec<Route> {
    pages::routes()
}

/// What reads uploaded documents.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![Arc::new(reading::PlanReader::new(app.clone()))]
}
