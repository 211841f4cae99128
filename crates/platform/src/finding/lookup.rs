//! Findings that people look up at work: those that their office watches over, and those of their own unit.

use async_trait::async_trait;

use super::acts::{ViewFindings, ViewOwnFindings};
use super::store::{self, Narrow, Side};
use crate::access::Session;
use crate::db::{StoreError, Tx};
use crate::seam::{Hit, Lookup};

pub(crate) struct Findings;

#[async_trait]
impl Lookup for Findings {
    fn name(&self) -> &'static str {
        "问题"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let mut found = Vec::new();
        if let Some(permit) = person.permit::<ViewFindings>() {
            found = store::list(tx, Side::Office(permit.scope()), &narrow, (0, rows)).await?;
        }
        if let Some(permit) = person.permit::<ViewOwnFindings>() {
            let own = store::list(tx, Side::Unit(permit.scope()), &narrow, (0, rows)).await?;
            found.retain(|one| own.iter().all(|other| other.id != one.id));
            found.extend(own);
        }
        found.truncate(usize::try_from(rows).unwrap_or(0));
        let hits = found.into_iter().map(|finding| Hit {
            note: format!("{}　{}", finding.organ_name, finding.state.name()),
            path: format!("/workspace/findings/{}", finding.id),
            title: finding.title,
        });
        Ok(hits.collect())
    }
}
