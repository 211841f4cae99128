//! What a merger of organs does to findings.

use super::*;
use crate::finding::directory::OpenFindings;
use crate::organ::OpenWork as _;

/// The heir has the same open finding; one that it has behind it makes room for what is open.
#[tokio::test]
async fn a_finding_that_the_heir_has_too_is_one() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let heir = world.other;
        let states = world
            .db
            .write(async |tx: &mut Tx| {
                let key = |key: &str, organ| Found {
                    key: key.to_owned(),
                    organ,
                    ..world.found("2026-09-21")
                };
                for organ in [world.unit, heir] {
                    report(tx, &Actor::System, key("both", organ)).await?;
                    report(tx, &Actor::System, key("past", organ)).await?;
                }
                settle(tx, &Actor::System, (heir, "past"), day("2026-09-21")).await?;
                let count = testing::inherit(tx, &OpenFindings, (world.unit, heir)).await?;
                assert_eq!(count, 2);
                assert_eq!(OpenFindings.count(tx, world.unit).await?, 0);
                let left = of(tx, world.unit, &Narrow::default(), 10).await?;
                let own = of(tx, heir, &Narrow::default(), 10).await?;
                assert_eq!(
                    left.len(),
                    1,
                    "what ended in another stays with its history"
                );
                assert_eq!(left[0].state, FindingState::Closed);
                let state = |key: &str| own.iter().find(|one| one.key == key).map(|one| one.state);
                assert_eq!(own.len(), 3);
                Ok::<_, crate::db::StoreError>((state("both"), state("past")))
            })
            .await
            .unwrap();
        let open = Some(FindingState::ToVerify);
        assert_eq!(states, (open, open));
    }
}
