//! Public pages that many read at once: kept as they were sent, for a second, and only while the store stays as it was. The
//! browser may keep them too, and asks each time whether its own is still the right one.
//!
//! A change in this process is seen by the next reader; one of another process after [`FRESH_MILLISECONDS`]. One reader then
//! waits for the new page, the others go on with the old one meanwhile, for no longer than that time once more: many who
//! made it at once would keep everybody waiting. Readers with an account, and pages that answer otherwise than with 200,
//! always pass by.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::app::App;
use super::hanzi::{HANZI_COOKIE, Hanzi};
use super::layers::cookies;
use super::problem::Problem;
use super::shell::MODE_COOKIE;
use super::tag;

/// How long a page is believed.
const FRESH_MILLISECONDS: i64 = 1_000;
/// A larger page is made for each reader.
const PAGE_BYTES_MAX: u64 = 512 * 1024;
/// Room for what compression may add to it.
const SENT_BYTES_MAX: usize = 1024 * 1024;
/// All pages together; when they reach it, all are forgotten.
const KEPT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Bytes of what names a page.
const KEY_BYTES_MAX: usize = 1024;

/// Says that a response is the same for every reader with the same host, mode, characters and encodings.
#[derive(Debug, Clone, Copy)]
struct ForAll;

struct Kept {
    changes: u64,
    made_at: Timestamp,
    headers: HeaderMap,
    body: Bytes,
    /// Somebody makes the page that takes its place.
    renewed: AtomicBool,
}

/// The place of who makes a page anew, given up however that ends.
struct Renewal(Arc<Kept>);

impl Renewal {
    /// Nothing where somebody else does.
    fn begin(page: &Arc<Kept>) -> Option<Self> {
        let taken = page.renewed.swap(true, Ordering::AcqRel);
        (!taken).then(|| Self(page.clone()))
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        self.0.renewed.store(false, Ordering::Release);
    }
}

#[derive(Default)]
struct Pages(Mutex<(HashMap<String, Arc<Kept>>, usize)>);

impl Pages {
    fn get(&self, key: &str) -> Option<Arc<Kept>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0.get(key).cloned()
    }

    fn put(&self, key: String, page: Kept) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (pages, bytes) = &mut *kept;
        let size = |key: &str, page: &Kept| key.len() + page.body.len() + PAGE_OVERHEAD_BYTES;
        *bytes += size(&key, &page);
        if *bytes > KEPT_BYTES_MAX {
            pages.clear();
            *bytes = size(&key, &page);
        }
        if let Some(old) = pages.insert(key.clone(), Arc::new(page)) {
            *bytes -= size(&key, &old);
        }
    }
}

/// About what a page's headers and its place in the table take.
const PAGE_OVERHEAD_BYTES: usize = 1024;

/// Marks a route's good answers as the same for everybody.
pub(super) async fn mark(mut response: Response) -> Response {
    let small = response
        .body()
        .size_hint()
        .exact()
        .is_some_and(|bytes| bytes <= PAGE_BYTES_MAX);
    let good = matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED);
    if small && good {
        response.extensions_mut().insert(ForAll);
    }
    response
}

/// Answers with what was kept, or keeps what a route marked.
pub(super) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else {
        return next.run(request).await;
    };
    let pages = app.memory::<Pages>();
    let (changes, now) = (app.db.changes(), app.db.now());
    let kept = pages.get(&key).filter(|page| page.changes == changes);
    // Held until the new page is in its place.
    let mut renewal = None;
    if let Some(page) = kept {
        let age = now.duration_since(page.made_at).as_millis();
        let fresh = i128::from(FRESH_MILLISECONDS);
        if (0..fresh).contains(&age) {
            return page.answer(request.headers());
        }
        renewal = Renewal::begin(&page);
        if renewal.is_none() && (fresh..2 * fresh).contains(&age) {
            return page.answer(request.headers());
        }
    }
    let asked = request.headers().clone();
    let response = next.run(request).await;
    let private = response.headers().contains_key(header::SET_COOKIE);
    if private || response.extensions().get::<ForAll>().is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    asks_again(&mut parts.headers);
    if parts.status != StatusCode::OK {
        return Response::from_parts(parts, body);
    }
    let Ok(body) = axum::body::to_bytes(body, SENT_BYTES_MAX).await else {
        return Problem::new(Problem::INTERNAL).into_response();
    };
    if !parts.headers.contains_key(header::ETAG)
        && let Ok(tag) = HeaderValue::from_str(&tag::of(&body))
    {
        parts.headers.insert(header::ETAG, tag);
    }
    let page = Kept {
        changes,
        made_at: now,
        headers: parts.headers,
        body,
        renewed: AtomicBool::new(false),
    };
    let response = page.answer(&asked);
    pages.put(key, page);
    drop(renewal);
    response
}

/// The browser keeps the page and asks before it shows it once more. Who signs in or chooses another mode has other cookies.
fn asks_again(headers: &mut HeaderMap) {
    let ask = HeaderValue::from_static("no-cache");
    headers.insert(header::CACHE_CONTROL, ask);
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
}

impl Kept {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let tag = self.headers.get(header::ETAG);
        let tag = tag.and_then(|tag| tag.to_str().ok());
        let mut response = Response::default();
        *response.headers_mut() = self.headers.clone();
        if tag.is_some_and(|tag| tag::is_known(asked, tag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            for about_the_body in [
                header::CONTENT_ENCODING,
                header::CONTENT_LENGTH,
                header::CONTENT_TYPE,
            ] {
                response.headers_mut().remove(about_the_body);
            }
        } else {
            *response.body_mut() = Body::from(self.body.clone());
        }
        response
    }
}

/// What the answer may depend on; nothing for a reader who is known or asks for something special.
fn key(request: &Request) -> Option<String> {
    let headers = request.headers();
    let is_choice = |name: &str| [MODE_COOKIE, HANZI_COOKIE].contains(&name);
    if request.method() != Method::GET || cookies(headers).any(|(name, _)| !is_choice(name)) {
        return None;
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return None;
    };
    let mode = cookies(headers).find(|(name, _)| *name == MODE_COOKIE);
    let encodings = match headers.get(header::ACCEPT_ENCODING) {
        None => "",
        // Wishes by weight are rare, and many ways to say the same.
        Some(value) => value.to_str().ok().filter(|value| !value.contains('q'))?,
    };
    let key = format!(
        "{}\n{}\n{}\n{}\n{encodings}",
        request.uri(),
        host.to_str().ok()?,
        mode.map_or("", |(_, mode)| mode),
        Hanzi::of(headers).code(),
    );
    (key.len() <= KEY_BYTES_MAX).then_some(key)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Poll;

    use axum::http::Request;
    use gongkai_basis::Role;
    use jiff::SignedDuration;

    use super::*;
    use crate::access::Permit;
    use crate::audit::Event;
    use crate::db::{Db, StoreError, Tx};
    use crate::portal::acts::ManagePortals;
    use crate::testing::{self, Backend, Browser, Guard, MovableClock};
    use crate::web::{Route, router, wrap};

    #[derive(Default)]
    struct Made(AtomicUsize);

    /// A page that counts how often it was made; `?absent` and `?secret` are not for all, `?plain` has no tag.
    async fn counting(State(app): State<App>, request: Request<Body>) -> Response {
        let made = app.memory::<Made>().0.fetch_add(1, Ordering::SeqCst) + 1;
        let page = format!("made {made}");
        match request.uri().query() {
            Some("absent") => (StatusCode::NOT_FOUND, page).into_response(),
            Some("secret") => ([(header::SET_COOKIE, "x=1")], page).into_response(),
            Some("plain") => "the same".into_response(),
            Some("slow") => {
                tokio::task::yield_now().await;
                page.into_response()
            }
            Some("large") => "大".repeat(200 * 1024).into_response(),
            _ => ([(header::ETAG, format!("\"{made}\""))], page).into_response(),
        }
    }

    struct World {
        db: Db,
        clock: MovableClock,
        public: Browser,
        app: App,
        _guard: Guard,
    }

    async fn world() -> World {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&Backend::Sqlite, clock.clock()).await;
        let app = testing::app(&db, &_guard, Vec::new());
        let routes = vec![
            Route::public(Method::GET, "/for-all", counting).for_all(),
            Route::public(Method::GET, "/for-one", counting),
        ];
        let public = Browser::new(wrap(router(routes), app.clone()));
        World {
            db,
            clock,
            public,
            app,
            _guard,
        }
    }

    impl World {
        async fn read(&mut self, path: &str) -> String {
            self.public.clone().get(path).await.text()
        }

        fn made(&self) -> usize {
            self.app.memory::<Made>().0.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn a_page_is_made_once_until_something_changes_or_a_second_passes() {
        let mut world = world().await;
        assert_eq!(world.read("/for-all").await, "made 1");
        assert_eq!(world.read("/for-all").await, "made 1");
        assert_eq!(world.read("/for-one").await, "made 2");
        assert_eq!(world.read("/for-one").await, "made 3");
        let change = world.db.write(async |tx: &mut Tx| {
            let permit = Permit::<ManagePortals>::system();
            let subject = ("portal", String::new());
            tx.record(Event::new(
                permit.actor(),
                "portal.changed",
                subject,
                "改了",
            ));
            Ok::<_, StoreError>(())
        });
        change.await.unwrap();
        assert_eq!(world.read("/for-all").await, "made 4");
        assert_eq!(world.read("/for-all").await, "made 4");
        world.clock.advance(SignedDuration::from_millis(999));
        assert_eq!(world.read("/for-all").await, "made 4");
        world.clock.advance(SignedDuration::from_millis(1));
        assert_eq!(world.read("/for-all").await, "made 5");
        // A clock that was set back is no reason to show old pages for long.
        world.clock.advance(SignedDuration::from_secs(-60));
        assert_eq!(world.read("/for-all").await, "made 6");
    }

    #[tokio::test]
    async fn one_reader_makes_a_page_anew_while_the_others_have_the_old_one() {
        let mut world = world().await;
        assert_eq!(world.read("/for-all?slow").await, "made 1");
        world.clock.advance(SignedDuration::from_millis(1_000));
        let (mut first, mut second) = (world.public.clone(), world.public.clone());
        let (first, second) = tokio::join!(first.get("/for-all?slow"), second.get("/for-all?slow"));
        assert_eq!(
            (first.text(), second.text()),
            ("made 2".into(), "made 1".into())
        );
        assert_eq!(world.read("/for-all?slow").await, "made 2");
        // Too old for anybody: both wait for a page of their own.
        world.clock.advance(SignedDuration::from_millis(2_000));
        let (mut first, mut second) = (world.public.clone(), world.public.clone());
        tokio::join!(first.get("/for-all?slow"), second.get("/for-all?slow"));
        assert_eq!(world.made(), 4);
        // Who went away before the page was there leaves the place to the next.
        world.clock.advance(SignedDuration::from_millis(1_000));
        let mut gone = world.public.clone();
        let mut asked = Box::pin(gone.get("/for-all?slow"));
        std::future::poll_fn(|context| {
            assert!(asked.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(asked);
        let before = world.made();
        assert_eq!(
            world.read("/for-all?slow").await,
            format!("made {}", before + 1)
        );
    }

    #[tokio::test]
    async fn who_asks_otherwise_or_is_known_gets_a_page_of_their_own() {
        let mut world = world().await;
        assert_eq!(world.read("/for-all").await, "made 1");
        assert_eq!(world.read("/for-all?page=2").await, "made 2");
        let mut other = world.public.at("xian.gongkai.test");
        assert_eq!(other.get("/for-all").await.text(), "made 3");
        for (header, value) in [
            ("cookie", "gk_mode=elder"),
            ("cookie", "gk_hanzi=hant"),
            ("cookie", "gk_mode=elder; gk_hanzi=hant"),
            ("accept-encoding", "gzip"),
        ] {
            let before = world.made();
            for _ in 0..2 {
                let asked = Request::get("/for-all").header(header, value);
                world.public.send(asked, Body::empty()).await;
            }
            assert_eq!(world.made(), before + 1, "{header}: {value}");
        }
        let organ = testing::organ(&world.db, "安澜市人民政府", None).await;
        let person = testing::person(&world.db, "周健", &[(Role::SystemAdmin, organ)]).await;
        let mut staff = world.public.clone();
        staff.sign_in(&world.db, person).await;
        let before = world.made();
        for _ in 0..2 {
            staff.get("/for-all").await;
        }
        for (header, value) in [("cookie", "gk_flash=x"), ("accept-encoding", "gzip;q=0")] {
            let asked = Request::get("/for-all").header(header, value);
            world.public.clone().send(asked, Body::empty()).await;
        }
        assert_eq!(world.made(), before + 4);
    }

    #[tokio::test]
    async fn faults_secrets_and_large_pages_are_never_kept() {
        let mut world = world().await;
        for query in ["absent", "secret", "large"] {
            let before = world.made();
            for _ in 0..2 {
                world.read(&format!("/for-all?{query}")).await;
            }
            assert_eq!(world.made(), before + 2, "{query}");
        }
    }

    #[tokio::test]
    async fn who_has_the_page_is_told_so() {
        let mut world = world().await;
        world.read("/for-all").await;
        let asked = Request::get("/for-all").header("if-none-match", "\"1\"");
        let answer = world.public.send(asked, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
        assert_eq!(answer.text(), "");
        assert_eq!(world.made(), 1);
    }

    /// Also where no page has a tag of its own, and whatever a proxy made of the tag.
    #[tokio::test]
    async fn a_browser_may_keep_what_is_for_all_and_asks_each_time() {
        let mut world = world().await;
        let header = |answer: &testing::Answer, name: &str| {
            let all = answer.headers.get_all(name).iter();
            let all: Vec<&str> = all.map(|value| value.to_str().unwrap()).collect();
            all.join(", ")
        };
        let page = world.public.get("/for-all?plain").await;
        assert_eq!(header(&page, "cache-control"), "no-cache");
        assert!(header(&page, "vary").contains("cookie"));
        let tag = header(&page, "etag");
        // A new look at the store makes the same page, which has the same tag.
        world.clock.advance(SignedDuration::from_secs(2));
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
            let asked = Request::get("/for-all?plain").header("if-none-match", known);
            let answer = world.public.send(asked, Body::empty()).await;
            assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
            assert_eq!(header(&answer, "etag"), tag);
            assert_eq!(header(&answer, "cache-control"), "no-cache");
        }
        // What is one reader's own, or no good answer, is kept by nobody.
        for path in ["/for-one", "/for-all?absent", "/for-all?secret"] {
            let page = world.public.get(path).await;
            assert_eq!(header(&page, "cache-control"), "no-store", "{path}");
        }
        let asked = Request::get("/for-all").header("cookie", "gk_session=x");
        let page = world.public.send(asked, Body::empty()).await;
        assert_eq!(header(&page, "cache-control"), "no-store");
    }

    #[test]
    fn many_pages_do_not_fill_the_memory() {
        let pages = Pages::default();
        let page = || Kept {
            changes: 0,
            made_at: Timestamp::UNIX_EPOCH,
            headers: HeaderMap::new(),
            body: Bytes::from(vec![0; 1024 * 1024]),
            renewed: AtomicBool::new(false),
        };
        for number in 0..100 {
            pages.put(number.to_string(), page());
        }
        for _ in 0..100 {
            pages.put("the same".to_owned(), page());
        }
        let kept = pages.0.lock().unwrap();
        let bytes: usize = kept.0.values().map(|page| page.body.len()).sum();
        assert!(bytes <= KEPT_BYTES_MAX && kept.0.len() > 1, "{bytes}");
        assert!(kept.1 >= bytes && kept.1 <= KEPT_BYTES_MAX);
    }
}
