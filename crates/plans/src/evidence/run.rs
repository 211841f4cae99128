//! 核验批次: every piece of evidence is checked each night, and those of a plan or a task when somebody asks. A run keeps how
//! far it came in the transaction of each batch, so that a kill costs one batch and nothing is checked twice over.

pub mod store;

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::{EvidenceId, JobId, PlanId, TaskId};
use gongkai_basis::reference::Verdict;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{self, Job, Progress, Worker};
use gongkai_platform::web::App;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::check::{self, By, look};
use crate::acts::CheckEvidence;
use crate::plan::Plan;
use crate::task;

const NIGHTLY: &str = "evidence.nightly";
const ASKED: &str = "evidence.run";
const FIRST: &str = "evidence.first";
/// As the history names who had it checked.
const NIGHT: &str = "夜间核验";
/// Evidence that is looked at and kept together: one transaction, and what a kill costs.
const BATCH: i64 = 10;
/// Tasks whose next day is brought up to date in one transaction.
const SETTLED_AT_ONCE: i64 = 20;

/// What a run goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// All that is in force in active plans.
    Everything,
    Plan(PlanId),
    Task(TaskId),
}

/// What a run found, by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub holds: i64,
    pub changed: i64,
    pub gone: i64,
    pub cannot_tell: i64,
}

impl Counts {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Holds => self.holds += 1,
            Verdict::Changed(_) => self.changed += 1,
            Verdict::Gone(_) => self.gone += 1,
            Verdict::CannotTell(_) => self.cannot_tell += 1,
        }
    }

    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "有效{}份，内容已变{}份，已不存在{}份，无法核验{}份",
            self.holds, self.changed, self.gone, self.cannot_tell
        )
    }
}

/// One run; its id is its job's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: JobId,
    pub over: Over,
    pub by: String,
    /// The last evidence that was checked; empty at the beginning.
    pub cursor: String,
    pub total: i64,
    pub done: i64,
    pub counts: Counts,
    /// Milliseconds since 1970.
    pub started_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    over: Over,
    by: String,
}

#[derive(Serialize, Deserialize)]
struct First {
    evidence: EvidenceId,
    by: String,
}

/// What the job of a run that somebody asked for goes through; `None` for other jobs.
#[must_use]
pub fn over(job: &Job) -> Option<Over> {
    if job.kind != ASKED {
        return None;
    }
    let payload = serde_json::from_str::<Payload>(&job.payload).ok()?;
    Some(payload.over)
}

/// Queues a run over a plan or a task of it.
///
/// # Errors
/// When the store fails.
pub async fn ask(
    tx: &mut Tx,
    permit: &Permit<CheckEvidence>,
    plan: &Plan,
    over: Over,
) -> Result<JobId, StoreError> {
    let id = JobId::new(tx.fresh());
    let payload = json!(Payload {
        over,
        by: permit.actor().name().to_owned(),
    });
    let owner = permit.actor().account();
    job::queue(tx, id, ASKED, "核验佐证", &payload, owner).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "evidence.run-asked",
            ("plan", plan.id.to_string()),
            "要求核验佐证",
        )
        .organ(plan.organ)
        .data(json!({ "run": id, "over": over })),
    );
    Ok(id)
}

/// Queues the first look at a page that was just attached, so that what it says now is known.
///
/// # Errors
/// When the store fails.
pub async fn ask_first(tx: &mut Tx, actor: &Actor, id: EvidenceId) -> Result<(), StoreError> {
    let payload = json!(First {
        evidence: id,
        by: actor.name().to_owned(),
    });
    let job = JobId::new(tx.fresh());
    job::queue(
        tx,
        job,
        FIRST,
        "查看新登记的网页",
        &payload,
        actor.account(),
    )
    .await
}

/// When all evidence is checked: by night, after the day's work and before the next.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: NIGHTLY,
        title: "夜间核验佐证",
        when: When::Daily {
            hour: 2,
            minute: 20,
        },
    }]
}

/// What does it.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    let checker = |kind| -> Arc<dyn Worker> {
        Arc::new(Checker {
            app: app.clone(),
            kind,
        })
    };
    vec![
        checker(NIGHTLY),
        checker(ASKED),
        Arc::new(FirstLook(app.clone())),
    ]
}

struct Checker {
    app: App,
    kind: &'static str,
}

impl Checker {
    async fn run(&self, job: &Job, progress: &Progress) -> Result<String, StoreError> {
        let mut run = self.begin(job).await?;
        if run.over == Over::Everything && run.cursor.is_empty() {
            self.settle().await?;
        }
        while run.finished_at.is_none() {
            if !progress.report(run.done, run.total).await? {
                return Ok(format!(
                    "已停止；已经核验的{}份结果都已保存：{}。",
                    run.done,
                    run.counts.sentence()
                ));
            }
            self.batch(&mut run).await?;
        }
        progress.report(run.done, run.total).await?;
        Ok(format!(
            "核验佐证{}份：{}。",
            run.done,
            run.counts.sentence()
        ))
    }

    /// Brings up to date on which day each task is next due, for tasks that were settled by an older program.
    async fn settle(&self) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let tasks = self
                .app
                .db
                .upkeep(async |tx: &mut Tx| {
                    let tasks = task::store::open_after(tx, &after, SETTLED_AT_ONCE).await?;
                    task::store::settle_all(tx, &tasks).await?;
                    Ok::<_, StoreError>(tasks)
                })
                .await?;
            let Some(last) = tasks.last() else {
                return Ok(());
            };
            after = last.to_string();
        }
    }

    /// The run of this job: where it stopped, when the job was killed, else from the beginning.
    async fn begin(&self, job: &Job) -> Result<Run, StoreError> {
        let payload = serde_json::from_str::<Payload>(&job.payload).unwrap_or(Payload {
            over: Over::Everything,
            by: NIGHT.to_owned(),
        });
        self.app
            .db
            .upkeep(async |tx: &mut Tx| {
                if let Some(run) = store::load(tx, job.id).await? {
                    return Ok(run);
                }
                let run = Run {
                    id: job.id,
                    over: payload.over,
                    by: payload.by,
                    cursor: String::new(),
                    total: store::count(tx, payload.over).await?,
                    done: 0,
                    counts: Counts::default(),
                    started_at: tx.now().as_millisecond(),
                    finished_at: None,
                };
                store::insert(tx, &run).await?;
                Ok(run)
            })
            .await
    }

    /// Looks at the next few, and keeps what was found together with how far the run came.
    async fn batch(&self, run: &mut Run) -> Result<(), StoreError> {
        let db = &self.app.db;
        let (ids, items) = db
            .read(async |tx: &mut Tx| {
                let ids = store::next(tx, run, BATCH).await?;
                let items = check::store::items(tx, &ids).await?;
                Ok::<_, StoreError>((ids, items))
            })
            .await?;
        let Some(last) = ids.last() else {
            run.finished_at = Some(db.now().as_millisecond());
            let over = run.clone();
            return db
                .upkeep(async |tx: &mut Tx| store::advance(tx, &over).await)
                .await;
        };
        let judged = look(&self.app, &items).await?;
        let today = self.app.today();
        let mut next = run.clone();
        next.cursor = last.to_string();
        next.done += i64::try_from(ids.len()).unwrap_or(i64::MAX);
        next.total = next.total.max(next.done);
        for judged in &judged {
            next.counts.add(&judged.verdict);
        }
        db.write(async |tx: &mut Tx| {
            let by = By {
                actor: &Actor::System,
                name: &next.by,
                run: Some(next.id),
            };
            for (item, judged) in items.iter().zip(&judged) {
                check::record(tx, by, item, judged, today).await?;
            }
            store::advance(tx, &next).await?;
            tx.record(
                Event::new(
                    &Actor::System,
                    "evidence.checked",
                    ("evidence_run", next.id.to_string()),
                    format!("核验佐证{}份（{}）", items.len(), next.by),
                )
                .data(json!({ "done": next.done, "total": next.total })),
            );
            Ok::<_, StoreError>(())
        })
        .await?;
        *run = next;
        Ok(())
    }
}

#[async_trait]
impl Worker for Checker {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn work(&self, job: Job, progress: Progress) -> Result<String, String> {
        let done = self.run(&job, &progress).await;
        done.map_err(|error| broken(&error))
    }
}

const BROKEN: &str = "核验中断，已经核验的结果都已保存，稍后从中断处继续。";

fn broken(error: &StoreError) -> String {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "evidence could not be checked"
    );
    BROKEN.to_owned()
}

struct FirstLook(App);

#[async_trait]
impl Worker for FirstLook {
    fn kind(&self) -> &'static str {
        FIRST
    }

    fn awaited(&self) -> bool {
        true
    }

    async fn work(&self, job: Job, _: Progress) -> Result<String, String> {
        let Ok(first) = serde_json::from_str::<First>(&job.payload) else {
            return Err("作业内容无法识别，没有核验。".to_owned());
        };
        let found = check::check_as(&self.0, &Actor::System, &first.by, first.evidence);
        Ok(match found.await.map_err(|error| broken(&error))? {
            Some(verdict) => format!("{}：{}", verdict.name(), verdict.sentence()),
            None => "佐证已撤回，没有核验。".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
