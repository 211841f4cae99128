//! 后台作业: long work in the same store as what it works on, so that it is queued in the sender's transaction,
//! survives a kill, and shows its progress.
//!
//! A job is claimed with a lease; a worker that dies loses the lease and the job runs again, so handlers are idempotent.

mod nightly;
mod pages;
pub mod schedule;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gongkai_basis::id::{AccountId, JobId};
use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::db::{Db, DbKind, Row, StoreError, Tx, sql};

pub use nightly::nightly;
pub use pages::{nav, routes};

/// How long a worker may go without a sign of life before another takes the job over.
const LEASE_MILLISECONDS: i64 = 60_000;

/// How a job that works is looked after.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// How often it gives a sign of life by itself: what is long in one step is not taken for dead.
    sign_of_life: Duration,
    /// How long one try may take: what hangs longer is stopped, so that the jobs behind it have their turn.
    try_longest: Duration,
}

const PACE: Pace = Pace {
    sign_of_life: Duration::from_secs(20),
    try_longest: Duration::from_hours(12),
};

/// Tries before a job is given up and shown as failed.
const ATTEMPTS_MAX: i64 = 5;
const RETRY_MILLISECONDS: i64 = 5_000;
/// Each further try waits so many times as long as the one before: 5 s, 30 s, 3 min, 18 min.
const RETRY_SLOWER: i64 = 6;
/// How long an ended job stays to be looked at: 90 days.
const OVER_KEPT_MILLISECONDS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "等待处理",
            Self::Running => "正在处理",
            Self::Done => "已完成",
            Self::Failed => "未能完成",
            Self::Cancelled => "已取消",
        }
    }

    fn from_code(code: &str) -> Result<Self, StoreError> {
        [
            Self::Waiting,
            Self::Running,
            Self::Done,
            Self::Failed,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.code() == code)
        .ok_or_else(|| StoreError::Corrupt {
            column: "state".into(),
            found: code.into(),
            wanted: "a job's state",
        })
    }
}

/// A job as its progress page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub title: String,
    /// JSON, as the sender wrote it.
    pub payload: String,
    pub state: JobState,
    pub attempts: i64,
    /// Counted items, of `total`; 0 of 0 before the work is known.
    pub done: i64,
    pub total: i64,
    /// The result or the reason of the failure, for people.
    pub message: Option<String>,
    pub owner: Option<AccountId>,
    pub created_at: i64,
}

impl Job {
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(
            self.state,
            JobState::Done | JobState::Failed | JobState::Cancelled
        )
    }

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            title: row.get("title")?,
            payload: row.get("payload")?,
            state: JobState::from_code(&row.get::<String>("state")?)?,
            attempts: row.get("attempts")?,
            done: row.get("done")?,
            total: row.get("total")?,
            message: row.get("message")?,
            owner: row.get("owner_id")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// What a capability does with the jobs of one kind.
#[async_trait]
pub trait Worker: Send + Sync {
    /// The kind of job that this handles, such as `plan.read`.
    fn kind(&self) -> &'static str;

    /// Does somebody wait before a screen until it is done? Such work is short, and does not queue behind work that is not.
    fn awaited(&self) -> bool {
        false
    }

    /// Does the work; the sentence of success or failure is shown to the owner. Must be idempotent.
    async fn work(&self, job: Job, progress: Progress) -> Result<String, String>;
}

/// A running job's line to its progress page.
#[derive(Clone)]
pub struct Progress {
    db: Db,
    job: JobId,
}

impl Progress {
    /// Notes how far the work is and renews the lease; `false` when a person cancelled it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn report(&self, done: i64, total: i64) -> Result<bool, StoreError> {
        let lease = self.db.now().as_millisecond() + LEASE_MILLISECONDS;
        let job = self.job;
        let touched = self
            .db
            .upkeep(async |tx: &mut Tx| {
                tx.run(
                    sql("UPDATE job SET done = $1, total = $2, locked_until = $3 WHERE id = $4 AND state = 'running'")
                        .bind(done)
                        .bind(total)
                        .bind(lease)
                        .bind(job),
                )
                .await
            })
            .await?;
        Ok(touched == 1)
    }
}

/// Queues a job in the sender's transaction.
///
/// # Errors
/// When the store fails.
pub async fn queue(
    tx: &mut Tx,
    id: JobId,
    kind: &'static str,
    title: &str,
    payload: &serde_json::Value,
    owner: Option<AccountId>,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO job (id, kind, title, payload, state, run_at, attempts, done, total, owner_id, created_at) VALUES ($1, $2, $3, $4, 'waiting', $5, 0, 0, 0, $6, $7)")
            .bind(id)
            .bind(kind)
            .bind(title)
            .bind(payload.to_string())
            .bind(now)
            .bind(owner)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Queues a job of a kind that looks for its work itself, in the sender's transaction: one that waits already and is due will
/// find this work, too. No worker takes that one before the sender's transaction ends.
///
/// # Errors
/// When the store fails.
pub async fn queue_once(
    tx: &mut Tx,
    id: JobId,
    (kind, title): (&'static str, &str),
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let mut statement = sql(
        "INSERT INTO job (id, kind, title, payload, state, run_at, attempts, done, total, owner_id, created_at) \
         SELECT $1, $2, $3, 'null', 'waiting', $4, 0, 0, 0, NULL, $5 \
         WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.state = 'waiting' AND j.run_at <= $6 AND j.kind = $7",
    );
    if tx.kind() == DbKind::Postgres {
        // Senders share the lock, workers pass over it; one that a worker has taken is no more there for a sender.
        statement.push(" FOR SHARE SKIP LOCKED");
    }
    statement.push(")");
    tx.run(
        statement
            .bind(id)
            .bind(kind)
            .bind(title)
            .bind(now)
            .bind(now)
            .bind(now)
            .bind(kind),
    )
    .await?;
    Ok(())
}

/// Queues a job, in the sender's transaction, unless the same one waits or runs already; two senders at the same moment may
/// both queue it.
///
/// # Errors
/// When the store fails.
pub async fn queue_new(
    tx: &mut Tx,
    id: JobId,
    (kind, title): (&'static str, &str),
    payload: &serde_json::Value,
) -> Result<(), StoreError> {
    let known = tx
        .optional(
            sql("SELECT 1 AS one FROM job WHERE kind = $1 AND payload = $2 AND state IN ('waiting', 'running') LIMIT 1")
                .bind(kind)
                .bind(payload.to_string()),
        )
        .await?;
    match known {
        Some(_) => Ok(()),
        None => queue(tx, id, kind, title, payload, None).await,
    }
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: JobId) -> Result<Option<Job>, StoreError> {
    tx.optional(sql("SELECT * FROM job WHERE id = $1").bind(id))
        .await?
        .map(|row| Job::from_row(&row))
        .transpose()
}

/// The newest jobs, for the operator's page.
///
/// # Errors
/// When the store fails.
pub async fn recent(tx: &mut Tx, rows: i64) -> Result<Vec<Job>, StoreError> {
    tx.all(sql("SELECT * FROM job ORDER BY created_at DESC, id DESC LIMIT $1").bind(rows))
        .await?
        .iter()
        .map(Job::from_row)
        .collect()
}

/// The newest job of a kind that ended.
///
/// # Errors
/// When the store fails.
pub async fn last_ended(tx: &mut Tx, kind: &str) -> Result<Option<Job>, StoreError> {
    tx.optional(
        sql("SELECT * FROM job WHERE kind = $1 AND state IN ('done', 'failed') ORDER BY finished_at DESC, id DESC LIMIT 1")
            .bind(kind),
    )
    .await?
    .map(|row| Job::from_row(&row))
    .transpose()
}

/// How many jobs there are in each state.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(JobState, i64)>, StoreError> {
    tx.all(sql(
        "SELECT state, COUNT(*) AS n FROM job GROUP BY state ORDER BY state",
    ))
    .await?
    .iter()
    .map(|row| {
        let state = JobState::from_code(&row.get::<String>("state")?)?;
        Ok((state, row.get("n")?))
    })
    .collect()
}

/// Stops a job that has not ended; what it did in its own transactions stays.
///
/// # Errors
/// When the store fails.
pub async fn cancel(tx: &mut Tx, id: JobId) -> Result<bool, StoreError> {
    let now = tx.now().as_millisecond();
    let touched = tx
        .run(
            sql("UPDATE job SET state = 'cancelled', finished_at = $1 WHERE id = $2 AND state IN ('waiting', 'running')")
                .bind(now)
                .bind(id),
        )
        .await?;
    Ok(touched == 1)
}

/// Runs the next due job, if there is one; `false` when there was none.
///
/// # Errors
/// When the store fails. A failing job is no error here: it is tried again or shown as failed.
pub async fn run_next(db: &Db, workers: &[Arc<dyn Worker>]) -> Result<bool, StoreError> {
    match claim(db, None).await? {
        Some(job) => run(db, workers, job).await.map(|()| true),
        None => Ok(false),
    }
}

/// Runs the next due job for which somebody waits, if there is one, as [`run_next`] does.
///
/// # Errors
/// As [`run_next`].
pub async fn run_next_awaited(db: &Db, workers: &[Arc<dyn Worker>]) -> Result<bool, StoreError> {
    let awaited = workers.iter().filter(|worker| worker.awaited());
    let kinds: Vec<&'static str> = awaited.map(|worker| worker.kind()).collect();
    match claim(db, Some(&kinds)).await? {
        Some(job) => run(db, workers, job).await.map(|()| true),
        None => Ok(false),
    }
}

async fn run(db: &Db, workers: &[Arc<dyn Worker>], job: Job) -> Result<(), StoreError> {
    let id = job.id;
    let attempts = job.attempts;
    let outcome = match workers.iter().find(|worker| worker.kind() == job.kind) {
        // Its process ended each time that it was tried: it would take the next one down, too.
        Some(_) if attempts > ATTEMPTS_MAX => {
            Err("每次办理时程序都意外停止，不再重试。请把作业名称和时间告诉系统管理员。".to_owned())
        }
        Some(worker) => {
            let progress = Progress {
                db: db.clone(),
                job: id,
            };
            let worker = Arc::clone(worker);
            // In a task of its own: what panics fails, and the other jobs go on.
            let working = tokio::spawn(async move { worker.work(job, progress).await });
            match outcome_of(working, PACE, move || give_sign_of_life(db, id)).await {
                Some(outcome) => outcome,
                None => return Ok(()),
            }
        }
        None => Err("这个版本的程序不认识这类作业。".to_owned()),
    };
    finish(db, id, attempts, outcome).await
}

/// Waits for what a worker comes to, with signs of life; `None` when one says that the job runs no more, as when a person
/// cancelled it.
async fn outcome_of<Sign: Future<Output = bool>>(
    mut working: JoinHandle<Result<String, String>>,
    pace: Pace,
    still_runs: impl Fn() -> Sign,
) -> Option<Result<String, String>> {
    let mut too_long = pin!(tokio::time::sleep(pace.try_longest));
    loop {
        tokio::select! {
            ended = &mut working => {
                return Some(ended.unwrap_or_else(|_| Err("办理时程序出错。".to_owned())));
            }
            () = &mut too_long => {
                working.abort();
                return Some(Err("办理了12小时还没有结束，已停止；已做完的部分保留。请把作业名称和时间告诉系统管理员。".to_owned()));
            }
            () = tokio::time::sleep(pace.sign_of_life) => {
                if !still_runs().await {
                    working.abort();
                    return None;
                }
            }
        }
    }
}

/// Renews the lease of a job whose worker works; `false` when it runs no more. A store that refuses now may take the next
/// one.
async fn give_sign_of_life(db: &Db, id: JobId) -> bool {
    let renewed = db
        .upkeep(async |tx: &mut Tx| {
            let lease = tx.now().as_millisecond() + LEASE_MILLISECONDS;
            tx.run(
                sql("UPDATE job SET locked_until = $1 WHERE id = $2 AND state = 'running'")
                    .bind(lease)
                    .bind(id),
            )
            .await
        })
        .await;
    match renewed {
        Ok(touched) => touched == 1,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a job's lease was not renewed"
            );
            true
        }
    }
}

/// Forgets jobs that ended long ago; gives how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn purge(tx: &mut Tx) -> Result<u64, StoreError> {
    let before = tx.now().as_millisecond() - OVER_KEPT_MILLISECONDS;
    tx.run(
        sql("DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND finished_at < $1")
            .bind(before),
    )
    .await
}

/// Takes the next due job, of these kinds only where some are given.
async fn claim(db: &Db, kinds: Option<&[&'static str]>) -> Result<Option<Job>, StoreError> {
    let due = db
        .read(async |tx: &mut Tx| {
            let now = tx.now().as_millisecond();
            tx.optional(due_statement(now, kinds)).await
        })
        .await?;
    if due.is_none() {
        return Ok(None);
    }
    db.upkeep(async |tx: &mut Tx| {
        let now = tx.now().as_millisecond();
        let mut next = due_statement(now, kinds);
        if tx.kind() == DbKind::Postgres {
            next.push(" FOR UPDATE SKIP LOCKED");
        }
        let Some(row) = tx.optional(next).await? else { return Ok(None) };
        let id: JobId = row.get("id")?;
        tx.run(
            sql("UPDATE job SET state = 'running', attempts = attempts + 1, locked_until = $1 WHERE id = $2")
                .bind(now + LEASE_MILLISECONDS)
                .bind(id),
        )
        .await?;
        load(tx, id).await
    })
    .await
}

fn due_statement(now: i64, kinds: Option<&[&'static str]>) -> crate::db::Sql {
    let mut statement = sql("SELECT id FROM job WHERE ((state = 'waiting' AND run_at <= ");
    statement
        .push_value(now)
        .push(") OR (state = 'running' AND locked_until < ")
        .push_value(now)
        .push("))");
    if let Some(kinds) = kinds {
        statement
            .push(" AND kind IN ")
            .push_list(kinds.iter().copied());
    }
    statement.push(" ORDER BY run_at, id LIMIT 1");
    statement
}

/// How long after a failed try the next one comes.
fn wait(attempts: i64) -> i64 {
    let slower = u32::try_from(attempts.clamp(1, ATTEMPTS_MAX) - 1).unwrap_or(0);
    RETRY_MILLISECONDS * RETRY_SLOWER.pow(slower)
}

async fn finish(
    db: &Db,
    id: JobId,
    attempts: i64,
    outcome: Result<String, String>,
) -> Result<(), StoreError> {
    db.upkeep(async |tx: &mut Tx| {
        let now: Timestamp = tx.now();
        let now = now.as_millisecond();
        let (state, message, again) = match outcome {
            Ok(message) => (JobState::Done, message, None),
            Err(message) if attempts < ATTEMPTS_MAX => (JobState::Waiting, message, Some(now + wait(attempts))),
            Err(message) => (JobState::Failed, message, None),
        };
        let finished = again.is_none().then_some(now);
        tx.run(
            sql("UPDATE job SET state = $1, message = $2, run_at = $3, finished_at = $4, locked_until = NULL WHERE id = $5 AND state = 'running'")
                .bind(state.code())
                .bind(message)
                .bind(again.unwrap_or(now))
                .bind(finished)
                .bind(id),
        )
        .await?;
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests;
