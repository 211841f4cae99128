//! The screens of findings: the office's list, the unit's list, one finding, recording one.

mod list;
mod record;
mod show;
mod verify;

use axum::http::Method;

use super::acts::{HandleFinding, MendFinding, ReadFinding, ViewFindings, ViewOwnFindings};
use super::handle::FindingError;
use crate::access::Act as _;
use crate::attachment::FORM_BYTES_MAX;
use crate::web::{FormErrors, NavItem, Problem, Route};

const LIST: &str = "/workspace/findings";
const OWN: &str = "/workspace/findings/own";

/// The routes of findings.
#[must_use]
pub fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewFindings, _, _>(get(), "/workspace/findings", list::office),
        Route::act::<ViewOwnFindings, _, _>(get(), "/workspace/findings/own", list::own),
        Route::act::<HandleFinding, _, _>(get(), "/workspace/findings/new", record::ask),
        Route::act::<HandleFinding, _, _>(post(), "/workspace/findings/new", record::save),
        Route::act::<HandleFinding, _, _>(post(), "/workspace/findings/verify", verify::verify),
        Route::act::<ReadFinding, _, _>(get(), "/workspace/findings/{id}", show::show),
        Route::act::<HandleFinding, _, _>(
            post(),
            "/workspace/findings/{id}/decide",
            show::decide_step,
        ),
        Route::act::<MendFinding, _, _>(post(), "/workspace/findings/{id}/mend", show::mend_step)
            .body_bytes_max(FORM_BYTES_MAX),
        Route::act::<ReadFinding, _, _>(get(), "/workspace/findings/{id}/files/{file}", show::file),
    ]
}

/// The menu: 监督.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let entry = |title, path, act| NavItem {
        group: "监督",
        title,
        path,
        act,
    };
    vec![
        entry("问题清单", LIST, ViewFindings::ROW),
        entry("本单位问题", OWN, ViewOwnFindings::ROW),
    ]
}

impl From<FindingError> for Problem {
    fn from(error: FindingError) -> Self {
        match error {
            FindingError::NotFound => Self::not_found(),
            FindingError::Refused(refusals) => {
                Self::refused(refusals.into_iter().map(|(_, sentence)| sentence).collect())
            }
            FindingError::Store(error) => error.into(),
        }
    }
}

fn form_errors(refusals: Vec<(&'static str, String)>) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, sentence) in refusals {
        errors.add(field, sentence);
    }
    errors
}
