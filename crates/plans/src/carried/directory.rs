//! What a merger of organs does to 回头看事项: those that are not closed go to the heir.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};
use serde_json::json;

use super::store;

/// Carried matters that are not closed.
pub struct OpenMatters;

#[async_trait]
impl OpenWork for OpenMatters {
    fn title(&self) -> &'static str {
        "未销号的回头看事项"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let open = store::open_of_organ(tx, organ).await?;
        Ok(i64::try_from(open.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let mut count = 0;
        for matter in store::open_of_organ(tx, moved.from).await? {
            store::give(tx, &matter, moved.to.id).await?;
            let sentence = format!(
                "随机构调整由“{}”移交，原因：{}",
                matter.organ_name, moved.reason
            );
            let subject = ("carried", matter.id.to_string());
            tx.record(
                Event::new(actor, "carried.moved", subject, sentence)
                    .organ(moved.to.id)
                    .data(json!({ "from": moved.from, "to": moved.to.id })),
            );
            count += 1;
        }
        Ok(count)
    }
}
