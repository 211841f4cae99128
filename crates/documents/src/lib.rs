//! 文: documents and their editions, review before publication, the library, the portal.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod acts;
pub mod column;
pub mod document;
pub mod gazette;
pub mod house_field;
pub mod id;
pub mod inspection;
pub mod kind;
mod lookup;
pub mod masking;
pub mod old;
mod pages;
pub mod picture;
pub mod review;
pub mod rules;
mod seam;
mod seam_check;
mod seam_draft;
pub mod takedown;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gongkai_platform::access::Act as _;
use gongkai_platform::account::HandledWork;
use gongkai_platform::job::Worker;
use gongkai_platform::job::schedule::Schedule;
use gongkai_platform::organ::Hooks;
use gongkai_platform::seam::Seams;
use gongkai_platform::web::{App, NavItem, Route};

/// Every page and form of this capability.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = pages::routes();
    routes.extend(pages::check::routes());
    routes
}

/// The workspace's menu: 信息发布.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let entry = |title: &'static str, path: &'static str| NavItem {
        group: "信息发布",
        title,
        path,
        act: acts::ViewDocuments::ROW,
    };
    vec![
        entry("文件", "/workspace/documents"),
        entry("到期清理", "/workspace/documents/cleanup"),
        entry("公开属性复核", "/workspace/documents/openness"),
        entry("检查汇总", "/workspace/documents/findings"),
        NavItem {
            act: acts::AnswerConcerned::ROW,
            ..entry("协商确认", "/workspace/concerned")
        },
        entry("上级文件", "/workspace/documents/upper"),
        entry("审核流程", "/workspace/documents/ways"),
        NavItem {
            act: acts::ViewColumns::ROW,
            ..entry("重点领域专栏", "/workspace/columns")
        },
        NavItem {
            act: acts::ViewGazette::ROW,
            ..entry("政府公报", "/workspace/gazette")
        },
        NavItem {
            act: acts::TakeDownFiles::ROW,
            ..entry("撤下相同文件", "/workspace/files")
        },
        NavItem {
            act: acts::KeepIndexScheme::ROW,
            ..entry("索引号规则", "/workspace/documents/index-numbers")
        },
        NavItem {
            act: acts::CheckBeforePublication::ROW,
            ..entry("发布前检查", "/workspace/check")
        },
    ]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![
        document::schedule::Clockwork::worker(app),
        document::days::worker(app),
        document::discard::worker(app),
        document::reading::worker(app),
        document::reading::forget::worker(app),
        document::standing::worker(app),
        document::upper::watch::worker(app),
        document::words::worker(app),
        column::check::worker(app),
        gazette::check::worker(app),
        review::late::worker(app),
    ]
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    [
        document::schedule::schedules(),
        document::days::schedules(),
        document::discard::schedules(),
        document::reading::forget::schedules(),
        document::standing::schedules(),
        document::upper::watch::schedules(),
        document::words::schedules(),
        column::check::schedules(),
        gazette::check::schedules(),
        review::late::schedules(),
    ]
    .concat()
}

/// What hangs on a person and is settled when its work is handed over.
#[must_use]
pub fn handled_work() -> Vec<Arc<dyn HandledWork>> {
    vec![Arc::new(review::release::ClaimedSteps)]
}

/// What a merger of organs does to this capability's work.
#[must_use]
pub fn organ_hooks() -> Hooks {
    Hooks {
        open_work: vec![
            Arc::new(document::directory::OwnDocuments),
            Arc::new(document::upper::directory::KeptUppers),
            Arc::new(review::concerned::directory::ConcernedOrgans),
            Arc::new(column::directory::KeptColumns),
            Arc::new(gazette::directory::MadeIssues),
        ],
        ..Hooks::default()
    }
}

/// What this capability offers to the others.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        evidence: vec![
            Arc::new(seam::Documents),
            Arc::new(seam::Columns),
            Arc::new(seam::Gazette),
        ],
        figures: vec![
            Arc::new(seam::Figures),
            Arc::new(seam::Columns),
            Arc::new(seam::Gazette),
        ],
        obligations: vec![
            Arc::new(seam::ReviewsDue),
            Arc::new(seam::OpennessDue),
            Arc::new(seam::ConcernedDue),
            Arc::new(seam::Columns),
        ],
        waiting: vec![
            Arc::new(seam::Desk),
            Arc::new(seam::ConcernedDesk),
            Arc::new(seam::GazetteDesk),
        ],
        lookups: vec![
            Arc::new(lookup::Documents),
            Arc::new(lookup::Columns),
            Arc::new(lookup::Gazettes),
        ],
        searchable: vec![
            Arc::new(seam::Documents),
            Arc::new(seam::Columns),
            Arc::new(seam::Gazette),
        ],
        pages: vec![
            Arc::new(seam::Documents),
            Arc::new(seam::Columns),
            Arc::new(seam::Gazette),
            Arc::new(seam::Organs),
        ],
        open: pages::OPEN_PARTS.to_vec(),
        holders: vec![Arc::new(seam::Documents)],
        drafts: Some(Arc::new(seam_draft::Begun)),
        check: Some(Arc::new(seam_check::House)),
        fitting: Some(Arc::new(seam::Documents)),
        ..Seams::default()
    }
}
