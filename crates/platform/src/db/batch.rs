//! Group commit on SQLite: writers that queue while another one works share its transaction, and one sync answers all.
//!
//! Each writer works under a savepoint of the open transaction; nobody is answered before the commit. The commit queues
//! behind the writers that already wait, so that a batch ends by itself and a lone writer waits for nobody. A writer's
//! last statement sets the savepoint of the next one, so that none goes to the database's thread for it alone.

use std::sync::Arc;

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::connect::ACQUIRE_WAIT;
use super::sql::{Sql, sql};
use super::{StoreError, tx};

/// A transaction with the savepoint of its first writer.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT writer";

/// The one writer's connection and those who share it.
#[derive(Clone)]
pub(super) struct Writer {
    pool: SqlitePool,
    batch: Arc<Mutex<Batch>>,
}

#[derive(Default)]
struct Batch {
    /// Where this is set, a commit is queued for it.
    open: Option<Transaction<'static, Sqlite>>,
    /// Somebody has begun to write: whoever finds it set took the turn of a writer that was cancelled.
    working: bool,
    waiting: Vec<oneshot::Sender<Result<(), Arc<sqlx::Error>>>>,
}

/// A writer's turn in the open transaction.
pub(super) struct Turn(OwnedMutexGuard<Batch>);

impl Writer {
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self {
            pool,
            batch: Arc::default(),
        }
    }

    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    pub(super) async fn turn(&self) -> Result<Turn, StoreError> {
        let queued = Arc::clone(&self.batch).lock_owned();
        let mut batch = tokio::time::timeout(ACQUIRE_WAIT, queued)
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?;
        batch.settle().await;
        if batch.open.is_none() {
            batch.open = Some(self.pool.begin_with(BEGIN).await?);
            let later = Arc::clone(&self.batch);
            tokio::spawn(async move { later.lock_owned().await.commit().await });
        }
        batch.working = true;
        Ok(Turn(batch))
    }
}

impl Turn {
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.0.connection()
    }

    /// Ends the turn with what it wrote and what it still has to; returns when the disk has it.
    pub(super) async fn keep(mut self, last: Vec<Sql>) -> Result<(), StoreError> {
        let ends = [sql("RELEASE writer"), sql("SAVEPOINT writer")];
        if let Err(error) = self.0.run(Sql::chained(last.into_iter().chain(ends))).await {
            self.0.settle().await;
            return Err(error);
        }
        self.0.working = false;
        let (done, committed) = oneshot::channel();
        self.0.waiting.push(done);
        drop(self);
        match committed.await {
            Ok(outcome) => Ok(outcome?),
            // The runtime ended before the commit: nothing was answered, nothing is promised.
            Err(_) => Err(sqlx::Error::WorkerCrashed.into()),
        }
    }

    /// Ends the turn without a trace. What made the writer fail may be the work of another that the disk does not have
    /// yet: nobody is told of it, and no page shows what is stored, before that is so.
    pub(super) async fn leave(mut self) {
        self.0.settle().await;
        if self.0.waiting.is_empty() {
            return;
        }
        let (done, committed) = oneshot::channel();
        self.0.waiting.push(done);
        drop(self);
        // The others hear how it went; this writer only waits for it.
        let _ = committed.await;
    }
}

impl Batch {
    fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        match &mut self.open {
            Some(transaction) => Ok(&mut **transaction),
            None => Err(sqlx::Error::WorkerCrashed.into()),
        }
    }

    async fn run(&mut self, sql: Sql) -> Result<(), StoreError> {
        let query = tx::bound!(sqlx::query(AssertSqlSafe(sql.text)), sql.values);
        query.execute(self.connection()?).await?;
        Ok(())
    }

    /// Takes back what a failed or cancelled writer did; its savepoint serves the next one. Where SQLite gave up the whole
    /// transaction by itself (a full disk), there is no savepoint to go back to, and everybody in it hears so.
    async fn settle(&mut self) {
        if !std::mem::take(&mut self.working) {
            return;
        }
        if let Err(error) = self.run(sql("ROLLBACK TO writer")).await {
            tracing::warn!(%error, "the open transaction was lost; its writers are told");
            self.open = None;
            self.answer(&Err(Arc::new(sqlx::Error::WorkerCrashed)));
        }
    }

    async fn commit(&mut self) {
        self.settle().await;
        let Some(transaction) = self.open.take() else {
            return;
        };
        let outcome = if self.waiting.is_empty() {
            transaction.rollback().await
        } else {
            transaction.commit().await
        };
        self.answer(&outcome.map_err(Arc::new));
    }

    fn answer(&mut self, outcome: &Result<(), Arc<sqlx::Error>>) {
        for writer in self.waiting.drain(..) {
            // A cancelled writer listens no more.
            let _ = writer.send(outcome.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Actor;

    use crate::audit::{self, Event, Verdict};
    use crate::db::{Db, StoreError, Tx, sql};
    use crate::testing::{self, Backend, MovableClock};

    fn event(sentence: &str) -> Event {
        Event::new(
            &Actor::System,
            "test.noted",
            ("test", "1".to_owned()),
            sentence,
        )
    }

    async fn note(db: &Db, sentence: &str) -> Result<(), StoreError> {
        db.write(async |tx: &mut Tx| {
            tx.record(event(sentence));
            Ok(())
        })
        .await
    }

    async fn sentences(db: &Db) -> Vec<String> {
        let rows = db
            .read(async |tx: &mut Tx| tx.all(sql("SELECT sentence FROM event ORDER BY seq")).await)
            .await
            .unwrap();
        rows.iter()
            .map(|row| row.get("sentence").unwrap())
            .collect()
    }

    async fn store() -> (Db, testing::Guard) {
        let clock = MovableClock::at("2026-03-02T09:00:00+08:00").clock();
        testing::scratch(&Backend::Sqlite, clock).await
    }

    /// Frames of the write-ahead log that end a transaction: their header says how large the database is now.
    fn commits(guard: &testing::Guard) -> usize {
        let log = std::fs::read(guard.folder().join("gongkai.db-wal")).unwrap();
        if log.is_empty() {
            return 0;
        }
        let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
        log[32..]
            .chunks_exact(24 + page)
            .filter(|frame| frame[4..8] != [0; 4])
            .count()
    }

    #[tokio::test]
    async fn writers_that_wait_share_a_commit() {
        const WRITERS: usize = 64;
        let (db, guard) = store().await;
        let before = commits(&guard);
        let writers = (0..WRITERS).map(|number| {
            let db = db.clone();
            tokio::spawn(async move { note(&db, &number.to_string()).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(sentences(&db).await.len(), WRITERS);
        let verdict = db.read(audit::verify).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
        let commits = commits(&guard) - before;
        assert!(commits < WRITERS / 4, "{commits} commits");
    }

    #[tokio::test]
    async fn a_failing_writer_takes_nobody_along() {
        let (db, _guard) = store().await;
        let failing = db.write(async |tx: &mut Tx| {
            tx.run(sql("UPDATE event_head SET seq = 900")).await?;
            tx.record(event("丢"));
            Err::<(), _>(StoreError::Stale)
        });
        let (first, failed, last) = tokio::join!(note(&db, "甲"), failing, note(&db, "乙"));
        first.unwrap();
        last.unwrap();
        assert!(matches!(failed, Err(StoreError::Stale)));
        assert_eq!(sentences(&db).await, ["甲", "乙"]);
    }

    #[tokio::test]
    async fn a_cancelled_writer_leaves_nothing() {
        let (db, _guard) = store().await;
        let (reached, halfway) = tokio::sync::oneshot::channel();
        let endless = db.write(async |tx: &mut Tx| {
            tx.run(sql("UPDATE event_head SET seq = 900")).await?;
            reached.send(()).unwrap();
            std::future::pending::<Result<(), StoreError>>().await
        });
        let cancelled = async {
            tokio::select! {
                _ = endless => unreachable!("it waits for ever"),
                outcome = halfway => outcome.unwrap(),
            }
        };
        let (first, (), last) = tokio::join!(note(&db, "甲"), cancelled, note(&db, "乙"));
        first.unwrap();
        last.unwrap();
        assert_eq!(sentences(&db).await, ["甲", "乙"]);
    }
}
