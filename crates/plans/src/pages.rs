//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod amend;
mod assignment;
mod brief;
mod calendar;
mod change;
mod dashboard;
mod due;
mod evidence;
mod export;
mod gantt;
mod ledger;
mod mine;
pub(crate) mod operate;
mod plans;
mod portal;
mod progress;
mod report;
mod start;
mod task;
#[cfg(test)]
pub(crate) mod tests;
mod unanswered;
mod view;

use axum::http::Method;
use gongkai_platform::access::Scope;
use gongkai_platform::web::{Problem, Route, Shell, download};

use crate::acts::{
    AcceptEvidence, CheckEvidence, DecideChange, ExportLedger, ManageRounds, ProposeChange,
    PublishProgress, ReadTask, ReportProgress, ViewCalendar, ViewLedger, ViewOwnTasks,
};
use crate::change::ChangeError;
use crate::report::submit::SubmitError;
use crate::step::StepError;

pub(crate) use export::{NO_PRINTER, contacts};
pub(crate) use portal::open::PART as OPEN_PART;

/// Three files and the words around them.
const REPORT_BODY_BYTES_MAX: usize = report::SLOTS * crate::evidence::FILE_BYTES_MAX + 1024 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = work();
    routes.extend(views());
    routes
}

fn work() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    let mut routes = evidence_routes();
    routes.extend(vec![
        Route::public(get(), "/api/plans.json", portal::open::list).for_all(),
        Route::public(get(), "/plans", portal::list).for_all(),
        Route::public(get(), "/plans/{id}", portal::show).for_all(),
        Route::signed_in(get(), "/workspace", start::show),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/plans", plans::list),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/ledger", ledger::show),
        Route::act::<ExportLedger, _, _>(get(), "/workspace/ledger/file", ledger::file),
        Route::act::<ViewLedger, _, _>(post(), "/workspace/views", view::save),
        Route::act::<ViewLedger, _, _>(post(), "/workspace/views/{id}/delete", view::delete),
        Route::act::<ViewOwnTasks, _, _>(get(), "/workspace/tasks", mine::show),
        Route::act::<ViewOwnTasks, _, _>(post(), "/workspace/tasks/columns", mine::keep_columns),
        Route::act::<ReadTask, _, _>(get(), "/workspace/tasks/{id}", task::show),
        Route::act::<ReadTask, _, _>(get(), "/workspace/plans/{id}/source", plans::source),
        Route::act::<ReadTask, _, _>(get(), "/workspace/plans/{id}/export", export::choose),
        Route::act::<ReadTask, _, _>(get(), "/workspace/plans/{id}/export/file", export::file),
        Route::act::<ReadTask, _, _>(get(), "/workspace/assignments/{id}", assignment::show),
        Route::act::<ReportProgress, _, _>(
            get(),
            "/workspace/assignments/{id}/report",
            report::ask,
        ),
        Route::act::<ReportProgress, _, _>(
            post(),
            "/workspace/assignments/{id}/report",
            report::save,
        )
        .body_bytes_max(REPORT_BODY_BYTES_MAX),
        Route::act::<ProposeChange, _, _>(get(), "/workspace/changes", change::list),
        Route::act::<ProposeChange, _, _>(get(), "/workspace/changes/new", operate::ask),
        Route::act::<ProposeChange, _, _>(post(), "/workspace/changes/new", operate::step),
        Route::act::<ProposeChange, _, _>(get(), "/workspace/changes/{id}", change::show),
        Route::act::<DecideChange, _, _>(
            post(),
            "/workspace/changes/{id}/approve",
            change::approve,
        ),
        Route::act::<DecideChange, _, _>(post(), "/workspace/changes/{id}/reject", change::reject),
        Route::act::<DecideChange, _, _>(post(), "/workspace/changes/{id}/undo", change::undo),
        Route::act::<ProposeChange, _, _>(get(), "/workspace/plans/{id}/tasks/new", amend::ask_new),
        Route::act::<ProposeChange, _, _>(post(), "/workspace/plans/{id}/tasks/new", amend::add),
        Route::act::<ProposeChange, _, _>(get(), "/workspace/tasks/{id}/amend", amend::ask),
        Route::act::<ProposeChange, _, _>(post(), "/workspace/tasks/{id}/amend", amend::amend),
        Route::act::<PublishProgress, _, _>(
            get(),
            "/workspace/plans/{id}/progress",
            progress::show,
        ),
        Route::act::<PublishProgress, _, _>(
            post(),
            "/workspace/plans/{id}/progress",
            progress::publish,
        ),
        Route::act::<PublishProgress, _, _>(
            post(),
            "/workspace/plans/{id}/progress/withdraw",
            progress::withdraw,
        ),
    ]);
    routes
}

fn evidence_routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ReadTask, _, _>(get(), "/workspace/evidence/{id}", evidence::show),
        Route::act::<CheckEvidence, _, _>(
            post(),
            "/workspace/evidence/{id}/check",
            evidence::check,
        ),
        Route::act::<AcceptEvidence, _, _>(
            post(),
            "/workspace/evidence/{id}/accept",
            evidence::accept,
        ),
        Route::act::<CheckEvidence, _, _>(
            post(),
            "/workspace/tasks/{id}/evidence/check",
            evidence::run::ask_task,
        ),
        Route::act::<CheckEvidence, _, _>(
            post(),
            "/workspace/plans/{id}/evidence/check",
            evidence::run::ask_plan,
        ),
        Route::act::<CheckEvidence, _, _>(
            get(),
            "/workspace/evidence/runs/{id}",
            evidence::run::show,
        ),
        Route::act::<CheckEvidence, _, _>(
            post(),
            "/workspace/evidence/runs/{id}/stop",
            evidence::run::stop,
        ),
        Route::act::<ReportProgress, _, _>(
            get(),
            "/workspace/assignments/{id}/evidence/new",
            evidence::new::ask,
        ),
        Route::act::<ReportProgress, _, _>(
            post(),
            "/workspace/assignments/{id}/evidence/new",
            evidence::new::add,
        ),
        Route::act::<ReadTask, _, _>(get(), "/workspace/evidence/{id}/file", evidence::file),
        Route::act::<ReportProgress, _, _>(
            get(),
            "/workspace/evidence/{id}/withdraw",
            evidence::ask,
        ),
        Route::act::<ReportProgress, _, _>(
            post(),
            "/workspace/evidence/{id}/withdraw",
            evidence::withdraw,
        ),
    ]
}

/// What is seen of the work as a whole.
fn views() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ManageRounds, _, _>(get(), "/workspace/units/unanswered", unanswered::show),
        Route::act::<ViewOwnTasks, _, _>(get(), "/workspace/due", due::show),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/dashboard", dashboard::show),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/dashboard/trend", dashboard::trend),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/brief", brief::show),
        Route::act::<ExportLedger, _, _>(get(), "/workspace/brief/file", brief::file),
        Route::act::<ViewCalendar, _, _>(get(), "/workspace/calendar", calendar::show),
        Route::act::<ViewCalendar, _, _>(post(), "/workspace/calendar/feed", calendar::subscribe),
        Route::act::<ViewCalendar, _, _>(
            post(),
            "/workspace/calendar/feed/revoke",
            calendar::unsubscribe,
        ),
        Route::public(get(), "/calendar/{token}", calendar::icalendar),
        Route::act::<ViewCalendar, _, _>(get(), "/workspace/gantt", gantt::show),
    ]
}

/// What a person may read of tasks: whole plans of the office's scope, and tasks in which an own organ has a part.
/// One permit for both acts would join their reaches, so each is asked for alone.
struct Readable {
    plans: Scope,
    parts: Scope,
}

impl Readable {
    fn of(shell: &Shell) -> Self {
        let person = shell.person.as_ref();
        let plans = person.and_then(|person| person.permit::<ViewLedger>());
        let parts = person.and_then(|person| person.permit::<ViewOwnTasks>());
        Self {
            plans: plans.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
            parts: parts.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotFound => Self::not_found(),
            ChangeError::Refused(reasons) => Self::refused(reasons),
            ChangeError::Waiting(_) => Self::refused(vec![
                "这项变更已经提出，等待审批，没有重复提出。请在“任务变更”里查看。".to_owned(),
            ]),
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<StepError> for Problem {
    fn from(error: StepError) -> Self {
        match error {
            StepError::NotFound => Self::not_found(),
            StepError::Refused(reasons) => {
                Self::refused(reasons.into_iter().map(|(_, sentence)| sentence).collect())
            }
            StepError::Store(error) => error.into(),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::NotFound => Self::not_found(),
            SubmitError::Closed => Self::refused(vec![
                "这项任务已取消，或已转交其他单位，不能再填报。以前填报的内容仍可查看。".to_owned(),
            ]),
            SubmitError::Refused(refusals) => Self::refused(
                refusals
                    .into_iter()
                    .map(|refusal| refusal.sentence)
                    .collect(),
            ),
            SubmitError::Conflict => Self::new(Self::STALE),
            SubmitError::Store(error) => error.into(),
        }
    }
}
