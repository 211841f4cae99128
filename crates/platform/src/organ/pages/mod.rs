//! The screens of the directory.

mod collective;
mod edit;
mod import;
mod list;
mod profile;
mod retire;
mod show;
#[cfg(test)]
mod tests;
mod view;

use axum::http::Method;

use super::acts::{EditOrgans, ViewOrgans};
use super::import::FILE_BYTES_MAX;
use crate::access::Act as _;
use crate::web::{NavItem, Route};

/// A form around an uploaded list.
const UPLOAD_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;
/// A read list on its way from preview to confirmation; percent-encoding triples Chinese text.
const CONFIRM_BYTES_MAX: usize = 8 * FILE_BYTES_MAX;

/// The routes of this capability.
#[must_use]
pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let mut routes = vec![
        Route::act::<ViewOrgans, _, _>(get.clone(), "/workspace/organs", list::list),
        Route::act::<ViewOrgans, _, _>(get.clone(), "/workspace/organs/{id}", show::show),
    ];
    routes.extend(edit_routes(&get, &post));
    routes.extend(collective_routes(&get, &post));
    routes
}

fn edit_routes(get: &Method, post: &Method) -> Vec<Route> {
    vec![
        Route::act::<EditOrgans, _, _>(get.clone(), "/workspace/organs/new", edit::new_page),
        Route::act::<EditOrgans, _, _>(post.clone(), "/workspace/organs/new", edit::create),
        Route::act::<EditOrgans, _, _>(get.clone(), "/workspace/organs/import", import::form_page),
        Route::act::<EditOrgans, _, _>(post.clone(), "/workspace/organs/import", import::preview)
            .body_bytes_max(UPLOAD_BYTES_MAX),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/import/confirm",
            import::confirm,
        )
        .body_bytes_max(CONFIRM_BYTES_MAX),
        Route::act::<EditOrgans, _, _>(get.clone(), "/workspace/organs/{id}/edit", edit::edit_page),
        Route::act::<EditOrgans, _, _>(post.clone(), "/workspace/organs/{id}/edit", edit::revise),
        Route::act::<EditOrgans, _, _>(
            get.clone(),
            "/workspace/organs/{id}/rename",
            edit::rename_page,
        ),
        Route::act::<EditOrgans, _, _>(
            get.clone(),
            "/workspace/organs/{id}/profile",
            profile::show,
        ),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/{id}/profile",
            profile::change,
        ),
        Route::act::<EditOrgans, _, _>(post.clone(), "/workspace/organs/{id}/rename", edit::rename),
        Route::act::<EditOrgans, _, _>(
            get.clone(),
            "/workspace/organs/{id}/merge",
            retire::merge_page,
        ),
        Route::act::<EditOrgans, _, _>(post.clone(), "/workspace/organs/{id}/merge", retire::merge),
        Route::act::<EditOrgans, _, _>(
            get.clone(),
            "/workspace/organs/{id}/dissolve",
            retire::dissolve_page,
        ),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/{id}/dissolve",
            retire::dissolve,
        ),
        Route::act::<EditOrgans, _, _>(
            get.clone(),
            "/workspace/organs/{id}/reinstate",
            retire::reinstate_page,
        ),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/{id}/reinstate",
            retire::reinstate,
        ),
    ]
}

fn collective_routes(get: &Method, post: &Method) -> Vec<Route> {
    vec![
        Route::act::<ViewOrgans, _, _>(
            get.clone(),
            "/workspace/organs/collectives",
            collective::list,
        ),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/collectives",
            collective::create,
        ),
        Route::act::<ViewOrgans, _, _>(
            get.clone(),
            "/workspace/organs/collectives/{key}",
            collective::show,
        ),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/collectives/{key}",
            collective::save,
        ),
        Route::act::<EditOrgans, _, _>(
            post.clone(),
            "/workspace/organs/collectives/{key}/delete",
            collective::delete,
        ),
    ]
}

/// The menu entries of this capability.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "管理",
        title: "机关名录",
        path: "/workspace/organs",
        act: ViewOrgans::ROW,
    }]
}
