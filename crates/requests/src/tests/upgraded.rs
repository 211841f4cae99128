//! What an older version let into the review meets today's checks before it leaves.

use gongkai_basis::Actor;
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::testing::{self, MovableClock, backends};

use super::letters::{counter_case, post, written};
use super::{NOW, StoreError, Tx, World, act, says, sql};
use crate::letter::compose::Facts;
use crate::letter::{self, LetterId};

/// Law: art. 32, 37: the checks of a letter run with each act that carries it on, not only when it is handed in.
#[tokio::test]
async fn a_letter_under_review_is_checked_again_by_every_act_that_carries_it_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E41").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        let id: LetterId = letter.rsplit('/').next().unwrap().parse().unwrap();
        let rewrite = async |separation: &'static str| {
            let write = world.db.write(async |tx: &mut Tx| {
                let found = letter::store::load(tx, &Scope::Everything, id).await?;
                let mut found = found.unwrap();
                found.facts = found.facts.with("separation", separation);
                letter::store::update(tx, &found).await?;
                let subject = ("letter", id.to_string());
                tx.record(Event::new(&Actor::System, "test.letter", subject, "改写"));
                Ok::<_, StoreError>(())
            });
            write.await.unwrap();
        };
        let words = "还有必须改的地方，这一步没有办理，什么都没有发出";
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        let steps: [(&str, &[(&str, &str)]); 3] = [
            ("pass", &[("words", "可以")]),
            ("sign", &[]),
            ("dispatch", &send),
        ];
        for (step, fields) in steps {
            let who = if step == "dispatch" {
                &mut officer
            } else {
                &mut head
            };
            rewrite("").await;
            let refused = act(who, &path, step, fields).await;
            says(&refused, 422, words);
            says(&refused, 422, "为什么不能区分处理");
            rewrite("全部为讨论意见").await;
            act(who, &path, step, fields).await.redirected();
        }
        says(&officer.get(&path).await, 200, "已答复");
    }
}

/// What an older version let be signed has no number yet: it gets one when it leaves, and that day's date, as it did there.
#[tokio::test]
async fn what_was_signed_without_a_number_is_numbered_when_it_leaves() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E42").await;
        let said = [
            ("grounds", "N6"),
            ("reason", "会议记录形成于决策讨论过程，尚未形成结论。"),
            ("separation", "全部为讨论意见"),
        ];
        let letter = written(&mut officer, &path, "refuse", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let id = letter.rsplit('/').next().unwrap().to_owned();
        let older = world.db.write(async |tx: &mut Tx| {
            let bare = "UPDATE letter SET number = NULL, year = NULL, n = NULL, issued_on = NULL WHERE id = $1";
            tx.run(sql(bare).bind(&id)).await?;
            let subject = ("letter", id.clone());
            tx.record(Event::new(&Actor::System, "test.letter", subject, "旧版本"));
            Ok::<_, StoreError>(())
        });
        older.await.unwrap();
        world.days(2);
        let mut officer = world.browser(world.officer).await;
        let send = [("service", "post"), ("on", "2026-03-04"), ("proof", "EMS1")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let numbered = "<dd>安财公开〔2026〕1号，2026年3月4日</dd>";
        says(&officer.get(&letter).await, 200, numbered);
    }
}

/// The last version in which 送达回证 named its day of service as that on which the application came in.
const WITHOUT_SERVED_ON: i64 = 83;

/// What left keeps what it said; of what is still to leave nobody takes the day of the application for that of the service.
#[tokio::test]
async fn a_proof_of_service_that_has_not_left_has_its_day_open_after_the_upgrade() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch_empty(&backend, clock.clock()).await;
        db.migrate_to(WITHOUT_SERVED_ON).await.unwrap();
        let organ = testing::organ(&db, "安澜市司法局", None).await;
        let states = [
            ("draft", ""),
            ("checked", ""),
            ("void", ""),
            ("issued", "2026-02-02"),
        ];
        db.write(async |tx: &mut Tx| {
            for (state, _) in states {
                tx.run(
                    sql("INSERT INTO letter (id, case_id, organ_id, kind, state, facts, online, drafted_by, note, version, created_at, \
                         updated_at) VALUES ($1, '', $2, 'delivery', $3, $4, 0, '', '', 1, 1, 1)")
                        .bind(state)
                        .bind(organ)
                        .bind(state)
                        .bind(r#"{"received_on":"2026-02-02","recipient":"申请人甲"}"#),
                )
                .await?;
            }
            let subject = ("organ", organ.to_string());
            tx.record(Event::new(&Actor::System, "test.letter", subject, "送达回证"));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        db.migrate().await.unwrap();
        for (state, wanted) in states {
            let facts: String = db
                .read(async |tx: &mut Tx| {
                    tx.one(sql("SELECT facts FROM letter WHERE id = $1").bind(state))
                        .await?
                        .get("facts")
                })
                .await
                .unwrap();
            let facts: Facts = serde_json::from_str(&facts).unwrap();
            assert_eq!(facts.get("served_on"), wanted, "{state}");
            assert_eq!(facts.get("recipient"), "申请人甲", "{state}");
        }
    }
}
