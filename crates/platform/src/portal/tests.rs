mod pages;

use std::collections::BTreeMap;

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
