//! Whoever accepts a reply sees what the ledger says of each item, and says why where something is not done.

use gongkai_platform::finding::FindingKind;
use gongkai_platform::testing::Browser;

use super::again::{issued_about, replies};
use super::*;

/// The first unit signs for a 督办单 and claims that all is done.
async fn claims(world: &World, order: &str) {
    let mut unit = world.browser(world.liaisons[0]).await;
    unit.post(&format!("{order}/receive"), &[])
        .await
        .redirected();
    replies(&mut unit, order, "已整改完毕。").await;
}

async fn refused(clerk: &mut Browser, order: &str) -> String {
    let answer = clerk
        .post(&format!("{order}/step"), &[("step", "accept")])
        .await;
    assert_eq!(answer.status, 422);
    answer.text()
}

#[tokio::test]
async fn a_claim_is_accepted_with_a_reason_while_the_ledger_says_otherwise() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let lead = [(0, Duty::Lead)];
        let task = world.task(1, "公开规章", Some("2026-09-01"), &lead).await;
        let order = issued_about(&world, task).await;
        claims(&world, &order).await;
        let part = world.assignment(task, 0).await.id;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&order).await.page();
        let link = format!("<a href=\"/workspace/assignments/{part}\">还没有填报</a>");
        for words in ["■ 已逾期", "督办事项中有 1 项还没有完成", &link] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let text = refused(&mut clerk, &order).await;
        for words in [
            "“公开规章”：台账里还没有完成，已逾期20天。",
            "有1项还没有完成，没有验收",
            "请写明原因",
        ] {
            assert!(text.contains(words), "{words} not in {text}");
        }
        assert!(clerk.get(&order).await.page().contains("待验收"));
        let accept = [("step", "accept"), ("note", "台账随后补报")];
        clerk
            .post(&format!("{order}/step"), &accept)
            .await
            .redirected();
        let page = clerk.get(&order).await.page();
        assert!(
            page.contains("已办结") && page.contains("验收通过：台账随后补报"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_the_ledger_says_is_done_is_accepted_without_a_word() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let lead = [(0, Duty::Lead)];
        let task = world.task(1, "公开规章", Some("2026-09-01"), &lead).await;
        let order = issued_about(&world, task).await;
        claims(&world, &order).await;
        let proofs = vec![crate::testing::page("https://www.anlan.example/1", "")];
        world.done(task, 0, proofs).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&order).await.page();
        assert!(
            page.contains("✓ 已完成") && page.contains("最近填报：已完成，2026年9月21日"),
            "{page}"
        );
        assert!(!page.contains("项还没有完成"), "{page}");
        clerk
            .post(&format!("{order}/step"), &[("step", "accept")])
            .await
            .redirected();
    }
}

#[tokio::test]
async fn what_is_not_asked_of_the_unit_any_more_holds_nothing_up() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let lead = [(0, Duty::Lead)];
        let task = world.task(1, "公开规章", Some("2026-09-01"), &lead).await;
        let order = issued_about(&world, task).await;
        claims(&world, &order).await;
        world
            .write("test.cancelled", async |tx: &mut Tx| {
                let cancel = sql("UPDATE assignment SET state = 'cancelled' WHERE task_id = $1");
                tx.run(cancel.bind(task)).await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&order).await.page();
        assert!(page.contains("任务已调整，不再由这个单位承担"), "{page}");
        clerk
            .post(&format!("{order}/step"), &[("step", "accept")])
            .await
            .redirected();
    }
}

#[tokio::test]
async fn an_open_finding_asks_for_a_reason_too() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let wrong = world.wrong(0, FindingKind::NotUpdated, "规章栏目未更新");
        world.finds(wrong).await;
        let lead = [(0, Duty::Lead)];
        let task = world.task(1, "公开规章", Some("2026-09-01"), &lead).await;
        let part = world.assignment(task, 0).await.id.to_string();
        let words = [
            ("title", "督办通知"),
            ("requirement", "限期公开"),
            ("reply_days", "5"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let mut drafted = words.to_vec();
        drafted.push(("assignment", &part));
        let order = clerk
            .post("/workspace/supervision/draft", &drafted)
            .await
            .redirected();
        let page = clerk.get(&order).await.page();
        let values = page.split("name=\"item\" value=\"").skip(1);
        let finding = values
            .filter_map(|rest| rest.split('"').next())
            .find(|value| *value != part)
            .unwrap();
        // The finding alone.
        let mut revised = words.to_vec();
        revised.push(("item", finding));
        clerk
            .post(&format!("{order}/revise"), &revised)
            .await
            .redirected();
        clerk
            .post(&format!("{order}/step"), &[("step", "submit")])
            .await
            .redirected();
        let mut head = world.browser(world.head).await;
        head.post(&format!("{order}/decide"), &[("step", "approve")])
            .await
            .redirected();
        claims(&world, &order).await;
        let page = clerk.get(&order).await.page();
        assert!(
            page.contains("现在：<span class=\"badge badge-warn\">已确认</span>"),
            "{page}"
        );
        let text = refused(&mut clerk, &order).await;
        assert!(
            text.contains("“规章栏目未更新”：问题清单里还是“已确认”，没有销号。"),
            "{text}"
        );
    }
}
