//! A list asks the store as often for many rows as for one.

use gongkai_basis::id::PlanId;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::{Browser, backends, uuid};

use crate::assignment::Duty;
use crate::plan;
use crate::testing::World;

const LISTS: [&str; 9] = [
    "/workspace",
    "/workspace/plans",
    "/workspace/ledger",
    "/workspace/changes",
    "/workspace/supervision",
    "/workspace/bulletins",
    "/workspace/bulletins/new",
    "/workspace/practices",
    "/workspace/rounds",
];

async fn asked(world: &World, browser: &mut Browser) -> Vec<(&'static str, u64)> {
    let mut counts = Vec::new();
    for list in LISTS {
        let before = world.db.statements();
        browser.get(list).await.page();
        counts.push((list, world.db.statements() - before));
    }
    counts
}

async fn another(world: &World, number: i64) {
    let of_city = world
        .db
        .read(async |tx: &mut Tx| plan::store::find(tx, world.plan).await)
        .await
        .unwrap()
        .unwrap();
    let plan = plan::Plan {
        id: PlanId::new(uuid()),
        title: format!("第{number}份方案"),
        ..of_city
    };
    world
        .write("test.plan", async |tx: &mut Tx| {
            plan::store::insert(tx, &plan, &[]).await
        })
        .await;
}

async fn order(clerk: &mut Browser, part: &str) {
    let fields = [
        ("assignment", part),
        ("title", "督办规章公开"),
        ("requirement", "限期公开"),
        ("reply_days", "5"),
    ];
    let draft = "/workspace/supervision/draft";
    clerk.post(draft, &fields).await.redirected();
}

async fn amendment(clerk: &mut Browser, world: &World, number: i64) {
    let text = format!("公开目录第{number}版");
    let fields = [
        ("text", text.as_str()),
        ("organ", "市司法局"),
        ("duty", "lead"),
        ("reason", "补充"),
    ];
    let new = format!("/workspace/plans/{}/tasks/new", world.plan);
    clerk.post(&new, &fields).await.redirected();
}

#[tokio::test]
async fn lists_ask_no_more_for_more_rows() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let more = async |clerk: &mut Browser, from: i64| {
            for n in from..from + 3 {
                another(&world, n).await;
                let late = Some("2026-09-01");
                let task = world.task(n, "公开规章", late, &[(0, Duty::Lead)]).await;
                let part = world.assignment(task, 0).await.id.to_string();
                order(clerk, &part).await;
                amendment(clerk, &world, n).await;
            }
        };
        more(&mut clerk, 1).await;
        let few = asked(&world, &mut clerk).await;
        more(&mut clerk, 11).await;
        assert_eq!(asked(&world, &mut clerk).await, few);
    }
}

/// The preview of 催办 and 督办单 over chosen tasks.
#[tokio::test]
async fn chosen_tasks_are_looked_up_together() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let mut tasks = Vec::new();
        for n in 1..=8 {
            let lead = [(0, Duty::Lead)];
            let task = world.task(n, "公开规章", Some("2026-09-01"), &lead).await;
            tasks.push(task.to_string());
        }
        let mut counts = Vec::new();
        // The first request of a browser also asks who it is.
        for few in [2, 2, 8] {
            let chosen: Vec<(&str, &str)> = tasks
                .iter()
                .take(few)
                .map(|task| ("task", task.as_str()))
                .collect();
            let before = world.db.statements();
            let page = clerk
                .post("/workspace/supervision/new", &chosen)
                .await
                .page();
            counts.push(world.db.statements() - before);
            assert!(page.contains(&format!("1 个单位，{few} 项")), "{page}");
        }
        assert_eq!(counts[1], counts[2]);
    }
}
