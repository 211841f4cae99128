//! Documents that people look up at work: those of their own unit, in every state.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Hit, Lookup};

use crate::acts::ViewDocuments;
use crate::document::Visibility;
use crate::document::store::{self, Narrow};

pub(crate) struct Documents;

#[async_trait]
impl Lookup for Documents {
    fn name(&self) -> &'static str {
        "文件"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewDocuments>() else {
            return Ok(Vec::new());
        };
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let found = store::list(tx, permit.scope(), &narrow, (0, rows)).await?;
        let hits = found.into_iter().map(|document| {
            let state = match document.visibility {
                Visibility::Never => document.state.name(),
                other => other.name(),
            };
            let parts = [document.number.as_str(), &document.organ_name, state];
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            Hit {
                note: said.join("　"),
                path: format!("/workspace/documents/{}", document.id),
                title: document.title,
            }
        });
        Ok(hits.collect())
    }
}
