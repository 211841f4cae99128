//! An organ goes into another, or is dissolved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;

use super::{add, cities, draft, load, messages, sentences};
use crate::access::Permit;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::organ::change::{dissolve, merge, reinstate};
use crate::organ::{Hooks, Kind, Level, Moved, OpenWork, Status, directory};
/// Work of a capability, as a counter.
struct Work(AtomicI64);

#[async_trait]
impl OpenWork for Work {
    fn title(&self) -> &'static str {
        "未完成的分工"
    }

    async fn count(&self, _: &mut Tx, _: OrganId) -> Result<i64, StoreError> {
        Ok(self.0.load(Ordering::SeqCst))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let subject = ("assignment", moved.to.id.to_string());
        tx.record(Event::new(
            actor,
            "assignment.transferred",
            subject,
            moved.reason,
        ));
        Ok(self.0.swap(0, Ordering::SeqCst))
    }
}

#[tokio::test]
async fn a_merger_moves_open_work_names_and_organs_below() {
    for town in cities().await {
        let permit = Permit::system();
        let section = add(
            &town.db,
            draft(Some(town.justice), "法制科", Level::Section, Kind::Section),
        )
        .await;
        let hooks = Hooks {
            open_work: vec![Arc::new(Work(AtomicI64::new(3)))],
            touches: vec![],
        };
        let merger = town
            .db
            .write(async |tx: &mut Tx| {
                merge(
                    tx,
                    &permit,
                    &hooks,
                    (town.justice, 1),
                    (town.finance, "机构改革"),
                )
                .await
            })
            .await
            .unwrap();
        assert_eq!(
            (merger.moved, merger.children),
            (vec![("未完成的分工", 3)], 1)
        );
        let organ = load(&town.db, town.justice).await;
        assert_eq!(
            (organ.status, organ.successor),
            (Status::Merged, Some(town.finance))
        );
        assert_eq!(load(&town.db, section).await.parent, Some(town.finance));
        assert_eq!(
            sentences(&town.db, town.justice).await[0],
            "“安澜市司法局”并入“安澜市财政局”，原因：机构改革；未完成的分工移交 3 项；下级机关随转 1 个"
        );
        let directory = town
            .db
            .read(async |tx: &mut Tx| directory(tx, town.city).await)
            .await
            .unwrap();
        assert_eq!(
            directory.find("市司法局")[0].target,
            crate::organ::Target::Organ(town.finance)
        );
        assert!(directory.entry(town.justice).is_none());
        let again = town
            .db
            .write(async |tx: &mut Tx| {
                merge(tx, &permit, &hooks, (town.justice, 2), (town.justice, "")).await
            })
            .await;
        assert_eq!(
            messages(again.unwrap_err()).len(),
            4,
            "no reason, not in use, twice, into itself"
        );
        town.db
            .write(async |tx: &mut Tx| reinstate(tx, &permit, (town.justice, 2), "更正").await)
            .await
            .unwrap();
        assert!(load(&town.db, town.justice).await.is_active());
    }
}

#[tokio::test]
async fn an_organ_with_work_or_organs_below_is_not_dissolved() {
    for town in cities().await {
        let permit = Permit::system();
        let section = add(
            &town.db,
            draft(Some(town.justice), "法制科", Level::Section, Kind::Section),
        )
        .await;
        let busy = Hooks {
            open_work: vec![Arc::new(Work(AtomicI64::new(2)))],
            touches: vec![],
        };
        let end = async |id: OrganId, hooks: &Hooks| {
            town.db
                .write(async |tx: &mut Tx| dissolve(tx, &permit, hooks, (id, 1), "机构改革").await)
                .await
        };
        let reasons = messages(end(town.justice, &busy).await.unwrap_err());
        assert_eq!(reasons.len(), 2, "{reasons:?}");
        assert!(load(&town.db, town.justice).await.is_active());
        end(section, &Hooks::default()).await.unwrap();
        end(town.justice, &Hooks::default()).await.unwrap();
        assert_eq!(load(&town.db, town.justice).await.status, Status::Dissolved);
        let early = town
            .db
            .write(async |tx: &mut Tx| reinstate(tx, &permit, (section, 2), "更正").await)
            .await;
        assert_eq!(
            messages(early.unwrap_err()),
            ["上级机关“安澜市司法局”已撤销，请先恢复上级机关。"]
        );
    }
}
