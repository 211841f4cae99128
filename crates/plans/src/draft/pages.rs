//! The screens of the import: extractors, view structs, answers. No rules and no SQL here.

mod answer;
mod card;
mod changes;
mod closed;
mod confirm;
mod list;
mod organs;
mod overview;
mod progress;
mod tasks;
mod upload;

use axum::http::Method;
use gongkai_basis::id::{DraftId, PlanId};
use gongkai_office::INPUT_BYTES_MAX;
use gongkai_platform::web::{Problem, Route};

use crate::acts::{DecideChange, ImportPlan};

/// A file with the form around it.
const UPLOAD_BODY_BYTES_MAX: usize = INPUT_BYTES_MAX + 64 * 1024;

pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    let mut routes = vec![
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import", list::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import", upload::new_plan)
            .body_bytes_max(UPLOAD_BODY_BYTES_MAX),
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import/{id}", overview::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/meta", overview::save_meta),
        Route::act::<ImportPlan, _, _>(
            POST,
            "/workspace/import/{id}/columns",
            overview::save_columns,
        ),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/by-hand", overview::by_hand),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/discard", overview::discard),
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import/{id}/tasks", tasks::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/tasks", tasks::edit),
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import/{id}/organs", organs::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/organs", organs::decide),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/organs/new", organs::create),
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import/{id}/confirm", confirm::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/confirm", confirm::confirm),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/plans/{id}/undo-import", confirm::undo),
        Route::act::<ImportPlan, _, _>(
            GET,
            "/workspace/plans/{id}/reimport",
            upload::reimport_form,
        ),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/plans/{id}/reimport", upload::reimport)
            .body_bytes_max(UPLOAD_BODY_BYTES_MAX),
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import/{id}/changes", changes::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/changes", changes::send),
        Route::act::<DecideChange, _, _>(
            POST,
            "/workspace/import/{id}/changes/approve",
            changes::approve,
        ),
        Route::act::<DecideChange, _, _>(
            POST,
            "/workspace/import/{id}/changes/return",
            changes::send_back,
        ),
        Route::act::<ImportPlan, _, _>(
            POST,
            "/workspace/import/{id}/changes/take-back",
            changes::take_back,
        ),
    ];
    routes.extend(progress_routes());
    routes
}

/// The way of a ledger that an office brings along.
fn progress_routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::act::<ImportPlan, _, _>(
            GET,
            "/workspace/plans/{id}/import-progress",
            upload::progress_form,
        ),
        Route::act::<ImportPlan, _, _>(
            POST,
            "/workspace/plans/{id}/import-progress",
            upload::progress,
        )
        .body_bytes_max(UPLOAD_BODY_BYTES_MAX),
        Route::act::<ImportPlan, _, _>(GET, "/workspace/import/{id}/progress", progress::show),
        Route::act::<ImportPlan, _, _>(POST, "/workspace/import/{id}/progress", progress::apply),
        Route::act::<ImportPlan, _, _>(
            GET,
            "/workspace/import/{id}/progress/{row}",
            progress::row::show,
        ),
        Route::act::<ImportPlan, _, _>(
            POST,
            "/workspace/import/{id}/progress/{row}",
            progress::row::choose,
        ),
        Route::act::<ImportPlan, _, _>(
            POST,
            "/workspace/import/{id}/undo-progress",
            progress::undo,
        ),
    ]
}

/// An id in an address; what is none is not found.
fn draft_id(text: &str) -> Result<DraftId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn plan_id(text: &str) -> Result<PlanId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Text of a form: without blanks around it and with plain line ends; `None` when nothing is left.
fn filled(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
