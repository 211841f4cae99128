//! A matter and last year's part that owes it stay together when their organ goes into another.

use gongkai_basis::id::TaskId;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::{self, Browser};

use super::*;
use crate::assignment::Assignment;

/// Last year's unfinished parts are carried over into the world's plan; the list of the matters.
async fn carried_over(world: &World) -> (crate::pairing::tests::Years, String) {
    let years = years(world).await;
    let mut clerk = world.browser(world.clerk).await;
    let list = carries(&mut clerk, (world.plan, years.last)).await;
    (years, list)
}

async fn merges(world: &World, from: usize, to: usize) {
    let units = (world.units[from], world.units[to]);
    let works = crate::organ_hooks().open_work;
    let merge = async |tx: &mut Tx| testing::merge(tx, &works, units).await;
    world.db.write(merge).await.unwrap();
}

/// The page of the matter that quotes a text.
async fn matter(clerk: &mut Browser, list: &str, text: &str) -> String {
    let page = clerk.get(list).await.page();
    first(below(&page, text))
}

async fn decides(clerk: &mut Browser, matter: &str, step: &str) {
    let version = hidden(&clerk.get(matter).await.page(), "version");
    let fields = [
        ("version", version.as_str()),
        ("step", step),
        ("note", "事项已并入清单"),
    ];
    clerk
        .post(&format!("{matter}/decide"), &fields)
        .await
        .redirected();
}

async fn part(world: &World, task: TaskId, unit: usize) -> Assignment {
    world.assignment(task, unit).await
}

#[tokio::test]
async fn what_is_closed_after_a_merger_releases_the_heirs_part() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (years, list) = carried_over(&world).await;
        merges(&world, 0, 1).await;
        merges(&world, 1, 2).await;
        let heirs = part(&world, years.old[0], 2).await;
        assert!(heirs.next_due_on.is_some(), "it is owed: {heirs:?}");
        let mut clerk = world.browser(world.clerk).await;
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        assert_eq!(
            clerk.post(&carry, &[]).await.status.as_u16(),
            422,
            "what came with the merger is carried over already"
        );
        let law = matter(&mut clerk, &list, "现行有效政府规章").await;
        let mut heir = world.browser(world.liaisons[2]).await;
        let version = hidden(&heir.get(&law).await.page(), "version");
        let done = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已全部补录"),
        ];
        heir.post(&law, &done).await.redirected();
        decides(&mut clerk, &law, "confirm").await;
        assert_eq!(part(&world, years.old[0], 2).await.next_due_on, None);
        let due = heir.get("/workspace/due").await.page();
        let owed = format!("/workspace/assignments/{}", heirs.id);
        assert!(!due.contains(&owed), "{due}");
        // What was not closed is owed as before.
        assert!(part(&world, years.old[1], 2).await.next_due_on.is_some());
        decides(&mut clerk, &law, "reopen").await;
        assert!(part(&world, years.old[0], 2).await.next_due_on.is_some());
    }
}

#[tokio::test]
async fn what_was_closed_before_a_merger_stays_closed_and_is_the_heirs_when_asked_for_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (years, list) = carried_over(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let law = matter(&mut clerk, &list, "现行有效政府规章").await;
        decides(&mut clerk, &law, "waive").await;
        merges(&world, 0, 1).await;
        assert_eq!(part(&world, years.old[0], 1).await.next_due_on, None);
        decides(&mut clerk, &law, "reopen").await;
        assert!(part(&world, years.old[0], 1).await.next_due_on.is_some());
        let mut heir = world.browser(world.liaisons[1]).await;
        assert!(heir.get(&law).await.page().contains("报告整改完成"));
    }
}

#[tokio::test]
async fn what_is_no_longer_asked_for_changes_nothing_of_the_heirs_own() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (years, list) = carried_over(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let budget = matter(&mut clerk, &list, "公开市级部门预算").await;
        decides(&mut clerk, &budget, "waive").await;
        let proof = crate::testing::page("https://www.anlan.example/a", "");
        world.done(years.old[1], 2, vec![proof]).await;
        let own = part(&world, years.old[1], 2).await;
        merges(&world, 1, 2).await;
        let after = part(&world, years.old[1], 2).await;
        assert_eq!((after.duty, after.report), (Duty::Cooperate, own.report));
        // The other matter was open, and is the heir's with its duty.
        assert_eq!(part(&world, years.old[2], 2).await.duty, Duty::Lead);
    }
}
