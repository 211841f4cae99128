//! The ledger: a dense table whose whole state stands in the address, and the same rows as a file.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Query as Address, Shell, page};

use super::download::{self, attachment, off_thread};
use crate::acts::{ExportLedger, ImportPlan, ProposeChange, ViewLedger};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::change::OPERATIONS_MAX;
use crate::evidence::run::{self, Run};
use crate::ledger::query::{PAGE_ROWS, Raw};
use crate::ledger::{
    AssignmentRow, COUNT_MAX, Column, Count, EXPORT_ROWS_MAX, Latest, Narrow, Query, Sort, TaskRow,
    View, due_text, store,
};
use crate::plan::{self, Deadline, Plan};
use crate::view::{self, SavedView};
use crate::when;

/// Units that a task's line names one by one.
const UNITS_SHOWN_MAX: usize = 6;
/// Characters of a report that a line shows.
const EXCERPT_CHARS: usize = 60;

/// One row, ready to be shown.
struct Line {
    section: String,
    /// Its section begins here: a head stands above this row.
    head: bool,
    /// What the box at its side sends.
    id: String,
    task: String,
    number: String,
    text: String,
    units: Vec<String>,
    due: String,
    left: String,
    light: Light,
    progress: String,
    excerpt: String,
    evidence: i64,
    /// Of the evidence, what a check found changed or gone.
    decayed: i64,
    /// How the evidence that the plan counts stands.
    counted: Vec<String>,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    shell: Shell,
    plans: Vec<Plan>,
    plan: Plan,
    query: Query,
    count: Count,
    lights: Vec<(Light, Count, String)>,
    /// Tasks that no organ has, and the address that lists them.
    nobody: (Count, String),
    chips: Vec<(String, String)>,
    organs: Vec<(OrganId, String)>,
    sections: Vec<String>,
    lines: Vec<Line>,
    views: Vec<SavedView>,
    /// What the covering notice asks of everybody.
    dates: Vec<Deadline>,
    /// When evidence was last checked by night; empty before the first.
    night: String,
    may_export: bool,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "ledger_empty.html")]
struct EmptyPage {
    shell: Shell,
    may_import: bool,
}

impl LedgerPage {
    /// A date of the notice: its words, and the day where the words do not say all of it.
    fn due(&self, deadline: &Deadline) -> String {
        match deadline.date.map(when::date) {
            Some(day) if !deadline.text.contains(&day) => format!("{}（{day}）", deadline.text),
            _ => deadline.text.clone(),
        }
    }

    fn address(&self) -> String {
        self.query.address()
    }

    /// On a narrow screen these columns of a row unfold.
    fn folded(&self) -> String {
        let folds = |column: &&Column| match column {
            Column::Due | Column::Light => false,
            Column::Units => self.by_tasks(),
            Column::Section | Column::Progress | Column::Evidence => true,
        };
        let columns = self.query.columns.iter().filter(folds);
        columns
            .map(|column| column.name())
            .collect::<Vec<_>>()
            .join("、")
    }

    fn by_tasks(&self) -> bool {
        self.query.view == View::Tasks
    }

    fn other_view(&self) -> String {
        let view = if self.by_tasks() {
            View::Assignments
        } else {
            View::Tasks
        };
        self.query
            .with(|query| {
                query.view = view;
                if view == View::Tasks && query.sort == Sort::Organ {
                    query.sort = Sort::Plan;
                }
            })
            .address()
    }

    fn sorts(&self) -> impl Iterator<Item = Sort> {
        let by_tasks = self.by_tasks();
        Sort::ALL
            .into_iter()
            .filter(move |sort| !by_tasks || *sort != Sort::Organ)
    }

    fn all_columns(&self) -> [Column; 6] {
        Column::ALL
    }

    fn shows(&self, column: &Column) -> bool {
        self.query.columns.contains(column)
    }

    /// Columns, the box at the side among them.
    fn width(&self) -> usize {
        self.query.columns.len() + if self.may_change { 2 } else { 1 }
    }

    /// Where a click on a head leads: to its order, and back to the plan's.
    fn ordered_by(&self, column: &Column) -> Option<String> {
        let sort = column
            .sort()
            .filter(|sort| *sort != Sort::Organ || !self.by_tasks())?;
        let to = if self.query.sort == sort {
            Sort::Plan
        } else {
            sort
        };
        Some(self.query.with(|query| query.sort = to).address())
    }

    fn is_ordered_by(&self, column: &Column) -> bool {
        column.sort() == Some(self.query.sort)
    }

    fn duties(&self) -> [Duty; 3] {
        Duty::ALL
    }

    fn all_lights(&self) -> [Light; 5] {
        [
            Light::Overdue,
            Light::Decayed,
            Light::Soon,
            Light::Normal,
            Light::Done,
        ]
    }

    fn range(&self) -> String {
        if self.count.n == 0 {
            return "共 0 条".to_owned();
        }
        let first = self.query.offset() + 1;
        let last = (self.query.offset() + PAGE_ROWS).min(self.count.n);
        if self.count.more {
            format!("第 {first}–{last} 条，共超过 {COUNT_MAX} 条（请用筛选缩小范围）")
        } else {
            format!("第 {first}–{last} 条，共 {} 条", self.count.n)
        }
    }

    fn previous(&self) -> Option<String> {
        (self.query.page > 1).then(|| self.turned(self.query.page - 1))
    }

    fn next(&self) -> Option<String> {
        (self.query.offset() + PAGE_ROWS < self.count.n).then(|| self.turned(self.query.page + 1))
    }

    fn turned(&self, page: i64) -> String {
        self.query.with(|query| query.page = page).address()
    }

    fn without_filters(&self) -> String {
        self.query
            .with(|query| query.narrow = Narrow::default())
            .address()
    }

    /// All that match can be chosen at once, as long as one change can hold them.
    fn may_choose_all(&self) -> bool {
        !self.count.more && usize::try_from(self.count.n).is_ok_and(|n| n <= OPERATIONS_MAX)
    }

    fn text_of(&self, date: &Option<Date>) -> String {
        date.map_or_else(String::new, |date| date.to_string())
    }

    fn is_organ(&self, organ: &OrganId) -> bool {
        self.query.narrow.organ.as_ref() == Some(organ)
    }

    fn is_section(&self, section: &str) -> bool {
        self.query.narrow.section.as_deref() == Some(section)
    }
}

/// The plan that the address names, or the newest.
async fn choose(
    tx: &mut Tx,
    scope: &Scope,
    query: &Query,
) -> Result<(Vec<Plan>, Option<Plan>), StoreError> {
    let plans = plan::store::list(tx, scope).await?;
    let chosen = match query.plan {
        Some(id) => plans.iter().find(|plan| plan.id == id),
        None => plans.first(),
    };
    let chosen = chosen.cloned();
    Ok((plans, chosen))
}

/// `GET /workspace/ledger`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Address(raw): Address<Raw>,
) -> Result<Response, Problem> {
    let query = Query::read(&raw);
    let (plans, chosen) = app
        .db
        .read(async |tx: &mut Tx| choose(tx, permit.scope(), &query).await)
        .await?;
    let Some(plan) = chosen else {
        if query.plan.is_some() {
            return Err(Problem::not_found().detail("没有这个方案，或它不在您的权限范围内。"));
        }
        let may_import = shell.may(&ImportPlan::ROW);
        return page(&EmptyPage { shell, may_import });
    };
    let query = Query {
        plan: Some(plan.id),
        ..query
    };
    let filled = app
        .db
        .read(async |tx: &mut Tx| fill(tx, &app, &shell, (&plan, &query)).await)
        .await?;
    let organ_name = filled
        .organs
        .iter()
        .find(|(id, _)| Some(*id) == query.narrow.organ)
        .map(|(_, name)| name.as_str());
    let tasks_of_nobody = query.with(|query| {
        query.view = View::Tasks;
        query.narrow = Narrow {
            nobody: true,
            ..Narrow::default()
        };
    });
    page(&LedgerPage {
        nobody: (filled.without, tasks_of_nobody.address()),
        chips: query.chips(organ_name),
        night: filled
            .night
            .and_then(|night| night.finished_at)
            .map_or_else(String::new, when::moment),
        may_export: shell.may(&ExportLedger::ROW),
        may_change: filled.may_change,
        lights: narrowed_by(&query, filled.lights),
        shell,
        plans,
        plan,
        query,
        count: filled.count,
        organs: filled.organs,
        sections: filled.sections,
        lines: filled.lines,
        views: filled.views,
        dates: filled.dates,
    })
}

/// What the store says of a ledger page.
struct Filled {
    count: Count,
    lines: Vec<Line>,
    lights: Vec<(Light, Count)>,
    /// Tasks that no organ has.
    without: Count,
    organs: Vec<(OrganId, String)>,
    sections: Vec<String>,
    views: Vec<SavedView>,
    dates: Vec<Deadline>,
    night: Option<Run>,
    may_change: bool,
}

async fn fill(
    tx: &mut Tx,
    app: &App,
    shell: &Shell,
    (plan, query): (&Plan, &Query),
) -> Result<Filled, StoreError> {
    let today = app.today();
    let nobody = Narrow {
        nobody: true,
        ..Narrow::default()
    };
    let person = shell.person.as_ref();
    let propose = person.and_then(|person| person.permit::<ProposeChange>());
    let (count, lines) = rows(tx, app, plan, query, (query.offset(), PAGE_ROWS)).await?;
    Ok(Filled {
        count,
        lines,
        lights: store::lights(tx, plan.id, today).await?,
        without: store::count_tasks(tx, plan.id, &nobody, today).await?,
        organs: store::organs(tx, plan.id).await?,
        sections: store::sections(tx, plan.id).await?,
        views: match person {
            Some(person) => view::store::of_person(tx, person.account).await?,
            None => Vec::new(),
        },
        dates: plan::store::deadlines(tx, plan.id).await?,
        night: run::store::last_night(tx).await?,
        may_change: match &propose {
            Some(permit) => plan::store::load(tx, permit.scope(), plan.id)
                .await?
                .is_some(),
            None => false,
        },
    })
}

/// Each count of a light with the address that lists its tasks.
fn narrowed_by(query: &Query, lights: Vec<(Light, Count)>) -> Vec<(Light, Count, String)> {
    let addressed = lights.into_iter().map(|(light, n)| {
        let narrowed = query.with(|query| {
            query.view = View::Tasks;
            query.narrow = Narrow {
                light: Some(light),
                ..Narrow::default()
            };
        });
        (light, n, narrowed.address())
    });
    addressed.collect()
}

async fn rows(
    tx: &mut Tx,
    app: &App,
    plan: &Plan,
    query: &Query,
    range: (i64, i64),
) -> Result<(Count, Vec<Line>), StoreError> {
    let today = app.today();
    let calendar = app.calendar();
    let words = |due: Option<Date>, light: Light| match due {
        Some(due) if light != Light::Done => when::left(&calendar, today, due),
        Some(_) | None => String::new(),
    };
    let narrow = &query.narrow;
    let (count, mut lines): (Count, Vec<Line>) = match query.view {
        View::Tasks => {
            let count = store::count_tasks(tx, plan.id, narrow, today).await?;
            let ids = store::task_ids(tx, plan.id, narrow, query.sort, today, range).await?;
            let rows = store::task_page(tx, &ids, today).await?;
            (
                count,
                rows.into_iter()
                    .map(|row| {
                        let left = words(row.next_due_on, row.light);
                        task_line(row, left)
                    })
                    .collect(),
            )
        }
        View::Assignments => {
            let count = store::count_assignments(tx, plan.id, narrow, today).await?;
            let ids = store::assignment_ids(tx, plan.id, (narrow, count), query.sort, today, range)
                .await?;
            let rows = store::assignment_page(tx, &ids, today).await?;
            (
                count,
                rows.into_iter()
                    .map(|row| {
                        let left = words(row.due_on, row.light);
                        assignment_line(row, left)
                    })
                    .collect(),
            )
        }
    };
    // Section heads make sense in the plan's own order only.
    if query.sort == Sort::Plan {
        let mut above = String::new();
        for line in &mut lines {
            line.head = line.section != above;
            above.clone_from(&line.section);
        }
    }
    Ok((count, lines))
}

fn task_line(row: TaskRow, left: String) -> Line {
    let (organs, reported, finished, evidence) = row.sums();
    let named = row.units.iter().map(|unit| {
        let several = if unit.organs > 1 {
            format!("（{}个）", unit.organs)
        } else {
            String::new()
        };
        format!("{} {}{several}", unit.duty.name(), unit.named_as)
    });
    let mut units: Vec<String> = named.collect();
    if units.len() > UNITS_SHOWN_MAX {
        let rest = units.len() - UNITS_SHOWN_MAX;
        units.truncate(UNITS_SHOWN_MAX);
        units.push(format!("等，另有{rest}个"));
    }
    Line {
        decayed: row.decayed(),
        section: row.section.unwrap_or_default(),
        head: false,
        id: row.id.to_string(),
        task: row.id.to_string(),
        number: row
            .number
            .map_or_else(String::new, |number| number.to_string()),
        due: due_text(&row.deadlines, row.due_on),
        left,
        light: row.light,
        progress: format!("已填报 {reported}/{organs}，已完成 {finished}/{organs}"),
        excerpt: excerpt(row.latest.as_ref()),
        evidence,
        counted: row.counted,
        text: row.text,
        units,
    }
}

fn assignment_line(row: AssignmentRow, left: String) -> Line {
    let progress = match &row.latest {
        Some(latest) => {
            let day = when::civil_day(latest.at).map_or_else(String::new, when::date);
            format!("{}（{day}）", latest.outcome.name())
        }
        None => "未填报".to_owned(),
    };
    Line {
        section: row.section.unwrap_or_default(),
        head: false,
        id: row.id.to_string(),
        task: row.task.to_string(),
        number: row
            .number
            .map_or_else(String::new, |number| number.to_string()),
        units: vec![format!("{} {}", row.duty.name(), row.organ_name)],
        due: due_text(&row.deadlines, row.due_on),
        left,
        light: row.light,
        progress,
        excerpt: excerpt(row.latest.as_ref()),
        evidence: row.evidence,
        decayed: row.decayed,
        counted: row.tallies.iter().map(ToString::to_string).collect(),
        text: row.text,
    }
}

fn excerpt(latest: Option<&Latest>) -> String {
    let Some(latest) = latest else {
        return String::new();
    };
    let text = if latest.done_text.is_empty() {
        &latest.pending_text
    } else {
        &latest.done_text
    };
    crate::quote::beginning(text, EXCERPT_CHARS)
}

/// The heads of a file, each with the column of the page that it belongs to; none for what always stands there.
const HEADS: [(&str, Option<Column>); 11] = [
    ("部分", None),
    ("序号", None),
    ("任务", None),
    ("单位", Some(Column::Units)),
    ("期限", Some(Column::Due)),
    ("状态", Some(Column::Light)),
    ("进展", Some(Column::Progress)),
    ("最近填报", Some(Column::Progress)),
    ("佐证", Some(Column::Evidence)),
    ("其中失效", Some(Column::Evidence)),
    ("次数要求", Some(Column::Evidence)),
];

/// The table of a file: the columns that the page shows. Its heads that stand between rows become a column.
fn table(columns: &[Column], lines: Vec<Line>) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let kept: Vec<bool> = HEADS
        .iter()
        .map(|(_, column)| column.is_none_or(|column| columns.contains(&column)))
        .collect();
    let heads = HEADS.iter().map(|(head, _)| *head);
    let rows = lines.into_iter().map(|line| {
        let cells = [
            line.section,
            line.number,
            line.text,
            line.units.join("、"),
            line.due,
            line.light.name().to_owned(),
            line.progress,
            line.excerpt,
            line.evidence.to_string(),
            line.decayed.to_string(),
            line.counted.join("；"),
        ];
        keep(&kept, cells)
    });
    (keep(&kept, heads), rows.collect())
}

fn keep<T>(kept: &[bool], items: impl IntoIterator<Item = T>) -> Vec<T> {
    let paired = items.into_iter().zip(kept);
    paired
        .filter(|(_, kept)| **kept)
        .map(|(item, _)| item)
        .collect()
}

/// `GET /workspace/ledger/file`: the rows that the page shows, all pages, as CSV or XLSX.
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<ExportLedger>,
    Address(raw): Address<Raw>,
) -> Result<Response, Problem> {
    let query = Query::read(&raw);
    let (plan, lines) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = choose(tx, permit.scope(), &query).await?.1 else {
                return Ok(None);
            };
            let (_, lines) = rows(tx, &app, &plan, &query, (0, EXPORT_ROWS_MAX)).await?;
            Ok::<_, StoreError>(Some((plan, lines)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let csv = raw.format == "csv";
    let title = format!("{}台账", plan.title);
    let name = format!(
        "{title}{}.{}",
        app.today(),
        if csv { "csv" } else { "xlsx" }
    );
    let made: Result<Vec<u8>, FormError> = off_thread(move || {
        let (heads, rows) = table(&query.columns, lines);
        if csv {
            table_csv(&heads, &rows)
        } else {
            table_xlsx(&title, &heads, &rows)
        }
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    Ok(attachment(
        &name,
        if csv { download::CSV } else { download::XLSX },
        bytes,
    ))
}
