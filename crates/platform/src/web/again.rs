//! A form that was refused comes back on the page that it stood on, with what was typed and why it was refused.
//!
//! Handlers answer with a [`Problem`], as to everything else. The layer asks the page that the browser came from once
//! more, with [`Again`] in its shell: the frame shows the reasons, the fields show what was typed.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tower::ServiceExt as _;

use super::app::App;
use super::form::FormErrors;
use super::layers::{CLIENT_BODY_BYTES_MAX, ClientAddress, RequestNumber, cookie};
use super::local::local_path;
use super::problem::Problem;
use super::shell::{PAGE_HEADER, came_from};
use crate::access::Session;
use crate::portal::{Face, is_for_staff};

/// The page behind an answer to a form, since that answer's address may have none: `address.page`, both encoded.
const STANDS_ON_COOKIE: &str = "gk_form";

/// What the error summary of `workspace.html` says of the fields, what is said where the page shows none of them, and where
/// there were none: a button was pressed.
const STILL_THERE: &str = "填写的内容还在下面。";
const AFRESH: &str = "下面是系统里现在的内容，刚才填写的没有带过来，请按“后退”取回或重新填写。";
const PRESSED: &str = "下面是系统里现在的内容。";

/// Fields that nobody types, whatever form they are in.
const CARRIED: [&str; 3] = ["version", "step", "organ"];

/// What was sent and what is wrong with it; nothing of both on a page that was opened afresh.
#[derive(Debug, Clone, Default)]
pub struct Again {
    pub errors: FormErrors,
    fields: Vec<(String, String)>,
    /// Has the page asked for one of the fields?
    asked: Arc<AtomicBool>,
}

impl Again {
    #[must_use]
    pub fn new(errors: FormErrors, fields: Vec<(String, String)>) -> Self {
        Self {
            errors,
            fields,
            asked: Arc::default(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// What was typed into a field; empty where nothing was.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.nth(field, &1)
    }

    /// What was typed into a field, or what a fresh form holds there.
    #[must_use]
    pub fn text_or<'a>(&'a self, field: &str, fresh: &'a str) -> &'a str {
        if self.sent(field) {
            self.text(field)
        } else {
            fresh
        }
    }

    /// What was typed into the n-th field of that name, counted from 1.
    #[must_use]
    pub fn nth(&self, field: &str, n: &usize) -> &str {
        self.sent(field);
        let mut named = self.fields.iter().filter(|(name, _)| name == field);
        named
            .nth(n.saturating_sub(1))
            .map_or("", |(_, value)| value)
    }

    /// Was this box ticked, this line chosen?
    #[must_use]
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.sent(field);
        self.fields
            .iter()
            .any(|(name, sent)| name == field && sent == value)
    }
}

impl Again {
    /// Was there such a field? Then what was typed is on the page.
    fn sent(&self, field: &str) -> bool {
        let sent = self.fields.iter().any(|(name, _)| name == field);
        self.asked.fetch_or(sent, Ordering::Relaxed);
        sent
    }
}

/// A form on its way to its handler, with all that its page would need to be shown once more.
pub(super) struct Sent {
    fields: Vec<(String, String)>,
    page: Uri,
    headers: HeaderMap,
    extensions: Extensions,
}

/// Reads a form of staff without files; the request goes on as it came. `None` for everything else.
pub(super) async fn sent(request: Request) -> (Request, Option<Sent>) {
    let Some(page) = page_of(&request) else {
        return (request, None);
    };
    let (parts, body) = request.into_parts();
    // The length was looked at: this fails where the connection does, and the handler then says so.
    let Ok(bytes) = to_bytes(body, CLIENT_BODY_BYTES_MAX).await else {
        return (Request::from_parts(parts, Body::empty()), None);
    };
    let sent = serde_html_form::from_bytes(&bytes).ok().map(|fields| Sent {
        fields,
        page,
        headers: parts.headers.clone(),
        extensions: carried(&parts.extensions),
    });
    (Request::from_parts(parts, Body::from(bytes)), sent)
}

/// The page that the form stood on.
fn page_of(request: &Request) -> Option<Uri> {
    let headers = request.headers();
    let text = |name| headers.get(name)?.to_str().ok();
    let bytes = usize::try_from(request.body().size_hint().upper()?).ok()?;
    let kind = text(header::CONTENT_TYPE)?;
    if request.method() != Method::POST
        || bytes > CLIENT_BODY_BYTES_MAX
        || !kind.starts_with("application/x-www-form-urlencoded")
    {
        return None;
    }
    let page: Uri = page_before(headers)?.parse().ok()?;
    is_for_staff(page.path()).then_some(page)
}

/// The page that led to this request; where that was itself the answer to a form, the page on which the form stood.
pub(super) fn page_before(headers: &HeaderMap) -> Option<String> {
    let from = came_from(headers)?;
    Some(stood_on(headers, &from).unwrap_or(from))
}

/// What the browser has to remember when the answer to this request is a page: where its form stood.
pub(super) fn stands_on(request: &Request) -> Option<HeaderValue> {
    if request.method() != Method::POST {
        return None;
    }
    let page = page_before(request.headers())?;
    let address = request.uri().path_and_query()?;
    let cookie = format!(
        "{STANDS_ON_COOKIE}={}.{}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax",
        utf8_percent_encode(address.as_str(), NON_ALPHANUMERIC),
        utf8_percent_encode(&page, NON_ALPHANUMERIC),
    );
    HeaderValue::from_str(&cookie).ok()
}

/// An address that only takes forms was opened: the page on which its form stood, where the browser remembers it.
pub(super) async fn opened(request: Request) -> Response {
    let address = request.uri().path_and_query();
    let page = address.and_then(|address| stood_on(request.headers(), address.as_str()));
    match page.filter(|_| request.method() == Method::GET) {
        Some(page) => Redirect::to(&page).into_response(),
        None => Problem::not_found().into_response(),
    }
}

fn stood_on(headers: &HeaderMap, from: &str) -> Option<String> {
    let (address, page) = cookie(headers, STANDS_ON_COOKIE)?.split_once('.')?;
    let decode = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    let page = decode(page)?;
    (decode(address)? == from && local_path(&page, "") == page).then_some(page)
}

/// What the layers put beside a request, without what the router found in its address.
fn carried(extensions: &Extensions) -> Extensions {
    let mut carried = Extensions::new();
    if let Some(one) = extensions.get::<Session>() {
        carried.insert(one.clone());
    }
    if let Some(one) = extensions.get::<Face>() {
        carried.insert(one.clone());
    }
    if let Some(one) = extensions.get::<ClientAddress>() {
        carried.insert(*one);
    }
    if let Some(one) = extensions.get::<RequestNumber>() {
        carried.insert(one.clone());
    }
    carried
}

/// The reasons of a problem that a person can mend in the form, each with its field.
fn errors(problem: &Problem) -> Option<FormErrors> {
    let row = problem.row;
    if ![Problem::REFUSED, Problem::BAD_REQUEST, Problem::STALE].contains(&row) {
        return None;
    }
    let mut errors = FormErrors::default();
    for (n, detail) in problem.details.iter().enumerate() {
        errors.add(problem.fields.get(n).copied().unwrap_or_default(), detail);
    }
    if errors.is_empty() {
        errors.add("", format!("{}。{}", row.title, row.advice));
    }
    Some(errors)
}

impl Sent {
    /// The page with the form, as it answers to this problem; `None` where a page of its own says it better.
    pub(super) async fn again(self, pages: Router, problem: &Problem) -> Option<Response> {
        let errors = errors(problem)?;
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = self.page;
        *request.headers_mut() = self.headers;
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
            request.headers_mut().remove(name);
        }
        *request.extensions_mut() = self.extensions;
        let again = Again::new(errors, self.fields.clone());
        let asked = Arc::clone(&again.asked);
        request.extensions_mut().insert(again);
        let answer: Result<Response, Infallible> = pages.oneshot(request).await;
        let Ok(mut response) = answer;
        if !response.status().is_success() || !response.headers().contains_key(PAGE_HEADER) {
            return None;
        }
        *response.status_mut() = problem.status();
        if asked.load(Ordering::Relaxed) {
            Some(response)
        } else {
            says_afresh(response, &self.fields).await
        }
    }
}

/// The page shows what is stored: it must not say that what was typed stands there.
async fn says_afresh(response: Response, fields: &[(String, String)]) -> Option<Response> {
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, usize::MAX).await.ok()?;
    let page = std::str::from_utf8(&page).ok()?;
    let typed = fields
        .iter()
        .any(|(name, value)| !value.is_empty() && !is_carried(name, page));
    let said = if typed { AFRESH } else { PRESSED };
    let page = page.replacen(STILL_THERE, said, 1);
    parts.headers.remove(header::CONTENT_LENGTH);
    Some(Response::from_parts(parts, Body::from(page)))
}

/// Does the form carry this field by itself, as the page shows it: hidden wherever it stands?
fn is_carried(name: &str, page: &str) -> bool {
    let field = format!(" name=\"{name}\"");
    let there = page.matches(&field).count();
    let hidden = page.matches(&format!("type=\"hidden\"{field}")).count();
    CARRIED.contains(&name) || there > 0 && there == hidden
}

/// Everything that a page may be asked from, inside the layers that the first request passed through.
pub(super) fn pages(router: &Router<App>, app: &App) -> Router {
    router
        .clone()
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::not_found())
        .with_state(app.clone())
}

#[cfg(test)]
mod tests {
    use super::is_carried;

    #[test]
    fn what_a_form_carries_by_itself_was_not_typed() {
        let page = "<form><input type=\"hidden\" name=\"act\" value=\"x\"></form>\
             <form><input type=\"hidden\" name=\"text\" value=\"\"><textarea id=\"why\" name=\"why\"></textarea></form>\
             <form><input id=\"text\" name=\"text\"></form>";
        for (name, carried) in [
            ("version", true),
            ("act", true),
            ("text", false),
            ("why", false),
            ("gone", false),
        ] {
            assert_eq!(is_carried(name, page), carried, "{name}");
        }
    }
}
