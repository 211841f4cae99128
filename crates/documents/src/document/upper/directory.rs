//! What a merger of organs does to entries of 上级文件: the heir keeps them.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};

use super::handle::event;
use crate::document::store;

/// The entries that a unit keeps.
pub struct KeptUppers;

#[async_trait]
impl OpenWork for KeptUppers {
    fn title(&self) -> &'static str {
        "登记的上级文件"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let kept = store::uppers_of_owner(tx, organ).await?;
        Ok(i64::try_from(kept.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let heir = moved.to;
        let mut count = 0;
        for mut upper in store::uppers_of_owner(tx, moved.from).await? {
            let from = std::mem::replace(&mut upper.owner_name, heir.name.clone());
            upper.owner = heir.id;
            store::update_upper(tx, &upper).await?;
            let sentence = format!(
                "上级文件{}的登记随机构调整由“{from}”移交“{}”，原因：{}",
                upper.words.written(),
                heir.name,
                moved.reason
            );
            tx.record(event(actor, &upper, "upper.moved", sentence));
            count += 1;
        }
        Ok(count)
    }
}
