//! Plans, tasks, ledger: from a plan document to the work and back to the official form.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod acts;
mod approval;
pub mod assessment;
pub mod assignment;
pub mod brief;
pub mod bulletin;
pub mod by;
pub mod calendar;
pub mod carried;
pub mod change;
pub mod dashboard;
mod desk;
pub mod draft;
pub mod due;
mod duties;
pub mod evidence;
mod exchange;
pub mod export;
pub mod ledger;
mod letter;
mod lookup;
pub mod matching;
mod notify;
pub mod office_rule;
mod offices;
mod pages;
pub mod pairing;
pub mod plan;
pub mod practice;
pub mod progress;
pub mod quote;
pub mod report;
pub mod round;
mod seam;
pub mod step;
pub mod supervision;
pub mod task;
#[cfg(test)]
mod testing;
mod unanswered;
pub mod view;
pub(crate) mod when;

pub use gongkai_reading as read;

use std::sync::Arc;

use gongkai_platform::access::{Act as _, ActRow};
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
    routes.extend(draft::routes());
    routes.extend(exchange::routes());
    routes.extend(supervision::pages::routes());
    routes.extend(practice::pages::routes());
    routes.extend(bulletin::pages::routes());
    routes.extend(assessment::pages::routes());
    routes.extend(pairing::pages::routes());
    routes.extend(carried::pages::routes());
    routes.extend(round::pages::routes());
    routes
}

/// The group of the menu for plans, their ledger and all that waits for them.
const LEDGER_GROUP: &str = "要点台账";

/// The workspace's menu: 今天, and below it 要点台账, 监督.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let within =
        |group: &'static str, title: &'static str, path: &'static str, act: ActRow| NavItem {
            group,
            title,
            path,
            act,
        };
    let entry = |title, path, act| within(LEDGER_GROUP, title, path, act);
    let watch = |title, path, act| within("监督", title, path, act);
    vec![
        // For everybody, also for those who have no ledger: above the groups, without a head.
        within("", "今天", "/workspace", acts::ViewToday::ROW),
        entry("看板", "/workspace/dashboard", acts::ViewLedger::ROW),
        entry("简报", "/workspace/brief", acts::ViewLedger::ROW),
        entry("日历", "/workspace/calendar", acts::ViewCalendar::ROW),
        entry("台账", "/workspace/ledger", acts::ViewLedger::ROW),
        entry("分工方案", "/workspace/plans", acts::ViewLedger::ROW),
        entry("导入方案", "/workspace/import", acts::ImportPlan::ROW),
        entry("我的任务", "/workspace/tasks", acts::ViewOwnTasks::ROW),
        entry("回头看事项", "/workspace/reviews", acts::ViewOwnTasks::ROW),
        entry("表格填报", "/workspace/sheets", acts::ReportProgress::ROW),
        entry("报送轮次", "/workspace/rounds", acts::ViewRounds::ROW),
        entry(
            "本单位报送",
            "/workspace/rounds/own",
            acts::ViewOwnRounds::ROW,
        ),
        entry("任务变更", "/workspace/changes", acts::ProposeChange::ROW),
        entry("下级进展", "/workspace/levels", acts::ViewLedger::ROW),
        watch("督办", "/workspace/supervision", acts::ViewSupervision::ROW),
        watch(
            "本单位督办",
            "/workspace/supervision/own",
            acts::ViewOwnSupervision::ROW,
        ),
        watch("通报", "/workspace/bulletins", acts::ViewBulletins::ROW),
        watch(
            "本单位通报",
            "/workspace/bulletins/own",
            acts::ViewOwnBulletins::ROW,
        ),
        watch("优秀案例", "/workspace/practices", acts::ViewPractices::ROW),
        watch("考核", "/workspace/scores", acts::ViewScores::ROW),
        watch(
            "本单位考核",
            "/workspace/scores/own",
            acts::ViewOwnScores::ROW,
        ),
    ]
}

/// What handles this capability's jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    let mut workers = draft::workers(app);
    workers.extend(evidence::run::workers(app));
    workers.extend(round::remind::workers(app));
    workers
}

/// This capability's recurring work.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let mut schedules = evidence::run::schedules();
    schedules.extend(round::remind::schedules());
    schedules
}

/// Work that hangs on a person and moves when the person leaves.
#[must_use]
pub fn handled_work() -> Vec<Arc<dyn HandledWork>> {
    desk::handled_work()
}

/// What changes of the directory do to this capability's work.
#[must_use]
pub fn organ_hooks() -> Hooks {
    Hooks {
        open_work: vec![
            Arc::new(assignment::directory::OpenAssignments),
            Arc::new(carried::directory::OpenMatters),
            Arc::new(supervision::directory::OpenOrders),
            Arc::new(bulletin::directory::OpenParts),
            Arc::new(offices::directory::Desk),
        ],
        touches: vec![Arc::new(assignment::directory::CollectiveTasks)],
    }
}

/// What this capability offers to the others: figures of its tasks, what is due, what waits for people.
#[must_use]
pub fn seams() -> Seams {
    Seams {
        evidence: Vec::new(),
        figures: vec![
            Arc::new(seam::TaskFigures),
            Arc::new(assessment::taken_off::TakenOff),
        ],
        accomplishments: vec![Arc::new(seam::year::TasksOfYear)],
        obligations: vec![
            Arc::new(seam::TasksDue),
            Arc::new(seam::OrdersDue),
            Arc::new(seam::RectificationsDue),
            Arc::new(seam::RoundsDue),
            Arc::new(seam::ReviewsDue),
        ],
        waiting: vec![Arc::new(duties::Desk)],
        lookups: vec![
            Arc::new(seam::Tasks),
            Arc::new(lookup::Orders),
            Arc::new(lookup::Bulletins),
        ],
        searchable: vec![Arc::new(seam::portal::PublishedPlans)],
        pages: vec![Arc::new(seam::portal::PublishedPlans)],
        about: vec![Arc::new(seam::portal::PublishedPlans)],
        open: vec![pages::OPEN_PART],
        holders: vec![Arc::new(seam::held::Files)],
        ..Seams::default()
    }
}

/// A fresh, time-ordered id, dated by the transaction.
pub(crate) fn fresh(now: jiff::Timestamp) -> uuid::Uuid {
    let since_epoch = now.as_duration();
    let seconds = u64::try_from(since_epoch.as_secs()).unwrap_or(0);
    let nanoseconds = u32::try_from(since_epoch.subsec_nanos()).unwrap_or(0);
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(
        uuid::NoContext,
        seconds,
        nanoseconds,
    ))
}
