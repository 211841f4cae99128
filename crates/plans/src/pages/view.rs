//! Saved views of the ledger.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::ViewId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, Problem, Query as Address, redirect_with};
use serde::Deserialize;

use crate::acts::ViewLedger;
use crate::ledger::query::{Query, Raw};
use crate::view::{self, ViewError};

#[derive(Debug, Deserialize)]
pub(super) struct SaveForm {
    #[serde(default)]
    name: String,
}

/// `POST /workspace/views`: the ledger's state under a name.
pub(super) async fn save(
    State(app): State<App>,
    permit: Permit<ViewLedger>,
    Address(state): Address<Raw>,
    Form(form): Form<SaveForm>,
) -> Result<Response, Problem> {
    let address = Query::read(&state).with(|_| {}).address();
    let name = form.name.trim().to_owned();
    let was_there = app
        .db
        .write(async |tx: &mut Tx| view::save(tx, &permit, &name, &address).await)
        .await
        .map_err(|error| match error {
            ViewError::Refused(sentence) => Problem::refused(vec![sentence]),
            ViewError::Store(error) => error.into(),
        })?;
    let said = if was_there {
        format!("视图“{name}”原来就有，已改为现在的筛选。")
    } else {
        format!("已保存视图“{name}”。")
    };
    Ok(redirect_with(
        &format!("/workspace/ledger?{address}"),
        &said,
    ))
}

/// `POST /workspace/views/{id}/delete`
pub(super) async fn delete(
    State(app): State<App>,
    permit: Permit<ViewLedger>,
    Path(id): Path<ViewId>,
) -> Result<Response, Problem> {
    let account = permit.actor().account().ok_or_else(Problem::not_found)?;
    app.db
        .write(async |tx: &mut Tx| view::delete(tx, &permit, account, id).await)
        .await
        .map_err(|error| match error {
            StoreError::Stale => Problem::not_found(),
            error => error.into(),
        })?;
    Ok(redirect_with("/workspace/ledger", "已删除视图。"))
}
