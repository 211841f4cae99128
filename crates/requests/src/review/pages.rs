//! The screens of reviews and suits.

mod keep;
mod list;
mod show;
mod terms;

use axum::http::Method;
use gongkai_platform::web::Route;

use crate::acts::{KeepReviews, SetReviews, ViewReviews};

const PATH: &str = "/workspace/requests/reviews";
const TERMS: &str = "/workspace/requests/reviews/terms";

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewReviews, _, _>(get(), "/workspace/requests/reviews", list::list),
        Route::act::<KeepReviews, _, _>(get(), "/workspace/requests/reviews/new", keep::ask),
        Route::act::<KeepReviews, _, _>(post(), "/workspace/requests/reviews/new", keep::note),
        Route::act::<ViewReviews, _, _>(get(), TERMS, terms::ask),
        Route::act::<SetReviews, _, _>(post(), TERMS, terms::save),
        Route::act::<ViewReviews, _, _>(get(), "/workspace/requests/reviews/{id}", show::show),
        Route::act::<KeepReviews, _, _>(
            get(),
            "/workspace/requests/reviews/{id}/amend",
            keep::ask_amend,
        ),
        Route::act::<KeepReviews, _, _>(
            post(),
            "/workspace/requests/reviews/{id}/amend",
            keep::amend,
        ),
        Route::act::<KeepReviews, _, _>(post(), "/workspace/requests/reviews/{id}/end", show::end),
        Route::act::<KeepReviews, _, _>(
            post(),
            "/workspace/requests/reviews/{id}/remove",
            show::remove,
        ),
    ]
}
