//! 覆盖矩阵: an upper plan's measures against the lower plans.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_office::form::table_csv;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, download, page};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use super::list::excerpt;
use crate::acts::{ExportLedger, ViewLedger};
use crate::matching::Cover;
use crate::pairing::store::{self, Brief, Cells, Lower, Silent};
use crate::plan::{self, Plan, PlanState};

/// Lower plans beside each other.
const COLUMNS: i64 = 8;
/// Lower plans in one file.
const FILE_COLUMNS: i64 = 300;
/// Governments that have not answered, by name; of more the page tells how many.
const SILENT_SHOWN: usize = 20;
/// In the place of a class: missing, although the upper plan gives the measure to those below.
const MISSED: &str = "missed";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// Rows with a cell of this class.
    class: String,
    section: String,
    /// Which columns.
    columns: String,
    page: String,
}

struct Cell {
    cover: Cover,
    doubtful: bool,
    /// How many tasks answer it.
    tasks: usize,
    /// The upper plan gives the measure to an organ there.
    given: bool,
}

impl Cell {
    fn is_missed(&self) -> bool {
        self.given && self.cover == Cover::Missing
    }

    fn is(&self, class: &str) -> bool {
        self.cover.code() == class || class == MISSED && self.is_missed()
    }

    /// A measure that is not for those below may well be missing there.
    fn colour(&self) -> &'static str {
        if self.cover == Cover::Missing && !self.given {
            "aside"
        } else {
            self.cover.code()
        }
    }
}

struct Line {
    task: Brief,
    /// In the order of the columns.
    cells: Vec<Cell>,
}

impl Line {
    /// Answered, and nobody need look whether it is.
    fn answered(&self) -> usize {
        let answers = |cell: &&Cell| cell.cover != Cover::Missing && !cell.doubtful;
        self.cells.iter().filter(answers).count()
    }
}

struct Column {
    lower: Lower,
    /// Of all measures but the doubtful, in the order of the classes; the last is what the lower plan added.
    counts: Vec<(Cover, usize)>,
    /// Pairs that nobody looked at yet and that may be none.
    doubtful: usize,
    /// Given to those below, and missing there.
    missed: usize,
}

#[derive(Template)]
#[template(path = "pairing/matrix.html")]
struct MatrixPage {
    shell: Shell,
    plan: Plan,
    filter: Filter,
    sections: Vec<String>,
    lines: Vec<Line>,
    columns: Vec<Column>,
    lower: i64,
    column_page: i64,
    column_pages: i64,
    paging: Paging,
    /// Governments right below that have not answered: with a plan of the year, and without.
    silent: Vec<(&'static str, Vec<String>)>,
}

impl MatrixPage {
    fn classes(&self) -> [Cover; 4] {
        [
            Cover::TakenOver,
            Cover::Tightened,
            Cover::Loosened,
            Cover::Missing,
        ]
    }

    /// The measures can be counted over all lower plans only where all are in view.
    fn counts_rows(&self) -> bool {
        self.column_pages == 1 && self.columns.len() > 1
    }

    /// The plan of a government above, which has no ledger here.
    fn is_upper(&self) -> bool {
        self.plan.state == PlanState::Upper
    }

    fn base(&self) -> String {
        format!("/workspace/plans/{}/coverage", self.plan.id)
    }

    fn address(&self) -> String {
        let parts = [
            ("class", self.filter.class.as_str()),
            ("section", &self.filter.section),
            ("columns", &self.filter.columns),
        ];
        address(&self.base(), &parts) + "page="
    }

    fn columns_address(&self) -> String {
        let parts = [
            ("class", self.filter.class.as_str()),
            ("section", &self.filter.section),
        ];
        address(&self.base(), &parts) + "columns="
    }

    fn file(&self) -> String {
        let parts = [
            ("class", self.filter.class.as_str()),
            ("section", &self.filter.section),
        ];
        address(&format!("{}/file", self.base()), &parts)
    }

    fn excerpt(&self, text: &str) -> String {
        excerpt(text)
    }

    fn column(&self, nth: &usize) -> Option<&Column> {
        self.columns.get(*nth)
    }
}

struct Loaded {
    plan: Plan,
    measures: Vec<Brief>,
    lower: Vec<Lower>,
    total: i64,
    cells: Cells,
    /// For each lower plan its tasks that answer nothing.
    added: BTreeMap<PlanId, usize>,
    given: BTreeSet<(PlanId, TaskId)>,
    silent: Vec<Silent>,
}

async fn load(tx: &mut Tx, plan: Plan, (offset, rows): (i64, i64)) -> Result<Loaded, StoreError> {
    let measures = store::briefs(tx, plan.id).await?;
    let (lower, total) = store::lower(tx, &plan, (offset, rows)).await?;
    let pairs: Vec<_> = lower.iter().map(|one| one.pair.id).collect();
    let cells = store::cells(tx, &pairs).await?;
    let plans: Vec<PlanId> = lower.iter().map(|one| one.plan.id).collect();
    let tasks = store::count_tasks(tx, &plans).await?;
    let given = store::given(tx, plan.id, &plans).await?;
    let silent = store::silent(tx, &plan).await?;
    let mut answering: BTreeMap<PlanId, BTreeSet<TaskId>> = BTreeMap::new();
    for one in &lower {
        for ((pair, _), links) in &cells {
            if *pair == one.pair.id {
                let found = answering.entry(one.plan.id).or_default();
                found.extend(links.iter().map(|link| link.new));
            }
        }
    }
    let added = tasks
        .into_iter()
        .map(|(id, n)| {
            (
                id,
                n.saturating_sub(answering.get(&id).map_or(0, BTreeSet::len)),
            )
        })
        .collect();
    Ok(Loaded {
        plan,
        measures,
        lower,
        total,
        cells,
        added,
        given,
        silent,
    })
}

fn cell(loaded: &Loaded, lower: &Lower, task: TaskId) -> Cell {
    let links = loaded
        .cells
        .get(&(lower.pair.id, task))
        .map_or(&[][..], Vec::as_slice);
    Cell {
        cover: links.first().map_or(Cover::Missing, |link| link.cover),
        doubtful: links.iter().any(crate::pairing::TaskLink::is_doubtful),
        tasks: links.len(),
        given: loaded.given.contains(&(lower.plan.id, task)),
    }
}

fn lines(loaded: &Loaded, filter: &Filter) -> Vec<Line> {
    let known = filter.class == MISSED || Cover::from_code(&filter.class).is_some();
    loaded
        .measures
        .iter()
        .filter(|task| {
            filter.section.is_empty() || task.section.as_deref() == Some(filter.section.as_str())
        })
        .map(|task| Line {
            task: task.clone(),
            cells: loaded
                .lower
                .iter()
                .map(|lower| cell(loaded, lower, task.id))
                .collect(),
        })
        .filter(|line| !known || line.cells.iter().any(|cell| cell.is(&filter.class)))
        .collect()
}

fn columns(loaded: &Loaded) -> Vec<Column> {
    loaded
        .lower
        .iter()
        .map(|lower| {
            let mut counts: Vec<(Cover, usize)> =
                Cover::ALL.iter().map(|cover| (*cover, 0)).collect();
            let (mut missed, mut doubtful) = (0, 0);
            for task in &loaded.measures {
                let found = cell(loaded, lower, task.id);
                missed += usize::from(found.is_missed());
                if found.doubtful {
                    doubtful += 1;
                    continue;
                }
                for (cover, n) in &mut counts {
                    *n += usize::from(*cover == found.cover);
                }
            }
            if let Some((_, n)) = counts.last_mut() {
                *n = loaded.added.get(&lower.plan.id).copied().unwrap_or(0);
            }
            Column {
                lower: lower.clone(),
                counts,
                doubtful,
                missed,
            }
        })
        .collect()
}

/// Names by what they lack; of many the first ones and how many there are.
fn told(silent: &[Silent]) -> Vec<(&'static str, Vec<String>)> {
    let groups = [
        ("已有方案，还没有选定本方案为上级方案", true),
        ("还没有导入今年的方案", false),
    ];
    let named = groups.into_iter().map(|(what, has_plan)| {
        let all: Vec<&Silent> = silent.iter().filter(|it| it.has_plan == has_plan).collect();
        let mut names: Vec<String> = all
            .iter()
            .take(SILENT_SHOWN)
            .map(|it| it.name.clone())
            .collect();
        if all.len() > SILENT_SHOWN {
            names.push(format!("等{}个", all.len()));
        }
        (what, names)
    });
    named.filter(|(_, names)| !names.is_empty()).collect()
}

/// `GET /workspace/plans/{id}/coverage`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Path(id): Path<PlanId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let column_page = filter.columns.parse().unwrap_or(1_i64).clamp(1, 10_000);
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = plan::store::load_any(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let loaded = load(tx, plan, ((column_page - 1) * COLUMNS, COLUMNS)).await?;
            Ok::<_, StoreError>(Some(loaded))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (lines, paging) = Paging::of(filter.page.parse().ok(), lines(&loaded, &filter));
    let mut sections: Vec<String> = Vec::new();
    for section in loaded
        .measures
        .iter()
        .filter_map(|task| task.section.clone())
    {
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    page(&MatrixPage {
        shell,
        filter,
        sections,
        lines,
        columns: columns(&loaded),
        silent: told(&loaded.silent),
        lower: loaded.total,
        column_page,
        column_pages: (loaded.total + COLUMNS - 1) / COLUMNS,
        paging,
        plan: loaded.plan,
    })
}

/// `GET /workspace/plans/{id}/coverage/file`: the rows that the page shows against all lower plans, as CSV.
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<ExportLedger>,
    Path(id): Path<PlanId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = plan::store::load_any(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some(load(tx, plan, (0, FILE_COLUMNS)).await?))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut heads = vec!["序号".to_owned(), "上级措施".to_owned()];
    heads.extend(loaded.lower.iter().map(|lower| lower.government.clone()));
    let mut rows: Vec<Vec<String>> = lines(&loaded, &filter)
        .into_iter()
        .map(|line| {
            let number = line.task.number.map_or_else(String::new, |n| n.to_string());
            let mut cells = vec![number, line.task.text];
            cells.extend(line.cells.iter().map(|cell| {
                let doubt = if cell.doubtful { "（待核对）" } else { "" };
                let missed = if cell.is_missed() {
                    "（已交办）"
                } else {
                    ""
                };
                format!("{}{missed}{doubt}", cell.cover.name())
            }));
            cells
        })
        .collect();
    let mut last = vec![String::new(), "自增（上级没有的任务数）".to_owned()];
    last.extend(loaded.lower.iter().map(|lower| {
        let n = loaded.added.get(&lower.plan.id).copied().unwrap_or(0);
        n.to_string()
    }));
    rows.push(last);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let bytes =
        table_csv(&heads, &rows).map_err(|error| Problem::refused(vec![error.to_string()]))?;
    let name = format!("{}覆盖矩阵{}.csv", loaded.plan.title, app.today());
    Ok(download::attachment(&name, download::CSV, bytes))
}
