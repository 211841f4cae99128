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
pub mod entry;
pub mod filling;
pub mod id;
mod pages;
pub mod period;
mod seam;
pub mod standard;
#[cfg(test)]
mod tests;

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
    ]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(_app: &App) -> Vec<Arc<dyn Worker>> {
    Vec::new()
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    Vec::new()
}

/// What this capability offers to the others: how much is filled, and its public pages.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        figures: vec![Arc::new(seam::Filled)],
        pages: vec![Arc::new(seam::Public)],
        ..Seams::default()
    }
}
