//! Trials of faults: how many of them, on which database, and the seed that repeats their random moments.
//!
//! The tests run a few; `cargo xtask faults --full` asks for more by a variable of each kind of fault.

use std::sync::Arc;
use std::time::Duration;

use gongkai_platform::testing::{self, Backend};
use tokio::sync::Notify;

const FIRST_ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);

/// That a server has acknowledged something in this trial.
#[derive(Clone, Default)]
pub(crate) struct Answered(Arc<Notify>);

impl Answered {
    pub(crate) fn note(&self) {
        self.0.notify_one();
    }
}

/// How many trials a fault with this variable gets, on each database; where both can be had they share them 7 : 3.
pub(crate) fn trials(variable: &str, few: u32) -> Vec<(Backend, u32)> {
    let trials = number_in(variable).map_or(few, |trials| u32::try_from(trials).unwrap());
    let backends = testing::backends();
    let alone = backends.len() == 1;
    let of_ten = backends.into_iter().zip([7, 3]);
    of_ten
        .map(|(backend, of_ten)| {
            let share = if alone { 10 } else { of_ten };
            (backend, (trials * share / 10).max(1))
        })
        .collect()
}

pub(crate) fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Random moments that a seed repeats.
pub(crate) struct Seeded {
    state: u64,
    seed: u64,
}

impl Seeded {
    /// From the variable of this run, or of the whole test run, or a new one.
    pub(crate) fn new() -> Self {
        let seed = number_in("GONGKAI_FAULT_SEED")
            .or_else(|| number_in("GONGKAI_SEED"))
            .unwrap_or(u64::from(std::process::id()) * 2_654_435_761);
        Self {
            state: seed | 1,
            seed,
        }
    }

    /// What to print, so that a failing run can be repeated.
    pub(crate) fn run(&self, backend: &Backend, trials: u32) -> String {
        let name = match backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres(_) => "PostgreSQL",
        };
        format!("{name}, {trials} trials, GONGKAI_FAULT_SEED={}", self.seed)
    }

    /// As [`Self::moment`], which every second trial begins after the first answer: on a busy machine all kills would come
    /// before it, and prove nothing.
    pub(crate) async fn kill_moment(
        &mut self,
        (trial, answered): (usize, &Answered),
        milliseconds_max: u64,
    ) {
        if trial % 2 == 1 {
            let first = tokio::time::timeout(FIRST_ANSWER_WAIT_MAX, answered.0.notified());
            first.await.expect("an answer within a minute");
        }
        self.moment(milliseconds_max).await;
    }

    /// Waits for a moment shorter than this.
    pub(crate) async fn moment(&mut self, milliseconds_max: u64) {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        tokio::time::sleep(Duration::from_millis(self.state % milliseconds_max)).await;
    }
}
