//! `cargo xtask faults`: the server is killed at random moments under load; nothing acknowledged may be lost.

use anyhow::Result;

use crate::postgres::{self, Server};
use crate::step::{self, cargo, step};

/// After a kill the server must answer again within this time. The tests print it and leave it at that: a busy machine
/// would make them lie.
const RESTART_SECONDS_MAX: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Few,
    Full,
}

impl Count {
    const fn trials(self) -> u32 {
        match self {
            Self::Few => 20,
            Self::Full => 200,
        }
    }
}

pub(crate) fn run(count: Count) -> Result<()> {
    let trials = count.trials();
    let postgres = Server::find_or_start()?;
    step(&format!("{trials} trials of faults"), || {
        step::run(
            cargo()
                .args([
                    "test",
                    "-p",
                    "gongkai",
                    "--test",
                    "binary",
                    "faults",
                    "--",
                    "--nocapture",
                ])
                .env(postgres::VARIABLE, postgres.url())
                .env("GONGKAI_FAULT_TRIALS", trials.to_string())
                .env(
                    "GONGKAI_FAULT_RESTART_SECONDS_MAX",
                    RESTART_SECONDS_MAX.to_string(),
                ),
        )
    })
}
