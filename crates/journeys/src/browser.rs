//! Real headless Chromium, driven through chromedriver.
//!
//! `GONGKAI_CHROMEDRIVER` and `GONGKAI_CHROMIUM` name the programs; `cargo xtask test` finds or installs both.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gongkai_basis::id::AccountId;
use gongkai_platform::testing::Browser;
use gongkai_platform::web::SESSION_COOKIE;
use serde_json::json;
use thirtyfour::TypingData;
use thirtyfour::prelude::*;

use crate::World;

const START_WAIT_MAX: Duration = Duration::from_secs(60);
const FIND_WAIT_MAX: Duration = Duration::from_secs(30);
/// Of every window, in pixels.
const HEIGHT: u32 = 900;

/// Are the browser's programs named? Where not, browser journeys say so and end: `cargo xtask test` always names them.
#[must_use]
pub fn browser_here() -> bool {
    let here = std::env::var_os("GONGKAI_CHROMEDRIVER").is_some()
        && std::env::var_os("GONGKAI_CHROMIUM").is_some();
    if !here {
        eprintln!(
            "not run: no browser is named (GONGKAI_CHROMEDRIVER, GONGKAI_CHROMIUM); cargo xtask test does"
        );
    }
    here
}

/// Header, side menu and foot of the pages.
const FRAME: [&str; 4] = [".top", ".side", ".portal-top", ".portal-foot"];

/// Do pages run their scripts?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scripts {
    Run,
    Blocked,
}

/// A browser window; it and its driver end with this value.
pub struct Page {
    pub driver: WebDriver,
    process: Child,
    url: String,
}

impl Page {
    /// Opens a window of this width for somebody, signed in where an account is given.
    pub async fn open(world: &World, account: Option<AccountId>, width: u32) -> Self {
        Self::window(world, account, (width, Scripts::Run)).await
    }

    /// Opens a window of this width for somebody of the public whose browser runs no scripts.
    pub async fn without_scripts(world: &World, width: u32) -> Self {
        Self::window(world, None, (width, Scripts::Blocked)).await
    }

    async fn window(
        world: &World,
        account: Option<AccountId>,
        (width, scripts): (u32, Scripts),
    ) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = Command::new(std::env::var_os("GONGKAI_CHROMEDRIVER").unwrap())
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities
            .set_binary(&std::env::var("GONGKAI_CHROMIUM").unwrap())
            .unwrap();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=zh-CN",
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        capabilities
            .add_arg(&format!("--window-size={width},{HEIGHT}"))
            .unwrap();
        if scripts == Scripts::Blocked {
            let blocked = json!({ "profile.managed_default_content_settings.javascript": 2 });
            capabilities
                .add_experimental_option("prefs", blocked)
                .unwrap();
        }
        let driver = connect(&format!("http://127.0.0.1:{port}"), capabilities).await;
        let page = Self {
            driver,
            process,
            url: world.url(),
        };
        page.goto("/robots.txt").await;
        page.becomes(world, account).await;
        page
    }

    /// From now on somebody else sits before the window, signed in where an account is given. A page of the site must be open.
    pub async fn becomes(&self, world: &World, account: Option<AccountId>) {
        self.driver.delete_all_cookies().await.unwrap();
        if let Some(account) = account {
            let browser: Browser = world.http(account).await;
            let token = browser.cookies.get(SESSION_COOKIE).unwrap();
            self.driver
                .add_cookie(Cookie::new(SESSION_COOKIE, token.clone()))
                .await
                .unwrap();
        }
    }

    pub async fn goto(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.url))
            .await
            .unwrap();
    }

    /// Makes the window so many pixels wide; the page that is open lays itself out anew.
    pub async fn resize(&self, width: u32) {
        let tools = self.driver.cdp();
        let emulation = tools.emulation();
        let sent = emulation.set_device_metrics_override(width, HEIGHT, 1.0, false);
        sent.await.unwrap();
    }

    /// The first element that matches, waiting for it.
    pub async fn find(&self, css: &str) -> WebElement {
        self.driver
            .query(By::Css(css))
            .wait(FIND_WAIT_MAX, Duration::from_millis(50))
            .first()
            .await
            .unwrap_or_else(|error| panic!("no {css}: {error}"))
    }

    /// Clicks the button or link with exactly this text.
    pub async fn click(&self, text: &str) {
        let xpath =
            format!("//*[self::a or self::button or self::summary][normalize-space(.)='{text}']");
        let element = self
            .driver
            .query(By::XPath(&xpath))
            .wait(FIND_WAIT_MAX, Duration::from_millis(50))
            .first()
            .await
            .unwrap_or_else(|error| panic!("nothing to click that says {text}: {error}"));
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
    }

    /// Replaces what a field holds.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// All the text that a person sees.
    pub async fn text(&self) -> String {
        self.find("body").await.text().await.unwrap()
    }

    /// Waits until the page says this.
    pub async fn says(&self, wanted: &str) {
        let started = Instant::now();
        loop {
            // While a page is being replaced there is none to read.
            let text = match self.driver.find(By::Css("body")).await {
                Ok(body) => body.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if text.contains(wanted) {
                return;
            }
            assert!(
                started.elapsed() < FIND_WAIT_MAX,
                "the page does not say {wanted}:\n{text}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the first element that matches says exactly this.
    pub async fn finds(&self, css: &str, wanted: &str) {
        let started = Instant::now();
        loop {
            let text = match self.driver.find(By::Css(css)).await {
                Ok(element) => element.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if text == wanted {
                return;
            }
            assert!(
                started.elapsed() < FIND_WAIT_MAX,
                "{css} says {text}, not {wanted}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Presses a key, or types, into whatever has the focus.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.driver.action_chain().send_keys(keys);
        chain.perform().await.unwrap();
    }

    /// Goes on by the tabulator until the focus stands where wanted; told by the field's name, or by the words of a link,
    /// a button or a summary.
    pub async fn tabs_to(&self, wanted: &str) -> WebElement {
        const STOPS_MAX: usize = 120;
        for _ in 0..STOPS_MAX {
            self.press(Key::Tab).await;
            let here = self.driver.active_element().await.unwrap();
            let name = here.attr("name").await.unwrap();
            if name.as_deref() == Some(wanted) || here.text().await.unwrap().trim() == wanted {
                return here;
            }
        }
        panic!("no tabulator leads to {wanted}:\n{}", self.text().await);
    }

    /// How many pixels the page is wider than the window, if it is: then it scrolls sideways.
    pub async fn overflow(&self) -> Option<i64> {
        let script = "return document.documentElement.scrollWidth - window.innerWidth;";
        let overflow = self.driver.execute(script, Vec::new()).await.unwrap();
        overflow.json().as_i64().filter(|pixels| *pixels > 0)
    }

    /// Where the first link that matches leads.
    pub async fn link(&self, css: &str) -> String {
        let href = self.find(css).await.attr("href").await.unwrap();
        href.unwrap_or_else(|| panic!("{css} is no link"))
    }

    /// Is there such an element now?
    pub async fn has(&self, css: &str) -> bool {
        self.driver.find(By::Css(css)).await.is_ok()
    }

    /// Clicks the first element that matches and waits for the next page; `false` when there is none.
    pub async fn try_click(&self, css: &str) -> bool {
        let Ok(element) = self.driver.find(By::Css(css)).await else {
            return false;
        };
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
        // A script may have sent the form in the background: the element goes when the answer is there.
        let started = Instant::now();
        while element.is_present().await.unwrap_or(false) && started.elapsed() < FIND_WAIT_MAX {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }

    /// Goes to another step of the import that is open.
    pub async fn goto_step(&self, step: &str) {
        let here = self.driver.current_url().await.unwrap();
        let draft = here.path().split('/').nth(3).unwrap().to_owned();
        self.goto(&format!("/workspace/import/{draft}/{step}"))
            .await;
    }

    /// What draws the frame of the page that is open. Pages of one login that give the same here have the same header, side
    /// menu and foot, but for what they mark as current.
    pub async fn frame(&self) -> String {
        let script = "return document.body.className;";
        let classes = self.driver.execute(script, Vec::new()).await.unwrap();
        classes.json().as_str().unwrap().to_owned()
    }

    /// Runs axe-core on the page and gives its violations, one line each.
    pub async fn accessibility_violations(&self) -> Vec<String> {
        self.violations(json!(null)).await
    }

    /// As [`Page::accessibility_violations`], but passes over header, side menu and foot. What is asked of a page as a whole,
    /// such as its title and its language, is asked all the same.
    pub async fn violations_inside_frame(&self) -> Vec<String> {
        self.violations(json!({ "exclude": FRAME })).await
    }

    /// `context`: what axe-core looks at; null is all of the document.
    async fn violations(&self, context: serde_json::Value) -> Vec<String> {
        let loaded = "return typeof axe !== 'undefined';";
        let loaded = self.driver.execute(loaded, Vec::new()).await.unwrap();
        if loaded.json() != true {
            let path = std::env::var_os("GONGKAI_AXE").expect("GONGKAI_AXE names axe.min.js");
            let source = std::fs::read_to_string(path).unwrap();
            self.driver.execute(source, Vec::new()).await.unwrap();
        }
        let script = "const done = arguments[arguments.length - 1]; \
             axe.run(arguments[0] ?? document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], \
             resultTypes: ['violations'], preload: false}) \
             .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | '))));";
        let found = self
            .driver
            .execute_async(script, vec![context])
            .await
            .unwrap();
        found
            .json()
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().to_owned())
            .collect()
    }

    /// Closes the window.
    pub async fn close(mut self) {
        // The driver is stopped in any case, so a window that is gone already is fine.
        let _ = self.driver.clone().quit().await;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn connect(url: &str, capabilities: thirtyfour::ChromeCapabilities) -> WebDriver {
    let started = Instant::now();
    loop {
        match WebDriver::new(url, capabilities.clone()).await {
            Ok(driver) => return driver,
            Err(error) => assert!(
                started.elapsed() < START_WAIT_MAX,
                "chromedriver does not answer: {error}"
            ),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
