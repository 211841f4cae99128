//! The screens of 督办: choosing rows, the lists of office and unit, one 督办单.

mod list;
mod new;
mod show;
mod step;

use axum::http::Method;
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::web::Route;

use crate::acts::{
    AnswerSupervision, ApproveSupervision, ManageSupervision, ReadSupervision, ViewOwnSupervision,
    ViewSupervision,
};

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewSupervision, _, _>(get(), "/workspace/supervision", list::office),
        Route::act::<ViewOwnSupervision, _, _>(get(), "/workspace/supervision/own", list::own),
        Route::act::<ManageSupervision, _, _>(get(), "/workspace/supervision/new", new::ask),
        Route::act::<ManageSupervision, _, _>(post(), "/workspace/supervision/new", new::choose),
        Route::act::<ManageSupervision, _, _>(post(), "/workspace/supervision/nudge", new::nudge),
        Route::act::<ManageSupervision, _, _>(post(), "/workspace/supervision/draft", new::draft),
        Route::act::<ApproveSupervision, _, _>(
            post(),
            "/workspace/supervision/pattern",
            step::pattern,
        ),
        Route::act::<ReadSupervision, _, _>(get(), "/workspace/supervision/{id}", show::show),
        Route::act::<ReadSupervision, _, _>(
            get(),
            "/workspace/supervision/{id}/print",
            show::print,
        ),
        Route::act::<ReadSupervision, _, _>(
            get(),
            "/workspace/supervision/{id}/replies/{reply}/files/{file}",
            show::file,
        ),
        Route::act::<ManageSupervision, _, _>(
            post(),
            "/workspace/supervision/{id}/revise",
            step::revise,
        ),
        Route::act::<ManageSupervision, _, _>(
            post(),
            "/workspace/supervision/{id}/step",
            step::take,
        ),
        Route::act::<ApproveSupervision, _, _>(
            post(),
            "/workspace/supervision/{id}/decide",
            step::decide,
        ),
        Route::act::<AnswerSupervision, _, _>(
            post(),
            "/workspace/supervision/{id}/receive",
            step::receive,
        ),
        Route::act::<AnswerSupervision, _, _>(
            post(),
            "/workspace/supervision/{id}/reply",
            step::reply,
        )
        .body_bytes_max(FORM_BYTES_MAX),
    ]
}
