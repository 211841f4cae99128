//! Entries and guides that people look up at work.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{Hit, Lookup};

use crate::acts::ViewCatalogue;
use crate::entry::store::{self as entries, Narrow};
use crate::guide::store as guides;

pub(crate) struct Entries;

#[async_trait]
impl Lookup for Entries {
    fn name(&self) -> &'static str {
        "主动公开目录"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewCatalogue>() else {
            return Ok(Vec::new());
        };
        let within = Reach::of_permit(tx, &permit).await?;
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let found = entries::list(tx, &within, &narrow, (0, rows)).await?;
        let hits = found.into_iter().map(|entry| Hit {
            title: entry.words.name().to_owned(),
            note: format!("{}　{}", entry.words.index_number, entry.organ_name),
            path: format!("/workspace/catalogue/entries/{}", entry.id),
        });
        Ok(hits.collect())
    }
}

pub(crate) struct Guides;

#[async_trait]
impl Lookup for Guides {
    fn name(&self) -> &'static str {
        "政府信息公开指南"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewCatalogue>() else {
            return Ok(Vec::new());
        };
        let within = Reach::of_permit(tx, &permit).await?;
        let found = guides::named(tx, &within, words, rows).await?;
        let hits = found.into_iter().map(|(organ, name)| Hit {
            title: format!("{name}政府信息公开指南"),
            note: String::new(),
            path: format!("/workspace/guides/{organ}"),
        });
        Ok(hits.collect())
    }
}
