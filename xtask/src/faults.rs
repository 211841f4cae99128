//! `cargo xtask faults`: the server is killed at random moments under load; nothing acknowledged may be lost.

use anyhow::Result;

use crate::office;
use crate::postgres::{self, Commits, Server};
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

    /// Kills under people who apply.
    const fn application_trials(self) -> u32 {
        match self {
            Self::Few => 20,
            Self::Full => 500,
        }
    }

    /// Disks that become full under people who apply.
    const fn full_disk_trials(self) -> u32 {
        match self {
            Self::Few => 5,
            Self::Full => 50,
        }
    }

    /// Planted files of the leak gate, and as many clean ones.
    const fn leak_files(self) -> u32 {
        match self {
            Self::Few => 60,
            Self::Full => 300,
        }
    }
}

pub(crate) fn run(count: Count) -> Result<()> {
    let trials = count.trials();
    let postgres = Server::find_or_start(Commits::Fast)?;
    sheets(count, &postgres)?;
    leak_gate(count.leak_files())?;
    clocks(count)?;
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
                    "GONGKAI_FAULT_APPLICATION_TRIALS",
                    count.application_trials().to_string(),
                )
                .env(
                    "GONGKAI_FAULT_FULL_DISK_TRIALS",
                    count.full_disk_trials().to_string(),
                )
                .env(
                    "GONGKAI_FAULT_RESTART_SECONDS_MAX",
                    RESTART_SECONDS_MAX.to_string(),
                ),
        )
    })
}

/// Files with something planted must be caught, clean ones must pass.
fn leak_gate(files: u32) -> Result<()> {
    step(
        &format!("the leak gate with {files} + {files} files"),
        || {
            step::run(
                cargo()
                    .args([
                        "test",
                        "-p",
                        "gongkai",
                        "--test",
                        "binary",
                        "leak_gate",
                        "--",
                        "--nocapture",
                    ])
                    .env("GONGKAI_LEAK_FILES", files.to_string()),
            )
        },
    )
}

/// The clock of requests against its second implementation.
fn clocks(count: Count) -> Result<()> {
    let cases = match count {
        Count::Few => 2_000,
        Count::Full => 100_000,
    };
    step(&format!("{cases} clocks counted twice"), || {
        step::run(
            cargo()
                .args(["test", "-p", "gongkai-requests", "--test", "second_clock"])
                .args(["--", "--nocapture"])
                .env("GONGKAI_CLOCK_CASES", cases.to_string()),
        )
    })
}

/// Sheets that go round, each through LibreOffice.
fn sheets(count: Count, postgres: &Server) -> Result<()> {
    let trials = count.trials();
    let office = step("LibreOffice", office::require)?;
    step(&format!("{trials} mutated sheets"), || {
        step::run(
            cargo()
                .args([
                    "test",
                    "-p",
                    "gongkai-plans",
                    "--lib",
                    "mutated",
                    "--",
                    "--nocapture",
                ])
                .env(postgres::VARIABLE, postgres.url())
                .env("GONGKAI_SHEET_TRIALS", trials.to_string())
                .env(office::VARIABLE, &office),
        )
    })
}
