//! The screens of terms: which cases have reached theirs, one case with what goes and what stays, the terms themselves.

mod list;
mod show;
mod terms;

use axum::http::Method;
use gongkai_platform::web::Route;

use crate::acts::{ApproveErasure, KeepRetention, ViewRetention};

const PATH: &str = "/workspace/requests/retention";
const TERMS: &str = "/workspace/requests/retention/terms";

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &str = "/workspace/requests/{id}/retention";
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewRetention, _, _>(get(), PATH, list::list),
        Route::act::<KeepRetention, _, _>(post(), PATH, list::propose),
        Route::act::<ViewRetention, _, _>(get(), TERMS, terms::ask),
        Route::act::<ApproveErasure, _, _>(post(), TERMS, terms::save),
        Route::act::<ViewRetention, _, _>(get(), ONE, show::show),
        Route::act::<KeepRetention, _, _>(post(), ONE, show::keep),
        Route::act::<ApproveErasure, _, _>(
            post(),
            "/workspace/requests/{id}/retention/decision",
            show::decide,
        ),
    ]
}
