use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use gongkai_basis::Role;
use gongkai_basis::id::OrganId;

use super::acts::ManagePortals;
use super::handle::{self, EmblemChange};
use super::{
    Accent, Extent, Foot, Header, Known, PortalId, PortalKind, Words, emblem, nav, routes, store,
};
use crate::access::{Permit, Scope};
use crate::audit;
use crate::db::{Db, StoreError, Tx, sql};
use crate::fault::NotDone;
use crate::testing::{self, Backend, Browser, MovableClock, backends};
use crate::web::{App, router, wrap};

struct World {
    db: Db,
    app: App,
    clock: MovableClock,
    organs: BTreeMap<&'static str, OrganId>,
    public: Browser,
    admin: Browser,
    _guard: testing::Guard,
}

/// 市 → 财政局；市 → 县 → 县教育局；县 → 镇.
async fn world(backend: &Backend) -> World {
    let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
    let (db, guard) = testing::scratch(backend, clock.clock()).await;
    let city = testing::organ(&db, "安澜市人民政府", None).await;
    let bureau = testing::organ(&db, "安澜市财政局", Some(city)).await;
    let county = testing::organ(&db, "云溪县人民政府", Some(city)).await;
    let school = testing::organ(&db, "云溪县教育局", Some(county)).await;
    let town = testing::organ(&db, "柳河镇人民政府", Some(county)).await;
    db.upkeep(async |tx: &mut Tx| {
        for (id, kind) in [(city, "government"), (county, "government"), (town, "town")] {
            tx.run(
                sql("UPDATE organ SET kind = $1 WHERE id = $2")
                    .bind(kind)
                    .bind(id),
            )
            .await?;
        }
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    let admin = testing::person(&db, "周健", &[(Role::SystemAdmin, city)]).await;
    let app = App::new(testing::parts(&db, &guard, nav()));
    let mut table = routes();
    table.extend(crate::account::routes());
    let public = Browser::new(wrap(router(table), app.clone()));
    let mut signed_in = public.clone();
    signed_in.sign_in(&db, admin).await;
    World {
        db,
        app,
        clock,
        organs: BTreeMap::from([
            ("市", city),
            ("财政局", bureau),
            ("县", county),
            ("教育局", school),
            ("镇", town),
        ]),
        public,
        admin: signed_in,
        _guard: guard,
    }
}

fn words(organ: OrganId, name: &str, host: &str) -> Words {
    Words {
        organ,
        kind: PortalKind::Beside,
        name: name.to_owned(),
        hosts: host
            .split_whitespace()
            .map(|host| host.parse().unwrap())
            .collect(),
        extent: Extent::Branch,
        intro: String::new(),
        accent: Accent::Jade,
        header: Header::Band,
        logo: String::new(),
        foot: Foot::default(),
    }
}

impl World {
    async fn open(&self, words: Words) -> Result<PortalId, NotDone> {
        let permit = Permit::<ManagePortals>::system();
        let done = self
            .db
            .write(async |tx: &mut Tx| {
                handle::open(tx, &permit, (words.clone(), EmblemChange::Keep)).await
            })
            .await;
        self.app.portals().forget();
        Ok(done?.id)
    }

    async fn known(&self) -> Known {
        self.db
            .read(async |tx: &mut Tx| Known::read(tx, &self.app.site).await)
            .await
            .unwrap()
    }

    async fn path(&self, organ: &str) -> String {
        let id = self.organs[organ];
        let paths = self
            .db
            .read(async |tx: &mut Tx| store::paths(tx, &[id]).await)
            .await
            .unwrap();
        paths[&id].clone()
    }

    /// The names of the organs whose home this site is, by the site's name.
    async fn homes(&self) -> BTreeMap<&'static str, String> {
        let known = self.known().await;
        let mut homes = BTreeMap::new();
        for (name, id) in &self.organs {
            let path = self.path(name).await;
            let home = known.home(*id, &path);
            homes.insert(
                *name,
                home.map_or_else(|| "—".to_owned(), |look| look.name.clone()),
            );
        }
        homes
    }
}

fn refusal(done: Result<PortalId, NotDone>) -> Vec<&'static str> {
    let Err(NotDone::Refused(reasons)) = done else {
        panic!("{done:?}")
    };
    reasons.into_iter().map(|(field, _)| field).collect()
}

#[tokio::test]
async fn a_site_is_kept_as_written_on_both_databases() {
    for backend in backends() {
        let world = world(&backend).await;
        let id = world
            .open(Words {
                extent: Extent::Own,
                foot: Foot {
                    site_code: "3499990001".to_owned(),
                    operator: "云溪县政务服务中心".to_owned(),
                    mistakes_url: "https://zfwzgl.www.gov.cn/exposure/jiucuo.html".to_owned(),
                    badge_url: "https://bszs.conac.cn/sitename".to_owned(),
                    ..Foot::default()
                },
                ..words(world.organs["县"], "云溪县", "b.example a.example")
            })
            .await
            .unwrap();
        let read = async || {
            let loaded = world.db.read(async |tx: &mut Tx| store::load(tx, id).await);
            loaded.await.unwrap().unwrap()
        };
        let portal = read().await;
        let listed = world.db.read(async |tx: &mut Tx| store::list(tx).await);
        assert_eq!(listed.await.unwrap(), std::slice::from_ref(&portal));
        let hosts: Vec<_> = portal.words.hosts.iter().map(ToString::to_string).collect();
        assert_eq!(
            hosts,
            ["b.example", "a.example"],
            "the order is the writer's"
        );
        let permit = Permit::<ManagePortals>::system();
        let png = emblem::clean(&emblem::tests::png(8, &[])).unwrap();
        let wanted = (
            words(world.organs["镇"], "柳河镇", "a.example"),
            EmblemChange::Put(png.clone()),
        );
        let change = async |version| {
            world
                .db
                .write(async |tx: &mut Tx| {
                    handle::change(tx, &permit, (id, version), wanted.clone()).await
                })
                .await
        };
        change(1).await.unwrap();
        assert!(matches!(
            change(1).await,
            Err(NotDone::Store(StoreError::Stale))
        ));
        let portal = read().await;
        assert_eq!(
            (portal.version, &portal.words, &portal.emblem),
            (2, &wanted.0, &png)
        );
        let close = async |version| {
            world
                .db
                .write(async |tx: &mut Tx| handle::close(tx, &permit, (id, version)).await)
                .await
        };
        assert!(matches!(
            close(1).await,
            Err(NotDone::Store(StoreError::Stale))
        ));
        close(2).await.unwrap();
        assert!(matches!(close(2).await, Err(NotDone::NotFound)));
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::page(tx, 0, 100).await);
        let kinds: Vec<String> = events
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .filter(|kind| kind.starts_with("portal."))
            .collect();
        assert_eq!(kinds, ["portal.opened", "portal.changed", "portal.closed"]);
    }
}

#[tokio::test]
async fn hosts_names_and_the_main_site_are_given_once() {
    let world = world(&Backend::Sqlite).await;
    let (city, county) = (world.organs["市"], world.organs["县"]);
    world
        .open(words(county, "云溪县", "yunxi.example"))
        .await
        .unwrap();
    let main = Words {
        kind: PortalKind::Main,
        ..words(city, "安澜市", "")
    };
    world.open(main.clone()).await.unwrap();
    for (wanted, fields) in [
        (
            words(city, "另一个", "x.example yunxi.example"),
            vec!["hosts"],
        ),
        (words(city, "云溪县", "x.example"), vec!["name"]),
        (
            Words {
                name: "新".to_owned(),
                ..main
            },
            vec!["kind"],
        ),
        (words(city, "", ""), vec!["name", "hosts"]),
        (
            Words {
                kind: PortalKind::Main,
                foot: Foot {
                    site_code: "12".to_owned(),
                    mistakes_url: "javascript:alert(1)".to_owned(),
                    badge_url: "https://a b".to_owned(),
                    ..Foot::default()
                },
                ..words(OrganId::new(testing::uuid()), "新", "x.example")
            },
            vec![
                "mistakes_url",
                "badge_url",
                "site_code",
                "hosts",
                "kind",
                "organ",
            ],
        ),
    ] {
        assert_eq!(refusal(world.open(wanted).await), fields);
    }
}

#[tokio::test]
async fn the_nearest_site_that_shows_an_organ_is_its_home() {
    for backend in backends() {
        let world = world(&backend).await;
        let plain = world.homes().await;
        assert!(plain.values().all(|home| home == "安澜市"), "{plain:?}");
        let own = |organ: &str, name: &str, host: &str| Words {
            extent: Extent::Own,
            ..words(world.organs[organ], name, host)
        };
        world.open(own("县", "县站", "x.example")).await.unwrap();
        world
            .open(words(world.organs["财政局"], "财政站", "c.example"))
            .await
            .unwrap();
        let homes = |pairs: [(&'static str, &str); 5]| {
            BTreeMap::from(pairs.map(|(organ, home)| (organ, home.to_owned())))
        };
        assert_eq!(
            world.homes().await,
            homes([
                ("市", "安澜市"),
                ("财政局", "财政站"),
                ("县", "县站"),
                ("教育局", "县站"),
                ("镇", "安澜市")
            ])
        );
        let main = Words {
            kind: PortalKind::Main,
            hosts: Vec::new(),
            ..own("市", "市本级", "")
        };
        world.open(main).await.unwrap();
        assert_eq!(
            world.homes().await,
            homes([
                ("市", "市本级"),
                ("财政局", "财政站"),
                ("县", "县站"),
                ("教育局", "县站"),
                ("镇", "—")
            ])
        );
        let known = world.known().await;
        let looks = [&known.main, &known.beside[0], &known.beside[1]];
        let scopes: Vec<&Scope> = looks.iter().map(|look| &look.scope).collect();
        let unshown = world
            .db
            .read(async |tx: &mut Tx| store::unshown(tx, &scopes, 5).await);
        assert_eq!(
            unshown.await.unwrap(),
            (1, vec!["柳河镇人民政府".to_owned()])
        );
    }
}

#[tokio::test]
async fn only_listed_hosts_are_believed_and_staff_stay_on_the_main_site() {
    let world = world(&Backend::Sqlite).await;
    world
        .open(words(world.organs["县"], "云溪县", "yunxi.example"))
        .await
        .unwrap();
    let head = async |host: &str| {
        let page = world.public.at(host).get("/nowhere").await;
        assert_eq!(page.status, 404);
        page.text()
    };
    for host in ["yunxi.example", "YUNXI.Example:8080", "yunxi.example."] {
        assert!(head(host).await.contains("云溪县"), "{host}");
    }
    for host in [
        "gongkai.test",
        "evil.example",
        "[::1]:80",
        "127.0.0.1",
        "yunxi.example.evil.example",
        "yunxi.example:80:80",
        "x@yunxi.example",
    ] {
        let text = head(host).await;
        assert!(
            text.contains("安澜市") && !text.contains("云溪县"),
            "{host}"
        );
        assert!(
            !text.contains("evil"),
            "what a stranger wrote is not repeated"
        );
    }
    let mut there = world.public.at("yunxi.example");
    let sent = there.get("/login?next=%2Fworkspace").await;
    assert_eq!(sent.status, 307);
    assert_eq!(
        sent.location(),
        Some("http://gongkai.test/login?next=%2Fworkspace")
    );
    assert_eq!(there.post("/login", &[("name", "x")]).await.status, 404);
}

fn form<'a>(organ: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("organ", organ),
        ("kind", "beside"),
        ("name", "云溪县"),
        ("hosts", "yunxi.example"),
        ("extent", "branch"),
        ("accent", "lake"),
        ("header", "left"),
        ("sponsor", "云溪县人民政府办公室"),
    ];
    for (name, text) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, text));
    }
    fields
}

#[tokio::test]
async fn the_administrator_looks_before_keeping_and_never_writes_over_another() {
    let mut world = world(&Backend::Sqlite).await;
    let organ = world.organs["县"].to_string();
    let desk = "/workspace/admin/sites";
    assert!(
        world
            .admin
            .get(desk)
            .await
            .page()
            .contains("还没有设立站点")
    );
    let png = emblem::tests::png(8, &[]);
    let picture = ("emblem", "a.png", png.as_slice());
    let none = ("emblem", "", b"".as_slice());
    let new = format!("{desk}/new");
    let looked = world
        .admin
        .upload(&new, &form(&organ, &[("look", "1")]), picture)
        .await;
    let text = looked.page();
    assert!(text.contains("没有保存") && text.contains("accent-lake portal-head-left"));
    assert!(text.contains("data:image/png;base64,"));
    assert!(
        world.known().await.beside.is_empty(),
        "a look keeps nothing"
    );
    let refused = world
        .admin
        .upload(&new, &form(&organ, &[("hosts", "10.0.0.1")]), none)
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("不能填 IP 地址"));
    let stolen = world
        .admin
        .upload(&new, &form(&organ, &[("hosts", "Gongkai.TEST")]), none)
        .await;
    assert!(stolen.text().contains("主站的域名"));
    let svg = ("emblem", "a.svg", b"<svg/>".as_slice());
    assert!(
        world
            .admin
            .upload(&new, &form(&organ, &[]), svg)
            .await
            .text()
            .contains("须是 PNG")
    );
    assert_eq!(
        world
            .admin
            .upload(&new, &form(&organ, &[]), picture)
            .await
            .redirected(),
        desk
    );
    let id = world.known().await.beside[0].id.unwrap();
    let edit = format!("{desk}/{id}");
    assert!(
        world
            .admin
            .get(&edit)
            .await
            .page()
            .contains("云溪县人民政府办公室")
    );
    let change = |version: &'static str, intro: &'static str| {
        form(&organ, &[("version", version), ("intro", intro)])
    };
    world
        .admin
        .upload(&edit, &change("1", "先改的"), none)
        .await
        .redirected();
    let late = world
        .admin
        .upload(&edit, &change("1", "后改的"), none)
        .await;
    assert_eq!(late.status, 409);
    let text = late.text();
    assert!(
        text.contains("先改的") && text.contains("后改的"),
        "both texts are there"
    );
    assert!(
        text.contains("name=\"version\" value=\"2\""),
        "who reads and saves again means it"
    );
    world
        .admin
        .upload(&edit, &change("2", "后改的"), none)
        .await
        .redirected();
    let look = world.known().await.beside[0].clone();
    assert_eq!(look.intro, "后改的");
    let emblem = look.emblem.expect("kept where no other was chosen");
    let mut public = world.public.at("yunxi.example");
    let served = public.get(&emblem.address).await;
    assert_eq!(
        (served.status.as_u16(), served.bytes.as_ref()),
        (200, png.as_slice())
    );
    assert_eq!(served.headers["content-type"], "image/png");
    assert_eq!(public.get("/emblem/00.png").await.status, 404);
    // An administrator sees a site whose name leads nowhere yet; nobody else does.
    let preview = format!("/nowhere?site={id}");
    assert!(world.admin.get(&preview).await.text().contains("云溪县"));
    assert!(!world.public.get(&preview).await.text().contains("云溪县"));
    let close = format!("{edit}/close");
    assert_eq!(
        world.admin.post(&close, &[("version", "1")]).await.status,
        409
    );
    world
        .admin
        .post(&close, &[("version", "3")])
        .await
        .redirected();
    assert!(
        !public.get("/nowhere").await.text().contains("云溪县"),
        "its host leads to the main site"
    );
}

#[tokio::test]
async fn what_another_process_changed_is_seen_after_seconds() {
    let world = world(&Backend::Sqlite).await;
    let mut browser = world.public.at("yunxi.example");
    assert!(!browser.get("/nowhere").await.text().contains("云溪县"));
    let wanted = (
        words(world.organs["县"], "云溪县", "yunxi.example"),
        EmblemChange::Keep,
    );
    let permit = Permit::<ManagePortals>::system();
    world
        .db
        .write(async |tx: &mut Tx| handle::open(tx, &permit, wanted.clone()).await)
        .await
        .unwrap();
    assert!(!browser.get("/nowhere").await.text().contains("云溪县"));
    world.clock.advance(jiff::SignedDuration::from_secs(6));
    assert!(browser.get("/nowhere").await.text().contains("云溪县"));
}

#[tokio::test]
async fn the_foot_says_what_is_set_and_nothing_else() {
    let mut world = world(&Backend::Sqlite).await;
    let bare = world.public.get("/nowhere").await.text();
    assert!(bare.contains("href=\"/sitemap\">站点地图"), "{bare}");
    for left_out in ["承办单位", "网站找错", "网站标识", "备案号"] {
        assert!(!bare.contains(left_out), "{left_out} in {bare}");
    }
    world
        .open(Words {
            foot: Foot {
                operator: "云溪县政务服务中心".to_owned(),
                police: "皖公网安备 34010002000001号".to_owned(),
                mistakes_url: "https://zfwzgl.example/jiucuo?site_code=3499990001&a=b".to_owned(),
                badge_url: "https://bszs.example/x".to_owned(),
                ..Foot::default()
            },
            ..words(world.organs["县"], "云溪县", "yunxi.example")
        })
        .await
        .unwrap();
    let full = world
        .public
        .at("yunxi.example")
        .get("/nowhere")
        .await
        .text();
    for said in [
        "<dd>云溪县政务服务中心</dd>",
        "webSearch?code=34010002000001\"",
        "我为政府网站找错",
        "党政机关网站标识",
    ] {
        assert!(full.contains(said), "{said} in {full}");
    }
}

#[tokio::test]
async fn a_dead_end_leads_on_for_the_public_and_back_to_work_for_staff() {
    let mut world = world(&Backend::Sqlite).await;
    world
        .open(Words {
            foot: Foot {
                sponsor: "云溪县人民政府办公室".to_owned(),
                contact: "0000-123456".to_owned(),
                ..Foot::default()
            },
            ..words(world.organs["县"], "云溪县", "yunxi.example")
        })
        .await
        .unwrap();
    let lost = world.public.at("yunxi.example").get("/nowhere").await;
    let text = lost.text();
    assert_eq!(lost.status, 404);
    for words in ["href=\"/\">首页", "云溪县", "0000-123456", "noindex"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("返回工作台"), "{text}");
    let cross = Request::post("/nowhere").header("sec-fetch-site", "cross-site");
    let cross = world.public.send(cross, Body::empty()).await;
    assert_eq!(cross.status, 403);
    assert!(cross.text().contains("href=\"/\">首页"));
    let own = world.admin.get("/workspace/nowhere").await;
    assert_eq!(own.status, 404);
    assert!(own.text().contains("href=\"/workspace\">返回工作台"));
    // The store is gone: no page can say more, but it is a page all the same, with a way on.
    world.db.close().await;
    world.clock.advance(jiff::SignedDuration::from_secs(60));
    let broken = world.public.get("/nowhere").await;
    assert_eq!(broken.status, 500);
    let text = broken.text();
    assert!(
        text.contains("href=\"/\">首页") && text.contains("告诉主办单位"),
        "{text}"
    );
}
