//! A task that only cooperating units are left with is unfinished all the same, and theirs.

use super::*;
use crate::assignment::light::Light;
use crate::carried::store::count_unfinished;
use crate::testing::{TODAY, day};

#[tokio::test]
async fn who_only_cooperates_carries_what_nobody_else_is_left_with() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let of = (world.office, world.city);
        let last = plan(&world, of, 2025, "安澜市2025年分工方案").await;
        let (law, money) = (world.units[0], world.units[1]);
        let helps = (money, "市财政局", Duty::Cooperate);
        let due = Some("2025-06-30");
        let text = (1, "政府网站全部完成互联网协议第6版改造。");
        let alone = task(&world, last, text, due, &[helps]).await;
        let leads = [(law, "市司法局", Duty::Lead), helps];
        let text = (2, "公开市级部门预算、决算及三公经费情况。");
        task(&world, last, text, due, &leads).await;
        let (n, lights) = world
            .db
            .read(async |tx: &mut Tx| {
                let n = count_unfinished(tx, last, world.plan).await?;
                let lights = crate::ledger::store::task_page(tx, &[alone], day(TODAY)).await?;
                Ok::<_, gongkai_platform::db::StoreError>((n, lights))
            })
            .await
            .unwrap();
        assert_eq!(lights[0].light, Light::Overdue);
        assert_eq!(n, 2, "who leads, and who is alone");
        let mut clerk = world.browser(world.clerk).await;
        let other = last.to_string();
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let chosen = [("other", other.as_str())];
        clerk.post(&compare, &chosen).await.redirected();
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        clerk.post(&carry, &[]).await.redirected();
        let list = format!("/workspace/plans/{}/reviews", world.plan);
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("互联网协议第6版") && page.contains("市财政局"),
            "{page}"
        );
    }
}
