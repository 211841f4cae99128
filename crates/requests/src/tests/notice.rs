//! An extension counts from its notice on (条例 art. 33).

use gongkai_platform::testing::backends;

use super::letters::{counter_case, post, written};
use super::{Tx, World, act, says};
use gongkai_platform::access::Session;
use gongkai_platform::account::session::held_roles;

/// Approved, the case is due as before; with the notice its days count, and the history says so once.
#[tokio::test]
async fn an_extension_counts_when_its_notice_leaves() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E31").await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in ["2026年3月30日", "延期答复告知书还没有发出"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("2026年4月14日"), "{page}");
        let again = act(&mut officer, &path, "propose_extension", &ask).await;
        says(&again, 422, "已经批准过一次延期");
        // It tells of what was approved.
        let more = [("days", "12"), ("new_due_on", "2026-04-16")];
        let other = written(&mut officer, &path, "extension", &more).await;
        post(&mut officer, &other, "submit", &[]).await.redirected();
        post(&mut head, &other, "decide", &[("step", "pass")])
            .await
            .redirected();
        let refused = post(&mut officer, &other, "issue", &[]).await;
        says(&refused, 422, "批准的是延长10个工作日");
        let letter = written(&mut officer, &path, "extension", &[]).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "2026年4月14日",
            "发出延期答复告知书，答复期限延长10个工作日",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("还没有发出"), "{page}");
        let page = officer.get(&letter).await.page();
        assert!(
            page.contains("2026年3月30日（含当日）前")
                && page.contains("2026年4月14日（含当日）前"),
            "{page}"
        );
    }
}

/// Where its head issues the notice, it approves with it.
#[tokio::test]
async fn a_notice_that_the_head_issues_approves_and_tells_at_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E32").await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        let letter = written(&mut officer, &path, "extension", &[]).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        // Who may not approve does not issue it either.
        let refused = post(&mut officer, &letter, "issue", &[]).await;
        says(&refused, 422, "不能由您办理");
        post(&mut head, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        for words in ["批准延长10个工作日", "发出延期答复告知书", "2026年4月14日"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}

/// Approved in time and told too late, it counts for nothing.
#[tokio::test]
async fn a_notice_after_the_limit_extends_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E33").await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let letter = written(&mut officer, &path, "extension", &[]).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        world.days(30);
        let mut officer = world.browser(world.officer).await;
        let refused = post(&mut officer, &letter, "issue", &[]).await;
        says(&refused, 422, "不能补办延期");
        let page = officer.get(&path).await;
        says(&page, 200, "已逾期");
        says(&page, 200, "延期不起作用，请尽快答复");
        assert!(!page.text().contains("编号发出"), "{}", page.text());
    }
}

/// While others are asked the limit stands still: nobody invents the day from which it would be extended.
#[tokio::test]
async fn no_notice_is_written_for_a_limit_that_stands_still() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E34").await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let ask = [
            ("asked", "third_party"),
            ("name", "某公司"),
            ("question", "综合单价"),
            ("got_on", "2026-03-02"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        let invented = [("due_on", "2026-03-30"), ("new_due_on", "2026-04-14")];
        let letter = written(&mut officer, &path, "extension", &invented).await;
        let refused = post(&mut officer, &letter, "submit", &[]).await;
        says(&refused, 422, "正在征求意见，答复期限暂停计算");
        says(&officer.get(&path).await, 200, "征求意见期间不发");
    }
}

/// Whom an extension waits for, it does not wait for any more when the case is done again.
#[tokio::test]
async fn a_proposal_of_an_earlier_round_is_on_no_desk() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E35").await;
        let today = world.app.today();
        let waits = async || {
            let duties = world.db.read(async |tx: &mut Tx| {
                let roles = held_roles(tx, world.head, today).await?;
                let person = Session {
                    account: world.head,
                    name: "机构负责人".to_owned(),
                    roles,
                    second_factor: false,
                    unread: 0,
                    id_hash: String::new(),
                };
                world.app.seams.waiting(tx, &person, today).await
            });
            let duties = duties.await.unwrap();
            let mut asked = duties.iter().filter(|duty| duty.name == "延期待批准");
            asked.next().map_or(0, |duty| duty.n)
        };
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        assert_eq!(waits().await, 1);
        let why = [("why", "不再需要")];
        act(&mut officer, &path, "withdraw", &why)
            .await
            .redirected();
        let redo = [("why", "判决撤销"), ("on", "2026-03-02")];
        act(&mut head, &path, "redo", &redo).await.redirected();
        assert_eq!(waits().await, 0);
        let page = head.get(&path).await.page();
        assert!(!page.contains("/act/approve_extension"), "{page}");
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        assert_eq!(waits().await, 1);
        act(&mut head, &path, "refuse_extension", &why)
            .await
            .redirected();
        assert_eq!(waits().await, 0);
    }
}
