//! Whole stories on both databases: what a person does, what others see, what the seams give.

mod group;
mod night;
mod overview;
mod records;
mod register;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::{Claim, DateRange, FigureKey, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::finding;
use gongkai_platform::seam::Wanted;
use gongkai_platform::testing::{
    self, Backend, Browser, Guard, MovableClock, backends, says, set_kind,
};
use gongkai_platform::web::{self, App, Sandbox, SandboxError, SheetLine};

const NOW: &str = "2026-10-12T09:00:00+08:00";

/// Gives the same table for every file.
struct OneTable(Vec<Vec<&'static str>>);

#[async_trait]
impl Sandbox for OneTable {
    async fn read(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError("这里不读方案。".to_owned()))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        let lines = (1..)
            .zip(&self.0)
            .map(|(n, cells)| (n, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        Ok(vec![lines])
    }
}

struct World {
    db: Db,
    clock: MovableClock,
    guard: Guard,
    app: App,
    city: OrganId,
    office: OrganId,
    /// 市司法局, 市财政局
    units: Vec<OrganId>,
    clerk: AccountId,
    liaisons: Vec<AccountId>,
    leader: AccountId,
}

impl World {
    async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        for (organ, kind) in [(city, "government"), (office, "office")] {
            set_kind(&db, organ, kind).await;
        }
        let (mut units, mut liaisons) = (Vec::new(), Vec::new());
        for name in ["市司法局", "市财政局"] {
            let unit = testing::organ(&db, name, Some(city)).await;
            units.push(unit);
            let person = format!("{name}联络员");
            liaisons.push(testing::person(&db, &person, &[(Role::Liaison, unit)]).await);
        }
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let leader = testing::person(&db, "领导", &[(Role::Leader, city)]).await;
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        Self {
            app: App::new(parts),
            db,
            clock,
            guard,
            city,
            office,
            units,
            clerk,
            liaisons,
            leader,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        let mut browser = Browser::new(router);
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// Notes something and gives the address of its page.
    async fn noted(&self, who: AccountId, kind: &str, organ: OrganId, title: &str) -> String {
        let organ = organ.to_string();
        let fields = [
            ("organ", organ.as_str()),
            ("title", title),
            ("held_on", "2026-09-18"),
            ("summary", "研究部署政务公开工作。"),
            ("attendees", "林知远，市司法局\n何书瑶，市财政局，缺"),
        ];
        let path = format!("/workspace/organisation/activities/new?kind={kind}");
        let file = ("file", "", &b""[..]);
        let mut browser = self.browser(who).await;
        browser.upload(&path, &fields, file).await.redirected()
    }

    async fn findings(&self, organ: OrganId) -> Vec<(String, finding::FindingState)> {
        let narrow = finding::Narrow::default();
        let found = self
            .db
            .read(async |tx: &mut Tx| finding::of(tx, organ, &narrow, 50).await)
            .await
            .unwrap();
        let mut found: Vec<_> = found.into_iter().map(|one| (one.key, one.state)).collect();
        found.sort();
        found
    }
}
