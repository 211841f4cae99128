//! Puts the parts together: the route table, the acts, the menu, the workers. The only place that knows all capabilities.

use std::sync::{Arc, RwLock};

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use gongkai_platform::access::ActRow;
use gongkai_platform::db::{Db, StoreError};
use gongkai_platform::files::Files;
use gongkai_platform::inbox::digest::Carrier;
use gongkai_platform::job::Worker;
use gongkai_platform::job::schedule::Schedule;
use gongkai_platform::organ::Hooks;
use gongkai_platform::outside::Outside;
use gongkai_platform::seam::Seams;
use gongkai_platform::web::{self, App, NavItem, Parts, Printer, Route, Sandbox, Site};

use crate::find::{self, Finder};

/// Every route there is.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::public(Method::GET, "/assets/{version}/{name}", web::asset),
        Route::public(Method::GET, "/healthz", health),
    ];
    routes.extend(crate::find::routes());
    routes.extend(gongkai_platform::routes());
    routes.extend(gongkai_plans::routes());
    routes.extend(gongkai_organisation::routes());
    routes.extend(gongkai_documents::routes());
    routes.extend(gongkai_catalogue::routes());
    routes.extend(gongkai_requests::routes());
    routes.extend(gongkai_reports::routes());
    routes
}

/// Every act there is, for the permission matrix.
#[must_use]
pub fn acts() -> Vec<ActRow> {
    [
        gongkai_platform::acts(),
        gongkai_plans::acts::ALL.to_vec(),
        gongkai_organisation::acts::ALL.to_vec(),
        gongkai_documents::acts::ALL.to_vec(),
        gongkai_catalogue::acts::ALL.to_vec(),
        find::acts::ALL.to_vec(),
        gongkai_requests::acts::ALL.to_vec(),
        gongkai_reports::acts::ALL.to_vec(),
    ]
    .concat()
}

/// The workspace's menu.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    [
        gongkai_plans::nav(),
        gongkai_organisation::nav(),
        gongkai_documents::nav(),
        gongkai_catalogue::nav(),
        find::nav(),
        gongkai_requests::nav(),
        gongkai_reports::nav(),
        gongkai_platform::nav(),
    ]
    .concat()
}

/// Everything that works on jobs.
#[must_use]
pub fn workers(app: &App) -> Vec<Arc<dyn Worker>> {
    let mut workers = gongkai_platform::upkeep::workers(app);
    workers.extend(gongkai_platform::inbox::digest::workers(app));
    workers.extend(gongkai_plans::workers(app));
    workers.extend(gongkai_organisation::workers(app));
    workers.extend(gongkai_documents::workers(app));
    workers.extend(gongkai_catalogue::workers(app));
    workers.extend(gongkai_requests::workers(app));
    workers.extend(gongkai_reports::workers(app));
    workers
}

/// Everything that comes back by itself.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    [
        gongkai_platform::upkeep::schedules(),
        gongkai_plans::schedules(),
        gongkai_organisation::schedules(),
        gongkai_documents::schedules(),
        gongkai_catalogue::schedules(),
        gongkai_requests::schedules(),
        gongkai_reports::schedules(),
        gongkai_platform::inbox::digest::schedules(),
    ]
    .concat()
}

/// What capabilities offer each other.
#[must_use]
pub fn seams() -> Seams {
    Seams::of_all([
        gongkai_plans::seams(),
        gongkai_organisation::seams(),
        gongkai_documents::seams(),
        gongkai_catalogue::seams(),
        gongkai_requests::seams(),
        gongkai_reports::seams(),
        gongkai_platform::seams(),
        Seams {
            portal: find::portal(&routes()),
            ..Seams::default()
        },
    ])
}

/// What differs between a server, the demo and a test.
pub struct Setup {
    pub db: Db,
    pub files: Files,
    pub site: Site,
    pub sandbox: Arc<dyn Sandbox>,
    pub printer: Option<Arc<dyn Printer>>,
    /// The ways out of the house for digests of the inbox.
    pub carriers: Vec<Arc<dyn Carrier>>,
    pub outside: Arc<dyn Outside>,
    /// The index of what the public may find.
    pub finder: Finder,
}

/// The application and its router, over a migrated store.
///
/// # Errors
/// When the imported calendar years cannot be read.
pub async fn compose(setup: Setup) -> Result<(App, Router), StoreError> {
    let calendar = gongkai_platform::calendar::load(&setup.db).await?;
    let app = App::new(Parts {
        db: setup.db,
        files: setup.files,
        site: setup.site,
        calendar: RwLock::new(Arc::new(calendar)),
        sandbox: setup.sandbox,
        printer: setup.printer,
        outside: setup.outside,
        nav: nav(),
        organ_hooks: Hooks::of_all([
            gongkai_plans::organ_hooks(),
            gongkai_documents::organ_hooks(),
            gongkai_platform::finding::organ_hooks(),
            gongkai_requests::organ_hooks(),
        ]),
        handled_work: [
            gongkai_platform::inbox::handled_work(),
            gongkai_plans::handled_work(),
            gongkai_requests::handled_work(),
            gongkai_documents::handled_work(),
        ]
        .concat(),
        seams: Seams {
            published: Some(Arc::new(setup.finder.clone())),
            ..seams()
        },
        carriers: setup.carriers,
    });
    let routes = web::router(routes()).layer(Extension(setup.finder));
    let router = web::wrap(routes, app.clone());
    Ok((app, router))
}

/// Answers when the store does: for load balancers and supervisors.
async fn health(axum::extract::State(app): axum::extract::State<App>) -> Response {
    match app
        .db
        .read(async |tx| tx.one(gongkai_platform::db::sql("SELECT 1 AS one")).await)
        .await
    {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "health check failed"
            );
            (
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                "store unavailable\n",
            )
                .into_response()
        }
    }
}
