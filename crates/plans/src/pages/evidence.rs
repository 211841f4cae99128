//! Evidence: its page with what checks found, its file out, and what people do with it.

pub(super) mod new;
pub(super) mod run;
mod show;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::EvidenceId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with, refuse};
use serde::Deserialize;

use super::{Readable, download, task};
use crate::acts::{ReadTask, ReportProgress};
use crate::assignment;
use crate::evidence::attach::withdraw as withdraw_evidence;
use crate::evidence::{Evidence, Proof, store};
use crate::report::submit::{SubmitError, open_assignment};

pub(super) use show::{accept, check, show};

#[derive(Template)]
#[template(path = "evidence/withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    item: Evidence,
    why: String,
    errors: FormErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Why {
    why: String,
}

/// `GET /workspace/evidence/{id}/file`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<EvidenceId>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let file = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(evidence) = store::load(tx, id).await? else {
                return Ok(None);
            };
            let Some(part) = assignment::store::find(tx, evidence.assignment).await? else {
                return Ok(None);
            };
            if task::visible(tx, &readable, part.task).await?.is_none() || evidence.is_withdrawn() {
                return Ok(None);
            }
            match evidence.proof {
                Proof::File(file) => files::load(tx, file).await,
                Proof::Link(_) | Proof::Event(_) | Proof::Figure(_) | Proof::Record(_) => {
                    Ok::<_, StoreError>(None)
                }
            }
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, file).await
}

async fn load(
    app: &App,
    permit: &Permit<ReportProgress>,
    id: EvidenceId,
) -> Result<Evidence, Problem> {
    Ok(app
        .db
        .read(async |tx: &mut Tx| {
            let item = store::load(tx, id).await?.ok_or(SubmitError::NotFound)?;
            open_assignment(tx, permit, item.assignment).await?;
            Ok::<_, SubmitError>(item)
        })
        .await?)
}

/// `GET /workspace/evidence/{id}/withdraw`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<EvidenceId>,
) -> Result<Response, Problem> {
    let item = load(&app, &permit, id).await?;
    page(&WithdrawPage {
        shell,
        item,
        why: String::new(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/evidence/{id}/withdraw`
pub(super) async fn withdraw(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<EvidenceId>,
    Form(form): Form<Why>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    let done = app
        .db
        .write(async |tx: &mut Tx| withdraw_evidence(tx, &permit, id, &why).await)
        .await;
    match done {
        Ok(item) => Ok(redirect_with(
            &format!("/workspace/assignments/{}", item.assignment),
            &format!("已撤回佐证“{}”。", item.title),
        )),
        Err(SubmitError::Refused(refusals)) => {
            let mut errors = FormErrors::default();
            for refusal in refusals {
                errors.add(refusal.field, refusal.sentence);
            }
            let item = load(&app, &permit, id).await?;
            refuse(&WithdrawPage {
                shell,
                item,
                why,
                errors,
            })
        }
        Err(error) => Err(error.into()),
    }
}
