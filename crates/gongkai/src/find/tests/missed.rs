//! What people looked for in vain, and the page that the office recommends for it.

use gongkai_basis::Role;
use gongkai_platform::testing::{self, Browser, backends};

use super::{World, asking};
use crate::find::catch_up;
use crate::find::miss::Missed;

#[tokio::test]
async fn words_that_find_nothing_are_counted_and_a_recommended_page_answers_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
        let clerk = testing::person(&world.db, "文书", &[(Role::OfficeClerk, office)]).await;
        let liaison = testing::person(&world.db, "联络员", &[(Role::Liaison, office)]).await;
        let mut visitor = Browser::new(world.router.clone());
        world.publish("a", "义务教育招生公告", "").await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let some = visitor.get(&asking("招生 落户")).await.page();
        assert!(some.contains("没有同时包含全部词语"), "{some}");
        for words in [
            "招生",
            "落户",
            "落户",
            " 身份证11010519491231002X",
            &"长".repeat(60),
        ] {
            visitor.get(&asking(words)).await.page();
        }
        world.finder.misses.write_down(&world.app).await.unwrap();
        let mut desk = Browser::new(world.router.clone());
        desk.sign_in(&world.db, clerk).await;
        let page = desk.get("/workspace/search").await.page();
        assert!(
            page.contains("<td>落户</td><td class=\"num\">2</td>"),
            "{page}"
        );
        assert!(
            page.contains("<td>招生 落户</td><td class=\"num\">1</td>"),
            "some of the words are not what was looked for: {page}"
        );
        let times = |words: &str| {
            let (_, row) = page.split_once(&format!("<td>{words}</td>")).unwrap();
            let cells = row.split("<td class=\"num\">").skip(1).take(2);
            cells
                .map(|cell| cell.split('<').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(times("落户"), ["2", "0"], "nothing was found at all");
        assert_eq!(times("招生 落户"), ["1", "1"], "some of the words were");
        assert!(!page.contains("<th scope=\"col\">站点</th>"), "one site");
        assert!(!page.contains("<td>招生</td>"), "{page}");
        assert!(
            !page.contains("1101051949") && !page.contains("长长"),
            "{page}"
        );
        let pick = [
            ("words", "落户、户口迁移"),
            ("title", "户口迁移办事指南"),
            ("address", "/documents"),
        ];
        desk.post("/workspace/search/picks", &pick)
            .await
            .redirected();
        let again = desk.post("/workspace/search/picks", &pick).await;
        assert_eq!(again.status.as_u16(), 422, "a word leads to one page");
        let found = visitor.get(&asking("户口 迁移")).await.page();
        assert!(
            found.contains("<a href=\"/documents\">户口迁移办事指南</a>"),
            "{found}"
        );
        let list = desk.get("/workspace/search").await.page();
        let remove = list
            .split('"')
            .find(|part| part.ends_with("/remove"))
            .unwrap()
            .to_owned();
        let mut stranger = Browser::new(world.router.clone());
        stranger.sign_in(&world.db, liaison).await;
        assert_eq!(stranger.post(&remove, &[]).await.status.as_u16(), 403);
        desk.post(&remove, &[]).await.redirected();
        let found = visitor.get(&asking("落户")).await.page();
        assert!(!found.contains("办事指南"), "{found}");
    }
}

#[tokio::test]
async fn what_was_missed_is_told_by_site() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
        let clerk = testing::person(&world.db, "文书", &[(Role::OfficeClerk, office)]).await;
        for (site, missed) in [
            ("", Missed::Wholly),
            ("云岭县政府门户", Missed::Partly),
            ("云岭县政府门户", Missed::Wholly),
        ] {
            world.finder.misses.count(site, "落户", missed);
            // What is written down twice in a day is one row.
            world.finder.misses.write_down(&world.app).await.unwrap();
        }
        let mut desk = Browser::new(world.router.clone());
        desk.sign_in(&world.db, clerk).await;
        let page = desk.get("/workspace/search").await.page();
        for row in [
            "<td>落户</td><td>主站</td><td class=\"num\">1</td><td class=\"num\">0</td>",
            "<td>落户</td><td>云岭县政府门户</td><td class=\"num\">2</td><td class=\"num\">1</td><td>—</td>",
        ] {
            assert!(page.contains(row), "{row}: {page}");
        }
    }
}
