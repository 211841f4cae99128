//! 主动公开目录: what must be public, by whom, how often; and whether it is.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod acts;
pub mod course;
pub mod due;
pub mod entry;
pub mod filling;
pub mod gap;
pub mod guide;
pub mod id;
mod lookup;
pub mod owner;
mod pages;
pub mod period;
pub mod proposal;
pub mod publicity;
mod seam;
pub mod standard;
#[cfg(test)]
mod tests;
pub mod version;

use std::sync::Arc;

use gongkai_platform::access::Act as _;
use gongkai_platform::job::Worker;
use gongkai_platform::job::schedule::Schedule;
use gongkai_platform::seam::Seams;
use gongkai_platform::web::{App, NavItem, Route};

/// Every page and form of this capability.
#[must_use]
pub fn routes() -> Vec<Route> {
    pages::routes()
}

/// The workspace's menu: 公开目录.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let entry = |title: &'static str, path: &'static str| NavItem {
        group: "公开目录",
        title,
        path,
        act: acts::ViewCatalogue::ROW,
    };
    vec![
        entry("主动公开目录", "/workspace/catalogue"),
        entry("公开情况", "/workspace/catalogue/matrix"),
        entry("各单位公开情况", "/workspace/catalogue/units"),
        entry("公开指南", "/workspace/guides"),
    ]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    let mut workers = filling::page::run::workers(app);
    workers.push(gap::worker(app));
    workers
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    [filling::page::run::schedules(), gap::schedules()].concat()
}

/// What this capability offers to the others: what is due and what waits, fillings as evidence, how much is filled, and its
/// public entries to find and to read; and it takes what is to become an entry.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        evidence: vec![Arc::new(seam::Fillings)],
        figures: vec![Arc::new(seam::Counted)],
        obligations: vec![Arc::new(seam::CellsDue), Arc::new(seam::Guides)],
        waiting: vec![
            Arc::new(seam::Desk),
            Arc::new(seam::Proposed),
            Arc::new(seam::Guides),
        ],
        searchable: vec![Arc::new(seam::Public), Arc::new(seam::Guides)],
        pages: vec![Arc::new(seam::Public), Arc::new(seam::Guides)],
        open: vec![pages::OPEN_PART],
        about: vec![Arc::new(seam::Guides), Arc::new(seam::Public)],
        lookups: vec![Arc::new(lookup::Entries), Arc::new(lookup::Guides)],
        listings: Some(Arc::new(seam::Proposed)),
        ..Seams::default()
    }
}
