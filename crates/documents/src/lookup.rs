//! What people look up at work: documents of their own unit in every state, columns, issues of the gazette.

use async_trait::async_trait;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{Hit, Lookup};

use crate::acts::{ViewColumns, ViewDocuments, ViewGazette};
use crate::column::{self, Column};
use crate::document::Visibility;
use crate::document::store::{self, Narrow};
use crate::gazette;

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

pub(crate) struct Columns;

#[async_trait]
impl Lookup for Columns {
    fn name(&self) -> &'static str {
        "重点领域专栏"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewColumns>() else {
            return Ok(Vec::new());
        };
        let within = Reach::of_permit(tx, &permit).await?;
        let all = column::store::list(tx, &within).await?;
        let has = |column: &Column| {
            let spec = &column.spec;
            let mut said = [&spec.name, &spec.about].into_iter().chain(&spec.elements);
            said.any(|text| text.contains(words))
        };
        let hits = all.into_iter().map(|(column, _)| column).filter(has);
        let hits = hits.map(|column| Hit {
            note: match column.closed_why {
                Some(_) => format!("{}　已关闭", column.organ_name),
                None => column.organ_name,
            },
            path: format!("/workspace/columns/{}", column.id),
            title: column.spec.name,
        });
        Ok(hits.take(usize::try_from(rows).unwrap_or(0)).collect())
    }
}

pub(crate) struct Gazettes;

#[async_trait]
impl Lookup for Gazettes {
    fn name(&self) -> &'static str {
        "政府公报"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(permit) = person.permit::<ViewGazette>() else {
            return Ok(Vec::new());
        };
        let all = gazette::store::list(tx, permit.scope()).await?;
        let hits = all.into_iter().map(|(issue, n)| Hit {
            title: format!("{}公报{}", issue.organ_name, issue.words.name()),
            note: format!("{}　{n}份文件", issue.state.name()),
            path: format!("/workspace/gazette/{}", issue.id),
        });
        let fit = hits.filter(|hit| hit.title.contains(words));
        Ok(fit.take(usize::try_from(rows).unwrap_or(0)).collect())
    }
}
