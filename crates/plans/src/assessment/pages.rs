//! The screens of scores: schemes, periods, the table of units, a unit's sheet with its appeals, files.

mod files;
mod list;
mod scheme;
mod sheet;
mod show;
mod step;

use axum::http::Method;
use gongkai_platform::access::Scope;
use gongkai_platform::attachment::FORM_BYTES_MAX;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{Route, Shell};

use super::store::{self, Side};
use super::{Period, PeriodId};
use crate::acts::{
    AppealScore, ApproveScores, ManageScores, ReadScores, ViewOwnScores, ViewScores,
};
use crate::lookup::scope_of;

/// A scheme as JSON, pasted into a form.
const SCHEME_BYTES_MAX: usize = 1024 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewScores, _, _>(get(), "/workspace/scores", list::office),
        Route::act::<ViewOwnScores, _, _>(get(), "/workspace/scores/own", list::own),
        Route::act::<ManageScores, _, _>(post(), "/workspace/scores/new", list::open),
        Route::act::<ManageScores, _, _>(get(), "/workspace/scores/scheme", scheme::show),
        Route::act::<ManageScores, _, _>(post(), "/workspace/scores/scheme", scheme::save)
            .body_bytes_max(SCHEME_BYTES_MAX),
        Route::act::<ManageScores, _, _>(post(), "/workspace/scores/scheme/import", scheme::import)
            .body_bytes_max(SCHEME_BYTES_MAX),
        Route::act::<ManageScores, _, _>(get(), "/workspace/scores/scheme/file", scheme::file),
        Route::act::<ReadScores, _, _>(get(), "/workspace/scores/{id}", show::show),
        Route::act::<ReadScores, _, _>(get(), "/workspace/scores/{id}/file", files::overall),
        Route::act::<ManageScores, _, _>(post(), "/workspace/scores/{id}/step", step::take),
        Route::act::<ManageScores, _, _>(
            post(),
            "/workspace/scores/{id}/judge-rest",
            step::judge_rest,
        ),
        Route::act::<ApproveScores, _, _>(post(), "/workspace/scores/{id}/decide", step::decide),
        Route::act::<ReadScores, _, _>(get(), "/workspace/scores/{id}/units/{organ}", sheet::show),
        Route::act::<ReadScores, _, _>(
            get(),
            "/workspace/scores/{id}/units/{organ}/file",
            files::sheet,
        ),
        Route::act::<ManageScores, _, _>(
            post(),
            "/workspace/scores/{id}/units/{organ}/judge",
            step::judge,
        ),
        Route::act::<AppealScore, _, _>(
            post(),
            "/workspace/scores/{id}/units/{organ}/appeal",
            step::appeal,
        )
        .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ManageScores, _, _>(
            post(),
            "/workspace/scores/{id}/units/{organ}/appeals/{appeal}",
            step::decide_appeal,
        ),
        Route::act::<ReadScores, _, _>(
            get(),
            "/workspace/scores/{id}/units/{organ}/appeals/{appeal}/files/{file}",
            files::proof,
        ),
    ]
}

/// As whom a person sees a period.
#[derive(Debug, Clone)]
enum Sees {
    /// The office: everything, what-if too.
    Office,
    /// The principal and those above: what waits for approval, what is locked.
    Above,
    /// A unit: its own sheet alone.
    Unit(Scope),
}

async fn seen(
    tx: &mut Tx,
    shell: &Shell,
    id: PeriodId,
) -> Result<Option<(Period, Sees)>, StoreError> {
    let office = scope_of::<ManageScores>(shell.person.as_ref());
    if let Some(period) = store::load(tx, Side::Office(&office), id).await? {
        return Ok(Some((period, Sees::Office)));
    }
    let above = scope_of::<ViewScores>(shell.person.as_ref());
    if let Some(period) = store::load(tx, Side::Above(&above), id).await? {
        return Ok(Some((period, Sees::Above)));
    }
    let units = scope_of::<ViewOwnScores>(shell.person.as_ref());
    let own = store::load(tx, Side::Unit(&units), id).await?;
    Ok(own.map(|period| (period, Sees::Unit(units))))
}
