//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod activity;
mod group;
mod overview;
mod staff;

use axum::http::Method;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::web::download::{self, attachment, off_thread};
use gongkai_platform::web::{Problem, Route, refuse};

use crate::acts::{KeepGroup, KeepOrganisation, ViewOrganisation};
use crate::staff::import::FILE_BYTES_MAX;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = records();
    routes.extend(registers());
    routes
}

fn records() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewOrganisation, _, _>(get(), "/workspace/organisation", overview::show),
        Route::act::<KeepGroup, _, _>(post(), "/workspace/organisation/check", overview::check),
        Route::act::<ViewOrganisation, _, _>(
            get(),
            "/workspace/organisation/activities",
            activity::list,
        ),
        Route::act::<KeepOrganisation, _, _>(
            get(),
            "/workspace/organisation/activities/new",
            activity::ask,
        ),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/activities/new",
            activity::add,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ViewOrganisation, _, _>(
            get(),
            "/workspace/organisation/activities/{id}",
            activity::show,
        ),
        Route::act::<KeepOrganisation, _, _>(
            get(),
            "/workspace/organisation/activities/{id}/amend",
            activity::ask_amend,
        ),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/activities/{id}/amend",
            activity::amend,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/activities/{id}/remove",
            activity::remove,
        ),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/activities/{id}/restore",
            activity::restore,
        ),
        Route::act::<ViewOrganisation, _, _>(
            get(),
            "/workspace/organisation/activities/{id}/files/{file}",
            activity::file,
        ),
    ]
}

fn registers() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewOrganisation, _, _>(get(), "/workspace/organisation/group", group::show),
        Route::act::<KeepGroup, _, _>(post(), "/workspace/organisation/group", group::join),
        Route::act::<KeepGroup, _, _>(
            post(),
            "/workspace/organisation/group/{id}/leave",
            group::leave,
        ),
        Route::act::<KeepGroup, _, _>(
            post(),
            "/workspace/organisation/group/{id}/remove",
            group::remove,
        ),
        Route::act::<KeepGroup, _, _>(
            post(),
            "/workspace/organisation/group/{id}/restore",
            group::restore,
        ),
        Route::act::<ViewOrganisation, _, _>(get(), "/workspace/organisation/staff", staff::list),
        Route::act::<KeepGroup, _, _>(
            get(),
            "/workspace/organisation/staff/import",
            staff::ask_import,
        ),
        Route::act::<KeepGroup, _, _>(
            post(),
            "/workspace/organisation/staff/import",
            staff::import,
        )
        .body_bytes_max(FILE_BYTES_MAX + 1024 * 1024),
        Route::act::<ViewOrganisation, _, _>(
            get(),
            "/workspace/organisation/staff/{organ}",
            staff::show,
        ),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/staff/{organ}",
            staff::register,
        ),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/staff/{organ}/{id}/leave",
            staff::leave,
        ),
        Route::act::<KeepOrganisation, _, _>(
            post(),
            "/workspace/organisation/staff/{organ}/{id}/restore",
            staff::restore,
        ),
    ]
}

/// A list as a file: `csv`, else XLSX.
async fn file(
    title: &'static str,
    format: &str,
    heads: &'static [&'static str],
    rows: Vec<Vec<String>>,
    today: Date,
) -> Result<Response, Problem> {
    let csv = format == "csv";
    let made: Result<Vec<u8>, FormError> = off_thread(move || {
        if csv {
            table_csv(heads, &rows)
        } else {
            table_xlsx(title, heads, &rows)
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

/// Is a list asked for as a file?
fn is_file(format: &str) -> bool {
    matches!(format, "csv" | "xlsx")
}
