//! The gazette: put together, compared, issued by another person, compared again, corrected.

use gongkai_platform::access::Scope;

use super::*;
use crate::gazette::{Whole, printed, store};

mod issues;
mod waiting;
mod withdrawn;

impl World {
    async fn head(&self) -> AccountId {
        testing::person(&self.db, "主任", &[(Role::OfficeHead, self.office)]).await
    }

    async fn gazette_version(&self, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap().to_owned();
        self.db
            .read(async |tx: &mut Tx| {
                tx.one(sql("SELECT version FROM gazette_issue WHERE id = $1").bind(&id))
                    .await
            })
            .await
            .unwrap()
            .get::<i64>("version")
            .unwrap()
            .to_string()
    }

    async fn gazette(&self, who: AccountId, path: &str, act: &str, more: &[(&str, &str)]) -> u16 {
        let version = self.gazette_version(path).await;
        let mut fields = vec![("version", version.as_str())];
        fields.extend_from_slice(more);
        let mut browser = self.browser(who).await;
        let answer = browser.post(&format!("{path}/{act}"), &fields).await;
        answer.status.as_u16()
    }

    pub(super) async fn begin_issue(&self, number: &str) -> String {
        let fields = [
            ("year", "2026"),
            ("number", number),
            ("total", "88"),
            ("dated_on", "2026-10-12"),
            ("sections", "市政府规章\n行政规范性文件\n其他"),
        ];
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .post("/workspace/gazette/new", &fields)
            .await
            .redirected()
    }

    /// An issue with this document alone, proposed by the clerk and issued by `head`; its page.
    async fn comes_out(&self, head: AccountId, number: &str, document: &str) -> String {
        let issue = self.begin_issue(number).await;
        let item = [("document", document), ("section", "其他")];
        for (who, act, fields) in [
            (self.clerk, "items", &item[..]),
            (self.clerk, "propose", &[]),
            (head, "issue", &[]),
        ] {
            assert_eq!(self.gazette(who, &issue, act, fields).await, 303, "{act}");
        }
        issue
    }

    /// The issue of this page with its texts, as it is printed.
    async fn whole(&self, issue: &str) -> Whole {
        let id = issue.rsplit('/').next().unwrap().parse().unwrap();
        self.db
            .read(async |tx: &mut Tx| {
                let issue = store::load(tx, &Scope::Everything, id).await?.unwrap();
                store::whole(tx, issue).await
            })
            .await
            .unwrap()
    }

    /// Its items, in the order in which they were taken in.
    async fn item_ids(&self) -> Vec<String> {
        self.db
            .read(async |tx: &mut Tx| tx.all(sql("SELECT id FROM gazette_item ORDER BY id")).await)
            .await
            .unwrap()
            .iter()
            .map(|row| row.get("id").unwrap())
            .collect()
    }

    async fn correct_document(&self, path: &str, body: &str) {
        let head = ("关于开放日的通知", "安府规〔2026〕3号");
        self.rewrites(path, &form(head, ("text", body))).await;
        self.approve(path, Kind::Notice).await;
        let explanation = [("explanation", "时间有误，予以更正。")];
        assert_eq!(
            self.act(self.clerk, path, "publish", &explanation).await,
            303
        );
    }

    async fn notice(&self, title: &str, body: &str) -> (String, String) {
        let path = self.draft("notice", title, body).await;
        self.goes_out(&path, Kind::Notice).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        (path, id)
    }
}

#[tokio::test]
async fn an_issue_goes_out_only_when_every_text_is_the_websites() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let issue = world.begin_issue("3").await;
        let (path, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let draft = world
            .draft("notice", "没有发布的通知", "<p>正文。</p>")
            .await;
        let draft = draft.rsplit('/').next().unwrap().to_owned();

        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            422,
            "empty"
        );
        // No text is chosen before somebody chooses it.
        let page = world.browser(world.clerk).await.get(&issue).await.page();
        let list = page.split("<select id=\"document\"").nth(1).unwrap();
        let (first, _) = list.split_once("</option>").unwrap();
        assert!(first.ends_with("<option value=\"\">请选择"), "{list}");
        for (document, section, status) in [
            ("", "其他", 422),
            (draft.as_str(), "其他", 422),
            (id.as_str(), "没有的栏目", 422),
            (id.as_str(), "其他", 303),
            (id.as_str(), "其他", 422),
        ] {
            let fields = [("document", document), ("section", section)];
            assert_eq!(
                world.gazette(world.clerk, &issue, "items", &fields).await,
                status
            );
        }
        // The website is corrected meanwhile: the difference is shown by its lines, and holds the issue back.
        world.correct_document(&path, "11月开放。").await;
        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            422
        );
        let items = world.item_ids().await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk
            .get(&format!("{issue}/items/{}", items[0]))
            .await
            .page();
        assert!(
            page.contains("－ 1<del>0</del>月开放。") && page.contains("＋ 1<ins>1</ins>月开放。"),
            "{page}"
        );
        let item = format!("items/{}", items[0]);
        assert_eq!(
            world
                .gazette(world.clerk, &issue, &item, &[("act", "renew")])
                .await,
            303
        );
        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            303
        );
        assert_eq!(
            world
                .gazette(world.clerk, &issue, &item, &[("act", "remove")])
                .await,
            422,
            "nothing changes while it waits"
        );
        // The clerk cannot issue; the head can, or gives it back with a word.
        assert_eq!(world.gazette(world.clerk, &issue, "issue", &[]).await, 403);
        assert_eq!(world.gazette(head, &issue, "return", &[]).await, 422);
        assert_eq!(
            world
                .gazette(head, &issue, "return", &[("remark", "缺解读")])
                .await,
            303
        );
        assert_eq!(world.gazette(head, &issue, "issue", &[]).await, 422);
        assert_eq!(world.public().get("/gazette/2026/3").await.status, 404);
        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            303
        );
        assert_eq!(world.gazette(head, &issue, "issue", &[]).await, 303);
        assert_eq!(world.gazette(head, &issue, "issue", &[]).await, 422);

        let years = world.public().get("/gazette").await.page();
        assert!(years.contains("第3期（总第88期）"), "{years}");
        let feed = format!("/gazette/of/{}/feed.xml", world.city);
        assert!(years.contains(&format!("href=\"{feed}\"")), "{years}");
        let atom = world.public().get(&feed).await.page();
        for said in [
            "<title>安澜市人民政府公报</title>",
            "<title>安澜市人民政府公报2026年第3期",
            "/gazette/2026/3\"/>",
        ] {
            assert!(atom.contains(said), "{said}: {atom}");
        }
        // A government that issued nothing has none.
        let none = format!("/gazette/of/{}/feed.xml", world.office);
        assert_eq!(world.public().get(&none).await.status, 404);
        let contents = world.public().get("/gazette/2026/3").await.page();
        assert!(contents.contains("/gazette/2026/3/1") && contents.contains("关于开放日的通知"));
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(text.contains("11月开放。"), "{text}");
        assert_eq!(world.public().get("/gazette/2026/3/2").await.status, 404);
        assert_eq!(
            world.public().get("/gazette/2026/3/issue.pdf").await.status,
            501
        );
        let gone = world.public().get("/gazette/2026/4").await.status;
        assert_eq!(gone, 404);
        // Each transition left its event.
        let page = clerk.get(&issue).await.page();
        for words in [
            "开始编辑",
            "选入《",
            "改用现行文本",
            "送签",
            "退回",
            "签发2026年第3期",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }
}

#[tokio::test]
async fn what_was_issued_is_compared_by_night_and_corrected_beside_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let (path, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let issue = world.comes_out(head, "3", &id).await;
        let night = async || {
            crate::gazette::check::run(&world.app, &Actor::System, world.app.today())
                .await
                .unwrap()
        };
        assert_eq!(night().await.differing, 0);
        let state = async || -> Vec<(String, String)> {
            world
                .db
                .read(async |tx: &mut Tx| {
                    tx.all(sql(
                        "SELECT state, title FROM finding WHERE key LIKE 'gazette:%'",
                    ))
                    .await
                })
                .await
                .unwrap()
                .iter()
                .map(|row| (row.get("state").unwrap(), row.get("title").unwrap()))
                .collect()
        };
        assert_eq!(state().await, []);

        world.correct_document(&path, "11月开放。").await;
        assert_eq!(night().await.differing, 1);
        let title = "公报2026年第3期（总第88期）《关于开放日的通知》与网站不一致".to_owned();
        assert_eq!(state().await, [("to_verify".to_owned(), title.clone())]);
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(
            text.contains("10月开放。") && text.contains("在本期出版后有变化"),
            "{text}"
        );

        // An erratum quotes the gazette as it stands; then both agree again.
        let item = &world.item_ids().await[0];
        let errata = format!("{issue}/items/{item}/errata");
        let mut clerk = world.browser(world.clerk).await;
        for (wrong, correct, on, status) in [
            ("12月", "11月", "2026-10-12", 422),
            ("10月", "10月", "2026-10-12", 422),
            ("10月", "11月", "2026-10-01", 422),
            ("10月", "11月", "2026-10-12", 303),
        ] {
            let fields = [("wrong", wrong), ("correct", correct), ("dated_on", on)];
            assert_eq!(clerk.post(&errata, &fields).await.status.as_u16(), status);
        }
        let page = clerk.get(&format!("{issue}/items/{item}")).await.page();
        assert!(!page.contains("网站上的文本还写着"), "{page}");
        assert_eq!(night().await.settled, 1);
        assert_eq!(state().await, [("closed".to_owned(), title)]);
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(
            text.contains("勘误（2026年10月12日）：“10月”应为“11月”。")
                && !text.contains("在本期出版后有变化"),
            "{text}"
        );

        // The next issue prints it, once.
        let (_, id) = world.notice("另一份通知", "<p>正文。</p>").await;
        world.comes_out(head, "4", &id).await;
        let sentence = "本刊2026年第3期（总第88期）《关于开放日的通知》中“10月”应为“11月”。";
        let contents = world.public().get("/gazette/2026/4").await.page();
        assert!(contents.contains(sentence), "{contents}");
        let third = world.begin_issue("5").await;
        let page = clerk.get(&third).await.page();
        assert!(!page.contains(sentence), "{page}");

        // Found by search, in the site map; a township publishes none.
        let seams = crate::seams();
        let source = seams
            .searchable
            .iter()
            .find(|source| source.kinds().contains(&"gazette"))
            .unwrap();
        let refs = world
            .db
            .read(async |tx: &mut Tx| source.after(tx, None, 10).await)
            .await
            .unwrap();
        assert_eq!(refs.len(), 2);
        let entries = world
            .db
            .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
            .await
            .unwrap();
        let mut paths: Vec<String> = entries.into_iter().map(|one| one.unwrap().path).collect();
        paths.sort();
        assert_eq!(paths, ["/gazette/2026/3", "/gazette/2026/4"]);
        let fields = [
            ("year", "2026"),
            ("number", "9"),
            ("total", "99"),
            ("dated_on", "2026-10-12"),
            ("sections", "其他"),
        ];
        let mut stranger = world.browser(world.stranger).await;
        let refused = stranger.post("/workspace/gazette/new", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("部门和乡镇、街道不出版公报"));
    }
}

#[tokio::test]
async fn what_is_void_is_marked_wherever_it_is_named() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let path = world.law("丙办法").await;
        let document = path.rsplit('/').next().unwrap().to_owned();
        let column = world.column("yiwu-jiaoyu", "policy").await;
        let column = column.rsplit('/').next().unwrap().to_owned();
        let place = format!("{column}|招生政策");
        let put = [("act", "put"), ("place", place.as_str())];
        assert_eq!(world.act(world.clerk, &path, "columns", &put).await, 303);
        world.comes_out(head, "3", &document).await;
        let organ = format!("/organs/{}", world.city);
        let places = [
            organ.as_str(),
            "/columns/yiwu-jiaoyu",
            "/columns/yiwu-jiaoyu/feed.xml",
            "/documents/feed.xml",
            "/gazette/2026/3",
            "/gazette/2026/3/1",
        ];
        let marked = async |place: &str| {
            let page = world.public().get(place).await.text();
            assert!(page.contains("丙办法"), "{place}: {page}");
            page.contains("已废止")
        };
        for place in places {
            assert!(!marked(place).await, "{place}");
        }
        assert_eq!(world.turns(&path, "repealed", "2026-10-12", "").await, 303);
        for place in places {
            assert!(marked(place).await, "{place}");
        }
    }
}

#[tokio::test]
async fn who_proposed_an_issue_does_not_issue_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let both = testing::person(
            &world.db,
            "两职",
            &[
                (Role::OfficeClerk, world.office),
                (Role::OfficeHead, world.office),
            ],
        )
        .await;
        let issue = world.begin_issue("3").await;
        let (_, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let fields = [("document", id.as_str()), ("section", "其他")];
        assert_eq!(world.gazette(both, &issue, "items", &fields).await, 303);
        assert_eq!(world.gazette(both, &issue, "propose", &[]).await, 303);
        assert_eq!(world.gazette(both, &issue, "issue", &[]).await, 422);
        // The database says so, too.
        let forced = world
            .db
            .write(async |tx: &mut Tx| {
                tx.record(Event::new(
                    &Actor::System,
                    "test",
                    ("gazette", String::new()),
                    "试",
                ));
                tx.run(sql("UPDATE gazette_issue SET issued_by = proposed_by"))
                    .await
            })
            .await;
        assert!(forced.is_err());
    }
}

#[tokio::test]
async fn an_issue_prints_the_pictures_that_nobody_took_down() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.with_picture().await;
        world.goes_out(&path, Kind::Notice).await;
        let issue = world.begin_issue("3").await;
        let id = path.rsplit('/').next().unwrap();
        let fields = [("document", id), ("section", "其他")];
        let taken = world.gazette(world.clerk, &issue, "items", &fields).await;
        assert_eq!(taken, 303);
        let pictures = async || {
            let whole = world.whole(&issue).await;
            let found = printed::pictures(&world.app, &whole).await.unwrap();
            (whole.typeset_data().to_string(), found.bytes())
        };
        let (data, found) = pictures().await;
        assert_eq!(found.len(), 1);
        let (name, bytes) = &found[0];
        assert_eq!(bytes, PNG);
        assert!(
            data.contains(&format!("{{\"picture\":\"{name}\"")),
            "{data}"
        );
        assert!(data.contains("（图：流程图，见网站文本）"), "{data}");

        world.takes_down(PNG, "图中有个人信息。").await;
        assert!(pictures().await.1.is_empty(), "it is named, not shown");
    }
}

#[tokio::test]
async fn no_issue_is_dated_before_its_texts_were_out() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let fields = [
            ("year", "2026"),
            ("number", "3"),
            ("total", "88"),
            ("dated_on", "2026-10-11"),
            ("sections", "其他"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let issue = clerk
            .post("/workspace/gazette/new", &fields)
            .await
            .redirected();
        let (_, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let item = [("document", id.as_str()), ("section", "其他")];
        let added = world.gazette(world.clerk, &issue, "items", &item).await;
        assert_eq!(added, 303);
        let proposed = world.gazette(world.clerk, &issue, "propose", &[]).await;
        assert_eq!(proposed, 422);
        let page = clerk.get(&issue).await.page();
        assert!(
            page.contains("晚于这一期的出版日期2026年10月11日"),
            "{page}"
        );
    }
}
