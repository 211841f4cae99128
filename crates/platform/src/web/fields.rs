//! What an address and a form carry, read into a type. What does not fit is refused as every page refuses.
//!
//! Both read repeated names as lists and an empty field as none.

use axum::extract::rejection::RawFormRejection;
use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// No text of people holds it, and PostgreSQL takes none with it.
const NUL: &[u8] = b"%00";

/// The part of an address behind `?`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> Query<T> {
    /// Reads `a=…&b=…`; refuses what is no `T`.
    pub fn of(query: &str) -> Result<Self, Problem> {
        read(query.as_bytes()).map(Self)
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(parts.uri.query().unwrap_or_default())
    }
}

/// The fields of a form without files; of a list's filter too, which arrives in the address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let RawForm(bytes): RawForm = RawForm::from_request(request, state)
            .await
            .map_err(RawFormRejection::into_response)?;
        read(&bytes).map(Self).map_err(Problem::into_response)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.windows(NUL.len()).any(|part| part == NUL) {
        return Err(Problem::new(Problem::BAD_REQUEST));
    }
    serde_html_form::from_bytes(bytes).map_err(|error| {
        tracing::debug!(%error, "fields that do not fit");
        Problem::new(Problem::BAD_REQUEST)
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::CONTENT_TYPE;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Fields {
        #[serde(default)]
        organ: Vec<String>,
        page: Option<i64>,
        text: Option<String>,
    }

    #[test]
    fn repeated_names_are_a_list_and_empty_fields_none() {
        let Query(fields) = Query::<Fields>::of("organ=a&organ=%E5%B8%82&page=&text=").unwrap();
        let want = Fields {
            organ: vec!["a".into(), "市".into()],
            page: None,
            text: None,
        };
        assert_eq!(fields, want);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for query in ["page=first", "page=1&page=2", "text=%00"] {
            let refused = Query::<Fields>::of(query).unwrap_err();
            assert_eq!(refused.row, Problem::BAD_REQUEST, "{query}");
        }
    }

    #[tokio::test]
    async fn a_form_of_another_kind_is_refused() {
        for (kind, status) in [
            ("application/x-www-form-urlencoded", 200),
            ("text/plain", 415),
        ] {
            let request = Request::post("/")
                .header(CONTENT_TYPE, kind)
                .body(Body::from("page=7"))
                .unwrap();
            let got = match Form::<Fields>::from_request(request, &()).await {
                Ok(Form(fields)) => {
                    assert_eq!(fields.page, Some(7));
                    200
                }
                Err(response) => response.status().as_u16(),
            };
            assert_eq!(got, status, "{kind}");
        }
    }
}
