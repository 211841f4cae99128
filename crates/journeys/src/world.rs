//! A running server over a scratch store, with a clock that moves and people who act.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use gongkai::compose::{Setup, compose, workers};
use gongkai::demo::clock::dated;
use gongkai::find::Finder;
use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_office::picture::PICTURES_MAX;
use gongkai_office::{Limits, hidden, wire};
use gongkai_platform::account;
use gongkai_platform::db::{Db, Tx};
use gongkai_platform::files::Files;
use gongkai_platform::job;
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock};
use gongkai_platform::web::{App, Sandbox, SandboxError, SheetLine, Site};

/// A small 安澜市 with a server of its own.
pub struct World {
    pub app: App,
    pub db: Db,
    pub clock: MovableClock,
    pub router: axum::Router,
    /// What the public may find; see [`World::is_indexed`].
    finder: Finder,
    address: SocketAddr,
    guard: Guard,
}

/// Reads foreign files in this process: the child process is proved by the binary's own tests.
pub struct InProcess;

fn bytes(file: &Path) -> Result<Vec<u8>, SandboxError> {
    std::fs::read(file).map_err(|error| SandboxError(error.to_string()))
}

#[async_trait]
impl Sandbox for InProcess {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let limits = Limits::default();
        Ok(wire::to_wire(&gongkai_office::read(
            &bytes(&file)?,
            &limits,
        )))
    }

    async fn read_with_pictures(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let limits = Limits {
            pictures: PICTURES_MAX,
            ..Limits::default()
        };
        Ok(wire::to_wire(&gongkai_office::read(
            &bytes(&file)?,
            &limits,
        )))
    }

    async fn hidden(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let found = hidden::scan(&bytes(&file)?, &Limits::default());
        Ok(wire::hidden_to_wire(&found))
    }

    async fn clean(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let copy = hidden::clean(&bytes(&file)?, &Limits::default());
        Ok(wire::clean_to_wire(copy))
    }

    async fn pieces(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let found = hidden::pieces(&bytes(&file)?, &Limits::default());
        Ok(wire::pieces_to_wire(&found))
    }

    async fn cover(&self, order: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let order = bytes(&order)?;
        let (changes, file) = wire::order_from_wire(&order)
            .ok_or_else(|| SandboxError("这不是遮盖的要求。".to_owned()))?;
        let copy = hidden::cover(file, &changes, &Limits::default());
        Ok(wire::clean_to_wire(copy))
    }

    async fn sheets(&self, file: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        let document = wire::from_wire(&self.read(file).await?)
            .map_err(|refused| SandboxError(refused.message))?;
        Ok(gongkai::sandbox::sheets(&document))
    }
}

impl World {
    /// Starts a server on a fresh store, at an instant such as `2026-09-28T09:00:00+08:00`.
    pub async fn on(backend: &Backend, instant: &str) -> Self {
        let clock = MovableClock::at(instant);
        let (db, guard) = testing::scratch(backend, dated(clock.clock())).await;
        Self::serving(clock, db, guard, &[]).await
    }

    /// Starts a server over a copy of what another world kept in a folder; it may look at pages of these hosts.
    pub async fn like(model: &Path, instant: &str, hosts: &[String]) -> Self {
        let clock = MovableClock::at(instant);
        let (db, guard) = testing::scratch_like(model, dated(clock.clock())).await;
        Self::serving(clock, db, guard, hosts).await
    }

    /// Copies store, files and search index into a folder, for [`World::like`].
    pub async fn keep(&self, folder: &Path) {
        testing::keep(&self.db, &self.guard, folder).await;
    }

    /// Starts a server that may look at pages of these hosts.
    pub async fn looking_at(backend: &Backend, instant: &str, hosts: &[String]) -> Self {
        let clock = MovableClock::at(instant);
        let (db, guard) = testing::scratch(backend, dated(clock.clock())).await;
        Self::serving(clock, db, guard, hosts).await
    }

    /// Starts a server on a store of an older schema version, filled and then brought up to date.
    pub async fn upgraded(
        backend: &Backend,
        instant: &str,
        version: i64,
        fill: impl AsyncFnOnce(&Db),
    ) -> Self {
        let clock = MovableClock::at(instant);
        let (db, guard) = testing::scratch_empty(backend, dated(clock.clock())).await;
        db.migrate_to(version).await.unwrap();
        fill(&db).await;
        db.migrate().await.unwrap();
        Self::serving(clock, db, guard, &[]).await
    }

    async fn serving(clock: MovableClock, db: Db, guard: Guard, hosts: &[String]) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let finder = Finder::open(&guard.folder().join("search")).unwrap();
        let setup = Setup {
            db: db.clone(),
            files: Files::new(guard.folder().join("files")),
            site: Site {
                name: "安澜市".into(),
                url: format!("http://{address}"),
                secure: false,
                demo: true,
                trusted_proxies: Vec::new(),
            },
            sandbox: Arc::new(InProcess),
            printer: None,
            carriers: Vec::new(),
            outside: gongkai::outside::of(hosts).unwrap(),
            finder: finder.clone(),
        };
        let (app, router) = compose(setup).await.unwrap();
        let service = router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self {
            app,
            db,
            clock,
            router,
            finder,
            address,
            guard,
        }
    }

    /// The index has seen everything that was published.
    pub async fn is_indexed(&self) {
        gongkai::find::catch_up(&self.app, &self.finder)
            .await
            .unwrap();
    }

    /// The index is built anew: it holds what no event told of, too.
    pub async fn is_indexed_anew(&self) {
        self.finder.forget().await.unwrap();
        self.is_indexed().await;
    }

    /// Where the server is: `http://127.0.0.1:…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub async fn person(&self, name: &str, roles: &[(Role, OrganId)]) -> AccountId {
        testing::person(&self.db, name, roles).await
    }

    /// The demo's organs and people move in.
    pub async fn moves_in(&self) {
        gongkai::demo::people(&self.db).await.unwrap();
    }

    /// The demo's plans are imported and reported on.
    pub async fn is_filled(&self) {
        gongkai::demo::queue_work(&self.db).await.unwrap();
        self.works_off_jobs().await;
    }

    /// The account with this login.
    pub async fn account(&self, login: &str) -> AccountId {
        let account = self
            .db
            .read(async |tx: &mut Tx| account::store::by_login(tx, login).await)
            .await
            .unwrap();
        account
            .unwrap_or_else(|| panic!("nobody is called {login}"))
            .id
    }

    /// A signed-in person without a screen: requests straight into the router.
    pub async fn http(&self, account: AccountId) -> Browser {
        let mut browser = Browser::new(self.router.clone());
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// Somebody without an account.
    #[must_use]
    pub fn public(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Does all waiting jobs.
    pub async fn works_off_jobs(&self) {
        let mut workers = workers(&self.app);
        workers.push(Arc::new(gongkai::demo::seed::Seeder::new(self.app.clone())));
        while job::run_next(&self.db, &workers).await.unwrap() {}
    }
}
