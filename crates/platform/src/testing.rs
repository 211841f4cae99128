//! For tests only: a fresh, migrated store on each database, a clock that moves, and a browser without a network.
//!
//! SQLite runs always, in a folder of its own. PostgreSQL runs where `GONGKAI_TEST_POSTGRES` names a database
//! (`postgres://user@host:port/name`) on a server of version 13 or newer whose user may make databases; each test has a
//! database of its own, dropped at the end.
//!
//! ```ignore
//! for backend in testing::backends() {
//!     let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
//!     let (db, guard) = testing::scratch(&backend, clock.clock()).await;
//!     let app = testing::app(&db, &guard, nav());
//!     let mut browser = Browser::new(web::wrap(web::router(routes()), app));
//! }
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "only tests call this, and a test should fail loudly"
)]

mod store;

pub use store::{Guard, keep, scratch, scratch_empty, scratch_like};

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Role};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::account::session;
use crate::audit::Event;
use crate::db::{Clock, Db, StoreError, Tx, sql};
use crate::files::Files;
use crate::organ::{self, Moved, OpenWork};
use crate::web::{App, NavItem, Parts, SESSION_COOKIE, Sandbox, SandboxError, SheetLine, Site};

/// Names the PostgreSQL database that tests may use.
pub const POSTGRES_VARIABLE: &str = "GONGKAI_TEST_POSTGRES";
/// The largest page that a test reads.
const PAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A database to run a test on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    /// The address of a database on a server where databases may be made.
    Postgres(String),
}

/// Every database that this machine can test on: SQLite, and PostgreSQL where the variable is set.
#[must_use]
pub fn backends() -> Vec<Backend> {
    let postgres = std::env::var(POSTGRES_VARIABLE)
        .ok()
        .filter(|url| !url.is_empty())
        .map(Backend::Postgres);
    std::iter::once(Backend::Sqlite).chain(postgres).collect()
}

/// A clock that stands still until the test moves it.
#[derive(Debug, Clone)]
pub struct MovableClock(Arc<AtomicI64>);

impl MovableClock {
    /// Standing at an instant such as `2026-10-12T09:00:00+08:00`.
    #[must_use]
    pub fn at(instant: &str) -> Self {
        let instant: Timestamp = instant.parse().expect("an instant with its offset");
        Self(Arc::new(AtomicI64::new(instant.as_millisecond())))
    }

    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).expect("a sane duration");
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).expect("a sane instant")
    }

    /// What the store takes; moves with this clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

struct NoSandbox;

#[async_trait]
impl Sandbox for NoSandbox {
    async fn read(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError("测试中没有读取进程。".to_owned()))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Err(SandboxError("测试中没有读取进程。".to_owned()))
    }
}

/// The parts of an application over this store: built-in calendar, no reading child, no printer. Change what the test
/// needs, then [`App::new`].
#[must_use]
pub fn parts(db: &Db, guard: &Guard, nav: Vec<NavItem>) -> Parts {
    Parts {
        db: db.clone(),
        files: Files::new(guard.folder().join("files")),
        site: Site {
            name: "安澜市".to_owned(),
            url: "http://gongkai.test".to_owned(),
            secure: false,
            demo: false,
            trusted_proxies: Vec::new(),
        },
        calendar: RwLock::new(Arc::new(WorkCalendar::builtin())),
        sandbox: Arc::new(NoSandbox),
        printer: None,
        outside: Arc::new(crate::outside::Nowhere),
        nav,
        handled_work: Vec::new(),
        seams: crate::seam::Seams::default(),
        carriers: Vec::new(),
        organ_hooks: crate::organ::Hooks::default(),
    }
}

/// [`parts`], put together.
#[must_use]
pub fn app(db: &Db, guard: &Guard, nav: Vec<NavItem>) -> App {
    App::new(parts(db, guard, nav))
}

/// A fresh id; tests need no control over it.
#[must_use]
pub fn uuid() -> Uuid {
    Uuid::now_v7()
}

/// Puts an organ into the tree, below another or at the top.
pub async fn organ(db: &Db, name: &str, parent: Option<OrganId>) -> OrganId {
    let id = OrganId::new(uuid());
    db.write(async |tx: &mut Tx| {
        let above = match parent {
            None => "/".to_owned(),
            Some(parent) => {
                tx.one(sql("SELECT path FROM organ WHERE id = $1").bind(parent))
                    .await?
                    .get::<String>("path")?
            }
        };
        tx.run(
            sql("INSERT INTO organ (id, parent_id, path, name, level, kind, status, position, version, created_at) \
                 VALUES ($1, $2, $3, $4, 'city', 'department', 'active', 0, 1, $5)")
                .bind(id)
                .bind(parent)
                .bind(format!("{above}{id}/"))
                .bind(name)
                .bind(tx.now().as_millisecond()),
        )
        .await?;
        tx.record(Event::new(&Actor::System, "test.organ", ("organ", id.to_string()), name));
        Ok::<_, StoreError>(())
    })
    .await
    .expect("the organ is stored");
    id
}

/// Hands open work of one organ to another, as a merger does; gives the number moved.
///
/// # Errors
/// When the store fails.
pub async fn inherit(
    tx: &mut Tx,
    work: &dyn OpenWork,
    (from, to): (OrganId, OrganId),
) -> Result<i64, StoreError> {
    let heir = organ::store::load(tx, to).await?;
    let moved = Moved {
        from,
        to: &heir.ok_or(StoreError::Stale)?,
        reason: "机构改革",
    };
    work.move_all(tx, &Actor::System, moved).await
}

/// As a merger in the directory does: all this work goes to the heir.
///
/// # Errors
/// When the store fails.
pub async fn merge(
    tx: &mut Tx,
    works: &[Arc<dyn OpenWork>],
    (from, to): (OrganId, OrganId),
) -> Result<(), StoreError> {
    for work in works {
        inherit(tx, &**work, (from, to)).await?;
    }
    let merged = "UPDATE organ SET status = 'merged', successor_id = $1 WHERE id = $2";
    tx.run(sql(merged).bind(to).bind(from)).await?;
    Ok(())
}

/// Puts a person with these roles into the store, without a password; the login is the name.
pub async fn person(db: &Db, name: &str, roles: &[(Role, OrganId)]) -> AccountId {
    let id = AccountId::new(uuid());
    db.write(async |tx: &mut Tx| {
        let now = tx.now().as_millisecond();
        tx.run(
            sql("INSERT INTO account (id, login, name, version, created_at) VALUES ($1, $2, $3, 1, $4)")
                .bind(id)
                .bind(name)
                .bind(name)
                .bind(now),
        )
        .await?;
        for (role, organ) in roles {
            tx.run(
                sql("INSERT INTO account_role (account_id, organ_id, role, granted_at) VALUES ($1, $2, $3, $4)")
                    .bind(id)
                    .bind(*organ)
                    .bind(role.code())
                    .bind(now),
            )
            .await?;
        }
        tx.record(Event::new(&Actor::System, "test.person", ("account", id.to_string()), name));
        Ok::<_, StoreError>(())
    })
    .await
    .expect("the person is stored");
    id
}

/// Makes an organ one of this kind: `government`, `office` …
pub async fn set_kind(db: &Db, organ: OrganId, kind: &'static str) {
    db.write(async |tx: &mut Tx| {
        let statement = sql("UPDATE organ SET kind = $1 WHERE id = $2");
        tx.run(statement.bind(kind).bind(organ)).await?;
        let subject = ("organ", organ.to_string());
        tx.record(Event::new(&Actor::System, "test.kind", subject, kind));
        Ok::<_, StoreError>(())
    })
    .await
    .expect("the kind is stored");
}

/// The answer has this status and these words.
pub fn says(answer: &Answer, status: u16, words: &str) {
    let text = answer.text();
    assert_eq!(answer.status.as_u16(), status, "{text}");
    assert!(text.contains(words), "{words} not in\n{text}");
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Where it sends the browser, if it does.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION)?.to_str().ok()
    }

    /// Asserts a redirect and gives its target.
    pub fn redirected(&self) -> String {
        self.location()
            .unwrap_or_else(|| panic!("no redirect but {}:\n{}", self.status, self.text()))
            .to_owned()
    }

    /// Asserts a page and gives its text.
    pub fn page(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.text()
    }
}

/// A browser: keeps cookies, follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// What it says in `Host`: which site it looks at.
    pub host: String,
    came_from: Option<String>,
}

impl Browser {
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            host: "gongkai.test".to_owned(),
            came_from: None,
        }
    }

    /// The same browser at another host.
    #[must_use]
    pub fn at(&self, host: &str) -> Self {
        Self {
            host: host.to_owned(),
            ..self.clone()
        }
    }

    /// Begins a session for this account without asking for a password.
    pub async fn sign_in(&mut self, db: &Db, account: AccountId) {
        let token = Uuid::new_v4().simple().to_string();
        db.upkeep(async |tx: &mut Tx| {
            session::begin(
                tx,
                account,
                &crate::web::hash_token(&token),
                "127.0.0.1",
                "test",
            )
            .await
        })
        .await
        .expect("the session is stored");
        self.cookies.insert(SESSION_COOKIE.to_owned(), token);
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(
            Request::builder().method(Method::GET).uri(path),
            Body::empty(),
        )
        .await
    }

    /// Sends a form from a page that the browser names.
    pub async fn post_from(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.came_from = Some(format!("http://{}{page}", self.host));
        let answer = self.post(path, fields).await;
        self.came_from = None;
        answer
    }

    /// Sends a form, as a page of this site would.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode = |text: &str| percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string();
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Sends one file and plain fields as `multipart/form-data`.
    pub async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (field, file_name, bytes): (&str, &str, &[u8]),
    ) -> Answer {
        const BOUNDARY: &str = "gongkai-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            );
        self.send(request, Body::from(body)).await
    }

    /// Sends any request, with this browser's cookies.
    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ");
        let request = request
            .header(header::HOST, &self.host)
            .header(header::COOKIE, cookies);
        let request = match &self.came_from {
            Some(page) => request.header(header::REFERER, page),
            None => request,
        };
        let request = request.body(body).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a readable cookie");
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').expect("name=value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(body, PAGE_BYTES_MAX)
            .await
            .expect("the whole answer");
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MovableClock, backends, organ, scratch};
    use crate::audit::{Verdict, verify};
    use crate::db::{StoreError, Tx, sql};

    #[tokio::test]
    async fn each_backend_gives_an_empty_store_of_its_own() {
        for backend in backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (first, _one) = scratch(&backend, clock.clock()).await;
            let (second, _two) = scratch(&backend, clock.clock()).await;
            organ(&first, "安澜市人民政府", None).await;
            for (db, organs) in [(&first, 1), (&second, 0)] {
                let (count, verdict) = db
                    .read(async |tx: &mut Tx| {
                        let count: i64 = tx
                            .one(sql("SELECT COUNT(*) AS n FROM organ"))
                            .await?
                            .get("n")?;
                        Ok::<_, StoreError>((count, verify(tx).await?))
                    })
                    .await
                    .unwrap();
                assert_eq!(count, organs);
                assert!(matches!(verdict, Verdict::Whole { events, .. } if events == organs));
            }
        }
    }
}
