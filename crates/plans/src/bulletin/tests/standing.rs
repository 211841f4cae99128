//! Nothing is published that is not so any more.

use gongkai_platform::db::{Tx, sql};
use gongkai_platform::finding;

use super::*;

/// The draft's form with the sentences that hold these words left empty.
fn without(page: &str, words: &str) -> Vec<(String, String)> {
    let mut fields = form(page);
    for (_, value) in &mut fields {
        if value.contains(words) {
            value.clear();
        }
    }
    fields
}

#[tokio::test]
async fn what_was_mended_or_done_since_is_marked_and_not_issued() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        finding(&world, 1, "预算栏目未更新").await;
        finding(&world, 1, "预算公开表缺项").await;
        let mut clerk = world.browser(world.clerk).await;
        let mut head = world.browser(world.head).await;
        let bulletin = drafted(&mut clerk, "criticism").await;
        let (step, decide) = (format!("{bulletin}/step"), format!("{bulletin}/decide"));
        clerk.post(&step, &[("step", "submit")]).await.redirected();
        // The task is reported done while the draft lies with the principal.
        let proofs = vec![crate::testing::page("https://www.anlan.example/1", "")];
        world.done(task, 0, proofs).await;
        let refused = head.post(&decide, &[("step", "approve")]).await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        for words in [
            "市司法局的“承担的‘公开规章’应于2026年9月1日前完成",
            "任务已报完成",
            "有1句所依据的事实已经变化",
            "请退回修改",
        ] {
            assert!(text.contains(words), "{words} not in {text}");
        }
        let reject = [("step", "reject"), ("note", "事实有变化")];
        head.post(&decide, &reject).await.redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(page.contains("已变化：任务已报完成"), "{page}");
        // A finding turns out to be closed before it is sent again.
        let closed = async |tx: &mut Tx| {
            let key = (world.units[1], "test:预算公开表缺项");
            let today = day("2026-09-21");
            finding::settle(tx, &gongkai_basis::Actor::System, key, today).await
        };
        world.db.write(closed).await.unwrap();
        let refused = clerk.post(&step, &[("step", "submit")]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("问题已销号")
                && refused.text().contains("有2句所依据的事实已经变化"),
            "{}",
            refused.text()
        );
        let revise = format!("{bulletin}/revise");
        for words in ["公开规章", "预算公开表缺项"] {
            let page = clerk.get(&bulletin).await.page();
            post(&mut clerk, &revise, &without(&page, words))
                .await
                .redirected();
        }
        clerk.post(&step, &[("step", "submit")]).await.redirected();
        head.post(&decide, &[("step", "approve")])
            .await
            .redirected();
        let page = head.get(&bulletin).await.page();
        assert!(
            page.contains("预算栏目未更新") && !page.contains("公开规章"),
            "{page}"
        );
        // What is issued is history: it is not looked at again.
        assert!(!page.contains("已变化"), "{page}");
    }
}

#[tokio::test]
async fn a_finding_whose_day_was_put_off_is_not_called_late() {
    for backend in backends() {
        let world = World::on(&backend).await;
        finding(&world, 1, "预算栏目未更新").await;
        let mut clerk = world.browser(world.clerk).await;
        let bulletin = drafted(&mut clerk, "criticism").await;
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("逾期未完成整改") && !page.contains("已变化"),
            "{page}"
        );
        world
            .write("test.put-off", async |tx: &mut Tx| {
                tx.run(sql("UPDATE finding SET fix_due_on = '2026-12-01'"))
                    .await
            })
            .await;
        let page = clerk.get(&bulletin).await.page();
        assert!(page.contains("已变化：整改期限已调整，没有逾期"), "{page}");
        let step = format!("{bulletin}/step");
        let refused = clerk.post(&step, &[("step", "submit")]).await;
        assert_eq!(refused.status, 422);
        // Without these words the finding may be told.
        let mut fields = form(&page);
        for (_, value) in &mut fields {
            *value = value.replace("，逾期未完成整改", "");
        }
        let revise = format!("{bulletin}/revise");
        post(&mut clerk, &revise, &fields).await.redirected();
        clerk.post(&step, &[("step", "submit")]).await.redirected();
    }
}

#[tokio::test]
async fn nothing_is_closed_by_claim_while_the_ledger_says_that_it_is_so_still() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let lead = [(0, Duty::Lead)];
        let task = world.task(1, "公开规章", Some("2026-09-01"), &lead).await;
        finding(&world, 0, "规章栏目未更新").await;
        let bulletin = whose::issued(&world).await;
        let organ = world.units[0].to_string();
        let mut unit = world.browser(world.liaisons[0]).await;
        let claim = [("unit", organ.as_str()), ("text", "已整改")];
        let reply = format!("{bulletin}/reply");
        unit.upload(&reply, &claim, ("file", "", b""))
            .await
            .redirected();
        let task_says =
            "台账里还没有完成，应于2026年9月1日前完成，已逾期20天。请单位先在台账报完成";
        let finding_says = "问题清单里还是“已确认”，没有销号。请先打开这个问题，复核通过";
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&bulletin).await.page();
        for words in ["有 2 项还没有改好的记录", task_says, finding_says] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        assert!(!unit.get(&bulletin).await.page().contains("改好的记录"));
        let check = format!("{bulletin}/recheck");
        let pass = [
            ("unit", organ.as_str()),
            ("step", "pass"),
            ("note", "看了材料"),
        ];
        let refused = clerk.post(&check, &pass).await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        for words in [task_says, finding_says, "有2项还没有改好的记录，没有销号"] {
            assert!(text.contains(words), "{words} not in {text}");
        }
        let proofs = vec![crate::testing::page("https://www.anlan.example/1", "")];
        world.done(task, 0, proofs).await;
        let text = clerk.post(&check, &pass).await.text();
        assert!(
            text.contains("有1项还没有改好的记录") && !text.contains(task_says),
            "{text}"
        );
        mended(&world, world.units[0], "规章栏目未更新").await;
        clerk.post(&check, &pass).await.redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("已销号") && !page.contains("改好的记录"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_is_not_mended_may_be_sent_back_while_the_ledger_says_so() {
    for backend in backends() {
        let world = World::on(&backend).await;
        unanswered(&world).await;
        let bulletin = whose::issued(&world).await;
        let organ = world.units[0].to_string();
        let mut unit = world.browser(world.liaisons[0]).await;
        let claim = [("unit", organ.as_str()), ("text", "已回复")];
        let reply = format!("{bulletin}/reply");
        unit.upload(&reply, &claim, ("file", "", b""))
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("督办单至今没有回复。请单位先回复督办单"),
            "{page}"
        );
        let check = format!("{bulletin}/recheck");
        let fail = [
            ("unit", organ.as_str()),
            ("step", "fail"),
            ("note", "督办单没有回复"),
        ];
        clerk.post(&check, &fail).await.redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(page.contains("复核：督办单没有回复"), "{page}");
    }
}

/// A 督办单 to the first unit that nobody answered.
async fn unanswered(world: &World) {
    let id = gongkai_platform::testing::uuid().to_string();
    world
        .write("test.order", async |tx: &mut Tx| {
            let order = sql(
                "INSERT INTO supervision (id, office_id, organ_id, title, requirement, reply_days, state, drafted_by, drafted_on, issued_on, reply_due_on, version, created_at) \
                 VALUES ($1, $2, $3, '督办通知', '限期公开', 5, 'received', '文书', '2026-08-01', '2026-08-03', '2026-08-10', 1, 0)",
            );
            tx.run(order.bind(id).bind(world.office).bind(world.units[0]))
                .await
        })
        .await;
}

#[tokio::test]
async fn a_draft_of_many_facts_is_looked_at_in_as_many_statements_as_one_of_few() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let mut counts = Vec::new();
        for more in [1, 5] {
            for _ in 0..more {
                unanswered(&world).await;
            }
            let bulletin = drafted(&mut clerk, "criticism").await;
            let before = world.db.statements();
            let page = clerk.get(&bulletin).await.page();
            counts.push(world.db.statements() - before);
            assert!(!page.contains("已变化"), "{page}");
        }
        assert_eq!(counts[0], counts[1], "{counts:?}");
    }
}
