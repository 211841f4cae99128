use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::backends;

use super::publish::{PublishError, Words, publish, withdraw};
use super::store;
use crate::acts::{PublishProgress, ReportProgress};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::report::submit::submit;
use crate::report::{Content, Outcome};
use crate::testing::{TODAY, World, day};

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
            (first.tasks[0].light(), first.tasks[0].updated_on),
            (Light::Soon, None)
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
