//! The screens of bulletins: lists, choosing facts, one bulletin with its editing, approval, replies and re-checks.

mod list;
mod new;
mod show;
mod step;

use axum::http::Method;
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::web::Route;

use crate::acts::{
    AnswerBulletin, ApproveBulletin, DraftBulletin, ReadBulletin, ViewBulletins, ViewOwnBulletins,
};

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewBulletins, _, _>(get(), "/workspace/bulletins", list::office),
        Route::act::<ViewOwnBulletins, _, _>(get(), "/workspace/bulletins/own", list::own),
        Route::act::<DraftBulletin, _, _>(get(), "/workspace/bulletins/new", new::ask),
        Route::act::<DraftBulletin, _, _>(post(), "/workspace/bulletins/new", new::draft),
        Route::act::<DraftBulletin, _, _>(post(), "/workspace/bulletins/rules", step::rules),
        Route::act::<ReadBulletin, _, _>(get(), "/workspace/bulletins/{id}", show::show),
        Route::act::<ReadBulletin, _, _>(get(), "/workspace/bulletins/{id}/print", show::print),
        Route::act::<ReadBulletin, _, _>(
            get(),
            "/workspace/bulletins/{id}/units/{organ}/files/{file}",
            show::file,
        ),
        Route::act::<DraftBulletin, _, _>(post(), "/workspace/bulletins/{id}/revise", step::revise),
        Route::act::<DraftBulletin, _, _>(post(), "/workspace/bulletins/{id}/step", step::take),
        Route::act::<ApproveBulletin, _, _>(
            post(),
            "/workspace/bulletins/{id}/decide",
            step::decide,
        ),
        Route::act::<DraftBulletin, _, _>(
            post(),
            "/workspace/bulletins/{id}/recheck",
            step::recheck,
        ),
        Route::act::<AnswerBulletin, _, _>(post(), "/workspace/bulletins/{id}/reply", step::reply)
            .body_bytes_max(FORM_BYTES_MAX),
    ]
}
