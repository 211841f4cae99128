//! The screens of 对照: a plan beside another one, one task beside what answers it, the matrix of an upper plan and its
//! lower ones, and how the levels below stand.

mod levels;
mod list;
mod matrix;
mod side;

use axum::http::Method;
use gongkai_platform::web::Route;

use crate::acts::{ExportLedger, MatchPlans, ProposeChange, ViewLedger};

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

/// The address of a pair's page.
fn address_of(plan: gongkai_basis::id::PlanId, kind: super::PairKind) -> String {
    format!("/workspace/plans/{plan}/compare/{}", kind.code())
}
