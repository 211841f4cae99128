//! Cases that people look up at work.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Hit, Lookup};

use crate::acts::ViewRequests;
use crate::reach;
use crate::request::store::list::{self, Narrow};

pub(crate) struct Requests;

#[async_trait]
impl Lookup for Requests {
    fn name(&self) -> &'static str {
        "依申请公开"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewRequests>() else {
            return Ok(Vec::new());
        };
        let scope = reach::seen(tx, permit.roles()).await?;
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let (found, _) = list::page_of(tx, &scope, (&narrow, Some(rows)), (0, rows)).await?;
        let hits = found.into_iter().map(|case| Hit {
            note: format!(
                "{}　{}　{}",
                case.number,
                case.organ_name,
                case.state.name()
            ),
            path: format!("/workspace/requests/{}", case.id),
            title: case.wish.subject,
        });
        Ok(hits.collect())
    }
}
