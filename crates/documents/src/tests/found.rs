//! What lists cost: counts are kept, and words find the same on every database.

use std::collections::BTreeMap;

use gongkai_platform::access::Scope;
use gongkai_platform::seam::PublicPages as _;

use super::*;
use crate::document::store::{self, Library, Narrow};
use crate::document::{State, standing, words};

impl World {
    /// How many documents stand in each state for these words.
    async fn states(&self, text: &str) -> BTreeMap<&'static str, i64> {
        let narrow = Narrow {
            text: text.to_owned(),
            ..Narrow::default()
        };
        let counts = self
            .db
            .read(async |tx: &mut Tx| store::counts(tx, &Scope::Everything, &narrow).await)
            .await
            .unwrap();
        counts
            .into_iter()
            .map(|(state, n): (State, i64)| (state.code(), n))
            .collect()
    }

    /// Kept counts say what counting says, for the public and for staff, before and after the night joined them.
    async fn counts_right(&self) {
        self.counts_as_counted().await;
        self.db.upkeep(store::join_counts).await.unwrap();
        self.counts_as_counted().await;
    }

    async fn counts_as_counted(&self) {
        let pairs = [
            (
                "SELECT c.organ_id || c.year || c.kind AS name, CAST(SUM(c.n) AS BIGINT) AS n FROM document_public_count c \
                 GROUP BY c.organ_id, c.year, c.kind HAVING SUM(c.n) <> 0",
                "SELECT d.organ_id || d.year || d.kind AS name, COUNT(*) AS n FROM document d \
                 WHERE d.visibility = 'public' AND d.limited = 0 GROUP BY d.organ_id, d.year, d.kind",
            ),
            (
                "SELECT c.organ_id || c.theme AS name, CAST(SUM(c.n) AS BIGINT) AS n FROM document_theme_count c \
                 GROUP BY c.organ_id, c.theme HAVING SUM(c.n) <> 0",
                "SELECT d.organ_id || d.theme AS name, COUNT(*) AS n FROM document d \
                 WHERE d.visibility = 'public' AND d.limited = 0 AND d.theme <> '' GROUP BY d.organ_id, d.theme",
            ),
            (
                "SELECT c.owner_id || c.state || c.visibility || c.kind AS name, CAST(SUM(c.n) AS BIGINT) AS n \
                 FROM document_desk_count c GROUP BY c.owner_id, c.state, c.visibility, c.kind HAVING SUM(c.n) <> 0",
                "SELECT d.owner_id || d.state || d.visibility || d.kind AS name, COUNT(*) AS n FROM document d \
                 GROUP BY d.owner_id, d.state, d.visibility, d.kind",
            ),
            (
                "SELECT c.organ_id || c.year || c.kind || c.standing || c.is_over AS name, CAST(SUM(c.n) AS BIGINT) AS n \
                 FROM document_standing_count c GROUP BY c.organ_id, c.year, c.kind, c.standing, c.is_over HAVING SUM(c.n) <> 0",
                "SELECT d.organ_id || d.year || d.kind || d.standing || d.is_over AS name, COUNT(*) AS n FROM document d \
                 WHERE d.visibility = 'public' AND d.limited = 0 GROUP BY d.organ_id, d.year, d.kind, d.standing, d.is_over",
            ),
            (
                "SELECT c.organ_id || c.theme || c.standing || c.is_over AS name, CAST(SUM(c.n) AS BIGINT) AS n \
                 FROM document_theme_standing_count c GROUP BY c.organ_id, c.theme, c.standing, c.is_over HAVING SUM(c.n) <> 0",
                "SELECT d.organ_id || d.theme || d.standing || d.is_over AS name, COUNT(*) AS n FROM document d \
                 WHERE d.visibility = 'public' AND d.limited = 0 AND d.theme <> '' \
                 GROUP BY d.organ_id, d.theme, d.standing, d.is_over",
            ),
            (
                "SELECT c.owner_id || c.month AS name, CAST(SUM(c.n) AS BIGINT) AS n FROM document_lapsing_count c \
                 GROUP BY c.owner_id, c.month HAVING SUM(c.n) <> 0",
                "SELECT d.owner_id || SUBSTR(d.lapses_on, 1, 7) AS name, COUNT(*) AS n FROM document d \
                 WHERE d.visibility = 'public' AND d.lapses_on IS NOT NULL GROUP BY d.owner_id, SUBSTR(d.lapses_on, 1, 7)",
            ),
        ];
        for (kept, counted) in pairs {
            let read = async |statement: &'static str| {
                let rows = self
                    .db
                    .read(async |tx: &mut Tx| tx.all(sql(statement)).await);
                let rows = rows.await.unwrap();
                rows.iter()
                    .map(|row| (row.get("name").unwrap(), row.get("n").unwrap()))
                    .collect::<BTreeMap<String, i64>>()
            };
            assert_eq!(read(kept).await, read(counted).await, "{kept}");
        }
    }

    async fn finds(&self, text: &str) -> Vec<String> {
        let library = Library {
            text: text.to_owned(),
            ..Library::default()
        };
        self.db
            .read(async |tx: &mut Tx| {
                let found = store::library(tx, &library, (0, 50)).await?;
                let n = store::library_count(tx, &library).await?;
                assert_eq!(n, i64::try_from(found.len()).unwrap(), "{text}");
                let mut titles: Vec<String> = found.into_iter().map(|one| one.title).collect();
                titles.sort_unstable();
                Ok::<_, StoreError>(titles)
            })
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn kept_counts_follow_whatever_happens_to_a_document() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world.draft("notice", "乙通知", "<p>正文。</p>").await;
        world.counts_right().await;
        for change in [
            "UPDATE document SET theme = '教育', year = year - 1",
            "UPDATE document SET limited = 1 WHERE title = '甲办法'",
            "UPDATE document SET limited = 0, organ_id = owner_id",
            "UPDATE document SET standing = 'lapsed', is_over = 1 WHERE title = '甲办法'",
            "UPDATE document SET lapses_on = '2027-01-31' WHERE title = '甲办法'",
            "UPDATE document SET lapses_on = '2028-01-31'",
            "UPDATE document SET standing = '', is_over = 0, lapses_on = NULL",
        ] {
            world.tampers(change, &[]).await;
            world.counts_right().await;
        }
        let years = world.public().get("/documents/years").await.page();
        assert!(years.contains("（1件）"), "{years}");
        let because = [("why", "登记有误")];
        assert_eq!(
            world.act(world.clerk, &path, "withdraw", &because).await,
            303
        );
        world.counts_right().await;
        let years = world.public().get("/documents/years").await.page();
        assert!(years.contains("还没有公开的文件"), "{years}");
    }
}

#[tokio::test]
async fn words_find_the_same_on_every_database() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.law("PPP项目管理办法").await;
        world.law("Ⅱ级响应办法").await;
        for (text, title) in [
            ("ppp", "PPP项目管理办法"),
            ("ＰＰＰ项目", "PPP项目管理办法"),
            ("ⅱ级", "Ⅱ级响应办法"),
            ("Ⅱ", "Ⅱ级响应办法"),
            ("级响应办", "Ⅱ级响应办法"),
        ] {
            assert_eq!(world.finds(text).await, [title], "{text}");
        }
        assert_eq!(world.finds("办法").await.len(), 2);
        for text in ["项办", "目项", "100%_"] {
            assert!(world.finds(text).await.is_empty(), "{text}");
        }
        assert_eq!(
            world.states("ｐｐｐ").await,
            BTreeMap::from([("settled", 1)])
        );
    }
}

#[tokio::test]
async fn words_that_many_have_list_the_newest_and_say_so() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world
            .copies(&path, (1_005, "通用办法", "2031-01-31"), false)
            .await;
        // They came past the rules, as from a backup: the job gives them their words.
        let done = words::run(&world.app, None).await.unwrap();
        assert_eq!(done, 1_005);
        assert_eq!(words::run(&world.app, None).await.unwrap(), 0);
        world.counts_right().await;
        assert_eq!(world.finds("通用办法007").await, ["通用办法007"]);
        let address = "/documents?text=%E9%80%9A%E7%94%A8";
        let page = world.public().get(address).await.page();
        assert!(
            page.contains("共 1000 条") && page.contains("这里列出最新的1000件"),
            "{page}"
        );
        let all = world.public().get("/documents").await.page();
        assert!(
            all.contains("共 1006 条") && !all.contains("这里列出最新的"),
            "{all}"
        );
        assert_eq!(
            world.states("通用").await,
            BTreeMap::from([("settled", 1_000)])
        );
        assert_eq!(world.states("").await, BTreeMap::from([("settled", 1_006)]));
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk
            .get("/workspace/documents?text=%E9%80%9A%E7%94%A8")
            .await
            .page();
        assert!(list.contains("每种稿件状态列出最新的1000件"), "{list}");
    }
}

/// Each page stands in one part, and none is read to find where the parts begin.
#[tokio::test]
async fn the_site_map_is_parted_without_reading_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        assert_eq!(
            world.turns(&path, "kept", "2026-10-12", "2029-01-31").await,
            303
        );
        world
            .copies(&path, (9, "乙办法", "2031-01-31"), false)
            .await;
        let (pages, starts) = world
            .db
            .read(async |tx: &mut Tx| {
                let (site, all) = (crate::seam::Documents, Scope::Everything);
                let pages = site.urls(tx, &all, None, 1_000).await?;
                Ok::<_, StoreError>((pages, site.parts(tx, &all, 8).await?))
            })
            .await
            .unwrap();
        let paths: Vec<String> = pages.into_iter().map(|page| page.path).collect();
        assert_eq!(paths.len(), 11, "ten documents, and the texts of one");
        assert_eq!(starts.len(), 3, "four documents in each: {starts:?}");
        let places: Vec<usize> = starts
            .iter()
            .map(|start| match start {
                Some(start) => paths.iter().position(|path| path == start).unwrap() + 1,
                None => 0,
            })
            .collect();
        let ends = places.iter().skip(1).copied().chain([paths.len()]);
        assert!(
            places.iter().zip(ends).all(|(from, to)| to - from <= 8),
            "{places:?}"
        );
        // A part that ends with its last page would begin an empty one.
        let parts = async |pages: i64| {
            let site = crate::seam::Documents;
            let read = async |tx: &mut Tx| site.parts(tx, &Scope::Everything, pages).await;
            world.db.read(read).await.unwrap().len()
        };
        assert_eq!(parts(20).await, 1);
        assert_eq!(parts(18).await, 2);
    }
}

/// What the first run after an upgrade adds to the counts is no burden until the next night.
#[tokio::test]
async fn settling_leaves_each_count_one_row() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for title in ["甲办法", "乙办法", "丙办法"] {
            let kind = (Kind::Normative, "教育");
            world.takes(title, kind, [None, Some("2031-01-31")]).await;
        }
        let nothing = "UPDATE document SET standing = '', lapses_on = NULL, stands_until = ''";
        world.tampers(nothing, &[]).await;
        assert_eq!(standing::run(&world.app, None).await.unwrap(), 3);
        for (count, rows) in [
            (
                "standing",
                "SELECT n FROM document_standing_count WHERE n <> 0",
            ),
            (
                "theme",
                "SELECT n FROM document_theme_standing_count WHERE n <> 0",
            ),
            (
                "lapsing",
                "SELECT n FROM document_lapsing_count WHERE n <> 0",
            ),
        ] {
            let kept = world
                .db
                .read(async |tx: &mut Tx| tx.all(sql(rows)).await)
                .await
                .unwrap();
            let kept: Vec<i64> = kept.iter().map(|row| row.get("n").unwrap()).collect();
            assert_eq!(kept, [3], "{count}");
        }
        world.counts_right().await;
    }
}
