//! 我的任务: what a unit has to do, by due date.

mod column;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::columns::{self, Chooser, ListColumn as _};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, page, redirect_with,
};
use serde::Deserialize;

use self::column::Column;
use crate::acts::{ReportProgress, ViewOwnTasks};
use crate::assignment::light::Light;
use crate::ledger::store::{Own, OwnCounts};
use crate::ledger::{AssignmentRow, store};
use crate::plan::{self, Plan};

const LIST: &str = "/workspace/tasks";
/// Takes the form that keeps the columns.
const KEEP: &str = "/workspace/tasks/columns";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    light: String,
    unreported: String,
    page: String,
    /// The keys of the shown columns; none for those that the person keeps, or the usual ones.
    col: Vec<String>,
    /// `yes`: the form that keeps the columns.
    keep: String,
}

impl Filter {
    /// What the list is narrowed to, in its address.
    fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [
            ("light", self.light.as_str()),
            ("unreported", &self.unreported),
        ];
        address(LIST, &[&own[..], more].concat())
    }
}

#[derive(Template)]
#[template(path = "mine.html")]
struct MinePage {
    shell: Shell,
    own: Own,
    counts: OwnCounts,
    rows: Vec<AssignmentRow>,
    calendar: Arc<WorkCalendar>,
    today: Date,
    paging: Paging,
    plans: Vec<Plan>,
    may_report: bool,
    /// More than one organ: each row names its own.
    several: bool,
    columns: Vec<Column>,
    filter: Filter,
}

impl MinePage {
    fn left(&self, row: &AssignmentRow) -> String {
        row.due().left(&self.calendar, self.today)
    }

    /// What a plan's form is called: by its year, or by its title where several plans of a year give work.
    fn form_of(&self, plan: &Plan) -> String {
        let alike = self.plans.iter().filter(|other| other.year == plan.year);
        if alike.count() > 1 {
            format!("导出《{}》台账", plan.title)
        } else {
            format!("导出{}年台账", plan.year)
        }
    }

    fn address(&self) -> String {
        let columns = self.filter.col.iter().map(|key| ("col", key.as_str()));
        let columns: Vec<(&str, &str)> = columns.collect();
        self.filter.address(&columns) + "page="
    }

    fn chooser(&self) -> Chooser {
        columns::chooser(&self.columns, KEEP)
    }

    fn is(&self, code: &str) -> bool {
        match code {
            "unreported" => self.own.unreported,
            "" => self.own == Own::default(),
            light => self.own.light.is_some_and(|own| own.code() == light),
        }
    }
}

/// `GET /workspace/tasks`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnTasks>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let own = Own {
        light: Light::from_code(&filter.light),
        unreported: filter.unreported == "1",
        plan: None,
    };
    let person = permit.actor().account();
    let (counts, paging, rows, (plans, columns)) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = permit.scope();
            let counts = store::own_lights(tx, scope, today).await?;
            let total = match counts.listed(&own) {
                Some(total) => total,
                None => store::count_own(tx, scope, &own, today).await?.n,
            };
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows =
                store::own_page(tx, scope, &own, today, (paging.offset(), paging.rows())).await?;
            let plans = plan::store::with_part_of(tx, scope).await?;
            let columns = columns::of(tx, person, LIST, &filter.col).await?;
            Ok::<_, StoreError>((counts, paging, rows, (plans, columns)))
        })
        .await?;
    page(&MinePage {
        may_report: shell.may(&ReportProgress::ROW),
        several: rows
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.organ != b.organ)),
        shell,
        own,
        counts,
        rows,
        calendar: app.calendar(),
        today,
        paging,
        plans,
        columns,
        filter,
    })
}

/// `POST /workspace/tasks/columns`
pub(super) async fn keep_columns(
    State(app): State<App>,
    permit: Permit<ViewOwnTasks>,
    Form(filter): Form<Filter>,
) -> Result<Response, Problem> {
    if filter.keep != "yes" {
        return Err(Problem::new(Problem::BAD_REQUEST));
    }
    columns::keep::<Column>(&app, permit.actor(), LIST, &filter.col).await?;
    Ok(redirect_with(
        &filter.address(&[]),
        "已记住显示的列，下次打开这个清单还是这样。",
    ))
}
