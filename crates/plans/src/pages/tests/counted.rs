//! A day that the plan does not name: every page, paper and file says that it is counted, and the same day.

use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::backends;

use crate::assignment::Duty;
use crate::testing::World;

const COUNTED: &str = "计到2026年12月31日";

#[tokio::test]
async fn a_task_without_a_date_counts_to_the_same_day_everywhere() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "加强政策解读", None, &[(0, Duty::Lead)])
            .await;
        let (plan, mut clerk) = (world.plan, world.browser(world.clerk).await);
        for path in [
            format!("/workspace/ledger?plan={plan}"),
            format!("/workspace/ledger?plan={plan}&view=assignments"),
            format!("/workspace/ledger/file?plan={plan}&format=csv"),
            format!("/workspace/tasks/{task}"),
            format!("/workspace/gantt?plan={plan}"),
            format!("/workspace/supervision/new?task={task}"),
        ] {
            let said = clerk.get(&path).await.text();
            assert!(said.contains(COUNTED), "{path}: {said}");
            assert!(!said.contains("未定"), "{path}: {said}");
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        let part = world.assignment(task, 0).await.id;
        for path in [
            "/workspace/tasks".to_owned(),
            format!("/workspace/assignments/{part}/report"),
            format!("/workspace/gantt?plan={plan}"),
        ] {
            let said = liaison.get(&path).await.text();
            assert!(said.contains(COUNTED), "{path}: {said}");
            assert!(!said.contains("未定"), "{path}: {said}");
        }
        let calendar = "/workspace/calendar?year=2026";
        for (whose, browser) in [("office", &mut clerk), ("unit", &mut liaison)] {
            let said = browser.get(calendar).await.text();
            assert!(said.contains("加强政策解读"), "{whose}: {said}");
        }
        let path = format!("/workspace/plans/{plan}/export/file?format=csv");
        let csv = clerk.get(&path).await.text();
        assert!(csv.contains("2026-12-31"), "{csv}");
        let drafted = clerk
            .post(
                "/workspace/supervision/draft",
                &[
                    ("assignment", part.to_string().as_str()),
                    ("title", "督办单"),
                    ("requirement", "请说明原因。"),
                    ("reply_days", "5"),
                ],
            )
            .await
            .redirected();
        let order = clerk.get(&drafted).await.page();
        assert!(order.contains(COUNTED), "{order}");
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 104));
        let mut clerk = world.browser(world.clerk).await;
        let brief = clerk
            .get(&format!("/workspace/brief?plan={plan}"))
            .await
            .page();
        assert!(brief.contains(COUNTED), "{brief}");
        let bulletin = clerk
            .get("/workspace/bulletins/new?kind=criticism")
            .await
            .page();
        assert!(
            bulletin.contains("承担的“加强政策解读”按方案推算应于2026年12月31日前完成"),
            "{bulletin}"
        );
    }
}

#[tokio::test]
async fn a_task_says_whose_own_day_comes_first() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(
                1,
                "公开规章",
                Some("2026-11-30"),
                &[(0, Duty::Lead), (1, Duty::Responsible)],
            )
            .await;
        let part = world.assignment(task, 1).await;
        world
            .write("test.own_day", async |tx: &mut Tx| {
                tx.run(
                    sql("UPDATE assignment SET due_on = '2026-10-15' WHERE id = $1").bind(part.id),
                )
                .await?;
                crate::task::store::settle_all(tx, &[task]).await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&format!("/workspace/tasks/{task}")).await.page();
        assert!(
            page.contains("的期限单独定为2026年10月15日，按最早的一个计。"),
            "{page}"
        );
        assert!(!page.contains("佐证还缺"), "{page}");
        // The office comes from its ledger, the unit from its own tasks.
        let ledger = "href=\"/workspace/ledger\" aria-current=\"page\">台账";
        assert!(page.contains(ledger), "{page}");
        let mut liaison = world.browser(world.liaisons[1]).await;
        let page = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        let own = "href=\"/workspace/tasks\" aria-current=\"page\">我的任务";
        assert!(page.contains(own), "{page}");
    }
}
