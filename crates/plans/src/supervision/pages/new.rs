//! Rows chosen in the ledger, by unit: a reminder now, or a 督办单 for each unit to be approved.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use crate::acts::ManageSupervision;
use crate::approval;
use crate::pages::operate::all_matching;
use crate::plan;
use crate::step::{StepError, form_errors};
use crate::supervision::REPLY_DAYS_MAX;
use crate::supervision::draft::{self, UnitRows, Words, chosen};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    plan: String,
    task: Vec<String>,
    assignment: Vec<String>,
    /// The parts that the form listed, ticked or not.
    shown: Vec<String>,
    /// All that the ledger's filters match, instead of the ticked rows.
    all: String,
    query: String,
    note: String,
    title: String,
    requirement: String,
    reply_days: String,
}

#[derive(Template)]
#[template(path = "supervision/new.html")]
struct NewPage {
    shell: Shell,
    units: Vec<UnitRows>,
    /// Chosen rows beyond what one page takes.
    left_out: usize,
    asked: Asked,
    errors: FormErrors,
    days_max: u32,
    /// Who can approve what is drafted here.
    heads: Vec<String>,
}

/// How many units there are among the rows; one may have rows of several offices.
fn count_units(units: &[UnitRows]) -> usize {
    let organs: BTreeSet<OrganId> = units.iter().map(|unit| unit.organ).collect();
    organs.len()
}

impl NewPage {
    fn count_units(&self) -> usize {
        count_units(&self.units)
    }

    fn count(&self) -> usize {
        self.units.iter().map(|unit| unit.rows.len()).sum()
    }

    /// The chosen rows are of plans of several offices.
    fn several_offices(&self) -> bool {
        let mut offices = self.units.iter().map(|unit| unit.office);
        let first = offices.next();
        offices.any(|office| Some(office) != first)
    }

    /// All are, until somebody unticks one.
    fn is_ticked(&self, row: &crate::ledger::AssignmentRow) -> bool {
        let asked = &self.asked;
        asked.shown.is_empty() || asked.assignment.contains(&row.id.to_string())
    }

    fn due(&self, row: &crate::ledger::AssignmentRow) -> String {
        row.due().whole()
    }
}

async fn units(
    app: &App,
    permit: &Permit<ManageSupervision>,
    asked: &Asked,
) -> Result<(Vec<UnitRows>, usize), Problem> {
    let today = app.today();
    let mut tasks: Vec<_> = asked.task.iter().filter_map(|id| id.parse().ok()).collect();
    let mut parts: Vec<_> = asked
        .assignment
        .iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    let plan = asked.plan.parse::<PlanId>().ok();
    Ok(app
        .db
        .read(async |tx: &mut Tx| {
            if let (Some(plan), "1") = (plan, asked.all.as_str())
                && let Some(plan) = plan::store::load(tx, permit.scope(), plan).await?
            {
                (tasks, parts) = all_matching(tx, &plan, &asked.query, today).await?;
            }
            chosen(tx, permit, (&tasks, &parts), today).await
        })
        .await?)
}

/// The heads of the offices whose rows were chosen.
async fn heads(app: &App, units: &[UnitRows]) -> Result<Vec<String>, Problem> {
    let offices: BTreeSet<OrganId> = units.iter().map(|unit| unit.office).collect();
    let heads = app.db.read(async |tx: &mut Tx| {
        let mut heads = Vec::new();
        for office in &offices {
            for head in approval::heads(tx, *office).await? {
                if !heads.contains(&head) {
                    heads.push(head);
                }
            }
        }
        Ok::<_, StoreError>(heads)
    });
    Ok(heads.await?)
}

/// `GET /workspace/supervision/new`: from a task's page.
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSupervision>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    first(&app, shell, &permit, asked).await
}

/// `POST /workspace/supervision/new`: from the ledger's bulk bar.
pub(super) async fn choose(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSupervision>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    first(&app, shell, &permit, asked).await
}

async fn first(
    app: &App,
    shell: Shell,
    permit: &Permit<ManageSupervision>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    some_ticked(&asked)?;
    let (units, left_out) = units(app, permit, &asked).await?;
    if asked.title.is_empty() {
        asked.title = "政务公开重点任务督办通知".to_owned();
        asked.requirement =
            "请对照任务要求，查明未按期完成的原因，明确责任人和完成时间，抓紧推进落实。".to_owned();
        asked.reply_days = "5".to_owned();
    }
    page(&NewPage {
        shell,
        heads: heads(app, &units).await?,
        units,
        left_out,
        asked,
        errors: FormErrors::default(),
        days_max: REPLY_DAYS_MAX,
    })
}

/// Refuses where no row is ticked, in the ledger or in the form: that is another matter than rows that cannot be taken.
fn some_ticked(asked: &Asked) -> Result<(), StepError> {
    if asked.task.is_empty() && asked.assignment.is_empty() && asked.all.is_empty() {
        return Err(StepError::refuse("没有勾选任何一项。请先勾选任务。"));
    }
    Ok(())
}

async fn again(
    app: &App,
    shell: Shell,
    permit: &Permit<ManageSupervision>,
    asked: Asked,
    error: StepError,
) -> Result<Response, Problem> {
    let StepError::Refused(reasons) = error else {
        return Err(error.into());
    };
    // What was unticked is listed again, unticked.
    let mut listed = asked.clone();
    if !asked.shown.is_empty() {
        listed.assignment.clone_from(&asked.shown);
    }
    let (units, left_out) = units(app, permit, &listed).await?;
    refuse(&NewPage {
        shell,
        heads: heads(app, &units).await?,
        units,
        left_out,
        asked,
        errors: form_errors(reasons),
        days_max: REPLY_DAYS_MAX,
    })
}

/// `POST /workspace/supervision/nudge`
pub(super) async fn nudge(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSupervision>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    if let Err(error) = some_ticked(&asked) {
        return again(&app, shell, &permit, asked, error).await;
    }
    let (units, _) = units(&app, &permit, &asked).await?;
    let today = app.today();
    let sent = app
        .db
        .write(async |tx: &mut Tx| {
            draft::nudge(tx, &permit, &units, asked.note.trim(), today).await
        })
        .await;
    match sent {
        Ok(sent) => Ok(redirect_with(
            "/workspace/ledger",
            &format!("已向{}个单位催办{sent}项任务。", count_units(&units)),
        )),
        Err(error) => again(&app, shell, &permit, asked, error).await,
    }
}

/// `POST /workspace/supervision/draft`
pub(super) async fn draft(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSupervision>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    if let Err(error) = some_ticked(&asked) {
        return again(&app, shell, &permit, asked, error).await;
    }
    let (units, _) = units(&app, &permit, &asked).await?;
    let today = app.today();
    let words = Words {
        title: asked.title.trim().to_owned(),
        requirement: asked.requirement.trim().replace("\r\n", "\n"),
        reply_days: asked.reply_days.trim().parse().ok(),
    };
    let drafted = app
        .db
        .write(async |tx: &mut Tx| draft::draft(tx, &permit, &units, &words, today).await)
        .await;
    let drafted = match drafted {
        Ok(drafted) => drafted,
        Err(error) => return again(&app, shell, &permit, asked, error).await,
    };
    Ok(match drafted.as_slice() {
        [one] => redirect_with(
            &format!("/workspace/supervision/{one}"),
            "督办单已起草，尚未发出。核对后送审批。",
        ),
        many => redirect_with(
            "/workspace/supervision?state=draft",
            &format!("已起草{}份督办单，尚未发出。逐份核对后送审批。", many.len()),
        ),
    })
}
