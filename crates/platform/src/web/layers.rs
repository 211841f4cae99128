//! What every request passes through, outermost first: number and log span, panic net, security headers, limits,
//! traditional characters, protection against foreign forms, the session, and last the rendering of problems.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tracing::Instrument as _;

use super::again;
use super::app::App;
use super::hanzi;
use super::hot;
use super::open::OPEN;
use super::problem::Problem;
use super::shell::{self, FLASH_COOKIE, PAGE_HEADER, Shell};
use crate::{account, portal};

/// A form's body; uploads name their own limit in the route table.
pub const CLIENT_BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Bytes of an address: what nginx takes in front of us, too.
const ADDRESS_BYTES_MAX: usize = 8 * 1024;
pub const SESSION_COOKIE: &str = "gk_session";
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The number of a request, which error pages show and the log carries.
#[derive(Debug, Clone)]
pub(super) struct RequestNumber(pub(super) String);

/// Where the request came from, proxies taken off.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// Puts the layers around the router.
pub fn wrap(router: Router<App>, app: App) -> Router {
    let pages = again::pages(&router, &app);
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn(number))
        .layer(middleware::from_fn_with_state(app.clone(), hot::layer))
        .layer(middleware::from_fn_with_state(app.clone(), headers))
        .layer(
            CompressionLayer::new().compress_when(
                // Office files are ZIP inside and do not shrink.
                DefaultPredicate::new()
                    .and(NotForContentType::const_new("application/vnd"))
                    .and(NotForContentType::const_new("application/pdf"))
                    .and(NotForContentType::const_new("application/zip")),
            ),
        )
        .layer(middleware::from_fn(hanzi::layer))
        .layer(middleware::from_fn_with_state(app.clone(), session))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            portal::face_layer,
        ))
        .layer(middleware::from_fn_with_state(
            (app.clone(), pages),
            render_problems,
        ))
        .layer(middleware::from_fn(address))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            portal::staff_layer,
        ))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| Problem::new(Problem::INTERNAL).into_response(),
        ))
        .layer(DefaultBodyLimit::max(CLIENT_BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), same_site));
    router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(again::opened)
        .layer(layers)
        .with_state(app)
}

async fn number(mut request: Request, next: Next) -> Response {
    // Forty random bits as ten digits.
    let number = format!("{:010X}", uuid::Uuid::new_v4().as_u128() >> 88);
    let span = tracing::info_span!("request", number, method = %request.method(), path = request.uri().path());
    request
        .extensions_mut()
        .insert(RequestNumber(number.clone()));
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| tracing::debug!(status = response.status().as_u16(), "answered"));
    if let Ok(value) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Refuses an address that is longer than any of ours, and one whose path holds NUL: no name does, and PostgreSQL takes no
/// text with it.
async fn address(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let long = uri.path_and_query().map_or(0, |all| all.as_str().len());
    if long > ADDRESS_BYTES_MAX {
        return Problem::new(Problem::ADDRESS_TOO_LONG).into_response();
    }
    if uri.path().contains("%00") {
        return Problem::not_found().into_response();
    }
    next.run(request).await
}

async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let told = cookie(request.headers(), FLASH_COOKIE).is_some();
    let is_open = request.uri().path().starts_with(OPEN);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if told && headers.contains_key(PAGE_HEADER) {
        // Shown once: this page has shown it.
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_static("gk_flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
        );
    }
    headers.insert(
        "content-security-policy",
        HeaderValue::from_static(CONTENT_SECURITY),
    );
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    headers.insert("x-frame-options", HeaderValue::from_static("DENY"));
    headers.insert("referrer-policy", HeaderValue::from_static("same-origin"));
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    if is_open {
        // Everybody reads this without an account, from pages of any site.
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("etag, link"),
        );
    }
    if app.site.secure {
        headers.insert(
            "strict-transport-security",
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses changes that did not start on a page of this site (browsers say so in `Sec-Fetch-Site` and `Origin`).
///
/// A browser too old to send either is recognised by its session cookie and refused too; a script without cookies
/// has no session to abuse.
async fn same_site(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return next.run(request).await;
    }
    let headers = request.headers();
    let trusted = match text(headers, "sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match text(headers, "origin") {
            Some(origin) => {
                let host = text(headers, "host").unwrap_or("");
                origin == app.site.url
                    || origin
                        .split_once("://")
                        .is_some_and(|(_, authority)| authority == host)
            }
            None => session_token(headers).is_none(),
        },
    };
    if trusted {
        next.run(request).await
    } else {
        Problem::new(Problem::CROSS_SITE).into_response()
    }
}

async fn session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let client = client_address(&app.site.trusted_proxies, peer, request.headers());
    request.extensions_mut().insert(ClientAddress(client));
    if let Some(token) = session_token(request.headers()) {
        match account::session::resume(&app.db, app.today(), &hash_token(&token)).await {
            Ok(Some(session)) => {
                request.extensions_mut().insert(session);
            }
            Ok(None) => {}
            Err(error) => return answer(&app, &request, &error.into()),
        }
    }
    next.run(request).await
}

/// Who gets to see a problem, taken from the request before it goes on.
struct Reader {
    shell: Shell,
    number: String,
    /// A page was asked for, and nothing sent.
    reading: bool,
    wants_json: bool,
}

impl Reader {
    fn of(app: &App, request: &Request) -> Self {
        let number = request.extensions().get::<RequestNumber>();
        Self {
            shell: Shell::of(app, request),
            number: number.map_or_else(String::new, |number| number.0.clone()),
            reading: matches!(*request.method(), Method::GET | Method::HEAD),
            wants_json: request.uri().path().starts_with(OPEN)
                || text(request.headers(), "accept")
                    .is_some_and(|accept| accept.starts_with("application/json")),
        }
    }

    fn shown(self, problem: &Problem) -> Response {
        if self.wants_json {
            shell::problem_json(problem, &self.number)
        } else if problem.row == Problem::SIGN_IN && self.reading {
            let target = utf8_percent_encode(&self.shell.target, NON_ALPHANUMERIC);
            Redirect::to(&format!("/login?next={target}")).into_response()
        } else {
            shell::problem_page(self.shell, problem, &self.number)
        }
    }
}

/// The answer of a layer that cannot let the request in, as its reader expects it.
pub(crate) fn answer(app: &App, request: &Request, problem: &Problem) -> Response {
    Reader::of(app, request).shown(problem)
}

async fn render_problems(
    State((app, pages)): State<(App, Router)>,
    request: Request,
    next: Next,
) -> Response {
    let stands_on = again::stands_on(&request);
    let mut response = rendered(&app, pages, request, next).await;
    let kind = text(response.headers(), header::CONTENT_TYPE.as_str());
    if kind.is_some_and(|kind| kind.starts_with("text/html"))
        && let Some(cookie) = stands_on
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn rendered(app: &App, pages: Router, request: Request, next: Next) -> Response {
    let reader = Reader::of(app, &request);
    let (request, sent) = again::sent(request).await;
    let response = next.run(request).await;
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None => match response.status() {
            StatusCode::GATEWAY_TIMEOUT => {
                Problem::new(Problem::INTERNAL).detail("处理时间过长，已停止。")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Problem::TOO_LARGE),
            // The query is read by the house's own reader, so what does not fit is a part of the path: no such page.
            StatusCode::BAD_REQUEST
                if reader.reading && !response.headers().contains_key(PAGE_HEADER) =>
            {
                Problem::not_found()
            }
            // Extractors of axum answer in English; their words are of no use to a reader.
            StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::BAD_REQUEST
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
                if !response.headers().contains_key(PAGE_HEADER) =>
            {
                Problem::new(Problem::BAD_REQUEST)
            }
            _ => return response,
        },
    };
    if let Some(sent) = sent.filter(|_| !reader.wants_json)
        && let Some(page) = sent.again(pages, &problem).await
    {
        return page;
    }
    reader.shown(&problem)
}

/// The address of the client: the last hop that is no trusted proxy.
fn client_address(trusted: &[IpAddr], peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
    let peer = peer
        .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
        .to_canonical();
    if !trusted.contains(&peer) {
        return peer;
    }
    // Some proxies add a line and leave the visitor's own before it; what cannot be read is where belief ends.
    let lines: Vec<&HeaderValue> = headers.get_all("x-forwarded-for").iter().collect();
    let mut nearest = peer;
    for line in lines.into_iter().rev() {
        for hop in line.to_str().unwrap_or("").rsplit(',') {
            let Ok(hop) = hop.trim().parse::<IpAddr>() else {
                return nearest;
            };
            nearest = hop.to_canonical();
            if !trusted.contains(&nearest) {
                return nearest;
            }
        }
    }
    nearest
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The cookies of a request: name and value.
pub(super) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// One cookie's value.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    cookies(headers)
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The secret that names the session, as the browser sent it.
#[must_use]
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, SESSION_COOKIE)
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
}

/// The `Set-Cookie` line that begins a session, or ends it when the token is empty.
#[must_use]
pub fn session_cookie(app: &App, token: &str) -> String {
    let secure = if app.site.secure { "; Secure" } else { "" };
    let ended = if token.is_empty() { "; Max-Age=0" } else { "" };
    format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{ended}")
}

/// What the store keeps of a secret.
#[must_use]
pub fn hash_token(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};

    use super::client_address;

    fn seen(peer: &str, lines: &[&'static str]) -> String {
        let trusted: [IpAddr; 2] = ["127.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        client_address(&trusted, peer.parse().ok(), &headers).to_string()
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_is_believed() {
        for (peer, lines, address) in [
            ("192.0.2.9", &["198.51.100.1"] as &[_], "192.0.2.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["192.0.2.9"], "192.0.2.9"),
            (
                "127.0.0.1",
                &["198.51.100.1, 192.0.2.9, 10.0.0.2"],
                "192.0.2.9",
            ),
            // The proxy's own line stands last; the one before it came with the request.
            ("127.0.0.1", &["198.51.100.1", "192.0.2.9"], "192.0.2.9"),
            (
                "127.0.0.1",
                &["198.51.100.1, unknown, 10.0.0.2"],
                "10.0.0.2",
            ),
            ("127.0.0.1", &["198.51.100.1", "unknown"], "127.0.0.1"),
            ("127.0.0.1", &["::ffff:192.0.2.9"], "192.0.2.9"),
        ] {
            assert_eq!(seen(peer, lines), address, "{peer} {lines:?}");
        }
    }
}
