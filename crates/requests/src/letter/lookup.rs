//! Papers of requests that people look up at work.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Hit, Lookup};

use super::store::{self, Narrow};
use crate::acts::ViewLetters;
use crate::reach;

pub(crate) struct Letters;

#[async_trait]
impl Lookup for Letters {
    fn name(&self) -> &'static str {
        "依申请公开文书"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewLetters>() else {
            return Ok(Vec::new());
        };
        let scope = reach::seen(tx, permit.roles()).await?;
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let found = store::list(tx, &scope, &narrow, (0, rows)).await?;
        let hits = found.into_iter().map(|letter| {
            let number = letter.number.as_deref().unwrap_or_default();
            let parts = [number, &letter.organ_name, letter.state.name()];
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            Hit {
                title: letter.kind.name().to_owned(),
                note: said.join("　"),
                path: format!("/workspace/requests/letters/{}", letter.id),
            }
        });
        Ok(hits.collect())
    }
}
