//! A run over a task's or a plan's evidence: asked for, watched, stopped.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::{JobId, PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::{self, Job};
use gongkai_platform::web::{App, Problem, Shell, page, redirect_with};

use crate::acts::CheckEvidence;
use crate::evidence::run::store::{self, LOST_SHOWN_MAX, Lost};
use crate::evidence::run::{self, Over, Run};
use crate::pages::{Readable, task};
use crate::plan::{self, Plan};
use crate::when;

#[derive(Template)]
#[template(path = "evidence/run.html")]
struct RunPage {
    shell: Shell,
    job: Job,
    run: Option<Run>,
    /// What it goes through, and where that is seen.
    over: (String, String),
    lost: Vec<Lost>,
    /// About how long it still takes.
    rest: String,
}

impl RunPage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn lost_max(&self) -> i64 {
        LOST_SHOWN_MAX
    }

    fn has_more(&self) -> bool {
        self.lost.len() >= usize::try_from(LOST_SHOWN_MAX).unwrap_or(usize::MAX)
    }
}

/// `POST /workspace/plans/{id}/evidence/check`
pub(in crate::pages) async fn ask_plan(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckEvidence>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let job = app
        .db
        .write(async |tx: &mut Tx| {
            let plan = plan::store::load(tx, &readable.plans, id).await?;
            let plan = plan.ok_or_else(Problem::not_found)?;
            Ok::<_, Problem>(run::ask(tx, &permit, &plan, Over::Plan(id)).await?)
        })
        .await?;
    Ok(begun(job))
}

/// `POST /workspace/tasks/{id}/evidence/check`
pub(in crate::pages) async fn ask_task(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckEvidence>,
    Path(id): Path<TaskId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let job = app
        .db
        .write(async |tx: &mut Tx| {
            let seen = task::visible(tx, &readable, id).await?;
            let (plan, _) = seen.ok_or_else(Problem::not_found)?;
            Ok::<_, Problem>(run::ask(tx, &permit, &plan, Over::Task(id)).await?)
        })
        .await?;
    Ok(begun(job))
}

fn begun(job: JobId) -> Response {
    redirect_with(
        &format!("/workspace/evidence/runs/{job}"),
        "已开始核验，可以离开本页，核验不会中断。",
    )
}

/// A run over what this person may read, with its job.
async fn visible(
    tx: &mut Tx,
    readable: &Readable,
    id: JobId,
) -> Result<Option<(Job, Plan, (String, String))>, StoreError> {
    let Some(job) = job::load(tx, id).await? else {
        return Ok(None);
    };
    Ok(match run::over(&job) {
        Some(Over::Plan(plan)) => plan::store::load(tx, &readable.plans, plan)
            .await?
            .map(|plan| {
                let path = format!("/workspace/ledger?plan={}", plan.id);
                let name = plan.title.clone();
                (job, plan, (name, path))
            }),
        Some(Over::Task(task)) => task::visible(tx, readable, task)
            .await?
            .map(|(plan, task)| {
                let path = format!("/workspace/tasks/{}", task.id);
                (job, plan, (task.text, path))
            }),
        // Nights go through everything, which nobody reads whole; each finds its own in the ledger.
        Some(Over::Everything) | None => None,
    })
}

/// `GET /workspace/evidence/runs/{id}`
pub(in crate::pages) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<CheckEvidence>,
    Path(id): Path<JobId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let (job, over, run, lost) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((job, _, over)) = visible(tx, &readable, id).await? else {
                return Ok(None);
            };
            let run = store::load(tx, id).await?;
            Ok::<_, StoreError>(Some((job, over, run, store::lost(tx, id).await?)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let now = app.db.now().as_millisecond();
    page(&RunPage {
        rest: run.as_ref().map_or_else(String::new, |run| rest(run, now)),
        shell,
        job,
        run,
        over,
        lost,
    })
}

fn rest(run: &Run, now: i64) -> String {
    const MINUTE: i64 = 60_000;
    if run.done == 0 || run.done >= run.total {
        return String::new();
    }
    let left = (now - run.started_at) / run.done * (run.total - run.done);
    if left < MINUTE {
        "不到1分钟".to_owned()
    } else {
        format!("大约{}分钟", left / MINUTE)
    }
}

/// `POST /workspace/evidence/runs/{id}/stop`: what was checked stays.
pub(in crate::pages) async fn stop(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckEvidence>,
    Path(id): Path<JobId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let stopped = app
        .db
        .write(async |tx: &mut Tx| {
            let seen = visible(tx, &readable, id).await?;
            let (_, plan, _) = seen.ok_or_else(Problem::not_found)?;
            let stopped = job::cancel(tx, id).await?;
            if !stopped {
                return Err(Problem::refused(vec![
                    "这次核验已经结束，没有可停止的。".to_owned(),
                ]));
            }
            tx.record(
                Event::new(
                    permit.actor(),
                    "evidence.run-stopped",
                    ("plan", plan.id.to_string()),
                    "停止核验佐证",
                )
                .organ(plan.organ),
            );
            Ok(())
        })
        .await;
    stopped?;
    Ok(redirect_with(
        &format!("/workspace/evidence/runs/{id}"),
        "已停止。已经核验的结果都已保存。",
    ))
}
