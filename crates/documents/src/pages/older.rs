//! 旧文本不再提供, and given out again: the forms of a publisher.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, redirect_with};
use serde::Deserialize;

use super::DESK;
use crate::acts::PublishDocuments;
use crate::document::older::{self, Said};
use crate::id::DocumentId;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Hiding {
    version: i64,
    /// The id of an edition.
    text: String,
    why_hidden: String,
    sure: String,
}

/// `POST /workspace/documents/{id}/history/hide`
pub(super) async fn hide(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Hiding>,
) -> Result<Response, Problem> {
    let said = Said {
        edition: form.text.parse().ok(),
        why: form.why_hidden.trim().to_owned(),
        sure: form.sure == "yes",
    };
    app.db
        .write(async |tx: &mut Tx| older::hide(tx, &permit, (id, form.version), &said).await)
        .await?;
    Ok(redirect_with(
        &format!("{DESK}/{id}"),
        "这份旧文本不再提供；历次文本里只留适用的日期和理由。弄错了可以在这里重新提供。",
    ))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Showing {
    version: i64,
    /// The id of an edition.
    hidden: String,
    why_shown: String,
}

/// `POST /workspace/documents/{id}/history/show`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Showing>,
) -> Result<Response, Problem> {
    let said = Said {
        edition: form.hidden.parse().ok(),
        why: form.why_shown.trim().to_owned(),
        sure: true,
    };
    app.db
        .write(async |tx: &mut Tx| older::show(tx, &permit, (id, form.version), &said).await)
        .await?;
    Ok(redirect_with(
        &format!("{DESK}/{id}"),
        "这份旧文本已重新提供，公众可以在历次文本里看到。",
    ))
}
