//! An office goes into another: what it held is the heir's.

use gongkai_platform::organ::OpenWork as _;

use super::*;
use crate::offices::directory::Desk;
use crate::testing::assesses;

/// A 督办单 about a task of the world's plan, issued by the head of its office.
async fn ordered(world: &World, head: &mut Browser) -> String {
    let task = world
        .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
        .await;
    let part = world.assignment(task, 0).await.id.to_string();
    let fields = [
        ("assignment", part.as_str()),
        ("title", "督办通知"),
        ("requirement", "限期公开"),
        ("reply_days", "5"),
    ];
    let order = head
        .post("/workspace/supervision/draft", &fields)
        .await
        .redirected();
    for (what, step) in [("step", "submit"), ("decide", "approve")] {
        let path = format!("{order}/{what}");
        head.post(&path, &[("step", step)]).await.redirected();
    }
    order
}

/// What the first office has to give.
async fn held(world: &World) -> i64 {
    let count = async |tx: &mut Tx| Desk.count(tx, world.office).await;
    world.db.read(count).await.unwrap()
}

#[tokio::test]
async fn the_desk_of_a_merged_office_is_its_heirs() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let heir = testing::organ(&world.db, "安澜市人民政府办公厅", Some(world.city)).await;
        let mut old = world.browser(world.head).await;
        let plan = format!("/workspace/plans/{}/export", world.plan);
        let order = ordered(&world, &mut old).await;
        for _ in 0..2 {
            let json = old
                .get("/workspace/scores/scheme/file?year=2026&format=json")
                .await
                .text();
            let scheme = [("year", "2026"), ("json", json.as_str())];
            old.post("/workspace/scores/scheme/import", &scheme)
                .await
                .redirected();
        }
        let mut new = of(&world, "办公厅主任", &[(Role::OfficeHead, heir)]).await;
        let city = world.city;
        has_plan(&mut world, heir, city).await;
        let own = ordered(&world, &mut new).await;
        assert_eq!(new.get(&order).await.status, 404);

        let merged = (world.office, heir);
        assert_eq!(held(&world).await, 4);
        let given = async |tx: &mut Tx| testing::inherit(tx, &Desk, merged).await;
        assert_eq!(world.db.write(given).await.unwrap(), 4);
        for page in [&plan, &order, &own] {
            let page = new.get(page).await;
            assert_eq!(page.status, 200);
        }
        // Both papers keep the number that is printed on them, and the next one follows.
        let next = ordered(&world, &mut new).await;
        for (order, number) in [(&order, 1), (&own, 1), (&next, 2)] {
            let page = new.get(order).await.page();
            assert!(page.contains(&format!("督〔2026〕{number}号")), "{page}");
        }
        let told = new.get(&order).await.page();
        assert!(told.contains("移交“安澜市人民政府办公厅”主办"), "{told}");
        let page = new.get("/workspace/scores/scheme?year=2026").await.page();
        assert!(page.contains("（第 2 版）"), "{page}");
        assert_eq!(held(&world).await, 0);
    }
}

#[tokio::test]
async fn what_two_offices_had_begun_to_assess_stays_apart() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let heir = testing::organ(&world.db, "安澜市人民政府办公厅", Some(world.city)).await;
        let due = Some("2026-09-01");
        world.task(1, "公开规章", due, &[(0, Duty::Lead)]).await;
        let shared = [(0, Duty::Lead), (2, Duty::Lead)];
        world.task(2, "公开预算", due, &shared).await;
        let mut old = world.browser(world.head).await;
        let first = assesses(&mut old, "原办公室考核", "2026-12-31").await;
        let mut new = of(&world, "办公厅主任", &[(Role::OfficeHead, heir)]).await;
        let city = world.city;
        has_plan(&mut world, heir, city).await;
        let theirs = [(1, Duty::Lead), (2, Duty::Lead)];
        world.task(1, "办好公报", due, &theirs).await;
        let second = assesses(&mut new, "办公厅考核", "2026-12-31").await;

        let merged = (world.office, heir);
        let given = async |tx: &mut Tx| testing::inherit(tx, &Desk, merged).await;
        world.db.write(given).await.unwrap();
        let third = assesses(&mut new, "合并以后的考核", "2026-12-31").await;
        let scored = [
            (&first, [true, false, true], "0 / 1 件", "公开预算"),
            (&second, [false, true, true], "0 / 1 件", "办好公报"),
            (&third, [true, true, true], "0 / 2 件", "公开预算"),
        ];
        for (period, units, of_both, task) in scored {
            let page = new.get(period).await.page();
            assert_eq!(page.contains("在机构合并以前开启"), *period != third);
            for (unit, is_scored) in world.units.iter().zip(units) {
                let sheet = format!("{period}/units/{unit}");
                assert_eq!(page.contains(&sheet), is_scored, "{sheet} in {page}");
            }
            let both = format!("{period}/units/{}", world.units[2]);
            let sheet = new.get(&both).await.page();
            for words in [of_both, task] {
                assert!(sheet.contains(words), "{words} not in {sheet}");
            }
        }
        // Whoever reads the own sheets reads those of the periods that are about the unit.
        let mut liaison = world.browser(world.liaisons[1]).await;
        let own = liaison.get("/workspace/scores/own").await.page();
        assert!(
            own.contains("办公厅考核") && own.contains("合并以后的考核"),
            "{own}"
        );
        assert!(!own.contains("原办公室考核"), "{own}");
    }
}
