//! Whole stories on both databases: what an applicant does, what the desk does, what others see, what the seams give.

mod again;
mod applicants;
mod applying;
mod clusters;
mod confirming;
mod consulting;
mod correcting;
mod cost;
mod counting;
mod desk;
mod fee;
mod helping;
mod letters;
mod limits;
mod listing;
mod lists;
mod moving;
mod notice;
mod offering;
mod outgoing;
mod oversight;
mod package;
mod redrafted;
mod registration;
mod reopened;
mod retention;
mod running;
mod spot;
mod succession;
mod sweep;
mod taken_back;
mod untold;
mod upgraded;
mod withheld;

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::{Claim, DateRange, FigureKey, Ref, Verdict};
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::seam::Wanted;
use gongkai_platform::testing::{
    self, Answer, Backend, Browser, Guard, MovableClock, backends, says, set_kind,
};
use gongkai_platform::web::{self, App};
use jiff::SignedDuration;

mod nightly;
mod signed;

use crate::cluster;
use crate::key;
use crate::night;

const NOW: &str = "2026-03-02T09:00:00+08:00";
/// What a reply gives.
const GIVEN: &[u8] = "老旧小区改造项目清单".as_bytes();

struct World {
    db: Db,
    clock: MovableClock,
    _guard: Guard,
    app: App,
    city: OrganId,
    bureau: OrganId,
    other: OrganId,
    officer: AccountId,
    head: AccountId,
    reviewer: AccountId,
    stranger: AccountId,
    helper: AccountId,
    supervisor: AccountId,
}

impl World {
    async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let bureau = testing::organ(&db, "安澜市司法局", Some(city)).await;
        let other = testing::organ(&db, "安澜市财政局", Some(city)).await;
        for (organ, kind) in [
            (city, "government"),
            (bureau, "department"),
            (other, "department"),
        ] {
            set_kind(&db, organ, kind).await;
        }
        set_profile(&db, bureau).await;
        let of = async |name: &str, role, organ| testing::person(&db, name, &[(role, organ)]).await;
        let officer = of("经办", Role::RequestOfficer, bureau).await;
        let head = of("机构负责人", Role::OfficeHead, bureau).await;
        let reviewer = of("审查", Role::SecrecyReviewer, bureau).await;
        let stranger = of("别的经办", Role::RequestOfficer, other).await;
        let helper = of("协办联络", Role::Liaison, other).await;
        let supervisor = of("上级", Role::Supervisor, city).await;
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        Self {
            app: App::new(parts),
            db,
            clock,
            _guard: guard,
            city,
            bureau,
            other,
            officer,
            head,
            reviewer,
            stranger,
            helper,
            supervisor,
        }
    }

    fn visitor(&self) -> Browser {
        Browser::new(web::wrap(web::router(crate::routes()), self.app.clone()))
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let mut browser = self.visitor();
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// How many messages a person has whose title says this.
    async fn told(&self, account: AccountId, words: &str) -> i64 {
        let like = format!("%{words}%");
        let counted =
            sql("SELECT COUNT(*) AS n FROM inbox_message WHERE account_id = $1 AND title LIKE $2")
                .bind(account)
                .bind(like);
        self.db
            .read(async |tx: &mut Tx| tx.one(counted.clone()).await?.get::<i64>("n"))
            .await
            .unwrap()
    }

    fn days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Hands in an application as somebody of the public does; gives the receipt's path.
    async fn applied(&self, token: &str, subject: &str) -> String {
        let organ = self.bureau.to_string();
        let mut visitor = self.visitor();
        let fields = application(token, &organ, subject);
        visitor.post("/requests/submit", &fields).await.redirected()
    }

    /// Number, code and id of the case behind a receipt.
    async fn known(&self, receipt: &str) -> (String, String, String) {
        let token = receipt.rsplit('/').next().unwrap().parse().unwrap();
        self.db
            .read(async |tx: &mut Tx| {
                let case = crate::request::store::by_token(tx, token).await?.unwrap();
                let keys = key::store::load(tx).await?.unwrap();
                let id = case.request.id;
                Ok::<_, StoreError>((case.request.number, keys.code(id), id.to_string()))
            })
            .await
            .unwrap()
    }

    /// A case over the counter, handled up to the reply by the right people.
    async fn released(&self, subject: &str, paper: &str) -> String {
        let organ = self.bureau.to_string();
        let token = testing::uuid().to_string();
        let mut fields = application(&token, &organ, subject);
        fields.retain(|(name, _)| *name != "channel" && *name != "paper_number");
        let today = self.app.today().to_string();
        fields.extend([
            ("channel", "counter"),
            ("submitted_on", today.as_str()),
            ("paper_number", paper),
        ]);
        let mut officer = self.browser(self.officer).await;
        let path = officer
            .upload("/workspace/requests/new", &fields, ("file", "", b""))
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let decide = [("reply", "R2"), ("text", "提供清单一份")];
        let decide = (decide.as_slice(), ("file", "清单.txt", GIVEN));
        act_with(&mut officer, &path, "decide", decide)
            .await
            .redirected();
        let mut head = self.browser(self.head).await;
        act(&mut head, &path, "pass", &[("words", "可以公开")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let send = [("service", "web"), ("on", today.as_str()), ("proof", "")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        path
    }
}

fn application<'f>(token: &'f str, organ: &'f str, subject: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("token", token),
        ("organ", organ),
        ("kind", "information"),
        ("channel", "web"),
        ("applicant_kind", "natural"),
        ("name", "申请人甲"),
        ("paper", "护照"),
        ("paper_number", "E00000001"),
        ("phone", "0000-0000000"),
        ("subject", subject),
        ("form", "electronic"),
        ("way", "web"),
    ]
}

/// The fields of a review that finds nothing.
const REVIEWED: [(&str, &str); 16] = [
    ("title", "老旧小区改造项目清单"),
    ("source", "安建〔2025〕3号"),
    ("grade", "none"),
    ("way", "依申请公开"),
    ("platform", "只提供给申请人"),
    ("secret", "no"),
    ("work_secret", "no"),
    ("business", "no"),
    ("personal", "no"),
    ("map", "no"),
    ("unpublished", "no"),
    ("handling", "as_is"),
    ("handling_why", ""),
    ("head_words", "同意公开"),
    ("head_name", "科室负责人"),
    ("head_on", "2026-01-05"),
];

/// Do the words of a page have a day as programs write it? Its inputs and addresses may.
fn has_bare_day(page: &str) -> bool {
    let is_day = |ten: &[u8]| {
        ten.iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    let words = page.split('<').filter_map(|part| part.split_once('>'));
    let mut words = words.map(|(_, words)| words.as_bytes());
    words.any(|words| words.windows("2026-03-02".len()).any(is_day))
}

/// Does an act on the screen, with the version that the case has now.
async fn act(browser: &mut Browser, path: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    act_with(browser, path, act, (fields, ("file", "", b""))).await
}

/// A file of a form: its field, its name, its bytes.
type Upload<'f> = (&'f str, &'f str, &'f [u8]);

/// As [`act`], with a file.
async fn act_with(
    browser: &mut Browser,
    path: &str,
    act: &str,
    (fields, file): (&[(&str, &str)], Upload<'_>),
) -> Answer {
    let page = browser.get(&format!("{path}/act/{act}")).await.page();
    let version = page
        .split("name=\"version\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let mut all = vec![("version", version)];
    all.extend_from_slice(fields);
    if act == "pass" {
        let said = |name: &str| fields.iter().any(|(one, _)| *one == name);
        all.extend(REVIEWED.iter().filter(|(name, _)| !said(name)).copied());
    }
    // The form has chosen who fills it in.
    let chosen = page
        .split("<option value=\"")
        .skip(1)
        .find(|option| option.contains("\" selected"))
        .and_then(|option| option.split('"').next());
    if let Some(chosen) = chosen.filter(|_| act == "accept" && fields.is_empty()) {
        all.push(("handler", chosen));
    }
    browser
        .upload(&format!("{path}/act/{act}"), &all, file)
        .await
}

/// What the bureau's letters carry: without it, none leaves.
async fn set_profile(db: &Db, organ: OrganId) {
    db.write(async |tx: &mut Tx| {
        let profile = crate::letter::profile::Profile::sample();
        crate::letter::store::save_profile(tx, organ, &profile).await?;
        let subject = ("organ", organ.to_string());
        tx.record(Event::new(
            &Actor::System,
            "test.profile",
            subject,
            "文书设置",
        ));
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_table_adds_up_and_the_seams_tell_what_is_there() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let first = world.released("2025年老旧小区改造项目清单", "E1").await;
        world
            .released("2025年老旧小区改造项目清单和资金", "E2")
            .await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "学位分配方案")
            .await;
        let (number, code, id) = world.known(&receipt).await;
        let mut officer = world.browser(world.officer).await;
        act(
            &mut officer,
            &format!("/workspace/requests/{id}"),
            "confirm",
            &[("on", "2026-03-02")],
        )
        .await
        .redirected();
        let (organ, city) = (world.bureau, world.city);
        let figure = async |names: &[&str], year: i16| -> Vec<i64> {
            let key = |name: &&str| FigureKey {
                name: (*name).to_owned(),
                organ: city,
                year,
            };
            let keys: Vec<FigureKey> = names.iter().map(key).collect();
            let found = world
                .db
                .read(async |tx: &mut Tx| world.app.seams.figures(tx, &keys).await)
                .await
                .unwrap();
            found
                .into_iter()
                .map(|figure| figure.unwrap().value)
                .collect()
        };
        let names = [
            "requests.table3.new.natural",
            "requests.table3.carry_in.total",
            "requests.table3.open.total",
            "requests.table3.sum.total",
            "requests.table3.carry_out.natural",
            "requests.table3.new.biz",
        ];
        assert_eq!(figure(&names, 2026).await, [3, 0, 2, 2, 1, 0]);
        assert_eq!(figure(&names, 2027).await, [0, 1, 0, 0, 1, 0]);
        assert_eq!(figure(&["requests.received"], 2025).await, [0]);
        // A clustered wish is a suggestion, and a decision to publish is due.
        cluster::gather::all(&world.app, None).await.unwrap();
        let page = officer.get("/workspace/requests/suggestions").await.page();
        assert!(page.contains("老旧小区改造项目清单"), "{page}");
        let publication = format!("{first}/publication");
        says(
            &officer
                .post(&publication, &[("choice", "no"), ("why", "")])
                .await,
            422,
            "不转的，请选择理由",
        );
        officer
            .post(&publication, &[("choice", "yes"), ("why", "多人申请")])
            .await
            .redirected();
        let whole = |from: &str, to: &str| DateRange {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        };
        let scope = Scope::Organs {
            single: vec![organ],
            branches: Vec::new(),
        };
        let due = async |range| {
            world
                .db
                .read(async |tx: &mut Tx| world.app.seams.due(tx, &scope, range).await)
                .await
                .unwrap()
        };
        let items = due(whole("2026-03-01", "2026-04-30")).await;
        let kinds: Vec<&str> = items.iter().map(|item| item.of.kind.as_str()).collect();
        assert_eq!(kinds, ["request", "request-publication", "request-cluster"]);
        assert_eq!(items[0].due_on, "2026-03-30".parse::<Date>().unwrap());
        // Evidence: holds, then withdrawn is something else.
        let wanted = Wanted {
            kind: "request".to_owned(),
            words: "老旧".to_owned(),
            within: None,
        };
        let found = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.find(tx, &scope, &wanted).await)
            .await
            .unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|one| !one.title.contains("申请人甲")));
        let claims: Vec<Claim> = found
            .iter()
            .map(|one| Claim {
                of: one.of.clone(),
                seal: Some(one.seal.clone()),
            })
            .chain([Claim {
                of: Ref {
                    kind: "request".to_owned(),
                    id: "x".to_owned(),
                },
                seal: None,
            }])
            .collect();
        let mut head = world.browser(world.head).await;
        let redo = [("why", "复议决定"), ("on", "2026-03-02")];
        act(&mut head, &first, "redo", &redo).await.redirected();
        let verdicts = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.verify(tx, &claims).await)
            .await
            .unwrap();
        let count = |code: &str| {
            verdicts
                .iter()
                .filter(|verdict| verdict.code() == code)
                .count()
        };
        assert_eq!((count("holds"), count("changed"), count("gone")), (1, 1, 1));
        assert!(matches!(verdicts[2], Verdict::Gone(_)));
        // Withdrawn by its applicant.
        let mut visitor = world.visitor();
        let fields = [
            ("number", number.as_str()),
            ("code", code.as_str()),
            ("act", "withdraw"),
            ("text", ""),
        ];
        says(
            &visitor
                .upload("/requests/progress/act", &fields, ("file", "", b""))
                .await,
            200,
            "申请已撤回",
        );
        assert_eq!(
            figure(&["requests.table3.oth_other.natural"], 2026).await,
            [1]
        );
    }
}
