//! Taking an organ out of use and back: merge, dissolve, reinstate.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use super::super::acts::EditOrgans;
use super::super::change::{self, reasons_against_dissolving};
use super::super::{Organ, OrganError, store};
use super::view::{choices, editable_organ, form_answer, organ_id};
use crate::access::Permit;
use crate::db::Tx;
use crate::web::{App, Form, FormErrors, Problem, Shell, redirect_with};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RetireForm {
    into: String,
    reason: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "organ/merge.html")]
struct MergePage {
    shell: Shell,
    organ: Organ,
    form: RetireForm,
    errors: FormErrors,
    successors: Vec<(String, String)>,
    open_work: Vec<(&'static str, i64)>,
    children: usize,
}

async fn merge_form(
    app: &App,
    shell: Shell,
    permit: &Permit<EditOrgans>,
    id: OrganId,
    (form, errors): (Option<RetireForm>, FormErrors),
) -> Result<Response, Problem> {
    let template = app
        .db
        .read(async |tx: &mut Tx| {
            let (organ, scope) = editable_organ(tx, permit, id).await?;
            let mut successors = choices(tx, &scope).await?;
            successors.retain(|(other, _)| *other != organ.id.to_string());
            Ok::<_, OrganError>(MergePage {
                form: form.unwrap_or_else(|| RetireForm {
                    version: organ.version,
                    ..RetireForm::default()
                }),
                errors,
                successors,
                open_work: app.organ_hooks.open_work_of(tx, id).await?,
                children: store::children(tx, id).await?.len(),
                organ,
                shell,
            })
        })
        .await?;
    form_answer(&template, &template.errors)
}

/// `GET /workspace/organs/{id}/merge`
pub(super) async fn merge_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    merge_form(&app, shell, &permit, id, (None, FormErrors::default())).await
}

/// `POST /workspace/organs/{id}/merge`
pub(super) async fn merge(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(form): Form<RetireForm>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    let outcome = match form.into.parse() {
        Ok(into) => {
            app.db
                .write(async |tx: &mut Tx| {
                    let target = (into, form.reason.as_str());
                    change::merge(tx, &permit, &app.organ_hooks, (id, form.version), target).await
                })
                .await
        }
        Err(_) => {
            let mut errors = FormErrors::default();
            errors.add("into", "请选择并入哪个机关。");
            Err(OrganError::Form(errors))
        }
    };
    match outcome {
        Ok(merger) => {
            let moved: Vec<String> = merger
                .moved
                .iter()
                .map(|(title, count)| format!("{title} {count} 项"))
                .collect();
            let moved = if moved.is_empty() {
                "没有需要移交的工作".to_owned()
            } else {
                format!("移交{}", moved.join("、"))
            };
            Ok(redirect_with(
                &format!("/workspace/organs/{id}"),
                &format!("已并入，{moved}，随转下级机关 {} 个。", merger.children),
            ))
        }
        Err(OrganError::Form(errors)) => {
            merge_form(&app, shell, &permit, id, (Some(form), errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// One form for two acts that only need a reason.
#[derive(Template)]
#[template(path = "organ/retire.html")]
struct RetirePage {
    shell: Shell,
    organ: Organ,
    dissolving: bool,
    /// Why it cannot be dissolved now.
    reasons: Vec<String>,
    form: RetireForm,
    errors: FormErrors,
}

async fn retire_form(
    app: &App,
    shell: Shell,
    permit: &Permit<EditOrgans>,
    (id, dissolving): (OrganId, bool),
    (form, errors): (Option<RetireForm>, FormErrors),
) -> Result<Response, Problem> {
    let template = app
        .db
        .read(async |tx: &mut Tx| {
            let (organ, _) = editable_organ(tx, permit, id).await?;
            let reasons = if dissolving {
                reasons_against_dissolving(tx, &app.organ_hooks, &organ).await?
            } else {
                Vec::new()
            };
            Ok::<_, OrganError>(RetirePage {
                form: form.unwrap_or_else(|| RetireForm {
                    version: organ.version,
                    ..RetireForm::default()
                }),
                errors,
                dissolving,
                reasons,
                organ,
                shell,
            })
        })
        .await?;
    form_answer(&template, &template.errors)
}

/// `GET /workspace/organs/{id}/dissolve`
pub(super) async fn dissolve_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    retire_form(
        &app,
        shell,
        &permit,
        (id, true),
        (None, FormErrors::default()),
    )
    .await
}

/// `POST /workspace/organs/{id}/dissolve`
pub(super) async fn dissolve(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(form): Form<RetireForm>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    let outcome = app
        .db
        .write(async |tx: &mut Tx| {
            let place = (id, form.version);
            change::dissolve(tx, &permit, &app.organ_hooks, place, &form.reason).await
        })
        .await;
    match outcome {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/organs/{id}"),
            "已撤销，历史记录保留；今后导入的方案不会再匹配到它。",
        )),
        Err(OrganError::Form(errors)) => {
            retire_form(&app, shell, &permit, (id, true), (Some(form), errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /workspace/organs/{id}/reinstate`
pub(super) async fn reinstate_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    retire_form(
        &app,
        shell,
        &permit,
        (id, false),
        (None, FormErrors::default()),
    )
    .await
}

/// `POST /workspace/organs/{id}/reinstate`
pub(super) async fn reinstate(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(form): Form<RetireForm>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    let outcome = app
        .db
        .write(async |tx: &mut Tx| {
            change::reinstate(tx, &permit, (id, form.version), &form.reason).await
        })
        .await;
    match outcome {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/organs/{id}"),
            "已恢复使用；此前移交出去的工作仍在接收机关。",
        )),
        Err(OrganError::Form(errors)) => {
            retire_form(&app, shell, &permit, (id, false), (Some(form), errors)).await
        }
        Err(error) => Err(error.into()),
    }
}
