//! What is sent back has a day of its own; who may accept; which late 督办单 a bulletin is offered.

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, TaskId};
use gongkai_platform::access::Scope;
use gongkai_platform::testing::{Browser, person, uuid};

use super::*;
use crate::bulletin::BulletinKind;
use crate::bulletin::facts::{FACTS_MAX, gather};
use crate::supervision::{Order, OrderId, store};
use crate::testing::{TODAY, assesses, day};

/// An issued 督办单 to the first unit, with five working days; gives its address.
async fn issued(world: &World) -> String {
    let task = world
        .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
        .await;
    issued_about(world, task).await
}

/// The same about the first unit's part of a task.
pub(super) async fn issued_about(world: &World, task: TaskId) -> String {
    let part = world.assignment(task, 0).await.id.to_string();
    let mut clerk = world.browser(world.clerk).await;
    let words = [
        ("assignment", part.as_str()),
        ("title", "督办通知"),
        ("requirement", "限期公开"),
        ("reply_days", "5"),
    ];
    let order = clerk.post("/workspace/supervision/draft", &words).await;
    let order = order.redirected();
    let step = format!("{order}/step");
    clerk.post(&step, &[("step", "submit")]).await.redirected();
    let mut head = world.browser(world.head).await;
    head.post(&format!("{order}/decide"), &[("step", "approve")])
        .await
        .redirected();
    order
}

pub(super) async fn replies(unit: &mut Browser, order: &str, text: &str) {
    let file = ("file", "", b"" as &[u8]);
    unit.upload(&format!("{order}/reply"), &[("text", text)], file)
        .await
        .redirected();
}

async fn sheet(clerk: &mut Browser, world: &World) -> String {
    let period = assesses(clerk, "2026年考核", "2026-12-31").await;
    let unit = format!("{period}/units/{}", world.units[0]);
    clerk.get(&unit).await.page()
}

#[tokio::test]
async fn what_is_sent_back_is_due_again_and_late_after_that() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let order = issued(&world).await;
        let mut unit = world.browser(world.liaisons[0]).await;
        unit.post(&format!("{order}/receive"), &[])
            .await
            .redirected();
        replies(&mut unit, &order, "正在研究").await;
        let mut clerk = world.browser(world.clerk).await;
        let sent_back = [("step", "return"), ("note", "没有结果")];
        clerk
            .post(&format!("{order}/step"), &sent_back)
            .await
            .redirected();
        // The same five working days, from the same 21 September.
        let page = unit.get(&order).await.page();
        let due = page.split("重报期限</dt><dd>").nth(1).unwrap();
        assert!(due.starts_with("2026年9月29日"), "{due}");
        assert!(!page.contains("逾期未重报"), "{page}");
        world.clock.advance(SignedDuration::from_hours(24 * 18));
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk.get("/workspace/supervision?late=1").await.page();
        assert!(
            list.contains("督〔2026〕1号") && list.contains("逾期未重报"),
            "{list}"
        );
        let new = "/workspace/bulletins/new?kind=criticism";
        let offered = clerk.get(new).await.page();
        let words = "督办单督〔2026〕1号退回后应于2026年9月29日前重报，至今未重报。";
        assert!(offered.contains(words), "{offered}");
        let mut unit = world.browser(world.liaisons[0]).await;
        replies(&mut unit, &order, "已公开").await;
        let page = clerk.get(&order).await.page();
        assert!(
            page.contains("逾期重报") && page.contains("回复督办单督〔2026〕1号（逾期）"),
            "{page}"
        );
        let accept = [("step", "accept"), ("note", "台账随后补报")];
        clerk
            .post(&format!("{order}/step"), &accept)
            .await
            .redirected();
        // It stays a fact: for bulletins and for scores.
        let offered = clerk.get(new).await.page();
        assert!(offered.contains("没有按期重报"), "{offered}");
        let sheet = sheet(&mut clerk, &world).await;
        assert!(sheet.contains("督办单督〔2026〕1号逾期重报"), "{sheet}");
    }
}

#[tokio::test]
async fn nobody_accepts_the_own_reply() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let order = issued(&world).await;
        let roles = [
            (Role::OfficeClerk, world.office),
            (Role::Liaison, world.units[0]),
        ];
        let both: AccountId = person(&world.db, "兼职", &roles).await;
        world.names(&[both, world.clerk], "李明").await;
        let mut both = world.browser(both).await;
        both.post(&format!("{order}/receive"), &[])
            .await
            .redirected();
        replies(&mut both, &order, "已公开").await;
        let step = format!("{order}/step");
        let refused = both.post(&step, &[("step", "accept")]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("请由本办其他人验收"),
            "{}",
            refused.text()
        );
        // Somebody else of the same name may.
        let mut clerk = world.browser(world.clerk).await;
        let accept = [("step", "accept"), ("note", "台账随后补报")];
        clerk.post(&step, &accept).await.redirected();
    }
}

fn order(world: &World) -> Order {
    Order {
        id: OrderId::new(uuid()),
        office: world.office,
        office_name: String::new(),
        organ: world.units[0],
        organ_name: String::new(),
        number: None,
        title: "督办通知".to_owned(),
        requirement: "限期公开".to_owned(),
        reply_days: 5,
        reply_due_on: Some(day("2026-01-10")),
        state: OrderState::Accepted,
        drafted_by: "文书".to_owned(),
        drafted_on: day("2025-01-01"),
        approved_by: Some("主任".to_owned()),
        issued_on: Some(day("2025-01-02")),
        received_by: None,
        received_on: None,
        replied_on: Some(day("2026-01-09")),
        again_due_on: None,
        missed_on: None,
        reason: None,
        version: 1,
    }
}

#[tokio::test]
async fn the_late_of_the_last_year_are_offered_however_many_there_are() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let in_time = order(&world);
        let newest = Order {
            reply_due_on: Some(day("2026-09-01")),
            replied_on: Some(day("2026-09-02")),
            ..order(&world)
        };
        let long_ago = Order {
            reply_due_on: Some(day("2025-02-01")),
            replied_on: Some(day("2025-03-01")),
            ..order(&world)
        };
        let unanswered = Order {
            reply_due_on: Some(day("2025-02-02")),
            replied_on: None,
            state: OrderState::Received,
            ..order(&world)
        };
        let late = [newest.id, unanswered.id].map(|id| id.to_string());
        let many = usize::try_from(FACTS_MAX).unwrap();
        let mut all = vec![newest, long_ago, unanswered];
        all.extend((0..many).map(|_| Order {
            id: OrderId::new(uuid()),
            ..in_time.clone()
        }));
        let (scope, today) = (Scope::Everything, day(TODAY));
        let facts = world
            .write("test.orders", async |tx: &mut Tx| {
                for one in &all {
                    store::insert(tx, one, &[]).await?;
                    store::update(tx, one).await?;
                }
                gather(tx, &scope, BulletinKind::Criticism, today).await
            })
            .await;
        let mut found: Vec<String> = facts.into_iter().map(|fact| fact.reference.id).collect();
        let mut wanted = late.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted);
    }
}

#[tokio::test]
async fn other_rows_or_other_words_on_the_same_day_are_told() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut parts = Vec::new();
        for (n, text) in [(1, "公开规章"), (2, "公开预算"), (3, "公开年报")] {
            let task = world
                .task(n, text, Some("2026-09-01"), &[(0, Duty::Lead)])
                .await;
            parts.push(world.assignment(task, 0).await.id.to_string());
        }
        let mut clerk = world.browser(world.clerk).await;
        let nudges = [
            ([0, 1], "", "共 1 条"),
            ([0, 1], "", "共 1 条"),
            ([0, 2], "", "共 2 条"),
            ([0, 1], "周五前填报", "共 3 条"),
        ];
        for (rows, note, told) in nudges {
            let mut fields = vec![("note", note)];
            fields.extend(rows.map(|row| ("assignment", parts[row].as_str())));
            clerk
                .post("/workspace/supervision/nudge", &fields)
                .await
                .redirected();
            let mut unit = world.browser(world.liaisons[0]).await;
            let inbox = unit.get("/workspace/inbox?unread=1").await.page();
            assert!(inbox.contains(told), "{rows:?} {note}: {inbox}");
        }
    }
}
