//! 催办 and 督办单 as people meet them.

mod again;
mod merger;
mod standing;

use gongkai_platform::audit;
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::backends;
use jiff::SignedDuration;

use super::{OrderState, Step};
use crate::assignment::Duty;
use crate::office_rule::number;
use crate::testing::World;

#[test]
fn only_approval_issues_and_only_acceptance_ends() {
    for state in OrderState::ALL {
        for step in Step::ALL {
            match state.after(*step) {
                Some(OrderState::Issued) => assert_eq!(*step, Step::Approve),
                Some(OrderState::Accepted) => assert_eq!(*step, Step::Accept),
                _ => {}
            }
        }
        assert_eq!(
            state.after(Step::Reply),
            match state {
                OrderState::Received | OrderState::Returned => Some(OrderState::Replied),
                _ => None,
            }
        );
    }
    assert_eq!(number("督〔{year}〕{n}号", 2026, 3), "督〔2026〕3号");
}

#[tokio::test]
async fn a_reminder_stands_on_the_time_line() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(
                1,
                "公开规章",
                Some("2026-09-01"),
                &[(0, Duty::Lead), (1, Duty::Responsible)],
            )
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let id = task.to_string();
        let page = clerk
            .post("/workspace/supervision/new", &[("task", &id)])
            .await
            .page();
        assert!(page.contains("2 个单位，2 项"), "{page}");
        // What a 督办单 needs is marked so, and does not hold up a reminder.
        for field in [
            "name=\"title\"",
            "name=\"requirement\"",
            "name=\"reply_days\"",
        ] {
            let tag = page.split(field).nth(1).unwrap().split('>').next().unwrap();
            assert!(tag.contains(" required"), "{field}: {tag}");
        }
        assert!(page.contains("formnovalidate>发出催办提醒"), "{page}");
        // Who will have to approve a 督办单 stands there before anything is written.
        assert!(
            page.contains("审批。") && !page.contains("还没有任命"),
            "{page}"
        );
        let part = world.assignment(task, 0).await.id.to_string();
        clerk
            .post(
                "/workspace/supervision/nudge",
                &[("assignment", &part), ("note", "周五前填报")],
            )
            .await
            .redirected();
        let page = clerk.get(&format!("/workspace/tasks/{id}")).await.page();
        assert!(page.contains("催办市司法局：周五前填报"), "{page}");
        let none = clerk.post("/workspace/supervision/nudge", &[]).await;
        assert_eq!(none.status, 422);
        // Who ticked nothing in the ledger reads that; what is done already is another matter.
        let plan = world.plan.to_string();
        let none = clerk
            .post("/workspace/supervision/new", &[("plan", &plan)])
            .await;
        assert_eq!(none.status, 422);
        let text = none.text();
        assert!(
            text.contains("没有勾选任何一项") && !text.contains("都已完成"),
            "{text}"
        );
        // Who unticked everything reads that, and finds the rows again.
        for path in [
            "/workspace/supervision/nudge",
            "/workspace/supervision/draft",
        ] {
            let none = clerk.post(path, &[("shown", &part)]).await;
            let text = none.text();
            assert_eq!(none.status, 422, "{text}");
            assert!(
                text.contains("没有勾选任何一项") && !text.contains("都已完成"),
                "{text}"
            );
            let row = format!("name=\"assignment\" value=\"{part}\">");
            assert!(text.contains(&row), "{text}");
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        assert_eq!(
            liaison
                .post("/workspace/supervision/nudge", &[])
                .await
                .status,
            403
        );
    }
}

#[tokio::test]
async fn units_stand_in_the_order_of_the_directory() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", None, &[(0, Duty::Lead), (1, Duty::Lead)])
            .await
            .to_string();
        let mut clerk = world.browser(world.clerk).await;
        for (first, second) in [(0, 1), (1, 0)] {
            for (position, unit) in [(1_i64, first), (2, second)] {
                let unit = world.units[unit];
                world
                    .write("test.position", async |tx: &mut Tx| {
                        let write = sql("UPDATE organ SET position = $1 WHERE id = $2");
                        tx.run(write.bind(position).bind(unit)).await
                    })
                    .await;
            }
            let asked = format!("/workspace/supervision/new?task={task}");
            let page = clerk.get(&asked).await.page();
            let heads = ["<h2>市司法局", "<h2>市财政局"].map(|head| page.find(head).unwrap());
            assert!(heads[first] < heads[second], "{page}");
        }
    }
}

#[tokio::test]
async fn an_order_goes_from_draft_to_acceptance() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await.id.to_string();
        let mut clerk = world.browser(world.clerk).await;
        let wrong = clerk
            .post(
                "/workspace/supervision/draft",
                &[("assignment", &part), ("title", ""), ("reply_days", "61")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        for words in ["请填写“标题”", "请填写“督办要求”", "1至60个工作日"]
        {
            assert!(wrong.text().contains(words), "{}", wrong.text());
        }
        let order = clerk
            .post(
                "/workspace/supervision/draft",
                &[
                    ("assignment", &part),
                    ("title", "督办通知"),
                    ("requirement", "限期公开"),
                    ("reply_days", "5"),
                ],
            )
            .await
            .redirected();
        let mut liaison = world.browser(world.liaisons[0]).await;
        assert_eq!(
            liaison.get(&order).await.status,
            404,
            "a draft is the office's own"
        );
        clerk
            .post(&format!("{order}/step"), &[("step", "submit")])
            .await
            .redirected();
        assert_eq!(
            clerk
                .post(&format!("{order}/decide"), &[("step", "approve")])
                .await
                .status,
            403
        );
        let mut head = world.browser(world.head).await;
        let refused = head
            .post(&format!("{order}/decide"), &[("step", "reject")])
            .await;
        assert_eq!(refused.status, 422);
        head.post(&format!("{order}/decide"), &[("step", "approve")])
            .await
            .redirected();
        // 21 September is day zero; 25 to 27 is Mid-Autumn, 20 September is a make-up day that is past.
        let page = liaison.get(&order).await.page();
        assert!(
            page.contains("督〔2026〕1号") && page.contains("待签收"),
            "{page}"
        );
        let due = page.split("回复期限</dt><dd>").nth(1).unwrap();
        assert!(due.starts_with("2026年9月29日"), "{due}");
        let stranger = world.browser(world.liaisons[1]).await.get(&order).await;
        assert_eq!(stranger.status, 404);
        let early = liaison
            .upload(
                &format!("{order}/reply"),
                &[("text", "已公开")],
                ("file", "", b""),
            )
            .await;
        assert_eq!(early.status, 422, "sign first");
        liaison
            .post(&format!("{order}/receive"), &[])
            .await
            .redirected();
        world.clock.advance(SignedDuration::from_hours(24 * 20));
        // Nobody stays signed in for so long.
        let mut clerk = world.browser(world.clerk).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let page = clerk.get("/workspace/supervision?late=1").await.page();
        assert!(
            page.contains("逾期未回复") && page.contains("督〔2026〕1号"),
            "{page}"
        );
        liaison
            .upload(
                &format!("{order}/reply"),
                &[
                    ("text", "已公开规章"),
                    ("url", "https://www.example.gov.cn/1"),
                ],
                ("file", "截图.png", b"\x89PNG\r\n\x1a\n"),
            )
            .await
            .redirected();
        let page = clerk.get(&order).await.page();
        assert!(
            page.contains("逾期回复") && page.contains("截图.png"),
            "{page}"
        );
        let file = page
            .split('"')
            .find(|part| part.contains("/files/"))
            .unwrap()
            .to_owned();
        assert_eq!(clerk.get(&file).await.status, 200);
        assert_eq!(
            world
                .browser(world.liaisons[1])
                .await
                .get(&file)
                .await
                .status,
            404
        );
        clerk
            .post(
                &format!("{order}/step"),
                &[("step", "return"), ("note", "没有网址")],
            )
            .await
            .redirected();
        liaison
            .upload(
                &format!("{order}/reply"),
                &[("text", "补充网址")],
                ("file", "", b""),
            )
            .await
            .redirected();
        clerk
            .post(
                &format!("{order}/step"),
                &[("step", "accept"), ("note", "台账随后补报")],
            )
            .await
            .redirected();
        let page = clerk.get(&format!("/workspace/tasks/{task}")).await.page();
        for words in [
            "批准印发督办单督〔2026〕1号",
            "签收督办单",
            "（逾期）",
            "退回重报：没有网址",
            "验收通过",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let docx = clerk.get(&format!("{order}/print?format=docx")).await;
        assert_eq!(docx.status, 200);
        assert!(docx.bytes.starts_with(b"PK"));
        assert_eq!(
            clerk.get(&format!("{order}/print?format=pdf")).await.status,
            503
        );
        let chain = world
            .db
            .read(async |tx: &mut Tx| audit::verify(tx).await)
            .await
            .unwrap();
        assert!(matches!(chain, audit::Verdict::Whole { .. }));
    }
}

#[tokio::test]
async fn numbers_run_by_the_offices_own_pattern() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", None, &[(0, Duty::Lead), (1, Duty::Lead)])
            .await;
        let mut head = world.browser(world.head).await;
        let refused = head
            .post("/workspace/supervision/pattern", &[("pattern", "督{n}")])
            .await;
        assert_eq!(refused.status, 422);
        head.post(
            "/workspace/supervision/pattern",
            &[("pattern", "安督字〔{year}〕{n}号")],
        )
        .await
        .redirected();
        let (one, two) = (
            world.assignment(task, 0).await.id.to_string(),
            world.assignment(task, 1).await.id.to_string(),
        );
        let list = head
            .post(
                "/workspace/supervision/draft",
                &[
                    ("assignment", &one),
                    ("assignment", &two),
                    ("title", "督办通知"),
                    ("requirement", "限期公开"),
                    ("reply_days", "5"),
                ],
            )
            .await
            .redirected();
        let page = head.get(&list).await.page();
        let orders: Vec<&str> = page
            .split('"')
            .filter(|part| part.starts_with("/workspace/supervision/0"))
            .collect();
        assert_eq!(orders.len(), 2, "{page}");
        for (n, order) in (1..).zip(orders) {
            head.post(&format!("{order}/step"), &[("step", "submit")])
                .await
                .redirected();
            head.post(&format!("{order}/decide"), &[("step", "approve")])
                .await
                .redirected();
            let page = head.get(order).await.page();
            assert!(page.contains(&format!("安督字〔2026〕{n}号")), "{page}");
        }
    }
}
