//! Whole stories on both databases: a report from its first figure to the public, and what others see of it.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::{DateRange, Figure, FigureKey, Ref};
use gongkai_basis::{Actor, Role};
use gongkai_office::Limits;
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::seam::FigureSource;
use gongkai_platform::testing::{
    self, Answer, Backend, Browser, Guard, MovableClock, backends, says, set_kind,
};
use gongkai_platform::web::{self, App, Sandbox, SandboxError, SheetLine};

use crate::annual::Annual;
use crate::check::{Beside, check};
use crate::draft::Draft;
use crate::form::Cell;
use crate::id::AnnualId;
use crate::sample::city;
use crate::{export, read};

mod beside;
mod due;
mod empty;
mod files;
mod general;
mod precheck;
mod prose;
mod remind;

const NOW: &str = "2027-01-12T09:00:00+08:00";
const LIST: &str = "/workspace/reports";

/// Reads without a child: tests have no binary.
struct Here;

#[async_trait]
impl Sandbox for Here {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let bytes = std::fs::read(file).map_err(|error| SandboxError(error.to_string()))?;
        let read = gongkai_office::read(&bytes, &Limits::default());
        Ok(gongkai_office::wire::to_wire(&read))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Err(SandboxError("这里不读清单。".to_owned()))
    }
}

/// Counts 7 new requests of natural persons for each unit; for the city those of its three units and 4 of its own.
struct Seven {
    city: OrganId,
}

#[async_trait]
impl FigureSource for Seven {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("requests.table3.new.natural", "新收")]
    }

    async fn figures(
        &self,
        _: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let one = |key: &FigureKey| {
            (key.name == "requests.table3.new.natural").then(|| Figure {
                value: if key.organ == self.city { 3 * 7 + 4 } else { 7 },
                refs: vec![Ref {
                    kind: "request".to_owned(),
                    id: "甲号申请".to_owned(),
                }],
            })
        };
        Ok(keys.iter().map(one).collect())
    }
}

struct World {
    db: Db,
    clock: MovableClock,
    _guard: Guard,
    app: App,
    city: OrganId,
    office: OrganId,
    units: Vec<OrganId>,
    clerk: AccountId,
    liaison: AccountId,
    head: AccountId,
    other: AccountId,
}

impl World {
    async fn on(backend: &Backend) -> Self {
        Self::at(backend, NOW).await
    }

    async fn at(backend: &Backend, now: &str) -> Self {
        let clock = MovableClock::at(now);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        let mut units = Vec::new();
        for name in ["安澜市司法局", "安澜市财政局"] {
            units.push(testing::organ(&db, name, Some(city)).await);
        }
        for (organ, kind) in [
            (city, "government"),
            (office, "office"),
            (units[0], "department"),
            (units[1], "department"),
        ] {
            set_kind(&db, organ, kind).await;
        }
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        parts.seams.figures.push(Arc::new(Seven { city }));
        parts.sandbox = Arc::new(Here);
        Self {
            clerk: testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await,
            liaison: testing::person(&db, "联络员", &[(Role::Liaison, units[0])]).await,
            head: testing::person(&db, "局长", &[(Role::UnitHead, units[0])]).await,
            other: testing::person(&db, "别局", &[(Role::Liaison, units[1])]).await,
            app: App::new(parts),
            db,
            clock,
            city,
            office,
            _guard: guard,
            units,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        let mut browser = Browser::new(router);
        browser.sign_in(&self.db, account).await;
        browser
    }

    async fn public(&self, path: &str) -> Answer {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        Browser::new(router).get(path).await
    }

    /// Two people begin the same report at once: one has it, the other is told.
    async fn begun_twice(&self) -> Vec<u16> {
        let organ = self.units[1].to_string();
        let mut one = self.browser(self.other).await;
        let mut other = one.clone();
        let (path, fields) = (
            format!("{LIST}/new"),
            [("organ", &*organ), ("year", "2026")],
        );
        let (one, other) = tokio::join!(one.post(&path, &fields), other.post(&path, &fields));
        let mut both = vec![one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        both
    }

    async fn begun(&self) -> String {
        let organ = self.units[0].to_string();
        let mut liaison = self.browser(self.liaison).await;
        let fields = [("organ", organ.as_str()), ("year", "2026")];
        let edit = liaison
            .post(&format!("{LIST}/new"), &fields)
            .await
            .redirected();
        edit.trim_end_matches("/edit").to_owned()
    }

    async fn events(&self, path: &str) -> Vec<String> {
        let id = path.rsplit('/').next().unwrap().to_owned();
        let found = self
            .db
            .read(async |tx: &mut Tx| {
                gongkai_platform::audit::about(tx, crate::annual::handle::SUBJECT, &id, 50).await
            })
            .await
            .unwrap();
        let mut kinds: Vec<String> = found.into_iter().map(|event| event.kind).collect();
        kinds.sort();
        kinds
    }
}

/// The fields of the cells in which a person writes a nought.
static NOUGHTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let cells = Cell::all().filter(|cell| !cell.is_total());
    let names = cells.map(|cell| format!("c:{}", cell.code()));
    let counted = ["c:3.new.natural", "c:3.open.natural"];
    names.filter(|name| !counted.contains(&&**name)).collect()
});

/// Everything a clean report needs: 7 requests, all answered, and a nought in every other cell.
fn filled(version: &'static str, open: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![
        ("version", version),
        ("c:3.new.natural", "7"),
        ("c:3.open.natural", open),
        ("why", "依申请台账"),
        ("text0", "全年新收政府信息公开申请7件。"),
        ("text4", "解读还不够。"),
        ("text5", "未收取信息处理费。"),
    ];
    fields.extend(NOUGHTS.iter().map(|name| (name.as_str(), "0")));
    fields
}

#[tokio::test]
async fn a_report_goes_from_its_figures_to_the_public_and_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (mut liaison, mut head, mut clerk) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
            world.browser(world.clerk).await,
        );
        let path = world.begun().await;
        // The figure is there with its records; another unit sees nothing.
        let cell = liaison
            .get(&format!("{path}/cells/3.new.natural"))
            .await
            .page();
        assert!(
            cell.contains("系统统计") && cell.contains("甲号申请"),
            "{cell}"
        );
        // A total leads to what is added up.
        let total = liaison
            .get(&format!("{path}/cells/3.new.total"))
            .await
            .page();
        let natural = format!("{path}/cells/3.new.natural\">三.");
        assert!(
            total.contains("相加的各格") && total.contains(&natural),
            "{total}"
        );
        let mut other = world.browser(world.other).await;
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.get(&format!("{path}/edit")).await.status, 404);
        // Nobody confirms what does not add up, and the button says so; a changed number needs its reason.
        let page = head.get(&path).await.page();
        for words in ["处错误，改好以后才能确认报告", "disabled>确认报告"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        says(
            &head
                .post(&format!("{path}/confirm"), &[("version", "1")])
                .await,
            422,
            "第三项加第四项",
        );
        let edit = format!("{path}/edit");
        let mut fields = filled("1", "6");
        fields.retain(|(name, _)| *name != "why");
        says(
            &liaison.post(&edit, &fields).await,
            422,
            "请填写原因或数据来源",
        );
        liaison.post(&edit, &filled("1", "6")).await.redirected();
        let page = liaison.get(&edit).await.page();
        assert!(page.contains("应为7，表中为6"), "{page}");
        // A finding leads to its cell.
        let cell = page.split("href=\"#cell-").nth(1).unwrap();
        let cell = cell.split('"').next().unwrap();
        assert!(
            page.contains(&format!("id=\"cell-{cell}\"")),
            "{cell}: {page}"
        );
        // Somebody was faster: everything typed is still there, over the newest version.
        let late = liaison.post(&edit, &filled("1", "7")).await;
        for words in [
            "别人刚刚改动",
            "打开别人保存的报告核对",
            "name=\"version\" value=\"2\"",
        ] {
            says(&late, 409, words);
        }
        let typed = filled("1", "7");
        let why = typed.iter().find(|(name, _)| *name == "why").unwrap().1;
        says(&late, 409, why);
        liaison.post(&edit, &filled("2", "7")).await.redirected();
        // A button that would be refused says why and cannot be pressed.
        let page = head.get(&path).await.page();
        assert!(!page.contains("disabled>确认报告"), "{page}");
        // The head confirms, the office returns, and so on to the public.
        head.post(&format!("{path}/confirm"), &[("version", "3")])
            .await
            .redirected();
        // Who was still writing keeps every word, whether the form was older than the confirmation or not.
        for (version, status) in [("3", 409), ("4", 422)] {
            let mut fields = filled(version, "7");
            fields[5] = ("text4", "写了半个小时的问题。");
            let late = liaison.post(&edit, &fields).await;
            for words in ["已确认", "写了半个小时的问题。", "请先复制留存"] {
                says(&late, status, words);
            }
        }
        let precheck = format!("{path}/precheck");
        says(
            &clerk
                .post(
                    &precheck,
                    &[("version", "4"), ("step", "return"), ("why", " ")],
                )
                .await,
            422,
            "请写明原因",
        );
        clerk
            .post(
                &precheck,
                &[
                    ("version", "4"),
                    ("step", "return"),
                    ("why", "问题写得太少"),
                ],
            )
            .await
            .redirected();
        assert!(liaison.get(&path).await.page().contains("问题写得太少"));
        head.post(&format!("{path}/confirm"), &[("version", "5")])
            .await
            .redirected();
        clerk
            .post(&precheck, &[("version", "6"), ("step", "pass")])
            .await
            .redirected();
        let address = format!("/reports/{}/2026", world.units[0]);
        assert_eq!(world.public(&address).await.status, 404);
        let publish = format!("{path}/publish");
        head.post(&publish, &[("version", "7"), ("step", "publish")])
            .await
            .redirected();
        says(
            &world.public(&address).await,
            200,
            "全年新收政府信息公开申请7件",
        );
        says(
            &world.public(&address).await,
            200,
            "<meta name=\"ArticleTitle\" content=\"安澜市司法局2026年政府信息公开工作年度报告\"><meta name=\"PubDate\" content=\"20",
        );
        says(
            &world.public("/reports").await,
            200,
            "安澜市司法局2026年政府信息公开工作年度报告",
        );
        // A correction is written while the public reads on.
        head.post(
            &publish,
            &[("version", "8"), ("step", "reopen"), ("why", "漏写一节")],
        )
        .await
        .redirected();
        let mut fields = filled("9", "7");
        fields[6] = ("text5", "未收取信息处理费。补一节。");
        liaison.post(&edit, &fields).await.redirected();
        assert!(!world.public(&address).await.text().contains("补一节"));
        // What is being written says that it is a draft, what the public has does not.
        let given = world.public(&format!("{address}/html")).await;
        assert!(!given.page().contains("草稿"), "{}", given.text());
        let own = liaison.get(&format!("{path}/file/html")).await;
        says(&own, 200, "【草稿：还在编写，没有公布】");
        assert_eq!(
            world.events(&path).await,
            [
                "annual.begun",
                "annual.confirmed",
                "annual.confirmed",
                "annual.passed",
                "annual.published",
                "annual.reopened",
                "annual.returned",
                "annual.saved",
                "annual.saved",
                "annual.saved",
            ]
        );
    }
}
