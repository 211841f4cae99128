//! What is published is found, what is withdrawn is gone, a lost index comes back.

use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web;

use super::{World, asking};
use crate::find::{Finder, catch_up};

#[tokio::test]
async fn what_is_published_is_found_and_what_is_withdrawn_is_gone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.publish("a", "城乡居民低保办法", "每月发放。").await;
        world
            .publish("b", "森林防火公告", "严禁<b>野外</b>用火。")
            .await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let mut visitor = Browser::new(world.router.clone());
        let page = visitor.get(&asking("森林防火")).await.page();
        assert!(
            page.contains("<mark>森林防火</mark>公告") && page.contains("/notes/b"),
            "{page}"
        );
        assert!(!page.contains("<b>野外"), "markup of a record is text");
        assert!(
            visitor
                .get(&asking("森林方火"))
                .await
                .page()
                .contains("您要找的是不是")
        );
        assert!(
            visitor
                .get("/search?q=%22%3Cscript%3E")
                .await
                .page()
                .contains("没有找到")
        );
        assert!(visitor.get("/").await.page().contains("城乡居民低保办法"));
        let feed = visitor.get("/feed.xml").await.text();
        for words in [
            "http://gongkai.test/notes/b",
            "rel=\"related\" type=\"application/atom+xml\" href=\"http://gongkai.test/feed.xml\" title=\"便笺\"",
        ] {
            assert!(feed.contains(words), "{words} in {feed}");
        }
        let feeds = visitor.get("/feeds").await.page();
        for words in [
            "http://gongkai.test/feed.xml",
            "href=\"/feed.xml\">便笺</a>",
        ] {
            assert!(feeds.contains(words), "{words} in {feeds}");
        }
        for (page, column) in [
            ("/feeds", "订阅"),
            ("/sitemap", "站点地图"),
            ("/api", "开放接口"),
        ] {
            let tag = format!("<meta name=\"ColumnName\" content=\"{column}\">");
            let page = visitor.get(page).await.page();
            assert!(page.contains(&tag), "{page}");
        }
        assert!(
            visitor
                .get("/sitemap/0-0.xml")
                .await
                .text()
                .contains("http://gongkai.test/notes/a")
        );
        let map = visitor.get("/sitemap").await.page();
        for said in [
            "<h1>站点地图</h1>",
            "href=\"/sitemap.xml\"",
            "href=\"/feeds\"",
            "href=\"/api\"",
        ] {
            assert!(map.contains(said), "{said} in {map}");
        }
        assert!(
            visitor
                .get("/search/typed?q=senlin")
                .await
                .text()
                .contains("森林防火公告")
        );

        // Who looks for an organ is led to its page.
        let organ = testing::organ(&world.db, "安澜市税务局", None).await;
        let page = visitor.get(&asking("税务局")).await.page();
        assert!(
            page.contains(&format!("<a href=\"/organs/{organ}\">安澜市税务局</a>")),
            "{page}"
        );
        let page = visitor.get(&asking("森林防火")).await.page();
        assert!(!page.contains("/organs/"), "{page}");

        world.withdraw("b").await;
        world.publish("a", "城乡居民低保办法（修订）", "").await;
        catch_up(&world.app, &world.finder).await.unwrap();
        assert!(
            visitor
                .get(&asking("森林防火"))
                .await
                .page()
                .contains("没有找到")
        );
        assert!(!visitor.get("/feed.xml").await.text().contains("/notes/b"));
        assert!(
            !visitor
                .get("/sitemap/0-0.xml")
                .await
                .text()
                .contains("/notes/b")
        );
        assert!(visitor.get("/").await.page().contains("（修订）"));
        let feed = visitor.get("/feed.xml").await.text();
        for told in [
            "<published>2026-03-05T00:00:00+08:00</published>",
            "<updated>2026-03-09T00:00:00+08:00</updated>\n<summary>",
        ] {
            assert!(feed.contains(told), "{told} in {feed}");
        }
    }
}

#[tokio::test]
async fn an_index_of_another_store_or_none_at_all_is_rebuilt() {
    for backend in backends() {
        let first = World::on(&backend).await;
        first.publish("a", "甲办法", "").await;
        catch_up(&first.app, &first.finder).await.unwrap();
        let folder = first.guard.folder().join("search");

        let second = World::on(&backend).await;
        second.publish("x", "丙公告", "").await;
        second.publish("y", "丁公告", "").await;
        drop(first.router);
        drop(first.finder);
        let moved = Finder::open(&folder).unwrap();
        catch_up(&second.app, &moved).await.unwrap();
        let ids = |answer: gongkai_search::Answer| {
            let mut ids: Vec<String> = answer.hits.into_iter().map(|hit| hit.id).collect();
            ids.sort();
            ids
        };
        let all = gongkai_search::Query {
            limit: 10,
            ..Default::default()
        };
        assert_eq!(ids(moved.query(all.clone()).await.unwrap()), ["x", "y"]);
        drop(moved);

        std::fs::remove_dir_all(&folder).unwrap();
        let again = Finder::open(&folder).unwrap();
        catch_up(&second.app, &again).await.unwrap();
        assert_eq!(ids(again.query(all).await.unwrap()), ["x", "y"]);
    }
}

#[tokio::test]
async fn who_reads_traditional_characters_finds_by_them() {
    let world = World::on(&backends()[0]).await;
    world.publish("a", "城乡居民低保办法", "每月发放。").await;
    catch_up(&world.app, &world.finder).await.unwrap();
    let mut visitor = Browser::new(world.router.clone());
    visitor.cookies.insert("gk_hanzi".into(), "hant".into());
    let page = visitor.get(&asking("城鄉居民低保")).await.page();
    assert!(page.contains("<mark>城鄉居民低保</mark>辦法"), "{page}");
    assert!(page.contains("value=\"城鄉居民低保\""), "{page}");
    let typed = web::address("/search/typed", &[("q", "城鄉")]);
    let typed = visitor.get(&typed).await.text();
    assert!(typed.contains("城乡居民低保办法"), "{typed}");
}
