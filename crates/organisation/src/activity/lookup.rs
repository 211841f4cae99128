//! Meetings, hearings and trainings that people look up at work.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{Hit, Lookup};

use super::store::{self, Narrow};
use crate::acts::ViewOrganisation;

pub(crate) struct Activities;

#[async_trait]
impl Lookup for Activities {
    fn name(&self) -> &'static str {
        "会议、培训等活动"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewOrganisation>() else {
            return Ok(Vec::new());
        };
        let within = Reach::of(tx, permit.roles()).await?;
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let found = store::list(tx, &within, &narrow, (0, rows)).await?;
        let hits = found.into_iter().map(|activity| Hit {
            note: format!(
                "{}　{}　{}",
                activity.kind.name(),
                activity.organ_name,
                activity.words.held_on
            ),
            path: format!("/workspace/organisation/activities/{}", activity.id),
            title: activity.words.title,
        });
        Ok(hits.collect())
    }
}
