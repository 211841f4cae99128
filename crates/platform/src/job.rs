//! 后台作业: long work in the same store as what it works on, so that it is queued in the sender's transaction,
//! survives a kill, and shows its progress.
//!
//! A job is claimed with a lease; a worker that dies loses the lease and the job runs again, so handlers are idempotent.

mod nightly;
mod pages;
mod run;
pub mod schedule;
mod store;

use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, JobId};

use crate::db::{DbKind, Row, StoreError, Tx, sql};

pub use nightly::nightly;
pub use pages::{nav, routes};
pub use run::{Progress, Worker, run_next, run_next_awaited};

/// How long an ended job stays to be looked at: 90 days.
const OVER_KEPT_MILLISECONDS: i64 = 90 * DAY_MILLISECONDS;
/// How long a round of recurring work that ended well stays: 7 days. Some come back every minute.
const ROUND_KEPT_MILLISECONDS: i64 = 7 * DAY_MILLISECONDS;
const DAY_MILLISECONDS: i64 = 24 * 60 * 60 * 1000;

coded! {
    /// Where a job stands.
    pub enum JobState {
        Waiting = "waiting", "等待处理";
        Running = "running", "正在处理";
        Done = "done", "已完成";
        Failed = "failed", "未能完成";
        Cancelled = "cancelled", "已取消";
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
            state: row.coded("state", JobState::from_code)?,
            attempts: row.get("attempts")?,
            done: row.get("done")?,
            total: row.get("total")?,
            message: row.get("message")?,
            owner: row.get("owner_id")?,
            created_at: row.get("created_at")?,
        })
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

/// The newest jobs of all kinds.
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
        let state = row.coded("state", JobState::from_code)?;
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

/// Forgets jobs that ended long ago; gives how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn purge(tx: &mut Tx) -> Result<u64, StoreError> {
    let now = tx.now().as_millisecond();
    let over = tx
        .run(
            sql("DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND finished_at < $1")
                .bind(now - OVER_KEPT_MILLISECONDS),
        )
        .await?;
    let mut rounds = sql("DELETE FROM job WHERE state = 'done' AND finished_at < ");
    rounds
        .push_value(now - ROUND_KEPT_MILLISECONDS)
        .push(" AND ")
        .push(store::ROUND);
    Ok(over + tx.run(rounds).await?)
}
