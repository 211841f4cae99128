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
use crate::pairing::store::{self, Brief, Cells, Lower};
use crate::plan::{self, Plan};

/// Lower plans beside each other.
const COLUMNS: i64 = 8;
/// Lower plans in one file.
const FILE_COLUMNS: i64 = 300;

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
}

struct Line {
    task: Brief,
    /// In the order of the columns.
    cells: Vec<Cell>,
}

struct Column {
    lower: Lower,
    /// Of all measures, in the order of the classes; the last is what the lower plan added.
    counts: Vec<(Cover, usize)>,
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
}

async fn load(tx: &mut Tx, plan: Plan, (offset, rows): (i64, i64)) -> Result<Loaded, StoreError> {
    let measures = store::briefs(tx, plan.id).await?;
    let (lower, total) = store::lower(tx, &plan, (offset, rows)).await?;
    let pairs: Vec<_> = lower.iter().map(|one| one.pair.id).collect();
    let cells = store::cells(tx, &pairs).await?;
    let plans: Vec<PlanId> = lower.iter().map(|one| one.plan.id).collect();
    let tasks = store::count_tasks(tx, &plans).await?;
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
    })
}

fn cell(cells: &Cells, lower: &Lower, task: TaskId) -> Cell {
    let links = cells
        .get(&(lower.pair.id, task))
        .map_or(&[][..], Vec::as_slice);
    Cell {
        cover: links.first().map_or(Cover::Missing, |link| link.cover),
        doubtful: links.iter().any(crate::pairing::TaskLink::is_doubtful),
        tasks: links.len(),
    }
}

fn lines(loaded: &Loaded, filter: &Filter) -> Vec<Line> {
    let wanted = Cover::from_code(&filter.class);
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
                .map(|lower| cell(&loaded.cells, lower, task.id))
                .collect(),
        })
        .filter(|line| {
            wanted.is_none_or(|wanted| line.cells.iter().any(|cell| cell.cover == wanted))
        })
        .collect()
}

fn columns(loaded: &Loaded) -> Vec<Column> {
    loaded
        .lower
        .iter()
        .map(|lower| {
            let mut counts: Vec<(Cover, usize)> =
                Cover::ALL.into_iter().map(|cover| (cover, 0)).collect();
            for task in &loaded.measures {
                let found = cell(&loaded.cells, lower, task.id).cover;
                for (cover, n) in &mut counts {
                    *n += usize::from(*cover == found);
                }
            }
            if let Some((_, n)) = counts.last_mut() {
                *n = loaded.added.get(&lower.plan.id).copied().unwrap_or(0);
            }
            Column {
                lower: lower.clone(),
                counts,
            }
        })
        .collect()
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
            let Some(plan) = plan::store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let loaded = load(tx, plan, ((column_page - 1) * COLUMNS, COLUMNS)).await?;
            Ok::<_, StoreError>(Some(loaded))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let all = lines(&loaded, &filter);
    let paging = Paging::new(
        filter.page.parse().ok(),
        i64::try_from(all.len()).unwrap_or(i64::MAX),
    );
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
        lines: all
            .into_iter()
            .skip(usize::try_from(paging.offset()).unwrap_or(0))
            .take(usize::try_from(paging.rows()).unwrap_or(0))
            .collect(),
        columns: columns(&loaded),
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
            let Some(plan) = plan::store::load(tx, permit.scope(), id).await? else {
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
                format!("{}{doubt}", cell.cover.name())
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
