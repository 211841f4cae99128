//! What a merger of organs does to 督办单: those that are not done go to the heir, who signs and answers.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ::{Moved, OpenWork};

use super::handle::event;
use super::store;
use crate::notify::{Notice, To, notify, short};

/// 督办单 that are neither accepted nor withdrawn. A draft is among them: it would be issued to nobody.
pub struct OpenOrders;

#[async_trait]
impl OpenWork for OpenOrders {
    fn title(&self) -> &'static str {
        "未办结的督办单"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let open = store::unended(tx, organ).await?;
        Ok(i64::try_from(open.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let heir = moved.to;
        let mut count = 0;
        for mut order in store::unended(tx, moved.from).await? {
            let from = std::mem::replace(&mut order.organ_name, heir.name.clone());
            order.organ = heir.id;
            store::give(tx, &order).await?;
            let number = order.number.clone().unwrap_or_default();
            let sentence = format!(
                "督办单{number}随机构调整由“{from}”移交“{}”，原因：{}",
                heir.name, moved.reason
            );
            tx.record(event(actor, &order, "supervision.moved", sentence));
            // Of a draft nobody but the office knows.
            if order.issued_on.is_some() {
                let notice = Notice {
                    to: To::Unit,
                    organ: heir.id,
                    topic: Topic::Supervision,
                    key: format!("supervision:{}:moved:{}", order.id, heir.id),
                    title: format!("机构调整，督办单{number}移交本单位：{}", order.title),
                    body: short(moved.reason),
                    path: format!("/workspace/supervision/{}", order.id),
                    about: order.due_now(),
                };
                notify(tx, notice).await?;
            }
            count += 1;
        }
        Ok(count)
    }
}
