//! 订阅: what a search finds, as a feed.

use gongkai_platform::testing::{Browser, backends};
use gongkai_platform::web;

use super::World;
use crate::find::catch_up;

#[tokio::test]
async fn a_search_can_be_subscribed_to() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for n in 0..52 {
            let title = format!("森林防火公告第{n}号");
            world.publish(&format!("n{n:02}"), &title, "").await;
        }
        world.publish("z", "城乡居民低保办法", "").await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let mut visitor = Browser::new(world.router.clone());
        for nothing in ["/search", "/search?q=%20%20"] {
            let empty = visitor.get(nothing).await.page();
            assert!(!empty.contains("订阅这次检索"), "{empty}");
            assert!(!empty.contains("森林防火"), "{empty}");
        }
        let asked = web::address("/search", &[("q", "森林防火"), ("year", "2026")]);
        let page = visitor.get(&format!("{asked}sort=newest")).await.page();
        let (_, link) = page
            .split_once("<p class=\"hint\"><a href=\"/search/feed.xml")
            .unwrap();
        let link = link.split('"').next().unwrap();
        let link = link.replace("&amp;", "&").replace("&#38;", "&");
        let own = format!("/search/feed.xml{link}");
        let wanted = [("q", "森林防火"), ("year", "2026")];
        let wanted = web::address("/search/feed.xml", &wanted);
        assert_eq!(own, wanted.trim_end_matches('&'));
        let feed = visitor.get(&own).await;
        let kind = &feed.headers["content-type"];
        assert_eq!(kind, "application/atom+xml; charset=utf-8");
        let feed = feed.page();
        assert!(feed.contains("检索“森林防火”"), "{feed}");
        assert_eq!(feed.matches("<entry>").count(), 50);
        assert!(
            !feed.contains("低保") && feed.contains("rel=\"next\""),
            "{feed}"
        );
        let second = visitor.get(&format!("{own}&page=2")).await.page();
        assert_eq!(second.matches("<entry>").count(), 2);
        assert!(second.contains("rel=\"previous\""), "{second}");
        assert!(!second.contains("rel=\"next\""), "{second}");
        // What is new comes first the next time; what stands there only in part is no news.
        world.withdraw("n00").await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let feed = visitor.get(&own).await.page();
        assert!(!feed.contains("公告第0号"), "{feed}");
        let partly = web::address("/search/feed.xml", &[("q", "低保 招生")]);
        let feed = visitor.get(partly.trim_end_matches('&')).await.page();
        assert_eq!(feed.matches("<entry>").count(), 0, "{feed}");
        let robots = visitor.get("/robots.txt").await.text();
        assert!(robots.contains("Disallow: /search/\n"), "{robots}");
    }
}
