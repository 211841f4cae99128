//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod apply;
mod cluster;
mod offer;
mod offers;
mod officer;
mod progress;
mod publication;
mod typed;
mod withheld;

pub(crate) use gongkai_platform::web::refuse;
pub(crate) use officer::light;

use axum::http::{Method, StatusCode};
use axum::response::Response;
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::web::{Problem, Route, page};

use crate::acts::{DecideClusters, HandleRequests, TakeRequests, ViewRequests};
use crate::archive::pages as archive;
use crate::request::import::FILE_BYTES_MAX;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = portal();
    routes.extend(workspace());
    routes.extend(toward_publication());
    routes
}

fn portal() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/requests", apply::home),
        Route::public(get(), "/requests/new", apply::blank),
        Route::public(post(), "/requests/new", apply::mend),
        Route::public(post(), "/requests/check", apply::check).body_bytes_max(FORM_BYTES_MAX),
        Route::public(post(), "/requests/offers", offer::typed),
        Route::public(get(), "/requests/offers/open", offer::open),
        Route::public(post(), "/requests/offers/found", offer::found),
        Route::public(post(), "/requests/submit", apply::submit),
        Route::public(get(), "/requests/receipt/{token}", apply::receipt::receipt),
        Route::public(
            get(),
            "/requests/receipt/{token}/text",
            apply::receipt::receipt_text,
        ),
        Route::public(
            get(),
            "/requests/receipt/{token}/content",
            apply::receipt::content,
        ),
        Route::public(get(), "/requests/form", apply::receipt::paper),
        Route::public(get(), "/requests/key", apply::receipt::key),
        Route::public(post(), "/requests/key", apply::receipt::verify),
        Route::public(get(), "/requests/key.pem", apply::receipt::key_file),
        Route::public(get(), "/requests/progress", progress::ask),
        Route::public(post(), "/requests/progress", progress::show),
        Route::public(post(), "/requests/progress/act", progress::act)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::public(post(), "/requests/progress/file", progress::file),
        Route::public(post(), "/requests/progress/letter", progress::paper::fetch),
        Route::public(get(), "/requests/opinion", progress::opinion::ask),
        Route::public(post(), "/requests/opinion", progress::opinion::answer),
    ]
}

fn workspace() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    const ROOT: &str = "/workspace/requests";
    const ONE: &str = "/workspace/requests/{id}";
    vec![
        Route::act::<ViewRequests, _, _>(get(), ROOT, officer::list),
        Route::act::<ViewRequests, _, _>(
            post(),
            "/workspace/requests/columns",
            officer::keep_columns,
        ),
        Route::act::<TakeRequests, _, _>(
            get(),
            "/workspace/requests/applicants",
            officer::applicants,
        ),
        Route::act::<TakeRequests, _, _>(get(), "/workspace/requests/new", officer::blank),
        Route::act::<TakeRequests, _, _>(post(), "/workspace/requests/new", officer::take)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<TakeRequests, _, _>(get(), "/workspace/requests/import", officer::ask_import),
        Route::act::<TakeRequests, _, _>(post(), "/workspace/requests/import", officer::import)
            .body_bytes_max(FILE_BYTES_MAX),
        Route::act::<TakeRequests, _, _>(
            get(),
            "/workspace/requests/import/blank",
            officer::blank_table,
        ),
        Route::act::<ViewRequests, _, _>(get(), ONE, officer::show),
        Route::act::<HandleRequests, _, _>(
            get(),
            "/workspace/requests/{id}/act/{act}",
            officer::ask_act,
        ),
        Route::act::<HandleRequests, _, _>(
            post(),
            "/workspace/requests/{id}/act/{act}",
            officer::act,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewRequests, _, _>(
            get(),
            "/workspace/requests/{id}/files/{subject}/{file}",
            officer::file,
        ),
        Route::act::<ViewRequests, _, _>(get(), "/workspace/requests/{id}/clock", officer::clock),
        Route::act::<ViewRequests, _, _>(get(), "/workspace/requests/{id}/spot", officer::spot),
        Route::act::<ViewRequests, _, _>(get(), "/workspace/requests/{id}/package", archive::fetch),
        Route::act::<HandleRequests, _, _>(
            post(),
            "/workspace/requests/{id}/package",
            archive::make,
        ),
        Route::act::<HandleRequests, _, _>(
            post(),
            "/workspace/requests/{id}/package/verify",
            archive::verify,
        ),
    ]
}

/// From requests to what everybody may read.
fn toward_publication() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewRequests, _, _>(get(), "/workspace/requests/suggestions", cluster::list),
        Route::act::<ViewRequests, _, _>(
            get(),
            "/workspace/requests/suggestions/{id}",
            cluster::show,
        ),
        Route::act::<DecideClusters, _, _>(
            post(),
            "/workspace/requests/suggestions/{id}",
            cluster::decide,
        ),
        Route::act::<ViewRequests, _, _>(get(), "/workspace/requests/offers", offers::show),
        Route::act::<ViewRequests, _, _>(
            get(),
            "/workspace/requests/publications",
            publication::list,
        ),
        Route::act::<TakeRequests, _, _>(
            get(),
            "/workspace/requests/{id}/publication",
            publication::ask,
        ),
        Route::act::<TakeRequests, _, _>(
            post(),
            "/workspace/requests/{id}/publication",
            publication::decide,
        ),
        Route::act::<ViewRequests, _, _>(get(), "/workspace/requests/withheld", withheld::list),
        Route::act::<TakeRequests, _, _>(get(), "/workspace/requests/{id}/withheld", withheld::ask),
        Route::act::<TakeRequests, _, _>(
            post(),
            "/workspace/requests/{id}/withheld",
            withheld::decide,
        ),
    ]
}

/// A form whose record somebody else saved meanwhile: shown again with everything typed, over the newest version.
pub(crate) fn overtaken(template: &impl askama::Template) -> Result<Response, Problem> {
    let mut response = page(template)?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}
