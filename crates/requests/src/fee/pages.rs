//! The fee of a request, worked out on a page.

use askama::Template;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::web::{FormErrors, Problem, Query, Route, Shell, page};
use serde::Deserialize;

use super::{FeeScheme, Quote, count};
use crate::acts::ViewLetters;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::act::<ViewLetters, _, _>(
        Method::GET,
        "/workspace/requests/fee",
        show,
    )]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    scheme: String,
    count: String,
}

#[derive(Template)]
#[template(path = "fee/show.html")]
struct FeePage {
    shell: Shell,
    asked: Asked,
    quote: Option<Quote>,
    errors: FormErrors,
}

impl FeePage {
    fn schemes(&self) -> Vec<(&'static str, &'static str)> {
        FeeScheme::options()
    }
}

/// `GET /workspace/requests/fee?scheme=pages&count=68`
async fn show(
    shell: Shell,
    _: Permit<ViewLetters>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let scheme = FeeScheme::from_code(&asked.scheme).unwrap_or(FeeScheme::ByPage);
    let mut errors = FormErrors::default();
    let mut quote = None;
    if !asked.count.trim().is_empty() {
        match count(scheme, &asked.count).and_then(|n| scheme.quote(n)) {
            Ok(found) => quote = Some(found),
            Err(error) => errors.add("count", error.sentence()),
        }
    }
    let refused = !errors.is_empty();
    let mut response = page(&FeePage {
        shell,
        asked: Asked {
            scheme: scheme.code().to_owned(),
            count: asked.count,
        },
        quote,
        errors,
    })?;
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}
