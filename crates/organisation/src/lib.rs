//! 组织保障: the leading group and its changes, meetings, hearings of reports, training with attendance, the staff register
//! of each unit, submissions to journals, pilots. Tasks that demand such work cite these records as evidence.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod activity;
pub mod acts;
pub mod check;
pub mod group;
pub mod id;
pub mod overview;
mod pages;
mod seam;
pub mod staff;
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

/// The workspace's menu: 组织保障.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let entry = |title: &'static str, path: &'static str| NavItem {
        group: "组织保障",
        title,
        path,
        act: acts::ViewOrganisation::ROW,
    };
    vec![
        entry("总览", "/workspace/organisation"),
        entry("领导小组", "/workspace/organisation/group"),
        entry("会议培训", "/workspace/organisation/activities"),
        entry("人员名册", "/workspace/organisation/staff"),
    ]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    vec![check::worker(app)]
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    check::schedules()
}

/// What this capability offers to the others: its records as evidence, and how many there are.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        evidence: vec![Arc::new(seam::Activities), Arc::new(seam::named::Named)],
        figures: vec![Arc::new(seam::ActivityFigures)],
        lookups: vec![Arc::new(activity::lookup::Activities)],
        ..Seams::default()
    }
}
