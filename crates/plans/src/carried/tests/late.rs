//! What a later year closed or waived is late nowhere: in the ledger of the year before neither.

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_basis::reference::FigureKey;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::FigureSource as _;
use gongkai_platform::testing::Browser;

use super::*;
use crate::assignment::light::Light;
use crate::testing::{TODAY, day};
use crate::{bulletin, dashboard, ledger, seam, unanswered};

fn only(organ: OrganId) -> Scope {
    Scope::Organs {
        single: vec![organ],
        branches: Vec::new(),
    }
}

/// How many are late of last year's plan, wherever that is counted; the unit's own of all years.
async fn late(world: &World, last: PlanId) -> Vec<(&'static str, i64)> {
    let today = day(TODAY);
    let count = async |tx: &mut Tx| {
        let board = dashboard::store::dashboard(tx, last, today).await?;
        let lights = ledger::store::lights(tx, last, today).await?;
        let red = lights.iter().find(|(light, _)| *light == Light::Overdue);
        let own = ledger::store::own_lights(tx, &only(world.units[0]), today).await?;
        let days = (today, today);
        let below = crate::pairing::store::lights_below(tx, world.city, 2025, days).await?;
        let key = FigureKey {
            name: "tasks.overdue".to_owned(),
            organ: world.city,
            year: 2025,
        };
        let figures = seam::TaskFigures.figures(tx, &[key]).await?;
        let facts = bulletin::store::overdue(tx, &only(world.office), today, 50).await?;
        let scope = only(world.office);
        let nobody = [world.units[0]];
        let unanswered = unanswered::store::page(tx, &scope, 2025, &nobody).await?;
        Ok::<_, StoreError>(vec![
            ("tasks on the dashboard", board.tasks.overdue),
            ("parts on the dashboard", board.parts.overdue),
            ("the ledger", red.map_or(0, |(_, count)| count.n)),
            ("the unit's start page", own.overdue),
            ("the levels", below.iter().map(|plan| plan.lights[4]).sum()),
            ("the figure", figures[0].as_ref().map_or(0, |it| it.value)),
            ("a bulletin", i64::try_from(facts.len()).unwrap()),
            ("what waits for somebody", unanswered[0].parts),
        ])
    };
    world.db.read(count).await.unwrap()
}

async fn decides(clerk: &mut Browser, matter: &str, step: &str) {
    let version = hidden(&clerk.get(matter).await.page(), "version");
    let fields = [
        ("version", version.as_str()),
        ("step", step),
        ("note", "机构改革，事项已取消"),
    ];
    let decide = format!("{matter}/decide");
    clerk.post(&decide, &fields).await.redirected();
}

#[tokio::test]
async fn what_was_waived_is_counted_late_nowhere() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let list = carries(&mut clerk, (world.plan, years.last)).await;
        let before = late(&world, years.last).await;
        let task = format!("/workspace/tasks/{}", years.old[0]);
        let red = "class=\"light light-overdue\">■ 已逾期<";
        assert!(clerk.get(&task).await.page().contains(red));
        let matter = first(&clerk.get(&list).await.page());
        decides(&mut clerk, &matter, "waive").await;
        let less: Vec<_> = before.iter().map(|(at, n)| (*at, n - 1)).collect();
        assert_eq!(late(&world, years.last).await, less);
        let page = clerk.get(&task).await.page();
        assert!(!page.contains(red), "{page}");
        // Asked for again, it is as late as before.
        decides(&mut clerk, &matter, "reopen").await;
        assert_eq!(late(&world, years.last).await, before);
    }
}

#[tokio::test]
async fn a_bulletin_does_not_go_out_with_what_was_waived_since() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let list = carries(&mut clerk, (world.plan, years.last)).await;
        let old = world.assignment(years.old[0], 0).await.id.to_string();
        let fields = [("kind", "criticism"), ("fact", &format!("task:{old}"))];
        let new = "/workspace/bulletins/new";
        let bulletin = clerk.post(new, &fields).await.redirected();
        let matter = first(&clerk.get(&list).await.page());
        decides(&mut clerk, &matter, "waive").await;
        let submit = format!("{bulletin}/step");
        let refused = clerk.post(&submit, &[("step", "submit")]).await;
        assert_eq!(refused.status.as_u16(), 422);
        let text = refused.text();
        assert!(text.contains("任务已在回头看中销号或不再要求"), "{text}");
    }
}
