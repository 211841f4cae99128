//! Which days and which evidence count: those that the lists show.

use gongkai_platform::db::{Tx, sql};
use gongkai_platform::job::schedule::queue_due;
use gongkai_platform::testing::backends;
use jiff::SignedDuration;

use super::returned::DAY;
use crate::assignment::Duty;
use crate::plan::{Deadline, DeadlineKind};
use crate::testing::{World, assesses, page};

/// The sheet of the first unit for the whole year, as it is today.
async fn sheet(world: &World) -> String {
    let mut clerk = world.browser(world.clerk).await;
    let period = assesses(&mut clerk, "2026年考核", "2026-12-31").await;
    let unit = format!("{period}/units/{}", world.units[0]);
    clerk.get(&unit).await.page()
}

#[tokio::test]
async fn what_has_no_printed_day_is_due_as_on_the_lists() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let each = Deadline {
            text: "每季度".to_owned(),
            date: None,
            kind: DeadlineKind::Recurring,
        };
        let lead = [(0, Duty::Lead)];
        world
            .counted_task("每季度报送进展。", &[each], &[], &lead)
            .await;
        world.task(2, "加强政策解读", None, &lead).await;
        let waived = world
            .task(3, "清理行政许可目录", Some("2026-09-01"), &lead)
            .await;
        // As 回头看 leaves what it closed or waived.
        world
            .write("test.waived", async |tx: &mut Tx| {
                let nothing_due =
                    sql("UPDATE assignment SET next_due_on = NULL WHERE task_id = $1");
                tx.run(nothing_due.bind(waived)).await
            })
            .await;
        let page = sheet(&world).await;
        let quarter = "“每季度报送进展”：按方案推算应于2026年6月30日前完成，未完成";
        assert!(
            page.contains("0 / 1 件") && page.contains(quarter),
            "{page}"
        );
        world.clock.advance(SignedDuration::from_hours(DAY * 106));
        let page = sheet(&world).await;
        let year = "“加强政策解读”：按方案推算应于2026年12月31日前完成，未完成";
        for words in ["0 / 2 件", quarter, year] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(!page.contains("清理行政许可目录"), "{page}");
    }
}

#[tokio::test]
async fn decayed_evidence_is_no_good_evidence_before_anybody_confirmed_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for (position, is_there) in [(1, true), (2, false)] {
            let text = format!("公开事项{position}");
            let task = world.task(position, &text, None, &[(0, Duty::Lead)]).await;
            let address = format!("https://www.anlan.example/{position}");
            if is_there {
                world.site.says(&address, "<p>规章已公开</p>");
            }
            world
                .done(task, 0, vec![page(&address, "规章已公开")])
                .await;
        }
        queue_due(&world.db, &crate::evidence::run::schedules())
            .await
            .unwrap();
        world.works_off_jobs().await;
        let page = sheet(&world).await;
        for words in ["1 / 2 件", "“公开事项2”：佐证失效"] {
            assert!(page.contains(words), "{words} not in {page}");
        }
    }
}

#[tokio::test]
async fn a_task_that_only_cooperating_units_have_counts_for_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (due, cooperates) = (Some("2026-09-01"), (0, Duty::Cooperate));
        world.task(1, "公开规章", due, &[cooperates]).await;
        world
            .task(2, "公开预算", due, &[(1, Duty::Lead), cooperates])
            .await;
        let page = sheet(&world).await;
        for words in ["0 / 1 件", "“公开规章”：应于2026年9月1日前完成，未完成"]
        {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(!page.contains("公开预算"), "{page}");
        let mut liaison = world.browser(world.liaisons[0]).await;
        let list = liaison.get("/workspace/scores/own").await.page();
        assert!(list.contains("2026年考核"), "{list}");
    }
}
