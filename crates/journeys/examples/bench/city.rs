//! A city with as many bureaus as wanted over the whole program, without a network.

use std::sync::Arc;

use gongkai::compose::{Setup, compose};
use gongkai::printer::Typst;
use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId, PlanId, TaskId};
use gongkai_journeys::InProcess;
use gongkai_plans::{draft, task};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{Db, Tx};
use gongkai_platform::files::Files;
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock};
use gongkai_platform::web::{App, Site};

use super::document;

const FIELDS: [&str; 8] = [
    "教育", "司法", "财政", "民政", "水利", "商务", "审计", "统计",
];
const NUMBERS: [&str; 5] = ["一", "二", "三", "四", "五"];

pub(crate) struct City {
    pub(crate) app: App,
    pub(crate) db: Db,
    router: axum::Router,
    pub(crate) government: OrganId,
    pub(crate) office: OrganId,
    names: Vec<String>,
    pub(crate) units: Vec<OrganId>,
    pub(crate) clerk: AccountId,
    pub(crate) liaison: AccountId,
    _guard: Guard,
}

/// 市教育一局, …, 市统计五局, 市教育6局, …
fn bureau(nth: usize) -> String {
    let field = FIELDS.get(nth % FIELDS.len()).copied().unwrap_or_default();
    match NUMBERS.get(nth / FIELDS.len()) {
        Some(number) => format!("市{field}{number}局"),
        None => format!("市{field}{}局", nth / FIELDS.len() + 1),
    }
}

impl City {
    pub(crate) async fn founded(backend: &Backend, organs: usize) -> Self {
        let clock = MovableClock::at("2026-09-28T09:00:00+08:00");
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let government = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(government)).await;
        let names: Vec<String> = (0..organs).map(bureau).collect();
        let mut units = Vec::new();
        for name in &names {
            units.push(testing::organ(&db, name, Some(government)).await);
        }
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let own = *units.first().unwrap();
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, own)]).await;
        let setup = Setup {
            db: db.clone(),
            files: Files::new(guard.folder().join("files")),
            site: Site {
                name: "安澜市".into(),
                url: "http://gongkai.test".into(),
                secure: false,
                demo: true,
                trusted_proxies: Vec::new(),
            },
            sandbox: Arc::new(InProcess),
            printer: Some(Arc::new(Typst::new(std::path::Path::new("")))),
            carriers: Vec::new(),
            outside: Arc::new(gongkai_platform::outside::Nowhere),
            finder: gongkai::find::Finder::open(&guard.folder().join("search")).unwrap(),
        };
        let (app, router) = compose(setup).await.unwrap();
        Self {
            app,
            db,
            router,
            government,
            office,
            names,
            units,
            clerk,
            liaison,
            _guard: guard,
        }
    }

    /// Imports a plan of this many tasks, each of them given to all units.
    pub(crate) async fn imports(&self, number: usize, tasks: usize) -> PlanId {
        let bytes = document::html(number, tasks, &self.names);
        let name = format!("方案{number}.html");
        let permit = Permit::system();
        draft::import_whole(&self.app, &permit, self.office, &name, bytes)
            .await
            .unwrap()
    }

    /// What was stored past the imports is looked at as after one, and as a house that runs for a day has it.
    pub(crate) async fn is_known_to_the_planner(&self) {
        let tables = gongkai_schema::TABLES.iter().map(|table| table.name);
        let tables: Vec<&'static str> = tables.collect();
        self.db.refresh_statistics(usize::MAX, &tables).await;
    }

    /// A task from the middle of the plan; it checks that everything arrived.
    pub(crate) async fn a_task(&self, plan: &PlanId) -> TaskId {
        let tasks = self
            .db
            .read(async |tx: &mut Tx| task::store::of_plan(tx, *plan).await)
            .await
            .unwrap();
        assert_eq!(tasks.len(), super::LEDGER_TASKS);
        tasks.get(tasks.len() / 2).unwrap().id
    }

    pub(crate) async fn clerk(&self) -> Browser {
        self.browser(self.clerk).await
    }

    pub(crate) async fn liaison(&self) -> Browser {
        self.browser(self.liaison).await
    }

    pub(crate) async fn browser(&self, account: AccountId) -> Browser {
        let mut browser = Browser::new(self.router.clone());
        browser.sign_in(&self.db, account).await;
        browser
    }
}
