//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod change;
mod entry;
mod fill;
mod fits;
mod guide;
mod guide_portal;
mod import;
mod matrix;
mod portal;
mod proposal;
mod publicity;

use axum::http::Method;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::web::download::{self, attachment, off_thread};
use gongkai_platform::web::{Problem, Route, refuse};

use crate::acts::{ApproveGuide, FillCatalogue, KeepCatalogue, ViewCatalogue, WriteGuide};
use crate::entry::import::{FILE_BYTES_MAX, table};
use crate::standard::HEADS;

pub(crate) use portal::open::PART as OPEN_PART;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = catalogue();
    routes.extend(beside());
    routes.extend(guides());
    routes
}

fn guides() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/guide", guide_portal::list).for_all(),
        Route::public(get(), "/guide/{organ}", guide_portal::show).for_all(),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/guides", guide::list),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/guides/{organ}", guide::show),
        Route::act::<WriteGuide, _, _>(get(), "/workspace/guides/{organ}/edit", guide::ask),
        Route::act::<WriteGuide, _, _>(post(), "/workspace/guides/{organ}/edit", guide::write),
        Route::act::<WriteGuide, _, _>(post(), "/workspace/guides/{organ}/submit", guide::submit),
        Route::act::<WriteGuide, _, _>(post(), "/workspace/guides/{organ}/confirm", guide::confirm),
        Route::act::<ApproveGuide, _, _>(
            post(),
            "/workspace/guides/{organ}/return",
            guide::send_back,
        ),
        Route::act::<ApproveGuide, _, _>(
            post(),
            "/workspace/guides/{organ}/approve",
            guide::approve,
        ),
    ]
}

/// What stands beside entries and their periods.
fn beside() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/catalogue/organs/{organ}", publicity::show).for_all(),
        Route::act::<KeepCatalogue, _, _>(get(), "/workspace/catalogue/publicity", publicity::ask),
        Route::act::<KeepCatalogue, _, _>(post(), "/workspace/catalogue/publicity", publicity::set),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/catalogue/proposals", proposal::list),
        Route::act::<KeepCatalogue, _, _>(
            post(),
            "/workspace/catalogue/proposals/{id}/decline",
            proposal::decline,
        ),
        Route::act::<FillCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/fill-many",
            fits::fill,
        ),
        Route::act::<FillCatalogue, _, _>(post(), "/workspace/catalogue/pages", matrix::look),
        Route::act::<FillCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/accept-page",
            fill::accept_page,
        ),
    ]
}

fn catalogue() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/api/catalogue.json", portal::open::list).for_all(),
        Route::public(get(), "/catalogue", portal::list).for_all(),
        Route::public(get(), "/catalogue/{id}", portal::show).for_all(),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/catalogue", entry::list),
        Route::act::<KeepCatalogue, _, _>(get(), "/workspace/catalogue/new", entry::ask),
        Route::act::<KeepCatalogue, _, _>(post(), "/workspace/catalogue/new", entry::add),
        Route::act::<KeepCatalogue, _, _>(get(), "/workspace/catalogue/import", import::ask),
        Route::act::<KeepCatalogue, _, _>(post(), "/workspace/catalogue/import", import::import)
            .body_bytes_max(FILE_BYTES_MAX + 1024 * 1024),
        // The rows come back from the preview as a form, which writes a Chinese character in nine bytes.
        Route::act::<KeepCatalogue, _, _>(
            post(),
            "/workspace/catalogue/import/apply",
            import::confirm,
        )
        .body_bytes_max(4 * FILE_BYTES_MAX),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/catalogue/matrix", matrix::unit),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/catalogue/units", matrix::units),
        Route::act::<KeepCatalogue, _, _>(post(), "/workspace/catalogue/check", matrix::check),
        Route::act::<ViewCatalogue, _, _>(get(), "/workspace/catalogue/entries/{id}", fill::show),
        Route::act::<FillCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/fill",
            fill::fill,
        ),
        Route::act::<FillCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/take-back",
            fill::take_back,
        ),
        Route::act::<KeepCatalogue, _, _>(
            get(),
            "/workspace/catalogue/entries/{id}/change",
            change::ask,
        ),
        Route::act::<KeepCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/change",
            change::change,
        ),
        Route::act::<ViewCatalogue, _, _>(
            get(),
            "/workspace/catalogue/entries/{id}/history",
            change::history,
        ),
        Route::act::<KeepCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/confirm",
            entry::confirm,
        ),
        Route::act::<KeepCatalogue, _, _>(
            post(),
            "/workspace/catalogue/entries/{id}/remove",
            entry::remove,
        ),
    ]
}

/// Entries as a file: `csv`, else XLSX.
async fn file(
    format: &str,
    entries: Vec<crate::entry::Entry>,
    today: Date,
) -> Result<Response, Problem> {
    let csv = format == "csv";
    let title = "主动公开目录";
    let made: Result<Vec<u8>, FormError> = off_thread(move || {
        let rows = table(&entries);
        if csv {
            table_csv(&HEADS, &rows)
        } else {
            table_xlsx(title, &HEADS, &rows)
        }
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    let (ending, media_type) = if csv {
        ("csv", download::CSV)
    } else {
        ("xlsx", download::XLSX)
    };
    Ok(attachment(
        &format!("{title}{today}.{ending}"),
        media_type,
        bytes,
    ))
}
