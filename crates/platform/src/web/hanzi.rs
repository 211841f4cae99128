//! 繁體: pages of the public in traditional characters, converted as they leave (ADR 0014).
//!
//! The reader chooses by a link that sets a cookie. What is stored, searched and signed stays as it was written; a page that
//! cannot be converted goes out as it is.

mod rewrite;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use super::layers::cookie;
use super::problem::Problem;
use crate::portal::is_for_staff;

/// Where a reader's [`Hanzi`] are kept.
pub(super) const HANZI_COOKIE: &str = "gk_hanzi";
/// A larger page goes out as it is, in bytes.
const PAGE_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// What the tag of a converted page ends with: the same page in simplified characters has another.
const TAG_END: &str = "-hant\"";

/// The characters that a reader wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hanzi {
    Simplified,
    Traditional,
}

impl Hanzi {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "hans" => Some(Self::Simplified),
            "hant" => Some(Self::Traditional),
            _ => None,
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Simplified => "hans",
            Self::Traditional => "hant",
        }
    }

    #[must_use]
    pub fn is_traditional(self) -> bool {
        self == Self::Traditional
    }

    /// What the cookie says; simplified without one.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let chosen = cookie(headers, HANZI_COOKIE).and_then(Self::from_code);
        chosen.unwrap_or(Self::Simplified)
    }
}

/// The tables of one direction, unpacked at their first use; `None` where they cannot be.
fn tables(config: BuiltinConfig) -> Option<OpenCC> {
    OpenCC::from_config(config)
        .inspect_err(|error| {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "the tables of traditional characters cannot be read"
            );
        })
        .ok()
}

static TO_TRADITIONAL: LazyLock<Option<OpenCC>> = LazyLock::new(|| tables(BuiltinConfig::S2t));
static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> = LazyLock::new(|| tables(BuiltinConfig::T2s));

/// What the tables write otherwise than official papers in traditional characters do.
const AS_OFFICES_WRITE: [(&str, &str); 4] = [
    ("複議", "復議"),
    ("送籤", "送簽"),
    ("覈", "核"),
    ("爲", "為"),
];

fn in_traditional(tables: &OpenCC, text: &str) -> String {
    let mut text = tables.convert(text);
    for (table, office) in AS_OFFICES_WRITE {
        if text.contains(table) {
            text = text.replace(table, office);
        }
    }
    text
}

/// What somebody typed in traditional characters, as the records are written.
#[must_use]
pub fn in_simplified(text: &str) -> String {
    let tables = TO_SIMPLIFIED.as_ref();
    tables.map_or_else(|| text.to_owned(), |tables| tables.convert(text))
}

/// Converts pages of the public for readers who chose so.
pub(super) async fn layer(mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let served_as_is = is_for_staff(path) || path.starts_with("/assets/");
    if served_as_is || !Hanzi::of(request.headers()).is_traditional() {
        return next.run(request).await;
    }
    ask_for_converted(request.headers_mut());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_MODIFIED {
        // The tag that was asked for had the end, else it would not have been known.
        mark_tag(response.headers_mut());
        return response;
    }
    if !can_convert(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::new(Problem::INTERNAL).into_response();
    };
    match converted(bytes.clone()).await {
        Some(page) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            mark_tag(&mut parts.headers);
            Response::from_parts(parts, Body::from(page))
        }
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}

/// A whole page in memory, of a size that is converted.
fn can_convert(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"));
    let size = response.body().size_hint().exact();
    let fits = size.is_some_and(|size| (1..=PAGE_BYTES_MAX).contains(&size));
    let packed = response.headers().contains_key(header::CONTENT_ENCODING);
    let is_file = response.headers().contains_key(header::CONTENT_DISPOSITION);
    is_page && fits && !packed && !is_file
}

/// Beside the threads that serve: a long page takes tens of milliseconds.
async fn converted(page: Bytes) -> Option<String> {
    let work = move || {
        let tables = TO_TRADITIONAL.as_ref()?;
        let page = std::str::from_utf8(&page).ok()?;
        rewrite::page(page, &|text| in_traditional(tables, text))
    };
    tokio::task::spawn_blocking(work).await.ok().flatten()
}

/// Handlers know the tag of the page in simplified characters: who has only that one has to be sent the page.
fn ask_for_converted(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    let known: Vec<String> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|tag| Some(format!("{}\"", tag.trim().strip_suffix(TAG_END)?)))
        .collect();
    headers.remove(header::IF_NONE_MATCH);
    if let Ok(known) = HeaderValue::from_str(&known.join(", "))
        && !known.is_empty()
    {
        headers.insert(header::IF_NONE_MATCH, known);
    }
}

fn mark_tag(headers: &mut HeaderMap) {
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let marked = tag.and_then(|tag| Some(format!("{}{TAG_END}", tag.strip_suffix('"')?)));
    if let Some(marked) = marked.and_then(|marked| HeaderValue::from_str(&marked).ok()) {
        headers.insert(header::ETAG, marked);
    }
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
}
