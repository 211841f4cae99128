//! Jobs are run: claimed with a lease, looked after while they work, and tried again when they fail.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gongkai_basis::id::JobId;
use jiff::Timestamp;
use tokio::task::JoinHandle;

use super::{Job, JobState, load};
use crate::db::{Db, DbKind, StoreError, Tx, sql};

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
