//! Findings from being found to being closed: rules, store on both databases, screens over HTTP.

mod heir;

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Date, Role};
use proptest::prelude::*;

use super::store::{Narrow, of};
use super::{
    Finding, FindingKind, FindingState, Found, Severity, Source, Step, report, routes, settle,
};
use crate::db::{Db, Tx, sql};
use crate::testing::{self, Browser, Guard, MovableClock};
use crate::web;

const NOW: &str = "2026-09-21T09:00:00+08:00";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

struct World {
    db: Db,
    _guard: Guard,
    router: axum::Router,
    office: OrganId,
    unit: OrganId,
    other: OrganId,
    clerk: AccountId,
    liaison: AccountId,
    stranger: AccountId,
}

impl World {
    async fn on(backend: &testing::Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "市政府办公室", Some(city)).await;
        let unit = testing::organ(&db, "市教育局", Some(city)).await;
        let other = testing::organ(&db, "市司法局", Some(city)).await;
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let stranger = testing::person(&db, "别家", &[(Role::Liaison, other)]).await;
        let router = web::wrap(
            web::router(routes()),
            testing::app(&db, &guard, super::nav()),
        );
        Self {
            db,
            _guard: guard,
            router,
            office,
            unit,
            other,
            clerk,
            liaison,
            stranger,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let mut browser = Browser::new(self.router.clone());
        browser.sign_in(&self.db, account).await;
        browser
    }

    fn found(&self, on: &str) -> Found {
        Found {
            organ: self.unit,
            office: self.office,
            key: "evidence:1".to_owned(),
            kind: FindingKind::Evidence,
            severity: Severity::Major,
            source: Source::Check,
            title: "佐证网页打不开<b>".to_owned(),
            detail: "https://www.example.gov.cn/1 返回404".to_owned(),
            url: Some("https://www.example.gov.cn/1".to_owned()),
            about: None,
            found_on: day(on),
            fix_due_on: None,
        }
    }

    async fn finds(&self, organ: OrganId, title: &str) {
        let found = Found {
            organ,
            key: title.to_owned(),
            title: title.to_owned(),
            ..self.found("2026-09-20")
        };
        self.db
            .write(async |tx: &mut Tx| report(tx, &Actor::System, found).await)
            .await
            .unwrap();
    }

    async fn reports(&self, on: &str) -> Finding {
        let found = self.found(on);
        self.db
            .write(async |tx: &mut Tx| report(tx, &Actor::System, found).await)
            .await
            .unwrap()
    }
}

#[test]
fn only_a_re_check_closes() {
    for state in FindingState::ALL {
        for step in Step::ALL {
            let after = state.after(*step);
            if after == Some(FindingState::Closed) {
                assert_eq!(*step, Step::Pass, "{state:?} closes by {step:?}");
            }
        }
        assert_ne!(state.after(Step::Claim), Some(FindingState::Closed));
    }
    assert_eq!(
        FindingState::Closed.after(Step::FoundAgain),
        Some(FindingState::Confirmed)
    );
    assert_eq!(
        FindingState::Untrue.after(Step::FoundAgain),
        Some(FindingState::Untrue)
    );
}

proptest! {
    #[test]
    fn whatever_happens_a_closed_finding_opens_only_when_found_again(
        steps in proptest::collection::vec(0_usize..Step::ALL.len(), 0..12),
    ) {
        let mut state = FindingState::ToVerify;
        for index in steps {
            let step = Step::ALL[index];
            let next = state.after(step);
            if state == FindingState::Closed {
                prop_assert_eq!(next.is_some(), step == Step::FoundAgain);
            }
            state = next.unwrap_or(state);
        }
    }
}

/// A government has no liaison: its office hears of what it has to mend, and somebody else there re-checks.
#[tokio::test]
async fn what_a_government_has_to_mend_lies_on_the_desk_of_its_office() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let city = sql_parent(&world.db, world.unit).await;
        let county = testing::organ(&world.db, "云岭县人民政府", Some(city)).await;
        let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
        let bureau = testing::organ(&world.db, "云岭县教育局", Some(county)).await;
        kinds(&world.db, (county, "government"), (office, "office")).await;
        let account = testing::person(&world.db, "县文书", &[(Role::OfficeClerk, office)]).await;
        let other = testing::person(&world.db, "县教育", &[(Role::Liaison, bureau)]).await;
        let found = Found {
            organ: county,
            source: Source::Person,
            ..world.found("2026-09-21")
        };
        let finding = world
            .db
            .write(async |tx: &mut Tx| report(tx, &Actor::System, found).await)
            .await
            .unwrap();
        let own = "/workspace/findings/own";
        let mut clerk = world.browser(account).await;
        assert!(clerk.get(own).await.page().contains("佐证网页打不开"));
        assert_eq!(told(&world.db, account).await, 1);
        let mut other = world.browser(other).await;
        assert!(!other.get(own).await.page().contains("佐证网页打不开"));
        let mut stranger = world.browser(world.stranger).await;
        assert!(!stranger.get(own).await.page().contains("佐证网页打不开"));
        let path = format!("/workspace/findings/{}", finding.id);
        let claim = [("step", "claim"), ("note", "9月21日恢复")];
        clerk
            .upload(&format!("{path}/mend"), &claim, ("file", "", b""))
            .await
            .redirected();
        let mut watching = world.browser(world.clerk).await;
        let pass = [("step", "pass"), ("note", "看过")];
        assert_eq!(
            clerk.post(&format!("{path}/decide"), &pass).await.status,
            404,
            "who mends it does not watch over it"
        );
        watching
            .post(&format!("{path}/decide"), &pass)
            .await
            .redirected();
    }
}

/// An office mends what is its own, but the same person does not re-check it.
#[tokio::test]
async fn who_reported_the_mending_does_not_re_check() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let found = Found {
            organ: world.office,
            source: Source::Person,
            ..world.found("2026-09-21")
        };
        let finding = world
            .db
            .write(async |tx: &mut Tx| report(tx, &Actor::System, found).await)
            .await
            .unwrap();
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let (mut clerk, mut head) = (world.browser(world.clerk).await, world.browser(head).await);
        let path = format!("/workspace/findings/{}", finding.id);
        let claim = [("step", "claim"), ("note", "9月21日恢复")];
        clerk
            .upload(&format!("{path}/mend"), &claim, ("file", "", b""))
            .await
            .redirected();
        let pass = [("step", "pass"), ("note", "看过")];
        let refused = clerk.post(&format!("{path}/decide"), &pass).await;
        assert!(
            refused.status == 422 && refused.text().contains("由本办其他人复核"),
            "{}",
            refused.text()
        );
        head.post(&format!("{path}/decide"), &pass)
            .await
            .redirected();
    }
}

async fn told(db: &Db, account: AccountId) -> i64 {
    db.read(async |tx: &mut Tx| {
        let statement = sql("SELECT COUNT(*) AS n FROM inbox_message WHERE account_id = $1");
        tx.one(statement.bind(account)).await?.get("n")
    })
    .await
    .unwrap()
}

async fn sql_parent(db: &Db, organ: OrganId) -> OrganId {
    let found = db
        .read(async |tx: &mut Tx| crate::organ::store::load(tx, organ).await)
        .await
        .unwrap();
    found.unwrap().parent.unwrap()
}

async fn kinds(db: &Db, one: (OrganId, &'static str), other: (OrganId, &'static str)) {
    db.upkeep(async |tx: &mut Tx| {
        for (organ, kind) in [one, other] {
            let statement = sql("UPDATE organ SET kind = $1 WHERE id = $2");
            tx.run(statement.bind(kind).bind(organ)).await?;
        }
        Ok::<_, crate::db::StoreError>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_same_key_is_one_finding() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let first = world.reports("2026-09-21").await;
        assert_eq!(first.state, FindingState::ToVerify);
        assert_eq!(world.found("2026-09-22").key, first.key);
        let second = world.reports("2026-09-22").await;
        assert_eq!(
            (second.id, second.times, second.state),
            (first.id, 2, FindingState::ToVerify)
        );
        let key = (world.unit, "evidence:1");
        let closed = world
            .db
            .write(async |tx: &mut Tx| settle(tx, &Actor::System, key, day("2026-09-23")).await)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(closed.state, FindingState::Closed);
        let third = world.reports("2026-09-24").await;
        assert_eq!(
            (third.id, third.times, third.state, third.closed_on),
            (first.id, 3, FindingState::Confirmed, None)
        );
        let all = world
            .db
            .read(async |tx: &mut Tx| of(tx, world.unit, &Narrow::default(), 10).await)
            .await
            .unwrap();
        assert_eq!(all.len(), 1);
    }
}

#[tokio::test]
async fn a_claim_waits_for_the_office_to_look_again() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let id = world.reports("2026-09-21").await.id;
        let path = format!("/workspace/findings/{id}");
        let mut liaison = world.browser(world.liaison).await;
        assert_eq!(
            liaison.get(&path).await.status,
            404,
            "not verified: the unit does not see it"
        );
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/findings").await.page();
        assert!(
            page.contains("佐证网页打不开&#60;b&#62;") && page.contains("待核实"),
            "{page}"
        );
        let decide = format!("{path}/decide");
        let refused = clerk.post(&decide, &[("step", "confirm")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("请填写日期"), "{}", refused.text());
        clerk
            .post(&decide, &[("step", "confirm"), ("date", "2026-09-30")])
            .await
            .redirected();
        // Whatever is done now wants words, and the unit has still to report.
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("依据或原因<span class=\"must\">必填</span>")
                && page.contains("暂缓时填暂缓到哪一天。")
                && !page.contains("确认时填")
                && page.contains("value=\"pass\">复核通过"),
            "{page}"
        );

        let own = liaison.get("/workspace/findings/own").await.page();
        assert!(
            own.contains("已确认") && own.contains("2026年9月30日"),
            "{own}"
        );
        assert_eq!(
            world.browser(world.stranger).await.get(&path).await.status,
            404
        );
        let mend = format!("{path}/mend");
        let fields = [("step", "claim"), ("note", "已恢复网页"), ("url", "")];
        let fake = ("file", "截图.jpg", "不是图片".as_bytes());
        let refused = liaison.upload(&mend, &fields, fake).await;
        testing::says(&refused, 422, "“截图.jpg”的名称是图片，内容却不是");
        assert!(
            !refused.text().contains("name=\"kept\""),
            "it is not kept for the next try"
        );
        let refused = liaison
            .upload(
                &mend,
                &[("step", "claim"), ("note", ""), ("url", "")],
                ("file", "截图.png", b"\x89PNG\r\n\x1a\n..."),
            )
            .await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        assert!(
            text.contains("请写明整改情况") && text.contains("已选择“截图.png”"),
            "{text}"
        );
        let kept = text.split("name=\"kept\" value=\"").nth(1).unwrap();
        let kept = kept.split('"').next().unwrap();
        liaison
            .upload(
                &mend,
                &[
                    ("step", "claim"),
                    ("note", "已恢复网页"),
                    ("url", "https://www.example.gov.cn/1"),
                    ("kept", kept),
                ],
                ("file", "", b""),
            )
            .await
            .redirected();
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("待复核") && page.contains("截图.png") && !page.contains("已销号</span>"),
            "{page}"
        );
        let file = page.split(&format!("{path}/files/")).nth(1).unwrap();
        let file = format!("{path}/files/{}", file.split('"').next().unwrap());
        assert_eq!(clerk.get(&file).await.status, 200);
        let page = clerk.get(&path).await.page();
        assert!(page.contains("value=\"pass\" class=\"main\">"), "{page}");
        assert_eq!(
            world.browser(world.stranger).await.get(&file).await.status,
            404
        );

        clerk
            .post(&decide, &[("step", "fail"), ("note", "仍返回404")])
            .await
            .redirected();
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("整改中") && page.contains("仍返回404"),
            "{page}"
        );
        liaison
            .upload(
                &mend,
                &[("step", "claim"), ("note", "确已恢复")],
                ("file", "", b""),
            )
            .await
            .redirected();
        clerk
            .post(&decide, &[("step", "pass"), ("note", "打开网址，正文完整")])
            .await
            .redirected();
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("badge-good\">已销号") && page.contains("复核未通过：仍返回404"),
            "{page}"
        );
        let again = clerk
            .post(&decide, &[("step", "fail"), ("note", "再看")])
            .await;
        assert_eq!(again.status, 422, "what is closed is closed");
    }
}

#[tokio::test]
async fn the_office_records_what_it_saw() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        assert!(
            clerk
                .get("/workspace/findings")
                .await
                .page()
                .contains("还没有问题")
        );
        let wrong = clerk
            .post(
                "/workspace/findings/new",
                &[("organ", "不存在的局"), ("url", "javascript:1")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        for words in [
            "请从列表中选择",
            "请选择是哪一类问题",
            "请写明是什么问题",
            "网址须以",
            "请填写整改期限",
        ] {
            assert!(wrong.text().contains(words), "{}", wrong.text());
        }
        let path = clerk
            .post(
                "/workspace/findings/new",
                &[
                    ("organ", "市教育局"),
                    ("kind", "not_updated"),
                    ("title", "招生栏目未更新"),
                    ("fix_due_on", "2026-09-22"),
                ],
            )
            .await
            .redirected();
        let page = world.browser(world.liaison).await.get(&path).await.page();
        assert!(
            page.contains("招生栏目未更新") && page.contains("已确认"),
            "{page}"
        );
        for (query, seen) in [
            ("state=confirmed", true),
            ("state=closed", false),
            ("kind=not_updated&source=person", true),
            ("text=%25", false),
            ("late=1", false),
        ] {
            let page = clerk
                .get(&format!("/workspace/findings?{query}"))
                .await
                .page();
            assert_eq!(page.contains(&path), seen, "{query}");
        }
        let page = clerk.get("/workspace/findings?text=%E6%97%A0").await.page();
        assert!(page.contains("没有符合条件的问题"), "{page}");
    }
}

#[tokio::test]
async fn a_unit_is_called_by_its_short_name_or_another_name() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let names = sql(
                    "UPDATE organ SET name = '安澜市教育局', short_name = '市教育局' WHERE id = $1",
                );
                tx.run(names.bind(world.unit)).await?;
                let other = sql(
                    "INSERT INTO organ_alias (organ_id, alias, kind) VALUES ($1, '市教体局', 'alias')",
                );
                tx.run(other.bind(world.unit)).await
            })
            .await
            .unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let mut record = async |organ: &str| {
            let fields = [
                ("organ", organ),
                ("kind", "dead_link"),
                ("title", "网页打不开"),
                ("fix_due_on", "2026-09-22"),
            ];
            clerk.post("/workspace/findings/new", &fields).await
        };
        for typed in ["安澜市教育局", " 市教育局", "市教体局"] {
            let path = record(typed).await.redirected();
            let page = world.browser(world.liaison).await.get(&path).await.page();
            assert!(page.contains("网页打不开"), "{typed}: {page}");
        }
        // A slip of the pen is asked for.
        let answer = record("安澜市教育居").await;
        testing::says(&answer, 422, "请从列表中选择");
    }
}

/// Many are verified at once, all of them or none, by the office alone.
#[tokio::test]
async fn many_are_verified_at_once() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let mut ids = Vec::new();
        for key in ["evidence:1", "evidence:2"] {
            let found = Found {
                key: key.to_owned(),
                title: format!("{key}打不开"),
                ..world.found("2026-09-20")
            };
            let found = world
                .db
                .write(async |tx: &mut Tx| report(tx, &Actor::System, found).await)
                .await
                .unwrap();
            ids.push(found.id.to_string());
        }
        let both = [("finding", ids[0].as_str()), ("finding", ids[1].as_str())];
        let verify = "/workspace/findings/verify";
        let mut clerk = world.browser(world.clerk).await;
        let dateless = [&both[..], &[("step", "confirm")]].concat();
        let refused = clerk.post(verify, &dateless).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(
            page.contains("请填写日期") && page.matches(" checked").count() == 2,
            "what was ticked stays ticked: {page}"
        );
        let list = "/workspace/findings?state=to_verify";
        assert!(clerk.get(list).await.page().contains("共 2 条"));
        let whole = [&both[..], &[("step", "confirm"), ("date", "2026-10-31")]].concat();
        let mut liaison = world.browser(world.liaison).await;
        assert_eq!(liaison.post(verify, &whole).await.status, 403);
        clerk.post(verify, &whole).await.redirected();
        assert!(clerk.get(list).await.page().contains("没有符合条件的问题"));
        let page = liaison.get("/workspace/findings/own").await.page();
        assert!(page.contains("共 2 条"), "{page}");
        assert_eq!(clerk.post(verify, &[("step", "confirm")]).await.status, 422);
    }
}

/// What a check says of several units in the same words is one line, and is decided as one; a line that has grown since
/// it was shown is not.
#[tokio::test]
async fn findings_alike_stand_in_one_line() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        for organ in [world.unit, world.office] {
            world.finds(organ, "没有登记责任人").await;
        }
        world.finds(world.unit, "佐证失效").await;
        let mut clerk = world.browser(world.clerk).await;
        let list = "/workspace/findings?state=to_verify";
        let page = clerk.get(list).await.page();
        assert!(
            page.contains("共 2 条") && page.contains("共 3 个问题") && page.contains("2 个单位"),
            "{page}"
        );
        let at = page
            .find("name=\"alike\" value=\"")
            .expect("a box for the line");
        let line = page[at..].split('"').nth(3).unwrap().to_owned();
        let each = "/workspace/findings?each=1&title=%E6%B2%A1%E6%9C%89%E7%99%BB%E8%AE%B0%E8%B4%A3%E4%BB%BB%E4%BA%BA";
        let page = clerk.get(each).await.page();
        assert!(
            page.contains("共 2 条") && page.contains("市教育局") && !page.contains("佐证失效</a>"),
            "{page}"
        );
        let verify = "/workspace/findings/verify";
        let confirm = |line: &str| {
            let fields = [("alike", line), ("step", "confirm"), ("date", "2026-10-31")];
            fields.map(|(name, value)| (name, value.to_owned()))
        };
        let stale = confirm(&line.replace(":2", ":1"));
        let stale: Vec<_> = stale.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = clerk.post(verify, &stale).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("一个也没有办理"),
            "{}",
            refused.text()
        );
        let whole = confirm(&line);
        let whole: Vec<_> = whole.iter().map(|(k, v)| (*k, v.as_str())).collect();
        clerk.post(verify, &whole).await.redirected();
        let page = clerk.get(list).await.page();
        assert!(
            page.contains("共 1 条") && page.contains("佐证失效"),
            "{page}"
        );
    }
}
