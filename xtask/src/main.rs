//! The one entry point for people and for CI: `cargo xtask demo | test | tidy | …`.
//!
//! It links nothing of the product, so that it builds in seconds; what it needs from the product it runs as a command.
#![allow(
    clippy::print_stdout,
    reason = "a command-line tool talks on standard output"
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

mod bench;
mod browser;
mod demo;
mod faults;
mod front;
mod office;
mod postgres;
mod score_plans;
mod scratch;
mod step;
mod test;
mod tidy;
mod tool;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask COMMAND

  demo [ARGUMENTS]      build and run `gongkai demo`; no questions; Ctrl-C ends it
  test [--quick]        format, clippy, tidy, tests on both databases and in a browser
                        --quick: tests on SQLite only, without a browser or LibreOffice
  tidy [--tighten]      the house's own rules; --tighten lowers the list of old offenders
  score-plans [FOLDER]  the table of plans read against their gold labels
  bench [NAME…]         whole-process and in-process times, absolute and as ratios
  faults [--full]       kill the server at random moments: 20 trials, or 200 and more;
                        --full requires LibreOffice
  front                 build what comes from npm: editor, charts, font";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("which command?\n\n{USAGE}");
    };
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (command.as_str(), rest.as_slice()) {
        ("demo", arguments) => demo::run(arguments),
        ("test", []) => test::run(test::Extent::Whole),
        ("test", ["--quick"]) => test::run(test::Extent::Quick),
        ("tidy", []) => tidy::run(tidy::OldOffenders::Keep),
        ("tidy", ["--tighten"]) => tidy::run(tidy::OldOffenders::Tighten),
        ("score-plans", []) => score_plans::run(None),
        ("score-plans", [folder]) => score_plans::run(Some(folder)),
        ("bench", names) => bench::run(names),
        ("faults", []) => faults::run(faults::Count::Few),
        ("faults", ["--full"]) => faults::run(faults::Count::Full),
        ("front", []) => front::build(),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!(
            "`{}` is no command, or has arguments it does not take\n\n{USAGE}",
            arguments.join(" ")
        ),
    }
}
