//! 定时作业: work that comes back by itself. Each row is queued once for each of its slots, however many processes serve
//! one store; a store that slept through several slots catches up with one.

use gongkai_basis::id::JobId;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use uuid::Uuid;

use crate::db::{Db, StoreError, Tx, sql};

/// One kind of work, and when it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The kind of the job that is queued, without payload or owner; a [`Worker`](super::Worker) handles it.
    pub kind: &'static str,
    /// What the operator's page calls it.
    pub title: &'static str,
    pub when: When,
}

/// When a kind of work comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Once a day, in Beijing time.
    Daily { hour: i8, minute: i8 },
    /// So many minutes apart, counted from 1970.
    Every { minutes: i64 },
}

impl When {
    /// The newest slot that is not later than `now`.
    #[must_use]
    pub fn slot(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Daily { hour, minute } => {
                let beijing = now.to_zoned(TimeZone::fixed(jiff::tz::offset(8)));
                let today = beijing
                    .with()
                    .time(jiff::civil::time(hour, minute, 0, 0))
                    .build()
                    .unwrap_or_else(|_| beijing.clone());
                if today <= beijing {
                    today.timestamp()
                } else {
                    today.saturating_sub(1.day()).timestamp()
                }
            }
            Self::Every { minutes } => {
                let step = SignedDuration::from_mins(minutes.max(1)).as_millis() as i64;
                let since = now.as_millisecond();
                Timestamp::from_millisecond(since - since.rem_euclid(step)).unwrap_or(now)
            }
        }
    }
}

/// How far the clocks of two processes may lie apart. What was kept later than this from now was kept by a clock that ran
/// ahead, and says nothing: on a machine that began in a wrong year, night work would rest until that year.
const AHEAD_MILLISECONDS_MAX: i64 = 60 * 60 * 1000;

/// Queues what is due; gives how many jobs were queued. Cheap when nothing is: one read.
///
/// # Errors
/// When the store fails; then nothing was queued.
pub async fn queue_due(db: &Db, schedules: &[Schedule]) -> Result<usize, StoreError> {
    let last = db.read(async |tx: &mut Tx| slots(tx).await).await?;
    let now = db.now();
    let ahead = now.as_millisecond() + AHEAD_MILLISECONDS_MAX;
    let due: Vec<(&Schedule, i64)> = schedules
        .iter()
        .map(|schedule| (schedule, schedule.when.slot(now).as_millisecond()))
        .filter(|(schedule, slot)| {
            !last
                .iter()
                .any(|(kind, last)| kind == schedule.kind && (slot..=&ahead).contains(&last))
        })
        .collect();
    if due.is_empty() {
        return Ok(0);
    }
    db.upkeep(async |tx: &mut Tx| {
        let mut queued = 0;
        for (schedule, slot) in due {
            // Whoever moves the slot on queues the job: another process finds it moved.
            let moved = tx
                .run(
                    sql("INSERT INTO job_schedule (kind, slot) VALUES ($1, $2) \
                         ON CONFLICT (kind) DO UPDATE SET slot = excluded.slot WHERE job_schedule.slot < excluded.slot OR job_schedule.slot > $3")
                        .bind(schedule.kind)
                        .bind(slot)
                        .bind(ahead),
                )
                .await?;
            if moved == 1 {
                let id = JobId::new(Uuid::now_v7());
                let payload = serde_json::Value::Null;
                super::queue(tx, id, schedule.kind, schedule.title, &payload, None).await?;
                queued += 1;
            }
        }
        Ok(queued)
    })
    .await
}

async fn slots(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    tx.all(sql("SELECT kind, slot FROM job_schedule"))
        .await?
        .iter()
        .map(|row| Ok((row.get("kind")?, row.get("slot")?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Schedule, When, queue_due};
    use crate::db::Tx;
    use crate::testing::{MovableClock, backends, scratch};
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_daily_slot_is_the_last_one_of_beijing_time() {
        let nightly = When::Daily {
            hour: 2,
            minute: 30,
        };
        for (now, slot) in [
            ("2026-10-12T02:30:00+08:00", "2026-10-12T02:30:00+08:00"),
            ("2026-10-12T02:29:59+08:00", "2026-10-11T02:30:00+08:00"),
            ("2026-10-11T23:00:00Z", "2026-10-12T02:30:00+08:00"),
        ] {
            assert_eq!(nightly.slot(at(now)), at(slot), "{now}");
        }
        let often = When::Every { minutes: 15 };
        assert_eq!(
            often.slot(at("2026-10-12T02:44:59Z")),
            at("2026-10-12T02:30:00Z")
        );
    }

    proptest! {
        #[test]
        fn slots_never_go_back_and_never_lie_ahead(
            seconds in 0_i64..4_000_000_000,
            later in 0_i64..200_000,
            hour in 0_i8..24,
            minute in 0_i8..60,
            minutes in 1_i64..3_000,
        ) {
            let now = Timestamp::from_second(seconds).unwrap();
            let then = Timestamp::from_second(seconds + later).unwrap();
            for when in [When::Daily { hour, minute }, When::Every { minutes }] {
                prop_assert!(when.slot(now) <= now);
                prop_assert!(when.slot(now) <= when.slot(then));
                prop_assert_eq!(when.slot(when.slot(now)), when.slot(now));
            }
        }
    }

    #[tokio::test]
    async fn a_slot_is_queued_once_and_missed_ones_are_caught_up_with_one() {
        let rows = [Schedule {
            kind: "test.nightly",
            title: "每夜整理",
            when: When::Daily {
                hour: 2,
                minute: 30,
            },
        }];
        for backend in backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, _guard) = scratch(&backend, clock.clock()).await;
            // Two processes ask at the same time.
            let (one, other) = tokio::join!(queue_due(&db, &rows), queue_due(&db, &rows));
            assert_eq!(one.unwrap() + other.unwrap(), 1);
            assert_eq!(queue_due(&db, &rows).await.unwrap(), 0);
            clock.advance(SignedDuration::from_hours(24 * 5));
            assert_eq!(queue_due(&db, &rows).await.unwrap(), 1);
            assert_eq!(queue_due(&db, &rows).await.unwrap(), 0);
            let jobs = db
                .read(async |tx: &mut Tx| super::super::recent(tx, 10).await)
                .await
                .unwrap();
            assert_eq!(jobs.len(), 2);
            assert_eq!(jobs[0].title, "每夜整理");
            // The clock was a year ahead, and was set right.
            clock.advance(SignedDuration::from_hours(24 * 365));
            assert_eq!(queue_due(&db, &rows).await.unwrap(), 1);
            clock.advance(SignedDuration::from_hours(-24 * 364));
            assert_eq!(queue_due(&db, &rows).await.unwrap(), 1);
            assert_eq!(queue_due(&db, &rows).await.unwrap(), 0);
        }
    }
}
