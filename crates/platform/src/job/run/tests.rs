use std::cell::Cell;
use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gongkai_basis::id::JobId;
use jiff::SignedDuration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{
    ATTEMPTS_MAX, LEASE_MILLISECONDS, PACE, Pace, Progress, Worker, claim, give_sign_of_life,
    outcome_of, run_next, run_next_awaited,
};
use crate::db::{Db, DbKind, StoreError, Tx, sql};
use crate::job::{Job, JobState, cancel, queue, queue_once, recent};
use crate::testing::{MovableClock, backends, scratch};

/// Fails as a defect fails, or succeeds.
struct Either {
    kind: &'static str,
    panics: bool,
}

#[async_trait]
impl Worker for Either {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        assert!(!self.panics, "a defect");
        Ok("做完了。".to_owned())
    }
}

async fn queued(db: &Db, kind: &'static str) {
    db.upkeep(async |tx: &mut Tx| {
        let id = JobId::new(Uuid::now_v7());
        queue(tx, id, kind, kind, &serde_json::Value::Null, None).await
    })
    .await
    .unwrap();
}

async fn states(db: &Db) -> Vec<(String, JobState)> {
    let jobs = db
        .read(async |tx: &mut Tx| recent(tx, 10).await)
        .await
        .unwrap();
    jobs.into_iter().map(|job| (job.kind, job.state)).collect()
}

#[tokio::test]
async fn a_panicking_job_fails_alone_and_what_kills_the_process_is_given_up() {
    let workers: [Arc<dyn Worker>; 2] = [
        Arc::new(Either {
            kind: "test.panics",
            panics: true,
        }),
        Arc::new(Either {
            kind: "test.works",
            panics: false,
        }),
    ];
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = scratch(&backend, clock.clock()).await;
        queued(&db, "test.panics").await;
        for _ in 0..ATTEMPTS_MAX {
            assert!(run_next(&db, &workers).await.unwrap());
            clock.advance(SignedDuration::from_hours(1));
        }
        assert!(!run_next(&db, &workers).await.unwrap());
        assert_eq!(
            states(&db).await,
            [("test.panics".to_owned(), JobState::Failed)]
        );

        queued(&db, "test.works").await;
        // As a process leaves it that died at each of its tries.
        db.upkeep(async |tx: &mut Tx| {
            tx.run(
                sql("UPDATE job SET state = 'running', attempts = $1, locked_until = $2 WHERE kind = 'test.works'")
                    .bind(ATTEMPTS_MAX)
                    .bind(tx.now().as_millisecond() + LEASE_MILLISECONDS),
            )
            .await
        })
        .await
        .unwrap();
        assert!(
            !run_next(&db, &workers).await.unwrap(),
            "its lease still runs"
        );
        clock.advance(SignedDuration::from_hours(1));
        assert!(run_next(&db, &workers).await.unwrap());
        assert!(
            states(&db)
                .await
                .contains(&("test.works".to_owned(), JobState::Failed))
        );
    }
}

async fn asked_once(tx: &mut Tx) -> Result<(), StoreError> {
    let id = JobId::new(Uuid::now_v7());
    queue_once(tx, id, ("test.works", "整理")).await
}

#[tokio::test]
async fn a_job_that_is_to_find_more_work_is_not_taken_before_that_work_is_there() {
    let workers: [Arc<dyn Worker>; 1] = [Arc::new(Either {
        kind: "test.works",
        panics: false,
    })];
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = scratch(&backend, clock.clock()).await;
        db.upkeep(asked_once).await.unwrap();
        db.upkeep(async |tx: &mut Tx| {
            asked_once(tx).await?;
            // SQLite has one writer at a time, so no worker comes in between.
            if tx.kind() == DbKind::Postgres {
                db.upkeep(asked_once).await?;
                assert!(!run_next(&db, &workers).await?, "its sender is not done");
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        assert_eq!(states(&db).await.len(), 1, "one job for all of them");
        assert!(run_next(&db, &workers).await.unwrap());
        db.upkeep(asked_once).await.unwrap();
        assert_eq!(states(&db).await.len(), 2, "what comes later has its own");
    }
}

/// Works until it is told that it may end.
struct Long(tokio::sync::Semaphore);

#[async_trait]
impl Worker for Long {
    fn kind(&self) -> &'static str {
        "test.long"
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        let _ended = self.0.acquire().await.map_err(|error| error.to_string())?;
        Ok("做完了。".to_owned())
    }
}

/// Somebody waits for it.
struct Awaited;

#[async_trait]
impl Worker for Awaited {
    fn kind(&self) -> &'static str {
        "test.awaited"
    }

    fn awaited(&self) -> bool {
        true
    }

    async fn work(&self, _: Job, _: Progress) -> Result<String, String> {
        Ok("做完了。".to_owned())
    }
}

#[tokio::test]
async fn what_somebody_waits_for_does_not_queue_behind_long_work() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = scratch(&backend, clock.clock()).await;
        let long = Arc::new(Long(tokio::sync::Semaphore::new(0)));
        let workers: Vec<Arc<dyn Worker>> = vec![long.clone(), Arc::new(Awaited)];
        queued(&db, "test.long").await;
        queued(&db, "test.long").await;
        clock.advance(SignedDuration::from_secs(1));
        queued(&db, "test.awaited").await;
        let beside = async {
            let running = ("test.long".to_owned(), JobState::Running);
            while !states(&db).await.contains(&running) {
                tokio::task::yield_now().await;
            }
            assert!(run_next_awaited(&db, &workers).await.unwrap());
            let done = ("test.awaited".to_owned(), JobState::Done);
            assert!(states(&db).await.contains(&done));
            assert!(
                !run_next_awaited(&db, &workers).await.unwrap(),
                "the second long one is not for it"
            );
            long.0.add_permits(2);
        };
        let (ran, ()) = tokio::join!(run_next(&db, &workers), beside);
        assert!(ran.unwrap());
    }
}

#[tokio::test]
async fn a_job_that_works_keeps_its_lease() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = scratch(&backend, clock.clock()).await;
        queued(&db, "test.works").await;
        let job = claim(&db, None).await.unwrap().unwrap();
        let most = SignedDuration::from_millis(LEASE_MILLISECONDS * 2 / 3);
        clock.advance(most);
        assert!(give_sign_of_life(&db, job.id).await);
        clock.advance(most);
        assert!(claim(&db, None).await.unwrap().is_none());
        clock.advance(most);
        assert!(claim(&db, None).await.unwrap().is_some(), "it died");
        db.upkeep(async |tx: &mut Tx| cancel(tx, job.id).await)
            .await
            .unwrap();
        assert!(!give_sign_of_life(&db, job.id).await, "nobody waits for it");
    }
}

/// Work that never ends, and what tells that it was stopped.
fn without_end() -> (JoinHandle<Result<String, String>>, oneshot::Receiver<()>) {
    let (held, stopped) = oneshot::channel::<()>();
    let working = tokio::spawn(async move {
        let _held = held;
        pending().await
    });
    (working, stopped)
}

async fn is_stopped(stopped: oneshot::Receiver<()>) -> bool {
    matches!(timeout(Duration::from_secs(30), stopped).await, Ok(Err(_)))
}

/// As [`PACE`], with moments for hours.
const QUICK: Pace = Pace {
    sign_of_life: Duration::from_millis(1),
    try_longest: Duration::from_millis(20),
};

#[tokio::test]
async fn what_somebody_cancels_is_stopped_at_its_next_sign_of_life() {
    let (working, stopped) = without_end();
    let signs = Cell::new(0);
    let pace = Pace {
        try_longest: PACE.try_longest,
        ..QUICK
    };
    let outcome = outcome_of(working, pace, || {
        signs.set(signs.get() + 1);
        ready(signs.get() < 3)
    });
    assert_eq!(outcome.await, None, "nobody waits for what it comes to");
    assert_eq!(signs.get(), 3);
    assert!(is_stopped(stopped).await);
}

#[tokio::test]
async fn what_hangs_is_stopped_after_twelve_hours_and_what_is_only_slow_is_not() {
    assert_eq!(PACE.try_longest.as_secs(), 12 * 60 * 60);
    let (working, stopped) = without_end();
    let outcome = outcome_of(working, QUICK, || ready(true)).await;
    let said = outcome.unwrap().unwrap_err();
    assert!(said.starts_with("办理了12小时还没有结束，已停止"), "{said}");
    assert!(is_stopped(stopped).await);

    let slow = tokio::spawn(async {
        sleep(QUICK.try_longest).await;
        Ok("做完了。".to_owned())
    });
    let pace = Pace {
        try_longest: PACE.try_longest,
        ..QUICK
    };
    let outcome = outcome_of(slow, pace, || ready(true)).await;
    assert_eq!(outcome, Some(Ok("做完了。".to_owned())));
}
