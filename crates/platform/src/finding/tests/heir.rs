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

/// The last version whose findings stayed with an office that was merged.
const WITHOUT_DESKS: i64 = 97;

/// What comes to an heir with the upgrade counts as its own: the plans that came with the same merger know no other desk, and a
/// period of assessment is about both or neither.
#[tokio::test]
async fn what_an_office_watched_over_before_the_upgrade_is_its_heirs_own() {
    for backend in testing::backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch_empty(&backend, clock.clock()).await;
        db.migrate_to(WITHOUT_DESKS).await.unwrap();
        let first = testing::organ(&db, "市政务公开办公室", None).await;
        let second = testing::organ(&db, "市政府办公室", None).await;
        let heir = testing::organ(&db, "市政府办公厅", None).await;
        let unit = testing::organ(&db, "市教育局", None).await;
        for (office, key) in [(first, "one"), (second, "two"), (heir, "three")] {
            let found = Found {
                organ: unit,
                office,
                key: key.to_owned(),
                kind: FindingKind::Evidence,
                severity: Severity::Major,
                source: Source::Check,
                title: "佐证网页打不开".to_owned(),
                detail: String::new(),
                url: None,
                about: None,
                found_on: day("2026-09-20"),
                fix_due_on: None,
            };
            db.write(async |tx: &mut Tx| report(tx, &Actor::System, found).await)
                .await
                .unwrap();
        }
        db.upkeep(async |tx: &mut Tx| {
            for (from, to) in [(first, second), (second, heir)] {
                let merged =
                    sql("UPDATE organ SET status = 'merged', successor_id = $1 WHERE id = $2");
                tx.run(merged.bind(to).bind(from)).await?;
            }
            Ok::<_, crate::db::StoreError>(())
        })
        .await
        .unwrap();
        db.migrate().await.unwrap();
        let rows = async |tx: &mut Tx| {
            let mut desks = Vec::new();
            for row in tx
                .all(sql("SELECT office_id, desk_id FROM finding"))
                .await?
            {
                let office: OrganId = row.get("office_id")?;
                let desk: Option<OrganId> = row.get("desk_id")?;
                desks.push((office, desk));
            }
            Ok::<_, crate::db::StoreError>(desks)
        };
        assert_eq!(db.read(rows).await.unwrap(), [(heir, None); 3]);
    }
}
