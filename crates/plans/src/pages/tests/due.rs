use gongkai_platform::testing::backends;

use crate::assignment::Duty;
use crate::testing::World;

#[tokio::test]
async fn counts_lead_to_the_lists_that_they_count() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for (position, text, due) in [
            (1, "公开规章", "2026-09-01"),
            (2, "公开预算", "2026-09-21"),
            (3, "公开名录", "2026-10-08"),
            (4, "公开年报", "2026-10-09"),
        ] {
            world
                .task(position, text, Some(due), &[(0, Duty::Lead)])
                .await;
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        for (when, inside) in [
            ("overdue", &["公开规章"][..]),
            ("today", &["公开预算"]),
            ("ahead", &["公开名录"]),
            ("", &["公开规章", "公开预算", "公开名录"]),
        ] {
            let page = liaison
                .get(&format!("/workspace/due?when={when}"))
                .await
                .page();
            for text in ["公开规章", "公开预算", "公开名录", "公开年报"] {
                assert_eq!(
                    page.contains(text),
                    inside.contains(&text),
                    "{when} {text}: {page}"
                );
            }
            let total = format!("共 {} 条", inside.len());
            assert!(page.contains(&total), "{page}");
        }
        let none = liaison.get("/workspace/due?kind=supervision").await.page();
        assert!(none.contains("没有符合条件的事项"), "{none}");
        let csv = liaison
            .get("/workspace/due?when=overdue&format=csv")
            .await
            .text();
        assert!(
            csv.contains("公开规章,要点任务,已逾期,2026年9月1日,已逾期 20 天")
                && !csv.contains("公开预算"),
            "{csv}"
        );
        let other = world
            .browser(world.liaisons[1])
            .await
            .get("/workspace/due")
            .await
            .page();
        assert!(other.contains("没有已到期或即将到期的事项"), "{other}");
        let clerk = world.browser(world.clerk).await.get("/workspace/due").await;
        assert!(
            clerk.page().contains("没有已到期或即将到期的事项"),
            "an office's own list holds nothing of the units"
        );
    }
}
