//! An application that nobody confirms: no limit runs, so that those who can do something about it hear of it.

use super::*;

const UNITS: &str = "/workspace/requests/units";

#[tokio::test]
async fn what_nobody_confirms_is_told_up_the_ladder_and_stands_in_a_column() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Monday, 2 March.
        let receipt = world
            .applied(&testing::uuid().to_string(), "学位分配方案")
            .await;
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let night = async || night::run(&world.app).await.unwrap().told;
        // On the next day no working day has gone by; then one, three, five.
        for (days, told) in [(1, 0), (1, 1), (2, 2), (4, 3)] {
            world.days(days);
            assert_eq!(night().await, told, "{}", world.app.today());
            assert_eq!(night().await, 0, "once");
        }
        let said = "个工作日没有与申请人确认收到，期限没有起算";
        for (who, times) in [(world.officer, 3), (world.head, 2), (world.supervisor, 1)] {
            assert_eq!(world.told(who, said).await, times);
        }
        let mut above = world.browser(world.supervisor).await;
        let page = above.get(UNITS).await.page();
        assert!(
            page.contains("aria-label=\"安澜市司法局待确认1件\""),
            "{page}"
        );
        let organ = world.bureau.to_string();
        let behind = format!("/workspace/requests?view=unconfirmed&organ={organ}");
        let list = above.get(&behind).await.page();
        assert!(
            list.contains("学位分配方案") && list.contains("▲ 待确认"),
            "{list}"
        );
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("已过5个工作日还没有双方确认") && page.contains("▲ 待确认"),
            "{page}"
        );
        act(&mut officer, &path, "confirm", &[("on", "2026-03-10")])
            .await
            .redirected();
        assert_eq!(night().await, 0);
        let list = officer
            .get("/workspace/requests?view=unconfirmed")
            .await
            .page();
        assert!(
            list.contains("<b>0</b> 待确认") && !list.contains("学位分配方案"),
            "{list}"
        );
    }
}

/// Law: 条例 art. 31: 平常信函, on the very day.
#[tokio::test]
async fn a_plain_letter_keeps_its_day_and_says_when_it_was_confirmed_later() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let organ = world.bureau.to_string();
        let mut taken = async |arrived: &str, confirmed: &str| -> Answer {
            let token = testing::uuid().to_string();
            let mut fields = application(&token, &organ, "老旧小区改造清单");
            fields.retain(|(name, _)| *name != "channel");
            fields.extend([
                ("channel", "plain_post"),
                ("submitted_on", "2026-02-24"),
                ("arrived_on", arrived),
                ("confirmed_on", confirmed),
            ]);
            officer
                .upload("/workspace/requests/new", &fields, ("file", "", b""))
                .await
        };
        let none = taken("", "").await;
        says(&none, 422, "请填写收到信件的日期");
        let early = taken("2026-02-27", "2026-02-26").await;
        says(&early, 422, "确认日期早于收到信件的日期");
        let before = taken("2026-02-23", "").await;
        says(&before, 422, "收到信件的日期早于寄出日期");
        let same = taken("2026-02-27", "2026-02-27").await.redirected();
        let late = taken("2026-02-26", "2026-02-27").await.redirected();
        let open = taken("2026-02-26", "").await.redirected();
        let page = officer.get(&same).await.page();
        assert!(!page.contains("当日确认"), "{page}");
        let page = officer.get(&late).await.page();
        assert!(
            page.contains("平常信函2026年2月26日到达，2026年2月27日才与申请人确认"),
            "{page}"
        );
        let page = officer.get(&open).await.page();
        assert!(page.contains("现在还没有确认"), "{page}");
        let earlier = act(&mut officer, &open, "confirm", &[("on", "2026-02-25")]).await;
        says(&earlier, 422, "确认日期早于收到信件的日期");
        act(&mut officer, &open, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        let page = officer.get(&open).await.page();
        assert!(page.contains("2026年3月2日才与申请人确认"), "{page}");
    }
}
