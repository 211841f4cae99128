//! Who decides that a correction takes effect.

use gongkai_basis::Role;
use gongkai_basis::id::{OrganId, ReportId};
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{Backend, Browser, backends, uuid};

use super::again::plan_of;
use super::journey::settle_doubts;
use super::ledger::{codes, corrected, world_with_plan};
use super::world::{CITY_HTML, World, value_of};
use crate::report::{self, Content, Outcome, Report};

const CANCELLED: &str = "SELECT COUNT(*) AS n FROM task WHERE state = 'cancelled'";
const CORRECTED: &str = "SELECT COUNT(*) AS n FROM event WHERE kind = 'plan.corrected'";

/// A plan with a correction that is ready to be sent on; with the address of its comparison.
async fn compared(backend: &Backend) -> (World, String) {
    let (mut world, plan) = world_with_plan(backend).await;
    let to = format!("/workspace/plans/{plan}/reimport");
    let text = corrected();
    let address = world.upload(&to, "更正.html", text.as_bytes()).await;
    settle_doubts(&mut world, &address).await;
    (world, format!("{address}/changes"))
}

/// Sends on everything that the comparison shows.
async fn sends(browser: &mut Browser, changes: &str, reason: &str) -> axum::http::StatusCode {
    let page = browser.get(changes).await.page();
    let (version, codes) = (value_of(&page, "version"), codes(&page));
    let mut fields = vec![("version", version.as_str()), ("reason", reason)];
    fields.extend(codes.iter().map(|code| ("change", code.as_str())));
    browser.post(changes, &fields).await.status
}

/// What lies in the inboxes of those with a role.
async fn told(world: &World, role: &'static str) -> Vec<String> {
    let titles = sql(
        "SELECT m.title FROM inbox_message m JOIN account_role r ON r.account_id = m.account_id WHERE r.role = $1",
    );
    world
        .db
        .read(async |tx: &mut Tx| tx.all(titles.bind(role)).await)
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("title").unwrap())
        .collect()
}

#[tokio::test]
async fn a_clerk_s_correction_waits_for_the_head() {
    for backend in backends() {
        let (mut world, changes) = compared(&backend).await;
        let mut head = world.head().await;
        assert_eq!(sends(&mut world.browser, &changes, " ").await, 422);
        assert_eq!(sends(&mut world.browser, &changes, "原文错漏").await, 303);
        // Nothing has changed yet, and it is told where the head looks.
        assert_eq!(world.count(CANCELLED).await, 0);
        assert_eq!(world.count(CORRECTED).await, 0);
        let proposed = "SELECT COUNT(*) AS n FROM event WHERE kind = 'plan.correction-proposed'";
        assert_eq!(world.count(proposed).await, 1);
        assert_eq!(told(&world, "office_head").await, ["更正稿等您审批"]);
        let start = head.get("/workspace").await.page();
        assert!(
            start.contains("<b>1</b> 更正稿等您审批")
                && start.contains(&format!("href=\"{changes}\"")),
            "{start}"
        );
        for state in ["", "?state=proposed"] {
            let list = head.get(&format!("/workspace/changes{state}")).await.page();
            assert!(
                list.contains("等审批的更正稿") && list.contains("原文错漏"),
                "{list}"
            );
        }
        // The clerk neither decides nor edits nor discards what waits.
        let page = world.browser.get(&changes).await.page();
        assert!(
            page.contains("正在等主任审批") && !page.contains("采用这份更正稿"),
            "{page}"
        );
        let draft = changes.trim_end_matches("/changes").to_owned();
        let version = value_of(&head.get(&changes).await.page(), "version");
        let seen = [("version", version.as_str())];
        for (path, status) in [
            (format!("{changes}/approve"), 403),
            (changes.clone(), 422),
            (format!("{draft}/discard"), 422),
            (format!("{draft}/by-hand"), 409),
        ] {
            let answer = world.browser.post(&path, &seen).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
        }
        let edit = [
            ("version", version.as_str()),
            ("key", "1"),
            ("act", "settle"),
        ];
        let refused = world.browser.post(&format!("{draft}/tasks"), &edit).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("待审批"), "{}", refused.text());

        // Back with a reason, and proposed again; then the head applies it.
        let back = format!("{changes}/return");
        let refused = head.post(&back, &seen).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("请填写退回原因。"),
            "{}",
            refused.text()
        );
        let why = [("version", version.as_str()), ("why", "少了第3条")];
        head.post(&back, &why).await.redirected();
        assert!(
            told(&world, "office_clerk")
                .await
                .contains(&"更正稿被退回".to_owned())
        );
        let page = world.browser.get(&changes).await.page();
        assert!(
            page.contains("上次报批被退回") && page.contains("少了第3条"),
            "{page}"
        );
        assert_eq!(sends(&mut world.browser, &changes, "原文错漏").await, 303);
        let page = head.get(&changes).await.page();
        assert!(
            page.contains("<del>2026年3月16日</del> → <ins>2026年3月18日</ins>"),
            "{page}"
        );
        let version = value_of(&page, "version");
        let seen = [("version", version.as_str())];
        let approve = format!("{changes}/approve");
        head.post(&approve, &seen).await.redirected();
        assert_eq!(world.count(CANCELLED).await, 1);
        assert_eq!(world.count(CORRECTED).await, 1);
        assert!(
            told(&world, "office_clerk")
                .await
                .contains(&"更正稿已批准".to_owned())
        );
        let closed = world.browser.get(&draft).await.page();
        assert!(
            closed.contains("<dd>周敏，") && closed.contains("<dd>主任，"),
            "{closed}"
        );
        let again = head.post(&approve, &seen).await;
        assert_eq!(again.status, 422, "{}", again.text());
        assert!(again.text().contains("已经采用"), "{}", again.text());
        // What a message led to leads on to what became of it.
        assert_eq!(head.get(&changes).await.redirected(), draft);
    }
}

#[tokio::test]
async fn what_waits_is_taken_back_and_proposed_again() {
    for backend in backends() {
        let (mut world, changes) = compared(&backend).await;
        let mut head = world.head().await;
        assert_eq!(sends(&mut world.browser, &changes, "原文错漏").await, 303);
        let page = world.browser.get(&changes).await.page();
        assert!(page.contains("撤回报批"), "{page}");
        let version = value_of(&page, "version");
        let seen = [("version", version.as_str())];
        let back = format!("{changes}/take-back");
        world.browser.post(&back, &seen).await.redirected();
        let event = "SELECT COUNT(*) AS n FROM event WHERE kind = 'plan.correction-taken-back'";
        assert_eq!(world.count(event).await, 1);
        assert!(
            told(&world, "office_head")
                .await
                .contains(&"更正稿的报批已撤回".to_owned())
        );
        // The head is too late, and so is a second click.
        for (browser, path) in [
            (&mut head, format!("{changes}/approve")),
            (&mut world.browser, back),
        ] {
            let refused = browser.post(&path, &seen).await;
            assert_eq!(refused.status, 422, "{path}: {}", refused.text());
        }
        assert_eq!(world.count(CANCELLED).await, 0);
        assert_eq!(sends(&mut world.browser, &changes, "原文错漏").await, 303);
    }
}

#[tokio::test]
async fn what_was_changed_after_the_proposal_is_compared_again() {
    for backend in backends() {
        let (mut world, changes) = compared(&backend).await;
        let mut head = world.head().await;
        assert_eq!(sends(&mut world.browser, &changes, "原文错漏").await, 303);
        let amend = async |tx: &mut Tx| {
            tx.run(sql(
                "UPDATE task SET version = version + 1 WHERE text LIKE '%修订%'",
            ))
            .await
        };
        world.db.upkeep(amend).await.unwrap();
        let page = head.get(&changes).await.page();
        assert!(page.contains("其中1处改动已和提出时不同"), "{page}");
        let version = value_of(&page, "version");
        let seen = [("version", version.as_str())];
        let refused = head.post(&format!("{changes}/approve"), &seen).await;
        assert_eq!(refused.status, 422);
        assert_eq!(world.count(CANCELLED).await, 0);
    }
}

#[tokio::test]
async fn deciding_reaches_only_the_own_office() {
    for backend in backends() {
        let (world, changes) = compared(&backend).await;
        let other = world.organs[2];
        // A clerk here who is a head elsewhere proposes like any clerk.
        let roles = [(Role::OfficeClerk, world.office), (Role::OfficeHead, other)];
        let mut both = world.person("甲", &roles).await;
        assert_eq!(sends(&mut both, &changes, "原文错漏").await, 303);
        assert_eq!(world.count(CANCELLED).await, 0);
        let page = both.get(&changes).await.page();
        assert!(!page.contains("采用这份更正稿"), "{page}");
        let mut foreign = world.person("乙", &[(Role::OfficeHead, other)]).await;
        for browser in [&mut both, &mut foreign] {
            let seen = [("version", "1")];
            let answer = browser.post(&format!("{changes}/approve"), &seen).await;
            assert_eq!(answer.status, 404, "{}", answer.text());
        }
        assert_eq!(world.count(CORRECTED).await, 0);
    }
}

/// A unit says that its part of the second task is done.
async fn done(world: &World, organ: OrganId) {
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            let part = sql("SELECT a.id, a.task_id FROM assignment a JOIN task t ON t.id = a.task_id WHERE t.text LIKE '%修订%' AND a.organ_id = $1");
            let part = tx.one(part.bind(organ)).await?;
            let report = Report {
                id: ReportId::new(uuid()),
                assignment: part.get("id")?,
                sequence: 1,
                based_on: None,
                content: Content {
                    outcome: Outcome::Done,
                    done_text: "已修订目录。".to_owned(),
                    pending_text: String::new(),
                    planned_on: None,
                    no_evidence_why: "见门户".to_owned(),
                },
                author: None,
                author_name: "甲".to_owned(),
                created_at: tx.now().as_millisecond(),
            };
            report::store::insert(tx, &report, part.get("task_id")?).await
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
}

/// As a change of the task does: what was done before a unit went is not what is asked for now.
#[tokio::test]
async fn a_unit_that_comes_back_by_a_correction_reports_anew() {
    const FINISHED: &str = "SELECT COUNT(*) AS n FROM assignment a JOIN organ o ON o.id = a.organ_id WHERE o.name = '安澜市财政局' AND a.finished = 1";
    const BACK: &str = "SELECT COUNT(*) AS n FROM assignment a JOIN task t ON t.id = a.task_id JOIN organ o ON o.id = a.organ_id \
        WHERE o.name = '安澜市财政局' AND t.text LIKE '%修订%' AND a.state = 'open' AND a.report_id IS NULL AND a.finished = 0";
    for backend in backends() {
        let (mut world, changes) = compared(&backend).await;
        let mut head = world.head().await;
        done(&world, world.organs[4]).await;
        assert_eq!(world.count(FINISHED).await, 1);
        // It is taken off the task, and what it had reported stays with its part.
        assert_eq!(sends(&mut head, &changes, "原文错漏").await, 303);
        assert_eq!(
            (world.count(FINISHED).await, world.count(BACK).await),
            (1, 0)
        );
        let to = format!("/workspace/plans/{}/reimport", plan_of(&world).await);
        let again = world.upload(&to, "原稿.html", CITY_HTML.as_bytes()).await;
        settle_doubts(&mut world, &again).await;
        let changes = format!("{again}/changes");
        assert_eq!(sends(&mut head, &changes, "还是原稿对").await, 303);
        assert_eq!(
            (world.count(FINISHED).await, world.count(BACK).await),
            (0, 1)
        );
        let kept = "SELECT COUNT(*) AS n FROM report WHERE outcome = 'done'";
        assert_eq!(world.count(kept).await, 1, "its versions stay");
    }
}

/// What has no day of its own counts to the end of the plan's year.
#[tokio::test]
async fn another_year_of_the_plan_moves_what_undated_tasks_count_to() {
    for backend in backends() {
        let (mut world, plan) = world_with_plan(&backend).await;
        let to = format!("/workspace/plans/{plan}/reimport");
        let address = world.upload(&to, "更正.html", CITY_HTML.as_bytes()).await;
        settle_doubts(&mut world, &address).await;
        let version = world.version(&address).await;
        let meta = [
            ("version", version.as_str()),
            ("title", "安澜市2026年政务公开工作要点分工方案"),
            ("notice_title", ""),
            ("document_number", "安府办函〔2026〕12号"),
            ("issuer", "安澜市人民政府办公室"),
            ("issued_on", "2026-03-16"),
            ("published_on", ""),
            ("year", "2027"),
        ];
        let meta_path = format!("{address}/meta");
        world.browser.post(&meta_path, &meta).await.redirected();
        let counts_to = async |day: &'static str| {
            let tasks = sql(
                "SELECT COUNT(*) AS n FROM task t WHERE t.text LIKE '%修订%' AND t.next_due_on = $1 \
                AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = t.id AND (a.next_due_on IS NULL OR a.next_due_on <> $1))",
            );
            let read = async |tx: &mut Tx| tx.one(tasks.bind(day)).await?.get::<i64>("n");
            let n = world.db.read(read).await;
            n.map_err(|error: StoreError| error).unwrap()
        };
        assert_eq!(counts_to("2026-12-31").await, 1);
        let mut head = world.head().await;
        let changes = format!("{address}/changes");
        let page = head.get(&changes).await.page();
        let fields = [
            ("version", &*value_of(&page, "version")),
            ("reason", "年度印错"),
            ("change", "head"),
        ];
        head.post(&changes, &fields).await.redirected();
        assert_eq!(counts_to("2027-12-31").await, 1);
    }
}

/// What the public reads of a plan is older than the plan once a correction took effect, and both sides are told.
#[tokio::test]
async fn a_correction_makes_what_was_published_older_than_the_plan() {
    for backend in backends() {
        let (world, changes) = compared(&backend).await;
        let mut head = world.head().await;
        let plan = plan_of(&world).await;
        let progress = format!("/workspace/plans/{plan}/progress");
        let words = [("words", "dates")];
        head.post(&progress, &words).await.redirected();
        // A minute passes.
        let earlier =
            sql("UPDATE plan_snapshot SET published_at = published_at - 60000 WHERE plan_id = $1");
        let earlier = earlier.bind(&plan);
        let pass = async |tx: &mut Tx| tx.run(earlier).await;
        let passed = world.db.upkeep(pass).await;
        passed.map_err(|error: StoreError| error).unwrap();
        let public = format!("/plans/{plan}");
        let page = head.get(&public).await.page();
        assert!(!page.contains("有过调整"), "{page}");
        assert_eq!(sends(&mut head, &changes, "原文错漏").await, 303);
        let page = head.get(&public).await.page();
        assert!(
            page.contains("方案在这次公布以后有过调整，最近一次是 2026年3月18日"),
            "{page}"
        );
        let page = head.get(&progress).await.page();
        assert!(page.contains("那以后方案有过调整"), "{page}");
    }
}
