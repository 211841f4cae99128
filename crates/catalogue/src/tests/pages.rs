//! Pages elsewhere that fill periods are looked at again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_office::{Limits, wire};
use gongkai_platform::finding::{self, Finding, Narrow};
use gongkai_platform::job;
use gongkai_platform::outside::{Answered, NoAnswer, Outside};
use gongkai_platform::web::{Sandbox, SandboxError, SheetLine};

use super::*;

const SITE: &str = "https://www.anlan.example/";
const PAGE: &str = "https://www.anlan.example/1.html";
const SAYS: &str = "<p>一季度预算执行情况</p><p>收入12亿元，支出11亿元。</p>";

/// A site that answers what it is told; what it does not know it has not.
#[derive(Clone, Default)]
struct Site(Arc<Mutex<BTreeMap<String, &'static str>>>);

impl Site {
    fn says(&self, address: &str, text: &'static str) {
        self.0.lock().unwrap().insert(address.to_owned(), text);
    }

    fn forgets(&self) {
        self.0.lock().unwrap().clear();
    }
}

#[async_trait]
impl Outside for Site {
    fn lists(&self, address: &str) -> bool {
        address.starts_with(SITE)
    }

    async fn get(&self, address: &str) -> Result<Answered, NoAnswer> {
        if !self.lists(address) {
            return Err(NoAnswer::NotListed("www.elsewhere.example".to_owned()));
        }
        let text = self.0.lock().unwrap().get(address).copied();
        Ok(Answered {
            status: if text.is_some() { 200 } else { 404 },
            bytes: text.unwrap_or_default().as_bytes().to_vec(),
        })
    }
}

/// Reads pages without the child: tests have no hostile ones.
struct InProcess;

#[async_trait]
impl Sandbox for InProcess {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let bytes = std::fs::read(file).map_err(|error| SandboxError(error.to_string()))?;
        let document = gongkai_office::read(&bytes, &Limits::default());
        Ok(wire::to_wire(&document))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Err(SandboxError("这里不导入名录。".to_owned()))
    }
}

/// A quarterly entry of the unit; its page, and the site that it looks at.
async fn with_site(backend: &Backend) -> (World, String, Site) {
    let mut world = World::on(backend).await;
    let site = Site::default();
    let mut parts = testing::parts(&world.db, &world._guard, crate::nav());
    parts.seams = world.app.seams.clone();
    parts.outside = Arc::new(site.clone());
    parts.sandbox = Arc::new(InProcess);
    world.app = App::new(parts);
    let path = world.added(world.unit, "", "预算执行情况").await;
    (world, path, site)
}

impl World {
    async fn registers_page(&self, path: &str, period: &str, address: &str) {
        let unit = self.unit.to_string();
        let fields = [
            ("organ", unit.as_str()),
            ("period", period),
            ("kind", "address"),
            ("title", "一季度预算执行情况"),
            ("address", address),
        ];
        let mut liaison = self.browser(self.liaison).await;
        liaison
            .post(&format!("{path}/fill"), &fields)
            .await
            .redirected();
    }

    /// Asks for a look at the unit's pages and does what is queued.
    async fn looks(&self) {
        // What was asked for is tried once: a later one comes later.
        self.clock.advance(jiff::SignedDuration::from_secs(60));
        let unit = self.unit.to_string();
        let mut liaison = self.browser(self.liaison).await;
        liaison
            .post("/workspace/catalogue/pages", &[("organ", &unit)])
            .await
            .redirected();
        let workers = crate::workers(&self.app);
        while job::run_next(&self.db, &workers).await.unwrap() {}
    }

    async fn dead_links(&self) -> Vec<Finding> {
        let unit = self.unit;
        let narrow = Narrow::default();
        let mut found = self
            .db
            .read(async |tx: &mut Tx| finding::of(tx, unit, &narrow, 100).await)
            .await
            .unwrap();
        found.retain(|one| one.key.starts_with("catalogue-page:"));
        found
    }
}

#[tokio::test]
async fn a_page_that_changed_or_is_gone_is_doubtful_until_it_is_right_again() {
    for backend in backends() {
        let (world, path, site) = with_site(&backend).await;
        world.registers_page(&path, "2026-Q1", PAGE).await;
        let unit = world.unit.to_string();
        let matrix = format!("/workspace/catalogue/matrix?organ={unit}&year=2026");
        let entry = format!("{path}?organ={unit}&year=2026");
        let mut liaison = world.browser(world.liaison).await;
        let says = async |liaison: &mut Browser, at: &str, words: &str| {
            let page = liaison.get(at).await.page();
            assert!(page.contains(words), "{words} not in\n{page}");
        };
        says(&mut liaison, &entry, "未核验：还没有核验过").await;
        site.says(PAGE, SAYS);
        world.looks().await;
        says(&mut liaison, &entry, "核验：网页还在").await;
        says(&mut liaison, &matrix, "第1季度 已公开").await;
        assert!(world.dead_links().await.is_empty());
        // Something else stands there.
        site.says(PAGE, "<p>栏目已调整，请从首页查找。</p>");
        world.looks().await;
        says(&mut liaison, &matrix, "第1季度 待核").await;
        let only = format!("{matrix}&only=doubtful");
        says(&mut liaison, &only, "第1季度 待核").await;
        let found = world.dead_links().await;
        assert_eq!(found.len(), 1);
        assert!(found[0].state.is_open() && found[0].detail.contains(PAGE));
        let public = path.replace("/workspace/catalogue/entries", "/catalogue");
        says(&mut liaison, &public, "网址正在核对").await;
        // Somebody looks: a reason is wanted, and then it is the material.
        let accept = format!("{path}/accept-page");
        let mut fields = vec![("organ", unit.as_str()), ("period", "2026-Q1")];
        assert_eq!(liaison.post(&accept, &fields).await.status, 422);
        fields.push(("accepted_why", "网站改版，内容没有变"));
        liaison.post(&accept, &fields).await.redirected();
        says(&mut liaison, &matrix, "第1季度 已公开").await;
        assert!(!world.dead_links().await[0].state.is_open());
        world.looks().await;
        says(&mut liaison, &matrix, "第1季度 已公开").await;
        // Gone, it cannot be accepted; taken back, nothing is left to mend.
        site.forgets();
        world.looks().await;
        says(&mut liaison, &entry, "网页已经不存在（网站回答 404）").await;
        assert_eq!(liaison.post(&accept, &fields).await.status, 422);
        assert!(world.dead_links().await[0].state.is_open());
        let back = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("why", "网址换了"),
        ];
        liaison
            .post(&format!("{path}/take-back"), &back)
            .await
            .redirected();
        assert!(!world.dead_links().await[0].state.is_open());
    }
}

#[tokio::test]
async fn what_may_not_be_asked_is_unseen_and_no_fault() {
    for backend in backends() {
        let (world, path, site) = with_site(&backend).await;
        world
            .registers_page(&path, "2026-Q1", "https://www.elsewhere.example/1")
            .await;
        site.says(PAGE, SAYS);
        world.registers_page(&path, "2026-Q2", PAGE).await;
        world.looks().await;
        let unit = world.unit.to_string();
        let entry = format!("{path}?organ={unit}&year=2026");
        let page = world.browser(world.liaison).await.get(&entry).await.page();
        assert!(page.contains("未核验：网站“www.elsewhere.example”不在配置列出的可核验网站中"));
        assert!(page.contains("核验：网页还在"), "{page}");
        assert!(world.dead_links().await.is_empty());
        // Nobody of another unit has its pages looked at.
        let other = [(gongkai_basis::Role::Liaison, world.other)];
        let other = testing::person(&world.db, "别的联络员", &other).await;
        let asked = [("organ", unit.as_str())];
        let mut other = world.browser(other).await;
        let answer = other.post("/workspace/catalogue/pages", &asked).await;
        assert_eq!(answer.status, 404);
    }
}

/// What was looked at since the night began is not looked at again when the work begins anew.
#[tokio::test]
async fn a_night_that_was_cut_off_goes_on_where_it_was() {
    for backend in backends() {
        let (world, path, site) = with_site(&backend).await;
        for (period, address) in [
            ("2026-Q1", PAGE),
            ("2026-Q2", "https://www.anlan.example/2.html"),
        ] {
            site.says(address, SAYS);
            world.registers_page(&path, period, address).await;
        }
        let night = crate::filling::page::store::Over::Everything { from: 2025, old: 0 };
        let waiting = async |asked_at: i64| {
            let read =
                async |tx: &mut Tx| crate::filling::page::store::count(tx, &night, asked_at).await;
            world.db.read(read).await.unwrap()
        };
        let before = world.db.now().as_millisecond() + 1;
        assert_eq!(waiting(before).await, 2);
        world.looks().await;
        assert_eq!(waiting(before).await, 0);
        assert_eq!(waiting(world.db.now().as_millisecond() + 1).await, 2);
    }
}
