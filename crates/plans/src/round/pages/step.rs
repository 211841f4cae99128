//! The steps of a submission, each a form on its page.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::Filled;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, redirect_with, refuse};
use serde::Deserialize;

use super::unit::{Typed, build};
use crate::acts::{ConfirmSubmission, ManageRounds, SubmitRound};
use crate::round::paper::{Signed, confirm_on_paper};
use crate::round::store;
use crate::round::{RoundId, Step, submit as steps};
use crate::step::{StepError, form_errors};

type Key = (RoundId, OrganId);

fn back((id, organ): Key, sentence: &str) -> Response {
    redirect_with(&format!("/workspace/rounds/{id}/units/{organ}"), sentence)
}

/// Shows the page again with the reasons; other errors become their own page.
async fn again(
    app: &App,
    shell: Shell,
    key: Key,
    error: StepError,
    typed: Typed,
) -> Result<Response, Problem> {
    let StepError::Refused(reasons) = error else {
        return Err(error.into());
    };
    let mut view = build(app, shell, key).await?;
    view.errors = form_errors(reasons);
    view.typed = typed;
    refuse(&view)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Confirmed {
    answer: String,
}

/// `POST /workspace/rounds/{id}/units/{organ}/confirm`
pub(super) async fn confirm(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ConfirmSubmission>,
    Path(key): Path<Key>,
    Form(confirmed): Form<Confirmed>,
) -> Result<Response, Problem> {
    let answer = confirmed.answer.trim().to_owned();
    let done = app
        .db
        .write(async |tx: &mut Tx| steps::confirm(tx, &permit, key, &answer).await)
        .await;
    match done {
        Ok(_) => Ok(back(key, "已确认。还要点“报送”，政务公开办才收得到。")),
        Err(error) => {
            let typed = Typed {
                answer,
                ..Typed::default()
            };
            again(&app, shell, key, error, typed).await
        }
    }
}

/// `POST /workspace/rounds/{id}/units/{organ}/submit`
pub(super) async fn submit(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitRound>,
    Path(key): Path<Key>,
) -> Result<Response, Problem> {
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| steps::submit(tx, &permit, key, today).await)
        .await;
    match done {
        Ok((_, punctuality)) => {
            let words = punctuality.words();
            Ok(back(key, &format!("已报送（{words}），等政务公开办接收。")))
        }
        Err(error) => again(&app, shell, key, error, Typed::default()).await,
    }
}

/// `POST /workspace/rounds/{id}/units/{organ}/withdraw`
pub(super) async fn withdraw(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitRound>,
    Path(key): Path<Key>,
) -> Result<Response, Problem> {
    let done = app
        .db
        .write(async |tx: &mut Tx| steps::withdraw(tx, &permit, key).await)
        .await;
    match done {
        Ok(_) => Ok(back(key, "已撤回。改好后请负责人重新确认，再报送。")),
        Err(error) => again(&app, shell, key, error, Typed::default()).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    step: String,
    note: String,
}

/// `POST /workspace/rounds/{id}/units/{organ}/decide`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageRounds>,
    Path(key): Path<Key>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = Step::from_code(&asked.step)
        .ok_or_else(|| Problem::refused(vec!["请选择接收或退回。".to_owned()]))?;
    let note = asked.note.trim().to_owned();
    let done = app
        .db
        .write(async |tx: &mut Tx| steps::decide(tx, &permit, key, (step, &note)).await)
        .await;
    match done {
        Ok(of) => Ok(back(
            key,
            &format!("已{}，现在是“{}”。", step.name(), of.state.name()),
        )),
        Err(error) => {
            let typed = Typed {
                note,
                ..Typed::default()
            };
            again(&app, shell, key, error, typed).await
        }
    }
}

/// `POST /workspace/rounds/{id}/units/{organ}/seal`
pub(super) async fn seal(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitRound>,
    Path(key): Path<Key>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    with_scans(&app, shell, (&permit, key), multipart, Scanned::Sealed).await
}

/// `POST /workspace/rounds/{id}/units/{organ}/paper`
pub(super) async fn paper(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<SubmitRound>,
    Path(key): Path<Key>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    with_scans(&app, shell, (&permit, key), multipart, Scanned::Signed).await
}

/// What the scan is.
#[derive(Debug, Clone, Copy)]
enum Scanned {
    Sealed,
    Signed,
}

async fn with_scans(
    app: &App,
    shell: Shell,
    (permit, key): (&Permit<SubmitRound>, Key),
    multipart: Multipart,
    scanned: Scanned,
) -> Result<Response, Problem> {
    // Who has no such submission learns nothing and stores nothing.
    app.db
        .read(async |tx: &mut Tx| store::unit(tx, key.0, permit.scope(), key.1).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let scans = filled
        .scans(app, permit.actor().account(), &mut errors)
        .await?;
    let typed = Typed {
        url: filled.text("url").to_owned(),
        signer: filled.text("signer").to_owned(),
        answer: filled.text("answer").to_owned(),
        ..Typed::default()
    };
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                match scanned {
                    Scanned::Sealed => steps::seal(tx, permit, key, scans).await,
                    Scanned::Signed => {
                        let signed = Signed {
                            signer: typed.signer.clone(),
                            answer: typed.answer.clone(),
                            scans,
                        };
                        confirm_on_paper(tx, permit, key, signed).await
                    }
                }
            })
            .await;
        match (done, scanned) {
            (Ok(_), Scanned::Sealed) => return Ok(back(key, "盖章扫描件已上传。")),
            (Ok(_), Scanned::Signed) => {
                return Ok(back(
                    key,
                    "已按纸质签批确认。还要点“报送”，政务公开办才收得到。",
                ));
            }
            (Err(StepError::Refused(reasons)), _) => errors = form_errors(reasons),
            (Err(error), _) => return Err(error.into()),
        }
    }
    let mut view = build(app, shell, key).await?;
    view.errors = errors;
    view.typed = Typed {
        kept: filled.kept(),
        ..typed
    };
    refuse(&view)
}
