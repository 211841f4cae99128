//! The steps of a bulletin, each a form on its page.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::Filled;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with, refuse};
use serde::Deserialize;

use super::show::{ShowPage, Typed, build};
use crate::acts::{AnswerBulletin, ApproveBulletin, DraftBulletin};
use crate::bulletin::assemble::{self, Edited};
use crate::bulletin::mask;
use crate::bulletin::rules::{Rules, set_rules};
use crate::bulletin::store::{self, Side};
use crate::bulletin::{Approver, Bulletin, BulletinId, FactRef, PartStep, Sentence, Step, handle};
use crate::step::{StepError, form_errors};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    step: String,
    note: String,
    approver: String,
    pattern: String,
    /// Whose rules they are, for a head of several offices.
    office: String,
    unit: String,
    title: String,
    opening: String,
    closing: String,
    ranking: String,
    reply_days: String,
    /// One of each for every sentence, in order.
    organ: Vec<String>,
    fact: Vec<String>,
    text: Vec<String>,
}

impl Asked {
    fn edited(&self) -> Edited {
        let clean = |text: &str| text.trim().replace("\r\n", "\n");
        let sentences = self.organ.iter().zip(&self.fact).zip(&self.text);
        Edited {
            title: clean(&self.title),
            opening: clean(&self.opening),
            closing: clean(&self.closing),
            ranking: (self.ranking == "1").then_some(()),
            reply_days: self.reply_days.trim().parse().ok(),
            sentences: sentences
                .filter_map(|((organ, fact), text)| {
                    let fact = fact.split_once(':').map(|(kind, id)| FactRef {
                        kind: kind.to_owned(),
                        id: id.to_owned(),
                    });
                    Some((organ.parse().ok()?, fact, clean(text)))
                })
                .collect(),
        }
    }
}

fn back(bulletin: &Bulletin, sentence: &str) -> Response {
    redirect_with(&format!("/workspace/bulletins/{}", bulletin.id), sentence)
}

/// What was typed, put into the page in place of what is stored.
fn retyped(view: &mut ShowPage, edited: &Edited) {
    view.bulletin.title.clone_from(&edited.title);
    view.bulletin.opening.clone_from(&edited.opening);
    view.bulletin.closing.clone_from(&edited.closing);
    view.bulletin.ranking = edited.ranking.is_some();
    view.bulletin.reply_days = edited.reply_days.unwrap_or(view.bulletin.reply_days);
    for (part, _) in &mut view.parts {
        let own = edited
            .sentences
            .iter()
            .filter(|(organ, _, text)| *organ == part.organ && !text.is_empty());
        part.sentences = own
            .map(|(_, fact, text)| Sentence {
                text: text.clone(),
                fact: fact.clone(),
            })
            .collect();
    }
}

/// `POST /workspace/bulletins/{id}/revise`: saves, or with `step=preview` only shows what saving would cover.
pub(super) async fn revise(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Path(id): Path<BulletinId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let edited = asked.edited();
    if asked.step == "preview" {
        let mut view = build(&app, shell, id).await?;
        retyped(&mut view, &edited);
        let (check, office) = (app.seams.check.as_ref(), view.bulletin.office);
        let rule = async |tx: &mut Tx| mask::rule(tx, check, office).await;
        let rule = app.db.read(rule).await?;
        view.covered = Some(edited.covered(&rule));
        view.doubts = edited.doubts(&rule);
        return page(&view);
    }
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let of = (id, app.seams.check.as_ref());
            assemble::revise(tx, &permit, of, &edited).await
        })
        .await;
    match done {
        Ok((bulletin, 0)) => Ok(back(&bulletin, "通报已保存。没有需要遮盖的个人信息。")),
        Ok((bulletin, covered)) => Ok(back(
            &bulletin,
            &format!("通报已保存，遮盖了{covered}处个人信息。"),
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = build(&app, shell, id).await?;
            retyped(&mut view, &edited);
            view.errors = form_errors(reasons);
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

fn wanted(code: &str) -> Result<Step, Problem> {
    Step::from_code(code).ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))
}

async fn answer(
    app: &App,
    shell: Shell,
    id: BulletinId,
    (done, note): (Result<Bulletin, StepError>, String),
) -> Result<Response, Problem> {
    match done {
        Ok(bulletin) => Ok(back(
            &bulletin,
            &format!("已办理，通报现在是“{}”。", bulletin.state.name()),
        )),
        Err(StepError::Refused(reasons)) => {
            let mut view = build(app, shell, id).await?;
            view.errors = form_errors(reasons);
            view.typed = Typed {
                note,
                ..Typed::default()
            };
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/bulletins/{id}/step`
pub(super) async fn take(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Path(id): Path<BulletinId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (step, note) = (wanted(&asked.step)?, asked.note.trim().to_owned());
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| handle::step(tx, &permit, id, (step, &note), today).await)
        .await;
    answer(&app, shell, id, (done, note)).await
}

/// `POST /workspace/bulletins/{id}/decide`
pub(super) async fn decide(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ApproveBulletin>,
    Path(id): Path<BulletinId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (step, note) = (wanted(&asked.step)?, asked.note.trim().to_owned());
    let (calendar, today) = (app.calendar(), app.today());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            handle::decide(tx, &permit, id, (step, &note), (&calendar, today)).await
        })
        .await;
    match done {
        // A draft sent back is the office's own again.
        Ok(bulletin) if step == Step::Reject => Ok(redirect_with(
            "/workspace/bulletins",
            &format!("已退回“{}”，没有印发。", bulletin.title),
        )),
        done => answer(&app, shell, id, (done, note)).await,
    }
}

/// `POST /workspace/bulletins/{id}/recheck`
pub(super) async fn recheck(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Path(id): Path<BulletinId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = PartStep::from_code(&asked.step)
        .ok_or_else(|| Problem::refused(vec!["请选择复核结果。".to_owned()]))?;
    let organ: OrganId = asked.unit.parse().map_err(|_| Problem::not_found())?;
    let note = asked.note.trim().to_owned();
    let (calendar, today) = (app.calendar(), app.today());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let (of, what) = ((id, organ), (step, note.as_str()));
            handle::recheck(tx, &permit, of, what, (&calendar, today)).await
        })
        .await;
    answer(&app, shell, id, (done, note)).await
}

/// `POST /workspace/bulletins/rules`
pub(super) async fn rules(
    State(app): State<App>,
    permit: Permit<DraftBulletin>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let approver = Approver::from_code(&asked.approver)
        .ok_or_else(|| Problem::refused(vec!["请选择审批人。".to_owned()]))?;
    let rules = Rules {
        approver,
        pattern: asked.pattern.trim().to_owned(),
    };
    app.db
        .write(async |tx: &mut Tx| set_rules(tx, &permit, asked.office.trim(), &rules).await)
        .await?;
    Ok(redirect_with(
        "/workspace/bulletins",
        &format!(
            "今后的通报由{}审批，编号格式为“{}”。",
            approver.name(),
            rules.pattern
        ),
    ))
}

/// `POST /workspace/bulletins/{id}/reply`
pub(super) async fn reply(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<AnswerBulletin>,
    Path(id): Path<BulletinId>,
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
    let text = filled.text("text").to_owned();
    let organ: OrganId = filled
        .text("unit")
        .parse()
        .map_err(|_| Problem::not_found())?;
    let today = app.today();
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                handle::reply(tx, &permit, (id, organ), (&text, proofs), today).await
            })
            .await;
        match done {
            Ok(bulletin) => return Ok(back(&bulletin, "已报告整改，等政务公开办复核。")),
            Err(StepError::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let mut view = build(&app, shell, id).await?;
    view.errors = errors;
    view.typed = Typed {
        organ: Some(organ),
        text,
        note: String::new(),
        url: filled.text("url").to_owned(),
        kept: filled.kept(),
    };
    refuse(&view)
}
