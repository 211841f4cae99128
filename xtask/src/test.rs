//! `cargo xtask test`: the whole of what must hold before a change goes in; `--quick` for the inner loop.
//!
//! All steps run even when one fails, so that one run says everything.

use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;

use crate::browser::{self, Browser};
use crate::postgres::{Cluster, Commits};
use crate::scratch::Scratch;
use crate::step::{self, cargo, output, step, succeeds};
use crate::{front, office, tidy, tool};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Quick,
}

pub(crate) fn run(extent: Extent) -> Result<()> {
    let seed = seed()?;
    println!("seed {seed} (GONGKAI_SEED={seed} repeats this run's random choices)");
    let mut failures = Vec::new();
    let mut note = |outcome: Result<()>| {
        if let Err(error) = outcome {
            failures.push(format!("{error:#}"));
        }
    };
    note(step("tools", ready_toolchain));
    note(step("format", || {
        step::run(cargo().args(["fmt", "--all", "--check", "--", "-l"]))
    }));
    note(step("tidy", || tidy::check(tidy::OldOffenders::Keep)));
    // Servers first: when they cannot be had, the tests still run on what there is, and the run fails.
    let surroundings = match extent {
        Extent::Quick => Surroundings::default(),
        Extent::Whole => Surroundings::whole(&mut note),
    };
    let build = step("build and clippy", build_and_lint);
    let linted = build.is_ok();
    note(build);
    note(step("tests", || tests(&surroundings, seed, linted)));
    drop(surroundings);
    if failures.is_empty() {
        println!("\nall well");
        return Ok(());
    }
    bail!(
        "{} of the steps failed:\n- {}",
        failures.len(),
        failures.join("\n- ")
    );
}

/// What the tests find around them, beyond SQLite.
#[derive(Default)]
struct Surroundings {
    postgres: Option<Cluster>,
    /// Behind what lies in it: it goes last.
    scratch: Option<Scratch>,
    browser: Option<Browser>,
    axe: Option<PathBuf>,
    office: Option<PathBuf>,
}

impl Surroundings {
    fn whole(note: &mut impl FnMut(Result<()>)) -> Self {
        let mut take =
            |title: &str, outcome: Result<()>| note(outcome.with_context(|| title.to_owned()));
        let mut all = Self::default();
        let scratch = step("scratch", Scratch::make).map(|scratch| all.scratch = Some(scratch));
        take("needed by the tests", scratch);
        let root = all.folder();
        let postgres = step("PostgreSQL", || Cluster::start(&root, Commits::Fast))
            .map(|cluster| all.postgres = Some(cluster));
        take("needed by the tests", postgres);
        let browser = step("Chromium", browser::ready).map(|browser| all.browser = Some(browser));
        take("needed by the tests", browser);
        // A test compares the clock with a second one in Python, and fails in CI where it cannot.
        let python = step("Python 3", || {
            tool::find_or_install(&["python3"], &["python3"])
        });
        take("needed by the tests", python.map(drop));
        let axe = step("front (npm)", front::build_for_tests).map(|axe| all.axe = Some(axe));
        take("needed by the tests", axe);
        let office = step("LibreOffice", office::require).map(|office| all.office = Some(office));
        take("needed by the tests", office);
        all
    }

    fn folder(&self) -> PathBuf {
        let scratch = self.scratch.as_ref();
        scratch.map_or_else(std::env::temp_dir, |scratch| scratch.folder().to_owned())
    }

    fn tell(&self, command: &mut Command) {
        command.env("TMPDIR", self.folder());
        if let Some(postgres) = &self.postgres {
            command.env("GONGKAI_TEST_POSTGRES", postgres.url());
        }
        if let Some(browser) = &self.browser {
            command.env("GONGKAI_CHROMIUM", &browser.chromium);
            command.env("GONGKAI_CHROMEDRIVER", &browser.driver);
        }
        if let Some(axe) = &self.axe {
            command.env("GONGKAI_AXE", axe);
        }
        if let Some(office) = &self.office {
            command.env(office::VARIABLE, office);
        }
    }
}

/// rustup's minimal profile leaves out what the first steps need.
fn ready_toolchain() -> Result<()> {
    if tool::find(&["cc", "gcc", "clang"]).is_none() {
        tool::install(&["gcc", "libc6-dev"])?;
    }
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(cargo().args([command, "--version"])) {
            step::run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    println!("{}", output(Command::new("rustc").arg("--version"))?);
    Ok(())
}

/// Clippy as the compiler of the workspace, so that what is checked is what the tests run: `cargo clippy` beside a build
/// would go through every library a second time.
fn by_clippy(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        // As `cargo clippy` hands on what stands behind its `--`.
        .env(
            "CLIPPY_ARGS",
            "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
        )
}

fn build_and_lint() -> Result<()> {
    step::run(by_clippy(cargo().args([
        "test",
        "--quiet",
        "--workspace",
        "--no-fail-fast",
        "--no-run",
    ])))
}

/// The tests that open a browser. They have a lane of their own beside all others, so that no processor is idle while one
/// of them waits; their output comes in one piece.
const JOURNEYS: &str = "journeys";

/// Two lanes over the same built files. The output of the journeys comes at the end.
fn tests(surroundings: &Surroundings, seed: u64, linted: bool) -> Result<()> {
    let mut journeys = test_command(surroundings, seed, linted);
    journeys.args(["--test", JOURNEYS]);
    let mut others = test_command(surroundings, seed, linted);
    others.args(["--lib", "--bins"]);
    // Many of them wait for PostgreSQL: one more at a time than there are processors leaves none idle.
    let processors = thread::available_parallelism().map_or(1, usize::from);
    others.env("RUST_TEST_THREADS", (processors + 1).to_string());
    for name in integration_tests()?.iter().filter(|name| *name != JOURNEYS) {
        others.args(["--test", name]);
    }
    let mut documented = test_command(surroundings, seed, linted);
    documented.arg("--doc");
    let (beside, mut ends) = thread::scope(|scope| {
        let beside = scope.spawn(|| step::run_silently(&mut journeys));
        let ends = vec![step::run(&mut others), step::run(&mut documented)];
        (beside.join(), ends)
    });
    match beside {
        Ok((said, ended)) => {
            println!("{said}");
            ends.push(ended);
        }
        Err(_) => ends.push(Err(anyhow!("the journeys did not end"))),
    }
    let failed = ends.into_iter().filter_map(Result::err);
    let failed: Vec<String> = failed.map(|error| format!("{error:#}")).collect();
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

/// Every integration test of the workspace by name: one that were left out would never run.
fn integration_tests() -> Result<Vec<String>> {
    let listed = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let listed: Value = serde_json::from_str(&listed)?;
    let packages = listed.get("packages").and_then(Value::as_array);
    let packages = packages.context("no packages")?;
    let targets = packages
        .iter()
        .filter_map(|package| package.get("targets")?.as_array());
    let tests = targets
        .flatten()
        .filter(|target| target.pointer("/kind/0").is_some_and(|kind| kind == "test"));
    Ok(tests
        .filter_map(|target| Some(target.get("name")?.as_str()?.to_owned()))
        .collect())
}

/// What clippy refuses is compiled without it: the tests have their say all the same.
fn test_command(surroundings: &Surroundings, seed: u64, linted: bool) -> Command {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    if linted {
        by_clippy(&mut command);
    }
    for name in [
        "GONGKAI_TEST_POSTGRES",
        "GONGKAI_CHROMIUM",
        "GONGKAI_CHROMEDRIVER",
        "GONGKAI_AXE",
        office::VARIABLE,
    ] {
        command.env_remove(name);
    }
    surroundings.tell(&mut command);
    command.env("GONGKAI_SEED", seed.to_string());
    command.env("PROPTEST_RNG_SEED", seed.to_string());
    if std::env::var_os("INSTA_UPDATE").is_none() {
        command.env("INSTA_UPDATE", "no");
    }
    // The tests talk to servers of their own on loopback, whatever proxy the outside needs.
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, "127.0.0.1,localhost,::1");
    }
    command
}

/// The run's seed: the caller's, or a fresh one.
fn seed() -> Result<u64> {
    match std::env::var("GONGKAI_SEED") {
        Ok(text) => text
            .parse()
            .with_context(|| format!("GONGKAI_SEED={text} is no whole number")),
        Err(_) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "a fresh seed for each run; it is printed"
            )]
            let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
            Ok(since.as_secs())
        }
    }
}
