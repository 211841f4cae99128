//! `cargo xtask bench`: times of the release build, absolute and as ratios to what others do on the same machine in the
//! same run. Never part of the tests: a busy machine would make them lie.

mod hot;
mod measure;
mod search;
mod server;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::postgres::{self, Commits, Server};
use crate::step::{self, cargo, root, step, succeeds};
use measure::{Times, peers, times};

/// Runs of each process; the median stands.
const ROUNDS: usize = 15;
const PLAN_MILLISECONDS_MAX: f64 = 40.0;
const PLAN_INSIDE_MILLISECONDS_MAX: f64 = 5.0;
const MATCHING_MILLISECONDS_MAX: f64 = 50.0;
const IMPORT_MILLISECONDS_MAX: f64 = 2_000.0;
const PAGE_MILLISECONDS_MAX: f64 = 30.0;
/// Lists and matrices over two years of a thousand units.
const YEAR_MILLISECONDS_MAX: f64 = 100.0;
const CASES_MILLISECONDS_MAX: f64 = 50.0;
const REPORT_MILLISECONDS_MAX: f64 = 1_000.0;
const LETTER_MILLISECONDS_MAX: f64 = 150.0;
const EXPORT_MILLISECONDS_MAX: f64 = 600_000.0;
const CLOCK_MICROSECONDS_MAX: f64 = 20.0;
const LIBRARY_MEGABYTES_MAX: f64 = 300.0;
/// Many who submit at once against one who waits for each commit.
const GROUP_COMMIT_RATIO_MIN: f64 = 3.0;
const DOCX_RATIO_MIN: f64 = 15.0;
const PDF_RATIO_MIN: f64 = 10.0;
/// Ten times the rows may cost this many times the work, start of the process aside.
const LINEAR_MAX: f64 = 13.0;
/// Ten times the documents may cost this many times the wait for a page or a search over them.
const TENFOLD_MAX: f64 = 2.0;
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

    /// So many out of so many; all are wanted.
    fn at_least_of(what: impl Into<String>, found: usize, all: usize) -> Self {
        Self {
            what: what.into(),
            found: format!("{found} of {all}"),
            goal: format!("{all}"),
            met: Some(found == all),
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
    ("search", search::lines),
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
        // In one go: built apart, they would want other features of the same libraries, and each would build them all.
        step::run(cargo().args([
            "build",
            "--release",
            "-p",
            "gongkai",
            "-p",
            "gongkai-journeys",
            "-p",
            "gongkai-search",
            "--bins",
            "--examples",
        ]))
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

/// What lives in the product's own process: the example prints one object a line, the goals stand here.
fn inside(bench: &Bench) -> Result<Vec<Line>> {
    let postgres = Server::find_or_start(Commits::Durable)?;
    // Each line is shown as it comes: the whole takes long, and who stops it keeps what was measured.
    let printed = step::output_shown(
        Command::new(bench.example("bench")).env(postgres::VARIABLE, postgres.url()),
    )?;
    printed
        .lines()
        .map(|line| {
            let found: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
            let what = text_at(&found, "/what");
            if found.pointer("/failed").is_some() {
                return Ok(Line {
                    met: Some(false),
                    ..Line::note(what, text_at(&found, "/failed"))
                });
            }
            if let Some(ratio) = found.pointer("/ratio").and_then(Value::as_f64) {
                return Ok(Line::at_least(what, ratio, GROUP_COMMIT_RATIO_MIN));
            }
            if let Some(ratio) = found.pointer("/tenfold").and_then(Value::as_f64) {
                return Ok(Line::at_most(what, ratio, TENFOLD_MAX, "×"));
            }
            if let Some(microseconds) = found.pointer("/us").and_then(Value::as_f64) {
                return Ok(Line::at_most(
                    what,
                    microseconds,
                    CLOCK_MICROSECONDS_MAX,
                    "µs",
                ));
            }
            if let Some(megabytes) = found.pointer("/megabytes").and_then(Value::as_f64) {
                return Ok(Line::at_most(what, megabytes, LIBRARY_MEGABYTES_MAX, "MB"));
            }
            let milliseconds = found.pointer("/ms").and_then(Value::as_f64);
            let milliseconds = milliseconds.context("no figure")?;
            Ok(match goal_inside(what) {
                Some(goal) => Line::at_most(what, milliseconds, goal, "ms"),
                None => Line::note(what, format!("{milliseconds:.1} ms")),
            })
        })
        .collect()
}

fn text_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// Pages over ten times the assignments have the same goal: they are to stay flat.
fn goal_inside(what: &str) -> Option<f64> {
    if what.starts_with("plan read") {
        Some(PLAN_INSIDE_MILLISECONDS_MAX)
    } else if what.starts_with("matching of") {
        Some(MATCHING_MILLISECONDS_MAX)
    } else if what.starts_with("import of") {
        Some(IMPORT_MILLISECONDS_MAX)
    } else if what.contains(" units × ") {
        Some(YEAR_MILLISECONDS_MAX)
    } else if what.contains("assignments, ") {
        Some(PAGE_MILLISECONDS_MAX)
    } else if what.starts_with("list of cases") {
        Some(CASES_MILLISECONDS_MAX)
    } else if what.starts_with("tables of the annual report") {
        Some(REPORT_MILLISECONDS_MAX)
    } else if what.starts_with("letter ") {
        Some(LETTER_MILLISECONDS_MAX)
    } else if what.starts_with("static export") {
        Some(EXPORT_MILLISECONDS_MAX)
    } else {
        None
    }
}

impl Bench {
    /// A program that measures from inside; it prints one object a line.
    fn example(&self, name: &str) -> PathBuf {
        self.gongkai.with_file_name("examples").join(name)
    }

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
        let python = match self.python() {
            Ok(python) => python,
            Err(error) => {
                let why = format!("not measured: {error:#}");
                lines.push(Line::note(format!("{kind} against {peer}"), why));
                return Ok(lines);
            }
        };
        let ask = |file: &Path| {
            let mut command = Command::new(&python);
            command.args(["-c", script]).arg(file);
            command
        };
        let same = self.same_cells(&small, &step::output(&mut ask(&small))?)?;
        lines.push(Line::at_least_of(
            format!("{kind}, rows with {peer}'s cells"),
            same,
            ROWS,
        ));
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

    /// A Python of the bench's own, with the libraries that it compares with.
    fn python(&self) -> Result<PathBuf> {
        let venv = self.folder.join("venv");
        let python = venv.join("bin/python");
        let has_all =
            |python: &Path| succeeds(Command::new(python).args(["-c", "import docx, pdfplumber"]));
        if !has_all(&python) {
            step::output(Command::new("python3").args(["-m", "venv"]).arg(&venv))
                .context("python3 with its venv module is missing")?;
            step::output(Command::new(&python).args([
                "-m",
                "pip",
                "install",
                "-q",
                "python-docx",
                "pdfplumber",
            ]))
            .context("python-docx and pdfplumber could not be installed")?;
        }
        Ok(python)
    }

    /// How many of the tasks that we read have the cells that the other library found.
    fn same_cells(&self, file: &Path, theirs: &str) -> Result<usize> {
        let plan: Value = serde_json::from_slice(&self.read(file).output()?.stdout)?;
        let tasks = plan.pointer("/tasks").and_then(Value::as_array);
        let theirs: Vec<Vec<String>> = serde_json::from_str(theirs)?;
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let cells = ["/text", "/organ_text", "/deadlines/0/text"];
        let ours = tasks.into_iter().flatten().map(|task| {
            let no = task.get("no").map_or_else(String::new, Value::to_string);
            let cells = cells.map(|cell| plain(text_at(task, cell)));
            [&[no], cells.as_slice()].concat()
        });
        let theirs: Vec<Vec<String>> = theirs
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        Ok(ours.filter(|row| theirs.contains(row)).count())
    }
}
