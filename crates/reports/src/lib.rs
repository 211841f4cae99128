//! 政府信息公开工作年度报告: the annual report, its checks, its way to publication.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod acts;
pub mod amount;
pub mod annual;
pub mod answer;
pub mod bound;
pub mod check;
pub mod consolidated;
pub mod draft;
pub mod due;
pub mod export;
pub mod form;
pub mod general;
pub mod id;
pub mod layout;
pub mod ledger;
pub mod model;
mod pages;
pub mod read;
#[cfg(test)]
mod sample;
mod seam;
pub mod similar;
pub mod state;
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

/// The workspace's menu.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "报告",
        title: "年度报告",
        path: "/workspace/reports",
        act: acts::ViewReports::ROW,
    }]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![annual::due::remind::worker(app)]
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    annual::due::remind::schedules()
}

/// What this capability offers to the others.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        evidence: vec![Arc::new(seam::Reports)],
        obligations: vec![Arc::new(seam::Dues)],
        waiting: vec![Arc::new(seam::Desk)],
        lookups: vec![Arc::new(annual::lookup::Annuals)],
        searchable: vec![Arc::new(seam::Published)],
        pages: vec![Arc::new(seam::PublishedPages)],
        about: vec![Arc::new(seam::PublishedPages)],
        holders: vec![Arc::new(seam::held::Originals)],
        ..Seams::default()
    }
}
