//! The way from an organ's public page to an application to it.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{AboutOrgan, OrganLink};

use crate::request::Kind;
use crate::request::store::list::addressee;

pub(crate) struct Entrance;

#[async_trait]
impl AboutOrgan for Entrance {
    fn name(&self) -> &'static str {
        "依申请公开"
    }

    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError> {
        let takes = addressee(tx, organ, Kind::Information).await?;
        let link = |_| OrganLink {
            title: "向本机关申请公开".to_owned(),
            path: format!("/requests/new?organ={organ}"),
        };
        Ok(takes.map(link).into_iter().collect())
    }
}
