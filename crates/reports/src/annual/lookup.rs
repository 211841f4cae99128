//! Annual reports that people look up at work.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{Hit, Lookup};

use super::store;
use crate::acts::ViewReports;
use crate::model::Report;

pub(crate) struct Annuals;

#[async_trait]
impl Lookup for Annuals {
    fn name(&self) -> &'static str {
        "年度报告"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewReports>() else {
            return Ok(Vec::new());
        };
        let within = Reach::of(tx, permit.roles()).await?;
        let found = store::titled(tx, &within, words, rows).await?;
        let hits = found.into_iter().map(|(id, unit, year, state)| Hit {
            title: Report::title_of(&unit, year),
            note: state.name().to_owned(),
            path: format!("/workspace/reports/{id}"),
        });
        Ok(hits.collect())
    }
}
