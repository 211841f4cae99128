//! 后台作业: the system administrator sees what the program is busy with and stops what should stop.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::JobId;
use serde::Deserialize;

use super::store::{self, Filter, Shown};
use super::{Job, JobState};
use crate::access::{Act as _, Permit};
use crate::account::acts::ManageJobs;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{
    App, NavItem, Paging, Problem, Query, Route, Shell, address, moment, page, redirect_with,
};

const DESK: &str = "/workspace/admin/jobs";

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

/// What is looked for, as it stands in the address. What is none does not filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    text: String,
    state: String,
    show: String,
    page: Option<i64>,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            shown: Shown::from_code(&self.show),
            state: JobState::from_code(&self.state),
            text: self.text.trim().to_owned(),
        }
    }

    /// Is anything looked for, or is it the plain list?
    fn is_narrowed(&self) -> bool {
        let filter = self.filter();
        filter.shown != Shown::Work || filter.state.is_some() || !filter.text.is_empty()
    }
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
    asked: Asked,
    states: Vec<(&'static str, &'static str)>,
    shows: [(&'static str, &'static str); 3],
    lines: Vec<Line>,
    paging: Paging,
    address: String,
}

/// `GET /workspace/admin/jobs`: newest first; three queries.
async fn list(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ManageJobs>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let filter = asked.filter();
    let mut paging = Paging::wanted(asked.page);
    let (counts, jobs) = app
        .db
        .read(async |tx: &mut Tx| {
            let counts = super::counts(tx).await?;
            loop {
                let (from, rows) = (paging.offset(), paging.rows());
                let (jobs, total) = store::search(tx, &filter, from, rows).await?;
                if paging.holds(total) {
                    return Ok::<_, StoreError>((counts, jobs));
                }
            }
        })
        .await?;
    let parts = [
        ("text", asked.text.as_str()),
        ("state", asked.state.as_str()),
        ("show", asked.show.as_str()),
    ];
    page(&ListPage {
        shell,
        counts: counts
            .into_iter()
            .map(|(state, count)| (state.name(), count))
            .collect(),
        address: address(DESK, &parts) + "page=",
        asked,
        states: JobState::options(),
        shows: Shown::OPTIONS,
        lines: jobs.into_iter().map(Line::from).collect(),
        paging,
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
    use std::sync::Arc;

    use async_trait::async_trait;
    use gongkai_basis::Role;
    use gongkai_basis::id::JobId;
    use jiff::SignedDuration;

    use super::{DESK, nav, routes};
    use crate::db::{Db, Tx, sql};
    use crate::job::schedule::{Schedule, When, queue_due};
    use crate::job::{self, Job, Progress, Worker, run_next};
    use crate::testing::{self, Browser, MovableClock};
    use crate::web;

    /// Has nothing to do.
    struct Idle(&'static str);

    #[async_trait]
    impl Worker for Idle {
        fn kind(&self) -> &'static str {
            self.0
        }

        async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
            Ok("做完了。".to_owned())
        }
    }

    /// An import, and then for an hour a timer that came to nothing each minute; its first round failed.
    async fn an_hour_after_an_import(db: &Db, clock: &MovableClock) {
        let workers: [Arc<dyn Worker>; 2] =
            [Arc::new(Idle("test.import")), Arc::new(Idle("test.timer"))];
        db.upkeep(async |tx: &mut Tx| {
            let id = JobId::new(testing::uuid());
            let payload = serde_json::json!({ "draft": 1 });
            job::queue(tx, id, "test.import", "读取《方案.DOCX》", &payload, None).await
        })
        .await
        .unwrap();
        assert!(run_next(db, &workers).await.unwrap());
        let timer = [Schedule {
            kind: "test.timer",
            title: "每分钟查看",
            when: When::Every { minutes: 1 },
        }];
        for _ in 0..60 {
            clock.advance(SignedDuration::from_mins(1));
            assert_eq!(queue_due(db, &timer).await.unwrap(), 1);
            assert!(run_next(db, &workers).await.unwrap());
        }
        db.upkeep(async |tx: &mut Tx| {
            tx.run(sql(
                "UPDATE job SET state = 'failed', message = '没有办成。' \
                 WHERE id = (SELECT MIN(id) FROM job WHERE kind = 'test.timer')",
            ))
            .await
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn rounds_that_came_to_nothing_do_not_hide_an_import() {
        for backend in testing::backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, guard) = testing::scratch(&backend, clock.clock()).await;
            let top = testing::organ(&db, "安澜市人民政府", None).await;
            let system = testing::person(&db, "系统员", &[(Role::SystemAdmin, top)]).await;
            an_hour_after_an_import(&db, &clock).await;
            let router = web::wrap(web::router(routes()), testing::app(&db, &guard, nav()));
            let mut browser = Browser::new(router);
            browser.sign_in(&db, system).await;
            for (asked, said, unsaid) in [
                ("", "第 1–2 条，共 2 条", "没有符合条件"),
                ("", "没有办成。", "没有符合条件"),
                (
                    "?text=%E6%96%B9%E6%A1%88.docx",
                    "共 1 条",
                    "每分钟查看</th>",
                ),
                ("?state=failed", "共 1 条", "方案.DOCX"),
                ("?show=rounds", "第 1–50 条，共 60 条", "方案.DOCX"),
                ("?show=rounds&page=2", "第 51–60 条，共 60 条", "方案.DOCX"),
                ("?show=all", "共 61 条", "没有符合条件"),
                ("?state=running", "没有符合条件的作业", "方案.DOCX"),
            ] {
                let page = browser.get(&format!("{DESK}{asked}")).await.page();
                assert!(
                    page.contains(said) && !page.contains(unsaid),
                    "{asked}: {page}"
                );
            }
            // Rounds that ended well are forgotten after a week, all else stays for months.
            clock.advance(SignedDuration::from_hours(8 * 24));
            let purged = db.upkeep(async |tx: &mut Tx| job::purge(tx).await).await;
            assert_eq!(purged.unwrap(), 59);
            browser.sign_in(&db, system).await;
            let page = browser.get(&format!("{DESK}?show=all")).await.page();
            assert!(
                page.contains("共 2 条") && page.contains("方案.DOCX"),
                "{page}"
            );
        }
    }

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
