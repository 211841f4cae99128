//! Whole stories on both databases: written, reviewed by seven people, published, corrected, withdrawn.

mod answer;
mod checklist;
mod cited;
mod cleanup;
mod column;
mod concerned;
mod copies;
mod days;
mod discard;
mod draft;
mod found;
mod gazette;
mod hour;
mod index_scheme;
mod library;
mod lists;
mod maps;
mod masking;
mod merger;
mod moved;
mod number;
mod older;
mod open;
mod openness;
mod organs;
mod own;
mod public;
mod reader;
mod reading;
mod release;
mod rules;
mod sealed;
mod signs;
mod steps;
mod sweep;
mod takedown;
mod together;
mod upper;
mod urgent;
mod validity;
mod ways;
mod worksheet;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::{Claim, FigureKey, Ref, Verdict};
use gongkai_basis::{Actor, Role};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::job;
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock, backends, set_kind};
use gongkai_platform::web::{self, App};

use self::reader::Reader;
use crate::kind::{Kind, Step};
use crate::review::checklist as questions;

const NOW: &str = "2026-10-12T09:00:00+08:00";

/// One pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0,
    0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 10, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

struct World {
    db: Db,
    clock: MovableClock,
    guard: Guard,
    app: App,
    city: OrganId,
    office: OrganId,
    clerk: AccountId,
    stranger: AccountId,
    /// Proof, first, second, secrecy, legality, third.
    people: Vec<(Role, AccountId)>,
    /// The next 文号.
    serial: AtomicU32,
}

impl World {
    /// A draft with the file under this name; its page.
    async fn with_file(&self, title: &str, file: (&str, &[u8])) -> String {
        let city = self.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", title),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "名单见附件。"),
        ];
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .upload(
                "/workspace/documents/new?kind=notice",
                &fields,
                ("file", file.0, file.1),
            )
            .await
            .redirected()
    }

    async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        let other = testing::organ(&db, "市司法局", Some(city)).await;
        for (organ, kind) in [(city, "government"), (office, "office")] {
            set_kind(&db, organ, kind).await;
        }
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let stranger = testing::person(
            &db,
            "外人",
            &[(Role::OfficeClerk, other), (Role::ThirdReviewer, other)],
        )
        .await;
        let mut people = Vec::new();
        for (name, role) in [
            ("校对", Role::Proofreader),
            ("初审", Role::FirstReviewer),
            ("复审", Role::SecondReviewer),
            ("保密", Role::SecrecyReviewer),
            ("法制", Role::LegalityReviewer),
            ("终审", Role::ThirdReviewer),
        ] {
            people.push((role, testing::person(&db, name, &[(role, office)]).await));
        }
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        parts.sandbox = Arc::new(Reader::one_article(PNG));
        Self {
            app: App::new(parts),
            db,
            clock,
            guard,
            city,
            office,
            clerk,
            stranger,
            people,
            serial: AtomicU32::new(3),
        }
    }

    /// Files are read by this from now on.
    fn reads_by(&mut self, reader: Reader) {
        let mut parts = testing::parts(&self.db, &self.guard, crate::nav());
        parts.seams = crate::seams();
        parts.sandbox = Arc::new(reader);
        self.app = App::new(parts);
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let mut browser = self.public();
        browser.sign_in(&self.db, account).await;
        browser
    }

    fn public(&self) -> Browser {
        Browser::new(web::wrap(web::router(crate::routes()), self.app.clone()))
    }

    async fn draft(&self, kind: &str, title: &str, body: &str) -> String {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        self.numbered((kind, &format!("安府规〔2026〕{serial}号")), title, body)
            .await
    }

    /// A draft with this 文号.
    async fn numbered(&self, (kind, number): (&str, &str), title: &str, body: &str) -> String {
        let city = self.city.to_string();
        let mut fields = form((title, number), ("html", body)).to_vec();
        fields.push(("organ", city.as_str()));
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .upload(
                &format!("/workspace/documents/new?kind={kind}"),
                &fields,
                ("file", "", b""),
            )
            .await
            .redirected()
    }

    /// The next edition, as its form says it.
    async fn rewrites(&self, path: &str, form: &[(&str, &str)]) {
        let version = self.version(path).await;
        let mut fields = vec![("version", version.as_str())];
        fields.extend_from_slice(form);
        let mut clerk = self.browser(self.clerk).await;
        let saved = clerk
            .upload(&format!("{path}/write"), &fields, ("file", "", b""))
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
    }

    /// A draft whose text came from a file, with a picture in it that is no map.
    async fn with_picture(&self) -> String {
        let path = self.drawn().await;
        let none = [("rest", "none")];
        assert_eq!(self.act(self.clerk, &path, "pictures", &none).await, 303);
        path
    }

    /// The same, and nothing is said of the picture.
    async fn drawn(&self) -> String {
        let city = self.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "关于办事流程的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("as_body", "yes"),
            ("markup", "text"),
            ("body", ""),
        ];
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .upload(
                "/workspace/documents/new?kind=notice",
                &fields,
                ("file", "通知.docx", b"docx"),
            )
            .await
            .redirected()
    }

    /// Takes these bytes down where they were found first; gives the list of places.
    async fn takes_down(&self, bytes: &[u8], reason: &str) -> String {
        let mut clerk = self.browser(self.clerk).await;
        let found = clerk
            .upload("/workspace/files", &[], ("file", "x", bytes))
            .await
            .redirected();
        let list = clerk.get(&found).await.page();
        let place = list.split("name=\"place\" value=\"").nth(1).unwrap();
        let place = place.split('"').next().unwrap();
        let down = [("place", place), ("reason", reason)];
        assert_eq!(clerk.post(&found, &down).await.status, 303);
        list
    }

    async fn version(&self, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap().to_owned();
        let row = self
            .db
            .read(async |tx: &mut Tx| {
                tx.one(sql("SELECT version FROM document WHERE id = $1").bind(&id))
                    .await
            })
            .await
            .unwrap();
        row.get::<i64>("version").unwrap().to_string()
    }

    async fn act(&self, who: AccountId, path: &str, act: &str, more: &[(&str, &str)]) -> u16 {
        let version = self.version(path).await;
        let mut fields = vec![("version", version.as_str())];
        fields.extend_from_slice(more);
        let mut browser = self.browser(who).await;
        browser
            .post(&format!("{path}/{act}"), &fields)
            .await
            .status
            .as_u16()
    }

    /// The version of the step in turn.
    async fn step_version(&self, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap().to_owned();
        let row = self
            .db
            .read(async |tx: &mut Tx| {
                tx.one(
                    sql("SELECT s.version FROM review_step s JOIN document d ON d.edition_id = s.edition_id \
                         WHERE d.id = $1 AND s.state IN ('waiting', 'claimed') ORDER BY s.position LIMIT 1")
                        .bind(&id),
                )
                .await
            })
            .await
            .unwrap();
        row.get::<i64>("version").unwrap().to_string()
    }

    async fn review(
        &self,
        who: AccountId,
        path: &str,
        act: &str,
        checks: &[String],
        remark: &str,
    ) -> u16 {
        let version = self.step_version(path).await;
        let mut fields = vec![
            ("version", version.as_str()),
            ("act", act),
            ("remark", remark),
        ];
        fields.extend(checks.iter().map(|check| ("check", check.as_str())));
        let mut browser = self.browser(who).await;
        browser
            .post(&format!("{path}/review"), &fields)
            .await
            .status
            .as_u16()
    }

    /// 符合 to everything that this step asks about the document.
    async fn fine(&self, path: &str, step: Step) -> Vec<String> {
        let id = path.rsplit('/').next().unwrap().to_owned();
        let row = self
            .db
            .read(async |tx: &mut Tx| {
                tx.one(sql("SELECT kind FROM document WHERE id = $1").bind(&id))
                    .await
            })
            .await
            .unwrap();
        let kind = Kind::from_code(&row.get::<String>("kind").unwrap()).unwrap();
        let fine = questions::all_fine(step, kind);
        fine.iter().map(questions::Checked::key).collect()
    }

    fn who(&self, role: Role) -> AccountId {
        self.people
            .iter()
            .find(|(held, _)| *held == role)
            .unwrap()
            .1
    }

    /// The step in turn, claimed and passed with all its questions answered.
    async fn pass(&self, path: &str, step: Step) {
        let who = self.who(step.role());
        let checks = self.fine(path, step).await;
        let claimed = self.review(who, path, "claim", &[], "").await;
        let passed = self.review(who, path, "pass", &checks, "").await;
        assert_eq!((claimed, passed), (303, 303), "{step:?}");
    }

    /// Sends a draft through every step.
    async fn approve(&self, path: &str, kind: Kind) {
        assert_eq!(self.act(self.clerk, path, "send", &[]).await, 303);
        for step in kind.chain() {
            self.pass(path, *step).await;
        }
    }

    /// Sends a draft through every step and lets it out.
    async fn goes_out(&self, path: &str, kind: Kind) {
        self.approve(path, kind).await;
        assert_eq!(self.act(self.clerk, path, "publish", &[]).await, 303);
    }
}

/// What the form says of a document with all its dates: title and 文号, the text and how it is marked up.
fn form<'a>(
    (title, number): (&'a str, &'a str),
    (markup, body): (&'a str, &'a str),
) -> [(&'a str, &'a str); 9] {
    [
        ("title", title),
        ("number", number),
        ("theme", "综合政务"),
        ("issued_on", "2026-09-01"),
        ("effective_on", "2026-10-01"),
        ("expires_on", "2027-01-31"),
        ("openness", "open"),
        ("markup", markup),
        ("body", body),
    ]
}

/// The value of the first choice below these words of a page.
fn first_choice(page: &str, below: &str) -> String {
    let list = page.split(below).nth(1).unwrap();
    let value = list.split("<option value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

const HOSTILE: &str = "<h2>第一章</h2><p onclick=\"x()\">第一条 公开是常态。</p><script>alert(1)</script><table><tr><td colspan=\"2\">甲</td></tr></table>";
