//! 后台作业: the system administrator sees what the program is busy with and stops what should stop.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::JobId;

use super::{Job, JobState};
use crate::access::{Act as _, Permit};
use crate::account::acts::ManageJobs;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{App, NavItem, Problem, Route, Shell, moment, page, redirect_with};

const DESK: &str = "/workspace/admin/jobs";
/// Jobs that the page shows; older ones are of no use to an operator.
const JOBS_MAX: i64 = 200;

/// The routes of the operator's pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::act::<ManageJobs, _, _>(Method::GET, "/workspace/admin/jobs", list),
        Route::act::<ManageJobs, _, _>(Method::POST, "/workspace/admin/jobs/{id}/cancel", stop),
    ]
}

/// The menu entry.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "管理",
        title: "后台作业",
        path: DESK,
        act: ManageJobs::ROW,
    }]
}

struct Line {
    id: String,
    title: String,
    state: &'static str,
    mark: &'static str,
    done: i64,
    total: i64,
    attempts: i64,
    message: String,
    at: String,
    over: bool,
}

impl From<Job> for Line {
    fn from(job: Job) -> Self {
        let mark = match job.state {
            JobState::Waiting => "○",
            JobState::Running => "●",
            JobState::Done => "✓",
            JobState::Failed => "■",
            JobState::Cancelled => "×",
        };
        Self {
            over: job.is_over(),
            id: job.id.to_string(),
            state: job.state.name(),
            mark,
            done: job.done,
            total: job.total,
            attempts: job.attempts,
            message: job.message.unwrap_or_default(),
            at: moment(job.created_at),
            title: job.title,
        }
    }
}

#[derive(Template)]
#[template(path = "job/list.html")]
struct ListPage {
    shell: Shell,
    counts: Vec<(&'static str, i64)>,
    lines: Vec<Line>,
}

/// `GET /workspace/admin/jobs`: two queries.
async fn list(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ManageJobs>,
) -> Result<Response, Problem> {
    let (counts, jobs) = app
        .db
        .read(async |tx: &mut Tx| {
            Ok::<_, StoreError>((super::counts(tx).await?, super::recent(tx, JOBS_MAX).await?))
        })
        .await?;
    page(&ListPage {
        shell,
        counts: counts
            .into_iter()
            .map(|(state, count)| (state.name(), count))
            .collect(),
        lines: jobs.into_iter().map(Line::from).collect(),
    })
}

/// `POST /workspace/admin/jobs/{id}/cancel`
async fn stop(
    State(app): State<App>,
    permit: Permit<ManageJobs>,
    Path(id): Path<JobId>,
) -> Result<Response, Problem> {
    let job = app
        .db
        .read(async |tx: &mut Tx| super::load(tx, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let stopped = app
        .db
        .upkeep(async |tx: &mut Tx| {
            let stopped = super::cancel(tx, id).await?;
            if stopped {
                let subject = ("job", id.to_string());
                let sentence = format!("取消后台作业“{}”", job.title);
                tx.record(Event::new(
                    permit.actor(),
                    "job.cancelled",
                    subject,
                    sentence,
                ));
            }
            Ok::<_, StoreError>(stopped)
        })
        .await?;
    Ok(redirect_with(
        DESK,
        if stopped {
            "作业已取消，已完成的部分保留。"
        } else {
            "作业已经结束，不必取消。"
        },
    ))
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Role;
    use gongkai_basis::id::JobId;

    use super::{nav, routes};
    use crate::db::Tx;
    use crate::job;
    use crate::testing::{self, Browser, MovableClock};
    use crate::web;

    #[tokio::test]
    async fn jobs_are_listed_and_cancelled_by_the_system_administrator_alone() {
        for backend in testing::backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, guard) = testing::scratch(&backend, clock.clock()).await;
            let top = testing::organ(&db, "安澜市人民政府", None).await;
            let system = testing::person(&db, "系统员", &[(Role::SystemAdmin, top)]).await;
            let clerk = testing::person(&db, "办公室", &[(Role::OfficeClerk, top)]).await;
            let id = JobId::new(testing::uuid());
            db.upkeep(async |tx: &mut Tx| {
                job::queue(
                    tx,
                    id,
                    "plan.read",
                    "读取《分工方案》<b>",
                    &serde_json::Value::Null,
                    None,
                )
                .await
            })
            .await
            .unwrap();
            let router = web::wrap(web::router(routes()), testing::app(&db, &guard, nav()));
            let mut browser = Browser::new(router);
            browser.sign_in(&db, clerk).await;
            assert_eq!(browser.get("/workspace/admin/jobs").await.status, 403);
            browser.sign_in(&db, system).await;
            let page = browser.get("/workspace/admin/jobs").await.page();
            assert!(
                page.contains("等待处理") && page.contains("读取《分工方案》&#60;b&#62;"),
                "{page}"
            );
            assert!(!page.contains("plan.read"), "codes are not for people");
            let cancel = format!("/workspace/admin/jobs/{id}/cancel");
            browser.post(&cancel, &[]).await.redirected();
            let page = browser.get("/workspace/admin/jobs").await.page();
            assert!(
                page.contains("作业已取消") && page.contains("已取消"),
                "{page}"
            );
            assert!(!page.contains(&cancel), "an ended job has no button");
            browser.post(&cancel, &[]).await.redirected();
            assert!(
                browser
                    .get("/workspace/admin/jobs")
                    .await
                    .page()
                    .contains("已经结束")
            );
        }
    }
}
