//! What a merger of organs does to 协商确认: the heir answers.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};

use super::store;
use crate::document;
use crate::document::handle::event;

/// Questions that wait for an organ. Those that it answered go along, for its heir is asked about later texts.
pub struct ConcernedOrgans;

#[async_trait]
impl OpenWork for ConcernedOrgans {
    fn title(&self) -> &'static str {
        "等待答复的协商确认"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let waiting = store::waiting_for(tx, organ).await?;
        Ok(i64::try_from(waiting.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let waiting = store::waiting_for(tx, moved.from).await?;
        store::give(tx, moved.from, moved.to.id).await?;
        let mut count = 0;
        for one in waiting {
            let found = document::store::load(tx, &Scope::Everything, one.document).await?;
            let Some(document) = found else { continue };
            let sentence = format!(
                "《{}》等待“{}”答复的协商确认随机构调整移交“{}”，原因：{}",
                document.title, one.organ_name, moved.to.name, moved.reason
            );
            tx.record(event(actor, &document, "document.concern_moved", sentence));
            count += 1;
        }
        Ok(count)
    }
}
