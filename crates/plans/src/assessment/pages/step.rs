//! The steps of a period and of a sheet, each a form on its page.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::Filled;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, redirect_with, refuse};
use serde::Deserialize;

use super::{sheet, show};
use crate::acts::{AppealScore, ApproveScores, ManageScores};
use crate::assessment::store::{self, Side};
use crate::assessment::{AppealState, Period, PeriodId, Points, Step, appeal, handle, judge};
use crate::step::{StepError, form_errors};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    step: String,
    note: String,
    indicator: String,
    points: String,
    state: String,
    change: String,
    decision: String,
}

impl Asked {
    /// What a person judged: points, and why.
    fn judged(&self) -> (Option<Points>, &str) {
        (self.points.trim().parse().ok(), self.note.trim())
    }

    fn typed(&self) -> sheet::Typed {
        sheet::Typed {
            indicator: self.indicator.clone(),
            points: self.points.clone(),
            text: self.note.trim().to_owned(),
            ..sheet::Typed::default()
        }
    }
}

async fn answer(
    app: &App,
    shell: Shell,
    id: PeriodId,
    (done, note): (Result<(Period, String), StepError>, String),
) -> Result<Response, Problem> {
    match done {
        Ok((_, sentence)) => Ok(redirect_with(&format!("/workspace/scores/{id}"), &sentence)),
        Err(StepError::Refused(reasons)) => {
            let mut view = show::build(app, shell, id, (None, None)).await?;
            view.errors = form_errors(reasons);
            view.note = note;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/scores/{id}/step`: compute, send for approval, cancel.
pub(super) async fn take(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Path(id): Path<PeriodId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (calendar, today) = (app.calendar(), app.today());
    let note = asked.note.trim().to_owned();
    let done = match Step::from_code(&asked.step) {
        Some(Step::Compute) => app
            .db
            .write(async |tx: &mut Tx| handle::compute(tx, &permit, id, (&calendar, today)).await)
            .await
            .map(|(period, count)| {
                let sentence = format!("已计算{count}个单位的得分，申诉期开始。");
                (period, sentence)
            }),
        Some(Step::Submit) => app
            .db
            .write(async |tx: &mut Tx| handle::submit(tx, &permit, id, today).await)
            .await
            .map(|period| (period, "已送审批，批准后锁定并公布排名。".to_owned())),
        Some(Step::Cancel) => app
            .db
            .write(async |tx: &mut Tx| handle::cancel(tx, &permit, id, &note).await)
            .await
            .map(|period| (period, "考核期已作废，各单位不再看到。".to_owned())),
        Some(Step::Approve | Step::Reject) | None => Err(StepError::refuse("请选择要办理的一步。")),
    };
    answer(&app, shell, id, (done, note)).await
}

/// `POST /workspace/scores/{id}/decide`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ApproveScores>,
    Path(id): Path<PeriodId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = Step::from_code(&asked.step)
        .ok_or_else(|| Problem::refused(vec!["请选择批准或退回。".to_owned()]))?;
    let note = asked.note.trim().to_owned();
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::decide(tx, &permit, id, (step, &note), today).await)
        .await;
    if let (Ok(_), Step::Reject) = (&done, step) {
        return Ok(redirect_with(
            "/workspace/scores",
            "已退回，得分没有锁定，由政务公开办更正后重新计算。",
        ));
    }
    let done = done.map(|period| (period, "已批准，得分已锁定。".to_owned()));
    answer(&app, shell, id, (done, note)).await
}

async fn back(
    app: &App,
    shell: Shell,
    which: (PeriodId, OrganId),
    (done, typed): (Result<&'static str, StepError>, sheet::Typed),
) -> Result<Response, Problem> {
    match done {
        Ok(sentence) => Ok(redirect_with(
            &format!("/workspace/scores/{}/units/{}", which.0, which.1),
            sentence,
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = sheet::build(app, shell, which).await?;
            view.errors = form_errors(reasons);
            view.typed = typed;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/scores/{id}/units/{organ}/judge`
pub(super) async fn judge(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Path((id, organ)): Path<(PeriodId, OrganId)>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let line = (id, organ, asked.indicator.as_str());
            judge::judge(tx, &permit, line, asked.judged()).await
        })
        .await
        .map(|()| "评定已保存。");
    back(&app, shell, (id, organ), (done, asked.typed())).await
}

/// `POST /workspace/scores/{id}/judge-rest`
pub(super) async fn judge_rest(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Path(id): Path<PeriodId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let line = (id, asked.indicator.as_str());
            judge::judge_rest(tx, &permit, line, asked.judged()).await
        })
        .await;
    match done {
        Ok(n) => Ok(redirect_with(
            &format!("/workspace/scores/{id}"),
            &format!("已评定其余{n}个单位。"),
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = show::build(&app, shell, id, (None, None)).await?;
            view.errors = form_errors(reasons);
            view.rest = asked.typed();
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/scores/{id}/units/{organ}/appeal`
pub(super) async fn appeal(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<AppealScore>,
    Path((id, organ)): Path<(PeriodId, OrganId)>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    app.db
        .read(async |tx: &mut Tx| store::load(tx, Side::Unit(permit.scope()), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let proofs = filled
        .attachments(&app, permit.actor().account(), &mut errors)
        .await?;
    let (code, text) = (filled.text("indicator"), filled.text("text"));
    let typed = sheet::Typed {
        indicator: code.to_owned(),
        text: text.to_owned(),
        url: filled.text("url").to_owned(),
        kept: filled.kept(),
        ..sheet::Typed::default()
    };
    if !errors.is_empty() {
        let mut view = sheet::build(&app, shell, (id, organ)).await?;
        view.errors = errors;
        view.typed = typed;
        return refuse(&view);
    }
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            filled.release(tx).await?;
            let which = (id, organ, code);
            appeal::appeal(tx, &permit, which, (text, proofs), today).await
        })
        .await
        .map(|_| "申诉已提出，等政务公开办裁定。");
    back(&app, shell, (id, organ), (done, typed)).await
}

/// `POST /workspace/scores/{id}/units/{organ}/appeals/{appeal}`
pub(super) async fn decide_appeal(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageScores>,
    Path((id, organ, which)): Path<(PeriodId, OrganId, String)>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let state = AppealState::from_code(&asked.state)
        .ok_or_else(|| Problem::refused(vec!["请选择申诉成立或不成立。".to_owned()]))?;
    let decision = asked.decision.trim().to_owned();
    let wish = (state, asked.change.parse().ok(), decision.as_str());
    let done = app
        .db
        .write(async |tx: &mut Tx| appeal::decide_appeal(tx, &permit, (id, &which), wish).await)
        .await
        .map(|_| "申诉已裁定。");
    let typed = sheet::Typed {
        appeal: which.clone(),
        points: asked.change.clone(),
        text: decision.clone(),
        ..sheet::Typed::default()
    };
    back(&app, shell, (id, organ), (done, typed)).await
}
