//! The index beside both databases: what is published is found, what is withdrawn is gone, a lost index comes back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Extension;
use axum::extract::Path;
use axum::http::Method;
use axum::response::{Html, IntoResponse as _, Response};
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::seam::{Entry, PublicPage, PublicPages, Seams, Searchable};
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock, backends};
use gongkai_platform::web::{self, App, Problem, Route};

use super::miss::Missed;
use super::{Finder, catch_up, routes};

/// A capability of notes: id, and title and body. What stands here is public.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<BTreeMap<String, (String, String)>>>);

impl Notes {
    fn ids_after(&self, last: &str, limit: i64) -> Vec<String> {
        let notes = self.0.lock().unwrap();
        let later = notes.keys().filter(|id| id.as_str() > last);
        later
            .take(usize::try_from(limit).unwrap())
            .cloned()
            .collect()
    }
}

#[async_trait]
impl Searchable for Notes {
    fn kinds(&self) -> &'static [&'static str] {
        &["note"]
    }

    async fn entries(&self, _: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let notes = self.0.lock().unwrap();
        let entry = |of: &Ref| {
            let (title, body) = notes.get(&of.id)?;
            Some(Entry {
                kind: "note".into(),
                id: of.id.clone(),
                title: title.clone(),
                path: format!("/notes/{}", of.id),
                body: body.clone(),
                class: "通知公告".into(),
                dated_on: Some("2026-03-05".parse().unwrap()),
                changed_on: title
                    .contains("（修订）")
                    .then(|| "2026-03-09".parse().unwrap()),
                ..Entry::default()
            })
        };
        let entries = refs.iter().map(entry).collect();
        Ok(entries)
    }

    async fn after(
        &self,
        _: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let ids = self.ids_after(last.map_or("", |of| of.id.as_str()), limit);
        let of = |id| Ref {
            kind: "note".into(),
            id,
        };
        Ok(ids.into_iter().map(of).collect())
    }
}

#[async_trait]
impl PublicPages for Notes {
    fn fixed(&self) -> Vec<&'static str> {
        Vec::new()
    }

    async fn feeds(&self, _: &mut Tx, _: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        Ok(vec![("便笺".to_owned(), "/feed.xml".to_owned())])
    }

    async fn urls(
        &self,
        _: &mut Tx,
        _: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after.and_then(|path| path.strip_prefix("/notes/"));
        let ids = self.ids_after(last.unwrap_or(""), limit);
        let page = |id| PublicPage {
            path: format!("/notes/{id}"),
            changed_at: 0,
        };
        Ok(ids.into_iter().map(page).collect())
    }
}

async fn note(
    Extension(notes): Extension<Notes>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let notes = notes.0.lock().unwrap();
    let (title, body) = notes.get(&id).ok_or_else(Problem::not_found)?;
    Ok(Html(format!("<title>{title}</title>{body}")).into_response())
}

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) app: App,
    pub(crate) router: axum::Router,
    pub(crate) notes: Notes,
    pub(crate) finder: Finder,
    pub(crate) guard: Guard,
}

impl World {
    pub(crate) async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at("2026-03-05T08:00:00+08:00");
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let notes = Notes::default();
        let mut parts = testing::parts(&db, &guard, Vec::new());
        parts.seams = Seams {
            searchable: vec![Arc::new(notes.clone())],
            pages: vec![Arc::new(notes.clone())],
            ..Seams::default()
        };
        let app = App::new(parts);
        let finder = Finder::open(&guard.folder().join("search")).unwrap();
        let mut table = routes();
        table.push(Route::public(Method::GET, "/notes/{id}", note));
        table.push(Route::public(
            Method::GET,
            "/assets/{version}/{name}",
            web::asset,
        ));
        let router = web::router(table)
            .layer(Extension(finder.clone()))
            .layer(Extension(notes.clone()));
        let router = web::wrap(router, app.clone());
        Self {
            db,
            app,
            router,
            notes,
            finder,
            guard,
        }
    }

    pub(crate) async fn publish(&self, id: &str, title: &str, body: &str) {
        let kept = (title.to_owned(), body.to_owned());
        self.notes.0.lock().unwrap().insert(id.into(), kept);
        self.changed(id).await;
    }

    pub(crate) async fn withdraw(&self, id: &str) {
        self.notes.0.lock().unwrap().remove(id);
        self.changed(id).await;
    }

    async fn changed(&self, id: &str) {
        self.db
            .write(async |tx: &mut Tx| {
                tx.record(Event::new(
                    &Actor::System,
                    "note.changed",
                    ("note", id.into()),
                    "改",
                ));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
}

fn asking(words: &str) -> String {
    web::address("/search", &[("q", words)])
}

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

#[test]
fn the_menu_holds_only_pages_that_exist() {
    let routes = crate::compose::routes();
    let entries = super::portal(&routes);
    assert!(entries.iter().any(|entry| entry.path == "/plans"));
    for entry in entries {
        assert!(
            routes.iter().any(|route| route.path == entry.path),
            "{}",
            entry.path
        );
    }
}

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
