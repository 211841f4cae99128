//! The lists of the portal and of the desk, and addresses that name nothing.

use super::*;

#[tokio::test]
async fn a_short_list_has_one_paging_and_a_map_without_its_number_is_told() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .with_file("关于区划的通知", ("安澜市行政区划图.png", PNG))
            .await;
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(page.contains("有1处要看：地图审图号。"), "{page}");
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        for step in Kind::Notice.chain() {
            if !matches!(step, Step::Secrecy | Step::ThirdReview) {
                world.pass(&path, *step).await;
                continue;
            }
            world.claims(&path, *step).await;
            assert_eq!(world.answers(&path, *step, "已核").await, 422);
            let permit = "审图号：粤S（2026）012号";
            assert_eq!(world.answers(&path, *step, permit).await, 303);
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        let list = world.public().get("/documents").await.page();
        assert!(list.contains("第 1–1 条，共 1 条"), "{list}");
        assert_eq!(list.matches("<nav class=\"paging\"").count(), 1, "{list}");
    }
}

#[tokio::test]
async fn what_waits_for_a_person_is_what_the_person_may_take() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let roles = [
            (Role::Proofreader, world.office),
            (Role::FirstReviewer, world.office),
        ];
        let two = testing::person(&world.db, "两职", &roles).await;
        let path = world
            .draft("notice", "关于征集意见的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let waits = async |who: AccountId| {
            let mut browser = world.browser(who).await;
            let list = browser.get("/workspace/documents").await.page();
            list.contains("<h2>等我办理</h2>")
        };
        let proof = world.who(Role::Proofreader);
        assert!(waits(two).await && waits(proof).await);
        assert_eq!(world.review(two, &path, "claim", &[], "").await, 303);
        assert!(waits(two).await && !waits(proof).await, "somebody has it");
        let checks = world.fine(&path, Step::FirstProof).await;
        assert_eq!(world.review(two, &path, "pass", &checks, "").await, 303);
        let first = world.who(Role::FirstReviewer);
        assert!(
            !waits(two).await && waits(first).await,
            "who read the proofs reviews nothing"
        );
    }
}

/// What an older site had published belongs to the government's office, and stands in its list.
#[tokio::test]
async fn what_an_older_site_published_for_the_government_stands_in_the_offices_list() {
    use crate::old::{self, Old};

    for backend in backends() {
        let world = World::on(&backend).await;
        for (source, doubtful) in [("1.html", false), ("2.html", true)] {
            let one = Old {
                source: source.to_owned(),
                address: format!("http://old.example/{source}"),
                kind: Kind::Notice,
                organ: world.city,
                head: crate::document::Head {
                    title: format!("旧站通知{source}"),
                    theme: "综合政务".to_owned(),
                    ..crate::document::Head::default()
                },
                html: "<p>旧站的正文。</p>".to_owned(),
                published_on: "2021-03-09".parse().unwrap(),
                index_number: String::new(),
                turn: None,
                files: Vec::new(),
                pictures: Vec::new(),
                doubtful,
            };
            world
                .db
                .write(async |tx: &mut Tx| old::take(tx, &Actor::System, one.clone()).await)
                .await
                .unwrap();
        }
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk.get("/workspace/documents").await.page();
        for title in ["旧站通知1.html", "旧站通知2.html"] {
            assert!(list.contains(title), "{title} in {list}");
        }
        let public = world.public().get("/documents").await.page();
        assert!(
            public.contains("旧站通知1.html") && !public.contains("旧站通知2.html"),
            "what is doubtful is a draft: {public}"
        );
    }
}

#[tokio::test]
async fn an_address_that_names_nothing_is_not_found_and_an_unknown_kind_is_said() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut public = world.public();
        for address in [
            "/documents/zzz",
            "/documents/zzz/history",
            "/documents/zzz/text?as=pdf",
            "/documents/zzz/text.pdf",
            "/documents/zzz/files/zzz",
            "/documents/zzz/pictures/zzz",
            "/documents/years/zzz",
            "/documents/years/99999999999999999999",
            "/documents/%00",
            "/columns/%00",
            "/columns/zzz",
            "/gazette/zzz/1",
            "/gazette/2026/1/zzz",
            "/organs/zzz",
            "/organs/level/zzz",
            "/organs/level/province",
        ] {
            let lost = public.get(address).await;
            assert_eq!(lost.status, 404, "{address}");
            assert!(lost.text().contains("没有找到这个页面或内容"), "{address}");
        }
        assert_eq!(public.get("/documents?text=%00").await.status, 400);
        let page = public.get("/documents?kind=zzz").await.page();
        assert!(page.contains("没有“zzz”这个种类"), "{page}");
        let page = public.get("/documents?kind=notice").await.page();
        assert!(!page.contains("这个种类，"), "{page}");
    }
}

#[tokio::test]
async fn the_list_shows_the_columns_that_a_person_keeps() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        let list = "/workspace/documents";
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(list).await.page();
        assert!(page.contains("<th>文号</th>") && !page.contains("<th>成文日期</th>"));
        let keep = [("keep", "yes"), ("col", "issued"), ("col", "state")];
        let kept = clerk.post("/workspace/documents/columns", &keep).await;
        assert_eq!(kept.status, 303);
        let page = clerk.get(list).await.page();
        assert!(page.contains("<th>成文日期</th>") && !page.contains("<th>文号</th>"));
        assert!(page.contains("2026年9月1日"), "{page}");
        let page = clerk.get(&format!("{list}?col=number")).await.page();
        assert!(page.contains("<th>文号</th>"), "{page}");
    }
}
