//! Files arrive as `multipart/form-data`, streamed to a temporary file first.

use std::io::{Read as _, Seek as _, Write as _};

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_office::INPUT_BYTES_MAX;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, page, redirect_with};

use super::list::UploadForm;
use super::plan_id;
use crate::acts::ImportPlan;
use crate::draft::upload::{Arrival, receive, too_large};
use crate::draft::{DraftError, Purpose};
use crate::plan::{self, Plan, PlanState};

/// What a form with a file brought.
struct Received {
    organ: Option<OrganId>,
    /// What the document is, where the form asks.
    purpose: Option<Purpose>,
    file_name: String,
    bytes: Vec<u8>,
}

/// `POST /workspace/import`
pub(super) async fn new_plan(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Problem> {
    let received = receive_form(form).await?;
    let organ = office(&permit, received.organ)?;
    let purpose = match received.purpose {
        Some(Purpose::Upper) => Purpose::Upper,
        Some(Purpose::Plan | Purpose::Reimport | Purpose::Progress) | None => Purpose::Plan,
    };
    let arrival = Arrival {
        organ,
        purpose,
        plan: None,
        file_name: &received.file_name,
        bytes: received.bytes,
    };
    let id = receive(&app, &permit, arrival).await?;
    Ok(onward(&headers, &format!("/workspace/import/{id}")))
}

/// A script that uploads is told where to go; a plain form is sent there.
fn onward(headers: &HeaderMap, address: &str) -> Response {
    let json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"));
    if json {
        axum::Json(serde_json::json!({ "next": address })).into_response()
    } else {
        redirect_with(address, "文件已收到并保存。")
    }
}

/// The office for which a person imports: one where the person may.
fn office(permit: &Permit<ImportPlan>, wanted: Option<OrganId>) -> Result<OrganId, Problem> {
    let mut held = permit.roles().iter().map(|role| role.organ);
    match wanted {
        Some(wanted) => held.find(|organ| *organ == wanted),
        None => held.next(),
    }
    .ok_or_else(|| Problem::new(Problem::FORBIDDEN).detail("请选择您任职的政务公开办。"))
}

async fn receive_form(mut form: Multipart) -> Result<Received, Problem> {
    let broken = |error: MultipartError| {
        // The layer ends a body that is far past the limit before its size can be told here.
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(Problem::TOO_LARGE).detail(too_large())
        } else {
            Problem::new(Problem::BAD_REQUEST).detail("上传没有完成，请检查网络后重新上传。")
        }
    };
    let mut received = Received {
        organ: None,
        purpose: None,
        file_name: String::new(),
        bytes: Vec::new(),
    };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("organ") => {
                received.organ = field.text().await.map_err(broken)?.parse().ok();
            }
            Some("purpose") => {
                received.purpose = Purpose::from_code(&field.text().await.map_err(broken)?);
            }
            Some("file") => {
                received.file_name = field.file_name().unwrap_or_default().to_owned();
                let mut file = tempfile::tempfile().map_err(StoreError::from)?;
                let mut size = 0;
                while let Some(chunk) = field.chunk().await.map_err(broken)? {
                    size += chunk.len();
                    if size > INPUT_BYTES_MAX {
                        return Err(Problem::new(Problem::TOO_LARGE).detail(too_large()));
                    }
                    file.write_all(&chunk).map_err(StoreError::from)?;
                }
                file.rewind().map_err(StoreError::from)?;
                file.read_to_end(&mut received.bytes)
                    .map_err(StoreError::from)?;
            }
            _ => {}
        }
    }
    Ok(received)
}

#[derive(Template)]
#[template(path = "import/upload.html")]
struct UploadPage {
    shell: Shell,
    upload: UploadForm,
    plan: Plan,
    purpose: Purpose,
}

/// `GET /workspace/plans/{id}/reimport`
pub(super) async fn reimport_form(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    form_for(&app, &permit, shell, &id, Purpose::Reimport).await
}

/// `GET /workspace/plans/{id}/import-progress`
pub(super) async fn progress_form(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    form_for(&app, &permit, shell, &id, Purpose::Progress).await
}

async fn form_for(
    app: &App,
    permit: &Permit<ImportPlan>,
    shell: Shell,
    id: &str,
    purpose: Purpose,
) -> Result<Response, Problem> {
    let plan = active(app, permit, plan_id(id)?).await?;
    let (path, button) = match purpose {
        Purpose::Plan | Purpose::Upper | Purpose::Reimport => ("reimport", "上传更正后的方案"),
        Purpose::Progress => ("import-progress", "上传现有台账"),
    };
    page(&UploadPage {
        shell,
        upload: UploadForm {
            offices: Vec::new(),
            purposes: Vec::new(),
            ..UploadForm::new(
                format!("/workspace/plans/{}/{path}", plan.id),
                button,
                permit,
            )
        },
        plan,
        purpose,
    })
}

/// `POST /workspace/plans/{id}/reimport`
pub(super) async fn reimport(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    onto_plan(&app, &permit, &headers, &id, form, Purpose::Reimport).await
}

/// `POST /workspace/plans/{id}/import-progress`
pub(super) async fn progress(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    onto_plan(&app, &permit, &headers, &id, form, Purpose::Progress).await
}

async fn onto_plan(
    app: &App,
    permit: &Permit<ImportPlan>,
    headers: &HeaderMap,
    id: &str,
    form: Multipart,
    purpose: Purpose,
) -> Result<Response, Problem> {
    let plan = active(app, permit, plan_id(id)?).await?;
    let received = receive_form(form).await?;
    let arrival = Arrival {
        organ: plan.organ,
        purpose,
        plan: Some(plan.id),
        file_name: &received.file_name,
        bytes: received.bytes,
    };
    let draft = receive(app, permit, arrival).await?;
    Ok(onward(headers, &format!("/workspace/import/{draft}")))
}

/// A plan whose ledger is in work.
async fn active(app: &App, permit: &Permit<ImportPlan>, id: PlanId) -> Result<Plan, Problem> {
    let plan = app
        .db
        .read(async |tx: &mut Tx| {
            plan::store::load(tx, permit.scope(), id)
                .await?
                .filter(|plan| plan.state == PlanState::Active)
                .ok_or(DraftError::NotFound)
        })
        .await?;
    Ok(plan)
}
