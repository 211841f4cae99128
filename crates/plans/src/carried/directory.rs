//! What a merger of organs does to 回头看事项: those that are not closed go to the heir.

use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};
use gongkai_platform::web::BoxFuture;
use serde_json::json;

use super::store;

/// Carried matters that are not closed.
pub struct OpenMatters;

impl OpenWork for OpenMatters {
    fn title(&self) -> &'static str {
        "未销号的回头看事项"
    }

    fn count<'a>(
        &'a self,
        tx: &'a mut Tx,
        organ: OrganId,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(async move {
            let open = store::open_of_organ(tx, organ).await?;
            Ok(i64::try_from(open.len()).unwrap_or(i64::MAX))
        })
    }

    fn move_all<'a>(
        &'a self,
        tx: &'a mut Tx,
        actor: &'a Actor,
        moved: Moved<'a>,
    ) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(async move {
            let mut count = 0;
            for matter in store::open_of_organ(tx, moved.from).await? {
                store::give(tx, &matter, moved.to).await?;
                let sentence = format!(
                    "随机构调整由“{}”移交，原因：{}",
                    matter.organ_name, moved.reason
                );
                let subject = ("carried", matter.id.to_string());
                tx.record(
                    Event::new(actor, "carried.moved", subject, sentence)
                        .organ(moved.to)
                        .data(json!({ "from": moved.from, "to": moved.to })),
                );
                count += 1;
            }
            Ok(count)
        })
    }
}
