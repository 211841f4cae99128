//! The system administrator's pages of sites: all of them, one as a form, and a look before it is kept.

mod edit;
mod list;
mod typed;

use axum::extract::{Path, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};

use super::acts::ManagePortals;
use super::emblem::EMBLEM_BYTES_MAX;
use crate::access::Act as _;
use crate::web::{App, NavItem, Problem, Route};

const DESK: &str = "/workspace/admin/sites";
/// The picture and the form around it.
const FORM_BYTES_MAX: usize = 4 * EMBLEM_BYTES_MAX + 64 * 1024;

/// The routes of the sites' pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/emblem/{name}", emblem),
        Route::act::<ManagePortals, _, _>(get(), "/workspace/admin/sites", list::show),
        Route::act::<ManagePortals, _, _>(get(), "/workspace/admin/sites/new", edit::blank),
        Route::act::<ManagePortals, _, _>(post(), "/workspace/admin/sites/new", edit::open)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ManagePortals, _, _>(get(), "/workspace/admin/sites/{id}", edit::show),
        Route::act::<ManagePortals, _, _>(post(), "/workspace/admin/sites/{id}", edit::change)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ManagePortals, _, _>(post(), "/workspace/admin/sites/{id}/close", edit::close),
    ]
}

/// The menu entry.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "管理",
        title: "站点",
        path: DESK,
        act: ManagePortals::ROW,
    }]
}

/// `GET /emblem/{hash}.png`: named by its content, so it may be kept for ever.
async fn emblem(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Problem> {
    let hash = name.strip_suffix(".png").ok_or_else(Problem::not_found)?;
    let known = app.portals().get(&app).await?;
    let png = known.emblem(hash).ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, png.to_vec()).into_response())
}
