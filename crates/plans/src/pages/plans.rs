//! The list of plans, and their source documents.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::PlanId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page};
use serde::Deserialize;

use super::{Readable, download};
use crate::acts::{ImportPlan, PublishProgress, ReadTask, ViewLedger};
use crate::assignment::light::Light;
use crate::ledger::{Count, store as ledger};
use crate::plan::{self, Plan};

pub(super) struct PlanLine {
    pub(super) plan: Plan,
    pub(super) tasks: Count,
    pub(super) lights: Vec<(Light, Count)>,
}

#[derive(Template)]
#[template(path = "plans.html")]
struct PlansPage {
    shell: Shell,
    lines: Vec<PlanLine>,
    /// Years with the number of their plans.
    years: Vec<(i64, i64)>,
    year: Option<i64>,
    paging: Paging,
    may_import: bool,
    may_publish: bool,
}

impl PlansPage {
    fn is_of(&self, year: &i64) -> bool {
        self.year == Some(*year)
    }

    fn address(&self) -> String {
        let year = self.year.map_or_else(String::new, |year| year.to_string());
        address("/workspace/plans", &[("year", year.as_str())]) + "page="
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    year: String,
    page: String,
}

/// Plans with their counts by light.
pub(super) async fn with_lights(
    tx: &mut Tx,
    plans: Vec<Plan>,
    today: gongkai_basis::Date,
) -> Result<Vec<PlanLine>, StoreError> {
    let ids: Vec<PlanId> = plans.iter().map(|plan| plan.id).collect();
    let standing = ledger::standing(tx, &ids, today).await?;
    let lines = plans.into_iter().zip(standing);
    Ok(lines
        .map(|(plan, ledger::Standing { tasks, lights })| PlanLine {
            plan,
            tasks,
            lights,
        })
        .collect())
}

/// `GET /workspace/plans`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (years, year, lines, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let years = plan::store::years(tx, permit.scope()).await?;
            let wanted: Option<i64> = filter.year.parse().ok();
            let year = wanted.filter(|wanted| years.iter().any(|(year, _)| year == wanted));
            let counted = years
                .iter()
                .filter(|(one, _)| year.is_none_or(|year| year == *one));
            let total = counted.map(|(_, n)| n).sum();
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let plans = plan::store::page(tx, (permit.scope(), year), rows).await?;
            let lines = with_lights(tx, plans, today).await?;
            Ok::<_, StoreError>((years, year, lines, paging))
        })
        .await?;
    page(&PlansPage {
        may_import: shell.may(&ImportPlan::ROW),
        may_publish: shell.may(&PublishProgress::ROW),
        shell,
        lines,
        years,
        year,
        paging,
    })
}

/// `GET /workspace/plans/{id}/source`: the document from which the plan was read.
pub(super) async fn source(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let file = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = visible(tx, &readable, id).await? else {
                return Ok(None);
            };
            match plan.source_file {
                Some(file) => files::load(tx, file).await,
                None => Ok::<_, StoreError>(None),
            }
        })
        .await?;
    match file {
        Some(file) => download::stored(&app, file).await,
        None => Err(Problem::not_found().detail("这个方案没有保存原文件。")),
    }
}

/// A plan in force that lies in the person's scope, or in which an own organ has a part.
pub(super) async fn visible(
    tx: &mut Tx,
    readable: &Readable,
    id: PlanId,
) -> Result<Option<Plan>, StoreError> {
    let in_scope = plan::store::load(tx, &readable.plans, id).await?;
    let found = match in_scope {
        Some(plan) => Some(plan),
        None => plan::store::with_part_of(tx, &readable.parts)
            .await?
            .into_iter()
            .find(|plan| plan.id == id),
    };
    Ok(found.filter(|plan| plan.state == plan::PlanState::Active))
}
