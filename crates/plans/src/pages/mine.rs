//! 我的任务: what a unit has to do, by due date.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use crate::acts::{ReportProgress, ViewOwnTasks};
use crate::assignment::light::Light;
use crate::ledger::store::{Own, OwnCounts};
use crate::ledger::{AssignmentRow, store};
use crate::plan::{self, Plan};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    light: String,
    unreported: String,
    page: String,
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
        let light = self.own.light.map_or("", Light::code);
        let unreported = if self.own.unreported { "1" } else { "" };
        format!("?light={light}&unreported={unreported}&page=")
    }

    fn is(&self, code: &str) -> bool {
        match code {
            "unreported" => self.own.unreported,
            "" => *self.filter() == Own::default(),
            light => self.own.light.is_some_and(|own| own.code() == light),
        }
    }

    fn filter(&self) -> &Own {
        &self.own
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
    let (counts, paging, rows, plans) = app
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
            Ok::<_, StoreError>((
                counts,
                paging,
                rows,
                plan::store::with_part_of(tx, scope).await?,
            ))
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
    })
}
