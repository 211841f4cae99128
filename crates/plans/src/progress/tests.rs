use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::backends;

use super::publish::{PublishError, Words, publish, withdraw};
use super::{Stands, store};
use crate::acts::{CheckEvidence, PublishProgress, ReportProgress};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::evidence::check::check_now;
use crate::report::submit::submit;
use crate::report::{Content, Outcome};
use crate::testing::{TODAY, World, day, page};

#[tokio::test]
async fn the_portal_keeps_what_was_published() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let head = world.permit::<PublishProgress>(world.head).await;
        let put = async |words| {
            world
                .db
                .write(async |tx: &mut Tx| {
                    publish(tx, &head, world.plan, (words, day(TODAY))).await
                })
                .await
                .unwrap()
        };
        let first = put(Words::Include).await;
        assert_eq!(
            (first.tasks[0].stands(), first.tasks[0].updated_on),
            (Stands::Light(Light::Soon), None)
        );
        let liaison = world.permit::<ReportProgress>(world.liaisons[0]).await;
        let assignment = world.assignment(task, 0).await;
        let content = Content {
            outcome: Outcome::Done,
            done_text: "已公开12件".to_owned(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: "见门户".to_owned(),
        };
        world
            .db
            .write(async |tx: &mut Tx| submit(tx, &liaison, assignment.id, None, content).await)
            .await
            .unwrap();
        // What units report later is not public until it is published.
        let seen = async || {
            world
                .db
                .read(async |tx: &mut Tx| {
                    Ok::<_, StoreError>((
                        store::list(tx, &gongkai_platform::access::Scope::Everything).await?,
                        store::current(tx, world.plan).await?,
                    ))
                })
                .await
                .unwrap()
        };
        assert_eq!(seen().await.1.unwrap().1, first);
        world.clock.advance(jiff::SignedDuration::from_hours(1));
        let second = put(Words::DatesOnly).await;
        assert_eq!(second.tasks[0].progress, None);
        assert_eq!(second.tasks[0].updated_on, Some(day(TODAY)));
        world.clock.advance(jiff::SignedDuration::from_hours(1));
        let third = put(Words::Include).await;
        assert_eq!(third.tasks[0].progress.as_deref(), Some("已公开12件"));
        let (list, current) = seen().await;
        assert_eq!((list.len(), current.unwrap().1), (1, third));
        world
            .db
            .write(async |tx: &mut Tx| withdraw(tx, &head, world.plan).await)
            .await
            .unwrap();
        let (list, current) = seen().await;
        assert!(list.is_empty() && current.is_none());
        let again = world
            .db
            .write(async |tx: &mut Tx| withdraw(tx, &head, world.plan).await)
            .await;
        assert!(matches!(again, Err(PublishError::NothingPublished)));
    }
}

/// Whoever the directory does not have (各村（社区） of a town without villages) is named as the plan prints it.
#[tokio::test]
async fn who_is_not_in_the_directory_is_named_as_printed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let alone = world.task(1, "核对村务公开栏", None, &[]).await;
        let task = world.task(2, "公开规章", None, &[(0, Duty::Lead)]).await;
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                for id in [alone, task] {
                    tx.run(
                        sql("UPDATE task SET organ_text = $1 WHERE id = $2")
                            .bind("各村（社区）")
                            .bind(id),
                    )
                    .await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let head = world.permit::<PublishProgress>(world.head).await;
        let now = (Words::Include, day(TODAY));
        let shown = world
            .db
            .write(async |tx: &mut Tx| publish(tx, &head, world.plan, now).await)
            .await
            .unwrap();
        assert!(shown.tasks[0].organs.is_empty());
        assert_eq!(shown.tasks[0].organ_text, "各村（社区）");
        assert_eq!(shown.tasks[1].organs.len(), 1);
        assert_eq!(shown.tasks[1].organ_text, "");
    }
}

/// What lost its proof is told to the public as what it is: before its date by the date, after it neither 正常 nor 已逾期.
#[tokio::test]
async fn a_task_that_lost_its_proof_is_not_normal_once_its_date_has_passed() {
    const PAGE: &str = "https://www.anlan.example/1";
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        world.site.says(PAGE, "<p>规章12件，已全部公开。</p>");
        let proofs = vec![page(PAGE, "规章12件，已全部公开")];
        let item = world.done(task, 0, proofs).await.remove(0);
        let checker = world.permit::<CheckEvidence>(world.clerk).await;
        let head = world.permit::<PublishProgress>(world.head).await;
        let published = async |today: &str| {
            world.clock.advance(jiff::SignedDuration::from_secs(1));
            let now = (Words::DatesOnly, day(today));
            let put = async |tx: &mut Tx| publish(tx, &head, world.plan, now).await;
            world.db.write(put).await.unwrap().tasks[0].clone()
        };
        check_now(&world.app, &checker, item.id).await.unwrap();
        assert_eq!(published("2026-12-01").await.state, "done");
        world.site.status(PAGE, 410);
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        check_now(&world.app, &checker, item.id).await.unwrap();
        for (today, state) in [
            ("2026-09-01", "normal"),
            ("2026-09-30", "soon"),
            ("2026-10-01", "working"),
        ] {
            let task = published(today).await;
            assert_eq!(task.state, state, "{today}");
        }
        let shown = world.visitor().get(&format!("/plans/{}", world.plan)).await;
        let shown = shown.page();
        assert!(
            shown.contains("● 进行中</span> 1 项") && !shown.contains("● 正常"),
            "{shown}"
        );
    }
}
