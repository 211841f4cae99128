//! A small 安澜市 with an office, and the documents that arrive there.

use std::sync::Arc;

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::access::{Permit, Session};
use gongkai_platform::account::session;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::seam::Seams;
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock};
use gongkai_platform::web::{self, App};

use crate::acts::ImportPlan;
use crate::testing::InProcess;

/// The city's plan as a government website shows it.
pub(super) const CITY_HTML: &str = "<html><head><title>安澜市人民政府</title></head><body>\
    <h1>安澜市人民政府办公室关于印发安澜市2026年政务公开工作要点分工方案的通知</h1>\
    <p>安府办函〔2026〕12号</p><p>各县（区）人民政府，市政府各部门：</p>\
    <p>现将《安澜市2026年政务公开工作要点分工方案》印发给你们，请认真贯彻落实。</p>\
    <p>安澜市人民政府办公室</p><p>2026年3月16日</p>\
    <h2>安澜市2026年政务公开工作要点分工方案</h2><table>\
    <tr><th>工作任务</th><th>具体措施</th><th>责任单位</th></tr>\
    <tr><td rowspan=\"2\">一、夯实基础</td><td>1.公布现行有效规章清单，2026年9月底前完成。</td><td>市司法局牵头，市直其他单位配合</td></tr>\
    <tr><td>2.修订主动公开基本目录并组织培训。</td><td>市教育局、市财政局</td></tr>\
    <tr><td>二、抓好落实</td><td>3.开展年度考核，11月底前通报结果。</td><td>市政府办公室</td></tr>\
    </table></body></html>";

/// A town's plan in running text; one of its units is in no directory.
pub(super) const TOWN_TXT: &str = "青禾镇2026年政务公开工作要点分工方案\n\n一、规范基础工作\n\n\
    1.列出本镇公开事项清单，2026年6月底前张贴。（责任单位：市教育局）\n\n\
    2.公布惠农补贴结果。（责任单位：市财政局、市幻想事务局）\n";

pub(super) struct World {
    pub(super) app: App,
    pub(super) db: Db,
    pub(super) browser: Browser,
    pub(super) office: OrganId,
    pub(super) clerk: AccountId,
    pub(super) organs: Vec<OrganId>,
    _guard: Guard,
}

impl World {
    pub(super) async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at("2026-03-18T09:00:00+08:00");
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.sandbox = Arc::new(InProcess);
        parts.seams = Seams::of_all([crate::seams(), gongkai_platform::seams()]);
        let app = App::new(parts);
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        db.upkeep(async |tx: &mut Tx| {
            tx.run(sql("UPDATE organ SET kind = 'government' WHERE id = $1").bind(city))
                .await
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
        let mut organs = vec![city];
        for name in [
            "安澜市人民政府办公室",
            "安澜市司法局",
            "安澜市教育局",
            "安澜市财政局",
        ] {
            organs.push(testing::organ(&db, name, Some(city)).await);
        }
        let office = organs[1];
        db.upkeep(async |tx: &mut Tx| {
            tx.run(sql("UPDATE organ SET kind = 'office' WHERE id = $1").bind(office))
                .await
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
        let clerk = testing::person(&db, "周敏", &[(Role::OfficeClerk, office)]).await;
        let mut browser = Browser::new(web::wrap(web::router(crate::routes()), app.clone()));
        browser.sign_in(&db, clerk).await;
        Self {
            app,
            db,
            browser,
            office,
            clerk,
            organs,
            _guard: guard,
        }
    }

    /// The same, with a document uploaded; with the draft's address.
    pub(super) async fn with(backend: &Backend, name: &str, text: &str) -> (Self, String) {
        let mut world = Self::on(backend).await;
        let address = world
            .upload("/workspace/import", name, text.as_bytes())
            .await;
        (world, address)
    }

    /// Somebody else, signed in.
    pub(super) async fn person(&self, name: &str, roles: &[(Role, OrganId)]) -> Browser {
        let account = testing::person(&self.db, name, roles).await;
        let routes = web::router(crate::routes());
        let mut browser = Browser::new(web::wrap(routes, self.app.clone()));
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// The head of the office, signed in.
    pub(super) async fn head(&self) -> Browser {
        self.person("主任", &[(Role::OfficeHead, self.office)])
            .await
    }

    /// The clerk's own permit, as a handler would get it.
    pub(super) async fn permit(&self) -> Permit<ImportPlan> {
        self.db
            .upkeep(async |tx: &mut Tx| {
                session::begin(tx, self.clerk, "hash", "127.0.0.1", "test").await
            })
            .await
            .unwrap();
        let session: Option<Session> = session::resume(&self.db, self.app.today(), "hash")
            .await
            .unwrap();
        session.unwrap().permit().unwrap()
    }

    pub(super) async fn count(&self, question: &'static str) -> i64 {
        self.db
            .read(async |tx: &mut Tx| tx.one(sql(question)).await?.get("n"))
            .await
            .map_err(|error: StoreError| error)
            .unwrap()
    }

    /// Uploads a document and gives the draft's address.
    pub(super) async fn upload(&mut self, to: &str, name: &str, bytes: &[u8]) -> String {
        self.browser
            .upload(to, &[], ("file", name, bytes))
            .await
            .redirected()
    }

    /// The version that a page's first form would send.
    pub(super) async fn version(&mut self, address: &str) -> String {
        let page = self.browser.get(address).await.page();
        value_of(&page, "version")
    }
}

/// The value of the first hidden field of this name.
pub(super) fn value_of(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let start = page
        .find(&mark)
        .unwrap_or_else(|| panic!("no {name} in {page}"))
        + mark.len();
    page[start..].split('"').next().unwrap().to_owned()
}
