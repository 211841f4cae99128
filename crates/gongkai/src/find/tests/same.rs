//! 同义词、简称: words that the office says mean the same find each other.

use gongkai_basis::Role;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web;

use super::{World, asking};
use crate::find::{Finder, catch_up};

#[tokio::test]
async fn words_of_the_office_are_found_by_each_other_at_once() {
    const DESK: &str = "/workspace/search";
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
        let clerk = testing::person(&world.db, "文书", &[(Role::OfficeClerk, office)]).await;
        let liaison = testing::person(&world.db, "联络员", &[(Role::Liaison, office)]).await;
        world.publish("a", "东湖新区管理委员会权责清单", "").await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let mut visitor = Browser::new(world.router.clone());
        let link = "href=\"/notes/a\"";
        assert!(!visitor.get(&asking("湖管办")).await.page().contains(link));
        world.finder.misses.write_down(&world.app).await.unwrap();
        let mut desk = Browser::new(world.router.clone());
        desk.sign_in(&world.db, clerk).await;
        // What was missed leads to the form, filled in.
        let list = desk.get(DESK).await.page();
        let row = list.split("<td>湖管办</td>").nth(1).unwrap();
        let filled = row.split('"').find(|part| part.ends_with("#same"));
        let filled = filled.unwrap().replace("&amp;", "&").replace("&#38;", "&");
        let form = desk.get(filled.trim_end_matches("#same")).await.page();
        assert!(form.contains("value=\"湖管办\""), "{form}");
        let same = [("same", "湖管办 东湖新区管理委员会")];
        desk.post("/workspace/search/same", &same)
            .await
            .redirected();
        let found = visitor.get(&asking("湖管办的权责清单")).await.page();
        assert!(found.contains(link), "{found}");
        let typed = web::address("/search/typed", &[("q", "湖管办")]);
        let typed = visitor.get(&typed).await.text();
        assert!(typed.contains("东湖新区管理委员会权责清单"), "{typed}");
        let again = desk.post("/workspace/search/same", &same).await;
        assert_eq!(again.status.as_u16(), 422, "a word stands in one group");
        // Another process of the same store learns them as it begins, and follows the chain.
        let other = Finder::open(&world.guard.folder().join("other")).unwrap();
        catch_up(&world.app, &other).await.unwrap();
        let query = || gongkai_search::Query {
            text: "湖管办".to_owned(),
            ..gongkai_search::Query::default()
        };
        assert_eq!(other.query(query()).await.unwrap().total, 1);
        let list = desk.get(DESK).await.page();
        let remove = list
            .split('"')
            .find(|part| part.contains("/same/") && part.ends_with("/remove"))
            .unwrap()
            .to_owned();
        let mut stranger = Browser::new(world.router.clone());
        stranger.sign_in(&world.db, liaison).await;
        assert_eq!(stranger.post(&remove, &[]).await.status.as_u16(), 403);
        desk.post(&remove, &[]).await.redirected();
        assert!(!visitor.get(&asking("湖管办")).await.page().contains(link));
        catch_up(&world.app, &other).await.unwrap();
        assert_eq!(other.query(query()).await.unwrap().total, 0);
    }
}
