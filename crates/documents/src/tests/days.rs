//! 公示期 and 特定范围公示: shown for a time, to everybody or to whoever has the address; what a day alone changes is told.

use gongkai_platform::access::Scope;

use super::*;
use crate::document::{days, store};

fn later(days: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(24 * days)
}

impl World {
    pub(super) async fn shown(&self, title: &str, until: &str, limited: &str) -> String {
        let city = self.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", title),
            ("theme", "综合政务"),
            ("issued_on", "2026-10-12"),
            ("shown_until", until),
            ("limited", limited),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "名单：甲、乙。"),
        ];
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .upload(
                "/workspace/documents/new?kind=notice",
                &fields,
                ("file", "名单.txt", "甲、乙".as_bytes()),
            )
            .await
            .redirected()
    }

    /// Whether the index has it now.
    async fn is_indexed(&self, path: &str) -> bool {
        let refs = [Ref {
            kind: "document".to_owned(),
            id: path.rsplit('/').next().unwrap().to_owned(),
        }];
        let found = self
            .db
            .read(async |tx: &mut Tx| self.app.seams.entries(tx, &refs).await)
            .await
            .unwrap();
        found.into_iter().flatten().count() == 1
    }

    async fn day_comes(&self) -> i64 {
        let today = self.app.today();
        self.db
            .write(async |tx: &mut Tx| days::look(tx, &Actor::System, today).await)
            .await
            .unwrap()
    }

    /// Lists for everybody in which it stands.
    async fn lists_with(&self, title: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        for list in [
            "/documents",
            "/documents/feed.xml",
            "/documents/years/2026/notice",
        ] {
            let answer = self.public().get(list).await;
            if answer.text().contains(title) {
                found.push(list);
            }
        }
        let urls = self
            .db
            .read(async |tx: &mut Tx| {
                let everything = gongkai_platform::access::Scope::Everything;
                crate::document::store::published_after(tx, &everything, "", 100).await
            })
            .await
            .unwrap();
        if !urls.is_empty() {
            found.push("site map");
        }
        found
    }
}

#[tokio::test]
async fn what_is_shown_for_a_time_counts_down_and_leaves_the_index_on_its_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.shown("关于拟补贴名单的公示", "2026-10-14", "").await;
        world.goes_out(&path, Kind::Notice).await;
        let public = path.replace("/workspace", "");
        assert_eq!(world.day_comes().await, 0);
        let page = world.public().get(&public).await.page();
        assert!(page.contains("含今天还有3天"), "{page}");
        world.clock.advance(later(2));
        let page = world.public().get(&public).await.page();
        assert!(page.contains("今天是最后一天"), "{page}");
        assert_eq!(
            world.day_comes().await,
            0,
            "the last day is still one of it"
        );
        assert!(world.is_indexed(&path).await);
        // Nobody does anything, yet an event says that the day has come; two nights asleep are caught up with.
        world.clock.advance(later(2));
        assert_eq!(world.day_comes().await, 1);
        assert_eq!(world.day_comes().await, 0, "told once");
        assert!(!world.is_indexed(&path).await);
        let page = world.public().get(&public).await.page();
        for words in ["公示期已于2026年10月14日届满", "noindex", "名单：甲、乙。"]
        {
            assert!(page.contains(words), "{words} in {page}");
        }
        let staff = world.browser(world.clerk).await.get(&path).await.page();
        assert!(staff.contains("届满，不再列入检索"), "{staff}");
        assert_eq!(world.lists_with("关于拟补贴名单的公示").await.len(), 4);
    }
}

#[tokio::test]
async fn a_notice_of_limited_scope_is_in_no_list_and_gone_after_its_last_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let title = "关于加装电梯住户名单的公示";
        let path = world.shown(title, "", "yes").await;
        let refused = world.act(world.clerk, &path, "send", &[]).await;
        assert_eq!(refused, 422, "it has no last day");
        let path = world.shown(title, "2026-10-11", "yes").await;
        let refused = world.act(world.clerk, &path, "send", &[]).await;
        assert_eq!(refused, 422, "its last day is over");
        let path = world.shown(title, "2026-10-14", "yes").await;
        world.goes_out(&path, Kind::Notice).await;
        let public = path.replace("/workspace", "");
        let shown = world.public().get(&public).await;
        assert_eq!(
            shown.headers["x-robots-tag"],
            "noindex, nofollow, noarchive"
        );
        let page = shown.page();
        let file = page.split("/files/").nth(1).unwrap();
        let file = format!("{public}/files/{}", file.split('"').next().unwrap());
        for words in ["面向特定范围", "noindex", "名单：甲、乙。"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert!(!page.contains("引用和分享"), "{page}");
        let bytes = world.public().get(&file).await;
        assert_eq!(bytes.status, 200);
        assert_eq!(
            bytes.headers["x-robots-tag"],
            "noindex, nofollow, noarchive"
        );
        assert_eq!(world.lists_with(title).await, Vec::<&str>::new());
        assert!(!world.is_indexed(&path).await);
        // Where it was registered as evidence before it became one, it is none any more.
        let claims = [Claim {
            of: Ref {
                kind: "document".to_owned(),
                id: path.rsplit('/').next().unwrap().to_owned(),
            },
            seal: None,
        }];
        let seams = crate::seams();
        let verdicts = world
            .db
            .read(async |tx: &mut Tx| seams.verify(tx, &claims).await)
            .await
            .unwrap();
        assert!(matches!(verdicts[0], Verdict::Gone(_)), "{verdicts:?}");
        // Staff are told what it is; it goes into no column.
        let staff = world.browser(world.clerk).await.get(&path).await.page();
        assert!(staff.contains("特定范围公示"), "{staff}");
        world.clock.advance(later(3));
        assert_eq!(world.day_comes().await, 1);
        let gone = world.public().get(&public).await;
        assert_eq!(gone.status, 410);
        let page = gone.text();
        assert!(
            page.contains("现已期满") && !page.contains("甲、乙"),
            "{page}"
        );
        assert_eq!(world.public().get(&file).await.status, 404);
        for address in ["text.docx", "text.pdf", "history"] {
            let gone = world.public().get(&format!("{public}/{address}")).await;
            assert_eq!(gone.status, 410, "{address}");
            assert!(!gone.text().contains("甲、乙"), "{address}");
        }
    }
}

/// A static export says where they stood, and names nothing that only some people were shown.
#[tokio::test]
async fn what_was_withdrawn_is_listed_unless_it_was_for_some_people_alone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let listed = async |scope: Scope| {
            let read = async |tx: &mut Tx| store::withdrawn_after(tx, &scope, "", 10).await;
            world.db.read(read).await.unwrap()
        };
        let open = world.shown("关于评选结果的公示", "2026-10-14", "").await;
        let limited = world
            .shown("关于加装电梯住户名单的公示", "2026-10-14", "yes")
            .await;
        for path in [&open, &limited] {
            world.goes_out(path, Kind::Notice).await;
        }
        assert!(
            listed(Scope::Everything).await.is_empty(),
            "both are public"
        );
        let why = [("why", "名单有误。")];
        for path in [&open, &limited] {
            assert_eq!(world.act(world.clerk, path, "withdraw", &why).await, 303);
        }
        let id = open.rsplit('/').next().unwrap();
        assert_eq!(listed(Scope::Everything).await, [id]);
        let elsewhere = Scope::Organs {
            single: vec![world.office],
            branches: Vec::new(),
        };
        assert!(listed(elsewhere).await.is_empty(), "another's site");
        let back = [("why", "核实无误。")];
        assert_eq!(world.act(world.clerk, &open, "restore", &back).await, 303);
        assert!(listed(Scope::Everything).await.is_empty());
    }
}

#[tokio::test]
async fn the_first_and_the_last_day_of_force_are_told_to_the_index() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // In force from 1 October, until 31 January.
        let path = world
            .draft("normative", "安澜市公示管理办法", "<p>第一条 公示。</p>")
            .await;
        world.goes_out(&path, Kind::Normative).await;
        let kept = [
            ("change", "kept"),
            ("on", "2026-11-01"),
            ("until", "2026-12-31"),
            ("basis", "《关于继续有效的决定》"),
        ];
        let said = world.act(world.clerk, &path, "validity", &kept).await;
        assert_eq!(said, 303);
        world.day_comes().await;
        for (days, told, why) in [
            (19, 0, "31 October"),
            (1, 1, "the day of an event of validity"),
            (60, 0, "31 December is its new last day"),
            (1, 1, "the first day after it"),
            (30, 0, "31 January was its last day"),
            (1, 1, "and is over in the head"),
        ] {
            world.clock.advance(later(days));
            assert_eq!(world.day_comes().await, told, "{why}");
        }
    }
}

#[tokio::test]
async fn a_last_day_voids_only_what_has_a_validity() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Both were written with the last day 31 January 2027.
        world.law("甲办法").await;
        let path = world
            .draft("notice", "关于开放日的通知", "<p>10月开放。</p>")
            .await;
        world.goes_out(&path, Kind::Notice).await;
        world.clock.advance(later(112));
        assert_eq!(world.app.today().to_string(), "2027-02-01");
        for list in ["/documents/feed.xml", &format!("/organs/{}", world.city)] {
            let page = world.public().get(list).await.text();
            assert!(page.contains("关于开放日的通知"), "{list}: {page}");
            assert_eq!(page.matches("（已失效）").count(), 1, "{list}: {page}");
        }
    }
}
