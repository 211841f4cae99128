//! An import that is undone gives back what its plan had closed or waived of the years before.

use super::*;

async fn decides(clerk: &mut gongkai_platform::testing::Browser, matter: &str, step: &str) {
    let version = hidden(&clerk.get(matter).await.page(), "version");
    let fields = [
        ("version", version.as_str()),
        ("step", step),
        ("note", "事项目录已并入清单"),
    ];
    clerk
        .post(&format!("{matter}/decide"), &fields)
        .await
        .redirected();
}

#[tokio::test]
async fn what_the_undone_plan_closed_is_asked_for_again_as_it_stood() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let city = (world.office, world.city);
        let older = plan(&world, city, 2024, "安澜市2024年政务公开工作要点分工方案").await;
        let law = [(world.units[0], "市司法局", Duty::Lead)];
        let text = "清理公布行政许可事项目录。";
        let first_task = task(&world, older, (1, text), Some("2024-06-30"), &law).await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (years.last, older)).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let before = first(&liaison.get("/workspace/reviews").await.page());
        let version = hidden(&liaison.get(&before).await.page(), "version");
        let said = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", "已清理一半"),
            ("planned_on", "2026-12-01"),
        ];
        liaison.post(&before, &said).await.redirected();
        let list = carries(&mut clerk, (world.plan, years.last)).await;
        // Both what comes from two years ago and what comes from last year are waived in this year's plan.
        for words in [text, "现行有效政府规章"] {
            let page = clerk.get(&list).await.page();
            let newest = first(below(&page, words));
            decides(&mut clerk, &newest, "waive").await;
        }
        assert!(clerk.get(&before).await.page().contains("— 不再要求"));
        let owed = [(first_task, 0), (years.old[0], 0)];
        for (task, unit) in owed {
            assert_eq!(world.assignment(task, unit).await.next_due_on, None);
        }
        // Last year's plan was worked on by then: its matters went on.
        let undo_last = format!("/workspace/plans/{}/undo-import", years.last);
        let refused = clerk.post(&undo_last, &[]).await;
        assert!(
            refused.status.as_u16() == 422 && refused.text().contains("已结转到以后年度"),
            "{}",
            refused.text()
        );

        let undo = format!("/workspace/plans/{}/undo-import", world.plan);
        clerk.post(&undo, &[]).await.redirected();
        for (task, unit) in owed {
            let part = world.assignment(task, unit).await;
            assert!(part.next_due_on.is_some(), "{part:?}");
        }
        let page = clerk.get(&before).await.page();
        for words in ["▲ 整改中", "已清理一半", "的导入已撤销，恢复为“整改中”"]
        {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(!page.contains("已继续结转到下一年度"), "{page}");
        let inbox = liaison.get("/workspace/inbox?unread=1").await.page();
        assert!(
            inbox.contains("2026年方案的导入已撤销，2项原已销号或不再要求的未完成事项恢复原状"),
            "{inbox}"
        );
        // The unit goes on where it was.
        let version = hidden(&liaison.get(&before).await.page(), "version");
        let done = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已清理"),
        ];
        liaison.post(&before, &done).await.redirected();
    }
}

#[tokio::test]
async fn what_a_unit_reported_in_the_plan_keeps_it_from_being_undone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (world.plan, years.last)).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let matter = first(&liaison.get("/workspace/reviews").await.page());
        let version = hidden(&liaison.get(&matter).await.page(), "version");
        let said = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已全部补录"),
        ];
        liaison.post(&matter, &said).await.redirected();
        let undo = format!("/workspace/plans/{}/undo-import", world.plan);
        let refused = clerk.post(&undo, &[]).await;
        assert!(
            refused.status.as_u16() == 422 && refused.text().contains("1 项回头看事项填报"),
            "{}",
            refused.text()
        );
    }
}
