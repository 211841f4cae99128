//! What is taken off agrees with the sheets.

use gongkai_basis::reference::FigureKey;
use gongkai_platform::db::Tx;
use gongkai_platform::finding::FindingKind;
use gongkai_platform::seam::FigureSource as _;
use gongkai_platform::testing::backends;

use super::{NAME, TakenOff};
use crate::assignment::Duty;
use crate::testing::World;

async fn found(world: &World, unit: usize, kind: FindingKind, n: usize) {
    for key in 0..n {
        let title = format!("{}{key}", kind.name());
        world.finds(world.wrong(unit, kind, &title)).await;
    }
}

#[tokio::test]
async fn what_late_answers_cost_is_told_as_the_sheet_has_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let parts = [(0, Duty::Lead), (1, Duty::Lead)];
        world.task(1, "公开规章", Some("2026-12-01"), &parts).await;
        let mut clerk = world.browser(world.clerk).await;
        let scheme = "/workspace/scores/scheme";
        let json = clerk
            .get(&format!("{scheme}/file?year=2026&format=json"))
            .await
            .text();
        let fields = [("year", "2026"), ("json", json.as_str())];
        clerk
            .post(&format!("{scheme}/import"), &fields)
            .await
            .redirected();
        let open = [
            ("title", "2026年考核"),
            ("year", "2026"),
            ("from_on", "2026-01-01"),
            ("to_on", "2026-12-31"),
        ];
        let period = clerk
            .post("/workspace/scores/new", &open)
            .await
            .redirected();
        // Six points each, and no more than the item is worth; what is of another kind is not told here.
        found(&world, 0, FindingKind::LateReply, 4).await;
        found(&world, 0, FindingKind::NotUpdated, 1).await;
        found(&world, 1, FindingKind::LostReview, 1).await;
        found(&world, 2, FindingKind::LateReply, 1).await;
        let key = |place: usize, year: i16| FigureKey {
            name: NAME.to_owned(),
            organ: world.units[place],
            year,
        };
        let keys = [key(0, 2026), key(1, 2026), key(2, 2026), key(0, 2025)];
        let figures = world
            .db
            .read(async |tx: &mut Tx| TakenOff.figures(tx, &keys).await)
            .await
            .unwrap();
        let values: Vec<Option<i64>> = figures
            .iter()
            .map(|figure| figure.as_ref().map(|figure| figure.value))
            .collect();
        assert_eq!(values, [Some(2_000), Some(300), None, None]);
        let sheet = format!("{period}/units/{}", world.units[1]);
        assert!(clerk.get(&sheet).await.page().contains("−3"));
    }
}
