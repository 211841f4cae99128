//! Figures of the prose beside the tables: taken from them, or right as they are.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, redirect_with};
use serde::Deserialize;

use super::LIST;
use crate::acts::WriteReport;
use crate::annual::handle;
use crate::id::AnnualId;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Figures {
    version: i64,
    step: String,
    /// The words and the number of the tables; empty for all that agree.
    matter: String,
    why: String,
}

/// `POST /workspace/reports/{id}/figures`: `step=bind`, one `matter` or all; or `step=settle&matter=…&why=…`
pub(super) async fn settle(
    State(app): State<App>,
    permit: Permit<WriteReport>,
    Path(id): Path<AnnualId>,
    Form(typed): Form<Figures>,
) -> Result<Response, Problem> {
    let of = (id, typed.version);
    let matter = typed.matter.as_str();
    let one = Some(matter).filter(|matter| !matter.is_empty());
    let (annual, said) = match typed.step.as_str() {
        "bind" => {
            let annual = app
                .db
                .write(async |tx: &mut Tx| handle::bind(tx, &permit, of, one).await)
                .await?;
            (annual, "已改为引用表里的数，表改了文字跟着变。")
        }
        "settle" => {
            let what = (matter, typed.why.trim());
            let annual = app
                .db
                .write(async |tx: &mut Tx| handle::settle(tx, &permit, of, what).await)
                .await?;
            (annual, "已记下核对结果和原因。")
        }
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    Ok(redirect_with(&format!("{LIST}/{}/edit", annual.id), said))
}
