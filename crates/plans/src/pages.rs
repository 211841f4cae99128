//! The screens: extractors, view structs, answers. No rules and no SQL here.

mod start;

use axum::http::Method;
use gongkai_platform::web::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::signed_in(Method::GET, "/workspace", start::show)]
}
