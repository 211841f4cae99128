//! Group commit on SQLite: writers that queue while another one works share its transaction, and one sync answers all.
//!
//! The first has the transaction for itself; each later one works under a savepoint. Nobody is answered before the
//! commit. The commit queues behind the writers that already wait, so that a batch ends by itself and a lone writer waits
//! for nobody.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::StoreError;
use super::connect::{ACQUIRE_WAIT, BUSY_WAIT};
use super::sqlite::Store;

/// The one writer's connection and those who share it.
#[derive(Clone)]
pub(super) struct Writer {
    batch: Arc<Mutex<Batch>>,
}

struct Batch {
    /// Nothing while a commit has it, and after the end.
    store: Option<Store>,
    /// Is a transaction open? Then a commit is queued for it.
    open: bool,
    /// Somebody has begun to write: whoever finds it set took the turn of a writer that was cancelled.
    work: Option<Work>,
    waiting: Vec<oneshot::Sender<Outcome>>,
}

/// What a writer's work is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// First in its transaction, which is taken back whole. Under a savepoint SQLite would keep a copy of each page for
    /// each statement that changes it, which an import of many rows pays for.
    First,
    /// After others, under a savepoint of its own.
    Later,
}

/// How the commit went that several writers shared; nothing where their transaction was lost before it.
type Outcome = Result<(), Option<Arc<rusqlite::Error>>>;

/// A writer's turn in the open transaction.
pub(super) struct Turn(OwnedMutexGuard<Batch>);

impl Writer {
    pub(super) async fn open(file: &Path) -> Result<Self, StoreError> {
        let file = file.to_owned();
        let store = away(move || Store::open(&file, BUSY_WAIT)).await??;
        Ok(Self {
            batch: Arc::new(Mutex::new(Batch {
                store: Some(store),
                open: false,
                work: None,
                waiting: Vec::new(),
            })),
        })
    }

    pub(super) async fn turn(&self) -> Result<Turn, StoreError> {
        let queued = Arc::clone(&self.batch).lock_owned();
        let mut batch = tokio::time::timeout(ACQUIRE_WAIT, queued)
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?;
        batch.settle();
        if batch.open {
            batch.store()?.batch("SAVEPOINT writer")?;
            batch.work = Some(Work::Later);
        } else {
            // Waits where another process writes, which is rare and brief.
            batch.store()?.batch("BEGIN IMMEDIATE")?;
            batch.open = true;
            batch.work = Some(Work::First);
            let later = Arc::clone(&self.batch);
            tokio::spawn(async move { later.lock_owned().await.commit().await });
        }
        Ok(Turn(batch))
    }

    /// Waits for the writers at work and closes the connection.
    pub(super) async fn close(&self) {
        let mut batch = Arc::clone(&self.batch).lock_owned().await;
        batch.commit().await;
        batch.store = None;
    }
}

impl Turn {
    pub(super) fn store(&mut self) -> Result<&mut Store, StoreError> {
        self.0.store.as_mut().ok_or(StoreError::Lost)
    }

    /// Ends the turn with what it wrote; returns when the disk has it.
    pub(super) async fn keep(mut self) -> Result<(), StoreError> {
        let store = self.0.store()?;
        let kept = match self.0.work {
            Some(Work::Later) => store.batch("RELEASE writer").map_err(StoreError::from),
            // A full disk ends a transaction without asking.
            _ if store.is_over() => Err(StoreError::Lost),
            _ => Ok(()),
        };
        if let Err(error) = kept {
            self.0.settle();
            return Err(error);
        }
        self.0.work = None;
        let (done, committed) = oneshot::channel();
        self.0.waiting.push(done);
        drop(self);
        match committed.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Some(error))) => Err(error.into()),
            // Also where the runtime ended before the commit: nothing was answered, nothing is promised.
            Ok(Err(None)) | Err(_) => Err(StoreError::Lost),
        }
    }

    /// Ends the turn without a trace. What made the writer fail may be the work of another that the disk does not have
    /// yet: nobody is told of it, and no page shows what is stored, before that is so.
    pub(super) async fn leave(mut self) {
        self.0.settle();
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
    fn store(&self) -> Result<&Store, StoreError> {
        self.store.as_ref().ok_or(StoreError::Lost)
    }

    /// Takes back what a failed or cancelled writer did. Where SQLite gave up the whole transaction by itself (a full disk),
    /// there is no savepoint to go back to, and everybody in it hears so.
    fn settle(&mut self) {
        let Some(work) = self.work.take() else { return };
        let Some(store) = &self.store else { return };
        if work == Work::Later {
            let Err(error) = store.batch("ROLLBACK TO writer; RELEASE writer") else {
                return;
            };
            tracing::warn!(%error, "the open transaction was lost; its writers are told");
        }
        if let Err(error) = store.roll_back() {
            tracing::warn!(%error, "rollback failed");
        }
        self.open = false;
        self.answer(&Err(None));
    }

    /// Never cancelled: what has the store in the meantime would not give it back.
    async fn commit(&mut self) {
        self.settle();
        if !std::mem::take(&mut self.open) {
            return;
        }
        let Some(store) = self.store.take() else {
            return;
        };
        let end = if self.waiting.is_empty() {
            "ROLLBACK"
        } else {
            "COMMIT"
        };
        // Waiting for the disk is no work for the runtime's threads.
        let ended = away(move || {
            let (outcome, is_large) = store.end(end);
            if outcome.is_err()
                && let Err(error) = store.roll_back()
            {
                tracing::warn!(%error, "rollback failed");
            }
            (store, outcome, is_large)
        });
        match ended.await {
            Ok((store, outcome, is_large)) => {
                self.store = Some(store);
                self.answer(&outcome.map_err(|error| Some(Arc::new(error))));
                if is_large {
                    self.copy().await;
                }
            }
            Err(_) => self.answer(&Err(None)),
        }
    }

    /// What a large commit wrote is on the disk and answered for; the next writer waits until it is copied to its place.
    async fn copy(&mut self) {
        let Some(store) = self.store.take() else {
            return;
        };
        let copied = away(move || {
            if let Err(error) = store.copy() {
                tracing::warn!(%error, "the log was not copied into the store; a later commit does it");
            }
            store
        });
        if let Ok(store) = copied.await {
            self.store = Some(store);
        }
    }

    fn answer(&mut self, outcome: &Outcome) {
        for writer in self.waiting.drain(..) {
            // A cancelled writer listens no more.
            let _ = writer.send(outcome.clone());
        }
    }
}

async fn away<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    // It neither panics nor is cancelled, but the runtime may be ending.
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Lost)
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
    async fn a_large_commit_is_copied_after_it_was_answered() {
        const ROWS: i64 = 30_000;
        let (db, guard) = store().await;
        let size = || {
            let file = std::fs::metadata(guard.folder().join("gongkai.db"));
            file.unwrap().len()
        };
        let before = size();
        db.write(async |tx: &mut Tx| {
            tx.run(sql("CREATE TABLE one (a BIGINT, b TEXT)")).await?;
            let rows = (0..ROWS).map(|n| [n.into(), "政务公开工作要点分工方案".into()]);
            tx.insert("INSERT INTO one (a, b)", rows, "").await?;
            tx.record(event("多"));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        // Waits for the copy, and is copied with later ones again.
        note(&db, "少").await.unwrap();
        assert!(size() > before + 1_000_000, "{before} {}", size());
        let count = sql("SELECT COUNT(*) AS n FROM one");
        let count = db
            .read(async |tx: &mut Tx| tx.one(count).await?.get::<i64>("n"))
            .await
            .unwrap();
        assert_eq!(count, ROWS);
        let verdict = db.read(audit::verify).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
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
