//! What an address and a form carry, read into a type. What does not fit is refused as every page refuses.
//!
//! Both read repeated names as lists and an empty field as none. Signs that nobody sees never reach a store: see [`plain`].

use std::borrow::Cow;

use axum::extract::rejection::RawFormRejection;
use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// What a person reads whose text holds the character NUL: no text of people has it, and PostgreSQL takes none with it.
const NUL_SAID: &str = "填写的内容里夹着看不见的空字符，没有保存。它多半是从别的程序复制来的：请把刚粘贴的文字先贴到记事本，再从那里复制过来，或者手工输入。";

/// Signs of the keyboard and the printer of old that no page shows and no file format takes; tabs and ends of lines are text.
const fn is_control(sign: u8) -> bool {
    sign < b' ' && !matches!(sign, b'\t' | b'\n' | b'\r')
}

fn nul() -> Problem {
    Problem::new(Problem::BAD_REQUEST).detail(NUL_SAID)
}

/// A text of a form as it may be kept: a control sign, such as Word's break of a line, becomes a blank.
///
/// # Errors
/// When it holds the character NUL.
pub(crate) fn plain(text: String) -> Result<String, Problem> {
    if text.contains('\0') {
        return Err(nul());
    }
    if !text.bytes().any(is_control) {
        return Ok(text);
    }
    let sign = |c: char| match u8::try_from(c) {
        Ok(sign) if is_control(sign) => ' ',
        _ => c,
    };
    Ok(text.chars().map(sign).collect())
}

/// The same of `a=…&b=…`, where a sign may be written as it is or as `%0B`.
fn plain_fields(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Problem> {
    if !bytes.iter().any(|sign| *sign == b'%' || is_control(*sign)) {
        return Ok(Cow::Borrowed(bytes));
    }
    let hex = |digit: &u8| char::from(*digit).to_digit(16);
    let mut made = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let written = match rest {
            [b'%', high, low, ..] => hex(high).zip(hex(low)),
            _ => None,
        };
        let (sign, next) = match written {
            Some((high, low)) => (
                u8::try_from(high * 16 + low).unwrap_or(b' '),
                rest.get(3..).unwrap_or_default(),
            ),
            None => (*first, after),
        };
        if sign == 0 {
            return Err(nul());
        }
        if is_control(sign) {
            made.push(b'+');
        } else {
            let length = rest.len() - next.len();
            made.extend_from_slice(rest.get(..length).unwrap_or_default());
        }
        rest = next;
    }
    Ok(Cow::Owned(made))
}

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
    serde_html_form::from_bytes(&plain_fields(bytes)?).map_err(|error| {
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

    #[test]
    fn signs_that_nobody_sees_are_taken_out_and_nul_is_named() {
        let text = |query: &str| Query::<Fields>::of(query).unwrap().0.text.unwrap();
        assert_eq!(text("text=a%0Bb%1fc"), "a b c");
        assert_eq!(text("text=a%0D%0Ab%09c"), "a\r\nb\tc");
        assert_eq!(text("text=100%25%E5%B8%82"), "100%市");
        assert_eq!(text("text=a\u{c}b"), "a b");
        assert_eq!(plain("a\u{b}b\n\t市".to_owned()).unwrap(), "a b\n\t市");
        for refused in [
            Query::<Fields>::of("text=a\0").unwrap_err(),
            Query::<Fields>::of("text=a%00").unwrap_err(),
            plain("a\0".to_owned()).unwrap_err(),
        ] {
            assert!(refused.details[0].contains("看不见的空字符"), "{refused:?}");
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
