//! What a merger of organs does to documents: the heir works on them from now on, answers for them and goes on with their
//! review. In whose name something was published stays as it was; what has never gone out goes out in the heir's.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};

use super::handle::event;
use super::{Visibility, store};

/// Documents of a unit. Those that are settled keep no unit from being dissolved: its government may correct them or take
/// them down.
pub struct OwnDocuments;

#[async_trait]
impl OpenWork for OwnDocuments {
    fn title(&self) -> &'static str {
        "承办的文件"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        store::unsettled(tx, organ).await
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let heir = moved.to;
        let mut count = 0;
        for mut document in store::of_owner(tx, moved.from).await? {
            let from = std::mem::replace(&mut document.owner_name, heir.name.clone());
            document.owner = heir.id;
            if document.organ == moved.from && document.visibility == Visibility::Never {
                document.organ = heir.id;
                document.organ_name.clone_from(&heir.name);
            }
            store::give(tx, &document).await?;
            let sentence = format!(
                "《{}》随机构调整由“{from}”移交“{}”，原因：{}",
                document.title, heir.name, moved.reason
            );
            tx.record(event(actor, &document, "document.moved", sentence));
            count += 1;
        }
        for mut document in store::to_go_out_as(tx, moved.from).await? {
            let from = std::mem::replace(&mut document.organ_name, heir.name.clone());
            document.organ = heir.id;
            store::give(tx, &document).await?;
            let sentence = format!(
                "《{}》的发布机构随机构调整由“{from}”改为“{}”，原因：{}",
                document.title, heir.name, moved.reason
            );
            tx.record(event(actor, &document, "document.moved", sentence));
            count += 1;
        }
        Ok(count)
    }
}
