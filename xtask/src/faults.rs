//! `cargo xtask faults`: the server is killed at random moments under load; nothing acknowledged may be lost.

use anyhow::Result;

use crate::step::{self, cargo, step};

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
                .env("GONGKAI_FAULT_TRIALS", trials.to_string()),
        )
    })
}
