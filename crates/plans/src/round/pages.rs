//! The screens of reporting rounds: the lists of office and unit, opening one, its units, what one unit hands in.

mod list;
mod new;
mod show;
mod step;
mod unit;

use axum::http::Method;
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::web::Route;

use crate::acts::{
    ConfirmSubmission, ManageRounds, ReadRound, SubmitRound, ViewOwnRounds, ViewRounds,
};

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    let unit = "/workspace/rounds/{id}/units/{organ}";
    let mut routes = vec![
        Route::act::<ViewRounds, _, _>(get(), "/workspace/rounds", list::office),
        Route::act::<ViewOwnRounds, _, _>(get(), "/workspace/rounds/own", list::own),
        Route::act::<ManageRounds, _, _>(get(), "/workspace/rounds/new", new::ask),
        Route::act::<ManageRounds, _, _>(post(), "/workspace/rounds/new", new::open),
        Route::act::<ViewRounds, _, _>(get(), "/workspace/rounds/{id}", show::show),
        Route::act::<ManageRounds, _, _>(post(), "/workspace/rounds/{id}/remind", show::remind),
        Route::act::<ManageRounds, _, _>(post(), "/workspace/rounds/{id}/move", show::move_day),
        Route::act::<ManageRounds, _, _>(post(), "/workspace/rounds/{id}/fill", show::take_up),
        Route::act::<ManageRounds, _, _>(post(), "/workspace/rounds/{id}/step", show::step),
        Route::act::<ReadRound, _, _>(get(), unit, unit::show),
        Route::act::<ReadRound, _, _>(
            get(),
            "/workspace/rounds/{id}/units/{organ}/print",
            unit::print,
        ),
        Route::act::<ReadRound, _, _>(
            get(),
            "/workspace/rounds/{id}/units/{organ}/files/{file}",
            unit::file,
        ),
    ];
    routes.extend(steps());
    routes
}

fn steps() -> Vec<Route> {
    let post = || Method::POST;
    vec![
        Route::act::<ConfirmSubmission, _, _>(
            post(),
            "/workspace/rounds/{id}/units/{organ}/confirm",
            step::confirm,
        ),
        Route::act::<SubmitRound, _, _>(
            post(),
            "/workspace/rounds/{id}/units/{organ}/paper",
            step::paper,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<SubmitRound, _, _>(
            post(),
            "/workspace/rounds/{id}/units/{organ}/submit",
            step::submit,
        ),
        Route::act::<SubmitRound, _, _>(
            post(),
            "/workspace/rounds/{id}/units/{organ}/withdraw",
            step::withdraw,
        ),
        Route::act::<SubmitRound, _, _>(
            post(),
            "/workspace/rounds/{id}/units/{organ}/seal",
            step::seal,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ManageRounds, _, _>(
            post(),
            "/workspace/rounds/{id}/units/{organ}/decide",
            step::decide,
        ),
    ]
}
