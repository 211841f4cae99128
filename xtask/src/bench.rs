//! `cargo xtask bench`: times of the release build, absolute and as ratios to what others do on the same machine in the
//! same run. Never part of the tests: a busy machine would make them lie.

mod measure;
mod server;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::step::{self, cargo, root, step, succeeds};
use measure::{Times, peers, times};

/// Runs of each process; the median stands.
const ROUNDS: usize = 15;
const PLAN_MILLISECONDS_MAX: f64 = 40.0;
const DOCX_RATIO_MIN: f64 = 15.0;
const PDF_RATIO_MIN: f64 = 10.0;
/// Ten times the rows may cost this many times the work, start of the process aside.
const LINEAR_MAX: f64 = 13.0;
const BINARY_MEGABYTES_MAX: f64 = 80.0;
const ROWS: usize = 60;
const ROWS_TENFOLD: usize = 600;

/// One line of the report.
pub(crate) struct Line {
    what: String,
    found: String,
    goal: String,
    met: Option<bool>,
}

impl Line {
    fn at_most(what: impl Into<String>, found: f64, goal: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            found: format!("{found:.1} {unit}"),
            goal: format!("≤ {goal:.0} {unit}"),
            met: Some(found <= goal),
        }
    }

    fn at_least(what: impl Into<String>, found: f64, goal: f64) -> Self {
        Self {
            what: what.into(),
            found: format!("{found:.1} ×"),
            goal: format!("≥ {goal:.0} ×"),
            met: Some(found >= goal),
        }
    }

    /// A figure without a goal, or a reason why there is none.
    fn note(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            found: found.into(),
            goal: String::new(),
            met: None,
        }
    }
}

/// What the benches share.
struct Bench {
    gongkai: PathBuf,
    folder: PathBuf,
    /// What starting any process costs here, in milliseconds.
    start: f64,
}

type Part = (&'static str, fn(&Bench) -> Result<Vec<Line>>);

const PARTS: &[Part] = &[
    ("size", size),
    ("plans", plans),
    ("docx", docx),
    ("pdf", pdf),
    ("server", server::lines),
    ("inside", inside),
];

pub(crate) fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !PARTS.iter().any(|(part, _)| part == *name))
    {
        let known: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
        bail!(
            "no bench is called {unknown}; there are: {}",
            known.join(" ")
        );
    }
    step("build the release", || {
        step::run(cargo().args(["build", "--release", "-p", "gongkai"]))
    })?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let folder = target.join("bench");
    fs::create_dir_all(&folder)?;
    let mut bench = Bench {
        gongkai: target.join("release/gongkai"),
        folder,
        start: 0.0,
    };
    let start = times(ROUNDS, &mut || Command::new("true"))?;
    bench.start = start.median();
    let mut lines = vec![Line::note("start of an empty process", start.to_string())];
    for (name, part) in PARTS
        .iter()
        .filter(|(name, _)| names.is_empty() || names.contains(name))
    {
        let found = step(name, || part(&bench));
        lines.extend(found.unwrap_or_else(|error| {
            vec![Line {
                met: Some(false),
                ..Line::note(*name, format!("{error:#}"))
            }]
        }));
    }
    report(&bench, &lines)
}

fn report(bench: &Bench, lines: &[Line]) -> Result<()> {
    println!();
    for line in lines {
        let mark = match line.met {
            Some(true) => "ok  ",
            Some(false) => "MISS",
            None => "    ",
        };
        println!("{mark} {:<58} {:<34} {}", line.what, line.found, line.goal);
    }
    let rows: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "what": line.what, "found": line.found, "goal": line.goal, "met": line.met }))
        .collect();
    let file = bench.folder.join("report.json");
    fs::write(&file, serde_json::to_string_pretty(&rows)?)?;
    println!("\nalso in {}", file.display());
    let missed = lines.iter().filter(|line| line.met == Some(false)).count();
    if missed > 0 {
        bail!("{missed} goals missed (on a busy machine, run it again before you believe it)");
    }
    Ok(())
}

fn size(bench: &Bench) -> Result<Vec<Line>> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a size in megabytes needs no more"
    )]
    let megabytes = bench.gongkai.metadata()?.len() as f64 / 1e6;
    Ok(vec![Line::at_most(
        "release binary",
        megabytes,
        BINARY_MEGABYTES_MAX,
        "MB",
    )])
}

/// Whole processes over real plans where they are at hand, else over the demo city's.
fn plans(bench: &Bench) -> Result<Vec<Line>> {
    let folder = ["../shared/plans", "samples"]
        .into_iter()
        .map(|folder| root().join(folder))
        .find(|folder| folder.is_dir());
    let folder = folder.context("no plans to read: samples/ is missing")?;
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_document(path))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let took = times(ROUNDS, &mut || bench.read(&file))?;
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        lines.push(Line::at_most(
            format!("plan read {name}"),
            took.median(),
            PLAN_MILLISECONDS_MAX,
            "ms",
        ));
    }
    Ok(lines)
}

fn is_document(path: &Path) -> bool {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    matches!(ending.as_str(), "txt" | "docx" | "pdf" | "html" | "xlsx")
}

fn docx(bench: &Bench) -> Result<Vec<Line>> {
    let write = |rows| table::docx(rows);
    bench.against(
        "docx",
        &write,
        "python-docx",
        peers::PYTHON_DOCX,
        DOCX_RATIO_MIN,
    )
}

fn pdf(bench: &Bench) -> Result<Vec<Line>> {
    let write = |rows| table::pdf(rows);
    bench.against(
        "pdf",
        &write,
        "pdfplumber",
        peers::PDFPLUMBER,
        PDF_RATIO_MIN,
    )
}

/// The part that lives in the product's own process.
fn inside(_: &Bench) -> Result<Vec<Line>> {
    if !root().join("crates/journeys/examples/bench.rs").is_file() {
        return Ok(vec![Line::note(
            "in process",
            "crates/journeys has no example `bench`",
        )]);
    }
    step::run(cargo().args([
        "run",
        "--release",
        "-p",
        "gongkai-journeys",
        "--example",
        "bench",
    ]))?;
    Ok(vec![Line::note("in process", "printed above")])
}

impl Bench {
    fn read(&self, file: &Path) -> Command {
        let mut command = Command::new(&self.gongkai);
        command
            .args(["plan", "read"])
            .arg(file)
            .args(["--format", "json"]);
        command
    }

    /// A table of 60 and of 600 rows: how long, how it grows, and how a known library does in a fresh process.
    fn against(
        &self,
        kind: &str,
        write: &dyn Fn(usize) -> Vec<u8>,
        peer: &str,
        script: &str,
        ratio_min: f64,
    ) -> Result<Vec<Line>> {
        let file = |rows: usize| -> Result<PathBuf> {
            let file = self.folder.join(format!("table-{rows}.{kind}"));
            fs::write(&file, write(rows))?;
            self.check_rows(&file, rows)?;
            Ok(file)
        };
        let (small, large) = (file(ROWS)?, file(ROWS_TENFOLD)?);
        let (ours, tenfold) = (
            times(ROUNDS, &mut || self.read(&small))?,
            times(ROUNDS, &mut || self.read(&large))?,
        );
        let growth = (tenfold.best() - self.start).max(0.0) / (ours.best() - self.start).max(0.1);
        let mut lines = vec![
            Line::note(format!("{kind}, {ROWS} rows"), ours.to_string()),
            Line::note(format!("{kind}, {ROWS_TENFOLD} rows"), tenfold.to_string()),
            Line::at_most(
                format!("{kind}, cost of ten times the rows"),
                growth,
                LINEAR_MAX,
                "×",
            ),
        ];
        let ask = |file: &Path| {
            let mut command = Command::new("python3");
            command.args(["-c", script]).arg(file);
            command
        };
        if !succeeds(&mut ask(&small)) {
            lines.push(Line::note(
                format!("{kind} against {peer}"),
                format!("python3 cannot import {peer}"),
            ));
            return Ok(lines);
        }
        let theirs: Times = times(ROUNDS, &mut || ask(&small))?;
        lines.push(Line::note(
            format!("{kind}, {ROWS} rows, {peer}"),
            theirs.to_string(),
        ));
        lines.push(Line::at_least(
            format!("{kind} against {peer}"),
            theirs.median() / ours.median(),
            ratio_min,
        ));
        Ok(lines)
    }

    /// Fast and wrong is not fast: every row must come out as a task.
    fn check_rows(&self, file: &Path, rows: usize) -> Result<()> {
        let output = self.read(file).output()?;
        let plan: Value = serde_json::from_slice(&output.stdout).with_context(|| {
            format!(
                "{}: {}",
                file.display(),
                String::from_utf8_lossy(&output.stderr).trim()
            )
        })?;
        let tasks = plan
            .get("tasks")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if tasks != rows {
            bail!(
                "{} has {rows} rows and was read as {tasks} tasks",
                file.display()
            );
        }
        Ok(())
    }
}
