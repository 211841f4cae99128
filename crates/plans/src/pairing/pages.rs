//! The screens of 对照: a plan beside another one, one task beside what answers it, the matrix of an upper plan and its
//! lower ones, and how the levels below stand.

mod levels;
mod list;
mod matrix;
mod side;

use axum::http::Method;
use gongkai_basis::id::PlanId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::Route;

use super::{PairKind, PlanPair, store};
use crate::acts::{ExportLedger, MatchPlans, ProposeChange, ViewLedger};
use crate::plan::{self, Plan, PlanState};

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewLedger, _, _>(get(), "/workspace/plans/{id}/compare/{kind}", list::show),
        Route::act::<MatchPlans, _, _>(
            post(),
            "/workspace/plans/{id}/compare/{kind}",
            list::choose,
        ),
        Route::act::<ExportLedger, _, _>(
            get(),
            "/workspace/plans/{id}/compare/{kind}/file",
            list::file,
        ),
        Route::act::<ViewLedger, _, _>(
            get(),
            "/workspace/plans/{id}/compare/{kind}/{task}",
            side::show,
        ),
        Route::act::<MatchPlans, _, _>(
            post(),
            "/workspace/plans/{id}/compare/{kind}/{task}",
            side::settle,
        ),
        Route::act::<ProposeChange, _, _>(
            post(),
            "/workspace/plans/{id}/adopt/{task}",
            side::adopt,
        ),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/plans/{id}/coverage", matrix::show),
        Route::act::<ExportLedger, _, _>(
            get(),
            "/workspace/plans/{id}/coverage/file",
            matrix::file,
        ),
        Route::act::<ViewLedger, _, _>(get(), "/workspace/levels", levels::show),
    ]
}

/// What a plan is compared with, and that plan; nothing once the import of that plan was taken back.
async fn compared(
    tx: &mut Tx,
    id: PlanId,
    kind: PairKind,
) -> Result<Option<(PlanPair, Plan)>, StoreError> {
    let Some(pair) = store::of_plan(tx, id, kind).await? else {
        return Ok(None);
    };
    let other = plan::store::find(tx, pair.old).await?;
    let other = other.filter(|other| other.state != PlanState::Undone);
    Ok(other.map(|other| (pair, other)))
}

/// The address of a pair's page.
fn address_of(plan: PlanId, kind: PairKind) -> String {
    format!("/workspace/plans/{plan}/compare/{}", kind.code())
}
