//! What a merger of organs does to 回头看事项: those that are not closed go to the heir; what was closed goes when it is asked
//! for again.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Moved, OpenWork};
use serde_json::json;

use super::{Carried, store};
use crate::assignment;

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
        for mut matter in store::open_of_organ(tx, moved.from).await? {
            matter.organ = moved.to.id;
            store::update(tx, &matter).await?;
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

/// A matter that is asked for again after its organ was merged is the heir's, with the part that the heir has in the task.
pub(super) async fn to_heir(tx: &mut Tx, matter: &mut Carried) -> Result<(), StoreError> {
    let heir = organ::store::heir_of(tx, matter.organ).await?;
    if heir == matter.organ {
        return Ok(());
    }
    if let Some(organ) = organ::store::load(tx, heir).await? {
        matter.organ_name = organ.name;
    }
    matter.organ = heir;
    if let Some(part) = assignment::store::of_organ(tx, matter.old_task, heir).await? {
        matter.part = part.id;
    }
    Ok(())
}
