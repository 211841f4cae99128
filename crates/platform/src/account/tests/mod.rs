//! Accounts over HTTP, on every database.

mod administration;
mod entering;
mod leaving;
mod links;
mod mine;
mod roles;

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use jiff::SignedDuration;

use super::{Purpose, issue_link};
use crate::audit::{self, Filter, Verdict};
use crate::db::{Db, StoreError, Tx, sql};
use crate::testing::{self, Backend, Browser, Guard, MovableClock};
use crate::web;

/// In seconds.
const MINUTE: i64 = 60;
/// A password that is accepted.
const PASSWORD: &str = "春江潮水连海平海上明月";

/// A small town hall with its security administrator.
struct World {
    db: Db,
    clock: MovableClock,
    top: OrganId,
    justice: OrganId,
    security: AccountId,
    browser: Browser,
    _guard: Guard,
}

impl World {
    async fn on(backend: &Backend) -> Self {
        Self::with(backend, Vec::new()).await
    }

    async fn with(
        backend: &Backend,
        handled_work: Vec<std::sync::Arc<dyn super::HandledWork>>,
    ) -> Self {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let top = testing::organ(&db, "安澜市人民政府", None).await;
        let justice = testing::organ(&db, "市司法局", Some(top)).await;
        let security = testing::person(&db, "安全员", &[(Role::SecurityAdmin, top)]).await;
        let mut parts = testing::parts(&db, &guard, super::nav());
        parts.handled_work = handled_work;
        let mut routes = super::routes();
        routes.push(web::Route::signed_in(
            axum::http::Method::GET,
            "/workspace",
            async |_: web::SignedIn| "desk",
        ));
        let router = web::wrap(web::router(routes), web::App::new(parts));
        Self {
            db,
            clock,
            top,
            justice,
            security,
            browser: Browser::new(router),
            _guard: guard,
        }
    }

    /// Another browser, without cookies.
    fn elsewhere(&self) -> Browser {
        let mut browser = self.browser.clone();
        browser.cookies.clear();
        browser
    }

    /// A person with a password; the login is the name.
    async fn person(&self, name: &str, roles: &[(Role, OrganId)]) -> AccountId {
        let id = testing::person(&self.db, name, roles).await;
        let hash = super::password::hash(PASSWORD.to_owned()).await.unwrap();
        self.db
            .upkeep(async |tx: &mut Tx| super::store::set_password(tx, id, &hash).await)
            .await
            .unwrap();
        id
    }

    /// The security administrator at work.
    async fn security_desk(&self) -> Browser {
        let mut browser = self.elsewhere();
        browser.sign_in(&self.db, self.security).await;
        browser
    }

    async fn link(&self, account: AccountId, purpose: Purpose, valid: SignedDuration) -> String {
        self.db
            .upkeep(async |tx: &mut Tx| issue_link(tx, account, purpose, valid).await)
            .await
            .unwrap()
    }

    /// Signs in with login and password; the answer's page or redirect is left to the test.
    async fn log_in(&self, browser: &mut Browser, login: &str, password: &str) -> testing::Answer {
        browser
            .post(
                "/login",
                &[("login", login), ("password", password), ("next", "")],
            )
            .await
    }

    async fn is_in(&self, browser: &mut Browser) -> bool {
        browser.get("/workspace").await.status == 200
    }

    /// The sentences of all events of a kind, oldest first.
    async fn events(&self, kind: &str) -> Vec<String> {
        let filter = Filter {
            kind: kind.to_owned(),
            ..Filter::default()
        };
        let (events, verdict) = self
            .db
            .read(async |tx: &mut Tx| {
                let events = audit::search_after(tx, &filter, 0, i64::MAX, 1_000).await?;
                Ok::<_, StoreError>((events, audit::verify(tx).await?))
            })
            .await
            .unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
        events.into_iter().map(|event| event.sentence).collect()
    }

    async fn count(&self, statement: &'static str) -> i64 {
        self.db
            .read(async |tx: &mut Tx| tx.one(sql(statement)).await?.get("n"))
            .await
            .unwrap()
    }
}

/// The first address on the page that begins so.
fn address_in(page: &str, begins: &str) -> String {
    let start = page
        .find(begins)
        .unwrap_or_else(|| panic!("no {begins} in {page}"));
    page[start..]
        .chars()
        .take_while(|c| !matches!(c, '"' | '<' | ' ' | '\n'))
        .collect()
}
