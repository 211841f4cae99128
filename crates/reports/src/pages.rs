//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod cell;
mod compare;
mod consolidated;
mod due;
mod edit;
mod figures;
mod files;
mod import;
mod list;
mod portal;
mod show;
mod tables;

use axum::http::Method;
use gongkai_platform::web::{Route, refuse};

use crate::acts::{ConfirmReport, PrecheckReport, PublishReport, ViewReports, WriteReport};

/// Where staff begin.
pub(crate) const LIST: &str = "/workspace/reports";
/// By when reports are due.
const DUE: &str = "/workspace/reports/due";
/// Bytes of a report made elsewhere, and of the form around it.
const UPLOAD_BYTES_MAX: usize = 30 * 1024 * 1024;
/// Bytes of the editor's form: six texts of 50,000 characters, percent-encoded, and the cells.
const FORM_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/reports", portal::list).for_all(),
        Route::public(get(), "/reports/{organ}/{year}", portal::show).for_all(),
        Route::public(get(), "/reports/{organ}/{year}/{format}", portal::file),
        Route::act::<ViewReports, _, _>(get(), LIST, list::list),
        Route::act::<WriteReport, _, _>(post(), "/workspace/reports/new", list::begin),
        Route::act::<WriteReport, _, _>(get(), "/workspace/reports/import", import::ask),
        Route::act::<WriteReport, _, _>(post(), "/workspace/reports/import", import::import)
            .body_bytes_max(UPLOAD_BYTES_MAX),
        Route::act::<PrecheckReport, _, _>(get(), DUE, due::ask),
        Route::act::<PrecheckReport, _, _>(post(), DUE, due::save),
        Route::act::<ViewReports, _, _>(get(), "/workspace/reports/{id}", show::show),
        Route::act::<WriteReport, _, _>(get(), "/workspace/reports/{id}/edit", edit::ask),
        Route::act::<WriteReport, _, _>(post(), "/workspace/reports/{id}/edit", edit::save)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<WriteReport, _, _>(post(), "/workspace/reports/{id}/refresh", edit::refresh),
        Route::act::<WriteReport, _, _>(post(), "/workspace/reports/{id}/figures", figures::settle),
        Route::act::<WriteReport, _, _>(
            post(),
            "/workspace/reports/{id}/take-units",
            consolidated::take,
        ),
        Route::act::<ConfirmReport, _, _>(post(), "/workspace/reports/{id}/confirm", show::confirm),
        Route::act::<PrecheckReport, _, _>(
            post(),
            "/workspace/reports/{id}/precheck",
            show::precheck,
        ),
        Route::act::<PublishReport, _, _>(post(), "/workspace/reports/{id}/publish", show::publish),
        Route::act::<ViewReports, _, _>(get(), "/workspace/reports/{id}/cells/{code}", cell::show),
        Route::act::<ViewReports, _, _>(get(), "/workspace/reports/{id}/compare", compare::show),
        Route::act::<ViewReports, _, _>(get(), "/workspace/reports/{id}/units", consolidated::show),
        Route::act::<ViewReports, _, _>(
            get(),
            "/workspace/reports/{id}/file/{format}",
            files::file,
        ),
    ]
}
