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

/// The heir of an office verifies and re-checks what the office watched over, and reads what is over.
#[tokio::test]
async fn what_an_office_watched_over_is_its_heirs() {
    for backend in testing::backends() {
        let world = World::on(&backend).await;
        let heir = testing::organ(&world.db, "市政府办公厅", None).await;
        let clerk = testing::person(&world.db, "办公厅文书", &[(Role::OfficeClerk, heir)]).await;
        let open = world.reports("2026-09-20").await;
        let ended = Found {
            key: "past".to_owned(),
            ..world.found("2026-09-20")
        };
        let merged = (world.office, heir);
        let (count, ended) = world
            .db
            .write(async |tx: &mut Tx| {
                let ended = report(tx, &Actor::System, ended).await?;
                let past = (world.unit, "past");
                settle(tx, &Actor::System, past, day("2026-09-21")).await?;
                let count = OpenFindings.count(tx, world.office).await?;
                assert_eq!(testing::inherit(tx, &OpenFindings, merged).await?, count);
                assert_eq!(OpenFindings.count(tx, world.office).await?, 0);
                assert_eq!(OpenFindings.count(tx, heir).await?, count);
                Ok::<_, crate::db::StoreError>((count, ended.id))
            })
            .await
            .unwrap();
        assert_eq!(count, 1);
        let mut new = world.browser(clerk).await;
        let mut old = world.browser(world.clerk).await;
        for id in [open.id, ended] {
            let page = format!("/workspace/findings/{id}");
            assert_eq!(new.get(&page).await.status, 200);
            assert_eq!(old.get(&page).await.status, 404);
        }
    }
}
