//! The steps of a 督办单, each a form on its page.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::Filled;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, redirect_with, refuse};
use serde::Deserialize;

use super::show::{self, build};
use crate::acts::{AnswerSupervision, ApproveSupervision, ManageSupervision};
use crate::step::{StepError, form_errors};
use crate::supervision::draft::{self, Words};
use crate::supervision::store::{self, Side};
use crate::supervision::{Order, OrderId, Step, answer, handle};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    step: String,
    note: String,
    title: String,
    requirement: String,
    reply_days: String,
    item: Vec<String>,
    pattern: String,
    /// Whose pattern it is, for a head of several offices.
    office: String,
}

impl Asked {
    fn step(&self) -> Result<Step, Problem> {
        Step::from_code(&self.step)
            .ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))
    }
}

fn back(order: &Order, sentence: &str) -> Response {
    redirect_with(&format!("/workspace/supervision/{}", order.id), sentence)
}

/// Shows the page again with the reasons; other errors become their own page.
async fn again(
    app: &App,
    shell: Shell,
    id: OrderId,
    error: StepError,
    typed: show::Typed,
) -> Result<Response, Problem> {
    let StepError::Refused(reasons) = error else {
        return Err(error.into());
    };
    let mut view = build(app, shell, id).await?;
    view.errors = form_errors(reasons);
    view.typed = typed;
    refuse(&view)
}

/// `POST /workspace/supervision/{id}/revise`
pub(super) async fn revise(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSupervision>,
    Path(id): Path<OrderId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let words = Words {
        title: asked.title.trim().to_owned(),
        requirement: asked.requirement.trim().replace("\r\n", "\n"),
        reply_days: asked.reply_days.trim().parse().ok(),
    };
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let order = store::load(tx, Side::Office(permit.scope()), id)
                .await?
                .ok_or(StepError::NotFound)?;
            let findings = show::open_findings(tx, &order).await?;
            draft::revise(tx, &permit, id, &words, (&asked.item, &findings)).await
        })
        .await;
    match done {
        Ok(order) => Ok(back(&order, "督办单已修改，尚未发出。")),
        Err(error) => again(&app, shell, id, error, show::Typed::default()).await,
    }
}

/// `POST /workspace/supervision/{id}/step`
pub(super) async fn take(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageSupervision>,
    Path(id): Path<OrderId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = asked.step()?;
    let note = asked.note.trim().to_owned();
    let (calendar, today) = (app.calendar(), app.today());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            handle::step(tx, &permit, id, (step, &note), (&calendar, today)).await
        })
        .await;
    match done {
        Ok(order) => Ok(back(
            &order,
            &format!(
                "已办理“{}”，督办单现在是“{}”。",
                step.name(),
                order.state.name()
            ),
        )),
        Err(error) => {
            let typed = show::Typed {
                note,
                ..show::Typed::default()
            };
            again(&app, shell, id, error, typed).await
        }
    }
}

/// `POST /workspace/supervision/{id}/decide`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ApproveSupervision>,
    Path(id): Path<OrderId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = asked.step()?;
    let note = asked.note.trim().to_owned();
    let (calendar, today) = (app.calendar(), app.today());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            handle::decide(tx, &permit, id, (step, &note), (&calendar, today)).await
        })
        .await;
    match done {
        Ok(order) => Ok(back(
            &order,
            &match &order.number {
                Some(number) => format!("已批准印发{number}，单位已收到。"),
                None => "已退回修改，没有发出。".to_owned(),
            },
        )),
        Err(error) => {
            let typed = show::Typed {
                note,
                ..show::Typed::default()
            };
            again(&app, shell, id, error, typed).await
        }
    }
}

/// `POST /workspace/supervision/pattern`
pub(super) async fn pattern(
    State(app): State<App>,
    permit: Permit<ApproveSupervision>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (office, pattern) = (asked.office.trim(), asked.pattern.trim());
    app.db
        .write(async |tx: &mut Tx| handle::set_pattern(tx, &permit, (office, pattern)).await)
        .await?;
    Ok(redirect_with(
        "/workspace/supervision",
        "编号格式已保存，从下一份督办单起使用。",
    ))
}

/// `POST /workspace/supervision/{id}/receive`
pub(super) async fn receive(
    State(app): State<App>,
    permit: Permit<AnswerSupervision>,
    Path(id): Path<OrderId>,
) -> Result<Response, Problem> {
    let today = app.today();
    let order = app
        .db
        .write(async |tx: &mut Tx| answer::receive(tx, &permit, id, today).await)
        .await?;
    Ok(back(&order, "已签收。请在期限内回复办理情况。"))
}

/// `POST /workspace/supervision/{id}/reply`
pub(super) async fn reply(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<AnswerSupervision>,
    Path(id): Path<OrderId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    // Who has no such 督办单 learns nothing and stores nothing.
    app.db
        .read(async |tx: &mut Tx| store::load(tx, Side::Unit(permit.scope()), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let proofs = filled
        .attachments(&app, permit.actor().account(), &mut errors)
        .await?;
    let text = filled.text("text").to_owned();
    let today = app.today();
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                answer::reply(tx, &permit, id, (&text, proofs), today).await
            })
            .await;
        match done {
            Ok(order) => return Ok(back(&order, "已回复，等政务公开办验收。")),
            Err(StepError::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let mut view = build(&app, shell, id).await?;
    view.errors = errors;
    view.typed = show::Typed {
        text,
        note: String::new(),
        url: filled.text("url").to_owned(),
        kept: filled.kept(),
    };
    refuse(&view)
}
