//! What a merger of organs does to columns: the heir keeps them, with what the check found in them.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};

use super::handle::event;
use super::store;

/// Columns that a unit keeps; closed ones go along, and keep no unit from being dissolved.
pub struct KeptColumns;

#[async_trait]
impl OpenWork for KeptColumns {
    fn title(&self) -> &'static str {
        "维护的专栏"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let kept = store::of_keeper(tx, organ).await?;
        let open = kept.iter().filter(|(one, _)| one.closed_why.is_none());
        Ok(i64::try_from(open.count()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let heir = moved.to;
        let mut count = 0;
        for (mut column, _) in store::of_keeper(tx, moved.from).await? {
            let from = std::mem::replace(&mut column.organ_name, heir.name.clone());
            column.spec.organ = heir.id;
            store::update(tx, &column).await?;
            let sentence = format!(
                "“{}”专栏随机构调整由“{from}”移交“{}”维护，原因：{}",
                column.spec.name, heir.name, moved.reason
            );
            tx.record(event(actor, &column, "column.moved", sentence));
            count += 1;
        }
        Ok(count)
    }
}
