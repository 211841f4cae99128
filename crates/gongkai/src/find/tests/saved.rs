//! 保存的查找: a search at work, kept for whoever made it.

use gongkai_basis::Role;
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web;

use super::World;

/// The form of one's first saved search that ends so.
fn form_of(page: &str, verb: &str) -> String {
    let forms = page.split("action=\"").skip(1);
    let mut paths = forms.filter_map(|rest| rest.split('"').next());
    let is_it = |path: &&str| path.contains("/find/saved/") && path.ends_with(verb);
    paths.find(is_it).unwrap().to_owned()
}

#[tokio::test]
async fn a_search_at_work_is_saved_for_oneself_alone() {
    const FIND: &str = "/workspace/find";
    const SAVE: &str = "/workspace/find/saved";
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
        let person = async |name: &str, role: Role| {
            let account = testing::person(&world.db, name, &[(role, office)]).await;
            let mut browser = Browser::new(world.router.clone());
            browser.sign_in(&world.db, account).await;
            browser
        };
        let mut clerk = person("文书", Role::OfficeClerk).await;
        let mut liaison = person("联络员", Role::Liaison).await;
        let looked = web::address(FIND, &[("q", "养犬 条例")]);
        let looked = looked.trim_end_matches('&');
        assert!(clerk.get(looked).await.page().contains("保存这次查找"));
        let long = "长".repeat(31);
        for (words, name, status) in [
            ("养犬 条例", "", 422),
            ("养犬 条例", long.as_str(), 422),
            ("", "没有文字的", 422),
            ("养犬 条例", "养犬<b>的办理", 303),
            ("防汛", "养犬<b>的办理", 422),
        ] {
            let fields = [("q", words), ("name", name)];
            let answer = clerk.post_from(looked, SAVE, &fields).await;
            assert_eq!(answer.status, status, "{words} {name}");
        }
        let page = clerk.get(FIND).await.page();
        assert!(page.contains("保存的查找（1个）"), "{page}");
        assert!(page.contains(&format!("href=\"{looked}\"")), "{page}");
        assert!(!page.contains("<b>的办理"), "{page}");
        let same = clerk.get(looked).await.page();
        assert!(!same.contains("保存这次查找"), "it is saved already");
        // Another person has none, and reaches none.
        assert!(!liaison.get(FIND).await.page().contains("保存的查找（"));
        let (rename, delete) = (form_of(&page, "/rename"), form_of(&page, "/delete"));
        let name = [("renamed", "我的")];
        assert_eq!(liaison.post(&rename, &name).await.status, 404);
        assert_eq!(liaison.post(&delete, &[]).await.status, 404);
        let fields = [("q", "防汛"), ("name", "防汛")];
        assert_eq!(clerk.post(SAVE, &fields).await.status, 303);
        let id = rename.split('/').nth_back(1).unwrap();
        for (name, status) in [("", 422), ("防汛", 422), ("养犬条例", 303)] {
            let fields = [("of", id), ("renamed", name)];
            let answer = clerk.post_from(FIND, &rename, &fields).await;
            assert_eq!(answer.status, status, "{name}");
            if name == "防汛" {
                let page = answer.text();
                assert!(page.contains("您已经有叫“防汛”的查找"), "{page}");
            }
        }
        assert!(clerk.get(FIND).await.page().contains(">养犬条例</a>"));
        for n in 2..50 {
            let name = format!("第{n}个");
            let fields = [("q", "公开"), ("name", name.as_str())];
            assert_eq!(clerk.post(SAVE, &fields).await.status, 303, "{n}");
        }
        let fields = [("q", "公开"), ("name", "再来一个")];
        let full = clerk.post_from(looked, SAVE, &fields).await;
        assert_eq!(full.status, 422, "fifty are enough");
        assert_eq!(clerk.post(&delete, &[]).await.status, 303);
        assert_eq!(clerk.post(&delete, &[]).await.status, 404, "it is gone");
        assert!(!clerk.get(FIND).await.page().contains(">养犬条例</a>"));
        let told = world
            .db
            .read(async |tx: &mut Tx| {
                let events = "SELECT kind, sentence FROM event WHERE subject_kind = 'saved_search' ORDER BY seq";
                tx.all(sql(events)).await
            })
            .await
            .unwrap();
        let kinds: Vec<String> = told.iter().map(|row| row.get("kind").unwrap()).collect();
        assert_eq!(kinds.len(), 52);
        assert_eq!(kinds[0], "search.saved");
        assert_eq!(kinds[2], "search.renamed");
        assert_eq!(kinds[51], "search.unsaved");
        for row in &told {
            let said: String = row.get("sentence").unwrap();
            let is_told = ["养犬", "防汛", "公开"]
                .iter()
                .any(|own| said.contains(own));
            assert!(!is_told, "others read the chain: {said}");
        }
    }
}
