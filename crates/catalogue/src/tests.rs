//! Whole stories on both databases: what a clerk writes, what a unit fills, what the public reads.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::FigureKey;
use gongkai_basis::{Actor, Role};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock, backends};
use gongkai_platform::web::{self, App};

mod change;
mod course;
mod fits;
mod gap;
mod guide;
mod import;
mod pages;
mod proposal;
mod publicity;
mod sweep;
mod withdrawn;

const NOW: &str = "2026-10-12T09:00:00+08:00";

struct World {
    db: Db,
    app: App,
    _guard: Guard,
    city: OrganId,
    unit: OrganId,
    other: OrganId,
    clerk: AccountId,
    liaison: AccountId,
    library: withdrawn::Library,
    clock: MovableClock,
}

/// The form of a quarterly entry, with some fields otherwise; a form that changes one names no organ.
fn entry_fields<'f>(
    organ: Option<&'f str>,
    otherwise: &[(&'f str, &'f str)],
) -> Vec<(&'f str, &'f str)> {
    let mut all = vec![
        ("index_number", "AL-07-001"),
        ("class", "7"),
        ("item", "财政预决算"),
        ("sub_item", "预算执行情况"),
        ("content", "收支执行情况"),
        ("basis", "《中华人民共和国预算法》"),
        ("limit_text", "每季度公开"),
        ("publisher", "各部门"),
        ("channels", "■政府网站"),
        ("audience", "全社会"),
        ("method", "主动"),
        ("levels", "市级"),
        ("formed_on", "2026-01-05"),
    ];
    all.extend(organ.map(|organ| ("organ", organ)));
    all.retain(|(name, _)| otherwise.iter().all(|(other, _)| other != name));
    all.extend(otherwise);
    all
}

impl World {
    async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        db.write(async |tx: &mut Tx| {
            for (organ, kind) in [(city, "government"), (office, "office")] {
                tx.run(
                    sql("UPDATE organ SET kind = $1 WHERE id = $2")
                        .bind(kind)
                        .bind(organ),
                )
                .await?;
            }
            let subject = ("organ", city.to_string());
            tx.record(Event::new(
                &Actor::System,
                "test.kind",
                subject,
                "设置类型".to_owned(),
            ));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        let unit = testing::organ(&db, "市财政局", Some(city)).await;
        let other = testing::organ(&db, "市司法局", Some(city)).await;
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        let library = withdrawn::Library::default();
        parts
            .seams
            .evidence
            .push(std::sync::Arc::new(library.clone()));
        Self {
            app: App::new(parts),
            db,
            _guard: guard,
            city,
            unit,
            other,
            clerk,
            liaison,
            library,
            clock,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        let mut browser = Browser::new(router);
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// The clerk adds a quarterly entry to an organ's catalogue; the address of its page.
    async fn added(&self, organ: OrganId, over: &str, name: &str) -> String {
        let organ = organ.to_string();
        let fields = entry_fields(Some(organ.as_str()), &[("over", over), ("sub_item", name)]);
        let mut browser = self.browser(self.clerk).await;
        browser
            .post("/workspace/catalogue/new", &fields)
            .await
            .redirected()
    }
}

/// The number behind a class is what choosing the class shows.
#[tokio::test]
async fn classes_count_what_the_list_is_narrowed_to() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.added(world.city, "", "预算执行情况").await;
        world.added(world.unit, "", "部门预算").await;
        let city = world.city.to_string();
        let said = [("sub_item", "PPP项目信息"), ("index_number", "AL-07-002")];
        let fields = entry_fields(Some(city.as_str()), &said);
        let mut public = world.browser(world.clerk).await;
        let made = public.post("/workspace/catalogue/new", &fields).await;
        made.redirected();
        let unit = world.unit;
        for (query, n) in [
            (String::new(), 3),
            (format!("&organ={unit}"), 1),
            // Whatever the width and case of letters.
            ("&text=ppp".to_owned(), 1),
            ("&text=%EF%BC%B0%EF%BC%B0%EF%BC%B0".to_owned(), 1),
            ("&text=%E6%89%A7%E8%A1%8C".to_owned(), 1),
            ("&domain=%E6%95%91%E7%81%BE".to_owned(), 0),
        ] {
            let page = public
                .get(&format!("/catalogue?class=7{query}"))
                .await
                .page();
            let named = page.split("<option value=\"7\" selected>").nth(1).unwrap();
            let named = named.split('<').next().unwrap();
            assert!(named.ends_with(&format!("（{n}）")), "{query}: {named}");
        }
        // What article 21 adds can be chosen, too.
        let page = public.get("/catalogue").await.page();
        let added = page
            .split("<optgroup label=\"条例第二十一条\">")
            .nth(1)
            .unwrap();
        assert!(added.contains("<option value=\"筹资筹劳\">"), "{page}");
        // The same for programs of others.
        let narrowed = "/api/catalogue.json?class=7&text=%E6%89%A7%E8%A1%8C";
        let data = public.get(narrowed).await.page();
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        assert_eq!(data["total"], 1);
        let entry = &data["entries"][0];
        assert_eq!(entry["sub_item"], "预算执行情况");
        assert_eq!(entry["organ"]["name"], "安澜市人民政府");
        assert_eq!(entry["formed_on"], "2026-01-05");
        let url = entry["url"].as_str().unwrap();
        let (_, path) = url.split_once("/catalogue/").unwrap();
        public.get(&format!("/catalogue/{path}")).await.page();
        // What begins later says so.
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/catalogue").await.page();
        assert!(!page.contains("起施行"), "{page}");
    }
}

#[tokio::test]
async fn a_unit_fills_what_the_city_asks_and_the_public_reads_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let mut liaison = world.browser(world.liaison).await;
        let unit = world.unit.to_string();
        let matrix = format!("/workspace/catalogue/matrix?organ={unit}&year=2026");
        let before = liaison.get(&matrix).await.text();
        assert!(
            before.contains("沿用安澜市人民政府"),
            "the city's entry holds in the unit"
        );
        assert_eq!(
            before.matches("季度 超期").count(),
            2,
            "the third quarter still has its 20 working days"
        );

        let fill = format!("/workspace/catalogue/entries/{id}/fill");
        let address = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "address"),
            ("title", "一季度执行情况"),
            ("address", "https://www.example.gov.cn/q1.html"),
        ];
        liaison.post(&fill, &address).await.redirected();
        // Nobody knows yet that nothing will arise; the fourth quarter has begun, the next year has not.
        let too_early = |period: &str, kind: &str| {
            let period = period.to_owned();
            let kind = kind.to_owned();
            [
                ("organ", unit.clone()),
                ("period", period),
                ("kind", kind),
                ("title", "执行情况".to_owned()),
                ("address", "https://www.example.gov.cn/q4.html".to_owned()),
                ("statement", "没有调整。".to_owned()),
            ]
        };
        for (period, kind, said) in [
            ("2026-Q4", "nothing", "这一期到2026年12月31日才结束"),
            ("2027-Q1", "address", "这一期从2027年1月1日开始"),
        ] {
            let fields = too_early(period, kind);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let refused = liaison.post(&fill, &fields).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains(said), "{}", refused.text());
        }
        let page = liaison
            .get(&format!("/workspace/catalogue/entries/{id}?organ={unit}"))
            .await
            .page();
        let offered = |field: &str| {
            let select = page
                .split(&format!("<select id=\"{field}\""))
                .nth(1)
                .unwrap();
            select
                .split("</select>")
                .next()
                .unwrap()
                .contains("2026-Q4")
        };
        assert!(offered("ap") && !offered("np"), "{page}");
        let nothing = [
            ("organ", unit.as_str()),
            ("period", "2026-Q2"),
            ("kind", "nothing"),
            ("statement", "本季度没有调整。"),
        ];
        liaison.post(&fill, &nothing).await.redirected();
        let after = liaison.get(&matrix).await.text();
        assert!(after.contains("第1季度 已公开") && after.contains("第2季度 本期无"));
        assert!(!after.contains("季度 超期"));

        let public = liaison.get(&format!("/catalogue/{id}")).await.text();
        assert!(public.contains("一季度执行情况") && public.contains("本期无：本季度没有调整。"));
        assert!(public.contains("2026年第1季度"), "{public}");
        assert!(
            !public.contains("联络员</dd>"),
            "the public page names no staff"
        );
        let figure = FigureKey {
            name: "catalogue.filled".to_owned(),
            organ: world.city,
            year: 2026,
        };
        let figures = world
            .db
            .read(async |tx: &mut Tx| {
                world
                    .app
                    .seams
                    .figures(tx, std::slice::from_ref(&figure))
                    .await
            })
            .await
            .unwrap();
        assert_eq!(figures[0].as_ref().unwrap().value, 2);

        let back = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("why", "网址有误"),
        ];
        liaison
            .post(
                &format!("/workspace/catalogue/entries/{id}/take-back"),
                &back,
            )
            .await
            .redirected();
        assert!(liaison.get(&matrix).await.text().contains("第1季度 超期"));
    }
}

#[tokio::test]
async fn what_is_no_period_or_no_unit_of_ones_own_is_not_filled() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let fill = path + "/fill";
        let mut liaison = world.browser(world.liaison).await;
        let (unit, other) = (world.unit.to_string(), world.other.to_string());
        for (organ, period, address, status) in [
            (&unit, "2026-Q5", "https://www.example.gov.cn/", 404),
            (&other, "2026-Q1", "https://www.example.gov.cn/", 404),
            (&unit, "2026-Q1", "javascript:alert(1)", 422),
            (&unit, "2026-Q1", "http://127.0.0.1:8080/workspace", 422),
            (
                &unit,
                "2026-Q1",
                "https://www.example.gov.cn/workspace/x?a=1",
                422,
            ),
        ] {
            let fields = [
                ("organ", organ.as_str()),
                ("period", period),
                ("kind", "address"),
                ("title", "材料"),
                ("address", address),
            ];
            assert_eq!(liaison.post(&fill, &fields).await.status.as_u16(), status);
        }
    }
}

#[tokio::test]
async fn an_entry_of_ones_own_stands_for_the_one_above() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let above = world.added(world.city, "", "全市预算执行情况").await;
        let above = above.rsplit('/').next().unwrap();
        world.added(world.unit, above, "本局预算执行情况").await;
        let mut clerk = world.browser(world.clerk).await;
        let of = |organ: OrganId| format!("/workspace/catalogue/matrix?organ={organ}&year=2026");
        let own = clerk.get(&of(world.unit)).await.text();
        assert!(own.contains("本局预算执行情况") && !own.contains("全市预算执行情况"));
        let other = clerk.get(&of(world.other)).await.text();
        assert!(other.contains("全市预算执行情况") && !other.contains("本局预算执行情况"));
    }
}
