//! 一页纸简报: on the screen, as DOCX and as PDF.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::PlanId;
use gongkai_platform::access::{Act as _, Permit, Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Query, Shell, page};
use serde::Deserialize;

use super::NO_PRINTER;
use super::download::{self, attachment, off_thread};
use crate::acts::{ExportLedger, ProposeChange, ViewLedger};
use crate::brief::{self, Facts, LateTask, Reader};
use crate::plan::{self, Plan};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    plan: String,
    format: String,
}

#[derive(Template)]
#[template(path = "brief.html")]
struct BriefPage {
    shell: Shell,
    plans: Vec<Plan>,
    facts: Option<Facts>,
    has_pdf: bool,
    may_export: bool,
    /// The office opens what waits from here; others have their own lists.
    linked: bool,
}

impl BriefPage {
    fn due(&self, late: &LateTask) -> String {
        late.task.due().day()
    }

    fn days(&self, facts: &Facts, late: &LateTask) -> i32 {
        late.task
            .next_due_on
            .map_or(0, |due| (facts.today - due).get_days())
    }
}

async fn gather(
    tx: &mut Tx,
    today: Date,
    (person, scope): (Option<&Session>, &Scope),
    wanted: &str,
) -> Result<Option<(Vec<Plan>, Option<Facts>)>, StoreError> {
    let plans = plan::store::list(tx, scope).await?;
    let id: Option<PlanId> = wanted.parse().ok();
    let plan = match id {
        Some(id) => plans.iter().find(|plan| plan.id == id),
        None => plans.first(),
    };
    if plan.is_none() && !wanted.is_empty() {
        return Ok(None);
    }
    let facts = match plan.cloned() {
        Some(plan) => {
            let reader = Reader::of(tx, person, plan.organ).await?;
            Some(brief::gather(tx, plan, reader, today).await?)
        }
        None => None,
    };
    Ok(Some((plans, facts)))
}

/// `GET /workspace/brief?plan=…`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let reader = (shell.person.as_ref(), permit.scope());
    let (plans, facts) = app
        .db
        .read(async |tx: &mut Tx| gather(tx, today, reader, &filter.plan).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&BriefPage {
        may_export: shell.may(&ExportLedger::ROW),
        linked: shell.may(&ProposeChange::ROW),
        has_pdf: app.printer.is_some(),
        shell,
        plans,
        facts,
    })
}

/// `GET /workspace/brief/file?plan=…&format=docx`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ExportLedger>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let reader = (shell.person.as_ref(), permit.scope());
    let facts = app
        .db
        .read(async |tx: &mut Tx| gather(tx, today, reader, &filter.plan).await)
        .await?
        .and_then(|(_, facts)| facts)
        .ok_or_else(Problem::not_found)?;
    let brief = facts.brief();
    let name = format!("{}落实情况简报{today}", facts.plan.title);
    let printer = app.printer.clone();
    let (made, media_type) = match filter.format.as_str() {
        "docx" => (
            off_thread(move || brief.docx().map_err(|error| error.to_string())).await?,
            download::DOCX,
        ),
        "pdf" => {
            let printer = printer.ok_or_else(|| Problem::new(NO_PRINTER))?;
            let made = off_thread(move || {
                printer
                    .pdf("brief", &brief.typeset_data(), today)
                    .map_err(|error| error.to_string())
            })
            .await?;
            (made, download::PDF)
        }
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let bytes = made.map_err(|sentence| Problem::refused(vec![sentence]))?;
    Ok(attachment(
        &format!("{name}.{}", filter.format),
        media_type,
        bytes,
    ))
}
