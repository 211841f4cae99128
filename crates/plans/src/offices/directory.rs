//! What a merger does to an office's desk: all that it holds is the heir's, what is over too, as nobody else could read it.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Moved, OpenWork};
use serde_json::json;

use super::store;

/// Plans, drafts, 督办单, bulletins, practices, rounds and assessments of an office.
pub(crate) struct Desk;

#[async_trait]
impl OpenWork for Desk {
    fn title(&self) -> &'static str {
        "主办的方案、督办单、通报、案例、报送和考核"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        store::count_held(tx, organ).await
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let held = store::count_held(tx, moved.from).await?;
        if held == 0 {
            return Ok(0);
        }
        let from = organ::store::load(tx, moved.from).await?;
        let from = from.ok_or(StoreError::Stale)?.name;
        let papers = store::papers(tx, moved.from).await?;
        store::give(tx, moved.from, moved.to.id).await?;
        let sentence = format!(
            "随机构调整由“{from}”移交主办的方案和文件{held}项，原因：{}",
            moved.reason
        );
        let data = json!({ "from": moved.from, "to": moved.to.id, "held": held });
        let organ = ("organ", moved.to.id.to_string());
        let event = Event::new(actor, "office.moved", organ, sentence);
        tx.record(event.organ(moved.to.id).data(data));
        for (kind, id) in papers {
            let sentence = format!(
                "随机构调整由“{from}”移交“{}”主办，原因：{}",
                moved.to.name, moved.reason
            );
            let event = Event::new(actor, "office.moved", (kind, id), sentence);
            tx.record(event.organ(moved.to.id));
        }
        Ok(held)
    }
}
