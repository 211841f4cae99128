//! 有效性 of a public document: recorded, and undone where that was a mistake.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem};
use serde::Deserialize;

use super::act::{back, wrong};
use crate::acts::PublishDocuments;
use crate::document::turn;
use crate::document::validity::Change;
use crate::id::{DocumentId, TurnId};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Turned {
    version: i64,
    change: String,
    on: String,
    until: String,
    basis: String,
    /// What takes the place of what ended.
    successor: String,
}

/// `POST /workspace/documents/{id}/validity`
pub(super) async fn record(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Turned>,
) -> Result<Response, Problem> {
    let change =
        Change::from_code(&form.change).ok_or_else(|| wrong("change", "请选择有效性怎样变化。"))?;
    let day = |text: &str| text.parse::<Date>().ok();
    let on = day(&form.on).ok_or_else(|| wrong("on", "请填写日期，例：2026-09-18。"))?;
    let until = day(&form.until);
    let (basis, next) = (form.basis.trim().to_owned(), form.successor.trim());
    app.db
        .write(async |tx: &mut Tx| {
            let because = (basis.as_str(), next);
            turn::turn(
                tx,
                &permit,
                (id, form.version),
                (change, on, until),
                because,
            )
            .await
        })
        .await?;
    Ok(back(id, "已记入有效性，公开页面随之更新。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Undoing {
    version: i64,
    turn: String,
    why_undone: String,
}

/// `POST /workspace/documents/{id}/validity/undo`
pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Undoing>,
) -> Result<Response, Problem> {
    let turn: TurnId = form
        .turn
        .parse()
        .map_err(|_| wrong("turn", "请选择登记有误的一条。"))?;
    let why = form.why_undone.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| turn::undo(tx, &permit, (id, form.version), (turn, &why)).await)
        .await?;
    Ok(back(
        id,
        "已撤销登记，有效性按其余登记重新得出；公开页面写着撤销的理由。",
    ))
}
