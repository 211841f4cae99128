//! What `cargo xtask bench inside` measures in this process: reading plans, matching them, importing a large one, the pages
//! over it, the official form. One JSON object a line; the goals stand in xtask.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench should fail loudly, and speaks by printing"
)]

mod cases;
mod city;
mod clock;
mod document;
mod letters;
mod library;
mod matching;
mod year;

use std::path::{Path, PathBuf};
use std::time::Instant;

use gongkai_office::Limits;
use gongkai_platform::testing::{Backend, Browser, backends};

use city::City;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 15;
const TASKS: usize = 1_000;
const LEDGER_TASKS: usize = 1_250;
const ORGANS: usize = 40;
/// Of a failing part's last words.
const REASON_CHARS: usize = 200;

#[tokio::main]
async fn main() {
    // Without a name, everything.
    let only = std::env::args().nth(1);
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let parts = tokio::task::LocalSet::new();
    if wanted("plans") {
        alone(&parts, "plans", async { read_plans() }).await;
    }
    if wanted("matching") {
        alone(&parts, "matching", async { matching::run() }).await;
    }
    if wanted("clock") {
        alone(&parts, "clock", async { clock::run() }).await;
    }
    if wanted("letters") {
        alone(&parts, "letters", async { letters::run() }).await;
    }
    for backend in backends() {
        let name = match backend {
            Backend::Sqlite => "SQLite",
            Backend::Postgres(_) => "PostgreSQL",
        };
        if wanted("ledger") {
            let backend = backend.clone();
            let part = async move { over(&backend, name).await };
            alone(&parts, &format!("ledger, {name}"), part).await;
        }
        if wanted("year") {
            let backend = backend.clone();
            let part = async move { year::run(&backend, name).await };
            alone(&parts, &format!("year, {name}"), part).await;
        }
        if wanted("cases") {
            let part = async move { cases::run(&backend, name).await };
            alone(&parts, &format!("cases, {name}"), part).await;
        }
    }
    if wanted("library") {
        alone(&parts, "library", library::run()).await;
    }
}

/// A part that fails says so in a line of its own and leaves the others alone.
async fn alone(
    parts: &tokio::task::LocalSet,
    name: &str,
    part: impl Future<Output = ()> + 'static,
) {
    let ended = parts.run_until(parts.spawn_local(part)).await;
    if let Err(error) = ended {
        let payload = error.into_panic();
        let why = payload.downcast_ref::<String>().map_or("", String::as_str);
        let why: String = why.chars().take(REASON_CHARS).collect();
        println!("{}", serde_json::json!({ "what": name, "failed": why }));
    }
}

/// How many times faster than the reference of the same run.
fn print_ratio(what: &str, ratio: f64) {
    println!("{}", serde_json::json!({ "what": what, "ratio": ratio }));
}

fn print(what: &str, milliseconds: f64) {
    println!(
        "{}",
        serde_json::json!({ "what": what, "ms": milliseconds })
    );
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// From bytes to draft, without a process around it.
fn read_plans() {
    for file in plans() {
        let bytes = std::fs::read(&file).unwrap();
        let times = (0..ROUNDS).map(|_| {
            let started = Instant::now();
            let document = gongkai_office::read(&bytes, &Limits::default()).unwrap();
            let plan = gongkai_reading::read(&document);
            let took = started.elapsed().as_secs_f64() * 1e3;
            assert!(!plan.tasks.is_empty(), "{}", file.display());
            took
        });
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        print(
            &format!("plan read in process, {name}"),
            median(times.collect()),
        );
    }
}

/// The real plans where they are at hand, else the demo city's.
fn plans() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = ["../shared/plans", "samples"]
        .into_iter()
        .map(|folder| root.join(folder))
        .find(|folder| folder.is_dir())
        .unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let ending = path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .to_lowercase();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            matches!(ending.as_str(), "txt" | "docx" | "pdf" | "html" | "xlsx")
                && !name.to_uppercase().contains("README")
        })
        .collect();
    files.sort();
    files
}

async fn over(backend: &Backend, name: &str) {
    let city = City::founded(backend, ORGANS).await;
    let started = Instant::now();
    city.imports(0, TASKS).await;
    print(
        &format!("import of {TASKS} tasks × {ORGANS} organs, {name}"),
        started.elapsed().as_secs_f64() * 1e3,
    );
    let plan = city.imports(1, LEDGER_TASKS).await;
    for large in [false, true] {
        let size = if large { "500,000" } else { "50,000" };
        if large {
            for number in 2..11 {
                city.imports(number, LEDGER_TASKS).await;
            }
        }
        let mut clerk = city.clerk().await;
        let mut liaison = city.liaison().await;
        let task = city.a_task(&plan).await;
        let ledger = format!("/workspace/ledger?plan={plan}");
        let organ = city.units.first().unwrap();
        let pages = [
            ("ledger page", ledger.clone()),
            ("ledger, second page", format!("{ledger}&page=2")),
            ("ledger by organ", format!("{ledger}&organ={organ}")),
            ("ledger by light", format!("{ledger}&light=overdue")),
            ("ledger by text", format!("{ledger}&text=规章")),
            ("ledger, never reported", format!("{ledger}&unreported=1")),
            ("ledger by due date", format!("{ledger}&sort=due")),
            ("assignments", format!("{ledger}&view=assignments")),
            (
                "assignments by organ",
                format!("{ledger}&view=assignments&organ={organ}"),
            ),
            ("task page", format!("/workspace/tasks/{task}")),
        ];
        for (page, path) in pages {
            let took = page_time(&mut clerk, &path, ROUNDS).await;
            print(&format!("{page}, {size} assignments, {name}"), took);
        }
        let took = page_time(&mut liaison, "/workspace/tasks", ROUNDS).await;
        print(&format!("own list, {size} assignments, {name}"), took);
    }
    for format in ["docx", "xlsx", "pdf"] {
        let path = format!(
            "/workspace/plans/{plan}/export/file?format={format}&organ={}",
            city.units.first().unwrap()
        );
        let took = page_time(&mut city.clerk().await, &path, ROUNDS).await;
        print(
            &format!("official form of one unit, {LEDGER_TASKS} rows, {format}, {name}"),
            took,
        );
    }
}

/// The server's own time for a page, at the median of so many rounds.
async fn page_time(browser: &mut Browser, path: &str, rounds: usize) -> f64 {
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let started = Instant::now();
        let answer = browser.get(path).await;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text());
    }
    median(times)
}
