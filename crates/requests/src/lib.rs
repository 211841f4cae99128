//! 依申请公开: applications for information, their clock, letters, fees, reviews and suits.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod acts;
pub mod archive;
pub mod cluster;
pub mod draft;
pub mod fee;
pub mod id;
pub mod key;
pub mod letter;
pub mod limit;
mod lookup;
pub mod night;
pub mod offer;
pub mod oversight;
mod pages;
pub mod publication;
pub mod reach;
pub mod request;
pub mod retention;
pub mod review;
pub mod seam;
pub mod similar;
pub mod succession;
#[cfg(test)]
mod tests;
pub mod withheld;
pub mod words;

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
    routes.extend(fee::pages::routes());
    routes.extend(letter::pages::routes());
    routes.extend(review::pages::routes());
    routes.extend(retention::pages::routes());
    routes.extend(oversight::pages::routes());
    routes.extend(limit::pages::routes());
    routes
}

/// The workspace's menu: 依申请公开.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let entry = |title: &'static str, path: &'static str, act| NavItem {
        group: "依申请公开",
        title,
        path,
        act,
    };
    vec![
        entry("申请办理", "/workspace/requests", acts::ViewRequests::ROW),
        entry(
            "重复和批量申请",
            "/workspace/requests/applicants",
            acts::TakeRequests::ROW,
        ),
        entry(
            "各单位办理情况",
            "/workspace/requests/units",
            acts::OverseeRequests::ROW,
        ),
        entry(
            "是否主动公开",
            "/workspace/requests/publications",
            acts::ViewRequests::ROW,
        ),
        entry(
            "转主动公开建议",
            "/workspace/requests/suggestions",
            acts::ViewRequests::ROW,
        ),
        entry(
            "不予公开复核",
            "/workspace/requests/withheld",
            acts::ViewRequests::ROW,
        ),
        entry(
            "申请前提示",
            "/workspace/requests/offers",
            acts::ViewRequests::ROW,
        ),
        entry(
            "答复文书",
            "/workspace/requests/letters",
            acts::ViewLetters::ROW,
        ),
        entry(
            "复议诉讼",
            "/workspace/requests/reviews",
            acts::ViewReviews::ROW,
        ),
        entry(
            "信息保存期限",
            "/workspace/requests/retention",
            acts::ViewRetention::ROW,
        ),
    ]
}

/// What changes of the directory do to cases: a merger hands on those that run.
#[must_use]
pub fn organ_hooks() -> Hooks {
    Hooks {
        open_work: vec![Arc::new(succession::CasesOfOrgan)],
        ..Hooks::default()
    }
}

/// What goes on with a person's successor.
#[must_use]
pub fn handled_work() -> Vec<Arc<dyn HandledWork>> {
    vec![Arc::new(succession::CasesOfPerson)]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    let mut workers: Vec<Arc<dyn Worker>> = vec![
        Arc::new(night::Night::new(app.clone())),
        archive::make::worker(app),
        Arc::new(retention::night::Proposer::new(app.clone())),
        Arc::new(draft::Watch::new(app.clone())),
        words::fill::worker(app),
        request::rekey::worker(app),
    ];
    for gather in cluster::gather::Gather::workers(app) {
        workers.push(Arc::new(gather));
    }
    workers
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    [
        night::schedules(),
        retention::night::schedules(),
        cluster::gather::schedules(),
        draft::schedules(),
        words::fill::schedules(),
        request::rekey::schedules(),
    ]
    .concat()
}

/// What this capability offers to the others.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        evidence: vec![Arc::new(seam::Answered), Arc::new(review::seam::Remedies)],
        figures: vec![
            Arc::new(seam::Figures),
            Arc::new(seam::fees::Fees),
            Arc::new(review::seam::Table4),
            Arc::new(offer::seam::Figures),
        ],
        obligations: vec![
            Arc::new(seam::Due),
            Arc::new(review::seam::Answers),
            Arc::new(cluster::seam::Due),
        ],
        waiting: vec![
            Arc::new(seam::Desk),
            Arc::new(letter::seam::LettersWaiting),
            Arc::new(cluster::seam::Desk),
            Arc::new(retention::seam::Terms),
        ],
        lookups: vec![
            Arc::new(lookup::Requests),
            Arc::new(letter::lookup::Letters),
        ],
        holders: vec![Arc::new(seam::held::Files)],
        about: vec![Arc::new(seam::entrance::Entrance)],
        ..Seams::default()
    }
}
