//! Cases go on when a person leaves and when an organ is merged.

use gongkai_platform::account::HandledWork as _;
use gongkai_platform::organ::OpenWork as _;

use super::*;
use crate::succession::{CasesOfOrgan, CasesOfPerson};

#[tokio::test]
async fn cases_go_to_a_successor_and_to_an_heir_with_their_clocks() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "公交补贴明细")
            .await;
        let (number, _, id) = world.known(&receipt).await;
        let signed = async || world.visitor().get(&format!("{receipt}/text")).await.text();
        let first = signed().await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let due = due_of(&world, &id).await;
        let next =
            testing::person(&world.db, "接任", &[(Role::RequestOfficer, world.bureau)]).await;
        let moved = world
            .db
            .upkeep(async |tx: &mut Tx| {
                assert_eq!(CasesOfPerson.count(tx, world.officer).await?, 1);
                let moved = CasesOfPerson.transfer(tx, world.officer, next).await?;
                assert_eq!(CasesOfPerson.count(tx, world.officer).await?, 0);
                assert_eq!(CasesOfPerson.count(tx, next).await?, 1);
                Ok::<_, StoreError>(moved)
            })
            .await
            .unwrap();
        assert_eq!(moved, 1);
        let page = officer.get(&path).await.page();
        assert!(page.contains("转交接任经办：工作移交"), "{page}");

        let moved = world
            .db
            .write(async |tx: &mut Tx| {
                assert_eq!(CasesOfOrgan.count(tx, world.bureau).await?, 1);
                testing::inherit(tx, &CasesOfOrgan, (world.bureau, world.other)).await
            })
            .await
            .unwrap();
        assert_eq!(moved, 1);
        let mut heir = world.browser(world.stranger).await;
        let page = heir.get(&path).await.page();
        assert!(
            page.contains(&number) && page.contains("机构调整，由安澜市司法局移交安澜市财政局"),
            "{page}"
        );
        assert_eq!(due_of(&world, &id).await, due, "the limit stays");
        assert_eq!(signed().await, first, "so does what was signed");
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::about(tx, "request", &id, 10).await)
            .await
            .unwrap();
        assert!(events.iter().any(|event| event.kind == "request.moved"));
        act(
            &mut heir,
            &path,
            "reassign",
            &[
                ("handler", &world.stranger.to_string()),
                ("why", "机构调整"),
            ],
        )
        .await
        .redirected();
    }
}

async fn due_of(world: &World, id: &str) -> Option<Date> {
    world
        .db
        .read(async |tx: &mut Tx| {
            tx.one(sql("SELECT due_on FROM request WHERE id = $1").bind(id.to_owned()))
                .await?
                .get("due_on")
        })
        .await
        .unwrap()
}

/// The last version whose cases did not keep the organ that they were handed in to.
const WITHOUT_SUBMITTED_TO: i64 = 66;

#[tokio::test]
async fn the_receipt_of_a_case_that_went_on_before_the_upgrade_names_who_it_was_handed_in_to() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch_empty(&backend, clock.clock()).await;
        db.migrate_to(WITHOUT_SUBMITTED_TO).await.unwrap();
        let bureau = testing::organ(&db, "安澜市司法局", None).await;
        let heir = testing::organ(&db, "安澜市财政局", None).await;
        // Of the second one the chain tells nothing.
        let (moved, other) = (testing::uuid().to_string(), testing::uuid().to_string());
        db.write(async |tx: &mut Tx| {
            for id in [&moved, &other] {
                tx.run(
                    sql("INSERT INTO request (id, organ_id, number, other_number, form_token, kind, channel, state, applicant_kind, \
                         applicant_name, paper, paper_number, head, contact, phone, email, address, postcode, applicant_key, subject, \
                         description, form, way, waiver, version, submitted_at) VALUES ($1, $2, $3, '', $4, 'information', 'web', \
                         'submitted', 'natural', '', '', '', '', '', '', '', '', '', '', '', '', 'paper', 'post', '', 1, 1)")
                        .bind(id)
                        .bind(heir)
                        .bind(id)
                        .bind(id),
                )
                .await?;
            }
            for (kind, organ) in [("request.begun", bureau), ("request.moved", heir)] {
                let about = ("request", moved.clone());
                tx.record(Event::new(&Actor::System, kind, about, String::new()).organ(organ));
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        db.migrate().await.unwrap();
        let named = async |id: &str| -> String {
            db.read(async |tx: &mut Tx| {
                tx.one(sql("SELECT submitted_to FROM request WHERE id = $1").bind(id))
                    .await?
                    .get("submitted_to")
            })
            .await
            .unwrap()
        };
        assert_eq!(named(&moved).await, "安澜市司法局");
        assert_eq!(named(&other).await, "安澜市财政局");
    }
}
