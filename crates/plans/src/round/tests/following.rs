//! Tasks that come or move while a round is open, and units in which nobody can confirm.

use super::*;
use crate::change::decide;
use crate::change::propose::{Proposal, propose};
use crate::change::{ChangeError, ChangeId, ChangeKind, NewPart, Operation};
use gongkai_basis::id::AssignmentId;

async fn hand_in(world: &World, round: &str, (unit, head): (usize, AccountId)) {
    reports(world, unit, "已做").await;
    let mut head = world.browser(head).await;
    for step in ["confirm", "submit"] {
        let path = unit_path(world, round, unit);
        head.post(&format!("{path}/{step}"), &[]).await.redirected();
    }
}

/// Gives the first unit's part in a task to another unit.
async fn transfers(world: &World, task: gongkai_basis::id::TaskId, to: usize) -> ChangeId {
    let part = world.assignment(task, 0).await.id;
    let permit = world.permit(world.clerk).await;
    let proposal = Proposal {
        plan: world.plan,
        kind: ChangeKind::Transfer,
        operations: vec![Operation::Transfer {
            assignment: part,
            to: NewPart {
                assignment: AssignmentId::new(uuid()),
                organ: world.units[to],
                duty: Duty::Lead,
            },
        }],
        reason: "职能划转".to_owned(),
    };
    let change = world
        .db
        .write(async |tx: &mut Tx| propose(tx, &permit, None, proposal).await)
        .await
        .unwrap();
    change.id
}

async fn approves(world: &World, id: ChangeId) {
    let permit = world.permit(world.head).await;
    world
        .db
        .write(async |tx: &mut Tx| {
            decide::approve(tx, &permit, id).await?;
            Ok::<_, ChangeError>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn what_moves_to_a_unit_that_has_not_handed_in_is_a_row_by_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let task = world
            .task(3, "公开年报", Some("2026-12-01"), &[(0, Duty::Lead)])
            .await;
        let mut clerk = world.browser(world.clerk).await;
        clerk.post(&format!("{round}/fill"), &[]).await.redirected();
        let change = transfers(&world, task, 2).await;
        let mut heir = world.browser(world.liaisons[2]).await;
        assert_eq!(heir.get(&unit_path(&world, &round, 2)).await.status, 404);
        approves(&world, change).await;
        let page = heir.get(&unit_path(&world, &round, 2)).await.page();
        assert!(page.contains("公开年报"), "{page}");
        let told = inbox(&mut heir).await;
        assert!(told.contains("列入新转入的1项任务"), "{told}");
        assert!(told.contains("任务有变更：新增1项"), "{told}");
        let mut old = world.browser(world.liaisons[0]).await;
        assert!(inbox(&mut old).await.contains("任务有变更：转出或取消1项"));
        let page = clerk.get(&round).await.page();
        assert!(!page.contains("没有列入这一轮"), "{page}");
        // Undone, the first unit owes it again, and the other nothing.
        let permit = world.permit(world.head).await;
        world
            .db
            .write(async |tx: &mut Tx| {
                decide::undo(tx, &permit, change, "划转暂缓").await?;
                Ok::<_, ChangeError>(())
            })
            .await
            .unwrap();
        let page = old.get(&unit_path(&world, &round, 0)).await.page();
        assert!(page.contains("公开年报"), "{page}");
        assert!(
            inbox(&mut heir)
                .await
                .contains("转交任务已撤销，任务恢复原样")
        );
    }
}

#[tokio::test]
async fn a_unit_that_handed_in_is_asked_again_only_by_the_office() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let head = unit_head(&world, 1).await;
        hand_in(&world, &round, (1, head)).await;
        let task = world
            .task(3, "公开年报", Some("2026-12-01"), &[(0, Duty::Lead)])
            .await;
        let change = transfers(&world, task, 1).await;
        approves(&world, change).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&round).await.page();
        assert!(
            page.contains("有 1 项新增或转入的任务没有列入这一轮")
                && page.contains("市财政局：1 项（待接收）"),
            "{page}"
        );
        clerk.post(&format!("{round}/fill"), &[]).await.redirected();
        let mut liaison = world.browser(world.liaisons[1]).await;
        let path = unit_path(&world, &round, 1);
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("已退回") && page.contains("列入新增或转入的1项任务"),
            "{page}"
        );
        let history = clerk.get(&path).await.page();
        let history = history.split("经过</h2>").nth(1).unwrap();
        assert!(history.contains("要求补报“第三季度报送”"), "{history}");
        // Late by the calendar, in time by its first day.
        at(&world, "2026-10-08T01:00:00Z");
        hand_in(&world, &round, (1, head)).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(page.contains("按期报送"), "{page}");
        assert!(!clerk.get(&round).await.page().contains("没有列入这一轮"));
        let none = clerk.post(&format!("{round}/fill"), &[]).await;
        assert_eq!(none.status, 422);
    }
}

#[tokio::test]
async fn what_came_after_the_confirmation_stops_the_submission() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        reports(&world, 1, "已做").await;
        let account = unit_head(&world, 1).await;
        let mut head = world.browser(account).await;
        let path = unit_path(&world, &round, 1);
        head.post(&format!("{path}/confirm"), &[])
            .await
            .redirected();
        let task = world
            .task(3, "公开年报", Some("2026-12-01"), &[(0, Duty::Lead)])
            .await;
        approves(&world, transfers(&world, task, 1).await).await;
        let stopped = head.post(&format!("{path}/submit"), &[]).await;
        assert_eq!(stopped.status, 422);
        assert!(
            stopped.text().contains("确认之后又列入1项任务"),
            "{}",
            stopped.text()
        );
        head.post(&format!("{path}/withdraw"), &[])
            .await
            .redirected();
        hand_in(&world, &round, (1, account)).await;
    }
}

#[tokio::test]
async fn a_round_whose_day_is_past_takes_nothing_up_by_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let task = world
            .task(3, "公开年报", Some("2026-12-01"), &[(0, Duty::Lead)])
            .await;
        at(&world, "2026-10-08T01:00:00Z");
        approves(&world, transfers(&world, task, 2).await).await;
        let mut heir = world.browser(world.liaisons[2]).await;
        assert_eq!(heir.get(&unit_path(&world, &round, 2)).await.status, 404);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&round).await.page();
        assert!(page.contains("截止日期已过，列入前先改截止日期"), "{page}");
    }
}

#[tokio::test]
async fn what_was_signed_on_paper_counts_where_nobody_can_confirm() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        reports(&world, 0, "已做").await;
        let path = unit_path(&world, &round, 0);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("还没有能在系统里确认的人") && page.contains("按纸质签批确认"),
            "{page}"
        );
        let paper = format!("{path}/paper");
        let none = liaison.upload(&paper, &[], ("file", "", b"")).await;
        assert_eq!(none.status, 422);
        for words in ["请填写“签批人”", "签字或盖章后的扫描件"] {
            assert!(none.text().contains(words), "{words}: {}", none.text());
        }
        let text = ("file", "签批.txt", "同意".as_bytes());
        let refused = liaison.upload(&paper, &[("signer", "王建国")], text).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("“签批.txt”不是扫描件，没有保存"),
            "{}",
            refused.text()
        );
        let scan = ("file", "签批件.pdf", &b"%PDF-1.7 scan"[..]);
        liaison
            .upload(&paper, &[("signer", "王建国")], scan)
            .await
            .redirected();
        let page = liaison.get(&path).await.page();
        for words in [
            "王建国（纸质签批）",
            "签批件.pdf",
            "按王建国的纸质签批确认“第三季度报送”的填报内容，共1项",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        liaison
            .post(&format!("{path}/submit"), &[])
            .await
            .redirected();
        // Where somebody can confirm, the page names that person and paper is refused.
        reports(&world, 1, "已做").await;
        unit_head(&world, 1).await;
        let (path, mut other) = (
            unit_path(&world, &round, 1),
            world.browser(world.liaisons[1]).await,
        );
        assert!(
            other
                .get(&path)
                .await
                .page()
                .contains("填好后请单位负责人1登录")
        );
        let refused = other
            .upload(&format!("{path}/paper"), &[("signer", "某人")], scan)
            .await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("单位负责人1能在系统里确认"),
            "{}",
            refused.text()
        );
    }
}

#[tokio::test]
async fn a_unit_reads_on_its_page_that_the_round_was_cancelled_and_why() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let cancel = [("step", "cancel"), ("note", "并入年末报送")];
        clerk
            .post(&format!("{round}/step"), &cancel)
            .await
            .redirected();
        let mut liaison = world.browser(world.liaisons[0]).await;
        let path = unit_path(&world, &round, 0);
        let page = liaison.get(&path).await.page();
        for words in ["这一轮已经撤销，不用再报", "并入年末报送"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("没有填报进展，填完才能确认"), "{page}");
        let late = liaison.post(&format!("{path}/submit"), &[]).await;
        assert_eq!(late.status, 422);
        assert!(late.text().contains("已经撤销"), "{}", late.text());
        let list = liaison.get("/workspace/rounds/own").await.page();
        assert!(!list.contains("第三季度报送"), "{list}");
    }
}

#[tokio::test]
async fn a_unit_whose_rows_all_left_is_asked_for_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(3, "公开年报", Some("2026-09-28"), &[(0, Duty::Lead)])
            .await;
        let form = by_hand(&world, "第三季度报送", "2026-09-30");
        let mut clerk = world.browser(world.clerk).await;
        let round = clerk
            .post("/workspace/rounds/new", &form)
            .await
            .redirected();
        let boss = unit_head(&world, 0).await;
        let mut boss = world.browser(boss).await;
        let due = boss.get("/workspace/due").await.page();
        assert!(due.contains("第三季度报送"), "{due}");
        let waits = "填报等您确认";
        reports(&world, 0, "已做").await;
        assert!(boss.get("/workspace").await.page().contains(waits));
        approves(&world, transfers(&world, task, 2).await).await;
        let due = boss.get("/workspace/due").await.page();
        assert!(!due.contains("第三季度报送"), "{due}");
        assert!(!boss.get("/workspace").await.page().contains(waits));
        let path = unit_path(&world, &round, 0);
        let page = boss.get(&path).await.page();
        assert!(
            page.contains("都已取消或转出") && !page.contains("确认填报内容"),
            "{page}"
        );
        let refused = boss.post(&format!("{path}/confirm"), &[]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("不用确认，也不用报送"),
            "{}",
            refused.text()
        );
    }
}

#[tokio::test]
async fn nobody_accepts_the_own_submission() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let roles = [
            (Role::OfficeClerk, world.office),
            (Role::UnitHead, world.units[0]),
        ];
        let both = testing::person(&world.db, "兼职", &roles).await;
        hand_in(&world, &round, (0, both)).await;
        let decide = format!("{}/decide", unit_path(&world, &round, 0));
        let accept = [("step", "accept")];
        let mut both = world.browser(both).await;
        let refused = both.post(&decide, &accept).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("请由本办其他人接收"),
            "{}",
            refused.text()
        );
        let mut clerk = world.browser(world.clerk).await;
        clerk.post(&decide, &accept).await.redirected();
    }
}

/// Who is told with how much, in the order of the world's units.
async fn left_out(world: &World, cooperating: bool) -> Vec<i64> {
    let found = world
        .db
        .read(async |tx: &mut Tx| {
            let mut rounds = store::of_plan(tx, world.plan).await?;
            rounds[0].cooperating = cooperating;
            store::outside(tx, &rounds[0]).await
        })
        .await
        .unwrap();
    let rows = |unit: &gongkai_basis::id::OrganId| {
        let one = found.iter().find(|one| one.organ == *unit);
        one.map_or(0, |one| one.rows)
    };
    world.units[..3].iter().map(rows).collect()
}

#[tokio::test]
async fn what_a_round_would_not_ask_for_any_more_hides_nothing_that_came() {
    for backend in backends() {
        let world = World::on(&backend).await;
        with_round(&world).await;
        assert_eq!(left_out(&world, false).await, [0, 0, 0]);
        assert_eq!(left_out(&world, true).await, [0, 1, 0]);
        // One unit's row is cancelled, the other's is one where it only helps now.
        let change = async |tx: &mut Tx| {
            let state = sql("UPDATE assignment SET state = 'cancelled' WHERE organ_id = $1");
            tx.run(state.bind(world.units[0])).await?;
            let role = sql("UPDATE assignment SET role = 'cooperate' WHERE organ_id = $1");
            tx.run(role.bind(world.units[1])).await
        };
        world.write("test.left", change).await;
        assert_eq!(left_out(&world, false).await, [0, 0, 0]);
        let leads = |unit: usize| (unit, Duty::Lead);
        for (position, units) in [
            (3, vec![leads(0)]),
            (4, vec![leads(0), leads(1)]),
            (5, vec![(2, Duty::Cooperate)]),
        ] {
            let due = Some("2026-12-01");
            world.task(position, "公开年报", due, &units).await;
        }
        assert_eq!(left_out(&world, false).await, [2, 1, 0]);
        assert_eq!(left_out(&world, true).await, [2, 2, 1]);
    }
}
