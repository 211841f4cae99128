//! 上级文件: what this library does not hold is entered once, and those who rest on it read what becomes of it.

use std::sync::Mutex;

use async_trait::async_trait;
use gongkai_platform::outside::{Answered, NoAnswer, Outside};

use super::*;
use crate::document::upper::watch;

const NUMBER: &str = "安澜省人民政府令第88号";
const PAGE: &str = "https://www.anlan.example/88.html";

/// A site whose one page says this.
struct Site(Mutex<&'static str>);

#[async_trait]
impl Outside for Site {
    fn lists(&self, address: &str) -> bool {
        address.starts_with("https://www.anlan.example/")
    }

    async fn get(&self, address: &str) -> Result<Answered, NoAnswer> {
        if !self.lists(address) {
            return Err(NoAnswer::NotListed(address.to_owned()));
        }
        let said = *self.0.lock().unwrap();
        Ok(Answered {
            status: 200,
            bytes: said.as_bytes().to_vec(),
        })
    }
}

impl World {
    /// The hosts of this site are listed from now on.
    fn asks(&mut self, site: &Arc<Site>) {
        let mut parts = testing::parts(&self.db, &self.guard, crate::nav());
        parts.seams = crate::seams();
        parts.sandbox = Arc::new(Reader::words());
        parts.outside = Arc::<Site>::clone(site);
        self.app = App::new(parts);
    }

    async fn enters(&self, text: &str) -> String {
        let fields = [
            ("title", "安澜省政府信息公开办法"),
            ("number", NUMBER),
            ("issuer", "安澜省人民政府"),
            ("address", PAGE),
            ("text", text),
        ];
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .post("/workspace/documents/upper", &fields)
            .await
            .redirected()
    }

    /// A public document that rests on it; its page of staff.
    async fn rests_on_it(&self) -> String {
        let path = self.draft("notice", "乙通知", "<p>依据省办法。</p>").await;
        let cites = format!("《安澜省政府信息公开办法》（{NUMBER}）");
        let head = [
            ("title", "乙通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", "<p>依据省办法。</p>"),
            ("cites", cites.as_str()),
        ];
        self.rewrites(&path, &head).await;
        self.goes_out(&path, Kind::Notice).await;
        path
    }

    /// The version of the one entry.
    async fn upper_version(&self) -> String {
        let version = "SELECT version AS n FROM upper_document";
        self.count(version).await.to_string()
    }

    async fn records(&self, who: AccountId, path: &str, standing: &str) -> u16 {
        let version = self.upper_version().await;
        let fields = [
            ("version", version.as_str()),
            ("standing", standing),
            ("on", "2026-10-12"),
            ("basis", "安澜省人民政府令第96号第三条"),
        ];
        let mut browser = self.browser(who).await;
        let answer = browser.post(&format!("{path}/standing"), &fields).await;
        answer.status.as_u16()
    }

    async fn told_of_upper(&self) -> i64 {
        self.count(
            "SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE '引用的文件有变化%省政府信息公开办法%'",
        )
        .await
    }
}

#[tokio::test]
async fn what_becomes_of_an_upper_document_is_seen_where_it_is_named() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let upper = world.enters("第一条 甲。").await;
        let below = world.rests_on_it().await;
        let public = below.replace("/workspace", "");
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&below).await.page();
        assert!(
            page.contains(&format!("href=\"{upper}\"")) && page.contains("✓ 与引用时一致"),
            "{page}"
        );
        let answer = world.public().get(&public).await;
        let tag = answer.headers.get("etag").unwrap().clone();
        let text = answer.text();
        assert!(
            text.contains(NUMBER) && !text.contains("（现行有效）"),
            "{text}"
        );
        let own = clerk.get(&upper).await.page();
        assert!(own.contains("乙通知") && own.contains("没有登记"), "{own}");

        // Only those who publish in the unit that keeps the entry say what became of it.
        assert_eq!(world.records(world.stranger, &upper, "repealed").await, 404);
        assert_eq!(world.records(world.clerk, &upper, "not_yet").await, 422);
        assert_eq!(world.told_of_upper().await, 0);
        assert_eq!(world.records(world.clerk, &upper, "repealed").await, 303);
        assert!(
            world.told_of_upper().await > 0,
            "the people of the document are told"
        );
        let page = clerk.get(&below).await.page();
        assert!(page.contains("■ 已废止"), "{page}");
        let answer = world.public().get(&public).await;
        assert_ne!(answer.headers.get("etag").unwrap(), &tag);
        let text = answer.text();
        assert!(text.contains("（已废止）"), "{text}");

        // What was recorded by mistake is put right by recording once more.
        assert_eq!(world.records(world.clerk, &upper, "in_force").await, 303);
        let text = world.public().get(&public).await.text();
        assert!(text.contains("（现行有效）") && !text.contains("（已废止）"));
        assert_eq!(world.records(world.clerk, &upper, "amended").await, 303);
        let page = clerk.get(&below).await.page();
        assert!(page.contains("■ 内容在引用之后变了"), "{page}");
    }
}

#[tokio::test]
async fn an_entry_that_comes_later_finds_who_names_it_already() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let below = world.rests_on_it().await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&below).await.page();
        assert!(page.contains("本库没有"), "{page}");
        let upper = world.enters("第一条 甲。").await;
        let own = clerk.get(&upper).await.page();
        assert!(own.contains(&format!("href=\"{below}\"")), "{own}");
        assert_eq!(world.records(world.clerk, &upper, "lapsed").await, 303);
        assert!(world.told_of_upper().await > 0);
        let page = clerk.get(&below).await.page();
        assert!(page.contains("■ 已失效"), "{page}");
        // The same 文号 is entered once.
        let twice = [
            ("title", "办法"),
            ("number", NUMBER),
            ("issuer", "省政府"),
            ("text", "甲"),
        ];
        let again = clerk.post("/workspace/documents/upper", &twice).await;
        assert_eq!(again.status, 422);
        assert!(again.text().contains("已由安澜市人民政府办公室登记"));
    }
}

#[tokio::test]
async fn another_text_on_its_page_is_told_once_and_settled_by_a_person() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let site = Arc::new(Site(Mutex::new("第一条 甲。")));
        world.asks(&site);
        // The text comes from the page where none was pasted.
        let upper = world.enters("").await;
        world.rests_on_it().await;
        assert_eq!(watch::look(&world.app).await.unwrap(), (1, 0));
        assert_eq!(world.told_of_upper().await, 0);
        *site.0.lock().unwrap() = "第一条 乙。";
        assert_eq!(watch::look(&world.app).await.unwrap(), (1, 1));
        let told = world.told_of_upper().await;
        assert!(told > 0);
        assert_eq!(
            watch::look(&world.app).await.unwrap(),
            (1, 0),
            "told already"
        );
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&upper).await.page();
        let flag = "■ 来源网站上的文字";
        assert!(page.contains(flag), "{page}");
        let looked = clerk.post(&format!("{upper}/look"), &[]).await.text();
        assert!(looked.contains("与登记的不一致"), "{looked}");
        let version = world.upper_version().await;
        let why = [("version", version.as_str()), ("why", "只改了标点。")];
        let settled = clerk.post(&format!("{upper}/settle"), &why).await;
        assert_eq!(settled.status, 303);
        assert_eq!(watch::look(&world.app).await.unwrap(), (1, 0));
        assert_eq!(world.told_of_upper().await, told);
        let page = clerk.get(&upper).await.page();
        assert!(!page.contains(flag), "{page}");
        // What is recorded later does not bring it up again.
        assert_eq!(world.records(world.clerk, &upper, "in_force").await, 303);
        assert_eq!(watch::look(&world.app).await.unwrap(), (1, 0));
        let page = clerk.get(&upper).await.page();
        assert!(!page.contains(flag), "{page}");
        // No host is asked that is not listed.
        world
            .tampers(
                "UPDATE upper_document SET address = 'http://10.0.0.1/'",
                &[],
            )
            .await;
        assert_eq!(watch::look(&world.app).await.unwrap(), (0, 0));
    }
}

#[tokio::test]
async fn an_entry_is_put_right_by_who_keeps_it_and_goes_to_the_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let upper = world.enters("第一条 甲。").await;
        world.rests_on_it().await;
        let corrects = async |who: AccountId, text: &str| {
            let version = world.upper_version().await;
            let fields = [
                ("version", version.as_str()),
                ("title", "安澜省政府信息公开办法"),
                ("number", NUMBER),
                ("issuer", "安澜省人民政府"),
                ("address", PAGE),
                ("text", text),
            ];
            let mut browser = world.browser(who).await;
            browser.post(&upper, &fields).await.status.as_u16()
        };
        assert_eq!(corrects(world.stranger, "第一条 乙。").await, 404);
        // White space is no other text.
        assert_eq!(corrects(world.clerk, "第一条　甲。").await, 303);
        assert_eq!(world.told_of_upper().await, 0);
        assert_eq!(corrects(world.clerk, "第一条 乙。").await, 303);
        assert!(world.told_of_upper().await > 0);
        let heir = testing::organ(&world.db, "市政务公开局", Some(world.city)).await;
        let clerk = testing::person(&world.db, "新文书", &[(Role::OfficeClerk, heir)]).await;
        assert_eq!(world.records(clerk, &upper, "repealed").await, 404);
        world.merges(world.office, heir).await;
        assert_eq!(world.records(clerk, &upper, "repealed").await, 303);
        let page = world.browser(clerk).await.get(&upper).await.page();
        assert!(page.contains("移交“市政务公开局”"), "{page}");
    }
}
