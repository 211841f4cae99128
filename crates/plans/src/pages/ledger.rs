//! The ledger: a dense table whose whole state stands in the address.

mod file;
mod line;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::columns::{self, Chooser};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Query as Address, Shell, page};

pub(super) use file::file;
use line::{Line, rows};

use crate::acts::{ExportLedger, ImportPlan, ProposeChange, ViewLedger};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::change::OPERATIONS_MAX;
use crate::evidence::run::{self, Run};
use crate::ledger::query::{PAGE_ROWS, Raw};
use crate::ledger::{COUNT_MAX, Column, Count, Narrow, Query, Sort, View, store};
use crate::plan::{self, Deadline, Plan};
use crate::view::{self, SavedView};
use crate::when;

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

    /// A saved view keeps them.
    fn chooser(&self) -> Chooser {
        columns::chooser(&self.query.columns, "")
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
    // The list may have become shorter since its address was written.
    let last = (filled.count.n - 1) / PAGE_ROWS + 1;
    if filled.count.n > 0 && query.page > last {
        let there = query.with(|query| query.page = last).address();
        return Ok(Redirect::to(&format!("/workspace/ledger?{there}")).into_response());
    }
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
