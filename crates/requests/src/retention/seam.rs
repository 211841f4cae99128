//! What waits: terms that are reached, proposals to decide.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Duty, Waiting};

use super::store::{self, View};
use crate::acts::{ApproveErasure, KeepRetention};
use crate::reach;

pub(crate) struct Terms;

#[async_trait]
impl Waiting for Terms {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<KeepRetention>() {
            let scope = reach::handled(tx, permit.roles()).await?;
            duties.push(Duty {
                n: store::count(tx, &scope, (View::Due, today)).await?,
                name: "个人信息保存期满",
                path: "/workspace/requests/retention".into(),
            });
        }
        if let Some(permit) = person.permit::<ApproveErasure>() {
            let scope = reach::handled(tx, permit.roles()).await?;
            duties.push(Duty {
                n: store::waiting(tx, &scope, permit.actor().account()).await?,
                name: "个人信息清除待批准",
                path: "/workspace/requests/retention?view=proposed".into(),
            });
        }
        Ok(duties)
    }
}
