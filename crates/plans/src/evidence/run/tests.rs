//! Runs over much evidence: whole, killed in the middle, stopped.

use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::job::schedule::queue_due;
use gongkai_platform::job::{self, JobState};
use gongkai_platform::testing::backends;
use jiff::SignedDuration;

use super::{BATCH, Counts, Over, Run, ask, schedules, store};
use crate::acts::{CheckEvidence, ReportProgress};
use crate::assignment::Duty;
use crate::evidence::attach::{NewEvidence, attach};
use crate::plan::{self, Deadline, DeadlineKind};
use crate::testing::{World, day, page};

const PAGES: i64 = 25;

fn address(n: i64) -> String {
    format!("https://www.anlan.example/{n}")
}

/// A part that is done, proved by many pages of which two are gone and one changed; gives a page of the second batch.
async fn filled(world: &World) -> String {
    let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
    let proofs = (0..PAGES)
        .map(|n| page(&address(n), "规章已公开"))
        .collect();
    let mut kept = world.done(task, 0, proofs).await;
    for n in 2..PAGES {
        world.site.says(&address(n), "<p>规章已公开</p>");
    }
    world.site.says(&address(2), "<p>别的</p>");
    // In the order of a run: one in the middle of the second batch.
    kept.sort_by_key(|item| item.id);
    let place = usize::try_from(BATCH + 3).unwrap();
    kept[place].url().unwrap().to_owned()
}

async fn checks(world: &World) -> (i64, i64) {
    world
        .db
        .read(async |tx: &mut Tx| {
            let row = tx
                .one(sql("SELECT COUNT(*) AS n, COUNT(DISTINCT evidence_id) AS items FROM evidence_check"))
                .await?;
            Ok::<_, StoreError>((row.get("n")?, row.get("items")?))
        })
        .await
        .unwrap()
}

async fn last(world: &World) -> Run {
    world
        .db
        .read(async |tx: &mut Tx| store::last_night(tx).await)
        .await
        .unwrap()
        .unwrap()
}

const FOUND: Counts = Counts {
    holds: PAGES - 3,
    changed: 1,
    gone: 2,
    cannot_tell: 0,
};

#[tokio::test]
async fn a_night_goes_through_everything_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        // A new store begins with the slot that has just passed, and each day brings one.
        assert_eq!(queue_due(&world.db, &schedules()).await.unwrap(), 1);
        world.works_off_jobs().await;
        let night = last(&world).await;
        assert_eq!(
            (night.done, night.total, night.counts),
            (PAGES, PAGES, FOUND)
        );
        assert_eq!(checks(&world).await, (PAGES, PAGES));
        assert_eq!(queue_due(&world.db, &schedules()).await.unwrap(), 0);
        world.clock.advance(SignedDuration::from_hours(72));
        assert_eq!(queue_due(&world.db, &schedules()).await.unwrap(), 1);
        world.works_off_jobs().await;
        assert_eq!(checks(&world).await, (2 * PAGES, PAGES));
    }
}

/// The days on which each task's part and the task are next due, in the order in which they were made.
async fn next_days(world: &World) -> Vec<(String, String)> {
    world
        .db
        .read(async |tx: &mut Tx| {
            tx.all(sql(
                "SELECT a.next_due_on AS part, COALESCE(t.next_due_on, '') AS task FROM assignment a JOIN task t ON t.id = a.task_id ORDER BY t.id",
            ))
            .await?
            .iter()
            .map(|row| Ok((row.get("part")?, row.get("task")?)))
            .collect::<Result<_, StoreError>>()
        })
        .await
        .unwrap()
}

/// A store that was brought up to date by the upgrade alone knows but the end of the year.
#[tokio::test]
async fn a_night_gives_older_stores_the_ends_of_their_periods() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let each = |text: &str| Deadline {
            text: text.to_owned(),
            date: None,
            kind: DeadlineKind::Recurring,
        };
        let quarterly = [each("每季度")];
        let lead = [(0, Duty::Lead)];
        let proved = world
            .counted_task("每季度报送。", &quarterly, &[], &lead)
            .await;
        let spring = NewEvidence {
            dated_on: Some(day("2026-06-10")),
            ..page(&address(3), "规章已公开")
        };
        world.site.says(&address(3), "<p>规章已公开</p>");
        let part = world.assignment(proved, 0).await;
        let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
        world
            .db
            .write(async |tx: &mut Tx| attach(tx, &permit, part.id, vec![spring]).await)
            .await
            .unwrap();
        world
            .counted_task("每月公开一次。", &[each("每月")], &[], &lead)
            .await;
        world.counted_task("加强政策解读。", &[], &[], &lead).await;
        let exact = next_days(&world).await;
        world
            .write("test.upgraded", async |tx: &mut Tx| {
                tx.run(sql("UPDATE assignment SET next_due_on = '2026-12-31'"))
                    .await?;
                tx.run(sql("UPDATE task SET next_due_on = '2026-12-31'"))
                    .await
            })
            .await;
        queue_due(&world.db, &schedules()).await.unwrap();
        world.works_off_jobs().await;
        let found = next_days(&world).await;
        assert_eq!(found, exact);
        let days: Vec<&str> = found.iter().map(|(part, _)| part.as_str()).collect();
        // The second quarter is proved; May was never.
        assert_eq!(days, ["2026-09-30", "2026-05-31", "2026-12-31"]);
        assert!(found.iter().all(|(part, task)| part == task), "{found:?}");
    }
}

#[tokio::test]
async fn a_run_that_was_killed_goes_on_where_its_last_batch_ended() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let second = filled(&world).await;
        queue_due(&world.db, &schedules()).await.unwrap();
        // The second batch hangs, and the process dies.
        world.site.is_stuck_at(Some(&second));
        let workers = crate::workers(&world.app);
        tokio::select! {
            _ = job::run_next(&world.db, &workers) => panic!("it cannot have ended"),
            () = world.site.asked.notified() => {}
        }
        assert_eq!(checks(&world).await, (BATCH, BATCH));
        world.site.is_stuck_at(None);
        // Nobody takes the job over while its lease lasts.
        assert!(!job::run_next(&world.db, &workers).await.unwrap());
        world.clock.advance(SignedDuration::from_secs(61));
        world.works_off_jobs().await;
        let night = last(&world).await;
        assert_eq!((night.done, night.counts), (PAGES, FOUND));
        assert_eq!(
            checks(&world).await,
            (PAGES, PAGES),
            "each was checked once"
        );
    }
}

#[tokio::test]
async fn a_run_over_a_plan_can_be_stopped_and_what_was_checked_stays() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let second = filled(&world).await;
        let permit = world.permit::<CheckEvidence>(world.clerk).await;
        let id = world
            .db
            .write(async |tx: &mut Tx| {
                let plan = plan::store::find(tx, world.plan).await?.unwrap();
                ask(tx, &permit, &plan, Over::Plan(world.plan)).await
            })
            .await
            .unwrap();
        world.site.is_stuck_at(Some(&second));
        let workers = crate::workers(&world.app);
        tokio::select! {
            _ = job::run_next(&world.db, &workers) => panic!("it cannot have ended"),
            () = world.site.asked.notified() => {}
        }
        let stopped = world
            .db
            .upkeep(async |tx: &mut Tx| job::cancel(tx, id).await)
            .await
            .unwrap();
        assert!(stopped);
        world.clock.advance(SignedDuration::from_secs(61));
        world.works_off_jobs().await;
        let (job, run) = world
            .db
            .read(async |tx: &mut Tx| {
                Ok::<_, StoreError>((
                    job::load(tx, id).await?.unwrap(),
                    store::load(tx, id).await?.unwrap(),
                ))
            })
            .await
            .unwrap();
        assert_eq!(job.state, JobState::Cancelled);
        assert_eq!((run.done, run.finished_at), (BATCH, None));
        assert_eq!(super::over(&job), Some(Over::Plan(world.plan)));
        assert_eq!(checks(&world).await, (BATCH, BATCH));
    }
}

#[tokio::test]
async fn a_run_over_one_task_leaves_the_others() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let other = world.task(2, "公开预算", None, &[(1, Duty::Lead)]).await;
        world.done(other, 1, vec![page(&address(99), "")]).await;
        let permit = world.permit::<CheckEvidence>(world.liaisons[1]).await;
        world
            .db
            .write(async |tx: &mut Tx| {
                let plan = plan::store::find(tx, world.plan).await?.unwrap();
                ask(tx, &permit, &plan, Over::Task(other)).await
            })
            .await
            .unwrap();
        world.works_off_jobs().await;
        assert_eq!(checks(&world).await, (1, 1));
    }
}
