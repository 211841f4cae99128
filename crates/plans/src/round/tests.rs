//! Rounds as people meet them: who may do what in which state, a whole round, lateness.

mod following;
mod opening;
mod reminders;
mod states;

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, ReportId};
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{self, Browser, backends, uuid};
use jiff::Timestamp;

use super::store;
use crate::assignment::Duty;
use crate::report::{self, Content, Outcome, Report};
use crate::testing::{World, day};

/// A world with an open round on two units, due 30 September; the path of the round.
async fn with_round(world: &World) -> String {
    world
        .task(
            1,
            "公开规章",
            Some("2026-12-01"),
            &[(0, Duty::Lead), (1, Duty::Cooperate)],
        )
        .await;
    world
        .task(2, "公开预算", Some("2026-12-01"), &[(1, Duty::Responsible)])
        .await;
    let mut clerk = world.browser(world.clerk).await;
    clerk
        .post(
            "/workspace/rounds/new",
            &by_hand(world, "第三季度报送", "2026-09-30"),
        )
        .await
        .redirected()
}

fn by_hand<'f>(world: &World, name: &'f str, due_on: &'f str) -> [(&'f str, &'f str); 6] {
    let plan: &'static str = Box::leak(world.plan.to_string().into_boxed_str());
    [
        ("plan", plan),
        ("name", name),
        ("due_on", due_on),
        ("from_on", "2026-07-01"),
        ("to_on", due_on),
        ("text", "省里要求报进展"),
    ]
}

/// The unit reports on all that it has, at this world's instant.
async fn reports(world: &World, unit: usize, words: &str) {
    let parts: Vec<_> = world
        .db
        .read(async |tx: &mut Tx| {
            tx.all(
                sql("SELECT id, task_id, report_id, (SELECT COUNT(*) FROM report r WHERE r.assignment_id = assignment.id) AS n FROM assignment WHERE organ_id = $1")
                    .bind(world.units[unit]),
            )
            .await?
            .iter()
            .map(|row| Ok((row.get("id")?, row.get("task_id")?, row.get("report_id")?, row.get::<i64>("n")?)))
            .collect::<Result<Vec<_>, StoreError>>()
        })
        .await
        .unwrap();
    for (assignment, task, based_on, n) in parts {
        let report = Report {
            id: ReportId::new(uuid()),
            assignment,
            sequence: n + 1,
            based_on,
            content: Content {
                outcome: Outcome::InProgress,
                done_text: words.to_owned(),
                pending_text: String::new(),
                planned_on: None,
                no_evidence_why: String::new(),
            },
            author: None,
            author_name: "联络员".to_owned(),
            created_at: world.clock.now().as_millisecond(),
        };
        world
            .write("test.report", async |tx: &mut Tx| {
                report::store::insert(tx, &report, task).await
            })
            .await;
    }
}

async fn unit_head(world: &World, unit: usize) -> AccountId {
    let name = format!("单位负责人{unit}");
    testing::person(&world.db, &name, &[(Role::UnitHead, world.units[unit])]).await
}

fn unit_path(world: &World, round: &str, unit: usize) -> String {
    format!("{round}/units/{}", world.units[unit])
}

async fn inbox(browser: &mut Browser) -> String {
    browser.get("/workspace/inbox?unread=1").await.page()
}

/// Moves the clock to an instant of Beijing time.
fn at(world: &World, instant: &str) {
    let then: Timestamp = instant.parse().unwrap();
    world.clock.advance(then.duration_since(world.clock.now()));
}

#[tokio::test]
async fn a_round_goes_from_opening_to_acceptance() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let path = unit_path(&world, &round, 0);
        let head_of_unit = unit_head(&world, 0).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        assert!(
            inbox(&mut liaison)
                .await
                .contains("请报送“第三季度报送”，2026年9月30日截止")
        );
        // Who merely cooperates is not asked, so the third unit has nothing and the second one row.
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&round).await.page();
        assert!(
            page.contains("市司法局") && page.contains("市财政局"),
            "{page}"
        );
        assert!(
            !page.contains("市教育局") && page.contains("0／1"),
            "{page}"
        );
        let mut boss = world.browser(head_of_unit).await;
        let early = boss.post(&format!("{path}/confirm"), &[]).await;
        assert_eq!(early.status, 422);
        assert!(
            early.text().contains("还有1项任务没有填报进展"),
            "{}",
            early.text()
        );
        reports(&world, 0, "已公开规章十二件").await;
        boss.post(&format!("{path}/confirm"), &[])
            .await
            .redirected();
        reports(&world, 0, "又改了").await;
        let changed = liaison.post(&format!("{path}/submit"), &[]).await;
        assert_eq!(changed.status, 422);
        assert!(
            changed.text().contains("确认之后又有1项任务改了填报"),
            "{}",
            changed.text()
        );
        liaison
            .post(&format!("{path}/withdraw"), &[])
            .await
            .redirected();
        boss.post(&format!("{path}/confirm"), &[])
            .await
            .redirected();
        at(&world, "2026-09-30T23:59:00+08:00");
        let mut liaison = world.browser(world.liaisons[0]).await;
        liaison
            .post(&format!("{path}/submit"), &[])
            .await
            .redirected();
        assert!(liaison.get(&path).await.page().contains("按期报送"));
        at(&world, "2026-10-08T09:00:00+08:00");
        let (mut clerk, mut liaison, mut boss) = (
            world.browser(world.clerk).await,
            world.browser(world.liaisons[0]).await,
            world.browser(head_of_unit).await,
        );
        assert!(
            inbox(&mut clerk)
                .await
                .contains("市司法局报送了“第三季度报送”")
        );
        let wordless = clerk
            .post(&format!("{path}/decide"), &[("step", "return")])
            .await;
        assert_eq!(wordless.status, 422);
        let back = [("step", "return"), ("note", "没写网址")];
        clerk
            .post(&format!("{path}/decide"), &back)
            .await
            .redirected();
        assert!(inbox(&mut liaison).await.contains("没写网址"));
        assert!(boss.get(&path).await.page().contains("要求：没写网址"));
        let same = boss.post(&format!("{path}/confirm"), &[]).await;
        assert_eq!(same.status, 422);
        assert!(
            same.text().contains("退回以后填报和佐证都没有改过"),
            "{}",
            same.text()
        );
        boss.post(&format!("{path}/confirm"), &[("answer", "网址在第二段")])
            .await
            .redirected();
        assert!(
            clerk
                .get(&path)
                .await
                .page()
                .contains("对退回意见的说明：网址在第二段")
        );
        boss.post(&format!("{path}/withdraw"), &[])
            .await
            .redirected();
        reports(&world, 0, "网址附后").await;
        boss.post(&format!("{path}/confirm"), &[])
            .await
            .redirected();
        boss.post(&format!("{path}/submit"), &[]).await.redirected();
        clerk
            .post(&format!("{path}/decide"), &[("step", "accept")])
            .await
            .redirected();
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("按期报送"),
            "the first submission counts: {page}"
        );
        // What was accepted stays as it was confirmed, whatever is reported later.
        reports(&world, 0, "后来的进展").await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("网址附后") && !page.contains("后来的进展"),
            "{page}"
        );
        for words in [
            "确认“第三季度报送”",
            "报送“第三季度报送”",
            "撤回“第三季度报送”",
            "退回“第三季度报送”",
            "接收“第三季度报送”",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let docx = liaison.get(&format!("{path}/print?format=docx")).await;
        assert!(docx.status == 200 && docx.bytes.starts_with(b"PK"));
        assert_eq!(
            liaison
                .get(&format!("{path}/print?format=pdf"))
                .await
                .status,
            503
        );
        assert_eq!(
            liaison
                .get(&format!("{path}/print?format=exe"))
                .await
                .status,
            400
        );
    }
}

/// The start page counts for the head only what the head can confirm.
#[tokio::test]
async fn a_draft_waits_for_the_head_when_every_row_is_filled() {
    for backend in backends() {
        let world = World::on(&backend).await;
        with_round(&world).await;
        let boss = unit_head(&world, 0).await;
        let start = "/workspace";
        let mut boss = world.browser(boss).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        assert!(!boss.get(start).await.page().contains("填报等您确认"));
        assert!(liaison.get(start).await.page().contains("报送待填报"));
        reports(&world, 0, "已公开").await;
        assert!(!liaison.get(start).await.page().contains("报送待填报"));
        let page = boss.get(start).await.page();
        assert!(page.contains("填报等您确认"), "{page}");
        let own = boss.get("/workspace/rounds/own").await.page();
        assert!(own.contains("待确认"), "{own}");
        assert!(!liaison.get(start).await.page().contains("填报等您确认"));
    }
}

#[tokio::test]
async fn the_counters_of_a_round_say_what_its_rows_say() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let (first, second) = (unit_path(&world, &round, 0), unit_path(&world, &round, 1));
        reports(&world, 0, "已公开").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&round).await.page();
        for words in ["<b>1</b> 待填报", "<b>1</b> 待确认", "<b>2</b> 还没报"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        for (state, badge, here, elsewhere) in [
            ("filled", "待确认</span>", &first, &second),
            ("draft", "待填报</span>", &second, &first),
        ] {
            let page = clerk.get(&format!("{round}?state={state}")).await.page();
            assert!(
                page.contains("第 1–1 条，共 1 条")
                    && page.contains(badge)
                    && page.contains(here)
                    && !page.contains(elsewhere),
                "{state}: {page}"
            );
        }
        // Whose task is gone stands in no counter, and in no list behind one.
        let cancelled = sql("UPDATE assignment SET state = 'cancelled' WHERE organ_id = $1")
            .bind(world.units[1]);
        let cancels = async |tx: &mut Tx| tx.run(cancelled).await;
        world.write("test.cancelled", cancels).await;
        let page = clerk.get(&format!("{round}?state=draft")).await.page();
        assert!(
            page.contains("<b>0</b> 待填报") && page.contains("没有符合条件的单位"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_withdrawn_round_offers_nothing_to_do() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let offers = ["催报勾选的单位", "name=\"unit\"", "办理这一轮", "自动提醒"];
        let page = clerk.get(&round).await.page();
        for words in offers {
            assert!(page.contains(words), "{words}: {page}");
        }
        let cancel = [("step", "cancel"), ("note", "并入年末报送")];
        clerk
            .post(&format!("{round}/step"), &cancel)
            .await
            .redirected();
        let page = clerk.get(&round).await.page();
        assert!(page.contains("市司法局"), "{page}");
        for words in offers {
            assert!(!page.contains(words), "{words}: {page}");
        }
    }
}

#[tokio::test]
async fn the_sealed_copy_stands_beside_the_submission() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let path = unit_path(&world, &round, 0);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let none = liaison
            .upload(&format!("{path}/seal"), &[], ("file", "", b""))
            .await;
        assert_eq!(none.status, 422);
        assert!(
            none.text().contains("请选择盖章后的扫描件"),
            "{}",
            none.text()
        );
        // A text is no scan, and is not kept for the next try.
        let text = ("file", "证据说明.txt", "已办理".as_bytes());
        let refused = liaison.upload(&format!("{path}/seal"), &[], text).await;
        assert_eq!(refused.status, 422);
        let refused = refused.text();
        assert!(
            refused.contains("“证据说明.txt”不是扫描件，没有保存。请上传图片、PDF 或 OFD 文件")
                && !refused.contains("name=\"kept\""),
            "{refused}"
        );
        let empty = ("file", "盖章件.pdf", &b""[..]);
        let refused = liaison.upload(&format!("{path}/seal"), &[], empty).await;
        assert!(
            refused.text().contains("“盖章件.pdf”是空文件，没有保存"),
            "{}",
            refused.text()
        );
        let scan: &[u8] = b"%PDF-1.7\n";
        liaison
            .upload(&format!("{path}/seal"), &[], ("file", "盖章件.pdf", scan))
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("盖章件.pdf") && page.contains("盖章扫描件1件"),
            "{page}"
        );
        let file = page
            .split('"')
            .find(|part| part.contains("/files/"))
            .unwrap()
            .to_owned();
        assert_eq!(clerk.get(&file).await.bytes.as_ref(), scan);
        // What is reported later does not stand on the sealed paper.
        let changed = "盖章扫描件上传以后，填报内容又有改动";
        assert!(!page.contains(changed), "{page}");
        world.clock.advance(jiff::SignedDuration::from_mins(10));
        reports(&world, 0, "又公开一批").await;
        let page = clerk.get(&path).await.page();
        assert!(page.contains(changed), "{page}");
        let mut stranger = world.browser(world.liaisons[1]).await;
        assert_eq!(stranger.get(&file).await.status, 404);
        assert_eq!(stranger.get(&path).await.status, 404);
        let theirs = stranger
            .upload(&format!("{path}/seal"), &[], ("file", "a.pdf", scan))
            .await;
        assert_eq!(theirs.status, 404);
    }
}

#[tokio::test]
async fn what_comes_late_is_taken_and_marked_even_after_the_end() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let (first, second) = (unit_path(&world, &round, 0), unit_path(&world, &round, 1));
        let heads = [unit_head(&world, 0).await, unit_head(&world, 1).await];
        for unit in [0, 1] {
            reports(&world, unit, "已做").await;
        }
        // The first unit submits in time and takes it back itself: that does not count.
        let mut boss = world.browser(heads[0]).await;
        for step in ["confirm", "submit", "withdraw"] {
            boss.post(&format!("{first}/{step}"), &[])
                .await
                .redirected();
        }
        at(&world, "2026-10-09T10:00:00+08:00");
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&format!("{round}?late=1")).await.page();
        assert_eq!(page.matches("逾期 9 天未报").count(), 2, "{page}");
        clerk
            .post(&format!("{round}/step"), &[("step", "close")])
            .await
            .redirected();
        for (unit, path) in [(0, &first), (1, &second)] {
            let mut boss = world.browser(heads[unit]).await;
            for step in ["confirm", "submit"] {
                boss.post(&format!("{path}/{step}"), &[]).await.redirected();
            }
            assert!(boss.get(path).await.page().contains("迟报 9 天"));
        }
        let page = clerk.get(&round).await.page();
        assert!(
            page.contains("<b>2</b> <span class=\"light light-overdue\">■ 逾期或迟报"),
            "{page}"
        );
        // Late facts for bulletins and scores: by unit, and none before the day is over.
        let office = gongkai_platform::access::Scope::Organs {
            single: vec![world.office],
            branches: Vec::new(),
        };
        let year = (day("2026-01-01"), day("2026-12-31"));
        let late = async |today: &str| {
            world
                .db
                .read(async |tx: &mut Tx| {
                    store::late(tx, &office, Some(&world.units), year, (day(today), 10)).await
                })
                .await
                .unwrap()
        };
        assert_eq!(late("2026-10-09").await.len(), 2);
        assert_eq!(late("2026-09-30").await.len(), 0);
        // A round that was moved judges by its new day.
        clerk
            .post(&format!("{round}/step"), &[("step", "reopen")])
            .await
            .redirected();
        let nothing = clerk
            .post(&format!("{round}/move"), &[("due_on", "2026-10-08")])
            .await;
        assert_eq!(nothing.status, 422);
        clerk
            .post(
                &format!("{round}/move"),
                &[("due_on", "2026-10-12"), ("note", "系统停机")],
            )
            .await
            .redirected();
        assert_eq!(late("2026-10-13").await.len(), 0);
        let page = clerk.get(&round).await.page();
        assert!(
            page.contains("由2026年9月30日改为2026年10月12日，原因：系统停机"),
            "{page}"
        );
        let refused = clerk
            .post(
                &format!("{round}/step"),
                &[("step", "cancel"), ("note", "不要了")],
            )
            .await;
        assert_eq!(
            refused.status, 422,
            "what was submitted is not cancelled away"
        );
    }
}
